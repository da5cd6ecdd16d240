//! People whose blocked inheritance keeps the grants out.

use super::prelude::*;
use crate::directory::security::Granted;
use crate::readiness::predicates::directory::counted;
use crate::readiness::predicates::permissions::{
    Access, Right, assumed, because_of_askers, inheritance_of, nobody_synced, own_rights,
    sources_of_people,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR806",
    title: "People with blocked inheritance",
    phase: Phase::Permissions,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &[
        "permissions.people",
        "people.adUsers",
        "permissions.connectorAccount",
        "account.tokenGroups",
    ],
    rationale: "A person's own list can be protected, so that nothing comes down from the organizational \
        unit. The grants of writeback then do not reach that person, whose reset is refused (33004, \
        hr=80230626). Present and former administrators are judged by SSPR807 and SSPR808.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-configure-ad-ds-connector-account",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let access = Access::of(cx);
    let (mut stopped, mut reached, mut inheriting) = (Vec::new(), 0_u64, 0_u64);
    let missing = own_rights(cx, &access, |own| {
        if !own.list.is_protected() {
            inheriting += 1;
            return Ok(());
        }
        match own.person.flags().admin_count() {
            Some(true) => return Ok(()),
            Some(false) => {}
            None => return Err(Unknown::of("people.adUsers")),
        }
        let mut unknown = None;
        for right in Right::ALL {
            let Some(answer) = own.holds(&access, right)? else {
                continue;
            };
            match answer.granted {
                Granted::Yes => {}
                Granted::No => {
                    stopped.push(own.person);
                    return Ok(());
                }
                Granted::Unknown => unknown = Some(own.open(&access, &answer)?),
            }
        }
        if let Some(unknown) = unknown {
            return Err(unknown);
        }
        reached += 1;
        Ok(())
    });
    let askers = access.askers().unwrap_or_default();
    let outcome = if !stopped.is_empty() {
        let count = stopped.len() as u64;
        Outcome::fail(format!(
            "Inheritance is blocked on {}, and the grants do not reach them.{}",
            counted(count, "synced person", "synced people"),
            assumed(askers)
        ))
        .about(Subjects::people(cx, stopped.into_iter()))
    } else if let Some(unknown) = missing {
        return Err(unknown);
    } else if reached > 0 {
        Outcome::pass(format!(
            "Inheritance is blocked on {}, whose own entries grant what writeback needs.{}",
            counted(reached, "synced person", "synced people"),
            assumed(askers)
        ))
    } else {
        Outcome::pass("Inheritance is blocked on no synced person beside administrators.")
    };
    let outcome = outcome
        .with("inheriting", inheriting)
        .because_all(sources_of_people(cx));
    Ok(because_of_askers(outcome, askers))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "With inheritance enabled, the grants of the organizational unit come down.".into(),
        steps: vec![
            "See why inheritance was blocked: it may protect a service account on purpose.".into(),
            "Enable inheritance on each of these people.".into(),
        ],
        command: Some(inheritance_of("'<distinguished name of the person>'", false)),
        verify: "(Get-Acl -LiteralPath 'AD:\\<distinguished name of the person>').AreAccessRulesProtected \
            # False"
            .into(),
        undo: inheritance_of("'<distinguished name of the person>'", true),
    }
}
