//! Entra Connect and cloud sync: the configuration export, the cmdlets, the agents.

use std::collections::BTreeMap;
use std::io::BufRead;

use uuid::Uuid;

use super::{Intake, ItemReader, JsonKind, TextKind};
use crate::carrier::json::{Object, Page};
use crate::error::Result;
use crate::evidence::{At, Known, Locator, Reading, Strength};
use crate::snapshot::facts::{
    AccountGroup, CloudSyncAgent, Export, ServerFacts, SynchronisationRule, WritebackRoles,
    account_key,
};
use crate::snapshot::read::host::host_name;
use crate::writeback::export::{ExportPart, is_export, read_export};
use crate::writeback::powershell::{
    Scheduler, read_connector, read_global_setting, read_global_settings, read_identity,
    read_scheduler,
};
use crate::writeback::{
    Connector, GlobalSettings, OFFBOARD_CLIENT, REFRESH_CLIENT, REGISTER_CLIENT_VERSION,
    WRITEBACK_ROLES,
};

pub(super) const TEXT: &[TextKind] = &[TextKind {
    name: "connectExport",
    strength: Strength::Exported,
    matches: is_export,
    read: export,
}];

pub(super) const JSON: &[JsonKind] = &[
    JsonKind {
        name: "scheduler",
        strength: Strength::Exported,
        matches: |object, _| object.has(&["StagingModeEnabled", "SyncCycleEnabled"]),
        reader: || Box::new(scheduler),
    },
    JsonKind {
        name: "connectGlobalSettings",
        strength: Strength::Exported,
        matches: |object, _| {
            object.has(&["Parameters"])
                && (object.has(&["InstanceId"])
                    || object.has(&["SqlSchemaVersion"])
                    || object
                        .objects("Parameters")
                        .value()
                        .is_some_and(|list| list.iter().any(is_global_setting)))
        },
        reader: || Box::new(global_settings),
    },
    JsonKind {
        name: "connectGlobalSettings",
        strength: Strength::Exported,
        matches: |object, _| is_global_setting(object),
        reader: || {
            Box::new(|into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]| {
                let mut settings = GlobalSettings::default();
                read_global_setting(object, &mut settings);
                claim_settings(into, object, settings);
            })
        },
    },
    JsonKind {
        name: "passwordResetConfiguration",
        strength: Strength::Exported,
        matches: is_reset_configuration,
        reader: || Box::new(reset_configuration),
    },
    JsonKind {
        name: "connectCredential",
        strength: Strength::Exported,
        matches: |object, _| object.has(&["ConnectorIdentityType"]),
        reader: || {
            Box::new(|into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]| {
                let host = host_name(into, object);
                let origin = into.origin;
                let server = server(into, host.as_deref());
                origin.claim(&mut server.identity, read_identity(object));
            })
        },
    },
    JsonKind {
        name: "connectors",
        strength: Strength::Exported,
        matches: |object, _| {
            object.has(&["Name", "ConnectivityParameters"])
                || object.has(&["Name", "ConnectorTypeName"])
        },
        reader: || Box::<Connectors>::default(),
    },
    JsonKind {
        name: "cloudSyncAgents",
        strength: Strength::Observed,
        matches: |object, _| {
            object.has(&["machineName", "status"])
                && !object.has(&["ServiceName"])
                && !object.has(&["StartType"])
        },
        reader: || Box::new(agent),
    },
    JsonKind {
        name: "appRoleAssignments",
        strength: Strength::Observed,
        matches: |object, _| object.has(&["appRoleId", "principalId", "resourceId"]),
        reader: || Box::<Roles>::default(),
    },
    JsonKind {
        name: "accountGroups",
        strength: Strength::Exported,
        matches: |object, _| object.has(&["Account", "Name", "SID"]),
        reader: || Box::<AccountGroups>::default(),
    },
    // Its inner fields are not documented, so nothing is read from it.
    JsonKind {
        name: "appliedSynchronizationPolicy",
        strength: Strength::Exported,
        matches: |object, _| object.has(&["onpremisesDirectoryPolicy"]),
        reader: || {
            Box::new(|into: &mut Intake<'_>, _: &Object<'_>, _: &[Page]| {
                into.origin.leave_unused();
            })
        },
    },
];

/// The server that a cmdlet of Entra Connect speaks of.
fn server<'a>(into: &'a mut Intake<'_>, host: Option<&str>) -> &'a mut ServerFacts {
    match host {
        Some(host) => into.facts.server(host),
        None => &mut into.facts.unnamed_server,
    }
}

fn is_global_setting(object: &Object<'_>) -> bool {
    object.has(&["Value"])
        && object.text("Name").value().is_some_and(|name| {
            ["Microsoft.Synchron", "Microsoft.OptionalFeature."]
                .iter()
                .any(|prefix| name.starts_with(prefix))
        })
}

