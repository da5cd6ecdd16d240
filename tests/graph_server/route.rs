//! From a path to what stands there.

use serde_json::Value;

use super::tenant::{Object, Tenant};

/// What a path leads to.
pub(super) enum Place<'a> {
    /// One object.
    One(Value),
    /// A collection, by its path in the tenant; nothing where there are no items.
    Many(String),
    /// The number of items of a collection.
    Count(String),
    /// Nothing: the name of the segment or the key, and whether a key was wrong.
    Nowhere(&'a str, bool),
}

/// Navigation properties that may be empty.
const EMPTY: [&str; 5] = [
    "members",
    "transitivemembers",
    "approleassignedto",
    "owners",
    "memberof",
];

/// Walks a path.
pub(super) fn walk<'a>(tenant: &Tenant, path: &'a str) -> Place<'a> {
    let mut at = String::new();
    let mut rest = path;
    loop {
        let (segment, after) = split(rest);
        if !at.is_empty() {
            at.push('/');
        }
        let (name, key) = keyed(segment);
        at.push_str(name);
        if at.eq_ignore_ascii_case("policies/authorizationPolicy/authorizationPolicy") {
            at = "policies/authorizationPolicy".into();
        }
        let rows = match tenant.get(&at) {
            Some(Object::One(value)) => match after {
                None | Some("authorizationPolicy") => return Place::One(value.clone()),
                Some(member) => {
                    return match value.get(member) {
                        Some(Value::Object(inner)) => Place::One(inner.clone().into()),
                        _ => Place::Nowhere(member, false),
                    };
                }
            },
            Some(Object::Many(rows)) => rows,
            None if at.ends_with("/transitiveMembers") => {
                // Whoever is a member of a group without groups is one at any depth.
                at = at.replace("/transitiveMembers", "/members");
                match tenant.rows(&at) {
                    Some(rows) => rows,
                    None => return Place::Many(at),
                }
            }
            None => {
                let last = name.to_lowercase();
                if EMPTY.contains(&last.as_str()) && at.contains('/') {
                    return Place::Many(at);
                }
                match after {
                    Some(after) if is_parent(tenant, &at) => {
                        rest = after;
                        continue;
                    }
                    _ => return Place::Nowhere(name, false),
                }
            }
        };
        let (property, wanted, after) = match (key, after) {
            (Some((property, wanted)), after) => (property, wanted, after),
            (None, Some("$count")) => return Place::Count(at),
            (None, None | Some("microsoft.graph.user")) => return Place::Many(at),
            (None, Some(after)) => {
                let (wanted, after) = split(after);
                ("id", wanted, after)
            }
        };
        let number = rows.find(property, wanted).or_else(|| {
            let named = property == "id" && at.eq_ignore_ascii_case("users");
            named
                .then(|| rows.find("userPrincipalName", wanted))
                .flatten()
        });
        let Some(number) = number else {
            return Place::Nowhere(wanted, true);
        };
        let item = rows.item(number);
        let Some(after) = after else {
            return Place::One(item);
        };
        at.push('/');
        at.push_str(item.get("id").and_then(Value::as_str).unwrap_or(wanted));
        rest = after;
    }
}

fn is_parent(tenant: &Tenant, path: &str) -> bool {
    let start = format!("{}/", path.to_lowercase());
    tenant.paths().any(|known| known.starts_with(&start))
}

fn split(path: &str) -> (&str, Option<&str>) {
    path.split_once('/')
        .map_or((path, None), |(first, rest)| (first, Some(rest)))
}

/// `servicePrincipals(appId='…')` is a name with a property and its value; the arguments of a
/// function do not matter.
fn keyed(segment: &str) -> (&str, Option<(&str, &str)>) {
    let Some((name, inner)) = segment.split_once('(') else {
        return (segment, None);
    };
    let inner = inner.trim_end_matches(')');
    if inner.is_empty() || name.to_lowercase().starts_with("usersregisteredby") {
        return (name, None);
    }
    let (property, value) = inner.split_once('=').unwrap_or(("id", inner));
    (name, Some((property, value.trim_matches('\''))))
}
