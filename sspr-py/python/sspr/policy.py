"""Who may reset a password, with which methods, under which rules."""

from ._sspr.policy import (
    AdministratorRole,
    AuthenticationMethodsPolicy,
    AuthorizationPolicy,
    BannedPasswords,
    BannedVerdict,
    CloudPasswordFault,
    CloudPasswordRules,
    ConvergedMethod,
    IntegrationSettings,
    Locations,
    OnPremisesPasswordResetPolicies,
    PasswordResetPolicies,
    PasswordRuleSettings,
    PasswordRules,
    PolicyDraft,
    PolicyFault,
    QuestionSettings,
    RegistrationGuard,
    ResetScope,
    SetAside,
    SsprPolicy,
    UpnFault,
    UsableMethod,
    UsableMethods,
    administrator_roles,
    check_upn,
    parse_authentication_methods_policy,
    parse_authorization_policy,
    parse_on_premises_policies,
    parse_password_reset_policies,
    parse_password_rules,
    usable_methods,
)
from ._word import Word

__all__ = [
    "AdministratorRole",
    "AuthenticationMethodsPolicy",
    "AuthorizationPolicy",
    "BannedPasswords",
    "BannedVerdict",
    "CloudPasswordFault",
    "CloudPasswordRules",
    "ConvergedMethod",
    "GuardOperator",
    "IntegrationSettings",
    "LegacyMethod",
    "Locations",
    "MethodState",
    "MigrationState",
    "OnPremisesPasswordResetPolicies",
    "PasswordResetPolicies",
    "PasswordRuleSettings",
    "PasswordRules",
    "PolicyDraft",
    "PolicyFault",
    "PolicyRule",
    "QuestionSettings",
    "Reason",
    "RegistrationGuard",
    "ResetMethod",
    "ResetScope",
    "SetAside",
    "Source",
    "SsprPolicy",
    "TermFault",
    "UpnFault",
    "UsableMethod",
    "UsableMethods",
    "administrator_roles",
    "check_upn",
    "parse_authentication_methods_policy",
    "parse_authorization_policy",
    "parse_on_premises_policies",
    "parse_password_reset_policies",
    "parse_password_rules",
    "usable_methods",
]


class LegacyMethod(Word):
    """A method of the legacy Password reset blade."""

    MOBILE_APP_NOTIFICATION = "mobileAppNotification"
    """Approve a notification in the Authenticator app."""
    MOBILE_APP_CODE = "mobileAppCode"
    """A code from an app or a token."""
    EMAIL = "email"
    """A code sent to another mailbox."""
    MOBILE_PHONE = "mobilePhone"
    """A code by SMS, or a voice call."""
    OFFICE_PHONE = "officePhone"
    """A voice call to the office."""
    SECURITY_QUESTIONS = "securityQuestions"
    """Answers to questions."""


class MigrationState(Word):
    """How far a tenant has moved from the legacy policies to the authentication methods
    policy."""

    PRE_MIGRATION = "preMigration"
    """SSPR uses the legacy policy alone."""
    MIGRATION_IN_PROGRESS = "migrationInProgress"
    """SSPR uses both."""
    MIGRATION_COMPLETE = "migrationComplete"
    """SSPR uses the authentication methods policy; only security questions stay behind."""


class MethodState(Word):
    """Whether a method is on."""

    ENABLED = "enabled"
    """On for its targets."""
    DISABLED = "disabled"
    """Off for everybody."""


class ResetMethod(Word):
    """A way to prove one's identity at a reset."""

    APP_NOTIFICATION = "appNotification"
    """A notification in the Authenticator app."""
    APP_CODE = "appCode"
    """A code in the Authenticator app."""
    SOFTWARE_TOKEN = "softwareToken"
    """A code of another authenticator app."""
    HARDWARE_TOKEN = "hardwareToken"
    """A code of a hardware token."""
    EMAIL = "email"
    """A code sent to another mailbox."""
    SMS = "sms"
    """A code by SMS."""
    VOICE = "voice"
    """A call to the mobile phone."""
    OFFICE_PHONE = "officePhone"
    """A call to the office phone."""
    SECURITY_QUESTIONS = "securityQuestions"
    """Answers to questions."""


class Source(Word):
    """The policy that makes a method usable."""

    LEGACY = "legacy"
    """The legacy switches of the Password reset blade."""
    CONVERGED = "converged"
    """The authentication methods policy."""
    BOTH = "both"
    """Both."""


class Reason(Word):
    """Why a method that is on does not count."""

    LEGACY_IGNORED = "legacyIgnored"
    """The migration is complete: the legacy switch is ignored."""
    CONVERGED_NOT_YET_USED = "convergedNotYetUsed"
    """Before the migration a reset uses the legacy policy alone."""
    NOTIFICATION_NEEDS_TWO = "notificationNeedsTwo"
    """Under the legacy policy a notification works only where two methods are required."""
    NOT_FOR_RESET = "notForReset"
    """It signs in, and does not reset passwords."""
    REACHES_NOBODY = "reachesNobody"
    """It is on, and targeted at nobody."""


class GuardOperator(Word):
    """How grant controls combine."""

    ALL = "all"
    """All must be met."""
    ANY = "any"
    """One must be met."""


class TermFault(Word):
    """A term that a custom list cannot hold."""

    TOO_SHORT = "tooShort"
    """Fewer than four characters."""
    TOO_LONG = "tooLong"
    """More than sixteen characters."""


class PolicyRule(Word):
    """The rules that a policy keeps."""

    MISSING = "missing"
    """The setting must be given."""
    RANGE = "range"
    """The number lies outside its range."""
    GROUP_NEEDED = "groupNeeded"
    """A scope of selected users needs a group."""
    RESET_WITHIN_REGISTERED = "resetWithinRegistered"
    """No more questions can be asked at a reset than were registered."""
    REGISTERED_WITHIN_DEFINED = "registeredWithinDefined"
    """No more questions can be registered than are defined."""
    QUESTIONS_NEEDED = "questionsNeeded"
    """The numbers of questions must be given where security questions are on."""
    HELPDESK_ADDRESS = "helpdeskAddress"
    """A customised helpdesk link needs a mail address or a web address."""
    ENOUGH_METHODS = "enoughMethods"
    """Fewer methods are usable than a reset takes."""
