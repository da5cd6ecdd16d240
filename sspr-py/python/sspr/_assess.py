"""Reading and judging in one."""

from __future__ import annotations

from .readiness import Configuration, Report
from .readiness import assess as _assess
from .snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ._types import Source
    from .evidence import Progress


def assess(
    *evidence: Source,
    as_of: datetime | None = None,
    observed_at: datetime | None = None,
    time_zone: str | None = None,
    config: Configuration | None = None,
    progress: Callable[[Progress], object] | None = None,
) -> Report:
    """Reads evidence and judges it: paths of files, folders and zip archives, tuples
    ``(name, bytes)``, and binary file objects.

    The verdict is for ``as_of``, or for now. ``observed_at`` is for evidence that does not tell
    itself when it was observed. ``time_zone``, such as ``Europe/Berlin`` or ``+01:00``, is that of
    times that come without one, as in texts that Event Viewer copied. ``progress`` hears of the work; what it raises stops it. Without any
    evidence the report says what to collect.
    """
    if as_of is None:
        from datetime import datetime, timezone

        # The only place that reads the clock.
        as_of = datetime.now(timezone.utc).replace(microsecond=0)
    snapshot = Snapshot.read(
        list(evidence), observed_at=observed_at, time_zone=time_zone, progress=progress
    )
    return _assess(snapshot, as_of=as_of, config=config)
