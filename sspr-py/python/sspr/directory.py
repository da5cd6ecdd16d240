"""Active Directory: password policies, and who may do what."""

from ._sspr.directory import (
    Ace,
    Complexity,
    ComplexityFault,
    Decision,
    DomainAnswer,
    DomainRefusal,
    FineGrainedPolicy,
    KnownGuid,
    NetAccounts,
    PasswordGap,
    PasswordPolicy,
    PasswordPolicyDraft,
    PolicyFault,
    PolicyReadings,
    PolicySubject,
    ResultantPolicy,
    SecurityDescriptor,
    Sid,
    Token,
    check,
    complexity,
    inherit_into,
    known_guids,
    parse_net_accounts,
    parse_template,
    password_gap,
    predict,
    resultant_policy,
)
from ._word import Word

__all__ = [
    "Ace",
    "AceKind",
    "Because",
    "Complexity",
    "ComplexityFault",
    "ComputerRole",
    "Decision",
    "DomainAnswer",
    "DomainRefusal",
    "FineGrainedPolicy",
    "Granted",
    "KnownGuid",
    "KnownKind",
    "NetAccounts",
    "PasswordClass",
    "PasswordGap",
    "PasswordPolicy",
    "PasswordPolicyDraft",
    "PolicyFault",
    "PolicyReadings",
    "PolicySubject",
    "ResultantPolicy",
    "SecurityDescriptor",
    "Sid",
    "Token",
    "check",
    "complexity",
    "inherit_into",
    "known_guids",
    "parse_net_accounts",
    "parse_template",
    "password_gap",
    "predict",
    "resultant_policy",
]


class PasswordClass(Word):
    """A kind of password that the cloud takes and the domain refuses."""

    TOO_SHORT = "tooShort"
    """Long enough for the cloud, too short for the domain."""
    HOLDS_NAME = "holdsName"
    """Holds the account name or a part of the display name."""
    USED_BEFORE = "usedBefore"
    """Was used before. The cloud looks at the last one alone, and at a change alone."""
    TOO_SOON = "tooSoon"
    """Comes too soon after the last one."""


class ComputerRole(Word):
    """The role of the machine that answered ``net accounts``."""

    PRIMARY = "primary"
    """``PRIMARY``: the PDC emulator."""
    BACKUP = "backup"
    """``BACKUP``: another domain controller."""
    WORKSTATION = "workstation"
    """``WORKSTATION``: the machine's own policy."""
    SERVER = "server"
    """``SERVER``: the machine's own policy."""


class AceKind(Word):
    """What an entry does, as far as the access check is concerned."""

    ALLOW = "allow"
    """Grants."""
    DENY = "deny"
    """Takes away."""
    CONDITIONAL_ALLOW = "conditionalAllow"
    """Grants under a condition that cannot be judged without a live logon."""
    CONDITIONAL_DENY = "conditionalDeny"
    """Takes away under such a condition."""
    OTHER = "other"
    """Audits, labels, or is of a type that is not known: decides nothing."""


class Granted(Word):
    """Whether a right is held."""

    YES = "yes"
    """It is."""
    NO = "no"
    """It is not."""
    UNKNOWN = "unknown"
    """It hangs on a condition that cannot be judged without a live logon."""


class Because(Word):
    """What decided."""

    ENTRY = "entry"
    """An entry of the list."""
    NO_LIST = "noList"
    """There is no list: everything is granted."""
    OWNER = "owner"
    """The owner holds it without an entry."""
    NO_ENTRY = "noEntry"
    """No entry speaks of it: it is not granted."""


class KnownKind(Word):
    """What a GUID in an entry names."""

    RIGHT = "right"
    """An extended right."""
    ATTRIBUTE = "attribute"
    """An attribute."""
    PROPERTY_SET = "propertySet"
    """A property set."""
    CLASS = "class"
    """A class."""
