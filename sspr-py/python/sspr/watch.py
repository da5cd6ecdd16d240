"""Watching logs while they are written: what failed, what is unusual, and what fell silent.

A ``Watch`` reads what is new each time ``look`` is called, and never waits: whoever holds it sleeps
between two looks. A ``Post`` hands on what it tells to a receiver over HTTP.
"""

from ._sspr.watch import Notice, Post, Posted, Watch, WatchState
from ._word import Word

__all__ = [
    "Notice",
    "NoticeKind",
    "Post",
    "Posted",
    "Watch",
    "WatchState",
    "Weight",
]


class NoticeKind(Word):
    """What a notice is about."""

    FAILURE = "failure"
    """An operation failed, and an administrator has to mend something."""
    REFUSAL = "refusal"
    """The domain refused a password or an account."""
    UNFINISHED = "unfinished"
    """An operation began a quarter of an hour ago by its log, and nothing ended it."""
    SERVICE = "service"
    """The writeback service is in trouble, or was switched off."""
    RECOVERED = "recovered"
    """The writeback service works again, or was switched on."""
    BURST = "burst"
    """Many more operations, or failures, than are usual at this time of the day."""
    SILENCE = "silence"
    """A log got no record, or the service gave no sign of life, for longer than expected."""
    SILENCE_OVER = "silenceOver"
    """A silence ended."""
    LOST = "lost"
    """Something of a log could not be read, or was overwritten before it was read."""


class Weight(Word):
    """How much a notice matters."""

    INFORMATION = "information"
    """Good to know."""
    WARNING = "warning"
    """To be looked at."""
    ERROR = "error"
    """To be mended."""
