//! `attested.toml`: a person's word.

use std::io::BufRead;

use uuid::Uuid;

use super::{Intake, TextKind};
use crate::carrier::text::read_whole;
use crate::error::{Error, Result};
use crate::evidence::{
    At, Attested, AttestedFact, AttestedValue, Known, Locator, Reading, Strength,
};
use crate::policy::{LegacyMethod, QuestionSettings, ResetScope};
use crate::snapshot::facts::{CloudSyncAgent, ServerFacts, StatedConnector};
use crate::snapshot::{Facts, Origin};
use crate::tenant::SignInType;
use crate::time::Interval;

/// Nobody states more than this.
const MOST_BYTES: u64 = 1024 * 1024;

pub(super) const TEXT: &[TextKind] = &[TextKind {
    name: "attested",
    strength: Strength::Attested,
    matches: |head| {
        head.lines().any(|line| {
            let line = line.trim_start();
            line.strip_prefix("schema").is_some_and(|rest| {
                let value = rest.trim_start().strip_prefix('=').unwrap_or_default();
                value.trim_start().starts_with(['"', '\'']) && value.contains("sspr-attested/")
            })
        })
    },
    read,
}];

fn read(into: &mut Intake<'_>, text: &mut dyn BufRead) -> Result<()> {
    let attested = Attested::parse(&read_whole(text, MOST_BYTES)?)?;
    for fault in attested.faults {
        into.origin.fault(fault);
    }
    let otherwise = into.origin.observed_at.get();
    for fact in attested.facts {
        into.collection.items += 1;
        into.origin.observed_at.set(fact.value.at.or(otherwise));
        state(into.facts, into.origin, fact);
    }
    Ok(())
}

/// Claims one fact.
fn state(facts: &mut Facts, origin: &Origin, fact: At<AttestedFact>) {
    let At { value: fact, place } = fact;
    let claim = Claim { origin, place };
    let user = fact.user.clone();
    match (fact.what, fact.value) {
        ("sspr.scope", AttestedValue::Word(word)) => {
            let scope = match word {
                "none" => ResetScope::None,
                "all" => ResetScope::All,
                _ => scope_of_group(fact.group),
            };
            claim.one(&mut facts.sspr.scope, scope);
        }
        ("sspr.methodsRequired", AttestedValue::Number(number)) => {
            claim.one(&mut facts.sspr.methods_required, number);
        }
        ("sspr.methods", AttestedValue::Words(words)) => {
            let methods = words.into_iter().filter_map(method).collect();
            claim.one(&mut facts.sspr.methods, methods);
        }
        (
            "sspr.questions",
            AttestedValue::Questions {
                defined,
                registered,
                reset,
            },
        ) => claim.one(
            &mut facts.sspr.questions,
            QuestionSettings {
                defined,
                required_to_register: registered,
                required_to_reset: reset,
            },
        ),
        ("sspr.reconfirmDays", AttestedValue::Number(days)) => {
            claim.one(&mut facts.sspr.reconfirm_days, days);
        }
        ("sspr.helpdeskLink", AttestedValue::Text(link)) => {
            // An empty address leaves open whether the link is customised.
            if !link.trim().is_empty() {
                claim.one(&mut facts.sspr.helpdesk_customised, true);
            }
            claim.one(&mut facts.sspr.helpdesk_link, link);
        }
        (what, AttestedValue::Switch(on)) => switch(facts, &claim, what, fact.host.as_deref(), on),
        ("server.version", AttestedValue::Text(text)) => match text.parse() {
            Ok(version) => {
                let server = server(facts, fact.host.as_deref());
                claim.one(&mut server.version, version);
            }
            Err(message) => claim.bad(format!("server.version: {message}")),
        },
        ("cloudSync.agents", AttestedValue::Agents(agents)) => {
            let agents = agents.into_iter().map(|(host, version)| {
                let version = version.and_then(|text| match text.parse() {
                    Ok(version) => Some(version),
                    Err(message) => {
                        claim.bad(format!("cloudSync.agents: {message}"));
                        None
                    }
                });
                CloudSyncAgent {
                    host,
                    version,
                    active: None,
                }
            });
            let agents = agents.collect();
            claim.one(&mut facts.cloud_sync.agents, agents);
        }
        ("signIn.type", AttestedValue::Words(words)) => {
            let types = words.into_iter().map(|word| match word {
                "passThrough" => SignInType::PassThrough,
                "federated" => SignInType::Federated,
                _ => SignInType::PasswordHashSync,
            });
            claim.one(&mut facts.tenant.sign_in, types.collect());
        }
        ("domain.minimumPasswordAge", AttestedValue::Number(days)) => {
            let domain = match fact.domain.as_deref() {
                Some(name) => facts.domain(name),
                None => &mut facts.unnamed_domain,
            };
            claim.one(&mut domain.policy.minimum_age, Interval::from_days(days));
        }
        ("dc.passwordFilters", AttestedValue::Texts(filters)) => match fact.host {
            Some(host) => {
                let controller = facts.controller(&host);
                claim.one(&mut controller.password_filters, filters);
            }
            None => claim.bad("dc.passwordFilters needs the `host` it was read on".to_owned()),
        },
        ("domain.connectorAccount", AttestedValue::Text(name)) => {
            let domain = fact.domain;
            let stated = &mut facts.permissions.stated_connectors;
            stated.push(crate::evidence::Claim {
                value: StatedConnector { name, domain },
                from: claim.origin.at(claim.place),
            });
        }
        ("test.user", AttestedValue::Text(user)) => claim.one(&mut facts.test.user, user),
        (what, AttestedValue::Time(time)) => {
            let test = &mut facts.test;
            if let Some(user) = user {
                claim.one(&mut test.user, user);
            }
            match what {
                "test.reset" => claim.one(&mut test.reset, time),
                "test.change" => claim.one(&mut test.change, time),
                "test.unlock" => claim.one(&mut test.unlock, time),
                _ => claim.one(&mut test.domain_sign_in, time),
            }
        }
        // The parser gives every fact the kind of value that its name asks for.
        (_, _) => {}
    }
}

