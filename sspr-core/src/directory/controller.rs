//! Domain controllers: what `Get-ADDomainController` prints, the rootDSE, and password filters.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::dns_domain;
use crate::carrier::json::Object;
use crate::carrier::ldif::LdifEntry;
use crate::carrier::powershell_list::ListObject;
use crate::evidence::Reading;
use crate::time;

/// The LDAP controls by which a domain controller checks a reset against the password history; the
/// newer one and the one it replaced. Either will do.
pub const POLICY_HINTS_CONTROLS: [&str; 2] = ["1.2.840.113556.1.4.2239", "1.2.840.113556.1.4.2066"];

/// Whether an object is of `Get-AzureADPasswordProtectionDCAgent`, with all its fields or some.
pub fn is_protection_agent(object: &Object<'_>) -> bool {
    let times = ["HeartbeatUTC", "PasswordPolicyDateUTC"];
    object.has(&["ServerFQDN"]) && times.iter().any(|name| object.has(&[name]))
}

/// A domain controller.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DomainController {
    /// Its DNS host name.
    pub host: String,
    /// Its domain.
    pub domain: Option<String>,
    /// Such as `Windows Server 2019 Standard`.
    pub os: Option<String>,
    /// Such as `10.0 (17763)`.
    pub os_version: Option<String>,
    /// Whether it is read-only.
    pub read_only: Option<bool>,
    /// LDAP controls it supports (`supportedControl` of its rootDSE), if collected.
    pub controls: Option<Vec<String>>,
}

/// What one element of `Get-ADDomainController` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControllerReadings {
    /// Its DNS host name.
    pub host: Reading<String>,
    /// Its domain's DNS name.
    pub domain: Reading<String>,
    /// Its forest's DNS name.
    pub forest: Reading<String>,
    /// Such as `Windows Server 2019 Standard`.
    pub os: Reading<String>,
    /// Such as `10.0 (17763)`.
    pub os_version: Reading<String>,
    /// Whether it is read-only.
    pub read_only: Reading<bool>,
}

impl ControllerReadings {
    /// Whether an object is a domain controller as `Get-ADDomainController` gives it.
    pub fn matches_json(object: &Object<'_>) -> bool {
        object.has(&["HostName", "IsReadOnly"])
            || object.has(&["HostName", "OperatingSystemVersion"])
    }

    /// The same for PowerShell's list form.
    pub fn matches_list(object: &ListObject) -> bool {
        object.has(&["HostName", "IsReadOnly"])
            || object.has(&["HostName", "OperatingSystemVersion"])
    }

    /// Reads one element of `Get-ADDomainController -Filter * | ConvertTo-Json`.
    pub fn from_json(object: &Object<'_>) -> Self {
        let text = |name| object.words(name).map(str::to_owned);
        Self {
            host: text("HostName"),
            domain: text("Domain"),
            forest: text("Forest"),
            os: text("OperatingSystem"),
            os_version: text("OperatingSystemVersion"),
            read_only: object.bool("IsReadOnly"),
        }
    }

    /// Reads the same in PowerShell's list form.
    pub fn from_list(object: &ListObject) -> Self {
        let text = |name| object.text(name).map(str::to_owned);
        Self {
            host: text("HostName"),
            domain: text("Domain"),
            forest: text("Forest"),
            os: text("OperatingSystem"),
            os_version: text("OperatingSystemVersion"),
            read_only: object.bool("IsReadOnly"),
        }
    }
}

/// The rootDSE of one domain controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootDse {
    /// The host name of the controller that answered.
    pub host: Reading<String>,
    /// The DNS name of its domain.
    pub domain: Reading<String>,
    /// The DNS name of its forest's root domain.
    pub forest: Reading<String>,
    /// The LDAP controls it supports.
    pub controls: Reading<Vec<String>>,
    /// Its clock when it answered.
    pub time: Option<DateTime<Utc>>,
}

impl RootDse {
    /// Whether a directory entry is a rootDSE.
    pub fn matches_entry(entry: &LdifEntry) -> bool {
        entry.dn.is_empty()
            && (entry.has("defaultNamingContext")
                || entry.has("supportedControl")
                || entry.has("dnsHostName"))
    }

    /// Whether an object is what `Get-ADRootDSE` gives.
    pub fn matches_json(object: &Object<'_>) -> bool {
        object.has(&["dnsHostName", "defaultNamingContext"])
    }

    /// Reads the entry, as `ldapsearch -s base -b ""` and `ldifde` print it.
    pub fn from_entry(entry: &LdifEntry) -> Self {
        let text = |name| entry.text(name).map(str::to_owned);
        Self {
            host: text("dnsHostName"),
            domain: text("defaultNamingContext").and_then(|dn| domain_of(&dn)),
            forest: text("rootDomainNamingContext").and_then(|dn| domain_of(&dn)),
            controls: entry.texts("supportedControl").map(owned),
            time: entry
                .text("currentTime")
                .value()
                .and_then(|text| time::parse_generalized(text)),
        }
    }

    /// Reads what `Get-ADRootDSE | ConvertTo-Json` prints.
    pub fn from_json(object: &Object<'_>) -> Self {
        let text = |name| object.words(name).map(str::to_owned);
        Self {
            host: text("dnsHostName"),
            domain: text("defaultNamingContext").and_then(|dn| domain_of(&dn)),
            forest: text("rootDomainNamingContext").and_then(|dn| domain_of(&dn)),
            controls: object.texts("supportedControl").map(owned),
            time: object.time("currentTime").value().copied(),
        }
    }
}

/// The password filters of a machine: `Notification Packages` of its Lsa key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordFilters {
    /// The machine, when the command was run from another one.
    pub host: Reading<String>,
    /// The filters' names.
    pub packages: Reading<Vec<String>>,
}

impl PasswordFilters {
    /// Whether an object holds the registry value.
    pub fn matches_json(object: &Object<'_>) -> bool {
        object.has(&["Notification Packages"]) || object.has(&["NotificationPackages"])
    }

    /// Reads what `Get-ItemProperty` prints of it.
    pub fn from_json(object: &Object<'_>) -> Self {
        Self {
            host: object.words("PSComputerName").map(str::to_owned),
            packages: object
                .texts("Notification Packages")
                .or(|| object.texts("NotificationPackages"))
                .map(owned),
        }
    }

    /// The filters that are not part of Windows.
    pub fn foreign(packages: &[String]) -> impl Iterator<Item = &str> {
        packages
            .iter()
            .map(String::as_str)
            .filter(|name| !name.trim().is_empty())
            .filter(|name| {
                !["scecli", "rassfm"]
                    .iter()
                    .any(|own| name.trim().eq_ignore_ascii_case(own))
            })
    }
}

fn domain_of(dn: &str) -> Result<String, String> {
    dns_domain(dn).ok_or_else(|| "not the name of a domain".into())
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}
