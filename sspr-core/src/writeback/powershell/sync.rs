//! The cmdlets of the ADSync module.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

use crate::carrier::json::{Object, cut_short};
use crate::error::{Error, ErrorCode};
use crate::evidence::{At, Locator, Reading};
use crate::time::{self, Interval};
use crate::writeback::export::GlobalSettings;
use crate::writeback::{ConnectIdentity, Connector, Partition};

/// What `Get-ADSyncScheduler` prints.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheduler {
    /// Staging mode.
    pub staging: Reading<bool>,
    /// The synchronisation schedule is on.
    pub sync_cycle: Reading<bool>,
    /// The scheduler is suspended.
    pub suspended: Reading<bool>,
    /// Time between synchronisations that is in effect.
    pub interval: Reading<Interval>,
    /// When the next synchronisation starts.
    pub next_sync: Reading<DateTime<Utc>>,
}

/// Reads `Get-ADSyncScheduler`.
pub fn read_scheduler(object: &Object<'_>) -> Scheduler {
    Scheduler {
        staging: object.bool("StagingModeEnabled"),
        sync_cycle: object.bool("SyncCycleEnabled"),
        suspended: object.bool("SchedulerSuspended"),
        interval: object.interval("CurrentlyEffectiveSyncCycleInterval"),
        next_sync: utc_time(object, "NextSyncCycleStartTimeInUTC"),
    }
}

/// A time that its own name says is UTC: PowerShell may print it without a zone.
fn utc_time(object: &Object<'_>, name: &str) -> Reading<DateTime<Utc>> {
    let naive = object.text(name).found().and_then(|at| {
        NaiveDateTime::parse_from_str(at.value.trim(), "%Y-%m-%dT%H:%M:%S%.f")
            .ok()
            .map(|time| At::new(time.and_utc(), at.place))
    });
    naive.map_or_else(|| object.time(name), Reading::Value)
}

/// Reads `Get-ADSyncGlobalSettings`, whose `Parameters` are names and values.
pub fn read_global_settings(object: &Object<'_>) -> Reading<GlobalSettings> {
    let parameters = match object.array("Parameters") {
        Reading::Value(parameters) => parameters,
        Reading::Absent => return Reading::Absent,
        Reading::Null(place) => return Reading::Null(place),
        Reading::Bad(error) => return Reading::Bad(error),
    };
    let mut settings = GlobalSettings::default();
    for At { value, place } in parameters.value {
        match value {
            Value::Object(map) => {
                read_global_setting(&Object::new(map, place), &mut settings);
            }
            other => {
                let cut = if cut_short(other) {
                    "cut short"
                } else {
                    "printed as text"
                };
                return Reading::Bad(
                    Error::new(
                        ErrorCode::Truncated,
                        place,
                        format!("the parameters were {cut} by PowerShell"),
                    )
                    .with_help("export again with `ConvertTo-Json -Depth 10`"),
                );
            }
        }
    }
    Reading::Value(At::new(settings, parameters.place))
}

/// Reads one of the global parameters, an object with `Name` and `Value`.
pub fn read_global_setting(object: &Object<'_>, settings: &mut GlobalSettings) {
    if let (Some(name), Some(value)) = (object.text("Name").found(), object.field("Value").found())
    {
        let text = match value.value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        settings.set(name.value, &value.place, &text);
    }
}

/// Reads `Get-ADSyncEntraConnectorCredential`.
///
/// `ConnectorIdentityType` decides where it is a word. What stands behind its number is not
/// documented, so a number counts only together with what it is about: an application's id, or
/// the name of a `Sync_…` account. Builds differ in the other fields: a certificate's end is any
/// field that speaks of a certificate and of an end.
pub fn read_identity(object: &Object<'_>) -> Reading<ConnectIdentity> {
    let identity = object.field("ConnectorIdentityType").and_then(|value| {
        let application = match value.as_str().map(str::trim) {
            Some(word) if word.eq_ignore_ascii_case("Application") => true,
            Some(word) if word.eq_ignore_ascii_case("ServiceAccount") => false,
            _ if names_application(object) => true,
            _ if names_account(object) => false,
            _ => {
                return Err("it is neither Application nor ServiceAccount; print the word with \
                    `Select-Object @{n='ConnectorIdentityType';e={\"$($_.ConnectorIdentityType)\"}}`"
                    .to_owned());
            }
        };
        Ok(ConnectIdentity {
            application,
            managed: None,
            certificate_expires: None,
        })
    });
    identity.map(|mut identity| {
        if identity.application {
            identity.managed = managed(object);
            identity.certificate_expires = certificate_end(object);
        }
        identity
    })
}

