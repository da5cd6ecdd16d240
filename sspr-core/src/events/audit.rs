//! Entra audit records about passwords, as Graph's `directoryAudits` or PowerShell prints them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::carrier::json::Object;
use crate::error::{Error, Result};
use crate::evidence::{Locator, Reading};

/// The service that writes the records of password reset.
pub const SERVICE: &str = "Self-service Password Management";

/// One record of the tenant's audit log.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRecord {
    /// Its id.
    pub id: Option<String>,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// What happened.
    pub activity: Activity,
    /// The activity in its own words.
    pub name: String,
    /// How it ended.
    pub result: AuditResult,
    /// Why, in the service's words.
    pub reason: Option<String>,
    /// What all records of one flow share.
    pub correlation: Option<Uuid>,
    /// Which agent wrote the password back, where the record says it.
    pub agent: Option<Agent>,
    /// The user principal name of who did it, or the name of the application.
    pub actor: Option<String>,
    /// Whether an application did it.
    pub by_application: bool,
    /// The user principal name of whose account it is, else its id.
    pub target: Option<String>,
    /// Where it stands.
    #[serde(skip)]
    pub place: Locator,
}

/// What an audit record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Activity {
    /// Writeback was switched on for the directory.
    WritebackEnabled,
    /// Writeback was switched off for the directory.
    WritebackDisabled,
    /// The policy of the Password reset blade changed.
    PolicyChanged,
    /// A self-service reset, with its final result.
    Reset,
    /// A self-service change.
    Change,
    /// A self-service unlock.
    Unlock,
    /// An administrator's reset in the Entra admin center or through Graph.
    AdminReset,
    /// A reset that the directory itself records, whoever asked for it.
    DirectoryReset,
    /// One step of a self-service flow.
    Progress,
    /// A person was held back for 24 hours.
    Blocked,
    /// A person registered, or saved security information.
    Registered,
    /// Any other activity of the service.
    Other,
}

/// How an activity ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are Graph's own")]
pub enum AuditResult {
    Success,
    Failure,
    Timeout,
    Unknown,
}

/// Which agent wrote a password back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Agent {
    /// Entra Connect.
    EntraConnect,
    /// Cloud sync.
    CloudSync,
    /// Nobody: the password was set in the cloud alone.
    None,
}

/// Activities by how their names begin, in lower case: names have changed over the years, and some
/// exports shorten them.
const ACTIVITIES: [(&str, Activity); 13] = [
    (
        "enable password writeback for directory",
        Activity::WritebackEnabled,
    ),
    (
        "disable password writeback for directory",
        Activity::WritebackDisabled,
    ),
    (
        "self-service password reset policy change",
        Activity::PolicyChanged,
    ),
    ("reset password (self-service)", Activity::Reset),
    ("change password (self-service)", Activity::Change),
    ("unlock user account (self-service)", Activity::Unlock),
    ("reset password (by admin)", Activity::AdminReset),
    (
        "self-service password reset flow activity progress",
        Activity::Progress,
    ),
    (
        "self serve password reset flow activity progress",
        Activity::Progress,
    ),
    ("user started password reset", Activity::Progress),
    (
        "blocked from self-service password reset",
        Activity::Blocked,
    ),
    (
        "security info saved for self-service password reset",
        Activity::Registered,
    ),
    (
        "user registered for self-service password reset",
        Activity::Registered,
    ),
];

impl AuditRecord {
    /// Whether an object is an audit record.
    pub fn matches(object: &Object<'_>) -> bool {
        object.has(&["activityDisplayName", "activityDateTime", "loggedByService"])
    }

