"""
Every password operation, followed from its first event to its last.
"""

from .events import AuditRecord, Event, RootCause
from _typeshed import SupportsGetItem
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from os import PathLike
from sspr._errors import SsprError
from sspr._types import Readable
from sspr.events import Activity, EventReader
from sspr.evidence import Progress
from sspr.roundtrip import BurstOf, Certainty, Doubt, Join, Kind, Note, Operation as Operation2, Outcome, StageName
from typing import Any, SupportsIndex, final

__all__ = ["Burst", "CauseTally", "ClockStep", "Connector", "ConnectorAccount", "Correlator", "DomainSet", "Durations", "Gap", "HowKnown", "Link", "Moment", "Operation", "OperationReader", "Person", "PersonFacts", "Service", "Share", "Skew", "Stage", "Statistics", "Summary", "SupportBundle", "SupportEvent", "operations"]

@final
class Burst:
    """
    An hour with many more operations than the same hour has on other days.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def count(self, /) -> int:
        """
        How many.
        """
    @property
    def hour(self, /) -> datetime:
        """
        When it began.
        """
    @property
    def of(self, /) -> BurstOf:
        """
        Of what.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def usual(self, /) -> int:
        """
        The median of the same hour on the other days.
        """

@final
class CauseTally:
    """
    One root cause and what it did.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def cause(self, /) -> RootCause | None:
        """
        The cause; `None` where the events tell none.
        """
    @property
    def operations(self, /) -> int:
        """
        How many operations it ended.
        """
    @property
    def people(self, /) -> int:
        """
        How many people were hit, as far as the events name them.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class ClockStep:
    """
    A clock was set.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def after(self, /) -> datetime:
        """
        The last pair before it.
        """
    @property
    def before(self, /) -> datetime:
        """
        The first pair after it.
        """
    @property
    def by(self, /) -> timedelta:
        """
        How far it was moved.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class Connector:
    """
    An account that writes passwords into the domain.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def account(self, /) -> ConnectorAccount:
        """
        Which.
        """
    @property
    def known(self, /) -> HowKnown:
        """
        How it is known.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class ConnectorAccount:
    """
    An account that writes passwords into the domain for the writeback service.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str | None = None, domain: str | None = None, sid: str | None = None) -> ConnectorAccount:
        """
        It takes a name or a security identifier.
        """
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def domain(self, /) -> str | None:
        """
        The domain's short name.
        """
    @staticmethod
    def from_json(text: str) -> ConnectorAccount:
        """
        Reads what `to_json` wrote.
        """
    @property
    def name(self, /) -> str | None:
        """
        The account name, such as `MSOL_0123456789ab`.
        """
    @property
    def sid(self, /) -> str | None:
        """
        The security identifier, such as `S-1-5-21-1-2-3-1105`.
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
class Correlator:
    """
    Joins events and records of all sources to operations, in whatever order they come: ascending,
    descending, or one log after another, with what is delivered again. For events that come from
    elsewhere; `sspr.snapshot.read_operations` reads logs by itself.

    Events are held in some 150 bytes each until `finish`. It belongs to one thread at a time.
    """
    def __new__(cls, /, *, people: SupportsGetItem[int, PersonFacts] | None = None, connectors: SupportsGetItem[int, ConnectorAccount] | None = None, skew: timedelta | None = None, follow: timedelta | None = None, hold: SupportsIndex | None = None) -> Correlator:
        """
        A correlator that knows what is said here.

        `people` says who the people are, as far as lists tell. `connectors` are the accounts that
        write passwords into the domain; where there is none they are inferred. `skew` is how far two
        clocks may differ, 5 minutes unless said otherwise; `follow` how long after a write the hash
        synchronisation and the sign-ins that follow it are looked for, 24 hours; `hold` how many
        events are held at most, 2,000,000, which take some 400 MB: beyond it the half that lies
        farthest from the present event is joined and leaves, see `ready`.
        """
    def __repr__(self, /) -> str: ...
    def finish(self, /) -> tuple[list[Operation], Summary]:
        """
        All operations that are left, by time, and what else was found. The interpreter's lock is
        released meanwhile. It can be used anew afterwards, and knows what it was told when it was made.
        """
    @property
    def held(self, /) -> int:
        """
        How many events wait to be joined.
        """
    def push_audit(self, /, record: AuditRecord, *, source: SupportsIndex = 0) -> None:
        """
        Takes a record of the tenant's audit log.
        """
    def push_event(self, /, event: Event, *, source: SupportsIndex = 0) -> None:
        """
        Takes an event of a Windows log, whoever wrote it. Events that have nothing to do with
        operations are ignored. `source` is a number for its log, which the links of operations repeat.
        """
    def push_password_set(self, /, at: datetime, *, user: str | None = None, account: str | None = None, domain: str | None = None, source: SupportsIndex = 0) -> None:
        """
        Takes the time that the directory keeps of a person's last password (`pwdLastSet`), with the
        user principal name, the account name or both.
        """
    def push_span(self, /, host: str, first: datetime, last: datetime) -> None:
        """
        The Application log of a machine is there from `first` to `last`: what it does not hold of
        that time was not written. Without it the first and the last event of its writeback service
        bound the time.
        """
    def ready(self, /) -> list[Operation]:
        """
        The operations that have left early, which happens beyond `hold` only.
        """

