//! The real command, end to end: what it prints, where, and with which exit code.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops where its premise fails"
)]

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

/// What a run gave.
struct Ran {
    code: u8,
    out: String,
    err: String,
}

fn run(args: &[&str]) -> Ran {
    run_with(args, b"")
}

fn run_with(args: &[&str], stdin: &[u8]) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let now = "2026-11-20T12:00:00Z".parse().expect("a time");
    let stdin = Cursor::new(stdin.to_vec());
    let code = sspr_cli::run(args, stdin, &mut out, &mut err, now);
    Ran {
        code,
        out: String::from_utf8(out).expect("text"),
        err: String::from_utf8(err).expect("text"),
    }
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

fn assess(files: &[(&str, &[u8])]) -> Ran {
    let folder = folder(files);
    run(&["assess", text(folder.path()), "--format", "json"])
}

const ATTESTED: &[u8] = b"schema = \"sspr-attested/1\"\n[[fact]]\nwhat = \"integration.unlock\"\nvalue = true\nat = 2026-11-20T09:00:00Z\n";

const STRICT: &[u8] = b"schema = \"sspr-attested/1\"\n[[fact]]\nwhat = \"domain.minimumPasswordAge\"\nvalue = 1\ndomain = \"contoso.com\"\nat = 2026-11-20T09:00:00Z\n";

#[test]
fn an_empty_folder_is_unsettled_and_says_what_to_collect() {
    let ran = assess(&[]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let report: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(report["asOf"], "2026-11-20T12:00:00Z");
    assert!(
        report["collect"]
            .as_array()
            .is_some_and(|steps| !steps.is_empty())
    );
    let folder = folder(&[]);
    let ran = run(&["assess", text(folder.path()), "--allow-unknown"]);
    assert_eq!(ran.code, 0);
}

#[test]
fn what_cannot_be_used_is_exit_2_with_a_sentence_and_no_report() {
    for (name, bytes, says) in [
        ("random", &[0_u8, 200, 3, 255, 0, 17][..], "binary"),
        ("empty.json", b"", "empty"),
        ("page.html", b"<!doctype html><title>x", "web page"),
        ("cut.json", b"{\"value\":[{\"a\":", "EOF"),
        ("deep.json", "[".repeat(100_000).as_bytes(), "recursion"),
        ("utf16", b"\xff\xfe\x00\xd8\x00\xd8", "."),
        ("cut.zip", b"PK\x03\x04\x14\0\0\0", "archive"),
    ] {
        let ran = assess(&[(name, bytes)]);
        assert_eq!(ran.code, 2, "{name}: {}", ran.out);
        assert_eq!(ran.out, "");
        assert!(ran.err.starts_with("error: "), "{}", ran.err);
        assert!(ran.err.contains(says), "{says}: {}", ran.err);
    }
    for args in [
        &["assess", "/no/such/file"][..],
        &["assess"],
        &["asess", "x"],
        &["assess", "x", "--as-of", "yesterday"],
        &["assess", "x", "--config", "/no/such/file"],
        &["schema", "nothing"],
        &["explain", "-"],
    ] {
        let ran = run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.err.contains("error"), "{args:?}: {}", ran.err);
    }
    assert!(
        run(&["asess", "x"]).err.contains("assess"),
        "a near miss is suggested"
    );
}

#[test]
fn hostile_evidence_costs_no_other_evidence() {
    let hostile: &[(&str, &[u8])] = &[
        ("attested.toml", ATTESTED),
        ("binary", &[0, 1, 2, 3, 0]),
        (
            "count.json",
            b"{\"@odata.count\":99999999999999999999,\"value\":[{}]}",
        ),
        ("deep.json", &[b'['; 5000]),
        (
            "wide.json",
            &[b"{\"a\":\"".as_slice(), &vec![b'x'; 70_000]].concat(),
        ),
    ];
    let ran = assess(hostile);
    let report: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(ran.code, without_fault(&report), "{}", ran.err);
    assert_eq!(report["evidence"].as_array().map(Vec::len), Some(1));
    assert_eq!(report["skipped"].as_array().map(Vec::len), Some(4));
}

/// The exit code of a report on evidence that shows no fault.
fn without_fault(report: &Value) -> u8 {
    if report["gatesSettled"] == true { 0 } else { 3 }
}

#[test]
fn fail_on_chooses_what_is_a_fault() {
    let folder = folder(&[("attested.toml", STRICT)]);
    let path = text(folder.path());
    let ran = |more: &[&str]| run(&[&["assess", path, "--format", "json"], more].concat());
    assert_eq!(ran(&["--fail-on", "warning"]).code, 1);
    let never = ran(&["--fail-on", "never"]);
    let report = serde_json::from_str(&never.out).expect("JSON");
    assert_eq!(never.code, without_fault(&report));
    assert_eq!(ran(&["--fail-on", "never", "--allow-unknown"]).code, 0);
}

