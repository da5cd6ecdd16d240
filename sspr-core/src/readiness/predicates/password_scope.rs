//! Which synced people the synchronisation engine finds as targets of a password: those whose
//! account lies in a container that is synchronised, and whom a rule that carries passwords reaches.

use std::collections::BTreeMap;

use super::directory::{add, not_available};
use crate::directory::dns_domain;
use crate::evidence::{Claim, Unknown};
use crate::readiness::Context;
use crate::readiness::config::is_below;
use crate::readiness::predicates::permissions::people;
use crate::snapshot::facts::{ServerFacts, SynchronisationRule};
use crate::tenant::PersonRef;
use crate::writeback::export::ScopeCondition;
use crate::writeback::{Connector, Partition};

/// How the tag of the rule begins by which the engine finds a person's account.
const JOIN: &str = "Microsoft.InfromADUserAccountEnabled";
/// How the tag of an outbound rule begins that every export has.
const OUTBOUND: &str = "Microsoft.OuttoAADUserJoin";

/// What keeps the engine from a person's account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outside<'a> {
    /// The domain is not synchronised.
    Partition(&'a str),
    /// The container is left out.
    Container(&'a str),
    /// No rule of this connector carries passwords.
    NoRule(&'a str),
    /// No rule of this connector that carries passwords has a scoping filter that is met.
    Filter(&'a str),
}

/// Synced people as one server sees them.
#[derive(Debug, Default)]
pub(crate) struct Scope<'a> {
    pub(crate) inside: u64,
    pub(crate) outside: Vec<(PersonRef<'a>, Outside<'a>)>,
    pub(crate) missing: Option<Unknown>,
}

/// Where synced people stand on a server.
pub(crate) fn scope<'a>(cx: &Context<'a>, server: &'a ServerFacts) -> Result<Scope<'a>, Unknown> {
    let connectors = &connectors(server)?.value;
    let rules = server.rules.get()?;
    let mut scope = Scope::default();
    let mut places: BTreeMap<&str, Result<Place<'a>, Unknown>> = BTreeMap::new();
    let mut nobody = true;
    for person in people(cx) {
        nobody = false;
        let Some(container) = person.container().filter(|dn| !dn.is_empty()) else {
            add(&mut scope.missing, Unknown::of("people.container"));
            continue;
        };
        let place = places
            .entry(container)
            .or_insert_with(|| place(cx, connectors, container));
        let standing = match place {
            Ok(Place::Of(connector)) => reached(connector, &rules.value, &person),
            Ok(Place::Outside(outside)) => Ok(Some(outside.clone())),
            Err(unknown) => Err(unknown.clone()),
        };
        match standing {
            Ok(None) => scope.inside += 1,
            Ok(Some(outside)) => scope.outside.push((person, outside)),
            Err(unknown) => add(&mut scope.missing, unknown),
        }
    }
    if nobody {
        add(&mut scope.missing, Unknown::of("people.users"));
    }
    Ok(scope)
}

/// The connectors with their containers: the cmdlet does not print these, the export does.
pub(crate) fn connectors(server: &ServerFacts) -> Result<&Claim<Vec<Connector>>, Unknown> {
    let claims = server.connectors.claims();
    let tells = |claim: &&Claim<Vec<Connector>>| {
        let mut partitions = claim.value.iter().flat_map(|one| &one.partitions);
        partitions.any(|partition| !partition.included.is_empty())
    };
    claims
        .iter()
        .find(tells)
        .map_or_else(|| server.connectors.get(), Ok)
}

/// What a server does with a container.
enum Place<'a> {
    Of(&'a Connector),
    Outside(Outside<'a>),
}

fn place<'a>(
    cx: &Context<'_>,
    connectors: &'a [Connector],
    container: &'a str,
) -> Result<Place<'a>, Unknown> {
    let mut all = connectors.iter().flat_map(|connector| {
        let partitions = connector.partitions.iter();
        partitions.map(move |partition| (connector, partition))
    });
    let nearest = all.find(|(_, partition)| dns_domain(&partition.dn) == dns_domain(container));
    let Some((connector, partition)) = nearest else {
        return Err(not_available(
            "server.connectors",
            format!("no connector in evidence holds {container}"),
        ));
    };
    let outside = if partition.selected == Some(false) {
        Outside::Partition(&partition.dn)
    } else if partition.included.is_empty() {
        return Err(not_available(
            "server.connectors",
            format!(
                "which containers of {} are synchronised is in no evidence",
                partition.dn
            ),
        ));
    } else if is_included(partition, container) {
        return Ok(Place::Of(connector));
    } else {
        Outside::Container(container)
    };
    // Cloud sync may be what synchronises them.
    let agents = cx.facts.cloud_sync.agents.get()?;
    if agents.value.is_empty() {
        Ok(Place::Outside(outside))
    } else {
        Err(not_available(
            "cloudSync.agents",
            format!("Entra Connect leaves {container} out, and cloud sync may synchronise it"),
        ))
    }
}

/// The nearest container above that is named decides.
fn is_included(partition: &Partition, container: &str) -> bool {
    let nearest = |list: &[String]| {
        let above = list.iter().filter(|dn| is_below(container, dn));
        above.map(String::len).max()
    };
    nearest(&partition.included) > nearest(&partition.excluded)
}

/// What keeps the rules of a connector from a person; nothing where one reaches the person.
fn reached<'a>(
    connector: &'a Connector,
    rules: &[SynchronisationRule],
    person: &PersonRef<'_>,
) -> Result<Option<Outside<'a>>, Unknown> {
    let own = |rule: &&SynchronisationRule| {
        let of = rule.connector.as_deref().zip(connector.id.as_deref());
        let inbound = rule.direction.as_deref();
        of.is_none_or(|(rule, own)| rule == own)
            && inbound.is_none_or(|direction| direction.eq_ignore_ascii_case("inbound"))
    };
    let (mut any, mut open) = (false, None);
    for rule in rules.iter().filter(own) {
        if rule.disabled || !rule.password_sync {
            continue;
        }
        any = true;
        match meets(rule, person) {
            Ok(true) => return Ok(None),
            Ok(false) => {}
            Err(what) => open = Some((rule, what)),
        }
    }
    if let Some((rule, what)) = open {
        return Err(not_available(
            "server.synchronisationRules",
            format!("{what}, which the scoping filter of {} asks for", rule.name),
        ));
    }
    if any {
        return Ok(Some(Outside::Filter(&connector.name)));
    }
    // Only where the product's own rules are all there does the lack of one tell something.
    let has = |start: &str| {
        let mut tags = rules.iter().filter_map(|rule| rule.tag.as_deref());
        tags.any(|tag| tag.starts_with(start))
    };
    if has(JOIN) && has(OUTBOUND) {
        Ok(Some(Outside::NoRule(&connector.name)))
    } else {
        Err(not_available(
            "server.synchronisationRules",
            "the rules in evidence are not all that the server has",
        ))
    }
}

