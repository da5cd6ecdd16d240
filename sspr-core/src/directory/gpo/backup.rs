//! The files in which a backup of GPOs names them: `manifest.xml` of all backups in a folder,
//! `bkupInfo.xml` and `Backup.xml` of one.

use std::io::BufRead;

use chrono::{DateTime, NaiveDateTime, Utc};

use super::GpoId;
use super::account::words;
use crate::carrier::xml::{Node, Step, local_name, root_of, walk};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Locator, Reading};

/// A part of the namespaces of all three files.
const OPERATIONS: &str = "http://www.microsoft.com/GroupPolicy/GPOOperations";

/// What a backup says of its GPO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The GPO.
    pub gpo: Reading<GpoId>,
    /// The DNS name of its domain, in lower case.
    pub domain: Reading<String>,
    /// Its name.
    pub name: Reading<String>,
    /// The folder of the backup, below that of `manifest.xml`; without it the backup is in the
    /// folder that the file itself stands in.
    pub folder: Option<String>,
    /// When it was made. It is written without a zone and taken as UTC, so rely on the day only.
    pub made_at: Option<DateTime<Utc>>,
}

/// Whether a text begins as one of the three files does.
pub fn is_backup(head: &str) -> bool {
    let root = root_of(head).map(local_name);
    matches!(
        root,
        Some("Backups" | "BackupInst" | "GroupPolicyBackupScheme")
    ) && head.contains(OPERATIONS)
}

/// Reads one of the three files.
pub fn read_backups(reader: impl BufRead) -> Result<Vec<Backup>> {
    let mut backups = Vec::new();
    let mut open: Option<Backup> = None;
    walk(reader, &mut |node| {
        let path: Vec<&str> = node.path.iter().map(String::as_str).collect();
        let (["BackupInst", inner @ ..]
        | ["Backups", "BackupInst", inner @ ..]
        | [
            "GroupPolicyBackupScheme",
            "GroupPolicyObject",
            "GroupPolicyCoreSettings",
            inner @ ..,
        ]) = path.as_slice()
        else {
            return Ok(());
        };
        let form = match path.first() {
            Some(&"Backups") => Form::List,
            Some(&"BackupInst") => Form::Info,
            _ => Form::Core,
        };
        match (node.step, inner) {
            (Step::Open, []) => open = Some(Backup::default()),
            (Step::Close, []) => backups.extend(open.take()),
            (Step::Leaf(text), [field]) => {
                if let Some(backup) = &mut open {
                    backup.leaf(&node, form, field, text);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    if backups.is_empty() {
        return Err(Error::new(
            ErrorCode::Truncated,
            Locator::Whole,
            "it names no backup of a GPO",
        ));
    }
    Ok(backups)
}

/// Which of the three files it is.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// `manifest.xml`
    List,
    /// `bkupInfo.xml`
    Info,
    /// `Backup.xml`
    Core,
}

impl Default for Backup {
    fn default() -> Self {
        Self {
            gpo: Reading::Absent,
            domain: Reading::Absent,
            name: Reading::Absent,
            folder: None,
            made_at: None,
        }
    }
}

impl Backup {
    fn leaf(&mut self, node: &Node<'_>, form: Form, field: &str, text: &str) {
        match (form, field) {
            (Form::List | Form::Info, "GPOGuid") | (Form::Core, "ID") => {
                self.gpo = words(node, text).and_then(|text| text.parse());
            }
            (Form::List | Form::Info, "GPODomain") | (Form::Core, "Domain") => {
                self.domain = words(node, text).map(|name| name.to_ascii_lowercase());
            }
            (Form::List | Form::Info, "GPODisplayName") | (Form::Core, "DisplayName") => {
                self.name = words(node, text);
            }
            (Form::List, "ID") => {
                self.folder = Some(text.trim().to_owned()).filter(|id| !id.is_empty());
            }
            (Form::List | Form::Info, "BackupTime") => {
                let time = NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%dT%H:%M:%S");
                self.made_at = time.ok().map(|time| time.and_utc());
            }
            _ => {}
        }
    }
}
