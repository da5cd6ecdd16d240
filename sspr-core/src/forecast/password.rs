//! Would this password be taken, in the cloud and in the domain?

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Candidate, Open, Reason};
use crate::directory::{
    AccountNames, AccountState, DomainAnswer, PasswordOperation, PasswordPolicyDraft,
};
use crate::policy::{BannedPasswords, CloudPasswordRules};
use crate::snapshot::facts::{DomainFacts, PolicyChoice, PolicyInForce, WhyPolicy};
use crate::snapshot::{Facts, Snapshot};
use crate::tenant::PersonRef;

/// What will become of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    /// It is taken, as far as can be told from outside; what cannot is named beside it.
    Accepted,
    /// Something that evidence can settle is not known.
    Unknown,
    /// It is refused.
    Refused,
}

/// Where a person's password is managed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Managed {
    /// In Active Directory: the cloud hands every new password over.
    OnPremises,
    /// In the cloud alone.
    Cloud,
    /// The evidence does not tell.
    Unknown,
}

/// What will become of one password of one person. The password is not in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Prediction {
    /// The user principal name that was asked for.
    pub user: String,
    /// Whether the evidence knows the person.
    pub known: bool,
    /// The time that the answer is for.
    pub as_of: DateTime<Utc>,
    /// Where the password is managed.
    pub managed: Managed,
    /// The domain's policy that the answer rests on; none for a person of the cloud.
    pub policy: Option<PolicyUsed>,
    /// A reset of a forgotten password.
    pub reset: OperationForecast,
    /// A change of a password that is known.
    pub change: OperationForecast,
    /// What else is worth knowing of this account.
    pub notes: Vec<&'static str>,
}

/// The policy that an answer rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyUsed {
    /// Its name: of the domain, or of the fine-grained policy.
    pub name: String,
    /// Whether it is certain that it holds.
    pub certain: bool,
    /// Why it holds, or why that is not certain, in a sentence.
    pub why: String,
    /// Its settings, as far as they are known.
    pub settings: PasswordPolicyDraft,
}

/// What will become of it in one operation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationForecast {
    /// The answer of both sides together.
    pub answer: Answer,
    /// The reason that would be given: the cloud looks first, then the domain in its own order.
    pub first: Option<Reason>,
    /// The cloud's answer.
    pub cloud: SideForecast,
    /// The domain's answer; none for a person of the cloud.
    pub domain: Option<SideForecast>,
}

/// The answer of one side.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SideForecast {
    /// The answer.
    pub answer: Answer,
    /// Every reason to refuse, in the order in which that side looks.
    pub reasons: Vec<Reason>,
    /// What is not known and could still refuse it.
    pub unknown: Vec<Open>,
    /// What no evidence can tell.
    pub untold: Vec<&'static str>,
}

const SECRET_LIST: &str = "Microsoft's own list of banned passwords is secret, so that the answer \
    on banned passwords is partial.";
const LAST_PASSWORD: &str = "A change may not repeat the last password.";
const HISTORY: &str = "Whether it is among the passwords that the domain remembers.";
const FILTERS: &str = "Whether a password filter of a domain controller refuses it.";
const AGENT: &str = "Whether the agent of Entra Password Protection on the domain controllers \
    refuses it (10016 or 10017 there, with one of 30002 to 30027); it knows Microsoft's list.";

/// Says what will become of a candidate for the password of a person, at a time.
///
/// `banned` is the tenant's custom list of banned passwords, which no export holds; empty where
/// there is none. The candidate is judged and not kept: no part of it is in the answer.
pub fn predict(
    snapshot: &Snapshot,
    upn: &str,
    candidate: &Candidate,
    banned: &[String],
    as_of: DateTime<Utc>,
) -> Prediction {
    let facts = &snapshot.facts;
    let person = facts.people.people.by_upn(upn);
    let managed = managed(facts, person.as_ref());
    let case = Case {
        facts,
        person,
        managed,
        candidate,
        as_of,
        policies: person.map_or_else(
            || Policies::of_nobody(facts),
            |person| Policies::of(&facts.policy_in_force(&person)),
        ),
        banned: banned_passwords(facts, person.as_ref(), banned),
    };
    Prediction {
        user: upn.to_owned(),
        known: person.is_some(),
        as_of,
        managed,
        reset: case.operation(PasswordOperation::WRITEBACK_RESET),
        change: case.operation(PasswordOperation::Change),
        notes: person.as_ref().map(notes).unwrap_or_default(),
        policy: (managed != Managed::Cloud).then_some(case.policies.used),
    }
}

