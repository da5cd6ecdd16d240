//! The domain controllers that the connector uses exist.

use super::prelude::*;
use crate::directory::dns_domain;
use crate::readiness::predicates::writeback::each_active;
use crate::snapshot::facts::host_key;

pub(super) const RULE: Rule = Rule {
    code: "SSPR224",
    title: "Domain controllers that the connector uses",
    phase: Phase::WritebackServer,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["server.connectors", "domain.controllers"],
    rationale: "A connector may be bound to preferred domain controllers, and it remembers the last \
        one. After a domain controller is gone, each operation first waits for a machine \
        that does not answer.",
    sources: &[
        "https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/user-prov-sync/password-writeback-error-code-sspr-0029",
        "https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/user-prov-sync/password-writeback-error-code-8023062c",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let connectors = server.connectors.get()?;
        let mut outcome = Outcome::pass("");
        let mut gone = Vec::new();
        let mut unknown: Option<Unknown> = None;
        let mut named = false;
        let partitions = connectors.value.iter().flat_map(|c| &c.partitions);
        for partition in partitions.filter(|partition| partition.selected != Some(false)) {
            let used: Vec<_> = partition
                .preferred_dcs
                .iter()
                .chain(&partition.last_dc)
                .collect();
            if used.is_empty() {
                continue;
            }
            named = true;
            let domain = dns_domain(&partition.dn).and_then(|name| cx.facts.domains.get(&name));
            let Some(domain) = domain else {
                unknown = Some(Unknown::of("domain.controllers"));
                continue;
            };
            match domain.controllers.get() {
                Ok(known) => {
                    outcome = outcome.because(known);
                    let exists = |dc: &str| known.value.iter().any(|k| host_key(k) == host_key(dc));
                    gone.extend(used.into_iter().filter(|dc| !exists(dc)).cloned());
                }
                Err(missing) => unknown = Some(missing),
            }
        }
        if !gone.is_empty() {
            gone.sort();
            gone.dedup();
            return Ok(outcome
                .failed(format!(
                    "The connector uses what is no domain controller of its domain: {}.",
                    gone.join(", ")
                ))
                .about(Subjects::names(gone))
                .because(connectors));
        }
        if let Some(unknown) = unknown {
            return Err(unknown);
        }
        if !named {
            return Ok(
                Outcome::not_applicable("No connector names a domain controller.")
                    .because(connectors),
            );
        }
        Ok(outcome
            .worded("The domain controllers that the connector uses exist.".into())
            .because(connectors))
    })
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Name machines that exist, or none.".into(),
        steps: vec![
            "In the Synchronization Service Manager open the connector, Configure Directory \
            Partitions, and correct the preferred domain controllers."
                .into(),
        ],
        command: None,
        verify: format!(
            "Get-ADDomainController -Filter * -Server {} | Select-Object HostName",
            quoted(&names.domain)
        ),
        undo: "Enter the former names again.".into(),
    }
}