fn switch(facts: &mut Facts, claim: &Claim<'_>, what: &str, host: Option<&str>, on: bool) {
    let fact = match what {
        "sspr.registrationRequired" => &mut facts.sspr.registration_required,
        "sspr.notifyUsers" => &mut facts.sspr.notify_users,
        "sspr.notifyAdmins" => &mut facts.sspr.notify_admins,
        "integration.writeback" => &mut facts.integration.writeback,
        "integration.unlock" => &mut facts.integration.unlock,
        "integration.cloudSync" => &mut facts.integration.cloud_sync,
        "server.writeback" => &mut server(facts, host).writeback,
        _ => &mut server(facts, host).staging,
    };
    claim.one(fact, on);
}

fn server<'f>(facts: &'f mut Facts, host: Option<&str>) -> &'f mut ServerFacts {
    match host {
        Some(host) => facts.server(host),
        None => &mut facts.unnamed_server,
    }
}

/// A group is stated by its name, or by its id.
fn scope_of_group(group: Option<String>) -> ResetScope {
    let id = group
        .as_deref()
        .and_then(|group| Uuid::try_parse(group.trim()).ok());
    ResetScope::Selected {
        group_name: group.filter(|_| id.is_none()),
        group_id: id,
    }
}

fn method(word: &str) -> Option<LegacyMethod> {
    Some(match word {
        "mobileAppNotification" => LegacyMethod::MobileAppNotification,
        "mobileAppCode" => LegacyMethod::MobileAppCode,
        "email" => LegacyMethod::Email,
        "mobilePhone" => LegacyMethod::MobilePhone,
        "officePhone" => LegacyMethod::OfficePhone,
        "securityQuestions" => LegacyMethod::SecurityQuestions,
        _ => return None,
    })
}

/// Claims what stands at one line.
struct Claim<'o> {
    origin: &'o Origin,
    place: Locator,
}

impl Claim<'_> {
    fn one<T>(&self, fact: &mut Known<T>, value: T) {
        let reading = Reading::Value(At::new(value, self.place.clone()));
        self.origin.claim(fact, reading);
    }

    fn bad(&self, message: String) {
        self.origin.fault(Error::value(self.place.clone(), message));
    }
}

#[cfg(test)]
mod tests {
    use crate::evidence::{Attested, Locator, Strength};
    use crate::policy::ResetScope;
    use crate::snapshot::{Input, ReadOptions, Snapshot};

    fn read(text: &str) -> Snapshot {
        let inputs = vec![Input::bytes("attested.toml", text)];
        let go_on = &mut |_: crate::evidence::Progress<'_>| std::ops::ControlFlow::Continue(());
        Snapshot::read(inputs, &ReadOptions::default(), go_on).expect("nobody stops the work")
    }

    #[test]
    fn a_fact_is_attested_at_its_own_time_and_line() {
        let snapshot = read(
            "schema = \"sspr-attested/1\"\n[[fact]]\nwhat = \"sspr.scope\"\nvalue = \"selected\"\n\
             group = \"SSPR-Pilot\"\nat = 2026-11-20T09:00:00Z\n[[fact]]\n\
             what = \"server.staging\"\nvalue = true\nhost = \"AADC02.contoso.com\"\n",
        );
        let scope = snapshot.facts.sspr.scope.get().expect("it is stated");
        assert_eq!(
            scope.value,
            ResetScope::Selected {
                group_id: None,
                group_name: Some("SSPR-Pilot".to_owned())
            }
        );
        assert_eq!(scope.from.strength, Strength::Attested);
        assert_eq!(scope.from.locator, Locator::Line(3));
        assert_eq!(
            scope.from.observed_at,
            Some("2026-11-20T09:00:00Z".parse().expect("a time"))
        );
        let staging = &snapshot.facts.servers["aadc02"].staging;
        assert_eq!(staging.value(), Some(&true));
        assert_eq!(staging.claims()[0].from.observed_at, None);
    }

    #[test]
    fn every_fact_that_can_be_stated_is_claimed() {
        for name in Attested::names() {
            let values = [
                "\"all\"",
                "1",
                "[\"email\"]",
                "[]",
                "true",
                "\"2.5.79.0\"",
                "\"passThrough\"",
                "[{ host = \"A\", version = \"1.1.0\" }]",
                "2026-11-20T09:00:00Z",
                "{ defined = 5 }",
            ];
            let claimed = values.iter().any(|value| {
                let host = if name.starts_with("dc.") { "host = \"DC01\"\n" } else { "" };
                let snapshot = read(&format!(
                    "schema = \"sspr-attested/1\"\n[[fact]]\nwhat = \"{name}\"\nvalue = {value}\n{host}",
                ));
                snapshot.evidence.iter().any(|evidence| evidence.items == 1 && evidence.lost.is_none())
            });
            assert!(claimed, "{name}");
        }
    }
}