/// The cmdlet prints little: `Enabled`, and fields that vary by build. What has a name or an
/// identity of its own is something else.
fn is_reset_configuration(object: &Object<'_>, _: &[Page]) -> bool {
    let other = [
        "SourceConnector",
        "Name",
        "DisplayName",
        "DistinguishedName",
        "SamAccountName",
        "UserPrincipalName",
        "State",
    ];
    object.has(&["Enabled"])
        && !other.iter().any(|name| object.has(&[name]))
        && (["Connector", "ConnectorName", "PSComputerName"]
            .iter()
            .any(|name| object.has(&[name]))
            || object.map().keys().any(|key| {
                let key = key.to_ascii_lowercase();
                key.contains("onboard") || key.contains("passwordreset")
            }))
}

fn scheduler(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    let Scheduler {
        staging,
        sync_cycle,
        suspended,
        interval,
        next_sync,
    } = read_scheduler(object);
    let host = host_name(into, object);
    let origin = into.origin;
    let server = server(into, host.as_deref());
    origin.claim(&mut server.staging, staging);
    origin.claim(&mut server.sync_cycle, sync_cycle);
    origin.claim(&mut server.scheduler_suspended, suspended);
    origin.claim(&mut server.sync_interval, interval);
    origin.claim(&mut server.next_sync, next_sync);
}

fn global_settings(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    match read_global_settings(object) {
        Reading::Value(at) => claim_settings(into, object, at.value),
        Reading::Bad(error) => {
            // Whatever was cut off, the wizard's flag is what is missed first.
            let host = host_name(into, object);
            let origin = into.origin;
            origin.claim(
                &mut server(into, host.as_deref()).writeback,
                Reading::Bad(error),
            );
        }
        Reading::Absent | Reading::Null(_) => {}
    }
}

fn claim_settings(into: &mut Intake<'_>, object: &Object<'_>, settings: GlobalSettings) {
    let host = host_name(into, object);
    let origin = into.origin;
    claim_global(origin, server(into, host.as_deref()), settings);
}

fn claim_global(
    origin: &crate::snapshot::Origin,
    server: &mut ServerFacts,
    settings: GlobalSettings,
) {
    origin.claim(&mut server.writeback, settings.writeback);
    origin.claim(&mut server.hash_sync, settings.hash_sync);
    origin.claim(&mut server.staging, settings.staging);
    origin.claim(
        &mut server.scheduler_suspended,
        settings.scheduler_suspended,
    );
    origin.claim(&mut server.sync_cycle, settings.sync_cycle);
    origin.claim(&mut server.sync_interval, settings.sync_interval);
    origin.claim(&mut server.next_sync, settings.next_sync);
    origin.claim(&mut server.version, settings.version);
}

fn reset_configuration(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    let host = host_name(into, object);
    let origin = into.origin;
    let enabled = object.bool("Enabled");
    let server = server(into, host.as_deref());
    origin.claim(&mut server.writeback_connector, enabled);
}

/// `Get-ADSyncConnector`: one object a connector, one list a server.
#[derive(Default)]
struct Connectors {
    host: Option<String>,
    list: Vec<Connector>,
    place: Option<Locator>,
}

impl ItemReader for Connectors {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        self.host = host_name(into, object).or_else(|| self.host.take());
        if let Some(reading) = read_connector(object)
            && let Some(connector) = into.origin.value(reading)
        {
            self.place.get_or_insert_with(|| object.place().clone());
            self.list.push(connector);
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        if let Some(place) = self.place.take() {
            let list = std::mem::take(&mut self.list);
            let origin = into.origin;
            let server = server(into, self.host.as_deref());
            origin.claim(&mut server.connectors, Reading::Value(At::new(list, place)));
        }
    }
}

fn agent(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    let active = object.words("status").found().and_then(|at| {
        match at.value.trim().to_ascii_lowercase().as_str() {
            "active" => Some(true),
            "inactive" => Some(false),
            _ => None,
        }
    });
    let agent = object.words("machineName").map(|host| CloudSyncAgent {
        host: host.trim().to_owned(),
        version: None,
        active,
    });
    into.origin.claim(&mut into.facts.pending.agents, agent);
}

/// `Get-ADPrincipalGroupMembership`, with the account added to each group.
#[derive(Default)]
struct AccountGroups(BTreeMap<String, (Vec<AccountGroup>, Locator)>);

impl ItemReader for AccountGroups {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        let account = into.origin.value(object.words("Account"));
        let name = into.origin.value(object.words("Name"));
        // PowerShell prints a SID as its text or as an object around it.
        let sid = match object.object("SID") {
            Reading::Value(at) => at.value.words("Value"),
            _ => object.words("SID"),
        };
        if let (Some(account), Some(name), Some(sid)) = (account, name, into.origin.value(sid)) {
            let (groups, _) = self
                .0
                .entry(account_key(account))
                .or_insert_with(|| (Vec::new(), object.place().clone()));
            groups.push(AccountGroup {
                name: name.to_owned(),
                sid: sid.trim().to_owned(),
            });
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        for (account, (groups, place)) in std::mem::take(&mut self.0) {
            super::permissions::account_groups(into, &account, &groups, &place);
            let fact = into
                .facts
                .account_groups
                .entry(account.clone())
                .or_insert_with(|| Known::absent("domain.accountGroups").of(account));
            into.origin
                .claim(fact, Reading::Value(At::new(groups, place)));
        }
    }
}

