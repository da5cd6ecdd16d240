//! What Microsoft asks of the machine that runs Entra Connect or the cloud sync agent.

use serde::{Deserialize, Serialize};

use super::{Tls12Value, Version};

/// The Windows service of Entra Connect, which also runs writeback.
pub const SYNC_SERVICE: &str = "ADSync";
/// The Windows service of pass-through authentication.
pub const PASS_THROUGH_SERVICE: &str = "AzureADConnectAuthenticationAgent";
/// The Windows service of cloud sync.
pub const CLOUD_SYNC_SERVICE: &str = "AADConnectProvisioningAgent";
/// The least version of the cloud sync agent that writes passwords back.
pub const CLOUD_SYNC_FLOOR: Version = Version([1, 1, 977, 0]);

/// `Release` of .NET Framework 4.7.2, the least that Entra Connect takes.
pub const DOTNET_4_7_2: u32 = 461_808;
/// `Release` of .NET Framework 4.8, which Microsoft's writeback troubleshooting asks for.
pub const DOTNET_4_8: u32 = 528_040;
/// `Release` of .NET Framework 4.8.1.
const DOTNET_4_8_1: u32 = 533_320;

/// How well something fits what Microsoft asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Fit {
    /// As Microsoft asks.
    Supported,
    /// It works, and Microsoft asks for more or says "not yet".
    Caveat,
    /// Not supported.
    Unsupported,
}

/// A Windows release, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Windows {
    /// A release for clients.
    Client,
    /// Windows Server 2012 R2 or older.
    ServerOlder,
    /// Windows Server 2016.
    Server2016,
    /// Windows Server 2019.
    Server2019,
    /// Windows Server 2022.
    Server2022,
    /// Windows Server 2025.
    Server2025,
    /// An edition below Standard, such as Essentials.
    ServerEssentials,
}

impl Windows {
    /// Reads the caption that Windows gives itself, in any language.
    ///
    /// `None` when it names no release that is known here.
    pub fn of_caption(caption: &str) -> Option<Self> {
        let caption = caption.to_lowercase();
        if !caption.contains("windows") {
            return None;
        }
        if !caption.contains("server") {
            let mut words = caption.split_whitespace();
            let client = ["7", "8", "8.1", "10", "11", "vista", "xp"];
            return words
                .any(|word| client.contains(&word))
                .then_some(Self::Client);
        }
        if caption.contains("essentials") {
            return Some(Self::ServerEssentials);
        }
        let years = [
            ("2016", Self::Server2016),
            ("2019", Self::Server2019),
            ("2022", Self::Server2022),
            ("2025", Self::Server2025),
            ("2012", Self::ServerOlder),
            ("2008", Self::ServerOlder),
            ("2003", Self::ServerOlder),
        ];
        let mut years = years.iter();
        years
            .find(|(year, _)| caption.contains(year))
            .map(|(_, windows)| *windows)
    }

    /// How well it carries Entra Connect of a version. `None` when that takes the version, and
    /// none is given.
    ///
    /// Windows Server 2025 is not in Microsoft's list; a secondary list allows it from 2.6 on.
    pub fn fit(self, connect: Option<Version>) -> Option<Fit> {
        match self {
            Self::Server2016 | Self::Server2019 | Self::Server2022 => Some(Fit::Supported),
            Self::Client | Self::ServerOlder | Self::ServerEssentials => Some(Fit::Unsupported),
            Self::Server2025 => connect.map(|version| {
                if version >= Version([2, 6, 0, 0]) {
                    Fit::Caveat
                } else {
                    Fit::Unsupported
                }
            }),
        }
    }
}

/// Whether an `InstallationType` is Server Core, which Entra Connect does not run on.
pub fn is_server_core(installation_type: &str) -> bool {
    installation_type.trim().eq_ignore_ascii_case("Server Core")
}

/// How well a `Release` of .NET Framework carries Entra Connect.
pub fn dotnet_fit(release: u32) -> Fit {
    match release {
        DOTNET_4_8.. => Fit::Supported,
        DOTNET_4_7_2.. => Fit::Caveat,
        _ => Fit::Unsupported,
    }
}

/// The name of the .NET Framework version that a `Release` belongs to.
pub fn dotnet_name(release: u32) -> &'static str {
    match release {
        DOTNET_4_8_1.. => "4.8.1 or later",
        DOTNET_4_8.. => "4.8",
        DOTNET_4_7_2.. => "4.7.2",
        _ => "older than 4.7.2",
    }
}

/// Whether a registry value switches TLS 1.2 off. An absent value is Windows' default, which has
/// it on.
pub fn disables_tls12(value: &Tls12Value) -> bool {
    let Some(number) = value.value else {
        return false;
    };
    match value.name.to_ascii_lowercase().as_str() {
        "enabled" | "systemdefaulttlsversions" | "schusestrongcrypto" => number == 0,
        "disabledbydefault" => number != 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_name_releases_in_any_language() {
        let of = Windows::of_caption;
        assert_eq!(
            of("Microsoft Windows Server 2019 Standard"),
            Some(Windows::Server2019)
        );
        assert_eq!(
            of("Microsoft Windows Server 2012 R2 Datacenter"),
            Some(Windows::ServerOlder)
        );
        assert_eq!(of("Microsoft Windows 11 Pro"), Some(Windows::Client));
        assert_eq!(of("Microsoft Windows Server 2031 Standard"), None);
        assert_eq!(of("Ubuntu"), None);
        assert_eq!(
            of("Microsoft Windows Server 2022 Standard Evaluation"),
            Some(Windows::Server2022)
        );
    }

    #[test]
    fn server_2025_depends_on_the_version_of_connect() {
        let fit = |version: &str| Windows::Server2025.fit(Some(version.parse().unwrap()));
        assert_eq!(fit("2.5.79.0"), Some(Fit::Unsupported));
        assert_eq!(fit("2.6.1.0"), Some(Fit::Caveat));
        assert_eq!(Windows::Server2025.fit(None), None);
    }

    #[test]
    fn dotnet_has_two_steps() {
        assert_eq!(dotnet_fit(461_807), Fit::Unsupported);
        assert_eq!(dotnet_fit(461_808), Fit::Caveat);
        assert_eq!(dotnet_fit(528_040), Fit::Supported);
    }

    #[test]
    fn only_explicit_values_switch_tls_off() {
        let value = |name: &str, value| Tls12Value {
            path: String::new(),
            name: name.into(),
            value,
        };
        assert!(!disables_tls12(&value("Enabled", None)));
        assert!(disables_tls12(&value("Enabled", Some(0))));
        assert!(!disables_tls12(&value("Enabled", Some(0xffff_ffff))));
        assert!(disables_tls12(&value("DisabledByDefault", Some(1))));
        assert!(disables_tls12(&value("SchUseStrongCrypto", Some(0))));
    }
}
