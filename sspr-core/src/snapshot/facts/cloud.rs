//! Facts about the tenant, its policies and its licences.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::facts;
use crate::licensing::{CompanySubscription, SubscribedSku};
use crate::policy::{
    ConvergedMethod, LegacyMethod, MigrationState, PasswordRuleSettings, QuestionSettings,
    RegistrationGuard, ResetScope,
};
use crate::tenant::{Cloud, SignInType, SyncState, TenantDomain};

facts! {
    /// The tenant itself.
    TenantFacts {
        /// Its id.
        id: Uuid = "tenant.id",
        /// Such as `contoso.onmicrosoft.com`.
        initial_domain: String = "tenant.initialDomain",
        /// Its cloud.
        cloud: Cloud = "tenant.cloud",
        /// Whether identities come from on-premises.
        sync: SyncState = "tenant.sync",
        /// The last directory synchronisation that the cloud saw.
        last_sync: DateTime<Utc> = "tenant.lastSync",
        /// Its domains.
        domains: Vec<TenantDomain> = "tenant.domains",
        /// How synced users sign in.
        sign_in: BTreeSet<SignInType> = "signIn.type",
        /// Password hash synchronisation (`features.passwordSyncEnabled`).
        hash_sync: bool = "tenant.passwordHashSync",
        /// Whether the cloud's password policy applies to synced users.
        cloud_policy_for_synced: bool = "tenant.cloudPasswordPolicyForSynced",
        /// Force password change at next logon.
        force_change_at_logon: bool = "tenant.forceChangeAtLogon",
        /// `features.passwordWritebackEnabled`: documented as not in use, shown and never judged.
        reported_writeback: bool = "tenant.reportedWriteback",
        /// Version of Entra Connect as the cloud saw it.
        client_version: crate::writeback::Version = "tenant.syncClientVersion",
    }
}

facts! {
    /// The settings of the Password reset blade.
    SsprFacts {
        /// For whom it is enabled.
        scope: ResetScope = "sspr.scope",
        /// How many methods a reset takes.
        methods_required: u32 = "sspr.methodsRequired",
        /// Methods that are on in the legacy policy.
        methods: BTreeSet<LegacyMethod> = "sspr.methods",
        /// The numbers of security questions.
        questions: QuestionSettings = "sspr.questions",
        /// Users must register at sign-in.
        registration_required: bool = "sspr.registrationRequired",
        /// Days before users reconfirm; 0 is never.
        reconfirm_days: u32 = "sspr.reconfirmDays",
        /// Users hear of their own reset.
        notify_users: bool = "sspr.notifyUsers",
        /// Administrators hear of other administrators' resets.
        notify_admins: bool = "sspr.notifyAdmins",
        /// The helpdesk link is customised.
        helpdesk_customised: bool = "sspr.helpdeskCustomised",
        /// The custom helpdesk address, possibly empty.
        helpdesk_link: String = "sspr.helpdeskLink",
    }
}

facts! {
    /// Authentication methods, administrators' switch, password rules.
    MethodFacts {
        /// How far the legacy policies have been left behind.
        migration: MigrationState = "methods.migrationState",
        /// The methods of the authentication methods policy.
        converged: Vec<ConvergedMethod> = "methods.converged",
        /// Administrators may use self-service reset (`allowedToUseSSPR`).
        admins_allowed: bool = "methods.adminsAllowed",
        /// Banned passwords and smart lockout.
        password_rules: PasswordRuleSettings = "methods.passwordRules",
        /// Conditional access on the registration of security information.
        registration_guards: Vec<RegistrationGuard> = "methods.registrationGuards",
    }
}

/// The three application roles that writeback needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the roles' own")]
pub struct WritebackRoles {
    pub refresh_client: bool,
    pub register_client_version: bool,
    pub offboard_client: bool,
}

facts! {
    /// The blade's on-premises integration.
    IntegrationFacts {
        /// Write back passwords.
        writeback: bool = "integration.writeback",
        /// Unlock accounts without resetting the password.
        unlock: bool = "integration.unlock",
        /// Write back passwords with cloud sync.
        cloud_sync: bool = "integration.cloudSync",
        /// Application roles on the password reset service.
        roles: WritebackRoles = "integration.applicationRoles",
    }
}

facts! {
    /// What the tenant owns.
    LicenceFacts {
        /// `subscribedSkus`.
        skus: Vec<SubscribedSku> = "licences.subscribedSkus",
        /// `directory/subscriptions`.
        subscriptions: Vec<CompanySubscription> = "licences.subscriptions",
    }
}

facts! {
    /// What a person did and saw.
    TestFacts {
        /// The test person's user principal name.
        user: String = "test.user",
        /// When a forgotten password was reset.
        reset: DateTime<Utc> = "test.reset",
        /// When a known password was changed.
        change: DateTime<Utc> = "test.change",
        /// When an account was unlocked.
        unlock: DateTime<Utc> = "test.unlock",
        /// When the new password was used at a domain logon.
        domain_sign_in: DateTime<Utc> = "test.domainSignIn",
    }
}
