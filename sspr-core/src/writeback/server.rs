//! What is known of a server.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A four-part version such as `2.5.79.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Version(pub [u32; 4]);

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut version = [0; 4];
        let mut parts = text.trim().split('.');
        for (index, slot) in version.iter_mut().enumerate() {
            match parts.next() {
                Some(part) => {
                    *slot = part
                        .parse()
                        .map_err(|_| format!("part {} is no number", index + 1))?;
                }
                None if index >= 2 => break,
                None => return Err("a version has two to four parts".to_owned()),
            }
        }
        if parts.next().is_some() {
            return Err("a version has at most four parts".to_owned());
        }
        Ok(Self(version))
    }
}

impl TryFrom<String> for Version {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, build, revision] = self.0;
        write!(f, "{major}.{minor}.{build}.{revision}")
    }
}

/// The state of a Windows service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ServiceState {
    Stopped,
    StartPending,
    StopPending,
    Running,
    ContinuePending,
    PausePending,
    Paused,
}

/// How a Windows service starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum StartMode {
    Automatic,
    Manual,
    Disabled,
}

/// One Windows service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncService {
    /// Its short name, such as `ADSync`.
    pub name: String,
    /// Its state.
    pub state: Option<ServiceState>,
    /// How it starts.
    pub start: Option<StartMode>,
}

/// One registry value that decides on TLS 1.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tls12Value {
    /// The key's path.
    pub path: String,
    /// The value's name.
    pub name: String,
    /// The number found; absent means Windows' default.
    pub value: Option<u32>,
}

/// One test of a network endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointTest {
    /// The host that was to be reached.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether a TCP connection succeeded.
    pub reached: bool,
    /// The machine that tested, if known.
    pub from: Option<String>,
    /// Whether a proxy stood in between, if known.
    pub proxy: Option<bool>,
    /// When, if known.
    pub at: Option<DateTime<Utc>>,
}

/// How Entra Connect signs in to Entra ID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectIdentity {
    /// An application with a certificate (`true`) or the `Sync_…` account (`false`).
    pub application: bool,
    /// Managed by Entra Connect, or brought by the administrator.
    pub managed: Option<bool>,
    /// When the certificate ends.
    pub certificate_expires: Option<DateTime<Utc>>,
}

/// A connector of Entra Connect to a forest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connector {
    /// Its name, usually the forest's.
    pub name: String,
    /// Its id in upper case with braces, by which rules name it.
    pub id: Option<String>,
    /// The forest.
    pub forest: Option<String>,
    /// The account it uses, such as `CONTOSO\MSOL_0123456789ab`.
    pub account: Option<String>,
    /// Whether LDAP traffic is signed and encrypted: the forest connection.
    pub sign_and_seal: Option<bool>,
    /// Whether LDAP runs over TLS.
    pub ssl: Option<bool>,
    /// When it was made.
    pub created: Option<DateTime<Utc>>,
    /// Its domains.
    pub partitions: Vec<Partition>,
}

/// A domain of a connector.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Partition {
    /// The domain's distinguished name.
    pub dn: String,
    /// Whether it is synchronised.
    pub selected: Option<bool>,
    /// Containers that are synchronised, by distinguished name; none where that is not known.
    #[serde(default)]
    pub included: Vec<String>,
    /// Containers inside those that are not.
    #[serde(default)]
    pub excluded: Vec<String>,
    /// Whether LDAP traffic is signed and encrypted here.
    pub sign_and_seal: Option<bool>,
    /// The domain controller that was used last.
    pub last_dc: Option<String>,
    /// Domain controllers to prefer.
    pub preferred_dcs: Vec<String>,
}
