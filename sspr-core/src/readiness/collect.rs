//! What to collect for a fact that is missing: where, with which rights, how long, which command.

mod plan;

use super::{CollectEntry, Names, quoted};
use crate::snapshot::facts::account_name;

pub(super) use plan::{Open, Seen, plan, quickest_proof};

/// A way to collect evidence.
#[derive(Debug)]
pub struct Step {
    /// A short name.
    pub id: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Where to run it.
    pub place: &'static str,
    /// The rights it takes.
    pub rights: &'static str,
    /// The minutes it takes.
    pub minutes: u32,
    /// The command.
    pub command: fn(&Names) -> String,
    /// The facts it gives: names, or beginnings of names that end in a dot.
    pub gives: &'static [&'static str],
}

/// Every step. Where several give a fact, the first one is the most direct way to it alone.
pub const STEPS: &[Step] = &[
    Step {
        id: "applicationLog",
        what: "the Application log of the writeback service",
        place: "the active Entra Connect server, in an elevated prompt",
        rights: "local administrator or Event Log Readers",
        minutes: 2,
        command: |_| {
            "wevtutil epl Application sspr-events.evtx /q:\"*[System[Provider[@Name='PasswordResetService' \
             or @Name='ADSync' or @Name='Directory Synchronization']]]\""
                .into()
        },
        gives: &["events."],
    },
    Step {
        id: "connectServer",
        what: "the Entra Connect server: version, writeback, staging, service, TLS, endpoints and its log",
        place: "the active Entra Connect server, in Windows PowerShell as administrator",
        rights: "local administrator and ADSyncAdmins",
        minutes: 5,
        command: |_| script("Connect"),
        gives: &["server.", "events.", "evidence."],
    },
    Step {
        id: "passwordResetBlade",
        what: "the Password reset blade: scope, methods, registration, notifications and on-premises integration",
        place: "anywhere, beside the Microsoft Entra admin center, which is read off by hand",
        rights: "Global Reader",
        minutes: 5,
        command: |_| "sspr attest".into(),
        gives: &["sspr.", "integration.", "signIn.", "test.", "cloudSync."],
    },
    Step {
        id: "graphTenant",
        what: "the tenant in Microsoft Graph: synchronisation, domains, subscriptions, methods and password rules",
        place: "anywhere, in PowerShell with the module Microsoft.Graph.Authentication",
        rights: "Global Reader, with Organization.Read.All, Domain.Read.All, Policy.Read.All, \
            GroupSettings.Read.All and OnPremDirectorySynchronization.Read.All (the last one is \
            answered to Global Administrators only)",
        minutes: 3,
        command: |names| {
            connect(
                names,
                "Organization.Read.All,\n  Domain.Read.All,Policy.Read.All,GroupSettings.Read.All,\n  \
                 OnPremDirectorySynchronization.Read.All",
            ) + TENANT_REQUESTS
        },
        gives: &["tenant.", "licences.", "methods."],
    },
    Step {
        id: "graphUsers",
        what: "people in Microsoft Graph: accounts, synchronisation and licences, all pages in one file",
        place: "anywhere, in PowerShell with the module Microsoft.Graph.Authentication",
        rights: "Global Reader, with User.Read.All",
        minutes: 5,
        command: |names| {
            pages(
                names,
                "User.Read.All",
                &[
                    "users?$top=999&$select=id,userPrincipalName,",
                    "accountEnabled,userType,usageLocation,onPremisesSyncEnabled,",
                    "onPremisesDistinguishedName,onPremisesDomainName,",
                    "lastPasswordChangeDateTime,passwordPolicies,assignedLicenses,",
                    "licenseAssignmentStates,assignedPlans",
                ],
                "users",
            )
        },
        gives: &["people."],
    },
    Step {
        id: "groupMembers",
        what: "the group that may reset, with its members",
        place: "anywhere, in PowerShell with the module Microsoft.Graph.Authentication",
        rights: "Global Reader, with GroupMember.Read.All",
        minutes: 2,
        command: |names| {
            let group = quoted(&format!("/v1.0/groups/{}", names.group_id));
            let connect = connect(names, "GroupMember.Read.All");
            format!("{connect}\n$u = {group}{GROUP_REQUESTS}")
        },
        gives: &["group."],
    },
    Step {
        id: "registration",
        what: "the registration report: who may reset, who is registered, who is able to",
        place: "anywhere, in PowerShell with the module Microsoft.Graph.Authentication",
        rights: "Reports Reader, with AuditLog.Read.All (takes Entra ID P1)",
        minutes: 5,
        command: |names| {
            pages(
                names,
                "AuditLog.Read.All",
                &[
                    "reports/authenticationMethods/",
                    "userRegistrationDetails?$top=999",
                ],
                "registration",
            )
        },
        gives: &["registration.", "people.registration"],
    },
    Step {
        id: "administrators",
        what: "administrator roles in use, with their members",
        place: "anywhere, in PowerShell with the module Microsoft.Graph.Authentication",
        rights: "Global Reader, with RoleManagement.Read.Directory",
        minutes: 2,
        command: |names| {
            connect(names, "RoleManagement.Read.Directory")
                + "\n$u = '/v1.0/directoryRoles?$expand=members'\
                   \nInvoke-MgGraphRequest -Uri $u -OutputFilePath roles.json"
        },
        gives: &["people.roles", "roles."],
    },
    Step {
        id: "auditLog",
        what: "the tenant's audit log of self-service passwords: resets, changes, writeback switched on or off",
        place: "anywhere, in PowerShell with the module Microsoft.Graph.Authentication",
        rights: "Reports Reader, with AuditLog.Read.All",
        minutes: 3,
        command: |names| {
            pages(
                names,
                "AuditLog.Read.All",
                &[
                    "auditLogs/directoryAudits?$top=999&",
                    "$filter=loggedByService eq 'Self-service Password Management'",
                ],
                "audit",
            )
        },
        gives: &["audit."],
    },
    Step {
        id: "applicationRoles",
        what: "the application roles of an own application on the password reset service",
        place: "anywhere, in PowerShell with the module Microsoft.Graph.Authentication",
        rights: "Global Reader, with Application.Read.All",
        minutes: 2,
        command: |names| {
            pages(
                names,
                "Application.Read.All",
                &[
                    "servicePrincipals(",
                    "appId='93625bc8-bfe2-437a-97e0-3d0060024faa')/appRoleAssignedTo",
                ],
                "application-roles",
            )
        },
        gives: &["integration.applicationRoles"],
    },
    Step {
        id: "domain",
        what: "the domain: password policy, domain controllers, people's password dates",
        place: "a domain member with the Active Directory module, in Windows PowerShell",
        rights: "any domain user",
        minutes: 5,
        command: |_| script("Directory"),
        gives: &[
            "domain.",
            "controller.",
            "people.passwordSet",
            "people.adUsers",
            "people.container",
        ],
    },
    Step {
        id: "domainController",
        what: "a domain controller itself: its password filters",
        place: "each domain controller, in Windows PowerShell as administrator",
        rights: "administrator of the domain controller",
        minutes: 5,
        command: |_| script("Directory"),
        gives: &["dc."],
    },
    Step {
        id: "connectorGroups",
        what: "the groups that the connector account is a direct member of",
        place: "a domain member with the Active Directory module, in Windows PowerShell",
        rights: "any domain user",
        minutes: 2,
        command: |names| {
            format!(
                "$a = {}\n\
                 Get-ADPrincipalGroupMembership -Identity $a |\n  \
                 Select-Object @{{n='Account';e={{$a}}}},Name,@{{n='SID';e={{\"$($_.SID)\"}}}} |\n  \
                 ConvertTo-Json | Set-Content -Encoding utf8 account-groups.json",
                quoted(account_name(&names.connector_account))
            )
        },
        gives: &["domain.accountGroups"],
    },
    Step {
        id: "cloudSyncAgent",
        what: "the version of the cloud sync provisioning agent",
        place: "each host of an agent, in Windows PowerShell",
        rights: "any local user",
        minutes: 2,
        command: |_| {
            "$p = \"$env:ProgramFiles\\Microsoft Azure AD Connect Provisioning Agent\"\n\
             (Get-Item \"$p\\AADConnectProvisioningAgent.exe\").VersionInfo |\n  \
             Select-Object @{n='PSComputerName';e={$env:COMPUTERNAME}},\n    \
             FileName,ProductVersion,FileVersion |\n  \
             ConvertTo-Json | Set-Content -Encoding utf8 cloud-sync-agent.json"
                .into()
        },
        gives: &["cloudSync.agents"],
    },
    Step {
        id: "directoryPermissions",
        what: "access lists of domains, containers and the SAM server object",
        place: "a domain member with the Active Directory module, in Windows PowerShell",
        rights: "any domain user as a rule: access lists are readable unless they were hardened",
        minutes: 5,
        command: |_| GET_ACLS.into(),
        gives: &["permissions.descriptors"],
    },
    Step {
        id: "peoplePermissions",
        what: "access lists of people and groups, the SIDs of names and who is in which group",
        place: "any machine with OpenLDAP's tools that reaches a domain controller",
        rights: "any domain user as a rule: access lists are readable unless they were hardened",
        minutes: 10,
        command: |names| {
            // 7 asks for owner, group and access list, without the audit list that only
            // administrators may read.
            format!(
                "ldapsearch -x -LLL -o ldif-wrap=no -ZZ -W -E pr=1000/noprompt \\\n  \
                 -E '!1.2.840.113556.1.4.801=::MAMCAQc=' \\\n  \
                 -H {} -D '<your user principal name>' \\\n  \
                 -b {} \\\n  \
                 '(|(objectCategory=person)(objectClass=group))' \\\n  \
                 objectClass userPrincipalName sAMAccountName objectSid \\\n  \
                 adminCount userAccountControl primaryGroupID groupType member \\\n  \
                 nTSecurityDescriptor > people.ldif",
                shell_quoted(&format!("ldap://{}", names.domain)),
                shell_quoted(&names.domain_dn)
            )
        },
        gives: &[
            "permissions.people",
            "permissions.memberships",
            "permissions.sids",
        ],
    },
    Step {
        id: "connectorAccount",
        what: "the connector account: its state, and all groups it is in",
        place: "a domain member with the Active Directory module, in Windows PowerShell",
        rights: "any domain user as a rule",
        minutes: 2,
        command: |names| {
            let account = names
                .connector_account
                .rsplit('\\')
                .next()
                .unwrap_or_default();
            let filter = if account.starts_with('<') {
                "\"SamAccountName -like 'MSOL_*'\"".to_owned()
            } else {
                format!("{{SamAccountName -eq {}}}", quoted(account))
            };
            format!(
                "Get-ADUser -Filter {filter} |\n  \
                 ForEach-Object {{ Get-ADUser $_.DistinguishedName -Properties \
                 tokenGroups,\n    Description,LockedOut,AccountExpirationDate,\
                 PasswordExpired,\n    LogonWorkstations,SIDHistory,MemberOf,\
                 primaryGroupID,ObjectClass }} |\n  \
                 ConvertTo-Json -Depth 4 |\n  \
                 Set-Content -Encoding utf8 connector-account.json"
            )
        },
        gives: &[
            "account.",
            "permissions.connectorAccount",
            "permissions.sids",
        ],
    },
];

