"""
A snapshot judged, and the report.
"""

from .evidence import Missing
from .snapshot import Evidence, Skipped, Snapshot
from datetime import datetime
from sspr.events import OperationKind
from sspr.evidence import Strength
from sspr.readiness import Hits, Phase, PhaseVerdict, Severity, Verdict
from typing import Any, SupportsIndex, final

__all__ = ["CollectEntry", "Concerned", "Configuration", "EvidenceRef", "Finding", "LastProof", "PeopleCount", "Period", "PhaseReport", "Remedy", "Report", "Rule", "assess", "rule", "rules"]

@final
class CollectEntry:
    """
    Something to collect.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def command(self, /) -> str:
        """
        The command, with this tenant's own names.
        """
    @staticmethod
    def from_json(text: str) -> CollectEntry:
        """
        Reads what `to_json` wrote.
        """
    @property
    def id(self, /) -> str:
        """
        A short name.
        """
    @property
    def minutes(self, /) -> int:
        """
        The minutes it takes.
        """
    @property
    def place(self, /) -> str:
        """
        Where to run it.
        """
    @property
    def rights(self, /) -> str:
        """
        The rights it takes.
        """
    @property
    def settles(self, /) -> list[str]:
        """
        The rules that it settles, gates first.
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
    def what(self, /) -> str:
        """
        What it is.
        """

