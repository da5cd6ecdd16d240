//! Where cloud and domain disagree about a password.

use super::prelude::*;
use crate::evidence::Provenance;
use crate::readiness::predicates::events::{counted, excludes, nothing_to_write_back, shown};
use crate::readiness::predicates::trips::{SKEW, servers_cover};
use crate::roundtrip::Kind;
use crate::snapshot::facts::PersonAt;

pub(super) const RULE: Rule = Rule {
    code: "SSPR609",
    title: "Agreement of cloud and domain",
    phase: Phase::EventLog,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["audit.records", "events.application", "people.users"],
    rationale: "Writeback is synchronous: the cloud calls a reset done only after the domain took it. A \
        success in the cloud without a write leaves a synchronised person with two passwords, and so \
        does a write that the cloud calls failed (OnPremisesSuccessCloudFailure). It is judged inside \
        the time that the logs of all active servers cover.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-sspr-reporting",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nothing_to_write_back(cx) {
        return Ok(outcome);
    }
    let audit = &cx.facts.audit;
    let reach = audit.first.zip(audit.last);
    let Some((begins, ends)) = reach else {
        return Err(Unknown::of("audit.records"));
    };
    let (from, to) = servers_cover(cx)?;
    let inside = |one: &PersonAt| from + SKEW <= one.at && one.at + SKEW <= to;
    let mut unknown_people = false;
    let mut missing_write: Vec<&PersonAt> = Vec::new();
    for (kind, one) in &cx.facts.events.trips.cloud_only {
        let user = one.user.as_deref().unwrap_or_default();
        // What an administrator did where nothing is written back is SSPR904's.
        let by_admin = audit.admin_resets.get(&user.to_lowercase());
        let by_admin = by_admin.is_some_and(|resets| resets.not_written_back > 0);
        if !inside(one) || excludes(cx, user) || (*kind == Kind::AdminReset && by_admin) {
            continue;
        }
        let person = cx.facts.people.people.by_upn(user);
        match person.and_then(|person| person.flags().synced()) {
            Some(true) => missing_write.push(one),
            Some(false) => {}
            None => unknown_people = true,
        }
    }
    let of_cloud: Vec<&PersonAt> = cx
        .facts
        .events
        .trips
        .cloud_failed
        .iter()
        .filter(|one| inside(one) && !excludes(cx, one.user.as_deref().unwrap_or_default()))
        .collect();
    if missing_write.is_empty() && of_cloud.is_empty() {
        if unknown_people {
            return Err(Unknown::of("people.users"));
        }
        // Beyond the audit log's own reach its silence tells nothing.
        let (from, to) = (from.max(begins), to.min(ends));
        if from > to {
            return Err(Unknown::of("audit.records"));
        }
        return Ok(Outcome::pass(format!(
            "From {} to {} cloud and domain agree on every password of a synchronised person.",
            shown(from),
            shown(to)
        ))
        .with("from", from)
        .with("to", to)
        .because_all(proofs(cx)));
    }
    let mut sentences = Vec::new();
    if let Some(last) = missing_write.last() {
        sentences.push(format!(
            "{} in the cloud left no trace on any active server, the last for {} at {}.",
            counted(
                missing_write.len() as u64,
                "success for a synchronised person",
                "successes for synchronised people"
            ),
            last.user.as_deref().unwrap_or("somebody"),
            shown(last.at)
        ));
    }
    if let Some(last) = of_cloud.last() {
        sentences.push(format!(
            "{} that the domain took {} called failed by the cloud, the last for {} at {}.",
            counted(of_cloud.len() as u64, "password", "passwords"),
            if of_cloud.len() == 1 { "was" } else { "were" },
            last.user.as_deref().unwrap_or("somebody"),
            shown(last.at)
        ));
    }
    let both = || missing_write.iter().chain(&of_cloud);
    let mut users: Vec<String> = both()
        .filter_map(|one| one.user.as_deref().map(str::to_lowercase))
        .collect();
    users.sort();
    users.dedup();
    Ok(Outcome::fail(sentences.join(" "))
        .with("cloudWithoutWrite", missing_write.len())
        .with("writeWithoutCloud", of_cloud.len())
        .because_all(both().map(|one| &one.from).take(10))
        .about(Subjects::names(users)))
}

fn proofs<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a Provenance> + use<'a> {
    cx.facts.events.successes.iter().map(|proof| &proof.from)
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "One more reset gives the person one password again; the reason has to be found first.".into(),
        steps: vec![
            "A success that no server knows: look for another server, or an agent of cloud sync, that writes; \
             its log is not in evidence."
                .into(),
            "If there is none, see whether the record's OnPremisesAgent is None: then writeback was off for \
             this person at that time."
                .into(),
            "A write that the cloud calls failed: the person waits for the next password hash \
             synchronisation, or resets once more."
                .into(),
        ],
        command: Some(format!(
            "Get-WinEvent -ComputerName {} -FilterHashtable @{{LogName='Application'; ProviderName='PasswordResetService'; StartTime='<time - 10 minutes>'; EndTime='<time + 10 minutes>'}} | Format-List TimeCreated, Id, Message",
            quoted(&names.server)
        )),
        verify: "The person signs in to the cloud and to the domain with the same password.".into(),
        undo: "A password that was reset cannot be brought back.".into(),
    }
}
