//! What goes wrong on the way, and what becomes of it.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use sspr::ErrorCode;
use sspr::evidence::{NotAvailableReason, Stage};
use sspr_tests::graph_server::{Elsewhere, Fault, Faults, RetryAfter, Server, Settings};

use super::support::{Place, difference, quiet};

/// Runs for a while; the length is set for a nightly run.
pub(crate) fn runs(usual: u64) -> u64 {
    let set = std::env::var("SSPR_RUNS").ok();
    set.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn whatever_fails_on_the_way_the_same_is_collected() {
    let settings = quiet(4_000);
    let server = Server::start(settings.clone());
    let calm = Place::of(&server, &settings);
    assert!(calm.collect().unwrap().complete);
    let expected = calm.items();
    let mut failed = 0;
    for seed in 0..runs(24) {
        server.set_faults(Faults::mixed(0.1), seed);
        let before = server.requests().len();
        let place = Place::of(&server, &settings);
        let collected = place.collect().unwrap();
        assert!(collected.complete, "seed {seed}: {collected:#?}");
        assert_eq!(difference(&place.items(), &expected), None, "seed {seed}");
        let requests = server.requests().all();
        failed += requests[before..]
            .iter()
            .filter(|request| request.fault.is_some())
            .count();
        assert!(
            requests[before..].iter().all(|request| !request.early),
            "seed {seed}"
        );
    }
    assert!(failed > 0);
    assert!(server.foreign().is_empty());
}

#[test]
fn storms_of_every_form_pass_and_the_servers_wait_is_kept() {
    for wait in [
        RetryAfter::Seconds(3),
        RetryAfter::Decimal(0.249),
        RetryAfter::Date(5),
        RetryAfter::Missing,
        RetryAfter::Nonsense,
    ] {
        let settings = Settings {
            faults: Faults::none().during("/users?", 2..5, Fault::TooMany(wait)),
            ..quiet(2_100)
        };
        let server = Server::start(settings.clone());
        let place = Place::of(&server, &settings);
        let mut waited = false;
        let collected = place
            .watched(&mut |progress| {
                waited |= matches!(progress.stage, Stage::Waiting { .. });
                ControlFlow::Continue(())
            })
            .unwrap();
        assert!(
            collected.complete && collected.people == 2_100,
            "{wait:?} {collected:#?}"
        );
        assert!(
            server.requests().all().iter().all(|request| !request.early),
            "{wait:?}"
        );
    }
}

#[test]
fn what_goes_on_failing_is_given_up_and_is_not_taken_for_whole() {
    let settings = Settings {
        faults: Faults::none().during(
            "/users?",
            3..10_000,
            Fault::Outage(503, RetryAfter::Missing),
        ),
        ..quiet(4_000)
    };
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    let collected = place.collect().unwrap();
    assert!(!collected.complete);
    let missing = collected
        .not_available
        .iter()
        .find(|missing| missing.what == "users")
        .unwrap();
    assert_eq!(missing.reason, NotAvailableReason::Error);
    let users = place
        .manifest()
        .files
        .into_iter()
        .find(|file| file.path == "users.jsonl")
        .unwrap();
    assert_eq!((users.complete, users.items), (Some(false), Some(1_998)));
    // And it can be read on when the storm is over: with the third page.
    server.set_faults(Faults::none(), 0);
    let before = server.requests().len();
    place.settings.resume = true;
    let collected = place.collect().unwrap();
    assert!(
        collected.complete && collected.not_available.is_empty(),
        "{collected:#?}"
    );
    assert_eq!(collected.people, 4_000);
    let again = server.requests().all();
    let pages = again[before..]
        .iter()
        .filter(|request| request.target.starts_with("/v1.0/users?"));
    assert_eq!(pages.count(), 3);
}

#[test]
fn a_token_goes_to_the_configured_root_and_nowhere_else() {
    for place_of in [Elsewhere::Host, Elsewhere::Scheme, Elsewhere::Port] {
        for fault in [
            Fault::ForeignLink(place_of),
            Fault::ForeignRedirect(place_of),
            Fault::Redirect,
        ] {
            let settings = Settings {
                tls: true,
                faults: Faults::none().during("/users?", 1..10_000, fault),
                ..quiet(1_500)
            };
            let server = Server::start(settings.clone());
            let place = Place::of(&server, &settings);
            let collected = place.collect().unwrap();
            assert!(!collected.complete, "{fault:?}");
            assert!(server.foreign().is_empty(), "{fault:?}");
            let users = place
                .manifest()
                .files
                .into_iter()
                .find(|file| file.path == "users.jsonl");
            assert!(
                users.is_none_or(|users| users.complete == Some(false)),
                "{fault:?}"
            );
        }
    }
}

#[test]
fn pages_that_lead_back_to_themselves_end() {
    for fault in [Fault::RepeatedLink, Fault::DuplicatePage] {
        let settings = Settings {
            faults: Faults::none().during("/users?", 2..10_000, fault),
            ..quiet(4_000)
        };
        let server = Server::start(settings.clone());
        let place = Place::of(&server, &settings);
        let collected = place.collect().unwrap();
        assert!(!collected.complete, "{fault:?}");
        assert!(server.requests().len() < 200);
    }
}

#[test]
fn bounds_hold() {
    let settings = quiet(4_000);
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    place.settings.bounds.pages = 2;
    let collected = place.collect().unwrap();
    assert!(
        !collected.complete && collected.people == 1_998,
        "{collected:#?}"
    );

    let mut place = Place::of(&server, &settings);
    place.settings.bounds.answer_bytes = 64 * 1024;
    let error = place.collect().unwrap_err();
    assert_eq!(error.code, ErrorCode::Limit, "{error}");

    server.set_faults(
        Faults::none().during("/users?", 1..10, Fault::Latency(Duration::from_secs(3_600))),
        0,
    );
    let mut place = Place::of(&server, &settings);
    place.settings.bounds.seconds = 60;
    let error = place.collect().unwrap_err();
    assert_eq!(error.code, ErrorCode::Limit, "{error}");
    assert!(error.help.unwrap().contains("--resume"));
}

#[test]
fn a_wait_is_broken_off_at_once() {
    let settings = Settings {
        faults: Faults::none().during("/users?", 1..100, Fault::TooMany(RetryAfter::Seconds(200))),
        pace: 1.0,
        ..quiet(30)
    };
    let server = Server::start(settings.clone());
    let place = Place::of(&server, &settings);
    let clock = std::sync::Arc::new(sspr::graph::SystemClock::new());
    let mut since = None;
    let stopped =
        sspr::graph::collect_by(clock, &place.settings, &place.sign_in, &mut |progress| {
            if let Stage::Waiting { seconds, .. } = progress.stage
                && seconds > 100
            {
                since = Some(Instant::now());
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
    assert_eq!(stopped.unwrap_err().code, ErrorCode::Cancelled);
    assert!(since.unwrap().elapsed() < Duration::from_millis(500));
}

#[test]
fn a_tenant_without_premium_is_asked_again_and_then_explained() {
    let settings = Settings {
        premium: false,
        ..quiet(30)
    };
    let server = Server::start(settings.clone());
    let place = Place::of(&server, &settings);
    let collected = place.collect().unwrap();
    assert!(collected.complete);
    let missing = collected
        .not_available
        .iter()
        .find(|missing| missing.what == "userRegistrationDetails")
        .unwrap();
    let detail = missing.detail.as_ref().unwrap();
    assert!(
        detail.contains("P1 or P2") && detail.contains("Directory.Read.All"),
        "{detail}"
    );
}

#[test]
fn a_server_that_nobody_vouches_for_is_told_apart_from_one_that_is_away() {
    let settings = Settings {
        tls: true,
        ..quiet(10)
    };
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    place.settings.ca_file = None;
    let error = place.collect().unwrap_err();
    assert_eq!(error.code, ErrorCode::Certificate, "{error}");
    assert!(error.help.unwrap().contains("--ca"));
    drop(server);
    place.settings.folder = place.root().join("other");
    let error = place.collect().unwrap_err();
    assert_eq!(error.code, ErrorCode::Connection, "{error}");
}
