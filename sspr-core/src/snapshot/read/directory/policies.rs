//! Password policies: of a domain, of a machine, of a template.

use std::io::BufRead;

use super::super::Intake;
use super::whole;
use crate::carrier::inf::Inf;
use crate::carrier::json::{Object, Page};
use crate::directory::gpo::{GpoId, TemplatePath};
use crate::directory::{
    ComputerRole, DomainRoot, MachinePolicy, PolicyReadings, SecuritySettings, TemplatePolicy,
    TemplateSettings, parse_net_accounts, parse_template,
};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Claim, Locator, SubjectType};
use crate::snapshot::Origin;
use crate::snapshot::facts::DomainPolicyFacts;

pub(super) fn json(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    domain_root(into, DomainRoot::from_json(object));
}

/// A domain and its policy. Without its name it is the manifest's domain, or an unnamed one.
pub(super) fn domain_root(into: &mut Intake<'_>, root: DomainRoot) {
    let origin = into.origin;
    let name = root.name.value().map(String::as_str);
    let domain = match name.or_else(|| subject_domain(origin)) {
        Some(name) => into.facts.domain(name),
        None => &mut into.facts.unnamed_domain,
    };
    origin.claim(&mut domain.dn, root.dn);
    origin.claim(&mut domain.name, root.name);
    claim_policy(origin, &mut domain.policy, root.policy);
}

/// A security template belongs to a GPO, a machine or a domain. The manifest tells which; without
/// one, the place of a template in a copy of SYSVOL or in a backup of GPOs does, together with the
/// files beside it.
pub(super) fn template(into: &mut Intake<'_>, input: &mut dyn BufRead) -> Result<()> {
    let inf = Inf::parse(&whole(input)?);
    let origin = into.origin;
    let lost = inf.lost;
    origin.lost(lost, inf.first_lost.as_ref());
    let policy = parse_template(&inf);
    settings(into, SecuritySettings::of(&inf));
    into.collection.items += 1;
    let place = policy.place().cloned().unwrap_or(Locator::Whole);
    let unnamed = &mut into.facts.unnamed_domain;
    let subject = origin.subject.as_ref();
    match subject.map(|subject| (subject.kind, subject)) {
        Some((SubjectType::Host, subject)) => {
            if let Some(host) = subject.name.as_ref().or(subject.id.as_ref()) {
                unnamed.machine_policies.push(MachinePolicy {
                    host: host.clone(),
                    policy,
                    from: origin.at(place),
                });
            }
        }
        Some((SubjectType::Domain, _)) => {
            if let Some(name) = subject_domain(origin) {
                claim_policy(origin, &mut into.facts.domain(name).policy, policy);
            }
        }
        subject => {
            for fault in policy.faults() {
                origin.fault(fault.clone());
            }
            let gpo = subject.filter(|(kind, _)| *kind == SubjectType::Gpo);
            let template = Claim {
                value: TemplatePolicy {
                    gpo: gpo.and_then(|(_, gpo)| subject_gpo(origin, gpo.id.as_deref()?)),
                    name: gpo.and_then(|(_, gpo)| gpo.name.clone()),
                    domain: None,
                    policy: policy.draft(),
                    whole: lost == 0 && policy.faults().next().is_none(),
                },
                from: origin.at(place),
            };
            if let Some(path) = TemplatePath::of(&origin.name).filter(|_| gpo.is_none()) {
                origin.remark(match &path {
                    TemplatePath::Sysvol { id, .. } => format!(
                        "Its folder is that of the GPO {id} in SYSVOL, which counts where the \
                         folder's GPT.INI is in evidence too."
                    ),
                    TemplatePath::Backup { .. } => "It lies in a backup, whose bkupInfo.xml or \
                         Backup.xml says which GPO it is of."
                        .to_owned(),
                });
                into.facts.gpo_rows.templates.push((path, template));
            } else {
                if gpo.is_none() {
                    origin.remark(
                        "Nothing says which group policy or machine this template belongs to; a manifest can.",
                    );
                }
                unnamed.templates.push(template);
            }
        }
    }
    Ok(())
}

