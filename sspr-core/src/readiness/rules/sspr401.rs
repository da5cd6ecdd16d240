//! The domain's minimum password age refuses a second operation inside its window.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use super::prelude::*;
use crate::directory::{PolicySetting, SettingValue, dns_domain};
use crate::evidence::Claim;
use crate::readiness::predicates::directory::{
    add, counted, domain_name, domains, listed, nobody_synced,
};
use crate::readiness::predicates::gpo::{ACCOUNT_POLICIES, Winner, edit, refresh, winner};
use crate::snapshot::facts::{DomainFacts, PersonAt, PolicyChoice};
use crate::tenant::PersonRef;
use crate::time::Interval;

pub(super) const RULE: Rule = Rule {
    code: "SSPR401",
    title: "Minimum password age",
    phase: Phase::DomainPolicy,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["domain.minimumPasswordAge"],
    rationale: "Writeback obeys the domain's password policy. With a minimum password age, whoever \
        changed or reset the password inside that time is refused in the cloud at once (33008, \
        0x80230619). The age does not break writeback: it blocks the second operation.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
        "https://learn.microsoft.com/en-us/windows/security/threat-protection/security-policy-settings/minimum-password-age",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let mut missing = None;
    let mut free = Vec::new();
    let mut limited = Vec::new();
    for domain in domains(cx) {
        match domain.policy.minimum_age.get() {
            Ok(age) if age.value.is_zero() => free.push(age),
            Ok(age) => limited.push((domain, age)),
            Err(unknown) => add(&mut missing, unknown),
        }
    }
    let Some(longest) = limited.iter().map(|(_, age)| age.value).max() else {
        if let Some(unknown) = missing {
            return Err(unknown);
        }
        let pass = Outcome::pass("The domain has no minimum password age.");
        return Ok(free.into_iter().fold(pass, Outcome::because));
    };
    let ages: Vec<_> = limited
        .iter()
        .map(|(domain, age)| match age.value {
            Interval::Never => format!("by {} for ever", domain_name(domain)),
            span @ Interval::Ticks(_) => format!("by {} for {span}", domain_name(domain)),
        })
        .collect();
    let mut message = format!(
        "After a password was set, the next change or reset from the cloud is refused (33008, \
         0x80230619) {}. An unlock without a new password is not affected, and a fine-grained \
         policy may say otherwise for some people.",
        listed(ages.iter().map(String::as_str))
    );
    let dated = cx
        .facts
        .people
        .people
        .iter()
        .any(|person| person.password_set().is_some());
    let subjects = dated.then(|| {
        let inside = cx.facts.people.people.iter().filter(|person| {
            let flags = person.flags();
            flags.enabled() != Some(false)
                && flags.synced() != Some(false)
                && flags.must_change() != Some(true)
                && is_inside(cx, &limited, person)
        });
        Subjects::people(cx, inside)
    });
    match &subjects {
        Some(subjects) => {
            let _ = write!(
                message,
                " {} inside that time as of {}.",
                match subjects.count {
                    0 => "Nobody of whom the date is known is".to_owned(),
                    1 => "1 person is".to_owned(),
                    count => format!("{count} people are"),
                },
                cx.as_of.format("%Y-%m-%d %H:%M UTC")
            );
        }
        None => message.push_str(
            " The evidence has no dates of passwords (`Get-ADUser`), so that it is not known who is \
             inside that time.",
        ),
    }
    let refusals = &cx.facts.events.policy_refusals;
    let inside = refusals
        .iter()
        .filter(|refusal| was_inside(cx, &limited, refusal))
        .count();
    if !refusals.is_empty() {
        let _ = write!(
            message,
            " The log has {} by the domain's policy (33008), {inside} of them known to have fallen \
             inside it.",
            counted(refusals.len() as u64, "refusal", "refusals")
        );
    }
    let sources = sources(cx, &limited);
    for source in &sources {
        message.push_str(&source.sentence());
    }
    let mut outcome = Outcome::fail(message).with("minimumAgeSeconds", longest);
    if let Some(source) = sources.first() {
        outcome = outcome.mend(source.remedy());
        let from = sources.iter().flat_map(|source| &source.winner.from);
        outcome = outcome.because_all(from.copied());
    }
    if !refusals.is_empty() {
        outcome = outcome
            .with("refusals", refusals.len())
            .with("refusalsInside", inside);
    }
    for (_, age) in limited {
        outcome = outcome.because(age);
    }
    Ok(match subjects {
        Some(subjects) => outcome.with("insideWindow", subjects.count).about(subjects),
        None => outcome,
    })
}

/// The GPO that a domain's minimum age comes from, or should come from.
struct Source<'a> {
    domain: &'a DomainFacts,
    in_force: Interval,
    winner: Winner<'a>,
}

