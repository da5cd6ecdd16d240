"""Events of password writeback, read as a stream."""

from ._sspr.events import (
    AuditReader,
    AuditRecord,
    Event,
    EventDatum,
    EventInfo,
    EventReader,
    Message,
    RootCause,
    cause,
    causes,
    look_up,
    read,
    read_audit,
)
from ._word import Word

__all__ = [
    "Activity",
    "Agent",
    "Area",
    "AuditReader",
    "AuditRecord",
    "AuditResult",
    "Event",
    "EventDatum",
    "EventInfo",
    "EventReader",
    "EventStage",
    "Fault",
    "Level",
    "Message",
    "OperationKind",
    "RootCause",
    "Source",
    "cause",
    "causes",
    "look_up",
    "read",
    "read_audit",
]


class OperationKind(Word):
    """The kinds of password operation."""

    RESET = "reset"
    """A user who forgot the password."""
    CHANGE = "change"
    """A user who knows the old password."""
    ADMIN_RESET = "adminReset"
    """An administrator for a user, or a change in My Sign-Ins without the old password."""
    UNLOCK = "unlock"
    """An unlock without a new password."""


class Source(Word):
    """The program that writes an event."""

    WRITEBACK = "writeback"
    """The writeback service of Entra Connect, provider ``PasswordResetService``."""
    ENGINE = "engine"
    """The synchronisation engine of Entra Connect, provider ``ADSync``."""
    HASH_SYNC = "hashSync"
    """Password hash synchronisation, provider ``Directory Synchronization``."""
    SECURITY = "security"
    """The Security log, provider ``Microsoft-Windows-Security-Auditing``."""
    PROTECTION_AGENT = "protectionAgent"
    """The domain controller agent of Entra Password Protection."""


class Level(Word):
    """How serious an event is, as its provider says."""

    INFORMATION = "information"
    """"""
    WARNING = "warning"
    """"""
    ERROR = "error"
    """"""


class Area(Word):
    """What an event is about."""

    RESET = "reset"
    """A self-service reset of a forgotten password."""
    CHANGE = "change"
    """A change with the old password."""
    ADMIN_RESET = "adminReset"
    """A reset by an administrator."""
    UNLOCK = "unlock"
    """An unlock."""
    ONBOARDING = "onboarding"
    """Writeback being switched on."""
    OFFBOARDING = "offboarding"
    """Writeback being switched off."""
    SERVICE = "service"
    """The writeback service itself."""
    CONNECTIVITY = "connectivity"
    """Its connections to the cloud."""
    KEYS = "keys"
    """Its keys."""
    DIRECTORY = "directory"
    """What the directory answered."""
    HASH_SYNC = "hashSync"
    """Password hash synchronisation."""
    OTHER = "other"
    """Anything else."""


class EventStage(Word):
    """Where in an operation an event stands."""

    START = "start"
    """It begins."""
    SUCCESS = "success"
    """It succeeded."""
    FAILURE = "failure"
    """It failed."""
    EITHER = "either"
    """It ended; the text or the keywords say how."""
    INFORMATION = "information"
    """None of these."""


class Fault(Word):
    """Whose fault a failed operation is."""

    SYSTEM = "system"
    """Something that an administrator has to mend."""
    POLICY = "policy"
    """The domain's rules refused the password."""
    PERSON = "person"
    """The state of the account, or a wrong old password."""
    UNCLEAR = "unclear"
    """Not known: the event names several causes."""


class Activity(Word):
    """What an audit record is about."""

    WRITEBACK_ENABLED = "writebackEnabled"
    """Writeback was switched on for the directory."""
    WRITEBACK_DISABLED = "writebackDisabled"
    """Writeback was switched off for the directory."""
    POLICY_CHANGED = "policyChanged"
    """The policy of the Password reset blade changed."""
    RESET = "reset"
    """A self-service reset, with its final result."""
    CHANGE = "change"
    """A self-service change."""
    UNLOCK = "unlock"
    """A self-service unlock."""
    ADMIN_RESET = "adminReset"
    """An administrator's reset in the Entra admin center or through Graph."""
    DIRECTORY_RESET = "directoryReset"
    """A reset that the directory itself records, whoever asked for it."""
    PROGRESS = "progress"
    """One step of a self-service flow."""
    BLOCKED = "blocked"
    """A person was held back for 24 hours."""
    REGISTERED = "registered"
    """A person registered, or saved security information."""
    OTHER = "other"
    """Any other activity of the service."""


class AuditResult(Word):
    """How an activity ended, by Graph's own names."""

    SUCCESS = "success"
    """"""
    FAILURE = "failure"
    """"""
    TIMEOUT = "timeout"
    """"""
    UNKNOWN = "unknown"
    """"""


class Agent(Word):
    """Which agent wrote a password back."""

    ENTRA_CONNECT = "entraConnect"
    """Entra Connect."""
    CLOUD_SYNC = "cloudSync"
    """Cloud sync."""
    NONE = "none"
    """Nobody: the password was set in the cloud alone."""
