//! Facts about Entra Connect servers and cloud sync agents.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::facts;
use crate::directory::RemoteSam;
use crate::directory::permissions::Trustee;
use crate::time::Interval;
use crate::writeback::export::ScopeCondition;
use crate::writeback::{
    ConnectIdentity, Connector, EndpointTest, ServiceState, StartMode, Tls12Value, Version,
};

/// A synchronisation rule of Entra Connect, as far as writeback depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SynchronisationRule {
    /// Its name.
    pub name: String,
    /// Its immutable tag, for the product's own rules.
    pub tag: Option<String>,
    /// `Inbound` or `Outbound`.
    pub direction: Option<String>,
    /// The id of its connector, in upper case with braces.
    pub connector: Option<String>,
    /// Whether it is switched off.
    pub disabled: bool,
    /// Whether it enables password synchronisation.
    pub password_sync: bool,
    /// Its scoping filter: groups of conditions, of which one has to hold as a whole.
    pub scope: Option<Vec<Vec<ScopeCondition>>>,
}

facts! {
    /// One Entra Connect server.
    ServerFacts {
        /// Its full host name.
        host: String = "server.host",
        /// The version of Entra Connect.
        version: Version = "server.version",
        /// The wizard's Password writeback box.
        writeback: bool = "server.writeback",
        /// The second, independent flag, in the connector to Entra ID.
        writeback_connector: bool = "server.writebackConnector",
        /// When the writeback configuration was last changed.
        writeback_modified: DateTime<Utc> = "server.writebackModified",
        /// Staging mode.
        staging: bool = "server.staging",
        /// The scheduler is suspended, by a wizard or by hand.
        scheduler_suspended: bool = "server.schedulerSuspended",
        /// The synchronisation schedule is on.
        sync_cycle: bool = "server.syncCycle",
        /// Time between synchronisations.
        sync_interval: Interval = "server.syncInterval",
        /// When the next synchronisation starts.
        next_sync: DateTime<Utc> = "server.nextSync",
        /// How it signs in to Entra ID.
        identity: ConnectIdentity = "server.identity",
        /// Password hash synchronisation.
        hash_sync: bool = "server.passwordHashSync",
        /// Connectors to forests.
        connectors: Vec<Connector> = "server.connectors",
        /// Synchronisation rules that matter to writeback.
        rules: Vec<SynchronisationRule> = "server.synchronisationRules",
        /// The state of the ADSync service.
        service_state: ServiceState = "server.serviceState",
        /// How the ADSync service starts.
        service_start: StartMode = "server.serviceStart",
        /// The account of the ADSync service.
        service_account: String = "server.serviceAccount",
        /// A pass-through authentication agent is installed here.
        pass_through_agent: bool = "server.passThroughAgent",
        /// The operating system, such as `Microsoft Windows Server 2019 Standard`.
        os: String = "server.os",
        /// The operating system's build number.
        os_build: u32 = "server.osBuild",
        /// `Server` or `Server Core`.
        installation_type: String = "server.installationType",
        /// The `Release` number of .NET Framework 4.
        dotnet_release: u32 = "server.dotnetRelease",
        /// Registry values on TLS 1.2.
        tls12: Vec<Tls12Value> = "server.tls12",
        /// It is a domain controller.
        is_controller: bool = "server.isDomainController",
        /// Who holds the right to impersonate a client after authentication.
        impersonation: Vec<Trustee> = "server.impersonation",
        /// Who may make remote calls to its Security Accounts Manager.
        remote_sam: RemoteSam = "server.restrictRemoteSam",
        /// How far its clock is off, in milliseconds; positive when ahead.
        clock_offset_ms: i64 = "server.clockOffset",
        /// Tests of network endpoints made here.
        endpoints: Vec<EndpointTest> = "server.endpoints",
    }
}

impl ServerFacts {
    /// Whether anything in it comes from Entra Connect itself, not only from its host.
    pub fn speaks_of_connect(&self) -> bool {
        self.version.value().is_some()
            || self.writeback.value().is_some()
            || self.writeback_connector.value().is_some()
            || self.staging.value().is_some()
            || self.sync_cycle.value().is_some()
            || self.identity.value().is_some()
            || self.connectors.value().is_some()
            || self.service_state.value().is_some()
    }

    /// The same facts, observed at a time where they carry none.
    #[must_use]
    pub(super) fn dated(mut self, at: Option<DateTime<Utc>>) -> Self {
        self.writeback_connector.date(at);
        self.writeback_modified.date(at);
        self
    }
}

/// A group that a directory account is a direct member of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountGroup {
    /// Its name.
    pub name: String,
    /// Its security identifier, such as `S-1-5-21-…-512`.
    pub sid: String,
}

/// The name of an account without its domain: `svc` for `CONTOSO\\svc` and for `svc@contoso.com`.
pub(crate) fn account_name(account: &str) -> &str {
    let name = account.rsplit('\\').next().unwrap_or_default();
    name.split('@').next().unwrap_or_default().trim()
}

/// An account's name as a key.
pub(crate) fn account_key(account: &str) -> String {
    account_name(account).to_lowercase()
}

/// A cloud sync provisioning agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CloudSyncAgent {
    /// The machine it runs on.
    pub host: String,
    /// Its version, if known.
    pub version: Option<Version>,
    /// Whether the cloud sees it, if known.
    pub active: Option<bool>,
}

facts! {
    /// Cloud sync.
    CloudSyncFacts {
        /// Its agents.
        agents: Vec<CloudSyncAgent> = "cloudSync.agents",
    }
}
