//! Connectors: one to Entra ID, one to each forest.

use chrono::{DateTime, Utc};

use super::global::{flag, naive_utc};
use super::{ExportPart, reading};
use crate::carrier::xml::{Node, Step};
use crate::error::Error;
use crate::evidence::Reading;
use crate::writeback::{Connector, Partition};

/// The connector to Entra ID.
#[derive(Debug, Clone, PartialEq)]
pub struct EntraConnector {
    /// Its name, such as `contoso.onmicrosoft.com - AAD`.
    pub name: Option<String>,
    /// The cloud account it signs in with, such as `Sync_AADC01_…@contoso.onmicrosoft.com`.
    pub account: Reading<String>,
    /// The second, independent flag of writeback.
    pub writeback: Reading<bool>,
    /// When the writeback configuration was last changed; without a zone, taken as UTC.
    pub writeback_modified: Reading<DateTime<Utc>>,
}

impl EntraConnector {
    /// The tenant's initial domain, which the connector is named after.
    pub fn initial_domain(&self) -> Option<&str> {
        let (domain, _) = self.name.as_deref()?.split_once(" - ")?;
        (domain.contains(".onmicrosoft.") || domain.contains(".onmschina.")).then_some(domain)
    }
}

/// A connector to a forest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ForestConnector {
    /// What it is.
    pub connector: Connector,
    /// Elements that could not be read.
    pub faults: Vec<Error>,
}

/// Gathers either of them; which one it is may come late in the file.
#[derive(Debug)]
pub(super) struct Builder {
    category: Option<String>,
    subtype: Option<String>,
    login_domain: Option<String>,
    login_user: Option<String>,
    forest: ForestConnector,
    account: Reading<String>,
    writeback: Reading<bool>,
    writeback_modified: Reading<DateTime<Utc>>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            category: None,
            subtype: None,
            login_domain: None,
            login_user: None,
            forest: ForestConnector::default(),
            account: Reading::Absent,
            writeback: Reading::Absent,
            writeback_modified: Reading::Absent,
        }
    }
}

impl Builder {
    pub(super) fn node(&mut self, node: &Node<'_>) {
        // Older tools wrap the connector in an element of their own.
        let path: Vec<&str> = node.path.iter().map(String::as_str).collect();
        let (["saved-ma-configuration", "ma-data", inner @ ..] | ["ma-data", inner @ ..]) =
            path.as_slice()
        else {
            return;
        };
        match node.step {
            Step::Open => {
                if inner == ["ma-partition-data", "partition"] {
                    self.forest.connector.partitions.push(Partition::default());
                }
            }
            Step::Leaf(text) => self.leaf(node, inner, text),
            Step::Close => {}
        }
    }

    fn leaf(&mut self, node: &Node<'_>, path: &[&str], text: &str) {
        let owned = || Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let ForestConnector { connector, faults } = &mut self.forest;
        match path {
            ["name"] => text.trim().clone_into(&mut connector.name),
            ["id"] => connector.id = owned().map(|id| id.to_ascii_uppercase()),
            ["category"] => self.category = owned(),
            ["subtype"] => self.subtype = owned(),
            ["creation-time"] => connector.created = keep(faults, node, text, naive_utc),
            ["private-configuration", "adma-configuration", field] => match *field {
                "forest-name" => connector.forest = owned(),
                "forest-login-domain" => self.login_domain = owned(),
                "forest-login-user" => self.login_user = owned(),
                "sign-and-seal" => {
                    connector.sign_and_seal = keep(faults, node, text, flag);
                }
                "ssl-bind" => connector.ssl = keep(faults, node, text, flag),
                _ => {}
            },
            ["ma-partition-data", "partition", field @ ..] => self.partition(node, field, text),
            ["private-configuration", "MAConfig", field @ ..] => self.entra(node, field, text),
            _ => {}
        }
    }

    fn partition(&mut self, node: &Node<'_>, path: &[&str], text: &str) {
        let value = text.trim();
        let flagged = match path {
            ["selected"] | ["custom-data", "adma-partition-data", "sign-and-seal"] => {
                keep(&mut self.forest.faults, node, text, flag)
            }
            _ => None,
        };
        let Some(partition) = self.forest.connector.partitions.last_mut() else {
            return;
        };
        match path {
            ["name"] => value.clone_into(&mut partition.dn),
            ["selected"] => partition.selected = flagged,
            ["filter", "containers", list, _] if !value.is_empty() => match *list {
                "inclusions" => partition.included.push(value.to_owned()),
                "exclusions" => partition.excluded.push(value.to_owned()),
                _ => {}
            },
            ["custom-data", "adma-partition-data", field] if !value.is_empty() => match *field {
                "dn" => value.clone_into(&mut partition.dn),
                "sign-and-seal" => partition.sign_and_seal = flagged,
                "last-dc" => partition.last_dc = Some(value.to_owned()),
                _ => {}
            },
            [
                "custom-data",
                "adma-partition-data",
                "preferred-dcs",
                "preferred-dc",
            ] if !value.is_empty() => partition.preferred_dcs.push(value.to_owned()),
            _ => {}
        }
    }

    fn entra(&mut self, node: &Node<'_>, path: &[&str], text: &str) {
        match path {
            ["parameter-values", "parameter"] if node.attribute("name") == Some("UserName") => {
                self.account = reading(node, text, |text| Some(text.to_owned()));
            }
            ["aad-password-reset-config", "enabled"] => {
                self.writeback = reading(node, text, flag);
            }
            ["aad-password-reset-config", "modified-timestamp"] => {
                self.writeback_modified = reading(node, text, naive_utc);
            }
            _ => {}
        }
    }

    pub(super) fn finish(self) -> ExportPart {
        let Self {
            category,
            subtype,
            login_domain,
            login_user,
            mut forest,
            account,
            writeback,
            writeback_modified,
        } = self;
        let entra = subtype
            .as_deref()
            .is_some_and(|subtype| subtype.contains("Active Directory (Microsoft)"))
            || account != Reading::Absent
            || writeback != Reading::Absent;
        if entra {
            let name = Some(forest.connector.name).filter(|name| !name.is_empty());
            return ExportPart::Entra(Box::new(EntraConnector {
                name,
                account,
                writeback,
                writeback_modified,
            }));
        }
        if category.as_deref() != Some("AD") {
            return ExportPart::OtherConnector(category);
        }
        forest.connector.account = login_user.map(|user| match login_domain {
            Some(domain) if !user.contains(['\\', '@']) => format!("{domain}\\{user}"),
            _ => user,
        });
        ExportPart::Forest(Box::new(forest))
    }
}

/// The value of a leaf, keeping the fault when there is one.
fn keep<T>(
    faults: &mut Vec<Error>,
    node: &Node<'_>,
    text: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    match reading(node, text, parse) {
        Reading::Value(at) => Some(at.value),
        Reading::Bad(error) => {
            faults.push(error);
            None
        }
        Reading::Absent | Reading::Null(_) => None,
    }
}
