"""
What is written in Rust. Import it from the modules of `sspr`.
"""

from . import directory as directory, events as events, evidence as evidence, explain as explain, forecast as forecast, graph as graph, ldap as ldap, licensing as licensing, policy as policy, readiness as readiness, roundtrip as roundtrip, schema as schema, snapshot as snapshot, tenant as tenant, watch as watch, writeback as writeback
from _typeshed import SupportsGetItem
from typing import Final

__all__ = ["__version__", "_panic", "_words", "command", "directory", "events", "evidence", "explain", "forecast", "graph", "ldap", "licensing", "policy", "readiness", "roundtrip", "schema", "snapshot", "tenant", "watch", "writeback"]

__version__: Final[str]

def _panic() -> None:
    """
    Panics, so that a test can see what becomes of it.
    """

def _words() -> list[tuple[str, str, list[str]]]:
    """
    The words of every enumeration, for the test that holds the Python files to them.
    """

def command(args: SupportsGetItem[int, str]) -> int:
    """
    Runs the `sspr` command on this process's own streams, with the arguments after its name, and
    gives its exit code.
    """
