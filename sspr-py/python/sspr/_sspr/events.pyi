"""
Events of password writeback, read as a stream.
"""

from _typeshed import SupportsGetItem
from collections.abc import Callable
from datetime import datetime
from os import PathLike
from sspr._errors import SsprError
from sspr._types import Readable
from sspr.events import Activity, Agent, Area, AuditResult, EventStage, Fault, Level, Source
from sspr.evidence import Progress
from typing import Any, SupportsIndex, final

__all__ = ["AuditReader", "AuditRecord", "Event", "EventDatum", "EventInfo", "EventReader", "Message", "RootCause", "cause", "causes", "look_up", "read", "read_audit"]

@final
class AuditReader:
    """
    The audit records of a log, one by one. Arrow takes what is left of them through
    `__arrow_c_stream__`.
    """
    def __arrow_c_stream__(self, /, requested_schema: Any | None = None) -> Any:
        """
        What is left as an Arrow stream, for pyarrow, polars, pandas and `DuckDB`.
        """
    def __enter__(self, /) -> AuditReader: ...
    def __exit__(self, /, *_exception: "object") -> None: ...
    def __iter__(self, /) -> AuditReader: ...
    def __next__(self, /) -> AuditRecord: ...
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

@final
class AuditRecord:
    """
    One record of the tenant's audit log.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def activity(self, /) -> Activity:
        """
        What happened.
        """
    @property
    def actor(self, /) -> str | None:
        """
        The user principal name of who did it, or the name of the application.
        """
    @property
    def actor_id(self, /) -> str | None:
        """
        The object id of who did it; of an application its service principal.
        """
    @property
    def agent(self, /) -> Agent | None:
        """
        Which agent wrote the password back, where the record says it.
        """
    @property
    def by_application(self, /) -> bool:
        """
        Whether an application did it.
        """
    @property
    def correlation(self, /) -> str | None:
        """
        What all records of one flow share.
        """
    @staticmethod
    def from_json(text: str, place: str = "whole input") -> AuditRecord:
        """
        Reads what `to_json` wrote.
        """
    @property
    def id(self, /) -> str | None:
        """
        Its id.
        """
    @property
    def local_time(self, /) -> bool:
        """
        Its carrier gives a local time and nobody stated its zone: `time` is that local time, taken
        for UTC.
        """
    @property
    def method(self, /) -> str | None:
        """
        How the person proved to be the owner, where the record of a self-service reset or unlock
        says it, in the service's words.
        """
    @property
    def name(self, /) -> str:
        """
        The activity in its own words.
        """
    @property
    def not_written_back(self, /) -> bool:
        """
        Whether an administrator reset somebody's password where nothing was written back.
        """
    @property
    def place(self, /) -> str:
        """
        Where it stands in its source: a JSON pointer or a line.
        """
    @property
    def reason(self, /) -> str | None:
        """
        Why, in the service's words.
        """
    @property
    def result(self, /) -> AuditResult:
        """
        How it ended.
        """
    @property
    def target(self, /) -> str | None:
        """
        The user principal name of whose account it is, else its id.
        """
    @property
    def target_id(self, /) -> str | None:
        """
        The object id of whose account it is.
        """
    @property
    def time(self, /) -> datetime:
        """
        When it happened.
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
class Event:
    """
    An event of a Windows log, as far as its carrier tells.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, provider: str, id: SupportsIndex, *, time: datetime | None = None, record: SupportsIndex | None = None, computer: str | None = None, channel: str | None = None, level: SupportsIndex | None = None, keywords: SupportsIndex | None = None, data: SupportsGetItem[int, EventDatum] | None = None, message: str | None = None, local_time: bool = False) -> Event:
        """
        An event that comes from elsewhere, such as a SIEM. What is left out is not known.

        `data` are its data strings, in their order. `local_time` says that `time` cannot be relied on.
        """
    def __reduce__(self, /) -> tuple[Any, tuple[str, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def channel(self, /) -> str | None:
        """
        The log, such as `Application`.
        """
    @property
    def computer(self, /) -> str | None:
        """
        The computer that wrote it.
        """
    @property
    def data(self, /) -> list[EventDatum]:
        """
        The data strings, with their names where the provider gives them.
        """
    @staticmethod
    def from_json(text: str, place: str = "whole input") -> Event:
        """
        Reads what `to_json` wrote.
        """
    @property
    def id(self, /) -> int:
        """
        The event id without its qualifiers.
        """
    @property
    def keywords(self, /) -> int | None:
        """
        Keywords; success and failure of an audit stand here.
        """
    @property
    def level(self, /) -> int | None:
        """
        1 critical, 2 error, 3 warning, 4 information, 0 as the provider likes.
        """
    @property
    def local_time(self, /) -> bool:
        """
        The time cannot be relied on: its carrier gives a local time, and nobody stated the zone, or
        clocks of that zone struck the hour twice or not at all, or day and month may stand the other
        way round.
        """
    @property
    def message(self, /) -> str | None:
        """
        The rendered text, in the language of the machine that rendered it.
        """
    def named(self, /, name: str) -> str | None:
        """
        The data string of a name.
        """
    def parse(self, /) -> Message:
        """
        The fields of its text.
        """
    @property
    def place(self, /) -> str:
        """
        Where it stands in its source: a record or a line.
        """
    @property
    def provider(self, /) -> str:
        """
        The provider, such as `PasswordResetService`.
        """
    @property
    def record(self, /) -> int | None:
        """
        The record number in its log.
        """
    @property
    def text(self, /) -> str:
        """
        The event's own text: its unnamed data strings, which no language changes, else the rendered
        message.
        """
    @property
    def time(self, /) -> datetime | None:
        """
        When it was written.
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
class EventDatum:
    """
    One data string of an event.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, value: str, *, name: str | None = None) -> EventDatum:
        """
        One with a name, or without.
        """
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_json(text: str) -> EventDatum:
        """
        Reads what `to_json` wrote.
        """
    @property
    def name(self, /) -> str | None:
        """
        Its name, where the provider gives one.
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
    def value(self, /) -> str:
        """
        Its text.
        """

