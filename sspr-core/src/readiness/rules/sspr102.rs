//! The selected group is there and has members.

use super::prelude::*;
use crate::policy::ResetScope;

pub(super) const RULE: Rule = Rule {
    code: "SSPR102",
    title: "Group of the scope",
    phase: Phase::CloudScope,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["sspr.scope", "group.members", "group.exists"],
    rationale: "With the scope Selected, membership of one group decides who may reset. A group \
        that was deleted or has no members makes Selected the same as None.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let scope = cx.facts.sspr.scope.get()?;
    let ResetScope::Selected { group_name, .. } = &scope.value else {
        return Ok(Outcome::not_applicable("The scope is not a selected group.").because(scope));
    };
    let group = cx
        .scope_group()
        .ok_or_else(|| Unknown::of("group.members"))?;
    let name = group_name
        .as_ref()
        .or(group.name.value())
        .map_or("without a known name", String::as_str);
    if let Ok(exists) = group.exists.get()
        && !exists.value
    {
        return Ok(
            Outcome::fail(format!("The group {name} does not exist any more."))
                .because(scope)
                .because(exists),
        );
    }
    let members = group.members.get()?;
    let found = members.value.ids.len();
    if found > 0 {
        return Ok(Outcome::pass(format!(
            "The group {name} has members ({found} in evidence)."
        ))
        .with("members", found)
        .because(scope)
        .because(members));
    }
    if members.value.complete && members.value.nested_groups {
        return Ok(Outcome::fail(format!("The group {name} has no members."))
            .with("members", 0)
            .because(scope)
            .because(members));
    }
    Err(Unknown::of("group.members"))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Whoever is added to the group may reset from then on; nested groups count.".into(),
        steps: vec![
            "Add people to the group, or choose another group in Password reset > Properties."
                .into(),
        ],
        command: Some(format!(
            "New-MgGroupMemberByRef -GroupId {} -OdataId 'https://graph.microsoft.com/v1.0/directoryObjects/<user id>'",
            quoted(&names.group_id)
        )),
        verify: format!(
            "Get-MgGroupMember -GroupId {} -All",
            quoted(&names.group_id)
        ),
        undo: format!(
            "Remove-MgGroupMemberByRef -GroupId {} -DirectoryObjectId '<user id>'",
            quoted(&names.group_id)
        ),
    }
}
