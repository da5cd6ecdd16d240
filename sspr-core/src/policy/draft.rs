//! The settings of the Password reset blade as a draft, and as a policy that keeps its rules.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    ConvergedMethod, LegacyMethod, MethodsRequired, MigrationState, PolicyFault, PolicyFaults,
    PolicyRule, QuestionSettings, ResetScope, UsableMethods, usable,
};

/// The most days before users reconfirm their registration.
const RECONFIRM_MAX: u32 = 730;
/// How many questions may be asked for at registration and at a reset.
const QUESTIONS: std::ops::RangeInclusive<u32> = 3..=5;
/// 35 questions of Microsoft's, and up to 20 of the tenant's own.
const QUESTIONS_DEFINED_MAX: u32 = 55;

/// The settings of a tenant's self-service password reset as somebody wrote them down. Any value
/// fits; [`SsprPolicy::try_from`] checks them.
///
/// In JSON the names are camelCase, and what is left out is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PolicyDraft {
    /// For whom it is enabled. Must be given.
    pub scope: Option<ResetScope>,
    /// How many methods a reset takes, 1 or 2. Must be given.
    pub methods_required: Option<u32>,
    /// Methods that are on in the legacy policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub methods: Option<BTreeSet<LegacyMethod>>,
    /// Methods of the authentication methods policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub converged: Option<Vec<ConvergedMethod>>,
    /// Which of the two policies a reset uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub migration: Option<MigrationState>,
    /// The numbers of security questions; must be given where they are on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub questions: Option<QuestionSettings>,
    /// Users must register at sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_required: Option<bool>,
    /// Days before users reconfirm, 0 to 730; 0 is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconfirm_days: Option<u32>,
    /// Users hear of their own reset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_users: Option<bool>,
    /// Administrators hear of other administrators' resets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_admins: Option<bool>,
    /// The helpdesk link is customised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helpdesk_customised: Option<bool>,
    /// The custom helpdesk address: a mail address or a web address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helpdesk_link: Option<String>,
    /// The blade's on-premises integration.
    #[serde(skip_serializing_if = "IntegrationSettings::is_empty")]
    pub integration: IntegrationSettings,
}

/// The on-premises integration of the Password reset blade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct IntegrationSettings {
    /// Write back passwords to the on-premises directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writeback: Option<bool>,
    /// Unlock accounts without resetting the password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unlock: Option<bool>,
    /// Write back passwords with cloud sync.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_sync: Option<bool>,
}

impl IntegrationSettings {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands a reference over"
    )]
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where users find help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpdeskLink {
    /// Microsoft's own text.
    Standard,
    /// A mail address.
    Mail(String),
    /// A web address.
    Web(String),
}

/// The settings of a tenant's self-service password reset, every one within its range and none at
/// odds with another. What the draft left out stays absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PolicyDraft", into = "PolicyDraft")]
pub struct SsprPolicy {
    draft: PolicyDraft,
    scope: ResetScope,
    required: MethodsRequired,
}

impl TryFrom<PolicyDraft> for SsprPolicy {
    type Error = PolicyFaults;

    fn try_from(draft: PolicyDraft) -> Result<Self, PolicyFaults> {
        let mut faults = Vec::new();
        let scope = check_scope(&draft, &mut faults);
        let required = check_required(&draft, &mut faults);
        check_questions(&draft, &mut faults);
        check_methods(&draft, required, &mut faults);
        check_reconfirmation(&draft, &mut faults);
        check_helpdesk(&draft, &mut faults);
        match (scope, required) {
            (Some(scope), Some(required)) if faults.is_empty() => Ok(Self {
                draft,
                scope,
                required,
            }),
            _ => Err(PolicyFaults::new(faults)),
        }
    }
}

impl From<SsprPolicy> for PolicyDraft {
    fn from(policy: SsprPolicy) -> Self {
        policy.draft
    }
}

impl SsprPolicy {
    /// For whom it is enabled.
    pub fn scope(&self) -> &ResetScope {
        &self.scope
    }

    /// How many methods a reset takes.
    pub fn methods_required(&self) -> MethodsRequired {
        self.required
    }

    /// All settings as they were given.
    pub fn settings(&self) -> &PolicyDraft {
        &self.draft
    }

    /// Where users find help, when it is known whether the link is customised.
    pub fn helpdesk(&self) -> Option<HelpdeskLink> {
        if !self.draft.helpdesk_customised? {
            return Some(HelpdeskLink::Standard);
        }
        parse_helpdesk(self.draft.helpdesk_link.as_deref()?)
    }

    /// The methods usable for a reset; nothing while the migration state, or a policy that counts
    /// under it, is not known.
    pub fn usable_methods(&self) -> Option<UsableMethods> {
        usable_of(&self.draft, self.required)
    }
}

/// The methods usable under a draft, when everything is known that counts. Without the legacy
/// switches the authentication methods policy alone is counted once the migration is complete.
fn usable_of(draft: &PolicyDraft, required: MethodsRequired) -> Option<UsableMethods> {
    let migration = draft.migration?;
    let none = BTreeSet::new();
    let legacy = match &draft.methods {
        Some(legacy) => legacy,
        None if migration.respects_legacy() => return None,
        None => &none,
    };
    let converged = match draft.converged.as_deref() {
        Some(converged) => converged,
        None if migration.uses_converged() => return None,
        None => &[],
    };
    Some(usable(legacy, converged, migration, required))
}

