//! Which form of an event a JSON object is.

use serde_json::{Map, Value};

use crate::carrier::json::Object;

/// The programs that write events as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventForm {
    /// `Get-WinEvent | ConvertTo-Json`, of Windows PowerShell 5.1 or of PowerShell 7.
    WinEvent,
    /// `Get-EventLog | ConvertTo-Json`, of Windows PowerShell 5.1.
    EventLog,
    /// Winlogbeat and Elastic's other agents, of any age, as documents or wrapped by a search.
    Beats,
    /// A row of Azure Monitor's `Event`.
    AzureEvent,
    /// A row of Azure Monitor's `WindowsEvent`.
    AzureWindowsEvent,
    /// A row of Azure Monitor's and Sentinel's `SecurityEvent`.
    AzureSecurityEvent,
    /// NXLog's `im_msvistalog`.
    NxLog,
}

impl EventForm {
    /// Whether it is a row of one of Azure Monitor's tables.
    pub(crate) fn is_of_azure(self) -> bool {
        matches!(
            self,
            Self::AzureEvent | Self::AzureWindowsEvent | Self::AzureSecurityEvent
        )
    }

    /// The names of the fields that hold the event id and the source; empty where they are nested.
    pub(crate) const fn identity(self) -> (&'static str, &'static str) {
        match self {
            Self::WinEvent => ("Id", "ProviderName"),
            Self::EventLog | Self::AzureEvent => ("EventID", "Source"),
            Self::AzureWindowsEvent => ("EventID", "Provider"),
            Self::AzureSecurityEvent => ("EventID", "EventSourceName"),
            Self::NxLog => ("EventID", "SourceName"),
            Self::Beats => ("", ""),
        }
    }

    /// The form of an object; nothing when it is no event.
    pub(crate) fn of(object: &Object<'_>) -> Option<Self> {
        let has = |name: &str| object.entry(name).is_some();
        let any = |names: &[&str]| names.iter().any(|name| has(name));
        if document(object.map()).is_some() {
            return Some(Self::Beats);
        }
        if has("Id") {
            let id = object.integer("Id").value().is_some();
            return (id && any(&["TimeCreated", "RecordId"])).then_some(Self::WinEvent);
        }
        if !any(&["EventID", "InstanceId"]) {
            return None;
        }
        if has("SourceName") && any(&["EventTime", "RecordNumber"]) {
            return Some(Self::NxLog);
        }
        if has("Provider") && any(&["TimeGenerated", "EventRecordId"]) {
            return Some(Self::AzureWindowsEvent);
        }
        let of_azure = [
            "EventLog",
            "EventLevelName",
            "RenderedDescription",
            "ParameterXml",
        ];
        if has("Source") {
            if has("TimeGenerated") && any(&of_azure) {
                return Some(Self::AzureEvent);
            }
            return any(&["TimeGenerated", "TimeWritten", "Index"]).then_some(Self::EventLog);
        }
        let security = any(&[
            "EventSourceName",
            "Activity",
            "SubjectUserName",
            "TargetUserName",
        ]);
        (has("TimeGenerated") && security).then_some(Self::AzureSecurityEvent)
    }
}

/// The document of one of Elastic's agents, taken out of what a search wraps around it.
pub(super) fn document(map: &Map<String, Value>) -> Option<&Map<String, Value>> {
    for envelope in ["_source", "fields"] {
        if let Some(inner) = map.get(envelope).and_then(Value::as_object)
            && is_document(inner)
        {
            return Some(inner);
        }
    }
    is_document(map).then_some(map)
}

fn is_document(map: &Map<String, Value>) -> bool {
    let winlog = map.get("winlog").is_some_and(Value::is_object)
        || map.keys().any(|key| key.starts_with("winlog."));
    let flat = ["source_name", "event_id"];
    winlog || flat.iter().all(|key| map.contains_key(*key))
}
