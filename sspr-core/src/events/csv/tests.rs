use std::fmt::Write as _;
use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::form::{Form, Taken};
use super::*;
use crate::events::audit::{Activity, Agent, AuditResult};
use crate::events::{AuditRecord, Filter, LogItem, LogOptions, WindowsEvent, read_log_with};
use crate::time::local::Zone;

/// What a table gives: events, audit records, and faults with the records that they cost.
#[derive(Debug, Default, PartialEq)]
struct Found {
    events: Vec<(Locator, WindowsEvent)>,
    records: Vec<AuditRecord>,
    faults: Vec<(String, Option<u64>)>,
    first: Option<DateTime<Utc>>,
    last: Option<DateTime<Utc>>,
}

fn read_as(bytes: &[u8], filter: &Filter, zone: Option<&str>) -> Result<Found> {
    let zone: Option<Zone> = zone.map(|zone| zone.parse().unwrap());
    let options = LogOptions {
        zone,
        ..LogOptions::default()
    };
    let mut found = Found::default();
    read_log_with(bytes, filter, options, &mut |item| {
        match item {
            LogItem::Event(event) => found.events.push((event.place, event.value)),
            LogItem::Audit(record) => found.records.push(*record),
            LogItem::Span(span) => {
                found.first = Some(
                    found
                        .first
                        .map_or(span.first, |first| first.min(span.first)),
                );
                found.last = found.last.max(Some(span.last));
            }
            LogItem::Fault { error, records, .. } => {
                found.faults.push((error.place.to_string(), records));
            }
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

fn read(text: &str) -> Found {
    read_as(text.as_bytes(), &Filter::default(), Some("UTC")).unwrap()
}

fn filter(provider: &str) -> Filter {
    Filter {
        providers: vec![provider.to_owned()],
        ..Filter::default()
    }
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    text.parse().ok()
}

const TEXT: &str = "TrackingId: 11111111-2222-3333-4444-555555555555, PasswordResetSuccess, Details: \
     Context: cloudAnchor: User_x, \"\"quoted\"\"\r\nsecond line";

#[test]
fn event_viewers_table_is_read_in_any_language() {
    let tables = [
        format!(
            "Level,Date and Time,Source,Event ID,Task Category\r\nInformation,1/13/2026 9:00:01 AM,PasswordResetService,31002,None,\"{TEXT}\"\r\n"
        ),
        format!(
            "Ebene;Datum und Uhrzeit;Quelle;Ereignis-ID;Aufgabenkategorie\r\nInformationen;13.01.2026 09:00:01;PasswordResetService;31002;Keine;\"{TEXT}\"\r\n"
        ),
        format!(
            "\u{feff}レベル,日付と時刻,ソース,イベント ID,タスクのカテゴリ\r\n情報,2026/01/13 9:00:01,PasswordResetService,31002,なし,\"{TEXT}\"\r\n"
        ),
        // Nobody told this language; the row tells.
        format!(
            "Poziom;Data i godzina;Źródło;Identyfikator zdarzenia;Kategoria zadania\r\nInformation;13.01.2026 09:00:01;PasswordResetService;31002;Brak;\"{TEXT}\"\r\n"
        ),
    ];
    for table in tables {
        let found = read(&table);
        assert_eq!(found.faults, [], "{table}");
        let [(place, event)] = found.events.as_slice() else {
            panic!("{table}");
        };
        assert_eq!(*place, Locator::Line(2));
        assert_eq!(
            *event,
            WindowsEvent {
                provider: "PasswordResetService".into(),
                id: 31002,
                time: time("2026-01-13T09:00:01Z"),
                level: Some(4),
                message: Some(TEXT.replace("\"\"", "\"")),
                ..WindowsEvent::default()
            }
        );
    }
}

#[test]
fn a_message_that_nobody_quoted_is_put_together() {
    let table = "Level,Date and Time,Source,Event ID,Task Category\n\
         Error,2026-01-13 09:00:01,ADSync,6329,None,one, two,three\n\
         Audit Success,2026-01-13 09:00:02,X,1,None\n";
    let found = read(table);
    assert_eq!(found.events[0].1.message.as_deref(), Some("one, two,three"));
    assert_eq!(found.events[1].1.message, None);
}

#[test]
fn local_times_are_of_the_zone_that_was_stated_and_marked_without_one() {
    let table = "Level,Date and Time,Source,Event ID,Task Category\n\
         Information,5/1/2026 9:00:01 AM,PasswordResetService,31001,None,a\n\
         Information,13/1/2026 9:00:02 AM,PasswordResetService,31002,None,b\n";
    let found = read_as(table.as_bytes(), &Filter::default(), Some("Europe/Berlin")).unwrap();
    assert_eq!(found.events[0].1.time, time("2026-01-05T08:00:01Z"));
    assert!(!found.events[0].1.local_time);
    assert_eq!(found.faults, []);
    let found = read_as(table.as_bytes(), &Filter::default(), None).unwrap();
    assert_eq!(found.events[0].1.time, time("2026-01-05T09:00:01Z"));
    assert!(found.events[0].1.local_time);
    assert_eq!(found.faults.len(), 1, "it is said once");
}

#[test]
fn a_row_that_is_passed_over_tells_the_order_of_day_and_month_too() {
    let mut table = "Level,Date and Time,Source,Event ID,Task Category\n".to_owned();
    table.push_str("Information,1/2/2026 9:00:01,PasswordResetService,31001,None,a\n");
    for day in 3..14 {
        writeln!(table, "Information,{day}/2/2026 9:00:01,Backup,1,None,b").unwrap();
    }
    table.push_str("Information,1/3/2026 9:00:01,Backup,1,None,b\n");
    let filter = filter("passwordresetservice");
    let found = read_as(table.as_bytes(), &filter, Some("UTC")).unwrap();
    assert_eq!(found.events.len(), 1);
    assert_eq!(found.events[0].1.time, time("2026-02-01T09:00:01Z"));
    assert_eq!(found.faults, []);
    assert_eq!(found.last, time("2026-03-01T09:00:01Z"));
}

#[test]
fn a_row_that_cannot_be_read_tells_the_order_of_day_and_month_too() {
    let table = "Level,Date and Time,Source,Event ID,Task Category\n\
         Information,3/2/2026 9:00:01,PasswordResetService,31002,None,a\n\
         Information,13/2/2026 9:00:01,,31002,None,a\n";
    let found = read(table);
    assert_eq!(found.events[0].1.time, time("2026-02-03T09:00:01Z"));
    assert!(!found.events[0].1.local_time);
}

#[test]
fn a_row_that_cannot_be_read_is_told_whether_it_is_wanted_or_not() {
    let table = "Level,Date and Time,Source,Event ID,Task Category\n\
         Information,1/5/2026 9:00:02 AM,Backup,,None,plain\n\
         Information,1/5/2026 9:00:02 AM,,7,None,plain\n";
    let found = read_as(
        table.as_bytes(),
        &filter("passwordresetservice"),
        Some("UTC"),
    )
    .unwrap();
    assert_eq!(found.faults.len(), 2);
    assert_eq!(
        found.faults,
        read_as(table.as_bytes(), &Filter::default(), Some("UTC"))
            .unwrap()
            .faults
    );
}

#[test]
fn how_far_a_table_reaches_is_known_without_reading_each_row() {
    let mut table = "Level,Date and Time,Source,Event ID,Task Category\n".to_owned();
    for second in 0..3_000 {
        let (minute, second) = (second / 60, second % 60);
        let time = format!("2026-01-13 09:{minute:02}:{second:02}");
        writeln!(table, "Information,{time},Backup,1,None,b").unwrap();
    }
    let found = read_as(table.as_bytes(), &Filter::writeback(), Some("UTC")).unwrap();
    assert_eq!(found.first, time("2026-01-13T09:00:00Z"));
    assert_eq!(found.last, time("2026-01-13T09:49:59Z"));
}

#[test]
fn what_export_csv_writes_is_what_convert_to_json_prints() {
    let names = "\"Message\",\"Id\",\"Version\",\"Qualifiers\",\"Level\",\"Task\",\"Opcode\",\"Keywords\",\"RecordId\",\"ProviderName\",\"LogName\",\"MachineName\",\"TimeCreated\",\"Properties\"";
    let row = |time: &str| {
        format!(
            "\"{TEXT}\",\"31002\",\"\",\"0\",\"4\",\"0\",\"\",\"36028797018963968\",\"4711\",\"PasswordResetService\",\"Application\",\"AADC01.contoso.com\",\"{time}\",\"System.Collections.Generic.List`1[System.Diagnostics.Eventing.Reader.EventProperty]\""
        )
    };
    let typed = "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n";
    let five = format!("{typed}{names}\r\n{}\r\n", row("1/13/2026 9:00:01 AM"));
    let seven = format!("{names}\r\n{}\r\n", row("01/13/2026 09:00:01"));
    let json = serde_json::json!({
        "Message": TEXT.replace("\"\"", "\""), "Id": 31002, "Level": 4,
        "Keywords": 36_028_797_018_963_968_i64, "RecordId": 4711,
        "ProviderName": "PasswordResetService", "LogName": "Application",
        "MachineName": "AADC01.contoso.com", "TimeCreated": "2026-01-13T09:00:01Z",
    });
    let expected = read(&json.to_string()).events;
    assert_eq!(expected.len(), 1);
    for table in [five, seven] {
        let found = read(&table);
        assert_eq!(found.faults, []);
        assert_eq!(found.events, expected);
    }
}

#[test]
fn rows_of_azure_monitor_have_their_times_in_utc() {
    let event = "\"TimeGenerated [UTC]\",Computer,Source,EventLog,EventID,EventLevelName,RenderedDescription,ParameterXml\n\
        \"1/13/2026, 9:00:01.500 AM\",AADC01.contoso.com,PasswordResetService,Application,31002,Information,done,<Param>done</Param>\n";
    let windows = "TimeGenerated,Provider,Channel,EventID,EventRecordId,EventLevel,Computer,EventData\n\
        2026-01-13T09:00:01.5Z,PasswordResetService,Application,31002,4711,4,AADC01.contoso.com,\"{\"\"Data\"\":\"\"done\"\"}\"\n";
    let security = "TimeGenerated [UTC],EventSourceName,EventID,Activity,Computer,TargetUserName,SubjectUserName\n\
        2026-01-13T09:00:01.5Z,Microsoft-Windows-Security-Auditing,4724,4724 - x,DC01.contoso.com,jdoe,MSOL_1\n";
    for (table, id) in [(event, 31002), (windows, 31002), (security, 4724)] {
        let found = read_as(table.as_bytes(), &Filter::default(), Some("Asia/Tokyo")).unwrap();
        assert_eq!(found.events.len(), 1, "{table}: {:?}", found.faults);
        let event = &found.events[0].1;
        assert_eq!(event.id, id);
        assert_eq!(event.time, time("2026-01-13T09:00:01.5Z"));
        match id {
            4724 => assert_eq!(event.named("TargetUserName"), Some("jdoe")),
            _ => assert_eq!(event.text(), "done"),
        }
    }
}

const JDOE: &str = "00000000-0000-0000-0000-00000000000a";
const ADMIN: &str = "00000000-0000-0000-0000-00000000000b";

/// The portal's download, with these words for its own.
fn portal(names: [&str; 5], result: &str) -> String {
    let [date, service, category, activity, ended] = names;
    format!(
        "{date},CorrelationId,{service},{category},{activity},{ended},ResultReason,User Agent,ActorType,ActorDisplayName,ActorObjectId,ActorUserPrincipalName,IPAddress,ActorServicePrincipalId,ActorServicePrincipalName,Target1Type,Target1DisplayName,Target1ObjectId,Target1UserPrincipalName,AdditionalDetail1Key,AdditionalDetail1Value,AdditionalDetail2Key,AdditionalDetail2Value\r\n\
         2026-05-20T15:40:00+00:00,00000000-0000-0000-0000-000000000001,Self-service Password Management,UserManagement,Reset password (by admin),{result},OnPremisesConnectivityError,,User,Admin,{ADMIN},admin@contoso.com,203.0.113.7,,,User,Jane Doe,{JDOE},jdoe@contoso.com,User-Agent,Mozilla/5.0,OnPremisesAgent,CloudSync\r\n\
         2026-05-20T15:41:00+00:00,00000000-0000-0000-0000-000000000002,Core Directory,GroupManagement,Add member to group,success,,,User,Admin,{ADMIN},admin@contoso.com,,,,User,Jane Doe,{JDOE},jdoe@contoso.com,,,,\r\n"
    )
}

fn expected() -> AuditRecord {
    AuditRecord {
        id: None,
        time: "2026-05-20T15:40:00Z".parse().unwrap(),
        local_time: false,
        activity: Activity::AdminReset,
        name: "Reset password (by admin)".into(),
        result: AuditResult::Failure,
        reason: Some("OnPremisesConnectivityError".into()),
        correlation: Some(uuid::Uuid::from_u128(1)),
        agent: Some(Agent::CloudSync),
        method: None,
        actor: Some("admin@contoso.com".into()),
        actor_id: Some(ADMIN.parse().unwrap()),
        by_application: false,
        target: Some("jdoe@contoso.com".into()),
        target_id: Some(JDOE.parse().unwrap()),
        place: Locator::Line(2),
    }
}

#[test]
fn one_audit_record_is_the_same_in_every_table_and_in_json() {
    let json = serde_json::json!([{
        "correlationId": "00000000-0000-0000-0000-000000000001",
        "result": "failure", "resultReason": "OnPremisesConnectivityError",
        "activityDisplayName": "Reset password (by admin)",
        "activityDateTime": "2026-05-20T15:40:00Z",
        "loggedByService": "Self-service Password Management",
        "initiatedBy": {"user": {"id": ADMIN, "userPrincipalName": "admin@contoso.com"}},
        "targetResources": [{"id": JDOE, "type": "User", "userPrincipalName": "jdoe@contoso.com"}],
        "additionalDetails": [{"key": "OnPremisesAgent", "value": "CloudSync"}]
    }]);
    let cell = |name: &str| json[0][name].to_string().replace('"', "\"\"");
    let analytics = format!(
        "\"TimeGenerated [UTC]\",OperationName,LoggedByService,Category,CorrelationId,Result,ResultReason,ResultDescription,InitiatedBy,TargetResources,AdditionalDetails,Type\r\n\
         \"5/20/2026, 3:40:00.000 PM\",Reset password (by admin),Self-service Password Management,UserManagement,00000000-0000-0000-0000-000000000001,failure,,OnPremisesConnectivityError,\"{}\",\"{}\",\"{}\",AuditLogs\r\n",
        cell("initiatedBy"),
        cell("targetResources"),
        cell("additionalDetails"),
    );
    let shapes = [
        ("JSON", json.to_string()),
        ("Log Analytics", analytics),
        (
            "English",
            portal(
                ["Date (UTC)", "Service", "Category", "Activity", "Result"],
                "Failure",
            ),
        ),
        (
            "Spanish",
            portal(
                [
                    "Fecha (UTC)",
                    "Servicio",
                    "Categoría",
                    "Actividad",
                    "Resultado",
                ],
                "failure",
            ),
        ),
        (
            "a language nobody told",
            portal(
                [
                    "Dato (UTC)",
                    "Tjeneste",
                    "Kategori",
                    "Aktivitet",
                    "Resultat",
                ],
                "Failure",
            ),
        ),
        (
            "with quotes",
            portal(
                [
                    "\"Date (UTC)\"",
                    "\"Service\"",
                    "\"Category\"",
                    "\"Activity\"",
                    "\"Result\"",
                ],
                "\"failure\"",
            ),
        ),
    ];
    for (shape, text) in shapes {
        let found = read_as(text.as_bytes(), &filter("audit"), Some("Asia/Tokyo"))
            .unwrap_or_else(|error| panic!("{shape}: {error}"));
        assert_eq!(found.faults, [], "{shape}");
        let [record] = found.records.as_slice() else {
            panic!("{shape}: {found:?}");
        };
        let record = AuditRecord {
            place: Locator::Line(2),
            ..record.clone()
        };
        assert_eq!(record, expected(), "{shape}");
    }
}

#[test]
fn a_download_of_two_columns_is_enough() {
    let found =
        read("Date (UTC),Activity\n2026-05-20 15:40:00,Unlock user account (self-service)\n");
    assert_eq!(found.records.len(), 1);
    assert_eq!(found.records[0].activity, Activity::Unlock);
    assert_eq!(found.records[0].result, AuditResult::Unknown);
}

#[test]
fn a_download_without_its_activity_says_so() {
    let text = "Date (UTC),ActorType,Target1UserPrincipalName\n2026-05-20,User,jdoe@contoso.com\n";
    let error = read_as(text.as_bytes(), &Filter::default(), None).unwrap_err();
    assert!(error.message.contains("activity"), "{error}");
    assert!(
        error.message.contains("Target1UserPrincipalName"),
        "{error}"
    );
}

#[test]
fn a_table_of_another_kind_says_what_columns_it_has() {
    let text = "DisplayName,Mail,Department\nJane Doe,jdoe@contoso.com,Sales\n";
    let error = read_as(text.as_bytes(), &Filter::default(), None).unwrap_err();
    assert_eq!(error.code, ErrorCode::Unrecognised);
    assert!(
        error.message.contains("DisplayName, Mail, Department"),
        "{error}"
    );
}

#[test]
fn audit_records_are_chosen_by_provider_time_and_not_by_id() {
    let text = portal(
        ["Date (UTC)", "Service", "Category", "Activity", "Result"],
        "failure",
    );
    let count = |filter: &Filter| {
        read_as(text.as_bytes(), filter, None)
            .unwrap()
            .records
            .len()
    };
    assert_eq!(count(&Filter::default()), 1);
    assert_eq!(count(&filter("ENTRA AUDIT")), 1);
    assert_eq!(count(&Filter::writeback()), 0);
    let by_id = Filter {
        ids: [31002].into(),
        ..Filter::default()
    };
    assert_eq!(count(&by_id), 0);
    let later = Filter {
        since: time("2026-05-20T15:40:01Z"),
        ..Filter::default()
    };
    assert_eq!(count(&later), 0);
}

#[test]
fn broken_rows_cost_themselves() {
    let table = "Level,Date and Time,Source,Event ID,Task Category\n\
         Information,2026-01-13 09:00:01,PasswordResetService,31001,None,a\n\
         Information,2026-01-13 09:00:02,PasswordResetService,many,None,b\n\
         short\n\
         Information,yesterday,PasswordResetService,31002,None,c\n\
         Information,2026-01-13 09:00:04,PasswordResetService,31002,None,\"open\n\
         Information,2026-01-13 09:00:05,PasswordResetService,31002,None,d\n";
    let found = read(table);
    let messages: Vec<_> = found
        .events
        .iter()
        .map(|(_, event)| event.message.as_deref())
        .collect();
    assert_eq!(messages, [Some("a"), Some("c"), Some("d")]);
    let faults: Vec<_> = found
        .faults
        .iter()
        .map(|(place, records)| (place.as_str(), *records))
        .collect();
    assert_eq!(
        faults,
        [
            ("line 3", Some(1)),
            ("line 4", Some(1)),
            ("line 5", Some(0)),
            ("line 6", Some(1))
        ]
    );
}

/// Tables of all kinds, with wanted and unwanted rows.
fn table() -> impl Strategy<Value = String> {
    let provider = prop::sample::select(vec![
        "PasswordResetService",
        "passwordresetservice",
        "\"PasswordResetService\"",
        "ADSync",
        "Microsoft-Windows-Security-Auditing",
        "",
        "x",
    ]);
    let text = prop::sample::select(vec![
        "a",
        "\"b\nc\"",
        "\"TrackingId: x\"",
        "PasswordResetService",
        "\"",
        "\"\"",
        "a,b",
        "TrackingId:",
    ]);
    let activity = prop::sample::select(vec![
        "Reset password (self-service)",
        "UNLOCK USER ACCOUNT (self-service)",
        "Reset user password",
        "User started password reset",
        "Add member to group",
        "",
    ]);
    let id = prop::sample::select(vec![
        "31002",
        "31001",
        "4724",
        "6329",
        "",
        "x",
        "-5",
        " 7 ",
        "99999999999",
    ]);
    let row = (provider, id, text, activity, 1_u32..32);
    (0_usize..5, prop::collection::vec(row, 0..12)).prop_map(|(kind, rows)| {
        let head = [
            "Level,Date and Time,Source,Event ID,Task Category",
            "Id,TimeCreated,ProviderName,Message",
            "TimeGenerated,EventSourceName,EventID,Activity,TargetUserName",
            "Date (UTC),CorrelationId,Service,Category,Activity,Result,ResultReason",
            "TimeGenerated,OperationName,LoggedByService,Result,Type",
        ][kind];
        let mut table = format!("{head}\n");
        for (provider, id, text, activity, day) in rows {
            let time = format!("{day}/2/2026 9:00:01");
            let service = if text == "a" {
                ""
            } else {
                "Self-service Password Management"
            };
            let row = match kind {
                0 => format!("Information,{time},{provider},{id},None,{text}"),
                1 => format!("{id},{time},{provider},{text}"),
                2 => format!("{time},{provider},{id},{text},jdoe"),
                3 => format!("{time},,{service},,{activity},success,{text}"),
                _ => format!("{time},{activity},{service},success,AuditLogs"),
            };
            table.push_str(&row);
            table.push('\n');
        }
        table
    })
}

proptest! {
    #[test]
    fn a_screen_passes_every_row_that_is_wanted(
        table in table(),
        provider in prop::sample::select(vec![
            "PasswordResetService", "adsync", "Microsoft-Windows-Security-Auditing", "audit", "*",
        ]),
    ) {
        let filter = match provider {
            "*" => Filter::default(),
            named => filter(named),
        };
        let mut rows = Rows::new(table.as_bytes()).unwrap();
        let form = Form::of_head(rows.head()).unwrap().unwrap();
        let screen = form.screen(&filter);
        let mut fields = Fields::default();
        while let Some(next) = rows.next_row().unwrap() {
            let Next::Row(row) = next else { continue };
            let wanted = match fields.parse(&row).and_then(|()| form.take(&fields, row.line)) {
                Ok(Taken::Event(read, _)) => filter.wants(&read.event),
                Ok(Taken::Audit(record, _)) => filter.wants_audit(&record),
                Ok(Taken::Foreign) | Err(_) => false,
            };
            let bytes = String::from_utf8_lossy(row.bytes);
            prop_assert!(!wanted || screen.passes(row.bytes), "{bytes}");
        }
    }

    #[test]
    fn screened_and_unscreened_reading_give_the_same_items(table in table()) {
        let both = |filter: &Filter| {
            let way = |screened: bool| {
                let mut found = (Vec::new(), Vec::new(), Vec::new());
                let mut sink = |item| {
                    match item {
                        LogItem::Event(event) => found.0.push(event),
                        LogItem::Audit(record) => found.1.push(record),
                        // What costs no record is a remark, and made of what is wanted.
                        LogItem::Span(_) | LogItem::Fault { records: Some(0), .. } => {}
                        LogItem::Fault { error, records, .. } => found.2.push((error, records)),
                    }
                    ControlFlow::Continue(())
                };
                let output = Output::new(filter, "UTC".parse().ok(), &mut sink);
                let mut output = if screened { output } else { output.unscreened() };
                read_csv(table.as_bytes(), &mut output).unwrap();
                output.finish().unwrap();
                drop(output);
                found
            };
            (way(true), way(false))
        };
        for provider in ["PasswordResetService", "ADSync", "audit"] {
            let (screened, unscreened) = both(&filter(provider));
            prop_assert_eq!(screened, unscreened);
        }
    }

    #[test]
    fn a_table_with_bytes_put_in_anywhere_is_read_or_refused(
        table in table(),
        at in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 0..6),
    ) {
        let mut mutated = table.into_bytes();
        let at = at.index(mutated.len());
        mutated.splice(at..at, bytes);
        let _ = read_as(&mutated, &Filter::default(), None);
        let _ = read_as(&mutated, &Filter::writeback(), None);
    }
}
