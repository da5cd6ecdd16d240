"""
Strength, subjects, what is missing, progress.
"""

from sspr.evidence import SubjectType
from typing import Any, final

__all__ = ["Missing", "Progress", "Subject"]

@final
class Missing:
    """
    One missing fact.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def fact(self, /) -> str:
        """
        The fact's name, such as `domain.minimumPasswordAge`.
        """
    @staticmethod
    def from_json(text: str) -> Missing:
        """
        Reads what `to_json` wrote.
        """
    @property
    def subject(self, /) -> str | None:
        """
        Of which server, domain or connector.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """
    @property
    def why(self, /) -> str:
        """
        Why it is absent: `notCollected`, `null`, `notAvailable`, `noPermission`, `unreadable`.
        """

@final
class Progress:
    """
    How far long work has come.
    """
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """
        Bytes of this input read so far.
        """
    @property
    def name(self, /) -> str | None:
        """
        The input it is done to, or the part of a directory, if it is one.
        """
    @property
    def stage(self, /) -> str:
        """
        What is being done: `recognising`, `reading`, `collecting` or `judging`.
        """
    @property
    def total(self, /) -> int | None:
        """
        Bytes of this input in all, if known.
        """

@final
class Subject:
    """
    Whom or what a file is about.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_json(text: str) -> Subject:
        """
        Reads what `to_json` wrote.
        """
    @property
    def id(self, /) -> str | None:
        """
        Its id, if it has one.
        """
    @property
    def kind(self, /) -> SubjectType:
        """
        The kind of subject.
        """
    @property
    def name(self, /) -> str | None:
        """
        Its name, if it has one.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """
