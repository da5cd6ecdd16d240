"""Is Microsoft Entra self-service password reset with writeback set up right, for whom will it
work, and did it work?

``assess`` reads evidence and judges it; the modules hold everything that it is made of, named as
in the Rust library.
"""

import sys as _sys

from . import _sspr

# The extension is one file: its modules become importable here.
for _name in (
    "directory",
    "events",
    "evidence",
    "explain",
    "forecast",
    "graph",
    "ldap",
    "licensing",
    "policy",
    "readiness",
    "roundtrip",
    "schema",
    "snapshot",
    "tenant",
    "watch",
    "writeback",
):
    _sys.modules[f"{__name__}._sspr.{_name}"] = getattr(_sspr, _name)

from . import (
    directory,
    events,
    evidence,
    explain,
    forecast,
    graph,
    ldap,
    licensing,
    policy,
    readiness,
    roundtrip,
    schema,
    snapshot,
    tenant,
    watch,
    writeback,
)
from ._assess import assess
from ._command import main
from ._errors import (
    Cancelled,
    InputError,
    InternalError,
    PolicyError,
    SourceError,
    SsprError,
)
from ._sspr import __version__
from .readiness import Report
from .snapshot import Snapshot

__all__ = [
    "Cancelled",
    "InputError",
    "InternalError",
    "PolicyError",
    "Report",
    "Snapshot",
    "SourceError",
    "SsprError",
    "__version__",
    "assess",
    "directory",
    "events",
    "evidence",
    "explain",
    "forecast",
    "graph",
    "ldap",
    "licensing",
    "main",
    "policy",
    "readiness",
    "roundtrip",
    "schema",
    "snapshot",
    "tenant",
    "watch",
    "writeback",
]
