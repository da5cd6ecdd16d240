"""Servers, versions, endpoints."""

from ._sspr.writeback import (
    ConnectIdentity,
    Connector,
    EndpointTest,
    Floor,
    KnownFault,
    Partition,
    Release,
    Server,
    ServerDraft,
    Standing,
    SyncService,
    WritebackRole,
    certificate_state,
    cloud_sync_endpoints,
    endpoints,
    releases,
    standing,
    windows_fit,
    writeback_roles,
)
from ._word import Word

__all__ = [
    "CertificateState",
    "ConnectIdentity",
    "Connector",
    "EndpointTest",
    "Fit",
    "Floor",
    "KnownFault",
    "Partition",
    "Release",
    "Server",
    "ServerDraft",
    "ServiceState",
    "Standing",
    "StartMode",
    "SyncService",
    "WritebackRole",
    "certificate_state",
    "cloud_sync_endpoints",
    "endpoints",
    "releases",
    "standing",
    "windows_fit",
    "writeback_roles",
]


class ServiceState(Word):
    """The state of a Windows service."""

    STOPPED = "stopped"
    """"""
    START_PENDING = "startPending"
    """"""
    STOP_PENDING = "stopPending"
    """"""
    RUNNING = "running"
    """"""
    CONTINUE_PENDING = "continuePending"
    """"""
    PAUSE_PENDING = "pausePending"
    """"""
    PAUSED = "paused"
    """"""


class StartMode(Word):
    """How a Windows service starts."""

    AUTOMATIC = "automatic"
    """"""
    MANUAL = "manual"
    """"""
    DISABLED = "disabled"
    """"""


class Fit(Word):
    """How well something fits what Microsoft asks for."""

    SUPPORTED = "supported"
    """As Microsoft asks."""
    CAVEAT = "caveat"
    """It works, and Microsoft asks for more or says "not yet"."""
    UNSUPPORTED = "unsupported"
    """Not supported."""


class CertificateState(Word):
    """The state of a certificate."""

    VALID = "valid"
    """Nothing to do."""
    DUE = "due"
    """To be rotated."""
    EXPIRED = "expired"
    """At its end."""
