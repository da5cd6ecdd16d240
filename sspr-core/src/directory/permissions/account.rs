//! Accounts, such as the one that a connector uses.

use chrono::{DateTime, Utc};

use super::sids::{entry_sid, entry_sids, json_sid, json_sids};
use crate::carrier::json::Object;
use crate::carrier::ldif::{LdifEntry, LdifValue};
use crate::directory::attributes::ACCOUNT_DISABLED;
use crate::directory::security::Sid;
use crate::evidence::{At, Locator, Reading};
use crate::time::from_filetime;

/// `userAccountControl` as computed: the account is locked out.
const LOCKED_OUT: i64 = 0x10;
/// `userAccountControl` as computed: the password has expired.
const PASSWORD_EXPIRED: i64 = 0x80_0000;

/// An account of the directory as `Get-ADUser`, `Get-ADServiceAccount` and LDIF show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountReadings {
    /// Its SID.
    pub sid: Reading<Sid>,
    /// `sAMAccountName`.
    pub name: Reading<String>,
    /// Its distinguished name.
    pub dn: Reading<String>,
    /// Its description.
    pub description: Reading<String>,
    /// Its classes, the structural one last; PowerShell prints that one alone.
    pub classes: Reading<Vec<String>>,
    /// Whether it is disabled.
    pub disabled: Reading<bool>,
    /// Whether it is locked out, or was and nobody signed in since.
    pub locked: Reading<bool>,
    /// When it ends; nothing when it never does.
    pub expires: Reading<Option<DateTime<Utc>>>,
    /// Whether its password has expired.
    pub password_expired: Reading<bool>,
    /// Workstations it may log on to; none is everywhere.
    pub workstations: Reading<Vec<String>>,
    /// The distinguished names of the groups it is directly in, the primary one apart.
    pub member_of: Reading<Vec<String>>,
    /// The last part of its primary group's SID.
    pub primary_group: Reading<u32>,
    /// Its groups as the directory resolved them.
    pub token_groups: Reading<Vec<Sid>>,
    /// Its SIDs of other domains.
    pub sid_history: Reading<Vec<Sid>>,
}

impl AccountReadings {
    /// Reads one element of `Get-ADUser -Properties … | ConvertTo-Json`, or of
    /// `Get-ADServiceAccount`.
    pub fn from_json(object: &Object<'_>) -> Self {
        let text = |name| object.words(name).map(str::to_owned);
        let sid = || json_sid(object, "objectSid");
        let computed = |bit| control(object.integer("msDS-User-Account-Control-Computed"), bit);
        Self {
            sid: json_sid(object, "SID").or(sid),
            name: text("SamAccountName"),
            dn: text("DistinguishedName"),
            description: text("Description"),
            classes: object.texts("ObjectClass").map(owned),
            disabled: object
                .bool("Enabled")
                .map(|enabled| !enabled)
                .or(|| control(object.integer("userAccountControl"), ACCOUNT_DISABLED)),
            locked: object
                .bool("LockedOut")
                .or(|| computed(LOCKED_OUT))
                .or(|| object.integer("lockoutTime").map(|time| time != 0)),
            expires: match object.time("AccountExpirationDate") {
                // Nobody set an end.
                Reading::Null(place) => Reading::Value(At::new(None, place)),
                reading => reading.map(Some),
            }
            .or(|| object.integer("accountExpires").and_then(end)),
            password_expired: object
                .bool("PasswordExpired")
                .or(|| computed(PASSWORD_EXPIRED)),
            workstations: match object
                .text("LogonWorkstations")
                .or(|| object.text("userWorkstations"))
            {
                Reading::Null(place) => Reading::Value(At::new(Vec::new(), place)),
                reading => reading.map(split),
            },
            member_of: match object.texts("MemberOf") {
                Reading::Null(place) => Reading::Value(At::new(Vec::new(), place)),
                reading => reading.map(owned),
            },
            primary_group: object.integer("primaryGroupID").and_then(rid),
            token_groups: match json_sids(object, "tokenGroups") {
                // Every account is in its primary group: it was not shown.
                Reading::Value(At { value, place }) if value.is_empty() => Reading::Null(place),
                reading => reading,
            },
            sid_history: match json_sids(object, "SIDHistory") {
                Reading::Null(place) => Reading::Value(At::new(Vec::new(), place)),
                reading => reading,
            },
        }
    }

    /// Reads a directory entry.
    pub fn from_entry(entry: &LdifEntry) -> Self {
        let text = |name| entry.text(name).map(str::to_owned);
        let computed = |bit| control(entry.integer("msDS-User-Account-Control-Computed"), bit);
        Self {
            sid: entry_sid(entry, "objectSid"),
            name: text("sAMAccountName"),
            dn: Reading::Value(At::new(entry.dn.clone(), Locator::Line(entry.line))),
            description: text("description"),
            classes: entry.texts("objectClass").map(owned),
            disabled: control(entry.integer("userAccountControl"), ACCOUNT_DISABLED),
            locked: computed(LOCKED_OUT).or(|| entry.integer("lockoutTime").map(|time| time != 0)),
            expires: entry.integer("accountExpires").and_then(end),
            password_expired: computed(PASSWORD_EXPIRED),
            workstations: entry.text("userWorkstations").map(split),
            member_of: member_names(entry, "memberOf"),
            primary_group: entry.integer("primaryGroupID").and_then(rid),
            token_groups: entry_sids(entry, "tokenGroups"),
            sid_history: entry_sids(entry, "sIDHistory"),
        }
    }
}

/// The names that an attribute lists, when it lists all of them: a directory gives long lists in
/// ranges, of which only one that begins with the first and ends with the last is whole.
pub(super) fn member_names(entry: &LdifEntry, attribute: &str) -> Reading<Vec<String>> {
    let part = |value: &LdifValue| {
        let range = value
            .attribute
            .split(';')
            .find_map(|option| option.strip_prefix("range="));
        range.is_some_and(|range| range != "0-*")
    };
    match entry.values(attribute).find(|value| part(value)) {
        Some(value) => Reading::Bad(crate::error::Error::new(
            crate::error::ErrorCode::Truncated,
            entry.place(value),
            "a list that was given in part",
        )),
        None => entry.texts(attribute).map(owned),
    }
}

fn control(reading: Reading<i64>, bit: i64) -> Reading<bool> {
    reading.map(|value| value & bit != 0)
}

/// `accountExpires`, in which 0 and the greatest integer mean never.
fn end(ticks: i64) -> Result<Option<DateTime<Utc>>, String> {
    match ticks {
        0 | i64::MAX => Ok(None),
        _ => from_filetime(ticks)
            .map(Some)
            .ok_or_else(|| "not a file time".into()),
    }
}

pub(super) fn rid(value: i64) -> Result<u32, String> {
    u32::try_from(value).map_err(|_| "expected the last part of a SID".into())
}

fn split(names: &str) -> Vec<String> {
    let names = names.split(',').map(str::trim);
    names.filter(|n| !n.is_empty()).map(str::to_owned).collect()
}

pub(super) fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}
