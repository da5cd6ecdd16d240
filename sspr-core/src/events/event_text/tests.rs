use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::events::log::Filter;
use crate::events::{LogItem, WindowsEvent};
use crate::time::local::Zone;

const XML: &str = "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\n  <System>\n    \
    <Provider Name=\"PasswordResetService\" />\n    <EventID Qualifiers=\"0\">31002</EventID>\n    <Level>4</Level>\n    \
    <TimeCreated SystemTime=\"2026-01-05T08:00:01.1234567Z\" />\n    <EventRecordID>4711</EventRecordID>\n    \
    <Channel>Application</Channel>\n    <Computer>AADC01.contoso.com</Computer>\n  </System>\n  <EventData>\n    \
    <Data>TrackingId: x, PasswordResetSuccess</Data>\n  </EventData>\n</Event>";

fn read(text: &str, zone: Option<Zone>) -> (Vec<WindowsEvent>, Vec<(Error, Option<u64>)>) {
    let (mut events, mut faults) = (Vec::new(), Vec::new());
    let mut sink = |item: LogItem| {
        match item {
            LogItem::Event(event) => events.push(event.value),
            LogItem::Fault { error, records, .. } => faults.push((error, records)),
            LogItem::Span(_) | LogItem::Audit(_) => {}
        }
        ControlFlow::Continue(())
    };
    let all = Filter::default();
    let mut out = Output::new(&all, zone, &mut sink);
    super::read(&mut text.as_bytes(), &mut out).unwrap();
    out.finish().unwrap();
    drop(out);
    (events, faults)
}

fn copied(labels: &[&str; 10], date: &str, id: u32, text: &str) -> String {
    let values = [
        "Application",
        "PasswordResetService",
        date,
        &id.to_string(),
        "None",
        "Information",
        "Classic",
        "N/A",
        "AADC01.contoso.com",
        "",
    ];
    let mut block = String::new();
    for (label, value) in labels.iter().zip(values) {
        let _ = write!(block, "{:<15}{value}\r\n", format!("{label}:"));
    }
    block.push_str(text);
    block.push_str("\r\n");
    block
}

const ENGLISH: [&str; 10] = [
    "Log Name",
    "Source",
    "Date",
    "Event ID",
    "Task Category",
    "Level",
    "Keywords",
    "User",
    "Computer",
    "Description",
];
const GERMAN: [&str; 10] = [
    "Protokollname",
    "Quelle",
    "Datum",
    "Ereignis-ID",
    "Aufgabenkategorie",
    "Ebene",
    "Schlüsselwörter",
    "Benutzer",
    "Computer",
    "Beschreibung",
];
/// A language whose labels are not known here.
const POLISH: [&str; 10] = [
    "Nazwa dziennika",
    "Źródło",
    "Data",
    "Identyfikator zdarzenia",
    "Kategoria zadania",
    "Poziom",
    "Słowa kluczowe",
    "Użytkownik",
    "Komputer",
    "Opis",
];

#[test]
fn the_appended_xml_counts_and_the_description_is_its_message() {
    let text = copied(&GERMAN, "05.01.2026 09:00:01", 31002, "Gerendert\r\n");
    let text = format!("{text}Ereignis-XML:\r\n{}\r\n", XML.replace('\n', "\r\n"));
    assert!(is_event_text(&text));
    let (events, faults) = read(&text.repeat(2), None);
    assert_eq!((events.len(), faults), (2, Vec::new()));
    let event = &events[1];
    assert_eq!(
        (event.id, event.record, event.local_time),
        (31002, Some(4711), false)
    );
    assert_eq!(event.message.as_deref(), Some("Gerendert"));
    assert_eq!(event.text(), "TrackingId: x, PasswordResetSuccess");
}

