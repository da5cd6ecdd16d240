//! What really happened: the operations, and what each event has to do with them.

use chrono::{DateTime, Utc};
use sspr::roundtrip::{Kind, Outcome};

use super::clocks::Machine;
use super::failures::Failure;

/// One operation as it really was.
#[derive(Debug, Clone, PartialEq)]
pub struct TrueOperation {
    /// What was asked for.
    pub kind: Kind,
    /// How it ended.
    pub outcome: Outcome,
    /// Whose password it is, by number; nobody's in operations of the service.
    pub person: Option<usize>,
    /// When it began, by a clock that is right.
    pub at: DateTime<Utc>,
    /// The server that carried it out; none when it never came there.
    pub server: Option<Machine>,
    /// It also unlocked the account.
    pub unlock: bool,
    pub(super) failure: Option<&'static Failure>,
    /// What the cloud said of it.
    pub(super) answer: Answer,
    /// The administrator, by number.
    pub(super) admin: usize,
    /// Made by the person in My Sign-Ins, where the service sees an administrator's reset.
    pub(super) own: bool,
    /// The attempts of one flow share a correlation id.
    pub(super) flow: usize,
    /// The service wrote no tracking ids for it.
    pub(super) untracked: bool,
}

/// What a closing record of the cloud says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// It worked, and an agent wrote it.
    Written,
    /// It worked in the cloud alone.
    CloudOnly,
    /// The domain has it, the cloud has not: a success with a reason.
    OnlyOnPremises,
    /// The cloud calls it a failure, with a reason.
    Failed(&'static str),
    /// The person is held back.
    Blocked,
}

/// What an event has to do with operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It is one of the operation's core events.
    Core(usize),
    /// It may stand with that operation, and with no other one.
    Beside(usize),
    /// It may stand with any operation of that person; without a person, with any at all.
    Context(Option<usize>),
    /// It belongs to no operation: a password set outside of writeback.
    Apart,
}

/// An event as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct TrueEvent {
    /// Who wrote it.
    pub machine: Machine,
    /// When, by a clock that is right.
    pub at: DateTime<Utc>,
    /// When, by the clock of the machine.
    pub shown: DateTime<Utc>,
    /// Its number in its log.
    pub record: u64,
    /// What it has to do with operations.
    pub role: Role,
    /// It is in no log.
    pub lost: bool,
    pub(super) body: Body,
}

/// What an event says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// An operation begins.
    Start(usize),
    /// An operation succeeds.
    Success(usize),
    /// An operation fails, in the words of the 31xxx.
    Fail(usize),
    /// The event that says why.
    Cause(usize),
    /// The engine's side of it.
    Engine(usize, Engine),
    /// The engine's lines on the way: 405, 403 and 405.
    Chatter(u16),
    /// An event of an operation of the service.
    Boarding(usize, u16),
    /// An event of the service itself.
    Service(u16, usize),
    HashRequest(usize),
    HashResult(usize),
    /// 4723 or 4724, and whether the domain took it.
    Set {
        person: usize,
        id: u16,
        by: Subject,
        taken: bool,
    },
    /// 4738, and whether the password was changed with it.
    Changed {
        person: usize,
        by: Subject,
        password: bool,
    },
    Unlocked {
        person: usize,
        by: Subject,
    },
    LockedOut(usize),
    /// 4624, 4768 or 4776.
    SignIn(usize, u16),
    /// The record that closes an operation.
    Closing(usize),
    /// A step of a flow.
    Progress {
        flow: usize,
        person: usize,
        text: &'static str,
        good: bool,
    },
    /// The directory's own record.
    Directory {
        flow: usize,
        person: usize,
    },
    /// A person registered.
    Registered(usize, bool),
    /// Writeback was switched on for the directory.
    Enabled,
}

/// What the engine's 6329 says of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    /// The same result code as the service.
    Same,
    /// A phrase without a code.
    Phrase,
    /// Another code.
    Other,
}

/// Who does something in the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// The connector account of a server.
    Connector(Machine),
    /// Someone at the help desk.
    Helpdesk(u8),
    /// The person.
    Own,
}

impl TrueOperation {
    /// Whether the core events that are left still show what was asked for.
    pub(super) fn shows_kind(&self, left: &[&TrueEvent]) -> bool {
        let any = |what: &dyn Fn(&Body) -> bool| left.iter().any(|event| what(&event.body));
        let closing = any(&|body| matches!(body, Body::Closing(_)));
        let service =
            any(&|body| matches!(body, Body::Start(_) | Body::Success(_) | Body::Fail(_)));
        match self.kind {
            Kind::Onboarding | Kind::Offboarding => {
                any(&|body| matches!(body, Body::Boarding(_, 31004 | 31005 | 31012 | 31013)))
            }
            _ if closing => true,
            Kind::Unlock => any(&|body| matches!(body, Body::Unlocked { .. })),
            // What also unlocks looks like an unlock when the domain's record of the password is lost.
            Kind::Reset if self.unlock => {
                service && any(&|body| matches!(body, Body::Set { id: 4724, .. }))
            }
            // The service sees an administrator's reset.
            Kind::Change if self.own => false,
            Kind::Change => service || any(&|body| matches!(body, Body::Set { id: 4723, .. })),
            _ => service,
        }
    }

    /// Whether the core events that are left still show how it ended.
    pub(super) fn shows_outcome(&self, left: &[&TrueEvent]) -> bool {
        let any = |what: &dyn Fn(&Body) -> bool| left.iter().any(|event| what(&event.body));
        match self.outcome {
            _ if self.kind.is_service() => {
                any(&|body| matches!(body, Body::Boarding(_, 31005 | 31013 | 32011)))
            }
            Outcome::Written if self.kind == Kind::Unlock => {
                any(&|body| matches!(body, Body::Success(_) | Body::Unlocked { .. }))
            }
            Outcome::Written => {
                any(&|body| matches!(body, Body::Success(_) | Body::Set { taken: true, .. }))
            }
            Outcome::Refused | Outcome::Failed if self.server.is_some() => {
                any(&|body| matches!(body, Body::Cause(_)))
            }
            Outcome::Unfinished => any(&|body| matches!(body, Body::Start(_))),
            _ => any(&|body| matches!(body, Body::Closing(_))),
        }
    }
}
