//! Posting: delivered, repeated, refused, led elsewhere; and no secret shown.

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use sspr::ErrorCode;
use sspr::carrier::secret::Secret;
use sspr::watch::{Notice, Post, PostSettings, Posted, Watch, WatchOptions, WatchState};
use sspr_tests::evtx_writer::write;

use crate::receiver::Receiver;
use crate::watcher::{log, minute, start};

const TOKEN: &str = "Bearer e30.example-token.x";

/// A watch of a log that has so many failures to tell.
fn watch(failures: usize) -> Watch {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.evtx"), write(&log(failures), 1)).unwrap();
    let mut options = WatchOptions::default();
    options.burst = u64::MAX;
    options.silence = TimeDelta::MAX;
    let state = WatchState::new(start());
    let mut watch = Watch::new(vec![folder.path().to_owned()], options, state);
    watch
        .look(minute(0), &mut |_| ControlFlow::Continue(()))
        .unwrap();
    assert_eq!(watch.untold().len(), failures);
    watch
}

fn settings(receiver: &Receiver) -> PostSettings {
    PostSettings::new(Secret::new(format!("{}/sspr?key=hidden", receiver.root)))
}

fn post(receiver: &Receiver) -> Post {
    Post::new(&settings(receiver)).unwrap()
}

fn send(post: &mut Post, watch: &mut Watch, at: DateTime<Utc>) -> Posted {
    post.send(watch, at, &mut || ControlFlow::Continue(()))
        .unwrap()
}

fn kept(posted: Posted) -> (sspr::Error, DateTime<Utc>) {
    match posted {
        Posted::Kept { why, until } => (why, until),
        other => panic!("{other:?}"),
    }
}

fn ids(notices: &[Notice]) -> Vec<String> {
    notices.iter().map(|notice| notice.id.clone()).collect()
}

#[test]
fn notices_arrive_as_json_lines_over_tls_and_are_crossed_out() {
    let receiver = Receiver::tls(|_, _| Some((204, Vec::new())));
    let folder = tempfile::tempdir().unwrap();
    let ca: PathBuf = folder.path().join("authority.pem");
    fs::write(&ca, receiver.authority.as_deref().unwrap()).unwrap();
    let mut settings = settings(&receiver);
    settings.ca_file = Some(ca);
    let authorization = ("Authorization".to_owned(), Secret::new(TOKEN.to_owned()));
    settings.headers.push(authorization);
    let mut watch = watch(3);
    let untold = watch.untold().to_vec();
    let mut post = Post::new(&settings).unwrap();
    assert_eq!(send(&mut post, &mut watch, start()), Posted::Taken(3));
    assert_eq!(watch.untold(), []);
    assert_eq!(send(&mut post, &mut watch, start()), Posted::Taken(0));
    let seen = receiver.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (seen[0].method.as_str(), seen[0].target.as_str()),
        ("POST", "/sspr?key=hidden")
    );
    assert_eq!(seen[0].headers["content-type"], "application/x-ndjson");
    assert_eq!(seen[0].headers["authorization"], TOKEN);
    assert_eq!(seen[0].notices(), untold);
}

#[test]
fn nobody_who_is_not_trusted_gets_anything() {
    let receiver = Receiver::tls(|_, _| Some((204, Vec::new())));
    let mut watch = watch(1);
    let (why, _) = kept(send(&mut post(&receiver), &mut watch, start()));
    assert_eq!(why.code, ErrorCode::Certificate);
    assert_eq!(watch.untold().len(), 1);
    assert!(receiver.seen().is_empty());
}

#[test]
fn what_was_taken_right_before_the_end_comes_again_with_the_same_ids() {
    let receiver = Receiver::answering(&[]);
    let mut watch = watch(4);
    let saved = watch.state().to_json();
    send(&mut post(&receiver), &mut watch, start());
    // The process ends before the state is saved; another one goes on from what was.
    let state = WatchState::from_json(&saved).unwrap();
    let mut again = Watch::new(Vec::new(), WatchOptions::default(), state);
    send(&mut post(&receiver), &mut again, start());
    let seen = receiver.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].ids(), seen[1].ids());
}

