//! What an activity's name means, and how an activity ended.

use super::{Activity, Agent, AuditResult, SERVICE};

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

/// The directory's own record of a reset.
const DIRECTORY_RESET: &str = "reset user password";

/// What every row of CSV that [`activity_of`] knows holds, in any case.
pub(super) const MARKS: [&str; 2] = ["password", "unlock user account"];

/// What an activity is, by its name and by the service that logged it. Exports that leave the
/// service out are known by the names alone, which no other service has. `None` is an activity
/// that is none of ours.
pub(super) fn activity_of(name: &str, service: Option<&str>) -> Option<Activity> {
    let lower = name.trim().to_ascii_lowercase();
    let known = ACTIVITIES
        .iter()
        .find(|(start, _)| lower.starts_with(start))
        .map(|(_, activity)| *activity);
    let directory = (lower == DIRECTORY_RESET).then_some(Activity::DirectoryReset);
    match service {
        Some(service) if service.trim().eq_ignore_ascii_case(SERVICE) => {
            Some(known.unwrap_or(Activity::Other))
        }
        Some(service) if !service.trim().is_empty() => directory,
        _ => known.or(directory),
    }
}

/// How an activity ended, in words or as Graph numbers them.
pub(super) fn result_of(word: &str) -> Option<AuditResult> {
    match word.trim().to_ascii_lowercase().as_str() {
        "success" | "succeeded" | "0" => Some(AuditResult::Success),
        "failure" | "failed" | "1" => Some(AuditResult::Failure),
        "timeout" | "2" => Some(AuditResult::Timeout),
        _ => None,
    }
}

/// What the pairs of additional details say.
pub(super) struct Details {
    /// Which agent wrote the password back.
    pub(super) agent: Option<Agent>,
    /// How the person proved to be the owner.
    pub(super) method: Option<String>,
}

impl Details {
    /// Reads keys and values, in their order.
    pub(super) fn read(
        pairs: &[(String, String)],
        activity: Activity,
        result: AuditResult,
    ) -> Self {
        let own = matches!(activity, Activity::Reset | Activity::Unlock);
        let method = pairs
            .iter()
            .find(|(key, _)| key.to_ascii_lowercase().contains("method"))
            .or_else(|| {
                // A successful reset by the person has the method first, under a key that no
                // documentation names.
                let first = pairs.first()?;
                (own && result == AuditResult::Success && !speaks_of_agent(&first.0))
                    .then_some(first)
            })
            .map(|(_, value)| value.trim().to_owned())
            .filter(|value| !value.is_empty());
        Self {
            agent: pairs.iter().find_map(agent),
            method,
        }
    }
}

fn speaks_of_agent(key: &str) -> bool {
    key.to_ascii_lowercase().contains("agent")
}

/// The agent of a writeback. Its key is documented on one page only, so any key that speaks of an
/// agent counts, but for the browser's.
fn agent((key, value): &(String, String)) -> Option<Agent> {
    let key = key.to_ascii_lowercase().replace(['-', ' '], "");
    if !speaks_of_agent(&key) || key.contains("useragent") {
        return None;
    }
    match value.to_lowercase().replace([' ', '-'], "").as_str() {
        "none" | "" => Some(Agent::None),
        "cloudsync" | "microsoftentracloudsync" => Some(Agent::CloudSync),
        "aadconnect" | "microsoftentraconnect" | "entraconnect" | "azureadconnect" => {
            Some(Agent::EntraConnect)
        }
        _ => None,
    }
}
