//! The connector account may make remote calls to SAM.

use std::collections::BTreeSet;

use super::prelude::*;
use crate::directory::security::Sid;
use crate::directory::{Reach, RemoteSam};
use crate::evidence::{Claim, Known, Provenance};
use crate::readiness::predicates::directory::{
    add, controller_name, listed, nobody_synced, roll_call,
};
use crate::readiness::predicates::permissions::{Access, Asker, Machine, assumed, domain_of_host};
use crate::readiness::predicates::security_settings::{CONTROLLERS, SERVERS, by_policy};
use crate::readiness::predicates::writeback::{name, perhaps_staging};
use crate::snapshot::facts::{ControllerFacts, ServerFacts, host_key};

pub(super) const RULE: Rule = Rule {
    code: "SSPR407",
    title: "Remote calls to SAM",
    phase: Phase::DomainPolicy,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &[
        "dc.restrictRemoteSam",
        "server.restrictRemoteSam",
        "domain.controllers",
        "permissions.connectorAccount",
        "account.tokenGroups",
    ],
    rationale: "Before it sets a password the connector asks for the account by a remote call to the Security \
        Accounts Manager. Where \"Network access: Restrict clients allowed to make remote calls to SAM\" is set \
        on a domain controller or on the Connect server, and does not let the connector account in, every \
        reset ends with SSPR_0029 (33004, and 6329 with ERROR_ACCESS_DENIED). The registry value stays when \
        the policy is taken back.",
    sources: &[
        "https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/user-prov-sync/password-writeback-error-code-sspr-0029",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
        "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-samr/1ed7ed5b-d7b5-444f-86b8-ebe8bad1403a",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let access = Access::of(cx);
    let mut found = Found::default();
    let roll = roll_call(cx, |controller| {
        let (list, from) = setting(cx, &controller.remote_sam, CONTROLLERS)?;
        let machine = Machine {
            name: controller_name(controller),
            domain: domain_of(controller),
            controller: true,
            fact: "dc.restrictRemoteSam",
        };
        decide(&access, machine, list).map(|kept_out| (kept_out.is_empty(), from))
    });
    if let Some(unknown) = roll.missing {
        add(&mut found.missing, unknown);
    }
    for (controller, from) in roll.bad {
        found.bad(controller_name(controller), &controller.remote_sam, from);
    }
    found
        .good
        .extend(roll.good.into_iter().map(|(_, from)| from));
    for server in cx.active_servers() {
        found.server(cx, &access, server);
    }
    found.told(cx, &access)
}

fn domain_of(controller: &ControllerFacts) -> Option<&str> {
    let own = controller.domain.value().map(String::as_str);
    own.or_else(|| domain_of_host(controller_name(controller)))
}

/// What holds on a machine: its own setting, or else what a policy that reaches it sets.
fn setting<'a>(
    cx: &Context<'a>,
    own: &'a Known<RemoteSam>,
    reaches: &[Reach],
) -> Result<(&'a RemoteSam, Provenance), Unknown> {
    if let Some(Claim { value, from }) = own.claims().first() {
        return Ok((value, from.clone()));
    }
    match by_policy(cx, reaches, |settings| &settings.remote_sam, own.name()) {
        Ok(wanted) => Ok((wanted.value, wanted.from)),
        Err(unattributed) => Err(unattributed.unwrap_or_else(|| own.unknown())),
    }
}

fn decide(
    access: &Access<'_>,
    machine: Machine<'_>,
    setting: &RemoteSam,
) -> Result<Vec<Sid>, Unknown> {
    let kept_out = access.kept_out(machine, setting)?;
    Ok(kept_out.into_iter().map(|asker| asker.sid).collect())
}

/// Machines that let the connector account in, and those that do not.
#[derive(Default)]
struct Found {
    hosts: BTreeSet<String>,
    lists: BTreeSet<String>,
    local_groups: Option<String>,
    evidence: Vec<Provenance>,
    good: Vec<Provenance>,
    missing: Option<Unknown>,
}

impl Found {
    fn bad(&mut self, host: &str, own: &Known<RemoteSam>, from: Provenance) {
        self.hosts.insert(host.to_owned());
        if let Some(RemoteSam::Restricted(sddl)) = own.value() {
            self.lists.insert(sddl.clone());
        }
        self.evidence.push(from);
    }

