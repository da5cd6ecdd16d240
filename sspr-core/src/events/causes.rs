//! Root causes: from an event id, a result code or a fixed phrase to what is wrong, how to check
//! it and what helps.
//!
//! ```
//! use sspr::events::{HResult, causes};
//!
//! let cause = HResult::parse("0x80230626").and_then(causes::by_code).unwrap();
//! assert_eq!(cause.key, "accessDenied");
//! ```

mod table;

use serde::Serialize;

use super::catalogue::Source;
use super::{HResult, Message, WindowsEvent};

/// Whose fault a failed operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Fault {
    /// Something that an administrator has to mend.
    System,
    /// The domain's rules refused the password.
    Policy,
    /// The state of the account, or a wrong old password.
    Person,
    /// Not known: the event names several causes.
    Unclear,
}

/// One root cause.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RootCause {
    /// A short name for programs, stable.
    pub key: &'static str,
    /// A short name for people.
    pub title: &'static str,
    /// Whose fault it is.
    pub fault: Fault,
    /// What is wrong.
    pub cause: &'static str,
    /// How to check that it is this.
    pub check: &'static str,
    /// What helps.
    pub remedy: &'static str,
    /// Events of the writeback service that say it.
    #[serde(skip)]
    pub events: &'static [u32],
    /// Result codes that say it.
    #[serde(skip)]
    pub codes: &'static [u32],
    /// Fixed phrases that say it, wherever they appear.
    #[serde(skip)]
    pub phrases: &'static [&'static str],
    /// Addresses of the pages that say so; empty where only a public post without a known address does.
    pub sources: &'static [&'static str],
}

/// All root causes.
pub fn all() -> &'static [RootCause] {
    table::CAUSES
}

/// The cause of an event id of the writeback service, or of the engine's 6306 and 6800.
pub fn by_event(id: u32) -> Option<&'static RootCause> {
    all().iter().find(|cause| cause.events.contains(&id))
}

/// The cause of a result code.
pub fn by_code(code: HResult) -> Option<&'static RootCause> {
    all().iter().find(|cause| cause.codes.contains(&code.0))
}

/// The cause of a fixed phrase inside a text, without regard to case.
pub fn by_phrase(text: &str) -> Option<&'static RootCause> {
    let text = text.to_lowercase();
    all()
        .iter()
        .find(|cause| cause.phrases.iter().any(|phrase| text.contains(phrase)))
}

/// The cause that a reason in the tenant's audit log names, without regard to case.
pub fn by_reason(reason: &str) -> Option<&'static RootCause> {
    let reason = reason.to_lowercase();
    let (_, key) = { table::REASONS.iter() }.find(|(word, _)| reason.contains(word))?;
    all().iter().find(|cause| cause.key == *key)
}

/// The cause that an event tells of: a phrase says most, then the code, then the id. An event id
/// that says whose fault it is overrules a code that says another: the service has decided.
pub fn of_event(event: &WindowsEvent, message: &Message<'_>) -> Option<&'static RootCause> {
    let by_id = match Source::of(&event.provider)? {
        Source::Writeback => by_event(event.id),
        Source::Engine if event.id != 6329 => by_event(event.id),
        _ => None,
    };
    let finer = by_phrase(&event.text()).or_else(|| message.code.and_then(by_code));
    match (by_id, finer) {
        (Some(id), Some(finer)) if id.fault == Fault::Unclear || id.fault == finer.fault => {
            Some(finer)
        }
        (Some(id), _) => Some(id),
        (None, finer) => finer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_events_codes_and_phrases_are_unambiguous() {
        let mut keys: Vec<_> = all().iter().map(|cause| cause.key).collect();
        let mut events: Vec<_> = all().iter().flat_map(|cause| cause.events).collect();
        let mut codes: Vec<_> = all().iter().flat_map(|cause| cause.codes).collect();
        let (a, b, c) = (keys.len(), events.len(), codes.len());
        keys.sort_unstable();
        keys.dedup();
        events.sort_unstable();
        events.dedup();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!((keys.len(), events.len(), codes.len()), (a, b, c));
        for cause in all() {
            assert!(
                cause
                    .phrases
                    .iter()
                    .all(|phrase| **phrase == phrase.to_lowercase())
            );
            assert!(
                !cause.check.is_empty() && !cause.remedy.is_empty(),
                "{}",
                cause.key
            );
        }
    }

    #[test]
    fn every_failure_of_the_writeback_service_has_a_cause() {
        use crate::events::catalogue::{self, EventStage};
        for event in catalogue::all() {
            if event.source == Source::Writeback && event.stage == EventStage::Failure {
                assert!(by_event(event.id).is_some(), "{}", event.id);
            }
        }
    }

    #[test]
    fn the_four_refusals_are_nobodys_system_fault() {
        for id in 33005..=33008 {
            assert!(matches!(
                by_event(id).map(|c| c.fault),
                Some(Fault::Policy | Fault::Person)
            ));
        }
        for id in [33001, 33002, 33003, 33004, 33009] {
            assert_eq!(by_event(id).map(|c| c.fault), Some(Fault::System));
        }
    }

    #[test]
    fn fixed_phrases_name_causes_that_no_code_names() {
        for (text, key) in [
            (
                "ERR_: MMS(1234): admaexport.cpp(2944): Failed to acquire user information: \
                 Contoso\\MSOL_0123456789ab. Error Code: ERROR_ACCESS_DENIED",
                "samRestriction",
            ),
            (
                "MMS(3040): admaexport.cpp(2837): The server doesn't contain the LDAP password \
                 policy control.",
                "noPolicyHints",
            ),
            (
                "The remote certificate is invalid according to",
                "rootCertificate",
            ),
            (
                "Requesting user was denied access to perform the operation on a privileged account.",
                "accessDenied",
            ),
            (
                "The operation failed because the object could not be found.",
                "notFound",
            ),
            (
                "The connection to the connect service was lost.",
                "connectivity",
            ),
            ("Error getting auth token", "setupAccount"),
        ] {
            assert_eq!(by_phrase(text).map(|cause| cause.key), Some(key), "{text}");
        }
        assert_eq!(by_phrase("nothing of ours"), None);
    }

    #[test]
    fn reasons_of_the_audit_log_name_causes() {
        for (word, key) in table::REASONS {
            assert_eq!(by_reason(word).map(|cause| cause.key), Some(*key), "{word}");
        }
        let banned = by_reason("FuzzyPolicyViolationInvalidPassword").unwrap();
        assert_eq!(
            (banned.key, banned.fault),
            ("bannedPassword", Fault::Policy)
        );
        assert_eq!(by_reason("Successfully completed reset."), None);
    }

    #[test]
    fn every_documented_code_has_its_cause() {
        for code in [
            "80230619", "80230626", "8023061f", "8023042", "80230405", "8023062c", "80230818",
            "800700ce", "80004005", "80070005", "800708c5", "8007052d", "80070056", "80070775",
            "80070533", "80070525", "8007202f", "80072035", "8007203a",
        ] {
            assert!(HResult::parse(code).and_then(by_code).is_some(), "{code}");
        }
    }

    #[test]
    fn the_code_names_the_cause_more_finely_than_the_id() {
        let event = WindowsEvent {
            provider: "PasswordResetService".into(),
            id: 33001,
            message: Some("Reason: hr=80230818, message=x.".into()),
            ..WindowsEvent::default()
        };
        let cause = of_event(&event, &Message::parse(&event.text()));
        assert_eq!(cause.map(|c| c.key), Some("controllerUnreachable"));
    }
}
