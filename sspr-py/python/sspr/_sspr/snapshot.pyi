"""
Evidence in, facts out.
"""

from .evidence import Subject
from .roundtrip import Operation, Statistics, Summary, SupportBundle
from .tenant import People, Person
from _typeshed import SupportsGetItem
from collections.abc import Callable
from datetime import datetime
from os import PathLike
from sspr._errors import SsprError
from sspr._types import Readable
from sspr.evidence import Progress
from typing import Any, SupportsIndex, final

__all__ = ["Change", "Changed", "Evidence", "Followed", "LogRead", "LogsRead", "Lost", "OperationsRead", "Skipped", "Snapshot", "read_operations", "read_support"]

@final
class Change:
    """
    What became of a file.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def first(self, /) -> int | None:
        """
        The number of the first record that was missed.
        """
    @property
    def kind(self, /) -> str:
        """
        `new` where it was not there; `replaced` where it holds another log, was cleared, cut or
        written anew, and is read from its beginning; `missed` where its oldest records were
        overwritten before they were read.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def until(self, /) -> int | None:
        """
        The number of the first record after those that were missed.
        """

@final
class Changed:
    """
    A file and what became of it since it was read last.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def change(self, /) -> Change:
        """
        What became of it.
        """
    @property
    def name(self, /) -> str:
        """
        Its path.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

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
class Followed:
    """
    What one look at logs that grow went through.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def changed(self, /) -> list[Changed]:
        """
        Files that are new, or others than before.
        """
    @property
    def files(self, /) -> int:
        """
        How many files are followed.
        """
    @property
    def skipped(self, /) -> list[Skipped]:
        """
        Files that are no logs or could not be read, told once until they change.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class LogRead:
    """
    One log.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def chunks(self, /) -> int:
        """
        How many chunks an `.evtx` has.
        """
    @property
    def events(self, /) -> int:
        """
        How many events and audit records the filter wanted.
        """
    @property
    def fault(self, /) -> SsprError | None:
        """
        The first of these faults, with its place.
        """
    @property
    def first(self, /) -> datetime | None:
        """
        The time of the earliest record, wanted or not, where the log tells it.
        """
    @property
    def last(self, /) -> datetime | None:
        """
        The time of the latest.
        """
    @property
    def lost(self, /) -> int:
        """
        How many records, or places where records may have been, could not be read.
        """
    @property
    def name(self, /) -> str:
        """
        The file's path as it was given, or a name for a stream.
        """
    @property
    def not_examined(self, /) -> int:
        """
        How many of them were not examined, because no wanted provider's name stands in them.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class LogsRead:
    """
    What was read of logs.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def logs(self, /) -> list[LogRead]:
        """
        The logs, in the order they were read: by name.
        """
    @property
    def skipped(self, /) -> list[Skipped]:
        """
        Inputs that are no logs, or could not be read.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
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
class OperationsRead:
    """
    What `read_operations` found. Arrow takes the operations through `__arrow_c_stream__`, as often as
    it likes.
    """
    def __arrow_c_stream__(self, /, requested_schema: Any | None = None) -> Any:
        """
        The operations as an Arrow stream, for pyarrow, polars, pandas and `DuckDB`.
        """
    def __repr__(self, /) -> str: ...
    @property
    def logs(self, /) -> LogsRead:
        """
        What was read, and what was no log.
        """
    @property
    def operations(self, /) -> list[Operation]:
        """
        The operations, by time. The `source` of their links is a place in the list of `logs.logs`.
        """
    @property
    def statistics(self, /) -> Statistics:
        """
        The operations in numbers.
        """
    def story(self, /, user: str | None = None, tracking_id: str | None = None, *, width: SupportsIndex = 80, color: bool = False) -> str:
        """
        The operations of one person, or with a tracking id, as sentences that can be read aloud: what
        `sspr roundtrip --user` prints. `user` is a user principal name, in any case. Without both it tells of
        all operations. `width` counts columns.
        """
    @property
    def summary(self, /) -> Summary:
        """
        What else was found: clocks, connector accounts, passwords set by others, services.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end: what `sspr roundtrip --format json` writes, and
        the logs.
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
    def read(inputs: SupportsGetItem[int, str | PathLike[str] | tuple[str, bytes] | Readable], *, observed_at: datetime | None = None, time_zone: str | None = None, item_bytes: SupportsIndex | None = None, files: SupportsIndex | None = None, archive_bytes: SupportsIndex | None = None, archive_ratio: SupportsIndex | None = None, depth: SupportsIndex | None = None, progress: Callable[[Progress], object] | None = None) -> Snapshot:
        """
        Reads all inputs: paths of files, folders and zip archives, tuples `(name, bytes)`, and
        binary file objects. Their order never matters.

        What cannot be read is in `skipped` or in the `lost` of its evidence. Raised are a path that
        is not there, what a file object raises, and what `progress` raises, which stops the work.
        `observed_at` is for evidence that does not tell itself when it was observed. `time_zone`, such
        as `Europe/Berlin` or `+01:00`, is that of times that come without one, as in texts that Event
        Viewer copied. The other arguments bound what an input may cost. `progress` hears of every input, and of every
        mebibyte read.
        """
    @property
    def skipped(self, /) -> list[Skipped]:
        """
        What gave nothing.
        """

def read_operations(inputs: SupportsGetItem[int, str | PathLike[str] | tuple[str, bytes] | Readable], *, providers: SupportsGetItem[int, str] | None = None, since: datetime | None = None, until: datetime | None = None, time_zone: str | None = None, jobs: int | None = None, verify: bool = False, observed_at: datetime | None = None, item_bytes: SupportsIndex | None = None, files: SupportsIndex | None = None, archive_bytes: SupportsIndex | None = None, archive_ratio: SupportsIndex | None = None, depth: SupportsIndex | None = None, progress: Callable[[Progress], object] | None = None) -> OperationsRead:
    """
    Joins the events and audit records of all logs among the inputs to operations: logs of several
    servers, of domain controllers and of the tenant, in any form that `sspr.events.read` takes. Lists
    of people, and what names the connector account, are read too where they stand among the inputs,
    and make joins more certain.

    `inputs` are those of `Snapshot.read`; their order never matters. `providers` names whose events
    are wanted: all that operations are made of, unless said otherwise. `since` and `until` bound the
    time, `until` excluded. `time_zone`, such as `Europe/Berlin` or `+01:00`, is that of times that
    come without one. `jobs` threads read: several files, and the parts of one `.evtx`, at once.
    `verify` examines also those parts of an `.evtx` in which no wanted provider is named. The other
    arguments are those of `Snapshot.read`.

    What is no log, or could not be read, is in `logs`. Raised are a path that is not there, what a
    file object raises, and what `progress` raises, which stops the work.
    """

def read_support(inputs: SupportsGetItem[int, str | PathLike[str] | tuple[str, bytes] | Readable], operation: Operation, *, time_zone: str | None = None, jobs: int | None = None, verify: bool = False, item_bytes: SupportsIndex | None = None, files: SupportsIndex | None = None, archive_bytes: SupportsIndex | None = None, archive_ratio: SupportsIndex | None = None, depth: SupportsIndex | None = None, progress: Callable[[Progress], object] | None = None) -> SupportBundle:
    """
    Gathers what support asks for about an operation from the logs that it was read of, in a second look
    at them: a file object has to be given anew.

    All arguments but `operation` are those of `read_operations`.
    """