    fn server(&mut self, cx: &Context<'_>, access: &Access<'_>, server: &ServerFacts) {
        let host = name(server);
        if cx.facts.controllers.contains_key(&host_key(host)) {
            return;
        }
        let machine = Machine {
            name: host,
            domain: domain_of_host(host),
            controller: server.is_controller.value() == Some(&true),
            fact: "server.restrictRemoteSam",
        };
        let reaches = if machine.controller {
            CONTROLLERS
        } else {
            SERVERS
        };
        let answer = setting(cx, &server.remote_sam, reaches)
            .and_then(|(list, from)| Ok((decide(access, machine, list)?, from)));
        match (answer, perhaps_staging(cx, server)) {
            (Ok((kept_out, from)), _) if kept_out.is_empty() => self.good.push(from),
            (Ok(_), Some(unknown)) | (Err(unknown), _) => add(&mut self.missing, unknown),
            (Ok((_, from)), None) => {
                self.bad(host, &server.remote_sam, from);
                if !machine.controller {
                    self.local_groups = Some(format!(
                        " Assumed: the account is in no local group of {host} but by Domain Admins or Domain \
                         Users."
                    ));
                }
            }
        }
    }

    fn told(self, cx: &Context<'_>, access: &Access<'_>) -> Judgement {
        if self.hosts.is_empty() {
            if let Some(unknown) = self.missing {
                return Err(unknown);
            }
            return Ok(Outcome::pass(
                "No domain controller and no Connect server keeps the connector account from calling SAM.",
            )
            .because_all(&self.good));
        }
        let askers = access.askers().unwrap_or_default();
        let accounts: Vec<_> = askers.iter().map(|asker| asker.name.as_str()).collect();
        let hosts: Vec<_> = self.hosts.iter().map(String::as_str).collect();
        let outcome = Outcome::fail(format!(
            "Remote calls to SAM are restricted on {}, and {} is not let in.{}{}",
            listed(hosts.iter().copied()),
            listed(accounts.iter().copied()),
            assumed(askers),
            self.local_groups.unwrap_or_default(),
        ))
        .with("restrictedTo", &self.lists)
        .because_all(&self.evidence)
        .mend(let_in(askers, &hosts, &self.lists, &Names::of(cx.facts)));
        Ok(outcome.about(Subjects::names(self.hosts)))
    }
}

/// Lets the connector account in, with the lists of these machines where they are known.
fn let_in(askers: &[Asker<'_>], hosts: &[&str], lists: &BTreeSet<String>, names: &Names) -> Remedy {
    let entries = askers
        .iter()
        .map(|asker| format!("(A;;RC;;;{})", asker.sid));
    let entries = entries.collect::<Vec<_>>().concat();
    let Some(list) = lists.iter().next().filter(|_| lists.len() == 1) else {
        return remedy(names);
    };
    let (before, after) = list.split_once("S:").unwrap_or((list, ""));
    let audit = if after.is_empty() { "" } else { "S:" };
    let wanted = format!("{before}{entries}{audit}{after}");
    let hosts: Vec<_> = hosts.iter().map(|host| quoted(host)).collect();
    Remedy {
        command: Some(set(&hosts.join(","), &quoted(&wanted))),
        undo: set(&hosts.join(","), &quoted(list)),
        verify: get(&hosts.join(",")),
        ..remedy(names)
    }
}

const KEY: &str = "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa";

fn set(hosts: &str, list: &str) -> String {
    format!(
        "Invoke-Command -ComputerName {hosts} {{ Set-ItemProperty -Path '{KEY}' -Name RestrictRemoteSam -Value {list} }}"
    )
}

fn get(hosts: &str) -> String {
    format!(
        "Invoke-Command -ComputerName {hosts} {{ Get-ItemProperty -Path '{KEY}' | Select-Object RestrictRemoteSam }}"
    )
}

fn remedy(names: &Names) -> Remedy {
    let account = crate::snapshot::facts::account_name(&names.connector_account);
    let hosts = "(Get-ADDomainController -Filter *).HostName";
    Remedy {
        why: "The account needs to be let in once; what else the setting keeps out stays out.".into(),
        steps: vec![
            "In the policy that sets it (Computer Configuration > Policies > Windows Settings > Security \
             Settings > Local Policies > Security Options), add the connector account with Remote Access: Allow."
                .into(),
            "Or take the setting back there, refresh the policy, and remove the registry value RestrictRemoteSam, \
             which stays behind."
                .into(),
            "Where no policy sets it, run the command as an administrator. A policy sets its own list again with \
             its next refresh."
                .into(),
        ],
        command: Some(format!(
            "$s = \"O:BAG:BAD:(A;;RC;;;BA)(A;;RC;;;$((Get-ADUser {}).SID))\"; {}",
            quoted(account),
            set(hosts, "$using:s")
        )),
        verify: get(hosts),
        undo: set(hosts, "'O:BAG:BAD:(A;;RC;;;BA)'"),
    }
}
