//! An operation that is being put together.

use chrono::{DateTime, Utc};

use super::step::Step;
use super::{Join, Kind, Link, Operation, Outcome, Person};
use crate::events::catalogue::Source;
use crate::events::causes::{self, Fault, RootCause};
use crate::events::{Message, StackOperation, WindowsEvent};
use crate::evidence::Provenance;

/// Most events kept of one operation; repeated deliveries could add more.
const LONGEST_CHAIN: usize = 32;

/// An operation so far. Events may come in any order.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that an event has said, and they come in any order"
)]
pub(super) struct Entry {
    operation: Operation,
    /// Something says that it is an operation at all.
    real: bool,
    succeeded: bool,
    failed: bool,
    /// An aside that would end it.
    troubled: bool,
    /// What the failures say, with the time and id of each.
    causes: Vec<(Option<DateTime<Utc>>, u32, &'static RootCause)>,
    engine: Option<&'static RootCause>,
    /// The engine's event has been joined.
    pub(super) has_engine: bool,
    stack: Option<StackOperation>,
}

impl Entry {
    pub(super) fn new() -> Self {
        Self {
            operation: Operation {
                kind: Kind::Unknown,
                outcome: Outcome::Unknown,
                person: Person::default(),
                admin: None,
                probably_own: false,
                tracking_id: None,
                host: None,
                start: None,
                end: None,
                unlock: None,
                force_change: None,
                code: None,
                cause: None,
                chain: Vec::new(),
                context: Vec::new(),
                stages: Vec::new(),
                notes: Vec::new(),
            },
            real: false,
            succeeded: false,
            failed: false,
            troubled: false,
            causes: Vec::new(),
            engine: None,
            has_engine: false,
            stack: None,
        }
    }

    pub(super) fn operation(&self) -> &Operation {
        &self.operation
    }

    pub(super) fn is_failed(&self) -> bool {
        self.failed && !self.succeeded
    }

    pub(super) fn has_start(&self) -> bool {
        self.operation.start.is_some()
    }

    pub(super) fn is_whole(&self) -> bool {
        self.has_start() && self.has_end()
    }

    fn has_end(&self) -> bool {
        self.succeeded || self.failed || (self.troubled && self.has_start())
    }

    /// Whether the same record was delivered before.
    fn has(&self, event: &WindowsEvent) -> bool {
        self.operation.chain.iter().any(|link| {
            link.event == Some(event.id)
                && link.time == event.time
                && (link.record == event.record || event.record.is_none())
        })
    }

    /// Adds an event; a record that is delivered again changes nothing.
    pub(super) fn add(
        &mut self,
        event: &WindowsEvent,
        message: &Message<'_>,
        step: Step,
        join: Join,
        from: &Provenance,
    ) {
        if self.has(event) {
            return;
        }
        if self.operation.chain.len() < LONGEST_CHAIN {
            self.operation.chain.push(Link {
                provider: Source::of(&event.provider).map_or("", Source::provider),
                event: Some(event.id),
                activity: None,
                time: event.time,
                corrected: None,
                host: event.computer.clone(),
                record: event.record,
                join,
                certainty: join.certainty(),
                doubts: Vec::new(),
                others: Vec::new(),
                from: from.clone(),
            });
        }
        self.note(event, message);
        match step {
            Step::Start(kind) => {
                self.real = true;
                self.kind(kind);
                self.operation.start = earlier(self.operation.start, event.time);
            }
            Step::Success(kind) => {
                self.real = true;
                self.succeeded = true;
                self.kind(kind);
                self.operation.end = earlier(self.operation.end, event.time);
            }
            Step::Failure(kind) => {
                self.real = true;
                self.failed = true;
                if let Some(kind) = kind {
                    self.kind(kind);
                }
                self.cause(event, message);
                self.operation.end = earlier(self.operation.end, event.time);
            }
            Step::Aside => {
                if Step::aside_fails(event.id) {
                    self.troubled = true;
                    self.cause(event, message);
                }
            }
            Step::Engine => {
                self.has_engine = true;
                self.engine = causes::of_event(event, message);
                if self.operation.chain.len() == 1 {
                    self.real = true;
                    self.failed = true;
                    self.operation.end = event.time;
                }
            }
        }
    }

