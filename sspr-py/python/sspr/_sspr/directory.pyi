"""
Active Directory: password policies, and who may do what.
"""

from _typeshed import SupportsGetItem
from datetime import datetime, timedelta
from sspr._errors import SsprError
from sspr.directory import AceKind, Because, ComputerRole, Granted, KnownKind, PasswordClass, Sid as Sid2
from typing import Any, SupportsIndex, final

__all__ = ["Ace", "Complexity", "ComplexityFault", "Decision", "DomainAnswer", "DomainRefusal", "FineGrainedPolicy", "KnownGuid", "NetAccounts", "PasswordGap", "PasswordPolicy", "PasswordPolicyDraft", "PolicyFault", "PolicyReadings", "PolicySubject", "ResultantPolicy", "SecurityDescriptor", "Sid", "Token", "check", "complexity", "inherit_into", "known_guids", "parse_net_accounts", "parse_template", "password_gap", "predict", "resultant_policy"]

@final
class Ace:
    """
    One entry of an access control list.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def flags(self, /) -> int:
        """
        Its flags, as they are stored.
        """
    @property
    def inherit_only(self, /) -> bool:
        """
        Whether it only serves inheritance, and decides nothing itself.
        """
    @property
    def inherited(self, /) -> bool:
        """
        Whether it was inherited.
        """
    @property
    def inherited_object(self, /) -> str | None:
        """
        The GUID of the class of objects that inherit it.
        """
    @property
    def kind(self, /) -> AceKind:
        """
        Whether it allows or denies.
        """
    @property
    def mask(self, /) -> int:
        """
        The rights, as a mask of bits.
        """
    @property
    def object(self, /) -> str | None:
        """
        The GUID of the right, attribute, property set or class that it is limited to.
        """
    @property
    def object_name(self, /) -> str | None:
        """
        What that GUID is called, where it is known.
        """
    @property
    def sid(self, /) -> Sid | None:
        """
        For whom; `None` for kinds that are not read here.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class Complexity:
    """
    The outcome of the complexity rule.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def faults(self, /) -> list[ComplexityFault]:
        """
        What stands against the candidate, none when it is complex enough.
        """
    @property
    def hangs_on_space(self, /) -> bool:
        """
        Whether the answer hangs on the space counting as a special character, which no
        documentation says.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class ComplexityFault:
    """
    What stands against a candidate. The candidate itself is not in it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def found(self, /) -> int | None:
        """
        How many of the five classes of characters occur, where they are too few.
        """
    @property
    def rule(self, /) -> str:
        """
        `containsAccountName`, `containsNamePart` or `tooFewClasses`.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class Decision:
    """
    The answer of the access check, with what decided it.
    """
    def __bool__(self, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...
    @property
    def ace(self, /) -> Ace | None:
        """
        The entry that decided.
        """
    @property
    def because(self, /) -> Because:
        """
        What decided.
        """
    @property
    def entry(self, /) -> int | None:
        """
        The place in the access list of the entry that decided, counted from 0; `None` when no entry
        did.
        """
    @property
    def granted(self, /) -> Granted:
        """
        Whether the right is held.
        """
    @property
    def reason(self, /) -> str:
        """
        The answer with its reason, in a sentence.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class DomainAnswer:
    """
    The domain's answer.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def may_be_in_history(self, /) -> bool:
        """
        Whether the policy keeps old passwords, or may: no evidence tells whether a candidate is
        one of them.
        """
    @property
    def refusals(self, /) -> list[DomainRefusal]:
        """
        Every reason to refuse, in the order in which the domain looks: the first is the one it
        would give.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def unknown(self, /) -> list[str]:
        """
        What is not known and could still refuse it.
        """

@final
class DomainRefusal:
    """
    One reason of the domain to refuse.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def event(self, /) -> int:
        """
        The event of the writeback service to expect.
        """
    @property
    def fault(self, /) -> ComplexityFault | None:
        """
        Where it is not complex enough: why.
        """
    @property
    def hresult(self, /) -> int | None:
        """
        The result code to expect with it, where one is known.
        """
    @property
    def minimum(self, /) -> int | None:
        """
        Where it is too short: fewest characters.
        """
    @property
    def reason(self, /) -> str:
        """
        `disabled`, `cannotChange`, `lockedOut`, `tooYoung`, `tooShort`, `tooLong` or `complexity`.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def until(self, /) -> datetime | None:
        """
        Where it is too young: until when, if that is known.
        """

@final
class FineGrainedPolicy:
    """
    A fine-grained password policy (`msDS-PasswordSettings`). It replaces all settings of the
    domain's policy, not some.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, name: str, *, dn: str, precedence: SupportsIndex, policy: PasswordPolicyDraft, guid: str | None = None, applies_to: SupportsGetItem[int, str] | None = None) -> FineGrainedPolicy: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def applies_to(self, /) -> list[str] | None:
        """
        Distinguished names of the users and global groups it applies to, when all are known.
        """
    @property
    def dn(self, /) -> str:
        """
        Its distinguished name.
        """
    @staticmethod
    def from_json(text: str) -> FineGrainedPolicy:
        """
        Reads what `to_json` wrote.
        """
    @property
    def guid(self, /) -> str | None:
        """
        Its `objectGUID`, which decides between policies of the same precedence.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def policy(self, /) -> PasswordPolicyDraft:
        """
        Its settings.
        """
    @property
    def precedence(self, /) -> int:
        """
        Its precedence; the lowest number wins.
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
class KnownGuid:
    """
    A GUID with its name.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def about(self, /) -> str:
        """
        What it has to do with writeback.
        """
    @property
    def id(self, /) -> str:
        """
        The GUID.
        """
    @property
    def kind(self, /) -> KnownKind:
        """
        What it names.
        """
    @property
    def name(self, /) -> str:
        """
        Its name in the schema or among the extended rights.
        """
    @property
    def property_set(self, /) -> str | None:
        """
        The property set an attribute belongs to.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class NetAccounts:
    """
    What `net accounts` prints. Complexity is not printed.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    @property
    def is_controller(self, /) -> bool | None:
        """
        Whether a domain controller answered, so that the policy is the domain's; `None` when that
        cannot be told.
        """
    @property
    def policy(self, /) -> PolicyReadings:
        """
        The policy.
        """
    @property
    def role(self, /) -> ComputerRole | None:
        """
        The role of the machine that answered, when it is printed in a word that is known.
        """

@final
class PasswordGap:
    """
    One class, with an example that was made up.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def description(self, /) -> str:
        """
        What is in it, as a noun phrase.
        """
    @property
    def example(self, /) -> str:
        """
        An example, always the same for the same policy. It is nobody's password.
        """
    @property
    def kind(self, /) -> PasswordClass:
        """
        The class.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class PasswordPolicy:
    """
    A policy that a domain can have in force.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, draft: PasswordPolicyDraft) -> PasswordPolicy:
        """
        Takes a draft, or raises a `PolicyError` with all its faults.
        """
    def __reduce__(self, /) -> tuple[Any, tuple[PasswordPolicyDraft]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def settings(self, /) -> PasswordPolicyDraft:
        """
        Its settings.
        """

@final
class PasswordPolicyDraft:
    """
    The settings of a password policy, as far as they are known, with or without sense.

    Absent fields are unknown, never zero. `PasswordPolicy` takes only settings that a domain can
    have in force; `PasswordPolicyDraft::faults` lists all that stands against it. Spans are
    `timedelta`, `timedelta.max` for "never"; whole seconds or `"never"` when written as JSON.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, minimum_age: timedelta | None = None, maximum_age: timedelta | None = None, minimum_length: SupportsIndex | None = None, history: SupportsIndex | None = None, complexity: bool | None = None, reversible: bool | None = None, lockout_threshold: SupportsIndex | None = None, lockout_duration: timedelta | None = None, lockout_window: timedelta | None = None) -> PasswordPolicyDraft: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def complexity(self, /) -> bool | None:
        """
        Whether complexity is required.
        """
    def faults(self, /) -> list[PolicyFault]:
        """
        Everything that a domain would refuse.
        """
    @staticmethod
    def from_json(text: str) -> PasswordPolicyDraft:
        """
        Reads what `to_json` wrote.
        """
    @property
    def history(self, /) -> int | None:
        """
        How many old passwords are remembered.
        """
    @property
    def lockout_duration(self, /) -> timedelta | None:
        """
        How long a lockout lasts; `Never` means until an administrator unlocks.
        """
    @property
    def lockout_threshold(self, /) -> int | None:
        """
        Failed sign-ins before a lockout; 0 is never.
        """
    @property
    def lockout_window(self, /) -> timedelta | None:
        """
        How long failed sign-ins are counted.
        """
    @property
    def maximum_age(self, /) -> timedelta | None:
        """
        How long a password may be kept.
        """
    @property
    def minimum_age(self, /) -> timedelta | None:
        """
        How long a password must be kept.
        """
    @property
    def minimum_length(self, /) -> int | None:
        """
        Least length in characters.
        """
    @property
    def reversible(self, /) -> bool | None:
        """
        Whether passwords are stored reversibly.
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
class PolicyFault:
    """
    One thing that is wrong with a policy.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def field(self, /) -> str:
        """
        The field, such as `minimumAge`.
        """
    @property
    def message(self, /) -> str:
        """
        What is wrong with it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class PolicyReadings:
    """
    A password policy as an export has it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    @property
    def draft(self, /) -> PasswordPolicyDraft:
        """
        What it says, as far as it could be read.
        """
    @property
    def faults(self, /) -> list[SsprError]:
        """
        The fields that are there and cannot be read, each with its place.
        """

@final
class PolicySubject:
    """
    What decides which policy holds for an account.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, dn: str, *, groups: SupportsGetItem[int, str] | None = None, normal: bool = True) -> PolicySubject: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def dn(self, /) -> str:
        """
        The account's distinguished name.
        """
    @staticmethod
    def from_json(text: str) -> PolicySubject:
        """
        Reads what `to_json` wrote.
        """
    @property
    def groups(self, /) -> list[str] | None:
        """
        Distinguished names of all global groups it is in, directly or through other groups, when
        all are known.
        """
    @property
    def normal(self, /) -> bool:
        """
        Whether it is an ordinary account (`NORMAL_ACCOUNT`); no policy applies to others.
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
class ResultantPolicy:
    """
    The policy that holds for an account.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def among(self, /) -> list[FineGrainedPolicy]:
        """
        Where it is undecided, the policies of which one may hold.
        """
    @property
    def decided(self, /) -> str:
        """
        `domain`, `fineGrained` or `undecided`.
        """
    @property
    def or_domain(self, /) -> bool:
        """
        Whether the domain's own policy holds or may hold.
        """
    @property
    def policy(self, /) -> FineGrainedPolicy | None:
        """
        The fine-grained policy, where one holds.
        """
    @property
    def through_group(self, /) -> str | None:
        """
        The group that it applies to, where it does not apply to the account itself.
        """

