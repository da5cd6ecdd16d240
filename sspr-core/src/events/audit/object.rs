//! A record out of a JSON object: Graph's own form, PowerShell's, a row of Log Analytics, and what
//! diagnostic settings send to an event hub or a storage account.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::activity::{Details, activity_of, result_of};
use super::{AuditRecord, AuditResult};
use crate::carrier::json::Object;
use crate::error::{Error, Result};
use crate::evidence::{Locator, Reading};

/// Names of one thing, the truest first: Graph's, then those of Log Analytics and of diagnostic
/// settings.
const TIME: [&str; 3] = ["activityDateTime", "TimeGenerated", "time"];
const ACTIVITY: [&str; 2] = ["activityDisplayName", "OperationName"];
const RESULT: [&str; 2] = ["result", "resultType"];
const REASON: [&str; 2] = ["resultReason", "resultDescription"];
/// Columns that only the table of audit records has.
const OWN: [&str; 4] = [
    "loggedByService",
    "targetResources",
    "initiatedBy",
    "AADOperationType",
];
/// The table of Log Analytics, and the category of diagnostic settings.
const TABLE: &str = "AuditLogs";

impl AuditRecord {
    /// Whether an object is an audit record, in any of its shapes and about whatever.
    pub fn matches(object: &Object<'_>) -> bool {
        let any = |names: &[&str]| names.iter().any(|name| object.has(&[name]));
        let is_table = |name| {
            let text = object.text(name).found();
            text.is_some_and(|at| at.value.eq_ignore_ascii_case(TABLE))
        };
        object.has(&["activityDisplayName", "activityDateTime"])
            || any(&ACTIVITY) && any(&TIME) && (any(&OWN) || is_table("Type"))
            || object.has(&["properties", "operationName"]) && is_table("category")
    }

    /// Reads a record of password reset, or the directory's own record of a reset. Records about
    /// anything else are `None`.
    pub fn parse(object: &Object<'_>) -> Result<Option<Self>> {
        let inner = object
            .entry("properties")
            .and_then(|(name, value)| Some((name, nested(value)?)));
        let inner = inner.as_ref().and_then(|(name, value)| {
            let map = value.as_object()?;
            Some(Object::new(map, object.place().member(name)))
        });
        let layers = Layers {
            inner: inner.as_ref(),
            outer: object,
        };
        let name = layers.text(&ACTIVITY).unwrap_or_default();
        let Some(activity) = activity_of(&name, layers.text(&["loggedByService"]).as_deref())
        else {
            return Ok(None);
        };
        let time = layers.time()?;
        let result = layers.result();
        let pairs: Vec<_> = layers
            .elements("additionalDetails")
            .iter()
            .filter_map(|detail| {
                let detail = whole(detail);
                Some((text(&detail, "key")?, text(&detail, "value")?))
            })
            .collect();
        let details = Details::read(&pairs, activity, result);
        let actor = layers.actor();
        let (target, target_id) = layers.target();
        Ok(Some(Self {
            id: layers.text(&["id"]),
            time,
            local_time: false,
            activity,
            name,
            result,
            reason: layers.text(&REASON),
            correlation: layers.text(&["correlationId"]).and_then(|id| guid(&id)),
            agent: details.agent,
            method: details.method,
            actor: actor.name,
            actor_id: actor.id,
            by_application: actor.is_application,
            target,
            target_id,
            place: object.place().clone(),
        }))
    }
}

/// The objects that the fields of one record stand in: what diagnostic settings wrap in
/// `properties` comes before what stands around it.
struct Layers<'o, 'a> {
    inner: Option<&'o Object<'a>>,
    outer: &'o Object<'a>,
}

/// Who did something.
#[derive(Default)]
struct Actor {
    name: Option<String>,
    id: Option<Uuid>,
    is_application: bool,
}

impl<'o, 'a> Layers<'o, 'a> {
    fn each(&self) -> impl Iterator<Item = &'o Object<'a>> {
        self.inner.into_iter().chain([self.outer])
    }

    /// The first of these fields that holds a text.
    fn text(&self, names: &[&str]) -> Option<String> {
        let mut found = self
            .each()
            .flat_map(|layer| names.iter().map(move |name| text(layer, name)));
        found.find_map(|text| text.filter(|text| !text.trim().is_empty()))
    }

