//! Facts about GPOs, and what evidence says of them until all of it has been read.

use std::collections::{BTreeMap, BTreeSet};

use super::facts;
use crate::directory::gpo::{Backup, GpoId, PlacedLink, Rsop, TemplatePath};
use crate::directory::{PasswordPolicyDraft, TemplatePolicy};
use crate::evidence::{At, Claim, Provenance};

facts! {
    /// One GPO of a domain.
    GpoFacts {
        /// Its name.
        name: String = "gpo.name",
        /// Whether its settings for computers count, among which the password policy is.
        computer_settings: bool = "gpo.computerSettings",
        /// The password policy that it defines. What it does not define is absent.
        policy: PasswordPolicyDraft = "gpo.passwordPolicy",
        /// All places that it is linked at.
        links: Vec<PlacedLink> = "gpo.links",
    }
    and {
        /// Places that it is linked at, of which there may be more.
        seen_links: Vec<Claim<PlacedLink>>,
    }
}

impl GpoFacts {
    pub(super) fn of(id: GpoId) -> Self {
        Self::default().about(&id.to_string())
    }
}

/// What evidence says of a GPO, until it is known which domains there are.
#[derive(Debug)]
pub(crate) struct GpoRow {
    /// The DNS name of its domain, in lower case.
    pub(crate) domain: Option<String>,
    pub(crate) id: GpoId,
    pub(crate) name: Option<String>,
    pub(crate) computer_settings: Option<bool>,
    pub(crate) policy: Option<At<PasswordPolicyDraft>>,
    /// All its links.
    pub(crate) links: Option<Vec<PlacedLink>>,
    /// Some of its links.
    pub(crate) seen_links: Vec<PlacedLink>,
    pub(crate) from: Provenance,
}

impl GpoRow {
    /// A GPO of which nothing else is told.
    pub(crate) fn new(domain: Option<String>, id: GpoId, from: Provenance) -> Self {
        Self {
            domain,
            id,
            name: None,
            computer_settings: None,
            policy: None,
            links: None,
            seen_links: Vec::new(),
            from,
        }
    }
}

/// All that waits for the names of the domains, and for the files that lie beside a template.
#[derive(Debug, Default)]
pub(crate) struct GpoRows {
    pub(crate) gpos: Vec<GpoRow>,
    /// Whole lists of the GPOs of a domain.
    pub(crate) lists: Vec<(Option<String>, Claim<Vec<GpoId>>)>,
    /// The output of `gpresult`, with the place of its policy.
    pub(crate) rsops: Vec<Claim<Rsop>>,
    /// Templates that lie where SYSVOL or a backup keeps them.
    pub(crate) templates: Vec<(TemplatePath, Claim<TemplatePolicy>)>,
    /// What backups say of their GPOs, by the folder of the backup.
    pub(crate) backups: BTreeMap<String, Vec<Claim<Backup>>>,
    /// Folders with a `GPT.INI`.
    pub(crate) gpt_ini: BTreeSet<String>,
}