@final
class DomainSet:
    """
    A password that was set in the domain, and not by writeback.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def account(self, /) -> str:
        """
        The account.
        """
    @property
    def at(self, /) -> datetime:
        """
        When, by the domain controller's own clock.
        """
    @property
    def by(self, /) -> str | None:
        """
        Who set it; the person's own account for a change.
        """
    @property
    def domain(self, /) -> str | None:
        """
        Its domain.
        """
    @property
    def event(self, /) -> int | None:
        """
        The event id; `None` where only the directory's `pwdLastSet` tells.
        """
    @property
    def host(self, /) -> str | None:
        """
        The domain controller.
        """
    @property
    def place(self, /) -> str:
        """
        Where it stands in that log.
        """
    @property
    def source(self, /) -> int:
        """
        The number of the log it stands in, as that of a `Link`.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def user(self, /) -> str | None:
        """
        Whose it is, where a list or an operation tells.
        """

@final
class Durations:
    """
    How long operations took.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def longest(self, /) -> timedelta:
        """
        The longest.
        """
    @property
    def measured(self, /) -> int:
        """
        How many operations have both a start and an end. Where a clock stepped back between them
        they are left out.
        """
    @property
    def median(self, /) -> timedelta:
        """
        Half of them took no longer.
        """
    @property
    def percentile90(self, /) -> timedelta:
        """
        90 of 100 took no longer.
        """
    @property
    def percentile95(self, /) -> timedelta:
        """
        95 of 100 took no longer.
        """
    @property
    def percentile99(self, /) -> timedelta:
        """
        99 of 100 took no longer.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class Gap:
    """
    A stretch of time.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def end(self, /) -> datetime:
        """
        Its end.
        """
    @property
    def start(self, /) -> datetime:
        """
        Its start.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class HowKnown:
    """
    How an account is known to be the connector account.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def all(self, /) -> int | None:
        """
        Of how many passwords that it set at all.
        """
    @property
    def kind(self, /) -> str:
        """
        `stated` where evidence says so; `name` where its name begins with `MSOL_`, `AAD_` or
        `pGMSA_`; `writes` where it set passwords where and when the service said that it had.
        """
    @property
    def matched(self, /) -> int | None:
        """
        How many passwords it set beside an operation, where that is how it is known.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class Link:
    """
    One event of an operation: of a Windows log, a record of the tenant's audit log, or the time
    that the directory keeps of a person's last password.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def activity(self, /) -> Activity | None:
        """
        What a record of the audit log is about.
        """
    @property
    def certainty(self, /) -> Certainty:
        """
        How certain that is.
        """
    @property
    def corrected(self, /) -> datetime | None:
        """
        The same by the clock that all others are compared with, where the machine's own could
        be compared.
        """
    @property
    def doubts(self, /) -> list[Doubt]:
        """
        What is uncertain about it.
        """
    @property
    def event(self, /) -> int | None:
        """
        The event id, of an event of a Windows log.
        """
    @property
    def host(self, /) -> str | None:
        """
        The computer that wrote it.
        """
    @property
    def join(self, /) -> Join:
        """
        How it is known to belong here.
        """
    @property
    def others(self, /) -> list[str]:
        """
        The tracking ids of other operations that it may belong to as well.
        """
    @property
    def place(self, /) -> str:
        """
        Where it stands in that log: a record or a line.
        """
    @property
    def provider(self, /) -> str:
        """
        Who wrote it: a provider of Windows events, `Entra audit log`, or `pwdLastSet`.
        """
    @property
    def record(self, /) -> int | None:
        """
        Its record number.
        """
    @property
    def source(self, /) -> int:
        """
        The number of the log it stands in: its place in the `logs` of what `read_operations` gave,
        the number that a `Correlator` was given, else 0.
        """
    @property
    def time(self, /) -> datetime | None:
        """
        When it was written, by the clock of the machine that wrote it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class Moment:
    """
    The operations of a stretch of time.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def failed(self, /) -> int:
        """
        Those that failed.
        """
    @property
    def operations(self, /) -> int:
        """
        All of them.
        """
    @property
    def refused(self, /) -> int:
        """
        Those that were refused.
        """
    @property
    def resets(self, /) -> int:
        """
        Resets that were asked for, by people and administrators, whatever came of them.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def written(self, /) -> int:
        """
        Those that were written.
        """

