//! What to read, from where, and where to put it.

use std::net::IpAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::directory::dns_domain;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// What [`collect`](fn@super::collect) reads, from where, and where it puts it. Plain data, without
/// the password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// The domain controller: `ldaps://dc01.contoso.com`, or `ldap://dc01.contoso.com` where the run
    /// starts TLS itself. A port may follow. Its certificate must be for this name.
    pub server: String,
    /// The account that reads, as `user@contoso.com`, `CONTOSO\user` or a distinguished name. With
    /// Kerberos, whose tickets are used, as `user@contoso.com`; where it is empty, the first that are there.
    pub user: String,
    /// The folder for the evidence. It is made, and must be empty unless a run is resumed.
    pub folder: PathBuf,
    /// How to sign in.
    #[serde(default)]
    pub authentication: Authentication,
    /// The domain controller's name in Kerberos, where the server is named by another, such as an alias
    /// that its certificate is for too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kerberos_host: Option<String>,
    /// Begin on the plain port and go on under TLS before anything else is said.
    #[serde(default)]
    pub start_tls: bool,
    /// An address, with a port or without, to connect to in place of the server's name; the
    /// certificate must be for the name all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// A file with the certificates, in PEM, of the authorities that are trusted; without it those
    /// that the operating system trusts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// Below which object people are read; without it the whole domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The people to read, by user principal name, account name or distinguished name; without any
    /// all below the base.
    #[serde(default)]
    pub people: Vec<String>,
    /// The connector account's name; without it accounts that look like one are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connector_account: Option<String>,
    /// How many entries one answer holds at most, 1 to 5000. Active Directory gives 1000 whatever
    /// is asked beyond it.
    #[serde(default = "default_page")]
    pub page_size: u32,
    /// How many people one file holds at most, 100 to 50000. An interrupted run goes on behind the
    /// last file that was finished.
    #[serde(default = "default_piece")]
    pub people_in_a_file: u32,
    /// How many seconds to wait for an answer, 1 to 3600.
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u64,
    /// Go on where an earlier run into the same folder was interrupted.
    #[serde(default)]
    pub resume: bool,
}

/// How to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Authentication {
    /// With a name and a password.
    #[default]
    Simple,
    /// By Kerberos, with the tickets that are there. Only where the library was built with the feature
    /// `gssapi`, and not on Windows.
    Kerberos,
}

impl Authentication {
    /// Whether this build can sign in so.
    pub const fn is_available(self) -> bool {
        match self {
            Self::Simple => true,
            Self::Kerberos => cfg!(all(feature = "gssapi", unix)),
        }
    }
}

fn default_page() -> u32 {
    1_000
}

fn default_piece() -> u32 {
    2_000
}

fn default_timeout() -> u64 {
    120
}

/// Where to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    /// The name that the certificate must be for.
    pub(super) host: String,
    /// The host to connect to.
    pub(super) address: String,
    pub(super) port: u16,
    pub(super) start_tls: bool,
}

impl Settings {
    /// Settings with the defaults for what is not given here.
    pub fn new(
        server: impl Into<String>,
        user: impl Into<String>,
        folder: impl Into<PathBuf>,
    ) -> Self {
        Self {
            server: server.into(),
            user: user.into(),
            folder: folder.into(),
            authentication: Authentication::Simple,
            kerberos_host: None,
            start_tls: false,
            address: None,
            ca_file: None,
            base: None,
            people: Vec::new(),
            connector_account: None,
            page_size: default_page(),
            people_in_a_file: default_piece(),
            timeout_seconds: default_timeout(),
            resume: false,
        }
    }

    /// Checks everything that can be checked without asking a server.
    pub(super) fn checked(&self) -> Result<Endpoint> {
        let within = |name: &str, value: u64, low: u64, high: u64| {
            if (low..=high).contains(&value) {
                return Ok(());
            }
            Err(Error::new(
                ErrorCode::Range,
                setting(name),
                format!("it must be {low} to {high}"),
            ))
        };
        within("pageSize", self.page_size.into(), 1, 5_000)?;
        within("peopleInAFile", self.people_in_a_file.into(), 100, 50_000)?;
        within("timeoutSeconds", self.timeout_seconds, 1, 3_600)?;
        let simple = self.authentication == Authentication::Simple;
        if simple && self.user.trim().is_empty() {
            let error = Error::value(setting("user"), "an anonymous sign-in reads nothing of use");
            return Err(error.with_help("name the account, such as user@contoso.com"));
        }
        if let Some(base) = &self.base
            && dns_domain(base).is_none()
        {
            return Err(Error::value(
                setting("base"),
                "this is not a distinguished name inside a domain",
            )
            .with_help("write it like OU=Staff,DC=contoso,DC=com"));
        }
        let endpoint = self.endpoint()?;
        if !simple {
            self.kerberos(&endpoint)?;
        }
        Ok(endpoint)
    }

