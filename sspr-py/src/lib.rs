//! The Python package `sspr`, as the extension module `sspr._sspr`.
//!
//! The core decides; this crate converts types, releases the interpreter's lock and translates
//! errors. The package's Python files mirror the modules of the core by name and re-export what
//! stands here.
#![forbid(unsafe_code)]
#![allow(
    clippy::needless_pass_by_value,
    reason = "arguments that come from Python are made for the call"
)]

mod arrow;
mod command;
mod data;
mod directory;
mod errors;
mod events;
mod evidence;
mod explain;
mod feed;
mod forecast;
mod graph;
mod input;
mod json;
mod ldap;
mod licensing;
mod pipe;
mod policy;
mod policy_draft;
mod readiness;
mod reading;
mod roundtrip;
mod schema;
mod security;
mod snapshot;
mod span;
mod stream;
mod tenant;
mod watch;
mod work;
mod writeback;

/// What is written in Rust. Import it from the modules of `sspr`.
#[pyo3::pymodule]
mod _sspr {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::command::command;
    #[pymodule_export]
    use crate::work::panic_for_a_test;

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "that is what Python calls it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    /// The words of every enumeration, for the test that holds the Python files to them.
    #[pyfunction]
    fn _words() -> Vec<(&'static str, &'static str, Vec<String>)> {
        let modules = [
            crate::directory::all(),
            crate::events::all(),
            crate::events::audit::all(),
            crate::evidence::all(),
            crate::explain::all(),
            crate::forecast::all(),
            crate::licensing::all(),
            crate::policy::all(),
            crate::readiness::all(),
            crate::roundtrip::all(),
            crate::security::all(),
            crate::tenant::all(),
            crate::watch::all(),
            crate::writeback::all(),
        ];
        modules.into_iter().flatten().collect()
    }

    /// Active Directory: password policies, and who may do what.
    #[pymodule]
    mod directory {
        #[pymodule_export]
        use crate::directory::{
            Complexity, ComplexityFault, DomainAnswer, DomainRefusal, FineGrainedPolicy,
            NetAccounts, PasswordGap, PasswordPolicy, PasswordPolicyDraft, PolicyFault,
            PolicyReadings, PolicySubject, ResultantPolicy, complexity, parse_net_accounts,
            parse_template, password_gap, predict, resultant_policy,
        };
        #[pymodule_export]
        use crate::security::{
            Ace, Decision, KnownGuid, SecurityDescriptor, Sid, Token, check, inherit_into,
            known_guids,
        };
    }

    /// Events of password writeback, read as a stream.
    #[pymodule]
    mod events {
        #[pymodule_export]
        use crate::events::audit::{AuditReader, AuditRecord, read_audit};
        #[pymodule_export]
        use crate::events::{
            Event, EventDatum, EventInfo, EventReader, Message, RootCause, cause, causes, look_up,
            read,
        };
    }

    /// Strength, subjects, what is missing, progress.
    #[pymodule]
    mod evidence {
        #[pymodule_export]
        use crate::evidence::{Missing, Progress, Subject};
    }

    /// Any code, id, result, product, right or pasted text.
    #[pymodule]
    mod explain {
        #[pymodule_export]
        use crate::explain::{Answer, Topic, explain, find_all};
    }

    /// What will become of one password of one person.
    #[pymodule]
    mod forecast {
        #[pymodule_export]
        use crate::forecast::{
            Open, OperationForecast, PolicyUsed, Prediction, Reason, SideForecast, predict,
        };
    }

    /// Reading a tenant through Microsoft Graph, and writing what was read as evidence.
    #[pymodule]
    mod graph {
        #[pymodule_export]
        use crate::graph::client::Client;
        #[pymodule_export]
        use crate::graph::sign_in::{DevicePrompt, SignIn};
        #[pymodule_export]
        use crate::graph::{
            Bounds, Collected, Elsewhere, PlannedRequest, Rates, collect, elsewhere, plan,
        };
    }

    /// Reading Active Directory over LDAP, and writing what was read as evidence.
    #[pymodule]
    mod ldap {
        #[pymodule_export]
        use crate::ldap::{Collected, PlannedSearch, collect, plan};
    }