/// Whether a person meets the scoping filter of a rule, or what would have to be known for it.
fn meets(rule: &SynchronisationRule, person: &PersonRef<'_>) -> Result<bool, String> {
    let Some(groups) = &rule.scope else {
        return Err("the evidence does not show the filter".into());
    };
    if groups.is_empty() {
        return Ok(true);
    }
    let mut open = None;
    for group in groups {
        let answers = group.iter().map(|one| holds(one, person));
        let (mut all, mut unknown) = (true, None);
        for (condition, answer) in group.iter().zip(answers) {
            match answer {
                Some(true) => {}
                Some(false) => all = false,
                None => unknown = Some(condition),
            }
        }
        match unknown {
            None if all => return Ok(true),
            Some(condition) if all => open = Some(condition),
            _ => {}
        }
    }
    match open {
        Some(condition) => Err(format!(
            "people's {} is in no evidence",
            condition.attribute
        )),
        None => Ok(false),
    }
}

/// Whether a condition holds for a person who is synchronised.
fn holds(condition: &ScopeCondition, person: &PersonRef<'_>) -> Option<bool> {
    let wanted = condition.value.to_lowercase();
    let operator = condition.operator.as_str();
    match condition.attribute.to_ascii_lowercase().as_str() {
        "useraccountcontrol" => match (operator, wanted.as_str()) {
            ("ISBITNOTSET", "2") => person.flags().enabled(),
            ("ISBITSET", "2") => person.flags().enabled().map(|enabled| !enabled),
            ("ISNOTNULL", _) => Some(true),
            _ => None,
        },
        // Set-up never synchronises such objects.
        "iscriticalsystemobject" if wanted == "true" => match operator {
            "NOTEQUAL" => Some(true),
            "EQUAL" => Some(false),
            _ => None,
        },
        "samaccountname" if operator == "ISNOTNULL" => Some(true),
        "samaccountname" => {
            let account = person.directory_names()?.account;
            (!account.is_empty()).then(|| compare(account, operator, &wanted))?
        }
        "dn" | "distinguishedname" => compare(&person.dn()?, operator, &wanted),
        "admincount" => match (operator, wanted.as_str()) {
            ("EQUAL", "1") => person.flags().admin_count(),
            ("NOTEQUAL", "1") => person.flags().admin_count().map(|set| !set),
            _ => None,
        },
        _ => None,
    }
}

fn compare(text: &str, operator: &str, wanted: &str) -> Option<bool> {
    let text = text.to_lowercase();
    let (negated, operator) = match operator.strip_prefix("NOT") {
        Some(operator) => (true, operator),
        None => (false, operator),
    };
    let found = match operator {
        "EQUAL" => text == wanted,
        "STARTSWITH" => text.starts_with(wanted),
        "ENDSWITH" => text.ends_with(wanted),
        "CONTAINS" | "CONTAIN" => text.contains(wanted),
        "ISNULL" => text.is_empty(),
        "ISNOTNULL" => !text.is_empty(),
        _ => return None,
    };
    Some(found != negated)
}
