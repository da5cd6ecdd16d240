//! The root of a domain, whose attributes are the password policy in force.

use super::attributes::{PASSWORD_COMPLEX, PASSWORD_STORE_CLEARTEXT, decode_limit, decode_span};
use super::readings::count;
use super::{PolicyReadings, dns_domain};
use crate::carrier::json::Object;
use crate::carrier::ldif::LdifEntry;
use crate::carrier::powershell_list::ListObject;
use crate::evidence::Reading;

/// The attributes of a password policy, any of which makes an entry worth reading.
const POLICY_ATTRIBUTES: [&str; 6] = [
    "minPwdAge",
    "maxPwdAge",
    "minPwdLength",
    "pwdHistoryLength",
    "pwdProperties",
    "lockoutThreshold",
];

/// A domain and its password policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainRoot {
    /// Its distinguished name.
    pub dn: Reading<String>,
    /// Its DNS name, in lower case, from the distinguished name.
    pub name: Reading<String>,
    /// The policy in force, fine-grained policies apart.
    pub policy: PolicyReadings,
}

impl DomainRoot {
    /// Whether an object is what `Get-ADDefaultDomainPasswordPolicy` gives, and no fine-grained
    /// policy.
    pub fn matches_json(object: &Object<'_>) -> bool {
        object.has(&["MinPasswordAge", "MinPasswordLength"])
            && !object.has(&["Precedence"])
            && !object.has(&["AppliesTo"])
    }

    /// The same for PowerShell's list form.
    pub fn matches_list(object: &ListObject) -> bool {
        object.has(&["MinPasswordAge", "MinPasswordLength"]) && object.get("Precedence").is_none()
    }

    /// Whether a directory entry is a domain's root with its policy. `CN=Builtin` below it carries
    /// attributes of the same names, which govern nobody.
    pub fn matches_entry(entry: &LdifEntry) -> bool {
        let root = entry
            .dn
            .get(..3)
            .is_some_and(|start| start.eq_ignore_ascii_case("DC="));
        root && POLICY_ATTRIBUTES.iter().any(|name| entry.has(name))
    }

    /// Reads what `Get-ADDefaultDomainPasswordPolicy | ConvertTo-Json` prints, in Windows
    /// PowerShell and in PowerShell 7. Spans are positive here, and 0 in `MaxPasswordAge` and
    /// `LockoutDuration` means never.
    pub fn from_json(object: &Object<'_>) -> Self {
        Self::new(
            object.words("DistinguishedName").map(str::to_owned),
            PolicyReadings::of_cmdlet(object),
        )
    }

    /// Reads the same in PowerShell's list form.
    pub fn from_list(object: &ListObject) -> Self {
        Self::new(
            object.text("DistinguishedName").map(str::to_owned),
            PolicyReadings::of_cmdlet(object),
        )
    }

    /// Reads the attributes of the domain's entry.
    pub fn from_entry(entry: &LdifEntry) -> Self {
        let properties = |bit| entry.integer("pwdProperties").map(|value| value & bit != 0);
        let dn = entry.values("objectClass").next().or(entry.all().first());
        let dn = match dn {
            Some(value) => Reading::Value(crate::evidence::At::new(
                entry.dn.clone(),
                entry.place(value),
            )),
            None => Reading::Absent,
        };
        Self::new(
            dn,
            PolicyReadings {
                minimum_age: entry.integer("minPwdAge").and_then(decode_span),
                maximum_age: entry.integer("maxPwdAge").and_then(decode_limit),
                minimum_length: entry.integer("minPwdLength").and_then(count),
                history: entry.integer("pwdHistoryLength").and_then(count),
                complexity: properties(PASSWORD_COMPLEX),
                reversible: properties(PASSWORD_STORE_CLEARTEXT),
                lockout_threshold: entry.integer("lockoutThreshold").and_then(count),
                lockout_duration: entry.integer("lockoutDuration").and_then(decode_limit),
                lockout_window: entry
                    .integer("lockOutObservationWindow")
                    .and_then(decode_span),
            },
        )
    }

    fn new(dn: Reading<String>, policy: PolicyReadings) -> Self {
        let name = dn
            .clone()
            .and_then(|dn| dns_domain(&dn).ok_or("not the name of a domain".into()));
        Self { dn, name, policy }
    }
}
