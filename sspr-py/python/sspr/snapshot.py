"""Evidence in, facts out; logs in, operations out."""

from ._sspr.snapshot import (
    Change,
    Changed,
    Evidence,
    Followed,
    LogRead,
    LogsRead,
    Lost,
    OperationsRead,
    Skipped,
    Snapshot,
    read_operations,
    read_support,
)

__all__ = [
    "Change",
    "Changed",
    "Evidence",
    "Followed",
    "LogRead",
    "LogsRead",
    "Lost",
    "OperationsRead",
    "Skipped",
    "Snapshot",
    "read_operations",
    "read_support",
]
