//! Facts of a Windows host, whether it runs Entra Connect or not.

use std::io::{BufRead, Read};

use super::{Intake, ItemReader, JsonKind, TextKind, connect};
use crate::carrier::json::{Object, Page};
use crate::carrier::powershell_list::parse_list;
use crate::directory::{PasswordFilters, RemoteSam};
use crate::error::{Error, Result};
use crate::evidence::{At, Gap, Locator, Reading, Strength, SubjectType};
use crate::snapshot::facts::{CloudSyncAgent, ServerFacts};
use crate::writeback::powershell::{
    PrintedList, host_of, read_endpoint_test, read_file_version, read_service, read_tls12_table,
    read_tls12_value,
};
use crate::writeback::{
    PASS_THROUGH_SERVICE, SYNC_SERVICE, ServiceState, Tls12Value, is_time_status, read_clock_offset,
};

pub(super) const TEXT: &[TextKind] = &[
    TextKind {
        name: "timeStatus",
        strength: Strength::Exported,
        matches: is_time_status,
        read: time_status,
    },
    TextKind {
        name: "tls12",
        strength: Strength::Exported,
        matches: |head| !read_tls12_table(head).is_empty(),
        read: tls12_table,
    },
    TextKind {
        name: "serverLists",
        strength: Strength::Exported,
        matches: |head| {
            !head.trim_start().starts_with(['{', '[', '<'])
                && parse_list(head)
                    .objects
                    .iter()
                    .any(|list| kind_of(&PrintedList::of(list).object()).is_some())
        },
        read: lists,
    },
];

pub(super) const JSON: &[JsonKind] = &[
    JsonKind {
        name: "services",
        strength: Strength::Exported,
        matches: is_service,
        reader: || Box::new(service),
    },
    JsonKind {
        name: "operatingSystem",
        strength: Strength::Exported,
        matches: |object, _| object.has(&["Caption", "BuildNumber"]),
        reader: || Box::new(operating_system),
    },
    JsonKind {
        name: "computerSystem",
        strength: Strength::Exported,
        matches: |object, _| object.has(&["DomainRole"]),
        reader: || Box::new(computer_system),
    },
    JsonKind {
        name: "tls12",
        strength: Strength::Exported,
        matches: |object, _| {
            object.has(&["Path", "Name", "Value"])
                && object.text("Path").value().is_some_and(|path| {
                    let path = path.to_ascii_lowercase();
                    path.contains("schannel") || path.contains(".netframework")
                })
        },
        reader: || Box::<Tls12>::default(),
    },
    JsonKind {
        name: "endpointTests",
        strength: Strength::Exported,
        matches: |object, _| object.has(&["ComputerName", "RemotePort", "TcpTestSucceeded"]),
        reader: || Box::new(endpoint_test),
    },
    JsonKind {
        name: "fileVersions",
        strength: Strength::Exported,
        matches: |object, _| object.has(&["FileName", "FileVersion"]),
        reader: || Box::new(file_version),
    },
    JsonKind {
        name: "dotNetFramework",
        strength: Strength::Exported,
        matches: |object, _| {
            !object.has(&["Caption"])
                && object
                    .integer("Release")
                    .value()
                    .is_some_and(|release| *release >= 378_389)
        },
        reader: || {
            Box::new(|into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]| {
                let release = object.integer("Release").and_then(|release| {
                    u32::try_from(release).map_err(|_| "expected a 32-bit number".to_owned())
                });
                machine(into, object, |origin, machine| {
                    origin.claim(&mut machine.dotnet_release, release);
                });
            })
        },
    },
    JsonKind {
        name: "remoteSam",
        strength: Strength::Exported,
        matches: |object, _| {
            RemoteSam::matches_json(object) && !PasswordFilters::matches_json(object)
        },
        reader: || {
            Box::new(|into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]| {
                let setting = RemoteSam::from_json(object);
                machine(into, object, |origin, machine| {
                    origin.claim(&mut machine.remote_sam, setting);
                });
            })
        },
    },
    JsonKind {
        name: "windowsVersion",
        strength: Strength::Exported,
        matches: |object, _| object.has(&["InstallationType"]),
        reader: || {
            Box::new(|into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]| {
                let kind = object
                    .words("InstallationType")
                    .map(|text| text.trim().to_owned());
                machine(into, object, |origin, machine| {
                    origin.claim(&mut machine.installation_type, kind);
                });
            })
        },
    },
];

