//! Domain controllers, their rootDSE, password filters and agents.

use std::collections::BTreeMap;

use super::super::{Intake, ItemReader};
use crate::carrier::json::{Object, Page};
use crate::directory::{ControllerReadings, PasswordFilters, RemoteSam, RootDse};
use crate::error::Error;
use crate::evidence::{At, Locator, Reading};

/// `Get-ADDomainController`: one controller, or with `-Filter *` those of a domain.
#[derive(Default)]
pub(super) struct Controllers {
    hosts: BTreeMap<String, Vec<String>>,
    listed: bool,
    place: Option<Locator>,
}

impl Controllers {
    pub(super) fn take(&mut self, into: &mut Intake<'_>, found: ControllerReadings) {
        let origin = into.origin;
        let Some(At { value: host, place }) = (match found.host {
            Reading::Value(at) => Some(at),
            Reading::Bad(error) => {
                origin.fault(error);
                None
            }
            Reading::Absent | Reading::Null(_) => None,
        }) else {
            return;
        };
        if let Some(domain) = found.domain.value() {
            self.hosts
                .entry(domain.to_ascii_lowercase())
                .or_default()
                .push(host.clone());
            let facts = into.facts.domain(domain);
            let name = found.domain.clone().map(|name| name.to_ascii_lowercase());
            origin.claim(&mut facts.name, name);
            let forest = found.forest.map(|name| name.to_ascii_lowercase());
            origin.claim(&mut facts.forest, forest);
        }
        self.place.get_or_insert_with(|| place.clone());
        let facts = into.facts.controller(&host);
        facts.host.claim(host, origin.at(place));
        origin.claim(
            &mut facts.domain,
            found.domain.map(|name| name.to_ascii_lowercase()),
        );
        origin.claim(&mut facts.os, found.os);
        origin.claim(&mut facts.os_version, found.os_version);
        origin.claim(&mut facts.read_only, found.read_only);
    }

    /// The end of the input. PowerShell prints one controller alone as a single object, so that a
    /// single one is all only where the manifest says so; several, or a list of one, are.
    pub(super) fn close(&mut self, into: &mut Intake<'_>) {
        let several = self.listed || self.hosts.values().map(Vec::len).sum::<usize>() > 1;
        if !into.complete() || !(several || into.origin.complete == Some(true)) {
            return;
        }
        let place = self.place.take().unwrap_or_default();
        for (domain, mut hosts) in std::mem::take(&mut self.hosts) {
            hosts.sort_unstable();
            hosts.dedup();
            let from = into.origin.at(place.clone());
            into.facts.domain(&domain).controllers.claim(hosts, from);
        }
    }
}

impl ItemReader for Controllers {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        self.listed |= *object.place() != Locator::Pointer(String::new());
        self.take(into, ControllerReadings::from_json(object));
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        self.close(into);
    }
}

/// `Get-AzureADPasswordProtectionDCAgent`: the controllers of a forest that have the agent.
#[derive(Default)]
pub(super) struct Agents {
    hosts: BTreeMap<String, Vec<String>>,
    listed: bool,
}

impl ItemReader for Agents {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        self.listed |= *object.place() != Locator::Pointer(String::new());
        let Some(host) = into.origin.value(object.words("ServerFQDN")) else {
            return;
        };
        let from = into.origin.at(object.place().clone());
        let controller = into.facts.controller(host);
        controller.protection_agent.claim(true, from);
        if let Some(domain) = into.origin.value(object.words("Domain")) {
            let hosts = self.hosts.entry(domain.to_ascii_lowercase()).or_default();
            hosts.push(host.to_owned());
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        if !into.complete() || !(self.listed || into.origin.complete == Some(true)) {
            return;
        }
        for (domain, mut hosts) in std::mem::take(&mut self.hosts) {
            hosts.sort_unstable();
            hosts.dedup();
            let from = into.origin.at(Locator::Whole);
            let domain = into.facts.domain(&domain);
            domain.protection_agents.claim(hosts, from);
        }
    }
}

/// The rootDSE tells the time, which holds for all that follows in the same input.
pub(super) fn root_dse(into: &mut Intake<'_>, found: RootDse) {
    let origin = into.origin;
    if let Some(time) = found.time {
        origin.observed_at.set(Some(time));
    }
    if let Some(name) = found.domain.value() {
        let domain = into.facts.domain(name);
        origin.claim(&mut domain.name, found.domain.clone());
        origin.claim(&mut domain.forest, found.forest);
    }
    match found.host {
        Reading::Value(At { value: host, place }) => {
            let controller = into.facts.controller(&host);
            controller.host.claim(host, origin.at(place));
            origin.claim(&mut controller.domain, found.domain);
            origin.claim(&mut controller.controls, found.controls);
        }
        Reading::Bad(error) => origin.fault(error),
        Reading::Absent | Reading::Null(_) => origin.fault(Error::value(
            Locator::Whole,
            "the rootDSE does not say which domain controller answered (dnsHostName)",
        )),
    }
}

/// `Notification Packages` of a domain controller, which the output or the manifest names.
pub(super) fn filters(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    let origin = into.origin;
    let found = PasswordFilters::from_json(object);
    let host = found.host.value().cloned();
    let Some(host) = host.or_else(|| origin.subject_host().map(str::to_owned)) else {
        origin.fault(
            Error::value(
                object.place().clone(),
                "nothing says which domain controller these password filters are of",
            )
            .with_help("read them with Invoke-Command, or name the host in a manifest"),
        );
        return;
    };
    let remote_sam = RemoteSam::from_json(object);
    let controller = into.facts.controller(&host);
    origin.claim(&mut controller.password_filters, found.packages);
    origin.claim(&mut controller.remote_sam, remote_sam);
}
