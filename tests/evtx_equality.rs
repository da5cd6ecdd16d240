//! The fast reader of Windows logs gives what the `evtx` crate gives, on logs of every form, whole
//! and damaged.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use evtx::{EvtxChunkData, ParserSettings};
use proptest::prelude::*;
use sspr::error::ErrorCode;
use sspr::events::{EvtxOptions, EvtxSummary, LogItem, WindowsEvent, parse_event, read_evtx_with};
use sspr::evidence::Locator;
use sspr_tests::evtx_writer::{
    CHUNK_BYTES, Container, EvtxEvent, Form, HEADER_BYTES, OddDatum, OddEvent, write, write_odd,
};

fn event(second: u16) -> EvtxEvent {
    let start: DateTime<Utc> = "2026-11-20T08:00:00.1234567Z".parse().unwrap();
    EvtxEvent::new(
        "PasswordResetService",
        31001,
        "AADC01.contoso.com",
        start + TimeDelta::seconds(i64::from(second)),
        format!(
            "TrackingId: {second}\r\n\tb\u{e4}d \u{1f511} {}",
            "x".repeat(200)
        ),
    )
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn datum(name: &str, kind: u8, bytes: &[u8]) -> OddDatum {
    OddDatum {
        name: Some(name.to_owned()),
        kind,
        bytes: bytes.to_vec(),
        needed: false,
    }
}

/// A value of every type, of good and of odd content.
fn all_types() -> Vec<OddDatum> {
    let sid = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0];
    let systemtime = [234, 7, 11, 0, 5, 0, 20, 0, 8, 0, 30, 0, 15, 0, 231, 3];
    let filetime = 134_081_280_001_234_567_u64.to_le_bytes();
    let mut lone = utf16("a\u{1}b\u{fffe}c");
    lone.extend_from_slice(&[0x00, 0xd8]);
    let zero = utf16("before\0after");
    let values: &[(u8, &[u8])] = &[
        (0x00, &[]),
        (0x00, &[1, 2, 3]),
        (0x01, &utf16("text <&>\"' \u{1f511}")),
        (0x01, &[]),
        (0x01, &lone),
        (0x01, &zero),
        (0x02, b"ansi \xe4\x01\0 <b>"),
        (0x03, &[0xfe]),
        (0x04, &[0xfe]),
        (0x05, &[0xfe, 0xff]),
        (0x06, &[0xfe, 0xff]),
        (0x07, &[0xfe, 0xff, 0xff, 0xff]),
        (0x08, &[0xfe, 0xff, 0xff, 0xff]),
        (0x09, &[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        (0x0a, &[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        (0x0d, &[0, 0, 0, 0]),
        (0x0d, &[1, 0, 0, 0]),
        (0x0d, &[0xff, 0xff, 0xff, 0xff]),
        (0x0e, &[0, 1, 0xab]),
        (
            0x0f,
            &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
        ),
        (0x10, &[1, 2, 3, 4]),
        (0x10, &[1, 2, 3, 4, 5, 6, 7, 8]),
        (0x11, &filetime),
        (0x11, &[0; 8]),
        (0x12, &systemtime),
        (0x12, &[0; 16]),
        (0x13, &sid),
        (0x14, &[0, 0, 0, 0]),
        (0x14, &[0x1f, 0, 0, 0]),
        (0x15, &[0, 0, 0, 0, 0, 0, 0, 0x80]),
        (0x21, &[]),
        (0x81, &[]),
        (0x81, &utf16("one\0")),
        (0x81, &utf16("one\0\0three\u{e4}\0")),
    ];
    let named = values.iter().enumerate();
    named
        .map(|(index, (kind, bytes))| datum(&format!("value{index}"), *kind, bytes))
        .collect()
}

/// Types that the general decoder has to read.
fn declined_types() -> Vec<OddDatum> {
    let pi = std::f64::consts::PI.to_le_bytes();
    let values: &[(u8, &[u8])] = &[
        (0x0b, &1.5_f32.to_le_bytes()),
        (0x0c, &pi),
        (0x84, &[1, 2, 3]),
        (0x88, &[1, 0, 0, 0, 2, 0, 0, 0]),
        (0x95, &[1, 0, 0, 0, 0, 0, 0, 0]),
        (0x82, b"one\0two\0"),
    ];
    let named = values.iter().enumerate();
    named
        .map(|(index, (kind, bytes))| datum(&format!("odd{index}"), *kind, bytes))
        .collect()
}

/// One event in each form.
fn odd_events() -> Vec<OddEvent> {
    let mut forms = vec![Form::Bare("no template".to_owned())];
    for data in [all_types(), declined_types()] {
        for container in [Container::EventData, Container::UserData] {
            forms.push(Form::Nested(container, data.clone()));
            forms.push(Form::Inline(container, data.clone()));
        }
    }
    let mut needed = all_types();
    for datum in &mut needed {
        datum.needed = true;
    }
    let nothing = vec![OddDatum {
        needed: true,
        ..datum("Left", 0, &[])
    }];
    let unnamed = OddDatum {
        name: None,
        ..datum("", 0x81, &utf16("one\0two\0"))
    };
    let long = datum(&"LongName".repeat(100), 0x01, &utf16("v"));
    for container in [Container::EventData, Container::UserData] {
        forms.push(Form::Nested(container, needed.clone()));
        forms.push(Form::Inline(container, nothing.clone()));
        forms.push(Form::Nested(container, Vec::new()));
        forms.push(Form::Nested(container, vec![long.clone()]));
    }
    forms.push(Form::Nested(Container::EventData, vec![unnamed]));
    let odd = |(second, form)| OddEvent {
        event: event(second),
        form,
    };
    let mut events: Vec<_> = (0..).zip(forms).map(odd).collect();
    for odd in events.iter_mut().skip(1).step_by(2) {
        odd.event.provider_as_value = true;
    }
    events
}

/// Three chunks and a bit of classic events and of others.
fn log() -> Vec<u8> {
    let mut events: Vec<_> = (0..300).map(event).collect();
    for event in events.iter_mut().step_by(3) {
        event.provider = "Contoso Backup".into();
        event.provider_as_value = true;
    }
    for event in events.iter_mut().skip(1).step_by(5) {
        event.data = vec![
            (Some("TargetUserName".into()), "jdoe".into()),
            (Some("SubjectUserName".into()), "MSOL_0123456789ab".into()),
        ];
    }
    write(&events, 1)
}

#[derive(Default, PartialEq, Debug)]
struct Found {
    events: Vec<WindowsEvent>,
    records: u64,
    lost: u64,
    faults: Vec<sspr::Error>,
    summary: EvtxSummary,
}

fn ours(log: &[u8], wanted: &[&str], options: EvtxOptions) -> Found {
    let mut found = Found::default();
    found.summary = read_evtx_with(log, wanted, options, &mut |item| {
        match item {
            LogItem::Event(event) => found.events.push(event.value),
            LogItem::Span(span) => found.records += span.records,
            LogItem::Audit(_) => {}
            LogItem::Fault { error, records, .. } => {
                found.lost += records.unwrap_or(1);
                found.faults.push(error);
            }
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    found
}

fn all(log: &[u8]) -> Found {
    ours(log, &[], EvtxOptions::default())
}

/// The events as the `evtx` crate renders them, read as XML.
fn reference(log: &[u8]) -> Vec<WindowsEvent> {
    let settings = Arc::new(ParserSettings::default().indent(false).num_threads(1));
    let mut events = Vec::new();
    for chunk in log
        .get(HEADER_BYTES..)
        .unwrap_or_default()
        .chunks(CHUNK_BYTES)
    {
        let mut chunk = chunk.to_vec();
        chunk.resize(CHUNK_BYTES, 0);
        let Ok(mut data) = EvtxChunkData::new(chunk, false) else {
            continue;
        };
        let Ok(mut chunk) = data.parse(Arc::clone(&settings)) else {
            continue;
        };
        for record in chunk.iter().flatten() {
            let id = record.event_record_id;
            let Ok(xml) = record.into_xml() else {
                continue;
            };
            let start = xml.data.find("<Event").unwrap_or_default();
            if let Ok(mut event) = parse_event(xml.data[start..].trim_end()) {
                event.record.get_or_insert(id);
                events.push(event);
            }
        }
    }
    events
}

#[test]
fn classic_and_named_events_are_what_the_crate_gives() {
    let log = log();
    let found = all(&log);
    assert_eq!(found.events, reference(&log));
    assert_eq!((found.events.len(), found.faults.len()), (300, 0));
    assert_eq!((found.summary.records, found.summary.declined), (300, 0));
}

#[test]
fn every_form_and_type_is_what_the_crate_gives() {
    let events = odd_events();
    let log = write_odd(&events, 7);
    let (found, expected) = (all(&log), reference(&log));
    for (found, expected) in found.events.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(
        (found.events.len(), expected.len()),
        (events.len(), events.len())
    );
    assert!(found.faults.is_empty(), "{:?}", found.faults);
    // The record without a template, those with rare types, and user data of which nothing is left.
    assert_eq!(found.summary.declined, 1 + 4 + 1);
}

#[test]
fn several_threads_give_the_same_in_the_same_order() {
    let mut log = log();
    log[HEADER_BYTES + CHUNK_BYTES + 700] ^= 0x55;
    // So long that each thread uses its memory again.
    let chunks = log[HEADER_BYTES..].to_vec();
    log.extend(chunks.repeat(15));
    let items = |jobs| {
        let options = EvtxOptions {
            jobs: NonZeroUsize::new(jobs).unwrap(),
            ..EvtxOptions::default()
        };
        let mut items = Vec::new();
        read_evtx_with(&log[..], &["PasswordResetService"], options, &mut |item| {
            items.push(format!("{item:?}"));
            ControlFlow::Continue(())
        })
        .unwrap();
        items
    };
    let one = items(1);
    for jobs in [2, 3, 8] {
        assert!(items(jobs) == one, "{jobs} threads give something else");
    }
}

#[test]
fn a_template_in_the_place_of_another_chunks_is_read_anew() {
    let named = |name: &str| {
        let mut events: Vec<_> = (0..40).map(event).collect();
        for event in &mut events {
            event.data = vec![(Some(name.to_owned()), "jdoe".to_owned())];
        }
        write(&events, 1)
    };
    let mut log = named("TargetUserName");
    for name in ["CallerUserName", "TargetUserName", "Name"] {
        log.extend_from_slice(&named(name)[HEADER_BYTES..]);
    }
    let found = all(&log);
    assert_eq!(found.events, reference(&log));
    let second = found
        .events
        .iter()
        .filter(|event| event.named("CallerUserName").is_some());
    assert_eq!((second.count(), found.events.len()), (40, 160));
}

#[test]
fn chunks_without_the_provider_are_not_examined_unless_asked_for() {
    let mut others: Vec<_> = (0..400).map(event).collect();
    for event in &mut others[..350] {
        event.provider = "Contoso Backup".into();
    }
    let mut log = write(&others, 1);
    // A bit in a record of the second chunk.
    log[HEADER_BYTES + CHUNK_BYTES + 5000] ^= 1;
    let wanted = &["PasswordResetService"];
    let found = ours(&log, wanted, EvtxOptions::default());
    assert_eq!((found.events.len(), found.records), (51, 400));
    assert!(found.summary.not_examined > 0, "{:?}", found.summary);
    assert!(found.faults.is_empty(), "{:?}", found.faults);
    let options = EvtxOptions {
        verify: true,
        ..EvtxOptions::default()
    };
    let verified = ours(&log, wanted, options);
    assert_eq!(verified.summary.not_examined, 0);
    assert_eq!(verified.summary.records, 400);
    assert_eq!(verified.events, found.events);
    assert_eq!(verified.faults.len(), 1);
    assert_eq!(verified.faults[0].code, ErrorCode::Checksum);
    let second = (HEADER_BYTES + CHUNK_BYTES) as u64;
    assert_eq!(verified.faults[0].place, Locator::Byte(second));
}

#[test]
fn a_provider_in_another_case_is_found_by_the_name_that_it_has() {
    let mut events: Vec<_> = (0..200).map(event).collect();
    for event in &mut events[..150] {
        event.provider = "Contoso Backup".into();
    }
    let log = write(&events, 1);
    let found = ours(&log, &["PASSWORDRESETSERVICE"], EvtxOptions::default());
    assert_eq!(found.events.len(), 51);
}

#[test]
fn a_name_in_the_data_makes_no_event_of_a_provider() {
    let mut events: Vec<_> = (0..3).map(event).collect();
    for event in &mut events {
        event.provider = "Contoso Backup".into();
        event.data = vec![(None, "PasswordResetService stopped".into())];
    }
    let log = write(&events, 1);
    let found = ours(&log, &["PasswordResetService"], EvtxOptions::default());
    assert_eq!((found.events.len(), found.summary.records), (1, 3));
}

#[test]
fn records_that_the_header_does_not_know_of_yet_are_read() {
    let mut log = log();
    let chunk = &mut log[HEADER_BYTES..HEADER_BYTES + CHUNK_BYTES];
    let before = records(chunk);
    let (third, fourth) = (before[2], before[3]);
    // The header as it was after the third record.
    chunk[32..40].copy_from_slice(&3_u64.to_le_bytes());
    chunk[44..48].copy_from_slice(&u32::try_from(third).unwrap().to_le_bytes());
    chunk[48..52].copy_from_slice(&u32::try_from(fourth).unwrap().to_le_bytes());
    seal(chunk);
    let found = all(&log);
    assert!(found.faults.is_empty(), "{:?}", found.faults);
    assert_eq!(found.events.len(), 300);
    // Older records are left alone.
    let chunk = &mut log[HEADER_BYTES..HEADER_BYTES + CHUNK_BYTES];
    chunk[fourth + 8..fourth + 16].copy_from_slice(&2_u64.to_le_bytes());
    let found = all(&log);
    assert_eq!(found.events.len(), 300 - before.len() + 3);
    assert_eq!(found.events, reference(&log));
}

#[test]
fn a_chunk_with_a_damaged_header_gives_its_records() {
    for (at, len) in [(0, 8), (24, 16), (44, 8), (128, 384)] {
        let mut log = log();
        let start = HEADER_BYTES + at;
        log[start..start + len].fill(0xff);
        let found = all(&log);
        assert_eq!(found.events.len(), 300, "{at}");
        assert!(!found.faults.is_empty());
        let place = Locator::Byte(HEADER_BYTES as u64);
        assert!(found.faults.iter().all(|fault| fault.place == place));
    }
}

#[test]
fn a_header_that_lies_about_the_log_costs_nothing() {
    let mut log = log();
    log[8..40].fill(0xee);
    log[42] = 1;
    let found = all(&log);
    assert_eq!(found.events.len(), 300);
    assert_eq!(found.faults.len(), 1);
    assert_eq!(found.faults[0].place, Locator::Byte(0));
    // Of a log that was not closed nothing else is expected.
    log[120] = 1;
    assert!(all(&log).faults.is_empty());
}

#[test]
fn a_wrapped_log_is_read_as_it_stands() {
    let log = log();
    let chunk = |index: usize| {
        let start = HEADER_BYTES + index * CHUNK_BYTES;
        &log[start..start + CHUNK_BYTES]
    };
    let wrapped = [&log[..HEADER_BYTES], chunk(2), chunk(0), chunk(1)].concat();
    let found = all(&wrapped);
    assert!(found.faults.is_empty());
    assert_eq!(found.events, reference(&wrapped));
    assert_ne!(found.events[0].record, Some(1));
}

#[test]
fn a_broken_record_costs_itself_and_is_located() {
    let log = log();
    let places = records(&log[HEADER_BYTES..HEADER_BYTES + CHUNK_BYTES]);
    for (what, bytes) in [(0, [0xff; 4]), (4, [0; 4]), (4, [0xff; 4]), (20, [0xff; 4])] {
        let mut log = log.clone();
        let at = HEADER_BYTES + places[5] + what;
        log[at..at + 4].copy_from_slice(&bytes);
        let found = all(&log);
        assert_eq!(found.events.len(), 299);
        let place = Locator::Byte((HEADER_BYTES + places[5]) as u64);
        assert!(found.faults.iter().any(|fault| fault.place == place));
    }
    // A template's offset that points out of the chunk.
    let mut log = log.clone();
    let at = HEADER_BYTES + places[5] + 24 + 4 + 6;
    log[at..at + 4].fill(0xff);
    let found = all(&log);
    assert_eq!((found.events.len(), found.summary.declined), (299, 1));
    let place = Locator::Byte((HEADER_BYTES + places[5]) as u64);
    assert!(found.faults.iter().any(|fault| fault.place == place));
}

/// Where the records of a chunk begin.
fn records(chunk: &[u8]) -> Vec<usize> {
    let number = |at: usize| u32::from_le_bytes(chunk[at..at + 4].try_into().unwrap()) as usize;
    let mut at = 512;
    let mut places = Vec::new();
    while at < number(48) {
        places.push(at);
        at += number(at + 4);
    }
    places
}

/// Sets the checksums of a chunk right.
fn seal(chunk: &mut [u8]) {
    let free = u32::from_le_bytes(chunk[48..52].try_into().unwrap()) as usize;
    let records = crc32fast::hash(&chunk[512..free]);
    chunk[52..56].copy_from_slice(&records.to_le_bytes());
    let header = [&chunk[..120], &chunk[128..512]].concat();
    chunk[124..128].copy_from_slice(&crc32fast::hash(&header).to_le_bytes());
}

/// Whether the reference's events stand among ours, in the same order.
fn is_among(reference: &[WindowsEvent], ours: &[WindowsEvent]) -> bool {
    let mut ours = ours.iter();
    reference.iter().all(|event| ours.any(|ours| ours == event))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn mutated_forms_are_what_the_crate_gives(
        changes in proptest::collection::vec((0_usize..40_000, any::<u8>()), 1..8),
    ) {
        let mut log = write_odd(&odd_events(), 7);
        for (at, byte) in changes {
            if let Some(slot) = log.get_mut(HEADER_BYTES + 512 + at) {
                *slot = byte;
            }
        }
        let (found, expected) = (all(&log), reference(&log));
        prop_assert!(is_among(&expected, &found.events));
    }

    #[test]
    fn mutated_headers_cost_no_record_that_the_crate_reads(
        changes in proptest::collection::vec((0_usize..600, any::<u8>()), 1..6),
    ) {
        let mut log = log();
        for (at, byte) in changes {
            log[HEADER_BYTES + at] = byte;
        }
        let (found, expected) = (all(&log), reference(&log));
        prop_assert!(is_among(&expected, &found.events));
    }

    #[test]
    fn classic_records_with_few_flipped_bytes_are_what_the_crate_gives(
        changes in proptest::collection::vec((0_usize..3_000, any::<u8>()), 1..6),
    ) {
        let mut log = log();
        for (at, byte) in changes {
            log[HEADER_BYTES + 512 + at] = byte;
        }
        let (found, expected) = (all(&log), reference(&log));
        prop_assert!(is_among(&expected, &found.events));
        prop_assert!(found.events.len() as u64 + found.lost >= 300);
    }

    #[test]
    fn any_bytes_give_items_or_an_error(
        mut bytes in proptest::collection::vec(any::<u8>(), 0..5_000),
        jobs in 1_usize..4,
        verify in any::<bool>(),
    ) {
        let mut log = log();
        log.truncate(HEADER_BYTES + CHUNK_BYTES + 512);
        log.append(&mut bytes);
        let options = EvtxOptions { verify, jobs: NonZeroUsize::new(jobs).unwrap() };
        let found = ours(&log, &["ADSync"], options);
        prop_assert!(found.summary.chunks >= 1);
    }
}

#[test]
fn a_year_that_windows_does_not_know_is_what_the_crate_gives() {
    let mut log = write_odd(&odd_events(), 7);
    // The upper byte of the year of a SYSTEMTIME.
    log[HEADER_BYTES + 512 + 6248] = 120;
    assert!(is_among(&reference(&log), &all(&log).events));
}
