//! Which SID a name has.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::directory::dns_domain;
use crate::directory::permissions::well_known_sid;
use crate::directory::security::{Sid, well_known};
use crate::snapshot::Facts;
use crate::snapshot::facts::{AccountFacts, Listed, PermissionRows};

/// The last parts of SIDs that mean the same in every domain.
const DOMAIN_RIDS: [u32; 15] = [
    500, 501, 502, 512, 513, 514, 515, 516, 517, 520, 521, 522, 525, 526, 553,
];
/// Those of the forest's root domain alone.
const ROOT_RIDS: [u32; 4] = [498, 518, 519, 527];

/// All names, and the SIDs that they have.
pub(super) struct Directory<'a> {
    /// The SIDs of domains, by DNS name.
    pub(super) domains: BTreeMap<String, Sid>,
    /// The SID of the forest's root domain, where it is known.
    pub(super) root: Option<Sid>,
    /// SIDs of `DOMAIN\name` and of distinguished names of groups, in lower case.
    pub(super) sids: BTreeMap<String, Sid>,
    /// Groups that give nothing.
    pub(super) distribution: BTreeSet<Sid>,
    /// Distinguished names of accounts and groups, in lower case.
    by_dn: HashMap<String, Sid>,
    /// Names by their numbers.
    names: Vec<&'a String>,
    people: BTreeSet<Sid>,
}

impl<'a> Directory<'a> {
    pub(super) fn new(facts: &Facts, rows: &'a PermissionRows) -> Self {
        let domains = domain_sids(rows);
        let labels = labels(&domains, rows);
        let root = root(facts, &domains);
        let mut sids = Unambiguous::default();
        let mut by_dn = Unambiguous::default();
        let groups = rows.groups.iter().map(|row| {
            let (name, dn) = (row.name.as_deref(), row.dn.as_deref());
            (row.sid, name, dn, true)
        });
        let accounts = rows.accounts.iter().map(|row| {
            let (name, dn) = (row.name.as_deref(), row.dn.as_deref());
            (row.sid, name, dn, false)
        });
        for (sid, name, dn, group) in groups.chain(accounts) {
            if let Some(dn) = dn {
                by_dn.add(dn.to_lowercase(), sid);
                if group {
                    sids.add(dn.to_lowercase(), sid);
                }
            }
            let domain = dn.and_then(dns_domain);
            if let (Some(name), Some(domain)) = (name, domain) {
                let label = labels.get(&domain).map_or(domain.as_str(), String::as_str);
                sids.add(format!("{label}\\{}", name.to_lowercase()), sid);
            }
        }
        for (name, domain) in &domains {
            let own = if root == Some(*domain) {
                &ROOT_RIDS[..]
            } else {
                &[]
            };
            for rid in DOMAIN_RIDS.iter().chain(own) {
                let Some(sid) = domain.with_rid(*rid) else {
                    continue;
                };
                if let (Some(known), Some(label)) = (well_known::name(&sid), labels.get(name)) {
                    sids.suggest(format!("{label}\\{}", known.to_lowercase()), sid);
                }
            }
        }
        let distribution = rows.groups.iter().filter(|row| row.security == Some(false));
        Self {
            root,
            sids: sids.known(),
            distribution: distribution.map(|row| row.sid).collect(),
            by_dn: by_dn.known().into_iter().collect(),
            names: rows.names.by_number(),
            people: rows.accounts.iter().map(|row| row.sid).collect(),
            domains,
        }
    }

    /// The SID of a name such as `CONTOSO\Helpdesk`.
    pub(super) fn sid_of(&self, name: &str) -> Option<Sid> {
        self.sids.get(&name.trim().to_lowercase()).copied()
    }

    /// Whether a SID is an account's.
    pub(super) fn is_person(&self, sid: &Sid) -> bool {
        self.people.contains(sid)
    }

    /// The SIDs of distinguished names, and whether all were found.
    pub(super) fn sids_of(&self, numbers: &[u32]) -> (Vec<Sid>, bool) {
        let found: Vec<_> = numbers
            .iter()
            .filter_map(|number| {
                let name = self.names.get(*number as usize)?;
                let known = self.by_dn.get(*name).copied();
                known.or_else(|| foreign(name))
            })
            .collect();
        let all = found.len() == numbers.len();
        (found, all)
    }

    /// The group whose members were listed.
    pub(super) fn group_of(&self, listed: &Listed) -> Option<Sid> {
        let name = listed.of.trim();
        let lower = name.to_lowercase();
        let plain = || {
            let mut ends = self
                .sids
                .iter()
                .filter(|(known, _)| known.split_once('\\').is_some_and(|(_, end)| end == lower));
            match (ends.next(), ends.next()) {
                (Some((_, sid)), None) => Some(*sid),
                _ => None,
            }
        };
        name.parse()
            .ok()
            .or_else(|| well_known_sid(name))
            .or_else(|| well_known_sid(&format!("BUILTIN\\{name}")))
            .or_else(|| self.sid_of(name))
            .or_else(plain)
    }

