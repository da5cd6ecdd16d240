//! The reader of Windows logs, on logs from the writer, whole and damaged.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

use std::io::Read;
use std::ops::ControlFlow;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use sspr::Error;
use sspr::error::ErrorCode;
use sspr::events::{LogItem, RecordSpan, WindowsEvent, read_evtx};
use sspr::evidence::Locator;
use sspr_tests::evtx_writer::{CHUNK_BYTES, EvtxEvent, HEADER_BYTES, write};

const WANTED: &[&str] = &["PasswordResetService"];

fn event(provider: &str, second: u16) -> EvtxEvent {
    let start: DateTime<Utc> = "2026-11-20T08:00:00Z".parse().unwrap();
    let time = start + TimeDelta::seconds(i64::from(second));
    let filler = "x".repeat(200);
    EvtxEvent::new(
        provider,
        31001,
        "AADC01.contoso.com",
        time,
        format!("{second} {filler}"),
    )
}

/// Three chunks and a bit; the second holds nothing of the writeback service.
fn log() -> Vec<u8> {
    let others = (0..200).map(|second| event("Contoso Backup", 100 + second));
    let events: Vec<_> = (0..100)
        .map(|second| event("PasswordResetService", second))
        .chain(others)
        .chain((0..20).map(|second| event("PasswordResetService", 400 + second)))
        .collect();
    write(&events, 1)
}

#[derive(Default, PartialEq, Debug)]
struct Found {
    events: Vec<WindowsEvent>,
    spans: Vec<RecordSpan>,
    faults: Vec<Error>,
}

fn read(log: &[u8]) -> Found {
    read_wanted(log, WANTED).unwrap()
}

fn read_wanted(log: impl Read, wanted: &[&str]) -> Result<Found, Error> {
    let mut found = Found::default();
    read_evtx(log, wanted, &mut |item| {
        match item {
            LogItem::Event(event) => found.events.push(event.value),
            LogItem::Span(span) => found.spans.push(span),
            LogItem::Audit(_) => {}
            LogItem::Fault { error, .. } => found.faults.push(error),
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

/// A reader that gives one byte at a time, as a slow pipe might.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = buffer.len().min(977);
        self.0.read(&mut buffer[..most])
    }
}

#[test]
fn events_of_the_wanted_provider_come_out_and_all_records_count() {
    let found = read(&log());
    assert_eq!((found.events.len(), found.faults.len()), (120, 0));
    assert_eq!(
        found.spans.iter().map(|span| span.records).sum::<u64>(),
        320
    );
    let last = found.events.last().unwrap();
    assert_eq!(last.record, Some(320));
    assert_eq!(last.computer.as_deref(), Some("AADC01.contoso.com"));
    assert!(last.text().starts_with("19 xxx") || last.text().starts_with("419 xxx"));
    assert_eq!(
        read_wanted(log().as_slice(), &[]).unwrap().events.len(),
        320
    );
}

#[test]
fn a_slow_pipe_gives_the_same() {
    assert_eq!(read_wanted(Trickle(&log()), WANTED).unwrap(), read(&log()));
}

#[test]
fn a_log_without_the_provider_still_tells_whose_it_is() {
    let events: Vec<_> = (0..300)
        .map(|second| event("Contoso Backup", second))
        .collect();
    let found = read(&write(&events, 1));
    assert_eq!(found.events.len(), 1);
    assert_eq!(found.events[0].channel.as_deref(), Some("Application"));
    assert_eq!(
        found.spans.iter().map(|span| span.records).sum::<u64>(),
        300
    );
}

#[test]
fn the_provider_as_a_value_is_found_too() {
    let mut one = event("PasswordResetService", 1);
    one.provider_as_value = true;
    assert_eq!(
        read(&write(&[event("Contoso Backup", 0), one], 1))
            .events
            .len(),
        2
    );
}

#[test]
fn zeroed_chunks_are_passed_over_and_foreign_bytes_are_located() {
    let mut bytes = log();
    bytes[HEADER_BYTES..HEADER_BYTES + CHUNK_BYTES].fill(0);
    let found = read(&bytes);
    assert!(found.faults.is_empty());
    assert!(found.events.len() < 120);
    bytes[HEADER_BYTES..HEADER_BYTES + CHUNK_BYTES].fill(0x41);
    let found = read(&bytes);
    assert_eq!(found.faults.len(), 1);
    assert_eq!(found.faults[0].place, Locator::Byte(HEADER_BYTES as u64));
}

#[test]
fn a_torn_record_costs_itself() {
    let mut bytes = log();
    // The second record of the first chunk loses its signature.
    let first = HEADER_BYTES + 512;
    let size = u32::from_le_bytes(bytes[first + 4..first + 8].try_into().unwrap()) as usize;
    bytes[first + size..first + size + 4].fill(0xff);
    let found = read(&bytes);
    assert!(found.events.len() >= 118, "{}", found.events.len());
    assert!(
        found
            .faults
            .iter()
            .any(|fault| fault.code == ErrorCode::Checksum)
    );
    assert!(
        found
            .faults
            .iter()
            .any(|fault| matches!(fault.place, Locator::Byte(at) if at > first as u64))
    );
}

#[test]
fn a_log_cut_short_gives_what_it_holds() {
    let bytes = log();
    let found = read(&bytes[..HEADER_BYTES + CHUNK_BYTES / 2]);
    assert!(!found.events.is_empty());
    assert_eq!(found.faults[0].code, ErrorCode::Truncated);
    let error = read_wanted(&bytes[..200], WANTED).unwrap_err();
    assert_eq!(error.code, ErrorCode::Truncated);
}

#[test]
fn a_log_cut_inside_a_record_gives_those_before_it_and_no_time_of_its_own() {
    let log = log();
    let whole = read(&log);
    let first = whole.events[0].time.unwrap();
    for end in (HEADER_BYTES + 512..HEADER_BYTES + 3_000).step_by(3) {
        let found = read_wanted(&log[..end], &[]).unwrap();
        let count = found.events.len();
        assert_eq!(found.events, whole.events[..count], "cut at {end}");
        for span in &found.spans {
            assert!(
                span.first >= first && span.last >= span.first,
                "cut at {end}: {span:?}"
            );
            assert_eq!(span.records, count as u64, "cut at {end}");
        }
        assert!(!found.faults.is_empty(), "cut at {end}");
    }
}

#[test]
fn another_file_is_no_log() {
    let error = read_wanted(&b"hello"[..], WANTED).unwrap_err();
    assert_eq!(error.code, ErrorCode::Unrecognised);
}

#[test]
fn the_sink_stops_the_reading() {
    let mut count = 0;
    let error = read_evtx(log().as_slice(), WANTED, &mut |_| {
        count += 1;
        ControlFlow::Break(())
    })
    .unwrap_err();
    assert_eq!((count, error.code), (1, ErrorCode::Cancelled));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn mutated_logs_give_events_or_faults(
        changes in proptest::collection::vec((0_usize..70_000, any::<u8>()), 1..40),
        length in 0_usize..140_000,
    ) {
        let mut bytes = log();
        for (at, byte) in changes {
            if let Some(slot) = bytes.get_mut(at) {
                *slot = byte;
            }
        }
        bytes.truncate(length.max(1));
        let _ = read_wanted(bytes.as_slice(), &[]);
    }

    #[test]
    fn damaged_record_headers_give_events_or_faults(
        changes in proptest::collection::vec((4608_usize..5600, any::<u8>()), 1..20),
    ) {
        let mut bytes = log();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        let _ = read_wanted(bytes.as_slice(), &[]);
    }
}
