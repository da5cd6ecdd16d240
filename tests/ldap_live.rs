//! A directory that is read over LDAP, from the first byte to the verdict.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "ldap_live/domain.rs"]
mod domain;
#[path = "ldap_live/realm.rs"]
mod realm;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use domain::{ADDRESS, ADMIN, Domain, NAME};
use realm::Realm;
use sspr::ErrorCode;
use sspr::directory::security::{
    Granted, ObjectClass, Sid, Target, Token, Wanted, guids, well_known,
};
use sspr::evidence::{NotAvailableReason, Stage};
use sspr::ldap::{Collected, Secret, Settings, collect};
use sspr::readiness::{Options, Verdict, assess};
use sspr::snapshot::{Input, ReadOptions, Snapshot};

const BASE: &str = "DC=sspr,DC=test";
const CONNECTOR: (&str, &str) = ("MSOL_0123456789ab@sspr.test", "Example-Connector-1");
const READER: (&str, &str) = ("reader@sspr.test", "Example-Reader-1");
/// People who fill more than one file of the least size.
const CROWD: u64 = 230;

#[test]
#[ignore = "needs Samba as a domain controller: apt-get install samba samba-ad-provision samba-dsdb-modules \
            samba-vfs-modules winbind python3-samba ldb-tools ldap-utils python3-markdown python3-cryptography \
            krb5-user libkrb5-dev libclang-dev pkg-config"]
fn a_live_directory_is_collected_and_judged() {
    let mut domain = Domain::start();
    populate(&domain);
    doors_are_kept(&domain);
    let whole = everything_is_there(&domain);
    start_tls_reads_the_same(&domain, &whole);
    kerberos_reads_the_same(&domain, &whole);
    kerberos_says_why_it_does_not_go(&domain);
    the_connector_reads_its_own_token(&domain);
    an_ordinary_reader_takes_nothing_hidden_for_nothing(&domain);
    an_interrupted_run_goes_on(&mut domain, &whole);
}

/// Two units, of which one blocks inheritance, with people; a fine-grained policy; the connector.
fn populate(domain: &Domain) {
    let mut ldif = String::new();
    let mut add = |dn: &str, lines: &[&str]| {
        let _ = writeln!(ldif, "dn: {dn}\nchangetype: add\n{}\n", lines.join("\n"));
    };
    for unit in ["Staff", "Workshop"] {
        add(
            &format!("OU={unit},{BASE}"),
            &["objectClass: organizationalUnit"],
        );
    }
    let people = (0..CROWD).map(|number| (format!("user{number:03}"), "Staff"));
    let people = people.chain([("carol".to_owned(), "Workshop")]);
    for (name, unit) in people {
        add(
            &format!("CN={name},OU={unit},{BASE}"),
            &[
                "objectClass: user",
                &format!("sAMAccountName: {name}"),
                &format!("userPrincipalName: {name}@sspr.test"),
                "userAccountControl: 544",
            ],
        );
    }
    let description = "Account created by Microsoft Azure Active Directory Connect";
    for ((upn, password), description) in [(CONNECTOR, description), (READER, "Reads")] {
        let name = upn.split('@').next().unwrap();
        add(
            &format!("CN={name},CN=Users,{BASE}"),
            &[
                "objectClass: user",
                &format!("sAMAccountName: {name}"),
                &format!("userPrincipalName: {upn}"),
                &format!("description: {description}"),
                &format!("unicodePwd:: {}", quoted(password)),
                "userAccountControl: 512",
            ],
        );
    }
    add(
        &format!("CN=Strict,CN=Password Settings Container,CN=System,{BASE}"),
        &[
            "objectClass: msDS-PasswordSettings",
            "msDS-PasswordSettingsPrecedence: 10",
            "msDS-PasswordReversibleEncryptionEnabled: FALSE",
            "msDS-PasswordHistoryLength: 5",
            "msDS-PasswordComplexityEnabled: TRUE",
            "msDS-MinimumPasswordLength: 14",
            "msDS-MinimumPasswordAge: -864000000000",
            "msDS-MaximumPasswordAge: -36288000000000",
            "msDS-LockoutThreshold: 0",
            "msDS-LockoutObservationWindow: -18000000000",
            "msDS-LockoutDuration: -18000000000",
            &format!("msDS-PSOAppliesTo: CN=user001,OU=Staff,{BASE}"),
        ],
    );
    domain.change(&ldif);
    let snapshot = read(&run(domain, ADMIN, "sids").folder);
    let connector = connector(&snapshot);
    let user = guids::USER;
    let reset = guids::RESET_PASSWORD;
    domain.grant(
        &format!("OU=Staff,{BASE}"),
        &format!("(OA;CIIO;CR;{reset};{user};{connector})"),
    );
    for attribute in [guids::LOCKOUT_TIME, guids::PWD_LAST_SET] {
        domain.grant(
            &format!("OU=Staff,{BASE}"),
            &format!("(OA;CIIO;WP;{attribute};{user};{connector})"),
        );
    }
}

