use proptest::prelude::*;

use super::*;
use crate::events::log::Filter;
use crate::events::{LogItem, WindowsEvent};
use crate::evidence::Limits;
use crate::time::local::Zone;

const TEXT: &str =
    "TrackingId: 11111111-2222-3333-4444-555555555555, PasswordResetSuccess, Details: x";
const TIME: &str = "2026-01-05T08:00:01.123Z";

/// The same event in every form, as a document each.
fn forms() -> Vec<(&'static str, String)> {
    vec![
        (
            "Windows PowerShell 5.1",
            format!(
                r#"{{"Message":"{TEXT}","Id":  31002,"Version":null,"Qualifiers":  0,"Level":  4,"Task":0,"Keywords":  36028797018963968,
                "RecordId":  4711,"ProviderName":  "PasswordResetService","LogName":  "Application","MachineName":  "AADC01.contoso.com",
                "TimeCreated":  "\/Date(1767600001123)\/","LevelDisplayName":  "Information","Properties":  [{{"Value":  "{TEXT}"}}]}}"#
            ),
        ),
        (
            "PowerShell 7",
            format!(
                r#"{{"Message":"{TEXT}","Id":31002,"Level":4,"RecordId":4711,"ProviderName":"PasswordResetService","LogName":"Application",
                "MachineName":"AADC01.contoso.com","TimeCreated":"2026-01-05T09:00:01.123+01:00",
                "Properties":["System.Diagnostics.Eventing.Reader.EventProperty"]}}"#
            ),
        ),
        (
            "Get-EventLog",
            format!(
                r#"{{"MachineName":"AADC01.contoso.com","Data":[],"Index":4711,"Category":"(0)","CategoryNumber":0,"EventID":31002,
                "EntryType":4,"Message":"Die Beschreibung fehlt","Source":"PasswordResetService","ReplacementStrings":["{TEXT}"],
                "InstanceId":31002,"TimeGenerated":"\/Date(1767600001123)\/","TimeWritten":"\/Date(1767600001123)\/","UserName":null}}"#
            ),
        ),
        (
            "Winlogbeat",
            format!(
                r#"{{"@timestamp":"{TIME}","winlog":{{"provider_name":"PasswordResetService","event_id":31002,"record_id":"4711","channel":"Application",
                "computer_name":"AADC01.contoso.com","event_data":{{"param1":"{TEXT}"}}}},"event":{{"code":"31002","created":"2026-01-05T08:00:03Z"}},
                "message":"{TEXT}","log":{{"level":"information"}}}}"#
            ),
        ),
        (
            "Elastic's search, dotted",
            format!(
                r#"{{"_index":"x","_source":{{"@timestamp":"{TIME}","winlog.provider_name":"PasswordResetService","winlog.event_id":"31002",
                "winlog.record_id":4711,"winlog.channel":"Application","winlog.computer_name":"AADC01.contoso.com",
                "winlog.event_data.param1":"{TEXT}","log.level":"information"}}}}"#
            ),
        ),
        (
            "Kibana's fields",
            format!(
                r#"{{"_id":"1","fields":{{"@timestamp":["{TIME}"],"winlog.provider_name":["PasswordResetService"],"winlog.event_id":["31002"],
                "winlog.record_id":["4711"],"winlog.channel":["Application"],"winlog.computer_name":["AADC01.contoso.com"],
                "winlog.event_data.param1":["{TEXT}"],"log.level":["information"]}}}}"#
            ),
        ),
        (
            "Winlogbeat before 7",
            format!(
                r#"{{"@timestamp":"{TIME}","source_name":"PasswordResetService","event_id":31002,"record_number":"4711","log_name":"Application",
                "computer_name":"AADC01.contoso.com","event_data":{{"param1":"{TEXT}"}},"level":"Information","message":"{TEXT}"}}"#
            ),
        ),
        (
            "Azure's Event",
            format!(
                r#"{{"tables":[{{"name":"PrimaryResult","columns":[{{"name":"TimeGenerated"}},{{"name":"Computer"}},{{"name":"Source"}},
                {{"name":"EventLog"}},{{"name":"EventID"}},{{"name":"EventLevelName"}},{{"name":"RenderedDescription"}},{{"name":"ParameterXml"}}],
                "rows":[["{TIME}","AADC01.contoso.com","PasswordResetService","Application",31002,"Information","{TEXT}",
                "<Param>{TEXT}</Param>"]]}}]}}"#
            ),
        ),
        (
            "Azure's WindowsEvent",
            format!(
                r#"{{"TimeGenerated":"{TIME}","Provider":"PasswordResetService","Channel":"Application","EventID":31002,"EventRecordId":"4711",
                "EventLevel":4,"EventLevelName":"Information","Computer":"AADC01.contoso.com","EventData":"{{\"Data\":\"{TEXT}\"}}"}}"#
            ),
        ),
        (
            "NXLog",
            format!(
                r#"<14>1 2026-01-05T09:00:01+01:00 AADC01 NXLog - - - {{"EventTime":"2026-01-05T09:00:01.123+01:00","Hostname":"AADC01.contoso.com",
                "Keywords":36028797018963968,"EventType":"INFO","SeverityValue":2,"Severity":"INFO","EventID":31002,
                "SourceName":"PasswordResetService","RecordNumber":4711,"Channel":"Application","Message":"{TEXT}",
                "EventReceivedTime":"2026-01-05 09:00:02","SourceModuleName":"in","SourceModuleType":"im_msvistalog"}}"#
            ),
        ),
    ]
}

