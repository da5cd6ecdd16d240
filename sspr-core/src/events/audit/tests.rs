use std::slice;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::carrier::json::{Object, read_objects};
use crate::error::Result;

fn parse(value: &Value) -> Result<Option<AuditRecord>> {
    let map = value.as_object().unwrap();
    AuditRecord::parse(&Object::new(map, Locator::Pointer(String::new())))
}

fn record() -> Value {
    json!({
        "id": "a1", "category": "UserManagement",
        "correlationId": "00000000-0000-0000-0000-000000000001",
        "result": "success", "resultReason": "Successfully completed reset.",
        "activityDisplayName": "Reset password (by admin)",
        "activityDateTime": "2026-05-20T15:40:00Z",
        "loggedByService": "Self-service Password Management",
        "initiatedBy": {"app": null, "user": {"userPrincipalName": "admin@contoso.com"}},
        "targetResources": [{"type": "User", "userPrincipalName": "jdoe@contoso.com"}],
        "additionalDetails": [{"key": "OnPremisesAgent", "value": "None"}]
    })
}

#[test]
fn an_administrators_reset_without_agent_was_not_written_back() {
    let record = parse(&record()).unwrap().unwrap();
    assert_eq!(record.activity, Activity::AdminReset);
    assert_eq!(record.agent, Some(Agent::None));
    assert!(record.not_written_back());
    assert_eq!(record.actor.as_deref(), Some("admin@contoso.com"));
    assert_eq!(record.target.as_deref(), Some("jdoe@contoso.com"));
}

#[test]
fn a_record_is_read_back_from_its_json_without_its_place() {
    let record = parse(&record()).unwrap().unwrap();
    let again: AuditRecord = serde_json::from_value(json!(record)).unwrap();
    assert_eq!(again.place, Locator::Whole);
    assert_eq!(
        AuditRecord {
            place: record.place.clone(),
            ..again
        },
        record
    );
}

#[test]
fn powershells_spelling_is_the_same_record() {
    let pascal = json!({
        "Id": "a1", "CorrelationId": "00000000-0000-0000-0000-000000000001",
        "Result": "success", "ResultReason": "Successfully completed reset.",
        "ActivityDisplayName": "Reset password (by admin)",
        "ActivityDateTime": "/Date(1779291600000)/",
        "LoggedByService": "Self-service Password Management",
        "InitiatedBy": {"App": null, "User": {"UserPrincipalName": "admin@contoso.com"}},
        "TargetResources": [{"Type": "user", "UserPrincipalName": "jdoe@contoso.com"}],
        "AdditionalDetails": {"Key": "OnPremisesAgent", "Value": "None"}
    });
    assert_eq!(
        parse(&pascal).unwrap().map(|r| AuditRecord {
            place: Locator::Whole,
            ..r
        }),
        parse(&record()).unwrap().map(|r| AuditRecord {
            place: Locator::Whole,
            ..r
        })
    );
}

#[test]
fn both_names_of_the_agent_are_known() {
    for (name, agent) in [
        ("AADConnect", Agent::EntraConnect),
        ("Microsoft Entra Connect", Agent::EntraConnect),
        ("CloudSync", Agent::CloudSync),
    ] {
        let mut value = record();
        value["additionalDetails"][0]["value"] = json!(name);
        assert_eq!(parse(&value).unwrap().unwrap().agent, Some(agent), "{name}");
    }
}

#[test]
fn old_names_are_known_and_other_services_are_none_of_ours() {
    let mut value = record();
    value["activityDisplayName"] = json!("Self serve password reset flow activity progress");
    assert_eq!(parse(&value).unwrap().unwrap().activity, Activity::Progress);
    value["loggedByService"] = json!("Core Directory");
    assert_eq!(parse(&value).unwrap(), None);
    value["activityDisplayName"] = json!("Reset user password");
    assert_eq!(
        parse(&value).unwrap().unwrap().activity,
        Activity::DirectoryReset
    );
}

#[test]
fn a_record_without_its_time_is_an_error_with_a_place() {
    let mut value = record();
    value["activityDateTime"] = json!("yesterday");
    assert_eq!(
        parse(&value).unwrap_err().place,
        Locator::Pointer("/activityDateTime".into())
    );
}

const JDOE: &str = "00000000-0000-0000-0000-00000000000a";
const ADMIN: &str = "00000000-0000-0000-0000-00000000000b";

