//! Whole collections from a server on a loopback address, and what can go wrong with it.

mod directory;
mod server;

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use directory::{DOMAIN, PEOPLE, descriptor, directory, person, sid};
use server::{NAME, PASSWORD, Script, Server};

use super::*;
use crate::directory::security::Sid;
use crate::error::{Error, ErrorCode};
use crate::evidence::{Manifest, NotAvailableReason};
use crate::snapshot::{Input, ReadOptions, Snapshot};
use crate::time::Interval;

fn run(settings: &Settings) -> Result<Collected, Error> {
    collect(
        settings,
        Some(&Secret::new(PASSWORD.to_owned())),
        &mut |_| ControlFlow::Continue(()),
    )
}

fn read(folder: &Path) -> Snapshot {
    Snapshot::read(
        vec![Input::path(folder)],
        &ReadOptions::default(),
        &mut |_| ControlFlow::Continue(()),
    )
    .unwrap()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().flatten();
    files
        .map(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            (name, fs::read(file.path()).unwrap())
        })
        .collect()
}

#[test]
fn a_directory_becomes_a_folder_that_is_read_back_whole() {
    let server = Server::start(directory());
    let settings = server.settings();
    let collected = run(&settings).unwrap();
    assert_eq!(
        (collected.people, collected.domain.as_str()),
        (PEOPLE, "contoso.com")
    );
    assert_eq!(collected.server, "dc01.contoso.com");
    // Two of people and one of everything else.
    assert_eq!(collected.descriptors, 3);

    let snapshot = read(&settings.folder);
    assert_eq!(snapshot.skipped, []);
    assert!(
        snapshot
            .evidence
            .iter()
            .all(|evidence| evidence.lost.is_none())
    );
    let at = "2026-11-20T09:00:00Z".parse().ok();
    assert!(
        snapshot
            .evidence
            .iter()
            .all(|evidence| evidence.observed_at == at)
    );
    let facts = &snapshot.facts;
    let domain = &facts.domains["contoso.com"];
    assert_eq!(domain.policy.minimum_length.value(), Some(&12));
    let permissions = &facts.permissions;
    assert_eq!(permissions.descriptors.len(), 3);
    let with_descriptor = facts
        .people
        .people
        .iter()
        .filter(|person| person.descriptor().is_some());
    assert_eq!(with_descriptor.count(), 250);
    assert!(
        permissions.objects[&format!("ou=odd,{DOMAIN}").to_lowercase()]
            .descriptor
            .is_ok()
    );
    assert!(
        permissions.accounts[&sid(1_104)]
            .token_groups
            .value()
            .is_some()
    );
    assert!(
        permissions
            .whole_groups
            .contains_key(&Sid::new(5, [32, 544]))
    );
}

#[test]
fn what_may_be_hidden_is_not_taken_for_nothing() {
    // Whoever reads may list the container and read in it.
    let server = Server::start(directory());
    run(&server.settings()).unwrap();
    let facts = read(&server.settings().folder).facts;
    let policies = &facts.domains["contoso.com"].fine_grained;
    assert_eq!(policies.value().map(Vec::len), Some(0));

    // Without that right an empty answer proves nothing.
    let mut script = directory();
    let hidden = descriptor("O:S-1-5-18G:S-1-5-18D:(A;;RPRC;;;S-1-5-11)");
    for entry in &mut script.entries {
        if entry.dn.starts_with("CN=Password Settings") {
            entry.attributes[1].values = vec![hidden.clone()];
        }
    }
    let server = Server::start(script);
    let collected = run(&server.settings()).unwrap();
    let missing = collected
        .not_available
        .iter()
        .find(|missing| missing.what == "fineGrainedPolicies");
    assert_eq!(missing.unwrap().reason, NotAvailableReason::NoPermission);
    let facts = read(&server.settings().folder).facts;
    assert_eq!(facts.domains["contoso.com"].fine_grained.value(), None);
}

