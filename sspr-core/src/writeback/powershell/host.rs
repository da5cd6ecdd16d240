//! Facts of a Windows host.

use serde_json::Value;

use crate::carrier::json::Object;
use crate::evidence::{At, Locator, Reading};
use crate::writeback::{EndpointTest, ServiceState, StartMode, SyncService, Tls12Value, Version};

const STATES: &[(&str, i64, ServiceState)] = &[
    ("Stopped", 1, ServiceState::Stopped),
    ("StartPending", 2, ServiceState::StartPending),
    ("Start Pending", 2, ServiceState::StartPending),
    ("StopPending", 3, ServiceState::StopPending),
    ("Stop Pending", 3, ServiceState::StopPending),
    ("Running", 4, ServiceState::Running),
    ("ContinuePending", 5, ServiceState::ContinuePending),
    ("Continue Pending", 5, ServiceState::ContinuePending),
    ("PausePending", 6, ServiceState::PausePending),
    ("Pause Pending", 6, ServiceState::PausePending),
    ("Paused", 7, ServiceState::Paused),
];

const STARTS: &[(&str, i64, StartMode)] = &[
    ("Automatic", 2, StartMode::Automatic),
    ("Auto", 2, StartMode::Automatic),
    ("AutomaticDelayedStart", 2, StartMode::Automatic),
    ("Manual", 3, StartMode::Manual),
    ("Disabled", 4, StartMode::Disabled),
];

/// Reads a service as `Get-Service` or `Get-CimInstance Win32_Service` prints it. The state and
/// the start mode have readings of their own, so that one can be lost without the other.
pub fn read_service(
    object: &Object<'_>,
) -> (
    Reading<SyncService>,
    Reading<ServiceState>,
    Reading<StartMode>,
) {
    // `Status` of Win32_Service is a word of health ("OK"), so `State` goes first.
    let state = object
        .choice("State", STATES)
        .or(|| object.choice("Status", STATES));
    let start = object
        .choice("StartMode", STARTS)
        .or(|| object.choice("StartType", STARTS));
    let service = object
        .words("Name")
        .or(|| object.words("ServiceName"))
        .map(|name| SyncService {
            name: name.trim().to_owned(),
            state: state.value().copied(),
            start: start.value().copied(),
        });
    (service, state, start)
}

/// Reads one value of `Get-ADSyncToolsTls12`: `Path`, `Name` and `Value`, where `Not Found`
/// stands for an absent value.
pub fn read_tls12_value(object: &Object<'_>) -> Reading<Tls12Value> {
    let path = object.text("Path").found().map(|at| at.value.to_owned());
    let name = object.text("Name").found().map(|at| at.value.to_owned());
    let value = match object.field("Value") {
        Reading::Absent => return Reading::Absent,
        Reading::Bad(error) => return Reading::Bad(error),
        Reading::Null(place) => Reading::Value(At::new(None, place)),
        Reading::Value(at) => Reading::Value(at).and_then(|value| match value {
            Value::Number(number) => number
                .as_i64()
                // The registry's DWORD 0xFFFFFFFF is printed as -1 by some.
                .and_then(|number| u32::try_from(number & 0xffff_ffff).ok())
                .map(Some)
                .ok_or_else(|| "expected a 32-bit number".to_owned()),
            Value::String(text) => {
                let text = text.trim();
                match text.parse::<u32>() {
                    Ok(number) => Ok(Some(number)),
                    Err(_) if text.chars().any(|c| c.is_ascii_digit()) => {
                        Err("expected a number or \"Not Found\"".to_owned())
                    }
                    Err(_) => Ok(None),
                }
            }
            _ => Err("expected a number or \"Not Found\"".to_owned()),
        }),
    };
    value.map(|value| Tls12Value {
        path: path.unwrap_or_default(),
        name: name.unwrap_or_default(),
        value,
    })
}

/// The names of the values that decide on TLS 1.2.
const TLS12_NAMES: [&str; 4] = [
    "SystemDefaultTlsVersions",
    "SchUseStrongCrypto",
    "DisabledByDefault",
    "Enabled",
];

/// Reads the table that `Get-ADSyncToolsTls12` prints: a line a value, with the key's path, the
/// value's name and its number or `Not Found`. Other lines are passed over.
pub fn read_tls12_table(text: &str) -> Vec<At<Tls12Value>> {
    let rows = (1_u64..).zip(text.lines()).filter_map(|(number, line)| {
        let line = line.trim();
        line.starts_with("HKLM:").then_some(())?;
        // Paths hold spaces and names do not, so the name is the one that is known.
        let (at, name) = TLS12_NAMES
            .iter()
            .find_map(|name| Some((line.find(&format!(" {name} "))?, *name)))?;
        let path = line.get(..at)?.trim();
        let value = line.get(at + name.len() + 2..)?.trim();
        let value = Tls12Value {
            path: path.to_owned(),
            name: name.to_owned(),
            value: value.parse().ok(),
        };
        Some(At::new(value, Locator::Line(number)))
    });
    rows.collect()
}

/// Reads `Test-NetConnection`. Two fields may be added by whoever collects: `ProxyConfigured` or
/// `Proxy` (true when the server goes through a proxy, so that a plain test says little) and
/// `TestedAt`.
pub fn read_endpoint_test(object: &Object<'_>) -> Reading<EndpointTest> {
    let host = match object.words("ComputerName") {
        Reading::Value(at) => at,
        Reading::Absent => return Reading::Absent,
        Reading::Null(place) => return Reading::Null(place),
        Reading::Bad(error) => return Reading::Bad(error),
    };
    let port = match object
        .integer("RemotePort")
        .and_then(|port| u16::try_from(port).map_err(|_| "ports are 0 to 65535".to_owned()))
    {
        Reading::Value(at) => at.value,
        Reading::Bad(error) => return Reading::Bad(error),
        Reading::Absent | Reading::Null(_) => return Reading::Absent,
    };
    object.bool("TcpTestSucceeded").map(|reached| EndpointTest {
        host: host.value.trim().to_owned(),
        port,
        reached,
        from: super::host_of(object).map(str::to_owned),
        proxy: object
            .bool("ProxyConfigured")
            .or(|| object.bool("Proxy"))
            .found()
            .map(|at| at.value),
        at: object.time("TestedAt").found().map(|at| at.value),
    })
}

/// The version of a program's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileVersion {
    /// The file's name without its folder, in lower case.
    pub file: String,
    /// Its version.
    pub version: Version,
}

/// Reads `(Get-Item …).VersionInfo`: `FileName` and `FileVersion` or `ProductVersion`.
pub fn read_file_version(object: &Object<'_>) -> Reading<FileVersion> {
    let Some(path) = object.words("FileName").found() else {
        return Reading::Absent;
    };
    let file = path.value.rsplit(['\\', '/']).next().unwrap_or_default();
    object
        .words("FileVersion")
        .or(|| object.words("ProductVersion"))
        .and_then(|text| {
            // Some programs write a build label behind the numbers.
            let number = text.split_whitespace().next().unwrap_or_default();
            Ok(FileVersion {
                file: file.trim().to_ascii_lowercase(),
                version: number.parse()?,
            })
        })
}
