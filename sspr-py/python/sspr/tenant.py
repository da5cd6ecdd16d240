"""People, and what holds for the tenant as a whole."""

from ._sspr.tenant import (
    Organization,
    People,
    Person,
    parse_organization,
)
from ._word import Word

__all__ = [
    "Cloud",
    "Organization",
    "People",
    "Person",
    "SignInType",
    "SyncState",
    "parse_organization",
]


class SyncState(Word):
    """Whether identities come from an on-premises directory."""

    ON = "on"
    """Synchronised now."""
    OFF = "off"
    """Was synchronised once."""
    NEVER = "never"
    """Never synchronised."""


class Cloud(Word):
    """A Microsoft cloud."""

    PUBLIC = "public"
    """The public cloud, GCC included."""
    US_GOVERNMENT = "usGovernment"
    """US Government: GCC High and DoD."""
    CHINA = "china"
    """Operated by 21Vianet."""


class SignInType(Word):
    """How users sign in."""

    PASSWORD_HASH_SYNC = "passwordHashSync"
    """Password hash synchronisation."""
    PASS_THROUGH = "passThrough"
    """Pass-through authentication."""
    FEDERATED = "federated"
    """Federation."""
