"""Any code, id, result, product, right or pasted text."""

from ._sspr.explain import (
    Answer,
    Topic,
    explain,
    find_all,
)
from ._word import Word

__all__ = [
    "Answer",
    "Topic",
    "TopicKind",
    "explain",
    "find_all",
]


class TopicKind(Word):
    """The kinds of thing that can be explained."""

    RULE = "rule"
    """A rule, such as ``SSPR401``."""
    PHASE = "phase"
    """A phase of the set-up."""
    EVENT = "event"
    """An event of a Windows log."""
    RESULT_CODE = "resultCode"
    """A result code of Windows or of the synchronisation engine."""
    PHRASE = "phrase"
    """A fixed phrase inside an event."""
    USER_CODE = "userCode"
    """A code that a user sees, such as ``SSPR_0029``."""
    AUDIT = "audit"
    """A reason or an activity of the audit log."""
    SOURCE = "source"
    """A program that writes events."""
    PRODUCT = "product"
    """A product."""
    PLAN = "plan"
    """A service plan."""
    RIGHT = "right"
    """A right, an attribute or a class of the directory."""