fn line(document: &str) -> String {
    document.replace("\n                ", "")
}

fn items(
    text: &str,
    filter: &Filter,
    zone: Option<Zone>,
    screens: bool,
) -> (Vec<LogItem>, Result<()>) {
    let mut items = Vec::new();
    let mut sink = |item: LogItem| {
        items.push(item);
        ControlFlow::Continue(())
    };
    let mut out = Output::new(filter, zone, &mut sink);
    if !screens {
        out = out.unscreened();
    }
    let read = super::read(&mut text.as_bytes(), Limits::default().item_bytes, &mut out)
        .and_then(|()| out.finish());
    drop(out);
    (items, read)
}

fn events(text: &str) -> (Vec<WindowsEvent>, Vec<Error>) {
    let (mut events, mut faults) = (Vec::new(), Vec::new());
    let (items, read) = items(text, &Filter::default(), None, true);
    read.unwrap();
    for item in items {
        match item {
            LogItem::Event(event) => events.push(event.value),
            LogItem::Fault { error, .. } => faults.push(error),
            LogItem::Span(_) | LogItem::Audit(_) => {}
        }
    }
    (events, faults)
}

#[test]
fn the_same_event_is_the_same_in_every_form() {
    for (form, document) in forms() {
        let document = line(&document);
        assert!(is_json(&document), "{form}");
        let (events, faults) = events(&document);
        assert_eq!((events.len(), faults), (1, Vec::new()), "{form}");
        let event = &events[0];
        assert_eq!(
            (event.provider.as_str(), event.id),
            ("PasswordResetService", 31002),
            "{form}"
        );
        assert_eq!(event.time, TIME.parse().ok(), "{form}");
        assert!(!event.local_time, "{form}");
        assert_eq!(event.text(), TEXT, "{form}");
        assert_eq!(
            event.computer.as_deref(),
            Some("AADC01.contoso.com"),
            "{form}"
        );
        assert_eq!(event.level, Some(4), "{form}");
        if form != "Azure's Event" {
            assert_eq!(event.record, Some(4711), "{form}");
        }
        if form != "Get-EventLog" {
            assert_eq!(event.channel.as_deref(), Some("Application"), "{form}");
        }
    }
}

