//! An own application holds the roles that writeback needs.

use super::prelude::*;
use crate::readiness::predicates::writeback::{each_active, unreadable};
use crate::writeback::{OFFBOARD_CLIENT, REFRESH_CLIENT, REGISTER_CLIENT_VERSION};

pub(super) const RULE: Rule = Rule {
    code: "SSPR222",
    title: "Roles of an own application",
    phase: Phase::WritebackServer,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["integration.applicationRoles", "server.identity"],
    rationale: "Where the administrator brought an application of their own for Entra Connect, \
        writeback needs three application roles of the password reset service on it. The \
        wizard grants them to a managed application only.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/authenticate-application-id",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let identity = server.identity.get()?;
        if !identity.value.application {
            return Ok(
                Outcome::not_applicable("Entra Connect signs in with an account.")
                    .because(identity),
            );
        }
        match identity.value.managed {
            Some(false) => {}
            Some(true) => {
                return Ok(Outcome::not_applicable(
                    "The wizard grants the roles to this application.",
                )
                .because(identity));
            }
            None => {
                let why = "it does not say who manages the application".to_owned();
                return Err(unreadable(&server.identity, why));
            }
        }
        let roles = cx.facts.integration.roles.get()?;
        let lacking: Vec<_> = [
            (REFRESH_CLIENT, roles.value.refresh_client),
            (REGISTER_CLIENT_VERSION, roles.value.register_client_version),
            (OFFBOARD_CLIENT, roles.value.offboard_client),
        ]
        .into_iter()
        .filter(|(_, held)| !held)
        .map(|(role, _)| role.name)
        .collect();
        Ok(if lacking.is_empty() {
            Outcome::pass("The application holds the three roles that writeback needs.")
        } else {
            Outcome::fail(format!("The application lacks {}.", lacking.join(", ")))
                .with("lacking", lacking)
        }
        .because(roles)
        .because(identity))
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "An administrator of the tenant grants them once.".into(),
        steps: vec![
            "Grant the application the missing roles of 'Microsoft password reset service' \
            (93625bc8-bfe2-437a-97e0-3d0060024faa; in US Government clouds \
            2e5ecfc8-ea79-48bd-8140-c19324acb278)."
                .into(),
        ],
        command: Some(
            "$sp = Get-MgServicePrincipal -Filter \"appId eq \
            '93625bc8-bfe2-437a-97e0-3d0060024faa'\"; \
            New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId '<application>' \
            -PrincipalId '<application>' -ResourceId $sp.Id -AppRoleId '<role>'"
                .into(),
        ),
        verify: "Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId '<application>'"
            .into(),
        undo: "Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId '<application>' \
            -AppRoleAssignmentId '<assignment>'"
            .into(),
    }
}