    /// Which product grants which right, and what a person is entitled to.
    #[pymodule]
    mod licensing {
        #[pymodule_export]
        use crate::licensing::{
            Cause, CompanySubscription, Entitlement, PrepaidUnits, Product, ServicePlan,
            SubscribedSku, entitlement, find_products, parse_subscribed_skus, parse_subscriptions,
            product,
        };
    }

    /// Who may reset a password, with which methods, under which rules.
    #[pymodule]
    mod policy {
        #[pymodule_export]
        use crate::policy::{
            AdministratorRole, AuthenticationMethodsPolicy, AuthorizationPolicy, BannedPasswords,
            BannedVerdict, CloudPasswordFault, CloudPasswordRules, ConvergedMethod,
            IntegrationSettings, Locations, OnPremisesPasswordResetPolicies, PasswordResetPolicies,
            PasswordRuleSettings, PasswordRules, PolicyFault, QuestionSettings, RegistrationGuard,
            SetAside, UpnFault, UsableMethod, UsableMethods, administrator_roles, check_upn,
            parse_authentication_methods_policy, parse_authorization_policy,
            parse_on_premises_policies, parse_password_reset_policies, parse_password_rules,
            usable_methods,
        };
        #[pymodule_export]
        use crate::policy_draft::{PolicyDraft, ResetScope, SsprPolicy};
    }

    /// A snapshot judged, and the report.
    #[pymodule]
    mod readiness {
        #[pymodule_export]
        use crate::readiness::{
            CollectEntry, Concerned, Configuration, EvidenceRef, Finding, LastProof, PeopleCount,
            Period, PhaseReport, Remedy, Report, Rule, assess, rule, rules,
        };
    }

    /// Every password operation, followed from its first event to its last.
    #[pymodule]
    mod roundtrip {
        #[pymodule_export]
        use crate::roundtrip::correlator::Correlator;
        #[pymodule_export]
        use crate::roundtrip::settings::{ConnectorAccount, PersonFacts};
        #[pymodule_export]
        use crate::roundtrip::statistics::{
            Burst, CauseTally, Durations, Moment, Share, Statistics,
        };
        #[pymodule_export]
        use crate::roundtrip::summary::{
            ClockStep, Connector, DomainSet, Gap, HowKnown, Service, Skew, Summary,
        };
        #[pymodule_export]
        use crate::roundtrip::support::{SupportBundle, SupportEvent};
        #[pymodule_export]
        use crate::roundtrip::{Link, Operation, OperationReader, Person, Stage, operations};
    }

    /// The JSON Schemas of what this package writes.
    #[pymodule]
    mod schema {
        #[pymodule_export]
        use crate::schema::schema;
    }

    /// Evidence in, facts out.
    #[pymodule]
    mod snapshot {
        #[pymodule_export]
        use crate::snapshot::follow::{Change, Changed, Followed};
        #[pymodule_export]
        use crate::snapshot::operations::{
            LogRead, LogsRead, OperationsRead, read_operations, read_support,
        };
        #[pymodule_export]
        use crate::snapshot::{Evidence, Lost, Skipped, Snapshot};
    }

    /// People, and what holds for the tenant as a whole.
    #[pymodule]
    mod tenant {
        #[pymodule_export]
        use crate::tenant::{Organization, People, Person, parse_organization};
    }

    /// Watching logs while they are written.
    #[pymodule]
    mod watch {
        #[pymodule_export]
        use crate::watch::post::{Post, Posted};
        #[pymodule_export]
        use crate::watch::{Notice, Watch, WatchState};
    }

    /// Servers, versions, endpoints.
    #[pymodule]
    mod writeback {
        #[pymodule_export]
        use crate::writeback::{
            ConnectIdentity, Connector, EndpointTest, Floor, KnownFault, Partition, Release,
            Server, ServerDraft, Standing, SyncService, WritebackRole, certificate_state,
            cloud_sync_endpoints, endpoints, releases, standing, windows_fit, writeback_roles,
        };
    }
}
