//! What an event does to an operation.

use super::Kind;
use crate::events::WindowsEvent;
use crate::events::catalogue::Source;

/// What an event does to the operation it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It begins.
    Start(Kind),
    /// It succeeds.
    Success(Kind),
    /// It fails.
    Failure(Option<Kind>),
    /// It belongs to an operation if one has its tracking id, and is none by itself.
    Aside,
    /// The engine's side of a failure, which has no tracking id.
    Engine,
}

impl Step {
    /// The step of an event, if it has to do with operations.
    pub(super) fn of(event: &WindowsEvent) -> Option<Self> {
        match Source::of(&event.provider)? {
            Source::Engine if event.id == 6329 => return Some(Self::Engine),
            Source::Writeback => {}
            _ => return None,
        }
        Some(match event.id {
            31001 => Self::Start(Kind::Reset),
            31002 => Self::Success(Kind::Reset),
            31003 => Self::Failure(Some(Kind::Reset)),
            31004 => Self::Start(Kind::Onboarding),
            31005 => Self::Success(Kind::Onboarding),
            31006 => Self::Start(Kind::Change),
            31007 => Self::Success(Kind::Change),
            31008 => Self::Failure(Some(Kind::Change)),
            31009 => Self::Start(Kind::AdminReset),
            31010 => Self::Success(Kind::AdminReset),
            31011 => Self::Failure(Some(Kind::AdminReset)),
            31012 => Self::Start(Kind::Offboarding),
            31013 => Self::Success(Kind::Offboarding),
            31014 | 32013 => Self::Failure(Some(Kind::Offboarding)),
            32011 => Self::Failure(Some(Kind::Onboarding)),
            // These say that one operation failed, whatever it was.
            32000 | 32003 | 32004 | 32008 | 33001..=33009 => Self::Failure(None),
            // The service's own troubles end an operation only if they carry its tracking id.
            31017 | 31018 | 32001 | 32002 | 32005 | 32007 | 32009 | 32010 => Self::Aside,
            _ => return None,
        })
    }

    /// Whether an aside ends the operation it belongs to.
    pub(super) const fn aside_fails(id: u32) -> bool {
        id >= 32000
    }
}
