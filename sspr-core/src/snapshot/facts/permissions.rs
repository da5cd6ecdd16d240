//! Who may do what in the directory: descriptors, accounts and memberships.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};

pub use crate::directory::security::{DescriptorId, DescriptorStore};
use crate::directory::security::{ObjectClass, Sid};
use crate::error::Error;
use crate::evidence::{Claim, Known, Provenance};

/// An object of the directory whose descriptor was collected: a domain root, a container, an
/// organizational unit, AdminSDHolder or the SAM server object. People are rows of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct SecuredObject {
    /// Its distinguished name as it was collected.
    pub dn: String,
    /// Its structural class, where it is known.
    pub class: Option<ObjectClass>,
    /// Its descriptor; an error where the bytes or the text cannot be trusted.
    pub descriptor: Result<DescriptorId, Error>,
    /// Where it came from.
    pub from: Provenance,
}

/// An account of the directory that may be a connector account.
#[derive(Debug, Clone)]
pub struct AccountFacts {
    /// `sAMAccountName`.
    pub account_name: Known<String>,
    /// Its distinguished name.
    pub dn: Known<String>,
    /// Its description.
    pub description: Known<String>,
    /// Its classes, the structural one last, such as `user` or `msDS-GroupManagedServiceAccount`.
    pub classes: Known<Vec<String>>,
    /// Whether it is disabled.
    pub disabled: Known<bool>,
    /// Whether it is locked out.
    pub locked: Known<bool>,
    /// When the account ends; absent when it never does.
    pub expires: Known<Option<DateTime<Utc>>>,
    /// Whether its password has expired.
    pub password_expired: Known<bool>,
    /// Workstations it may log on to; empty is everywhere.
    pub workstations: Known<Vec<String>>,
    /// The groups it is in, directly or through others, when they were resolved by the directory.
    pub token_groups: Known<TokenGroups>,
    /// The groups it is directly in, its primary group included, when the list is whole. The same
    /// stand in [`PermissionFacts::member_of`], which also holds what is known in part.
    pub groups: Known<BTreeSet<Sid>>,
    /// Its SIDs of other domains (`sIDHistory`).
    pub sid_history: Known<BTreeSet<Sid>>,
}

/// The groups of an account as a directory resolved them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenGroups {
    /// The groups.
    pub sids: BTreeSet<Sid>,
    /// Read from the rootDSE over the account's own connection, so that the implicit members are
    /// among them.
    pub exact: bool,
}

impl Default for AccountFacts {
    fn default() -> Self {
        Self {
            account_name: Known::absent("account.name"),
            dn: Known::absent("account.dn"),
            description: Known::absent("account.description"),
            classes: Known::absent("account.classes"),
            disabled: Known::absent("account.disabled"),
            locked: Known::absent("account.locked"),
            expires: Known::absent("account.expires"),
            password_expired: Known::absent("account.passwordExpired"),
            workstations: Known::absent("account.workstations"),
            token_groups: Known::absent("account.tokenGroups"),
            groups: Known::absent("account.groups"),
            sid_history: Known::absent("account.sidHistory"),
        }
    }
}

impl AccountFacts {
    /// Says whom the facts are about.
    #[must_use]
    pub fn about(self, subject: &str) -> Self {
        Self {
            account_name: self.account_name.of(subject),
            dn: self.dn.of(subject),
            description: self.description.of(subject),
            classes: self.classes.of(subject),
            disabled: self.disabled.of(subject),
            locked: self.locked.of(subject),
            expires: self.expires.of(subject),
            password_expired: self.password_expired.of(subject),
            workstations: self.workstations.of(subject),
            token_groups: self.token_groups.of(subject),
            groups: self.groups.of(subject),
            sid_history: self.sid_history.of(subject),
        }
    }
}

/// The connector account as a person names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedConnector {
    /// Its name, such as `CONTOSO\svc-connect`.
    pub name: String,
    /// The DNS name of the domain it works on; without it, every domain.
    pub domain: Option<String>,
}

/// What is known of descriptors, accounts and memberships.
#[derive(Debug, Clone, Default)]
pub struct PermissionFacts {
    /// Descriptors of objects and people.
    pub descriptors: DescriptorStore,
    /// Objects, by distinguished name in lower case.
    pub objects: BTreeMap<String, SecuredObject>,
    /// Accounts whose SID is known.
    pub accounts: BTreeMap<Sid, AccountFacts>,
    /// Connector accounts that a person names. Those that a connector names count before them.
    pub stated_connectors: Vec<Claim<StatedConnector>>,
    /// SIDs of names: `DOMAIN\name` and distinguished names, in lower case.
    pub sids: BTreeMap<String, Sid>,
    /// The security groups that an account or group is directly in.
    pub member_of: HashMap<Sid, Vec<Sid>>,
    /// Groups whose list of members is known to be whole, with where it came from.
    pub whole_groups: BTreeMap<Sid, Provenance>,
    /// `dSHeuristics` of the forest, whose 16th character takes operators out of protection.
    pub ds_heuristics: Option<String>,
    /// The SIDs of domains, by DNS name.
    pub domain_sids: BTreeMap<String, Sid>,
}
