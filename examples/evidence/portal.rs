//! The Password reset blade, as a browser saves its two answers.

use serde_json::{Value, json};

use super::tenant::Tenant;

/// What the tenants differ in.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the blade"
)]
pub(super) struct Blade {
    pub(super) methods_required: u32,
    pub(super) email: bool,
    pub(super) mobile_phone: bool,
    pub(super) app_notification: bool,
    pub(super) notify_admins: bool,
    /// The helpdesk link is customised, and this is it.
    pub(super) helpdesk: Option<&'static str>,
    pub(super) unlock: bool,
}

/// `PasswordResetPolicies`.
pub(super) fn reset_policies(tenant: &Tenant, blade: &Blade) -> Value {
    let groups: Vec<_> = (!tenant.everybody)
        .then_some(tenant.pilot_group)
        .into_iter()
        .collect();
    json!({
        "objectId": "default",
        "enablementType": if tenant.everybody { 2 } else { 1 },
        "passwordResetEnabledGroupIds": groups,
        "passwordResetEnabledGroupName": if tenant.everybody { "" } else { "SSPR-Pilot" },
        "numberOfAuthenticationMethodsRequired": blade.methods_required,
        "emailOptionEnabled": blade.email, "emailOptionAllowed": true,
        "mobilePhoneOptionEnabled": blade.mobile_phone, "mobilePhoneOptionAllowed": true,
        "officePhoneOptionEnabled": false, "officePhoneOptionAllowed": true,
        "securityQuestionsOptionEnabled": false, "securityQuestionsOptionAllowed": true,
        "mobileAppNotificationEnabled": blade.app_notification, "mobileAppNotificationOptionAllowed": true,
        "mobileAppCodeEnabled": false, "mobileAppCodeOptionAllowed": true,
        "numberOfQuestionsToRegister": 5, "numberOfQuestionsToReset": 3, "securityQuestions": [],
        "registrationRequiredOnSignIn": true, "registrationReconfirmIntevalInDays": 180,
        "skipRegistrationAllowed": true, "skipRegistrationMaxAllowedDays": 7, "registrationConditionalAccessPolicies": [],
        "customizeHelpdeskLink": blade.helpdesk.is_some(), "customHelpdeskEmailOrUrl": blade.helpdesk.unwrap_or_default(),
        "notifyUsersOnPasswordReset": true, "notifyOnAdminPasswordReset": blade.notify_admins
    })
}

/// `OnPremisesPasswordResetPolicies`.
pub(super) fn on_premises_policies(blade: &Blade) -> Value {
    json!({
        "objectId": "default", "enablementForTenant": true, "passwordWritebackSupported": true,
        "cloudProvisioningEnablementForTenant": false, "accountUnlockEnabled": blade.unlock, "accountUnlockSupported": true
    })
}
