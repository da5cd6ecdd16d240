//! `sspr.policy`: who may reset a password, with which methods, under which rules.

use pyo3::prelude::*;
use serde_json::Value;
use sspr::evidence::Reading;
use sspr::policy::{GroupTarget, MethodKind, Target};

use crate::data::{data, taken, words};
use crate::errors::{self, Fault, OrRaise};
use crate::input::Document;
use crate::policy_draft::PolicyDraft;

/// The methods that a reset can use: from the legacy policy and the authentication methods policy,
/// under a migration state.
#[pyfunction]
pub(crate) fn usable_methods(
    legacy: Vec<LegacyMethod>,
    converged: Vec<PyRef<'_, ConvergedMethod>>,
    migration: MigrationState,
    required: u32,
) -> PyResult<UsableMethods> {
    let legacy = legacy.into_iter().map(|it| it.0).collect();
    let converged: Vec<_> = converged.iter().map(|it| it.0.clone()).collect();
    let required = sspr::policy::MethodsRequired::try_from(required).map_err(errors::value)?;
    let usable = sspr::policy::usable(&legacy, &converged, migration.0, required);
    Ok(UsableMethods(usable))
}

/// Everything that Microsoft Entra has against a user principal name.
#[pyfunction]
pub(crate) fn check_upn(upn: &str) -> Vec<UpnFault> {
    sspr::policy::check_upn(upn)
        .into_iter()
        .map(UpnFault)
        .collect()
}

/// The roles whose holders come under the administrators' policy.
#[pyfunction]
pub(crate) fn administrator_roles() -> Vec<AdministratorRole> {
    sspr::policy::ADMINISTRATOR_ROLES
        .iter()
        .copied()
        .map(AdministratorRole)
        .collect()
}

fn method(kind: &MethodKind) -> String {
    match kind {
        MethodKind::Other(id) => id.clone(),
        known => errors::word(known),
    }
}

fn targets(targets: Option<&[Target]>) -> Option<Vec<String>> {
    let name = |target: &Target| match target {
        Target::AllUsers => "allUsers".to_owned(),
        Target::Group(group) => group.id.to_string(),
    };
    targets.map(|all| all.iter().map(name).collect())
}

fn parse_targets(targets: Vec<String>) -> PyResult<Vec<Target>> {
    let parse = |target: String| match target.as_str() {
        "allUsers" => Ok(Target::AllUsers),
        id => match id.parse() {
            Ok(id) => Ok(Target::Group(GroupTarget { id })),
            Err(_) => Err(errors::value("a target is allUsers or the id of a group")),
        },
    };
    targets.into_iter().map(parse).collect()
}

