//! What is collected, and what is said of it.

use std::fs;
use std::ops::ControlFlow;

use sspr::evidence::{NotAvailableReason, Stage, SubjectType};
use sspr::graph::GraphCloud;
use sspr::readiness::{Options, assess};
use sspr::snapshot::{Input, ReadOptions, Snapshot};
use sspr_tests::graph_server::{Budgets, Cloud, Server, Service, Settings, Tenant};

use super::support::{Place, command, quiet};

fn read(place: &Place) -> Snapshot {
    let inputs = vec![Input::path(place.path())];
    Snapshot::read(inputs, &ReadOptions::default(), &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap()
}

#[test]
fn the_command_collects_over_tls_and_the_folder_can_be_judged() {
    let settings = Settings {
        tls: true,
        pace: 1.0,
        ..quiet(2_500)
    };
    let server = Server::start(settings.clone());
    let place = Place::of(&server, &settings);
    let (root, out) = (server.root(), place.path().to_str().unwrap());
    let ca = place.settings.ca_file.as_ref().unwrap().to_str().unwrap();
    let token = server.token();
    let args = [
        "collect",
        "graph",
        "--root",
        root,
        "--ca",
        ca,
        "-o",
        out,
        "--token-stdin",
    ];
    let (code, stdout, stderr) = command(&args, &token);
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stdout.is_empty() && stderr.contains("Read 2500 people of contoso.onmicrosoft.com"),
        "{stderr}"
    );
    assert!(!stderr.contains(&token));
    assert!(stderr.contains("sspr attest"), "{stderr}");

    let (code, report, stderr) = command(&["assess", out, "--format", "json"], "");
    assert!(code == 1 || code == 3, "{code} {stderr}");
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(
        report["skipped"].as_array().map(Vec::len),
        Some(0),
        "{}",
        report["skipped"]
    );
    assert!(server.foreign().is_empty());
    for entry in fs::read_dir(out).unwrap() {
        let path = entry.unwrap().path();
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        assert!(!text.contains(&token), "{}", path.display());
    }
}

#[test]
fn every_list_is_whole_and_says_what_was_asked_with_which_permission() {
    let settings = quiet(1_200);
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    place.settings.scope_group = Some("be9c0000-0000-4000-9000-000000000002".into());
    let collected = place.collect().unwrap();
    assert!(collected.complete, "{collected:#?}");
    assert_eq!(collected.people, 1_200);
    let manifest = place.manifest();
    for file in &manifest.files {
        assert!(
            file.command.as_ref().unwrap().starts_with("GET /v1.0/"),
            "{file:?}"
        );
        assert!(
            file.permission.as_ref().unwrap().contains(".Read."),
            "{file:?}"
        );
        assert!(file.observed_at.is_some() && file.sha256.is_some() && file.items.is_some());
        assert_eq!(
            file.complete,
            Some(file.path != "usersInDoubt.jsonl"),
            "{file:?}"
        );
    }
    let of = |kind| {
        let mut files = manifest.files.iter();
        files
            .find(|file| {
                file.subject
                    .as_ref()
                    .is_some_and(|subject| subject.kind == kind)
            })
            .unwrap()
    };
    let group = of(SubjectType::Group).subject.as_ref().unwrap();
    assert_eq!(group.name.as_deref(), Some("SSPR-Pilot"));
    assert!(of(SubjectType::Role).items > Some(0));

    let snapshot = read(&place);
    assert!(snapshot.skipped.is_empty(), "{:#?}", snapshot.skipped);
    let unread: Vec<_> = snapshot
        .evidence
        .iter()
        .filter(|evidence| evidence.kinds.is_empty())
        .collect();
    assert!(unread.is_empty(), "{unread:#?}");
    let report = assess(&snapshot, &Options::at(chrono::Utc::now()));
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.code.to_string().contains("701"))
    );
    // Nothing but reading, and each request under a number of its own.
    let requests = server.requests().all();
    let graph = requests
        .iter()
        .filter(|request| request.inside.is_none() && !request.target.contains("oauth2"));
    let mut ids: Vec<_> = graph
        .map(|request| {
            assert!(
                request.method == "GET" || request.target.ends_with("/$batch"),
                "{request:?}"
            );
            request.client_request_id.clone().unwrap()
        })
        .collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[cfg(unix)]
