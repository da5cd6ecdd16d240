//! What `sspr collect script` prints: short, readable, and unable to change anything.

#![allow(
    clippy::expect_used,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use serde_json::json;
use sspr::readiness::{Options, Verdict, assess};
use sspr::snapshot::{Input, ReadOptions, Snapshot};

const SCRIPT: &str = include_str!("../sspr-cli/data/collect.ps1");

/// The commands whose answers are evidence, each with what recognises its answer.
const EVIDENCE: &[(&str, &str)] = &[
    (
        "Get-ADDefaultDomainPasswordPolicy",
        "domain password policy",
    ),
    ("Get-ADDomainController", "domain controllers"),
    (
        "Get-ADFineGrainedPasswordPolicy",
        "fine-grained password policies",
    ),
    ("Get-ADRootDSE", "rootDSE with supportedControl"),
    (
        "Get-ADSyncAADPasswordResetConfiguration",
        "writeback flag of the connector",
    ),
    (
        "Get-ADSyncEntraConnectorCredential",
        "sign-in of Entra Connect",
    ),
    (
        "Get-ADSyncGlobalSettings",
        "global settings of Entra Connect",
    ),
    ("Get-ADSyncScheduler", "scheduler and staging mode"),
    ("Get-ADSyncServerConfiguration", "configuration export"),
    ("Get-ADSyncToolsTls12", "TLS 1.2 registry values"),
    (
        "Get-AzureADPasswordProtectionDCAgent",
        "agents of Entra Password Protection",
    ),
    (
        "Get-CimInstance",
        "operating system, computer system, services",
    ),
    ("Get-GPInheritance", "which policies are linked where"),
    ("Get-GPO", "policies with their state"),
    ("Get-GPOReport", "what policies set"),
    (
        "Get-ItemProperty",
        "installation type, .NET release, password filters, remote calls to SAM",
    ),
    ("Test-NetConnection", "endpoint tests"),
    ("net.exe", "net accounts"),
    ("secedit.exe", "user rights and security options"),
    ("w32tm.exe", "clock"),
    ("wevtutil.exe", "event logs"),
];

/// Commands that find names, shape answers or write the zip file.
const PLUMBING: &[&str] = &[
    "Add-Type",
    "ConvertTo-Json",
    "Copy-Item",
    "ForEach-Object",
    "Get-ADSyncConnector",
    "Get-ChildItem",
    "Get-FileHash",
    "Get-Location",
    "Get-Module",
    "Get-Service",
    "Get-WinEvent",
    "Import-Module",
    "Join-Path",
    "New-Item",
    "New-Object",
    "Out-String",
    "Remove-Item",
    "Select-Object",
    "Set-StrictMode",
    "Sort-Object",
    "Split-Path",
    "Test-Path",
    "Where-Object",
    "Write-Host",
];

/// Short names that a reader of a script should not have to know.
const ALIASES: &[&str] = &[
    "cat", "cd", "cp", "curl", "del", "dir", "echo", "epcsv", "fl", "ft", "gc", "gci", "gcim",
    "gcm", "gi", "gm", "gp", "gps", "gsv", "gwmi", "icm", "iex", "ipmo", "irm", "iwr", "ls",
    "measure", "mkdir", "mv", "ni", "pwd", "rm", "sc", "select", "sleep", "sort", "tee", "wget",
    "where", "write",
];

/// The script without comments and without the content of its strings.
fn code() -> String {
    let mut code = String::new();
    let mut rest = SCRIPT;
    while let Some(c) = rest.chars().next() {
        let end = match c {
            '<' if rest.starts_with("<#") => rest.find("#>").expect("the comment ends") + 2,
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '\'' | '"' => {
                code.push_str("''");
                string_length(rest, c)
            }
            _ => {
                code.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[end..];
    }
    code
}

/// The length of the string that the text begins with; a doubled quote stands for itself.
fn string_length(text: &str, quote: char) -> usize {
    let mut at = 1;
    loop {
        at += text[at..].find(quote).expect("the string ends") + 1;
        if !text[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
}

/// All words, with hyphens and dots as parts of them. Variables, parameters, members and types are
/// left out.
fn words(code: &str) -> BTreeSet<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '$' | ':');
    code.split(|c: char| !is_part(c))
        .map(|word| word.trim_end_matches([':', '.']))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))
        .collect()
}

