//! The connector account: who it is, and everything that it is.

use std::collections::{BTreeSet, HashSet};

use crate::directory::domain_dn;
use crate::directory::security::{Ace, AceKind, Granted, Sid, Target, Token, Wanted};
use crate::evidence::{Gap, Provenance, Strength, Unknown};
use crate::readiness::Context;
use crate::snapshot::Facts;
use crate::snapshot::facts::{AccountFacts, PermissionFacts, StatedConnector, TokenGroups};

use super::{Answer, missing};

/// The account that a connector writes with.
#[derive(Debug, Clone)]
pub(crate) struct Asker<'a> {
    pub(crate) sid: Sid,
    /// What to call it, such as `CONTOSO\MSOL_0123456789ab`.
    pub(crate) name: String,
    /// What is known of it.
    pub(crate) facts: Option<&'a AccountFacts>,
    /// The domains it works on, by distinguished name in lower case; none where that is not known.
    pub(crate) domains: Vec<String>,
    /// What was assumed, as parts of a sentence.
    pub(crate) assumed: Vec<String>,
    /// The evidence that tells of it.
    pub(crate) from: Vec<Provenance>,
    token: Token,
    known: &'a PermissionFacts,
    groups: Groups,
}

/// How well its groups are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Groups {
    /// All that a logon has.
    Exact,
    /// All but those that hold Everyone, Authenticated Users and the like.
    Stored,
    /// Those that lists of members tell.
    Told,
}

/// That the connector account is not known.
pub(super) fn unknown(dn: Option<&str>) -> Unknown {
    missing("permissions.connectorAccount", dn, Gap::NotCollected)
}

/// Whether a name is one that set-up gives a connector account.
pub(crate) fn is_connector_name(name: &str) -> bool {
    let name = name.rsplit('\\').next().unwrap_or_default();
    name.get(..5)
        .is_some_and(|start| start.eq_ignore_ascii_case("MSOL_"))
}

/// The connector accounts: those of the active servers' connectors, or else those that a person
/// names, or else the only account that has the name or the description that set-up gives one.
pub(crate) fn askers<'a>(cx: &Context<'a>) -> Result<Vec<Asker<'a>>, Unknown> {
    let mut askers: Vec<Asker<'a>> = Vec::new();
    let mut lacking: Option<Unknown> = None;
    for server in cx.active_servers() {
        let Some(connectors) = server.connectors.claims().first() else {
            continue;
        };
        for connector in &connectors.value {
            let Some(name) = connector.account.as_deref() else {
                continue;
            };
            let domains: Vec<_> = connector
                .partitions
                .iter()
                .filter(|partition| partition.selected != Some(false))
                .map(|partition| partition.dn.to_lowercase())
                .collect();
            let Some(sid) = resolve(cx.facts, name) else {
                let gap = Gap::NotCollected;
                let unknown = missing("permissions.connectorAccount", Some(name), gap);
                lacking = Some(match lacking {
                    Some(known) => known.and(unknown),
                    None => unknown,
                });
                continue;
            };
            if let Some(known) = askers.iter_mut().find(|asker| asker.sid == sid) {
                known.domains.extend(domains);
                continue;
            }
            let mut asker = asker(cx, sid, name.to_owned());
            asker.domains = domains;
            asker.from.push(connectors.from.clone());
            askers.push(asker);
        }
    }
    if let Some(lacking) = lacking {
        return Err(lacking);
    }
    if askers.is_empty() {
        askers = stated(cx)?;
    }
    if askers.is_empty() {
        askers.push(by_name(cx)?);
    }
    Ok(askers)
}

/// The accounts that a person names.
fn stated<'a>(cx: &Context<'a>) -> Result<Vec<Asker<'a>>, Unknown> {
    let mut askers: Vec<Asker<'a>> = Vec::new();
    for claim in &cx.facts.permissions.stated_connectors {
        let StatedConnector { name, domain } = &claim.value;
        let sid = resolve(cx.facts, name).ok_or_else(|| {
            let gap = Gap::NotCollected;
            missing("permissions.connectorAccount", Some(name), gap)
        })?;
        let domain = domain.as_deref().map(|dns| domain_dn(dns).to_lowercase());
        if let Some(known) = askers.iter_mut().find(|asker| asker.sid == sid) {
            known.domains.extend(domain);
            continue;
        }
        let mut asker = asker(cx, sid, name.clone());
        asker.domains.extend(domain);
        asker.from.push(claim.from.clone());
        askers.push(asker);
    }
    Ok(askers)
}

