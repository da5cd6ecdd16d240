//! A policy file says one thing, and the domain another.

use super::prelude::*;
use crate::directory::{PasswordPolicyDraft, TemplatePolicy};
use crate::evidence::{Claim, Known};
use crate::readiness::predicates::directory::{
    add, domain_name, domains, listed, nobody_synced, not_available, remark,
};
use crate::snapshot::facts::DomainFacts;

pub(super) const RULE: Rule = Rule {
    code: "SSPR403",
    title: "Policy files against the domain",
    phase: Phase::DomainPolicy,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "domain.templates",
        "domain.minimumPasswordAge",
        "domain.complexity",
    ],
    rationale: "A group policy is what somebody wants; the attributes of the domain's root are what \
        is in force. Only policies that are linked at the domain's root count for domain accounts, \
        and the PDC emulator writes their values into the domain. A `gpupdate` that succeeds on some \
        machine says nothing about it.",
    sources: &[
        "https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2003/cc738216(v=ws.10)",
        "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-gpsb/0b40db09-d95d-40a6-8467-32aedec8140c",
    ],
    judge,
    remedy,
};

const GPUPDATE: &str = "The text of gpupdate in evidence says that a machine refreshed its own \
    policy; it proves nothing about the domain.";

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let gpupdate = cx.facts.unnamed_domain.gpupdate.first();
    let mut comparison = Comparison::default();
    for domain in domains(cx) {
        for template in attributed(domain) {
            let before = comparison.evidence.len();
            comparison.templates += 1;
            comparison.compare(&template.value, domain);
            if comparison.evidence.len() > before {
                comparison.evidence.push(template.from.clone());
            }
        }
    }
    if comparison.templates == 0 {
        return Err(if !cx.facts.unnamed_domain.templates.is_empty() {
            not_available(
                "domain.templates",
                "nothing says which group policy, or which domain, the template in evidence \
                 belongs to; a manifest can name it",
            )
        } else if gpupdate.is_some() {
            not_available("domain.templates", GPUPDATE)
        } else {
            Unknown::of("domain.templates")
        });
    }
    let mut outcome = if comparison.differences.is_empty() {
        if let Some(unknown) = comparison.missing {
            return Err(unknown);
        }
        Outcome::pass("The domain has what the policy files say.")
    } else {
        let message = format!(
            "The domain does not have what a policy file says: {}. It was not applied yet, another \
             policy wins, or it is not linked at the domain's root.",
            listed(comparison.differences.iter().map(String::as_str))
        );
        Outcome::fail(message).with("differences", comparison.differences.len())
    };
    for from in &comparison.evidence {
        outcome = outcome.because_of(from);
    }
    Ok(match gpupdate {
        Some(text) => remark(outcome, GPUPDATE).because(text),
        None => outcome,
    })
}

/// The templates of a domain of which it is known where they belong.
fn attributed(domain: &DomainFacts) -> impl Iterator<Item = &Claim<TemplatePolicy>> {
    let templates = domain.templates.iter();
    templates.filter(|template| template.value.is_attributed())
}

/// What to call the policy that a template belongs to.
fn policy_name(template: &TemplatePolicy) -> &str {
    let name = template.name.as_deref().or(template.gpo.as_deref());
    name.unwrap_or("a policy")
}

/// Templates held against the policy in force.
#[derive(Default)]
struct Comparison {
    templates: usize,
    differences: Vec<String>,
    evidence: Vec<crate::evidence::Provenance>,
    missing: Option<Unknown>,
}

/// A template and the domain that it is held against.
#[derive(Clone, Copy)]
struct Pair<'a> {
    template: &'a TemplatePolicy,
    domain: &'a DomainFacts,
}

impl Comparison {
    fn compare(&mut self, template: &TemplatePolicy, domain: &DomainFacts) {
        let pair = Pair { template, domain };
        let found = &domain.policy;
        let days = |n: &crate::time::Interval| n.to_string();
        let number = |n: &u32| n.to_string();
        let switch = |on: &bool| if *on { "on" } else { "off" }.to_owned();
        self.one(
            "minimum age",
            pair,
            |p| p.minimum_age,
            &found.minimum_age,
            days,
        );
        self.one(
            "maximum age",
            pair,
            |p| p.maximum_age,
            &found.maximum_age,
            days,
        );
        self.one(
            "minimum length",
            pair,
            |p| p.minimum_length,
            &found.minimum_length,
            number,
        );
        self.one("history", pair, |p| p.history, &found.history, number);
        self.one(
            "complexity",
            pair,
            |p| p.complexity,
            &found.complexity,
            switch,
        );
        self.one(
            "reversible encryption",
            pair,
            |p| p.reversible,
            &found.reversible,
            switch,
        );
        let threshold = |p: &PasswordPolicyDraft| p.lockout_threshold;
        self.one(
            "lockout threshold",
            pair,
            threshold,
            &found.lockout_threshold,
            number,
        );
        // Without a threshold the other two are not in force.
        if template.policy.lockout_threshold != Some(0) {
            let duration = |p: &PasswordPolicyDraft| p.lockout_duration;
            self.one(
                "lockout duration",
                pair,
                duration,
                &found.lockout_duration,
                days,
            );
            self.one(
                "lockout window",
                pair,
                |p| p.lockout_window,
                &found.lockout_window,
                days,
            );
        }
    }

    /// One setting; what the template does not define is left alone.
    fn one<T: PartialEq>(
        &mut self,
        setting: &str,
        Pair { template, domain }: Pair<'_>,
        of: impl Fn(&PasswordPolicyDraft) -> Option<T>,
        found: &Known<T>,
        show: impl Fn(&T) -> String,
    ) {
        let Some(wanted) = of(&template.policy) else {
            return;
        };
        let Claim { value, from } = match found.get() {
            Ok(claim) => claim,
            Err(unknown) => return add(&mut self.missing, unknown),
        };
        self.evidence.push(from.clone());
        if *value == wanted {
            return;
        }
        let mut text = format!(
            "{setting}: {} sets {}, {} has {}",
            policy_name(template),
            show(&wanted),
            domain_name(domain),
            show(value)
        );
        let mut winners = attributed(domain).map(|other| &other.value);
        if let Some(winner) = winners.find(|other| of(&other.policy).as_ref() == Some(value)) {
            text.push_str(" as ");
            text.push_str(policy_name(winner));
            text.push_str(" says");
        }
        self.differences.push(text);
    }
}

fn remedy(names: &Names) -> Remedy {
    let domain = quoted(&names.domain);
    Remedy {
        why: "Whoever reads the policy file is mistaken about what the domain enforces.".into(),
        steps: vec![
            "See which policies are linked at the domain's root, in which order, and which is enforced."
                .into(),
            "See whether the PDC emulator gets them: its event log and `gpresult /scope computer /r` \
             there."
                .into(),
            "Put the setting into the policy that wins, and refresh on the PDC emulator.".into(),
        ],
        command: Some(format!(
            "(Get-GPInheritance -Target {}).GpoLinks | Sort-Object Order | Format-Table Order,Enforced,Enabled,DisplayName,GpoId",
            quoted(&names.domain_dn)
        )),
        verify: format!("Get-ADDefaultDomainPasswordPolicy -Identity {domain}"),
        undo: "Nothing is changed by looking; a changed setting goes back in the same policy.".into(),
    }
}