#[test]
fn failures_are_met_with_growing_patience() {
    let receiver = Receiver::answering(&[500; 12]);
    let (mut watch, mut post) = (watch(2), post(&receiver));
    let mut now = start();
    let mut waits = Vec::new();
    for _ in 0..12 {
        let (why, until) = kept(send(&mut post, &mut watch, now));
        assert_eq!(why.code, ErrorCode::Connection);
        assert_eq!(watch.untold().len(), 2);
        waits.push((until - now).num_seconds());
        if until > now {
            let early = until - TimeDelta::seconds(1);
            assert_eq!(
                send(&mut post, &mut watch, early),
                Posted::Waiting(until),
                "nothing is sent before"
            );
        }
        now = until;
    }
    assert_eq!(
        waits,
        [0, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600, 600]
    );
    assert_eq!(receiver.seen().len(), 12);
    assert_eq!(send(&mut post, &mut watch, now), Posted::Taken(2));
}

#[test]
fn a_receiver_that_asks_for_a_pause_gets_it_from_the_next_run_too() {
    let busy = |number: usize| match number {
        0 => (429, vec![("Retry-After", "120".to_owned())]),
        _ => (200, Vec::new()),
    };
    let receiver = Receiver::plain(move |number, _| Some(busy(number)));
    let mut first = watch(1);
    let (_, until) = kept(send(&mut post(&receiver), &mut first, start()));
    assert_eq!(until, minute(2));
    let state = WatchState::from_json(&first.state().to_json()).unwrap();
    let mut watch = Watch::new(Vec::new(), WatchOptions::default(), state.clone());
    let mut post = post(&receiver);
    assert_eq!(
        send(&mut post, &mut watch, minute(1)),
        Posted::Waiting(until)
    );
    assert_eq!(receiver.seen().len(), 1);
    assert_eq!(send(&mut post, &mut watch, minute(2)), Posted::Taken(1));
    // Another receiver did not ask for it.
    let other = Receiver::answering(&[]);
    let mut watch = Watch::new(Vec::new(), WatchOptions::default(), state);
    let mut post = self::post(&other);
    assert_eq!(send(&mut post, &mut watch, minute(1)), Posted::Taken(1));
}

#[test]
fn a_clock_that_is_set_back_delays_nothing() {
    let receiver = Receiver::answering(&[500, 500]);
    let (mut watch, mut post) = (watch(1), post(&receiver));
    for _ in 0..2 {
        kept(send(&mut post, &mut watch, minute(600)));
    }
    assert_eq!(send(&mut post, &mut watch, minute(0)), Posted::Taken(1));
}

#[test]
fn refusals_are_errors_and_keep_the_notices() {
    const REFUSALS: &[u16] = &[400, 401, 403, 404, 415, 422, 301, 302, 303];
    let receiver = Receiver::answering(REFUSALS);
    let mut watch = watch(1);
    for status in REFUSALS {
        let (why, _) = kept(send(&mut post(&receiver), &mut watch, start()));
        assert_eq!(why.code, ErrorCode::Refused, "{status}");
        assert!(why.message.contains(&status.to_string()), "{why}");
        assert_eq!(watch.untold().len(), 1);
    }
    assert_eq!(
        send(&mut post(&receiver), &mut watch, start()),
        Posted::Taken(1)
    );
}

#[test]
fn many_notices_go_in_portions_and_in_smaller_ones_where_those_are_too_many() {
    let receiver = Receiver::plain(|_, request| {
        let status = if request.notices().len() > 60 {
            413
        } else {
            202
        };
        Some((status, Vec::new()))
    });
    let (mut watch, mut post) = (watch(450), post(&receiver));
    let untold = ids(watch.untold());
    while !watch.untold().is_empty() {
        let count = watch.untold().len().min(50);
        let posted = send(&mut post, &mut watch, start());
        assert_eq!(posted, Posted::Taken(count));
    }
    let seen = receiver.seen();
    assert_eq!(seen[0].notices().len(), 200);
    let taken = seen
        .iter()
        .filter(|request| request.notices().len() <= 60)
        .flat_map(crate::receiver::Request::ids);
    assert_eq!(taken.collect::<Vec<_>>(), untold);
}