/// The host that an object speaks of: as it says itself, else as the manifest says.
pub(super) fn host_name(into: &Intake<'_>, object: &Object<'_>) -> Option<String> {
    host_of(object)
        .map(str::to_owned)
        .or_else(|| manifest_host(into))
}

fn manifest_host(into: &Intake<'_>) -> Option<String> {
    let subject = into.origin.subject.as_ref()?;
    (subject.kind == SubjectType::Host)
        .then(|| into.origin.subject_name().map(str::to_owned))
        .flatten()
}

/// Hands the facts of the machine to a claim: of the named one, or of the unnamed server.
fn machine(
    into: &mut Intake<'_>,
    object: &Object<'_>,
    claim: impl FnOnce(&crate::snapshot::Origin, &mut ServerFacts),
) {
    let host = host_name(into, object);
    let origin = into.origin;
    match host {
        Some(host) => claim(origin, into.facts.machine(&host)),
        None => claim(origin, &mut into.facts.unnamed_server),
    }
}

fn is_service(object: &Object<'_>, _: &[Page]) -> bool {
    object.has(&["Name"])
        && (object.has(&["Status", "StartType"])
            || object.has(&["State", "StartMode"])
            || object.has(&["Status", "ServiceName"])
            || object.has(&["Status", "ServiceType"])
            || object.has(&["Status", "DisplayName", "CanStop"]))
}

fn service(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    let (service, state, start) = read_service(object);
    let Some(service) = into.origin.value(service) else {
        return;
    };
    if service.name.eq_ignore_ascii_case(SYNC_SERVICE) {
        let account = object.words("StartName").map(|name| name.trim().to_owned());
        let host = host_name(into, object);
        let origin = into.origin;
        // The service is what makes a machine an Entra Connect server.
        let server = match host {
            Some(host) => into.facts.server(&host),
            None => &mut into.facts.unnamed_server,
        };
        origin.claim(&mut server.service_state, state);
        origin.claim(&mut server.service_start, start);
        origin.claim(&mut server.service_account, account);
    } else if service.name.eq_ignore_ascii_case(PASS_THROUGH_SERVICE) {
        let runs = state.map(|state| state == ServiceState::Running);
        machine(into, object, |origin, machine| {
            origin.claim(&mut machine.pass_through_agent, runs);
        });
    }
}

fn operating_system(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    let caption = object.words("Caption").map(|text| text.trim().to_owned());
    let build = object
        .integer("BuildNumber")
        .and_then(|build| u32::try_from(build).map_err(|_| "expected a build number".to_owned()));
    machine(into, object, |origin, machine| {
        origin.claim(&mut machine.os, caption);
        origin.claim(&mut machine.os_build, build);
    });
}

fn computer_system(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    // Windows PowerShell prints the number, PowerShell 7 may print the word.
    let role = object.integer("DomainRole").and_then(|role| match role {
        0..=3 => Ok(false),
        4 | 5 => Ok(true),
        _ => Err("roles are 0 to 5".to_owned()),
    });
    let role = match role {
        Reading::Bad(error) => object.text("DomainRole").and_then(|word| {
            let word = word.to_ascii_lowercase();
            if word.contains("domaincontroller") || word.contains("domain controller") {
                Ok(true)
            } else if word.contains("server") || word.contains("workstation") {
                Ok(false)
            } else {
                Err(error.message)
            }
        }),
        other => other,
    };
    let name = object.words("Name").found().map(|at| at.value.to_owned());
    let host = host_name(into, object).or(name);
    let origin = into.origin;
    let machine = match host {
        Some(host) => into.facts.machine(&host),
        None => &mut into.facts.unnamed_server,
    };
    origin.claim(&mut machine.is_controller, role);
}

/// The values of `Get-ADSyncToolsTls12`, one object each.
#[derive(Default)]
struct Tls12 {
    host: Option<String>,
    values: Vec<Tls12Value>,
    place: Option<Locator>,
}

impl ItemReader for Tls12 {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        self.host = host_name(into, object).or_else(|| self.host.take());
        if let Some(value) = into.origin.value(read_tls12_value(object)) {
            self.place.get_or_insert_with(|| object.place().clone());
            self.values.push(value);
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        let Some(place) = self.place.take() else {
            return;
        };
        let values = Reading::Value(At::new(std::mem::take(&mut self.values), place));
        let origin = into.origin;
        let machine = match &self.host {
            Some(host) => into.facts.machine(host),
            None => &mut into.facts.unnamed_server,
        };
        origin.claim(&mut machine.tls12, values);
    }
}

