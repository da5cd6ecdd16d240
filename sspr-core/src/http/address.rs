//! Where a request may go.

use std::net::{Ipv4Addr, Ipv6Addr};

use reqwest::Url;

use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// Scheme, host and port: what must be equal before a token is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: String,
    host: String,
    port: Option<u16>,
}

impl Origin {
    pub(crate) fn of(url: &Url) -> Self {
        Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str().unwrap_or_default().to_ascii_lowercase(),
            port: url.port_or_known_default(),
        }
    }

    /// A link as it stands in an answer, if it leads to this origin. It may carry no name and
    /// password either.
    pub(crate) fn link(&self, link: &str) -> Option<Url> {
        let url = Url::parse(link).ok()?;
        let plain = url.username().is_empty() && url.password().is_none();
        (plain && Self::of(&url) == *self).then_some(url)
    }
}

/// An address that may be spoken to: https, or http on this machine itself; without a name and a
/// password. No error shows the address, which may hold a secret.
pub(crate) fn spoken(text: &str, place: &Locator, example: &str) -> Result<Url> {
    let bad = |message: &str| {
        Error::value(place.clone(), message).with_help(format!("write it like {example}"))
    };
    let url = Url::parse(text.trim()).map_err(|_| bad("this is no address"))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(Error::new(
                ErrorCode::Refused,
                place.clone(),
                "http:// would send everything in plain text",
            )
            .with_help("use https://"));
        }
        _ => return Err(bad("only https:// is spoken here")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("no name and no password belong here"));
    }
    Ok(url)
}

/// Whether an address is one of this machine itself.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || bare.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::of(&Url::parse(text).unwrap())
    }

    #[test]
    fn a_link_is_followed_to_the_same_origin_only() {
        let root = origin("https://graph.microsoft.com");
        assert!(
            root.link("https://graph.microsoft.com/v1.0/users?$skiptoken=1")
                .is_some()
        );
        assert!(
            root.link("https://GRAPH.microsoft.com:443/v1.0/users")
                .is_some()
        );
        for foreign in [
            "http://graph.microsoft.com/v1.0/users",
            "https://graph.microsoft.com:8443/v1.0/users",
            "https://graph.microsoft.com.contoso.com/v1.0/users",
            "https://graph.microsoft.com@contoso.com/v1.0/users",
            "https://jdoe:x@graph.microsoft.com/v1.0/users",
            "//contoso.com/v1.0/users",
            "/v1.0/users",
            "",
        ] {
            assert!(root.link(foreign).is_none(), "{foreign}");
        }
    }

    #[test]
    fn plain_text_is_spoken_with_this_machine_only() {
        let spoken = |text: &str| spoken(text, &Locator::Whole, "https://graph.microsoft.com");
        for good in [
            "https://graph.microsoft.us",
            "https://graph.microsoft.com/v1.0?a=b",
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:8080/",
        ] {
            assert!(spoken(good).is_ok(), "{good}");
        }
        for wrong in [
            "http://192.0.2.1",
            "http://localhost.contoso.com",
            "ftp://127.0.0.1",
            "https://jdoe@graph.microsoft.com",
            "https://jdoe:x@graph.microsoft.com",
            "graph.microsoft.com",
        ] {
            assert!(spoken(wrong).is_err(), "{wrong}");
        }
    }
}
