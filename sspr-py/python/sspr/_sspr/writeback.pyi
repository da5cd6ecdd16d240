"""
Servers, versions, endpoints.
"""

from _typeshed import SupportsGetItem
from datetime import date, datetime
from sspr._errors import SsprError
from sspr.tenant import Cloud
from sspr.writeback import CertificateState, Fit, ServiceState, StartMode
from typing import Any, SupportsIndex, final

__all__ = ["ConnectIdentity", "Connector", "EndpointTest", "Floor", "KnownFault", "Partition", "Release", "Server", "ServerDraft", "Standing", "SyncService", "WritebackRole", "certificate_state", "cloud_sync_endpoints", "endpoints", "releases", "standing", "windows_fit", "writeback_roles"]

@final
class ConnectIdentity:
    """
    How Entra Connect signs in to Entra ID.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, application: bool, managed: bool | None = None, certificate_expires: datetime | None = None) -> ConnectIdentity: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def application(self, /) -> bool:
        """
        An application with a certificate (`true`) or the `Sync_…` account (`false`).
        """
    @property
    def certificate_expires(self, /) -> datetime | None:
        """
        When the certificate ends.
        """
    @staticmethod
    def from_json(text: str) -> ConnectIdentity:
        """
        Reads what `to_json` wrote.
        """
    @property
    def managed(self, /) -> bool | None:
        """
        Managed by Entra Connect, or brought by the administrator.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """

@final
class Connector:
    """
    A connector of Entra Connect to a forest.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, name: str, *, id: str | None = None, forest: str | None = None, account: str | None = None, sign_and_seal: bool | None = None, ssl: bool | None = None, created: datetime | None = None, partitions: SupportsGetItem[int, Partition] = ...) -> Connector: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def account(self, /) -> str | None:
        """
        The account it uses, such as `CONTOSO\\MSOL_0123456789ab`.
        """
    @property
    def created(self, /) -> datetime | None:
        """
        When it was made.
        """
    @property
    def forest(self, /) -> str | None:
        """
        The forest.
        """
    @staticmethod
    def from_json(text: str) -> Connector:
        """
        Reads what `to_json` wrote.
        """
    @property
    def id(self, /) -> str | None:
        """
        Its id in upper case with braces, by which rules name it.
        """
    @property
    def name(self, /) -> str:
        """
        Its name, usually the forest's.
        """
    @property
    def partitions(self, /) -> list[Partition]:
        """
        Its domains.
        """
    @property
    def sign_and_seal(self, /) -> bool | None:
        """
        Whether LDAP traffic is signed and encrypted: the forest connection.
        """
    @property
    def ssl(self, /) -> bool | None:
        """
        Whether LDAP runs over TLS.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """

@final
class EndpointTest:
    """
    One test of a network endpoint.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, host: str, *, port: SupportsIndex = 443, reached: bool, tested_from: str | None = None, proxy: bool | None = None, at: datetime | None = None) -> EndpointTest: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def at(self, /) -> datetime | None:
        """
        When, if known.
        """
    @staticmethod
    def from_json(text: str) -> EndpointTest:
        """
        Reads what `to_json` wrote.
        """
    @property
    def host(self, /) -> str:
        """
        The host that was to be reached.
        """
    @property
    def port(self, /) -> int:
        """
        The port.
        """
    @property
    def proxy(self, /) -> bool | None:
        """
        Whether a proxy stood in between, if known.
        """
    @property
    def reached(self, /) -> bool:
        """
        Whether a TCP connection succeeded.
        """
    @property
    def tested_from(self, /) -> str | None:
        """
        The machine that tested, if known.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """

@final
class Floor:
    """
    A version below which Entra Connect stops synchronising on a day.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def application_sign_in(self, /) -> bool:
        """
        That day also stops every server that does not sign in to Entra ID as an application.
        """
    @property
    def day(self, /) -> date:
        """
        The day on which everything below it stops.
        """
    @staticmethod
    def from_json(text: str) -> Floor:
        """
        Reads what `to_json` wrote.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """
    @property
    def version(self, /) -> str:
        """
        The least version that goes on.
        """

@final
class KnownFault:
    """
    A fault that Microsoft describes for some versions.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def first(self, /) -> str | None:
        """
        The first version that has it; absent when all older ones do.
        """
    @property
    def fixed_in(self, /) -> str:
        """
        The first version without it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def what(self, /) -> str:
        """
        What happens, as a sentence.
        """

@final
class Partition:
    """
    A domain of a connector.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, dn: str, *, selected: bool | None = None, included: SupportsGetItem[int, str] = ..., excluded: SupportsGetItem[int, str] = ..., sign_and_seal: bool | None = None, last_dc: str | None = None, preferred_dcs: SupportsGetItem[int, str] = ...) -> Partition: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def dn(self, /) -> str:
        """
        The domain's distinguished name.
        """
    @property
    def excluded(self, /) -> list[str]:
        """
        Containers inside those that are not.
        """
    @staticmethod
    def from_json(text: str) -> Partition:
        """
        Reads what `to_json` wrote.
        """
    @property
    def included(self, /) -> list[str]:
        """
        Containers that are synchronised, by distinguished name; none where that is not known.
        """
    @property
    def last_dc(self, /) -> str | None:
        """
        The domain controller that was used last.
        """
    @property
    def preferred_dcs(self, /) -> list[str]:
        """
        Domain controllers to prefer.
        """
    @property
    def selected(self, /) -> bool | None:
        """
        Whether it is synchronised.
        """
    @property
    def sign_and_seal(self, /) -> bool | None:
        """
        Whether LDAP traffic is signed and encrypted here.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """

@final
class Release:
    """
    A release of Entra Connect.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_json(text: str) -> Release:
        """
        Reads what `to_json` wrote.
        """
    @property
    def recalled(self, /) -> bool:
        """
        Microsoft took it back: it is to be uninstalled.
        """
    @property
    def supported_until(self, /) -> date | None:
        """
        The first day without support; absent while no date is set.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """
    @property
    def version(self, /) -> str:
        """
        Its version.
        """

