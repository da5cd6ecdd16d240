//! The last registration of the tenant with the writeback web service.

use super::prelude::*;
use crate::readiness::predicates::events::{
    inferred, nothing_to_write_back, proof_after, services, shown,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR602",
    title: "Last onboarding of writeback",
    phase: Phase::EventLog,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["events.onboarding"],
    rationale: "Switching writeback on registers the tenant with the writeback web service (31005), \
        switching it off ends that (31013). When the last such event is an offboarding or a failure, \
        the cloud does not reach this server. No such event proves nothing: the log may be younger.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nothing_to_write_back(cx) {
        return Ok(outcome);
    }
    let last = services(cx)
        .filter_map(|(_, service)| Some((service, service.registration.as_ref()?)))
        .max_by_key(|(service, mark)| (mark.at, &service.host));
    let Some((service, last)) = last else {
        return Err(Unknown::of("events.onboarding"));
    };
    let (host, at) = (&service.host, shown(last.at));
    if last.event == 31005 {
        return Ok(Outcome::pass(format!(
            "{host} was registered with the writeback service at {at}."
        ))
        .with("host", host)
        .with("at", last.at)
        .because_of(&last.from));
    }
    if let Some(proof) = proof_after(cx, last.at) {
        return Ok(Outcome::pass(format!(
            "The last registration event of {host} is {} at {at}, and a password was written later, at {}.",
            last.event,
            shown(proof.at)
        ))
        .because_of(&inferred(proof)));
    }
    let what = match last.event {
        31013 => "switched writeback off",
        31014 => "failed to switch writeback off",
        32013 => "could not reach the web service while switching writeback off",
        32009 => "got no token for the account that sets up writeback",
        _ => "could not reach the web service while switching writeback on",
    };
    Ok(Outcome::fail(format!(
        "{host} {what} at {at} (event {}), and nothing follows.",
        last.event
    ))
    .with("host", host)
    .with("event", last.event)
    .with("at", last.at)
    .because_of(&last.from))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Registration needs a managed account: one that is federated gets no token.".into(),
        steps: vec![
            format!("On {}, open the Microsoft Entra Connect wizard and choose Customize synchronization options.", names.server),
            "Sign in with a cloud-only or password-hash-synchronised account that has the role Hybrid Identity Administrator.".into(),
            "Tick Password writeback (untick it first and finish, if it is ticked), and finish the wizard.".into(),
        ],
        command: None,
        verify: format!(
            "Get-WinEvent -ComputerName {} -FilterHashtable @{{LogName='Application'; ProviderName='PasswordResetService'; Id=31005}} -MaxEvents 1",
            quoted(&names.server)
        ),
        undo: "Untick Password writeback in the wizard.".into(),
    }
}
