//! A denial takes away what writeback needs.

use std::collections::HashSet;

use super::prelude::*;
use crate::directory::security::{Granted, ObjectClass, Wanted, guids};
use crate::readiness::predicates::directory::{add, listed};
use crate::readiness::predicates::permissions::{
    Access, Right, USER, account, assumed, because_of_askers, descriptor_of, nobody_synced,
    own_rights, people_in, places, roots, sources_of_people, survey,
};
use crate::tenant::PersonRef;

pub(super) const RULE: Rule = Rule {
    code: "SSPR809",
    title: "Entries that deny",
    phase: Phase::Permissions,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &[
        "permissions.descriptors",
        "permissions.connectorAccount",
        "account.tokenGroups",
        "permissions.people",
        "people.container",
    ],
    rationale: "An entry that denies wins over a grant on the same level, and over a grant that was \
        set farther away from the person. Another grant changes nothing: the account leaves \
        the group that is denied, or the denial goes.",
    sources: &[
        "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-adts/d7e4cf8d-a771-486d-ba8e-6c83e4c6b1b2",
        "https://learn.microsoft.com/en-us/windows/win32/secauthz/ace-inheritance-rules",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let access = Access::of(cx);
    let (mut denied, mut missing, mut from) = (Vec::new(), None, Vec::new());
    let mut concerned = Vec::new();
    for right in Right::ALL {
        let survey = survey(cx, &access, right, USER);
        let taken: Vec<_> = survey
            .lacking
            .iter()
            .filter(|standing| standing.answer.as_ref().is_some_and(|a| a.is_denied()))
            .cloned()
            .collect();
        for standing in &taken {
            let dn = standing.place.dn;
            if let Some(answer) = &standing.answer {
                let reason = access.reason(answer, dn);
                denied.push(format!("{} below {dn} by {reason}", right.name()));
            }
        }
        concerned.extend(people_in(cx, &taken));
        from.extend(survey.held.into_iter().chain(taken).filter_map(|s| s.from));
        if let Some(unknown) = survey.missing {
            add(&mut missing, unknown);
        }
    }
    let mut known: HashSet<u32> = concerned.iter().map(PersonRef::index).collect();
    let mut single = 0_u64;
    let unseen = own_rights(cx, &access, |own| {
        if own.list.is_protected() && own.person.flags().admin_count() == Some(true) {
            return Ok(());
        }
        for right in Right::ALL {
            if let Some(answer) = own.holds(&access, right)?
                && answer.is_denied()
                && known.insert(own.person.index())
            {
                if single == 0 {
                    let reason = access.reason(&answer, own.container()?);
                    let name = own.person.name();
                    denied.push(format!("{} on {name} by {reason}", right.name()));
                }
                single += 1;
                concerned.push(own.person);
                return Ok(());
            }
        }
        Ok(())
    });
    on_roots(cx, &access, &mut denied, &mut missing);
    let askers = access.askers().unwrap_or_default();
    let outcome = if !denied.is_empty() {
        concerned.sort_by_key(PersonRef::index);
        concerned.dedup_by_key(|person| person.index());
        let outcome = Outcome::fail(format!(
            "A denial takes rights of the connector account away: {}.{}",
            listed(denied.iter().map(String::as_str)),
            assumed(askers)
        ))
        .with("denials", &denied);
        if concerned.is_empty() {
            outcome
        } else {
            outcome.about(Subjects::people(cx, concerned.into_iter()))
        }
    } else if let Some(unknown) = missing {
        return Err(unseen.map_or(unknown.clone(), |unseen| unknown.and(unseen)));
    } else if let Some(unseen) = unseen {
        return Err(unseen);
    } else {
        Outcome::pass(format!(
            "No denial takes away what writeback needs.{}",
            assumed(askers)
        ))
    };
    let outcome = outcome
        .because_all(&from)
        .because_all(sources_of_people(cx));
    Ok(because_of_askers(outcome, askers))
}

/// Unexpire Password on the roots of domains.
fn on_roots(
    cx: &Context<'_>,
    access: &Access<'_>,
    denied: &mut Vec<String>,
    missing: &mut Option<Unknown>,
) {
    for root in roots(&places(cx).0) {
        let found = access
            .asker(root)
            .and_then(|asker| Ok((asker, descriptor_of(cx, root)?)));
        let (asker, (id, _)) = match found {
            Ok(found) => found,
            Err(unknown) => {
                add(missing, unknown);
                continue;
            }
        };
        let wanted = Wanted::ControlAccess(guids::UNEXPIRE_PASSWORD);
        let class = ObjectClass(guids::DOMAIN_DNS);
        if let Some(answer) = access.on(asker, id, class, wanted) {
            if answer.is_denied() {
                let reason = access.reason(&answer, root);
                denied.push(format!("Unexpire Password on {root} by {reason}"));
            } else if answer.granted == Granted::Unknown {
                add(missing, access.open(asker.1, &answer, root));
            }
        }
    }
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "The list is read in order and the first entry that speaks of the account decides.".into(),
        steps: vec![
            "Find out why the right is denied, and to whom.".into(),
            "Take the connector account out of the group that is denied; or lift the denial where it was \
             set, in the advanced security settings of that object."
                .into(),
        ],
        command: Some(format!(
            "Get-ADPrincipalGroupMembership -Identity {} | Select-Object Name,SID",
            quoted(account(names))
        )),
        verify: format!(
            "dsacls {} | findstr /i \"Deny\"",
            quoted(&names.domain_dn)
        ),
        undo: "Put the account back into the group, or set the denial again.".into(),
    }
}
