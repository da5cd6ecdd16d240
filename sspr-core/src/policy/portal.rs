//! What the portal's own interface prints of the Password reset blade.
//!
//! The interface is not documented and this library does not call it. An administrator can save
//! its answers from the browser's developer tools; they are the only machine-readable form of the
//! blade.

use std::collections::BTreeSet;

use serde::Serialize;

use super::graph::one_object;
use super::{IntegrationSettings, LegacyMethod, PolicyDraft, QuestionSettings, ResetScope};
use crate::carrier::json::Object;
use crate::error::{Error, Result};
use crate::evidence::{At, Reading};

/// The answer of `PasswordReset/PasswordResetPolicies`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PasswordResetPolicies {
    /// `enablementType`: 0 nobody, 1 a group, 2 everybody.
    pub scope: Reading<ResetScope>,
    /// `numberOfAuthenticationMethodsRequired`.
    pub methods_required: Reading<u32>,
    /// Methods that are both enabled and allowed.
    pub methods: Reading<BTreeSet<LegacyMethod>>,
    /// The numbers of security questions.
    pub questions: Reading<QuestionSettings>,
    /// `registrationRequiredOnSignIn`.
    pub registration_required: Reading<bool>,
    /// `registrationReconfirmIntevalInDays`, misspelt so by the portal; 0 is never.
    pub reconfirm_days: Reading<u32>,
    /// `notifyUsersOnPasswordReset`.
    pub notify_users: Reading<bool>,
    /// `notifyOnAdminPasswordReset`.
    pub notify_admins: Reading<bool>,
    /// `customizeHelpdeskLink`.
    pub helpdesk_customised: Reading<bool>,
    /// `customHelpdeskEmailOrUrl`; null counts as empty.
    pub helpdesk_link: Reading<String>,
}

/// Per legacy method the switch, and whether the portal allows it at all.
const SWITCHES: [(LegacyMethod, &str, &str); 6] = [
    (
        LegacyMethod::MobileAppNotification,
        "mobileAppNotificationEnabled",
        "mobileAppNotificationOptionAllowed",
    ),
    (
        LegacyMethod::MobileAppCode,
        "mobileAppCodeEnabled",
        "mobileAppCodeOptionAllowed",
    ),
    (
        LegacyMethod::Email,
        "emailOptionEnabled",
        "emailOptionAllowed",
    ),
    (
        LegacyMethod::MobilePhone,
        "mobilePhoneOptionEnabled",
        "mobilePhoneOptionAllowed",
    ),
    (
        LegacyMethod::OfficePhone,
        "officePhoneOptionEnabled",
        "officePhoneOptionAllowed",
    ),
    (
        LegacyMethod::SecurityQuestions,
        "securityQuestionsOptionEnabled",
        "securityQuestionsOptionAllowed",
    ),
];

impl PasswordResetPolicies {
    /// Reads the answer from its bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        one_object(bytes, Self::read)
    }

    /// Reads the answer.
    pub fn read(object: &Object<'_>) -> Self {
        Self {
            scope: scope(object),
            methods_required: count(object, "numberOfAuthenticationMethodsRequired"),
            methods: methods(object),
            questions: questions(object),
            registration_required: object.bool("registrationRequiredOnSignIn"),
            reconfirm_days: count(object, "registrationReconfirmIntevalInDays")
                .or(|| count(object, "registrationReconfirmIntervalInDays")),
            notify_users: object.bool("notifyUsersOnPasswordReset"),
            notify_admins: object.bool("notifyOnAdminPasswordReset"),
            helpdesk_customised: object.bool("customizeHelpdeskLink"),
            helpdesk_link: match object.text("customHelpdeskEmailOrUrl") {
                Reading::Null(place) => Reading::Value(At::new(String::new(), place)),
                reading => reading.map(str::to_owned),
            },
        }
    }

    /// The settings that could be read, as a draft.
    pub fn draft(&self) -> PolicyDraft {
        PolicyDraft {
            scope: self.scope.value().cloned(),
            methods_required: self.methods_required.value().copied(),
            methods: self.methods.value().cloned(),
            questions: self.questions.value().copied(),
            registration_required: self.registration_required.value().copied(),
            reconfirm_days: self.reconfirm_days.value().copied(),
            notify_users: self.notify_users.value().copied(),
            notify_admins: self.notify_admins.value().copied(),
            helpdesk_customised: self.helpdesk_customised.value().copied(),
            helpdesk_link: self.helpdesk_link.value().cloned(),
            ..PolicyDraft::default()
        }
    }
}

