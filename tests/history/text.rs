//! Events and records in the words in which Windows and the cloud write them.

use super::clocks::Machine;
use super::truth::{Body, TrueEvent};
use super::{History, Item};

mod application;
mod audit;
mod security;

use application::application;
use audit::audit;
use security::security;

impl Machine {
    /// The name that its events carry, in a forest of one domain or of two.
    pub fn name(self, two_domains: bool) -> &'static str {
        match self {
            Self::First => "aadc01.contoso.com",
            Self::Second => "aadc02.contoso.com",
            Self::Controller(0) => "dc01.contoso.com",
            Self::Controller(1) => "dc02.contoso.com",
            Self::Controller(_) if two_domains => "dc01.fabrikam.com",
            Self::Controller(_) => "dc03.contoso.com",
            Self::Cloud => "cloud",
        }
    }

    /// The account with which the server's connector writes.
    pub fn connector_account(self) -> &'static str {
        match self {
            Self::Second => "MSOL_89abcdef0123",
            _ => "MSOL_0123456789ab",
        }
    }
}

/// What an event says, in full.
pub(super) fn item(history: &History, event: &TrueEvent, number: usize) -> Item {
    match event.body {
        Body::Closing(_)
        | Body::Progress { .. }
        | Body::Directory { .. }
        | Body::Registered(..)
        | Body::Enabled => Item::Audit(Box::new(audit(history, event, number))),
        Body::Set { .. }
        | Body::Changed { .. }
        | Body::Unlocked { .. }
        | Body::LockedOut(_)
        | Body::SignIn(..) => Item::Event(Box::new(security(history, event))),
        _ => Item::Event(Box::new(application(history, event))),
    }
}

/// Who carried it out, where a person has others reset the password.
fn admin(history: &History, of: usize) -> String {
    let operation = &history.operations[of];
    if operation.own {
        history.person_of(of).upn.clone()
    } else {
        format!("helpdesk{}@contoso.com", operation.admin)
    }
}