#[test]
fn an_interrupted_run_goes_on_and_ends_with_the_same_files() {
    let whole = Server::start(directory());
    run(&whole.settings()).unwrap();
    let expected = files(&whole.settings().folder);
    for cut_after in [0, 1, 6, 11, 20, 270, 400, 520] {
        let server = Server::start(Script {
            cut_after: Some(cut_after),
            ..directory()
        });
        let settings = server.settings();
        let error = run(&settings).unwrap_err();
        assert_eq!(
            error.code,
            ErrorCode::Connection,
            "after {cut_after}: {error}"
        );
        let left = files(&settings.folder);
        assert!(!left.contains_key("manifest.json"));
        // What is there is whole, and nothing else is.
        for (name, bytes) in &left {
            assert!(
                name == ".sspr-ldap-state.json" || expected[name] == *bytes,
                "{name}"
            );
        }
        // Assessed as it is, no list counts as whole, and it is said that it was interrupted.
        let snapshot = read(&settings.folder);
        assert!(
            snapshot
                .facts
                .people
                .sources
                .iter()
                .all(|source| !source.complete)
        );
        let told = |code| {
            snapshot
                .skipped
                .iter()
                .any(|skipped| skipped.reason.code == code)
        };
        assert!(left.is_empty() || told(ErrorCode::Truncated));

        assert_eq!(
            run(&settings).is_err(),
            !left.is_empty(),
            "it takes --resume"
        );
        if !left.is_empty() {
            run(&Settings {
                resume: true,
                ..settings.clone()
            })
            .unwrap();
        }
        assert_eq!(files(&settings.folder), expected, "after {cut_after}");
    }
}

#[test]
fn a_finished_or_foreign_folder_is_left_alone() {
    let server = Server::start(directory());
    let settings = server.settings();
    run(&settings).unwrap();
    let resumed = Settings {
        resume: true,
        ..settings.clone()
    };
    assert_eq!(run(&resumed).unwrap_err().code, ErrorCode::Refused);
    let foreign = Settings {
        folder: server.folder.path().to_owned(),
        ..resumed
    };
    assert_eq!(run(&foreign).unwrap_err().code, ErrorCode::Refused);
}

#[test]
fn a_run_with_other_settings_does_not_go_on() {
    let server = Server::start(Script {
        cut_after: Some(30),
        ..directory()
    });
    let settings = server.settings();
    run(&settings).unwrap_err();
    let other = Settings {
        base: Some(format!("OU=Odd,{DOMAIN}")),
        resume: true,
        ..settings
    };
    assert!(run(&other).unwrap_err().message.contains("something else"));
}

#[test]
fn files_that_were_changed_meanwhile_are_read_again() {
    let server = Server::start(Script {
        cut_after: Some(400),
        ..directory()
    });
    let settings = server.settings();
    run(&settings).unwrap_err();
    fs::write(
        settings.folder.join("domain.ldif"),
        "dn: DC=contoso,DC=com\nminPwdAge: 0\n",
    )
    .unwrap();
    run(&Settings {
        resume: true,
        ..settings.clone()
    })
    .unwrap();
    let facts = read(&settings.folder).facts;
    let age = facts.domains["contoso.com"]
        .policy
        .minimum_age
        .value()
        .copied();
    assert_eq!(age.and_then(Interval::days), Some(1.0));
}

