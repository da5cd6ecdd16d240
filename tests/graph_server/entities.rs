//! The types of Graph v1.0: which properties there are, which may be null, and what an enumeration
//! may say.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::Value;

/// A type with its properties.
#[derive(Debug)]
pub(super) struct Entity {
    pub(super) name: &'static str,
    properties: Vec<Property>,
}

#[derive(Debug)]
struct Property {
    name: &'static str,
    kind: &'static str,
    list: bool,
    nullable: bool,
}

/// What `users` gives without `$select`.
const USER_DEFAULT: [&str; 11] = [
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
];

impl Entity {
    pub(super) fn has(&self, name: &str) -> bool {
        // `members/$ref` and the like are not asked for.
        self.properties.iter().any(|property| property.name == name)
    }

    /// The properties that come without `$select`, where they are not all.
    pub(super) fn default_names(&self) -> Option<Vec<String>> {
        (self.name == "user").then(|| USER_DEFAULT.map(str::to_owned).to_vec())
    }
}

#[derive(Debug, Default)]
struct Types {
    entities: HashMap<&'static str, Entity>,
    enumerations: HashMap<&'static str, Vec<&'static str>>,
}

fn types() -> &'static Types {
    static TYPES: OnceLock<Types> = OnceLock::new();
    TYPES.get_or_init(|| {
        let mut types = Types::default();
        let lines = include_str!("types.txt")
            .lines()
            .filter(|line| !line.starts_with('#'));
        let mut head = "";
        for line in lines {
            let mut words = line.split_whitespace();
            if !line.starts_with(' ') {
                head = words.next().unwrap_or_default();
            }
            if let Some(name) = head.strip_prefix('=') {
                types.enumerations.entry(name).or_default().extend(words);
                continue;
            }
            let entity = types.entities.entry(head).or_insert_with(|| Entity {
                name: head,
                properties: Vec::new(),
            });
            entity.properties.extend(words.filter_map(property));
        }
        types
    })
}

fn property(word: &'static str) -> Option<Property> {
    let (name, kind) = word.split_once(':')?;
    let (kind, nullable) = kind
        .strip_suffix('!')
        .map_or((kind, true), |kind| (kind, false));
    let inner = kind
        .strip_prefix('[')
        .and_then(|kind| kind.strip_suffix(']'));
    Some(Property {
        name,
        kind: inner.unwrap_or(kind),
        list: inner.is_some(),
        nullable,
    })
}

/// The type of what stands at a path, where it is known.
pub(super) fn entity(path: &str) -> Option<&'static Entity> {
    let path = path.to_lowercase();
    let parts: Vec<_> = path
        .split('/')
        .map(|part| part.split('(').next().unwrap_or(part))
        .collect();
    let name = match parts.as_slice() {
        ["users"]
        | ["users", _]
        | [.., "members" | "transitivemembers" | "microsoft.graph.user"] => "user",
        ["users", _, "licensedetails"] => "licenseDetails",
        ["groups"] | ["groups", _] => "group",
        ["organization", ..] => "organization",
        ["domains"] | ["domains", _] => "domain",
        ["domains", _, "federationconfiguration"] => "internalDomainFederation",
        ["subscribedskus", ..] => "subscribedSku",
        ["directory", "subscriptions", ..] => "companySubscription",
        ["directory", "onpremisessynchronization", ..] => "onPremisesDirectorySynchronization",
        ["groupsettings", ..] => "groupSetting",
        ["groupsettingtemplates", ..] => "groupSettingTemplate",
        ["identity", "conditionalaccess", "policies", ..] => "conditionalAccessPolicy",
        ["serviceprincipals", _, "approleassignedto"]
        | ["serviceprincipals", "approleassignedto"] => "appRoleAssignment",
        ["directoryroles"] | ["directoryroles", _] => "directoryRole",
        ["rolemanagement", "directory", "roleassignments"] => "unifiedRoleAssignment",
        [
            "reports",
            "authenticationmethods",
            "userregistrationdetails",
            ..,
        ] => "userRegistrationDetails",
        [
            "reports",
            "authenticationmethods",
            "usersregisteredbyfeature",
        ] => "userRegistrationFeatureSummary",
        ["auditlogs", "directoryaudits", ..] => "directoryAudit",
        ["policies", "authorizationpolicy", ..] => "authorizationPolicy",
        ["policies", "authenticationmethodspolicy"] => "authenticationMethodsPolicy",
        _ => return None,
    };
    types().entities.get(name)
}

/// Where an object is not of the type of its path: names nobody knows, null where none may be,
/// other types, members that an enumeration does not have.
pub fn deviations(path: &str, object: &Value) -> Vec<String> {
    let mut found = Vec::new();
    // Members of groups and roles are of several types, and say of which.
    let said = object["@odata.type"]
        .as_str()
        .and_then(|kind| kind.strip_prefix("#microsoft.graph."));
    let said = said.and_then(|kind| types().entities.get(kind));
    if let Some(entity) = said.or_else(|| entity(path)) {
        compare(entity, object, entity.name, &mut found);
    }
    found
}

fn compare(entity: &Entity, object: &Value, at: &str, found: &mut Vec<String>) {
    let Some(members) = object.as_object() else {
        found.push(format!("{at} is no object"));
        return;
    };
    for (name, value) in members.iter().filter(|(name, _)| !name.starts_with('@')) {
        let here = format!("{at}.{name}");
        let Some(property) = entity
            .properties
            .iter()
            .find(|property| property.name == name)
        else {
            found.push(format!("{here} is no property"));
            continue;
        };
        match value {
            Value::Null if property.nullable => {}
            Value::Null => found.push(format!("{here} is never null")),
            Value::Array(items) if property.list => {
                for item in items {
                    one(property.kind, item, &here, found);
                }
            }
            _ if property.list => found.push(format!("{here} is a list")),
            value => one(property.kind, value, &here, found),
        }
    }
}

fn one(kind: &str, value: &Value, at: &str, found: &mut Vec<String>) {
    let types = types();
    if let Some(entity) = types.entities.get(kind) {
        compare(entity, value, at, found);
        return;
    }
    let fits = match (kind, value) {
        ("any", _) | ("bool", Value::Bool(_)) | ("text", Value::String(_)) => true,
        ("int", Value::Number(number)) => number.is_i64(),
        ("time", Value::String(text)) => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        // A row of a kind has a place for its number where the last digits are.
        ("guid", Value::String(text)) => text
            .replace(super::rows::HEX, "000000000000")
            .parse::<uuid::Uuid>()
            .is_ok(),
        (name, Value::String(text)) => types.enumerations.get(name).is_some_and(|members| {
            // Samples of Microsoft show the empty text for the preferred method.
            members.contains(&text.as_str())
                || text.is_empty() && name == "userDefaultAuthenticationMethod"
        }),
        _ => false,
    };
    if !fits {
        found.push(format!("{at} is not of {kind}: {value}"));
    }
}
