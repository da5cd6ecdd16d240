"""
Any code, id, result, product, right or pasted text.
"""

from sspr.explain import TopicKind
from typing import Any, SupportsIndex, final

__all__ = ["Answer", "Topic", "explain", "find_all"]

@final
class Answer:
    """
    What is known of something that was asked for.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def asked(self, /) -> str:
        """
        What was asked, as it was spelled.
        """
    @property
    def found(self, /) -> bool:
        """
        Whether anything is known of it.
        """
    @property
    def near(self, /) -> list[str]:
        """
        Names that are close to it, when nothing is known under its own.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_text(self, /, *, width: SupportsIndex = 80, color: bool = False) -> str:
        """
        As text for a terminal.
        """
    @property
    def topics(self, /) -> list[Topic]:
        """
        What it may mean: one thing mostly, several where programs share a number or a name.
        """

@final
class Topic:
    """
    One thing that can be explained.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def cause(self, /) -> str | None:
        """
        What is likely behind it.
        """
    @property
    def check(self, /) -> str | None:
        """
        How to check that it is this.
        """
    @property
    def command(self, /) -> str | None:
        """
        A command that does it. Names in angle brackets stand for the tenant's own.
        """
    @property
    def kind(self, /) -> TopicKind:
        """
        What kind of thing it is.
        """
    @property
    def meaning(self, /) -> str:
        """
        What it means, in sentences.
        """
    @property
    def name(self, /) -> str:
        """
        Its code, id or number, such as `33008`.
        """
    @property
    def notes(self, /) -> list[str]:
        """
        Remarks.
        """
    @property
    def rules(self, /) -> list[str]:
        """
        Rules that judge it, by code.
        """
    @property
    def sources(self, /) -> list[str]:
        """
        Addresses of documentation.
        """
    @property
    def steps(self, /) -> list[str]:
        """
        What to do, in order.
        """
    @property
    def title(self, /) -> str:
        """
        What it is called.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

def explain(what: str) -> Answer:
    """
    Explains one thing: a rule (`SSPR401`), a phase (`phase4`, `4`), an event id, a result code in
    any spelling, a code that users see (`SSPR_0029`), a reason of the audit log, a product or plan
    by name or id, a right by name or GUID. A longer text is searched like `find_all` does.
    """

def find_all(text: str) -> list[Answer]:
    """
    Finds everything in a pasted text that can be explained, in the order of the text.
    """