/// Application roles on the password reset service. Only a whole list shows that one is missing.
#[derive(Default)]
struct Roles {
    by_principal: BTreeMap<Uuid, Vec<Uuid>>,
    place: Option<Locator>,
}

impl ItemReader for Roles {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        let role = into.origin.value(object.guid("appRoleId"));
        let principal = into.origin.value(object.guid("principalId"));
        if let (Some(role), Some(principal)) = (role, principal)
            && WRITEBACK_ROLES.iter().any(|known| known.id == role)
        {
            self.place.get_or_insert_with(|| object.place().clone());
            self.by_principal.entry(principal).or_default().push(role);
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        let Some(place) = self.place.take() else {
            return;
        };
        // Roles of different applications do not add up: the best one counts.
        let best = self
            .by_principal
            .values()
            .map(|held| WritebackRoles {
                refresh_client: held.contains(&REFRESH_CLIENT.id),
                register_client_version: held.contains(&REGISTER_CLIENT_VERSION.id),
                offboard_client: held.contains(&OFFBOARD_CLIENT.id),
            })
            .max_by_key(|roles| count(*roles));
        if let Some(roles) = best
            && (count(roles) == WRITEBACK_ROLES.len() || into.complete())
        {
            let roles = Reading::Value(At::new(roles, place));
            into.origin.claim(&mut into.facts.integration.roles, roles);
        }
    }
}

fn count(roles: WritebackRoles) -> usize {
    [
        roles.refresh_client,
        roles.register_client_version,
        roles.offboard_client,
    ]
    .into_iter()
    .filter(|held| *held)
    .count()
}

/// How the tags of the product's rules begin that let users join and carry passwords.
const RULES: [&str; 2] = ["Microsoft.InfromADUser", "Microsoft.OuttoAADUserJoin"];

/// One file of the configuration export.
fn export(into: &mut Intake<'_>, text: &mut dyn BufRead) -> Result<()> {
    let part = read_export(text)?;
    into.collection.items += 1;
    let origin = into.origin;
    let folder = export_folder(&origin.name);
    match part {
        ExportPart::Global(settings) => {
            if origin.observed_at.get().is_none() {
                origin
                    .observed_at
                    .set(settings.exported_at.value().copied());
            }
            let host = settings.server.value().cloned();
            let waiting = into.facts.pending.exports.entry(folder).or_default();
            origin.claim(&mut waiting.hosts, settings.server.clone());
            let server = match host {
                Some(host) => {
                    let server = into.facts.server(&host);
                    origin.claim(&mut server.host, settings.server.clone());
                    server
                }
                None => &mut into.facts.unnamed_server,
            };
            claim_global(origin, server, *settings);
        }
        ExportPart::Entra(entra) => {
            if let Some(domain) = entra.initial_domain() {
                let place = Locator::Element("ma-data/name".into());
                let domain = Reading::Value(At::new(domain.to_owned(), place));
                origin.claim(&mut into.facts.tenant.initial_domain, domain);
            }
            let waiting = into.facts.pending.exports.entry(folder).or_default();
            let server = &mut waiting.server;
            origin.claim(&mut server.writeback_connector, entra.writeback);
            origin.claim(&mut server.writeback_modified, entra.writeback_modified);
        }
        ExportPart::Forest(forest) => {
            for fault in forest.faults {
                origin.fault(fault);
            }
            let place = Locator::Element("ma-data".into());
            let waiting: &mut Export = into.facts.pending.exports.entry(folder).or_default();
            let connector = Reading::Value(At::new(forest.connector, place));
            origin.claim(&mut waiting.connectors, connector);
        }
        ExportPart::Rule(rule) => {
            // The rules that writeback depends on: the join of users, and those that carry
            // passwords.
            let tag = rule.tag.as_deref().unwrap_or_default();
            if let (Some(name), Some(disabled), Some(password_sync)) =
                (rule.name, rule.disabled, rule.password_sync)
                && (password_sync || RULES.iter().any(|start| tag.starts_with(start)))
            {
                let place = Locator::Element("synchronizationRule".into());
                let waiting = into.facts.pending.exports.entry(folder).or_default();
                let rule = SynchronisationRule {
                    name,
                    tag: rule.tag,
                    direction: rule.direction,
                    connector: rule.connector,
                    disabled,
                    password_sync,
                    scope: rule.scope,
                };
                origin.claim(&mut waiting.rules, Reading::Value(At::new(rule, place)));
            }
        }
        ExportPart::OtherConnector(_) => {}
    }
    Ok(())
}

/// The folder of the export that a file stands in: its name without the file and without the
/// folder of its kind.
fn export_folder(name: &str) -> String {
    let parts: Vec<_> = name.split(['/', '\\']).collect();
    let mut folder = parts.split_last().map_or(&[][..], |(_, folder)| folder);
    if let Some((last, rest)) = folder.split_last()
        && ["Connectors", "GlobalSettings", "SynchronizationRules"]
            .iter()
            .any(|kind| kind.eq_ignore_ascii_case(last))
    {
        folder = rest;
    }
    folder.join("/")
}
