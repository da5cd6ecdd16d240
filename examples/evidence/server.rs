//! What an Entra Connect server tells: PowerShell's answers and the configuration export.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sspr::evidence::SubjectType;

use super::folder::{Collection, subject};
use super::host::{Host, Shell, time_span};
use super::json::utf16;
use super::tenant::{CONNECTOR_ACCOUNT, Tenant, before};

/// An Entra Connect server.
pub(super) struct Server {
    pub(super) host: Host,
    pub(super) version: &'static str,
    pub(super) staging: bool,
    /// It signs in as an application with a certificate until then; else with an account.
    pub(super) certificate: Option<DateTime<Utc>>,
    /// Its own security policy was exported, which only an administrator may do.
    pub(super) security_policy: bool,
}

/// What prints the Lsa key.
pub(super) const LSA: &str = "Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa'";

/// What `secedit` exports of a member server, as far as it matters here.
const SECURITY_POLICY: &str = "[Unicode]\r\nUnicode=yes\r\n[Registry Values]\r\n\
    MACHINE\\System\\CurrentControlSet\\Control\\Lsa\\LimitBlankPasswordUse=4,1\r\n\
    MACHINE\\System\\CurrentControlSet\\Control\\Lsa\\RestrictAnonymousSAM=4,1\r\n[Privilege Rights]\r\n\
    SeImpersonatePrivilege = *S-1-5-19,*S-1-5-20,*S-1-5-32-544,*S-1-5-6\r\n\
    SeServiceLogonRight = *S-1-5-80-0\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n";

/// The tenant's own name on the service bus.
pub(super) const NAMESPACE: &str = "ssprdedicatedsbprodfra-1";

impl Server {
    /// Adds all that the server tells.
    pub(super) fn tell(&self, into: &mut Collection, tenant: &Tenant) {
        let host = &self.host;
        host.facts(into, tenant);
        host.add(
            into,
            tenant,
            "host/services.json",
            "Get-CimInstance Win32_Service",
            &self.services(tenant),
        );
        host.add(
            into,
            tenant,
            "connect/scheduler.json",
            "Get-ADSyncScheduler",
            &self.scheduler(tenant),
        );
        host.add(
            into,
            tenant,
            "connect/global-settings.json",
            "Get-ADSyncGlobalSettings",
            &self.global_settings(tenant),
        );
        host.add(
            into,
            tenant,
            "connect/password-reset.json",
            "Get-ADSyncAADPasswordResetConfiguration -Connector NAME",
            &json!([{ "PSComputerName": tenant.host(host.name), "Connector": format!("{} - AAD", tenant.initial_domain()), "Enabled": true }]),
        );
        host.add(
            into,
            tenant,
            "connect/entra-credential.json",
            "Get-ADSyncEntraConnectorCredential",
            &self.credential(tenant),
        );
        host.add(
            into,
            tenant,
            "connect/tls12.json",
            "Get-ADSyncToolsTls12",
            &tls12(),
        );
        host.add(
            into,
            tenant,
            "connect/endpoints.json",
            "Test-NetConnection -ComputerName HOST -Port 443",
            &self.endpoints(tenant),
        );
        if self.security_policy {
            host.add(
                into,
                tenant,
                "host/lsa.json",
                LSA,
                &json!({ "RestrictRemoteSam": null, "PSComputerName": tenant.host(host.name) }),
            );
            into.add(
                "host/security-policy.inf",
                "secedit /export /cfg FILE /areas USER_RIGHTS SECURITYPOLICY",
                subject(SubjectType::Host, &tenant.host(host.name)),
                utf16(SECURITY_POLICY),
            );
        }
        for (path, xml) in self.export(tenant) {
            into.add(
                &format!("connect/export/{path}"),
                "Get-ADSyncServerConfiguration -Path FOLDER",
                subject(SubjectType::Host, &tenant.host(host.name)),
                xml.into_bytes(),
            );
        }
    }