fn endpoint_test(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    let host = host_name(into, object);
    let origin = into.origin;
    let test = read_endpoint_test(object).map(|mut test| {
        test.from.clone_from(&host);
        test.at = test.at.or(origin.observed_at.get());
        test
    });
    let tests = into.facts.pending.endpoints_of(host.as_deref());
    origin.claim(tests, test);
}

fn file_version(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    let file = read_file_version(object);
    let host = host_name(into, object);
    let origin = into.origin;
    match file.value().map(|file| file.file.clone()).as_deref() {
        Some("miiserver.exe") => {
            let server = match host {
                Some(host) => into.facts.server(&host),
                None => &mut into.facts.unnamed_server,
            };
            origin.claim(&mut server.version, file.map(|file| file.version));
        }
        Some("aadconnectprovisioningagent.exe") => {
            let agent = file.map(|file| CloudSyncAgent {
                host: host.unwrap_or_default(),
                version: Some(file.version),
                active: None,
            });
            origin.claim(&mut into.facts.pending.agents, agent);
        }
        _ => {
            let _ = origin.value(file);
        }
    }
}

fn time_status(into: &mut Intake<'_>, text: &mut dyn BufRead) -> Result<()> {
    into.collection.items += 1;
    let host = manifest_host(into);
    let origin = into.origin;
    let machine = match host {
        Some(host) => into.facts.machine(&host),
        None => &mut into.facts.unnamed_server,
    };
    if let Some(At { value, place }) = read_clock_offset(&whole(text)?) {
        if value.by_position {
            // The label is in another language: the line was found by what stands in it.
            origin.strength.set(Strength::Inferred);
        }
        let offset = Reading::Value(At::new(value.milliseconds, place));
        origin.claim(&mut machine.clock_offset_ms, offset);
    } else {
        machine.clock_offset_ms.note_gap(Gap::Unreadable(
            "only `w32tm /query /status /verbose` prints the offset".into(),
        ));
    }
    Ok(())
}

/// A table of `Get-ADSyncToolsTls12`.
fn tls12_table(into: &mut Intake<'_>, text: &mut dyn BufRead) -> Result<()> {
    let rows = read_tls12_table(&whole(text)?);
    into.collection.items += rows.len() as u64;
    let host = manifest_host(into);
    let origin = into.origin;
    let machine = match host {
        Some(host) => into.facts.machine(&host),
        None => &mut into.facts.unnamed_server,
    };
    if let Some(first) = rows.first() {
        let place = first.place.clone();
        let values = rows.into_iter().map(|row| row.value).collect();
        origin.claim(&mut machine.tls12, Reading::Value(At::new(values, place)));
    }
    Ok(())
}

/// The kind of JSON evidence that an object printed as a list is of.
fn kind_of(object: &Object<'_>) -> Option<&'static JsonKind> {
    let mut kinds = connect::JSON.iter().chain(JSON);
    kinds.find(|kind| (kind.matches)(object, &[]))
}

/// Objects that PowerShell printed as lists are read like the same objects in JSON.
fn lists(into: &mut Intake<'_>, text: &mut dyn BufRead) -> Result<()> {
    let read = parse_list(&whole(text)?);
    into.origin.lost(read.lost, read.first_lost.as_ref());
    let mut readers: Vec<(&'static JsonKind, Box<dyn ItemReader>)> = Vec::new();
    for list in &read.objects {
        let list = PrintedList::of(list);
        let object = list.object();
        let Some(kind) = kind_of(&object) else {
            continue;
        };
        into.collection.items += 1;
        let known = readers
            .iter()
            .position(|(known, _)| std::ptr::eq(*known, kind));
        let index = known.unwrap_or_else(|| {
            readers.push((kind, (kind.reader)()));
            readers.len() - 1
        });
        if let Some((_, reader)) = readers.get_mut(index) {
            reader.item(into, &object, &[]);
        }
    }
    for (_, reader) in &mut readers {
        reader.finish(into);
    }
    Ok(())
}

/// A short text as a whole.
fn whole(text: &mut dyn BufRead) -> Result<String> {
    let mut whole = String::new();
    text.take(1 << 20)
        .read_to_string(&mut whole)
        .map_err(|error| Error::io(Locator::Whole, error))?;
    Ok(whole)
}