@final
class EventInfo:
    """
    What is known of one event.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def area(self, /) -> Area:
        """
        What it is about.
        """
    @property
    def cause(self, /) -> str:
        """
        What is likely behind it; may be empty.
        """
    @property
    def id(self, /) -> int:
        """
        Its id.
        """
    @property
    def level(self, /) -> Level:
        """
        Its level.
        """
    @property
    def level_observed(self, /) -> bool:
        """
        Whether the level was seen in a real log. Microsoft's tables do not state levels.
        """
    @property
    def meaning(self, /) -> str:
        """
        What it says.
        """
    @property
    def note(self, /) -> str:
        """
        A remark; may be empty.
        """
    @property
    def remedy(self, /) -> str:
        """
        What helps; may be empty.
        """
    @property
    def source(self, /) -> Source:
        """
        Who writes it.
        """
    @property
    def sources(self, /) -> list[str]:
        """
        Addresses of the pages that say so.
        """
    @property
    def stage(self, /) -> EventStage:
        """
        Where in an operation it stands.
        """
    @property
    def symbol(self, /) -> str:
        """
        Its documented symbol or title; empty when none is published.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class EventReader:
    """
    The events of a log, one by one. Arrow takes what is left of them through `__arrow_c_stream__`.
    """
    def __arrow_c_stream__(self, /, requested_schema: Any | None = None) -> Any:
        """
        What is left as an Arrow stream, for pyarrow, polars, pandas and `DuckDB`.
        """
    def __enter__(self, /) -> EventReader: ...
    def __exit__(self, /, *_exception: "object") -> None: ...
    def __iter__(self, /) -> EventReader: ...
    def __next__(self, /) -> Event: ...
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

