//! The configuration that `Get-ADSyncServerConfiguration` exports: one folder a server, with
//! `GlobalSettings/MV.xml`, `Connectors/Connector_{…}.xml` and
//! `SynchronizationRules/SynchronizationRule_{…}.xml`.
//!
//! Builds differ in what they write, so every element is optional, and an absent one is unknown.

mod connector;
mod global;
mod rule;

use std::io::BufRead;

use crate::carrier::xml::{Node, local_name, root_of, walk};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{At, Locator, Reading};

pub use connector::{EntraConnector, ForestConnector};
pub use global::GlobalSettings;
pub use rule::{ExportedRule, ScopeCondition};

/// What one file of the export holds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ExportPart {
    /// `MV.xml`: the server's name and its settings.
    Global(Box<GlobalSettings>),
    /// The connector to Entra ID.
    Entra(Box<EntraConnector>),
    /// A connector to a forest.
    Forest(Box<ForestConnector>),
    /// A connector to something else, by its category.
    OtherConnector(Option<String>),
    /// A synchronisation rule.
    Rule(Box<ExportedRule>),
}

/// Whether a text begins as a file of the export does.
pub fn is_export(head: &str) -> bool {
    root_of(head).is_some_and(|root| Root::of(root).is_some())
}

/// What the root element of a file says of it.
enum Root {
    Global,
    Connector,
    Rule,
}

impl Root {
    /// Builds spell the root of a rule in several ways, as in `synchronizationRule` and
    /// `sync-rule`, so case and hyphens do not count, nor does a prefix.
    fn of(name: &str) -> Option<Self> {
        match local_name(name)
            .to_ascii_lowercase()
            .replace('-', "")
            .as_str()
        {
            "savedmvconfiguration" => Some(Self::Global),
            "savedmaconfiguration" | "madata" => Some(Self::Connector),
            "synchronizationrule" | "synchronisationrule" | "syncrule" => Some(Self::Rule),
            _ => None,
        }
    }
}

/// Reads one file of the export. It streams: the schema inside a connector can be megabytes.
///
/// Elements whose value cannot be read are in the part's readings and faults; an error means that
/// the XML is broken or that it is no part of an export.
pub fn read_export(reader: impl BufRead) -> Result<ExportPart> {
    let mut builder = None;
    walk(reader, &mut |node| {
        let builder = match (&mut builder, node.path) {
            (Some(builder), _) => builder,
            (none, [root]) => none.insert(match Root::of(root) {
                Some(Root::Global) => Builder::Global(Box::default()),
                Some(Root::Connector) => Builder::Connector(Box::default()),
                Some(Root::Rule) => Builder::Rule(Box::default()),
                None => {
                    return Err(Error::new(
                        ErrorCode::Unrecognised,
                        node.place(),
                        "this is no part of an Entra Connect configuration export",
                    ));
                }
            }),
            (None, _) => return Ok(()),
        };
        match builder {
            Builder::Global(global) => global.node(&node),
            Builder::Connector(connector) => connector.node(&node),
            Builder::Rule(rule) => rule.node(&node),
        }
        Ok(())
    })?;
    match builder {
        Some(Builder::Global(global)) => Ok(ExportPart::Global(global)),
        Some(Builder::Connector(connector)) => Ok(connector.finish()),
        Some(Builder::Rule(rule)) => Ok(ExportPart::Rule(rule)),
        None => Err(Error::new(
            ErrorCode::Truncated,
            Locator::Whole,
            "there is no element in it",
        )),
    }
}

enum Builder {
    Global(Box<GlobalSettings>),
    Connector(Box<connector::Builder>),
    Rule(Box<ExportedRule>),
}

/// A value read from an element's text; an empty text counts as null.
fn reading<T>(node: &Node<'_>, text: &str, parse: impl Fn(&str) -> Option<T>) -> Reading<T> {
    let text = text.trim();
    if text.is_empty() {
        return Reading::Null(node.place());
    }
    match parse(text) {
        Some(value) => Reading::Value(At::new(value, node.place())),
        None => Reading::Bad(Error::value(
            node.place(),
            "the text of this element has another form than expected",
        )),
    }
}

#[cfg(test)]
mod tests;
