//! People, groups, roles and registration.

use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;

use super::facts;
use crate::evidence::{Known, Provenance};
use crate::tenant::People;

/// One source of people, with what it told about all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct PeopleSource {
    /// The evidence kind, such as `users` or `adUsers`.
    pub kind: &'static str,
    /// How many rows it gave.
    pub rows: u64,
    /// Whether it is known to be whole.
    pub complete: bool,
    /// Whether the manifest says that it is whole.
    pub stated: bool,
    /// The columns that every row carried, null or not.
    pub columns: Vec<&'static str>,
    /// Where it came from.
    pub from: Provenance,
}

/// The members of a group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberSet {
    /// Object ids, sorted; those of people in resolved nested groups included.
    pub ids: Vec<Uuid>,
    /// Groups among the members whose own members are not known, sorted.
    pub groups: Vec<Uuid>,
    /// Whether the list is known to be whole.
    pub complete: bool,
    /// Whether nested groups were resolved, or none is a member.
    pub nested_groups: bool,
}

/// A group.
#[derive(Debug, Clone)]
pub struct GroupFacts {
    /// Its display name.
    pub name: Known<String>,
    /// Whether it exists; known when somebody looked.
    pub exists: Known<bool>,
    /// Its members.
    pub members: Known<MemberSet>,
}

impl Default for GroupFacts {
    fn default() -> Self {
        Self {
            name: Known::absent("group.name"),
            exists: Known::absent("group.exists"),
            members: Known::absent("group.members"),
        }
    }
}

facts! {
    /// Totals of registration reports.
    RegistrationFacts {
        /// All users of the report.
        total: u64 = "registration.total",
        /// Allowed by the policy to reset.
        enabled: u64 = "registration.enabled",
        /// Registered enough methods.
        registered: u64 = "registration.registered",
        /// Both.
        capable: u64 = "registration.capable",
    }
}

/// People, groups, roles and registration.
#[derive(Debug, Clone, Default)]
pub struct PeopleFacts {
    /// Everybody.
    pub people: People,
    /// What told of them.
    pub sources: Vec<PeopleSource>,
    /// Groups, by id.
    pub groups: BTreeMap<Uuid, GroupFacts>,
    /// Members of administrator roles, by role template id.
    pub roles: BTreeMap<Uuid, MemberSet>,
    /// Names of roles, by role template id.
    pub role_names: BTreeMap<Uuid, String>,
    /// Totals of registration reports.
    pub registration: RegistrationFacts,
}