/// The GPO of each domain, where it is known.
fn sources<'a>(cx: &Context<'a>, limited: &[Aged<'a>]) -> Vec<Source<'a>> {
    let known = limited.iter().filter_map(|(domain, age)| {
        let winner = winner(cx, domain, PolicySetting::MinimumAge).ok()??;
        Some(Source {
            domain,
            in_force: age.value,
            winner,
        })
    });
    known.collect()
}

impl Source<'_> {
    fn sentence(&self) -> String {
        let Winner {
            name, value, why, ..
        } = &self.winner;
        let domain = domain_name(self.domain);
        if *value == SettingValue::Span(self.in_force) {
            format!(" In {domain} it comes from the GPO {name} ({why}).")
        } else {
            format!(
                " The GPO {name} ({why}) should give {domain} {value}, which is not in force (SSPR403)."
            )
        }
    }

    /// The remedy in that GPO: what is set in the domain itself lasts until the GPO is applied
    /// again.
    fn remedy(&self) -> Remedy {
        let domain = domain_name(self.domain);
        let Winner { id, name, .. } = &self.winner;
        let plain = remedy(&Names {
            domain: domain.to_owned(),
            ..Names::default()
        });
        let [keep, relax, ..] = plain.steps.as_slice() else {
            return plain;
        };
        Remedy {
            steps: vec![
                keep.clone(),
                relax.clone(),
                format!(
                    "set it to 0 in the GPO {name}, which is the one that wins: {ACCOUNT_POLICIES} > \
                     Password Policy > Minimum password age. The command opens it."
                ),
                format!("Then refresh on the PDC emulator: {}", refresh(domain)),
            ],
            command: Some(edit(*id, &self.winner.domain)),
            undo: format!(
                "Set {} again in the GPO {name}, and refresh on the PDC emulator.",
                self.in_force
            ),
            ..plain
        }
    }
}

/// A domain with a minimum age.
type Aged<'a> = (&'a DomainFacts, &'a Claim<Interval>);

/// Whether a person's password is younger than the age that the person's domain asks for.
fn is_inside(cx: &Context<'_>, limited: &[Aged<'_>], person: &PersonRef<'_>) -> bool {
    window(cx, limited, person).is_some_and(|(start, end)| start <= cx.as_of && cx.as_of < end)
}

/// Whether a refusal fell inside the window that the password's date opens. An earlier window is
/// not in evidence any more.
fn was_inside(cx: &Context<'_>, limited: &[Aged<'_>], refusal: &PersonAt) -> bool {
    let user = refusal.user.as_deref();
    user.and_then(|user| cx.facts.people.people.by_upn(user))
        .and_then(|person| window(cx, limited, &person))
        .is_some_and(|(start, end)| start <= refusal.at && refusal.at < end)
}

/// The time in which a person's next password is refused, by the policy that holds for the person
/// where it is known, and by the domain's else.
fn window(
    cx: &Context<'_>,
    limited: &[Aged<'_>],
    person: &PersonRef<'_>,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let set = person.password_set()?;
    let domain = person.container().and_then(dns_domain);
    let own = match cx.facts.policy_in_force(person).choice {
        PolicyChoice::FineGrained { policy, .. } => Some(policy.policy.minimum_age?),
        // It replaces the domain's, and nobody showed what it asks for.
        PolicyChoice::Unseen(_) => return None,
        PolicyChoice::Domain(_) | PolicyChoice::Open { .. } => None,
    };
    if let Some(own) = own {
        let end = end_of(set, own)?;
        return (!own.is_zero()).then_some((set, end));
    }
    let age = match (&domain, limited) {
        // The only domain is everybody's, and so is the one whose policy names no domain.
        (None, [(_, age)]) if cx.facts.domains.len() <= 1 => age,
        (Some(_), [(domain, age)]) if domain.name.subject().is_none() => age,
        (None, _) => return None,
        (Some(name), _) => limited
            .iter()
            .find(|(domain, _)| domain_name(domain).eq_ignore_ascii_case(name))
            .map(|(_, age)| age)?,
    };
    Some((set, end_of(set, age.value)?))
}

/// When a minimum age that starts at a time is over.
fn end_of(set: DateTime<Utc>, age: Interval) -> Option<DateTime<Utc>> {
    match age.duration() {
        Some(span) => set.checked_add_signed(span),
        None => Some(DateTime::<Utc>::MAX_UTC),
    }
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Keep it, relax it for those who need it, or set it to 0: each has its price. \
            Zero lets people cycle through the history to an old password; CIS and STIG ask for \
            at least one day."
            .into(),
        steps: vec![
            "Keep one day and tell the helpdesk what the refusal means; or".into(),
            "give the people concerned a fine-grained policy without a minimum age; or".into(),
            "set it to 0 in the GPO that is linked at the domain and wins. The command changes the \
            domain itself, until that GPO is applied again."
                .into(),
        ],
        command: Some(format!(
            "Set-ADDefaultDomainPasswordPolicy -Identity {} -MinPasswordAge 0.00:00:00",
            quoted(&names.domain)
        )),
        verify: format!(
            "Get-ADDefaultDomainPasswordPolicy -Identity {} | Select-Object MinPasswordAge",
            quoted(&names.domain)
        ),
        undo: format!(
            "Set-ADDefaultDomainPasswordPolicy -Identity {} -MinPasswordAge 1.00:00:00",
            quoted(&names.domain)
        ),
    }
}
