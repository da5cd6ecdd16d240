//! Whether an event tells of a success or a failure.

use serde::{Deserialize, Serialize};

use super::WindowsEvent;
use super::audit::{Activity, AuditRecord, AuditResult};
use super::catalogue::{self, EventStage, Lookup};

/// The keywords with which the Security log marks audits.
const AUDIT_FAILURE: u64 = 0x0010_0000_0000_0000;
const AUDIT_SUCCESS: u64 = 0x0020_0000_0000_0000;

/// Whether an event tells of a success or a failure, by the catalogue of documented events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EventOutcome {
    /// Its documentation says that it is a success, or it is an audit that is marked as one.
    Success,
    /// Its documentation says that it is a failure, or it is an audit that is marked as one; an event
    /// that is not documented counts when its level is error or critical.
    Failure,
    /// Neither: what begins, what informs, and what the event itself does not settle.
    Neither,
}

impl EventOutcome {
    /// Of an event.
    pub fn of(event: &WindowsEvent) -> Self {
        let keywords = event.keywords.unwrap_or_default();
        match catalogue::look_up(&event.provider, event.id) {
            Lookup::Known(info) => match info.stage {
                EventStage::Success => Self::Success,
                EventStage::Failure => Self::Failure,
                EventStage::Either if keywords & AUDIT_FAILURE != 0 => Self::Failure,
                EventStage::Either if keywords & AUDIT_SUCCESS != 0 => Self::Success,
                EventStage::Either | EventStage::Start | EventStage::Information => Self::Neither,
            },
            Lookup::Unknown(_) | Lookup::Foreign if matches!(event.level, Some(1 | 2)) => {
                Self::Failure
            }
            Lookup::Unknown(_) | Lookup::Foreign => Self::Neither,
        }
    }

    /// Of a record of the audit log: its result, where that is known. That somebody was held back is a
    /// failure, although the record calls it a success.
    pub fn of_audit(record: &AuditRecord) -> Self {
        match record.result {
            _ if record.activity == Activity::Blocked => Self::Failure,
            AuditResult::Success => Self::Success,
            AuditResult::Failure | AuditResult::Timeout => Self::Failure,
            AuditResult::Unknown => Self::Neither,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(provider: &str, id: u32, level: u8, keywords: u64) -> EventOutcome {
        EventOutcome::of(&WindowsEvent {
            provider: provider.into(),
            id,
            level: Some(level),
            keywords: Some(keywords),
            ..WindowsEvent::default()
        })
    }

    #[test]
    fn the_catalogue_decides_and_the_level_only_where_it_is_silent() {
        assert_eq!(
            of("PasswordResetService", 31002, 2, 0),
            EventOutcome::Success
        );
        assert_eq!(
            of("PasswordResetService", 33004, 4, 0),
            EventOutcome::Failure
        );
        assert_eq!(
            of("PasswordResetService", 31001, 4, 0),
            EventOutcome::Neither
        );
        assert_eq!(of("Outlook", 63, 2, 0), EventOutcome::Failure);
        assert_eq!(of("Outlook", 63, 3, 0), EventOutcome::Neither);
    }

    #[test]
    fn an_audit_is_what_its_keywords_say() {
        let security = "Microsoft-Windows-Security-Auditing";
        assert_eq!(of(security, 4724, 0, AUDIT_SUCCESS), EventOutcome::Success);
        assert_eq!(of(security, 4724, 0, AUDIT_FAILURE), EventOutcome::Failure);
        assert_eq!(of(security, 4724, 0, 0), EventOutcome::Neither);
    }
}