/// Access lists as SDDL, of everything that people live in and of what guards a domain.
const GET_ACLS: &str = "\
$f = '(|(objectClass=domainDNS)(objectClass=organizationalUnit)' +
  '(objectClass=container)(objectClass=samServer)(objectClass=builtinDomain))'
Import-Module ActiveDirectory
Get-ADObject -LDAPFilter $f -ResultPageSize 500 | ForEach-Object {
    Get-Acl -LiteralPath \"AD:\\$($_.DistinguishedName)\" } |
  Select-Object Path,Owner,Sddl |
  ConvertTo-Json | Set-Content -Encoding utf8 acl.json";

/// A text between single quotes, as a POSIX shell reads it.
fn shell_quoted(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The script of the Connect server or of a domain host: printed here, carried there.
fn script(part: &str) -> String {
    format!(
        "sspr collect script > sspr-collect.ps1\n\
         powershell -ExecutionPolicy Bypass -File .\\sspr-collect.ps1 -Part {part}"
    )
}

fn connect(names: &Names, scopes: &str) -> String {
    let tenant = if names.tenant.starts_with('<') {
        String::new()
    } else {
        format!(" -TenantId {}", quoted(&names.tenant))
    };
    format!("Connect-MgGraph{tenant} -Scopes {scopes}")
}

/// A request whose pages follow one another: all of them go into one file, since pages apart do
/// not show that none is missing.
fn pages(names: &Names, scopes: &str, request: &[&str], file: &str) -> String {
    let request: Vec<_> = request.iter().map(|piece| quoted(piece)).collect();
    format!(
        "{}\n$u = '/v1.0/' + {}\n& {{ while ($u) {{\n    \
         $p = Invoke-MgGraphRequest -Uri $u -OutputType Json; $p\n    \
         $u = ($p | ConvertFrom-Json).'@odata.nextLink' }} }} |\n  \
         Set-Content -Encoding utf8 {file}.json",
        connect(names, scopes),
        request.join(" +\n  "),
    )
}

/// Requests whose answers fit one page.
const TENANT_REQUESTS: &str = "
foreach ($u in 'organization','domains','subscribedSkus',
  'directory/subscriptions','policies/authorizationPolicy',
  'policies/authenticationMethodsPolicy','groupSettings',
  'identity/conditionalAccess/policies',
  'directory/onPremisesSynchronization') {
    $f = \"$($u -replace '/','-').json\"
    Invoke-MgGraphRequest -Uri \"/v1.0/$u\" -OutputFilePath $f }";

/// The group's own object with all pages of its members in it.
const GROUP_REQUESTS: &str = "
$g = Invoke-MgGraphRequest -Uri ($u + '?$select=id,displayName')
$g.members = @(); $u += '/members?$select=id,userPrincipalName&$top=999'
while ($u) { $p = Invoke-MgGraphRequest -Uri $u
    $g.members += $p.value; $u = $p.'@odata.nextLink' }
$g | ConvertTo-Json -Depth 5 | Set-Content -Encoding utf8 group.json";

impl Step {
    /// Whether it gives a fact.
    pub fn gives(&self, fact: &str) -> bool {
        self.gives
            .iter()
            .any(|name| fact == *name || name.ends_with('.') && fact.starts_with(name))
    }

    fn entry(&self, names: &Names, settles: Vec<&'static str>) -> CollectEntry {
        CollectEntry {
            id: self.id.into(),
            what: self.what.into(),
            place: self.place.into(),
            rights: self.rights.into(),
            minutes: self.minutes,
            command: (self.command)(names),
            settles: settles.into_iter().map(Into::into).collect(),
        }
    }
}

/// The best step for one fact alone: one that names it, or else the first that gives its family.
pub fn step_for(fact: &str) -> Option<&'static Step> {
    STEPS
        .iter()
        .find(|step| step.gives.contains(&fact))
        .or_else(|| STEPS.iter().find(|step| step.gives(fact)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readiness::rules;
    use crate::snapshot::facts;

    #[test]
    fn every_fact_has_a_step() {
        let pseudo = [
            "people.users",
            "people.registration",
            "people.roles",
            "group.name",
            "group.exists",
            "group.members",
            "events.lastSuccess",
            "audit.switched",
        ];
        let names = [
            facts::TenantFacts::NAMES,
            facts::SsprFacts::NAMES,
            facts::MethodFacts::NAMES,
            facts::IntegrationFacts::NAMES,
            facts::LicenceFacts::NAMES,
            facts::TestFacts::NAMES,
            facts::ServerFacts::NAMES,
            facts::CloudSyncFacts::NAMES,
            facts::DomainFacts::NAMES,
            facts::DomainPolicyFacts::NAMES,
            facts::ControllerFacts::NAMES,
            facts::RegistrationFacts::NAMES,
        ];
        for fact in names.into_iter().flatten().chain(&pseudo) {
            assert!(step_for(fact).is_some(), "{fact}");
        }
    }

    #[test]
    fn steps_have_names_of_their_own() {
        let mut ids: Vec<_> = STEPS.iter().map(|step| step.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), STEPS.len());
    }

    #[test]
    fn commands_stay_readable_and_balanced() {
        for step in STEPS {
            let command = (step.command)(&Names::default());
            let count = |c| command.matches(c).count();
            assert_eq!(count('('), count(')'), "{command}");
            assert_eq!(count('{'), count('}'), "{command}");
            assert_eq!(count('"') % 2, 0, "{command}");
            let longest = command.lines().map(str::len).max();
            assert!(
                longest < Some(80) || step.id == "applicationLog",
                "{command}"
            );
        }
    }

    #[test]
    fn every_need_of_a_rule_has_a_step() {
        for rule in rules::ALL {
            for fact in rule.needs {
                assert!(step_for(fact).is_some(), "{}: {fact}", rule.code);
            }
        }
    }

    #[test]
    fn a_step_that_names_a_fact_goes_before_one_that_gives_its_family() {
        let step = |fact| step_for(fact).map(|step| step.id);
        assert_eq!(
            step("integration.applicationRoles"),
            Some("applicationRoles")
        );
        assert_eq!(step("integration.writeback"), Some("passwordResetBlade"));
        assert_eq!(step("events.any"), Some("applicationLog"));
    }

    #[test]
    fn names_from_evidence_stay_inside_their_quotes() {
        let names = Names {
            tenant: "x'; Remove-Item *; '".into(),
            group_id: "y'; Remove-Item *; '".into(),
            ..Names::default()
        };
        for step in STEPS {
            let command = (step.command)(&names);
            assert!(
                !command.contains("x';") && !command.contains("y';"),
                "{command}"
            );
        }
    }
}