/// Nobody gets in, and no password goes out, where the certificate is not the server's.
fn doors_are_kept(domain: &Domain) {
    let settings = settings(domain, ADMIN.0, "doors");
    let mut cases = vec![
        (
            Settings {
                ca_file: None,
                ..settings.clone()
            },
            ErrorCode::Certificate,
        ),
        (
            Settings {
                server: "ldaps://dc2.sspr.test".into(),
                ..settings.clone()
            },
            ErrorCode::Certificate,
        ),
        (
            Settings {
                server: format!("ldaps://{ADDRESS}"),
                ..settings.clone()
            },
            ErrorCode::Certificate,
        ),
        // In plain text it is not even tried.
        (
            Settings {
                server: format!("ldap://{NAME}"),
                ..settings.clone()
            },
            ErrorCode::Refused,
        ),
    ];
    cases.push((
        Settings {
            user: "nobody@sspr.test".into(),
            ..settings
        },
        ErrorCode::Refused,
    ));
    for (settings, expected) in cases {
        let error = collect(&settings, Some(&Secret::new(ADMIN.1.into())), &mut |_| {
            ControlFlow::Continue(())
        });
        let error = error.unwrap_err();
        assert_eq!(error.code, expected, "{settings:?}: {error}");
        assert!(!format!("{error:?}").contains(ADMIN.1));
    }
    let wrong = collect(
        &self::settings(domain, ADMIN.0, "doors"),
        Some(&Secret::new("wrong".into())),
        &mut |_| ControlFlow::Continue(()),
    );
    let wrong = wrong.unwrap_err();
    assert!(
        wrong.message.contains("49 invalidCredentials") && wrong.message.contains("52e"),
        "{wrong}"
    );
}

/// What an administrator reads is whole, and the rules say what the directory holds.
fn everything_is_there(domain: &Domain) -> PathBuf {
    let collected = run(domain, ADMIN, "whole");
    assert_eq!(collected.server, NAME);
    assert_eq!(collected.domain, "sspr.test");
    // Administrator, Guest, krbtgt, dns-dc1, carol, the connector and the reader beside the crowd.
    assert_eq!(collected.people, CROWD + 7);
    assert_eq!(collected.not_available, []);

    let tenant = Input::bytes("users.json", tenant());
    let snapshot = Snapshot::read(
        vec![Input::path(&collected.folder), tenant],
        &ReadOptions::default(),
        &mut |_| ControlFlow::Continue(()),
    )
    .unwrap();
    assert_eq!(snapshot.skipped, []);
    for evidence in &snapshot.evidence {
        assert_eq!(
            evidence.lost.as_ref().map(|lost| &lost.first),
            None,
            "{}",
            evidence.name
        );
    }
    let facts = &snapshot.facts;
    let own = &facts.domains["sspr.test"];
    assert_eq!(own.policy.minimum_length.value(), Some(&7));
    let policies = own.fine_grained.value().unwrap();
    assert_eq!((policies.len(), policies[0].name.as_str()), (1, "Strict"));
    assert_eq!(policies[0].policy.minimum_length, Some(14));
    assert_eq!(
        policies[0].applies_to.as_deref(),
        Some(&[format!("CN=user001,OU=Staff,{BASE}")][..])
    );

    // The access check over what was collected agrees with what was granted.
    let connector = connector(&snapshot);
    let groups = facts.permissions.accounts[&connector]
        .token_groups
        .value()
        .unwrap();
    let implied = [well_known::EVERYONE, well_known::AUTHENTICATED_USERS];
    let token = Token::exact(connector, groups.sids.iter().copied().chain(implied));
    let may_reset = |name: &str| {
        let people = &facts.people.people;
        let person = people.iter().find(|person| person.upn() == name).unwrap();
        let descriptor = facts
            .permissions
            .descriptors
            .get(person.descriptor().unwrap())
            .unwrap();
        let target = Target {
            descriptor,
            class: ObjectClass(guids::USER),
            sid: None,
        };
        target
            .check(&token, Wanted::ControlAccess(guids::RESET_PASSWORD))
            .granted
    };
    assert_eq!(may_reset("user007@sspr.test"), Granted::Yes);
    assert_eq!(may_reset("carol@sspr.test"), Granted::No);
    assert!(
        facts.permissions.descriptors.len() < 40,
        "the same ones are kept once"
    );

    let report = assess(
        &snapshot,
        &Options::at("2026-11-25T12:00:00Z".parse().unwrap()),
    );
    let verdict = |code: &str| {
        let found = report.findings.iter().find(|finding| finding.code == code);
        found
            .map(|finding| (finding.verdict, finding.message.clone()))
            .unwrap()
    };
    let (found, message) = verdict("SSPR801");
    assert_eq!(found, Verdict::Fail, "{message}");
    assert!(
        message.contains("Workshop") && !message.contains("OU=Staff"),
        "{message}"
    );
    // Samba knows no policy hints; a fine-grained policy has a minimum age.
    assert_eq!(verdict("SSPR413").0, Verdict::Fail);
    assert_eq!(verdict("SSPR402").0, Verdict::Fail);
    collected.folder
}

