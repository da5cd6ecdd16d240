//! What to read, from where, within which bounds, and where to put it.

use std::path::PathBuf;

use reqwest::Url;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;
use crate::http::{Origin, spoken};

/// What [`collect`](fn@super::collect) and [`Client`](super::Client) read, from where, and within
/// which bounds. Plain data, without any secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// The tenant: its id or one of its domains. Not needed with a ready token or a managed
    /// identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The id of the application that signs in. Not needed with a ready token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The folder for the evidence. It is made, and must be empty unless a run is resumed.
    pub folder: PathBuf,
    /// The cloud, whose root and authority count where none are given.
    #[serde(default)]
    pub cloud: GraphCloud,
    /// Where Graph answers, such as `https://graph.microsoft.com`, for a cloud that has no name
    /// here. Only `https`, and `http` on this machine itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// Where tokens are given, such as `https://login.microsoftonline.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// A file with certificates, in PEM, of authorities that are trusted beside those of the
    /// operating system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// The object id of the group that self-service reset is on for, whose members are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_group: Option<String>,
    /// Of how many days the audit log is read, 1 to 366. Entra keeps 30, or 7 without P1.
    #[serde(default = "default_audit_days")]
    pub audit_days: u32,
    /// Also read what only the beta version tells. It may change any day.
    #[serde(default)]
    pub beta: bool,
    /// Compress the lists that are written.
    #[serde(default)]
    pub gzip: bool,
    /// Go on where an earlier run into the same folder was interrupted.
    #[serde(default)]
    pub resume: bool,
    /// How often something is asked at most.
    #[serde(default)]
    pub rates: Rates,
    /// What a run may cost.
    #[serde(default)]
    pub bounds: Bounds,
}

/// The clouds that have a name here.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum GraphCloud {
    /// The public cloud, GCC included.
    #[default]
    Global,
    /// US Government L4 (GCC High).
    UsGovernment,
    /// US Government L5 (DoD).
    UsGovernmentDod,
    /// China, operated by 21Vianet.
    China,
}

/// How many requests are sent at most. The defaults are Microsoft's documented limits, with room
/// left for others where that can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Rates {
    /// Resource units of identity requests in any 10 seconds. The smallest tenants have 3500.
    pub identity_units: u32,
    /// Requests for reports and audit records in any 10 seconds. The limit is 5.
    pub reports: u32,
    /// Requests for conditional access policies in any second. The limit is 1.
    pub conditional_access: u32,
}

/// What a run, and each request in it, may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Bounds {
    /// Most bytes of one answer, unpacked; at most 16 MiB, which is what one line of evidence may
    /// hold.
    pub answer_bytes: u64,
    /// Most pages of one collection.
    pub pages: u32,
    /// Most seconds of a whole run.
    pub seconds: u64,
    /// Seconds to wait for a connection, and for each part of an answer.
    pub timeout_seconds: u64,
    /// How often one request is sent at most.
    pub attempts: u32,
    /// Most seconds that one request waits between its attempts, all together.
    pub wait_seconds: u64,
    /// The longest `Retry-After` that is obeyed, in seconds.
    pub retry_after_seconds: u64,
    /// Of how many people, whose licences leave a doubt, the plans are read.
    pub people_in_doubt: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            identity_units: 3_000,
            reports: 5,
            conditional_access: 1,
        }
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            answer_bytes: 16 * 1024 * 1024,
            pages: 50_000,
            seconds: 12 * 3_600,
            timeout_seconds: 100,
            attempts: 8,
            wait_seconds: 900,
            retry_after_seconds: 300,
            people_in_doubt: 20_000,
        }
    }
}

fn default_audit_days() -> u32 {
    30
}

impl GraphCloud {
    /// Where Graph answers.
    pub fn root(self) -> &'static str {
        match self {
            Self::Global => "https://graph.microsoft.com",
            Self::UsGovernment => "https://graph.microsoft.us",
            Self::UsGovernmentDod => "https://dod-graph.microsoft.us",
            Self::China => "https://microsoftgraph.chinacloudapi.cn",
        }
    }

    /// Where tokens are given.
    pub fn authority(self) -> &'static str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGovernment | Self::UsGovernmentDod => "https://login.microsoftonline.us",
            Self::China => "https://login.chinacloudapi.cn",
        }
    }
}

/// Settings whose addresses were found to be in order.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// Where Graph answers, without a path.
    pub(super) root: Url,
    /// Its origin: the only one that ever sees a token.
    pub(super) origin: Origin,
    /// Where tokens are given, without a path.
    pub(super) authority: Url,
}

