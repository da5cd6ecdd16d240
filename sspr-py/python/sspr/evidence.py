"""Strength, subjects, what is missing, progress."""

from ._sspr.evidence import (
    Missing,
    Progress,
    Subject,
)
from ._word import Word

__all__ = [
    "Missing",
    "Progress",
    "Strength",
    "Subject",
    "SubjectType",
]


class Strength(Word):
    """How much a fact can be relied on. Later variants outweigh earlier ones."""

    INFERRED = "inferred"
    """Concluded from something else."""
    ATTESTED = "attested"
    """A person's word."""
    EXPORTED = "exported"
    """Exported by a person from the system of record (PowerShell output, portal JSON,
    templates)."""
    OBSERVED = "observed"
    """Read from the system of record (Graph answers, LDAP attributes, event records)."""


class SubjectType(Word):
    """The kinds of subject."""

    TENANT = "tenant"
    """"""
    HOST = "host"
    """"""
    DOMAIN = "domain"
    """"""
    GPO = "gpo"
    """"""
    GROUP = "group"
    """"""
    ROLE = "role"
    """"""
    USER = "user"
    """"""
