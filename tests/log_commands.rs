//! `sspr events` and `sspr roundtrip`, end to end.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops where its premise fails"
)]

use std::io::Cursor;

use serde_json::Value;
use sspr_cli::{OK, UNUSABLE};

const CONTOSO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/contoso");

fn run(args: &[&str], stdin: &str) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let now = "2026-11-20T12:00:00Z".parse().expect("a time");
    let stdin = Cursor::new(stdin.as_bytes().to_vec());
    let code = sspr_cli::run(args, stdin, &mut out, &mut err, now);
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (code, text(out), text(err))
}

fn event(id: u32, time: &str, data: &str) -> String {
    format!(
        "<Event><System><Provider Name='PasswordResetService'/><EventID>{id}</EventID>\
         <TimeCreated SystemTime='{time}'/><Computer>AADC01.contoso.com</Computer></System>\
         <EventData><Data>{data}</Data></EventData></Event>"
    )
}

#[test]
fn one_persons_story_says_what_happened_why_and_what_to_do() {
    let args = ["roundtrip", CONTOSO, "--user", "epoe@contoso.com"];
    let (code, out, err) = run(&args, "");
    assert_eq!(code, OK, "{err}");
    insta::assert_snapshot!("story-80", out);
}

#[test]
fn all_operations_are_told_in_numbers() {
    let (code, out, err) = run(&["roundtrip", CONTOSO], "");
    assert_eq!(code, OK, "{err}");
    let (_, numbers) = out.rsplit_once("\n\n1").expect("rows, then numbers");
    insta::assert_snapshot!("operations-80", format!("1{numbers}"));
    assert!(err.contains("of 3 logs, 2026-10-21 to 2026-11-20"), "{err}");
}

#[test]
fn every_format_tells_the_same_operations() {
    let of = |format| {
        run(
            &[
                "roundtrip",
                CONTOSO,
                "--outcome",
                "failed,refused",
                "--format",
                format,
            ],
            "",
        )
        .1
    };
    let json: Value = serde_json::from_str(&of("json")).expect("a document");
    let listed = json["operations"].as_array().expect("a list").clone();
    assert_eq!(listed.len(), 11);
    assert_eq!(json["statistics"]["operations"], 11);
    let lines: Vec<Value> = of("jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line"))
        .collect();
    assert_eq!(lines, listed);
    assert_eq!(of("csv").lines().count(), 12);
}

#[test]
fn events_are_chosen_by_id_person_and_time() {
    let count = |more: &[&str]| {
        let args = [&["events", CONTOSO, "--format", "jsonl"], more].concat();
        run(&args, "").1.lines().count()
    };
    assert_eq!(count(&["--id", "33004,33008"]), 11);
    assert_eq!(count(&["--id", "33004", "--user", "EPOE@contoso.com"]), 2);
    assert_eq!(count(&["--id", "33004", "--since", "2026-11-17"]), 1);
    assert_eq!(count(&["--id", "33004", "--until", "2026-11-17"]), 6);
    assert!(count(&["--provider", "*"]) > count(&["--provider", "ADSync"]));
}

#[test]
fn an_empty_answer_is_an_empty_list() {
    let (code, out, _) = run(&["events", CONTOSO, "--id", "1", "--format", "json"], "");
    assert_eq!((code, out.as_str()), (OK, "[]\n"));
    let args = ["roundtrip", CONTOSO, "--user", "nobody@contoso.com"];
    let (_, out, _) = run(&args, "");
    assert!(
        out.starts_with(
            "No password operation of nobody@contoso.com in these logs, which reach from"
        ),
        "{out}"
    );
    let (_, out, _) = run(&[&args[..], &["--format", "json"]].concat(), "");
    let json: Value = serde_json::from_str(&out).expect("a document");
    assert_eq!(json["operations"], Value::Array(vec![]));
}

#[test]
fn a_log_comes_from_standard_input() {
    let log = event(31001, "2026-11-20T08:00:00Z", "PasswordResetRequestStart");
    let (code, out, err) = run(&["events", "-"], &log);
    assert_eq!(code, OK, "{err}");
    assert!(out.contains("2026-11-20 08:00:00 31001"), "{out}");
}

#[test]
fn what_is_no_log_is_refused_with_the_way_to_export_one() {
    let (code, out, err) = run(&["events", "-"], "no log");
    assert_eq!((code, out.as_str()), (UNUSABLE, ""));
    assert!(err.contains("wevtutil epl"), "{err}");
}

#[test]
fn audit_records_are_listed_beside_events_or_alone() {
    let audit = "Date (UTC),CorrelationId,Service,Category,Activity,Result,ResultReason,\
        ActorUserPrincipalName,Target1UserPrincipalName\n\
        2026-05-20 15:40:00,00000000-0000-0000-0000-000000000001,Self-service Password Management,\
        UserManagement,Reset password (by admin),failure,OnPremisesConnectivityError,\
        admin@contoso.com,jdoe@contoso.com\n";
    let (code, out, err) = run(&["events", "-", "--provider", "audit"], audit);
    assert_eq!(code, OK, "{err}");
    assert!(out.starts_with("2026-05-20 15:40:00 audit "), "{out}");
    assert!(out.contains("jdoe@contoso.com"), "{out}");
    let of = |more: &[&str]| {
        let args = [
            &["events", "-", "--provider", "*", "--format", "jsonl"],
            more,
        ]
        .concat();
        run(&args, audit).1
    };
    let json: Value = serde_json::from_str(&of(&[])).expect("a line");
    assert_eq!(json["provider"], "Entra audit");
    assert_eq!(json["correlation"], "00000000-0000-0000-0000-000000000001");
    assert_eq!(of(&["--user", "JDOE@contoso.com"]), of(&[]));
    assert_eq!(of(&["--user", "ADMIN@contoso.com"]), of(&[]));
    assert_eq!(of(&["--user", "nobody@contoso.com"]), "");
    assert_eq!(
        run(&["events", "-"], audit).1,
        "",
        "the writeback service is the default"
    );
}