@final
class Server:
    """
    A server whose description holds nothing impossible.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, draft: ServerDraft) -> Server:
        """
        Takes a draft, or raises a `PolicyError` with all its faults.
        """
    def __reduce__(self, /) -> tuple[Any, tuple[ServerDraft]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def settings(self, /) -> ServerDraft:
        """
        The description.
        """

@final
class ServerDraft:
    """
    What somebody says of an Entra Connect server, checked or not. Absent fields are unknown.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, host: str, *, version: str | None = None, writeback: bool | None = None, staging: bool | None = None, service: SyncService | None = None, identity: ConnectIdentity | None = None, connectors: SupportsGetItem[int, Connector] = ..., endpoints: SupportsGetItem[int, EndpointTest] = ...) -> ServerDraft: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def connectors(self, /) -> list[Connector]:
        """
        Connectors to forests.
        """
    @property
    def endpoints(self, /) -> list[EndpointTest]:
        """
        Tests of network endpoints.
        """
    def faults(self, /) -> list[SsprError]:
        """
        Everything that is impossible in it, each with the JSON pointer of its field.
        """
    @staticmethod
    def from_json(text: str) -> ServerDraft:
        """
        Reads what `to_json` wrote.
        """
    @property
    def host(self, /) -> str:
        """
        Its host name, with or without its domain.
        """
    @property
    def identity(self, /) -> ConnectIdentity | None:
        """
        How it signs in to Entra ID.
        """
    @property
    def service(self, /) -> SyncService | None:
        """
        The ADSync service.
        """
    @property
    def staging(self, /) -> bool | None:
        """
        Staging mode.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """
    @property
    def version(self, /) -> str | None:
        """
        The version of Entra Connect.
        """
    @property
    def writeback(self, /) -> bool | None:
        """
        The wizard's Password writeback box.
        """

@final
class Standing:
    """
    What is to be said of a version on a day.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def application_floors(self, /) -> list[Floor]:
        """
        Floors, in force or announced, that the version meets and that ask for an application's
        sign-in besides.
        """
    @property
    def faults(self, /) -> list[KnownFault]:
        """
        Its known faults.
        """
    @property
    def listed(self, /) -> bool:
        """
        The table lists this very version.
        """
    @property
    def newer_than_table(self, /) -> bool:
        """
        It is newer than anything the table knows.
        """
    @property
    def recalled(self, /) -> bool:
        """
        Microsoft took the version back.
        """
    @property
    def stopped_by(self, /) -> Floor | None:
        """
        The minimum version that is in force and that the version does not meet.
        """
    @property
    def support(self, /) -> str:
        """
        Its support: `ended`, `until` or `noEnd`.
        """
    @property
    def support_date(self, /) -> date | None:
        """
        The day on which it ended or ends; `None` without an end.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def will_be_stopped_by(self, /) -> Floor | None:
        """
        The next announced minimum version that the version does not meet.
        """

@final
class SyncService:
    """
    One Windows service.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, name: str, *, state: ServiceState | str | None = None, start: StartMode | str | None = None) -> SyncService: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_json(text: str) -> SyncService:
        """
        Reads what `to_json` wrote.
        """
    @property
    def name(self, /) -> str:
        """
        Its short name, such as `ADSync`.
        """
    @property
    def start(self, /) -> StartMode | None:
        """
        How it starts.
        """
    @property
    def state(self, /) -> ServiceState | None:
        """
        Its state.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """

@final
class WritebackRole:
    """
    An application role of the password reset service that writeback needs.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> str:
        """
        Its id (`appRoleId`).
        """
    @property
    def name(self, /) -> str:
        """
        Its name, such as `PasswordWriteback.RefreshClient.All`.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

def certificate_state(expires: datetime, as_of: datetime) -> CertificateState:
    """
    The state of a certificate of Entra Connect's application.
    """

def cloud_sync_endpoints(cloud: Cloud | str) -> list[str]:
    """
    Hosts that the agents of cloud sync must reach on port 443 in a cloud.
    """

def endpoints(cloud: Cloud | str) -> list[str]:
    """
    Hosts that Entra Connect must reach on port 443 for writeback in a cloud; `*` stands for any name.
    """

def releases() -> list[Release]:
    """
    What the built-in table knows of releases of Entra Connect, the oldest first.
    """

def standing(version: str, as_of: datetime) -> Standing:
    """
    What is to be said of a version of Entra Connect, such as `2.5.79.0`, on a day.
    """

def windows_fit(caption: str, *, connect: str | None = None) -> Fit | None:
    """
    Whether a Windows, by its caption, carries Entra Connect; `None` for one that is not known here.
    """

def writeback_roles() -> list[WritebackRole]:
    """
    The application roles of the password reset service that writeback needs.
    """