    /// Reads a record of password reset, or the directory's own record of a reset. Records about
    /// anything else are `None`.
    pub fn parse(object: &Object<'_>) -> Result<Option<Self>> {
        let name = text(object, "activityDisplayName").unwrap_or_default();
        let service = text(object, "loggedByService").unwrap_or_default();
        let lower = name.trim().to_lowercase();
        let activity = if service.trim().eq_ignore_ascii_case(SERVICE) {
            ACTIVITIES
                .iter()
                .find(|(start, _)| lower.starts_with(start))
                .map_or(Activity::Other, |(_, activity)| *activity)
        } else if lower == "reset user password" {
            Activity::DirectoryReset
        } else {
            return Ok(None);
        };
        let time = match object.time("activityDateTime") {
            Reading::Value(at) => at.value,
            Reading::Bad(error) => return Err(error),
            Reading::Absent | Reading::Null(_) => {
                return Err(Error::value(
                    object.place().member("activityDateTime"),
                    "the record has no time",
                ));
            }
        };
        let (actor, by_application) = actor(object);
        Ok(Some(Self {
            id: text(object, "id"),
            time,
            activity,
            name,
            result: result(object),
            reason: text(object, "resultReason").filter(|reason| !reason.trim().is_empty()),
            correlation: object.guid("correlationId").found().map(|at| at.value),
            agent: agent(object),
            actor,
            by_application,
            target: target(object),
            place: object.place().clone(),
        }))
    }

    /// Whether an administrator reset somebody's password where nothing was written back.
    pub fn not_written_back(&self) -> bool {
        self.activity == Activity::AdminReset
            && self.result == AuditResult::Success
            && self.agent == Some(Agent::None)
    }
}

fn text(object: &Object<'_>, name: &str) -> Option<String> {
    object.text(name).found().map(|at| at.value.to_owned())
}

fn result(object: &Object<'_>) -> AuditResult {
    object
        .choice(
            "result",
            &[
                ("success", 0, AuditResult::Success),
                ("failure", 1, AuditResult::Failure),
                ("timeout", 2, AuditResult::Timeout),
            ],
        )
        .found()
        .map_or(AuditResult::Unknown, |at| at.value)
}

/// The agent of a writeback. Its key is documented on one page only, so any key that speaks of an
/// agent counts.
fn agent(object: &Object<'_>) -> Option<Agent> {
    let details = object.objects("additionalDetails").found()?.value;
    details.iter().find_map(|detail| {
        let key = text(detail, "key")?.to_lowercase();
        if !key.contains("agent") || key.contains("user-agent") || key.contains("useragent") {
            return None;
        }
        let value = text(detail, "value")?
            .to_lowercase()
            .replace([' ', '-'], "");
        match value.as_str() {
            "none" | "" => Some(Agent::None),
            "cloudsync" | "microsoftentracloudsync" => Some(Agent::CloudSync),
            "aadconnect" | "microsoftentraconnect" | "entraconnect" | "azureadconnect" => {
                Some(Agent::EntraConnect)
            }
            _ => None,
        }
    })
}

fn actor(object: &Object<'_>) -> (Option<String>, bool) {
    let Some(by) = object.object("initiatedBy").found() else {
        return (None, false);
    };
    if let Some(user) = by.value.object("user").found() {
        let name = text(&user.value, "userPrincipalName").or_else(|| text(&user.value, "id"));
        if name.is_some() {
            return (name, false);
        }
    }
    match by.value.object("app").found() {
        Some(app) => {
            let name = text(&app.value, "displayName").or_else(|| text(&app.value, "appId"));
            let known = name.is_some();
            (name, known)
        }
        None => (None, false),
    }
}

fn target(object: &Object<'_>) -> Option<String> {
    let targets = object.objects("targetResources").found()?.value;
    targets
        .iter()
        .find(|target| {
            // Graph prints `User`, other exports `user` or `2`.
            text(target, "type").is_none_or(|kind| kind.eq_ignore_ascii_case("user"))
        })
        .and_then(|user| {
            text(user, "userPrincipalName")
                .filter(|name| !name.is_empty())
                .or_else(|| text(user, "id"))
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

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
    }
}