/// The security settings of a template: those of a machine are in force there, those of a policy
/// are what somebody wants.
fn settings(into: &mut Intake<'_>, settings: SecuritySettings) {
    let origin = into.origin;
    if let Some(host) = origin.subject_host() {
        let machine = into.facts.machine(host);
        origin.claim(&mut machine.impersonation, settings.impersonation);
        origin.claim(&mut machine.remote_sam, settings.remote_sam);
    } else if !settings.is_empty() {
        let gpo = origin.subject.as_ref();
        let gpo = gpo.filter(|subject| subject.kind == SubjectType::Gpo);
        let value = TemplateSettings {
            gpo: gpo
                .and_then(|gpo| gpo.id.as_deref()?.parse::<GpoId>().ok())
                .map(|id| id.to_string()),
            name: gpo.and_then(|gpo| gpo.name.clone()),
            settings,
        };
        let from = origin.at(Locator::Whole);
        let templates = &mut into.facts.unnamed_domain.template_settings;
        templates.push(Claim { value, from });
    }
}

/// `net accounts` tells of the domain when a domain controller answered. On any other machine it
/// tells of the machine alone.
pub(super) fn net_accounts(into: &mut Intake<'_>, input: &mut dyn BufRead) -> Result<()> {
    let accounts = parse_net_accounts(&whole(input)?)?;
    let origin = into.origin;
    into.collection.items += 1;
    let asked_domain = origin
        .command
        .as_deref()
        .is_some_and(|command| command.to_ascii_lowercase().contains("/domain"));
    let of_domain = asked_domain
        || accounts.role.is_some_and(ComputerRole::is_controller)
        || subject_domain(origin).is_some();
    if of_domain {
        let domain = match subject_domain(origin) {
            Some(name) => into.facts.domain(name),
            None => &mut into.facts.unnamed_domain,
        };
        claim_policy(origin, &mut domain.policy, accounts.policy);
    } else if accounts.role.is_some() {
        origin.remark(
            "This is the machine's own policy and no evidence of the domain; run `net accounts /domain`.",
        );
    } else if let Some(host) = origin.subject_host() {
        let place = accounts.policy.place().cloned().unwrap_or_default();
        into.facts
            .unnamed_domain
            .machine_policies
            .push(MachinePolicy {
                host: host.to_owned(),
                policy: accounts.policy,
                from: origin.at(place),
            });
    } else {
        origin.remark(
            "The computer's role is printed in a word that is not known here, so that it may be the \
             machine's own policy and counts for no domain; a manifest can name the domain.",
        );
    }
    Ok(())
}

pub(super) fn gpupdate(into: &mut Intake<'_>, input: &mut dyn BufRead) -> Result<()> {
    let text = whole(input)?;
    into.collection.items += 1;
    into.origin.remark(
        "A machine refreshed its own group policy; that proves nothing about the domain's password policy.",
    );
    into.facts.unnamed_domain.gpupdate.push(Claim {
        value: text.trim().to_owned(),
        from: into.origin.at(Locator::Whole),
    });
    Ok(())
}

/// Claims the settings of a policy in force, and counts what such a policy cannot be.
pub(super) fn claim_policy(origin: &Origin, facts: &mut DomainPolicyFacts, policy: PolicyReadings) {
    let place = policy.place().cloned().unwrap_or_default();
    for fault in policy.draft().faults() {
        origin.fault(Error::new(
            ErrorCode::Range,
            place.clone(),
            format!(
                "no domain can have this policy: {}: {}",
                fault.field, fault.message
            ),
        ));
    }
    origin.claim(&mut facts.minimum_age, policy.minimum_age);
    origin.claim(&mut facts.maximum_age, policy.maximum_age);
    origin.claim(&mut facts.minimum_length, policy.minimum_length);
    origin.claim(&mut facts.history, policy.history);
    origin.claim(&mut facts.complexity, policy.complexity);
    origin.claim(&mut facts.reversible, policy.reversible);
    origin.claim(&mut facts.lockout_threshold, policy.lockout_threshold);
    origin.claim(&mut facts.lockout_duration, policy.lockout_duration);
    origin.claim(&mut facts.lockout_window, policy.lockout_window);
}

/// The domain that the manifest names as the subject.
fn subject_domain(origin: &Origin) -> Option<&str> {
    let subject = origin.subject.as_ref()?;
    let name = subject.name.as_deref().or(subject.id.as_deref())?;
    (subject.kind == SubjectType::Domain).then_some(name)
}

/// The GPO that the manifest names as the subject.
fn subject_gpo(origin: &Origin, id: &str) -> Option<GpoId> {
    match id.parse() {
        Ok(id) => Some(id),
        Err(message) => {
            origin.fault(Error::value(
                Locator::Whole,
                format!("the manifest: {message}"),
            ));
            None
        }
    }
}
