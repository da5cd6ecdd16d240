//! Synchronisation rules.

use super::global::flag;
use crate::carrier::xml::Node;

/// A synchronisation rule, as far as writeback depends on it. Absent fields are unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportedRule {
    /// Its name.
    pub name: Option<String>,
    /// Its immutable tag, for the product's own rules.
    pub tag: Option<String>,
    /// `Inbound` or `Outbound`.
    pub direction: Option<String>,
    /// Whether it is switched off.
    pub disabled: Option<bool>,
    /// Whether it enables password synchronisation.
    pub password_sync: Option<bool>,
}

impl ExportedRule {
    pub(super) fn node(&mut self, node: &Node<'_>) {
        let (Some(text), [_, field]) = (node.leaf(), node.path) else {
            return;
        };
        let text = text.trim();
        let owned = || Some(text.to_owned()).filter(|text| !text.is_empty());
        match field.to_ascii_lowercase().replace('-', "").as_str() {
            "name" => self.name = owned(),
            "immutabletag" => self.tag = owned(),
            "direction" => self.direction = owned(),
            "disabled" => self.disabled = flag(text),
            "enablepasswordsync" => self.password_sync = flag(text),
            _ => {}
        }
    }
}