    /// The fields of the message that nothing has told yet.
    fn note(&mut self, event: &WindowsEvent, message: &Message<'_>) {
        fn set(slot: &mut Option<String>, value: Option<&str>) {
            if slot.is_none() {
                *slot = value.map(str::to_owned);
            }
        }
        let operation = &mut self.operation;
        operation.tracking_id = operation.tracking_id.or(message.tracking_id);
        set(&mut operation.host, event.computer.as_deref());
        set(&mut operation.person.user, message.person());
        set(&mut operation.person.cloud_anchor, message.cloud_anchor);
        set(&mut operation.person.source_anchor, message.source_anchor);
        set(&mut operation.admin, message.admin);
        operation.unlock = operation.unlock.or(message.unlock);
        operation.force_change = operation.force_change.or(message.force_change);
        operation.code = operation.code.or(message.code);
        operation.probably_own |= message.admin_is_person();
        self.stack = self.stack.or(message.stack);
    }

    fn kind(&mut self, kind: Kind) {
        if self.operation.kind == Kind::Unknown {
            self.operation.kind = kind;
        }
    }

    fn cause(&mut self, event: &WindowsEvent, message: &Message<'_>) {
        if let Some(cause) = causes::of_event(event, message) {
            self.causes.push((event.time, event.id, cause));
        }
    }

    /// The operation as it stands, unless nothing says that there was one.
    pub(super) fn close(mut self) -> Option<Operation> {
        if !self.real {
            return None;
        }
        let operation = &mut self.operation;
        operation
            .chain
            .sort_by_key(|link| (link.time, link.record, link.event));
        // The other events are joined to the first; the engine's is always joined to the service's.
        let first = operation
            .chain
            .iter()
            .position(|link| link.join != Join::TimeAndCode)
            .unwrap_or_default();
        if let Some(link) = operation.chain.get_mut(first) {
            link.join = Join::First;
            link.certainty = Join::First.certainty();
        }
        if operation.kind == Kind::Unknown {
            // The frames of the exception are a second hint, weaker than an event's id.
            operation.kind = match self.stack {
                Some(StackOperation::Change) => Kind::Change,
                Some(StackOperation::Reset) => Kind::Reset,
                None => Kind::Unknown,
            };
        }
        if self.succeeded {
            operation.outcome = Outcome::Written;
            return Some(self.operation);
        }
        self.causes
            .sort_by_key(|(time, id, cause)| (cause.fault == Fault::Unclear, *time, *id));
        let service = self.causes.first().map(|(_, _, cause)| *cause);
        operation.cause = match (service, self.engine) {
            (Some(service), Some(engine))
                if service.fault == Fault::Unclear || service.fault == engine.fault =>
            {
                Some(engine)
            }
            (service, engine) => service.or(engine),
        };
        if operation.end.is_none() && self.troubled {
            operation.end = self.causes.iter().filter_map(|(time, _, _)| *time).min();
        }
        operation.outcome = if self.failed || self.troubled {
            match operation.cause.map(|cause| cause.fault) {
                Some(Fault::System) => Outcome::Failed,
                Some(Fault::Policy | Fault::Person) => Outcome::Refused,
                Some(Fault::Unclear) | None => Outcome::Unknown,
            }
        } else {
            Outcome::Unfinished
        };
        Some(self.operation)
    }
}

fn earlier(known: Option<DateTime<Utc>>, new: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    match (known, new) {
        (Some(known), Some(new)) => Some(known.min(new)),
        (known, new) => known.or(new),
    }
}