/// A record with all that is read of one, as Graph and the portal's JSON download print it.
fn full() -> Value {
    json!({
        "id": "SSPR_1", "category": "UserManagement",
        "correlationId": "00000000-0000-0000-0000-000000000001",
        "result": "failure", "resultReason": "OnPremisesConnectivityError",
        "activityDisplayName": "Reset password (by admin)",
        "activityDateTime": "2026-05-20T15:40:00Z",
        "loggedByService": "Self-service Password Management", "operationType": "Update",
        "initiatedBy": {"app": null, "user": {
            "id": ADMIN, "displayName": "Admin", "userPrincipalName": "admin@contoso.com",
            "ipAddress": "203.0.113.7"}},
        "targetResources": [{
            "id": JDOE, "displayName": "Jane Doe", "type": "User",
            "userPrincipalName": "jdoe@contoso.com", "groupType": null, "modifiedProperties": []}],
        "additionalDetails": [
            {"key": "User-Agent", "value": "Mozilla/5.0"},
            {"key": "OnPremisesAgent", "value": "CloudSync"},
            {"key": "MethodsUsed", "value": "Mobile phone call"}]
    })
}

/// A row of Log Analytics with dynamic columns as they are, or as JSON in a text.
fn row(dynamic: impl Fn(&Value) -> Value) -> Value {
    let full = full();
    json!({
        "TenantId": "x", "SourceSystem": "Azure AD", "TimeGenerated": "2026-05-20T15:40:07Z",
        "ActivityDateTime": full["activityDateTime"], "Id": full["id"],
        "OperationName": full["activityDisplayName"],
        "ActivityDisplayName": full["activityDisplayName"],
        "CorrelationId": full["correlationId"], "LoggedByService": full["loggedByService"],
        "Category": "UserManagement", "Result": "failure", "ResultType": "",
        "ResultReason": "", "ResultDescription": full["resultReason"],
        "AADOperationType": "Update", "Type": "AuditLogs",
        "InitiatedBy": dynamic(&full["initiatedBy"]),
        "TargetResources": dynamic(&full["targetResources"]),
        "AdditionalDetails": dynamic(&full["additionalDetails"]),
    })
}

/// All records of a JSON text.
fn records(text: &str) -> Vec<AuditRecord> {
    let found = read_objects(text.as_bytes(), |object| {
        assert!(AuditRecord::matches(object), "{text}");
        AuditRecord::parse(object)
    });
    let found = found.unwrap_or_else(|error| panic!("{error}: {text}"));
    let placeless = |record| AuditRecord {
        place: Locator::Whole,
        ..record
    };
    found.into_iter().flatten().map(placeless).collect()
}

#[test]
fn one_record_is_the_same_in_every_shape_of_json() {
    let expected = AuditRecord {
        id: Some("SSPR_1".into()),
        time: "2026-05-20T15:40:00Z".parse().unwrap(),
        local_time: false,
        activity: Activity::AdminReset,
        name: "Reset password (by admin)".into(),
        result: AuditResult::Failure,
        reason: Some("OnPremisesConnectivityError".into()),
        correlation: Some(Uuid::from_u128(1)),
        agent: Some(Agent::CloudSync),
        method: Some("Mobile phone call".into()),
        actor: Some("admin@contoso.com".into()),
        actor_id: Some(ADMIN.parse().unwrap()),
        by_application: false,
        target: Some("jdoe@contoso.com".into()),
        target_id: Some(JDOE.parse().unwrap()),
        place: Locator::Whole,
    };
    let full = full();
    let text = |value: &Value| Value::from(value.to_string());
    let twice = |value: &Value| Value::from(Value::from(value.to_string()).to_string());
    let whole = row(Clone::clone);
    let columns: Vec<_> = { whole.as_object().unwrap().keys() }
        .map(|name| json!({"name": name, "type": "string"}))
        .collect();
    let cells: Vec<_> = row(text).as_object().unwrap().values().cloned().collect();
    let mut projected = row(Clone::clone);
    for column in ["LoggedByService", "ActivityDisplayName", "Category", "Type"] {
        projected.as_object_mut().unwrap().remove(column);
    }
    let mut only_generated = row(Clone::clone);
    only_generated["TimeGenerated"] = only_generated["ActivityDateTime"].take();
    let mut wrapped = full.clone();
    wrapped["result"] = json!(1);
    wrapped["activityDateTime"] = json!("2026-05-20T15:40:00+00:00");
    let envelope = |properties: Value| {
        json!({
            "time": "2026-05-20T15:40:07Z", "resourceId": "/tenants/x/providers/Microsoft.aadiam",
            "operationName": "Reset password (by admin)", "operationVersion": "1.0",
            "category": "AuditLogs", "tenantId": "x", "resultSignature": "None", "durationMs": 0,
            "callerIpAddress": "203.0.113.7", "correlationId": full["correlationId"],
            "identity": "Admin", "level": "Informational", "properties": properties,
        })
    };
    let shapes = [
        ("one object", full.to_string()),
        ("the portal's download", json!([full]).to_string()),
        (
            "a page",
            json!({"@odata.context": "x", "value": [full]}).to_string(),
        ),
        (
            "pages",
            json!([{"value": []}, {"value": [full]}]).to_string(),
        ),
        ("a row", row(Clone::clone).to_string()),
        ("a row with texts", row(text).to_string()),
        ("a row with texts in texts", row(twice).to_string()),
        ("a row of some columns", projected.to_string()),
        ("a row with one time", only_generated.to_string()),
        (
            "an answer",
            json!({"tables": [{"name": "PrimaryResult", "columns": columns, "rows": [cells]}]})
                .to_string(),
        ),
        (
            "an event hub's message",
            json!({"records": [envelope(wrapped.clone())]}).to_string(),
        ),
        (
            "a storage account's line",
            envelope(wrapped.clone()).to_string(),
        ),
        ("properties as a text", envelope(text(&wrapped)).to_string()),
    ];
    for (shape, json) in shapes {
        assert_eq!(
            records(&json),
            slice::from_ref(&expected),
            "{shape}: {json}"
        );
    }
    let lines = format!("{full}\n{full}\n");
    assert_eq!(records(&lines), [expected.clone(), expected], "lines");
}

