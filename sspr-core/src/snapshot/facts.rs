//! All that is known about a tenant, fact by fact.
//!
//! Each single fact is a [`Known`] with its own name, such as `sspr.scope`; the names are the ones
//! of `attested.toml` and of the report's lists of what is missing.

mod audit;
mod cloud;
mod directory;
mod events;
mod gathered;
mod gpo;
mod licences;
mod pending;
mod people;
mod permissions;
mod policy_in_force;
mod servers;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::evidence::{Gap, Known};

pub use audit::{AdminResets, AuditFacts, ResultTally};
pub use cloud::{
    IntegrationFacts, LicenceFacts, MethodFacts, SsprFacts, TenantFacts, TestFacts, WritebackRoles,
};
pub use directory::{ControllerFacts, DomainFacts, DomainPolicyFacts};
pub use events::{
    Confirmation, ErrorTally, EventFacts, FailureGroup, HourTally, LogFacts, Mark, OperationTally,
    PersonAt, Proof, ServiceFacts, Spread, TripFacts, Written,
};
pub(crate) use events::{EVENT_LOG, LogKey};
pub(crate) use gathered::{
    AccountRow, DomainRow, Gathered, GroupRow, Listed, ObjectRow, PermissionRows,
};
pub use gpo::GpoFacts;
pub(crate) use gpo::{GpoRow, GpoRows};
pub use licences::entitlement_of_user;
pub(crate) use pending::{Export, Pending};
pub use people::{GroupFacts, MemberSet, PeopleFacts, PeopleSource, RegistrationFacts};
pub use permissions::{
    AccountFacts, DescriptorId, DescriptorStore, PermissionFacts, SecuredObject, StatedConnector,
    TokenGroups,
};
pub use policy_in_force::{PolicyChoice, PolicyInForce, WhyPolicy};
pub use servers::{AccountGroup, CloudSyncAgent, CloudSyncFacts, ServerFacts, SynchronisationRule};
pub(crate) use servers::{account_key, account_name};