@final
class Message:
    """
    The fields of the text of an event of the writeback service.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def admin(self, /) -> str | None:
        """
        The administrator who asked for it.
        """
    @property
    def cloud_anchor(self, /) -> str | None:
        """
        The cloud object, `User_` and its id.
        """
    @property
    def code(self, /) -> str | None:
        """
        The result code.
        """
    @property
    def details(self, /) -> str | None:
        """
        What follows `Details:`.
        """
    @property
    def force_change(self, /) -> bool | None:
        """
        Whether the password must be changed at the next logon.
        """
    @staticmethod
    def parse(text: str) -> Message:
        """
        Finds the fields in a text.
        """
    @property
    def person(self, /) -> str | None:
        """
        Whose password it is, by user principal name.
        """
    @property
    def reason(self, /) -> str | None:
        """
        What follows `Reason:`.
        """
    @property
    def source_anchor(self, /) -> str | None:
        """
        The immutable id, in base 64.
        """
    @property
    def token(self, /) -> str | None:
        """
        The word that says what the event is, such as `PasswordResetSuccess`.
        """
    @property
    def tracking_id(self, /) -> str | None:
        """
        The id that the events of an operation share.
        """
    @property
    def unlock(self, /) -> bool | None:
        """
        Whether the account is unlocked with it.
        """
    @property
    def version(self, /) -> str | None:
        """
        The version of the service.
        """

@final
class RootCause:
    """
    One root cause.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def cause(self, /) -> str:
        """
        What is wrong.
        """
    @property
    def check(self, /) -> str:
        """
        How to check that it is this.
        """
    @property
    def codes(self, /) -> list[int]:
        """
        Result codes that say it.
        """
    @property
    def events(self, /) -> list[int]:
        """
        Events of the writeback service that say it.
        """
    @property
    def fault(self, /) -> Fault:
        """
        Whose fault it is.
        """
    @property
    def key(self, /) -> str:
        """
        A short name for programs, stable.
        """
    @property
    def phrases(self, /) -> list[str]:
        """
        Fixed phrases that say it, wherever they appear.
        """
    @property
    def remedy(self, /) -> str:
        """
        What helps.
        """
    @property
    def sources(self, /) -> list[str]:
        """
        Addresses of the pages that say so; empty where only a public post without a known address does.
        """
    @property
    def title(self, /) -> str:
        """
        A short name for people.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

def cause(event: Event) -> RootCause | None:
    """
    The root cause that an event tells; `None` where it tells none.
    """

def causes() -> list[RootCause]:
    """
    All root causes.
    """

def look_up(provider: str, id: SupportsIndex) -> EventInfo | None:
    """
    What is known of an event; `None` for one that has nothing to do with writeback, and for one
    that is not known here.
    """

def read(source: str | PathLike[str] | tuple[str, bytes] | Readable, *, providers: SupportsGetItem[int, str] | None = ..., ids: SupportsGetItem[int, SupportsIndex] | None = None, since: datetime | None = None, until: datetime | None = None, time_zone: str | None = None, jobs: int | None = None, verify: bool = False, progress: Callable[[Progress], object] | None = None) -> "EventReader":
    """
    Reads a log as a stream of events, recognised by its content, packed with gzip or zstd or not:
    `.evtx`, the XML that `wevtutil` and Event Viewer write, what Event Viewer copies as text, JSON of
    PowerShell, Winlogbeat, NXLog and Azure Monitor, CSV of Event Viewer and PowerShell.

    `source` is a path, a tuple `(name, bytes)` or a binary file object. `providers` are wanted by
    name, `None` for all; `ids` by event id; `since` and `until` bound the time, `until` excluded.
    `time_zone`, such as `Europe/Berlin` or `+01:00`, is that of times that come without one; without
    it they are taken for UTC and marked. `jobs` threads decode an `.evtx`; `verify` examines also
    those parts of it in which no wanted provider is named. What cannot be read is counted in the
    iterator's `lost`, and the rest is read. `progress` hears of the work; what it raises stops it.
    Raised is an `InputError` for what is no log, and for a zone that is not known.
    """

def read_audit(source: str | PathLike[str] | tuple[str, bytes] | Readable, *, since: datetime | None = None, until: datetime | None = None, time_zone: str | None = None, progress: Callable[[Progress], object] | None = None) -> AuditReader:
    """
    Reads the tenant's audit records about passwords as a stream: pages and lines of Microsoft
    Graph, the portal's JSON and CSV downloads, rows of `AuditLogs` of Log Analytics, records of an
    event hub or a storage account. Records of other services are passed over.

    `source`, `since`, `until`, `time_zone` and `progress` are those of `read`.
    """
