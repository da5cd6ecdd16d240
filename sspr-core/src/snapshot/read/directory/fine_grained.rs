//! Fine-grained password policies: what was seen of them, and whether that is all.

use std::collections::BTreeMap;

use super::super::{Intake, ItemReader};
use crate::carrier::json::{Object, Page};
use crate::directory::{FineGrainedPolicy, PasswordSettings, dns_domain};
use crate::error::{Error, ErrorCode};
use crate::evidence::{Claim, Locator};
use crate::snapshot::facts::DomainFacts;

/// The fine-grained policies of one input.
#[derive(Default)]
pub(super) struct Policies {
    /// By domain; a domain without any is one whose container alone was seen.
    found: BTreeMap<String, Vec<FineGrainedPolicy>>,
    /// Something could not be read, so that it is no whole list.
    lost: bool,
}

impl Policies {
    pub(super) fn take(&mut self, into: &mut Intake<'_>, read: &PasswordSettings) {
        let origin = into.origin;
        for fault in read.faults() {
            origin.fault(fault.clone());
        }
        let place = match &read.dn {
            crate::evidence::Reading::Value(at) => at.place.clone(),
            _ => Locator::Whole,
        };
        let policy = read.policy();
        let domain = policy.as_ref().and_then(|policy| dns_domain(&policy.dn));
        let (Some(policy), Some(domain)) = (policy, domain) else {
            self.lost = true;
            if read.faults().next().is_none() {
                origin.fault(Error::value(
                    place,
                    "this fine-grained policy has no precedence, or no name of a domain",
                ));
            }
            return;
        };
        for fault in policy.policy.faults() {
            origin.fault(Error::new(
                ErrorCode::Range,
                place.clone(),
                format!(
                    "no fine-grained policy can say this: {}: {}",
                    fault.field, fault.message
                ),
            ));
        }
        let from = origin.at(place);
        let facts = into.facts.domain(&domain);
        let told = facts
            .name
            .claims()
            .iter()
            .any(|claim| claim.from.source == from.source);
        if !told {
            facts.name.claim(domain.clone(), from.clone());
        }
        facts.fine_grained_seen.push(Claim {
            value: policy.clone(),
            from,
        });
        self.found.entry(domain).or_default().push(policy);
    }

    /// The container of a domain's policies was seen, whether or not there are any in it.
    pub(super) fn container(&mut self, domain: String) {
        self.found.entry(domain).or_default();
    }

    /// The end of the input. Who may not read the policies gets a shorter list, or none, and no
    /// word of it: only the manifest can say that a list is whole.
    pub(super) fn close(&mut self, into: &mut Intake<'_>) {
        if self.lost || into.origin.complete != Some(true) {
            return;
        }
        for (domain, mut policies) in std::mem::take(&mut self.found) {
            policies.sort_by(|a, b| a.dn.cmp(&b.dn));
            policies.dedup_by(|a, b| a.dn.eq_ignore_ascii_case(&b.dn));
            let from = into.origin.at(Locator::Whole);
            let facts = into.facts.domain(&domain);
            facts.fine_grained.claim(policies, from);
        }
    }
}

impl ItemReader for Policies {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        match PasswordSettings::container_of_json(object) {
            Some(domain) => self.container(domain),
            None => self.take(into, &PasswordSettings::from_json(object)),
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        self.close(into);
    }
}

/// Keeps one claim of each policy, the strongest, then the latest.
pub(super) fn settle(domain: &mut DomainFacts) {
    let seen = &mut domain.fine_grained_seen;
    seen.sort_by_key(|claim| {
        let from = &claim.from;
        (
            claim.value.dn.to_lowercase(),
            std::cmp::Reverse((from.strength, from.observed_at)),
            from.source,
        )
    });
    seen.dedup_by(|later, first| later.value.dn.to_lowercase() == first.value.dn.to_lowercase());
}
