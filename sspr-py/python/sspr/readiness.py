"""A snapshot judged, and the report."""

from ._sspr.readiness import (
    CollectEntry,
    Concerned,
    Configuration,
    EvidenceRef,
    Finding,
    LastProof,
    PeopleCount,
    Period,
    PhaseReport,
    Remedy,
    Report,
    Rule,
    assess,
    rule,
    rules,
)
from ._word import Word

__all__ = [
    "CollectEntry",
    "Concerned",
    "Configuration",
    "EvidenceRef",
    "Finding",
    "Hits",
    "LastProof",
    "PeopleCount",
    "Period",
    "Phase",
    "PhaseReport",
    "PhaseVerdict",
    "Remedy",
    "Report",
    "Rule",
    "Severity",
    "Verdict",
    "assess",
    "rule",
    "rules",
]


class Verdict(Word):
    """A rule's verdict."""

    PASS = "pass"
    """As it should be."""
    FAIL = "fail"
    """Not as it should be."""
    UNKNOWN = "unknown"
    """A fact is missing."""
    NOT_APPLICABLE = "notApplicable"
    """The question does not arise."""


class PhaseVerdict(Word):
    """The verdict on a phase or on the whole."""

    PASS = "pass"
    """Nothing stands in the way."""
    FAIL = "fail"
    """Something does."""
    UNKNOWN = "unknown"
    """A gate is not settled."""
    NOT_APPLICABLE = "notApplicable"
    """The phase does not arise in this tenant."""


class Phase(Word):
    """The part of the set-up that a rule belongs to."""

    CLOUD_SCOPE = "cloudScope"
    """Phase 1."""
    WRITEBACK_SERVER = "writebackServer"
    """Phase 2."""
    ON_PREMISES_INTEGRATION = "onPremisesIntegration"
    """Phase 3."""
    DOMAIN_POLICY = "domainPolicy"
    """Phase 4."""
    USER_VERIFICATION = "userVerification"
    """Phase 5."""
    EVENT_LOG = "eventLog"
    """Phase 6."""
    LICENSING = "licensing"
    """Who may benefit."""
    PERMISSIONS = "permissions"
    """What the connector account may do."""
    EVIDENCE = "evidence"
    """The evidence itself. No phase of the set-up, and no cell on the screen."""


class Severity(Word):
    """How much a failure weighs."""

    INFORMATION = "information"
    """Good to know."""
    WARNING = "warning"
    """Worse, or less safe, than it should be."""
    ERROR = "error"
    """It will not work, for someone."""


class Hits(Word):
    """Whom a failure hits."""

    EVERYBODY = "everybody"
    """Everybody in scope."""
    SUBJECTS = "subjects"
    """The people that ``subjects`` counts."""
