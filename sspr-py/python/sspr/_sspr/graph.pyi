"""
Reading a tenant through Microsoft Graph, and writing what was read as evidence.
"""

from _typeshed import SupportsGetItem
from collections.abc import Callable
from datetime import datetime
from os import PathLike
from pathlib import Path
from sspr._errors import SsprError
from sspr.evidence import Progress
from sspr.graph import DevicePrompt as DevicePrompt2
from typing import Any, SupportsIndex, final

__all__ = ["Bounds", "Client", "Collected", "DevicePrompt", "Elsewhere", "PlannedRequest", "Rates", "SignIn", "collect", "elsewhere", "plan"]

@final
class Bounds:
    """
    What a run, and each request in it, may cost.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, answer_bytes: SupportsIndex | None = None, pages: SupportsIndex | None = None, seconds: SupportsIndex | None = None, timeout_seconds: SupportsIndex | None = None, attempts: SupportsIndex | None = None, wait_seconds: SupportsIndex | None = None, retry_after_seconds: SupportsIndex | None = None, people_in_doubt: SupportsIndex | None = None) -> Bounds: ...
    def __repr__(self, /) -> str: ...
    @property
    def answer_bytes(self, /) -> int:
        """
        Most bytes of one answer, unpacked.
        """
    @property
    def attempts(self, /) -> int:
        """
        How often one request is sent at most.
        """
    @property
    def pages(self, /) -> int:
        """
        Most pages of one collection.
        """
    @property
    def people_in_doubt(self, /) -> int:
        """
        Of how many people, whose licences leave a doubt, the plans are read.
        """
    @property
    def retry_after_seconds(self, /) -> int:
        """
        The longest `Retry-After` that is obeyed, in seconds.
        """
    @property
    def seconds(self, /) -> int:
        """
        Most seconds of a whole run.
        """
    @property
    def timeout_seconds(self, /) -> int:
        """
        Seconds to wait for a connection, and for each part of an answer.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def wait_seconds(self, /) -> int:
        """
        Most seconds that one request waits between its attempts, all together.
        """

@final
class Client:
    """
    A client that only reads: one answer, all pages of a list, or several answers at once, within the
    documented rates, with waits and repetitions where Graph asks for them. Paths begin with the
    version, such as `/v1.0/users?$top=999`.
    """
    def __new__(cls, /, sign_in: SignIn, *, tenant: str | None = None, client_id: str | None = None, cloud: str = "global", root: str | None = None, authority: str | None = None, ca_file: str | PathLike[str] | None = None, rates: Rates | None = None, bounds: Bounds | None = None) -> Client:
        """
        Prepares a client without asking anybody.
        """
    def __repr__(self, /) -> str: ...
    def batch(self, /, paths: SupportsGetItem[int, str]) -> list[bytes | SsprError]:
        """
        Answers to several paths of v1.0, in their order: the bytes of each, or the exception that
        says why there are none.
        """
    def get(self, /, path: str) -> bytes:
        """
        One answer: a JSON object, as its bytes.
        """
    def pages(self, /, path: str) -> list[bytes]:
        """
        All pages of a list, each as its bytes. A list that cannot be read to its end is an error.
        """

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
    def complete(self, /) -> bool:
        """
        Whether nothing was cut short. What was can be read on with `resume`.
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
    def initial_domain(self, /) -> str | None:
        """
        Its initial domain, such as `contoso.onmicrosoft.com`.
        """
    @property
    def not_available(self, /) -> list[str]:
        """
        What is not there, in the collector's words.
        """
    @property
    def people(self, /) -> int:
        """
        People in the list of users.
        """
    @property
    def received(self, /) -> int:
        """
        Bytes received in this run, unpacked.
        """
    @property
    def tenant(self, /) -> str | None:
        """
        The tenant's id.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class DevicePrompt:
    """
    What a person is shown who is to sign in.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> str:
        """
        What to type there.
        """
    @property
    def expires(self, /) -> datetime:
        """
        Until when the code can be used.
        """
    @property
    def message(self, /) -> str:
        """
        Both in a sentence, in Entra's words.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def url(self, /) -> str:
        """
        Where to go.
        """

