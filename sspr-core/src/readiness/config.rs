//! The configuration: severities, thresholds, exclusions, switched-off rules.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{Severity, rules};
use crate::error::{Error, Result};
use crate::evidence::Locator;
use crate::tenant::PersonRef;
use crate::writeback::{Release, VersionTable};

/// What an administrator may change about the judgement. Written in TOML.
///
/// ```toml
/// off = ["SSPR113"]
/// [severity]
/// SSPR103 = "error"
/// [thresholds]
/// evidenceAgeDays = 60
/// [exclude]
/// ous = ["OU=Service,DC=contoso,DC=com"]
/// names = ["svc-*"]
/// disabled = true
/// # A release of Entra Connect that came after this library.
/// [[connectReleases]]
/// version = "2.6.100.0"
/// supportedUntil = "2028-01-31"
/// ```
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Configuration {
    /// Rules that are not judged.
    pub off: BTreeSet<String>,
    /// Severities by rule.
    pub severity: BTreeMap<String, Severity>,
    /// Thresholds.
    pub thresholds: Thresholds,
    /// People who do not count.
    pub exclude: Exclude,
    /// Releases of Entra Connect that the built-in table does not know, or knows otherwise.
    pub connect_releases: Vec<Release>,
}

macro_rules! thresholds {
    ($($(#[$doc:meta])* $field:ident / $name:literal: $type:ty = $default:expr,)*) => {
        /// The numbers that rules compare with.
        #[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
        pub struct Thresholds {
            $($(#[$doc])* pub $field: $type,)*
        }

        impl Default for Thresholds {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl Thresholds {
            /// What differs from the defaults, in words.
            fn changes(&self) -> Vec<String> {
                let default = Self::default();
                let mut changes = Vec::new();
                $(if self.$field != default.$field {
                    changes.push(format!("threshold {} is {} (default {})", $name, self.$field, default.$field));
                })*
                changes
            }
        }
    };
}

thresholds! {
    /// SSPR113: days before users reconfirm.
    reconfirm_days / "reconfirmDays": u32 = 180,
    /// SSPR122: per cent of enabled people in scope who can reset.
    capable_percent / "capablePercent": u32 = 80,
    /// SSPR213: hours since the last synchronisation.
    sync_age_hours / "syncAgeHours": u32 = 24,
    /// SSPR225: minutes that a clock may be off.
    clock_offset_minutes / "clockOffsetMinutes": u32 = 5,
    /// SSPR603: attempts without a success.
    attempts_without_success / "attemptsWithoutSuccess": u32 = 3,
    /// SSPR605: minutes before the end of a log in which an operation may be open.
    open_operation_minutes / "openOperationMinutes": u32 = 15,
    /// SSPR610: a burst, as a multiple of the median.
    burst_factor / "burstFactor": u32 = 5,
    /// SSPR610: the least number of events in a burst.
    burst_minimum / "burstMinimum": u32 = 10,
    /// SSPR611: days that a log should span.
    log_span_days / "logSpanDays": u32 = 7,
    /// SSPR612: per cent of attempts refused by policy or state.
    refused_percent / "refusedPercent": u32 = 20,
    /// SSPR613: seconds from start to end on the server, 95th percentile.
    server_seconds / "serverSeconds": u32 = 15,
    /// SSPR613: seconds from cloud to domain, 95th percentile.
    round_trip_seconds / "roundTripSeconds": u32 = 120,
    /// SSPR703: days before a trial ends.
    trial_days / "trialDays": u32 = 30,
    /// SSPR901: days that evidence may be old.
    evidence_age_days / "evidenceAgeDays": u32 = 30,
    /// SSPR901: days that evidence may lie apart.
    evidence_spread_days / "evidenceSpreadDays": u32 = 7,
}

/// People who do not count.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Exclude {
    /// Distinguished names of containers; all below them is excluded.
    pub ous: Vec<String>,
    /// Object ids of groups whose members are excluded.
    pub groups: Vec<uuid::Uuid>,
    /// Patterns of user principal names; `*` stands for any text.
    pub names: Vec<String>,
    /// Leave out disabled accounts.
    pub disabled: bool,
    /// Members of `groups`, sorted; filled in from the evidence.
    #[serde(skip)]
    pub(super) members: Vec<uuid::Uuid>,
}

impl Configuration {
    /// Reads a configuration and checks that every rule it names exists.
    pub fn parse(text: &str) -> Result<Self> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let place = error.span().map_or(Locator::Whole, |span| {
                let before = text.get(..span.start).unwrap_or_default();
                Locator::Line(before.matches('\n').count() as u64 + 1)
            });
            Error::syntax(place, error.message().to_owned())
        })?;
        for code in config.off.iter().chain(config.severity.keys()) {
            if rules::find(code).is_none() {
                return Err(Error::value(
                    Locator::Whole,
                    format!("there is no rule {}", code.escape_debug()),
                ));
            }
        }
        Ok(config)
    }

    /// The versions of Entra Connect with their dates.
    pub fn version_table(&self) -> VersionTable {
        VersionTable::builtin().with_releases(self.connect_releases.iter().cloned())
    }

    /// What it changes, in words.
    pub fn changes(&self) -> Vec<String> {
        let mut changes: Vec<_> = self
            .off
            .iter()
            .map(|code| format!("{code} is switched off"))
            .collect();
        changes.extend(self.severity.iter().map(|(code, severity)| {
            let word = match severity {
                Severity::Error => "an error",
                Severity::Warning => "a warning",
                Severity::Information => "information",
            };
            format!("{code} weighs as {word}")
        }));
        changes.extend(self.thresholds.changes());
        let exclude = &self.exclude;
        changes.extend(
            exclude
                .ous
                .iter()
                .map(|ou| format!("people below {ou} are excluded")),
        );
        changes.extend(
            exclude
                .groups
                .iter()
                .map(|id| format!("members of group {id} are excluded")),
        );
        changes.extend(
            exclude
                .names
                .iter()
                .map(|name| format!("people named {name} are excluded")),
        );
        if exclude.disabled {
            changes.push("disabled accounts are excluded".into());
        }
        changes.extend(self.connect_releases.iter().map(|release| {
            let end = release
                .supported_until
                .map_or_else(|| "without an end".to_owned(), |end| format!("until {end}"));
            format!("Entra Connect {} is supported {end}", release.version)
        }));
        changes
    }
}

impl Exclude {
    /// Whether a user principal name fits one of the excluded patterns.
    pub fn covers_name(&self, upn: &str) -> bool {
        self.names.iter().any(|pattern| matches(pattern, upn))
    }

    /// Whether a person is excluded.
    pub fn covers(&self, person: &PersonRef<'_>) -> bool {
        (self.disabled && person.flags().enabled() == Some(false))
            || self.covers_name(person.upn())
            || self.members.binary_search(&person.id()).is_ok()
            || person
                .container()
                .is_some_and(|container| self.ous.iter().any(|ou| is_below(container, ou)))
    }
}

/// Whether a container is `ou` or lies below it, in any case.
pub(super) fn is_below(container: &str, ou: &str) -> bool {
    let (container, ou) = (container.to_lowercase(), ou.to_lowercase());
    container == ou || container.ends_with(&format!(",{ou}"))
}

/// Whether a pattern with `*` fits a text, in any case.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

impl Exclude {
    /// Looks the members of the excluded groups up.
    pub(super) fn resolve(&mut self, facts: &crate::snapshot::Facts) {
        let members = self
            .groups
            .iter()
            .filter_map(|id| facts.people.groups.get(id)?.members.value())
            .flat_map(|members| members.ids.iter().copied());
        self.members = members.collect();
        self.members.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let error = Configuration::parse("off = []\n[thresholds]\nevidenceAge = 3\n").unwrap_err();
        assert_eq!(error.place, Locator::Line(3));
    }

    #[test]
    fn an_unknown_rule_is_refused_by_name() {
        let error = Configuration::parse("off = [\"SSPR999\"]").unwrap_err();
        assert!(error.message.contains("SSPR999"));
    }

    #[test]
    fn changes_are_said_in_words() {
        let config = Configuration::parse(
            "off = [\"SSPR401\"]\n[thresholds]\nevidenceAgeDays = 60\n[exclude]\nnames = [\"svc-*\"]",
        )
        .unwrap();
        assert_eq!(
            config.changes(),
            [
                "SSPR401 is switched off",
                "threshold evidenceAgeDays is 60 (default 30)",
                "people named svc-* are excluded",
            ]
        );
    }

    #[test]
    fn patterns_match_whole_names_in_any_case() {
        assert!(matches("svc-*", "SVC-sync@contoso.com"));
        assert!(matches("*@contoso.com", "jdoe@contoso.com"));
        assert!(matches("a*b*c", "axxbyyc"));
        assert!(!matches("svc-*", "jdoe@contoso.com"));
        assert!(!matches("jdoe", "jdoe@contoso.com"));
        assert!(!matches("ab*b", "ab"));
    }

    #[test]
    fn containers_match_by_whole_components() {
        let ou = "OU=Service,DC=contoso,DC=com";
        assert!(is_below("ou=service,dc=contoso,dc=com", ou));
        assert!(is_below("OU=A,OU=Service,DC=contoso,DC=com", ou));
        assert!(!is_below(
            "OU=MyService,DC=contoso,DC=com",
            "Service,DC=contoso,DC=com"
        ));
    }
}
