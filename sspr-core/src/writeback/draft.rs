//! A description of a server that is checked as a whole.

use serde::{Deserialize, Serialize};

use super::{ConnectIdentity, Connector, EndpointTest, SyncService, Version};
use crate::error::{Error, ErrorCode};
use crate::evidence::Locator;

/// What somebody says of an Entra Connect server, checked or not. Absent fields are unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServerDraft {
    /// Its host name, with or without its domain.
    pub host: String,
    /// The version of Entra Connect.
    pub version: Option<Version>,
    /// The wizard's Password writeback box.
    pub writeback: Option<bool>,
    /// Staging mode.
    pub staging: Option<bool>,
    /// The ADSync service.
    pub service: Option<SyncService>,
    /// How it signs in to Entra ID.
    pub identity: Option<ConnectIdentity>,
    /// Connectors to forests.
    pub connectors: Vec<Connector>,
    /// Tests of network endpoints.
    pub endpoints: Vec<EndpointTest>,
}

/// A server whose description holds nothing impossible. Made from a [`ServerDraft`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ServerDraft", into = "ServerDraft")]
pub struct Server(ServerDraft);

/// Everything that is wrong with a draft, each with the JSON pointer of its field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerFaults(pub Vec<Error>);

impl std::fmt::Display for ServerFaults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ServerFaults {}

impl Server {
    /// The description.
    pub fn get(&self) -> &ServerDraft {
        &self.0
    }
}

impl From<Server> for ServerDraft {
    fn from(server: Server) -> Self {
        server.0
    }
}

impl TryFrom<ServerDraft> for Server {
    type Error = ServerFaults;

    fn try_from(draft: ServerDraft) -> Result<Self, ServerFaults> {
        let faults = draft.faults();
        if faults.is_empty() {
            Ok(Self(draft))
        } else {
            Err(ServerFaults(faults))
        }
    }
}

impl ServerDraft {
    /// Everything that is impossible in it.
    pub fn faults(&self) -> Vec<Error> {
        let mut faults = Vec::new();
        let mut fault = |code, pointer: String, message: &str| {
            faults.push(Error::new(code, Locator::Pointer(pointer), message));
        };
        if !is_host(&self.host) {
            fault(ErrorCode::Value, "/host".into(), "this is no host name");
        }
        if self.version.is_some_and(|version| version.0[0] == 0) {
            let message = "the first part of a version of Entra Connect is 1 or more";
            fault(ErrorCode::Range, "/version".into(), message);
        }
        if let Some(service) = &self.service
            && service.name.trim().is_empty()
        {
            fault(
                ErrorCode::Value,
                "/service/name".into(),
                "a service has a name",
            );
        }
        if let Some(identity) = &self.identity
            && !identity.application
            && (identity.managed.is_some() || identity.certificate_expires.is_some())
        {
            let message = "only an application is managed and has a certificate";
            fault(ErrorCode::Value, "/identity".into(), message);
        }
        for (index, connector) in self.connectors.iter().enumerate() {
            if connector.name.trim().is_empty() {
                let place = format!("/connectors/{index}/name");
                fault(ErrorCode::Value, place, "a connector has a name");
            }
            let earlier = self.connectors.iter().take(index);
            if earlier
                .filter(|other| other.name.eq_ignore_ascii_case(&connector.name))
                .count()
                > 0
            {
                let place = format!("/connectors/{index}/name");
                fault(ErrorCode::Value, place, "two connectors have this name");
            }
        }
        for (index, test) in self.endpoints.iter().enumerate() {
            if !is_host(&test.host) {
                let message = "this is no host name: a test names one host, without a scheme";
                fault(
                    ErrorCode::Value,
                    format!("/endpoints/{index}/host"),
                    message,
                );
            }
            if test.port == 0 {
                let place = format!("/endpoints/{index}/port");
                fault(ErrorCode::Range, place, "ports are 1 to 65535");
            }
        }
        faults
    }
}

/// Whether a text is a DNS or NetBIOS host name.
fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 253
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_of_a_draft_are_listed() {
        let draft = ServerDraft {
            host: "https://aadc01".into(),
            version: Some(Version([0, 1, 0, 0])),
            endpoints: vec![EndpointTest {
                host: "*.servicebus.windows.net".into(),
                port: 0,
                reached: true,
                from: None,
                proxy: None,
                at: None,
            }],
            ..ServerDraft::default()
        };
        let ServerFaults(faults) = Server::try_from(draft).unwrap_err();
        let places: Vec<_> = faults.iter().map(|fault| fault.place.to_string()).collect();
        assert_eq!(
            places,
            [
                "/host",
                "/version",
                "/endpoints/0/host",
                "/endpoints/0/port"
            ]
        );
    }

    #[test]
    fn a_possible_draft_becomes_a_server_and_back() {
        let json = r#"{"host":"AADC01.contoso.com","version":"2.6.92.0","staging":false}"#;
        let server: Server = serde_json::from_str(json).unwrap();
        assert_eq!(server.get().host, "AADC01.contoso.com");
        assert!(serde_json::from_str::<Server>(r#"{"host":""}"#).is_err());
    }
}