@final
class Elsewhere:
    """
    Something that Graph does not tell, and where to get it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def how(self, /) -> str:
        """
        How to get it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def what(self, /) -> str:
        """
        What.
        """

@final
class PlannedRequest:
    """
    A request that `collect` will make.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def beta(self, /) -> bool:
        """
        Whether it is of the beta version, which may change any day.
        """
    @property
    def method(self, /) -> str:
        """
        `GET`, or `GET in $batch` where twenty go in one envelope.
        """
    @property
    def part(self, /) -> str:
        """
        The part of the evidence it is for, such as `users`.
        """
    @property
    def permission(self, /) -> str:
        """
        The least permission that gives it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def url(self, /) -> str:
        """
        The address, readable. What only the tenant knows stands in angle brackets.
        """
    @property
    def why(self, /) -> str:
        """
        What it is for, in a sentence.
        """

@final
class Rates:
    """
    How many requests are sent at most. The defaults are Microsoft's documented limits.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, identity_units: SupportsIndex | None = None, reports: SupportsIndex | None = None, conditional_access: SupportsIndex | None = None) -> Rates: ...
    def __repr__(self, /) -> str: ...
    @property
    def conditional_access(self, /) -> int:
        """
        Requests for conditional access policies in any second.
        """
    @property
    def identity_units(self, /) -> int:
        """
        Resource units of identity requests in any 10 seconds.
        """
    @property
    def reports(self, /) -> int:
        """
        Requests for reports and audit records in any 10 seconds.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class SignIn:
    """
    How to sign in. Secrets are neither printed nor pickled, and the library wipes its copies; Python's
    own strings stay where they are until Python reuses their memory.
    """
    def __repr__(self, /) -> str: ...
    @staticmethod
    def client_certificate(pem: str) -> SignIn:
        """
        As an application, with its certificate and key in PEM.
        """
    @staticmethod
    def client_secret(secret: str) -> SignIn:
        """
        As an application, with its secret.
        """
    @staticmethod
    def device_code(show: Callable[[DevicePrompt2], object]) -> SignIn:
        """
        As a person, who types a code in a browser on any machine. `show` is called with the prompt.
        """
    @staticmethod
    def federated_token(path: str | PathLike[str]) -> SignIn:
        """
        As an application, with a token of another issuer, in a file that is read at each renewal.
        """
    @staticmethod
    def managed_identity() -> SignIn:
        """
        As the machine inside of Azure that the run is on.
        """
    @staticmethod
    def provider(provide: Callable[[str | None], str | tuple[str, datetime]]) -> SignIn:
        """
        With tokens that the caller gets. `provide` is called with the claims that Entra wants to see,
        as JSON, or with `None`. It gives a token, or a tuple of a token and the time of its end.
        """
    @staticmethod
    def token(token: str) -> SignIn:
        """
        With a token that is there already. It cannot be renewed.
        """

def collect(folder: str | PathLike[str], sign_in: SignIn, *, tenant: str | None = None, client_id: str | None = None, cloud: str = "global", root: str | None = None, authority: str | None = None, ca_file: str | PathLike[str] | None = None, scope_group: str | None = None, audit_days: SupportsIndex = 30, beta: bool = False, gzip: bool = False, resume: bool = False, rates: Rates | None = None, bounds: Bounds | None = None, progress: Callable[[Progress], object] | None = None) -> Collected:
    """
    Reads a tenant through Microsoft Graph and writes an evidence folder that `sspr.assess` takes.

    Nothing is changed in the tenant: only GET, and batches of GETs, exist. `cloud` is `global`,
    `usGovernment`, `usGovernmentDod` or `china`; `root` and `authority` name any other. `scope_group`
    is the object id of the group that self-service reset is on for. What `progress` raises stops the
    run, which goes on with `resume`; so does what a token provider raises, and it is raised here.
    """

def elsewhere() -> list[Elsewhere]:
    """
    What Graph does not tell, and where to get it.
    """

def plan(*, cloud: str = "global", root: str | None = None, scope_group: str | None = None, audit_days: SupportsIndex = 30, beta: bool = False) -> list[PlannedRequest]:
    """
    Every request that `collect` would make, without asking any server. What only the tenant knows
    stands in angle brackets.
    """
