//! Group policy objects: templates, the report of all, and the links at the domain's root.

use std::fmt::Write as _;

use chrono::SecondsFormat;
use serde_json::{Value, json};
use sspr::evidence::SubjectType;

use super::folder::{Collection, subject, subject_with_id};
use super::host::Shell;
use super::json::utf16;
use super::tenant::Tenant;

/// These two have the same ids in all domains.
const DEFAULT_DOMAIN: &str = "{31B2F340-016D-11D2-945F-00C04FB984F9}";
const DEFAULT_CONTROLLERS: &str = "{6AC1786C-016F-11D2-945F-00C04FB984F9}";

const NAMESPACE: &str = "http://www.microsoft.com/GroupPolicy";

/// A GPO.
pub(super) struct Gpo {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// Its password policy, as templates name the settings.
    pub(super) settings: Vec<(&'static str, u32)>,
    /// Where it is linked, below the domain's name: empty at the root itself.
    pub(super) linked: &'static str,
}

/// The Default Domain Policy with all settings, some of them as in most domains.
pub(super) fn default_domain(minimum_age: u32, minimum_length: u32) -> Gpo {
    Gpo {
        id: DEFAULT_DOMAIN,
        name: "Default Domain Policy",
        settings: vec![
            ("MinimumPasswordAge", minimum_age),
            ("MaximumPasswordAge", 365),
            ("MinimumPasswordLength", minimum_length),
            ("PasswordComplexity", 1),
            ("PasswordHistorySize", 24),
            ("LockoutBadCount", 20),
            ("ResetLockoutCount", 30),
            ("LockoutDuration", 30),
            ("ClearTextPassword", 0),
        ],
        linked: "",
    }
}

/// The Default Domain Controllers Policy, which has no password policy.
pub(super) fn default_controllers() -> Gpo {
    Gpo {
        id: DEFAULT_CONTROLLERS,
        name: "Default Domain Controllers Policy",
        settings: Vec::new(),
        linked: "/Domain Controllers",
    }
}

/// Adds what the domain tells of its GPOs. Those at the root have link order 1, 2 and so on.
pub(super) fn tell(gpos: &[Gpo], into: &mut Collection, shell: Shell, tenant: &Tenant) {
    let domain = tenant.domain();
    for gpo in gpos.iter().filter(|gpo| !gpo.settings.is_empty()) {
        into.add(
            &format!(
                "domain/gpo/{}/GptTmpl.inf",
                gpo.id.trim_matches(['{', '}']).to_lowercase()
            ),
            &format!(
                "Copy-Item \\\\{domain}\\SYSVOL\\{domain}\\Policies\\{}\\MACHINE\\Microsoft\\Windows NT\\SecEdit\\GptTmpl.inf",
                gpo.id
            ),
            subject_with_id(SubjectType::Gpo, gpo.id, gpo.name),
            utf16(&gpo.template().replace('\n', "\r\n")),
        );
    }
    let about = subject(SubjectType::Domain, &domain);
    let reports: String = gpos.iter().map(|gpo| gpo.report(tenant)).collect();
    let report =
        format!("<?xml version=\"1.0\" encoding=\"utf-16\"?>\n<report>\n{reports}</report>\n");
    into.add(
        "domain/gpo-report.xml",
        "Get-GPOReport -All -ReportType Xml",
        about.clone(),
        utf16(&report.replace('\n', "\r\n")),
    );
    into.add(
        "domain/gp-inheritance.json",
        &format!("Get-GPInheritance -Target '{}'", tenant.dn()),
        about,
        shell.print(&inheritance(gpos, tenant)),
    );
}

fn inheritance(gpos: &[Gpo], tenant: &Tenant) -> Value {
    let dn = tenant.dn().to_lowercase();
    let root = gpos.iter().filter(|gpo| gpo.linked.is_empty());
    let links: Vec<_> = root
        .zip(1_u32..)
        .map(|(gpo, order)| json!({
            "GpoId": gpo.id.trim_matches(['{', '}']).to_lowercase(), "DisplayName": gpo.name, "Enabled": true, "Enforced": false,
            "Target": dn, "Order": order, "GpoDomainName": tenant.domain()
        }))
        .collect();
    json!({
        "Name": tenant.domain(), "ContainerType": 0, "Path": dn, "GpoInheritanceBlocked": false,
        "GpoLinks": links, "InheritedGpoLinks": links
    })
}

impl Gpo {
    fn template(&self) -> String {
        let mut text = "[Unicode]\nUnicode=yes\n[System Access]\n".to_owned();
        for (key, value) in &self.settings {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{key} = {value}");
        }
        if self.id == DEFAULT_DOMAIN {
            text.push_str(
                "RequireLogonToChangePassword = 0\nForceLogoffWhenHourExpire = 0\nLSAAnonymousNameLookup = 0\n",
            );
        }
        text.push_str("[Version]\nsignature=\"$CHICAGO$\"\nRevision=1\n");
        text
    }

    fn report(&self, tenant: &Tenant) -> String {
        let mut accounts = String::new();
        for (key, value) in &self.settings {
            let kind = if key.contains("Lockout") {
                "Account Lockout"
            } else {
                "Password"
            };
            let value = match *key {
                "PasswordComplexity" | "ClearTextPassword" => {
                    format!("<q1:SettingBoolean>{}</q1:SettingBoolean>", *value == 1)
                }
                _ => format!("<q1:SettingNumber>{value}</q1:SettingNumber>"),
            };
            let _ = write!(
                accounts,
                "        <q1:Account>\n          <q1:Name>{key}</q1:Name>\n          {value}\n          \
                 <q1:Type>{kind}</q1:Type>\n        </q1:Account>\n"
            );
        }
        let extension = if accounts.is_empty() {
            String::new()
        } else {
            format!(
                "    <ExtensionData>\n      <Extension xmlns:q1=\"{NAMESPACE}/Settings/Security\" xsi:type=\"q1:SecuritySettings\">\n\
                 {accounts}        <q1:Blocked>false</q1:Blocked>\n      </Extension>\n      <Name>Security</Name>\n    </ExtensionData>\n"
            )
        };
        let domain = tenant.domain();
        let path = format!("{domain}{}", self.linked);
        let name = path.rsplit('/').next().unwrap_or_default();
        format!(
            "<GPO xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns=\"{NAMESPACE}/Settings\">\n  \
             <Identifier>\n    <Identifier xmlns=\"{NAMESPACE}/Types\">{}</Identifier>\n    <Domain xmlns=\"{NAMESPACE}/Types\">{domain}</Domain>\n  </Identifier>\n  \
             <Name>{}</Name>\n  <IncludeComments>true</IncludeComments>\n  <ReadTime>{}</ReadTime>\n  <FilterDataAvailable>true</FilterDataAvailable>\n  \
             <Computer>\n    <VersionDirectory>3</VersionDirectory>\n    <VersionSysvol>3</VersionSysvol>\n    <Enabled>true</Enabled>\n{extension}  </Computer>\n  \
             <User>\n    <VersionDirectory>0</VersionDirectory>\n    <VersionSysvol>0</VersionSysvol>\n    <Enabled>true</Enabled>\n  </User>\n  \
             <LinksTo>\n    <SOMName>{name}</SOMName>\n    <SOMPath>{path}</SOMPath>\n    <Enabled>true</Enabled>\n    <NoOverride>false</NoOverride>\n  </LinksTo>\n\
             </GPO>\n",
            self.id,
            self.name,
            tenant
                .collected
                .to_rfc3339_opts(SecondsFormat::Micros, true),
        )
    }
}
