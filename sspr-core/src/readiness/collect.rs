//! What to collect for a fact that is missing: where, with which rights, how long, which command.

use std::collections::BTreeMap;

use super::{CollectEntry, Names, Rule};
use crate::evidence::Missing;

/// A way to collect evidence.
#[derive(Debug)]
pub struct Step {
    /// A short name.
    pub id: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Where to run it.
    pub place: &'static str,
    /// The rights it takes.
    pub rights: &'static str,
    /// The minutes it takes.
    pub minutes: u32,
    /// The command.
    pub command: fn(&Names) -> String,
    /// The facts it gives: names, or beginnings of names that end in a dot.
    pub gives: &'static [&'static str],
}

/// Every step. Where several give a fact, the first one is advised.
pub const STEPS: &[Step] = &[
    Step {
        id: "connectServer",
        what: "the Entra Connect server: version, writeback, staging, service, TLS, endpoints and its log",
        place: "the active Entra Connect server, in Windows PowerShell as administrator",
        rights: "local administrator and ADSyncAdmins",
        minutes: 5,
        command: |_| {
            "sspr collect script -Part Connect > collect.ps1; powershell -ExecutionPolicy Bypass -File .\\collect.ps1".into()
        },
        gives: &["server.", "events.", "cloudSync."],
    },
    Step {
        id: "passwordResetBlade",
        what: "the Password reset blade: scope, methods, registration, notifications and on-premises integration",
        place: "the Microsoft Entra admin center, read off by hand",
        rights: "Global Reader",
        minutes: 5,
        command: |_| "sspr attest".into(),
        gives: &["sspr.", "integration.", "signIn.", "test."],
    },
    Step {
        id: "domain",
        what: "the domain: password policy, domain controllers, people's password dates",
        place: "a domain member with the Active Directory module",
        rights: "any domain user",
        minutes: 5,
        command: |_| {
            "sspr collect script -Part Directory > collect.ps1; powershell -ExecutionPolicy Bypass -File .\\collect.ps1".into()
        },
        gives: &["domain.", "controller.", "dc."],
    },
];

/// The step that gives a fact.
pub fn step_for(fact: &str) -> Option<&'static Step> {
    STEPS.iter().find(|step| {
        step.gives
            .iter()
            .any(|name| fact == *name || name.ends_with('.') && fact.starts_with(name))
    })
}

/// What to collect, the most telling first: by gates settled, then by rules, then by minutes.
pub(super) fn plan(unknown: &[(&'static Rule, &[Missing])], names: &Names) -> Vec<CollectEntry> {
    let mut by_step: BTreeMap<&'static str, (&'static Step, Vec<&'static Rule>)> = BTreeMap::new();
    for (rule, missing) in unknown {
        for fact in *missing {
            let Some(step) = step_for(&fact.fact) else {
                continue;
            };
            let (_, rules) = by_step.entry(step.id).or_insert_with(|| (step, Vec::new()));
            if !rules.iter().any(|known| known.code == rule.code) {
                rules.push(rule);
            }
        }
    }
    let mut entries: Vec<_> = by_step.into_values().collect();
    for (_, rules) in &mut entries {
        rules.sort_by_key(|rule| (!rule.gate, rule.code));
    }
    entries.sort_by_key(|(step, rules)| {
        let gates = rules.iter().filter(|rule| rule.gate).count();
        (
            std::cmp::Reverse((gates, rules.len())),
            step.minutes,
            step.id,
        )
    });
    entries
        .into_iter()
        .map(|(step, rules)| CollectEntry {
            id: step.id,
            what: step.what,
            place: step.place,
            rights: step.rights,
            minutes: step.minutes,
            command: (step.command)(names),
            settles: rules.iter().map(|rule| rule.code).collect(),
        })
        .collect()
}