/// The account by its name or its description, when it is the only one.
fn by_name<'a>(cx: &Context<'a>) -> Result<Asker<'a>, Unknown> {
    let mut found: Vec<_> = cx
        .facts
        .permissions
        .accounts
        .iter()
        .filter(|(_, account)| looks_like_one(account))
        .collect();
    // Of several, the description tells which one was made on the server that is active.
    if found.len() > 1 {
        let hosts: Vec<String> = cx
            .active_servers()
            .filter_map(|server| server.host.value())
            .map(|host| crate::snapshot::facts::host_key(host))
            .collect();
        let here: Vec<_> = found
            .iter()
            .copied()
            .filter(|(_, account)| {
                let text = account.description.value().map(|text| text.to_lowercase());
                text.is_some_and(|text| hosts.iter().any(|host| names_computer(&text, host)))
            })
            .collect();
        if !here.is_empty() {
            found = here;
        }
    }
    let [(sid, account)] = found.as_slice() else {
        return Err(unknown(None));
    };
    let name = account.account_name.value().or(account.dn.value());
    let name = name.cloned().unwrap_or_else(|| sid.to_string());
    let mut asker = asker(cx, **sid, name.clone());
    asker.assumed.push(format!(
        "{name} is the connector account, by its name or description"
    ));
    let told = account.account_name.claims().first();
    let told = told.or(account.description.claims().first());
    asker.from.extend(told.map(|claim| Provenance {
        strength: Strength::Inferred,
        ..claim.from.clone()
    }));
    Ok(asker)
}

fn looks_like_one(account: &AccountFacts) -> bool {
    let named = account.account_name.value().map(String::as_str);
    let described = account.description.value().map(|text| text.to_lowercase());
    named.is_some_and(is_connector_name)
        || described.is_some_and(|text| {
            text.starts_with("account created by") && text.contains("installation identifier")
        })
}

/// Whether a description names a computer: `… running on computer AADC01 configured to …`.
fn names_computer(text: &str, host: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
        .any(|word| word == host)
}

/// The SID of an account that a connector names.
fn resolve(facts: &Facts, name: &str) -> Option<Sid> {
    let known = &facts.permissions;
    if let Some(sid) = known.sids.get(&name.to_lowercase()) {
        return Some(*sid);
    }
    let bare = name.rsplit('\\').next().unwrap_or_default();
    let bare = bare.split('@').next().unwrap_or_default();
    let mut found = known.accounts.iter().filter(|(_, account)| {
        let own = account.account_name.value();
        own.is_some_and(|own| own.eq_ignore_ascii_case(bare))
    });
    match (found.next(), found.next()) {
        (Some((sid, _)), None) => Some(*sid),
        _ => None,
    }
}

fn asker<'a>(cx: &Context<'a>, sid: Sid, name: String) -> Asker<'a> {
    let known = &cx.facts.permissions;
    let facts = known.accounts.get(&sid);
    let resolved = facts.and_then(|facts| facts.token_groups.claims().first());
    let history: BTreeSet<Sid> = facts
        .and_then(|facts| facts.sid_history.value().cloned())
        .unwrap_or_default();
    let mut assumed = Vec::new();
    let (token, groups) = match resolved.map(|claim| &claim.value) {
        Some(TokenGroups { sids, exact: true }) => {
            (Token::exact(sid, sids.iter().copied()), Groups::Exact)
        }
        Some(TokenGroups { sids, exact: false }) => {
            assumed.push(
                "of the groups that hold Everyone or Authenticated Users, those count that the \
                 evidence shows"
                    .to_owned(),
            );
            let all = sids.iter().copied().chain(history);
            let token = Token::from_memberships(sid, None, all, &known.member_of);
            (token, Groups::Stored)
        }
        None => {
            assumed.push("the groups of the account are those that the evidence shows".to_owned());
            let direct = facts.and_then(|facts| facts.groups.value().cloned());
            let all = direct.unwrap_or_default().into_iter().chain(history);
            let token = Token::from_memberships(sid, None, all, &known.member_of);
            (token, Groups::Told)
        }
    };
    let told = facts.and_then(|facts| facts.account_name.claims().first());
    Asker {
        sid,
        name,
        facts,
        domains: Vec::new(),
        assumed,
        from: resolved
            .map(|claim| claim.from.clone())
            .or_else(|| told.map(|claim| claim.from.clone()))
            .into_iter()
            .collect(),
        token,
        known,
        groups,
    }
}