@final
class Operation:
    """
    One operation, followed from its first event to its last.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def admin(self, /) -> str | None:
        """
        The administrator who asked for it, by user principal name.
        """
    @property
    def cause(self, /) -> RootCause | None:
        """
        Why it failed or was refused.
        """
    @property
    def chain(self, /) -> list[Link]:
        """
        Its events, by time.
        """
    @property
    def cloud_to_domain(self, /) -> timedelta | None:
        """
        The time from the person's last step in the cloud to the domain, where the clocks could be
        compared.
        """
    @property
    def code(self, /) -> str | None:
        """
        The engine's result code.
        """
    @property
    def context(self, /) -> list[Link]:
        """
        What goes with it, by time: steps of the flow, hash synchronisation, sign-ins, a lockout
        before it; and events that another operation has, and that may be this one's.
        """
    @property
    def decisive(self, /) -> Link | None:
        """
        The event that ended it: of a success the success, else the first that tells most.
        """
    @property
    def duration(self, /) -> timedelta | None:
        """
        The time from start to end. Windows' clock can step, so it may be negative.
        """
    @property
    def end(self, /) -> datetime | None:
        """
        The time of the first event that ends it.
        """
    @property
    def force_change(self, /) -> bool | None:
        """
        The password must be changed at the next logon.
        """
    @property
    def host(self, /) -> str | None:
        """
        The server that carried it out, as its events name it.
        """
    @property
    def kind(self, /) -> Kind:
        """
        What was asked for.
        """
    @property
    def notes(self, /) -> list[Note]:
        """
        What else is to be known of it.
        """
    @property
    def outcome(self, /) -> Outcome:
        """
        How it ended.
        """
    @property
    def person(self, /) -> Person:
        """
        Whose password it is.
        """
    @property
    def probably_own(self, /) -> bool:
        """
        The administrator is the person: probably a change in My Sign-Ins without the old password.
        """
    @property
    def stages(self, /) -> list[Stage]:
        """
        The stages that it reached, by their order, and the time between them.
        """
    @property
    def start(self, /) -> datetime | None:
        """
        The time of the first event.
        """
    @property
    def time(self, /) -> datetime | None:
        """
        The time of the end, else of the start, else of its first event.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_text(self, /, *, width: SupportsIndex = 80, color: bool = False) -> str:
        """
        As sentences that can be read aloud: what was asked for and when, how it ended and why, what to
        do next, and the events that say so. `width` counts columns.
        """
    @property
    def tracking_id(self, /) -> str | None:
        """
        The id that the events share.
        """
    @property
    def unlock(self, /) -> bool | None:
        """
        The account was unlocked with it.
        """

@final
class OperationReader:
    """
    The operations of a log, one by one. Arrow takes what is left of them through
    `__arrow_c_stream__`.
    """
    def __arrow_c_stream__(self, /, requested_schema: Any | None = None) -> Any:
        """
        What is left as an Arrow stream, for pyarrow, polars, pandas and `DuckDB`.
        """
    def __enter__(self, /) -> OperationReader: ...
    def __exit__(self, /, *_exception: "object") -> None: ...
    def __iter__(self, /) -> OperationReader: ...
    def __next__(self, /) -> Operation: ...
    def close(self, /) -> None:
        """
        Stops reading and lets go of the source.
        """
    @property
    def faults(self, /) -> list[SsprError]:
        """
        The first faults so far, each with its place.
        """
    @property
    def lost(self, /) -> int:
        """
        How many records could not be read so far.
        """
    @property
    def summary(self, /) -> Summary | None:
        """
        What else was found: clocks, connector accounts, services. `None` before the log is read.
        """

