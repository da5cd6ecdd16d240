//! What the domain tells.

use serde_json::{Value, json};
use sspr::evidence::SubjectType;

use super::folder::{Collection, subject};
use super::gpo::{self, Gpo};
use super::host::{Host, time_span};
use super::json::lines;
use super::permissions;
use super::server::LSA;
use super::tenant::{CONNECTOR_ACCOUNT, DOMAIN_SID, Tenant, before};

/// What the tenants differ in.
pub(super) struct Domain {
    pub(super) host: Host,
    /// The minimum password age in force, in days.
    pub(super) minimum_age: u32,
    pub(super) minimum_length: u32,
    /// Its GPOs, those at its root by link order.
    pub(super) gpos: Vec<Gpo>,
    pub(super) controllers: &'static [(&'static str, &'static str, &'static str)],
    /// Entra Password Protection is on all domain controllers.
    pub(super) protection: bool,
    /// Organizational units that block inheritance and lack the grants of writeback.
    pub(super) blocked: &'static [&'static str],
    /// Somebody kept what `gpupdate` printed.
    pub(super) gpupdate: bool,
}

impl Domain {
    /// Adds all that the domain tells.
    pub(super) fn tell(&self, into: &mut Collection, tenant: &Tenant) {
        self.host.facts(into, tenant);
        let domain = subject(SubjectType::Domain, &tenant.domain());
        let print = |value: &Value| self.host.shell.print(value);
        into.add(
            "domain/password-policy.json",
            "Get-ADDefaultDomainPasswordPolicy",
            domain.clone(),
            print(&self.policy(tenant)),
        );
        into.add(
            "domain/net-accounts.txt",
            "net accounts /domain",
            domain.clone(),
            self.host.shell.text(&self.net_accounts()),
        );
        into.add(
            "domain/controllers.json",
            "Get-ADDomainController -Filter *",
            domain.clone(),
            print(&self.controllers(tenant)),
        );
        into.add(
            "domain/fine-grained.json",
            "Get-ADFineGrainedPasswordPolicy -Filter *",
            domain.clone(),
            print(&administrators_policy(tenant)),
        );
        into.add(
            "domain/users.jsonl",
            "Get-ADUser -Filter * -Properties PasswordLastSet, ...",
            domain.clone(),
            lines(&self.users(tenant)),
        );
        for (name, _, _) in self.controllers {
            let host = tenant.host(name);
            into.add(
                &format!("domain/rootdse-{host}.json"),
                "Get-ADRootDSE -Properties supportedControl",
                subject(SubjectType::Host, &host),
                print(&root_dse(tenant, &host)),
            );
        }
        gpo::tell(&self.gpos, into, self.host.shell, tenant);
        for (name, _, _) in self.controllers {
            let host = tenant.host(name);
            into.add(
                &format!("domain/password-filters-{host}.json"),
                LSA,
                subject(SubjectType::Host, &host),
                print(&json!({
                    "Notification Packages": ["rassfm", "scecli"], "RestrictRemoteSam": null, "PSComputerName": host
                })),
            );
        }
        into.add(
            "domain/account-groups.json",
            &format!("Get-ADPrincipalGroupMembership -Identity {CONNECTOR_ACCOUNT}"),
            domain.clone(),
            print(&json!([{
                "Account": CONNECTOR_ACCOUNT, "Name": "Domain Users", "SID": format!("{DOMAIN_SID}-513")
            }])),
        );
        into.add(
            "domain/access-lists.json",
            "Get-Acl AD:\\... | Select-Object Path, Owner, Sddl",
            domain.clone(),
            print(&permissions::access_lists(tenant, self.blocked)),
        );
        into.add(
            "domain/connector-account.json",
            &format!("Get-ADUser -Identity {CONNECTOR_ACCOUNT} -Properties tokenGroups, ..."),
            domain.clone(),
            print(&permissions::connector_account(tenant)),
        );
        if self.protection {
            into.add(
                "domain/protection-agents.json",
                "Get-AzureADPasswordProtectionDCAgent",
                domain.clone(),
                print(&self.protection_agents(tenant)),
            );
        }
        if self.gpupdate {
            into.add(
                "domain/gpupdate.txt",
                "gpupdate /force",
                domain,
                self.host.shell.text("Updating policy...\n\nComputer Policy update has completed successfully.\nUser Policy update has completed successfully.\n"),
            );
        }
    }

    fn policy(&self, tenant: &Tenant) -> Value {
        json!({
            "ComplexityEnabled": true, "DistinguishedName": tenant.dn(), "LockoutDuration": time_span(30), "LockoutObservationWindow": time_span(30),
            "LockoutThreshold": 20, "MaxPasswordAge": time_span(365 * 1_440), "MinPasswordAge": time_span(i64::from(self.minimum_age) * 1_440),
            "MinPasswordLength": self.minimum_length, "PasswordHistoryCount": 24, "ReversibleEncryptionEnabled": false,
            "objectClass": ["domainDNS"], "objectGuid": "5abc0000-0000-4000-8000-000000000003"
        })
    }

