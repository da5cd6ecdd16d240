//! What the cloud writes, as Graph gives it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use sspr::roundtrip::Kind;

use super::admin;
use crate::history::dice::guid;
use crate::history::truth::{Answer, Body, TrueEvent};
use crate::history::{History, Person};

/// A record of the cloud, as Graph gives it.
pub(super) fn audit(history: &History, event: &TrueEvent, number: usize) -> Value {
    let seed = history.seed();
    let at = event.shown;
    match event.body {
        Body::Closing(of) => closing(history, of, at, number),
        Body::Progress {
            flow,
            person,
            text,
            good,
        } => {
            let upn = &history.people[person].upn;
            let mut record = record(
                history,
                person,
                at,
                number,
                "Self-service password reset flow activity progress",
            );
            record["correlationId"] = guid(seed, 4, flow).into();
            record["initiatedBy"] = by_user(upn);
            record["resultReason"] = text.into();
            record["result"] = if good { "success" } else { "failure" }.into();
            record
        }
        Body::Directory { flow, person } => {
            let mut record = record(history, person, at, number, "Reset user password");
            record["correlationId"] = guid(seed, 5, flow).into();
            record["loggedByService"] = "Core Directory".into();
            record["initiatedBy"] =
                json!({"user": null, "app": {"displayName": "Microsoft password reset service"}});
            record
        }
        Body::Registered(person, done) => {
            let name = if done {
                "User registered for self-service password reset"
            } else {
                "Security info saved for self-service password reset"
            };
            let upn = &history.people[person].upn;
            let mut record = record(history, person, at, number, name);
            record["initiatedBy"] = by_user(upn);
            record
        }
        _ => {
            let mut record = record(
                history,
                0,
                at,
                number,
                "Enable password writeback for directory",
            );
            record["category"] = "DirectoryManagement".into();
            record["initiatedBy"] = by_user("admin@contoso.com");
            record["targetResources"] = json!([{"id": guid(seed, 6, 0), "type": "Directory"}]);
            record
        }
    }
}

fn closing(history: &History, of: usize, at: DateTime<Utc>, number: usize) -> Value {
    let operation = &history.operations[of];
    let person = operation.person.unwrap_or_default();
    let upn = &history.people[person].upn;
    let name = match (operation.answer, operation.kind) {
        (Answer::Blocked, _) => "Blocked from self-service password reset",
        (_, Kind::Change) => "Change password (self-service)",
        (_, Kind::Unlock) => "Unlock user account (self-service)",
        (_, Kind::AdminReset) => "Reset password (by admin)",
        _ => "Reset password (self-service)",
    };
    let mut record = record(history, person, at, number, name);
    record["correlationId"] = guid(history.seed(), 4, operation.flow).into();
    record["initiatedBy"] = if operation.kind == Kind::AdminReset {
        by_user(&admin(history, of))
    } else {
        by_user(upn)
    };
    let done = match operation.kind {
        Kind::Change => "None",
        _ => "Successfully completed reset.",
    };
    let (result, reason) = match operation.answer {
        Answer::Written | Answer::CloudOnly => ("success", done),
        Answer::OnlyOnPremises => ("success", "OnPremisesSuccessCloudFailure"),
        Answer::Failed(reason) => ("failure", reason),
        Answer::Blocked => ("success", "None"),
    };
    record["result"] = result.into();
    record["resultReason"] = reason.into();
    let agent = match (operation.answer, operation.kind) {
        (Answer::CloudOnly, Kind::AdminReset) => Some("None"),
        (Answer::Written | Answer::OnlyOnPremises, Kind::AdminReset) => {
            Some("Microsoft Entra Connect")
        }
        (Answer::Written | Answer::OnlyOnPremises, _) => Some("AADConnect"),
        _ => None,
    };
    if let Some(agent) = agent {
        record["additionalDetails"] = json!([{"key": "OnPremisesAgent", "value": agent}]);
    }
    record
}

fn record(history: &History, person: usize, at: DateTime<Utc>, number: usize, name: &str) -> Value {
    let Person {
        id,
        upn,
        name: shown,
        ..
    } = &history.people[person];
    json!({
        "id": format!("SSPR_{}_{number}", guid(history.seed(), 7, number)),
        "category": "UserManagement",
        "correlationId": guid(history.seed(), 8, number),
        "result": "success",
        "resultReason": "",
        "activityDisplayName": name,
        "activityDateTime": at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "loggedByService": "Self-service Password Management",
        "operationType": "Update",
        "initiatedBy": null,
        "targetResources": [{"id": id, "displayName": shown, "type": "User", "userPrincipalName": upn,
            "groupType": null, "modifiedProperties": []}],
        "additionalDetails": [],
    })
}

fn by_user(upn: &str) -> Value {
    json!({"app": null, "user": {"userPrincipalName": upn, "ipAddress": "203.0.113.7"}})
}
