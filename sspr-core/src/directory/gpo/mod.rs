//! Group policy objects (GPOs) as sources of the password policy of a domain: what each defines,
//! where each is linked, and in which order links count.
//!
//! Account policies reach the accounts of a domain only through GPOs that are linked at the
//! domain's root. Of those an enforced link beats the others, and then link order 1 beats 2.

mod account;
mod backup;
mod cmdlets;
mod container;
mod files;
mod link;
mod report;
mod rsop;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use backup::{Backup, is_backup, read_backups};
pub use cmdlets::{GpoObject, InheritanceReading, LinkObject};
pub use container::{GpoContainer, GpoEntry, is_gpt_ini};
pub use files::TemplatePath;
pub use link::{GpoLink, LinkPlace, PlaceKind, PlacedLink, parse_gp_link};
pub use report::{GpoReport, is_report, read_reports};
pub use rsop::{Rsop, RsopGpo, is_rsop, read_rsop};

/// The id of a GPO, such as `{31B2F340-016D-11D2-945F-00C04FB984F9}`. The Default Domain Policy and
/// the Default Domain Controllers Policy have the same ids in all domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GpoId(pub Uuid);

impl fmt::Display for GpoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{:X}}}", self.0.as_hyphenated())
    }
}

impl FromStr for GpoId {
    type Err = String;

    /// A GUID with or without braces, in any case.
    fn from_str(text: &str) -> Result<Self, String> {
        let id = text.trim().trim_start_matches('{').trim_end_matches('}');
        match Uuid::try_parse(id) {
            Ok(id) => Ok(Self(id)),
            Err(_) => Err("not the id of a GPO, which is a GUID".into()),
        }
    }
}

impl TryFrom<String> for GpoId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<GpoId> for String {
    fn from(id: GpoId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests;
