"""Reading Active Directory over LDAP, and writing what was read as evidence."""

from ._sspr.ldap import Collected, PlannedSearch, collect, plan

__all__ = ["Collected", "PlannedSearch", "collect", "plan"]
