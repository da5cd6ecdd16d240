//! What the rules of phase 2 ask about servers.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::evidence::{Claim, Gap, Known, Missing, Provenance, Strength, Unknown};
use crate::readiness::{Context, Judgement, Names, Outcome, Verdict, quoted};
use crate::snapshot::facts::ServerFacts;
use crate::tenant::Cloud;
use crate::writeback::{ConnectIdentity, EndpointTest, Standing, Version, clouds_of_host};

/// The outcome where nobody's password is managed on-premises.
pub(in crate::readiness) fn nobody_synced(cx: &Context<'_>) -> Option<Outcome> {
    (cx.has_synced_people() == Ok(false)).then(|| {
        Outcome::not_applicable(
            "Nobody in this tenant is synchronised from a domain, so nothing is written back.",
        )
    })
}

/// Whether cloud sync is the way back: it has agents, and nothing speaks of Entra Connect.
pub(in crate::readiness) fn cloud_sync_alone(cx: &Context<'_>) -> bool {
    let facts = cx.facts;
    let connect = !facts.servers.is_empty()
        || facts.unnamed_server.speaks_of_connect()
        || facts.tenant.client_version.value().is_some();
    let agents = facts.cloud_sync.agents.claims();
    !connect && agents.iter().any(|claim| !claim.value.is_empty())
}

/// The outcome where a rule about Entra Connect has nothing to judge.
pub(in crate::readiness) fn without_connect(cx: &Context<'_>) -> Option<Outcome> {
    nobody_synced(cx).or_else(|| {
        cloud_sync_alone(cx).then(|| {
            Outcome::not_applicable(
                "Cloud sync is the way back here: no evidence speaks of Entra Connect.",
            )
        })
    })
}

/// What a server is called in a sentence.
pub(in crate::readiness) fn name(server: &ServerFacts) -> &str {
    server
        .host
        .value()
        .map(String::as_str)
        .or(server.host.subject())
        .unwrap_or("the Entra Connect server")
}

/// Judges every active server and draws the outcomes together: a failure counts first, then what
/// is unknown, then a pass.
pub(in crate::readiness) fn each_active<'a>(
    cx: &Context<'a>,
    judge: impl Fn(&'a ServerFacts) -> Judgement,
) -> Judgement {
    if let Some(outcome) = without_connect(cx) {
        return Ok(outcome);
    }
    let mut together = Together::default();
    for server in cx.active_servers() {
        together.add(match (judge(server), perhaps_staging(cx, server)) {
            (Ok(outcome), Some(unknown)) if outcome.verdict == Verdict::Fail => Err(unknown),
            (judgement, _) => judgement,
        });
    }
    together.finish()
}

/// That nobody knows whether one of several servers is staging, so that its faults may not count.
/// The only server there is counts as active until the evidence says otherwise.
pub(in crate::readiness) fn perhaps_staging(
    cx: &Context<'_>,
    server: &ServerFacts,
) -> Option<Unknown> {
    let alone = cx.servers().nth(1).is_none();
    (!alone && server.staging.value().is_none()).then(|| server.staging.unknown())
}

/// Outcomes of several things that make one.
#[derive(Default)]
struct Together {
    failed: Option<Outcome>,
    unknown: Option<Unknown>,
    passed: Option<Outcome>,
    other: Option<Outcome>,
}

impl Together {
    fn add(&mut self, judgement: Judgement) {
        match judgement {
            Err(unknown) => {
                self.unknown = Some(match self.unknown.take() {
                    Some(known) => known.and(unknown),
                    None => unknown,
                });
            }
            Ok(outcome) => {
                let slot = match outcome.verdict {
                    Verdict::Fail => &mut self.failed,
                    Verdict::Pass => &mut self.passed,
                    _ => &mut self.other,
                };
                *slot = Some(match slot.take() {
                    Some(first) => join(first, outcome),
                    None => outcome,
                });
            }
        }
    }

    fn finish(self) -> Judgement {
        if let Some(failed) = self.failed {
            return Ok(failed);
        }
        if let Some(unknown) = self.unknown {
            return Err(unknown);
        }
        Ok(self.passed.or(self.other).unwrap_or_else(|| {
            Outcome::not_applicable("Every known server is in staging mode, which SSPR202 judges.")
        }))
    }
}

/// Two outcomes of one verdict as one.
fn join(mut first: Outcome, second: Outcome) -> Outcome {
    first.message = format!("{} {}", first.message, second.message);
    for (name, value) in second.values {
        first.values.entry(name).or_insert(value);
    }
    for from in &second.evidence {
        first = first.because_of(from);
    }
    first.disproved_after = first.disproved_after.max(second.disproved_after);
    first
}

/// A verdict that a later success settles: a password that was written shows that the server's
/// set-up works, as long as nothing observed later speaks against it.
pub(in crate::readiness) fn or_proof(
    cx: &Context<'_>,
    judgement: Judgement,
    message: &str,
) -> Judgement {
    let contrary = match &judgement {
        Err(_) => None,
        Ok(outcome) if outcome.verdict == Verdict::Fail => {
            let times: Option<Vec<_>> = outcome
                .evidence
                .iter()
                .map(|from| from.observed_at)
                .collect();
            match times.and_then(|times| times.into_iter().max()) {
                Some(time) => Some(time),
                // When it was observed is not known, so no success is known to be later.
                None => return judgement,
            }
        }
        Ok(_) => return judgement,
    };
    let Some(proof) = cx.proof_since(contrary) else {
        return judgement;
    };
    let from = Provenance {
        strength: Strength::Inferred,
        ..proof.from.clone()
    };
    Ok(Outcome::pass(format!(
        "{message} A password was written on {}.",
        day(proof.at)
    ))
    .with("provenAt", proof.at)
    .because_of(&from))
}

