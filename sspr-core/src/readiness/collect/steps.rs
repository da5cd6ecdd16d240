//! All ways to collect evidence, with their commands.

use super::Step;
use crate::readiness::{Names, quoted};
use crate::snapshot::facts::account_name;

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
        place: GRAPH,
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
        place: GRAPH,
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
        place: GRAPH,
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
        place: GRAPH,
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
        place: GRAPH,
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
        place: GRAPH,
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
        place: GRAPH,
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
        what: "the domain: password policies, domain controllers, people, groups, access lists, the connector account",
        place: "a domain member, with the Active Directory module for policies and controllers, in Windows \
            PowerShell; `sspr collect ldap` reads most of it from anywhere",
        rights: "any domain user; Domain Admins to see all fine-grained policies",
        minutes: 5,
        command: |_| script("Directory"),
        gives: &[
            "domain.",
            "controller.",
            "permissions.",
            "account.",
            "people.passwordSet",
            "people.adUsers",
            "people.container",
        ],
    },
    Step {
        id: "groupPolicy",
        what: "the GPOs: what each defines, where it is linked, and in which order at the domain's root",
        place: "a domain member with the module GroupPolicy (RSAT), in Windows PowerShell",
        rights: "any domain user as a rule: GPOs are readable unless they were hardened",
        minutes: 3,
        command: |names| {
            format!(
                "Get-GPOReport -All -Domain {} -ReportType Xml -Path gpo-report.xml\n\
                 Get-GPInheritance -Target {} |\n  \
                 ConvertTo-Json -Depth 4 | Set-Content -Encoding utf8 gp-inheritance.json",
                quoted(&names.domain),
                quoted(&names.domain_dn)
            )
        },
        gives: &["domain.gpos", "domain.gpoLinks", "domain.templates", "gpo."],
    },
    Step {
        id: "domainController",
        what: "a domain controller itself: its password filters, and who may make remote calls to SAM",
        place: "each domain controller, in Windows PowerShell as administrator",
        rights: "administrator of the domain controller",
        minutes: 5,
        command: |_| script("Directory"),
        gives: &["dc."],
    },
    Step {
        id: "securityLog",
        what: "the Security logs of the domain controllers: passwords set, accounts unlocked, sign-ins",
        place: "each domain controller, in an elevated prompt",
        rights: "Event Log Readers, and the right to read the Security log",
        minutes: 3,
        command: |_| {
            "wevtutil epl Security sspr-security.evtx /q:\"*[System[EventID=4723 or EventID=4724 or EventID=4738 \
             or EventID=4740 or EventID=4767 or EventID=4624 or EventID=4768 or EventID=4776]]\""
                .into()
        },
        gives: &["logs.security"],
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

/// Where a tenant is read.
const GRAPH: &str = "anywhere, in PowerShell with the module Microsoft.Graph.Authentication; `sspr collect \
    graph` reads all of the tenant in one run";

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
