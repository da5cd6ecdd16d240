//! A password policy in a GPO that cannot reach the accounts of the domain.

use super::prelude::*;
use crate::directory::gpo::GpoId;
use crate::directory::{PasswordPolicyDraft, PolicySetting};
use crate::evidence::Provenance;
use crate::readiness::predicates::directory::{
    add, clauses, domain_name, domains, listed, nobody_synced,
};
use crate::readiness::predicates::gpo::{
    ACCOUNT_POLICIES, AtRoot, at_root, below, edit, gpo_name, unread,
};
use crate::snapshot::facts::{DomainFacts, GpoFacts};

pub(super) const RULE: Rule = Rule {
    code: "SSPR404",
    title: "Password policies that reach no domain account",
    phase: Phase::DomainPolicy,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "domain.gpos",
        "gpo.passwordPolicy",
        "gpo.links",
        "gpo.computerSettings",
    ],
    rationale: "The password policy of domain accounts comes only from GPOs that are linked at the \
        root of the domain. Linked at an organizational unit, and be it that of the domain \
        controllers, a password policy governs the local accounts of the computers there. Whoever \
        linked it for people believes in a policy that nobody has.",
    sources: &[
        "https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2003/cc738216(v=ws.10)",
        "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-gpol/5c7ecdad-469f-4b30-94b3-450b7fff868f",
    ],
    judge,
    remedy,
};

/// A GPO with a password policy, and where it takes effect.
struct Stray<'a> {
    id: GpoId,
    name: String,
    domain: &'a DomainFacts,
    policy: &'a PasswordPolicyDraft,
    places: Vec<&'a str>,
    disabled_at_root: bool,
    from: Vec<&'a Provenance>,
}

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let mut strays = Vec::new();
    let mut settled = Vec::new();
    let mut missing = None;
    for domain in domains(cx) {
        for (id, gpo) in &domain.gpo {
            match stray(domain, *id, gpo) {
                Ok(found) => strays.extend(found),
                Err(unknown) => add(&mut missing, unknown),
            }
        }
        if !domain.templates.is_empty() {
            add(&mut missing, Unknown::of("gpo.passwordPolicy"));
        }
        match domain.gpos.get() {
            Ok(all) => {
                settled.push(&all.from);
                for id in all.value.iter().filter(|id| !domain.gpo.contains_key(id)) {
                    add(&mut missing, unread(*id));
                }
            }
            Err(unknown) => add(&mut missing, unknown),
        }
    }
    if let Some(first) = strays.first() {
        let described: Vec<_> = strays.iter().map(Stray::describe).collect();
        let outcome = Outcome::fail(format!(
            "{}. A policy there governs local accounts of the computers in it, and no account of the \
             domain.",
            clauses(described.iter().map(String::as_str))
        ))
        .with("gpos", strays.iter().map(|stray| stray.id).collect::<Vec<_>>())
        .mend(mend(first));
        return Ok(outcome.because_all(strays.iter().flat_map(|stray| stray.from.iter().copied())));
    }
    match missing {
        Some(unknown) => Err(unknown),
        None => Ok(Outcome::pass(
            "No GPO with a password policy takes effect below the root of its domain only.",
        )
        .because_all(settled)),
    }
}

/// Whether a GPO has a password policy that takes effect below the root of its domain only.
///
/// A GPO of which nothing but a link is known leaves it open, whatever the list of all says: who may
/// not read a GPO gets a list without it.
fn stray<'a>(
    domain: &'a DomainFacts,
    id: GpoId,
    gpo: &'a GpoFacts,
) -> Result<Option<Stray<'a>>, Unknown> {
    let policy = gpo.policy.get()?;
    if policy.value == PasswordPolicyDraft::default() {
        return Ok(None);
    }
    let root = at_root(domain, id, gpo);
    if root == AtRoot::Linked || !gpo.computer_settings.get()?.value {
        return Ok(None);
    }
    if root == AtRoot::Unknown {
        return Err(domain.gpo_links.unknown());
    }
    let places = below(gpo);
    if places.is_empty() {
        return gpo.links.get().map(|_| None);
    }
    let links = domain.gpo_links.claims().first().map(|claim| &claim.from);
    let found = places.iter().map(|(_, from)| *from);
    Ok(Some(Stray {
        id,
        name: gpo_name(id, Some(gpo)),
        domain,
        policy: &policy.value,
        places: places
            .iter()
            .map(|(place, _)| place.name.as_str())
            .collect(),
        disabled_at_root: root == AtRoot::Disabled,
        from: [&policy.from]
            .into_iter()
            .chain(found)
            .chain(links)
            .collect(),
    }))
}

impl Stray<'_> {
    fn describe(&self) -> String {
        let root = if self.disabled_at_root {
            format!(
                "only, for its link at {} is disabled",
                domain_name(self.domain)
            )
        } else {
            format!("and not at {}", domain_name(self.domain))
        };
        let settings = PolicySetting::ALL.into_iter().filter_map(|setting| {
            let value = setting.of(self.policy)?;
            Some(format!("{} {value}", setting.name()))
        });
        format!(
            "{} ({}) is linked at {} {root}",
            self.name,
            settings.take(3).collect::<Vec<_>>().join(", "),
            listed(self.places.iter().copied())
        )
    }
}

/// The remedy for one GPO.
fn mend(stray: &Stray<'_>) -> Remedy {
    let domain = domain_name(stray.domain);
    Remedy {
        command: Some(edit(stray.id, domain)),
        verify: format!(
            "Get-GPOReport -Guid {} -Domain {} -ReportType Xml | Select-String -Pattern \
             MinimumPasswordLength",
            quoted(&stray.id.to_string()),
            quoted(domain)
        ),
        ..remedy(&Names::default())
    }
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "People keep the domain's policy whatever this GPO says; whoever reads it expects \
            something else of a reset."
            .into(),
        steps: vec![
            "If it is meant for people: make a fine-grained password policy for their group, or put \
             the settings into a GPO that is linked at the root of the domain."
                .into(),
            format!(
                "Then open the GPO in its editor and set everything below {ACCOUNT_POLICIES} to Not \
                 Defined."
            ),
            "If it is meant for local accounts of the computers there: keep it, and say so in its \
             name."
                .into(),
        ],
        command: Some(format!(
            "Get-GPOReport -All -Domain {} -ReportType Html -Path gpo-report.html",
            quoted(&names.domain)
        )),
        verify: format!(
            "Get-GPInheritance -Target {} shows which GPOs are linked at the root.",
            quoted(&names.domain_dn)
        ),
        undo: "Set the same values in the same GPO again.".into(),
    }
}
