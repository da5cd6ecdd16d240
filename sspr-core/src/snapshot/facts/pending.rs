//! Facts that find their place only when all evidence has been read, whatever its order was.
//!
//! A connector's file of the Entra Connect export does not name its server: the `MV.xml` of the
//! same folder does. A service list without a host belongs to the only server there is. Network
//! tests and agents come one by one and make one list.

use std::collections::BTreeMap;

use super::{CloudSyncAgent, Facts, ServerFacts, SynchronisationRule, host_key};
use crate::evidence::{Claim, Known, Provenance, Strength};
use crate::writeback::{Connector, EndpointTest};

/// What waits for the end.
#[derive(Debug)]
pub(crate) struct Pending {
    /// Configuration exports, by the folder that they stand in.
    pub(crate) exports: BTreeMap<String, Export>,
    /// Network tests, by the machine that made them.
    pub(crate) endpoints: BTreeMap<Option<String>, Known<EndpointTest>>,
    /// Cloud sync agents.
    pub(crate) agents: Known<CloudSyncAgent>,
}

impl Default for Pending {
    fn default() -> Self {
        Self {
            exports: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            agents: Known::absent("cloudSync.agents"),
        }
    }
}

/// One configuration export.
#[derive(Debug)]
pub(crate) struct Export {
    /// The servers that its `MV.xml` names: one, unless folders were thrown together.
    pub(crate) hosts: Known<String>,
    /// What the connector to Entra ID says of the server.
    pub(crate) server: ServerFacts,
    /// Connectors to forests.
    pub(crate) connectors: Known<Connector>,
    /// Synchronisation rules that matter to writeback.
    pub(crate) rules: Known<SynchronisationRule>,
}

impl Default for Export {
    fn default() -> Self {
        Self {
            hosts: Known::absent("server.host"),
            server: ServerFacts::default(),
            connectors: Known::absent("server.connectors"),
            rules: Known::absent("server.synchronisationRules"),
        }
    }
}

impl Pending {
    /// The network tests of a machine.
    pub(crate) fn endpoints_of(&mut self, host: Option<&str>) -> &mut Known<EndpointTest> {
        self.endpoints
            .entry(host.map(str::to_owned))
            .or_insert_with(|| Known::absent("server.endpoints"))
    }
}

impl Facts {
    /// Gives everything that waited its place.
    pub(crate) fn settle_servers(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        for (_, export) in pending.exports {
            self.settle_export(export);
        }
        for (host, tests) in pending.endpoints {
            if let Some(claim) = listed(&tests) {
                let server = match &host {
                    Some(host) => self.machine(host),
                    None => &mut self.unnamed_server,
                };
                server.endpoints.claim(claim.value, claim.from);
            }
        }
        if let Some(Claim { value, from }) = listed(&pending.agents) {
            self.cloud_sync.agents.claim(merged(value), from);
        }
        self.settle_machines();
    }

    fn settle_export(&mut self, export: Export) {
        let Export {
            hosts,
            mut server,
            connectors,
            rules,
        } = export;
        let first = hosts.claims().first();
        // The files beside MV.xml were written in the same minute.
        let observed = first.and_then(|claim| claim.from.observed_at);
        let dated = |from: Provenance| Provenance {
            observed_at: observed.or(from.observed_at),
            ..from
        };
        if let Some(Claim { value, from }) = listed(&connectors) {
            server.connectors.claim(value, dated(from));
        }
        if let Some(Claim { value, from }) = listed(&rules) {
            server.rules.claim(value, dated(from));
        }
        let one = first.filter(|first| hosts.claims().iter().all(|h| h.value == first.value));
        let target = match one {
            Some(host) => self.server(&host.value),
            None => &mut self.unnamed_server,
        };
        target.absorb(server.dated(observed), Strength::Observed);
    }

    /// Facts of a machine belong to the server of the same name. Where Connect's own evidence
    /// names no server, the only machine is taken for it, and the only server for the unnamed
    /// one; both are inferences.
    fn settle_machines(&mut self) {
        let only = match self.machines.first_key_value() {
            Some((key, _)) if self.machines.len() == 1 => Some(key.clone()),
            _ => None,
        };
        if let Some(key) = only
            && self.servers.is_empty()
            && self.unnamed_server.speaks_of_connect()
            && !self.controllers.contains_key(&key)
            && let Some(machine) = self.machines.remove(&key)
        {
            self.server(&key).absorb(machine, Strength::Inferred);
        }
        for (key, server) in &mut self.servers {
            if let Some(machine) = self.machines.remove(key) {
                server.absorb(machine, Strength::Observed);
            }
        }
        if self.servers.len() == 1
            && let Some(server) = self.servers.values_mut().next()
        {
            let unnamed = std::mem::take(&mut self.unnamed_server);
            server.absorb(unnamed, Strength::Inferred);
        }
    }
}

/// All claims as one list, with the provenance of the one that counts first.
fn listed<T: Clone>(known: &Known<T>) -> Option<Claim<Vec<T>>> {
    let from = known.claims().first()?.from.clone();
    let value = known.claims().iter().map(|claim| claim.value.clone());
    Some(Claim {
        value: value.collect(),
        from,
    })
}

