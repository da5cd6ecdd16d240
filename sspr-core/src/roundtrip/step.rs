//! What an event does to an operation, by its provider and id.

use super::Kind;
use super::item::What;
use crate::events::WindowsEvent;
use crate::events::catalogue::Source;

/// What an event does, if it has to do with operations.
pub(super) fn what(event: &WindowsEvent) -> Option<What> {
    Some(match (Source::of(&event.provider)?, event.id) {
        (Source::Writeback, id) => service(id),
        (Source::Engine, 6329) => What::Engine,
        (Source::Engine, 403 | 405) => What::Diagnostic,
        (Source::HashSync, 656 | 657) => What::HashSync,
        (Source::Security, 4723) => What::Change,
        (Source::Security, 4724) => What::Reset,
        (Source::Security, 4738) => What::Edit,
        (Source::Security, 4740) => What::Lockout,
        (Source::Security, 4767) => What::Unlock,
        (Source::Security, 4624 | 4768 | 4776) => What::SignIn,
        // Refusals alone: what passed, passed.
        (
            Source::ProtectionAgent,
            10016 | 10017 | 30002..=30005 | 30021 | 30022 | 30026 | 30027,
        ) => What::Agent,
        _ => return None,
    })
}

/// What an event of the writeback service does.
const fn service(id: u32) -> What {
    match id {
        31001 => What::Start(Kind::Reset),
        31002 => What::Success(Kind::Reset),
        31003 => What::Failure(Some(Kind::Reset)),
        31004 => What::Start(Kind::Onboarding),
        31005 => What::Success(Kind::Onboarding),
        31006 => What::Start(Kind::Change),
        31007 => What::Success(Kind::Change),
        31008 => What::Failure(Some(Kind::Change)),
        31009 => What::Start(Kind::AdminReset),
        31010 => What::Success(Kind::AdminReset),
        31011 => What::Failure(Some(Kind::AdminReset)),
        31012 => What::Start(Kind::Offboarding),
        31013 => What::Success(Kind::Offboarding),
        31014 | 32013 => What::Failure(Some(Kind::Offboarding)),
        32011 => What::Failure(Some(Kind::Onboarding)),
        // These say that one operation failed, whatever it was.
        32000 | 32003 | 32004 | 32008 | 33001..=33009 => What::Failure(None),
        // The service's own troubles end an operation only if they carry its tracking id.
        _ => What::Aside,
    }
}

/// Whether an event of the service that is none of an operation's steps ends the operation whose
/// tracking id it carries.
pub(super) const fn aside_fails(id: u32) -> bool {
    id >= 32000 || matches!(id, 31034 | 31044)
}
