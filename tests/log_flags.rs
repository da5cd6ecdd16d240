//! `sspr events`, `sspr roundtrip` and `sspr watch`: packed inputs, jobs, forms and screens.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test stops where its premise fails"
)]

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use sspr_cli::{OK, Screen, UNUSABLE, run_on};
use sspr_tests::evtx_writer::{EvtxEvent, write};

const CONTOSO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/contoso");

fn run_bytes(screen: Screen, args: &[&str], stdin: Vec<u8>) -> (u8, Vec<u8>, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let now = "2026-11-20T12:00:00Z".parse().expect("a time");
    let code = run_on(screen, args, Cursor::new(stdin), &mut out, &mut err, now);
    (code, out, String::from_utf8(err).expect("text"))
}

fn run(args: &[&str], stdin: Vec<u8>) -> (u8, String, String) {
    let (code, out, err) = run_bytes(Screen::default(), args, stdin);
    (code, String::from_utf8(out).expect("text"), err)
}

fn start() -> DateTime<Utc> {
    "2026-11-20T08:00:00Z".parse().expect("a time")
}

/// A log in which, between many of others, some events of the service stand.
fn log(first: u64) -> Vec<u8> {
    let events: Vec<_> = (0..400)
        .map(|number| {
            let at = start() + TimeDelta::seconds(number);
            match number % 200 {
                7 => EvtxEvent::new("PasswordResetService", 31019, "AADC01", at, "Heartbeat"),
                _ => EvtxEvent::new("Outlook", 63, "AADC01", at, "x".repeat(900)),
            }
        })
        .collect();
    write(&events, first)
}

fn failure(minute: u32) -> String {
    format!(
        "<Event><System><Provider Name='PasswordResetService'/><EventID>33004</EventID>\
         <TimeCreated SystemTime='2026-11-20T08:{minute:02}:00Z'/><Computer>AADC01.contoso.com\
         </Computer></System><EventData><Data>TrackingId: 11111111-2222-3333-4444-0000000000{minute:02}, \
         Reason: Synchronization Engine returned an error hr=80230626, message=Denied., Context: \
         UserPrincipalName: jdoe@contoso.com, Details: x</Data></EventData></Event>"
    )
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(bytes: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("Application.evtx", options).unwrap();
    archive.write_all(bytes).unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn packed_logs_are_known_by_their_first_bytes_on_a_disk_and_on_a_stream() {
    let folder = tempfile::tempdir().unwrap();
    let plain = log(1);
    let forms = [
        ("plain", plain.clone()),
        ("zstd", zstd(&plain)),
        ("gzip", gzip(&plain)),
        ("zip", zip(&plain)),
        ("both", gzip(&zstd(&plain))),
    ];
    for (name, bytes) in forms {
        let path = folder.path().join(name);
        fs::write(&path, &bytes).unwrap();
        let path = path.to_str().unwrap();
        for (evidence, stdin) in [(path, Vec::new()), ("-", bytes)] {
            let (code, out, err) = run(&["events", evidence], stdin.clone());
            assert_eq!(code, OK, "{name} {evidence}: {err}");
            assert_eq!(out.lines().count(), 2, "{name} {evidence}");
            let (code, _, err) = run(&["roundtrip", evidence], stdin.clone());
            assert_eq!(code, OK, "{name} {evidence}: {err}");
            let (_, out, err) = run(&["assess", evidence, "--format", "json"], stdin);
            assert!(out.contains("applicationLog"), "{name} {evidence}: {err}");
        }
    }
}

#[test]
fn a_bomb_is_refused_whatever_packed_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = log(1);
    bytes.resize(96 << 20, 0);
    // One layer of gzip packs at most a thousandfold, which is allowed.
    for (name, packed) in [("zstd", zstd(&bytes)), ("gzip", gzip(&gzip(&bytes)))] {
        let path = folder.path().join(name);
        fs::write(&path, packed).unwrap();
        let (_, _, err) = run(&["events", path.to_str().unwrap()], Vec::new());
        assert!(err.contains("unpacks to more than"), "{name}: {err}");
    }
}

#[test]
fn several_jobs_give_the_same_events_in_the_same_order() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..5 {
        let path = folder.path().join(format!("log{number}.evtx"));
        fs::write(path, log(1 + 400 * number)).unwrap();
    }
    fs::write(folder.path().join("more.xml"), failure(1)).unwrap();
    let path = folder.path().to_str().unwrap();
    let of = |jobs| {
        let all = [
            "events",
            path,
            "--provider",
            "*",
            "--format",
            "jsonl",
            "--jobs",
            jobs,
        ];
        run(&all, Vec::new())
    };
    let one = of("1");
    assert_eq!(one.1.lines().count(), 2_001);
    for jobs in ["2", "3", "8"] {
        assert_eq!(of(jobs), one, "{jobs}");
    }
}