    /// The time of the activity, else that of the row. What cannot be read is an error when
    /// nothing else tells the time.
    fn time(&self) -> Result<DateTime<Utc>> {
        let mut fault = None;
        for layer in self.each() {
            for name in TIME {
                match layer.time(name) {
                    Reading::Value(at) => return Ok(at.value),
                    Reading::Bad(error) => fault = fault.or(Some(error)),
                    Reading::Absent | Reading::Null(_) => {}
                }
            }
        }
        Err(fault.unwrap_or_else(|| {
            let place = self.inner.unwrap_or(self.outer).place();
            Error::value(place.member("activityDateTime"), "the record has no time")
        }))
    }

    fn result(&self) -> AuditResult {
        let mut found = self.each().flat_map(|layer| {
            RESULT.iter().filter_map(move |name| {
                let (_, value) = layer.entry(name)?;
                match value {
                    Value::String(word) => result_of(word),
                    Value::Number(number) => result_of(&number.to_string()),
                    _ => None,
                }
            })
        });
        found.next().unwrap_or(AuditResult::Unknown)
    }

    /// A field that holds something nested, itself or as JSON in a text.
    fn nested(&self, name: &str) -> Option<Cow<'a, Value>> {
        self.each().find_map(|layer| nested(layer.entry(name)?.1))
    }

    /// The objects of an array. PowerShell prints an array of one as its only element.
    fn elements(&self, name: &str) -> Vec<Map<String, Value>> {
        let Some(value) = self.nested(name) else {
            return Vec::new();
        };
        match value.into_owned() {
            Value::Array(values) => { values.into_iter() }
                .filter_map(|value| match value {
                    Value::Object(map) => Some(map),
                    _ => None,
                })
                .collect(),
            Value::Object(map) => vec![map],
            _ => Vec::new(),
        }
    }

    fn actor(&self) -> Actor {
        let Some(by) = self.nested("initiatedBy") else {
            return Actor::default();
        };
        let Some(by) = by.as_object().map(whole) else {
            return Actor::default();
        };
        let party = |name: &str| nested(by.entry(name)?.1).filter(|value| value.is_object());
        if let Some(user) = party("user")
            && let Some(user) = user.as_object().map(whole)
        {
            let id = text(&user, "id").filter(|id| !id.is_empty());
            let name = text(&user, "userPrincipalName").filter(|name| !name.is_empty());
            if name.is_some() || id.is_some() {
                return Actor {
                    id: id.as_deref().and_then(guid),
                    name: name.or(id),
                    is_application: false,
                };
            }
        }
        if let Some(app) = party("app")
            && let Some(app) = app.as_object().map(whole)
        {
            let name = text(&app, "displayName").or_else(|| text(&app, "appId"));
            return Actor {
                id: text(&app, "servicePrincipalId").as_deref().and_then(guid),
                is_application: name.is_some(),
                name,
            };
        }
        Actor::default()
    }

    fn target(&self) -> (Option<String>, Option<Uuid>) {
        let targets = self.elements("targetResources");
        let user = targets.iter().map(whole).find(|target| {
            // Graph prints `User`, other exports `user` or `2`.
            text(target, "type").is_none_or(|kind| kind.eq_ignore_ascii_case("user"))
        });
        let Some(user) = user else {
            return (None, None);
        };
        let id = text(&user, "id").filter(|id| !id.is_empty());
        let name = text(&user, "userPrincipalName").filter(|name| !name.is_empty());
        let guid = id.as_deref().and_then(guid);
        (name.or(id), guid)
    }
}

/// A value that is nested, or a text that holds one: Log Analytics gives its dynamic columns as
/// JSON, or as JSON in a text, at times as JSON in a text in a text.
fn nested(value: &Value) -> Option<Cow<'_, Value>> {
    match value {
        Value::Array(_) | Value::Object(_) => Some(Cow::Borrowed(value)),
        Value::String(text) => parse_text(text).map(Cow::Owned),
        _ => None,
    }
}

fn parse_text(text: &str) -> Option<Value> {
    let begins = |text: &str| text.trim_start().starts_with(['{', '[', '"']);
    let once: Value = begins(text).then(|| serde_json::from_str(text).ok())??;
    match once {
        Value::String(text) if begins(&text) => serde_json::from_str(&text).ok(),
        value => Some(value),
    }
}

fn whole(map: &Map<String, Value>) -> Object<'_> {
    Object::new(map, Locator::Whole)
}

fn text(object: &Object<'_>, name: &str) -> Option<String> {
    object.text(name).found().map(|at| at.value.to_owned())
}

fn guid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text.trim()).ok()
}