/// The functions that the script defines.
fn functions(code: &str) -> BTreeSet<&str> {
    code.split("function ")
        .skip(1)
        .filter_map(|text| {
            text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                .next()
        })
        .collect()
}

#[test]
fn the_script_is_short_and_in_ascii() {
    assert!(SCRIPT.lines().count() < 460, "it is read before it is run");
    assert!(SCRIPT.is_ascii(), "any console can show it");
    assert!(
        SCRIPT.lines().all(|line| line.len() < 160),
        "no line is too long to read"
    );
    assert!(!SCRIPT.contains('\t') && !SCRIPT.contains('`'));
}

#[test]
fn every_command_is_evidence_or_plumbing() {
    let code = code();
    let own = functions(&code);
    let commands: BTreeSet<_> = words(&code)
        .into_iter()
        .filter(|word| word.contains('-') || word.ends_with(".exe"))
        .collect();
    for command in &commands {
        assert!(
            own.contains(command)
                || PLUMBING.contains(command)
                || EVIDENCE.iter().any(|(name, _)| name == command),
            "{command} is on no list"
        );
    }
    for (command, answer) in EVIDENCE {
        assert!(
            commands.contains(command),
            "{command} ({answer}) is not run"
        );
    }
    for command in PLUMBING {
        assert!(
            commands.contains(command),
            "{command} is on the list and not used"
        );
    }
}

#[test]
fn nothing_is_written_but_the_evidence() {
    let code = code();
    // The only things that are made or removed are in the script's own folder.
    assert_eq!(code.matches("New-Item").count(), 1);
    assert!(code.contains("New-Item -ItemType Directory -Force -Path (Split-Path -Path $target"));
    assert_eq!(code.matches("Remove-Item").count(), 1);
    assert!(code.contains("Remove-Item -Path $work -Recurse"));
    assert_eq!(code.matches("Copy-Item").count(), 1);
    assert!(code.contains("Copy-Item -LiteralPath $source -Destination (Get-Target $path)"));
    for verb in [
        "Set-AD", "Set-Item", "Start-", "Stop-", "Restart-", "Enable-", "Disable-", "Invoke-",
    ] {
        assert!(!code.contains(verb), "{verb}");
    }
    assert!(
        SCRIPT.contains("wevtutil.exe epl"),
        "the log is exported, never cleared"
    );
    assert!(
        SCRIPT.contains("w32tm.exe /query"),
        "the clock is asked, never set"
    );
    assert_eq!(SCRIPT.matches("secedit.exe").count(), 1);
    assert!(
        SCRIPT.contains("secedit.exe /export"),
        "security settings are exported, never configured"
    );
    assert!(!SCRIPT.contains("CommitChanges") && !SCRIPT.contains(".SetInfo"));
}

#[test]
fn there_are_no_aliases() {
    let code = code();
    let words = words(&code);
    for alias in ALIASES {
        assert!(!words.contains(alias), "{alias}");
    }
    for (at, _) in code.match_indices('|') {
        let next = code[at + 1..].trim_start();
        assert!(
            next.starts_with(|c: char| c.is_ascii_uppercase()),
            "a pipeline goes on with a full name: {}",
            next.lines().next().unwrap_or_default()
        );
    }
}

#[test]
fn no_secret_is_asked_for_or_kept() {
    for word in ["Get-Credential", "Read-Host", "SecureString", "-Credential"] {
        assert!(!SCRIPT.contains(word), "{word}");
    }
    assert!(
        SCRIPT.contains("encrypted="),
        "encrypted values are cut from the export"
    );
}

