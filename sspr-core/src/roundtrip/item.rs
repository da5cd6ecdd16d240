//! An event in the few bytes that joining needs.

use chrono::{DateTime, Datelike, Utc};
use uuid::Uuid;

use super::Kind;
use super::names::Name;
use crate::events::StackOperation;
use crate::events::audit::{Activity, Agent};
use crate::events::catalogue::Source;
use crate::events::causes::RootCause;
use crate::evidence::{Locator, Provenance, SourceId, Strength};

/// Whether a clock of Windows can show a time. What lies beyond counts as none: nothing can be reckoned
/// with it.
pub(super) fn can_be(time: &DateTime<Utc>) -> bool {
    (1601..=9999).contains(&time.year())
}

/// What an event does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum What {
    /// The service began.
    Start(Kind),
    /// The service succeeded.
    Success(Kind),
    /// The service failed.
    Failure(Option<Kind>),
    /// Any other event of the service, which belongs to an operation if one has its tracking id.
    Aside,
    /// The engine's side of a failure (6329).
    Engine,
    /// The engine's diagnostic lines (403, 405).
    Diagnostic,
    /// Hash synchronisation took the password (656) or answered (657).
    HashSync,
    /// 4724
    Reset,
    /// 4723
    Change,
    /// 4738
    Edit,
    /// 4767
    Unlock,
    /// 4740
    Lockout,
    /// 4624, 4768, 4776
    SignIn,
    /// The protection agent refused a password.
    Agent,
    /// A record of the audit log.
    Audit(Activity),
    /// `pwdLastSet`
    PasswordSet,
}

/// What a record of the audit log answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) enum Answer {
    /// It is no record, or it does not say.
    #[default]
    Unclear,
    Success,
    /// The domain took it and the cloud did not.
    CloudFailed,
    /// The cloud or the domain said no to this password or person.
    Refused,
    /// The machinery could not.
    Failed,
}

/// One event.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that an event says"
)]
pub(super) struct Item {
    pub(super) time: Option<DateTime<Utc>>,
    /// The record number, or a hash of the text of what has none.
    pub(super) order: u64,
    pub(super) has_record: bool,
    pub(super) what: What,
    /// The event id; 0 for what is no event of a Windows log.
    pub(super) id: u32,
    pub(super) host: Option<Name>,
    /// The host by its full name, if any event tells it.
    pub(super) machine: Option<Name>,
    pub(super) user: Option<Name>,
    /// The cloud object.
    pub(super) anchor: Option<Name>,
    /// The immutable id.
    pub(super) source: Option<Name>,
    pub(super) account: Option<Name>,
    pub(super) domain: Option<Name>,
    pub(super) by: Option<Name>,
    pub(super) by_domain: Option<Name>,
    pub(super) by_sid: Option<Name>,
    /// The tracking id, or the correlation id of a record; nil for none.
    pub(super) tracking: Uuid,
    /// The result code; 0 for none.
    pub(super) code: u32,
    pub(super) cause: Option<&'static RootCause>,
    pub(super) stack: Option<StackOperation>,
    pub(super) unlock: Option<bool>,
    pub(super) force_change: Option<bool>,
    pub(super) agent: Option<Agent>,
    pub(super) answer: Answer,
    /// An audit failure, or a result that says so.
    pub(super) failed: bool,
    /// The administrator is the person.
    pub(super) own: bool,
    /// The password was set by it, as 4738 says.
    pub(super) sets: bool,
    pub(super) local_time: bool,
    pub(super) place: Place,
}

/// Where an event stands: [`Origins`] makes provenance of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    origin: u32,
    at: At,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Whole,
    Line(u64),
    Record(u64),
    Byte(u64),
    Other(u32),
}

impl Item {
    pub(super) fn blank(what: What, id: u32, place: Place) -> Self {
        Self {
            time: None,
            order: 0,
            has_record: false,
            what,
            id,
            host: None,
            machine: None,
            user: None,
            anchor: None,
            source: None,
            account: None,
            domain: None,
            by: None,
            by_domain: None,
            by_sid: None,
            tracking: Uuid::nil(),
            code: 0,
            cause: None,
            stack: None,
            unlock: None,
            force_change: None,
            agent: None,
            answer: Answer::Unclear,
            failed: false,
            own: false,
            sets: false,
            local_time: false,
            place,
        }
    }

