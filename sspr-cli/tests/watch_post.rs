//! `sspr watch --post` as a process that is killed and stopped, and that keeps its secrets.

#![cfg(all(unix, feature = "post"))]
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops where its premise fails"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const TOKEN: &str = "Bearer e30.example-token.x";

/// Bodies and headers of what was posted.
type Seen = Arc<Mutex<Vec<(String, String)>>>;

/// Answers every request with a status after a while, or never; until the test ends.
fn receiver(status: Option<u16>, after: Duration) -> (String, Seen) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/hidden", listener.local_addr().unwrap());
    let seen = Seen::default();
    let noted = Arc::clone(&seen);
    spawn(move || {
        for stream in listener.incoming().flatten() {
            let seen = Arc::clone(&noted);
            spawn(move || answer(stream, &seen, status, after));
        }
    });
    (url, seen)
}

fn answer(
    stream: TcpStream,
    seen: &Seen,
    status: Option<u16>,
    after: Duration,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    let head = head.to_lowercase();
    let (_, rest) = head.split_once("content-length: ").unwrap();
    let (length, _) = rest.split_once('\r').unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8(body).unwrap();
    seen.lock().unwrap().push((head, body));
    sleep(after);
    let Some(status) = status else {
        reader.read_to_end(&mut Vec::new())?;
        return Ok(());
    };
    let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    reader.get_mut().write_all(answer.as_bytes())
}

fn folder(operations: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let failing = |operation| {
        format!(
            "<Event><System><Provider Name='PasswordResetService'/><EventID>33004</EventID>\
             <TimeCreated SystemTime='2026-11-20T08:00:00Z'/><EventRecordID>{operation}\
             </EventRecordID><Computer>AADC01.contoso.com</Computer></System><EventData><Data>\
             TrackingId: 11111111-2222-3333-4444-{operation:012}, Reason: Synchronization Engine \
             returned an error hr=80230626, message=Denied., Context: UserPrincipalName: \
             jdoe@contoso.com, Details: x</Data></EventData></Event>\r\n"
        )
    };
    let log: String = (0..operations).map(failing).collect();
    fs::write(folder.path().join("log.xml"), log).unwrap();
    folder
}

fn sspr(folder: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sspr"));
    command
        .current_dir(folder)
        .args(["watch", "log.xml", "--since", "2026-11-20"])
        .args(["--silence", "0s", "--state", "state.json"])
        .args(["--burst", "1000000"])
        .args(more)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// All that a process wrote.
fn words(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8(text).unwrap()
}

/// The ids of what was posted, in portions.
fn ids(seen: &Seen) -> Vec<Vec<String>> {
    let id = |line: &str| {
        let (_, rest) = line.split_once("\"id\":\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let seen = seen.lock().unwrap();
    let portions = seen.iter().map(|(_, body)| body.lines().map(id).collect());
    portions.collect()
}

#[test]
fn whenever_it_is_killed_each_notice_arrives_and_is_known_again_by_its_id() {
    const OPERATIONS: usize = 900;
    let (url, seen) = receiver(Some(204), Duration::from_millis(8));
    let folder = folder(OPERATIONS);
    let more = ["--post", &url, "--interval", "0s"];
    for life in 0..12_u64 {
        let mut child = sspr(folder.path(), &more).spawn().unwrap();
        sleep(Duration::from_millis(20 + life * 13 % 70));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let output = sspr(folder.path(), &["--post", &url, "--once"]).output();
    assert_eq!(output.unwrap().status.code(), Some(0));
    let portions = ids(&seen);
    let mut known = BTreeSet::new();
    let mut repeated = 0;
    for portion in &portions {
        let before = known.len();
        known.extend(portion.iter().cloned());
        repeated += usize::from(known.len() == before);
    }
    assert_eq!(known.len(), OPERATIONS);
    assert!(repeated <= 12, "{repeated}: at most one portion a life");
    // Nothing is left for another run.
    let posted = portions.len();
    let output = sspr(folder.path(), &["--post", &url, "--once"]).output();
    assert_eq!(output.unwrap().status.code(), Some(0));
    assert_eq!(ids(&seen).len(), posted);
}

#[test]
fn ctrl_c_ends_it_within_a_second_while_a_receiver_hangs_and_the_notices_are_kept() {
    let (url, seen) = receiver(None, Duration::ZERO);
    let folder = folder(2);
    let child = sspr(folder.path(), &["--post", &url]).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while seen.lock().unwrap().is_empty() {
        assert!(Instant::now() < end, "nothing was posted");
        sleep(Duration::from_millis(10));
    }
    let asked = Instant::now();
    let mut kill = Command::new("kill");
    let kill = kill.args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(1));
    assert_eq!(output.status.code(), Some(0), "{output:?}");

    let (url, seen) = receiver(Some(200), Duration::ZERO);
    let output = sspr(folder.path(), &["--post", &url, "--once"]).output();
    assert_eq!(output.unwrap().status.code(), Some(0));
    assert_eq!(ids(&seen).concat().len(), 2);
}

#[test]
fn a_refusal_is_an_error_that_keeps_the_notices_and_shows_no_secret() {
    let (url, seen) = receiver(Some(401), Duration::ZERO);
    let folder = folder(1);
    let header = ["--header-env", "Authorization=SSPR_ALERTS", "--once"];
    let output = sspr(
        folder.path(),
        &[&["--post-env", "SSPR_URL"], &header[..]].concat(),
    )
    .env("SSPR_ALERTS", TOKEN)
    .env("SSPR_URL", &url)
    // An address of this machine is spoken to directly.
    .env("http_proxy", "http://192.0.2.1:9")
    .output()
    .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = words(&output);
    assert!(text.contains("error: 127.0.0.1:"), "{text}");
    assert!(text.contains("answers with status 401"), "{text}");
    assert!(text.contains("they are kept"), "{text}");
    let state = fs::read_to_string(folder.path().join("state.json")).unwrap();
    for place in [&text, &state] {
        assert!(
            !place.contains("e30") && !place.contains("hidden"),
            "{place}"
        );
    }
    let (head, _) = seen.lock().unwrap()[0].clone();
    assert!(head.contains(&format!("authorization: {}", TOKEN.to_lowercase())));

    let (url, seen) = receiver(Some(204), Duration::ZERO);
    let output = sspr(folder.path(), &["--post", &url, "--once"]).output();
    assert_eq!(output.unwrap().status.code(), Some(0));
    assert_eq!(ids(&seen).concat().len(), 1);
}

#[test]
fn a_token_on_the_command_line_is_refused_and_not_repeated() {
    let folder = folder(1);
    for wrong in [
        &[
            "--post",
            "https://alerts.contoso.com",
            "--header-env",
            "hidden",
        ][..],
        &[
            "--post",
            "https://alerts.contoso.com",
            "--header-env",
            "Authorization=hidden",
        ],
        &[
            "--post",
            "https://alerts.contoso.com",
            "--header-env",
            "Bearer hidden=",
        ],
        &["--post-env", "hidden"],
        &["--post", "http://alerts.contoso.com/hidden"],
        &["--header-env", "Authorization=hidden"],
    ] {
        let output = sspr(folder.path(), wrong).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        let text = words(&output);
        assert!(
            text.starts_with("error: ") && !text.contains("hidden"),
            "{text}"
        );
        assert!(!folder.path().join("state.json").exists());
    }
}
