//! The hosts that writeback talks to, outbound on TCP port 443.

use serde::Serialize;

use crate::tenant::Cloud;

/// The port of all endpoints.
pub const ENDPOINT_PORT: u16 = 443;

/// A host name, or all names below one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct EndpointPattern(&'static str);

impl EndpointPattern {
    /// As Microsoft writes it, such as `*.servicebus.windows.net`.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// Whether a host falls under it. The name behind `*.` itself counts too: whoever cannot
    /// reach it is not let through to the names below.
    pub fn covers(self, host: &str) -> bool {
        let host = host.trim().trim_end_matches('.').to_ascii_lowercase();
        match self.0.strip_prefix("*.") {
            None => host == self.0,
            Some(base) => host
                .strip_suffix(base)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.') && rest.len() > 1),
        }
    }
}

const PUBLIC: &[EndpointPattern] = &[
    EndpointPattern("*.passwordreset.microsoftonline.com"),
    EndpointPattern("*.servicebus.windows.net"),
];

const US_GOVERNMENT: &[EndpointPattern] = &[
    EndpointPattern("*.passwordreset.microsoftonline.us"),
    EndpointPattern("*.servicebus.usgovcloudapi.net"),
];

const CHINA: &[EndpointPattern] = &[
    EndpointPattern("ssprdedicatedsbmcprodcne.servicebus.chinacloudapi.cn"),
    EndpointPattern("ssprdedicatedsbmcprodcnn.servicebus.chinacloudapi.cn"),
];

const CLOUD_SYNC_PUBLIC: &[EndpointPattern] = &[
    EndpointPattern("*.msappproxy.net"),
    EndpointPattern("*.servicebus.windows.net"),
    EndpointPattern("*.microsoftonline.com"),
    EndpointPattern("*.microsoft.com"),
    EndpointPattern("*.msappproxy.com"),
    EndpointPattern("*.windowsazure.com"),
    EndpointPattern("*.cloudwebappproxy.net"),
    EndpointPattern("login.windows.net"),
];

const CLOUD_SYNC_US_GOVERNMENT: &[EndpointPattern] = &[
    EndpointPattern("*.msappproxy.us"),
    EndpointPattern("*.servicebus.usgovcloudapi.net"),
];

/// What writeback through Entra Connect needs in a cloud.
pub const fn endpoints(cloud: Cloud) -> &'static [EndpointPattern] {
    match cloud {
        Cloud::Public => PUBLIC,
        Cloud::UsGovernment => US_GOVERNMENT,
        Cloud::China => CHINA,
    }
}

/// What a cloud sync agent needs in a cloud, as far as it is documented; none for 21Vianet.
pub const fn cloud_sync_endpoints(cloud: Cloud) -> &'static [EndpointPattern] {
    match cloud {
        Cloud::Public => CLOUD_SYNC_PUBLIC,
        Cloud::UsGovernment => CLOUD_SYNC_US_GOVERNMENT,
        Cloud::China => &[],
    }
}

/// The clouds in which a host is an endpoint of writeback.
pub fn clouds_of_host(host: &str) -> impl Iterator<Item = Cloud> + '_ {
    let clouds = [Cloud::Public, Cloud::UsGovernment, Cloud::China];
    clouds
        .into_iter()
        .filter(move |cloud| endpoints(*cloud).iter().any(|pattern| pattern.covers(host)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_covers_names_below_and_its_base() {
        let [reset, bus] = PUBLIC else { panic!() };
        assert!(bus.covers("ssprdedicatedsbprodfra-1.servicebus.windows.net"));
        assert!(bus.covers("A.B.ServiceBus.Windows.Net."));
        assert!(reset.covers("passwordreset.microsoftonline.com"));
        assert!(!bus.covers("evilservicebus.windows.net"));
        assert!(!bus.covers(".servicebus.windows.net"));
        assert!(!bus.covers("servicebus.windows.net.example.com"));
    }

    #[test]
    fn clouds_are_told_apart_by_their_hosts() {
        let of = |host| clouds_of_host(host).collect::<Vec<_>>();
        assert_eq!(of("x.servicebus.usgovcloudapi.net"), [Cloud::UsGovernment]);
        assert_eq!(of("www.contoso.com"), []);
    }
}
