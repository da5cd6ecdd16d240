//! The three states of the first screen, drawn from real evidence, so that a change of what an
//! administrator sees shows in review; and the screen in README.md.

#![allow(clippy::expect_used, reason = "a test stops where its premise fails")]

use std::io;
use std::path::Path;

use sspr_cli::{FOUND, OK, Screen, UNSETTLED, run_on};
use sspr_tests::bless;

/// Draws the first screen on some evidence, and checks the exit code.
fn screen(evidence: &Path, width: usize, exit: u8) -> String {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut screen = Screen::default();
    screen.width = width;
    let now = "2026-11-20T12:00:00Z".parse().expect("a time");
    let args = ["assess".as_ref(), evidence.as_os_str()];
    let code = run_on(screen, args, io::empty(), &mut out, &mut err, now);
    assert_eq!(code, exit, "{}", String::from_utf8_lossy(&err));
    String::from_utf8(out).expect("text")
}

fn example(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(path)
}

#[test]
fn nothing_collected() {
    let empty = tempfile::tempdir().expect("a folder");
    insta::assert_snapshot!("nothing-80", screen(empty.path(), 80, UNSETTLED));
    insta::assert_snapshot!("nothing-120", screen(empty.path(), 120, UNSETTLED));
}

#[test]
fn half_collected() {
    let graph = example("contoso/graph");
    insta::assert_snapshot!("graph-80", screen(&graph, 80, UNSETTLED));
    insta::assert_snapshot!("graph-120", screen(&graph, 120, UNSETTLED));
    let log = example("contoso/aadc01/log");
    insta::assert_snapshot!("log-80", screen(&log, 80, FOUND));
}

#[test]
fn all_collected() {
    let contoso = example("contoso");
    insta::assert_snapshot!("contoso-80", screen(&contoso, 80, FOUND));
    insta::assert_snapshot!("contoso-120", screen(&contoso, 120, FOUND));
    insta::assert_snapshot!("fabrikam-80", screen(&example("fabrikam"), 80, OK));
}

#[test]
fn the_readme_shows_the_screen_of_today() {
    const OPEN: &str = "<!-- screen: examples/contoso -->\n```text\n";
    let readme = include_str!("../README.md");
    let (before, rest) = readme.split_once(OPEN).expect("the mark of the screen");
    let (_, after) = rest.split_once("```").expect("the end of the screen");
    let screen = screen(&example("contoso"), 80, FOUND);
    let page = format!("{before}{OPEN}{screen}```{after}");
    bless::compare(Path::new("README.md"), &page);
}