#[test]
fn the_result_of_a_row_may_stand_in_its_type() {
    let mut value = row(Clone::clone);
    value.as_object_mut().unwrap().remove("Result");
    for (word, result) in [
        ("Success", AuditResult::Success),
        ("Failed", AuditResult::Failure),
        ("", AuditResult::Unknown),
    ] {
        value["ResultType"] = json!(word);
        assert_eq!(records(&value.to_string())[0].result, result, "{word}");
    }
}

#[test]
fn the_persons_object_is_known_by_its_anchor() {
    let record = records(&full().to_string()).remove(0);
    assert!(record.is_about(&format!("User_{JDOE}")));
    assert!(record.is_about(&format!("user_{}", JDOE.to_uppercase())));
    assert!(!record.is_about(&format!("User_{ADMIN}")));
    assert!(!record.is_about(JDOE));
    assert!(!record.is_about(""));
}

#[test]
fn an_application_is_no_person() {
    let mut value = full();
    value["initiatedBy"] = json!({"user": null, "app": {
        "appId": null, "displayName": "Microsoft password reset service", "servicePrincipalId": ADMIN}});
    let record = records(&value.to_string()).remove(0);
    assert!(record.by_application);
    assert_eq!(
        record.actor.as_deref(),
        Some("Microsoft password reset service")
    );
    assert_eq!(record.actor_id, Some(ADMIN.parse().unwrap()));
}

#[test]
fn a_successful_reset_by_the_person_has_the_method_first() {
    let mut value = full();
    value["activityDisplayName"] = json!("Reset password (self-service)");
    value["result"] = json!("success");
    value["additionalDetails"] = json!([{"key": "x", "value": "Email"}]);
    assert_eq!(
        records(&value.to_string())[0].method.as_deref(),
        Some("Email")
    );
    value["result"] = json!("failure");
    assert_eq!(records(&value.to_string())[0].method, None);
}

#[test]
fn rows_of_other_tables_are_no_audit_records() {
    for value in [
        json!({"OperationName": "Sign-in activity", "TimeGenerated": "2026-05-20T15:40:00Z", "Type": "SigninLogs"}),
        json!({"category": "SignInLogs", "operationName": "Sign-in activity", "properties": {}}),
        json!({"time": "2026-05-20T15:40:00Z", "operationName": "x", "properties": {}}),
    ] {
        let object = Object::new(value.as_object().unwrap(), Locator::Whole);
        assert!(!AuditRecord::matches(&object), "{value}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_record_with_one_field_replaced_is_read_or_refused(
        field in 0_usize..10,
        with in prop_oneof![Just(Value::Null), Just(json!(7)), Just(json!("x")), Just(json!([[]])), Just(json!({"a": []}))],
    ) {
        let mut value = record();
        if let Some((_, slot)) = value.as_object_mut().unwrap().iter_mut().nth(field) {
            *slot = with;
        }
        let _ = parse(&value);
    }

    #[test]
    fn a_row_with_one_cell_replaced_is_read_or_refused(
        field in 0_usize..20,
        with in prop_oneof![
            Just(Value::Null), Just(json!(7)), Just(json!("[{")), Just(json!("[[\"")),
            Just(json!("\"[]\"")), Just(json!([[1]])), Just(json!({"user": "x", "app": []})), any::<String>().prop_map(Value::from),
        ],
    ) {
        let mut value = row(|dynamic| Value::from(dynamic.to_string()));
        if let Some((_, slot)) = value.as_object_mut().unwrap().iter_mut().nth(field) {
            *slot = with;
        }
        let _ = parse(&value);
    }
}
