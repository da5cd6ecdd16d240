//! The writer of logs, held against an independent reader.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

use std::io::Cursor;

use chrono::{DateTime, TimeDelta, Utc};
use evtx::{EvtxParser, ParserSettings};
use sspr_tests::evtx_writer::{EvtxEvent, write};

fn at(second: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-11-20T08:00:00.1234567Z".parse().unwrap();
    start + TimeDelta::seconds(second)
}

fn event(id: u16, second: i64, message: &str) -> EvtxEvent {
    EvtxEvent::new(
        "PasswordResetService",
        id,
        "AADC01.contoso.com",
        at(second),
        message,
    )
}

/// What the independent reader makes of a log: each record as XML.
fn read_back(log: Vec<u8>) -> Vec<String> {
    let settings = ParserSettings::default()
        .validate_checksums(true)
        .indent(false);
    let mut parser = EvtxParser::from_buffer(log)
        .unwrap()
        .with_configuration(settings);
    parser
        .records()
        .map(|record| record.unwrap().data)
        .collect()
}

#[test]
fn a_classic_event_is_read_back_whole() {
    let xml = read_back(write(
        &[event(31002, 0, "TrackingId: 1, PasswordResetSuccess")],
        4711,
    ));
    assert_eq!(xml.len(), 1);
    for part in [
        "<Provider Name=\"PasswordResetService\"",
        "<EventID Qualifiers=\"0\">31002</EventID>",
        "<EventRecordID>4711</EventRecordID>",
        "<Keywords>0x80000000000000</Keywords>",
        "SystemTime=\"2026-11-20T08:00:00.123456",
        "<Channel>Application</Channel>",
        "<Computer>AADC01.contoso.com</Computer>",
        "<Data>TrackingId: 1, PasswordResetSuccess</Data>",
    ] {
        assert!(xml[0].contains(part), "{part} in {}", xml[0]);
    }
}

#[test]
fn variations_are_read_back() {
    let mut as_value = event(31001, 1, "");
    as_value.provider_as_value = true;
    as_value.qualifiers = 0x4000;
    as_value.data = vec![(None, String::new()), (None, "two \u{1f511}".into())];
    let mut named = event(4724, 2, "");
    named.provider = "Microsoft-Windows-Security-Auditing".into();
    named.channel = "Security".into();
    named.data = vec![
        (Some("TargetUserName".into()), "jdoe".into()),
        (Some("SubjectUserName".into()), "MSOL_0123456789ab".into()),
    ];
    let mut none = event(31015, 3, "");
    none.data.clear();
    let xml = read_back(write(&[as_value, named, none], 1));
    assert!(xml[0].contains("<Provider Name=\"PasswordResetService\""));
    assert!(xml[0].contains("Qualifiers=\"16384\""));
    assert!(xml[0].contains("two \u{1f511}</Data>"), "{}", xml[0]);
    assert!(xml[1].contains("<Data Name=\"SubjectUserName\">MSOL_0123456789ab</Data>"));
    assert!(xml[2].contains("EventData"), "{}", xml[2]);
}

#[test]
fn long_logs_are_cut_into_chunks() {
    let filler = "x".repeat(300);
    let events: Vec<_> = (0..500_u16)
        .map(|index| {
            event(
                31000 + index % 20,
                i64::from(index),
                &format!("{index} {filler}"),
            )
        })
        .collect();
    let log = write(&events, 1);
    assert!(log.len() > 3 * 65536);
    let mut parser = EvtxParser::from_read_seek(Cursor::new(&log)).unwrap();
    assert_eq!(parser.records().flatten().count(), 500);
    let xml = read_back(log);
    assert!(xml[499].contains("<EventRecordID>500</EventRecordID>"));
    assert!(xml[499].contains("<Data>499 xxx"));
}