fn start_tls_reads_the_same(domain: &Domain, whole: &Path) {
    let settings = Settings {
        server: format!("ldap://{NAME}"),
        start_tls: true,
        ..settings(domain, ADMIN.0, "starttls")
    };
    let collected = with_password(&settings, ADMIN.1);
    assert_eq!(content(&collected.folder), content(whole));
}

/// With the tickets of the administrator, and no password, the command reads what a simple bind reads.
fn kerberos_reads_the_same(domain: &Domain, whole: &Path) {
    // A domain controller of Windows gives itself this name, as Samba does with more services than run here.
    domain.change(&format!(
        "dn: CN=DC1,OU=Domain Controllers,{BASE}\nchangetype: modify\nadd: servicePrincipalName\n\
         servicePrincipalName: ldap/{NAME}\n"
    ));
    let realm = Realm::of(domain);
    realm.kinit("administrator@SSPR.TEST", ADMIN.1);
    for (folder, more) in [
        ("kerberos", &["--server", "ldaps://dc1.sspr.test"][..]),
        (
            "kerberos-starttls",
            &["--server", "ldap://dc1.sspr.test", "--start-tls"],
        ),
        (
            "kerberos-named",
            &[
                "--server",
                "ldaps://dc1.sspr.test",
                "--user",
                "administrator@sspr.test",
                "--kerberos-host",
                "DC1.sspr.test",
            ],
        ),
    ] {
        let (ran, said) = realm.collect(domain, folder, more);
        assert!(ran, "{said}");
        assert!(!said.contains(ADMIN.1));
        // The command makes larger files of people than this test; the same people are in them.
        let read = |folder: &Path| {
            let mut content = content(folder);
            let people = content.clone().into_iter();
            let people = people.filter(|(name, _)| name.starts_with("people-"));
            let mut dns: Vec<_> = people
                .flat_map(|(_, lines)| lines)
                .filter(|line| line.starts_with("dn:"))
                .collect();
            dns.sort();
            dns.dedup();
            content.retain(|name, _| !name.starts_with("people-"));
            (content, dns)
        };
        assert_eq!(read(&domain.folder.path().join(folder)), read(whole));
    }
}

/// Without a ticket, with another account's, at an alias, and with a wrong clock.
fn kerberos_says_why_it_does_not_go(domain: &Domain) {
    let realm = Realm::of(domain);
    let server = ["--server", "ldaps://dc1.sspr.test"];
    let refused = |said: &str, more: &[&str]| {
        let (ran, text) = realm.collect(domain, "refused", &[&server[..], more].concat());
        assert!(!ran && text.contains(said), "{said}: {text}");
        text
    };
    realm.kdestroy();
    let text = refused("there is no Kerberos ticket", &[]);
    assert!(text.contains("kinit"), "{text}");
    realm.kinit("administrator@SSPR.TEST", ADMIN.1);
    refused(
        "there is no Kerberos ticket",
        &["--user", "reader@sspr.test"],
    );
    let text = refused(
        "knows no directory service on dc9.sspr.test",
        &["--kerberos-host", "dc9.sspr.test"],
    );
    assert!(text.contains("ldap/dc9.sspr.test"), "{text}");
}

fn the_connector_reads_its_own_token(domain: &Domain) {
    let collected = run(domain, CONNECTOR, "connector");
    let snapshot = read(&collected.folder);
    let own = connector(&snapshot);
    let tokens = snapshot.facts.permissions.accounts[&own]
        .token_groups
        .value()
        .unwrap();
    assert!(tokens.exact);
    assert!(tokens.sids.contains(&well_known::AUTHENTICATED_USERS));
}