/// What was read, and what could not be read of it.
macro_rules! reading {
    (
        $(#[$doc:meta])*
        $name:ident by $function:ident of $core:ty: $($field:ident),*;
        $($more:tt)*
    ) => {
        $(#[$doc])*
        #[pyfunction]
        pub(crate) fn $function(py: Python<'_>, json: Document) -> PyResult<$name> {
            <$core>::parse(&json.0).or_raise(py).map($name)
        }

        $(#[$doc])*
        #[pyclass(frozen, eq, module = "sspr.policy")]
        #[derive(PartialEq)]
        pub(crate) struct $name($core);

        #[pymethods]
        impl $name {
            /// The fields that are there and cannot be read, each with its place.
            #[getter]
            fn faults(&self) -> Vec<Fault> {
                let faults = [$(fault(&self.0.$field)),*];
                faults.into_iter().flatten().collect()
            }
            $($more)*
        }
    };
}

fn fault<T>(reading: &Reading<T>) -> Option<Fault> {
    match reading {
        Reading::Bad(error) => Some(Fault(error.clone())),
        _ => None,
    }
}

reading! {
    /// Reads what the portal's own interface answers for `PasswordReset/PasswordResetPolicies`.
    PasswordResetPolicies by parse_password_reset_policies of sspr::policy::PasswordResetPolicies:
        scope, methods_required, methods, questions, registration_required, reconfirm_days,
        notify_users, notify_admins, helpdesk_customised, helpdesk_link;

    /// What it says, as far as it could be read.
    #[getter]
    fn draft(&self) -> PolicyDraft {
        PolicyDraft(self.0.draft())
    }
}

reading! {
    /// Reads what the portal's own interface answers for
    /// `PasswordReset/OnPremisesPasswordResetPolicies`.
    OnPremisesPasswordResetPolicies by parse_on_premises_policies
        of sspr::policy::OnPremisesPasswordResetPolicies: writeback, unlock, cloud_sync;

    /// What it says, as far as it could be read.
    #[getter]
    fn settings(&self) -> IntegrationSettings {
        IntegrationSettings(self.0.settings())
    }
}

reading! {
    /// Reads Graph's `policies/authorizationPolicy`.
    AuthorizationPolicy by parse_authorization_policy
        of sspr::policy::AuthorizationPolicy: admins_allowed;

    /// Whether administrators may reset their own passwords (`allowedToUseSSPR`).
    #[getter]
    fn admins_allowed(&self) -> Option<bool> {
        self.0.admins_allowed.value().copied()
    }
}

reading! {
    /// Reads Graph's `policies/authenticationMethodsPolicy`.
    AuthenticationMethodsPolicy by parse_authentication_methods_policy
        of sspr::policy::AuthenticationMethodsPolicy: migration, methods;

    /// How far the migration from the legacy policies has come.
    #[getter]
    fn migration(&self) -> Option<MigrationState> {
        self.0.migration.value().copied().map(MigrationState)
    }

    /// Its methods.
    #[getter]
    fn methods(&self) -> Option<Vec<ConvergedMethod>> {
        let methods = self.0.methods.value()?;
        Some(methods.iter().cloned().map(ConvergedMethod).collect())
    }
}

reading! {
    /// Reads Graph's group setting "Password Rule Settings".
    PasswordRules by parse_password_rules of sspr::policy::PasswordRules: settings;

    /// Banned passwords and smart lockout of the tenant.
    #[getter]
    fn settings(&self) -> Option<PasswordRuleSettings> {
        self.0.settings.value().cloned().map(PasswordRuleSettings)
    }
}

/// The rules that Microsoft Entra puts on a password in the cloud.
#[pyclass(frozen, eq, module = "sspr.policy")]
#[derive(Clone, PartialEq)]
pub(crate) struct CloudPasswordRules(sspr::policy::CloudPasswordRules);

#[pymethods]
impl CloudPasswordRules {
    /// The rules of an ordinary tenant, or of one of education.
    #[new]
    #[pyo3(signature = (*, education = false))]
    fn new(education: bool) -> Self {
        Self(if education {
            sspr::policy::CloudPasswordRules::EDUCATION
        } else {
            sspr::policy::CloudPasswordRules::default()
        })
    }

    /// Fewest characters.
    #[getter]
    fn minimum_length(&self) -> u32 {
        self.0.minimum_length
    }

    /// Most characters.
    #[getter]
    fn maximum_length(&self) -> u32 {
        self.0.maximum_length
    }

    /// How many of the four classes of characters must occur.
    #[getter]
    fn classes(&self) -> u32 {
        self.0.classes
    }

    /// Everything that stands against a candidate, which is not kept.
    fn check(&self, candidate: &str) -> Vec<CloudPasswordFault> {
        self.0
            .check(candidate)
            .into_iter()
            .map(CloudPasswordFault)
            .collect()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let fields = ["minimum_length", "maximum_length", "classes"];
        crate::data::repr(slf.as_any(), "CloudPasswordRules", &fields)
    }

    fn __hash__(&self) -> u64 {
        crate::data::hash(&self.0)
    }
}

/// Banned passwords: the tenant's own terms, and the names that a password must not contain.
/// Microsoft's global list is secret and not in it.
#[pyclass(frozen, module = "sspr.policy")]
pub(crate) struct BannedPasswords(sspr::policy::BannedPasswords);

#[pymethods]
impl BannedPasswords {
    /// `terms` are the custom banned terms, `names` the person's and the tenant's.
    #[new]
    #[pyo3(signature = (terms, *, names = Vec::new()))]
    fn new(terms: Vec<String>, names: Vec<String>) -> Self {
        let names = names.iter().map(String::as_str);
        let terms = terms.iter().map(String::as_str);
        Self(sspr::policy::BannedPasswords::new(terms, names))
    }

    /// What stands against a term in the list; `None` for a good one.
    #[staticmethod]
    fn check_term(term: &str) -> Option<TermFault> {
        sspr::policy::BannedPasswords::check_term(term)
            .err()
            .map(TermFault)
    }

    /// The verdict on a candidate, which is not kept.
    fn judge(&self, candidate: &str) -> BannedVerdict {
        BannedVerdict(self.0.judge(candidate))
    }
}

data! {
    /// The verdict of the banned-password check.
    BannedVerdict in "sspr.policy" is sspr::policy::BannedVerdict {
        /// `accepted`, `containsName`, `isBannedTerm` or `tooWeak`.
        verdict: String = |it| tag(it, "verdict"),
        /// The points it gets, where points are counted; 5 are needed.
        score: Option<u64> = |it| number(it, "score"),
    }
}

data! {
    /// One thing that the cloud has against a password.
    CloudPasswordFault in "sspr.policy" is sspr::policy::CloudPasswordFault {
        /// `tooShort`, `tooLong`, `tooFewClasses` or `characterNotAllowed`.
        rule: String = |it| tag(it, "rule"),
        /// Fewest characters, where it is too short.
        minimum: Option<u64> = |it| number(it, "minimum"),
        /// Most characters, where it is too long.
        maximum: Option<u64> = |it| number(it, "maximum"),
        /// Classes found, where they are too few.
        found: Option<u64> = |it| number(it, "found"),
        /// Classes needed, where they are too few.
        needed: Option<u64> = |it| number(it, "needed"),
        /// How many characters are not allowed.
        count: Option<u64> = |it| number(it, "count"),
    }
}

data! {
    /// One thing that Microsoft Entra has against a user principal name.
    UpnFault in "sspr.policy" is sspr::policy::UpnFault {
        /// `form`, `tooLong`, `localTooLong`, `domainTooLong`, `dotBeforeAt` or
        /// `characterNotAllowed`.
        rule: String = |it| tag(it, "rule"),
        /// The character that is not allowed.
        character: Option<String> = |it| text(it, "character"),
    }
}

pub(crate) fn member(it: &impl serde::Serialize, name: &str) -> Option<Value> {
    serde_json::to_value(it).ok()?.get(name).cloned()
}

pub(crate) fn tag(it: &impl serde::Serialize, name: &str) -> String {
    text(it, name).unwrap_or_default()
}

fn text(it: &impl serde::Serialize, name: &str) -> Option<String> {
    member(it, name)?.as_str().map(str::to_owned)
}

pub(crate) fn number(it: &impl serde::Serialize, name: &str) -> Option<u64> {
    member(it, name)?.as_u64()
}

data! {
    /// One setting that breaks a rule.
    PolicyFault in "sspr.policy" is sspr::policy::PolicyFault {
        /// The setting, named as in the draft's JSON, such as `reconfirmDays`.
        field: &str = |it| it.field,
        /// The rule it breaks.
        rule: PolicyRule = |it| PolicyRule(it.rule),
        /// What the draft says.
        found: &str = |it| &it.found,
        /// What is allowed.
        allowed: &str = |it| &it.allowed,
    }
    fn __str__(&self) -> String {
        self.0.to_string()
    }
}

data! {
    wire
    /// One method of the authentication methods policy.
    ConvergedMethod in "sspr.policy" is sspr::policy::ConvergedMethod {
        /// Which method, such as `microsoftAuthenticator`.
        kind: String = |it| method(&it.kind),
        /// Whether it is on.
        state: MethodState = |it| MethodState(it.state),
        /// Whom it reaches, `allUsers` or ids of groups; absent when the evidence does not tell.
        include: Option<Vec<String>> = |it| targets(it.include.as_deref()),
        /// Whom it leaves out, ids of groups; absent when the evidence does not tell.
        exclude: Option<Vec<String>> = |it| targets(it.exclude.as_deref()),
        /// For voice: whether the office phone counts (`isOfficePhoneAllowed`).
        office_phone: Option<bool> = |it| it.office_phone,
    }
    /// A method by its id in the policy, such as `MicrosoftAuthenticator`. `include` and `exclude`
    /// take `allUsers` and ids of groups.
    #[new]
    #[pyo3(signature = (
        kind, *, state = MethodState(sspr::policy::MethodState::Enabled), include = None,
        exclude = None, office_phone = None,
    ))]
    fn new(
        kind: &str,
        state: MethodState,
        include: Option<Vec<String>>,
        exclude: Option<Vec<String>>,
        office_phone: Option<bool>,
    ) -> PyResult<Self> {
        Ok(Self(sspr::policy::ConvergedMethod {
            kind: MethodKind::from_id(kind),
            state: state.0,
            include: include.map(parse_targets).transpose()?,
            exclude: exclude.map(parse_targets).transpose()?,
            office_phone,
        }))
    }
}