/// What Windows PowerShell 5.1 writes into each file, and what it must be recognised as.
const ANSWERS: &[(&str, &str, &str)] = &[
    (
        "host/os.json",
        "operatingSystem",
        r#"{"CSName":"AADC01","Caption":"Microsoft Windows Server 2022 Standard","Version":"10.0.20348","BuildNumber":"20348","OSLanguage":1033}"#,
    ),
    (
        "host/computer.json",
        "computerSystem",
        r#"{"Name":"AADC01","Domain":"contoso.com","DomainRole":3}"#,
    ),
    (
        "host/installation.json",
        "windowsVersion",
        r#"{"InstallationType":"Server","ProductName":"Windows Server 2022 Standard","CurrentBuild":"20348","PSComputerName":"aadc01.contoso.com"}"#,
    ),
    (
        "host/services.json",
        "services",
        r#"[{"Name":"ADSync","DisplayName":"Microsoft Azure AD Sync","State":"Running","StartMode":"Auto","StartName":"NT SERVICE\\ADSync","PathName":"\"C:\\Program Files\\Microsoft Azure AD Sync\\Bin\\miiserver.exe\"","SystemName":"AADC01"}]"#,
    ),
    (
        "host/w32tm.txt",
        "timeStatus",
        "Leap Indicator: 0(no warning)\r\nStratum: 3 (secondary reference - syncd by (S)NTP)\r\nPrecision: -23 (119.209ns per tick)\r\nRoot Delay: 0.0312517s\r\nRoot Dispersion: 0.0200341s\r\nReferenceId: 0xC0000201 (source IP:  192.0.2.1)\r\nLast Successful Sync Time: 11/20/2026 8:58:01 AM\r\nSource: dc01.contoso.com\r\nPoll Interval: 10 (1024s)\r\n\r\nPhase Offset: 0.0004310s\r\nClockRate: 0.0156250s\r\nState Machine: 2 (Sync)\r\nTime Source Flags: 0 (None)\r\nServer Role: 0 (None)\r\nLast Sync Error: 0 (The command completed successfully.)\r\nTime since Last Good Sync Time: 119.1s\r\n",
    ),
    (
        "host/dotnet.json",
        "dotNetFramework",
        r#"{"Release":528449,"PSComputerName":"aadc01.contoso.com"}"#,
    ),
    (
        "connect/scheduler.json",
        "scheduler",
        r#"{"PSComputerName":"aadc01.contoso.com","AllowedSyncCycleInterval":{"Ticks":18000000000,"Days":0,"Hours":0,"Milliseconds":0,"Minutes":30,"Seconds":0},"NextSyncCyclePolicyType":1,"NextSyncCycleStartTimeInUTC":"\/Date(1795167000000)\/","SyncCycleEnabled":true,"MaintenanceEnabled":true,"StagingModeEnabled":false,"SchedulerSuspended":false,"SyncCycleInProgress":false}"#,
    ),
    (
        "connect/global-settings.json",
        "connectGlobalSettings",
        r#"{"PSComputerName":"aadc01.contoso.com","Parameters":[{"Name":"Microsoft.OptionalFeature.PasswordWriteback","Value":"True"},{"Name":"Microsoft.Synchronize.StagingMode","Value":"False"}]}"#,
    ),
    (
        "connect/password-reset.json",
        "passwordResetConfiguration",
        r#"[{"PSComputerName":"aadc01.contoso.com","Connector":"contoso.onmicrosoft.com - AAD","Enabled":true}]"#,
    ),
    (
        "connect/identity.json",
        "connectCredential",
        r#"{"PSComputerName":"aadc01.contoso.com","ConnectorIdentityType":1,"ApplicationAppId":"11111111-2222-4333-8444-555555555555","CertificateManagedBy":"EntraConnect","CertificateNotAfter":"\/Date(1830297600000)\/"}"#,
    ),
    (
        "connect/tls12.json",
        "tls12",
        r#"[{"Path":"HKLM:\\SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319","Name":"SystemDefaultTlsVersions","Value":"Not Found","PSComputerName":"aadc01.contoso.com"}]"#,
    ),
    (
        "connect/endpoints.json",
        "endpointTests",
        r#"[{"ComputerName":"passwordreset.microsoftonline.com","RemotePort":443,"TcpTestSucceeded":true,"RemoteAddress":"192.0.2.10","ProxyConfigured":false,"PSComputerName":"aadc01.contoso.com"}]"#,
    ),
    (
        "connect/export/GlobalSettings/MV.xml",
        "connectExport",
        "<saved-mv-configuration server='AADC01' export-date='2026-11-20 09:00:00.000'><mv-data/></saved-mv-configuration>",
    ),
    (
        "connect/export/SynchronizationRules/SynchronizationRule_{1}.xml",
        "connectExport",
        "<SynchronizationRule><name>In from AD - User AccountEnabled</name><disabled>False</disabled></SynchronizationRule>",
    ),
    (
        "domain/password-policy.json",
        "domainPasswordPolicy",
        r#"{"ComplexityEnabled":true,"DistinguishedName":"DC=contoso,DC=com","LockoutDuration":{"Ticks":18000000000},"LockoutObservationWindow":{"Ticks":18000000000},"LockoutThreshold":0,"MaxPasswordAge":{"Ticks":36288000000000},"MinPasswordAge":{"Ticks":864000000000},"MinPasswordLength":7,"PasswordHistoryCount":24,"ReversibleEncryptionEnabled":false,"objectClass":["domainDNS"],"objectGuid":"11111111-2222-4333-8444-555555555555"}"#,
    ),
    (
        "domain/net-accounts.txt",
        "netAccounts",
        "Force user logoff how long after time expires?:       Never\r\nMinimum password age (days):                          1\r\nMaximum password age (days):                          42\r\nMinimum password length:                              7\r\nLength of password history maintained:                24\r\nLockout threshold:                                    Never\r\nLockout duration (minutes):                           30\r\nLockout observation window (minutes):                 30\r\nComputer role:                                        PRIMARY\r\nThe command completed successfully.\r\n",
    ),
    (
        "domain/controllers.json",
        "domainControllers",
        r#"[{"HostName":"dc01.contoso.com","Name":"DC01","Domain":"contoso.com","Forest":"contoso.com","Site":"Default-First-Site-Name","IsReadOnly":false,"IsGlobalCatalog":true,"OperatingSystem":"Windows Server 2022 Standard","OperatingSystemVersion":"10.0 (20348)"}]"#,
    ),
    (
        "domain/rootdse-dc01.contoso.com.json",
        "rootDse",
        r#"{"dnsHostName":"dc01.contoso.com","defaultNamingContext":"DC=contoso,DC=com","supportedControl":["1.2.840.113556.1.4.2239"]}"#,
    ),
    (
        "domain/domain.json",
        "adDomain",
        r#"{"DNSRoot":"contoso.com","NetBIOSName":"CONTOSO","DomainSID":"S-1-5-21-1-2-3","Forest":"contoso.com"}"#,
    ),
    (
        "domain/access-lists.jsonl",
        "securityDescriptors",
        ACCESS_LISTS,
    ),
    (
        "domain/directory-service.json",
        "directoryService",
        r#"{"DistinguishedName":"CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,DC=contoso,DC=com","dSHeuristics":null}"#,
    ),
    ("domain/users.jsonl", "adUsers", USERS),
    ("domain/groups.jsonl", "adGroups", GROUPS),
    (
        "domain/connector-account.json",
        "adUsers",
        r#"[{"DistinguishedName":"CN=MSOL_0123456789ab,CN=Users,DC=contoso,DC=com","ObjectClass":"user","SID":"S-1-5-21-1-2-3-1200","SamAccountName":"MSOL_0123456789ab","description":"Account created by Microsoft Azure Active Directory Connect with installation identifier 0123456789ab running on computer AADC01.","userAccountControl":66048,"msDS-User-Account-Control-Computed":0,"lockoutTime":null,"accountExpires":9223372036854775807,"userWorkstations":null,"pwdLastSet":134396406000000000,"primaryGroupID":513,"MemberOf":[],"sIDHistory":[],"tokenGroups":["S-1-5-21-1-2-3-513","S-1-5-32-545"]}]"#,
    ),
    (
        "domain/fine-grained.json",
        "fineGrainedPolicies",
        r#"[{"DistinguishedName":"CN=Password Settings Container,CN=System,DC=contoso,DC=com","ObjectClass":"msDS-PasswordSettingsContainer"},{"Name":"Leads","DistinguishedName":"CN=Leads,CN=Password Settings Container,CN=System,DC=contoso,DC=com","ObjectGUID":"11111111-2222-4333-8444-666666666666","Precedence":10,"AppliesTo":["CN=Leads,OU=Groups,DC=contoso,DC=com"],"ComplexityEnabled":true,"LockoutDuration":{"Ticks":18000000000},"LockoutObservationWindow":{"Ticks":18000000000},"LockoutThreshold":0,"MaxPasswordAge":{"Ticks":36288000000000},"MinPasswordAge":{"Ticks":0},"MinPasswordLength":12,"PasswordHistoryCount":24,"ReversibleEncryptionEnabled":false}]"#,
    ),
    (
        "domain/protection-agents.json",
        "passwordProtectionAgents",
        r#"[{"ServerFQDN":"dc01.contoso.com","SoftwareVersion":"1.2.177.1","Domain":"contoso.com","Forest":"contoso.com","PasswordPolicyDateUTC":"\/Date(1795167000000)\/","HeartbeatUTC":"\/Date(1795167000000)\/"}]"#,
    ),
    (
        "domain/account-groups.json",
        "accountGroups",
        r#"[{"Name":"Domain Users","Account":"MSOL_0123456789ab","SID":"S-1-5-21-1-2-3-513"}]"#,
    ),
    (
        "domain/gpo/31b2f340-016d-11d2-945f-00c04fb984f9/GptTmpl.inf",
        "securityTemplate",
        "[Unicode]\r\nUnicode=yes\r\n[System Access]\r\nMinimumPasswordAge = 1\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n",
    ),
    (
        "host/password-filters.json",
        "passwordFilters",
        r#"{"Notification Packages":["rassfm","scecli"],"RestrictRemoteSam":null,"PSComputerName":"dc01.contoso.com"}"#,
    ),
    (
        "host/lsa.json",
        "remoteSam",
        r#"{"RestrictRemoteSam":null,"PSComputerName":"aadc01.contoso.com"}"#,
    ),
    (
        "host/security-policy.inf",
        "securityTemplate",
        "[Unicode]\r\nUnicode=yes\r\n[Registry Values]\r\nMACHINE\\System\\CurrentControlSet\\Control\\Lsa\\LimitBlankPasswordUse=4,1\r\n[Privilege Rights]\r\nSeImpersonatePrivilege = *S-1-5-19,*S-1-5-20,*S-1-5-32-544,*S-1-5-6\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n",
    ),
];

