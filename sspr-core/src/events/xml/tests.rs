use proptest::prelude::*;

use super::*;

const EVENT: &str = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
    <Provider Name='PasswordResetService'/><EventID Qualifiers='0'>31002</EventID><Version>0</Version>\
    <Level>4</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x80000000000000</Keywords>\
    <TimeCreated SystemTime='2026-11-20T08:00:01.1234567Z'/><EventRecordID>4711</EventRecordID>\
    <Correlation/><Execution ProcessID='0' ThreadID='0'/><Channel>Application</Channel>\
    <Computer>AADC01.contoso.com</Computer><Security/></System><EventData><Data>TrackingId: 1 &lt;a&gt;, \
    x</Data></EventData></Event>";

fn read(bytes: &[u8]) -> (Vec<WindowsEvent>, Vec<Error>) {
    let (mut events, mut faults) = (Vec::new(), Vec::new());
    read_xml(bytes, &mut |item| {
        match item {
            LogItem::Event(event) => events.push(event.value),
            LogItem::Fault { error, .. } => faults.push(error),
            LogItem::Span(_) | LogItem::Audit(_) => {}
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    (events, faults)
}

#[test]
fn events_without_a_root_are_read_one_after_another() {
    let (events, faults) = read(format!("{EVENT}\r\n{EVENT}").as_bytes());
    assert_eq!((events.len(), faults.len()), (2, 0));
    let event = &events[0];
    assert_eq!(
        (event.provider.as_str(), event.id, event.record),
        ("PasswordResetService", 31002, Some(4711))
    );
    assert_eq!(event.computer.as_deref(), Some("AADC01.contoso.com"));
    assert_eq!(event.level, Some(4));
    assert_eq!(event.text(), "TrackingId: 1 <a>, x");
    assert_eq!(event.time.unwrap().timestamp_subsec_nanos(), 123_456_700);
}

#[test]
fn a_root_a_declaration_and_utf16_change_nothing() {
    let text = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><Events>{EVENT}{EVENT}</Events>");
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(read(text.as_bytes()), read(&utf16));
    assert_eq!(read(&utf16).0.len(), 2);
}

#[test]
fn the_rendered_message_of_event_viewer_is_kept_apart_from_the_data() {
    let text = EVENT.replace(
        "</Event>",
        "<RenderingInfo Culture='de-DE'><Message>Gerendert</Message><Level>Informationen</Level>\
         <Channel></Channel></RenderingInfo></Event>",
    );
    let (events, _) = read(text.as_bytes());
    assert_eq!(events[0].message.as_deref(), Some("Gerendert"));
    assert_eq!(events[0].channel.as_deref(), Some("Application"));
    assert_eq!(events[0].text(), "TrackingId: 1 <a>, x");
}

#[test]
fn user_data_becomes_named_data() {
    let text = EVENT.replace(
        "<EventData><Data>TrackingId: 1 &lt;a&gt;, x</Data></EventData>",
        "<UserData><LogFileCleared xmlns='x'><SubjectUserName>a</SubjectUserName>\
         <Channel>Application</Channel></LogFileCleared></UserData>",
    );
    let (events, _) = read(text.as_bytes());
    assert_eq!(events[0].named("Channel"), Some("Application"));
    assert_eq!(events[0].data.len(), 2);
}

#[test]
fn a_broken_event_costs_itself_and_is_located() {
    let broken = EVENT.replace("</System>", "</Sytsem>");
    let cut = EVENT.replace("</Event>", "");
    let (events, faults) = read(format!("{EVENT}\n{broken}\n{cut}\n{EVENT}").as_bytes());
    assert_eq!(events.len(), 2);
    let places: Vec<_> = faults.iter().map(|fault| fault.place.clone()).collect();
    assert_eq!(places, [Locator::Line(2), Locator::Line(3)]);
}

#[test]
fn an_event_without_end_is_counted_at_the_end() {
    let (events, faults) = read(format!("{EVENT}\n<Event xmlns='x'><System>").as_bytes());
    assert_eq!((events.len(), faults.len()), (1, 1));
    assert_eq!(faults[0].code, ErrorCode::Truncated);
}

#[test]
fn an_endless_event_is_refused_and_the_next_one_read() {
    let text = format!("<Event {}{EVENT}", "x".repeat(LONGEST_EVENT + 2 * BLOCK));
    let (events, faults) = read(text.as_bytes());
    assert_eq!(events.len(), 1);
    assert_eq!(faults[0].code, ErrorCode::Limit);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        let _ = read(&bytes);
    }

    #[test]
    fn a_mutated_event_never_costs_the_next(at in 0..EVENT.len(), byte in any::<u8>()) {
        let mut bytes = EVENT.as_bytes().to_vec();
        bytes[at] = byte;
        bytes.push(b'\n');
        bytes.extend_from_slice(EVENT.as_bytes());
        let (events, _) = read(&bytes);
        prop_assert!(!events.is_empty());
        prop_assert_eq!(events.last().unwrap().record, Some(4711));
    }
}

fn items(text: &str, filter: &Filter, screens: bool) -> Vec<LogItem> {
    let mut items = Vec::new();
    let mut sink = |item: LogItem| {
        items.push(item);
        ControlFlow::Continue(())
    };
    let mut out = Output::new(filter, None, &mut sink);
    if !screens {
        out = out.unscreened();
    }
    super::read(&mut text.as_bytes(), &mut out).unwrap();
    out.finish().unwrap();
    drop(out);
    items
}

proptest! {
    #[test]
    fn screening_changes_nothing(
        events in prop::collection::vec(
            (
                prop::sample::select(vec!["PasswordResetService", "Contoso Backup", "ADSync"]),
                0_u32..4,
                prop::sample::select(vec!["", "<Data Name='a'>x &amp; y</Data>", "<Data>&#65;</Data>", "<Data/>", "<![CDATA[<x>]]>"]),
                prop::sample::select(vec!["", "\n", "</Events><Events>"]),
            ),
            0..8,
        ),
        changes in prop::collection::vec(
            (
                any::<prop::sample::Index>(),
                prop::sample::select(vec![
                    "<", ">", "&", "'", "\"", "/", " ", "", "é", "<!-- -->", "<?x?>", "<Event>", "</Event>", "=", "Name='x' ",
                    "<System><Provider Name='y'/></System>", "\u{0}", "<EventID>7</EventID>", ":", "9",
                ]),
            ),
            0..4,
        ),
        filter in prop::sample::select(vec![
            Filter::writeback(),
            Filter::default(),
            Filter { ids: [31001].into(), ..Filter::default() },
            Filter { since: "2026-11-21T08:00:01Z".parse().ok(), ..Filter::default() },
        ]),
    ) {
        let mut text: String = events
            .iter()
            .flat_map(|(provider, id, data, after)| {
                let event = EVENT
                    .replace("PasswordResetService", provider)
                    .replace("31002", &(31000 + id).to_string())
                    .replace("<EventData>", &format!("<EventData>{data}"));
                [event, (*after).to_owned()]
            })
            .collect();
        for (at, with) in changes {
            let at = (0..=at.index(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            text.replace_range(at..end, with);
        }
        prop_assert_eq!(items(&text, &filter, true), items(&text, &filter, false));
    }
}
