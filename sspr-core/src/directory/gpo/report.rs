//! `Get-GPOReport -ReportType Xml`, of one GPO or of all, and the `gpreport.xml` of a backup.

use std::io::BufRead;

use chrono::{DateTime, Utc};

use super::account::{Accounts, Settings, boolean, switch, words};
use super::{GpoId, LinkPlace, PlacedLink};
use crate::carrier::xml::{Node, Step, local_name, root_of, walk};
use crate::directory::PolicyReadings;
use crate::error::{Error, Result};
use crate::evidence::{Locator, Reading};
use crate::time::parse_json;

/// The namespace of a report.
const SETTINGS: &str = "http://www.microsoft.com/GroupPolicy/Settings";

/// The report of one GPO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpoReport {
    /// Its id.
    pub id: Reading<GpoId>,
    /// The DNS name of its domain, in lower case.
    pub domain: Reading<String>,
    /// Its name.
    pub name: Reading<String>,
    /// Whether the settings for computers count.
    pub computer_settings: Reading<bool>,
    /// All places that it is linked at. The report does not tell the order of the links.
    pub links: Vec<PlacedLink>,
    /// The password policy that it defines. A setting that is absent is not defined.
    pub policy: PolicyReadings,
    /// Whether all its settings could be reported.
    pub whole: bool,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
    /// Where it stands.
    pub place: Locator,
}

/// Whether a text begins as a report of GPOs does.
pub fn is_report(head: &str) -> bool {
    let root = root_of(head).map(local_name);
    matches!(root, Some("GPO" | "report")) && head.contains(SETTINGS)
}

/// Reads a report and hands over each GPO. Says whether the document is a list, which holds all
/// GPOs of its domain.
pub fn read_reports(reader: impl BufRead, sink: &mut dyn FnMut(GpoReport)) -> Result<bool> {
    let mut list = false;
    let mut number = 0_u64;
    let mut open: Option<Builder> = None;
    walk(reader, &mut |node| {
        let path: Vec<&str> = node.path.iter().map(String::as_str).collect();
        list |= path.as_slice() == ["report"];
        let (["GPO", inner @ ..] | ["report", "GPO", inner @ ..]) = path.as_slice() else {
            return Ok(());
        };
        match (node.step, inner) {
            (Step::Open, []) if node.namespace() == Some(SETTINGS) => {
                number += 1;
                open = Some(Builder::new(number, &path));
            }
            (Step::Close, []) => {
                if let Some(builder) = open.take() {
                    sink(builder.finish());
                }
            }
            _ => {
                if let Some(builder) = &mut open {
                    builder.step(&node, inner);
                }
            }
        }
        Ok(())
    })?;
    Ok(list)
}

struct Builder {
    report: GpoReport,
    links: Vec<Link>,
    accounts: Accounts,
    settings: Settings,
}

#[derive(Default)]
struct Link {
    path: Option<String>,
    enabled: Option<bool>,
    enforced: Option<bool>,
}

impl Builder {
    fn new(number: u64, path: &[&str]) -> Self {
        let report = GpoReport {
            id: Reading::Absent,
            domain: Reading::Absent,
            name: Reading::Absent,
            computer_settings: Reading::Absent,
            links: Vec::new(),
            policy: PolicyReadings::default(),
            whole: true,
            read_at: None,
            place: Locator::Element(format!("{}[{number}]", path.join("/"))),
        };
        Self {
            report,
            links: Vec::new(),
            accounts: Accounts::default(),
            settings: Settings::default(),
        }
    }

    fn step(&mut self, node: &Node<'_>, inner: &[&str]) {
        if let ["Computer", "ExtensionData", inner @ ..] = inner {
            match inner {
                ["Extension", inner @ ..] => {
                    if let Some(account) = self.accounts.step(node, inner)
                        && let Some(setting) = account.setting()
                    {
                        self.settings.add(setting, account.number());
                    }
                }
                ["Error", ..] => self.report.whole = false,
                _ => {}
            }
            return;
        }
        if (node.step, inner) == (Step::Open, ["LinksTo"].as_slice()) {
            self.links.push(Link::default());
        }
        let Some(text) = node.leaf() else { return };
        let report = &mut self.report;
        match inner {
            ["Identifier"] | ["Identifier", "Identifier"] => {
                report.id = words(node, text).and_then(|text| text.parse());
            }
            ["Identifier", "Domain"] => {
                report.domain = words(node, text).map(|name| name.to_ascii_lowercase());
            }
            ["Name"] => report.name = words(node, text),
            ["ReadTime"] => report.read_at = parse_json(text),
            ["Computer", "Enabled"] => report.computer_settings = switch(node, text),
            ["LinksTo", field] => {
                if let Some(link) = self.links.last_mut() {
                    match *field {
                        "SOMPath" => link.path = Some(text.trim().to_owned()),
                        "Enabled" => link.enabled = boolean(text),
                        "NoOverride" => link.enforced = boolean(text),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn finish(self) -> GpoReport {
        let mut report = self.report;
        let domain = report.domain.value().map(String::as_str);
        let links = self.links.into_iter().filter_map(|link| {
            Some(PlacedLink {
                place: LinkPlace::from_canonical(&link.path?, domain),
                enabled: link.enabled,
                enforced: link.enforced,
            })
        });
        let mut links: Vec<_> = links.collect();
        links.sort();
        report.links = links;
        report.policy = self.settings.readings();
        if let Reading::Absent = report.id {
            report.id = Reading::Bad(Error::value(
                report.place.clone(),
                "the report does not say which GPO it is of",
            ));
        }
        report
    }
}