/// Where a person's password is managed. People that only the directory told of are on-premises.
fn managed(facts: &Facts, person: Option<&PersonRef<'_>>) -> Managed {
    let Some(person) = person else {
        return match facts.tenant.sync.value() {
            Some(crate::tenant::SyncState::Off | crate::tenant::SyncState::Never) => Managed::Cloud,
            _ => Managed::Unknown,
        };
    };
    match person.flags().synced() {
        Some(true) => Managed::OnPremises,
        Some(false) => Managed::Cloud,
        None if person.directory_names().is_some() => Managed::OnPremises,
        None => Managed::Unknown,
    }
}

fn banned_passwords(
    facts: &Facts,
    person: Option<&PersonRef<'_>>,
    banned: &[String],
) -> BannedPasswords {
    let display = person.and_then(PersonRef::directory_names);
    let display = display.map_or("", |names| names.display);
    let tenant = facts.tenant.initial_domain.value();
    let tenant = tenant.and_then(|domain| domain.split('.').next());
    let parts = display.split(|c: char| !c.is_alphanumeric());
    BannedPasswords::new(banned.iter().map(String::as_str), parts.chain(tenant))
}

fn notes(person: &PersonRef<'_>) -> Vec<&'static str> {
    let flags = person.flags();
    let mut notes = Vec::new();
    let mut note = |holds: Option<bool>, text| {
        if holds == Some(true) {
            notes.push(text);
        }
    };
    note(
        flags.must_change(),
        "The password must be changed at the next sign-in; until then no minimum age holds.",
    );
    note(
        flags.locked(),
        "The account has been locked out. A new password alone does not end that: the connector \
         account must be able to write lockoutTime.",
    );
    note(
        flags.smart_card(),
        "The account signs in with a smart card; its password is of no use there.",
    );
    note(
        flags.password_not_required(),
        "No password is required of the account: the domain looks at neither length nor complexity.",
    );
    note(
        flags.admin_count(),
        "The account is, or was, protected as an administrator's: writeback may lack the rights, \
         whatever the password is.",
    );
    notes
}

/// The policies that may hold.
struct Policies {
    used: PolicyUsed,
    /// The settings of all that may hold and are known.
    possible: Vec<PasswordPolicyDraft>,
    /// Whether there can be no others.
    closed: bool,
}

impl Policies {
    fn of(in_force: &PolicyInForce<'_>) -> Self {
        let domain = in_force.domain;
        let name = domain.map_or_else(|| "the domain".to_owned(), domain_name);
        let own = domain.map(|domain| domain.policy.draft());
        let own = own.unwrap_or_default();
        let used = |name: String, certain, why: String, settings| PolicyUsed {
            name,
            certain,
            why,
            settings,
        };
        match &in_force.choice {
            PolicyChoice::Domain(why) => Self {
                used: used(name, true, why_in_words(why), own),
                possible: vec![own],
                closed: true,
            },
            PolicyChoice::FineGrained { policy, why, .. } => Self {
                used: used(policy.name.clone(), true, why_in_words(why), policy.policy),
                possible: vec![policy.policy],
                closed: true,
            },
            PolicyChoice::Unseen(dn) => Self {
                used: used(
                    dn.clone(),
                    true,
                    "The directory names it for this person, and its settings are not in evidence."
                        .into(),
                    PasswordPolicyDraft::default(),
                ),
                possible: Vec::new(),
                closed: false,
            },
            PolicyChoice::Open {
                among,
                or_domain,
                whole,
            } => {
                let mut possible: Vec<_> = among.iter().map(|policy| policy.policy).collect();
                if *or_domain {
                    possible.insert(0, own);
                }
                let why = if *whole {
                    "It is not known which groups the person is in, so that one of the domain's \
                     fine-grained policies may hold instead."
                } else {
                    "The evidence does not hold all fine-grained policies of the domain, which \
                     ordinary accounts cannot see, so that one may hold instead."
                };
                Self {
                    used: used(name, false, why.into(), own),
                    possible,
                    closed: *whole,
                }
            }
        }
    }

    /// Nothing is known of the person: the only domain's policy is the best guess, and a guess.
    fn of_nobody(facts: &Facts) -> Self {
        let mut domains = facts.domains.values();
        let only = match (domains.next(), domains.next()) {
            (Some(only), None) => Some(only),
            (None, _) => Some(&facts.unnamed_domain),
            _ => None,
        };
        let own = only.map(|domain| domain.policy.draft()).unwrap_or_default();
        Self {
            used: PolicyUsed {
                name: only.map_or_else(|| "the domain".to_owned(), domain_name),
                certain: false,
                why: "The evidence does not know the person.".into(),
                settings: own,
            },
            possible: vec![own],
            closed: false,
        }
    }
}

fn domain_name(domain: &DomainFacts) -> String {
    let name = domain.name.value().map(String::as_str);
    name.or_else(|| domain.name.subject())
        .unwrap_or("the domain")
        .to_owned()
}

fn why_in_words(why: &WhyPolicy) -> String {
    match why {
        WhyPolicy::Named => "The directory names it for this person (msDS-ResultantPSO).".into(),
        WhyPolicy::Direct => {
            "It is applied to the account itself, which goes before any group.".into()
        }
        WhyPolicy::Group(group) => format!("It is applied to a group of the person: {group}."),
        WhyPolicy::NoOther => "No fine-grained policy of the domain applies to the person.".into(),
        WhyPolicy::NotOrdinary => {
            "The account is no ordinary user account, to which no fine-grained policy applies."
                .into()
        }
    }
}

/// One person, one candidate, one time.
struct Case<'a> {
    facts: &'a Facts,
    person: Option<PersonRef<'a>>,
    managed: Managed,
    candidate: &'a Candidate,
    as_of: DateTime<Utc>,
    policies: Policies,
    banned: BannedPasswords,
}

