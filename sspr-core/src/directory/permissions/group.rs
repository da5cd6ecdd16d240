//! Groups and who is in them.

use super::account::{member_names, owned};
use super::sids::{entry_sid, json_sid};
use crate::carrier::json::Object;
use crate::carrier::ldif::LdifEntry;
use crate::directory::security::Sid;
use crate::evidence::{At, Locator, Reading};

/// `groupType`: the group counts for permissions.
const SECURITY_ENABLED: i64 = 0x8000_0000;

/// A group of the directory as `Get-ADGroup` and LDIF show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupReadings {
    /// Its SID.
    pub sid: Reading<Sid>,
    /// `sAMAccountName`.
    pub name: Reading<String>,
    /// Its distinguished name.
    pub dn: Reading<String>,
    /// Whether it counts for permissions; a distribution group does not.
    pub security: Reading<bool>,
    /// The distinguished names of its members, those with it as their primary group apart. Bad
    /// when only a part was given.
    pub members: Reading<Vec<String>>,
    /// The distinguished names of the groups it is directly in.
    pub member_of: Reading<Vec<String>>,
}

impl GroupReadings {
    /// Whether an object is a group as `Get-ADGroup` and `Get-ADPrincipalGroupMembership` give it.
    pub fn matches_json(object: &Object<'_>) -> bool {
        let sid = object.has(&["SID"]) || object.has(&["objectSid"]);
        sid && object.has(&["DistinguishedName"])
            && (object.has(&["GroupCategory"])
                || object.has(&["groupType"])
                || object.text("ObjectClass").value() == Some(&"group"))
    }

    /// Whether a directory entry is a group.
    pub fn matches_entry(entry: &LdifEntry) -> bool {
        let mut classes = entry.values("objectClass").filter_map(|value| value.text());
        classes.any(|class| class.eq_ignore_ascii_case("group")) || entry.has("groupType")
    }

    /// Reads one element of `Get-ADGroup -Properties Members,MemberOf | ConvertTo-Json`.
    pub fn from_json(object: &Object<'_>) -> Self {
        let text = |name| object.words(name).map(str::to_owned);
        let sid = || json_sid(object, "objectSid");
        let categories = [("Distribution", 0, false), ("Security", 1, true)];
        let list = |name| match object.texts(name) {
            Reading::Null(place) => Reading::Value(At::new(Vec::new(), place)),
            reading => reading.map(owned),
        };
        Self {
            sid: json_sid(object, "SID").or(sid),
            name: text("SamAccountName").or(|| text("Name")),
            dn: text("DistinguishedName"),
            security: object
                .choice("GroupCategory", &categories)
                .or(|| object.integer("groupType").map(is_security)),
            members: list("Members").or(|| list("Member")),
            member_of: list("MemberOf"),
        }
    }

    /// Reads a directory entry.
    pub fn from_entry(entry: &LdifEntry) -> Self {
        Self {
            sid: entry_sid(entry, "objectSid"),
            name: entry.text("sAMAccountName").map(str::to_owned),
            dn: Reading::Value(At::new(entry.dn.clone(), Locator::Line(entry.line))),
            security: entry.integer("groupType").map(is_security),
            members: member_names(entry, "member"),
            member_of: member_names(entry, "memberOf"),
        }
    }
}

/// The bit is the sign of the number.
fn is_security(kind: i64) -> bool {
    kind & SECURITY_ENABLED != 0
}
