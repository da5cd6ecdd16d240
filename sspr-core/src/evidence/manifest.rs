//! `manifest.json`: what content alone cannot tell about the files of a folder or archive.

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Locator;
use crate::error::{Error, ErrorCode, Result};

/// The schema name that a manifest states.
pub const MANIFEST_SCHEMA: &str = "sspr-evidence/1";

/// The schema name that a collector's notes on an unfinished collection state.
pub const COLLECTION_STATE: &str = "sspr-collecting/1";

/// How the names of files end that a collector is still writing.
pub const UNFINISHED: &str = ".sspr-part";

/// What a collector says about the files beside its manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Always `sspr-evidence/1`.
    pub schema: String,
    /// The tenant the evidence is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<ManifestTenant>,
    /// What collected it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collector: Option<Collector>,
    /// The files, each with what is known of it.
    #[serde(default)]
    pub files: Vec<ManifestFile>,
    /// What the collector could not get, and why.
    #[serde(default)]
    pub not_available: Vec<NotAvailable>,
}

/// The tenant of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestTenant {
    /// The tenant id, a GUID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Such as `contoso.onmicrosoft.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_domain: Option<String>,
}

/// The program that wrote a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Collector {
    /// Its name.
    pub name: String,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// One file of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestFile {
    /// Relative, with `/`, inside the manifest's own folder.
    pub path: String,
    /// The request or command whose answer it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The least permission by which it is given, where the collector knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// Whom or what it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// When it was observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<DateTime<Utc>>,
    /// Whether the collection it holds is whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complete: Option<bool>,
    /// How many items it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<u64>,
    /// SHA-256 of its bytes, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// Whom or what a file is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Subject {
    /// The kind of subject.
    #[serde(rename = "type")]
    pub kind: SubjectType,
    /// Its id, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The kinds of subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(missing_docs, reason = "the names say it")]
pub enum SubjectType {
    Tenant,
    Host,
    Domain,
    Gpo,
    Group,
    Role,
    User,
}

/// Something that a collector asked for and did not get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotAvailable {
    /// The evidence kind, such as `authenticationMethodsPolicy`.
    pub what: String,
    /// Why not.
    pub reason: NotAvailableReason,
    /// In the collector's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Why a collector did not get something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum NotAvailableReason {
    NotRequested,
    NoPermission,
    NotInThisCloud,
    Error,
}

impl Manifest {
    /// Reads a manifest. Any fault makes it an error.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let (manifest, faults) = Self::read(bytes)?;
        match faults.into_iter().next() {
            Some(fault) => Err(fault),
            None => Ok(manifest),
        }
    }

    /// Reads what can be read of a manifest: entries with a fault, and those whose path leaves the
    /// folder, are left out and their faults returned beside it.
    pub fn read(bytes: &[u8]) -> Result<(Self, Vec<Error>)> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Loose {
            schema: String,
            #[serde(default)]
            tenant: Option<Value>,
            #[serde(default)]
            collector: Option<Value>,
            #[serde(default)]
            files: Vec<Value>,
            #[serde(default)]
            not_available: Vec<Value>,
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let loose: Loose = serde_json::from_slice(bytes).map_err(|error| {
            Error::syntax(Locator::Line(error.line() as u64), error.to_string())
        })?;
        if loose.schema != MANIFEST_SCHEMA {
            return Err(Error::new(
                ErrorCode::Unsupported,
                Locator::Pointer("/schema".into()),
                format!("this version reads {MANIFEST_SCHEMA} only"),
            ));
        }
        let mut faults = Vec::new();
        let tenant = one(loose.tenant, "/tenant", &mut faults);
        let collector = one(loose.collector, "/collector", &mut faults);
        let not_available = many(loose.not_available, "/notAvailable", &mut faults)
            .into_iter()
            .map(|(_, entry)| entry)
            .collect();
        let mut files = Vec::new();
        for (place, file) in many::<ManifestFile>(loose.files, "/files", &mut faults) {
            if is_inside(&file.path) {
                files.push(file);
            } else {
                faults.push(Error::new(
                    ErrorCode::UnsafePath,
                    Locator::Pointer(format!("{place}/path")),
                    "a path must be relative and stay inside the folder of the manifest",
                ));
            }
        }
        let manifest = Self {
            schema: loose.schema,
            tenant,
            collector,
            files,
            not_available,
        };
        Ok((manifest, faults))
    }
}

fn one<T: DeserializeOwned>(
    value: Option<Value>,
    place: &str,
    faults: &mut Vec<Error>,
) -> Option<T> {
    match serde_json::from_value(value.filter(|value| !value.is_null())?) {
        Ok(value) => Some(value),
        Err(error) => {
            let place = Locator::Pointer(place.to_owned());
            faults.push(Error::value(place, error.to_string()));
            None
        }
    }
}

fn many<T: DeserializeOwned>(
    values: Vec<Value>,
    place: &str,
    faults: &mut Vec<Error>,
) -> Vec<(String, T)> {
    let mut found = Vec::new();
    for (index, value) in values.into_iter().enumerate() {
        let place = format!("{place}/{index}");
        if let Some(value) = one(Some(value), &place, faults) {
            found.push((place, value));
        }
    }
    found
}

/// Whether a path of a manifest or archive is relative and stays inside its folder.
pub fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', ':', '\0'])
        && !path.starts_with('/')
        && path.split('/').all(|part| part != "..")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SAMPLE: &str = r#"{"schema":"sspr-evidence/1","tenant":{"id":"be9c0000-0000-4000-8000-000000000001"},
        "files":[{"path":"users.json","request":"GET /users","complete":true,"observedAt":"2026-11-20T09:00:00Z",
        "subject":{"type":"tenant","name":"contoso.com"}}],"notAvailable":[]}"#;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn a_mutated_manifest_is_read_or_refused(at in 0..SAMPLE.len(), byte: u8, cut in 0..SAMPLE.len()) {
            let mut bytes = SAMPLE.as_bytes().to_vec();
            bytes[at] = byte;
            let read = Manifest::read(&bytes);
            prop_assert_eq!(Manifest::parse(&bytes).is_ok(), read.is_ok_and(|(_, faults)| faults.is_empty()));
            prop_assert!(Manifest::read(&bytes[..cut]).is_err());
        }

        #[test]
        fn any_bytes_are_no_manifest(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(Manifest::read(&bytes).is_err());
        }

        #[test]
        fn a_path_inside_never_climbs(path in "[a./\\\\:]{0,12}") {
            let climbs = path.starts_with('/') || path.contains("..") && path.split('/').any(|part| part == "..");
            prop_assert!(!(is_inside(&path) && climbs));
        }
    }
}