#[test]
fn labels_of_any_language_are_read_and_the_day_comes_from_the_whole_text() {
    for (labels, first, second, expected) in [
        (
            &ENGLISH,
            "1/5/2026 9:00:01 AM",
            "1/13/2026 9:00:01 AM",
            "2026-01-05T08:00:01Z",
        ),
        (
            &ENGLISH,
            "1/5/2026 9:00:01 AM",
            "13/1/2026 9:00:01 AM",
            "2026-05-01T07:00:01Z",
        ),
        (
            &GERMAN,
            "05.01.2026 09:00:01",
            "06.01.2026 09:00:01",
            "2026-01-05T08:00:01Z",
        ),
        (
            &POLISH,
            "05.01.2026 09:00:01",
            "06.01.2026 09:00:01",
            "2026-01-05T08:00:01Z",
        ),
    ] {
        let text = [first, second]
            .map(|date| {
                copied(
                    labels,
                    date,
                    31002,
                    "TrackingId: x, PasswordResetSuccess\r\nLevel: 7",
                )
            })
            .concat();
        assert!(is_event_text(&text), "{text}");
        let (events, faults) = read(&text, "Europe/Berlin".parse().ok());
        assert_eq!((events.len(), faults), (2, Vec::new()));
        let event = &events[0];
        assert_eq!(event.provider, "PasswordResetService");
        assert_eq!(event.computer.as_deref(), Some("AADC01.contoso.com"));
        assert_eq!(event.level, Some(4), "the level's own word is English here");
        assert_eq!(event.time, expected.parse().ok());
        assert!(!event.local_time);
        assert!(event.text().ends_with("Level: 7"), "{}", event.text());
    }
}

#[test]
fn what_stays_open_is_said() {
    let text = copied(&ENGLISH, "1/5/2026 9:00:01 AM", 31002, "x");
    let (events, faults) = read(&text, None);
    assert!(events[0].local_time);
    assert_eq!(events[0].time, "2026-01-05T09:00:01Z".parse().ok());
    let said: Vec<_> = faults
        .iter()
        .map(|(error, records)| (error.message.as_str(), *records))
        .collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.iter().all(|(_, records)| *records == Some(0)));
}

#[test]
fn a_description_that_quotes_an_event_is_no_event() {
    let text = copied(
        &ENGLISH,
        "2026-01-05 09:00:01",
        31002,
        "See\r\nLog Name: another one\r\nend",
    );
    let (events, faults) = read(&format!("{text}{text}"), "UTC".parse().ok());
    assert_eq!((events.len(), faults.len()), (2, 0));
    assert!(events[0].text().ends_with("Log Name: another one\nend"));
}

#[test]
fn what_wevtutil_prints_as_text_is_read() {
    let text = "Event[0]:\r\n  Log Name: Application\r\n  Source: PasswordResetService\r\n  Date: 2026-01-05T09:00:01.123\r\n  \
        Event ID: 31002\r\n  Task: N/A\r\n  Level: Information\r\n  Opcode: N/A\r\n  Keyword: Classic\r\n  User: N/A\r\n  \
        User Name: N/A\r\n  Computer: AADC01.contoso.com\r\n  Description: \r\nTrackingId: x, PasswordResetSuccess\r\n\r\n";
    let text = format!("{text}{}", text.replace("[0]", "[1]"));
    assert!(is_event_text(&text));
    let (events, faults) = read(&text, "+01:00".parse().ok());
    assert_eq!((events.len(), faults.len()), (2, 0));
    assert_eq!(events[1].time, "2026-01-05T08:00:01.123Z".parse().ok());
    assert_eq!(events[1].text(), "TrackingId: x, PasswordResetSuccess");
}

#[test]
fn a_block_that_is_cut_short_is_told_with_its_line() {
    let text = copied(&ENGLISH, "2026-01-05 09:00:01", 31002, "x");
    let broken = "Log Name: Application\r\nSource: x\r\n".to_owned();
    let (events, faults) = read(&format!("{broken}{text}"), "UTC".parse().ok());
    assert_eq!(events.len(), 1);
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].0.place, Locator::Line(1));
    assert_eq!(faults[0].1, Some(1));
}

proptest! {
    #[test]
    fn any_text_gives_events_or_faults(
        text in ".{0,300}",
        cuts in prop::collection::vec((any::<prop::sample::Index>(), ".{0,5}"), 0..6),
    ) {
        let _ = is_event_text(&text);
        read(&text, None);
        let mut whole = format!(
            "{}{XML}\r\n{}",
            copied(&ENGLISH, "1/5/2026 9:00:01 AM", 31002, "x\r\nEvent Xml:"),
            copied(&GERMAN, "05.01.2026 09:00:01", 31001, "y"),
        );
        for (at, with) in cuts {
            let at = (0..=at.index(whole.len())).rev().find(|at| whole.is_char_boundary(*at)).unwrap();
            let end = whole[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            whole.replace_range(at..end, &with);
        }
        let _ = is_event_text(&whole);
        read(&whole, "Europe/Berlin".parse().ok());
    }
}
