use std::fs;
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;
use crate::evidence::{Gap, Known, Progress};
use crate::snapshot::facts::Visitor;

pub(super) const POLICY: &str = r#"{"accountUnlockEnabled":true,"enablementForTenant":true}"#;

pub(super) fn go_on(_: Progress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn read(inputs: Vec<Input>) -> Snapshot {
    read_with(inputs, Limits::default())
}

fn read_with(inputs: Vec<Input>, limits: Limits) -> Snapshot {
    let options = ReadOptions {
        limits,
        ..ReadOptions::default()
    };
    Snapshot::read(inputs, &options, &mut go_on).expect("nobody stops the work")
}

pub(super) fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in members {
        zip.start_file(*name, options).expect("a member");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("an archive").into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).expect("memory takes everything");
    packed.finish().expect("memory takes everything")
}

fn names(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.evidence.iter().map(|e| e.name.as_str()).collect()
}

fn skipped<'s>(snapshot: &'s Snapshot, name: &str) -> &'s Error {
    let found = snapshot.skipped.iter().find(|s| s.name == name);
    &found
        .unwrap_or_else(|| panic!("{name} is not among {:?}", snapshot.skipped))
        .reason
}

/// All claims of all facts, as text.
fn claims(snapshot: &Snapshot) -> String {
    struct Claims(Vec<String>);
    impl Visitor for Claims {
        fn fact<T: PartialEq + serde::Serialize>(&mut self, fact: &Known<T>) {
            for claim in fact.claims() {
                let value = json!([fact.name(), fact.subject(), claim.value, claim.from]);
                self.0.push(value.to_string());
            }
        }
    }
    let mut claims = Claims(Vec::new());
    snapshot.facts.visit(&mut claims);
    claims.0.join("\n")
}

#[test]
fn a_folder_is_read_with_all_below_it() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join("a/b")).expect("a folder");
    fs::write(folder.path().join("a/b/policy.json"), POLICY).expect("a file");
    fs::write(folder.path().join("zzz"), b"").expect("a file");
    let snapshot = read(vec![Input::path(folder.path())]);
    assert_eq!(snapshot.evidence.len(), 1);
    assert_eq!(snapshot.facts.integration.unlock.value(), Some(&true));
    assert_eq!(snapshot.skipped[0].reason.code, ErrorCode::Truncated);
}

#[cfg(unix)]
#[test]
fn links_that_lead_back_and_pipes_are_told_of_and_not_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("policy.json"), POLICY).expect("a file");
    std::os::unix::fs::symlink(folder.path(), path("loop")).expect("a link");
    std::os::unix::fs::symlink(path("policy.json"), path("twin.json")).expect("a link");
    std::os::unix::fs::symlink(path("nowhere"), path("broken")).expect("a link");
    let _socket = std::os::unix::net::UnixListener::bind(path("socket")).expect("a socket");
    let snapshot = read(vec![Input::path(folder.path())]);
    assert_eq!(snapshot.evidence.len(), 1, "a file counts once");
    assert!(
        snapshot.evidence[0]
            .note
            .as_deref()
            .is_some_and(|n| n.contains("twin.json"))
    );
    let name = |name: &str| path(name).display().to_string();
    assert_eq!(skipped(&snapshot, &name("loop")).code, ErrorCode::Limit);
    assert_eq!(skipped(&snapshot, &name("broken")).code, ErrorCode::Io);
    assert_eq!(
        skipped(&snapshot, &name("socket")).code,
        ErrorCode::Unsupported
    );
}

#[test]
fn archives_are_read_from_bytes_and_streams_and_inside_each_other() {
    let inner = zip_of(&[("sub\\policy.json", POLICY.as_bytes())]);
    let outer = zip_of(&[
        ("inner.zip", &inner),
        ("policy.json.gz", &gzip(POLICY.as_bytes())),
    ]);
    let expected = ["e/inner.zip/sub/policy.json", "e/policy.json.gz"];
    let snapshot = read(vec![Input::bytes("e", outer.clone())]);
    assert_eq!(names(&snapshot), expected, "{:?}", snapshot.skipped);
    let snapshot = read(vec![Input::stream("e", Cursor::new(outer.clone()))]);
    assert_eq!(names(&snapshot), expected, "{:?}", snapshot.skipped);
    let snapshot = read(vec![Input::stream("e", Cursor::new(gzip(&outer)))]);
    assert_eq!(names(&snapshot), expected, "{:?}", snapshot.skipped);
    assert_eq!(snapshot.skipped, []);
}