    pub(super) fn micros(&self) -> Option<i64> {
        self.time.map(|time| time.timestamp_micros())
    }

    /// Who wrote it.
    pub(super) const fn provider(&self) -> &'static str {
        match self.what {
            What::Start(_) | What::Success(_) | What::Failure(_) | What::Aside => {
                Source::Writeback.provider()
            }
            What::Engine | What::Diagnostic => Source::Engine.provider(),
            What::HashSync => Source::HashSync.provider(),
            What::Reset
            | What::Change
            | What::Edit
            | What::Unlock
            | What::Lockout
            | What::SignIn => Source::Security.provider(),
            What::Agent => Source::ProtectionAgent.provider(),
            What::Audit(_) => "Entra audit log",
            What::PasswordSet => "pwdLastSet",
        }
    }

    /// A record that closes an operation.
    pub(super) const fn is_closing(&self) -> bool {
        matches!(
            self.what,
            What::Audit(
                Activity::Reset | Activity::Change | Activity::Unlock | Activity::AdminReset
            )
        )
    }

    /// Whether both tell of the same event, delivered twice. Carriers without record numbers give
    /// whole seconds.
    pub(super) fn is_again(&self, other: &Self) -> bool {
        let same = self.what == other.what
            && self.id == other.id
            && self.machine == other.machine
            && self.tracking == other.tracking
            && self.source == other.source
            && self.account == other.account
            && (self.has_record != other.has_record || self.order == other.order);
        same && match (self.time, other.time) {
            (Some(one), Some(two)) => {
                one == two
                    || (self.local_time || other.local_time) && self.has_record && other.has_record
                    || (one.timestamp() == two.timestamp()
                        && (one.timestamp_subsec_nanos() == 0 || two.timestamp_subsec_nanos() == 0))
            }
            (None, None) => true,
            _ => false,
        }
    }
}

/// `E_FAIL`, which says that something failed and not what.
pub(super) const UNSPECIFIED: u32 = 0x8000_4005;

/// When something was observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Observed {
    /// When the event was written.
    AsWritten,
    /// At another time, or at none that is known.
    At(Option<DateTime<Utc>>),
}

/// Provenance without places, stored once.
#[derive(Debug, Clone, Default)]
pub(super) struct Origins {
    origins: Vec<Origin>,
    others: Vec<Locator>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Origin {
    source: SourceId,
    strength: Strength,
    observed: Observed,
}

impl Origins {
    pub(super) fn place(&mut self, from: &Provenance, time: Option<DateTime<Utc>>) -> Place {
        let origin = Origin {
            source: from.source,
            strength: from.strength,
            observed: if from.observed_at == time {
                Observed::AsWritten
            } else {
                Observed::At(from.observed_at)
            },
        };
        // Events of one log come one after another.
        let known = self.origins.iter().rev().take(8).position(|o| *o == origin);
        let index = if let Some(back) = known {
            self.origins.len() - 1 - back
        } else {
            self.origins.push(origin);
            self.origins.len() - 1
        };
        let at = match &from.locator {
            Locator::Whole => At::Whole,
            Locator::Line(line) => At::Line(*line),
            Locator::Record(record) => At::Record(*record),
            Locator::Byte(byte) => At::Byte(*byte),
            other => {
                self.others.push(other.clone());
                At::Other(u32::try_from(self.others.len() - 1).unwrap_or(u32::MAX))
            }
        };
        Place {
            origin: u32::try_from(index).unwrap_or(u32::MAX),
            at,
        }
    }

    pub(super) fn provenance(&self, item: &Item) -> Provenance {
        let place = item.place;
        let origin = self.origins.get(place.origin as usize);
        Provenance {
            source: origin.map_or(SourceId(0), |origin| origin.source),
            locator: match place.at {
                At::Whole => Locator::Whole,
                At::Line(line) => Locator::Line(line),
                At::Record(record) => Locator::Record(record),
                At::Byte(byte) => Locator::Byte(byte),
                At::Other(index) => self.others.get(index as usize).cloned().unwrap_or_default(),
            },
            observed_at: match origin.map(|origin| origin.observed) {
                Some(Observed::At(time)) => time,
                Some(Observed::AsWritten) | None => item.time,
            },
            strength: origin.map_or(Strength::Inferred, |origin| origin.strength),
        }
    }
}
