"""Evidence in, facts out."""

from ._sspr.snapshot import (
    Evidence,
    Lost,
    Skipped,
    Snapshot,
)

__all__ = [
    "Evidence",
    "Lost",
    "Skipped",
    "Snapshot",
]
