"""Watches logs for failures, bursts and silence: python watch_log.py LOGS [STATE]

LOGS is a log, or a folder with logs of any kind that grow. STATE is a file: with it, another run goes on
where this one ended, and nothing is told twice or forgotten.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime

from sspr.watch import Watch, WatchState


def main(logs: str, kept: str | None, rounds: int, since: datetime | None = None) -> None:
    state = WatchState.load(kept) if kept else None
    watch = Watch([logs], state=state, since=None if state else since)
    while rounds != 0:
        watch.look()
        keep(watch, kept)
        for notice in watch.untold:
            print(f"{notice.at} {notice.kind} {notice.user or notice.log}: {notice.message}")
        watch.told(len(watch.untold))
        keep(watch, kept)
        rounds -= 1
        if rounds != 0:
            time.sleep(5)


def keep(watch: Watch, kept: str | None) -> None:
    """Kept before and after notices are told: whenever the program ends, none is lost."""
    if kept:
        watch.state.save(kept)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None, -1)