fn count(object: &Object<'_>, name: &str) -> Reading<u32> {
    object.integer(name).and_then(|number| {
        u32::try_from(number).map_err(|_| "expected a whole number from 0".to_owned())
    })
}

fn scope(object: &Object<'_>) -> Reading<ResetScope> {
    let choices = [("none", 0, 0), ("selected", 1, 1), ("all", 2, 2)];
    object
        .choice("enablementType", &choices)
        .map(|kind| match kind {
            0 => ResetScope::None,
            1 => ResetScope::Selected {
                group_id: group_id(object),
                group_name: object
                    .words("passwordResetEnabledGroupName")
                    .value()
                    .map(|name| (*name).to_owned()),
            },
            _ => ResetScope::All,
        })
}

/// The portal stores one group, in a list.
fn group_id(object: &Object<'_>) -> Option<uuid::Uuid> {
    let ids = object.texts("passwordResetEnabledGroupIds").found()?.value;
    ids.iter().find_map(|id| uuid::Uuid::try_parse(id).ok())
}

fn methods(object: &Object<'_>) -> Reading<BTreeSet<LegacyMethod>> {
    if !SWITCHES.iter().any(|(_, switch, _)| object.has(&[switch])) {
        return Reading::Absent;
    }
    let mut methods = BTreeSet::new();
    for (method, switch, allowed) in SWITCHES {
        // Each switch decides whether the method is on, so none may be missing.
        let both = flag(object, switch).and_then(|on| Ok(on && flag(object, allowed)?));
        match both {
            Ok(true) => {
                methods.insert(method);
            }
            Ok(false) => {}
            Err(error) => return Reading::Bad(error),
        }
    }
    Reading::Value(At::new(methods, object.place().clone()))
}

fn flag(object: &Object<'_>, name: &str) -> Result<bool> {
    match object.bool(name) {
        Reading::Value(at) => Ok(at.value),
        Reading::Bad(error) => Err(error),
        Reading::Absent | Reading::Null(_) => Err(Error::value(
            object.place().member(name),
            "this switch is missing, so the methods that are on are not known",
        )),
    }
}

fn questions(object: &Object<'_>) -> Reading<QuestionSettings> {
    let register = count(object, "numberOfQuestionsToRegister");
    let reset = count(object, "numberOfQuestionsToReset");
    let defined = object
        .array("securityQuestions")
        .map(|items| u32::try_from(items.len()).unwrap_or(u32::MAX));
    match (register, reset, defined) {
        (Reading::Bad(error), _, _) | (_, Reading::Bad(error), _) | (_, _, Reading::Bad(error)) => {
            Reading::Bad(error)
        }
        (Reading::Absent, Reading::Absent, Reading::Absent) => Reading::Absent,
        (register, reset, defined) => Reading::Value(At::new(
            QuestionSettings {
                defined: defined.value().copied(),
                required_to_register: register.value().copied(),
                required_to_reset: reset.value().copied(),
            },
            object.place().clone(),
        )),
    }
}

/// The answer of `PasswordReset/OnPremisesPasswordResetPolicies`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OnPremisesPasswordResetPolicies {
    /// `passwordWritebackSupported`, the switch of that name on the blade.
    pub writeback: Reading<bool>,
    /// `accountUnlockEnabled`.
    pub unlock: Reading<bool>,
    /// `cloudProvisioningEnablementForTenant`: write back with cloud sync.
    pub cloud_sync: Reading<bool>,
}

impl OnPremisesPasswordResetPolicies {
    /// Reads the answer from its bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        one_object(bytes, Self::read)
    }

    /// Reads the answer.
    pub fn read(object: &Object<'_>) -> Self {
        Self {
            writeback: object.bool("passwordWritebackSupported"),
            unlock: object.bool("accountUnlockEnabled"),
            cloud_sync: object.bool("cloudProvisioningEnablementForTenant"),
        }
    }

    /// The settings that could be read.
    pub fn settings(&self) -> IntegrationSettings {
        IntegrationSettings {
            writeback: self.writeback.value().copied(),
            unlock: self.unlock.value().copied(),
            cloud_sync: self.cloud_sync.value().copied(),
        }
    }
}