#[test]
fn the_folder_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let settings = quiet(20);
    let server = Server::start(settings.clone());
    let place = Place::of(&server, &settings);
    place.collect().unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(place.path()), 0o700);
    for entry in fs::read_dir(place.path()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn packed_lists_hold_the_same() {
    let settings = quiet(2_100);
    let server = Server::start(settings.clone());
    let plain = Place::of(&server, &settings);
    plain.collect().unwrap();
    let mut packed = Place::of(&server, &settings);
    packed.settings.gzip = true;
    packed.collect().unwrap();
    let of = |place: &Place| {
        place
            .items()
            .into_iter()
            .map(|(name, items)| (name.trim_end_matches(".gz").to_owned(), items))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(&plain), of(&packed));
    assert!(read(&packed).skipped.is_empty());
}

#[test]
fn what_a_permission_does_not_give_is_said_and_the_rest_is_read() {
    let settings = Settings {
        granted: Some(vec!["Organization.Read.All".into(), "User.Read.All".into()]),
        ..quiet(30)
    };
    let server = Server::start(settings.clone());
    let place = Place::of(&server, &settings);
    let collected = place.collect().unwrap();
    assert!(collected.complete && collected.people == 30);
    let missing = collected
        .not_available
        .iter()
        .find(|missing| missing.what == "authorizationPolicy")
        .unwrap();
    assert_eq!(missing.reason, NotAvailableReason::NoPermission);
    let detail = missing.detail.as_ref().unwrap();
    assert!(
        detail.contains("Policy.Read.All") && detail.contains("request "),
        "{detail}"
    );
    let report = assess(&read(&place), &Options::at(chrono::Utc::now()));
    assert!(!report.gates_settled);
}

#[test]
fn a_cloud_without_a_policy_is_no_fault() {
    let settings = Settings {
        cloud: Cloud::China,
        ..quiet(30)
    };
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    place.settings.cloud = GraphCloud::China;
    let collected = place.collect().unwrap();
    let missing = collected
        .not_available
        .iter()
        .find(|missing| missing.what == "authenticationMethodsPolicy")
        .unwrap();
    assert_eq!(missing.reason, NotAvailableReason::NotInThisCloud);
    assert!(collected.complete);
}

#[test]
fn a_synchronisation_that_is_one_object_is_read_as_well() {
    for synchronization_as_object in [false, true] {
        let settings = Settings {
            synchronization_as_object,
            ..quiet(20)
        };
        let server = Server::start(settings.clone());
        let place = Place::of(&server, &settings);
        assert!(place.collect().unwrap().complete);
        assert_eq!(place.items()["onPremisesSynchronization.jsonl"].len(), 1);
    }
}

#[test]
fn plans_are_read_of_those_alone_whose_licences_leave_a_doubt() {
    let settings = quiet(400);
    let server = Server::start(settings.clone());
    let place = Place::of(&server, &settings);
    place.collect().unwrap();
    let targets: Vec<_> = server
        .requests()
        .all()
        .into_iter()
        .map(|request| request.target)
        .collect();
    let lists = targets
        .iter()
        .filter(|target| target.starts_with("/v1.0/users?"));
    assert!(
        lists.clone().count() > 0
            && lists
                .clone()
                .all(|target| !target.contains("assignedPlans"))
    );
    let asked = targets
        .iter()
        .filter(|target| target.contains("assignedPlans") && target.contains("/users/"));
    let written = place.items().get("usersInDoubt.jsonl").map_or(0, Vec::len);
    assert_eq!(asked.count(), written);
    assert!(written < 400);
}

#[test]
fn the_example_is_judged_as_its_own_evidence_is() {
    let settings = Settings {
        epoch: Some("2026-11-20T09:00:00Z".parse().unwrap()),
        ..Settings {
            tenant: Tenant::example("contoso"),
            ..quiet(10)
        }
    };
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    place.settings.scope_group = Some("c0170000-0002-4000-8000-000000000001".into());
    place.settings.audit_days = 366;
    let collected = place.collect().unwrap();
    assert!(collected.complete, "{collected:#?}");
    let snapshot = read(&place);
    assert!(snapshot.skipped.is_empty(), "{:#?}", snapshot.skipped);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/contoso/graph");
    let example = Snapshot::read(
        vec![Input::path(folder)],
        &ReadOptions::default(),
        &mut |_| ControlFlow::Continue(()),
    )
    .unwrap();
    let as_of = "2026-11-20T12:00:00Z".parse().unwrap();
    let verdicts = |snapshot: &Snapshot| {
        let report = assess(snapshot, &Options::at(as_of));
        let rules = report.findings.iter();
        // When it was collected is another time.
        let rules = rules.filter(|finding| {
            !["SSPR901", "SSPR209", "SSPR213"].contains(&finding.code.to_string().as_str())
        });
        rules
            .map(|finding| (finding.code.to_string(), finding.verdict))
            .collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&snapshot), verdicts(&example));
}