/// Whether a field holds the id of an application.
fn names_application(object: &Object<'_>) -> bool {
    object.map().keys().any(|key| {
        let name = key.to_ascii_lowercase();
        (name.contains("app") || name.contains("clientid"))
            && object.guid(key).value().is_some_and(|id| !id.is_nil())
    })
}

/// Whether a field holds the name of the account that Entra Connect makes for itself.
fn names_account(object: &Object<'_>) -> bool {
    let mut values = object.map().values();
    values.any(|value| value.as_str().is_some_and(|text| text.starts_with("Sync_")))
}

fn managed(object: &Object<'_>) -> Option<bool> {
    let fields = object.map().iter();
    fields
        .filter(|(key, _)| key.to_ascii_lowercase().contains("managedby"))
        .filter_map(|(_, value)| value.as_str())
        .find_map(|who| {
            let who = who.to_ascii_lowercase();
            if ["byo", "bring", "administrator", "customer", "user"]
                .iter()
                .any(|word| who.contains(word))
            {
                Some(false)
            } else {
                ["connect", "microsoft", "managed"]
                    .iter()
                    .any(|word| who.contains(word))
                    .then_some(true)
            }
        })
}

fn certificate_end(object: &Object<'_>) -> Option<DateTime<Utc>> {
    object.map().iter().find_map(|(key, value)| {
        let name = key.to_ascii_lowercase();
        let ends = ["expir", "notafter", "enddate", "validto"]
            .iter()
            .any(|word| name.contains(word));
        let certificate = name.contains("cert") || name.contains("credential");
        match value {
            Value::Object(map) if name.contains("certificate") => {
                let inner = Object::new(map, Locator::Whole);
                inner.time("NotAfter").found().map(|at| at.value)
            }
            _ if ends && (certificate || name == "notafter") => {
                object.time(key).found().map(|at| at.value)
            }
            _ => None,
        }
    })
}

/// Reads a forest's connector out of `Get-ADSyncConnector`; `None` for other connectors.
pub fn read_connector(object: &Object<'_>) -> Option<Reading<Connector>> {
    let kind = object
        .words("ConnectorTypeName")
        .or(|| object.words("Type"))
        .found()?;
    if !kind.value.trim().eq_ignore_ascii_case("AD") {
        return None;
    }
    let parameters = match object.objects("ConnectivityParameters") {
        Reading::Bad(error) => return Some(Reading::Bad(error)),
        reading => reading.found().map(|at| at.value).unwrap_or_default(),
    };
    let parameter = |wanted: &str| {
        parameters.iter().find_map(|parameter| {
            let name = parameter.text("Name").found()?.value;
            let value = parameter.words("Value").found()?.value;
            name.eq_ignore_ascii_case(wanted)
                .then(|| value.trim().to_owned())
        })
    };
    let flag = |name: &str| match parameter(name)?.to_ascii_lowercase().as_str() {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    };
    let account =
        parameter("forest-login-user").map(|user| match parameter("forest-login-domain") {
            Some(domain) if !user.contains(['\\', '@']) => format!("{domain}\\{user}"),
            _ => user,
        });
    let partitions = object.objects("Partitions").found();
    let partitions = partitions.map(|at| at.value).unwrap_or_default();
    Some(object.words("Name").map(|name| {
        Connector {
            name: name.trim().to_owned(),
            id: object
                .guid("Identifier")
                .found()
                .map(|at| format!("{{{}}}", at.value).to_ascii_uppercase()),
            forest: parameter("forest-name"),
            account,
            sign_and_seal: flag("sign-and-seal"),
            ssl: flag("ssl-bind"),
            created: object.time("CreationTime").found().map(|at| at.value),
            partitions: partitions
                .iter()
                .filter_map(|partition| {
                    Some(Partition {
                        dn: partition.words("DN").found()?.value.to_owned(),
                        selected: partition.bool("Selected").found().map(|at| at.value),
                        ..Partition::default()
                    })
                })
                .collect(),
        }
    }))
}

/// A time as text, for lists: those in a language's own form are left out.
pub(super) fn is_readable_time(text: &str) -> bool {
    time::parse_json(text).is_some()
}
