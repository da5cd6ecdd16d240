use std::ops::ControlFlow;

use serde_json::json;

use crate::evidence::Strength;
use crate::snapshot::{Input, ReadOptions, Snapshot};

fn read(inputs: &[(&str, String)]) -> Snapshot {
    let inputs = { inputs.iter() }
        .map(|(name, text)| Input::bytes(*name, text.as_bytes()))
        .collect();
    Snapshot::read(inputs, &ReadOptions::default(), &mut |_| {
        ControlFlow::Continue(())
    })
    .expect("nobody stops the work")
}

const PORTAL: &str = "Date (UTC),CorrelationId,Service,Category,Activity,Result,ResultReason,ActorType,ActorUserPrincipalName,Target1Type,Target1UserPrincipalName,AdditionalDetail1Key,AdditionalDetail1Value\r\n\
    2026-05-20T15:40:00+00:00,00000000-0000-0000-0000-000000000001,Self-service Password Management,UserManagement,Reset password (by admin),success,None,User,admin@contoso.com,User,jdoe@contoso.com,OnPremisesAgent,None\r\n";

#[test]
fn a_reset_that_every_download_tells_of_counts_once() {
    let graph = json!([{
        "id": "a1", "correlationId": "00000000-0000-0000-0000-000000000001",
        "result": "success", "resultReason": "None",
        "activityDisplayName": "Reset password (by admin)",
        "activityDateTime": "2026-05-20T15:40:00.1234567Z",
        "loggedByService": "Self-service Password Management",
        "initiatedBy": {"user": {"userPrincipalName": "admin@contoso.com"}},
        "targetResources": [{"type": "User", "userPrincipalName": "jdoe@contoso.com"}],
        "additionalDetails": [{"key": "OnPremisesAgent", "value": "None"}]
    }]);
    let cell = |name: &str| graph[0][name].to_string();
    let columns = [
        ("TimeGenerated", "2026-05-20T15:40:00Z".to_owned()),
        ("OperationName", "Reset password (by admin)".to_owned()),
        (
            "LoggedByService",
            "Self-service Password Management".to_owned(),
        ),
        (
            "CorrelationId",
            "00000000-0000-0000-0000-000000000001".to_owned(),
        ),
        ("Result", "success".to_owned()),
        ("ResultReason", "None".to_owned()),
        ("InitiatedBy", cell("initiatedBy")),
        ("TargetResources", cell("targetResources")),
        ("AdditionalDetails", cell("additionalDetails")),
    ];
    let names: Vec<_> = columns
        .iter()
        .map(|(name, _)| json!({"name": name}))
        .collect();
    let row: Vec<_> = columns.iter().map(|(_, value)| value).collect();
    let tables = json!({"tables": [{"columns": names, "rows": [row]}]});
    let snapshot = read(&[
        ("audit.json", graph.to_string()),
        ("audit.csv", PORTAL.to_owned()),
        ("sentinel.json", tables.to_string()),
    ]);
    assert_eq!(snapshot.skipped.len(), 0, "{:?}", snapshot.skipped);
    assert!(
        snapshot
            .evidence
            .iter()
            .all(|evidence| evidence.lost.is_none())
    );
    let resets = &snapshot.facts.audit.admin_resets["jdoe@contoso.com"];
    assert_eq!((resets.count, resets.not_written_back), (1, 1));
}

#[test]
fn the_portals_table_is_an_export() {
    let snapshot = read(&[("audit.csv", PORTAL.to_owned())]);
    let resets = &snapshot.facts.audit.admin_resets["jdoe@contoso.com"];
    assert_eq!(resets.admin.as_deref(), Some("admin@contoso.com"));
    assert_eq!(resets.from.strength, Strength::Exported);
    assert_eq!(resets.from.observed_at, Some(resets.last));
}

#[test]
fn event_viewers_table_is_a_log() {
    let table = "Level,Date and Time,Source,Event ID,Task Category\r\n\
        Information,1/13/2026 9:00:01 AM,PasswordResetService,31002,None,\"TrackingId: 11111111-2222-3333-4444-555555555555, PasswordResetSuccess, Details: \"\r\n";
    let snapshot = read(&[("events.csv", table.to_owned())]);
    assert_eq!(snapshot.skipped.len(), 0, "{:?}", snapshot.skipped);
    assert_eq!(snapshot.evidence[0].kinds, ["eventCsv"]);
    assert_eq!(snapshot.evidence[0].items, 1);
}

#[test]
fn another_table_says_what_columns_it_has() {
    let table = "DisplayName,Mail,Department\nJane Doe,jdoe@contoso.com,Sales\n";
    let snapshot = read(&[("people.csv", table.to_owned())]);
    let reason = &snapshot.skipped[0].reason;
    assert!(
        reason.message.contains("DisplayName, Mail, Department"),
        "{reason}"
    );
}
