//! `sspr.writeback`: the Entra Connect server and the cloud sync agents.

use chrono::{DateTime, Utc};
use napi_derive::napi;
use sspr::tenant::Cloud;
use sspr::writeback::{
    CertificateState, ConnectIdentity, Connector, EndpointPattern, EndpointTest, Fit, Release,
    ServerDraft, Standing, SyncService, Version, VersionTable, Windows, WritebackRole,
};
use uuid::Uuid;

use crate::fault::{caught, faults, invalid};
use crate::plain::Plain;
use crate::value::{Json, Whole};

/// A server whose description holds nothing impossible.
#[napi(namespace = "writeback")]
pub struct Server {
    inner: sspr::writeback::Server,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident: $type:ty,)*) => {
        #[napi(namespace = "writeback")]
        impl Server {
            $(
                $(#[$doc])*
                #[napi(getter)]
                pub fn $field(&self) -> Plain<$type> {
                    Plain(self.inner.get().$field.clone())
                }
            )*
        }
    };
}

fields! {
    /// Its host name, with or without its domain.
    host: String,
    /// The version of Entra Connect.
    version: Option<Version>,
    /// The wizard's Password writeback box.
    writeback: Option<bool>,
    /// Staging mode.
    staging: Option<bool>,
    /// The ADSync service.
    service: Option<SyncService>,
    /// How it signs in to Entra ID.
    identity: Option<ConnectIdentity>,
    /// Connectors to forests.
    connectors: Vec<Connector>,
    /// Tests of network endpoints.
    endpoints: Vec<EndpointTest>,
}

#[napi(namespace = "writeback")]
impl Server {
    /// Checks a draft. Throws an `SsprError` whose `faults` list everything that is impossible in it.
    #[napi(constructor)]
    pub fn new(draft: Json<ServerDraft>) -> napi::Result<Self> {
        let draft = draft.read()?;
        caught(|| {
            sspr::writeback::Server::try_from(draft)
                .map(|inner| Self { inner })
                .map_err(|found| faults(&found.to_string(), &found))
        })
    }

    /// The description, for `JSON.stringify`.
    #[napi(js_name = "toJSON")]
    pub fn to_json(&self) -> Plain<ServerDraft> {
        Plain(self.inner.get().clone())
    }
}

/// What is to be said of a version of Entra Connect, such as `2.5.79.0`, at a time.
#[napi(namespace = "writeback")]
pub fn standing(version: String, as_of: DateTime<Utc>) -> napi::Result<Plain<Standing>> {
    let version = parsed(&version)?;
    caught(|| Ok(Plain(VersionTable::builtin().standing(version, as_of))))
}

/// The releases of Entra Connect that are known, in ascending order.
#[napi(namespace = "writeback")]
pub fn releases() -> Plain<Vec<Release>> {
    Plain(VersionTable::builtin().releases)
}

/// How well the Windows release that a caption names fits, for a version of Entra Connect where one
/// is given; null where the release is not known, or that is not.
#[napi(namespace = "writeback")]
pub fn windows_fit(caption: String, version: Option<String>) -> napi::Result<Plain<Option<Fit>>> {
    let version = version.as_deref().map(parsed).transpose()?;
    let windows = Windows::of_caption(&caption);
    Ok(Plain(windows.and_then(|windows| windows.fit(version))))
}

fn parsed(version: &str) -> napi::Result<Version> {
    let fault = |words: String| invalid(&format!("{version:?} is no version: {words}"));
    version.parse().map_err(fault)
}

/// The hosts that Entra Connect has to reach on TCP port 443 for writeback.
#[napi(namespace = "writeback")]
pub fn endpoints(cloud: Json<Cloud>) -> napi::Result<Plain<Vec<EndpointPattern>>> {
    Ok(Plain(sspr::writeback::endpoints(cloud.word()?).to_vec()))
}

/// The hosts that a cloud sync agent has to reach.
#[napi(namespace = "writeback")]
pub fn cloud_sync_endpoints(cloud: Json<Cloud>) -> napi::Result<Plain<Vec<EndpointPattern>>> {
    let found = sspr::writeback::cloud_sync_endpoints(cloud.word()?);
    Ok(Plain(found.to_vec()))
}

/// The clouds whose endpoints a host falls under.
#[napi(namespace = "writeback")]
pub fn clouds_of_host(host: String) -> Plain<Vec<Cloud>> {
    Plain(sspr::writeback::clouds_of_host(&host).collect())
}

/// The three application roles that writeback needs.
#[napi(namespace = "writeback")]
pub fn writeback_roles() -> Plain<Vec<WritebackRole>> {
    Plain(sspr::writeback::WRITEBACK_ROLES.to_vec())
}

/// The application id of the password reset service of a cloud, where it is known.
#[napi(namespace = "writeback")]
pub fn reset_service(cloud: Json<Cloud>) -> napi::Result<Plain<Option<Uuid>>> {
    Ok(Plain(sspr::writeback::reset_service(cloud.word()?)))
}

/// The state of a certificate at a time.
#[napi(namespace = "writeback")]
pub fn certificate_state(expires: DateTime<Utc>, as_of: DateTime<Utc>) -> Plain<CertificateState> {
    Plain(sspr::writeback::certificate_state(expires, as_of))
}

/// The Windows release that a caption names, in any language.
#[napi(namespace = "writeback")]
pub fn windows_of_caption(caption: String) -> Plain<Option<Windows>> {
    Plain(Windows::of_caption(&caption))
}

/// How well a release number of .NET Framework fits.
#[napi(namespace = "writeback")]
pub fn dotnet_fit(release: Whole) -> napi::Result<Plain<Fit>> {
    Ok(Plain(sspr::writeback::dotnet_fit(release.get()?)))
}
