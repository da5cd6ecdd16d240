//! The program itself: what only a process can show.

#![allow(clippy::expect_used, reason = "a test stops where its premise fails")]

use std::io::Write as _;
use std::process::{Command, Stdio};

fn sspr() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sspr"));
    command.stdin(Stdio::null());
    command
}

#[test]
fn the_exit_code_of_the_process_is_the_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = sspr().arg("assess").arg(folder.path()).output();
    let output = output.expect("it runs");
    assert_eq!(output.status.code(), Some(3));
    assert!(!output.stdout.is_empty());
    // No colour and no progress away from a terminal.
    assert!(!output.stdout.contains(&0x1b));
    assert!(output.stderr.is_empty());
    let output = sspr().output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn standard_input_is_read_as_it_comes() {
    let mut child = sspr()
        .args(["assess", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"no evidence").expect("it is read");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard input"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let mut child = sspr()
        .args(["collect", "script"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
}

#[test]
fn the_summary_comes_behind_the_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("app.xml");
    let event = "<Event><System><Provider Name='PasswordResetService'/><EventID>31001</EventID></System></Event>";
    std::fs::write(&log, event).expect("written");
    let screen = std::fs::File::create(folder.path().join("screen")).expect("a file");
    for command in ["events", "roundtrip"] {
        let status = sspr()
            .args([command.as_ref(), log.as_os_str()])
            .stdout(screen.try_clone().expect("a handle"))
            .stderr(screen.try_clone().expect("a handle"))
            .status();
        assert!(status.expect("it runs").success());
        let text = std::fs::read_to_string(folder.path().join("screen")).expect("read");
        let last = text.lines().last().unwrap_or_default();
        assert_eq!(last, "read 1 event of 1 log", "{text}");
    }
}