    /// Kerberos finds a domain controller by its name.
    fn kerberos(&self, endpoint: &Endpoint) -> Result<()> {
        if !self.authentication.is_available() {
            return Err(no_kerberos());
        }
        if self.user.contains(['\\', '=']) {
            let error = Error::value(setting("user"), "Kerberos knows no account of such a name");
            return Err(error.with_help("write it like user@contoso.com"));
        }
        let (field, host) = match &self.kerberos_host {
            Some(host) => ("kerberosHost", host.as_str()),
            None => ("server", endpoint.host.as_str()),
        };
        let named = host_and_port(host).is_some_and(|(name, port)| name == host && port.is_none());
        if !named || host.parse::<IpAddr>().is_ok() {
            let error = Error::value(
                setting(field),
                "Kerberos knows a domain controller by its name alone",
            );
            return Err(error.with_help("name it like dc01.contoso.com"));
        }
        Ok(())
    }

    /// Where to connect to. A server that would be spoken to in plain text is refused.
    fn endpoint(&self) -> Result<Endpoint> {
        let bad = |message: &str| {
            Error::value(setting("server"), message)
                .with_help("write it like ldaps://dc01.contoso.com")
        };
        let (scheme, rest) = self
            .server
            .trim()
            .split_once("://")
            .ok_or_else(|| bad("a server is named with its protocol"))?;
        let default = match (scheme.to_ascii_lowercase().as_str(), self.start_tls) {
            ("ldaps", false) => 636,
            ("ldap", true) => 389,
            ("ldaps", true) => {
                return Err(bad(
                    "ldaps:// is under TLS from the first byte on, without StartTLS",
                ));
            }
            ("ldap", false) => {
                return Err(Error::new(
                    ErrorCode::Refused,
                    setting("server"),
                    "ldap:// would send the password in plain text",
                )
                .with_help("use ldaps://, or StartTLS"));
            }
            _ => {
                return Err(bad(
                    "only ldaps://, and ldap:// with StartTLS, are spoken here",
                ));
            }
        };
        let (host, port) = host_and_port(rest.trim_end_matches('/'))
            .ok_or_else(|| bad("this is not the name of a server"))?;
        let port = port.unwrap_or(default);
        let (address, port) = match &self.address {
            Some(address) => {
                let (address, other) = host_and_port(address.trim()).ok_or_else(|| {
                    Error::value(setting("address"), "this is not an address")
                        .with_help("write it like 192.0.2.10 or 192.0.2.10:636")
                })?;
                (address, other.unwrap_or(port))
            }
            None => (host, port),
        };
        Ok(Endpoint {
            host: host.trim_end_matches('.').to_owned(),
            address: address.to_owned(),
            port,
            start_tls: self.start_tls,
        })
    }
}

impl Endpoint {
    /// The server as the place of an error.
    pub(super) fn place(&self) -> Locator {
        Locator::Request(format!("{}:{}", self.host, self.port))
    }
}

/// A build without Kerberos.
pub(super) fn no_kerberos() -> Error {
    Error::new(
        ErrorCode::Unsupported,
        setting("authentication"),
        "this build does not sign in by Kerberos",
    )
    .with_help(
        "build it with the feature gssapi on Linux, macOS or another Unix, or sign in with a password",
    )
}

fn setting(name: &str) -> Locator {
    Locator::Pointer(format!("/{name}"))
}

