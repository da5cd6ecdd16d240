//! A proof from end to end since the last change of the configuration.

use chrono::{DateTime, Utc};

use super::prelude::*;
use crate::evidence::Provenance;
use crate::readiness::predicates::events::{nothing_to_write_back, shown, staging};

pub(super) const RULE: Rule = Rule {
    code: "SSPR501",
    title: "Proof from end to end",
    phase: Phase::UserVerification,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "events.successes",
        "audit.directory",
        "server.writebackModified",
        "server.staging",
    ],
    rationale: "Only a password that arrived in the domain proves the whole chain, and only for the \
        configuration of that time. Any of 31002, 31007 and 31010 is such a proof.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nothing_to_write_back(cx) {
        return Ok(outcome);
    }
    let change = last_change(cx);
    let proof = cx.facts.events.last_success();
    if let Some(proof) =
        proof.filter(|proof| change.as_ref().is_none_or(|change| proof.at >= change.at))
    {
        let outcome = Outcome::pass(match &change {
            Some(change) => format!(
                "A password was written at {}, after the last change of the configuration ({} at {}).",
                shown(proof.at),
                change.what,
                shown(change.at)
            ),
            None => format!(
                "A password was written at {}; no change of the configuration is on record.",
                shown(proof.at)
            ),
        })
        .with("provenAt", proof.at)
        .because_of(&proof.from);
        return Ok(match change {
            Some(change) => outcome
                .with("changedAt", change.at)
                .because_of(&change.from),
            None => outcome,
        });
    }
    let Some(change) = change else {
        return Err(Unknown::of("events.successes"));
    };
    // Silence tells something only where the log of the server that does the work covers the time
    // since the change: one that is not in staging mode, that made the change, or that was asked since.
    let covered = cx.facts.events.services.iter().any(|(host, service)| {
        let made = service.last_switch.as_ref();
        let asked = service.last_request.as_ref();
        let works = match staging(cx.facts, host) {
            Some(staging) => !staging,
            None => {
                made.is_some_and(|mark| mark.event == 31005 && mark.at == change.at)
                    || asked.is_some_and(|mark| mark.at >= change.at)
            }
        };
        let log = cx.facts.events.application_log(host);
        let reach = log.and_then(|log| Some((log.first?, log.last?)));
        works && reach.is_some_and(|(first, last)| first <= change.at && change.at <= last)
    });
    if !covered {
        return Err(Unknown::of("events.successes"));
    }
    let outcome = Outcome::fail(match proof {
        Some(proof) => format!(
            "The configuration changed at {} ({}), and the last password was written before that, at {}.",
            shown(change.at),
            change.what,
            shown(proof.at)
        ),
        None => format!(
            "The configuration changed at {} ({}), and no password has been written since.",
            shown(change.at),
            change.what
        ),
    })
    .with("changedAt", change.at)
    .because_of(&change.from);
    Ok(match proof {
        Some(proof) => outcome.with("provenAt", proof.at).because_of(&proof.from),
        None => outcome,
    })
}

struct Change {
    at: DateTime<Utc>,
    what: &'static str,
    from: Provenance,
}

/// The newest change of the configuration that is on record.
fn last_change(cx: &Context<'_>) -> Option<Change> {
    let audit = &cx.facts.audit;
    let switched = audit.switched.iter().map(|(at, on, from)| Change {
        at: *at,
        what: if *on {
            "writeback enabled for the directory"
        } else {
            "writeback disabled for the directory"
        },
        from: from.clone(),
    });
    let policy = audit.policy_changes.iter().map(|(at, from)| Change {
        at: *at,
        what: "the policy of the Password reset blade",
        from: from.clone(),
    });
    let registered = cx.facts.events.services.values().filter_map(|service| {
        let mark = service.last_switch.as_ref()?;
        let what = if mark.event == 31005 {
            "writeback switched on at the server"
        } else {
            "writeback switched off at the server"
        };
        Some(Change {
            at: mark.at,
            what,
            from: mark.from.clone(),
        })
    });
    let flag = cx.servers().filter_map(|server| {
        let claim = server.writeback_modified.get().ok()?;
        Some(Change {
            at: claim.value,
            what: "the writeback configuration of the server",
            from: claim.from.clone(),
        })
    });
    switched
        .chain(policy)
        .chain(registered)
        .chain(flag)
        .max_by_key(|change| (change.at, change.what))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "One self-service reset by a test person proves scope, methods, connection, rights and the domain's answer at once.".into(),
        steps: vec![
            "Choose a test person who is synced, in scope, registered, licensed and no administrator.".into(),
            "Open the reset page in a private window and reset the password as forgotten.".into(),
            "Export the Application log of the Connect server again.".into(),
        ],
        command: Some("Start-Process https://passwordreset.microsoftonline.com".into()),
        verify: "31001 and 31002 with the test person's name stand in the Application log.".into(),
        undo: "Set the test person's password again.".into(),
    }
}
