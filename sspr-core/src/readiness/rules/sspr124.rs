//! The tenant's own list of banned passwords.

use super::prelude::*;
use crate::readiness::predicates::counted;

pub(super) const RULE: Rule = Rule {
    code: "SSPR124",
    title: "Custom banned passwords",
    phase: Phase::CloudScope,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &["methods.passwordRules"],
    rationale: "Microsoft's own list is always on. The custom list adds the company's name, products and \
        places. It bans weak terms and nothing else: it cannot make the cloud enforce the domain's \
        length, history or complexity, which the domain controller checks at every write.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-password-ban-bad",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-configure-custom-password-protection",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let rules = cx.facts.methods.password_rules.get()?;
    let on = rules
        .value
        .custom_list
        .ok_or_else(|| Unknown::of("methods.passwordRules"))?;
    let terms = rules.value.custom_terms.unwrap_or(0);
    let outcome = if on {
        Outcome::pass(format!(
            "The custom list is on, with {}.",
            counted(terms.into(), "term", "terms")
        ))
    } else {
        Outcome::fail(
            "The custom list of banned passwords is off. It would ban terms of your own; a \
             stricter policy of the domain is enforced by the domain alone, with or without it.",
        )
    };
    Ok(outcome.with("customTerms", terms).because(rules))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Up to 1,000 terms of 4 to 16 characters, without variants: common substitutions are \
            found by themselves. It takes Entra ID P1 or P2."
            .into(),
        steps: vec![
            "Microsoft Entra admin center > Protection > Authentication methods > Password protection."
                .into(),
            "Set \"Enforce custom list\" to Yes, enter the terms, and save; it may take hours.".into(),
        ],
        command: None,
        verify: "(Invoke-MgGraphRequest -Uri 'v1.0/groupSettings').value | Where-Object { $_.templateId -eq '5cf42378-d67d-4f36-ba46-e8b86229381d' } | ForEach-Object { $_.values }"
            .into(),
        undo: "Set it back to No in the same place; the terms stay.".into(),
    }
}
