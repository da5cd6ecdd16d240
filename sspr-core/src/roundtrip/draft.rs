//! An operation that is being put together.

use uuid::Uuid;

use super::item::{Item, What};
use super::names::Name;
use super::people::PersonId;
use super::{Certainty, Doubt, Join, Kind, step};

/// An operation so far.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) tracking: Uuid,
    pub(super) person: Option<PersonId>,
    pub(super) host: Option<Name>,
    pub(super) machine: Option<Name>,
    pub(super) core: Vec<Member>,
    pub(super) context: Vec<Member>,
    /// Times of the service's steps by its own clock, in microseconds.
    pub(super) start: Option<i64>,
    pub(super) success: Option<i64>,
    pub(super) failure: Option<i64>,
    pub(super) trouble: Option<i64>,
    pub(super) start_kind: Option<Kind>,
    pub(super) end_kind: Option<Kind>,
    pub(super) code: u32,
    pub(super) engine: bool,
    pub(super) several_hosts: bool,
    /// What the domain logged of it: a number in the list of writes.
    pub(super) write: Option<u32>,
    /// The record that closes it.
    pub(super) closing: Option<u32>,
}

/// An item of an operation.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) item: u32,
    pub(super) join: Join,
    pub(super) doubts: Vec<Doubt>,
    /// Other operations that may have it.
    pub(super) others: Vec<u32>,
}

impl Member {
    pub(super) fn new(item: u32, join: Join) -> Self {
        Self {
            item,
            join,
            doubts: Vec::new(),
            others: Vec::new(),
        }
    }

    pub(super) fn doubting(mut self, doubt: Doubt, is_so: bool) -> Self {
        if is_so && !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
        self
    }

    pub(super) fn certainty(&self) -> Certainty {
        let known = self.join.certainty();
        let serious = |doubt: &Doubt| match known {
            // An id needs no time.
            Certainty::Certain => *doubt == Doubt::Ambiguous,
            _ => true,
        };
        if self.doubts.iter().any(serious) {
            Certainty::Uncertain
        } else {
            known
        }
    }
}

impl Draft {
    /// Takes an event of the service.
    pub(super) fn service(&mut self, index: u32, item: &Item, join: Join) {
        if self.core.is_empty() {
            self.host = item.host;
            self.machine = item.machine;
            self.tracking = item.tracking;
        } else if self.machine != item.machine {
            self.several_hosts = true;
        }
        if self.tracking.is_nil() {
            self.tracking = item.tracking;
        }
        self.core.push(Member::new(index, join));
        if self.code == 0 {
            self.code = item.code;
        }
        let Some(at) = item.micros() else {
            return self.untimed(item);
        };
        let earlier = |slot: &mut Option<i64>| *slot = Some(slot.map_or(at, |known| known.min(at)));
        match item.what {
            What::Start(_) => earlier(&mut self.start),
            What::Success(_) => earlier(&mut self.success),
            What::Failure(_) => earlier(&mut self.failure),
            What::Aside if step::aside_fails(item.id) => earlier(&mut self.trouble),
            _ => {}
        }
        self.untimed(item);
    }

    /// What an event says beside its time.
    fn untimed(&mut self, item: &Item) {
        match item.what {
            What::Start(kind) => {
                self.start_kind.get_or_insert(kind);
            }
            What::Success(kind) | What::Failure(Some(kind)) => {
                self.end_kind.get_or_insert(kind);
            }
            _ => {}
        }
    }

    /// Whether any event says that there was an operation.
    pub(super) fn is_real(&self, item: impl Fn(u32) -> What) -> bool {
        self.core
            .iter()
            .any(|member| item(member.item) != What::Aside)
    }

    /// The first end.
    pub(super) fn end(&self) -> Option<i64> {
        match (self.success, self.failure) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        }
        .or(self.trouble)
    }

    /// Whether the service says that it failed.
    pub(super) fn has_failed(&self) -> bool {
        self.success.is_none() && (self.failure.is_some() || self.trouble.is_some())
    }

    /// The service's kind.
    pub(super) fn kind(&self) -> Option<Kind> {
        self.start_kind.or(self.end_kind)
    }
}