/// What different sources say of the same agents: the cloud its state, a file its version.
fn merged(agents: Vec<CloudSyncAgent>) -> Vec<CloudSyncAgent> {
    let mut by_host: BTreeMap<String, CloudSyncAgent> = BTreeMap::new();
    for agent in agents {
        let known = by_host
            .entry(host_key(&agent.host))
            .or_insert_with(|| agent.clone());
        known.version = known.version.or(agent.version);
        known.active = known.active.or(agent.active);
    }
    // A file's version without its host is that of the only agent there is.
    if by_host.len() == 2
        && let Some(nameless) = by_host.remove("")
        && let Some(agent) = by_host.values_mut().next()
    {
        agent.version = agent.version.or(nameless.version);
    }
    by_host.into_values().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::snapshot::{Input, ReadOptions, Snapshot};

    fn read(inputs: Vec<(&str, &str)>) -> Snapshot {
        let inputs = inputs
            .into_iter()
            .map(|(name, text)| Input::bytes(name, text.as_bytes()))
            .collect();
        Snapshot::read(inputs, &ReadOptions::default(), &mut |_| {
            std::ops::ControlFlow::Continue(())
        })
        .unwrap()
    }

    const MV: &str = "<saved-mv-configuration server='AADC01' export-date='2026-11-20 09:00:00'>\
        <parameter name='Microsoft.Synchronize.StagingMode'>False</parameter>\
        </saved-mv-configuration>";
    const FOREST: &str = "<ma-data><name>contoso.com</name><category>AD</category></ma-data>";
    const OS: &str = r#"{"Caption":"Microsoft Windows Server 2022 Standard","BuildNumber":"20348","CSName":"AADC01"}"#;

    #[test]
    fn connectors_belong_to_the_server_of_their_folder() {
        let snapshot = read(vec![
            ("one/Connectors/Connector_{1}.xml", FOREST),
            ("one/GlobalSettings/MV.xml", MV),
            ("two/Connectors/Connector_{2}.xml", FOREST),
        ]);
        let server = &snapshot.facts.servers["aadc01"];
        let connectors = server.connectors.get().unwrap();
        assert_eq!(connectors.value.len(), 1);
        assert!(connectors.from.observed_at.is_some());
        assert_eq!(connectors.from.strength, Strength::Exported);
        // The other folder names no server, so the only one there is has it by inference.
        assert_eq!(
            server.connectors.claims()[1].from.strength,
            Strength::Inferred
        );
    }

    #[test]
    fn a_machine_becomes_a_server_only_where_something_speaks_of_connect() {
        let alone = read(vec![("os.json", OS)]);
        assert!(alone.facts.servers.is_empty());
        assert_eq!(alone.facts.machines.len(), 1);
        let scheduler = r#"{"StagingModeEnabled":false,"SyncCycleEnabled":true}"#;
        let both = read(vec![("os.json", OS), ("scheduler.json", scheduler)]);
        let server = &both.facts.servers["aadc01"];
        assert_eq!(server.os.get().unwrap().from.strength, Strength::Inferred);
        assert_eq!(
            server.staging.get().unwrap().from.strength,
            Strength::Inferred
        );
        let named = read(vec![("os.json", OS), ("MV.xml", MV)]);
        let os = named.facts.servers["aadc01"].os.get().unwrap().clone();
        assert_eq!(os.from.strength, Strength::Exported);
    }

    #[test]
    fn what_is_recognised_and_not_read_is_listed_so() {
        let policy = r#"{"onpremisesDirectoryPolicy":[{"name":"contoso.com"}]}"#;
        let snapshot = read(vec![("Applied-SynchronizationPolicy-1.JSON", policy)]);
        assert!(snapshot.skipped.is_empty());
        assert!(snapshot.evidence[0].unused);
        assert!(!read(vec![("os.json", OS)]).evidence[0].unused);
    }

    #[test]
    fn agents_of_several_sources_are_one() {
        let list = r#"{"value":[{"id":"1","machineName":"SYNC01.contoso.com","status":"active"}]}"#;
        let file =
            r#"{"FileName":"C:\\AADConnectProvisioningAgent.exe","FileVersion":"1.1.1373.0"}"#;
        let snapshot = read(vec![("a.json", list), ("b.json", file)]);
        let agents = &snapshot.facts.cloud_sync.agents.get().unwrap().value;
        assert_eq!(agents.len(), 1);
        assert_eq!(agents[0].active, Some(true));
        assert!(agents[0].version.is_some());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn the_order_of_inputs_changes_nothing(order in Just(vec![0, 1, 2, 3]).prop_shuffle()) {
            let all = [
                ("one/Connectors/Connector_{1}.xml", FOREST),
                ("one/GlobalSettings/MV.xml", MV),
                ("os.json", OS),
                ("svc.json", r#"[{"Name":"ADSync","Status":4,"StartType":2}]"#),
            ];
            let told = |inputs| format!("{:?}", read(inputs).facts.servers);
            let shuffled = order.into_iter().map(|index: usize| all[index]).collect();
            prop_assert_eq!(told(all.to_vec()), told(shuffled));
        }
    }
}