data! {
    wire
    /// A Conditional Access policy that guards the registration of security information.
    RegistrationGuard in "sspr.policy" is sspr::policy::RegistrationGuard {
        /// Its name.
        name: &str = |it| &it.name,
        /// `enabled`, `enabledForReportingButNotEnforced` or `disabled`.
        state: &str = |it| &it.state,
        /// What it demands: grant controls such as `mfa`, `compliantDevice`, `block`;
        /// `authenticationStrength` where one is asked for.
        controls: Vec<String> = |it| it.controls.clone(),
        /// Whether all of these must be met, or one.
        operator: GuardOperator = |it| GuardOperator(it.operator),
        /// Where it applies; absent when it applies everywhere.
        locations: Option<Locations> = |it| it.locations.clone().map(Locations),
    }
    /// Whether it is enforced.
    #[getter]
    fn is_enforced(&self) -> bool {
        self.0.is_enforced()
    }
}

data! {
    wire
    /// "Password Rule Settings": banned passwords and smart lockout of the tenant.
    PasswordRuleSettings in "sspr.policy" is sspr::policy::PasswordRuleSettings {
        /// Whether the custom list of banned passwords is on.
        custom_list: Option<bool> = |it| it.custom_list,
        /// How many terms the custom list has. The terms themselves are not kept.
        custom_terms: Option<u32> = |it| it.custom_terms,
        /// Whether Entra Password Protection is on for the on-premises domain.
        on_premises: Option<bool> = |it| it.on_premises,
        /// Whether it enforces there (`true`) or only audits (`false`).
        on_premises_enforced: Option<bool> = |it| it.on_premises_enforced,
        /// Failed sign-ins before smart lockout.
        lockout_threshold: Option<u32> = |it| it.lockout_threshold,
        /// First lockout, in seconds.
        lockout_seconds: Option<u32> = |it| it.lockout_seconds,
    }
}

