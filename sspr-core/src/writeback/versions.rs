//! Versions of Entra Connect with the dates that Microsoft has set for them.
//!
//! The dates change every few months, so they are data: [`VersionTable::builtin`] is what was
//! known when this library was built, and [`VersionTable::with_releases`] adds newer releases.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Version;

/// A release of Entra Connect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// The first day without support; absent while no date is set.
    #[serde(default)]
    pub supported_until: Option<NaiveDate>,
    /// Microsoft took it back: it is to be uninstalled.
    #[serde(default)]
    pub recalled: bool,
}

/// A version below which Entra Connect stops synchronising on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Floor {
    /// The least version that goes on.
    pub version: Version,
    /// The day on which everything below it stops.
    pub from: NaiveDate,
    /// That day also stops every server that does not sign in to Entra ID as an application.
    pub application_sign_in: bool,
}

/// A fault that Microsoft describes for some versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownFault {
    /// The first version that has it; absent when all older ones do.
    pub first: Option<Version>,
    /// The first version without it.
    pub fixed_in: Version,
    /// What happens, as a sentence.
    pub what: &'static str,
}

/// Whether Microsoft supports a version on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "state", content = "date")]
pub enum Support {
    /// Not since this day, or an earlier one for versions that the table does not list.
    Ended(NaiveDate),
    /// Until this day.
    Until(NaiveDate),
    /// No end is known.
    NoEnd,
}

/// What is to be said of a version on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// The minimum version that is in force and that the version does not meet.
    pub stopped_by: Option<Floor>,
    /// The next announced minimum version that the version does not meet.
    pub will_be_stopped_by: Option<Floor>,
    /// Floors, in force or announced, that the version meets and that ask for an application's
    /// sign-in besides.
    pub application_floors: Vec<Floor>,
    /// Microsoft took the version back.
    pub recalled: bool,
    /// Its support.
    pub support: Support,
    /// Its known faults.
    pub faults: Vec<KnownFault>,
    /// The table lists this very version.
    pub listed: bool,
    /// It is newer than anything the table knows.
    pub newer_than_table: bool,
}

/// Releases, minimum versions and faults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionTable {
    /// Releases, in ascending order.
    pub releases: Vec<Release>,
    /// Floors, in ascending order.
    pub floors: Vec<Floor>,
    /// Faults.
    pub faults: Vec<KnownFault>,
}

/// The minimum version of 2026-09-30 that the back-end hardening sets.
pub const HARDENING_FLOOR: Version = Version([2, 5, 79, 0]);
/// The minimum version of 2027-04-07, which asks for an application's sign-in besides.
pub const APPLICATION_FLOOR: Version = Version([2, 6, 84, 0]);

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MAX,
    }
}

/// Each support date is the successor's release plus twelve months; a recalled release is no
/// successor. 2.5.3.0 and everything from 2.6.84.0 on rest on a single public note that quotes
/// Microsoft's version history.
const RELEASES: &[(Version, Option<NaiveDate>)] = &[
    (Version([2, 1, 20, 0]), Some(day(2024, 6, 19))),
    (Version([2, 2, 1, 0]), Some(day(2024, 10, 11))),
    (Version([2, 2, 8, 0]), Some(day(2024, 12, 12))),
    (Version([2, 3, 2, 0]), Some(day(2025, 2, 21))),
    (Version([2, 3, 6, 0]), Some(day(2025, 4, 1))),
    // Published as "July 2025"; its successor came on 2024-07-15.
    (Version([2, 3, 8, 0]), Some(day(2025, 7, 15))),
    (Version([2, 5, 3, 0]), Some(day(2026, 7, 31))),
    (Version([2, 5, 76, 0]), Some(day(2026, 9, 1))),
    (Version([2, 5, 79, 0]), Some(day(2026, 10, 23))),
    (Version([2, 5, 190, 0]), Some(day(2027, 2, 2))),
    (Version([2, 6, 1, 0]), Some(day(2027, 3, 10))),
    (Version([2, 6, 3, 0]), Some(day(2027, 7, 7))),
    (Version([2, 6, 84, 0]), Some(day(2027, 9, 16))),
    (Version([2, 6, 91, 0]), Some(day(2027, 9, 23))),
    (Version([2, 6, 92, 0]), None),
];