#[test]
fn evidence_comes_on_standard_input_and_the_report_goes_to_a_file() {
    let folder = folder(&[]);
    let file = folder.path().join("report.json");
    let ran = run_with(
        &["assess", "-", "--format", "json", "-o", text(&file)],
        ATTESTED,
    );
    assert_eq!(ran.out, "", "{}", ran.err);
    let report: Value = serde_json::from_slice(&fs::read(&file).expect("a report")).expect("JSON");
    assert_eq!(ran.code, without_fault(&report));
    assert_eq!(report["evidence"][0]["name"], "standard input");
}

#[test]
fn the_order_of_arguments_never_changes_the_report() {
    let folder = folder(&[("a.toml", ATTESTED), ("b.toml", STRICT), ("c", b"?")]);
    let paths = ["a.toml", "b.toml", "c"].map(|name| folder.path().join(name));
    let ran = |order: [usize; 3]| {
        let [first, second, third] = order.map(|index| text(&paths[index]));
        run(&["assess", first, second, third, "--format", "json"])
    };
    let first = ran([0, 1, 2]);
    for order in [[1, 2, 0], [2, 1, 0], [1, 0, 2]] {
        let again = ran(order);
        assert_eq!((again.code, again.out), (first.code, first.out.clone()));
    }
}

#[test]
fn observation_times_come_from_options_and_never_from_the_file() {
    let undated =
        b"schema = \"sspr-attested/1\"\n[[fact]]\nwhat = \"integration.unlock\"\nvalue = true\n";
    let folder = folder(&[("attested.toml", undated)]);
    let path = text(folder.path());
    let observed = |more: &[&str]| {
        let ran = run(&[&["assess", path, "--format", "json"], more].concat());
        let report: Value = serde_json::from_str(&ran.out).expect("JSON");
        report["evidence"][0]["observedAt"].clone()
    };
    assert_eq!(observed(&[]), Value::Null);
    assert_eq!(
        observed(&["--observed-at", "2026-11-01"]),
        "2026-11-01T00:00:00Z"
    );
}

