//! Policies of the cloud: the portal's exports of the Password reset blade, and what Graph says of
//! authentication methods, administrators, banned passwords and Conditional Access.

use super::tenant::is_whole_list;
use super::{Intake, ItemReader, JsonKind};
use crate::carrier::json::{Object, Page};
use crate::evidence::{At, Gap, Locator, Reading, Strength};
use crate::policy::{
    AuthenticationMethodsPolicy, AuthorizationPolicy, OnPremisesPasswordResetPolicies,
    PasswordResetPolicies, PasswordRuleSettings, PasswordRules, RegistrationGuard,
};

pub(super) const JSON: &[JsonKind] = &[
    JsonKind {
        name: "passwordResetPolicies",
        strength: Strength::Exported,
        matches: |object, _| {
            object.has(&["enablementType", "numberOfAuthenticationMethodsRequired"])
        },
        reader: || Box::new(password_reset),
    },
    JsonKind {
        name: "onPremisesPasswordResetPolicies",
        strength: Strength::Exported,
        matches: |object, _| {
            object.has(&["accountUnlockEnabled"])
                && (object.has(&["enablementForTenant"])
                    || object.has(&["passwordWritebackSupported"]))
        },
        reader: || Box::new(on_premises),
    },
    JsonKind {
        name: "authorizationPolicy",
        strength: Strength::Observed,
        matches: |object, _| object.has(&["allowedToUseSSPR"]),
        reader: || Box::new(authorization),
    },
    JsonKind {
        name: "authenticationMethodsPolicy",
        strength: Strength::Observed,
        matches: |object, _| {
            object.has(&["authenticationMethodConfigurations"])
                || object.has(&["policyMigrationState"])
        },
        reader: || Box::new(authentication_methods),
    },
    JsonKind {
        name: "groupSettings",
        strength: Strength::Observed,
        matches: |object, _| {
            object.has(&["templateId", "values"])
                || is_empty_list_of(object, &["groupSettings", "settings"])
        },
        reader: || Box::new(GroupSettings::default()),
    },
    JsonKind {
        name: "conditionalAccessPolicies",
        strength: Strength::Observed,
        matches: |object, _| {
            object.has(&["conditions", "grantControls", "state"])
                || is_empty_list_of(
                    object,
                    &[
                        "identity/conditionalAccess/policies",
                        "conditionalAccess/policies",
                    ],
                )
        },
        reader: || Box::new(ConditionalAccess::default()),
    },
];

fn password_reset(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    let read = PasswordResetPolicies::read(object);
    let (facts, origin) = (&mut into.facts.sspr, into.origin);
    origin.claim(&mut facts.scope, read.scope);
    origin.claim(&mut facts.methods_required, read.methods_required);
    origin.claim(&mut facts.methods, read.methods);
    origin.claim(&mut facts.questions, read.questions);
    origin.claim(&mut facts.registration_required, read.registration_required);
    origin.claim(&mut facts.reconfirm_days, read.reconfirm_days);
    origin.claim(&mut facts.notify_users, read.notify_users);
    origin.claim(&mut facts.notify_admins, read.notify_admins);
    origin.claim(&mut facts.helpdesk_customised, read.helpdesk_customised);
    origin.claim(&mut facts.helpdesk_link, read.helpdesk_link);
}

fn on_premises(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    let read = OnPremisesPasswordResetPolicies::read(object);
    let (facts, origin) = (&mut into.facts.integration, into.origin);
    origin.claim(&mut facts.writeback, read.writeback);
    origin.claim(&mut facts.unlock, read.unlock);
    origin.claim(&mut facts.cloud_sync, read.cloud_sync);
}

fn authorization(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    let read = AuthorizationPolicy::read(object);
    into.origin
        .claim(&mut into.facts.methods.admins_allowed, read.admins_allowed);
}

fn authentication_methods(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    let read = AuthenticationMethodsPolicy::read(object);
    let (facts, origin) = (&mut into.facts.methods, into.origin);
    origin.claim(&mut facts.migration, read.migration);
    origin.claim(&mut facts.converged, read.methods);
}

/// Whether an object is Graph's empty answer to a request for one of these collections.
fn is_empty_list_of(object: &Object<'_>, collections: &[&str]) -> bool {
    let empty = object
        .entry("value")
        .is_some_and(|(_, value)| value.as_array().is_some_and(Vec::is_empty));
    let context = object.text("@odata.context").found();
    let asked = context.and_then(|at| Some(at.value.split_once('#')?.1));
    empty
        && asked.is_some_and(|asked| {
            let name = asked.split('(').next().unwrap_or(asked);
            collections.contains(&name)
        })
}

/// The tenant's group settings, of which one template holds the password rules. It is missing
/// until somebody saves it once, and then the defaults hold.
#[derive(Default)]
struct GroupSettings {
    first: Option<Locator>,
    found: bool,
}

impl ItemReader for GroupSettings {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        if object.has(&["value"]) {
            return;
        }
        self.first.get_or_insert_with(|| object.place().clone());
        let PasswordRules { settings, faults } = PasswordRules::read(object);
        for fault in faults {
            into.origin.fault(fault);
        }
        self.found |= !matches!(settings, Reading::Absent);
        into.origin
            .claim(&mut into.facts.methods.password_rules, settings);
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        if self.found || !is_whole_list(into, self.first.as_ref()) {
            return;
        }
        // What nobody saved is not in the answer: the documented defaults are concluded from that.
        let strength = into.origin.strength.replace(Strength::Inferred);
        let defaults = At::new(PasswordRuleSettings::DEFAULTS, Locator::Whole);
        into.origin.claim(
            &mut into.facts.methods.password_rules,
            Reading::Value(defaults),
        );
        into.origin.strength.set(strength);
    }
}

/// Conditional Access policies, of which those count that guard the registration of security
/// information. Only a whole list tells that there is no other.
#[derive(Default)]
struct ConditionalAccess {
    first: Option<Locator>,
    guards: Vec<RegistrationGuard>,
    unreadable: Option<Gap>,
}

impl ItemReader for ConditionalAccess {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        if object.has(&["value"]) {
            return;
        }
        self.first.get_or_insert_with(|| object.place().clone());
        match RegistrationGuard::read(object) {
            Reading::Value(at) => self.guards.push(at.value),
            Reading::Bad(error) => {
                self.unreadable
                    .get_or_insert(Gap::Unreadable(error.to_string()));
                into.origin.fault(error);
            }
            Reading::Absent | Reading::Null(_) => {}
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        let whole = is_whole_list(into, self.first.as_ref());
        let fact = &mut into.facts.methods.registration_guards;
        if let Some(gap) = self.unreadable.take() {
            fact.note_gap(gap);
        } else if whole {
            let mut guards = std::mem::take(&mut self.guards);
            guards.sort_by(|a, b| (&a.name, &a.state).cmp(&(&b.name, &b.state)));
            into.origin
                .claim(fact, Reading::Value(At::new(guards, Locator::Whole)));
        } else {
            fact.note_gap(Gap::Unreadable(
                "the list of Conditional Access policies is not known to be whole".into(),
            ));
        }
    }
}