@final
class SecurityDescriptor:
    """
    A security descriptor.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def aces(self, /) -> list[Ace] | None:
        """
        The entries of the access list, in their order; `None` where there is no list, so that
        everything is granted.
        """
    @staticmethod
    def from_bytes(data: bytes) -> SecurityDescriptor:
        """
        From its binary, self-relative form, as `nTSecurityDescriptor` has it.
        """
    @staticmethod
    def from_sddl(text: str, *, domain: Sid2 | str | None = None, forest_root: Sid2 | str | None = None) -> SecurityDescriptor:
        """
        From SDDL, as `Get-Acl` prints it. `domain` and `forest_root` are the SIDs of domains that
        aliases such as `DA` and `EA` speak of.
        """
    @property
    def group(self, /) -> Sid | None:
        """
        The primary group.
        """
    @property
    def is_protected(self, /) -> bool:
        """
        Whether entries of the container are kept out.
        """
    @property
    def owner(self, /) -> Sid | None:
        """
        The owner.
        """
    def to_bytes(self, /) -> bytes:
        """
        Its binary form.
        """
    def to_sddl(self, /) -> str:
        """
        As SDDL, without aliases.
        """

@final
class Sid:
    """
    A security identifier.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __ge__(self, other: object, /) -> bool: ...
    def __gt__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __le__(self, other: object, /) -> bool: ...
    def __lt__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __new__(cls, /, text: str) -> Sid:
        """
        From its text, such as `S-1-5-21-1-2-3-500`.
        """
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def domain(self, /) -> Sid:
        """
        The identifier without its last number.
        """
    @staticmethod
    def from_bytes(data: bytes) -> Sid:
        """
        From its binary form.
        """
    @property
    def is_domain_relative(self, /) -> bool:
        """
        Whether it belongs to a domain.
        """
    @property
    def name(self, /) -> str | None:
        """
        What a well-known one is called.
        """
    @property
    def rid(self, /) -> int | None:
        """
        The last number; `None` where there is none.
        """
    def to_bytes(self, /) -> bytes:
        """
        Its binary form.
        """

