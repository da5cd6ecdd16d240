//! A helpdesk link that leads nowhere.

use super::prelude::*;
use crate::readiness::predicates::policy::in_portal;

pub(super) const RULE: Rule = Rule {
    code: "SSPR116",
    title: "Helpdesk link",
    phase: Phase::CloudScope,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["sspr.helpdeskCustomised", "sspr.helpdeskLink"],
    rationale: "Whoever cannot reset is sent to the helpdesk link. When it is customised and empty, the person \
        has nowhere to turn to.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let link = &cx.facts.sspr.helpdesk_link;
    if let Some(claim) = link.claims().first()
        && !claim.value.trim().is_empty()
        && cx.facts.sspr.helpdesk_customised.value() != Some(&false)
    {
        return Ok(
            Outcome::pass("The helpdesk link is customised and has an address.").because(claim),
        );
    }
    let customised = cx.facts.sspr.helpdesk_customised.get()?;
    if !customised.value {
        return Ok(
            Outcome::not_applicable("The helpdesk link is not customised.").because(customised),
        );
    }
    let link = link.get()?;
    Ok(
        Outcome::fail("The helpdesk link is customised, and its address is empty.")
            .because(customised)
            .because(link),
    )
}

fn remedy(_: &Names) -> Remedy {
    in_portal(
        "A mail address or a web address works.",
        &[
            "Microsoft Entra admin center > Protection > Password reset > Customization.",
            "Enter the helpdesk's mail address or web page, or set \"Customize helpdesk link\" to No, and save.",
        ],
        "The link \"Contact your administrator\" at https://passwordreset.microsoftonline.com leads there.",
        "Remove the address in the same place.",
    )
}