impl Case<'_> {
    fn operation(&self, operation: PasswordOperation) -> OperationForecast {
        let cloud = self.cloud(operation);
        let domain = (self.managed != Managed::Cloud).then(|| {
            let mut side = self.domain(operation);
            if self.managed == Managed::Unknown {
                // A domain that may not be asked refuses nothing for certain.
                side.reasons.clear();
                side.unknown.insert(
                    0,
                    Open::new(
                        "people.users",
                        "Whether the password is managed on-premises.",
                    ),
                );
                side.settle();
            }
            side
        });
        let answer = domain
            .as_ref()
            .map_or(cloud.answer, |domain| domain.answer.max(cloud.answer));
        let reasons = cloud.reasons.iter();
        let first = reasons
            .chain(domain.iter().flat_map(|domain| &domain.reasons))
            .next()
            .cloned();
        OperationForecast {
            answer,
            first,
            cloud,
            domain,
        }
    }

    fn cloud(&self, operation: PasswordOperation) -> SideForecast {
        let mut side = SideForecast::new();
        let faults = CloudPasswordRules::default().check(self.candidate.text());
        let reached = match self.managed {
            Managed::Cloud => Some(true),
            Managed::OnPremises => self.facts.tenant.cloud_policy_for_synced.value().copied(),
            Managed::Unknown => None,
        };
        match reached {
            Some(true) => side.reasons.extend(faults.iter().map(Reason::of_cloud)),
            None if !faults.is_empty() => side.unknown.push(match self.managed {
                Managed::Unknown => Open::new(
                    "people.users",
                    "Whether the password is managed in the cloud, whose rules it breaks.",
                ),
                _ => Open::new(
                    "tenant.cloudPasswordPolicyForSynced",
                    "Whether the cloud's rules, which it breaks, reach synchronised people in this \
                     tenant.",
                ),
            }),
            _ => {}
        }
        let verdict = self.banned.judge(self.candidate.text());
        side.reasons.extend(Reason::of_banned(verdict));
        side.untold.push(SECRET_LIST);
        if operation == PasswordOperation::Change && self.managed == Managed::Cloud {
            side.untold.push(LAST_PASSWORD);
        }
        side.settle();
        side
    }

    fn domain(&self, operation: PasswordOperation) -> SideForecast {
        let names = self.person.as_ref().and_then(PersonRef::directory_names);
        let account = self.account();
        let judge = |policy: &PasswordPolicyDraft| {
            let text = self.candidate.text();
            DomainAnswer::of(text, policy, &account, operation, self.as_of)
        };
        let mut side = SideForecast::new();
        let answers: Vec<_> = self.policies.possible.iter().map(judge).collect();
        match answers.as_slice() {
            [only] if self.policies.closed => {
                side.reasons = only.refusals.iter().map(Reason::of_domain).collect();
                side.unknown = only.unknown.iter().map(|u| Open::of_domain(u)).collect();
            }
            several => self.several(several, &judge(&PasswordPolicyDraft::default()), &mut side),
        }
        let complexity = self
            .policies
            .possible
            .iter()
            .any(|p| p.complexity != Some(false));
        if complexity
            && names.is_some_and(|names| names.display.is_empty() && !names.account.is_empty())
            && account.password_not_required != Some(true)
        {
            side.unknown.push(Open::new(
                "people.adUsers",
                "The display name, no part of which the password may hold.",
            ));
        }
        let locked = self.person.and_then(|person| person.flags().locked());
        if operation == PasswordOperation::Change && locked == Some(true) {
            side.unknown.push(Open::of_domain("locked"));
        }
        if answers.iter().any(|answer| answer.may_be_in_history) {
            side.untold.push(HISTORY);
        }
        let mut controllers = self.facts.controllers.values();
        let agent = controllers.any(|dc| dc.protection_agent.value() == Some(&true));
        side.untold.push(if agent { AGENT } else { FILTERS });
        side.settle();
        side
    }

    /// The answer where several policies may hold, or one that nobody saw. `bare` is what refuses
    /// whatever the policy is.
    fn several(&self, answers: &[DomainAnswer], bare: &DomainAnswer, side: &mut SideForecast) {
        let refused = |answer: &DomainAnswer| !answer.refusals.is_empty();
        let whole = self.policies.closed;
        if whole && !answers.is_empty() && answers.iter().all(refused) {
            // Each refuses; the reasons are those that all have, or else the first one's.
            let first = answers.first().map(|a| a.refusals.as_slice());
            let first = first.unwrap_or_default();
            let common: Vec<_> = first
                .iter()
                .filter(|refusal| answers.iter().all(|a| a.refusals.contains(refusal)))
                .collect();
            side.reasons = if common.is_empty() {
                first.iter().map(Reason::of_domain).collect()
            } else {
                common.into_iter().map(Reason::of_domain).collect()
            };
            return;
        }
        side.reasons = bare.refusals.iter().map(Reason::of_domain).collect();
        let mut unknown: Vec<_> = answers.iter().flat_map(|a| a.unknown.clone()).collect();
        unknown.sort_unstable();
        unknown.dedup();
        side.unknown = unknown.into_iter().map(Open::of_domain).collect();
        if whole && !answers.iter().any(refused) {
            return;
        }
        let guess = match answers.first() {
            Some(first) if self.policies.used.settings != PasswordPolicyDraft::default() => {
                match first.refusals.first() {
                    Some(refusal) => format!(
                        " By the policy of {} it would be refused: {}",
                        self.policies.used.name,
                        Reason::of_domain(refusal).message
                    ),
                    None => format!(
                        " By the policy of {} nothing that is known stands against it.",
                        self.policies.used.name
                    ),
                }
            }
            _ => String::new(),
        };
        side.unknown.push(Open::new(
            "domain.fineGrainedPolicies",
            format!("Which password policy holds for the person.{guess}"),
        ));
    }

    fn account(&self) -> AccountState<'_> {
        let Some(person) = &self.person else {
            return AccountState::default();
        };
        let flags = person.flags();
        let names = person.directory_names();
        AccountState {
            names: names
                .filter(|names| !names.account.is_empty())
                .map(|names| AccountNames {
                    account: names.account,
                    display: Some(names.display).filter(|display| !display.is_empty()),
                }),
            password_set: person.password_set(),
            must_change: flags.must_change(),
            disabled: flags.enabled().map(|enabled| !enabled),
            cannot_change: flags.cannot_change(),
            // The flag tells of a lockout that may have ended since.
            locked: flags.locked().filter(|locked| !locked),
            password_not_required: flags.password_not_required(),
        }
    }
}

impl SideForecast {
    fn new() -> Self {
        Self {
            answer: Answer::Unknown,
            reasons: Vec::new(),
            unknown: Vec::new(),
            untold: Vec::new(),
        }
    }

    /// The answer that follows from the rest.
    fn settle(&mut self) {
        self.answer = match (self.reasons.is_empty(), self.unknown.is_empty()) {
            (false, _) => Answer::Refused,
            (true, false) => Answer::Unknown,
            (true, true) => Answer::Accepted,
        };
    }
}