#[test]
fn arrays_pages_hits_and_lines_of_events_are_read() {
    let documents: Vec<_> = forms()
        .into_iter()
        .filter(|(form, _)| *form != "NXLog")
        .map(|(_, document)| line(&document))
        .collect();
    let count = documents.len();
    assert_eq!(events(&format!("[{}]", documents.join(","))).0.len(), count);
    assert_eq!(
        events(&format!("{}\n", documents.join("\n"))).0.len(),
        count
    );
    assert_eq!(
        events(&format!(r#"{{"value":[{}]}}"#, documents.join(",")))
            .0
            .len(),
        count
    );
    let beats = documents.get(3).unwrap();
    let search = format!(
        r#"{{"took":1,"hits":{{"total":2,"hits":[{{"_source":{beats}}},{{"_source":{beats}}}]}}}}"#
    );
    assert_eq!(events(&search).0.len(), 2);
    let bulk = format!("{{\"index\":{{}}}}\n{beats}\n{{\"index\":{{}}}}\n{beats}\n");
    assert_eq!(events(&bulk).0.len(), 2);
}

#[test]
fn data_of_the_security_log_have_their_names_whatever_carries_them() {
    let strings = r#"["jdoe","CONTOSO","S-1-5-21-1-2-3-1104","S-1-5-21-1-2-3-1105","MSOL_0123456789ab","CONTOSO","0x1234"]"#;
    let named = r#""TargetUserName":"jdoe","TargetSid":"S-1-5-21-1-2-3-1104","SubjectUserSid":"S-1-5-21-1-2-3-1105","SubjectUserName":"MSOL_0123456789ab""#;
    let properties = strings
        .trim_matches(['[', ']'])
        .split(',')
        .map(|value| format!(r#"{{"Value":{value}}}"#))
        .collect::<Vec<_>>()
        .join(",");
    let source = "Microsoft-Windows-Security-Auditing";
    for document in [
        format!(
            r#"{{"Id":4724,"ProviderName":"{source}","TimeCreated":"{TIME}","Keywords":-9214364837600034816,"Properties":[{properties}]}}"#
        ),
        format!(
            r#"{{"EventID":4724,"Source":"{source}","EntryType":"SuccessAudit","TimeGenerated":"{TIME}","ReplacementStrings":{strings}}}"#
        ),
        format!(
            r#"{{"@timestamp":"{TIME}","winlog":{{"provider_name":"{source}","event_id":4724,"event_data":{{{named}}}}},"event":{{"outcome":"success"}}}}"#
        ),
        format!(
            r#"{{"EventID":4724,"TimeGenerated":"{TIME}","EventSourceName":"{source}","Activity":"4724","Keywords":"0x8020000000000000",{named},"LogonType":null}}"#
        ),
        format!(
            r#"{{"EventTime":"{TIME}","EventID":4724,"SourceName":"{source}","EventType":"AUDIT_SUCCESS",{named}}}"#
        ),
    ] {
        let (events, faults) = events(&document);
        assert_eq!((events.len(), faults), (1, Vec::new()), "{document}");
        let event = &events[0];
        assert_eq!(event.target_user(), Some("jdoe"), "{document}");
        assert_eq!(event.target_sid(), Some("S-1-5-21-1-2-3-1104"));
        assert_eq!(event.subject_user(), Some("MSOL_0123456789ab"));
        assert_eq!(event.subject_sid(), Some("S-1-5-21-1-2-3-1105"));
        assert_eq!(event.audit_succeeded(), Some(true), "{document}");
    }
}

#[test]
fn a_subset_of_the_properties_is_enough() {
    let (found, faults) = events(&format!(
        r#"[{{"TimeCreated":"{TIME}","Id":31002,"Message":"{TEXT}"}},{{"RecordId":7,"Id":1,"Message":"Installed"}}]"#
    ));
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].provider, "PasswordResetService",
        "its id and text are the service's"
    );
    assert_eq!(faults.len(), 1, "who wrote the other one nobody knows");
    let dates = [
        r#"{"value":"\/Date(1767600001123)\/","DateTime":"Monday"}"#,
        r#""2026-01-05T08:00:01.1230000Z""#,
        "1767600001123",
    ];
    for date in dates {
        let text = format!(r#"{{"Id":31002,"ProviderName":"x","TimeCreated":{date}}}"#);
        assert_eq!(events(&text).0[0].time, TIME.parse().ok(), "{date}");
    }
}

#[test]
fn data_cut_short_are_told_where_nothing_makes_up_for_them() {
    let cut = |message: &str| {
        events(&format!(
            r#"{{"Id":31002,"ProviderName":"PasswordResetService","TimeCreated":"{TIME}","Message":{message},
            "Properties":"System.Diagnostics.Eventing.Reader.EventProperty"}}"#
        ))
    };
    assert_eq!(cut("\"x\"").1, []);
    let (events, faults) = cut("null");
    assert_eq!((events.len(), faults[0].code), (1, ErrorCode::Truncated));
}

#[test]
fn local_times_are_marked_until_somebody_states_the_zone() {
    let text = r#"{"EventTime":"2026-01-05 09:00:01","EventID":31002,"SourceName":"PasswordResetService"}"#;
    let (found, faults) = events(text);
    assert!(found[0].local_time);
    assert_eq!(faults.len(), 1);
    let (items, _) = items(text, &Filter::default(), "Europe/Berlin".parse().ok(), true);
    let LogItem::Event(event) = &items[0] else {
        panic!("{items:?}")
    };
    assert_eq!(event.value.time, "2026-01-05T08:00:01Z".parse().ok());
    assert!(!event.value.local_time);
}

#[test]
fn json_of_something_else_says_what_it_is() {
    for text in [
        r#"{"skuId":"x","skuPartNumber":"y"}"#,
        "{\"id\":1}\n{\"id\":2}\n",
        "[]",
        "[1,2]",
    ] {
        let (_, read) = items(text, &Filter::writeback(), None, true);
        let error = read.unwrap_err();
        assert_eq!(error.code, ErrorCode::Unrecognised, "{text}: {error}");
    }
}

#[test]
fn records_of_the_audit_log_are_handed_over_as_such() {
    let text = r#"{"activityDisplayName":"Reset password (self-service)","activityDateTime":"2026-01-05T08:00:01Z",
        "loggedByService":"Self-service Password Management","result":"success"}"#;
    let (items, _) = items(&line(text), &Filter::default(), None, true);
    assert!(matches!(items.as_slice(), [LogItem::Audit(_)]));
}

