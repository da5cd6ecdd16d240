//! Runs that are cut off, and go on.

use std::fs;
use std::ops::ControlFlow;

use sspr::ErrorCode;
use sspr_tests::graph_server::{Fault, Faults, Server, Settings};

use super::failing::runs;
use super::support::{Place, difference, quiet};

/// Stops a run after so many pages and leaves its folder as a kill would: with the state that was on
/// the disk at that moment, and all that was written behind it.
fn cut_off(place: &Place, after: u64) -> bool {
    let mut heard = 0;
    let path = place.path().join(".sspr-graph-state.json");
    let mut state = None;
    let ended = place.watched(&mut |_| {
        heard += 1;
        if heard > after {
            state = fs::read(&path).ok();
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    match ended {
        Ok(_) => false,
        Err(error) => {
            assert_eq!(error.code, ErrorCode::Cancelled, "{error}");
            fs::write(&path, state.unwrap()).unwrap();
            true
        }
    }
}

/// Leaves half a page behind each file that is being written.
fn tear(place: &Place, bytes: usize) {
    for entry in fs::read_dir(place.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ext| ext == "sspr-part") {
            let mut text = fs::read(&path).unwrap();
            text.extend_from_slice(
                &br#"{"@odata.context":"x","value":[{"id":"half"#[..bytes.min(40)],
            );
            fs::write(&path, text).unwrap();
        }
    }
}

#[test]
fn killed_anywhere_and_resumed_the_same_is_collected() {
    let settings = quiet(6_000);
    let server = Server::start(settings.clone());
    let calm = Place::of(&server, &settings);
    calm.collect().unwrap();
    let expected = calm.items();
    let mut cuts = 0;
    for seed in 0..runs(12) {
        server.set_faults(Faults::mixed(0.1), seed);
        let mut place = Place::of(&server, &settings);
        // A stride that no page count divides, so that every place is met.
        let mut after = 3 + seed * 7 % 41;
        while cut_off(&place, after) {
            cuts += 1;
            tear(&place, usize::try_from(seed).unwrap());
            place.settings.resume = true;
            after += 13 + seed % 11;
        }
        assert_eq!(difference(&place.items(), &expected), None, "seed {seed}");
        assert!(!place.path().join(".sspr-graph-state.json").exists());
    }
    assert!(cuts >= runs(12), "{cuts}");
}

#[test]
fn packed_runs_resume_too() {
    let settings = quiet(6_000);
    let server = Server::start(settings.clone());
    let mut calm = Place::of(&server, &settings);
    calm.settings.gzip = true;
    calm.collect().unwrap();
    for after in [8, 20, 31] {
        let mut place = Place::of(&server, &settings);
        place.settings.gzip = true;
        assert!(cut_off(&place, after));
        tear(&place, 17);
        place.settings.resume = true;
        place.collect().unwrap();
        assert_eq!(difference(&place.items(), &calm.items()), None);
    }
}

#[test]
fn an_expired_link_begins_its_own_list_anew_and_no_other() {
    let settings = quiet(5_000);
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    let mut pages = 0;
    let stopped = place.watched(&mut |progress| {
        if let sspr::evidence::Stage::Collecting {
            part: "users",
            items: 1..,
            ..
        } = progress.stage
        {
            pages += 1;
        }
        if pages == 3 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!(stopped.unwrap_err().code, ErrorCode::Cancelled);
    let before = server.requests().len();
    server.set_faults(Faults::none().on("/users?", 1, Fault::ExpiredSkipToken), 0);
    place.settings.resume = true;
    let collected = place.collect().unwrap();
    assert!(
        collected.complete && collected.people == 5_000,
        "{collected:#?}"
    );
    let all = server.requests().all();
    let asked = |path: &str| {
        all[before..]
            .iter()
            .filter(|request| request.target.starts_with(path))
            .count()
    };
    // The link that had expired, and all six pages.
    assert_eq!(asked("/v1.0/users?"), 7);
    assert_eq!(asked("/v1.0/organization"), 0);
    assert_eq!(asked("/v1.0/subscribedSkus"), 0);
}

#[test]
fn a_folder_is_not_mixed_with_another_run() {
    let settings = quiet(1_200);
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    assert!(cut_off(&place, 6));
    let error = place.collect().unwrap_err();
    assert!(error.help.unwrap().contains("--resume"));
    place.settings.resume = true;
    place.settings.audit_days = 7;
    assert_eq!(place.collect().unwrap_err().code, ErrorCode::Refused);
    place.settings.audit_days = 30;
    place.collect().unwrap();
    let error = place.collect().unwrap_err();
    assert!(error.message.contains("finished"), "{error}");
}

#[test]
fn a_state_that_was_tampered_with_sends_no_token_elsewhere() {
    let settings = Settings {
        tls: true,
        ..quiet(5_000)
    };
    let server = Server::start(settings.clone());
    let mut place = Place::of(&server, &settings);
    let mut pages = 0;
    let _ = place.watched(&mut |progress| {
        if let sspr::evidence::Stage::Collecting {
            part: "users",
            items: 1..,
            ..
        } = progress.stage
        {
            pages += 1;
        }
        if pages == 2 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let state = place.path().join(".sspr-graph-state.json");
    let text = fs::read_to_string(&state).unwrap();
    assert!(text.contains(server.root()));
    fs::write(
        &state,
        text.replace(
            &format!("{}/v1.0/users", server.root()),
            "https://localhost:1/v1.0/users",
        ),
    )
    .unwrap();
    place.settings.resume = true;
    let collected = place.collect().unwrap();
    assert!(
        collected.complete && collected.people == 5_000,
        "{collected:#?}"
    );
    assert!(server.foreign().is_empty());
}