#[test]
fn a_formula_in_a_log_stays_a_text() {
    let log = event(
        31001,
        "2026-11-20T08:00:00Z",
        "PasswordResetRequestStart, Details: =cmd|'x'!A1@contoso.com",
    );
    let (_, out, _) = run(&["events", "-", "--format", "csv"], &log);
    assert!(!out.contains(",=cmd"), "{out}");
}

#[test]
fn a_name_cannot_move_the_cursor() {
    let log = event(
        31001,
        "2026-11-20T08:00:00Z",
        "PasswordResetRequestStart, Details: \u{9b}2Jjdoe@contoso.com",
    );
    let (_, out, _) = run(&["events", "-"], &log);
    assert!(!out.contains('\u{9b}'), "{out}");
}

#[test]
fn lost_records_are_told_on_standard_error() {
    let log = format!(
        "{}<Event><System><Event",
        event(31001, "2026-11-20T08:00:00Z", "x")
    );
    let (code, out, err) = run(&["events", "-"], &log);
    assert_eq!(code, OK);
    assert_eq!(out.lines().count(), 1);
    assert!(
        err.contains("warning: 1 record of standard input could not be read"),
        "{err}"
    );
}

#[test]
fn an_input_that_may_be_a_log_is_not_passed_over_in_silence() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let write = |name: &str, bytes: &[u8]| std::fs::write(path(name), bytes).expect("written");
    let log = event(31001, "2026-11-20T08:00:00Z", "PasswordResetRequestStart");
    write("a.xml", log.as_bytes());
    write("b.zip", b"PK\x03\x04cut");
    write("c.json", b"{\"some\": \"other evidence\"}");
    let (code, _, err) = run(&["events", &path("")], "");
    assert_eq!(code, OK, "{err}");
    assert!(
        err.contains("b.zip is not read: the archive is damaged"),
        "{err}"
    );
    assert!(err.contains("; 1 other input is no log"), "{err}");
    // What was named is told.
    write("d.evtx", b"\x89PNG\r\n\x1a\n");
    let (_, _, err) = run(&["events", &path("a.xml"), &path("d.evtx")], "");
    assert!(
        err.contains("d.evtx is not read: this is no log of Windows events: it is a picture"),
        "{err}"
    );
}

#[test]
fn nothing_is_printed_where_no_log_was_given() {
    for format in ["table", "json", "csv"] {
        let (code, out, err) = run(&["roundtrip", "-", "--format", format], "no log");
        assert_eq!((code, out.as_str()), (UNUSABLE, ""), "{format}");
        assert!(
            err.starts_with("error: nothing that was given is a log"),
            "{err}"
        );
    }
}

#[test]
fn how_many_events_were_listed_is_told_where_not_all_were_meant() {
    let (_, out, err) = run(&["events", CONTOSO, "--user", "epoe@contoso.com"], "");
    assert!(out.contains("33004"), "{out}");
    assert!(err.starts_with("listed 4 of 361 events of 3 logs"), "{err}");
}

#[test]
fn a_person_is_looked_for_by_the_whole_name_and_namesakes_are_shown() {
    let (code, out, _) = run(&["roundtrip", CONTOSO, "--user", "epoe"], "");
    assert_eq!(code, OK);
    assert!(out.contains("epoe@contoso.com"), "{out}");
    let bundle = ["roundtrip", CONTOSO, "--user", "epoe", "--support-bundle"];
    let (code, out, err) = run(&bundle, "");
    assert_eq!((code, out.as_str()), (UNUSABLE, ""), "{err}");
}

#[test]
fn operations_done_in_the_cloud_alone_can_be_chosen() {
    let audit = "Date (UTC),CorrelationId,Service,Category,Activity,Result,ResultReason,\
        ActorUserPrincipalName,Target1UserPrincipalName\n\
        2026-11-20 08:30:00,00000000-0000-0000-0000-000000000001,Self-service Password Management,\
        UserManagement,Reset password (by admin),success,None,admin@contoso.com,jdoe@contoso.com\n";
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    write("audit.csv", audit);
    let beat = |time| event(31019, time, "Successfully sent a request to Service Bus.");
    write(
        "app.xml",
        &[beat("2026-11-20T08:00:00Z"), beat("2026-11-20T09:00:00Z")].concat(),
    );
    let path = folder.path().display().to_string();
    let args = [
        "roundtrip",
        &path,
        "--outcome",
        "cloud-only",
        "--format",
        "csv",
    ];
    let (code, out, err) = run(&args, "");
    assert_eq!(code, OK, "{err}");
    assert_eq!(out.lines().count(), 2, "{out}");
}