/// What is gathered of policies and their links, whose forms have tests of their own.
const POLICIES: &[&str] = &[
    "domain/gpo/inheritance.json",
    "domain/gpo/inheritance-controllers.json",
    "domain/gpo/policies.json",
    "domain/gpo/report.xml",
];

/// The domain grants the connector account what writeback needs, as its cmdlet writes it.
const ACCESS_LISTS: &str = concat!(
    r#"{"DistinguishedName":"DC=contoso,DC=com","ObjectClass":"domainDNS","Sddl":"O:BAG:BAD:AI(OA;CIIO;CR;00299570-246d-11d0-a768-00aa006e0529;bf967aba-0de6-11d0-a285-00aa003049e2;S-1-5-21-1-2-3-1200)(OA;CIIO;WP;28630ebf-41d5-11d1-a9c1-0000f80367c1;bf967aba-0de6-11d0-a285-00aa003049e2;S-1-5-21-1-2-3-1200)(OA;CIIO;WP;bf967a0a-0de6-11d0-a285-00aa003049e2;bf967aba-0de6-11d0-a285-00aa003049e2;S-1-5-21-1-2-3-1200)(OA;;CR;ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501;;AU)(A;;LCRPLORC;;;AU)"}"#,
    "\r\n",
    r#"{"DistinguishedName":"OU=Staff,DC=contoso,DC=com","ObjectClass":"organizationalUnit","Sddl":"O:DAG:DAD:AI(OA;CIIOID;CR;00299570-246d-11d0-a768-00aa006e0529;bf967aba-0de6-11d0-a285-00aa003049e2;S-1-5-21-1-2-3-1200)(OA;CIIOID;WP;28630ebf-41d5-11d1-a9c1-0000f80367c1;bf967aba-0de6-11d0-a285-00aa003049e2;S-1-5-21-1-2-3-1200)(OA;CIIOID;WP;bf967a0a-0de6-11d0-a285-00aa003049e2;bf967aba-0de6-11d0-a285-00aa003049e2;S-1-5-21-1-2-3-1200)"}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=AdminSDHolder,CN=System,DC=contoso,DC=com","ObjectClass":"container","Sddl":"O:DAG:DAD:PAI(A;;LCRPLORC;;;AU)"}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=Server,CN=System,DC=contoso,DC=com","ObjectClass":"samServer","Sddl":"O:BAG:BAD:AI(A;;LCRPRC;;;AU)(A;;LCRPRC;;;RU)"}"#,
    "\r\n",
);

