//! Every documented event around password writeback: what it means and what to do about it.
//!
//! ```
//! use sspr::events::catalogue::{self, Lookup};
//!
//! let Lookup::Known(event) = catalogue::look_up("PasswordResetService", 31010) else { panic!() };
//! assert_eq!(event.symbol, "ResetUserPasswordByAdminSuccess");
//! ```

use std::sync::LazyLock;

use serde::Serialize;

/// The table, one event a line, with a heading.
const TABLE: &str = include_str!("catalogue/events.tsv");

static EVENTS: LazyLock<Vec<EventInfo>> = LazyLock::new(|| {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(EventInfo::of_line)
        .collect()
});

/// The program that writes an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// The writeback service of Entra Connect, provider `PasswordResetService`.
    Writeback,
    /// The synchronisation engine of Entra Connect, provider `ADSync`.
    Engine,
    /// Password hash synchronisation, provider `Directory Synchronization`.
    HashSync,
    /// The Security log, provider `Microsoft-Windows-Security-Auditing`.
    Security,
    /// The domain controller agent of Entra Password Protection.
    ProtectionAgent,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Writeback,
        Self::Engine,
        Self::HashSync,
        Self::Security,
        Self::ProtectionAgent,
    ];

    /// The provider's name.
    pub const fn provider(self) -> &'static str {
        match self {
            Self::Writeback => "PasswordResetService",
            Self::Engine => "ADSync",
            Self::HashSync => "Directory Synchronization",
            Self::Security => "Microsoft-Windows-Security-Auditing",
            Self::ProtectionAgent => "Microsoft-AzureADPasswordProtection-DCAgent",
        }
    }

    /// The source of a provider's name, in any case.
    pub fn of(provider: &str) -> Option<Self> {
        let provider = provider.trim();
        Self::ALL
            .into_iter()
            .find(|source| source.provider().eq_ignore_ascii_case(provider))
    }
}

/// How serious an event is, as its provider says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are Windows' own")]
pub enum Level {
    Information,
    Warning,
    Error,
}

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Area {
    /// A self-service reset of a forgotten password.
    Reset,
    /// A change with the old password.
    Change,
    /// A reset by an administrator.
    AdminReset,
    /// An unlock.
    Unlock,
    /// Writeback being switched on.
    Onboarding,
    /// Writeback being switched off.
    Offboarding,
    /// The writeback service itself.
    Service,
    /// Its connections to the cloud.
    Connectivity,
    /// Its keys.
    Keys,
    /// What the directory answered.
    Directory,
    /// Password hash synchronisation.
    HashSync,
    /// Anything else.
    Other,
}

/// Where in an operation an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum EventStage {
    /// It begins.
    Start,
    /// It succeeded.
    Success,
    /// It failed.
    Failure,
    /// It ended; the text or the keywords say how.
    Either,
    /// None of these.
    Information,
}

/// What is known of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventInfo {
    /// Who writes it.
    pub source: Source,
    /// Its id.
    pub id: u32,
    /// Its documented symbol or title; empty when none is published.
    pub symbol: &'static str,
    /// Its level.
    pub level: Level,
    /// Whether the level was seen in a real log. Microsoft's tables do not state levels.
    pub level_observed: bool,
    /// What it is about.
    pub area: Area,
    /// Where in an operation it stands.
    pub stage: EventStage,
    /// What it says.
    pub meaning: &'static str,
    /// What is likely behind it; may be empty.
    pub cause: &'static str,
    /// What helps; may be empty.
    pub remedy: &'static str,
    /// A remark; may be empty.
    pub note: &'static str,
    /// Addresses of the pages that say so.
    pub sources: Vec<&'static str>,
}

/// What the catalogue says of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// It is documented.
    Known(&'static EventInfo),
    /// It comes from a source that is known, and no page documents its id.
    Unknown(Source),
    /// It comes from another source.
    Foreign,
}

/// All events, by source and in the order of their documentation.
pub fn all() -> &'static [EventInfo] {
    &EVENTS
}

/// The event of a provider and an id.
pub fn look_up(provider: &str, id: u32) -> Lookup {
    let Some(source) = Source::of(provider) else {
        return Lookup::Foreign;
    };
    all()
        .iter()
        .find(|event| event.source == source && event.id == id)
        .map_or(Lookup::Unknown(source), Lookup::Known)
}

/// The events of an id, whoever writes them.
pub fn by_id(id: u32) -> impl Iterator<Item = &'static EventInfo> {
    all().iter().filter(move |event| event.id == id)
}

impl EventInfo {
    fn of_line(line: &'static str) -> Option<Self> {
        let mut fields = line.split('\t');
        let mut next = || fields.next();
        Some(Self {
            source: Source::of(next()?)?,
            id: next()?.parse().ok()?,
            symbol: next()?,
            level: match next()? {
                "information" => Level::Information,
                "warning" => Level::Warning,
                "error" => Level::Error,
                _ => return None,
            },
            level_observed: next()? == "observed",
            area: match next()? {
                "reset" => Area::Reset,
                "change" => Area::Change,
                "adminReset" => Area::AdminReset,
                "unlock" => Area::Unlock,
                "onboarding" => Area::Onboarding,
                "offboarding" => Area::Offboarding,
                "service" => Area::Service,
                "connectivity" => Area::Connectivity,
                "crypto" => Area::Keys,
                "directory" => Area::Directory,
                "hashSync" => Area::HashSync,
                "info" => Area::Other,
                _ => return None,
            },
            stage: match next()? {
                "start" => EventStage::Start,
                "success" => EventStage::Success,
                "failure" => EventStage::Failure,
                "either" => EventStage::Either,
                "info" => EventStage::Information,
                _ => return None,
            },
            meaning: next()?,
            cause: next()?,
            remedy: next()?,
            note: next()?,
            sources: next()?.split(' ').collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_an_event_with_a_source_and_a_meaning() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!((lines, all().len()), (97, 97));
        for event in all() {
            assert!(!event.meaning.is_empty(), "{}", event.id);
            assert!(
                event.sources.iter().all(|page| page.starts_with("http")),
                "{}",
                event.id
            );
        }
    }

    #[test]
    fn no_event_stands_twice() {
        let mut keys: Vec<_> = all().iter().map(|event| (event.source, event.id)).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all().len());
    }

    #[test]
    fn an_undocumented_id_of_a_known_source_is_unknown_and_not_foreign() {
        assert_eq!(
            look_up("passwordresetservice", 31025),
            Lookup::Unknown(Source::Writeback)
        );
        assert_eq!(look_up("PasswordReset", 31001), Lookup::Foreign);
    }

    #[test]
    fn the_administrators_reset_is_not_the_users() {
        assert!(matches!(look_up("PasswordResetService", 31002),
            Lookup::Known(event) if event.area == Area::Reset && event.stage == EventStage::Success));
        assert!(matches!(look_up("PasswordResetService", 31010),
            Lookup::Known(event) if event.area == Area::AdminReset && event.stage == EventStage::Success));
    }
}