    fn services(&self, tenant: &Tenant) -> Value {
        json!([{
            "Name": "ADSync", "DisplayName": "Microsoft Azure AD Sync", "State": "Running", "StartMode": "Auto",
            "StartName": format!("{}\\ADSyncMSA01$", tenant.netbios()),
            "PathName": "\"C:\\Program Files\\Microsoft Azure AD Sync\\Bin\\miiserver.exe\"",
            "SystemName": self.host.name.to_uppercase()
        }])
    }

    fn scheduler(&self, tenant: &Tenant) -> Value {
        json!({
            "PSComputerName": tenant.host(self.host.name),
            "AllowedSyncCycleInterval": time_span(30), "CurrentlyEffectiveSyncCycleInterval": time_span(30), "CustomizedSyncCycleInterval": null,
            "NextSyncCyclePolicyType": if self.host.shell == Shell::Windows { json!(2) } else { json!("Delta") },
            "NextSyncCycleStartTimeInUTC": self.host.shell.date(before(tenant, 0, 0, -18)),
            "PurgeRunHistoryInterval": time_span(7 * 1_440), "SyncCycleEnabled": true, "MaintenanceEnabled": true,
            "StagingModeEnabled": self.staging, "SchedulerSuspended": false, "SyncCycleInProgress": false
        })
    }

    /// The settings that the configuration export has too.
    fn settings(&self, tenant: &Tenant) -> Vec<(&'static str, String)> {
        let word = |value: bool| if value { "True" } else { "False" }.to_owned();
        let next = before(tenant, 0, 0, -18).format("%a, %d %b %Y %H:%M:%S GMT");
        vec![
            ("Microsoft.OptionalFeature.PasswordWriteback", word(true)),
            ("Microsoft.OptionalFeature.PasswordHashSync", word(true)),
            (
                "Microsoft.OptionalFeature.AutoUpgradeState",
                "Enabled".to_owned(),
            ),
            ("Microsoft.Synchronize.StagingMode", word(self.staging)),
            ("Microsoft.Synchronize.SchedulerSuspended", word(false)),
            ("Microsoft.Synchronize.SynchronizationSchedule", word(true)),
            ("Microsoft.Synchronize.TimeInterval", "00:30:00".to_owned()),
            ("Microsoft.Synchronize.NextStartTime", next.to_string()),
            (
                "Microsoft.Synchronize.ServerConfigurationVersion",
                self.version.to_owned(),
            ),
            (
                "Microsoft.SynchronizationOption.AnchorAttribute",
                "mS-DS-ConsistencyGuid".to_owned(),
            ),
            (
                "Microsoft.SynchronizationOption.UPNAttribute",
                "userPrincipalName".to_owned(),
            ),
        ]
    }

    fn global_settings(&self, tenant: &Tenant) -> Value {
        let parameters: Vec<_> = self
            .settings(tenant)
            .into_iter()
            .map(|(name, value)| json!({ "Name": name, "Value": value }))
            .collect();
        json!({ "PSComputerName": tenant.host(self.host.name), "Parameters": parameters })
    }

    fn credential(&self, tenant: &Tenant) -> Value {
        let name = tenant.host(self.host.name);
        match self.certificate {
            Some(ends) => json!({
                "PSComputerName": name, "ConnectorIdentityType": "Application",
                "ApplicationId": "5abc0000-0000-4000-8000-000000000009", "CertificateManagedBy": "EntraConnect",
                "CertificateThumbprint": "00112233445566778899AABBCCDDEEFF00112233",
                "CertificateNotAfter": self.host.shell.date(ends)
            }),
            None => json!({
                "PSComputerName": name, "ConnectorIdentityType": "ServiceAccount",
                "UserName": format!("Sync_{}_0123456789ab@{}", self.host.name.to_uppercase(), tenant.initial_domain())
            }),
        }
    }

