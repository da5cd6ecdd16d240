"""
Who may reset a password, with which methods, under which rules.
"""

from _typeshed import SupportsGetItem
from sspr._errors import SsprError
from sspr.policy import GuardOperator, LegacyMethod, MethodState, MigrationState, PolicyRule, Reason, ResetMethod, ResetScope as ResetScope2, Source, TermFault
from typing import Any, SupportsIndex, final

__all__ = ["AdministratorRole", "AuthenticationMethodsPolicy", "AuthorizationPolicy", "BannedPasswords", "BannedVerdict", "CloudPasswordFault", "CloudPasswordRules", "ConvergedMethod", "IntegrationSettings", "Locations", "OnPremisesPasswordResetPolicies", "PasswordResetPolicies", "PasswordRuleSettings", "PasswordRules", "PolicyDraft", "PolicyFault", "QuestionSettings", "RegistrationGuard", "ResetScope", "SetAside", "SsprPolicy", "UpnFault", "UsableMethod", "UsableMethods", "administrator_roles", "check_upn", "parse_authentication_methods_policy", "parse_authorization_policy", "parse_on_premises_policies", "parse_password_reset_policies", "parse_password_rules", "usable_methods"]

@final
class AdministratorRole:
    """
    A role whose holders come under the administrators' policy.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        Its name in Microsoft's list.
        """
    @property
    def template(self, /) -> str | None:
        """
        Its `roleTemplateId`; absent for roles that the public list of built-in roles lacks.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class AuthenticationMethodsPolicy:
    """
    Reads Graph's `policies/authenticationMethodsPolicy`.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    @property
    def faults(self, /) -> list[SsprError]:
        """
        The fields that are there and cannot be read, each with its place.
        """
    @property
    def methods(self, /) -> list[ConvergedMethod] | None:
        """
        Its methods.
        """
    @property
    def migration(self, /) -> MigrationState | None:
        """
        How far the migration from the legacy policies has come.
        """

@final
class AuthorizationPolicy:
    """
    Reads Graph's `policies/authorizationPolicy`.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    @property
    def admins_allowed(self, /) -> bool | None:
        """
        Whether administrators may reset their own passwords (`allowedToUseSSPR`).
        """
    @property
    def faults(self, /) -> list[SsprError]:
        """
        The fields that are there and cannot be read, each with its place.
        """

@final
class BannedPasswords:
    """
    Banned passwords: the tenant's own terms, and the names that a password must not contain.
    Microsoft's global list is secret and not in it.
    """
    def __new__(cls, /, terms: SupportsGetItem[int, str], *, names: SupportsGetItem[int, str] = ...) -> BannedPasswords:
        """
        `terms` are the custom banned terms, `names` the person's and the tenant's.
        """
    @staticmethod
    def check_term(term: str) -> TermFault | None:
        """
        What stands against a term in the list; `None` for a good one.
        """
    def judge(self, /, candidate: str) -> BannedVerdict:
        """
        The verdict on a candidate, which is not kept.
        """

@final
class BannedVerdict:
    """
    The verdict of the banned-password check.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def score(self, /) -> int | None:
        """
        The points it gets, where points are counted; 5 are needed.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def verdict(self, /) -> str:
        """
        `accepted`, `containsName`, `isBannedTerm` or `tooWeak`.
        """

@final
class CloudPasswordFault:
    """
    One thing that the cloud has against a password.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def count(self, /) -> int | None:
        """
        How many characters are not allowed.
        """
    @property
    def found(self, /) -> int | None:
        """
        Classes found, where they are too few.
        """
    @property
    def maximum(self, /) -> int | None:
        """
        Most characters, where it is too long.
        """
    @property
    def minimum(self, /) -> int | None:
        """
        Fewest characters, where it is too short.
        """
    @property
    def needed(self, /) -> int | None:
        """
        Classes needed, where they are too few.
        """
    @property
    def rule(self, /) -> str:
        """
        `tooShort`, `tooLong`, `tooFewClasses` or `characterNotAllowed`.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class CloudPasswordRules:
    """
    The rules that Microsoft Entra puts on a password in the cloud.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, education: bool = False) -> CloudPasswordRules:
        """
        The rules of an ordinary tenant, or of one of education.
        """
    def __repr__(self, /) -> str: ...
    def check(self, /, candidate: str) -> list[CloudPasswordFault]:
        """
        Everything that stands against a candidate, which is not kept.
        """
    @property
    def classes(self, /) -> int:
        """
        How many of the four classes of characters must occur.
        """
    @property
    def maximum_length(self, /) -> int:
        """
        Most characters.
        """
    @property
    def minimum_length(self, /) -> int:
        """
        Fewest characters.
        """