impl Asker<'_> {
    /// Whether one of its connector's domains holds an object.
    pub(super) fn covers(&self, dn: &str) -> bool {
        let dn = dn.to_lowercase();
        self.domains.iter().any(|domain| {
            dn == *domain
                || dn.strip_suffix(domain.as_str()).is_some_and(|rest| {
                    // `DC=contoso,DC=com` does not hold what lies in `DC=eu,DC=contoso,DC=com`.
                    rest.ends_with(',') && !rest.contains("dc=")
                })
        })
    }

    /// Whether it is in a group, as far as that is known.
    pub(crate) fn is_in(&self, group: &Sid) -> Option<bool> {
        if self.token.is_granted(group) {
            Some(true)
        } else if self.is_outside(group, &mut HashSet::new()) {
            Some(false)
        } else {
            None
        }
    }

    /// That its groups are not known well enough.
    pub(crate) fn groups_unknown(&self) -> Unknown {
        missing("account.tokenGroups", Some(&self.name), Gap::NotCollected)
    }

    /// Whether it holds a right. Where that hangs on a group of which it is not known whether the
    /// account is in it, the answer is unknown.
    pub(super) fn holds(&self, target: Target<'_>, wanted: Wanted) -> Answer {
        let decision = target.check(&self.token, wanted);
        let entries = target.descriptor.access_list().unwrap_or_default();
        let mut answer = Answer {
            granted: decision.granted,
            entry: decision.entry.and_then(|index| entries.get(index)).cloned(),
            because: decision.because,
            hangs_on_groups: false,
        };
        let open: BTreeSet<Sid> = entries
            .iter()
            .filter_map(|entry| entry.sid)
            .chain(target.descriptor.owner)
            .filter(|sid| self.is_in(sid).is_none())
            .collect();
        if open.is_empty() || decision.granted == Granted::Unknown {
            return answer;
        }
        // At the least it is in those that are denied something, at the most in those that are
        // granted something.
        let least = self.token.clone().with_deny_only(open.iter().copied());
        let at_least = target.check(&least, wanted).granted;
        let most = Token::exact(self.sid, self.token.sids().chain(&open).copied());
        let mut generous = target.descriptor.clone();
        if let Some(list) = &mut generous.dacl {
            list.entries.retain(|entry| !denies_one_of(entry, &open));
        }
        let at_most = Target {
            descriptor: &generous,
            ..target
        }
        .check(&most, wanted)
        .granted;
        let settled = match decision.granted {
            Granted::Yes => at_least == Granted::Yes,
            _ => at_most == Granted::No,
        };
        if !settled {
            answer.granted = Granted::Unknown;
            answer.hangs_on_groups = true;
        }
        answer
    }

    /// Whether it is known not to be in a group.
    fn is_outside(&self, group: &Sid, seen: &mut HashSet<Sid>) -> bool {
        if self.token.is_denied(group) {
            return false;
        }
        if is_no_group(group) || self.known.accounts.contains_key(group) && !self.is_group(group) {
            return true;
        }
        match self.groups {
            Groups::Exact => return true,
            // Only built-in groups hold the implicit members, as a rule.
            Groups::Stored if group.is_domain_relative() => return true,
            Groups::Stored | Groups::Told => {}
        }
        if !seen.insert(*group) {
            return true;
        }
        self.known.whole_groups.contains_key(group)
            && self
                .known
                .member_of
                .iter()
                .filter(|(_, groups)| groups.contains(group))
                .all(|(member, _)| self.is_outside(member, seen))
    }

    fn is_group(&self, sid: &Sid) -> bool {
        self.known.whole_groups.contains_key(sid)
            || self
                .known
                .member_of
                .values()
                .any(|groups| groups.contains(sid))
    }
}

fn denies_one_of(entry: &Ace, sids: &BTreeSet<Sid>) -> bool {
    matches!(
        entry.ace_type.kind(),
        AceKind::Deny | AceKind::ConditionalDeny
    ) && entry.sid.is_some_and(|sid| sids.contains(&sid))
}

/// Whether a SID is an account or an identity that no connector account has: those that a logon
/// over the network has are in its token.
fn is_no_group(sid: &Sid) -> bool {
    if sid.is_domain_relative() {
        return matches!(sid.rid(), Some(500..=502));
    }
    !matches!(sid.subs(), [32, ..])
}