data! {
    wire
    /// The numbers of security questions.
    QuestionSettings in "sspr.policy" is sspr::policy::QuestionSettings {
        /// How many questions the tenant offers, if known.
        defined: Option<u32> = |it| it.defined,
        /// How many a user must answer to register, 3 to 5.
        required_to_register: Option<u32> = |it| it.required_to_register,
        /// How many a user must answer to reset, 3 to 5.
        required_to_reset: Option<u32> = |it| it.required_to_reset,
    }
    #[new]
    #[pyo3(signature = (*, defined = None, required_to_register = None, required_to_reset = None))]
    fn new(
        defined: Option<u32>,
        required_to_register: Option<u32>,
        required_to_reset: Option<u32>,
    ) -> Self {
        Self(sspr::policy::QuestionSettings {
            defined,
            required_to_register,
            required_to_reset,
        })
    }
}

data! {
    wire
    /// The on-premises integration of the Password reset blade.
    IntegrationSettings in "sspr.policy" is sspr::policy::IntegrationSettings {
        /// Write back passwords to the on-premises directory.
        writeback: Option<bool> = |it| it.writeback,
        /// Unlock accounts without resetting the password.
        unlock: Option<bool> = |it| it.unlock,
        /// Write back passwords with cloud sync.
        cloud_sync: Option<bool> = |it| it.cloud_sync,
    }
    #[new]
    #[pyo3(signature = (*, writeback = None, unlock = None, cloud_sync = None))]
    fn new(writeback: Option<bool>, unlock: Option<bool>, cloud_sync: Option<bool>) -> Self {
        Self(sspr::policy::IntegrationSettings {
            writeback,
            unlock,
            cloud_sync,
        })
    }
}

