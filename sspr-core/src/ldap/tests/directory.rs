//! An invented directory.

use super::server::{Script, entry, with};
use crate::directory::security::{SecurityDescriptor, Sid, SidAliases};
use crate::ldap::message::Entry;

pub(super) const DOMAIN: &str = "DC=contoso,DC=com";
pub(super) const PEOPLE: u64 = 250;

pub(super) fn sid(rid: u32) -> Sid {
    format!("S-1-5-21-1-2-3-{rid}").parse().unwrap()
}

pub(super) fn descriptor(sddl: &str) -> Vec<u8> {
    let descriptor = SecurityDescriptor::from_sddl(sddl, &SidAliases::default()).unwrap();
    descriptor.to_bytes().unwrap()
}

pub(super) fn person(number: u32) -> Entry {
    let name = format!("user{number:03}");
    let upn = format!("{name}@contoso.com");
    let ou = if number.is_multiple_of(2) {
        "Even"
    } else {
        "Odd"
    };
    let usn = (10_000 + number * 7).to_string();
    let dn = format!("CN={name},OU={ou},{DOMAIN}");
    let found = entry(
        &dn,
        &[
            (
                "objectClass",
                &["top", "person", "organizationalPerson", "user"],
            ),
            ("objectCategory", &["person"]),
            ("sAMAccountName", &[&name]),
            ("userPrincipalName", &[&upn]),
            ("userAccountControl", &["512"]),
            ("pwdLastSet", &["134080000000000000"]),
            ("primaryGroupID", &["513"]),
            ("uSNCreated", &[&usn]),
        ],
    );
    let found = with(found, "objectSid", &[sid(2_000 + number).to_bytes()]);
    let sddl = format!(
        "O:S-1-5-18G:S-1-5-18D:(A;;RPWP;;;S-1-5-21-1-2-3-{})",
        500 + number % 2
    );
    with(found, "nTSecurityDescriptor", &[descriptor(&sddl)])
}

/// An invented directory, and who reads it.
pub(super) fn directory() -> Script {
    let open = descriptor("O:S-1-5-18G:S-1-5-18D:(A;CI;RPLCRC;;;S-1-5-11)");
    let root = entry(
        "",
        &[
            ("objectClass", &["top"]),
            ("dnsHostName", &["DC01.contoso.com"]),
            ("defaultNamingContext", &[DOMAIN]),
            ("rootDomainNamingContext", &[DOMAIN]),
            (
                "configurationNamingContext",
                &["CN=Configuration,DC=contoso,DC=com"],
            ),
            ("supportedControl", &["1.2.840.113556.1.4.2239"]),
            ("currentTime", &["20261120090000.0Z"]),
        ],
    );
    let token = [
        sid(1_105),
        sid(513),
        "S-1-1-0".parse().unwrap(),
        "S-1-5-11".parse().unwrap(),
    ];
    let root = with(root, "tokenGroups", &token.map(|sid| sid.to_bytes()));
    let domain = entry(
        DOMAIN,
        &[
            ("objectClass", &["top", "domain", "domainDNS"]),
            ("minPwdAge", &["-864000000000"]),
            ("maxPwdAge", &["0"]),
            ("minPwdLength", &["12"]),
            ("pwdHistoryLength", &["24"]),
            ("pwdProperties", &["1"]),
            ("lockoutThreshold", &["0"]),
            ("lockoutDuration", &["-18000000000"]),
            ("lockOutObservationWindow", &["-18000000000"]),
        ],
    );
    let domain = with(domain, "objectSid", &[sid(0).domain().to_bytes()]);
    let domain = with(domain, "nTSecurityDescriptor", std::slice::from_ref(&open));
    let mut entries = vec![
        root,
        domain,
        entry(
            &format!("CN=CONTOSO,CN=Partitions,CN=Configuration,{DOMAIN}"),
            &[
                ("objectClass", &["crossRef"]),
                ("nCName", &[DOMAIN]),
                ("nETBIOSName", &["CONTOSO"]),
            ],
        ),
    ];
    for ou in ["Even", "Odd"] {
        let found = entry(
            &format!("OU={ou},{DOMAIN}"),
            &[
                ("objectClass", &["top", "organizationalUnit"]),
                ("objectCategory", &["organizationalUnit"]),
            ],
        );
        entries.push(with(
            found,
            "nTSecurityDescriptor",
            std::slice::from_ref(&open),
        ));
    }
    let container = entry(
        &format!("CN=Password Settings Container,CN=System,{DOMAIN}"),
        &[("objectClass", &["top", "msDS-PasswordSettingsContainer"])],
    );
    entries.push(with(
        container,
        "nTSecurityDescriptor",
        std::slice::from_ref(&open),
    ));
    let group = entry(
        &format!("CN=Administrators,CN=Builtin,{DOMAIN}"),
        &[
            ("objectClass", &["top", "group"]),
            ("objectCategory", &["group"]),
            ("sAMAccountName", &["Administrators"]),
            ("groupType", &["-2147483643"]),
        ],
    );
    let members: Vec<_> = (0..7)
        .map(|number| person(number).dn.into_bytes())
        .collect();
    let group = with(group, "member", &members);
    entries.push(with(
        group,
        "objectSid",
        &[Sid::new(5, [32, 544]).to_bytes()],
    ));
    let connector = entry(
        &format!("CN=MSOL_0123456789ab,CN=Users,{DOMAIN}"),
        &[
            (
                "objectClass",
                &["top", "person", "organizationalPerson", "user"],
            ),
            ("sAMAccountName", &["MSOL_0123456789ab"]),
            ("userAccountControl", &["66048"]),
            ("primaryGroupID", &["513"]),
        ],
    );
    let connector = with(connector, "objectSid", &[sid(1_104).to_bytes()]);
    entries.push(with(connector, "tokenGroups", &[sid(513).to_bytes()]));
    entries.extend((0..250).map(person));
    Script {
        entries,
        ..Script::default()
    }
}
