//! Synchronisation rules.

use serde::Serialize;

use super::global::flag;
use crate::carrier::xml::{Node, Step};

/// A synchronisation rule, as far as writeback depends on it. Absent fields are unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportedRule {
    /// Its name.
    pub name: Option<String>,
    /// Its immutable tag, for the product's own rules.
    pub tag: Option<String>,
    /// `Inbound` or `Outbound`.
    pub direction: Option<String>,
    /// The id of its connector, in upper case with braces.
    pub connector: Option<String>,
    /// The class that it reads, such as `user`.
    pub source_class: Option<String>,
    /// Whether it is switched off.
    pub disabled: Option<bool>,
    /// Whether it enables password synchronisation.
    pub password_sync: Option<bool>,
    /// Its scoping filter: a rule applies to what meets all conditions of one group. No group at
    /// all is no filter; `None` is a file that does not speak of it.
    pub scope: Option<Vec<Vec<ScopeCondition>>>,
}

/// A condition of a scoping filter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScopeCondition {
    /// The attribute, such as `userAccountControl`.
    pub attribute: String,
    /// The operator in upper case, such as `ISBITNOTSET`.
    pub operator: String,
    /// What the attribute is held against; empty for an operator that takes nothing.
    pub value: String,
}

impl ExportedRule {
    pub(super) fn node(&mut self, node: &Node<'_>) {
        let path: Vec<&str> = node.path.iter().map(String::as_str).collect();
        match (node.step, path.as_slice()) {
            (Step::Open, [_, CRITERIA, inner @ ..]) => self.open(inner),
            (Step::Leaf(text), [_, CRITERIA, "conditions", "scope", field]) => {
                self.condition(field, text.trim());
            }
            (Step::Leaf(text), [_, field]) => self.field(field, text.trim()),
            _ => {}
        }
    }

    fn field(&mut self, field: &str, text: &str) {
        let owned = || Some(text.to_owned()).filter(|text| !text.is_empty());
        match field.to_ascii_lowercase().replace('-', "").as_str() {
            "name" => self.name = owned(),
            "immutabletag" => self.tag = owned(),
            "direction" => self.direction = owned(),
            "connector" => self.connector = owned().map(|id| id.to_ascii_uppercase()),
            "sourceobjecttype" => self.source_class = owned(),
            "disabled" => self.disabled = flag(text),
            "enablepasswordsync" => self.password_sync = flag(text),
            _ => {}
        }
    }

    /// A group, or a condition of the group that was opened last.
    fn open(&mut self, inner: &[&str]) {
        let groups = self.scope.get_or_insert_default();
        match inner {
            ["conditions"] => groups.push(Vec::new()),
            ["conditions", "scope"] => {
                if let Some(group) = groups.last_mut() {
                    group.push(ScopeCondition::default());
                }
            }
            _ => {}
        }
    }

    fn condition(&mut self, field: &str, text: &str) {
        let group = self.scope.as_mut().and_then(|groups| groups.last_mut());
        let Some(condition) = group.and_then(|group| group.last_mut()) else {
            return;
        };
        match field {
            "csAttribute" | "ilmAttribute" => text.clone_into(&mut condition.attribute),
            "csOperator" | "ilmOperator" => condition.operator = text.to_ascii_uppercase(),
            "csValue" | "ilmValue" => text.clone_into(&mut condition.value),
            _ => {}
        }
    }
}

/// The element of the scoping filter.
const CRITERIA: &str = "synchronizationCriteria";
