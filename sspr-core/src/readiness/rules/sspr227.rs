//! Nobody who needs it has lost the right to impersonate a client.

use super::prelude::*;
use crate::directory::permissions::{Trustee, well_known_sid};
use crate::directory::security::Sid;
use crate::readiness::predicates::directory::listed;
use crate::readiness::predicates::security_settings::{CONTROLLERS, SERVERS, by_policy};
use crate::readiness::predicates::writeback::{each_active, name, unreadable};
use crate::snapshot::facts::ServerFacts;

pub(super) const RULE: Rule = Rule {
    code: "SSPR227",
    title: "Right to impersonate a client on the server",
    phase: Phase::WritebackServer,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["server.impersonation"],
    rationale: "Setting a password runs under the connector account, for which the synchronisation service \
        impersonates it. Microsoft wants Administrators, LOCAL SERVICE, NETWORK SERVICE and SERVICE to hold \
        \"Impersonate a client after authentication\", as they do unless a policy sets another list.",
    sources: &[
        "https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/user-prov-sync/password-writeback-access-rights-permissions",
    ],
    judge,
    remedy,
};

/// Who needs the right.
const NEEDED: [(&str, Sid); 4] = [
    ("LOCAL SERVICE", Sid::new(5, [19])),
    ("NETWORK SERVICE", Sid::new(5, [20])),
    ("Administrators", Sid::new(5, [32, 544])),
    ("SERVICE", Sid::new(5, [6])),
];

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let host = name(server);
        let Some(own) = server.impersonation.claims().first() else {
            return by_policies(cx, server);
        };
        let holders = Holders::of(cx, &own.value);
        if holders.stripped.is_empty() {
            return Ok(Outcome::pass(format!(
                "Administrators and the services of {host} may impersonate a client."
            ))
            .because(own));
        }
        if let Some(name) = holders.unresolved.first() {
            let why = format!("whether {name} is one of those who need it is not known");
            return Err(unreadable(&server.impersonation, why));
        }
        let message = format!(
            "On {host}, \"Impersonate a client after authentication\" is taken from {}.",
            listed(holders.stripped.iter().copied())
        );
        Ok(failed(message, &own.value, &holders, &[host]).because(own))
    })
}

/// What a policy sets, where the server's own list is not known. One that takes it from nobody
/// proves nothing, since another may.
fn by_policies(cx: &Context<'_>, server: &ServerFacts) -> Judgement {
    let controller = server.is_controller.value() == Some(&true);
    let reaches = if controller { CONTROLLERS } else { SERVERS };
    let own = server.impersonation.name();
    let wanted = by_policy(cx, reaches, |settings| &settings.impersonation, own)
        .map_err(|unattributed| unattributed.unwrap_or_else(|| server.impersonation.unknown()))?;
    let holders = Holders::of(cx, wanted.value);
    if holders.stripped.is_empty() || !holders.unresolved.is_empty() {
        return Err(server.impersonation.unknown());
    }
    let message = format!(
        "{} takes \"Impersonate a client after authentication\" from {} on every machine that it reaches.",
        wanted.policy.title(),
        listed(holders.stripped.iter().copied())
    );
    Ok(failed(message, wanted.value, &holders, &[name(server)]).because_of(&wanted.from))
}

fn failed(message: String, list: &[Trustee], holders: &Holders<'_>, hosts: &[&str]) -> Outcome {
    let all = list.iter().map(|trustee| match trustee {
        Trustee::Sid(sid) => format!("*{sid}"),
        Trustee::Name(name) => name.clone(),
    });
    let needed = NEEDED.iter().map(|(_, sid)| format!("*{sid}"));
    let missing = needed.filter(|sid| !holders.held.contains(sid));
    let list: Vec<_> = all.chain(missing).collect();
    Outcome::fail(message)
        .with("takenFrom", &holders.stripped)
        .mend(grant(&list.join(","), hosts))
}

/// A list of holders against those who need the right.
struct Holders<'a> {
    stripped: Vec<&'static str>,
    held: Vec<String>,
    unresolved: Vec<&'a str>,
}

impl<'a> Holders<'a> {
    fn of(cx: &Context<'_>, list: &'a [Trustee]) -> Self {
        let known = &cx.facts.permissions.sids;
        let mut sids = Vec::new();
        let mut unresolved = Vec::new();
        for trustee in list {
            let sid = trustee.resolve(&|name| {
                let built_in = || well_known_sid(&format!("BUILTIN\\{name}"));
                built_in().or_else(|| known.get(&name.to_lowercase()).copied())
            });
            match (sid, trustee) {
                (Some(sid), _) => sids.push(sid),
                (None, Trustee::Name(name)) => unresolved.push(name.as_str()),
                (None, Trustee::Sid(_)) => {}
            }
        }
        let stripped = NEEDED.iter().filter(|(_, sid)| !sids.contains(sid));
        Self {
            stripped: stripped.map(|(name, _)| *name).collect(),
            held: sids.iter().map(|sid| format!("*{sid}")).collect(),
            unresolved,
        }
    }
}

fn remedy(names: &Names) -> Remedy {
    let sids = NEEDED.iter().map(|(_, sid)| format!("*{sid}"));
    grant(&sids.collect::<Vec<_>>().join(","), &[&names.server])
}

/// Gives the right to those in the list, on the machine itself.
fn grant(list: &str, hosts: &[&str]) -> Remedy {
    let lines = [
        "[Unicode]",
        "Unicode=yes",
        "[Version]",
        "signature=\"$CHICAGO$\"",
        "Revision=1",
        "[Privilege Rights]",
        &format!("SeImpersonatePrivilege = {list}"),
    ];
    let lines: Vec<_> = lines.iter().map(|line| quoted(line)).collect();
    Remedy {
        why: "Without the right a service cannot act as the account that it works with.".into(),
        steps: vec![
            format!(
                "Find the policy that sets the list, on {}: gpresult /scope computer /h rights.html, and add \
                 the four there (Computer Configuration > Policies > Windows Settings > Security Settings > \
                 Local Policies > User Rights Assignment).",
                listed(hosts.iter().copied())
            ),
            "Where no policy sets it, run the command there as an administrator. A policy sets its own list \
             again with its next refresh."
                .into(),
            "Restart the service ADSync, which takes its rights when it starts.".into(),
        ],
        command: Some(format!(
            "{} | Set-Content -Encoding Unicode impersonate.inf; secedit /configure /db impersonate.sdb /cfg \
             impersonate.inf /areas USER_RIGHTS; Restart-Service ADSync",
            lines.join(",")
        )),
        verify: "secedit /export /cfg rights.inf /areas USER_RIGHTS; Select-String SeImpersonatePrivilege rights.inf"
            .into(),
        undo: "Set the former list in the same way; export it first.".into(),
    }
}