#[test]
fn what_was_not_examined_is_said_and_verify_examines_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.evtx");
    fs::write(&path, log(1)).unwrap();
    let path = path.to_str().unwrap();
    let (_, out, err) = run(&["events", path], Vec::new());
    assert!(err.contains("not examined: "), "{err}");
    let (_, verified, err) = run(&["events", path, "--verify"], Vec::new());
    assert!(!err.contains("not examined"), "{err}");
    assert_eq!(verified, out);
}

#[test]
fn events_are_chosen_by_what_they_tell() {
    let count = |outcome: &str| {
        let args = ["events", CONTOSO, "--format", "jsonl", "--outcome", outcome];
        run(&args, Vec::new()).1.lines().count()
    };
    let (success, failure, neither) = (count("success"), count("failure"), count("neither"));
    assert!(success > 0 && failure > 0 && neither > 0);
    let (_, all, _) = run(&["events", CONTOSO, "--format", "jsonl"], Vec::new());
    assert_eq!(success + failure + neither, all.lines().count());
    assert_eq!(count("success,failure"), success + failure);
}

#[test]
fn arrow_goes_to_a_file_and_to_no_terminal() {
    for command in ["events", "roundtrip"] {
        let args = [command, CONTOSO, "--format", "arrow"];
        let (code, out, err) = run_bytes(Screen::default(), &args, Vec::new());
        assert_eq!(code, OK, "{err}");
        // The mark of a message, and the end of the stream.
        assert!(
            out.starts_with(&[0xff; 4]) && out.ends_with(&[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])
        );
        let mut terminal = Screen::default();
        terminal.terminal = true;
        let (code, out, err) = run_bytes(terminal, &args, Vec::new());
        assert_eq!((code, out.len()), (UNUSABLE, 0));
        assert!(err.contains("> events.arrow"), "{err}");
    }
}

#[test]
fn a_support_bundle_has_what_a_ticket_needs_and_nobody_else() {
    let args = [
        "roundtrip",
        CONTOSO,
        "--user",
        "epoe@contoso.com",
        "--support-bundle",
    ];
    let (code, out, err) = run(&args, Vec::new());
    assert_eq!(code, OK, "{err}");
    let others = out.split(|c: char| c.is_whitespace() || ",;:".contains(c));
    for word in others.filter(|word| word.ends_with("@contoso.com")) {
        assert_eq!(word, "epoe@contoso.com");
    }
    insta::assert_snapshot!("support-bundle", out);
    let (code, _, err) = run(&["roundtrip", "-", "--support-bundle"], failure(1).into());
    assert_eq!(code, UNUSABLE);
    assert!(err.contains("as a file"), "{err}");
}

#[test]
fn a_watch_that_looks_once_draws_what_it_tells_and_tells_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let text: String = (0..11).map(failure).collect();
    fs::write(folder.path().join("app.xml"), text).unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (log, state) = (path("app.xml"), path("state.json"));
    let args = [
        "watch",
        &log,
        "--once",
        "--state",
        &state,
        "--since",
        "2026-11-20",
    ];
    let (code, out, err) = run(&args, Vec::new());
    assert_eq!((code, err.as_str()), (OK, ""));
    let lines = |text: &str, kind: &str| text.lines().filter(|line| line.contains(kind)).count();
    assert_eq!(lines(&out, "  failure "), 11);
    assert_eq!(lines(&out, "  burst "), 2);
    assert_eq!(lines(&out, "  silence "), 1);
    let first: Vec<_> = out
        .lines()
        .skip_while(|line| !line.contains("08:10:00"))
        .collect();
    insta::assert_snapshot!("watch-80", first.join("\n"));
    assert_eq!(run(&args, Vec::new()).1, "");
}

#[test]
fn a_watch_of_nothing_is_refused() {
    let missing = Path::new(CONTOSO).join("nowhere");
    let args = ["watch", missing.to_str().unwrap(), "--once"];
    let (code, _, err) = run(&args, Vec::new());
    assert_eq!(code, UNUSABLE);
    assert!(err.contains("check the path"), "{err}");
}