/// The connector to Entra ID, as an argument of a command.
pub(in crate::readiness) fn entra_connector(names: &Names) -> String {
    if names.tenant.contains(".on") {
        quoted(&format!("{} - AAD", names.tenant))
    } else {
        "(Get-ADSyncConnector | Where-Object Name -like '* - AAD').Name".to_owned()
    }
}

/// A day as the report writes it.
pub(in crate::readiness) fn day(time: DateTime<Utc>) -> NaiveDate {
    time.date_naive()
}

/// Midnight of a day, in UTC.
pub(in crate::readiness) fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

/// The version of a server; where there is only one, what the cloud saw of it will do.
pub(in crate::readiness) fn version<'a>(
    cx: &Context<'a>,
    server: &'a ServerFacts,
) -> Result<&'a Claim<Version>, Unknown> {
    server.version.get().or_else(|unknown| {
        if cx.servers().count() == 1 {
            cx.facts.tenant.client_version.get().map_err(|_| unknown)
        } else {
            Err(unknown)
        }
    })
}

/// What the table says of a version at the time of the verdict.
pub(in crate::readiness) fn standing(cx: &Context<'_>, version: Version) -> Standing {
    cx.config.version_table().standing(version, cx.as_of)
}

/// The two flags of writeback on a server, as one: a stronger claim outweighs a weaker one, and
/// two of the same strength that differ settle nothing.
pub(in crate::readiness) fn feature(server: &ServerFacts) -> Result<&Claim<bool>, Unknown> {
    match (server.writeback.get(), server.writeback_connector.get()) {
        (Ok(wizard), Ok(connector)) if wizard.value == connector.value => Ok(wizard),
        (Ok(wizard), Ok(connector)) => match wizard.from.strength.cmp(&connector.from.strength) {
            std::cmp::Ordering::Greater => Ok(wizard),
            std::cmp::Ordering::Less => Ok(connector),
            std::cmp::Ordering::Equal => {
                let on = |flag: bool| if flag { "on" } else { "off" };
                Err(unreadable(
                    &server.writeback,
                    format!(
                        "the wizard's flag is {} and the connector's is {}",
                        on(wizard.value),
                        on(connector.value)
                    ),
                ))
            }
        },
        (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(one),
        (Err(missing), Err(_)) => Err(missing),
    }
}

/// Judges the certificate that every active server signs in with, given the day it ends.
pub(in crate::readiness) fn each_certificate<'a>(
    cx: &Context<'a>,
    judge: impl Fn(&'a ServerFacts, &'a Claim<ConnectIdentity>, DateTime<Utc>) -> Judgement,
) -> Judgement {
    each_active(cx, |server| {
        let identity = server.identity.get()?;
        if !identity.value.application {
            let message = "Entra Connect signs in with an account, not with a certificate.";
            return Ok(Outcome::not_applicable(message).because(identity));
        }
        let Some(expires) = identity.value.certificate_expires else {
            let why = "it does not say when the certificate ends".to_owned();
            return Err(unreadable(&server.identity, why));
        };
        judge(server, identity, expires)
    })
}

/// That a fact is there and settles nothing, and why.
pub(in crate::readiness) fn unreadable<T>(fact: &Known<T>, why: String) -> Unknown {
    Unknown {
        missing: vec![Missing {
            fact: Cow::Borrowed(fact.name()),
            subject: fact.subject().map(str::to_owned),
            gap: Gap::Unreadable(why),
        }],
    }
}

/// The tests that count: of several of one host and port, the latest; of those, one that failed.
pub(in crate::readiness) fn latest<'a>(
    tests: impl Iterator<Item = &'a EndpointTest>,
) -> Vec<&'a EndpointTest> {
    let mut by_host: BTreeMap<(String, u16), &EndpointTest> = BTreeMap::new();
    for test in tests {
        let rank = |test: &EndpointTest| (test.at, !test.reached);
        by_host
            .entry((test.host.to_ascii_lowercase(), test.port))
            .and_modify(|known| {
                if rank(test) > rank(known) {
                    *known = test;
                }
            })
            .or_insert(test);
    }
    by_host.into_values().collect()
}

/// The tenant's cloud: as the tenant says, as its initial domain ends, or as the one cloud whose
/// endpoints were tested.
pub(in crate::readiness) fn cloud_of(
    cx: &Context<'_>,
    tests: &[EndpointTest],
) -> Result<Cloud, Unknown> {
    let tenant = &cx.facts.tenant;
    if let Some(cloud) = tenant.cloud.value() {
        return Ok(*cloud);
    }
    let suffixes = [
        (".onmicrosoft.com", Cloud::Public),
        (".onmicrosoft.us", Cloud::UsGovernment),
        (".onmschina.cn", Cloud::China),
    ];
    if let Some(domain) = tenant.initial_domain.value()
        && let Some((_, cloud)) = suffixes
            .iter()
            .find(|(suffix, _)| domain.to_ascii_lowercase().ends_with(suffix))
    {
        return Ok(*cloud);
    }
    let mut clouds = tests.iter().flat_map(|test| clouds_of_host(&test.host));
    let first = clouds.next().ok_or_else(|| tenant.cloud.unknown())?;
    if clouds.all(|cloud| cloud == first) {
        Ok(first)
    } else {
        Err(tenant.cloud.unknown())
    }
}

#[cfg(test)]
mod tests;
