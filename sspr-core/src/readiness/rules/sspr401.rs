//! The domain's minimum password age refuses a second operation inside its window.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "SSPR401",
    title: "Minimum password age",
    phase: Phase::DomainPolicy,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["domain.minimumPasswordAge"],
    rationale: "Writeback obeys the domain's password policy. With a minimum password age, whoever \
        changed or reset the password inside that time is refused in the cloud at once (33008, \
        0x80230619). The age does not break writeback: it blocks the second operation.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let domains: Vec<_> = cx.domain_policies().collect();
    let mut oldest = None;
    for policy in &domains {
        let age = policy.minimum_age.get()?;
        if oldest.is_none_or(|known: &crate::evidence::Claim<_>| age.value > known.value) {
            oldest = Some(age);
        }
    }
    let Some(age) = oldest else {
        return Err(Unknown::of("domain.minimumPasswordAge"));
    };
    if age.value.is_zero() {
        return Ok(Outcome::pass("The domain has no minimum password age.").because(age));
    }
    Ok(Outcome::fail(format!(
        "Inside {} after a password was set, the domain refuses the next change or reset.",
        age.value
    ))
    .with("minimumAgeSeconds", age.value)
    .because(age))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Keep it, relax it for those who need it, or set it to 0: each has its price. \
            Zero lets people cycle through the history to an old password; CIS and STIG ask for \
            at least one day."
            .into(),
        steps: vec![
            "Keep one day and tell the helpdesk what the refusal means; or".into(),
            "give the people concerned a fine-grained policy without a minimum age; or".into(),
            "set it to 0 in the GPO linked at the domain.".into(),
        ],
        command: Some(format!(
            "Set-ADDefaultDomainPasswordPolicy -Identity {} -MinPasswordAge 0.00:00:00",
            quoted(&names.domain)
        )),
        verify: format!(
            "Get-ADDefaultDomainPasswordPolicy -Identity {} | Select-Object MinPasswordAge",
            quoted(&names.domain)
        ),
        undo: format!(
            "Set-ADDefaultDomainPasswordPolicy -Identity {} -MinPasswordAge 1.00:00:00",
            quoted(&names.domain)
        ),
    }
}