/// Two people with the same list, which is written once, and an administrator.
const USERS: &str = concat!(
    r#"{"DistinguishedName":"CN=Jane Doe,OU=Staff,DC=contoso,DC=com","ObjectClass":"user","SID":"S-1-5-21-1-2-3-1104","SamAccountName":"jdoe","userPrincipalName":"jdoe@contoso.com","displayName":"Jane Doe","description":null,"userAccountControl":512,"pwdLastSet":134396406000000000,"lockoutTime":0,"adminCount":null,"primaryGroupID":513,"MemberOf":[],"sIDHistory":[],"msDS-ResultantPSO":null,"msDS-PSOApplied":[],"Sddl":"O:DAG:DAD:AI(OA;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;WD)(OA;ID;CR;00299570-246d-11d0-a768-00aa006e0529;;S-1-5-21-1-2-3-1200)(OA;ID;WP;28630ebf-41d5-11d1-a9c1-0000f80367c1;;S-1-5-21-1-2-3-1200)(OA;ID;WP;bf967a0a-0de6-11d0-a285-00aa003049e2;;S-1-5-21-1-2-3-1200)","CannotChangePassword":false}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=Ann Roe,OU=Staff,DC=contoso,DC=com","ObjectClass":"user","SID":"S-1-5-21-1-2-3-1105","SamAccountName":"aroe","userPrincipalName":"aroe@contoso.com","displayName":"Ann Roe","description":null,"userAccountControl":66048,"pwdLastSet":134396406000000000,"lockoutTime":0,"adminCount":null,"primaryGroupID":513,"MemberOf":[],"sIDHistory":[],"msDS-ResultantPSO":null,"msDS-PSOApplied":[],"CannotChangePassword":false,"SameSddlAs":"CN=Jane Doe,OU=Staff,DC=contoso,DC=com"}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=Administrator,CN=Users,DC=contoso,DC=com","ObjectClass":"user","SID":"S-1-5-21-1-2-3-500","SamAccountName":"Administrator","userPrincipalName":null,"displayName":null,"description":null,"userAccountControl":512,"pwdLastSet":134396406000000000,"lockoutTime":0,"adminCount":1,"primaryGroupID":513,"MemberOf":["CN=Domain Admins,CN=Users,DC=contoso,DC=com"],"sIDHistory":[],"msDS-ResultantPSO":null,"msDS-PSOApplied":[],"Sddl":"O:DAG:DAD:PAI(A;;LCRPLORC;;;AU)","CannotChangePassword":false}"#,
    "\r\n",
);

