//! What a tenant holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::rows::Rows;

/// All objects of a tenant, by the path under which Graph serves them.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// The id of the tenant.
    pub id: String,
    domains: Vec<String>,
    objects: Arc<BTreeMap<String, Object>>,
}

#[derive(Debug)]
pub(super) enum Object {
    One(Value),
    Many(Rows),
}

impl Tenant {
    /// A tenant that holds nothing yet.
    pub fn new(id: &str, domains: &[&str]) -> Self {
        Self {
            id: id.into(),
            domains: domains.iter().map(|&name| name.to_owned()).collect(),
            objects: Arc::default(),
        }
    }

    /// With one object at this path below the version.
    #[must_use]
    pub fn with_object(self, path: &str, object: Value) -> Self {
        self.with(path, Object::One(object))
    }

    /// With a collection at this path below the version.
    #[must_use]
    pub fn with_rows(self, path: &str, rows: Rows) -> Self {
        self.with(path, Object::Many(rows))
    }

    /// Without what is at this path.
    #[must_use]
    pub fn without(mut self, path: &str) -> Self {
        if let Some(objects) = Arc::get_mut(&mut self.objects) {
            objects.remove(&path.to_lowercase());
        }
        self
    }

    /// The collection at a path.
    pub fn rows(&self, path: &str) -> Option<&Rows> {
        match self.get(path) {
            Some(Object::Many(rows)) => Some(rows),
            _ => None,
        }
    }

    /// The object at a path.
    pub fn object(&self, path: &str) -> Option<&Value> {
        match self.get(path) {
            Some(Object::One(value)) => Some(value),
            _ => None,
        }
    }

    /// All paths.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.objects.keys().map(String::as_str)
    }

    pub(super) fn get(&self, path: &str) -> Option<&Object> {
        self.objects.get(&path.to_lowercase())
    }

    /// How many people it has.
    pub fn people(&self) -> usize {
        self.rows("users")
            .map_or(0, |users| users.numbers(0).count())
    }

    /// Whether the sign-in service finds it by this name.
    pub(super) fn answers_to(&self, name: &str) -> bool {
        let mut names = self.domains.iter().chain([&self.id]);
        names.any(|known| known.eq_ignore_ascii_case(name))
            || ["organizations", "common"].contains(&name)
    }

    fn with(mut self, path: &str, object: Object) -> Self {
        if let Some(objects) = Arc::get_mut(&mut self.objects) {
            objects.insert(path.to_lowercase(), object);
        }
        self
    }
}
