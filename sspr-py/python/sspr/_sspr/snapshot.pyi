"""
Evidence in, facts out.
"""

from .evidence import Subject
from .tenant import People, Person
from _typeshed import SupportsGetItem
from collections.abc import Callable
from datetime import datetime
from os import PathLike
from sspr._errors import SsprError
from sspr._types import Readable
from sspr.evidence import Progress
from typing import Any, SupportsIndex, final

__all__ = ["Evidence", "Lost", "Skipped", "Snapshot"]

@final
class Evidence:
    """
    One piece of evidence.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """
        Its size in bytes.
        """
    @staticmethod
    def from_json(text: str) -> Evidence:
        """
        Reads what `to_json` wrote.
        """
    @property
    def items(self, /) -> int:
        """
        How many items it holds.
        """
    @property
    def kinds(self, /) -> list[str]:
        """
        What it was recognised as, such as `users` or `applicationLog`.
        """
    @property
    def lost(self, /) -> Lost | None:
        """
        What could not be read of it.
        """
    @property
    def name(self, /) -> str:
        """
        The file's path as it was given, or a name for a stream.
        """
    @property
    def note(self, /) -> str | None:
        """
        A remark for the reader.
        """
    @property
    def observed_at(self, /) -> datetime | None:
        """
        When it was observed, where content, manifest or an option says so.
        """
    @property
    def source(self, /) -> int:
        """
        Its number.
        """
    @property
    def subject(self, /) -> Subject | None:
        """
        Whom or what it is about, where the manifest says so.
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
    def unused(self, /) -> bool:
        """
        Recognised, and read by no rule.
        """

@final
class Lost:
    """
    What could not be read of a piece of evidence.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int | None:
        """
        How many bytes, if known.
        """
    @property
    def count(self, /) -> int:
        """
        How many items, lines, records or fields.
        """
    @property
    def first(self, /) -> SsprError:
        """
        The first fault, with its place.
        """
    @staticmethod
    def from_json(text: str) -> Lost:
        """
        Reads what `to_json` wrote.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """

@final
class Skipped:
    """
    An input that gave nothing.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_json(text: str) -> Skipped:
        """
        Reads what `to_json` wrote.
        """
    @property
    def name(self, /) -> str:
        """
        The file's path as it was given, or a name for a stream.
        """
    @property
    def reason(self, /) -> SsprError:
        """
        Why.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """

@final
class Snapshot:
    """
    Everything that was read about one tenant. It can be shared between threads.
    """
    def __repr__(self, /) -> str: ...
    @property
    def evidence(self, /) -> list[Evidence]:
        """
        What was read, in a fixed order.
        """
    @property
    def people(self, /) -> People:
        """
        The people of the evidence, one by one.
        """
    def person(self, /, upn: str) -> Person | None:
        """
        A person by user principal name, in any case, or by object id; `None` for one that is not
        in evidence.
        """
    @staticmethod
    def read(inputs: SupportsGetItem[int, str | PathLike[str] | tuple[str, bytes] | Readable], *, observed_at: datetime | None = None, item_bytes: SupportsIndex | None = None, files: SupportsIndex | None = None, archive_bytes: SupportsIndex | None = None, archive_ratio: SupportsIndex | None = None, depth: SupportsIndex | None = None, progress: Callable[[Progress], object] | None = None) -> Snapshot:
        """
        Reads all inputs: paths of files, folders and zip archives, tuples `(name, bytes)`, and
        binary file objects. Their order never matters.

        What cannot be read is in `skipped` or in the `lost` of its evidence. Raised are a path that
        is not there, what a file object raises, and what `progress` raises, which stops the work.
        `observed_at` is for evidence that does not tell itself when it was observed. The other
        arguments bound what an input may cost. `progress` hears of every input, and of every
        mebibyte read.
        """
    @property
    def skipped(self, /) -> list[Skipped]:
        """
        What gave nothing.
        """
