//! A policy file says one thing, and the domain another.

use std::fmt::Write as _;

use super::prelude::*;
use crate::directory::gpo::{GpoId, LinkPlace};
use crate::directory::{
    PasswordPolicyDraft, PolicySetting, SettingValue, TemplatePolicy, domain_dn,
};
use crate::evidence::{Claim, Provenance};
use crate::readiness::predicates::directory::{
    add, clauses, domain_name, domains, listed, nobody_synced, not_available, remark,
};
use crate::readiness::predicates::gpo::{
    AtRoot, Winner, at_root, below, edit, gpo_name, refresh, winner,
};
use crate::snapshot::facts::{DomainFacts, GpoFacts};

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
        for file in files(domain) {
            comparison.files += 1;
            comparison.compare(cx, &file, domain);
        }
    }
    if comparison.files == 0 {
        return Err(
            if let Some(template) = cx.facts.unnamed_domain.templates.first() {
                not_available("domain.templates", unplaced(&template.value))
            } else if gpupdate.is_some() {
                not_available("domain.templates", GPUPDATE)
            } else {
                Unknown::of("domain.templates")
            },
        );
    }
    let mut outcome = if comparison.differences.is_empty() {
        if let Some(unknown) = comparison.missing {
            return Err(unknown);
        }
        Outcome::pass("The domain has what the policy files say.")
    } else {
        failed(comparison.differences)
    };
    outcome = outcome.because_all(comparison.evidence);
    Ok(match gpupdate {
        Some(text) => remark(outcome, GPUPDATE).because(text),
        None => outcome,
    })
}

fn failed(mut differences: Vec<Difference>) -> Outcome {
    differences.sort_by_key(|difference| difference.weight);
    let texts = differences
        .iter()
        .map(|difference| difference.text.as_str());
    let mut message = format!(
        "The domain does not have what a policy file says: {}.",
        clauses(texts)
    );
    let weights = || differences.iter().map(|difference| difference.weight);
    if weights().all(|weight| weight > Weight::Open) {
        message.push_str(" None of these counts for the domain.");
    } else if weights().any(|weight| weight == Weight::Open) {
        message.push_str(
            " Where no reason is given, it was not applied yet, another policy wins, or it is not \
             linked at the domain's root.",
        );
    }
    let outcome = Outcome::fail(message).with("differences", differences.len());
    match differences
        .into_iter()
        .find_map(|difference| difference.cure)
    {
        Some(cure) => outcome.mend(cure),
        None => outcome,
    }
}

/// Why a template is not held against any domain.
fn unplaced(template: &TemplatePolicy) -> String {
    match &template.domain {
        Some(domain) => {
            format!("the template in evidence is of {domain}, of which nothing else is in evidence")
        }
        None => {
            "nothing says which group policy, or which domain, the template in evidence belongs \
                 to; a manifest can name it, as do the GPT.INI of a folder of SYSVOL and the \
                 bkupInfo.xml of a backup"
                .into()
        }
    }
}

/// A password policy that a file or a report says, and what to call it.
struct PolicyFile<'a> {
    name: String,
    /// The GPO, where it is known.
    gpo: Option<(GpoId, &'a GpoFacts)>,
    policy: &'a PasswordPolicyDraft,
    from: &'a Provenance,
}

/// The policies of a domain of which it is known where they belong.
fn files(domain: &DomainFacts) -> Vec<PolicyFile<'_>> {
    let gpos = domain.gpo.iter().filter_map(|(id, gpo)| {
        let Claim { value, from } = gpo.policy.claims().first()?;
        (*value != PasswordPolicyDraft::default()).then(|| PolicyFile {
            name: gpo_name(*id, Some(gpo)),
            gpo: Some((*id, gpo)),
            policy: value,
            from,
        })
    });
    let templates = domain.templates.iter().map(|template| PolicyFile {
        name: match (&template.value.name, template.value.gpo) {
            (Some(name), _) => name.clone(),
            (None, Some(id)) => gpo_name(id, domain.gpo.get(&id)),
            (None, None) => "a policy".into(),
        },
        gpo: None,
        policy: &template.value.policy,
        from: &template.from,
    });
    gpos.chain(templates).collect()
}

/// How much a difference matters: the domain should have another value; nobody knows; the domain
/// is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Due,
    Open,
    Overruled,
    NoEffect,
}

/// One setting that a policy file says and the domain does not have.
struct Difference {
    weight: Weight,
    text: String,
    cure: Option<Remedy>,
}

/// Policies held against the one in force.
#[derive(Default)]
struct Comparison<'a> {
    files: usize,
    differences: Vec<Difference>,
    evidence: Vec<&'a Provenance>,
    missing: Option<Unknown>,
}

impl<'a> Comparison<'a> {
    /// What the file does not define is left alone, and so are the times of a lockout that never
    /// comes.
    fn compare(&mut self, cx: &Context<'a>, file: &PolicyFile<'a>, domain: &'a DomainFacts) {
        let lockout = file.policy.lockout_threshold != Some(0);
        let mut compared = false;
        for setting in PolicySetting::ALL {
            let times = matches!(
                setting,
                PolicySetting::LockoutDuration | PolicySetting::LockoutWindow
            );
            let Some(wanted) = setting.of(file.policy).filter(|_| lockout || !times) else {
                continue;
            };
            let (found, from) = match domain.policy.setting(setting) {
                Ok(found) => found,
                Err(unknown) => {
                    add(&mut self.missing, unknown);
                    continue;
                }
            };
            compared = true;
            self.evidence.push(from);
            if found != wanted {
                self.differ(cx, file, domain, setting, wanted, found);
            }
        }
        if compared {
            self.evidence.push(file.from);
        }
    }

