//! SIDs and names of accounts, as tools print them.

use serde::Serialize;
use serde_json::Value;

use crate::carrier::json::Object;
use crate::carrier::ldif::LdifEntry;
use crate::directory::security::Sid;
use crate::evidence::{At, Reading};

/// Whom an entry speaks of, as a tool prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Trustee {
    /// The SID itself.
    Sid(Sid),
    /// A name such as `CONTOSO\MSOL_0123456789ab` or `NT AUTHORITY\SELF`.
    Name(String),
}

impl Trustee {
    /// Reads a SID or a name.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        text.parse()
            .map_or_else(|_| Self::Name(text.to_owned()), Self::Sid)
    }

    /// Its SID: well-known names stand for themselves, all others are asked for.
    pub fn resolve(&self, names: &dyn Fn(&str) -> Option<Sid>) -> Option<Sid> {
        match self {
            Self::Sid(sid) => Some(*sid),
            Self::Name(name) => well_known_sid(name).or_else(|| names(name)),
        }
    }
}

/// The SID of an English well-known name that belongs to no domain, such as `Everyone` or
/// `BUILTIN\Administrators`.
pub fn well_known_sid(name: &str) -> Option<Sid> {
    let (authority, name) = name.rsplit_once('\\').unwrap_or(("", name));
    let of = |known: &str| authority.is_empty() || authority.eq_ignore_ascii_case(known);
    let name = name.trim().to_ascii_lowercase();
    let builtin = match name.as_str() {
        "administrators" => Some(544),
        "users" => Some(545),
        "guests" => Some(546),
        "account operators" => Some(548),
        "server operators" => Some(549),
        "print operators" => Some(550),
        "backup operators" => Some(551),
        "replicator" => Some(552),
        "pre-windows 2000 compatible access" => Some(554),
        "remote desktop users" => Some(555),
        "network configuration operators" => Some(556),
        "incoming forest trust builders" => Some(557),
        "performance monitor users" => Some(558),
        "performance log users" => Some(559),
        "windows authorization access group" => Some(560),
        "terminal server license servers" => Some(561),
        _ => None,
    };
    if let Some(rid) = builtin.filter(|_| authority.eq_ignore_ascii_case("BUILTIN")) {
        return Some(Sid::new(5, [32, rid]));
    }
    match name.as_str() {
        "everyone" if authority.is_empty() => Some(Sid::new(1, [0])),
        "creator owner" if authority.is_empty() => Some(Sid::new(3, [0])),
        "creator group" if authority.is_empty() => Some(Sid::new(3, [1])),
        "owner rights" if authority.is_empty() => Some(Sid::new(3, [4])),
        _ if !of("NT AUTHORITY") => None,
        "network" => Some(Sid::new(5, [2])),
        "interactive" => Some(Sid::new(5, [4])),
        "service" => Some(Sid::new(5, [6])),
        "anonymous logon" => Some(Sid::new(5, [7])),
        "enterprise domain controllers" => Some(Sid::new(5, [9])),
        "self" => Some(Sid::new(5, [10])),
        "authenticated users" => Some(Sid::new(5, [11])),
        "this organization" => Some(Sid::new(5, [15])),
        "system" => Some(Sid::new(5, [18])),
        "local service" => Some(Sid::new(5, [19])),
        "network service" => Some(Sid::new(5, [20])),
        _ => None,
    }
}

/// A SID of a JSON object: its text, or .NET's object with `Value`.
pub(crate) fn json_sid(object: &Object<'_>, name: &str) -> Reading<Sid> {
    object
        .field(name)
        .and_then(|value| sid_of(value).ok_or_else(|| "expected a SID".to_owned()))
}

/// All SIDs of a JSON array.
pub(super) fn json_sids(object: &Object<'_>, name: &str) -> Reading<Vec<Sid>> {
    object.array(name).and_then(|items| {
        items
            .into_iter()
            .map(|item| sid_of(item.value).ok_or_else(|| "expected SIDs".to_owned()))
            .collect()
    })
}

fn sid_of(value: &Value) -> Option<Sid> {
    let text = match value {
        Value::String(text) => text.as_str(),
        Value::Object(map) => map
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case("value"))?
            .1
            .as_str()?,
        _ => return None,
    };
    text.trim().parse().ok()
}

/// All SIDs of an attribute, whose values are bytes, or text where a tool translates them.
pub(super) fn entry_sids(entry: &LdifEntry, attribute: &str) -> Reading<Vec<Sid>> {
    let Some(first) = entry.values(attribute).next() else {
        return Reading::Absent;
    };
    let place = entry.place(first);
    let sids = entry.values(attribute).map(|value| {
        let text = || value.text()?.trim().parse().ok();
        match Sid::parse(&value.bytes) {
            Ok(sid) if sid.byte_len() == value.bytes.len() => Some(sid),
            _ => text(),
        }
    });
    match sids.collect() {
        Some(sids) => Reading::Value(At::new(sids, place)),
        None => Reading::Bad(crate::error::Error::value(place, "expected SIDs")),
    }
}

/// The only SID of an attribute.
pub(super) fn entry_sid(entry: &LdifEntry, attribute: &str) -> Reading<Sid> {
    entry_sids(entry, attribute).and_then(|sids| match sids.as_slice() {
        [sid] => Ok(*sid),
        _ => Err("expected one SID".to_owned()),
    })
}
