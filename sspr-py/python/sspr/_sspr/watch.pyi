"""
Watching logs while they are written.
"""

from .snapshot import Followed
from _typeshed import SupportsGetItem
from collections.abc import Callable
from datetime import datetime, timedelta
from os import PathLike
from sspr._errors import SsprError
from sspr.evidence import Progress
from sspr.watch import NoticeKind, Weight
from typing import Any, SupportsIndex, final

__all__ = ["Notice", "Post", "Posted", "Watch", "WatchState"]

@final
class Notice:
    """
    One thing that a watch tells, in a sentence and in fields. Fields that a notice of its kind does
    not have are `None`, and left out of its JSON.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def at(self, /) -> datetime:
        """
        When it happened, by the clock of the log; of a silence, when it began.
        """
    @property
    def cause(self, /) -> str | None:
        """
        The key of the root cause, such as `accessDenied`.
        """
    @property
    def code(self, /) -> str | None:
        """
        The engine's result code.
        """
    @property
    def computer(self, /) -> str | None:
        """
        The computer that wrote the log.
        """
    @property
    def count(self, /) -> int | None:
        """
        How many: operations in the hour of a burst, records that were lost, seconds of a silence
        that ended.
        """
    @property
    def event(self, /) -> int | None:
        """
        The event that says so.
        """
    @staticmethod
    def from_json(text: str) -> Notice:
        """
        Reads what `to_json` wrote.
        """
    @property
    def id(self, /) -> str:
        """
        The same for the same thing, however often it is told: by it a receiver knows a repetition.
        """
    @property
    def kind(self, /) -> NoticeKind:
        """
        What it is about.
        """
    @property
    def log(self, /) -> str | None:
        """
        The log, such as `Application`, or the path of the file.
        """
    @property
    def message(self, /) -> str:
        """
        What happened.
        """
    @property
    def next(self, /) -> str | None:
        """
        What to do about it.
        """
    @property
    def operation(self, /) -> str | None:
        """
        The kind of the operation, such as `reset`.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """
    def to_text(self, /, *, width: SupportsIndex = 80, color: bool = False) -> str:
        """
        For a terminal: what happened, and what to do about it. `width` counts columns.
        """
    @property
    def tracking_id(self, /) -> str | None:
        """
        The id that the events of the operation share: what support asks for.
        """
    @property
    def user(self, /) -> str | None:
        """
        The person, by user principal name.
        """
    @property
    def usual(self, /) -> int | None:
        """
        How many are usual in such an hour.
        """
    @property
    def weight(self, /) -> Weight:
        """
        How much it matters.
        """

@final
class Post:
    """
    Posts what a watch has to tell to a receiver, as JSON lines (`application/x-ndjson`), a notice a line.

    Notices that were taken, with any status from 200 to 299, are crossed out; all others stay in `untold`
    of the watch and are posted again: right at the next `send` after a first failure, then after 10
    seconds, 20, 40, up to ten minutes, and not before the `Retry-After` that the receiver answered with, up
    to an hour, which the state of the watch keeps. Who saves that state before and after loses no notice; a
    receiver that sees an `id` again leaves it.

    A redirect (307 or 308) is followed within the same scheme, host and port. A proxy that the environment
    names is used, but for addresses of this machine. It belongs to one thread at a time.
    """
    def __new__(cls, /, url: str, *, headers: dict[str, str] | None = None, ca_file: str | PathLike[str] | None = None, timeout: timedelta | None = None) -> Post:
        """
        Checks the arguments and prepares everything, without speaking to anybody.

        `url` is `https`, or `http` on this machine itself. `headers` go with every request, such as
        `{"Authorization": "Bearer …"}`. Neither the address, beyond its host, nor a value of a header is
        printed, in errors either; the library wipes its copies, and Python's own strings stay where they
        are until Python reuses their memory. `ca_file` holds certificates, in PEM, of authorities that are
        trusted beside those of the operating system. `timeout` is how long one request may take, from the
        connection to the beginning of the answer: a second to an hour, 30 seconds without it. What is wrong
        with them is an `InputError`, and a file that cannot be read a `SourceError`.
        """
    def __repr__(self, /) -> str: ...
    @property
    def host(self, /) -> str:
        """
        The receiver's host, and its port where that is not the usual one.
        """
    def send(self, /, watch: Watch, now: datetime | None = None) -> Posted:
        """
        Posts the first of what a watch has to tell, as many as go into one request, and crosses out what was
        taken. It waits for the receiver outside the interpreter's lock, and Ctrl-C stops it, with which all
        notices are kept. `now` is the present time unless it is given. What the receiver did not take, and
        why, is in what it gives, and is not raised.
        """

@final
class Posted:
    """
    What came of posting.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def taken(self, /) -> int:
        """
        How many notices the receiver took, which are crossed out. There may be more.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def until(self, /) -> datetime | None:
        """
        Nothing is posted before this time, after failures or because the receiver asked for it; `None`
        where notices were taken, and where there were none.
        """
    @property
    def why(self, /) -> SsprError | None:
        """
        Why the receiver took none: an exception that is not raised. The code `connection` may pass by
        itself; the others want somebody to look. `None` where it was not asked.
        """

@final
class Watch:
    """
    Watches logs: what failed, what is unusual, and what fell silent.

    It reads what is new each time `look` is called, and never waits. A notice stays in `untold` until
    `told` says that it was handed on; who saves `state` before and after that loses no notice,
    whenever the process ends. It belongs to one thread at a time.
    """
    def __new__(cls, /, paths: SupportsGetItem[int, str | PathLike[str]], *, refusals: bool = False, burst: SupportsIndex = 10, silence: timedelta | None = None, state: WatchState | None = None, since: datetime | None = None) -> Watch:
        """
        Watches files, and all files below folders.

        `refusals` tells of refused passwords too, which people run into every day. `burst` is how many
        operations, or failures, of an hour may be a burst. `silence` is how long a log may get no
        record, one hour unless said otherwise; `timedelta.max` is for ever. `state` is that of an
        earlier watch, which this one goes on from; without one, what happens from `since` on is told,
        from now on unless it is given. A path that is not there is raised.
        """
    def __repr__(self, /) -> str: ...
    def look(self, /, now: datetime | None = None, progress: Callable[[Progress], object] | None = None) -> Followed:
        """
        Reads what is new in all logs, outside the interpreter's lock. What is to be told of it is in
        `untold`. `now` is the time of the look, the present time unless it is given. What `progress`
        raises stops the look, which then changed nothing.
        """
    @property
    def state(self, /) -> WatchState:
        """
        What it knows, as it stands now.
        """
    def told(self, /, notices: SupportsIndex) -> None:
        """
        So many of what was to be told, from the first on, were handed on.
        """
    @property
    def untold(self, /) -> list[Notice]:
        """
        What is to be told, the earliest first.
        """

@final
class WatchState:
    """
    What a watch knows: how far each file was read, what was told, and what is usual. It holds names of
    people but no password and no text of an event older than half an hour.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, since: datetime) -> WatchState:
        """
        Of a watch that begins: what happens from `since` on is told.
        """
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_json(text: str) -> WatchState:
        """
        Reads what `to_json` wrote.
        """
    @staticmethod
    def load(path: str | PathLike[str]) -> WatchState | None:
        """
        Reads a state that `save` wrote; `None` where there is no file. A file that is none, or is
        damaged, or was written by another version, is an `InputError`.
        """
    def save(self, /, path: str | PathLike[str]) -> None:
        """
        Writes the state: whatever happens, the file holds this state or the one before.
        """
    @property
    def since(self, /) -> datetime:
        """
        Events from this time on are told of.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As JSON, for whoever keeps it elsewhere than in a file.
        """
    @property
    def untold(self, /) -> list[Notice]:
        """
        Notices that were not yet confirmed to be told.
        """