@final
class Concerned:
    """
    People, servers or other things that a finding concerns.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def count(self, /) -> int:
        """
        How many, without the excluded.
        """
    @property
    def excluded(self, /) -> int:
        """
        How many the configuration excludes.
        """
    @staticmethod
    def from_json(text: str) -> Concerned:
        """
        Reads what `to_json` wrote.
        """
    @property
    def sample(self, /) -> list[str]:
        """
        The first of them by name.
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
class Configuration:
    """
    What an administrator may change about the judgement: severities, thresholds, exclusions,
    switched-off rules.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def changes(self, /) -> list[str]:
        """
        What it changes, in words.
        """
    @staticmethod
    def parse(toml: str) -> Configuration:
        """
        Reads a configuration in TOML and checks that every rule it names exists.
        """

@final
class EvidenceRef:
    """
    A place in the evidence.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_json(text: str) -> EvidenceRef:
        """
        Reads what `to_json` wrote.
        """
    @property
    def locator(self, /) -> str:
        """
        The place in it.
        """
    @property
    def observed_at(self, /) -> datetime | None:
        """
        When it was observed.
        """
    @property
    def source(self, /) -> int:
        """
        An index into the report's `evidence`.
        """
    @property
    def strength(self, /) -> Strength:
        """
        How strong it is.
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
class Finding:
    """
    One rule's verdict with its evidence.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> str:
        """
        The rule.
        """
    @property
    def evidence(self, /) -> list[EvidenceRef]:
        """
        What decided.
        """
    @staticmethod
    def from_json(text: str) -> Finding:
        """
        Reads what `to_json` wrote.
        """
    @property
    def gate(self, /) -> bool:
        """
        Whether it is a gate.
        """
    @property
    def hits(self, /) -> Hits | None:
        """
        Whom a failure hits.
        """
    @property
    def inferred(self, /) -> bool:
        """
        Whether the verdict rests on an inference.
        """
    @property
    def message(self, /) -> str:
        """
        The verdict in words.
        """
    @property
    def missing(self, /) -> list[Missing]:
        """
        What is missing, when it is unknown.
        """
    @property
    def phase(self, /) -> Phase:
        """
        Its phase.
        """
    @property
    def remedy(self, /) -> Remedy | None:
        """
        How to mend it, when it failed.
        """
    @property
    def severity(self, /) -> Severity:
        """
        How much it weighs here.
        """
    @property
    def sources(self, /) -> list[str]:
        """
        Documentation.
        """
    @property
    def subjects(self, /) -> Concerned | None:
        """
        The people, servers or other things concerned.
        """
    @property
    def title(self, /) -> str:
        """
        What it judges.
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
    def values(self, /) -> dict[str, Any]:
        """
        Measured values.
        """
    @property
    def verdict(self, /) -> Verdict:
        """
        The verdict.
        """
    @property
    def works_today(self, /) -> bool:
        """
        It predicts trouble, and a later password was written all the same.
        """

@final
class LastProof:
    """
    A password that was seen written.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def at(self, /) -> datetime:
        """
        When.
        """
    @staticmethod
    def from_json(text: str) -> LastProof:
        """
        Reads what `to_json` wrote.
        """
    @property
    def host(self, /) -> str | None:
        """
        On which server.
        """
    @property
    def operation(self, /) -> OperationKind:
        """
        What was done, such as `reset`.
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
    def user(self, /) -> str | None:
        """
        For whom.
        """

@final
class PeopleCount:
    """
    For how many people it works.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_json(text: str) -> PeopleCount:
        """
        Reads what `to_json` wrote.
        """
    @property
    def hit(self, /) -> int:
        """
        Of these, hit by at least one failed error rule.
        """
    @property
    def in_scope(self, /) -> int:
        """
        People in scope.
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
class Period:
    """
    A stretch of time.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def end(self, /) -> datetime:
        """
        Its end.
        """
    @staticmethod
    def from_json(text: str) -> Period:
        """
        Reads what `to_json` wrote.
        """
    @property
    def start(self, /) -> datetime:
        """
        Its start.
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
class PhaseReport:
    """
    One phase.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def errors(self, /) -> int:
        """
        Failed rules that weigh as errors.
        """
    @staticmethod
    def from_json(text: str) -> PhaseReport:
        """
        Reads what `to_json` wrote.
        """
    @property
    def inferred(self, /) -> bool:
        """
        Whether a pass rests on an inference.
        """
    @property
    def number(self, /) -> int | None:
        """
        Its number, 1 to 6, for the phases of the set-up.
        """
    @property
    def phase(self, /) -> Phase:
        """
        Which.
        """
    @property
    def title(self, /) -> str:
        """
        What it is called.
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
    def verdict(self, /) -> PhaseVerdict:
        """
        The verdict.
        """
    @property
    def warnings(self, /) -> int:
        """
        Failed rules that weigh as warnings.
        """

@final
class Remedy:
    """
    How to mend a failure. It is printed, and never run.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def command(self, /) -> str | None:
        """
        The command, where there is one.
        """
    @staticmethod
    def from_json(text: str) -> Remedy:
        """
        Reads what `to_json` wrote.
        """
    @property
    def steps(self, /) -> list[str]:
        """
        What to do, in order.
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
    def undo(self, /) -> str:
        """
        The way back.
        """
    @property
    def verify(self, /) -> str:
        """
        How to see that it worked.
        """
    @property
    def why(self, /) -> str:
        """
        What the mending brings, and what to weigh.
        """

@final
class Report:
    """
    The verdict on a tenant.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def _repr_html_(self, /) -> str: ...
    def _repr_markdown_(self, /) -> str: ...
    @property
    def as_of(self, /) -> datetime:
        """
        The time the verdict is for.
        """
    @property
    def collect(self, /) -> list[CollectEntry]:
        """
        What to collect next, the most telling first.
        """
    @property
    def configuration(self, /) -> list[str]:
        """
        What the configuration changed, in words.
        """
    @property
    def evidence(self, /) -> list[Evidence]:
        """
        What was read.
        """
    def finding(self, /, code: str) -> Finding | None:
        """
        The finding of a rule, by its code in any case; `None` for a rule that is not there.
        """
    @property
    def findings(self, /) -> list[Finding]:
        """
        Every rule, whatever its verdict, by code.
        """
    @staticmethod
    def from_json(text: str) -> Report:
        """
        Reads what `to_json` wrote.
        """
    @property
    def gates_settled(self, /) -> bool:
        """
        Whether every gate is settled.
        """
    @property
    def last_proof(self, /) -> LastProof | None:
        """
        The last password that was seen written to the domain.
        """
    @property
    def people(self, /) -> PeopleCount | None:
        """
        For how many people it works, where people are in evidence.
        """
    @property
    def period(self, /) -> Period | None:
        """
        The time that the evidence covers: from the first record of its logs, or its first
        observation, to its last observation.
        """
    @property
    def phases(self, /) -> list[PhaseReport]:
        """
        The phases, licensing and permissions.
        """
    @property
    def quickest_proof(self, /) -> CollectEntry | None:
        """
        The one log that alone tells whether it works today, while no success is on record.
        """
    @property
    def schema(self, /) -> str:
        """
        Always `sspr-report/1`.
        """
    @property
    def skipped(self, /) -> list[Skipped]:
        """
        What gave nothing.
        """
    @property
    def tenant(self, /) -> str | None:
        """
        The tenant's name, where it is known.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_html(self, /) -> str:
        """
        As a fragment of HTML, without style sheet or script.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """
    def to_markdown(self, /, *, details: bool = False) -> str:
        """
        As Markdown. `details` shows every rule with its evidence.
        """
    def to_text(self, /, *, width: SupportsIndex = 80, color: bool = False, details: bool = False) -> str:
        """
        For a terminal. `width` counts columns; below 40 it is written as for 40, above 120 as for
        120. `details` shows every rule with its evidence.
        """
    @property
    def verdict(self, /) -> PhaseVerdict:
        """
        The answer as a whole.
        """
    @property
    def version(self, /) -> str:
        """
        The version of the library that judged.
        """

@final
class Rule:
    """
    One rule, with everything that is said of it wherever it appears.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> str:
        """
        Such as `SSPR401`; stable for ever.
        """
    @property
    def gate(self, /) -> bool:
        """
        A gate: while it is unknown, so is its phase.
        """
    @property
    def needs(self, /) -> list[str]:
        """
        The names of the facts it judges, the most telling first.
        """
    @property
    def phase(self, /) -> Phase:
        """
        The phase it belongs to.
        """
    @property
    def rationale(self, /) -> str:
        """
        Why it matters, in two or three sentences for an administrator.
        """
    @property
    def severity(self, /) -> Severity:
        """
        How much a failure weighs.
        """
    @property
    def sources(self, /) -> list[str]:
        """
        Addresses of the documentation it rests on, the best first.
        """
    @property
    def title(self, /) -> str:
        """
        What it judges, as a short noun phrase that fits every verdict.
        """

def assess(snapshot: Snapshot, *, as_of: datetime, config: Configuration | None = None) -> Report:
    """
    Judges a snapshot, rule by rule. `as_of` is the time the verdict is for; the library reads no
    clock. The interpreter's lock is released meanwhile.
    """

def rule(code: str) -> Rule | None:
    """
    The rule of a code, in any case; `None` when there is none.
    """

def rules() -> list[Rule]:
    """
    All rules, by code.
    """
