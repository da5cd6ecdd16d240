//! Grants that are limited to a class that misses some people.

use super::prelude::*;
use crate::readiness::predicates::directory::counted;
use crate::readiness::predicates::permissions::{
    Access, INET_ORG_PERSON, Right, USER, assumed, because_of_askers, nobody_synced, people,
    sources_of_people, survey,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR810",
    title: "Grants for the class inetOrgPerson",
    phase: Phase::Permissions,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "permissions.descriptors",
        "permissions.connectorAccount",
        "account.tokenGroups",
        "permissions.people",
        "people.container",
    ],
    rationale: "An entry that names the class user takes effect on objects of exactly that class. \
        People of the class inetOrgPerson are none, though their class derives from it, and \
        the cmdlet that grants the rights of writeback leaves them out.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-configure-ad-ds-connector-account",
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
    let (mut limited, mut from) = (Vec::new(), Vec::new());
    let mut missing: Option<Unknown> = None;
    for right in Right::ALL {
        let wide = survey(cx, &access, right, INET_ORG_PERSON);
        let narrow = survey(cx, &access, right, USER);
        missing = missing.or(wide.missing).or(narrow.missing);
        for standing in wide.lacking {
            let dn = standing.place.dn;
            if narrow.held.iter().any(|held| held.place.dn == dn) {
                limited.push(dn);
                from.extend(standing.from);
            }
        }
        from.extend(wide.held.into_iter().filter_map(|held| held.from));
    }
    limited.sort_unstable();
    limited.dedup();
    let askers = access.askers().unwrap_or_default();
    let (mut missed, mut unseen) = (Vec::new(), false);
    for person in people(cx) {
        let here = person
            .container()
            .is_some_and(|dn| limited.binary_search(&dn).is_ok());
        if here {
            match person.class() {
                Some(class) if class == INET_ORG_PERSON => missed.push(person),
                Some(_) => {}
                None => unseen = true,
            }
        }
    }
    let outcome = if !missed.is_empty() {
        let count = missed.len() as u64;
        Outcome::fail(format!(
            "The grants are limited to the class user, and {} of the class inetOrgPerson.{}",
            if count == 1 {
                "1 synced person is".to_owned()
            } else {
                format!("{count} synced people are")
            },
            assumed(askers)
        ))
        .about(Subjects::people(cx, missed.into_iter()))
    } else if let Some(unknown) = missing {
        return Err(unknown);
    } else if unseen {
        return Err(Unknown::of("permissions.people"));
    } else if limited.is_empty() {
        Outcome::pass("No grant that writeback needs is limited to the class user alone.")
    } else {
        Outcome::pass(format!(
            "Grants are limited to the class user in {}, where no synced person is of another class.",
            counted(limited.len() as u64, "container", "containers")
        ))
    };
    let outcome = outcome
        .because_all(&from)
        .because_all(sources_of_people(cx));
    Ok(because_of_askers(outcome, askers))
}

fn remedy(names: &Names) -> Remedy {
    let root = quoted(&names.domain_dn);
    let grants: Vec<_> = [
        "CA;Reset Password;inetOrgPerson",
        "WP;lockoutTime;inetOrgPerson",
        "WP;pwdLastSet;inetOrgPerson",
    ]
    .iter()
    .map(|right| quoted(&format!("{}:{right}", names.connector_account)))
    .collect();
    Remedy {
        why: "The same three entries for the other class reach these people.".into(),
        steps: vec![
            "Grant the three rights for descendant inetOrgPerson objects, on the domain or on the \
             organizational unit."
                .into(),
        ],
        command: Some(format!("dsacls {root} /I:S /G {}", grants.join(" "))),
        verify: format!("dsacls {root} | findstr /i \"inetOrgPerson\""),
        undo: "Remove the three entries again in the advanced security settings.".into(),
    }
}