#[test]
fn attest_writes_what_was_answered() {
    let folder = folder(&[(
        "answers.toml",
        b"by = \"a.admin@contoso.com\"\nsspr.scope = \"selected\"\ngroup = \"SSPR-Pilot\"\n\
          sspr.methods = [\"email\", \"mobilePhone\"]\nintegration.writeback = true\n",
    )]);
    let answers = folder.path().join("answers.toml");
    let ran = run(&["attest", "--answers", text(&answers), "-o", "-"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("group = \"SSPR-Pilot\""), "{}", ran.out);
    assert!(ran.out.contains("at = 2026-11-20T12:00:00Z"), "{}", ran.out);
    let assessed = run_with(&["assess", "-", "--format", "json"], ran.out.as_bytes());
    let report: Value = serde_json::from_str(&assessed.out).expect("JSON");
    assert_eq!(report["evidence"][0]["items"], 3);
    assert_eq!(report["evidence"][0]["lost"], Value::Null);

    fs::write(&answers, "sspr.scop = \"all\"").expect("a file");
    let ran = run(&["attest", "--answers", text(&answers), "-o", "-"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("sspr.scope"), "{}", ran.err);
}

#[test]
fn attest_asks_again_shows_what_it_writes_and_writes_only_after_a_yes() {
    let folder = folder(&[]);
    let file = folder.path().join("a.toml");
    let answers = b"a.admin@contoso.com\nperhaps\nall\n";
    let ran = run_with(&["attest", "-o", text(&file)], answers);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("Not understood"), "{}", ran.err);
    assert!(
        ran.err.contains("Password reset > Properties"),
        "{}",
        ran.err
    );
    assert!(!file.exists());

    // Every prompt takes a line; empty ones skip. No group is asked for after `all`.
    let lines = 1 + 1 + 2 + 2 + 3 + 3 + 1 + 1 + 1;
    let mut answers = b"a.admin@contoso.com\nall\n".to_vec();
    answers.extend(std::iter::repeat_n(b'\n', lines - 2));
    answers.extend(b"y\n");
    let ran = run_with(&["attest", "-o", text(&file)], &answers);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    let written = fs::read_to_string(&file).expect("it was written");
    assert!(written.contains("value = \"all\""), "{written}");
    assert_eq!(run_with(&["attest", "-o", text(&file)], b"").code, 2);
}

#[test]
fn the_collect_script_is_printed_with_its_parts_in_both_spellings() {
    let plain = run(&["collect", "script"]);
    assert_eq!(plain.code, 0);
    assert!(plain.out.contains("param("));
    let one = run(&["collect", "script", "-Part", "connect"]);
    let other = run(&["collect", "script", "--part", "Connect"]);
    assert_eq!(one.out, other.out);
    assert_ne!(one.out, plain.out);
}

#[test]
fn help_and_version_go_to_standard_output() {
    for args in [&["--help"][..], &["--version"], &["assess", "--help"]] {
        let ran = run(args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
        assert!(ran.out.contains("sspr"), "{args:?}");
    }
}

#[test]
fn the_schema_is_printed() {
    let ran = run(&["schema", "report"]);
    assert_eq!(ran.code, 0);
    assert!(serde_json::from_str::<Value>(&ran.out).is_ok());
}

#[test]
fn names_of_files_cannot_write_to_the_terminal() {
    let ran = assess(&[("a\u{1b}[2J\u{202e}b", &[0, 1, 2])]);
    assert_eq!(ran.code, 2);
    assert!(!ran.err.contains(['\u{1b}', '\u{202e}']), "{:?}", ran.err);
}

fn zip_of(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file(name, options).expect("a member");
    zip.write_all(bytes).expect("its bytes");
    zip.finish().expect("an archive").into_inner()
}

#[test]
fn a_zip_bomb_is_stopped_with_the_options_that_everybody_has() {
    let mut bytes = [b"<Events>".as_slice(), &vec![b' '; 72 << 20]].concat();
    for name in ["spaces.xml", "inner.zip"] {
        bytes = zip_of(name, &bytes);
    }
    let ran = assess(&[("bomb.zip", &bytes)]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.err.contains("zip bomb"), "{}", ran.err);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_bytes_on_standard_input_give_an_exit_code(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let ran = run_with(&["assess", "-"], &bytes);
        prop_assert!(ran.code <= 3);
        prop_assert!(!ran.out.is_empty() || !ran.err.is_empty());
    }

    #[test]
    fn any_words_are_explained_or_refused(what in "\\PC{1,20}") {
        let ran = run(&["explain", "--", &what]);
        prop_assert!(matches!(ran.code, 0 | 2));
    }
}

#[test]
fn a_password_is_judged_from_standard_input_and_stands_nowhere() {
    let root = b"dn: DC=contoso,DC=com\nobjectClass: domainDNS\nminPwdLength: 12\nminPwdAge: 0\n\
        maxPwdAge: 0\npwdHistoryLength: 24\npwdProperties: 1\n\n\
        dn: CN=Password Settings Container,CN=System,DC=contoso,DC=com\n\
        objectClass: msDS-PasswordSettingsContainer\n";
    let user = br#"[{"DistinguishedName":"CN=Jane Doe,DC=contoso,DC=com","Enabled":true,
        "CannotChangePassword":false,"ObjectClass":"user","PasswordLastSet":"2026-11-20T06:00:00Z",
        "SamAccountName":"jdoe","DisplayName":"Jane Doe","UserPrincipalName":"jdoe@contoso.com"}]"#;
    let manifest = br#"{"schema":"sspr-evidence/1","files":[{"path":"root.ldf","complete":true}]}"#;
    let folder = folder(&[
        ("root.ldf", root),
        ("users.json", user),
        ("manifest.json", manifest),
    ]);
    let path = folder.path().to_str().expect("a path");
    let args = ["password", path, "--user", "jdoe@contoso.com", "--stdin"];
    let taken = run_with(&args, b"Umbrella-42-Teapot\n");
    assert_eq!((taken.code, taken.err.as_str()), (0, ""), "{}", taken.out);
    let refused = run_with(&args, b"Qz7-xVbW\r\n");
    assert_eq!(refused.code, 1, "{}", refused.out);
    assert!(
        refused.out.contains("event 33008 with 0x80230619"),
        "{}",
        refused.out
    );
    for part in ["Qz7", "xVb", "bW"] {
        assert!(!refused.out.contains(part) && !refused.err.contains(part));
    }
    let json = run_with(&[&args[..], &["--format", "json"]].concat(), b"Qz7-xVbW");
    let value: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(value["reset"]["answer"], "refused");
    assert_eq!(value["reset"]["first"]["code"], "tooShort");
    let stranger = ["password", path, "--user", "x@contoso.com", "--stdin"];
    assert_eq!(run_with(&stranger, b"Umbrella-42-Teapot").code, 3);
    assert_eq!(run_with(&args, b"").code, 2);
    let banned = folder.path().join("banned.txt");
    fs::write(&banned, "# ours\nteapot\nabc\n").expect("a file");
    let banned = banned.to_str().expect("a path");
    let failed = run_with(
        &[&args[..], &["--banned", banned]].concat(),
        b"Umbrella-42-Teapot",
    );
    assert_eq!(failed.code, 2);
    assert!(failed.err.contains("line 3"), "{}", failed.err);
}