#[test]
fn a_broken_line_costs_itself_and_a_file_that_begins_inside_a_line_is_read() {
    let whole = line(&forms()[3].1);
    let text = format!("dows\":1}}\n{whole}\n{whole}\n{{\"winlog\":\n{whole}");
    let (found, faults) = events(&text);
    assert_eq!(found.len(), 3);
    let places: Vec<_> = faults.iter().map(|fault| fault.place.clone()).collect();
    assert_eq!(places, [Locator::Line(1), Locator::Line(4)]);
}

fn any_line() -> impl Strategy<Value = String> {
    let documents: Vec<String> = forms().iter().map(|(_, document)| line(document)).collect();
    let other = [
        r#"{"@timestamp":"2026-01-05T08:00:02Z","winlog":{"provider_name":"Contoso Backup","event_id":7,"event_data":{"a":"x\\y \u00e9"}},"message":"a\r\nb"}"#,
        r#"{"Id":7,"ProviderName":"Contoso Backup","TimeCreated":"\/Date(1767600001123)\/","Message":"a \"b\"","Properties":[{"Value":1.5}]}"#,
        r#"{"Id":7,"ProviderName":"Microsoft-Windows-Security-Auditing","TimeCreated":"2026-01-05T08:00:02Z","Message":"a","Properties":"System.X.Y"}"#,
        r#"{"EventTime":"2026-01-05T08:00:02+01:00","EventID":7,"SourceName":"Contoso Backup","RecordNumber":3,"Message":"x"}"#,
        r#"{"EventTime":"2026-01-05 08:00:02","EventID":7,"SourceName":"Contoso Backup"}"#,
        r#"{"TimeGenerated":"2026-01-05T08:00:02Z","Source":"Contoso Backup","EventID":7,"EventLevelName":"Error"}"#,
        r#"{"@timestamp":"no time","winlog":{"provider_name":"Contoso Backup","event_id":"7"}}"#,
        r#"{"id":1,"other":[true,false,null,-0.5,1e3]}"#,
        "",
    ];
    prop::sample::select(
        documents
            .into_iter()
            .chain(other.map(str::to_owned))
            .collect::<Vec<_>>(),
    )
}

fn any_filter() -> impl Strategy<Value = Filter> {
    prop::sample::select(vec![
        Filter::writeback(),
        Filter::default(),
        Filter {
            ids: [7].into(),
            ..Filter::default()
        },
        Filter {
            providers: vec!["contoso backup".to_owned()],
            ..Filter::default()
        },
        Filter {
            until: "2026-01-05T08:00:02Z".parse().ok(),
            ..Filter::default()
        },
        Filter {
            since: "2027-01-05T08:00:02Z".parse().ok(),
            ..Filter::writeback()
        },
    ])
}

proptest! {
    #[test]
    fn screening_changes_nothing(
        lines in prop::collection::vec(any_line(), 1..12),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any_change()), 0..4),
        filter in any_filter(),
        ending in prop::sample::select(vec!["\n", "\r\n", "\n\n", " \n"]),
    ) {
        let mut text = lines.join(ending);
        text.push('\n');
        for (at, with) in changes {
            let at = (0..=at.index(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            text.replace_range(at..end, &with);
        }
        prop_assert_eq!(items(&text, &filter, None, true), items(&text, &filter, None, false));
    }

    #[test]
    fn any_text_gives_events_or_an_error(text in "[\\[{].{0,200}", filter in any_filter()) {
        let _ = items(&text, &filter, None, true);
    }
}

/// A change of one character, of those that matter to JSON rather than of any.
fn any_change() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "\"", "\\", "{", "}", "[", "]", ",", ":", "\n", " ", "\t", "0", "9", "-", "e", ".", "I", "i", "",
            "\\u0041", "\\ud800", "\"Id\":1,", "\"value\":[{}],", "\"Provider\":\"x\",", "\u{0}", "é",
            "\"winlog\":{},", "\"fields\":{},", "\"hits\":{},", "null", "\"source\":1,",
        ]).prop_map(str::to_owned),
        1 => ".{0,3}",
    ]
}