/// All groups whose members are protected, and Pre-Windows 2000 Compatible Access.
const GROUPS: &str = concat!(
    r#"{"DistinguishedName":"CN=Administrators,CN=Builtin,DC=contoso,DC=com","SID":"S-1-5-32-544","SamAccountName":"Administrators","groupType":-2147483643,"Members":["CN=Domain Admins,CN=Users,DC=contoso,DC=com"],"MemberOf":[]}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=Account Operators,CN=Builtin,DC=contoso,DC=com","SID":"S-1-5-32-548","SamAccountName":"Account Operators","groupType":-2147483643,"Members":[],"MemberOf":[]}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=Server Operators,CN=Builtin,DC=contoso,DC=com","SID":"S-1-5-32-549","SamAccountName":"Server Operators","groupType":-2147483643,"Members":[],"MemberOf":[]}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=Print Operators,CN=Builtin,DC=contoso,DC=com","SID":"S-1-5-32-550","SamAccountName":"Print Operators","groupType":-2147483643,"Members":[],"MemberOf":[]}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=Backup Operators,CN=Builtin,DC=contoso,DC=com","SID":"S-1-5-32-551","SamAccountName":"Backup Operators","groupType":-2147483643,"Members":[],"MemberOf":[]}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=Replicator,CN=Builtin,DC=contoso,DC=com","SID":"S-1-5-32-552","SamAccountName":"Replicator","groupType":-2147483643,"Members":[],"MemberOf":[]}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=Users,CN=Builtin,DC=contoso,DC=com","SID":"S-1-5-32-545","SamAccountName":"Users","groupType":-2147483643,"Members":["CN=Domain Users,CN=Users,DC=contoso,DC=com"],"MemberOf":[]}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=Pre-Windows 2000 Compatible Access,CN=Builtin,DC=contoso,DC=com","SID":"S-1-5-32-554","SamAccountName":"Pre-Windows 2000 Compatible Access","groupType":-2147483643,"Members":["CN=S-1-5-11,CN=ForeignSecurityPrincipals,DC=contoso,DC=com"],"MemberOf":[]}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=Domain Admins,CN=Users,DC=contoso,DC=com","SID":"S-1-5-21-1-2-3-512","SamAccountName":"Domain Admins","groupType":-2147483646,"Members":["CN=Administrator,CN=Users,DC=contoso,DC=com"],"MemberOf":["CN=Administrators,CN=Builtin,DC=contoso,DC=com"]}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=Schema Admins,CN=Users,DC=contoso,DC=com","SID":"S-1-5-21-1-2-3-518","SamAccountName":"Schema Admins","groupType":-2147483640,"Members":[],"MemberOf":[]}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=Enterprise Admins,CN=Users,DC=contoso,DC=com","SID":"S-1-5-21-1-2-3-519","SamAccountName":"Enterprise Admins","groupType":-2147483640,"Members":[],"MemberOf":[]}"#,
    "\r\n",
    r#"{"DistinguishedName":"CN=Domain Users,CN=Users,DC=contoso,DC=com","SID":"S-1-5-21-1-2-3-513","SamAccountName":"Domain Users","groupType":-2147483646,"MemberOf":["CN=Users,CN=Builtin,DC=contoso,DC=com"]}"#,
    "\r\n",
);

