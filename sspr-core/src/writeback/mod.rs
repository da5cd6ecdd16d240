//! The on-premises side: the Entra Connect server and the cloud sync agents.
//!
//! What Microsoft asks for stands in [`VersionTable`], [`Windows`], [`endpoints`] and
//! [`WRITEBACK_ROLES`], usable without any file. [`export`] reads the configuration that Entra
//! Connect exports, and [`powershell`] what its cmdlets and Windows print.

mod application;
mod clock;
mod draft;
mod endpoints;
pub mod export;
pub mod powershell;
mod requirements;
mod server;
mod versions;

pub use application::{
    APPLICATION_SIGN_IN, AUTOMATIC_APPLICATION, CertificateState, OFFBOARD_CLIENT, REFRESH_CLIENT,
    REGISTER_CLIENT_VERSION, ROTATION_DAYS, WRITEBACK_ROLES, WritebackRole, certificate_state,
    reset_service,
};
pub use clock::{ClockOffset, is_time_status, read_clock_offset};
pub use draft::{Server, ServerDraft, ServerFaults};
pub use endpoints::{
    ENDPOINT_PORT, EndpointPattern, cloud_sync_endpoints, clouds_of_host, endpoints,
};
pub use export::GlobalSettings;
pub use requirements::{
    CLOUD_SYNC_FLOOR, CLOUD_SYNC_SERVICE, DOTNET_4_7_2, DOTNET_4_8, Fit, PASS_THROUGH_SERVICE,
    SYNC_SERVICE, Windows, disables_tls12, dotnet_fit, dotnet_name, is_server_core,
};
pub use server::{
    ConnectIdentity, Connector, EndpointTest, Partition, ServiceState, StartMode, SyncService,
    Tls12Value, Version,
};
pub use versions::{
    APPLICATION_FLOOR, Floor, HARDENING_FLOOR, KnownFault, Release, Standing, Support, VersionTable,
};