/// Taken back by Microsoft.
const RECALLED: Version = Version([2, 6, 79, 0]);

const FLOORS: &[Floor] = &[
    Floor {
        version: Version([2, 0, 0, 0]),
        from: day(2023, 10, 1),
        application_sign_in: false,
    },
    Floor {
        version: HARDENING_FLOOR,
        from: day(2026, 9, 30),
        application_sign_in: false,
    },
    Floor {
        version: APPLICATION_FLOOR,
        from: day(2027, 4, 7),
        application_sign_in: true,
    },
];

const FAULTS: &[KnownFault] = &[
    KnownFault {
        first: None,
        fixed_in: Version([2, 1, 15, 0]),
        what: "Its set-up does not grant the Unexpire Password right, which writeback needs on \
            the root of each domain.",
    },
    KnownFault {
        first: None,
        fixed_in: Version([2, 1, 19, 0]),
        what: "A bug stops writeback with SSPR_0029 (ERROR_ACCESS_DENIED).",
    },
    KnownFault {
        first: None,
        fixed_in: Version([2, 3, 20, 0]),
        what: "Password resets can run into deadlocks of the server's own database.",
    },
    KnownFault {
        first: None,
        fixed_in: Version([2, 4, 18, 0]),
        what: "Nobody can sign in to Entra ID in its wizard since 2025-04-30, so writeback \
            cannot be switched there.",
    },
    KnownFault {
        first: Some(RECALLED),
        fixed_in: Version([2, 6, 79, 1]),
        what: "Microsoft took this version back.",
    },
    KnownFault {
        first: Some(Version([2, 6, 91, 0])),
        fixed_in: Version([2, 6, 92, 0]),
        what: "Enabling pass-through authentication in its wizard can fail.",
    },
];

impl VersionTable {
    /// What was known on 2026-10-06.
    pub fn builtin() -> Self {
        let recalled = Release {
            version: RECALLED,
            supported_until: None,
            recalled: true,
        };
        let releases = RELEASES.iter().map(|&(version, supported_until)| Release {
            version,
            supported_until,
            recalled: false,
        });
        Self {
            releases: Vec::new(),
            floors: FLOORS.to_vec(),
            faults: FAULTS.to_vec(),
        }
        .with_releases(releases.chain([recalled]))
    }

    /// Adds releases, each replacing the one of the same version.
    #[must_use]
    pub fn with_releases(mut self, releases: impl IntoIterator<Item = Release>) -> Self {
        for release in releases {
            match self
                .releases
                .binary_search_by(|known| known.version.cmp(&release.version))
            {
                Ok(at) => {
                    if let Some(known) = self.releases.get_mut(at) {
                        *known = release;
                    }
                }
                Err(at) => self.releases.insert(at, release),
            }
        }
        self
    }

    /// The newest release that was not taken back.
    pub fn newest(&self) -> Option<Version> {
        let mut usable = self.releases.iter().filter(|release| !release.recalled);
        usable.next_back().map(|release| release.version)
    }

    /// What is to be said of a version on the day of `as_of`, in UTC.
    ///
    /// ```
    /// use sspr::writeback::{Support, VersionTable};
    ///
    /// let table = VersionTable::builtin();
    /// let as_of = "2026-11-20T12:00:00Z".parse().unwrap();
    /// let standing = table.standing("2.5.79.0".parse().unwrap(), as_of);
    /// assert_eq!(standing.stopped_by, None);
    /// assert!(matches!(standing.support, Support::Ended(_)));
    /// ```
    pub fn standing(&self, version: Version, as_of: DateTime<Utc>) -> Standing {
        let today = as_of.date_naive();
        let missed = |in_force: bool| {
            let mut floors = self.floors.iter();
            floors
                .find(|floor| version < floor.version && (floor.from <= today) == in_force)
                .copied()
        };
        let listed = self.releases.iter().find(|r| r.version == version);
        Standing {
            stopped_by: missed(true),
            will_be_stopped_by: missed(false),
            application_floors: self
                .floors
                .iter()
                .filter(|floor| floor.application_sign_in && version >= floor.version)
                .copied()
                .collect(),
            recalled: listed.is_some_and(|release| release.recalled),
            support: self.support(version, listed, today),
            faults: self
                .faults
                .iter()
                .filter(|fault| {
                    version < fault.fixed_in && fault.first.is_none_or(|first| version >= first)
                })
                .copied()
                .collect(),
            listed: listed.is_some(),
            newer_than_table: self.releases.last().is_some_and(|r| version > r.version),
        }
    }

