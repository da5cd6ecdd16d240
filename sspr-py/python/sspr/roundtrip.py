"""Every password operation, followed from its first event to its last."""

from ._sspr.roundtrip import (
    Burst,
    CauseTally,
    ClockStep,
    Connector,
    ConnectorAccount,
    Correlator,
    DomainSet,
    Durations,
    Gap,
    HowKnown,
    Link,
    Moment,
    Operation,
    OperationReader,
    Person,
    PersonFacts,
    Service,
    Share,
    Skew,
    Stage,
    Statistics,
    Summary,
    SupportBundle,
    SupportEvent,
    operations,
)
from ._word import Word

__all__ = [
    "Burst",
    "BurstOf",
    "CauseTally",
    "Certainty",
    "ClockStep",
    "Connector",
    "ConnectorAccount",
    "Correlator",
    "DomainSet",
    "Doubt",
    "Durations",
    "Gap",
    "HowKnown",
    "Join",
    "Kind",
    "Link",
    "Moment",
    "Note",
    "Operation",
    "OperationReader",
    "Outcome",
    "Person",
    "PersonFacts",
    "Service",
    "Share",
    "Skew",
    "Stage",
    "StageName",
    "Statistics",
    "Summary",
    "SupportBundle",
    "SupportEvent",
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
    CLOUD_ANCHOR = "cloudAnchor"
    """It names the same object of the cloud, at the same time."""
    SOURCE_ANCHOR = "sourceAnchor"
    """It names the same immutable id, at the same time."""
    PERSON = "person"
    """It names the same person, at the same time."""
    TIME_AND_CODE = "timeAndCode"
    """It names nobody, and lies within seconds on the same server, with the same result code."""
    ACCOUNT = "account"
    """The connector account did it to the person's account, at the same time."""
    FLOW = "flow"
    """It belongs to the same flow in the cloud as the record that closes the operation."""
    ALONE = "alone"
    """No other operation was under way on that server."""


class Certainty(Word):
    """How certain it is that an event belongs to an operation."""

    CERTAIN = "certain"
    """An id that both carry says so."""
    INFERRED = "inferred"
    """Person, time and result say so, and no other operation comes into question."""
    UNCERTAIN = "uncertain"
    """So too, and something about it is in doubt: its doubts say what."""


class Doubt(Word):
    """What is uncertain about an event of an operation."""

    AMBIGUOUS = "ambiguous"
    """Another operation may have it as well: the nearest one has it among its events, the others
    show it beside theirs."""
    LOCAL_TIME = "localTime"
    """Its carrier tells a local time of an unknown zone."""
    NO_TIME = "noTime"
    """It has no time."""
    CLOCK_UNKNOWN = "clockUnknown"
    """The clock of its machine could not be compared with the others'."""
    CLOCK_SET = "clockSet"
    """The clock of its machine was set at about that time."""
    SHARED_NAME = "sharedName"
    """The account name was made from the user principal name, and several people have it."""
    CONNECTOR_UNSURE = "connectorUnsure"
    """That the account is the connector account is itself inferred from few events."""


class Note(Word):
    """Something to be known of an operation."""

    CLOUD_FAILED_AFTERWARDS = "cloudFailedAfterwards"
    """The domain has the new password, and the cloud could not take it
    (`OnPremisesSuccessCloudFailure`): the person waits some minutes."""
    CLOUD_DISAGREES = "cloudDisagrees"
    """The cloud says that it failed, and the domain took it."""
    SERVICE_DISAGREES = "serviceDisagrees"
    """The domain says that it took the password, and the service says that it failed."""
    END_MISSING = "endMissing"
    """No event of the service ends it: how it ended is known from the domain or the cloud."""
    START_MISSING = "startMissing"
    """No event of the service begins it."""
    PROTECTION_AGENT = "protectionAgent"
    """The protection agent of the domain controller refused the password."""
    LOCKED_OUT_BEFORE = "lockedOutBefore"
    """The person's account was locked out before."""
    SEVERAL_SERVERS = "severalServers"
    """Events of several servers carry its tracking id."""


class StageName(Word):
    """The stages of an operation, in their order."""

    REQUESTED = "requested"
    """The last step of the person's flow in the cloud before the request went out."""
    ARRIVED = "arrived"
    """The request reached the server."""
    WRITTEN = "written"
    """A domain controller set the password, unlocked the account, or refused to."""
    ANSWERED = "answered"
    """The server answered the cloud."""
    CLOSED = "closed"
    """The cloud closed the operation."""
    SYNCHRONISED = "synchronised"
    """The new password's hash reached the cloud."""
    SIGNED_IN = "signedIn"
    """Somebody signed in with the account."""


class BurstOf(Word):
    """What a burst is of."""

    RESETS = "resets"
    """Resets that were asked for."""
    FAILURES = "failures"
    """Operations that failed or were refused."""
