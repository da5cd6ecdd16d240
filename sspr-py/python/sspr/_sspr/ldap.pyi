"""
Reading Active Directory over LDAP, and writing what was read as evidence.
"""

from _typeshed import SupportsGetItem
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from sspr.evidence import Progress
from typing import Any, SupportsIndex, final

__all__ = ["Collected", "PlannedSearch", "collect", "plan"]

@final
class Collected:
    """
    What was collected.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def descriptors(self, /) -> int:
        """
        Distinct security descriptors.
        """
    @property
    def domain(self, /) -> str:
        """
        The DNS name of its domain.
        """
    @property
    def files(self, /) -> int:
        """
        Files, the manifest apart.
        """
    @property
    def folder(self, /) -> Path:
        """
        The folder with the evidence.
        """
    @property
    def not_available(self, /) -> list[str]:
        """
        What could not be read, in the collector's words.
        """
    @property
    def people(self, /) -> int:
        """
        People.
        """
    @property
    def received(self, /) -> int:
        """
        Bytes received in this run.
        """
    @property
    def server(self, /) -> str:
        """
        The DNS host name of the domain controller that answered.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class PlannedSearch:
    """
    A search that `collect` will make.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def attributes(self, /) -> list[str]:
        """
        The attributes that are asked for.
        """
    @property
    def base(self, /) -> str:
        """
        The distinguished name it begins at; empty for the server's own entry.
        """
    @property
    def command(self, /) -> str:
        """
        The same search as a command of OpenLDAP.
        """
    @property
    def controls(self, /) -> list[str]:
        """
        The controls that are sent, by object identifier.
        """
    @property
    def filter(self, /) -> str:
        """
        The filter, as RFC 4515 writes it.
        """
    @property
    def part(self, /) -> str:
        """
        The part of the evidence it is for, such as `people`.
        """
    @property
    def scope(self, /) -> str:
        """
        `base` or `sub`.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def why(self, /) -> str:
        """
        What it is for, in a sentence.
        """

def collect(server: str, user: str, password: str, folder: str | PathLike[str], *, start_tls: bool = False, address: str | None = None, ca_file: str | PathLike[str] | None = None, base: str | None = None, people: SupportsGetItem[int, str] = ..., connector_account: str | None = None, page_size: SupportsIndex | None = None, people_in_a_file: SupportsIndex | None = None, timeout_seconds: SupportsIndex | None = None, resume: bool = False, progress: Callable[[Progress], object] | None = None) -> Collected:
    """
    Reads a directory over LDAP and writes an evidence folder that `sspr.assess` takes.

    `server` is `ldaps://dc01.contoso.com`, or `ldap://dc01.contoso.com` with `start_tls`. Its
    certificate is verified: with the authorities of the operating system, or those of `ca_file`.
    Nothing is changed in the directory. The library wipes its copy of the password; Python's own
    string stays where it is until Python reuses its memory. A run that `progress` stopped, by raising,
    goes on with `resume`.
    """

def plan(server: str, user: str, *, start_tls: bool = False, base: str | None = None, people: SupportsGetItem[int, str] = ..., connector_account: str | None = None) -> list[PlannedSearch]:
    """
    Every search that `collect` would make, without asking any server. What only the server knows
    stands in angle brackets.
    """