@final
class Token:
    """
    Who asks: an account with all the groups that count for it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def account(self, /) -> Sid:
        """
        The account.
        """
    @staticmethod
    def exact(account: Sid2 | str, groups: SupportsGetItem[int, Sid2 | str]) -> Token:
        """
        From an account's own `tokenGroups`: all groups are known.
        """
    @staticmethod
    def from_memberships(account: Sid2 | str, memberships: dict[Sid2 | str, SupportsGetItem[int, Sid2 | str]], *, primary_group: Sid2 | str | None = None, sid_history: SupportsGetItem[int, Sid2 | str] = ...) -> Token:
        """
        From the memberships of accounts and groups, followed through groups of groups: for each SID
        the groups that it is in.
        """
    @property
    def sids(self, /) -> list[Sid]:
        """
        All SIDs that count, the account's own among them.
        """
    def with_deny_only(self, /, sids: SupportsGetItem[int, Sid2 | str]) -> Token:
        """
        The same, with SIDs that only count where they deny.
        """

def check(descriptor: SecurityDescriptor, token: Token, right: str, *, object_class: str = "user", sid: Sid2 | str | None = None) -> Decision:
    """
    Whether a token holds a right on an object, by the object's descriptor.

    `right` is an extended right or an attribute to write, by its name or GUID, such as
    `Reset Password` or `lockoutTime`. `object_class` is the object's class, and `sid` its own SID, for
    entries that speak of SELF.
    """

def complexity(candidate: str, account: str, *, display: str | None = None) -> Complexity:
    """
    "Password must meet complexity requirements", for a candidate that is not kept, and the names of
    its account.
    """

def inherit_into(parent: SupportsGetItem[int, Ace], *, object_class: str = "user", owner: Sid2 | str | None = None, group: Sid2 | str | None = None) -> list[Ace]:
    """
    The entries that an object of a class inherits from the entries of its container.
    """

def known_guids() -> list[KnownGuid]:
    """
    The rights, attributes, property sets and classes that are known here.
    """

def parse_net_accounts(text: str) -> NetAccounts:
    """
    Reads the output of `net accounts`, with or without a prompt before it.
    """

def parse_template(text: str) -> PolicyReadings:
    """
    Reads the password policy of a security template, such as `GptTmpl.inf` or the output of
    `secedit /export`. A key that is not there is not defined by the template, and is `None`.
    """

def password_gap(policy: PasswordPolicyDraft) -> list[PasswordGap]:
    """
    The classes of passwords that the cloud takes and a domain with this policy refuses.
    """

def predict(candidate: str, policy: PasswordPolicyDraft, *, as_of: datetime, operation: str = "reset", account: str | None = None, display: str | None = None, password_set: datetime | None = None, must_change: bool | None = None, disabled: bool | None = None, cannot_change: bool | None = None, locked: bool | None = None, password_not_required: bool | None = None) -> DomainAnswer:
    """
    What a domain with this policy would answer to a candidate, which is not kept.

    `operation` is `change`, or `reset` as password writeback does it. The names and states of the
    account are taken as not known where they are not given.
    """

def resultant_policy(policies: SupportsGetItem[int, FineGrainedPolicy], subject: PolicySubject) -> ResultantPolicy:
    """
    The policy that holds for an account, of **all** fine-grained policies of its domain.

    Policies applied to the account itself come first, whatever their precedence; only without any
    do those of its groups count. Who may not read the policies must not conclude that there are none.
    """
