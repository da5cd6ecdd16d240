//! The rights stand on another account than the one that is used.

use super::prelude::*;
use std::collections::BTreeSet;

use crate::directory::security::{Ace, AceKind, Mask, SecurityDescriptor, Sid, guids, well_known};
use crate::evidence::Gap;
use crate::readiness::predicates::directory::{add, listed};
use crate::readiness::predicates::permissions::{
    Access, Right, USER, because_of_askers, descriptor_of, grant_on_people, is_connector_name,
    missing, nobody_synced, people_in, survey, trustee,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR813",
    title: "Rights on an older connector account",
    phase: Phase::Permissions,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &[
        "permissions.sids",
        "permissions.descriptors",
        "permissions.connectorAccount",
        "account.tokenGroups",
        "people.container",
    ],
    rationale: "A new installation of Entra Connect makes a new connector account, and the rights that \
        somebody granted by hand stay with the old one. Everything looks granted, to an \
        account that nobody uses any more.",
    sources: &[
        "https://learn.microsoft.com/en-us/troubleshoot/azure/entra/entra-id/user-prov-sync/password-writeback-access-rights-permissions",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-configure-ad-ds-connector-account",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let access = Access::of(cx);
    let survey = survey(cx, &access, Right::ResetPassword, USER);
    let askers = access.askers().unwrap_or_default();
    let mut unknown = survey.missing;
    let (mut found, mut older, mut from) = (Vec::new(), BTreeSet::new(), Vec::new());
    for standing in &survey.lacking {
        let Ok((id, object)) = descriptor_of(cx, standing.place.dn) else {
            continue;
        };
        let lists = &cx.facts.permissions.descriptors;
        let entries = lists.get(id).and_then(SecurityDescriptor::access_list);
        from.push(&object.from);
        let mut here = false;
        for sid in entries.unwrap_or_default().iter().filter_map(granted_to) {
            let name = trustee(cx.facts, &sid);
            if askers.iter().any(|asker| asker.sid == sid) {
                continue;
            }
            if is_connector_name(&name) {
                here = true;
                older.insert(name);
            } else if name == sid.to_string() {
                add(
                    &mut unknown,
                    missing("permissions.sids", Some(&name), Gap::NotCollected),
                );
            }
        }
        if here {
            found.push(standing.clone());
        }
    }
    let outcome = if !found.is_empty() {
        let name = askers
            .first()
            .map_or("the connector account", |asker| &asker.name);
        let places: Vec<_> = found.iter().map(|standing| standing.place.dn).collect();
        Outcome::fail(format!(
            "Entra Connect uses {name}, and Reset Password stands on {} below {}.",
            listed(older.iter().map(String::as_str)),
            listed(places.iter().copied())
        ))
        .about(Subjects::people(cx, people_in(cx, &found)))
        .with("accounts", older)
    } else if let Some(unknown) = unknown {
        return Err(unknown);
    } else if survey.lacking.is_empty() {
        Outcome::pass("The account that Entra Connect uses holds Reset Password itself.")
            .because_all(survey.held.iter().filter_map(|held| held.from.as_ref()))
    } else {
        Outcome::pass("No older connector account holds Reset Password instead of the one in use.")
    };
    Ok(because_of_askers(outcome.because_all(from), askers))
}

/// To whom of a domain an entry grants Reset Password on people.
fn granted_to(entry: &Ace) -> Option<Sid> {
    let types = entry.types.unwrap_or_default();
    let means = types
        .object
        .is_none_or(|object| object == guids::RESET_PASSWORD);
    let grants = entry.ace_type.kind() == AceKind::Allow
        && entry.mask.mapped().any(Mask::CONTROL_ACCESS)
        && entry.has(Ace::CONTAINER_INHERIT);
    let sid = entry.sid.filter(Sid::is_domain_relative)?;
    (grants && means && well_known::name(&sid).is_none()).then_some(sid)
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "The account in use needs the rights; those of the old one are a risk without a use."
            .into(),
        steps: vec![
            "Grant the rights to the account that Entra Connect uses.".into(),
            "Remove the entries of the old account, and disable it once nothing uses it.".into(),
        ],
        command: Some(grant_on_people(names)),
        verify: format!("dsacls {} | findstr /i \"MSOL_\"", quoted(&names.domain_dn)),
        undo: format!(
            "dsacls {} /I:S /R {} takes away all entries of the account there.",
            quoted(&names.domain_dn),
            quoted(&names.connector_account)
        ),
    }
}