impl Settings {
    /// Settings with the defaults for what is not given here: the public cloud, and the evidence
    /// in this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            tenant: None,
            client_id: None,
            folder: folder.into(),
            cloud: GraphCloud::default(),
            root: None,
            authority: None,
            ca_file: None,
            scope_group: None,
            audit_days: default_audit_days(),
            beta: false,
            gzip: false,
            resume: false,
            rates: Rates::default(),
            bounds: Bounds::default(),
        }
    }

    /// Checks everything that can be checked without asking a server.
    pub(super) fn checked(&self) -> Result<Places> {
        let (rates, bounds) = (&self.rates, &self.bounds);
        let ranges: [(&str, u64, u64, u64); 11] = [
            ("auditDays", self.audit_days.into(), 1, 366),
            // A batch of 20 must fit into the budget.
            (
                "rates/identityUnits",
                rates.identity_units.into(),
                60,
                100_000,
            ),
            ("rates/reports", rates.reports.into(), 1, 10_000),
            (
                "rates/conditionalAccess",
                rates.conditional_access.into(),
                1,
                1_000,
            ),
            (
                "bounds/answerBytes",
                bounds.answer_bytes,
                64 * 1024,
                16 * 1024 * 1024,
            ),
            ("bounds/pages", bounds.pages.into(), 1, 10_000_000),
            ("bounds/seconds", bounds.seconds, 1, 7 * 86_400),
            ("bounds/timeoutSeconds", bounds.timeout_seconds, 1, 3_600),
            ("bounds/attempts", bounds.attempts.into(), 1, 100),
            ("bounds/waitSeconds", bounds.wait_seconds, 0, 86_400),
            (
                "bounds/retryAfterSeconds",
                bounds.retry_after_seconds,
                1,
                86_400,
            ),
        ];
        for (name, value, low, high) in ranges {
            if !(low..=high).contains(&value) {
                return Err(Error::new(
                    ErrorCode::Range,
                    setting(name),
                    format!("it must be {low} to {high}"),
                ));
            }
        }
        if let Some(group) = &self.scope_group
            && Uuid::try_parse(group).is_err()
        {
            let error = Error::value(setting("scopeGroup"), "this is not an object id");
            return Err(error.with_help(
                "take the Object ID from the group's overview in the Entra admin center",
            ));
        }
        if let Some(tenant) = &self.tenant
            && !is_name(tenant)
        {
            let error = Error::value(setting("tenant"), "this is neither an id nor a domain");
            return Err(error.with_help("write it like contoso.onmicrosoft.com, or its GUID"));
        }
        if let Some(client) = &self.client_id
            && Uuid::try_parse(client).is_err()
        {
            let error = Error::value(setting("clientId"), "this is not an application's id");
            return Err(error.with_help("take the Application (client) ID of the registration"));
        }
        let root = self.root.as_deref().unwrap_or(self.cloud.root());
        let authority = self.authority.as_deref().unwrap_or(self.cloud.authority());
        let root = checked_url(root, &setting("root"))?;
        Ok(Places {
            origin: Origin::of(&root),
            root,
            authority: checked_url(authority, &setting("authority"))?,
        })
    }
}

/// The root of a server, without a path.
fn checked_url(text: &str, place: &Locator) -> Result<Url> {
    const EXAMPLE: &str = "https://graph.microsoft.com";
    let url = spoken(text, place, EXAMPLE)?;
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        let error = Error::value(place.clone(), "only scheme, host and port belong here");
        return Err(error.with_help(format!("write it like {EXAMPLE}")));
    }
    Ok(url)
}

/// A place in the settings.
pub(super) fn setting(name: &str) -> Locator {
    Locator::Pointer(format!("/{name}"))
}

/// Whether a text can stand in a path as it is: a GUID or a domain.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 255
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
        && text.chars().any(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cloud_has_its_root_and_authority_and_both_are_free() {
        for cloud in [
            GraphCloud::Global,
            GraphCloud::UsGovernment,
            GraphCloud::UsGovernmentDod,
            GraphCloud::China,
        ] {
            let settings = Settings {
                cloud,
                ..Settings::new("out")
            };
            let places = settings.checked().unwrap();
            assert_eq!(places.root.as_str().trim_end_matches('/'), cloud.root());
            let other = Settings {
                root: Some("https://graph.fabrikam.example".into()),
                ..settings
            };
            let places = other.checked().unwrap();
            assert_eq!(places.root.host_str(), Some("graph.fabrikam.example"));
            assert_eq!(
                places.authority.as_str().trim_end_matches('/'),
                cloud.authority()
            );
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_and_the_setting_is_named() {
        let refused = |settings: &Settings| settings.checked().unwrap_err().place.to_string();
        let new = || Settings::new("out");
        let tenant = Some("contoso.com/../x".to_owned());
        assert_eq!(refused(&Settings { tenant, ..new() }), "/tenant");
        let scope_group = Some("SSPR-Pilot".to_owned());
        assert_eq!(
            refused(&Settings {
                scope_group,
                ..new()
            }),
            "/scopeGroup"
        );
        assert_eq!(
            refused(&Settings {
                audit_days: 0,
                ..new()
            }),
            "/auditDays"
        );
        for root in [
            "http://graph.contoso.com",
            "https://graph.microsoft.com/v1.0",
        ] {
            let root = Some(root.to_owned());
            assert_eq!(refused(&Settings { root, ..new() }), "/root");
        }
        let rates = Rates {
            reports: 0,
            ..Rates::default()
        };
        assert_eq!(refused(&Settings { rates, ..new() }), "/rates/reports");
    }

    #[test]
    fn settings_travel_as_json_and_unknown_names_are_told() {
        let settings: Settings = serde_json::from_str(r#"{"folder":"out"}"#).unwrap();
        assert_eq!(settings, Settings::new("out"));
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
        assert!(serde_json::from_str::<Settings>(r#"{"folder":"out","secret":"x"}"#).is_err());
    }
}
