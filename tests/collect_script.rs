//! What `sspr collect script` prints: short, readable, and unable to change anything.

#![allow(
    clippy::expect_used,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::ops::ControlFlow;

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
        "Get-ADPrincipalGroupMembership",
        "groups of the connector account",
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
    ("Get-ADUser", "people of the domain"),
    (
        "Get-AzureADPasswordProtectionDCAgent",
        "agents of Entra Password Protection",
    ),
    (
        "Get-CimInstance",
        "operating system, computer system, services",
    ),
    (
        "Get-ItemProperty",
        "installation type, .NET release, password filters",
    ),
    ("Test-NetConnection", "endpoint tests"),
    ("net.exe", "net accounts"),
    ("w32tm.exe", "clock"),
    ("wevtutil.exe", "event logs"),
];

/// Commands that find names, shape answers or write the zip file.
const PLUMBING: &[&str] = &[
    "Add-Type",
    "ConvertTo-Json",
    "Copy-Item",
    "ForEach-Object",
    "Get-ADDomain",
    "Get-ADObject",
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
    assert!(SCRIPT.lines().count() < 300);
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
    assert!(code.contains("Copy-Item -Path $source -Destination (Get-Target $path)"));
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
        "domain/users.jsonl",
        "adUsers",
        r#"{"DistinguishedName":"CN=Jane Doe,OU=Staff,DC=contoso,DC=com","SamAccountName":"jdoe","Enabled":true,"ObjectGUID":"11111111-2222-4333-8444-555555555555","SID":"S-1-5-21-1-2-3-1104","PasswordLastSet":"\/Date(1795167000000)\/","PasswordNeverExpires":false,"CannotChangePassword":false,"adminCount":null,"pwdLastSet":134396406000000000,"UserPrincipalName":"jdoe@contoso.com"}"#,
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
        r#"{"Notification Packages":["rassfm","scecli"],"PSComputerName":"dc01.contoso.com"}"#,
    ),
];

#[test]
fn every_answer_is_recognised_as_what_it_is() {
    let inputs = ANSWERS.iter();
    let inputs = inputs.map(|(path, _, text)| Input::bytes(*path, text.as_bytes()));
    let snapshot = Snapshot::read(inputs.collect(), &ReadOptions::default(), &mut |_| {
        ControlFlow::Continue(())
    })
    .expect("nobody stops it");
    assert!(snapshot.skipped.is_empty(), "{:?}", snapshot.skipped);
    for (path, kind, _) in ANSWERS {
        let mut evidence = snapshot.evidence.iter();
        let found = evidence.find(|evidence| evidence.name == *path);
        let found = found.expect("every answer is evidence");
        assert_eq!(found.kinds, [*kind], "{path}");
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
            ANSWERS.iter().any(|(known, ..)| known.starts_with(path)),
            "{path} is in no answer"
        );
    }
}