    fn support(&self, version: Version, listed: Option<&Release>, today: NaiveDate) -> Support {
        let own = listed.and_then(|release| release.supported_until);
        // Support ends in the order of versions, so what is older than a retired one is retired.
        let ends = || {
            let newer = self.releases.iter().filter(|r| r.version > version);
            newer.filter_map(|release| release.supported_until)
        };
        match own
            .into_iter()
            .chain(ends())
            .filter(|end| *end <= today)
            .min()
        {
            Some(end) => Support::Ended(own.map_or(end, |own| own.min(end))),
            None => own.map_or(Support::NoEnd, Support::Until),
        }
    }
}

impl Default for VersionTable {
    fn default() -> Self {
        Self::builtin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(version: &str, day: &str) -> Standing {
        VersionTable::builtin().standing(
            version.parse().unwrap(),
            format!("{day}T12:00:00Z").parse().unwrap(),
        )
    }

    #[test]
    fn floors_stop_versions_from_their_day_on() {
        assert_eq!(standing("2.5.76.0", "2026-09-29").stopped_by, None);
        let stopped = standing("2.5.76.0", "2026-09-30").stopped_by.unwrap();
        assert_eq!(stopped.version, HARDENING_FLOOR);
        assert!(standing("1.6.16.0", "2023-10-01").stopped_by.is_some());
        assert_eq!(standing("2.5.79.0", "2026-11-20").stopped_by, None);
        let later = standing("2.5.79.0", "2026-11-20")
            .will_be_stopped_by
            .unwrap();
        assert_eq!(later.version, APPLICATION_FLOOR);
        assert!(standing("2.6.3.0", "2027-04-07").stopped_by.is_some());
        assert_eq!(standing("2.6.92.0", "2027-04-07").stopped_by, None);
        assert_eq!(
            standing("2.6.92.0", "2027-04-07").application_floors.len(),
            1
        );
    }

    #[test]
    fn what_is_older_than_a_retired_version_is_retired() {
        let ended = Support::Ended(day(2026, 10, 23));
        assert_eq!(standing("2.5.79.0", "2026-10-23").support, ended);
        assert_eq!(
            standing("2.5.79.0", "2026-10-22").support,
            Support::Until(day(2026, 10, 23))
        );
        assert!(matches!(
            standing("2.4.18.0", "2026-11-20").support,
            Support::Ended(_)
        ));
        assert_eq!(standing("2.6.92.0", "2028-01-01").support, Support::NoEnd);
        assert!(standing("3.0.0.0", "2026-11-20").newer_than_table);
    }

    #[test]
    fn faults_and_recalls_belong_to_their_versions() {
        assert!(standing("2.6.79.0", "2026-11-20").recalled);
        assert_eq!(standing("2.6.91.0", "2026-11-20").faults.len(), 1);
        assert!(standing("2.6.92.0", "2026-11-20").faults.is_empty());
        assert_eq!(standing("2.1.15.0", "2026-11-20").faults.len(), 3);
    }

    #[test]
    fn a_caller_adds_newer_releases() {
        let newer = Release {
            version: "2.6.100.0".parse().unwrap(),
            supported_until: None,
            recalled: false,
        };
        let table = VersionTable::builtin().with_releases([newer]);
        assert_eq!(table.newest(), Some(Version([2, 6, 100, 0])));
    }
}