#[test]
fn a_redirect_is_followed_within_the_server_and_never_elsewhere() {
    let other = Receiver::answering(&[]);
    let to = format!("{}/taken?key=else", other.root);
    let receiver = Receiver::plain(move |_, request| {
        let location = match request.target.as_str() {
            "/away" => to.clone(),
            "/around" => "/around".to_owned(),
            "/nowhere" => "http://".to_owned(),
            "/here" => "/there/".to_owned(),
            _ => return Some((204, Vec::new())),
        };
        Some((308, vec![("Location", location)]))
    });
    let at = |path: &str| {
        let mut settings = PostSettings::new(Secret::new(format!("{}{path}", receiver.root)));
        let authorization = ("Authorization".to_owned(), Secret::new(TOKEN.to_owned()));
        settings.headers.push(authorization);
        Post::new(&settings).unwrap()
    };
    let mut watch = watch(2);
    for path in ["/away", "/around", "/nowhere"] {
        let (why, _) = kept(send(&mut at(path), &mut watch, start()));
        assert_eq!(why.code, ErrorCode::Refused, "{path}");
        assert!(!format!("{why:?}").contains("key"), "{why:?}");
        assert_eq!(watch.untold().len(), 2, "{path}");
    }
    assert!(other.seen().is_empty());
    assert_eq!(
        send(&mut at("/here"), &mut watch, start()),
        Posted::Taken(2)
    );
    let last = receiver.seen().pop().unwrap();
    assert_eq!(last.target, "/there/");
    assert_eq!(last.headers["authorization"], TOKEN);
    assert_eq!(last.notices().len(), 2);
}

#[test]
fn who_asks_to_stop_waits_less_than_a_second_and_loses_nothing() {
    let receiver = Receiver::plain(|_, _| None);
    let (mut watch, mut post) = (watch(1), post(&receiver));
    let began = Instant::now();
    let mut stop = || {
        if began.elapsed() > Duration::from_millis(200) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let error = post.send(&mut watch, start(), &mut stop).unwrap_err();
    drop(post);
    assert_eq!(error.code, ErrorCode::Cancelled);
    assert!(began.elapsed() < Duration::from_secs(1));
    assert_eq!(watch.untold().len(), 1);
}

#[test]
fn a_receiver_that_never_answers_is_given_up() {
    let receiver = Receiver::plain(|_, _| None);
    let mut settings = settings(&receiver);
    settings.timeout = Duration::from_secs(1);
    let mut watch = watch(1);
    let began = Instant::now();
    let mut post = Post::new(&settings).unwrap();
    let (why, _) = kept(send(&mut post, &mut watch, start()));
    assert_eq!(why.code, ErrorCode::Connection);
    assert!(began.elapsed() < Duration::from_secs(3));
    assert_eq!(watch.untold().len(), 1);
}

#[test]
fn what_cannot_be_meant_is_refused_and_no_secret_is_shown() {
    let with = |name: &str, value: &str| {
        let url = Secret::new("https://alerts.contoso.com/hidden?key=hidden".to_owned());
        let mut settings = PostSettings::new(url);
        let header = (name.to_owned(), Secret::new(value.to_owned()));
        settings.headers.push(header);
        settings
    };
    let good = with("Authorization", TOKEN);
    let shown = format!("{good:?} {:?}", Post::new(&good).unwrap());
    assert!(shown.contains("alerts.contoso.com"), "{shown}");
    assert!(
        !shown.contains("hidden") && !shown.contains("token"),
        "{shown}"
    );
    for (name, value) in [
        ("Authorization", "token\r\nX: y"),
        ("Authorization", " "),
        ("Authorization: token", "x"),
        ("Content-Type", "token"),
        ("Host", "token"),
    ] {
        let error = Post::new(&with(name, value)).unwrap_err();
        assert!(!format!("{error:?}").contains("token"), "{error:?}");
    }
    for url in [
        "http://alerts.contoso.com/hidden",
        "https://jdoe:hidden@alerts.contoso.com/",
        "ftp://127.0.0.1/hidden",
        "hidden",
    ] {
        let error = Post::new(&PostSettings::new(Secret::new(url.to_owned()))).unwrap_err();
        assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
    }
}