    /// Whose token a list of SIDs is: the account that the manifest names, the only known one
    /// among them, or the first, where a directory puts the account itself.
    pub(super) fn own_sid(
        &self,
        name: Option<&str>,
        token: &[Sid],
        accounts: &BTreeMap<Sid, AccountFacts>,
    ) -> Option<Sid> {
        let named = name.and_then(|name| name.parse().ok().or_else(|| self.sid_of(name)));
        if named.is_some() {
            return named.filter(|sid| token.contains(sid));
        }
        let mut known = token.iter().filter(|sid| accounts.contains_key(sid));
        if let (Some(only), None) = (known.next(), known.next()) {
            return Some(*only);
        }
        let first = token.first().copied();
        first.filter(|sid| sid.is_domain_relative() && sid.rid() >= Some(1_000))
    }
}

/// The SID in the name of a foreign security principal.
fn foreign(dn: &str) -> Option<Sid> {
    let (name, rest) = dn.split_once(',')?;
    if !rest.starts_with("cn=foreignsecurityprincipals,") {
        return None;
    }
    name.strip_prefix("cn=")?.parse().ok()
}

/// The SID of each domain, from its own entry or from any account of it.
fn domain_sids(rows: &PermissionRows) -> BTreeMap<String, Sid> {
    let mut found = Unambiguous::default();
    for row in &rows.domains {
        if let Some(sid) = row.sid {
            found.add(row.name.clone(), sid);
        }
    }
    let mut others = Unambiguous::default();
    let accounts = rows.accounts.iter().map(|row| (row.sid, row.dn.as_deref()));
    let groups = rows.groups.iter().map(|row| (row.sid, row.dn.as_deref()));
    for (sid, dn) in accounts.chain(groups) {
        if sid.is_domain_relative()
            && sid.subs().len() == 5
            && let Some(name) = dn.and_then(dns_domain)
        {
            others.add(name, sid.domain());
        }
    }
    for (name, sid) in others.known() {
        found.suggest(name, sid);
    }
    found.known()
}

/// The short names of domains, in lower case. Where none was collected it is the first part of the
/// DNS name, as setup proposes.
fn labels(domains: &BTreeMap<String, Sid>, rows: &PermissionRows) -> BTreeMap<String, String> {
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    for row in &rows.domains {
        if let Some(netbios) = &row.netbios {
            let netbios = netbios.to_lowercase();
            let label = labels
                .entry(row.name.clone())
                .or_insert_with(|| netbios.clone());
            if netbios < *label {
                *label = netbios;
            }
        }
    }
    let dns = rows.accounts.iter().filter_map(|row| row.dn.as_deref());
    let dns = dns.chain(rows.groups.iter().filter_map(|row| row.dn.as_deref()));
    let named: BTreeSet<String> = dns.filter_map(dns_domain).collect();
    for name in domains.keys().chain(&named) {
        let first = name.split('.').next().unwrap_or_default().to_owned();
        labels.entry(name.clone()).or_insert(first);
    }
    labels
}

/// The forest's root: the one that the evidence names, or the only domain there is.
fn root(facts: &Facts, domains: &BTreeMap<String, Sid>) -> Option<Sid> {
    let named: BTreeSet<String> = facts
        .domains
        .values()
        .filter_map(|domain| domain.forest.value())
        .map(|name| name.to_lowercase())
        .collect();
    let forests: Vec<&String> = named.iter().collect();
    match (forests.as_slice(), domains.len(), facts.domains.len()) {
        ([name], ..) => domains.get(*name).copied(),
        ([], 1, 0 | 1) => domains.values().next().copied(),
        _ => None,
    }
}

/// Names with their SIDs; a name that has several is no name.
#[derive(Default)]
struct Unambiguous(BTreeMap<String, Option<Sid>>);

impl Unambiguous {
    fn add(&mut self, name: String, sid: Sid) {
        let known = self.0.entry(name).or_insert(Some(sid));
        if *known != Some(sid) {
            *known = None;
        }
    }

    /// Adds a name that nothing else has.
    fn suggest(&mut self, name: String, sid: Sid) {
        self.0.entry(name).or_insert(Some(sid));
    }

    fn known(self) -> BTreeMap<String, Sid> {
        let known = self.0.into_iter();
        known.filter_map(|(name, sid)| Some((name, sid?))).collect()
    }
}
