"""Watches a log for failures: python watch_log.py LOG [ROUNDS]

The log is read anew each time it has grown, and what was seen is not said again.
"""

import os
import sys
import time

from sspr import events
from sspr.events import EventStage


def failures(log: str, after: int) -> int:
    """Says the failures after a record number, and gives the last record number."""
    for event in events.read(log):
        record = event.record or 0
        if record <= after:
            continue
        after = record
        known = events.look_up(event.provider, event.id)
        if known is None or known.stage is not EventStage.FAILURE:
            continue
        cause = events.cause(event)
        print(f"{event.time} {event.id} {event.parse().person}: {cause.title if cause else known.meaning}")
    return after


def main(log: str, rounds: int) -> None:
    size, last = -1, 0
    while rounds != 0:
        if os.path.getsize(log) != size:
            size = os.path.getsize(log)
            last = failures(log, last)
        rounds -= 1
        if rounds != 0:
            time.sleep(5)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else -1)