    fn differ(
        &mut self,
        cx: &Context<'a>,
        file: &PolicyFile<'a>,
        domain: &'a DomainFacts,
        setting: PolicySetting,
        wanted: SettingValue,
        found: SettingValue,
    ) {
        let mut text = format!(
            "{}: {} sets {wanted}, {} has {found}",
            setting.name(),
            file.name,
            domain_name(domain)
        );
        let reason = file
            .gpo
            .and_then(|(id, gpo)| self.reason(cx, domain, id, gpo, setting, found));
        let (weight, cure) = if let Some(Reason {
            weight,
            text: why,
            cure,
        }) = reason
        {
            // Writing to a string cannot fail.
            let _ = write!(text, " ({why})");
            (weight, cure)
        } else {
            let others = files(domain);
            let mut others = others.iter();
            if let Some(other) = others.find(|other| setting.of(other.policy) == Some(found)) {
                text.push_str(" as ");
                text.push_str(&other.name);
                text.push_str(" says");
            }
            (Weight::Open, None)
        };
        self.differences.push(Difference { weight, text, cure });
    }

    /// Why the domain differs from a GPO, as far as it is known.
    fn reason(
        &mut self,
        cx: &Context<'a>,
        domain: &'a DomainFacts,
        id: GpoId,
        gpo: &'a GpoFacts,
        setting: PolicySetting,
        found: SettingValue,
    ) -> Option<Reason> {
        let none = |text: &str| {
            Some(Reason {
                weight: Weight::NoEffect,
                text: text.to_owned(),
                cure: None,
            })
        };
        match at_root(domain, id, gpo) {
            AtRoot::NotLinked => {
                let places = below(gpo);
                let places = listed(places.iter().map(|(place, _)| place.name.as_str()));
                return match places.as_str() {
                    "" => none("it is not linked at the domain"),
                    places => none(&format!("it is linked at {places} and not at the domain")),
                };
            }
            AtRoot::Disabled => return none("its link at the domain is disabled"),
            AtRoot::Linked | AtRoot::Unknown => {}
        }
        if gpo.computer_settings.value() == Some(&false) {
            return none("its settings for computers are disabled");
        }
        let winner = winner(cx, domain, setting).ok().flatten()?;
        self.evidence.extend(&winner.from);
        let mut reason = because_of(&winner, winner.id == id, domain_name(domain), found);
        if let Some(claim) = blocked(domain).filter(|_| reason.weight == Weight::Due) {
            let _ = write!(
                reason.text,
                "; {} blocks inheritance, of which it is not documented whether it matters here",
                claim.value
            );
            self.evidence.push(&claim.from);
        }
        Some(reason)
    }
}

/// The container of a domain's controllers, if it blocks the inheritance of GPOs.
fn blocked(domain: &DomainFacts) -> Option<&Claim<LinkPlace>> {
    let name = format!("{}/Domain Controllers", domain_name(domain));
    let mut blocking = domain.blocking.iter();
    blocking.find(|claim| claim.value.name.eq_ignore_ascii_case(&name))
}

/// Why the domain differs from a GPO.
struct Reason {
    weight: Weight,
    text: String,
    cure: Option<Remedy>,
}

/// The reason that lies in the GPO that wins, which is this one or another.
fn because_of(winner: &Winner<'_>, own: bool, domain: &str, found: SettingValue) -> Reason {
    let Winner {
        id,
        name,
        value,
        why,
        ..
    } = winner;
    let plain = remedy(&Names {
        domain: domain.to_owned(),
        domain_dn: domain_dn(domain),
        ..Names::default()
    });
    let applied = *value == found;
    let text = match (own, applied) {
        (true, false) => format!(
            "it is the one that wins, {why}, and is not applied yet: the PDC emulator has not \
             refreshed, a filter keeps it from there, or the domain was changed directly"
        ),
        // A controller took another value from it than the file has.
        (true, true) => format!(
            "it is the one that wins, {why}, with {value}: the file is of another time than that"
        ),
        (false, true) => format!("another policy wins: {name}, {why}, sets {value}"),
        (false, false) => format!(
            "another policy wins: {name}, {why}, sets {value}, and the domain does not have that \
             either"
        ),
    };
    let (weight, step, command) = if applied && !own {
        let step =
            format!("Change the setting in {name}, the one that wins. The command opens it.");
        (Weight::Overruled, step, edit(*id, &winner.domain))
    } else {
        let step =
            format!("Refresh the PDC emulator, which writes what {name} says into the domain.");
        (Weight::Due, step, refresh(domain))
    };
    Reason {
        weight,
        text,
        cure: Some(Remedy {
            steps: [step].into_iter().chain(plain.steps).collect(),
            command: Some(command),
            ..plain
        }),
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
