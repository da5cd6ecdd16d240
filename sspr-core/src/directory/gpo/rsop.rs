//! `gpresult /x`: the policy that one computer applies, and from which GPO each setting comes.
//!
//! It speaks for the computer alone. Only on a domain controller is its password policy the one
//! that the domain's accounts are meant to have; which computers are such is not told here.

use std::collections::BTreeMap;
use std::io::BufRead;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::account::{Accounts, Settings, boolean, words};
use super::{GpoId, LinkPlace, PlacedLink};
use crate::carrier::xml::{Node, Step, local_name, root_of, walk};
use crate::directory::{PolicyReadings, PolicySetting};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Locator, Reading};
use crate::time::parse_json;

/// The namespace of the document.
const RSOP: &str = "http://www.microsoft.com/GroupPolicy/Rsop";

/// The resultant set of policy of one computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rsop {
    /// The computer, without its domain and without the dollar sign.
    pub computer: Reading<String>,
    /// The DNS name of the computer's domain, in lower case, if it is told.
    pub domain: Option<String>,
    /// Whether it was planned by the modelling wizard and never applied.
    pub planned: bool,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
    /// The password policy that won.
    pub policy: PolicyReadings,
    /// The GPO that each of its settings came from.
    pub sources: BTreeMap<PolicySetting, GpoId>,
    /// The GPOs that the computer met, whether or not it applied them.
    pub gpos: Vec<RsopGpo>,
}

/// A GPO that a computer met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RsopGpo {
    /// Its id.
    pub id: GpoId,
    /// The DNS name of its domain, in lower case.
    pub domain: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Where it is linked, as far as the computer saw.
    pub links: Vec<PlacedLink>,
    /// Whether the computer was refused access, or a filter kept the GPO from it.
    pub refused: bool,
}

/// Whether a text begins as the output of `gpresult /x` does.
pub fn is_rsop(head: &str) -> bool {
    root_of(head).map(local_name) == Some("Rsop") && head.contains(RSOP)
}

/// Reads the output of `gpresult /x`. What it says of a user is passed over.
pub fn read_rsop(reader: impl BufRead) -> Result<Rsop> {
    let mut builder = Builder::default();
    walk(reader, &mut |node| {
        let path: Vec<&str> = node.path.iter().map(String::as_str).collect();
        if let ["Rsop", inner @ ..] = path.as_slice() {
            if inner.is_empty() && node.step == Step::Open {
                builder.begun = node.namespace() == Some(RSOP);
            }
            if builder.begun {
                builder.step(&node, inner);
            }
        }
        Ok(())
    })?;
    if !builder.begun {
        return Err(Error::new(
            ErrorCode::Unrecognised,
            Locator::Whole,
            "this is no output of gpresult",
        ));
    }
    Ok(builder.finish())
}

#[derive(Default)]
struct Builder {
    begun: bool,
    computer: Option<Reading<String>>,
    domain: Option<String>,
    planned: bool,
    read_at: Option<DateTime<Utc>>,
    accounts: Accounts,
    settings: Settings,
    sources: BTreeMap<PolicySetting, GpoId>,
    gpo: Gpo,
    gpos: Vec<RsopGpo>,
}

#[derive(Default)]
struct Gpo {
    id: Option<GpoId>,
    domain: Option<String>,
    name: Option<String>,
    refused: bool,
    links: Vec<(String, Option<bool>, Option<bool>)>,
}

impl Builder {
    fn step(&mut self, node: &Node<'_>, inner: &[&str]) {
        let text = node.leaf();
        match (inner, text) {
            (["ReadTime"], Some(text)) => self.read_at = parse_json(text),
            (["DataType"], Some(text)) => {
                self.planned = text.trim().eq_ignore_ascii_case("PlannedData");
            }
            (["ComputerResults", "Name"], Some(text)) => {
                self.computer = Some(words(node, text).map(|name| computer(&name)));
            }
            (["ComputerResults", "Domain"], Some(text)) => {
                self.domain =
                    Some(text.trim().to_ascii_lowercase()).filter(|name| !name.is_empty());
            }
            (["ComputerResults", "GPO", inner @ ..], _) => self.gpo(node, inner),
            (["ComputerResults", "ExtensionData", "Extension", inner @ ..], _) => {
                let Some(account) = self.accounts.step(node, inner) else {
                    return;
                };
                let wins = account.precedence.is_none_or(|precedence| precedence == 1);
                let Some(setting) = account.setting().filter(|_| wins) else {
                    return;
                };
                if let Some(id) = account.gpo.as_ref().and_then(|id| id.parse().ok()) {
                    self.sources.insert(setting, id);
                }
                self.settings.add(setting, account.number());
            }
            _ => {}
        }
    }

    fn gpo(&mut self, node: &Node<'_>, inner: &[&str]) {
        match (inner, node.step) {
            ([], Step::Open) => self.gpo = Gpo::default(),
            ([], Step::Close) => {
                let gpo = std::mem::take(&mut self.gpo);
                self.gpos.extend(gpo.finish());
            }
            (["Link"], Step::Open) => self.gpo.links.push((String::new(), None, None)),
            (["Link", field], Step::Leaf(text)) => {
                if let Some((path, enabled, enforced)) = self.gpo.links.last_mut() {
                    match *field {
                        "SOMPath" => text.trim().clone_into(path),
                        "Enabled" => *enabled = boolean(text),
                        "NoOverride" => *enforced = boolean(text),
                        _ => {}
                    }
                }
            }
            (["Path", "Identifier"], Step::Leaf(text)) => self.gpo.id = text.parse().ok(),
            (["Path", "Domain"], Step::Leaf(text)) => {
                self.gpo.domain = Some(text.trim().to_ascii_lowercase());
            }
            (["Name"], Step::Leaf(text)) => self.gpo.name = Some(text.trim().to_owned()),
            (["FilterAllowed"], Step::Leaf(text)) => {
                self.gpo.refused |= boolean(text) == Some(false);
            }
            (["AccessDenied"], Step::Leaf(text)) => {
                self.gpo.refused |= boolean(text) == Some(true);
            }
            _ => {}
        }
    }

    fn finish(self) -> Rsop {
        Rsop {
            computer: self.computer.unwrap_or(Reading::Absent),
            domain: self.domain.filter(|name| name.contains('.')),
            planned: self.planned,
            read_at: self.read_at,
            policy: self.settings.readings(),
            sources: self.sources,
            gpos: self.gpos,
        }
    }
}

impl Gpo {
    /// The GPO; the local policy of the computer is none.
    fn finish(self) -> Option<RsopGpo> {
        let domain = self.domain.as_deref();
        let links = self
            .links
            .into_iter()
            .map(|(path, enabled, enforced)| PlacedLink {
                place: LinkPlace::from_canonical(&path, domain),
                enabled,
                enforced,
            });
        Some(RsopGpo {
            id: self.id?,
            links: links.collect(),
            name: self.name.filter(|name| !name.is_empty()),
            refused: self.refused,
            domain: self.domain,
        })
    }
}

/// A computer's name without its domain and the dollar sign of its account.
fn computer(name: &str) -> String {
    let name = name.rsplit('\\').next().unwrap_or_default();
    name.trim_end_matches('$').to_owned()
}