#[test]
fn members_that_leave_the_archive_are_refused_and_the_others_read() {
    let bytes = zip_of(&[
        ("../../etc/policy.json", POLICY.as_bytes()),
        ("/abs.json", POLICY.as_bytes()),
        ("C:\\drive.json", POLICY.as_bytes()),
        ("good.json", POLICY.as_bytes()),
    ]);
    let snapshot = read(vec![Input::bytes("e.zip", bytes)]);
    assert_eq!(names(&snapshot), ["e.zip/good.json"]);
    for name in ["../../etc/policy.json", "/abs.json", "C:/drive.json"] {
        let reason = skipped(&snapshot, &format!("e.zip/{name}"));
        assert_eq!(reason.code, ErrorCode::UnsafePath);
    }
}

#[test]
fn a_bomb_is_stopped_and_costs_no_other_input() {
    let zeros = vec![b' '; 64 << 20];
    let mut bomb = zip_of(&[("spaces.json", &[b"[".as_slice(), &zeros].concat())]);
    for _ in 0..2 {
        bomb = zip_of(&[("a.zip", &bomb), ("b.zip", &bomb), ("c.zip", &bomb)]);
    }
    let limits = Limits {
        archive_bytes: 8 << 20,
        ..Limits::default()
    };
    let inputs = vec![
        Input::bytes("bomb.zip", bomb),
        Input::bytes("good.json", POLICY),
    ];
    let snapshot = read_with(inputs, limits);
    assert_eq!(names(&snapshot), ["good.json"]);
    assert!(!snapshot.skipped.is_empty());
    for skipped in &snapshot.skipped {
        assert_eq!(skipped.reason.code, ErrorCode::Limit, "{skipped:?}");
    }
}

#[test]
fn what_shrinks_like_a_bomb_is_read_up_to_the_floor() {
    let spaces = |megabytes: usize| [POLICY.as_bytes(), &vec![b' '; megabytes << 20]].concat();
    let limits = Limits {
        archive_floor: 4 << 20,
        ..Limits::default()
    };
    let small = zip_of(&[("policy.json", &spaces(3))]);
    let snapshot = read_with(vec![Input::bytes("small.zip", small)], limits);
    assert_eq!(names(&snapshot), ["small.zip/policy.json"]);
    assert_eq!(snapshot.evidence[0].lost, None);

    // Zeros shrink to a thousandth, which no evidence does.
    let large = zip_of(&[("policy.json", &spaces(8))]);
    let snapshot = read_with(vec![Input::bytes("large.zip", large)], limits);
    let lost = snapshot.evidence[0].lost.as_ref();
    assert_eq!(lost.map(|lost| lost.first.code), Some(ErrorCode::Limit));
    assert_eq!(snapshot.facts.integration.unlock.value(), Some(&true));
}

#[test]
fn counts_and_depth_are_bounded() {
    let mut nested = zip_of(&[("policy.json", POLICY.as_bytes())]);
    for _ in 0..20 {
        nested = zip_of(&[("n.zip", &nested)]);
    }
    let snapshot = read(vec![Input::bytes("n.zip", nested)]);
    assert_eq!(snapshot.evidence.len(), 0);
    assert_eq!(snapshot.skipped[0].reason.code, ErrorCode::Limit);

    let limits = Limits {
        files: 2,
        ..Limits::default()
    };
    let inputs = (0..4).map(|n| Input::bytes(format!("{n}.json"), POLICY));
    let snapshot = read_with(inputs.collect(), limits);
    assert_eq!(names(&snapshot), ["0.json", "1.json"]);
    assert_eq!(snapshot.skipped.len(), 2);
}

#[test]
fn damaged_members_and_archives_are_told_of() {
    let good = zip_of(&[("policy.json", POLICY.as_bytes())]);
    let cut = good[..good.len() / 2].to_vec();
    let snapshot = read(vec![Input::bytes("cut.zip", cut)]);
    assert!(skipped(&snapshot, "cut.zip").help.is_some() || snapshot.skipped.len() == 1);

    let mut stored = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    stored.start_file("policy.json", options).expect("a member");
    stored.write_all(POLICY.as_bytes()).expect("its bytes");
    let mut bytes = stored.finish().expect("an archive").into_inner();
    let at = bytes
        .windows(4)
        .position(|w| w == b"true")
        .expect("it is stored");
    bytes[at..at + 4].copy_from_slice(b"null");
    let snapshot = read(vec![Input::bytes("changed.zip", bytes)]);
    let lost = snapshot
        .evidence
        .first()
        .map(|e| e.lost.as_ref().expect("a loss").first.code);
    let code = lost.unwrap_or_else(|| snapshot.skipped[0].reason.code);
    assert_eq!(code, ErrorCode::Checksum);
}

