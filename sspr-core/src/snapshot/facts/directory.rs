//! Facts about Active Directory domains and their controllers.

use std::collections::BTreeMap;

use super::{GpoFacts, facts};
use crate::directory::gpo::{GpoId, GpoLink, LinkPlace, Rsop};
use crate::directory::{
    FineGrainedPolicy, MachinePolicy, PasswordPolicyDraft, PolicySetting, RemoteSam, SettingValue,
    TemplatePolicy, TemplateSettings,
};
use crate::evidence::{Claim, Known, Provenance, Unknown};
use crate::time::Interval;

facts! {
    /// The password policy that the domain has in force.
    DomainPolicyFacts {
        /// How long a password must be kept.
        minimum_age: Interval = "domain.minimumPasswordAge",
        /// How long a password may be kept.
        maximum_age: Interval = "domain.maximumPasswordAge",
        /// Least length.
        minimum_length: u32 = "domain.minimumPasswordLength",
        /// How many old passwords are remembered.
        history: u32 = "domain.passwordHistory",
        /// Whether complexity is required.
        complexity: bool = "domain.complexity",
        /// Whether passwords are stored reversibly.
        reversible: bool = "domain.reversibleEncryption",
        /// Failed sign-ins before a lockout; 0 is never.
        lockout_threshold: u32 = "domain.lockoutThreshold",
        /// How long a lockout lasts.
        lockout_duration: Interval = "domain.lockoutDuration",
        /// How long failed sign-ins are counted.
        lockout_window: Interval = "domain.lockoutWindow",
    }
}

facts! {
    /// One Active Directory domain.
    DomainFacts {
        /// Its DNS name.
        name: String = "domain.name",
        /// Its distinguished name.
        dn: String = "domain.dn",
        /// The DNS name of its forest's root domain.
        forest: String = "domain.forest",
        /// Hosts with the DC agent of Entra Password Protection, when the list is whole.
        protection_agents: Vec<String> = "domain.passwordProtectionAgents",
        /// All its domain controllers, by host name, when the list is whole.
        controllers: Vec<String> = "domain.controllers",
        /// All its fine-grained password policies, when the list is known to be whole.
        fine_grained: Vec<FineGrainedPolicy> = "domain.fineGrainedPolicies",
        /// All links at its root, by link order.
        gpo_links: Vec<GpoLink> = "domain.gpoLinks",
        /// All its GPOs, when the list is whole.
        gpos: Vec<GpoId> = "domain.gpos",
    }
    and {
        /// The fine-grained policies that were seen, each once, by distinguished name. There may
        /// be others: by default only administrators may read them.
        fine_grained_seen: Vec<Claim<FineGrainedPolicy>>,
        /// The password policy in force.
        policy: DomainPolicyFacts,
        /// What is known of its GPOs. There may be others.
        gpo: BTreeMap<GpoId, GpoFacts>,
        /// What its domain controllers say of the GPOs that they apply. What other computers say
        /// speaks for them alone and stands with the domain that has no name.
        rsops: Vec<Claim<Rsop>>,
        /// Containers that block the inheritance of GPOs.
        blocking: Vec<Claim<LinkPlace>>,
        /// Password policies of security templates that found no GPO in [`Self::gpo`], or that could
        /// not be read whole.
        templates: Vec<Claim<TemplatePolicy>>,
        /// Security settings of templates: what somebody wants to be in force on machines.
        template_settings: Vec<Claim<TemplateSettings>>,
        /// Policies of single machines, until it is known which of them are domain controllers.
        machine_policies: Vec<MachinePolicy>,
        /// A text that says a group policy was refreshed, which proves nothing about the domain.
        gpupdate: Vec<Claim<String>>,
    }
}

impl DomainPolicyFacts {
    /// The settings that are known.
    pub fn draft(&self) -> PasswordPolicyDraft {
        PasswordPolicyDraft {
            minimum_age: self.minimum_age.value().copied(),
            maximum_age: self.maximum_age.value().copied(),
            minimum_length: self.minimum_length.value().copied(),
            history: self.history.value().copied(),
            complexity: self.complexity.value().copied(),
            reversible: self.reversible.value().copied(),
            lockout_threshold: self.lockout_threshold.value().copied(),
            lockout_duration: self.lockout_duration.value().copied(),
            lockout_window: self.lockout_window.value().copied(),
        }
    }

    /// One setting, with where it was read.
    pub fn setting(&self, setting: PolicySetting) -> Result<(SettingValue, &Provenance), Unknown> {
        fn get<T: Copy>(
            fact: &Known<T>,
            value: impl Fn(T) -> SettingValue,
        ) -> Result<(SettingValue, &Provenance), Unknown> {
            fact.get().map(|claim| (value(claim.value), &claim.from))
        }
        use SettingValue::{Count, Span, Switch};
        match setting {
            PolicySetting::MinimumAge => get(&self.minimum_age, Span),
            PolicySetting::MaximumAge => get(&self.maximum_age, Span),
            PolicySetting::MinimumLength => get(&self.minimum_length, Count),
            PolicySetting::History => get(&self.history, Count),
            PolicySetting::Complexity => get(&self.complexity, Switch),
            PolicySetting::Reversible => get(&self.reversible, Switch),
            PolicySetting::LockoutThreshold => get(&self.lockout_threshold, Count),
            PolicySetting::LockoutDuration => get(&self.lockout_duration, Span),
            PolicySetting::LockoutWindow => get(&self.lockout_window, Span),
        }
    }
}

impl DomainFacts {
    /// The GPO of this id.
    pub fn gpo(&mut self, id: GpoId) -> &mut GpoFacts {
        self.gpo.entry(id).or_insert_with(|| GpoFacts::of(id))
    }

    /// A domain of which nothing but the name is known.
    pub(super) fn named(name: &str) -> Self {
        let facts = Self::default().about(name);
        Self {
            policy: facts.policy.clone().about(name),
            ..facts
        }
    }
}

facts! {
    /// One domain controller.
    ControllerFacts {
        /// Its full host name.
        host: String = "controller.host",
        /// Its domain.
        domain: String = "controller.domain",
        /// The operating system, such as `Windows Server 2019 Standard`.
        os: String = "controller.os",
        /// Such as `10.0 (17763)`.
        os_version: String = "controller.osVersion",
        /// Whether it is read-only.
        read_only: bool = "controller.readOnly",
        /// LDAP controls of its rootDSE.
        controls: Vec<String> = "controller.supportedControl",
        /// Password filters (`Notification Packages`).
        password_filters: Vec<String> = "dc.passwordFilters",
        /// Who may make remote calls to its Security Accounts Manager.
        remote_sam: RemoteSam = "dc.restrictRemoteSam",
        /// Entra Password Protection's DC agent is installed.
        protection_agent: bool = "controller.passwordProtectionAgent",
    }
}