@final
class ConvergedMethod:
    """
    One method of the authentication methods policy.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, kind: str, *, state: MethodState | str = ..., include: SupportsGetItem[int, str] | None = None, exclude: SupportsGetItem[int, str] | None = None, office_phone: bool | None = None) -> ConvergedMethod:
        """
        A method by its id in the policy, such as `MicrosoftAuthenticator`. `include` and `exclude`
        take `allUsers` and ids of groups.
        """
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def exclude(self, /) -> list[str] | None:
        """
        Whom it leaves out, ids of groups; absent when the evidence does not tell.
        """
    @staticmethod
    def from_json(text: str) -> ConvergedMethod:
        """
        Reads what `to_json` wrote.
        """
    @property
    def include(self, /) -> list[str] | None:
        """
        Whom it reaches, `allUsers` or ids of groups; absent when the evidence does not tell.
        """
    @property
    def kind(self, /) -> str:
        """
        Which method, such as `microsoftAuthenticator`.
        """
    @property
    def office_phone(self, /) -> bool | None:
        """
        For voice: whether the office phone counts (`isOfficePhoneAllowed`).
        """
    @property
    def state(self, /) -> MethodState:
        """
        Whether it is on.
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
class IntegrationSettings:
    """
    The on-premises integration of the Password reset blade.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, writeback: bool | None = None, unlock: bool | None = None, cloud_sync: bool | None = None) -> IntegrationSettings: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def cloud_sync(self, /) -> bool | None:
        """
        Write back passwords with cloud sync.
        """
    @staticmethod
    def from_json(text: str) -> IntegrationSettings:
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
    def unlock(self, /) -> bool | None:
        """
        Unlock accounts without resetting the password.
        """
    @property
    def writeback(self, /) -> bool | None:
        """
        Write back passwords to the on-premises directory.
        """

@final
class Locations:
    """
    The locations that a policy speaks of: ids of named locations, `All`, or `AllTrusted`.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def exclude(self, /) -> list[str]:
        """
        Where it does not.
        """
    @staticmethod
    def from_json(text: str) -> Locations:
        """
        Reads what `to_json` wrote.
        """
    @property
    def include(self, /) -> list[str]:
        """
        Where it applies.
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
class OnPremisesPasswordResetPolicies:
    """
    Reads what the portal's own interface answers for
    `PasswordReset/OnPremisesPasswordResetPolicies`.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    @property
    def faults(self, /) -> list[SsprError]:
        """
        The fields that are there and cannot be read, each with its place.
        """
    @property
    def settings(self, /) -> IntegrationSettings:
        """
        What it says, as far as it could be read.
        """

@final
class PasswordResetPolicies:
    """
    Reads what the portal's own interface answers for `PasswordReset/PasswordResetPolicies`.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    @property
    def draft(self, /) -> PolicyDraft:
        """
        What it says, as far as it could be read.
        """
    @property
    def faults(self, /) -> list[SsprError]:
        """
        The fields that are there and cannot be read, each with its place.
        """

@final
class PasswordRuleSettings:
    """
    "Password Rule Settings": banned passwords and smart lockout of the tenant.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def custom_list(self, /) -> bool | None:
        """
        Whether the custom list of banned passwords is on.
        """
    @property
    def custom_terms(self, /) -> int | None:
        """
        How many terms the custom list has. The terms themselves are not kept.
        """
    @staticmethod
    def from_json(text: str) -> PasswordRuleSettings:
        """
        Reads what `to_json` wrote.
        """
    @property
    def lockout_seconds(self, /) -> int | None:
        """
        First lockout, in seconds.
        """
    @property
    def lockout_threshold(self, /) -> int | None:
        """
        Failed sign-ins before smart lockout.
        """
    @property
    def on_premises(self, /) -> bool | None:
        """
        Whether Entra Password Protection is on for the on-premises domain.
        """
    @property
    def on_premises_enforced(self, /) -> bool | None:
        """
        Whether it enforces there (`true`) or only audits (`false`).
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
class PasswordRules:
    """
    Reads Graph's group setting "Password Rule Settings".
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    @property
    def faults(self, /) -> list[SsprError]:
        """
        The fields that are there and cannot be read, each with its place.
        """
    @property
    def settings(self, /) -> PasswordRuleSettings | None:
        """
        Banned passwords and smart lockout of the tenant.
        """