#[test]
fn encrypted_and_unknown_members_are_told_of() {
    let mut bytes = zip_of(&[("policy.json", POLICY.as_bytes())]);
    let local = bytes
        .windows(4)
        .position(|w| w == b"PK\x03\x04")
        .expect("a header");
    let central = bytes
        .windows(4)
        .position(|w| w == b"PK\x01\x02")
        .expect("a list");
    bytes[local + 6] |= 1;
    bytes[central + 8] |= 1;
    let snapshot = read(vec![Input::bytes("e.zip", bytes)]);
    let reason = skipped(&snapshot, "e.zip/policy.json");
    assert_eq!(reason.code, ErrorCode::Unsupported);
    assert!(reason.message.contains("password"), "{reason}");

    let office = zip_of(&[("[Content_Types].xml", b"<Types/>"), ("xl/a.xml", b"<a/>")]);
    let snapshot = read(vec![Input::bytes("users.xlsx", office)]);
    assert!(skipped(&snapshot, "users.xlsx").message.contains("Office"));
    let snapshot = read(vec![Input::bytes("empty.zip", zip_of(&[]))]);
    assert!(skipped(&snapshot, "empty.zip").message.contains("no file"));
}

fn manifest(files: &serde_json::Value) -> String {
    json!({
        "schema": "sspr-evidence/1",
        "tenant": {"id": "6f1ab3c2-0000-4000-8000-000000000001", "initialDomain": "contoso.onmicrosoft.com"},
        "files": files,
        "notAvailable": [
            {"what": "authenticationMethodsPolicy", "reason": "notInThisCloud", "detail": "404 from Graph"},
            {"what": "subscribedSkus", "reason": "noPermission"},
            {"what": "horoscope", "reason": "error"}
        ]
    })
    .to_string()
}

#[test]
fn a_manifest_gives_times_subjects_hashes_and_gaps() {
    let digest = Sha256::digest(POLICY.as_bytes());
    let hash = digest
        .iter()
        .fold(String::new(), |hash, byte| hash + &format!("{byte:02X}"));
    let files = json!([
        {"path": "good.json", "observedAt": "2026-11-20T09:00:00Z", "sha256": hash,
         "subject": {"type": "tenant", "name": "contoso"}},
        {"path": "changed.json", "sha256": "00"},
        {"path": "gone.json", "command": "Get-Something"},
        {"path": "../outside.json"}
    ]);
    let bytes = zip_of(&[
        ("e/changed.json", POLICY.as_bytes()),
        ("e/good.json", POLICY.as_bytes()),
        ("e/manifest.json", manifest(&files).as_bytes()),
    ]);
    let snapshot = read(vec![Input::bytes("x.zip", bytes)]);
    let of = |name: &str| {
        let found = snapshot.evidence.iter().find(|e| e.name == name);
        found.unwrap_or_else(|| panic!("{name}"))
    };
    let good = of("x.zip/e/good.json");
    assert_eq!(good.lost, None);
    assert_eq!(
        good.observed_at,
        Some("2026-11-20T09:00:00Z".parse().expect("a time"))
    );
    assert!(good.subject.is_some());
    let changed = of("x.zip/e/changed.json")
        .lost
        .as_ref()
        .expect("it differs");
    assert_eq!(changed.first.code, ErrorCode::Checksum);
    let gone = skipped(&snapshot, "x.zip/e/gone.json");
    assert!(
        gone.help
            .as_deref()
            .is_some_and(|help| help.contains("Get-Something"))
    );
    let own = of("x.zip/e/manifest.json");
    assert_eq!(own.kinds, ["manifest"]);
    assert_eq!(
        own.lost.as_ref().map(|lost| lost.count),
        Some(2),
        "a path and a kind"
    );
    let facts = &snapshot.facts;
    assert_eq!(facts.tenant.id.claims()[0].from.source, own.source);
    let gap = |unknown: crate::evidence::Unknown| unknown.missing[0].gap.clone();
    assert_eq!(
        gap(facts.methods.converged.unknown()),
        Gap::NotAvailable("404 from Graph".into())
    );
    assert_eq!(
        gap(facts.licences.skus.unknown()),
        Gap::NoPermission(String::new())
    );
    assert_eq!(gap(facts.sspr.scope.unknown()), Gap::NotCollected);
}