/// Some of the answers, with the manifest that the script writes beside them, and other evidence.
fn read(chosen: impl Fn(&str) -> bool, other: &[(&str, &str)]) -> Snapshot {
    let chosen: Vec<_> = ANSWERS.iter().filter(|(path, ..)| chosen(path)).collect();
    let files: Vec<_> = chosen
        .iter()
        .map(|(path, ..)| {
            let subject = match *path {
                path if path.starts_with("domain/gpo/") => {
                    json!({"type": "gpo", "id": "{31B2F340-016D-11D2-945F-00C04FB984F9}", "name": "Default Domain Policy"})
                }
                path if path.starts_with("domain/rootdse") => {
                    json!({"type": "host", "name": "dc01.contoso.com"})
                }
                path if path.starts_with("domain/") => json!({"type": "domain", "name": "contoso.com"}),
                _ => json!({"type": "host", "name": "aadc01.contoso.com"}),
            };
            json!({"path": path, "subject": subject, "complete": true, "observedAt": "2026-11-20T09:00:00Z"})
        })
        .collect();
    let manifest = json!({"schema": "sspr-evidence/1", "files": files}).to_string();
    let answers = chosen.iter().map(|(path, _, text)| (*path, *text));
    let all = answers.chain(other.iter().copied());
    let inputs = all.chain([("manifest.json", manifest.as_str())]);
    let inputs = inputs.map(|(path, text)| Input::bytes(path, text.as_bytes()));
    Snapshot::read(inputs.collect(), &ReadOptions::default(), &mut |_| {
        ControlFlow::Continue(())
    })
    .expect("nobody stops it")
}