/// Declares a group of facts: each field is a [`Known`] with its name, and all can be visited.
macro_rules! facts {
    ($(#[$meta:meta])* $group:ident { $($(#[$doc:meta])* $field:ident: $type:ty = $name:literal,)* }
     $(and { $($(#[$edoc:meta])* $extra:ident: $etype:ty,)* })?) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub struct $group {
            $($(#[$doc])* pub $field: $crate::evidence::Known<$type>,)*
            $($($(#[$edoc])* pub $extra: $etype,)*)?
        }

        impl Default for $group {
            fn default() -> Self {
                Self {
                    $($field: $crate::evidence::Known::absent($name),)*
                    $($($extra: Default::default(),)*)?
                }
            }
        }

        impl $group {
            /// The names of its facts.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// Shows every fact to a visitor.
            pub fn visit<V: $crate::snapshot::facts::Visitor>(&self, visitor: &mut V) {
                $(visitor.fact(&self.$field);)*
            }

            /// Notes for some facts, chosen by name, why they are missing.
            pub fn note_gap(&mut self, chosen: &dyn Fn(&str) -> bool, gap: &$crate::evidence::Gap) {
                $(if chosen($name) {
                    self.$field.note_gap(gap.clone());
                })*
            }

            /// Takes over what another group knows, each claim at most as strong as `strength`.
            pub fn absorb(&mut self, other: Self, strength: $crate::evidence::Strength) {
                $(self.$field.absorb(other.$field, strength);)*
            }

            /// Says whom the facts are about.
            #[must_use]
            pub fn about(self, subject: &str) -> Self {
                Self {
                    $($field: self.$field.of(subject),)*
                    $($($extra: self.$extra,)*)?
                }
            }
        }
    };
}
use facts;

/// Sees all facts of a snapshot, one after another.
pub trait Visitor {
    /// One fact.
    fn fact<T: PartialEq + Serialize>(&mut self, fact: &Known<T>);
}

/// All that is known about a tenant.
#[derive(Debug, Default)]
pub struct Facts {
    /// The tenant itself.
    pub tenant: TenantFacts,
    /// The settings of the Password reset blade.
    pub sspr: SsprFacts,
    /// Authentication methods, administrators' switch, password rules.
    pub methods: MethodFacts,
    /// The blade's on-premises integration.
    pub integration: IntegrationFacts,
    /// What the tenant owns.
    pub licences: LicenceFacts,
    /// Entra Connect servers, by lower-case host name without its domain.
    pub servers: BTreeMap<String, ServerFacts>,
    /// What evidence without a host name says of an Entra Connect server.
    pub unnamed_server: ServerFacts,
    /// Machines that no evidence shows to be an Entra Connect server, by lower-case host name.
    pub machines: BTreeMap<String, ServerFacts>,
    /// Cloud sync.
    pub cloud_sync: CloudSyncFacts,
    /// The groups of directory accounts, such as the connector's, by lower-case account name
    /// without its domain.
    pub account_groups: BTreeMap<String, Known<Vec<AccountGroup>>>,
    /// Active Directory domains, by lower-case DNS name.
    pub domains: BTreeMap<String, DomainFacts>,
    /// What evidence without a domain name says of a domain.
    pub unnamed_domain: DomainFacts,
    /// Domain controllers, by lower-case host name without its domain.
    pub controllers: BTreeMap<String, ControllerFacts>,
    /// People, groups, roles and registration.
    pub people: PeopleFacts,
    /// Who may do what in the directory.
    pub permissions: PermissionFacts,
    /// What the Windows logs say.
    pub events: EventFacts,
    /// What the tenant's audit log says.
    pub audit: AuditFacts,
    /// What a person did and saw.
    pub test: TestFacts,
    /// What finds its place when all evidence has been read.
    pub(crate) pending: Pending,
    /// What is said of GPOs, until all evidence has been read.
    pub(crate) gpo_rows: GpoRows,
    /// What finds its names when all evidence has been read.
    pub(crate) gathered: PermissionRows,
}

impl Facts {
    /// The Entra Connect server of this name, with or without its domain.
    pub fn server(&mut self, host: &str) -> &mut ServerFacts {
        self.servers
            .entry(host_key(host))
            .or_insert_with(|| ServerFacts::default().about(host))
    }

    /// The machine of this name, of which it is not known yet whether it runs Entra Connect.
    pub fn machine(&mut self, host: &str) -> &mut ServerFacts {
        self.machines
            .entry(host_key(host))
            .or_insert_with(|| ServerFacts::default().about(host))
    }

    /// The domain of this DNS name.
    pub fn domain(&mut self, name: &str) -> &mut DomainFacts {
        self.domains
            .entry(name.trim_end_matches('.').to_ascii_lowercase())
            .or_insert_with(|| DomainFacts::named(name))
    }

    /// The domain controller of this name, with or without its domain.
    pub fn controller(&mut self, host: &str) -> &mut ControllerFacts {
        self.controllers
            .entry(host_key(host))
            .or_insert_with(|| ControllerFacts::default().about(host))
    }

    /// Notes for some facts, chosen by name, why they are missing.
    pub fn note_gap(&mut self, chosen: &dyn Fn(&str) -> bool, gap: &Gap) {
        self.tenant.note_gap(chosen, gap);
        self.sspr.note_gap(chosen, gap);
        self.methods.note_gap(chosen, gap);
        self.integration.note_gap(chosen, gap);
        self.licences.note_gap(chosen, gap);
        self.cloud_sync.note_gap(chosen, gap);
        self.people.registration.note_gap(chosen, gap);
        self.test.note_gap(chosen, gap);
        self.unnamed_server.note_gap(chosen, gap);
        self.unnamed_domain.note_gap(chosen, gap);
        self.unnamed_domain.policy.note_gap(chosen, gap);
    }

    /// Shows every fact to a visitor.
    pub fn visit<V: Visitor>(&self, visitor: &mut V) {
        self.tenant.visit(visitor);
        self.sspr.visit(visitor);
        self.methods.visit(visitor);
        self.integration.visit(visitor);
        self.licences.visit(visitor);
        for server in self.servers.values() {
            server.visit(visitor);
        }
        self.unnamed_server.visit(visitor);
        self.cloud_sync.visit(visitor);
        for groups in self.account_groups.values() {
            visitor.fact(groups);
        }
        for domain in self.domains.values().chain([&self.unnamed_domain]) {
            domain.policy.visit(visitor);
            domain.visit(visitor);
            for gpo in domain.gpo.values() {
                gpo.visit(visitor);
            }
        }
        for controller in self.controllers.values() {
            controller.visit(visitor);
        }
        self.people.registration.visit(visitor);
        self.test.visit(visitor);
    }
}

/// The key of a host: its name without the domain, in lower case.
pub fn host_key(host: &str) -> String {
    host.split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
}