@final
class Person:
    """
    Whose password it is.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def account(self, /) -> str | None:
        """
        The account name in the domain, as a domain controller tells it.
        """
    @property
    def cloud_anchor(self, /) -> str | None:
        """
        The cloud object, `User_` and its id.
        """
    @property
    def source_anchor(self, /) -> str | None:
        """
        The immutable id, in base 64.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def user(self, /) -> str | None:
        """
        The user principal name.
        """

@final
class PersonFacts:
    """
    What a list tells of one person.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, user: str, *, account: str | None = None, domain: str | None = None, object_id: str | None = None, source_anchor: str | None = None) -> PersonFacts:
        """
        What is left out is not known.
        """
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def account(self, /) -> str | None:
        """
        The account name in the domain (`sAMAccountName`).
        """
    @property
    def domain(self, /) -> str | None:
        """
        The domain's short name.
        """
    @staticmethod
    def from_json(text: str) -> PersonFacts:
        """
        Reads what `to_json` wrote.
        """
    @property
    def object_id(self, /) -> str | None:
        """
        The id of the object in the cloud.
        """
    @property
    def source_anchor(self, /) -> str | None:
        """
        The immutable id, in base 64.
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
    def user(self, /) -> str:
        """
        The user principal name.
        """

@final
class Service:
    """
    What the writeback service of one machine says of itself.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def gaps(self, /) -> list[Gap]:
        """
        Stretches without one, while neighbours were there: longer than three of its usual
        intervals, and than 15 minutes. The longest hundred, by time.
        """
    @property
    def heartbeats(self, /) -> int:
        """
        How many heartbeats (31019).
        """
    @property
    def host(self, /) -> str | None:
        """
        The machine.
        """
    @property
    def seen_time(self, /) -> timedelta:
        """
        The time between its first and its last event.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def up(self, /) -> list[Gap]:
        """
        The times when it ran: from a start (31015), or the first sign of it, to a stop (31016), or
        the last sign. By time; the last hundred.
        """
    @property
    def up_time(self, /) -> timedelta:
        """
        How long it ran.
        """

@final
class Share:
    """
    Who reset passwords in a stretch of time.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def administrators(self, /) -> int:
        """
        Written resets by administrators for others.
        """
    @property
    def self_service(self, /) -> int:
        """
        Written resets and changes by people themselves.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class Skew:
    """
    How one clock differs from the one that all are compared with.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def host(self, /) -> str | None:
        """
        The machine; `None` for the cloud.
        """
    @property
    def offset(self, /) -> timedelta | None:
        """
        How far it is ahead; half of the time it was less. `None` where no pair of events could be
        compared.
        """
    @property
    def pairs(self, /) -> int:
        """
        How many pairs of events were compared.
        """
    @property
    def range(self, /) -> tuple[timedelta, timedelta] | None:
        """
        The least and the most over the whole time.
        """
    @property
    def reference(self, /) -> bool:
        """
        It is the clock that all others are compared with.
        """
    @property
    def spread(self, /) -> timedelta:
        """
        Half of the pairs lie within so much of the offset at their time.
        """
    @property
    def steps(self, /) -> list[ClockStep]:
        """
        When the clock was set, as far as the pairs tell.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class Stage:
    """
    A stage that an operation reached.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def at(self, /) -> datetime:
        """
        When, by the clock that all others are compared with.
        """
    @property
    def matched(self, /) -> bool:
        """
        Both times come from one clock, or from clocks that could be compared.
        """
    @property
    def name(self, /) -> StageName:
        """
        Which.
        """
    @property
    def since(self, /) -> timedelta | None:
        """
        The time since the stage before it. It may be negative where clocks differ by less than
        can be told.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class Statistics:
    """
    Many operations in numbers. Operations of the service, which switch writeback on or off, are
    counted apart.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def bursts(self, /) -> list[Burst]:
        """
        Hours with many more resets or failures than usual.
        """
    @property
    def causes(self, /) -> list[CauseTally]:
        """
        Why operations failed or were refused: what hit most people first.
        """
    @property
    def cloud_to_domain(self, /) -> Durations | None:
        """
        From the person's last step in the cloud to the domain; `None` where no operation has both by
        clocks that could be compared.
        """
    @property
    def days(self, /) -> dict[str, Moment]:
        """
        And by day such as `2026-11-20`.
        """
    @property
    def durations(self, /) -> Durations | None:
        """
        From the first event to the last on the server; `None` where no operation has both.
        """
    @property
    def first(self, /) -> datetime | None:
        """
        The time of the earliest operation.
        """
    @property
    def hours(self, /) -> dict[datetime, Moment]:
        """
        Operations by hour, in UTC, of hours that have any.
        """
    @property
    def kinds(self, /) -> dict[Kind, int]:
        """
        And by what was asked for.
        """
    @property
    def last(self, /) -> datetime | None:
        """
        The time of the latest.
        """
    @property
    def months(self, /) -> dict[str, Share]:
        """
        Resets by people themselves and by administrators, by month such as `2026-11`.
        """
    @staticmethod
    def of(operations: Iterable[Operation2]) -> Statistics:
        """
        Counts operations, such as those of an `OperationReader` or some of a list.
        """
    @property
    def of_service(self, /) -> int:
        """
        How many operations of the service.
        """
    @property
    def operations(self, /) -> int:
        """
        How many operations on passwords.
        """
    @property
    def outcomes(self, /) -> dict[Outcome, int]:
        """
        Operations on passwords by how they ended.
        """
    @property
    def success_rate(self, /) -> float | None:
        """
        Written operations of 100 that were written, refused or failed, or that never ended; `None`
        where there is none.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_text(self, /, *, width: SupportsIndex = 80, color: bool = False) -> str:
        """
        For a terminal. `width` counts columns.
        """