#[test]
fn the_rate_is_never_above_what_was_set_as_the_server_sees_it() {
    let settings = Settings {
        budgets: Budgets {
            identity: Some(60),
            ..Budgets::default()
        },
        pace: 20.0,
        ..quiet(12_000)
    };
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    place.settings.rates = sspr::graph::Rates {
        identity_units: 60,
        reports: 5,
        conditional_access: 1,
    };
    let clock = std::sync::Arc::new(sspr::graph::SystemClock::faster(20));
    let collected = sspr::graph::collect_by(clock, &place.settings, &place.sign_in, &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(collected.complete, "{collected:#?}");
    let seconds = std::time::Duration::from_secs;
    let requests = server.requests();
    assert!(requests.busiest(Service::Reports, seconds(10)) <= 5);
    assert!(requests.busiest(Service::Identity, seconds(10)) <= 60);
    assert!(requests.busiest(Service::ConditionalAccess, seconds(1)) <= 1);
    // It was the limit that held it back, and not the size of the tenant; and nobody was refused.
    assert_eq!(requests.busiest(Service::Reports, seconds(10)), 5);
    assert!(requests.all().iter().all(|request| request.status != 429));
}

#[test]
fn progress_is_told_and_the_caller_stops_it_at_once() {
    let settings = quiet(3_000);
    let server = Server::start(settings.clone());
    let place = Place::of(&server, &settings);
    let mut parts = std::collections::BTreeSet::new();
    let error = place
        .watched(&mut |progress| {
            if let Stage::Collecting { part, items, .. } = progress.stage {
                parts.insert(part.to_owned());
                if part == "users" && items >= 999 {
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        })
        .unwrap_err();
    assert_eq!(error.code, sspr::ErrorCode::Cancelled);
    assert!(
        parts.contains("organization") && parts.contains("users"),
        "{parts:?}"
    );
    assert!(!place.path().join("manifest.json").exists());
    let snapshot = read(&place);
    assert!(
        snapshot
            .facts
            .people
            .sources
            .iter()
            .all(|source| source.kind != "users")
    );
}

#[test]
fn a_dry_run_sends_nothing() {
    let settings = quiet(10);
    let server = Server::start(settings.clone());
    let place = Place::of(&server, &settings);
    let out = place.path().to_str().unwrap();
    let (code, text, _) = command(
        &[
            "collect",
            "graph",
            "--root",
            server.root(),
            "-o",
            out,
            "--dry-run",
        ],
        "",
    );
    assert_eq!(code, 0);
    assert!(
        text.contains(&format!("GET {}/v1.0/users?", server.root())),
        "{text}"
    );
    assert!(server.requests().is_empty() && !place.path().exists());
}
