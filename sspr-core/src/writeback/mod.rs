//! The on-premises side: the Entra Connect server and the cloud sync agents.

mod server;

pub use server::{
    ConnectIdentity, Connector, EndpointTest, Partition, ServiceState, StartMode, SyncService,
    Tls12Value, Version,
};
