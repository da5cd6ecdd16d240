"""Every password operation, followed from its first event to its last."""

from ._sspr.roundtrip import (
    Link,
    Operation,
    OperationReader,
    Person,
    operations,
)
from ._word import Word

__all__ = [
    "Join",
    "Kind",
    "Link",
    "Operation",
    "OperationReader",
    "Outcome",
    "Person",
    "operations",
]


class Kind(Word):
    """What was asked for."""

    RESET = "reset"
    """A user who forgot the password."""
    CHANGE = "change"
    """A user who knows the old password."""
    ADMIN_RESET = "adminReset"
    """An administrator for a user, or a change in My Sign-Ins without the old password."""
    UNLOCK = "unlock"
    """An unlock without a new password."""
    ONBOARDING = "onboarding"
    """Writeback being switched on."""
    OFFBOARDING = "offboarding"
    """Writeback being switched off."""
    UNKNOWN = "unknown"
    """The events at hand do not say."""


class Outcome(Word):
    """How an operation ended."""

    WRITTEN = "written"
    """The domain took it."""
    REFUSED = "refused"
    """The domain refused it, for the password's or the account's sake."""
    FAILED = "failed"
    """It failed, and an administrator has to mend something."""
    UNFINISHED = "unfinished"
    """It began, and no event ends it."""
    CLOUD_ONLY = "cloudOnly"
    """It was done in the cloud alone."""
    UNKNOWN = "unknown"
    """It ended, and the events at hand do not say how."""


class Join(Word):
    """How an event is known to belong to an operation."""

    FIRST = "first"
    """It is the first one."""
    TRACKING_ID = "trackingId"
    """It carries the same tracking id."""
    PERSON = "person"
    """It carries no tracking id, and names the same person within two minutes."""
    TIME_AND_CODE = "timeAndCode"
    """It carries neither, and lies within seconds, with the same result code."""
