"""
People, and what holds for the tenant as a whole.
"""

from .licensing import Entitlement
from datetime import datetime
from sspr.licensing import Operation
from sspr.tenant import Cloud, SyncState
from typing import Any, final

__all__ = ["Organization", "People", "Person", "parse_organization"]

@final
class Organization:
    """
    The tenant as Graph's `organization` describes it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def cloud(self, /) -> Cloud | None:
        """
        The cloud that the initial domain tells.
        """
    @property
    def id(self, /) -> str | None:
        """
        The tenant's id.
        """
    @property
    def initial_domain(self, /) -> str | None:
        """
        The initial domain, such as `contoso.onmicrosoft.com`.
        """
    @property
    def last_sync(self, /) -> datetime | None:
        """
        When they were synchronised last.
        """
    @property
    def sync(self, /) -> SyncState | None:
        """
        Whether identities come from an on-premises directory.
        """

@final
class People:
    """
    The people of a snapshot, one by one.
    """
    def __iter__(self, /) -> People: ...
    def __length_hint__(self, /) -> int: ...
    def __next__(self, /) -> Person: ...

@final
class Person:
    """
    A person of the evidence. What is not known of the person is `None`. Equal is the same person of the
    same snapshot.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def admin(self, /) -> bool | None:
        """
        Holds an administrator role.
        """
    @property
    def admin_count(self, /) -> bool | None:
        """
        `adminCount` is 1 (Active Directory).
        """
    @property
    def bad_phone(self, /) -> bool | None:
        """
        A phone number is in a form that SSPR ignores.
        """
    @property
    def cannot_change(self, /) -> bool | None:
        """
        The account may not change its password (Active Directory).
        """
    @property
    def container(self, /) -> str | None:
        """
        The distinguished name of the container in Active Directory.
        """
    @property
    def dn(self, /) -> str | None:
        """
        The distinguished name in Active Directory.
        """
    @property
    def enabled(self, /) -> bool | None:
        """
        The account is enabled.
        """
    def entitlement(self, /, operation: Operation | str = ...) -> Entitlement | None:
        """
        Whether the person is licensed for an operation, and whether the tenant makes it available;
        `None` where it is not known whether the person is synchronised.
        """
    @property
    def guest(self, /) -> bool | None:
        """
        A guest.
        """
    @property
    def id(self, /) -> str | None:
        """
        The object id; `None` where only the name is known.
        """
    @property
    def locked(self, /) -> bool | None:
        """
        Has been locked out; the lockout may have ended since (Active Directory).
        """
    @property
    def must_change(self, /) -> bool | None:
        """
        The password must be changed at next logon (Active Directory).
        """
    @property
    def never_expires(self, /) -> bool | None:
        """
        The password never expires (Active Directory).
        """
    @property
    def password_set(self, /) -> datetime | None:
        """
        When the on-premises password was set.
        """
    @property
    def protected(self, /) -> bool | None:
        """
        Protected as an administrator now (Active Directory).
        """
    @property
    def sid(self, /) -> str | None:
        """
        The security identifier in Active Directory.
        """
    @property
    def smart_card(self, /) -> bool | None:
        """
        A smart card is required to sign in (Active Directory).
        """
    @property
    def sspr_capable(self, /) -> bool | None:
        """
        Registered and allowed.
        """
    @property
    def sspr_enabled(self, /) -> bool | None:
        """
        Allowed by the policy to reset.
        """
    @property
    def sspr_registered(self, /) -> bool | None:
        """
        Registered enough methods.
        """
    @property
    def synced(self, /) -> bool | None:
        """
        Synchronised from the on-premises directory.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the attributes.
        """
    @property
    def upn(self, /) -> str:
        """
        The user principal name; empty where only the id is known.
        """
    @property
    def usage_location(self, /) -> bool | None:
        """
        A usage location is set.
        """

def parse_organization(json: str | bytes | dict[str, Any] | list[Any]) -> Organization:
    """
    Reads Graph's `organization`: one object, or a page of one.
    """