    fn endpoints(&self, tenant: &Tenant) -> Value {
        let bus = format!("{NAMESPACE}.servicebus.windows.net");
        let tests = ["passwordreset.microsoftonline.com", bus.as_str()];
        tests
            .iter()
            .enumerate()
            .map(|(index, name)| json!({
                "ComputerName": name, "RemotePort": 443, "TcpTestSucceeded": true, "RemoteAddress": format!("198.51.100.{}", index + 10),
                "ProxyConfigured": false, "PSComputerName": tenant.host(self.host.name)
            }))
            .collect()
    }

    /// The configuration export: paths and documents.
    fn export(&self, tenant: &Tenant) -> Vec<(String, String)> {
        const CLOUD: &str = "{B891884F-051E-4A83-95AF-254400000001}";
        const FOREST: &str = "{AE4DB4CC-B16B-4EB2-ACF5-837C00000001}";
        const JOIN: &str = "{039DCC3A-1513-4C08-B296-097300000001}";
        vec![
            ("GlobalSettings/MV.xml".to_owned(), self.metaverse(tenant)),
            (
                format!("Connectors/Connector_{CLOUD}.xml"),
                self.cloud_connector(tenant, CLOUD),
            ),
            (
                format!("Connectors/Connector_{FOREST}.xml"),
                forest_connector(tenant, FOREST),
            ),
            (
                format!("SynchronizationRules/SynchronizationRule_{JOIN}.xml"),
                join_rule(tenant, JOIN, FOREST),
            ),
        ]
    }

    fn metaverse(&self, tenant: &Tenant) -> String {
        let mut parameters = String::new();
        for (name, value) in self.settings(tenant) {
            let _ = writeln!(
                parameters,
                "      <parameter name=\"{name}\" type=\"string\" use=\"SynchronizationGlobal\" dataType=\"String\">{value}</parameter>"
            );
        }
        format!(
            "<saved-mv-configuration server=\"{}\" export-date=\"{}\">\n  <mv-data>\n    <parameter-values>\n{parameters}    </parameter-values>\n  </mv-data>\n</saved-mv-configuration>\n",
            self.host.name.to_uppercase(),
            tenant.collected.format("%Y-%m-%d %H:%M:%S.109"),
        )
    }

    fn cloud_connector(&self, tenant: &Tenant, id: &str) -> String {
        let initial = tenant.initial_domain();
        let modified = before(tenant, 30, 0, 55).format("%Y-%m-%d %H:%M:%S.039");
        format!(
            r#"<ma-data>
  <format-version>1</format-version>
  <id>{id}</id>
  <name>{initial} - AAD</name>
  <category>Extensible2</category>
  <subtype>Windows Azure Active Directory (Microsoft)</subtype>
  <ma-companyname>Microsoft</ma-companyname>
  <creation-time>2023-02-07 09:39:47.105</creation-time>
  <last-modification-time>{modified}</last-modification-time>
  <password-sync-allowed>0</password-sync-allowed>
  <extension-config>
    <assembly-version>{version}</assembly-version>
  </extension-config>
  <private-configuration>
    <MAConfig>
      <parameter-values>
        <parameter name="UserName" type="string" use="connectivity" dataType="String">Sync_{host}_0123456789ab@{initial}</parameter>
        <parameter name="Password" type="encrypted-string" use="connectivity" dataType="String" encrypted="1" />
      </parameter-values>
      <aad-password-reset-config>
        <enabled>1</enabled>
        <modified-timestamp>{modified}</modified-timestamp>
        <adal-authority>HTTPS://LOGIN.MICROSOFTONLINE.COM/{domain}</adal-authority>
      </aad-password-reset-config>
    </MAConfig>
  </private-configuration>
</ma-data>
"#,
            version = self.version,
            host = self.host.name.to_uppercase(),
            domain = tenant.domain().to_uppercase(),
        )
    }
}