@final
class Summary:
    """
    What is found beside operations.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def connectors(self, /) -> list[Connector]:
        """
        The accounts that write passwords into the domain, and how that is known.
        """
    @property
    def late(self, /) -> int:
        """
        Events that came after the operations of their time had left: see `hold` of `Correlator`.
        """
    @property
    def outside(self, /) -> list[DomainSet]:
        """
        Passwords that were set in the domain by others, by time.
        """
    @property
    def repeated(self, /) -> int:
        """
        Events that were delivered again.
        """
    @property
    def services(self, /) -> list[Service]:
        """
        What each writeback service says of itself, by machine.
        """
    @property
    def skews(self, /) -> list[Skew]:
        """
        How the clocks differ, by machine.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_text(self, /, *, width: SupportsIndex = 80, color: bool = False) -> str:
        """
        For a terminal; empty when there is nothing to say. `width` counts columns.
        """

@final
class SupportBundle:
    """
    An operation with the events around it, for a ticket: its own events, and those of the service
    and of the engine within two minutes that name nobody. Events of other people are left out, and
    so is what looks like a token or a password.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def events(self, /) -> list[SupportEvent]:
        """
        The events, by time.
        """
    @property
    def left_out(self, /) -> int:
        """
        How many events of those minutes were left out, because they are of others.
        """
    @property
    def operation(self, /) -> Operation:
        """
        The operation.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_text(self, /) -> str:
        """
        As plain text, ready to be pasted into a ticket.
        """
    @property
    def version(self, /) -> str | None:
        """
        The version of the writeback service, as its events say.
        """

@final
class SupportEvent:
    """
    An event for support.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def event(self, /) -> Event:
        """
        The event, without its data.
        """
    @property
    def log(self, /) -> str:
        """
        The log it stands in.
        """
    @property
    def own(self, /) -> bool:
        """
        It is one of the operation's own.
        """
    @property
    def place(self, /) -> str:
        """
        Where it stands there.
        """
    @property
    def text(self, /) -> str:
        """
        Its text, without what may be a secret.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

def operations(source: str | PathLike[str] | tuple[str, bytes] | Readable | EventReader, *, providers: SupportsGetItem[int, str] | None = None, ids: SupportsGetItem[int, SupportsIndex] | None = None, since: datetime | None = None, until: datetime | None = None, time_zone: str | None = None, jobs: int | None = None, verify: bool = False, people: SupportsGetItem[int, PersonFacts] | None = None, connectors: SupportsGetItem[int, ConnectorAccount] | None = None, skew: timedelta | None = None, follow: timedelta | None = None, hold: SupportsIndex | None = None, progress: Callable[[Progress], object] | None = None) -> OperationReader:
    """
    The operations of one log, or of the events that `sspr.events.read` gives, which it takes over;
    `sspr.snapshot.read_operations` reads several logs and lists of people at once.

    `source` and the filters are those of `sspr.events.read`, with all providers by default: events
    of others beside the writeback service tell more of an operation, and so do audit records.
    `people`, `connectors`, `skew`, `follow` and `hold` are those of `Correlator`. The operations come
    by time once the log is read, which happens outside the interpreter's lock.
    """
