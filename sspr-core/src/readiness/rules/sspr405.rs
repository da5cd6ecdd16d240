//! GPOs at the root of one domain define the same setting differently.

use super::prelude::*;
use crate::directory::gpo::GpoLink;
use crate::directory::{PasswordPolicyDraft, PolicySetting};
use crate::evidence::{Claim, Provenance};
use crate::readiness::predicates::directory::{add, clauses, domain_name, domains, nobody_synced};
use crate::readiness::predicates::gpo::{
    ACCOUNT_POLICIES, by_precedence, edit, gpo_name, linked, rank, unread,
};
use crate::snapshot::facts::DomainFacts;

pub(super) const RULE: Rule = Rule {
    code: "SSPR405",
    title: "Password policies that contradict each other",
    phase: Phase::DomainPolicy,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &[
        "domain.gpoLinks",
        "gpo.passwordPolicy",
        "gpo.computerSettings",
    ],
    rationale: "GPOs that are linked at the root of a domain add up, setting by setting. Where two \
        define the same one, an enforced link wins over one that is not, and then link order 1 over \
        2. A disabled link, and a GPO whose settings for computers are disabled, do not count. It \
        works; but whoever changes the value in the GPO that loses changes nothing.",
    sources: &[
        "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-gpol/5c7ecdad-469f-4b30-94b3-450b7fff868f",
        "https://learn.microsoft.com/en-us/powershell/module/grouppolicy/set-gplink",
        "https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2003/cc738216(v=ws.10)",
    ],
    judge,
    remedy,
};

/// A GPO whose settings count at a domain's root.
struct Root<'a> {
    link: &'a GpoLink,
    name: String,
    /// The DNS name of the GPO's domain.
    owner: String,
    policy: &'a Claim<PasswordPolicyDraft>,
}

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let mut missing = None;
    let mut contradictions = Vec::new();
    let mut evidence: Vec<&Provenance> = Vec::new();
    let mut loser = None;
    for domain in domains(cx) {
        let links = match domain.gpo_links.get() {
            Ok(links) => links,
            Err(unknown) => {
                add(&mut missing, unknown);
                continue;
            }
        };
        evidence.push(&links.from);
        let mut unknown = None;
        let roots = roots(cx, domain, &links.value, &mut unknown);
        // While one of those that count is not known, it is not known who wins.
        let whole = unknown.is_none();
        if let Some(unknown) = unknown {
            add(&mut missing, unknown);
        }
        for setting in PolicySetting::ALL {
            if let Some(found) = contradiction(domain, &roots, setting, whole) {
                contradictions.push(found.text);
                let Root { link, owner, .. } = found.other;
                loser.get_or_insert_with(|| (link.gpo, owner.clone()));
                evidence.extend(roots.iter().map(|root| &root.policy.from));
            }
        }
    }
    if let Some((id, owner)) = loser {
        let outcome = Outcome::fail(format!(
            "GPOs at the root of the domain contradict each other: {}.",
            clauses(contradictions.iter().map(String::as_str))
        ))
        .with("contradictions", contradictions.len())
        .mend(Remedy {
            command: Some(edit(id, &owner)),
            ..remedy(&Names::of(cx.facts))
        });
        return Ok(outcome.because_all(evidence));
    }
    match missing {
        Some(unknown) => Err(unknown),
        None => Ok(Outcome::pass(
            "No two GPOs at the root of the domain define the same setting differently.",
        )
        .because_all(evidence)),
    }
}

/// The GPOs of the links that count, the winning one first.
fn roots<'a>(
    cx: &Context<'a>,
    domain: &'a DomainFacts,
    links: &'a [GpoLink],
    missing: &mut Option<Unknown>,
) -> Vec<Root<'a>> {
    let mut roots = Vec::new();
    for link in by_precedence(links) {
        let (owner, gpo) = linked(cx, domain, link);
        let Some(gpo) = gpo else {
            add(missing, unread(link.gpo));
            continue;
        };
        match (gpo.computer_settings.get(), gpo.policy.get()) {
            (Ok(on), _) if !on.value => {}
            (Ok(_), Ok(policy)) => roots.push(Root {
                link,
                name: gpo_name(link.gpo, Some(gpo)),
                owner,
                policy,
            }),
            (Err(unknown), _) | (_, Err(unknown)) => add(missing, unknown),
        }
    }
    roots
}

/// How GPOs differ about a setting.
struct Contradiction<'r, 'a> {
    text: String,
    /// A GPO that says something else than the one that wins.
    other: &'r Root<'a>,
}

fn contradiction<'r, 'a>(
    domain: &DomainFacts,
    roots: &'r [Root<'a>],
    setting: PolicySetting,
    whole: bool,
) -> Option<Contradiction<'r, 'a>> {
    let mut defining = roots
        .iter()
        .filter_map(|root| Some((root, setting.of(&root.policy.value)?)));
    let (first, wins) = defining.next()?;
    let (other, loses) = defining.find(|(_, value)| *value != wins)?;
    let subject = format!("{} of {}", setting.name(), domain_name(domain));
    let text = if whole {
        format!(
            "{subject}: {} ({}) wins with {wins} over {} ({}) with {loses}",
            first.name,
            rank(first.link),
            other.name,
            rank(other.link),
        )
    } else {
        format!(
            "{subject}: {} says {wins} and {} says {loses}; which one wins is not known, as the \
             evidence lacks another GPO that is linked there",
            first.name, other.name,
        )
    };
    Some(Contradiction { text, other })
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why:
            "One GPO that says all of the password policy is easier to read and to change than two \
            of which one is silent."
                .into(),
        steps: vec![
            "Decide which GPO carries the password policy.".into(),
            format!(
                "Open the one that loses in its editor and set what it defines below \
                 {ACCOUNT_POLICIES} to Not Defined."
            ),
        ],
        command: Some(format!(
            "(Get-GPInheritance -Target {}).GpoLinks | Sort-Object Order | Format-Table Order,Enforced,Enabled,DisplayName,GpoId",
            quoted(&names.domain_dn)
        )),
        verify: format!(
            "Get-ADDefaultDomainPasswordPolicy -Identity {} is unchanged.",
            quoted(&names.domain)
        ),
        undo: "Set the same values in the same GPO again.".into(),
    }
}