fn tls12() -> Value {
    const KEYS: [(&str, &str); 2] = [
        (
            "HKLM:\\SOFTWARE\\WOW6432Node\\Microsoft\\.NETFramework\\v4.0.30319",
            "HKLM:\\SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319",
        ),
        (
            "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server",
            "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Client",
        ),
    ];
    let [(wow, native), (server, client)] = KEYS;
    let mut rows = Vec::new();
    for path in [wow, native] {
        rows.push(json!({ "Path": path, "Name": "SystemDefaultTlsVersions", "Value": 1 }));
        rows.push(json!({ "Path": path, "Name": "SchUseStrongCrypto", "Value": 1 }));
    }
    for path in [server, client] {
        rows.push(json!({ "Path": path, "Name": "Enabled", "Value": 1 }));
        rows.push(json!({ "Path": path, "Name": "DisabledByDefault", "Value": 0 }));
    }
    Value::Array(rows)
}

fn forest_connector(tenant: &Tenant, id: &str) -> String {
    let (domain, dn, dc) = (tenant.domain(), tenant.dn(), tenant.host("dc01"));
    format!(
        r#"<ma-data>
  <format-version>1</format-version>
  <id>{id}</id>
  <name>{domain}</name>
  <category>AD</category>
  <subtype></subtype>
  <creation-time>2023-02-07 09:39:29.870</creation-time>
  <last-modification-time>2023-02-07 09:41:02.330</last-modification-time>
  <private-configuration>
    <adma-configuration>
      <forest-name>{domain}</forest-name>
      <forest-port>0</forest-port>
      <forest-guid>{{00000000-0000-0000-0000-000000000000}}</forest-guid>
      <forest-login-user>{account}</forest-login-user>
      <forest-login-domain>{upper}</forest-login-domain>
      <sign-and-seal>1</sign-and-seal>
      <ssl-bind crl-check="0">0</ssl-bind>
      <simple-bind>0</simple-bind>
      <password-hash-sync-config>
        <enabled>1</enabled>
        <target>{initial} - AAD</target>
      </password-hash-sync-config>
    </adma-configuration>
  </private-configuration>
  <ma-partition-data>
    <partition>
      <id>{{5ABC0000-0000-4000-8000-000000000005}}</id>
      <name>{dn}</name>
      <selected>1</selected>
      <filter>
        <containers>
          <exclusions />
          <inclusions>
            <inclusion>{dn}</inclusion>
          </inclusions>
        </containers>
      </filter>
      <custom-data>
        <adma-partition-data>
          <dn>{dn}</dn>
          <name>{domain}</name>
          <is-domain>1</is-domain>
          <sign-and-seal>1</sign-and-seal>
          <last-dc>{dc}</last-dc>
          <dc-failover>1</dc-failover>
          <preferred-dcs />
        </adma-partition-data>
      </custom-data>
    </partition>
  </ma-partition-data>
</ma-data>
"#,
        account = CONNECTOR_ACCOUNT,
        upper = domain.to_uppercase(),
        initial = tenant.initial_domain(),
    )
}

fn join_rule(tenant: &Tenant, id: &str, connector: &str) -> String {
    format!(
        r"<synchronizationRule>
  <id>{id}</id>
  <name>In from AD - User AccountEnabled</name>
  <version>1</version>
  <direction>Inbound</direction>
  <immutable-tag>Microsoft.InfromADUserAccountEnabled.006</immutable-tag>
  <connector>{connector}</connector>
  <disabled>0</disabled>
  <precedence>101</precedence>
  <sourceObjectType>user</sourceObjectType>
  <targetObjectType>person</targetObjectType>
  <linkType>Join</linkType>
  <EnablePasswordSync>True</EnablePasswordSync>
  <description>Forest {domain}</description>
  <relationshipCriteria />
  <synchronizationCriteria>
    <conditions>
      <scope>
        <csAttribute>userAccountControl</csAttribute>
        <csOperator>ISBITNOTSET</csOperator>
        <csValue>2</csValue>
      </scope>
    </conditions>
  </synchronizationCriteria>
</synchronizationRule>
",
        domain = tenant.domain(),
    )
}
