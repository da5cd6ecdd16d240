//! Which password policy holds for a person, by what is known of the domain.

use serde::Serialize;

use super::{DomainFacts, Facts};
use crate::directory::{Applied, FineGrainedPolicy, PolicySubject, Resultant, dns_domain};
use crate::evidence::{Claim, Provenance};
use crate::tenant::{AppliedPolicies, PersonRef};

/// The password policy of a person of the directory.
#[derive(Debug, Clone)]
pub struct PolicyInForce<'a> {
    /// The person's domain, when it is known which one it is.
    pub domain: Option<&'a DomainFacts>,
    /// Which policy holds.
    pub choice: PolicyChoice<'a>,
}

/// Which policy holds for a person.
#[derive(Debug, Clone)]
pub enum PolicyChoice<'a> {
    /// The domain's own, for certain.
    Domain(WhyPolicy),
    /// A fine-grained one, for certain.
    FineGrained {
        /// The policy.
        policy: &'a FineGrainedPolicy,
        /// Where it was read.
        from: &'a Provenance,
        /// Why it holds.
        why: WhyPolicy,
    },
    /// A fine-grained one whose content nobody showed, by its distinguished name.
    Unseen(String),
    /// It is not known.
    Open {
        /// The fine-grained policies in evidence that may hold.
        among: Vec<&'a FineGrainedPolicy>,
        /// Whether the domain's own may hold.
        or_domain: bool,
        /// Whether there can be no others: the list of policies is known to be whole.
        whole: bool,
    },
}

/// Why a policy holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum WhyPolicy {
    /// The directory itself named it (`msDS-ResultantPSO`).
    Named,
    /// It is applied to the account itself.
    Direct,
    /// It is applied to a group that the account is in.
    Group(String),
    /// No fine-grained policy of the domain applies.
    NoOther,
    /// The account is no ordinary one, and no fine-grained policy applies to such.
    NotOrdinary,
}

impl Facts {
    /// The domain of a person: the one of the distinguished name, or the only one there is.
    pub fn domain_of(&self, person: &PersonRef<'_>) -> Option<&DomainFacts> {
        let only = || {
            let mut domains = self.domains.values();
            match (domains.next(), domains.next()) {
                (Some(only), None) => Some(only),
                (None, _) => Some(&self.unnamed_domain),
                _ => None,
            }
        };
        match person.container().and_then(dns_domain) {
            Some(name) => self
                .domains
                .get(&name)
                .or_else(|| self.domains.is_empty().then_some(&self.unnamed_domain)),
            None => only(),
        }
    }

    /// The password policy that holds for a person of the directory.
    ///
    /// What the directory named for the person counts first, then the policies of the domain, if
    /// all of them are known. Not having seen any is not the same as there being none.
    pub fn policy_in_force(&self, person: &PersonRef<'_>) -> PolicyInForce<'_> {
        let domain = self.domain_of(person);
        PolicyInForce {
            domain,
            choice: domain.map_or(OPEN, |domain| choose(domain, person)),
        }
    }
}

/// Nothing is known but that there is a domain.
const OPEN: PolicyChoice<'static> = PolicyChoice::Open {
    among: Vec::new(),
    or_domain: true,
    whole: false,
};

fn choose<'a>(domain: &'a DomainFacts, person: &PersonRef<'_>) -> PolicyChoice<'a> {
    if person.flags().normal() == Some(false) {
        return PolicyChoice::Domain(WhyPolicy::NotOrdinary);
    }
    let applied = person.applied_policies();
    if let Some(dn) = applied.and_then(|applied| applied.resultant.as_ref()) {
        return match seen(domain, dn) {
            Some(claim) => certain(claim, WhyPolicy::Named),
            None => PolicyChoice::Unseen(dn.clone()),
        };
    }
    if let Some(choice) = applied.and_then(|applied| direct(domain, applied)) {
        return choice;
    }
    let Some(whole) = domain.fine_grained.value() else {
        // Only those that may apply to groups, or to the person, by what is known of them.
        let among = domain.fine_grained_seen.iter().map(|claim| &claim.value);
        let among = among
            .filter(|policy| policy.applies_to.as_ref().is_none_or(|to| !to.is_empty()))
            .collect();
        return PolicyChoice::Open {
            among,
            or_domain: true,
            whole: false,
        };
    };
    if whole.is_empty() {
        return PolicyChoice::Domain(WhyPolicy::NoOther);
    }
    let subject = PolicySubject {
        dn: person.dn().unwrap_or_default(),
        groups: None,
        normal: true,
    };
    match FineGrainedPolicy::resultant(whole, &subject) {
        Resultant::Domain => PolicyChoice::Domain(WhyPolicy::NoOther),
        Resultant::FineGrained(policy, applied) => {
            let why = match applied {
                Applied::Directly => WhyPolicy::Direct,
                Applied::ThroughGroup(group) => WhyPolicy::Group(group),
            };
            match domain.fine_grained.claims().first() {
                Some(claim) => PolicyChoice::FineGrained {
                    policy,
                    from: &claim.from,
                    why,
                },
                None => OPEN,
            }
        }
        Resultant::Undecided { among, or_domain } => PolicyChoice::Open {
            among,
            or_domain,
            whole: true,
        },
    }
}

/// The policy that wins among those on the account itself.
fn direct<'a>(domain: &'a DomainFacts, applied: &AppliedPolicies) -> Option<PolicyChoice<'a>> {
    let names = applied.direct.as_ref().filter(|names| !names.is_empty())?;
    if let [only] = names.as_slice() {
        return Some(match seen(domain, only) {
            Some(claim) => certain(claim, WhyPolicy::Direct),
            None => PolicyChoice::Unseen(only.clone()),
        });
    }
    let found: Vec<_> = names.iter().filter_map(|dn| seen(domain, dn)).collect();
    let lowest = found.iter().map(|claim| claim.value.precedence).min();
    let mut best = found
        .iter()
        .filter(|claim| Some(claim.value.precedence) == lowest);
    Some(match (best.next(), best.next()) {
        (Some(claim), None) if found.len() == names.len() => certain(claim, WhyPolicy::Direct),
        _ => PolicyChoice::Open {
            among: found.iter().map(|claim| &claim.value).collect(),
            or_domain: false,
            whole: found.len() == names.len(),
        },
    })
}

fn seen<'a>(domain: &'a DomainFacts, dn: &str) -> Option<&'a Claim<FineGrainedPolicy>> {
    let dn = dn.to_lowercase();
    domain
        .fine_grained_seen
        .iter()
        .find(|claim| claim.value.dn.to_lowercase() == dn)
}

fn certain(claim: &Claim<FineGrainedPolicy>, why: WhyPolicy) -> PolicyChoice<'_> {
    PolicyChoice::FineGrained {
        policy: &claim.value,
        from: &claim.from,
        why,
    }
}