/// Whether or not this server shows policies to everybody: a list that is not proven whole is not
/// taken for whole.
fn an_ordinary_reader_takes_nothing_hidden_for_nothing(domain: &Domain) {
    let collected = run(domain, READER, "ordinary");
    let snapshot = read(&collected.folder);
    let own = &snapshot.facts.domains["sspr.test"];
    match own.fine_grained.value() {
        Some(policies) => assert_eq!(policies.len(), 1),
        None => assert!(collected.not_available.iter().any(|missing| {
            missing.what == "fineGrainedPolicies"
                && missing.reason == NotAvailableReason::NoPermission
        })),
    }
}

/// Stopped by its caller, then by a server that dies, it goes on and ends with the same people.
fn an_interrupted_run_goes_on(domain: &mut Domain, whole: &Path) {
    let settings = settings(domain, ADMIN.0, "resumed");
    let secret = Secret::new(ADMIN.1.into());
    let stopped = collect(
        &settings,
        Some(&secret),
        &mut |progress| match progress.stage {
            Stage::Collecting { part: "groups", .. } => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        },
    );
    assert_eq!(stopped.unwrap_err().code, ErrorCode::Cancelled);
    let settings = Settings {
        resume: true,
        ..settings
    };
    let broken = collect(&settings, Some(&secret), &mut |progress| {
        if let Stage::Collecting {
            part: "people-0002",
            ..
        } = progress.stage
        {
            domain.kill();
        }
        ControlFlow::Continue(())
    });
    assert_eq!(broken.unwrap_err().code, ErrorCode::Connection);
    let left = read(&settings.folder);
    assert!(
        left.facts
            .people
            .sources
            .iter()
            .all(|source| !source.complete)
    );
    assert!(
        left.facts.domains["sspr.test"]
            .fine_grained
            .value()
            .is_none()
    );
    domain.resume();
    let collected = with_password(&settings, ADMIN.1);
    assert_eq!(content(&collected.folder), content(whole));
}

/// The same file tells its time and stands beside others; what it says of the directory is this.
fn content(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let files = fs::read_dir(folder).unwrap().flatten();
    let files = files.filter(|file| file.path().extension().is_some_and(|ext| ext == "ldif"));
    let files = files.map(|file| {
        let text = fs::read_to_string(file.path()).unwrap();
        let lines = text
            .lines()
            .filter(|line| !line.starts_with("currentTime:"));
        let name = file.file_name().to_string_lossy().into_owned();
        (name, lines.map(str::to_owned).collect())
    });
    files.collect()
}

fn connector(snapshot: &Snapshot) -> Sid {
    let accounts = &snapshot.facts.permissions.accounts;
    let mut found = accounts.iter().filter(|(_, account)| {
        let name = account.account_name.value();
        name.is_some_and(|name| name.starts_with("MSOL_"))
    });
    *found.next().unwrap().0
}

/// Those people in the cloud, synchronised.
fn tenant() -> String {
    let names = (0..CROWD).map(|number| format!("user{number:03}"));
    let users = names.chain(["carol".to_owned()]).zip(1..).map(|(name, number)| {
        format!(
            r#"{{"id":"00000000-0000-4000-8000-{number:012}","userPrincipalName":"{name}@sspr.test","accountEnabled":true,"userType":"Member","onPremisesSyncEnabled":true}}"#
        )
    });
    let users: Vec<_> = users.collect();
    format!(
        r#"{{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":[{}]}}"#,
        users.join(",")
    )
}

fn settings(domain: &Domain, user: &str, folder: &str) -> Settings {
    Settings {
        address: Some(ADDRESS.to_owned()),
        ca_file: Some(domain.ca()),
        page_size: 50,
        people_in_a_file: 100,
        ..Settings::new(
            format!("ldaps://{NAME}"),
            user,
            domain.folder.path().join(folder),
        )
    }
}

fn run(domain: &Domain, (user, password): (&str, &str), folder: &str) -> Collected {
    with_password(&settings(domain, user, folder), password)
}

fn with_password(settings: &Settings, password: &str) -> Collected {
    collect(
        settings,
        Some(&Secret::new(password.to_owned())),
        &mut |_| ControlFlow::Continue(()),
    )
    .unwrap()
}

fn read(folder: &Path) -> Snapshot {
    Snapshot::read(
        vec![Input::path(folder)],
        &ReadOptions::default(),
        &mut |_| ControlFlow::Continue(()),
    )
    .unwrap()
}

/// A password in the form that a directory takes, in base64.
fn quoted(password: &str) -> String {
    let bytes: Vec<u8> = format!("\"{password}\"")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut line = Vec::new();
    sspr::carrier::ldif::write_value(&mut line, "x", &bytes);
    let line = String::from_utf8(line).unwrap();
    line.trim_start_matches("x::").trim().to_owned()
}
