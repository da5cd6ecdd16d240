//! Users of Active Directory, as `Get-ADUser` and LDIF show them.

use chrono::{DateTime, Utc};

use super::attributes::{
    ACCOUNT_DISABLED, DONT_EXPIRE_PASSWORD, NORMAL_ACCOUNT, PASSWORD_NOT_REQUIRED,
    SMARTCARD_REQUIRED,
};
use crate::carrier::json::Object;
use crate::carrier::ldif::LdifEntry;
use crate::evidence::{At, Locator, Reading};
use crate::time::from_filetime;

/// A user of the directory. The `ObjectGUID` of these exports is the directory's, and no Entra
/// object id; a person is matched by the user principal name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdUser {
    /// The distinguished name.
    pub dn: Reading<String>,
    /// The user principal name. Not every user has one.
    pub upn: Reading<String>,
    /// Whether the account is enabled.
    pub enabled: Reading<bool>,
    /// Whether the password never expires.
    pub never_expires: Reading<bool>,
    /// Whether the user may not change the password.
    pub cannot_change: Reading<bool>,
    /// `adminCount`: whether the account is, or was, protected as an administrator's.
    pub admin_count: Reading<bool>,
    /// When the password was set.
    pub password: Reading<PasswordSet>,
    /// `sAMAccountName`.
    pub account: Reading<String>,
    /// `displayName`.
    pub display: Reading<String>,
    /// Whether no password is required of the account.
    pub not_required: Reading<bool>,
    /// Whether it is an ordinary account, the only kind that fine-grained policies apply to.
    pub normal: Reading<bool>,
    /// Whether a smart card is required to sign in.
    pub smart_card: Reading<bool>,
    /// Whether it has been locked out; a lockout may have ended since.
    pub locked: Reading<bool>,
    /// `msDS-ResultantPSO`: the fine-grained policy that holds. Absent and null do not tell that
    /// there is none: the reader may have had no right to see it.
    pub resultant: Reading<String>,
    /// `msDS-PSOApplied`: the fine-grained policies on the account itself.
    pub applied: Reading<Vec<String>>,
}

/// What `pwdLastSet` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordSet {
    /// It was set then.
    At(DateTime<Utc>),
    /// 0: it must be changed at the next sign-in.
    MustChange,
}

impl AdUser {
    /// Whether an object is a user as `Get-ADUser` gives it.
    pub fn matches_json(object: &Object<'_>) -> bool {
        let class = || {
            object
                .text("ObjectClass")
                .value()
                .is_some_and(|class| is_person(class))
        };
        let dated = object.has(&["PasswordLastSet"]) || object.has(&["pwdLastSet"]);
        object.has(&["DistinguishedName"])
            && (class() || dated || object.has(&["SamAccountName", "UserPrincipalName"]))
            && !object.has(&["AppliesTo"])
    }

    /// Whether a directory entry is a person.
    pub fn matches_entry(entry: &LdifEntry) -> bool {
        let mut classes = entry.values("objectClass").filter_map(|value| value.text());
        if entry.has("objectClass") {
            let (mut person, mut computer) = (false, false);
            for class in &mut classes {
                person |= is_person(class);
                computer |= class.eq_ignore_ascii_case("computer");
            }
            return person && !computer;
        }
        entry.has("userPrincipalName") || entry.has("pwdLastSet")
    }

    /// Reads one element of `Get-ADUser -Properties PasswordLastSet,… | ConvertTo-Json`.
    pub fn from_json(object: &Object<'_>) -> Self {
        let date = || match object.time("PasswordLastSet") {
            // Get-ADUser prints a `pwdLastSet` of 0 as null.
            Reading::Null(place) => Reading::Value(At::new(PasswordSet::MustChange, place)),
            reading => reading.map(PasswordSet::At),
        };
        let control = |bit| {
            object
                .integer("userAccountControl")
                .map(|value| value & bit != 0)
        };
        Self {
            dn: object.words("DistinguishedName").map(str::to_owned),
            upn: object.words("UserPrincipalName").map(str::to_owned),
            enabled: object
                .bool("Enabled")
                .or(|| control(ACCOUNT_DISABLED).map(|disabled| !disabled)),
            never_expires: object
                .bool("PasswordNeverExpires")
                .or(|| control(DONT_EXPIRE_PASSWORD)),
            cannot_change: object.bool("CannotChangePassword"),
            admin_count: match object.integer("adminCount") {
                // Nobody set it: the account was never protected.
                Reading::Null(place) => Reading::Value(At::new(false, place)),
                reading => reading.map(|count| count > 0),
            },
            password: object.integer("pwdLastSet").and_then(file_time).or(date),
            account: object.words("SamAccountName").map(str::to_owned),
            display: object.words("DisplayName").map(str::to_owned),
            not_required: object
                .bool("PasswordNotRequired")
                .or(|| control(PASSWORD_NOT_REQUIRED)),
            normal: control(NORMAL_ACCOUNT),
            smart_card: object
                .bool("SmartcardLogonRequired")
                .or(|| control(SMARTCARD_REQUIRED)),
            locked: object
                .bool("LockedOut")
                .or(|| object.integer("lockoutTime").map(|time| time != 0)),
            resultant: object.words("msDS-ResultantPSO").map(str::to_owned),
            applied: object
                .texts("msDS-PSOApplied")
                .map(|dns| dns.into_iter().map(str::to_owned).collect()),
        }
    }

    /// Reads a directory entry.
    pub fn from_entry(entry: &LdifEntry) -> Self {
        let control = |bit| {
            entry
                .integer("userAccountControl")
                .map(|value| value & bit != 0)
        };
        Self {
            dn: Reading::Value(At::new(entry.dn.clone(), Locator::Line(entry.line))),
            upn: entry.text("userPrincipalName").map(str::to_owned),
            enabled: control(ACCOUNT_DISABLED).map(|disabled| !disabled),
            never_expires: control(DONT_EXPIRE_PASSWORD),
            cannot_change: Reading::Absent,
            admin_count: entry.integer("adminCount").map(|count| count > 0),
            password: entry.integer("pwdLastSet").and_then(file_time),
            account: entry.text("sAMAccountName").map(str::to_owned),
            display: entry.text("displayName").map(str::to_owned),
            not_required: control(PASSWORD_NOT_REQUIRED),
            normal: control(NORMAL_ACCOUNT),
            smart_card: control(SMARTCARD_REQUIRED),
            locked: entry.integer("lockoutTime").map(|time| time != 0),
            resultant: entry.text("msDS-ResultantPSO").map(str::to_owned),
            applied: entry
                .texts("msDS-PSOApplied")
                .map(|dns| dns.into_iter().map(str::to_owned).collect()),
        }
    }
}

fn is_person(class: &str) -> bool {
    class.eq_ignore_ascii_case("user") || class.eq_ignore_ascii_case("inetOrgPerson")
}

fn file_time(ticks: i64) -> Result<PasswordSet, String> {
    if ticks == 0 {
        return Ok(PasswordSet::MustChange);
    }
    from_filetime(ticks)
        .map(PasswordSet::At)
        .ok_or_else(|| "not a file time".into())
}