#[test]
fn a_gap_concerns_the_hosts_that_its_manifest_speaks_of() {
    let manifest = json!({
        "schema": "sspr-evidence/1",
        "files": [{"path": "attested.toml", "subject": {"type": "host", "name": "AADC01.contoso.com"}}],
        "notAvailable": [{"what": "tls12", "reason": "noPermission", "detail": "refused"}]
    });
    let staging = |host: &str| {
        format!("[[fact]]\nwhat = \"server.staging\"\nvalue = true\nhost = \"{host}\"\n")
    };
    let attested = format!(
        "schema = \"sspr-attested/1\"\n{}{}",
        staging("AADC01"),
        staging("AADC02")
    );
    let snapshot = read(vec![
        Input::bytes("attested.toml", attested),
        Input::bytes("manifest.json", manifest.to_string()),
    ]);
    let gap = |host: &str| {
        snapshot.facts.servers[host].tls12.unknown().missing[0]
            .gap
            .clone()
    };
    assert_eq!(gap("aadc01"), Gap::NoPermission("refused".into()));
    assert_eq!(gap("aadc02"), Gap::NotCollected);
}

#[test]
fn two_manifests_of_one_folder_are_both_read_and_the_second_is_told_so() {
    let one = manifest(&json!([{"path": "p.json", "observedAt": "2026-11-20T09:00:00Z"}]));
    let two = manifest(&json!([{"path": "p.json", "observedAt": "2026-11-01T09:00:00Z"}]));
    let inputs = || {
        vec![
            Input::bytes("d/manifest (1).json", two.as_str()),
            Input::bytes("d/p.json", POLICY),
            Input::bytes("d/manifest.json", one.as_str()),
        ]
    };
    let snapshot = read(inputs());
    let mut reversed = inputs();
    reversed.reverse();
    assert_eq!(claims(&snapshot), claims(&read(reversed)));
    let policy = snapshot.evidence.iter().find(|e| e.name == "d/p.json");
    assert_eq!(
        policy.and_then(|e| e.observed_at),
        Some("2026-11-01T09:00:00Z".parse().expect("a time"))
    );
    let named_twice = |e: &Evidence| {
        let lost = e.lost.as_ref();
        lost.is_some_and(|lost| lost.count == 2)
    };
    assert!(snapshot.evidence.iter().any(named_twice));
}

#[test]
fn what_is_no_evidence_says_what_it_is() {
    let cases: &[(&[u8], &str)] = &[
        (b"", "empty"),
        (b"   \r\n", "white space"),
        (b"<!DOCTYPE html><html><title>Sign in</title>", "web page"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "Office"),
        (b"7z\xbc\xaf\x27\x1c\0", "7-Zip"),
        (b"\0\x01\x02\x03\0\0\0\xff\xfe", "binary"),
        (b"<?xml version='1.0'?><rss a='1'></rss>", "rss"),
        (b"{\"horoscope\":1,\"moon\":2}", "horoscope, moon"),
        (b"[]", "holds nothing"),
        (b"[1,2]", "no object"),
        (b"just words", "text of no known kind"),
        (b"[Section]\r\nname = 1", "text of no known kind"),
        (b"[null]", "no object"),
    ];
    for (bytes, expected) in cases {
        let snapshot = read(vec![Input::bytes("x", *bytes)]);
        let reason = skipped(&snapshot, "x");
        assert!(reason.message.contains(expected), "{expected}: {reason}");
    }
}