@final
class PolicyDraft:
    """
    The settings of the Password reset blade as somebody wrote them down, with or without sense.
    Absent settings are unknown.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, scope: ResetScope2 | str | None = None, methods_required: SupportsIndex | None = None, methods: SupportsGetItem[int, LegacyMethod | str] | None = None, converged: SupportsGetItem[int, ConvergedMethod] | None = None, migration: MigrationState | str | None = None, questions: QuestionSettings | None = None, registration_required: bool | None = None, reconfirm_days: SupportsIndex | None = None, notify_users: bool | None = None, notify_admins: bool | None = None, helpdesk_customised: bool | None = None, helpdesk_link: str | None = None, integration: IntegrationSettings | None = None) -> PolicyDraft: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def converged(self, /) -> list[ConvergedMethod] | None:
        """
        Methods of the authentication methods policy.
        """
    @staticmethod
    def from_json(text: str) -> PolicyDraft:
        """
        Reads what `to_json` wrote.
        """
    @property
    def helpdesk_customised(self, /) -> bool | None:
        """
        Whether the helpdesk link is customised.
        """
    @property
    def helpdesk_link(self, /) -> str | None:
        """
        The helpdesk's address, mail or web.
        """
    @property
    def integration(self, /) -> IntegrationSettings:
        """
        The on-premises integration.
        """
    @property
    def methods(self, /) -> list[LegacyMethod] | None:
        """
        Methods of the legacy policy.
        """
    @property
    def methods_required(self, /) -> int | None:
        """
        How many methods a reset takes.
        """
    @property
    def migration(self, /) -> MigrationState | None:
        """
        How far the migration between both has come.
        """
    @property
    def notify_admins(self, /) -> bool | None:
        """
        Whether administrators are notified of other administrators' resets.
        """
    @property
    def notify_users(self, /) -> bool | None:
        """
        Whether users are notified of their reset.
        """
    @property
    def questions(self, /) -> QuestionSettings | None:
        """
        The numbers of security questions.
        """
    @property
    def reconfirm_days(self, /) -> int | None:
        """
        Days before users are asked to reconfirm, 0 for never.
        """
    @property
    def registration_required(self, /) -> bool | None:
        """
        Whether users must register when they sign in.
        """
    @property
    def scope(self, /) -> ResetScope | None:
        """
        For whom the reset is enabled.
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
    One setting that breaks a rule.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def allowed(self, /) -> str:
        """
        What is allowed.
        """
    @property
    def field(self, /) -> str:
        """
        The setting, named as in the draft's JSON, such as `reconfirmDays`.
        """
    @property
    def found(self, /) -> str:
        """
        What the draft says.
        """
    @property
    def rule(self, /) -> PolicyRule:
        """
        The rule it breaks.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class QuestionSettings:
    """
    The numbers of security questions.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, defined: SupportsIndex | None = None, required_to_register: SupportsIndex | None = None, required_to_reset: SupportsIndex | None = None) -> QuestionSettings: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def defined(self, /) -> int | None:
        """
        How many questions the tenant offers, if known.
        """
    @staticmethod
    def from_json(text: str) -> QuestionSettings:
        """
        Reads what `to_json` wrote.
        """
    @property
    def required_to_register(self, /) -> int | None:
        """
        How many a user must answer to register, 3 to 5.
        """
    @property
    def required_to_reset(self, /) -> int | None:
        """
        How many a user must answer to reset, 3 to 5.
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
class RegistrationGuard:
    """
    A Conditional Access policy that guards the registration of security information.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def controls(self, /) -> list[str]:
        """
        What it demands: grant controls such as `mfa`, `compliantDevice`, `block`;
        `authenticationStrength` where one is asked for.
        """
    @staticmethod
    def from_json(text: str) -> RegistrationGuard:
        """
        Reads what `to_json` wrote.
        """
    @property
    def is_enforced(self, /) -> bool:
        """
        Whether it is enforced.
        """
    @property
    def locations(self, /) -> Locations | None:
        """
        Where it applies; absent when it applies everywhere.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def operator(self, /) -> GuardOperator:
        """
        Whether all of these must be met, or one.
        """
    @property
    def state(self, /) -> str:
        """
        `enabled`, `enabledForReportingButNotEnforced` or `disabled`.
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
class ResetScope:
    """
    For whom self-service password reset is enabled.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, kind: str, *, group_id: str | None = None, group_name: str | None = None) -> ResetScope:
        """
        `none`, `all`, or `selected` with the group, nested groups included.
        """
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_json(text: str) -> ResetScope:
        """
        Reads what `to_json` wrote.
        """
    @property
    def group_id(self, /) -> str | None:
        """
        The id of the group, where it is one and known.
        """
    @property
    def group_name(self, /) -> str | None:
        """
        The name of the group, where it is one and known.
        """
    @property
    def kind(self, /) -> str:
        """
        `none`, `selected` or `all`.
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
class SetAside:
    """
    A method that is on somewhere and cannot be used for a reset.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def method(self, /) -> str:
        """
        Its name in the policy that has it on.
        """
    @property
    def reason(self, /) -> Reason:
        """
        Why it does not count.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class SsprPolicy:
    """
    A policy in force: settings that make sense together.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, draft: PolicyDraft) -> SsprPolicy:
        """
        Takes a draft, or raises a `PolicyError` with all its faults.
        """
    def __reduce__(self, /) -> tuple[Any, tuple[PolicyDraft]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def methods_required(self, /) -> int:
        """
        How many methods a reset takes.
        """
    @property
    def scope(self, /) -> ResetScope:
        """
        For whom the reset is enabled.
        """
    @property
    def settings(self, /) -> PolicyDraft:
        """
        All settings.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """
    def usable_methods(self, /) -> UsableMethods | None:
        """
        The methods that a reset can use; `None` where the migration state is not known.
        """

@final
class UpnFault:
    """
    One thing that Microsoft Entra has against a user principal name.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def character(self, /) -> str | None:
        """
        The character that is not allowed.
        """
    @property
    def rule(self, /) -> str:
        """
        `form`, `tooLong`, `localTooLong`, `domainTooLong`, `dotBeforeAt` or
        `characterNotAllowed`.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class UsableMethod:
    """
    One usable method and the policy it comes from.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def method(self, /) -> ResetMethod:
        """
        The method.
        """
    @property
    def source(self, /) -> Source:
        """
        Where it is on.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class UsableMethods:
    """
    The methods that a reset can use, with the reasons for those that it cannot.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def independent(self, /) -> int:
        """
        How many independent ones there are: those on one phone count once.
        """
    @property
    def is_enough(self, /) -> bool:
        """
        Whether there are enough.
        """
    @property
    def methods(self, /) -> list[UsableMethod]:
        """
        The usable ones, each once, in a fixed order.
        """
    @property
    def needed(self, /) -> int:
        """
        How many are needed: one more than required with the Authenticator app alone.
        """
    @property
    def on_one_phone(self, /) -> bool:
        """
        Whether all hang on one phone.
        """
    @property
    def required(self, /) -> int:
        """
        How many a reset takes.
        """
    @property
    def set_aside(self, /) -> list[SetAside]:
        """
        The others that are on somewhere.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

def administrator_roles() -> list[AdministratorRole]:
    """
    The roles whose holders come under the administrators' policy.
    """

def check_upn(upn: str) -> list[UpnFault]:
    """
    Everything that Microsoft Entra has against a user principal name.
    """

def parse_authentication_methods_policy(json: str | bytes | dict[str, Any] | list[Any]) -> AuthenticationMethodsPolicy:
    """
    Reads Graph's `policies/authenticationMethodsPolicy`.
    """

def parse_authorization_policy(json: str | bytes | dict[str, Any] | list[Any]) -> AuthorizationPolicy:
    """
    Reads Graph's `policies/authorizationPolicy`.
    """

def parse_on_premises_policies(json: str | bytes | dict[str, Any] | list[Any]) -> OnPremisesPasswordResetPolicies:
    """
    Reads what the portal's own interface answers for
    `PasswordReset/OnPremisesPasswordResetPolicies`.
    """

def parse_password_reset_policies(json: str | bytes | dict[str, Any] | list[Any]) -> PasswordResetPolicies:
    """
    Reads what the portal's own interface answers for `PasswordReset/PasswordResetPolicies`.
    """

def parse_password_rules(json: str | bytes | dict[str, Any] | list[Any]) -> PasswordRules:
    """
    Reads Graph's group setting "Password Rule Settings".
    """

def usable_methods(legacy: SupportsGetItem[int, LegacyMethod | str], converged: SupportsGetItem[int, ConvergedMethod], migration: MigrationState | str, required: SupportsIndex) -> UsableMethods:
    """
    The methods that a reset can use: from the legacy policy and the authentication methods policy,
    under a migration state.
    """