fn check_scope(draft: &PolicyDraft, faults: &mut Vec<PolicyFault>) -> Option<ResetScope> {
    match &draft.scope {
        None => faults.push(missing("scope", "none, selected or all")),
        Some(ResetScope::Selected {
            group_id: None,
            group_name,
        }) if group_name
            .as_deref()
            .is_none_or(|name| name.trim().is_empty()) =>
        {
            faults.push(PolicyFault {
                field: "scope",
                rule: PolicyRule::GroupNeeded,
                found: "selected users without a group".to_owned(),
                allowed: "one group, by id or name".to_owned(),
            });
        }
        Some(_) => {}
    }
    draft.scope.clone()
}

fn check_required(draft: &PolicyDraft, faults: &mut Vec<PolicyFault>) -> Option<MethodsRequired> {
    let Some(count) = draft.methods_required else {
        faults.push(missing("methodsRequired", "1 or 2"));
        return None;
    };
    let required = MethodsRequired::try_from(count).ok();
    if required.is_none() {
        faults.push(out_of_range("methodsRequired", count, "1 or 2"));
    }
    required
}

fn check_questions(draft: &PolicyDraft, faults: &mut Vec<PolicyFault>) {
    let on = draft
        .methods
        .as_ref()
        .is_some_and(|methods| methods.contains(&LegacyMethod::SecurityQuestions));
    let Some(questions) = draft.questions else {
        if on {
            faults.push(PolicyFault {
                field: "questions",
                rule: PolicyRule::QuestionsNeeded,
                found: "security questions are on, and no number is given".to_owned(),
                allowed: "numbers to register and to reset, 3 to 5 each".to_owned(),
            });
        }
        return;
    };
    let QuestionSettings {
        defined,
        required_to_register: register,
        required_to_reset: reset,
    } = questions;
    for (field, count) in [
        ("questions.requiredToRegister", register),
        ("questions.requiredToReset", reset),
    ] {
        match count {
            Some(count) if !QUESTIONS.contains(&count) => {
                faults.push(out_of_range(field, count, "3 to 5"));
            }
            None if on => faults.push(missing(field, "3 to 5")),
            _ => {}
        }
    }
    if let Some(defined) = defined.filter(|defined| *defined > QUESTIONS_DEFINED_MAX) {
        faults.push(out_of_range(
            "questions.defined",
            defined,
            "at most 55: 35 predefined and 20 of the tenant's own",
        ));
    }
    if let (Some(register), Some(reset)) = (register, reset)
        && reset > register
    {
        faults.push(PolicyFault {
            field: "questions.requiredToReset",
            rule: PolicyRule::ResetWithinRegistered,
            found: reset.to_string(),
            allowed: format!("at most the {register} that are registered"),
        });
    }
    if let (Some(defined), Some(register)) = (defined, register)
        && register > defined
    {
        faults.push(PolicyFault {
            field: "questions.requiredToRegister",
            rule: PolicyRule::RegisteredWithinDefined,
            found: register.to_string(),
            allowed: format!("at most the {defined} that are defined"),
        });
    }
}

fn check_methods(
    draft: &PolicyDraft,
    required: Option<MethodsRequired>,
    faults: &mut Vec<PolicyFault>,
) {
    if draft.scope == Some(ResetScope::None) {
        return;
    }
    // After the migration the legacy switch of the questions may still add a method.
    let open = draft.methods.is_none();
    let Some(usable) = required.and_then(|required| usable_of(draft, required)) else {
        return;
    };
    if usable.independent() + u32::from(open) < usable.needed() {
        faults.push(PolicyFault {
            field: "methods",
            rule: PolicyRule::EnoughMethods,
            found: format!("{} usable ({})", usable.independent(), usable.in_words()),
            allowed: format!("at least {}", usable.needed()),
        });
    }
}

fn check_reconfirmation(draft: &PolicyDraft, faults: &mut Vec<PolicyFault>) {
    if let Some(days) = draft.reconfirm_days.filter(|days| *days > RECONFIRM_MAX) {
        faults.push(out_of_range("reconfirmDays", days, "0 to 730"));
    }
}

fn check_helpdesk(draft: &PolicyDraft, faults: &mut Vec<PolicyFault>) {
    if draft.helpdesk_customised != Some(true) {
        return;
    }
    let link = draft.helpdesk_link.as_deref().unwrap_or_default();
    if parse_helpdesk(link).is_none() {
        faults.push(PolicyFault {
            field: "helpdeskLink",
            rule: PolicyRule::HelpdeskAddress,
            found: if link.trim().is_empty() {
                "nothing".to_owned()
            } else {
                "a text that is neither".to_owned()
            },
            allowed: "a mail address or a web address".to_owned(),
        });
    }
}

fn parse_helpdesk(link: &str) -> Option<HelpdeskLink> {
    let link = link.trim();
    if link.contains(char::is_whitespace) {
        return None;
    }
    let lower = link.to_ascii_lowercase();
    let web = ["https://", "http://"]
        .iter()
        .filter_map(|scheme| lower.strip_prefix(scheme))
        .any(|rest| !rest.is_empty() && !rest.starts_with('/'));
    if web {
        return Some(HelpdeskLink::Web(link.to_owned()));
    }
    let address = lower.strip_prefix("mailto:").unwrap_or(&lower);
    let (local, domain) = address.split_once('@')?;
    (!local.is_empty() && !domain.is_empty() && !domain.contains('@'))
        .then(|| HelpdeskLink::Mail(link.to_owned()))
}

fn missing(field: &'static str, allowed: &str) -> PolicyFault {
    PolicyFault {
        field,
        rule: PolicyRule::Missing,
        found: "nothing".to_owned(),
        allowed: allowed.to_owned(),
    }
}

fn out_of_range(field: &'static str, found: u32, allowed: &str) -> PolicyFault {
    PolicyFault {
        field,
        rule: PolicyRule::Range,
        found: found.to_string(),
        allowed: allowed.to_owned(),
    }
}