data! {
    wire
    /// The locations that a policy speaks of: ids of named locations, `All`, or `AllTrusted`.
    Locations in "sspr.policy" is sspr::policy::Locations {
        /// Where it applies.
        include: Vec<String> = |it| it.include.clone(),
        /// Where it does not.
        exclude: Vec<String> = |it| it.exclude.clone(),
    }
}

data! {
    /// One usable method and the policy it comes from.
    UsableMethod in "sspr.policy" is sspr::policy::UsableMethod {
        /// The method.
        method: ResetMethod = |it| ResetMethod(it.method),
        /// Where it is on.
        source: Source = |it| Source(it.source),
    }
}

data! {
    /// A method that is on somewhere and cannot be used for a reset.
    SetAside in "sspr.policy" is sspr::policy::SetAside {
        /// Its name in the policy that has it on.
        method: &str = |it| &it.method,
        /// Why it does not count.
        reason: Reason = |it| Reason(it.reason),
    }
}

data! {
    /// The methods that a reset can use, with the reasons for those that it cannot.
    UsableMethods in "sspr.policy" is sspr::policy::UsableMethods {
        /// How many a reset takes.
        required: u32 = |it| it.required.count(),
        /// The usable ones, each once, in a fixed order.
        methods: Vec<UsableMethod> = |it| it.methods.iter().copied().map(UsableMethod).collect(),
        /// The others that are on somewhere.
        set_aside: Vec<SetAside> = |it| it.set_aside.iter().cloned().map(SetAside).collect(),
    }
    /// How many independent ones there are: those on one phone count once.
    #[getter]
    fn independent(&self) -> u32 {
        self.0.independent()
    }

    /// How many are needed: one more than required with the Authenticator app alone.
    #[getter]
    fn needed(&self) -> u32 {
        self.0.needed()
    }

    /// Whether there are enough.
    #[getter]
    fn is_enough(&self) -> bool {
        self.0.is_enough()
    }

    /// Whether all hang on one phone.
    #[getter]
    fn on_one_phone(&self) -> bool {
        self.0.on_one_phone()
    }

    fn __str__(&self) -> String {
        self.0.in_words()
    }
}

data! {
    /// A role whose holders come under the administrators' policy.
    AdministratorRole in "sspr.policy" is sspr::policy::AdministratorRole {
        /// Its name in Microsoft's list.
        name: &str = |it| it.name,
        /// Its `roleTemplateId`; absent for roles that the public list of built-in roles lacks.
        template: Option<String> = |it| it.template.map(|it| it.to_string()),
    }
}

words! {
    LegacyMethod in "sspr.policy" is sspr::policy::LegacyMethod { MobileAppNotification, MobileAppCode, Email, MobilePhone, OfficePhone, SecurityQuestions };
    MigrationState in "sspr.policy" is sspr::policy::MigrationState { PreMigration, MigrationInProgress, MigrationComplete };
    MethodState in "sspr.policy" is sspr::policy::MethodState { Enabled, Disabled };
    ResetMethod in "sspr.policy" is sspr::policy::ResetMethod { AppNotification, AppCode, SoftwareToken, HardwareToken, Email, Sms, Voice, OfficePhone, SecurityQuestions };
    Source in "sspr.policy" is sspr::policy::Source { Legacy, Converged, Both };
    Reason in "sspr.policy" is sspr::policy::Reason { LegacyIgnored, ConvergedNotYetUsed, NotificationNeedsTwo, NotForReset, ReachesNobody };
    GuardOperator in "sspr.policy" is sspr::policy::GuardOperator { All, Any };
    TermFault in "sspr.policy" is sspr::policy::TermFault { TooShort, TooLong };
    PolicyRule in "sspr.policy" is sspr::policy::PolicyRule { Missing, Range, GroupNeeded, ResetWithinRegistered, RegisteredWithinDefined, QuestionsNeeded, HelpdeskAddress, EnoughMethods }, open;
}

taken! {
    LegacyMethod in "sspr.policy";
    MigrationState in "sspr.policy";
    MethodState in "sspr.policy";
}