/// A host and the port behind it; an IPv6 address with a port stands in brackets.
fn host_and_port(text: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        host.parse::<std::net::Ipv6Addr>().ok()?;
        (
            host,
            rest.strip_prefix(':').or(rest.is_empty().then_some(""))?,
        )
    } else if text.parse::<std::net::Ipv6Addr>().is_ok() {
        (text, "")
    } else {
        text.split_once(':').unwrap_or((text, ""))
    };
    let named = !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_alphanumeric() || ".-_:".contains(c));
    let port = match port {
        "" => None,
        port => Some(port.parse().ok().filter(|port| *port != 0)?),
    };
    named.then_some((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(server: &str, start_tls: bool) -> Result<(String, u16)> {
        let settings = Settings {
            start_tls,
            ..Settings::new(server, "jdoe@contoso.com", "out")
        };
        settings.checked().map(|end| (end.address, end.port))
    }

    #[test]
    fn a_plain_connection_is_refused_before_it_is_made() {
        let error = endpoint("ldap://dc01.contoso.com", false).unwrap_err();
        assert_eq!(error.code, ErrorCode::Refused);
        assert!(error.message.contains("plain text"));
        for wrong in [
            "dc01.contoso.com",
            "https://dc01",
            "ldaps://",
            "ldaps://a b",
            "ldaps://dc01:0",
        ] {
            assert!(endpoint(wrong, false).is_err(), "{wrong}");
        }
    }

    #[test]
    fn servers_are_named_with_and_without_a_port() {
        let at = |host: &str, port| Ok((host.to_owned(), port));
        assert_eq!(
            endpoint("ldaps://dc01.contoso.com", false),
            at("dc01.contoso.com", 636)
        );
        assert_eq!(endpoint("LDAPS://dc01:3269/", false), at("dc01", 3_269));
        assert_eq!(endpoint("ldap://dc01", true), at("dc01", 389));
        assert_eq!(
            endpoint("ldaps://[2001:db8::1]:1636", false),
            at("2001:db8::1", 1_636)
        );
    }

    #[test]
    fn an_address_takes_the_place_of_the_name_but_not_in_the_certificate() {
        let settings = Settings {
            address: Some("192.0.2.10:1636".into()),
            ..Settings::new("ldaps://dc01.contoso.com", "jdoe@contoso.com", "out")
        };
        let end = settings.checked().unwrap();
        assert_eq!(
            (end.host.as_str(), end.address.as_str(), end.port),
            ("dc01.contoso.com", "192.0.2.10", 1_636)
        );
    }

    fn by_kerberos(change: impl FnOnce(&mut Settings)) -> Result<()> {
        let mut settings = Settings {
            authentication: Authentication::Kerberos,
            ..Settings::new("ldaps://dc01.contoso.com", "", "out")
        };
        change(&mut settings);
        settings.checked().map(|_| ())
    }

    #[test]
    #[cfg(all(feature = "gssapi", unix))]
    fn kerberos_takes_the_name_of_a_server_and_needs_none_of_an_account() {
        const BY_ADDRESS: &str = "ldaps://192.0.2.10";
        assert_eq!(by_kerberos(|_| {}), Ok(()));
        for (change, place) in [
            (
                (|settings| settings.server = BY_ADDRESS.into()) as fn(&mut Settings),
                "/server",
            ),
            (|settings| settings.user = r"CONTOSO\jdoe".into(), "/user"),
            (
                |settings| settings.kerberos_host = Some("dc01:88".into()),
                "/kerberosHost",
            ),
        ] {
            let error = by_kerberos(change).unwrap_err();
            assert_eq!(error.place, Locator::Pointer(place.into()), "{error}");
        }
        let named = by_kerberos(|settings| {
            settings.server = BY_ADDRESS.into();
            settings.kerberos_host = Some("dc01.contoso.com".into());
        });
        assert_eq!(named, Ok(()));
    }

    #[test]
    #[cfg(not(all(feature = "gssapi", unix)))]
    fn a_build_without_kerberos_says_so() {
        let error = by_kerberos(|_| {}).unwrap_err();
        assert_eq!(error.code, ErrorCode::Unsupported);
        assert!(error.help.unwrap().contains("gssapi"));
    }

    #[test]
    fn settings_travel_as_json_and_unknown_names_are_told() {
        let text =
            r#"{"server":"ldaps://dc01.contoso.com","user":"jdoe@contoso.com","folder":"out"}"#;
        let settings: Settings = serde_json::from_str(text).unwrap();
        assert_eq!(
            settings,
            Settings::new("ldaps://dc01.contoso.com", "jdoe@contoso.com", "out")
        );
        assert!(serde_json::from_str::<Settings>(&text.replace("user", "password")).is_err());
    }
}