    fn net_accounts(&self) -> String {
        format!(
            "Force user logoff how long after time expires?:       Never\n\
             Minimum password age (days):                          {}\n\
             Maximum password age (days):                          365\n\
             Minimum password length:                              {}\n\
             Length of password history maintained:                24\n\
             Lockout threshold:                                    20\n\
             Lockout duration (minutes):                           30\n\
             Lockout observation window (minutes):                 30\n\
             Computer role:                                        PRIMARY\n\
             The command completed successfully.\n\n",
            self.minimum_age, self.minimum_length
        )
    }

    fn controllers(&self, tenant: &Tenant) -> Value {
        self.controllers
            .iter()
            .map(|(name, os, version)| json!({
                "HostName": tenant.host(name), "Name": name.to_uppercase(), "Domain": tenant.domain(), "Forest": tenant.domain(),
                "Site": "Default-First-Site-Name", "IsReadOnly": false, "IsGlobalCatalog": true,
                "OperatingSystem": os, "OperatingSystemVersion": version
            }))
            .collect()
    }

    fn protection_agents(&self, tenant: &Tenant) -> Value {
        self.controllers
            .iter()
            .map(|(name, _, _)| json!({
                "ServerFQDN": tenant.host(name), "SoftwareVersion": "1.2.177.1", "Domain": tenant.domain(), "Forest": tenant.domain(),
                "PasswordPolicyDateUTC": self.host.shell.date(before(tenant, 0, 1, 0)), "HeartbeatUTC": self.host.shell.date(before(tenant, 0, 0, 40)),
                "AzureTenant": tenant.initial_domain()
            }))
            .collect()
    }

    fn users(&self, tenant: &Tenant) -> Vec<Value> {
        let synced = tenant
            .people
            .iter()
            .enumerate()
            .filter_map(|(index, person)| person.ou.map(|ou| (index, person, ou)));
        synced
            .map(|(index, person, ou)| json!({
                "DistinguishedName": format!("CN={},{ou},{}", person.name, tenant.dn()), "SamAccountName": person.name, "Enabled": person.enabled,
                "ObjectGUID": format!("5abc0000-0001-4000-8000-{index:012}"), "SID": format!("{DOMAIN_SID}-{}", 1_100 + index),
                "PasswordLastSet": self.host.shell.date(person.password_set), "PasswordNeverExpires": false, "CannotChangePassword": false,
                "adminCount": null, "pwdLastSet": file_time(person.password_set), "UserPrincipalName": person.upn,
                "DisplayName": display_name(&person.name), "LockedOut": false, "msDS-ResultantPSO": null
            }))
            .collect()
    }
}

/// The one fine-grained policy, made and not yet applied to anybody, as a domain administrator reads it.
fn administrators_policy(tenant: &Tenant) -> Value {
    json!([{
        "AppliesTo": [], "ComplexityEnabled": true,
        "DistinguishedName": format!("CN=Administrators,CN=Password Settings Container,CN=System,{}", tenant.dn()),
        "LockoutDuration": time_span(30), "LockoutObservationWindow": time_span(30), "LockoutThreshold": 10,
        "MaxPasswordAge": time_span(180 * 1_440), "MinPasswordAge": time_span(0), "MinPasswordLength": 16, "Name": "Administrators",
        "ObjectClass": "msDS-PasswordSettings", "ObjectGUID": "5abc0000-0000-4000-8000-000000000004",
        "PasswordHistoryCount": 24, "Precedence": 10, "ReversibleEncryptionEnabled": false
    }])
}

/// `jdoe` is J. Doe.
fn display_name(account: &str) -> String {
    let mut letters = account.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    let second = letters.next().map(|c| c.to_ascii_uppercase());
    format!(
        "{}. {}{}",
        first.unwrap_or_default(),
        second.unwrap_or_default(),
        letters.as_str()
    )
}

fn file_time(at: chrono::DateTime<chrono::Utc>) -> i64 {
    (at.timestamp() + 11_644_473_600) * 10_000_000
}

fn root_dse(tenant: &Tenant, host: &str) -> Value {
    json!({
        "dnsHostName": host, "defaultNamingContext": tenant.dn(), "rootDomainNamingContext": tenant.dn(),
        "currentTime": before(tenant, 0, 0, 1).to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        "supportedControl": [
            "1.2.840.113556.1.4.319", "1.2.840.113556.1.4.801", "1.2.840.113556.1.4.473", "1.2.840.113556.1.4.2066",
            "1.2.840.113556.1.4.2090", "1.2.840.113556.1.4.2239", "1.2.840.113556.1.4.2255"
        ]
    })
}
