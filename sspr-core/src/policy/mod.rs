//! The cloud side: who may reset a password, with which methods, under which rules.
//!
//! Every type here is plain data that a caller can build and judge alone, without any file:
//! [`PolicyDraft`] holds the settings of the Password reset blade as somebody wrote them down, and
//! converts into an [`SsprPolicy`] or lists all its faults at once.
//!
//! ```
//! use sspr::policy::{LegacyMethod, MigrationState, PolicyDraft, ResetScope, SsprPolicy};
//!
//! let draft = PolicyDraft {
//!     scope: Some(ResetScope::All),
//!     methods_required: Some(2),
//!     methods: Some([LegacyMethod::Email, LegacyMethod::MobilePhone].into()),
//!     migration: Some(MigrationState::PreMigration),
//!     reconfirm_days: Some(800),
//!     helpdesk_customised: Some(true),
//!     ..PolicyDraft::default()
//! };
//!
//! // Both faults are found in one go.
//! let faults = SsprPolicy::try_from(draft.clone()).unwrap_err();
//! let fields: Vec<_> = faults.iter().map(|fault| fault.field).collect();
//! assert_eq!(fields, ["reconfirmDays", "helpdeskLink"]);
//!
//! let policy = SsprPolicy::try_from(PolicyDraft {
//!     reconfirm_days: Some(180),
//!     helpdesk_customised: Some(false),
//!     ..draft
//! })?;
//! let usable = policy.usable_methods().expect("the migration state is known");
//! assert_eq!((usable.independent(), usable.needed()), (2, 2));
//! assert!(usable.is_enough());
//! # Ok::<(), sspr::policy::PolicyFaults>(())
//! ```
//!
//! The readers of this module take what Microsoft Graph, PowerShell and the portal print:
//! [`PasswordResetPolicies`], [`OnPremisesPasswordResetPolicies`], [`AuthorizationPolicy`],
//! [`AuthenticationMethodsPolicy`], [`PasswordRules`] and [`RegistrationGuard`].

mod administrators;
mod banned;
mod cloud_password;
mod draft;
mod fault;
mod graph;
mod guard;
mod methods;
mod portal;
#[cfg(test)]
mod reader_tests;
mod reset;
#[cfg(test)]
mod tests;
mod usable;

pub use administrators::{
    ADMINISTRATOR_ROLES, AdministratorGates, AdministratorMethod, AdministratorRole, Gates,
    administrator_role, administrator_role_named,
};
pub use banned::{BannedPasswords, BannedVerdict, MOST_TERMS, TermFault};
pub use cloud_password::{
    CharacterClass, CloudPasswordFault, CloudPasswordRules, UpnFault, check_upn,
};
pub use draft::{HelpdeskLink, IntegrationSettings, PolicyDraft, SsprPolicy};
pub use fault::{PolicyFault, PolicyFaults, PolicyRule};
pub use graph::{
    AuthenticationMethodsPolicy, AuthorizationPolicy, PASSWORD_RULE_TEMPLATE, PasswordRules,
};
pub use guard::{GuardOperator, Locations, RegistrationGuard};
pub use methods::{
    ConvergedMethod, GroupTarget, LegacyMethod, MethodKind, MethodState, MigrationState, Target,
};
pub use portal::{OnPremisesPasswordResetPolicies, PasswordResetPolicies};
pub use reset::{MethodsRequired, PasswordRuleSettings, QuestionSettings, ResetScope};
pub(crate) use usable::in_words;
pub use usable::{
    IndependentMethod, Reason, ResetMethod, SetAside, Source, UsableMethod, UsableMethods, usable,
};
