"""
Every password operation, followed from its first event to its last.
"""

from .events import RootCause
from _typeshed import SupportsGetItem
from collections.abc import Callable
from datetime import datetime, timedelta
from os import PathLike
from sspr._types import Readable
from sspr.events import EventReader
from sspr.evidence import Progress
from sspr.roundtrip import Certainty, Doubt, Join, Kind, Note, Outcome, StageName
from typing import Any, SupportsIndex, final

__all__ = ["Link", "Operation", "OperationReader", "Person", "Stage", "operations"]

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
    def activity(self, /) -> str | None:
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
        Where it stands in the source: a record or a line.
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
    def time(self, /) -> datetime | None:
        """
        When it was written, by the clock of the machine that wrote it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
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
        What is left of the operations as an Arrow stream, for pyarrow, polars, pandas and `DuckDB`.
        """
    def __enter__(self, /) -> OperationReader: ...
    def __exit__(self, /, *_exception: "object") -> None: ...
    def __iter__(self, /) -> OperationReader: ...
    def __next__(self, /) -> Operation: ...
    def close(self, /) -> None:
        """
        Stops reading and lets go of the source.
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

def operations(source: str | PathLike[str] | tuple[str, bytes] | Readable | EventReader, *, providers: SupportsGetItem[int, str] | None = None, ids: SupportsGetItem[int, SupportsIndex] | None = None, since: datetime | None = None, until: datetime | None = None, progress: Callable[[Progress], object] | None = None) -> OperationReader:
    """
    The operations of a log, or of the events that `sspr.events.read` gives, which it takes over.

    `source` and the filters are those of `sspr.events.read`, with all providers by default: events
    of others beside the writeback service tell more of an operation.
    """
