//! `sspr watch` as a process that is killed, stopped, and run by a scheduler.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test stops where its premise fails"
)]

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use tempfile::TempDir;

fn sspr(folder: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sspr"));
    let fixed = [
        "watch",
        "log.xml",
        "--since",
        "2026-11-20",
        "--silence",
        "0s",
    ];
    command.current_dir(folder).args(fixed).args(more);
    command.args(["--state", "state.json"]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn failing(operation: usize) -> String {
    format!(
        "<Event><System><Provider Name='PasswordResetService'/><EventID>33004</EventID>\
         <TimeCreated SystemTime='2026-11-20T08:00:00Z'/><EventRecordID>{operation}</EventRecordID>\
         <Computer>AADC01.contoso.com</Computer></System><EventData><Data>TrackingId: \
         11111111-2222-3333-4444-{operation:012}, Reason: Synchronization Engine returned an error \
         hr=80230626, message=Denied., Context: UserPrincipalName: jdoe@contoso.com, Details: x\
         </Data></EventData></Event>\r\n"
    )
}

fn folder(operations: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let log: String = (0..operations).map(failing).collect();
    fs::write(folder.path().join("log.xml"), log).unwrap();
    folder
}

/// How often each operation stands in what was told.
fn told(text: &str) -> BTreeMap<String, usize> {
    let mut told = BTreeMap::new();
    for line in text
        .lines()
        .filter(|line| line.contains("\"kind\":\"failure\""))
    {
        assert!(line.starts_with('{') && line.ends_with('}'), "{line}");
        let (_, rest) = line.split_once("\"trackingId\":\"").unwrap();
        let (id, _) = rest.split_once('"').unwrap();
        *told.entry(id.to_owned()).or_default() += 1;
    }
    told
}

fn once(operations: usize) -> BTreeMap<String, usize> {
    let id = |operation| format!("11111111-2222-3333-4444-{operation:012}");
    (0..operations)
        .map(|operation| (id(operation), 1))
        .collect()
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

/// Waits until something holds.
fn until(what: &str, holds: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        sleep(Duration::from_millis(10));
    }
}

fn interrupt(child: &Child) {
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

#[test]
fn whenever_it_is_killed_each_failure_stands_in_the_file_once() {
    const OPERATIONS: usize = 400;
    let folder = folder(0);
    let path = folder.path();
    let is_written = AtomicBool::new(false);
    let more = ["-o", "told.jsonl", "--format", "jsonl", "--interval", "0s"];
    scope(|scope| {
        scope.spawn(|| {
            let mut log = OpenOptions::new()
                .append(true)
                .open(path.join("log.xml"))
                .unwrap();
            for operation in 0..OPERATIONS {
                // Events come in pieces.
                let text = failing(operation);
                let (first, second) = text.split_at(operation % text.len());
                log.write_all(first.as_bytes()).unwrap();
                sleep(Duration::from_millis(2));
                log.write_all(second.as_bytes()).unwrap();
            }
            is_written.store(true, Ordering::SeqCst);
        });
        let mut lives = 0_u64;
        while !is_written.load(Ordering::SeqCst) || lives < 12 {
            let mut child = sspr(path, &more).spawn().unwrap();
            sleep(Duration::from_millis(15 + lives * 37 % 160));
            child.kill().unwrap();
            child.wait().unwrap();
            lives += 1;
        }
    });
    let output = sspr(path, &[&more[..], &["--once"]].concat())
        .output()
        .unwrap();
    assert_eq!(code(&output), Some(0), "{output:?}");
    let text = fs::read_to_string(path.join("told.jsonl")).unwrap();
    assert_eq!(told(&text), once(OPERATIONS));
}

#[test]
fn ctrl_c_ends_it_with_0_and_the_next_run_goes_on() {
    let folder = folder(3);
    let path = folder.path();
    let more = ["--format", "jsonl", "--interval", "0s"];
    let child = sspr(path, &more).spawn().unwrap();
    until("the state is written", || {
        fs::read_to_string(path.join("state.json")).is_ok_and(|state| state.contains("log.xml"))
    });
    sleep(Duration::from_millis(200));
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), Some(0), "{output:?}");
    assert_eq!(told(&String::from_utf8(output.stdout).unwrap()), once(3));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.starts_with("watching: 1 file, "), "{words}");

    let mut log = OpenOptions::new()
        .append(true)
        .open(path.join("log.xml"))
        .unwrap();
    log.write_all(failing(3).as_bytes()).unwrap();
    let output = sspr(path, &["--once", "--format", "jsonl"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(told(&text).len(), 1, "{text}");
    assert!(text.contains("000000000003"), "{text}");
}

#[test]
fn a_program_that_refuses_the_notices_gets_them_again() {
    let folder = folder(2);
    let path = folder.path();
    let exec = |script| ["--once", "--exec", "sh", "-c", script];
    let run = |script: &'static str| {
        // All behind --exec is the program's.
        let mut command = Command::new(env!("CARGO_BIN_EXE_sspr"));
        command
            .current_dir(path)
            .args(["watch", "log.xml", "--state", "state.json"]);
        command
            .args(["--since", "2026-11-20", "--silence", "0s"])
            .args(exec(script));
        command.output().unwrap()
    };
    let output = run("cat > /dev/null; exit 7");
    assert_eq!(code(&output), Some(2), "{output:?}");
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("sh ended with code 7"), "{words}");
    assert_eq!(code(&run("cat >> told.jsonl")), Some(0));
    assert_eq!(code(&run("cat >> told.jsonl")), Some(0));
    let text = fs::read_to_string(path.join("told.jsonl")).unwrap();
    assert_eq!(told(&text), once(2));
}

#[test]
fn a_state_that_cannot_be_used_is_not_overwritten() {
    let folder = folder(1);
    let path = folder.path();
    fs::write(path.join("state.json"), "{}").unwrap();
    let output = sspr(path, &["--once"]).output().unwrap();
    assert_eq!(code(&output), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("try: begin anew")
    );
    assert_eq!(fs::read_to_string(path.join("state.json")).unwrap(), "{}");
}

#[test]
fn what_lies_beside_the_logs_of_a_folder_is_counted_and_what_was_named_is_told() {
    let folder = folder(1);
    for name in ["policy.json", "users.json"] {
        fs::write(folder.path().join(name), "{\"enabled\": true}\n").unwrap();
    }
    let told = |path: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sspr"));
        command.args(["watch", "--once", path]);
        let output = command.current_dir(folder.path()).output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(told("."), "2 files are no log, and passed over\n");
    let named = told("policy.json");
    assert!(named.starts_with("warning: policy.json: "), "{named}");
}