#[test]
fn a_caller_can_stop_in_the_middle_of_an_input() {
    let long = format!("[{}{POLICY}]", " ".repeat(20 << 20));
    let mut reports = 0;
    let mut stop = |progress: Progress<'_>| {
        reports += 1;
        if progress.bytes > 4 << 20 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let inputs = vec![Input::stream("long.json", Cursor::new(long.into_bytes()))];
    let stopped = Snapshot::read(inputs, &ReadOptions::default(), &mut stop);
    let code = |read: Result<Snapshot>| read.map(|_| ()).map_err(|error| error.code);
    assert_eq!(code(stopped), Err(ErrorCode::Cancelled));

    // A log and a list of people are stopped within a mebibyte of it.
    let event = "<Event><System><Provider Name='PasswordResetService'/><EventID>31019</EventID>\
                 </System><EventData><Data>Heartbeat</Data></EventData></Event>\n";
    let user =
        r#"{"id":"6f1b2c3d-0000-4000-8000-000000000001","userPrincipalName":"jdoe@contoso.com"}"#;
    for (name, long) in [
        ("log.xml", event.repeat(8 << 13)),
        ("users.jsonl", format!("{user}\n").repeat(12 << 13)),
    ] {
        let mut last = 0;
        let mut stop = |progress: Progress<'_>| {
            last = progress.bytes;
            if last > 2 << 20 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let inputs = vec![Input::bytes(name, long)];
        let stopped = Snapshot::read(inputs, &ReadOptions::default(), &mut stop);
        assert_eq!(code(stopped), Err(ErrorCode::Cancelled), "{name}");
        assert!(last < 4 << 20, "{name} was read on to {last}");
    }

    // An archive on a stream is copied first, which can be stopped too.
    let archive = [b"PK\x03\x04".as_slice(), &vec![7; 20 << 20]].concat();
    let inputs = vec![Input::stream("e.zip", Cursor::new(archive))];
    let stopped = Snapshot::read(inputs, &ReadOptions::default(), &mut stop);
    assert_eq!(code(stopped), Err(ErrorCode::Cancelled));
    assert!((8..=20).contains(&reports), "{reports}");
}

#[test]
fn names_with_control_characters_are_kept() {
    let name = "a\u{1b}[31m\u{202e}b.json";
    let snapshot = read(vec![Input::bytes(name, POLICY)]);
    assert_eq!(names(&snapshot), [name]);
}

fn mixed() -> Vec<(&'static str, Vec<u8>)> {
    let attested =
        "schema = \"sspr-attested/1\"\n[[fact]]\nwhat = \"sspr.notifyUsers\"\nvalue = true\n";
    vec![
        ("same.json", POLICY.as_bytes().to_vec()),
        ("same.json", POLICY.replace("true", "false").into_bytes()),
        ("d/attested.toml", attested.as_bytes().to_vec()),
        (
            "d/manifest.json",
            manifest(&json!([{"path": "none.json"}])).into_bytes(),
        ),
        (
            "e.zip",
            zip_of(&[("p.json", POLICY.as_bytes()), ("q", b"?")]),
        ),
        ("noise", vec![0, 159, 146, 150, 0]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_inputs_never_matters(order in Just((0..6).collect::<Vec<usize>>()).prop_shuffle()) {
        let all = mixed();
        let shuffled = order.iter().map(|&index| {
            let (name, bytes) = &all[index];
            Input::bytes(*name, bytes.as_slice())
        });
        let shuffled = read(shuffled.collect());
        let sorted = all.iter().map(|(name, bytes)| Input::bytes(*name, bytes.as_slice()));
        let sorted = read(sorted.collect());
        prop_assert_eq!(&shuffled.evidence, &sorted.evidence);
        prop_assert_eq!(&shuffled.skipped, &sorted.skipped);
        prop_assert_eq!(claims(&shuffled), claims(&sorted));
    }

    #[test]
    fn any_bytes_are_evidence_or_skipped(
        head in prop::sample::select(vec![&b""[..], b"PK\x03\x04", b"\x1f\x8b\x08\0", b"{", b"\xff\xfe[\0", b"ElfFile\0"]),
        rest in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let bytes = [head, &rest].concat();
        let snapshot = read(vec![Input::bytes("x", bytes)]);
        prop_assert!(snapshot.evidence.len() + snapshot.skipped.len() >= 1);
    }

    #[test]
    fn a_mutated_archive_or_document_is_evidence_or_skipped(
        archive in any::<bool>(), at in 0_usize..10_000, byte in any::<u8>(), cut in 0_usize..10_000,
    ) {
        let mut bytes = if archive {
            let files = json!([{"path": "policy.json", "sha256": "00"}]);
            zip_of(&[
                ("policy.json", POLICY.as_bytes()),
                ("manifest.json", manifest(&files).as_bytes()),
                ("log.gz", &gzip(POLICY.as_bytes())),
            ])
        } else {
            POLICY.as_bytes().to_vec()
        };
        let length = bytes.len();
        bytes[at % length] = byte;
        if cut % 3 == 0 {
            bytes.truncate(cut % length);
        }
        let snapshot = read(vec![Input::bytes("x", bytes)]);
        prop_assert!(snapshot.evidence.len() + snapshot.skipped.len() >= 1);
    }
}