#[test]
fn the_caller_can_stop_it_and_go_on() {
    let server = Server::start(directory());
    let settings = server.settings();
    let secret = Secret::new(PASSWORD.to_owned());
    let mut parts = Vec::new();
    let error = collect(&settings, Some(&secret), &mut |progress| {
        let crate::evidence::Stage::Collecting { part, items, .. } = progress.stage else {
            panic!("another stage");
        };
        parts.push(part.to_owned());
        if part == "people" && items > 120 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!(error.unwrap_err().code, ErrorCode::Cancelled);
    assert!(parts.contains(&"containers".to_owned()));
    let collected = run(&Settings {
        resume: true,
        ..settings
    })
    .unwrap();
    assert_eq!(collected.people, PEOPLE);
}

#[test]
fn a_certificate_that_is_not_trusted_ends_it_before_the_password_is_sent() {
    let server = Server::start(directory());
    let other = Server::start(directory());
    let expired = Server::start(Script {
        expired: true,
        ..directory()
    });
    let cases = [
        (
            Settings {
                ca_file: None,
                ..server.settings()
            },
            "nobody who is trusted",
        ),
        (
            Settings {
                ca_file: Some(other.ca()),
                ..server.settings()
            },
            "nobody who is trusted",
        ),
        (
            Settings {
                server: "ldaps://dc02.contoso.com".into(),
                ..server.settings()
            },
            "another name",
        ),
        (
            Settings {
                server: "ldaps://127.0.0.1".into(),
                ..server.settings()
            },
            "another name",
        ),
        (expired.settings(), "expired"),
    ];
    for (settings, why) in cases {
        let error = run(&settings).unwrap_err();
        assert_eq!(error.code, ErrorCode::Certificate, "{error}");
        assert!(error.message.contains(why), "{error}");
        assert!(error.help.is_some());
    }
    assert!(server.seen.lock().unwrap().is_empty());
    assert!(expired.seen.lock().unwrap().is_empty());
    let broken = server.folder.path().join("broken.pem");
    fs::write(
        &broken,
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    for file in [broken, server.folder.path().join("none.pem")] {
        assert!(
            run(&Settings {
                ca_file: Some(file),
                ..server.settings()
            })
            .is_err()
        );
    }
}

#[test]
fn a_refused_sign_in_says_why_and_never_the_password() {
    let server = Server::start(Script {
        refuse: Some((
            49,
            "80090308: LdapErr: DSID-0C09041C, comment: AcceptSecurityContext error, data 532, v4563",
        )),
        ..directory()
    });
    let error = run(&server.settings()).unwrap_err();
    assert_eq!(error.code, ErrorCode::Refused);
    assert!(
        error.message.contains("expired") && error.message.contains("data 532"),
        "{error}"
    );
    assert!(!format!("{error:?}").contains(PASSWORD));
    assert!(!format!("{:?}", Secret::new(PASSWORD.into())).contains(PASSWORD));

    let server = Server::start(directory());
    for (secret, sent) in [("wrong", 1), ("", 1)] {
        let secret = Secret::new(secret.to_owned());
        let error = collect(&server.settings(), Some(&secret), &mut |_| {
            ControlFlow::Continue(())
        });
        assert_eq!(error.unwrap_err().code, ErrorCode::Refused);
        assert_eq!(server.seen.lock().unwrap().len(), sent);
    }
    let all: Vec<u8> = files(server.folder.path().join("out").as_path())
        .into_values()
        .flatten()
        .collect();
    assert!(!String::from_utf8_lossy(&all).contains("wrong"));
}

#[test]
fn start_tls_comes_before_anything_else_is_said() {
    let server = Server::start(Script {
        plain: Some((0, Vec::new())),
        ..directory()
    });
    assert_eq!(run(&server.settings()).unwrap().people, PEOPLE);
    assert_eq!(server.seen.lock().unwrap()[0].0, "reader@contoso.com");

    // A server that does not go on under TLS gets no password, nor does one that says more.
    let forged = b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00".to_vec();
    for plain in [(2, Vec::new()), (0, forged)] {
        let server = Server::start(Script {
            plain: Some(plain),
            ..directory()
        });
        run(&server.settings()).unwrap_err();
        assert!(server.seen.lock().unwrap().is_empty());
    }
}

#[test]
fn nonsense_from_a_server_is_an_error_with_its_place() {
    for garbage in [
        b"\x30\x00".to_vec(),
        b"\x30\x84\xff\xff\xff\xff".to_vec(),
        b"\x30\x80\x00\x00".to_vec(),
        b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
        // An answer to another question, and one of a kind that nobody asked for.
        b"\x30\x0c\x02\x01\x09\x65\x07\x0a\x01\x00\x04\x00\x04\x00".to_vec(),
        b"\x30\x0c\x02\x01\x02\x6f\x07\x0a\x01\x00\x04\x00\x04\x00".to_vec(),
        b"\x30\x0c\x02\x01\x02\x61\x07\x0a\x01\x00\x04\x00\x04\x00".to_vec(),
    ] {
        let server = Server::start(Script {
            garbage: Some(garbage.clone()),
            ..directory()
        });
        let error = run(&server.settings()).unwrap_err();
        assert!(
            matches!(error.code, ErrorCode::Syntax | ErrorCode::Limit),
            "{garbage:?}: {error:?}"
        );
        assert!(error.place.to_string().starts_with(NAME), "{error}");
    }
}

#[test]
fn referrals_are_not_followed_and_cost_nothing() {
    let server = Server::start(Script {
        refer: true,
        ..directory()
    });
    assert_eq!(run(&server.settings()).unwrap().people, PEOPLE);
}

#[test]
fn long_lists_are_read_to_their_end() {
    let server = Server::start(Script {
        most_values: Some(2),
        ..directory()
    });
    let settings = server.settings();
    run(&settings).unwrap();
    let groups = fs::read_to_string(settings.folder.join("groups.ldif")).unwrap();
    assert_eq!(
        groups
            .lines()
            .filter(|line| line.starts_with("member: "))
            .count(),
        7
    );
    assert!(!groups.contains("range"));
}

#[test]
fn a_hostile_name_stays_one_name() {
    let mut script = directory();
    let name = format!("CN=x\r\n\r\ndn: {DOMAIN}\nminPwdAge: 0\u{1b}[2J,OU=Odd,{DOMAIN}");
    let mut hostile = person(999);
    hostile.dn.clone_from(&name);
    script.entries.push(hostile);
    let server = Server::start(script);
    let settings = server.settings();
    assert_eq!(run(&settings).unwrap().people, PEOPLE + 1);
    let facts = read(&settings.folder).facts;
    let age = facts.domains["contoso.com"].policy.minimum_age.clone();
    assert_eq!(age.claims().len(), 1);
    assert_eq!(age.value().copied().and_then(Interval::days), Some(1.0));
}

#[test]
fn people_by_name_are_read_and_the_missing_are_counted() {
    let server = Server::start(directory());
    let settings = Settings {
        people: vec![
            "user001@contoso.com".into(),
            "CONTOSO\\USER002".into(),
            format!("CN=user003,OU=Odd,{DOMAIN}"),
            "nobody@contoso.com".into(),
        ],
        ..server.settings()
    };
    let collected = run(&settings).unwrap();
    assert_eq!(collected.people, 3);
    let told = collected.not_available.iter();
    let told = told.filter(|missing| missing.what == "adUsers");
    let told: Vec<_> = told.filter_map(|missing| missing.detail.clone()).collect();
    assert_eq!(told, ["1 of 4 people who were named were not found"]);
}

#[test]
fn a_base_of_its_own_is_read_and_one_elsewhere_is_refused() {
    let server = Server::start(directory());
    let settings = Settings {
        base: Some(format!("OU=Odd,{DOMAIN}")),
        ..server.settings()
    };
    assert_eq!(run(&settings).unwrap().people, PEOPLE / 2);
    let manifest = fs::read(settings.folder.join("manifest.json")).unwrap();
    let manifest = Manifest::parse(&manifest).unwrap();
    let people = manifest
        .files
        .iter()
        .filter(|file| file.path.starts_with("people"));
    assert!(people.into_iter().all(|file| file.complete == Some(false)));
    let elsewhere = Settings {
        base: Some("OU=Staff,DC=fabrikam,DC=com".into()),
        folder: server.folder.path().join("other"),
        ..server.settings()
    };
    assert!(
        run(&elsewhere)
            .unwrap_err()
            .message
            .contains("outside of contoso.com")
    );
}

#[test]
fn a_search_that_is_cut_short_leaves_its_list_incomplete() {
    let server = Server::start(Script {
        fails_at: Some(("CN=Policies,CN=System", 4)),
        ..directory()
    });
    let collected = run(&server.settings()).unwrap();
    let told = collected
        .not_available
        .iter()
        .filter_map(|missing| missing.detail.as_deref());
    assert!(
        told.into_iter()
            .any(|detail| detail.contains("4 sizeLimitExceeded"))
    );
}

#[test]
fn a_descriptor_that_is_named_and_nowhere_given_stays_unknown() {
    let server = Server::start(directory());
    let settings = server.settings();
    run(&settings).unwrap();
    let second = settings.folder.join("people-0002.ldif");
    let snapshot = read(&second);
    let people = &snapshot.facts.people.people;
    assert!(people.iter().count() > 0);
    assert!(people.iter().all(|person| person.descriptor().is_none()));
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_what_was_collected() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::start(directory());
    let settings = server.settings();
    run(&settings).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&settings.folder), 0o700);
    for file in files(&settings.folder).keys() {
        assert_eq!(mode(&settings.folder.join(file)), 0o600, "{file}");
    }
}
