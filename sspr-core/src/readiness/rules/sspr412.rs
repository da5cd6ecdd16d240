//! Password filters on domain controllers that are not Windows' own.

use super::prelude::*;
use crate::directory::PasswordFilters;
use crate::readiness::predicates::directory::{controller_names, listed, nobody_synced, roll_call};
use crate::snapshot::facts::ControllerFacts;

pub(super) const RULE: Rule = Rule {
    code: "SSPR412",
    title: "Password filters on domain controllers",
    phase: Phase::DomainPolicy,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &["dc.passwordFilters", "domain.controllers"],
    rationale: "A password filter can refuse a password that obeys the whole policy, and the cloud \
        cannot say why: the refusal is the same 33008. A filter must also handle the administrator's \
        form of a reset, which is the one that writeback uses.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let roll = roll_call(cx, |controller| {
        let filters = controller.password_filters.get()?;
        Ok((foreign(controller).is_empty(), filters.from.clone()))
    });
    roll.verdict(
        "The domain controllers have Windows' own password filters only.",
        |filtered| {
            let mut filters: Vec<_> = filtered.iter().flat_map(|c| foreign(c)).collect();
            filters.sort_unstable();
            filters.dedup();
            let controllers = controller_names(filtered);
            Outcome::fail(format!(
                "Password filters beyond Windows' own ({}) on {}: they may refuse passwords that \
                 obey the policy.",
                listed(filters.iter().copied()),
                listed(controllers.iter().copied())
            ))
            .with("filters", &filters)
            .about(Subjects::names(controllers))
        },
    )
}

fn foreign(controller: &ControllerFacts) -> Vec<&str> {
    let packages = controller.password_filters.value();
    packages
        .map(|packages| PasswordFilters::foreign(packages).collect())
        .unwrap_or_default()
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Nothing needs to change; who gets the calls should know the filter and its rules.".into(),
        steps: vec![
            "Find out whose filter it is, and which passwords it refuses.".into(),
            "See that it also handles passwords that an administrator sets.".into(),
            "Tell the helpdesk, and the people, what it asks for.".into(),
        ],
        command: Some(
            "Invoke-Command -ComputerName (Get-ADDomainController -Filter *).HostName { Get-ItemProperty \
             'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa' -Name 'Notification Packages' } | ConvertTo-Json"
                .into(),
        ),
        verify: "Run the same command again.".into(),
        undo: "Nothing is changed by looking.".into(),
    }
}