#[test]
fn the_directory_part_settles_the_rules_on_rights_and_policies() {
    let people = r#"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":[
        {"id":"11111111-0000-4000-8000-000000000001","userPrincipalName":"jdoe@contoso.com","accountEnabled":true,"onPremisesSyncEnabled":true,"onPremisesDistinguishedName":"CN=Jane Doe,OU=Staff,DC=contoso,DC=com"},
        {"id":"11111111-0000-4000-8000-000000000002","userPrincipalName":"aroe@contoso.com","accountEnabled":true,"onPremisesSyncEnabled":true,"onPremisesDistinguishedName":"CN=Ann Roe,OU=Staff,DC=contoso,DC=com"}]}"#;
    let snapshot = read(
        |path| path.starts_with("domain/"),
        &[("users.json", people)],
    );
    let at = "2026-11-20T12:00:00Z".parse().expect("a time");
    let report = assess(&snapshot, &Options::at(at));
    let verdict = |code: &str| {
        let finding = report.findings.iter().find(|finding| finding.code == code);
        finding.map(|finding| (finding.verdict, finding.message.clone()))
    };
    for code in [
        "SSPR801", "SSPR802", "SSPR803", "SSPR804", "SSPR805", "SSPR806", "SSPR808", "SSPR809",
        "SSPR810", "SSPR811", "SSPR812", "SSPR814", "SSPR815", "SSPR816", "SSPR402",
    ] {
        let (verdict, message) = verdict(code).expect("every rule is in the report");
        assert_eq!(verdict, Verdict::Pass, "{code}: {message}");
    }
}

#[test]
fn every_answer_is_recognised_as_what_it_is() {
    let snapshot = read(|_| true, &[]);
    assert!(snapshot.skipped.is_empty(), "{:?}", snapshot.skipped);
    for (path, kind, _) in ANSWERS {
        let mut evidence = snapshot.evidence.iter();
        let found = evidence.find(|evidence| evidence.name == *path);
        let found = found.expect("every answer is evidence");
        assert_eq!(found.kinds, [*kind], "{path}");
    }
}

#[test]
fn every_kind_that_may_be_missing_is_known() {
    let kinds = SCRIPT.lines().filter_map(|line| {
        let line = line.trim_start();
        let rest = ["Save-Item '", "Add-Gap '", "Export-Log '"]
            .iter()
            .find_map(|start| line.strip_prefix(start))?;
        rest.split('\'').next()
    });
    let gaps: Vec<_> = kinds
        .map(|kind| json!({"what": kind, "reason": "noPermission", "detail": "x"}))
        .collect();
    assert!(gaps.len() > 20);
    let manifest = json!({"schema": "sspr-evidence/1", "notAvailable": gaps}).to_string();
    let snapshot = read(|_| false, &[("other/manifest.json", &manifest)]);
    for evidence in &snapshot.evidence {
        let lost = evidence.lost.as_ref();
        assert!(lost.is_none(), "{:?}", lost.map(|lost| &lost.first));
    }
}

#[test]
fn every_file_of_the_script_has_an_answer_here() {
    for line in SCRIPT
        .lines()
        .filter(|line| line.trim_start().starts_with("Save-Item '"))
    {
        let path = line
            .split('\'')
            .nth(3)
            .expect("the second argument is the path");
        assert!(
            ANSWERS.iter().any(|(known, ..)| known.starts_with(path)) || POLICIES.contains(&path),
            "{path} is in no answer"
        );
    }
}
