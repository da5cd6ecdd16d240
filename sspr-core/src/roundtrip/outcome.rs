//! What became of an operation.

use crate::events::audit::Activity;
use crate::events::causes::{self, Fault, RootCause};
use crate::events::{HResult, StackOperation};

use super::clock::{Clock, Trust, instant};
use super::coverage::Covered;
use super::draft::{Draft, Member};
use super::item::{Answer, Item, Origins, UNSPECIFIED, What};
use super::join::{SECOND, Work};
use super::{Join, Kind, Link, Note, Operation, Outcome, Person, Stage, StageName, step};

/// How far clocks that were compared may still be apart.
const APART: i64 = 2 * SECOND;

/// What each source says of how an operation ended.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that a source says"
)]
struct Said {
    service_succeeded: bool,
    service_failed: bool,
    /// The domain's answer: it failed, or it did not.
    domain: Option<bool>,
    cloud: Answer,
    /// Any event on-premises is there.
    on_premises: bool,
    started: bool,
}

/// A member with its item, and its time by the clock that all are compared with.
struct Placed<'s> {
    member: &'s Member,
    item: &'s Item,
    corrected: Option<(i64, Trust)>,
}

impl Placed<'_> {
    fn at(&self) -> Option<i64> {
        self.corrected.map(|(at, _)| at)
    }
}

impl Work<'_> {
    /// The operation that a draft is.
    pub(super) fn operation(
        &self,
        draft: &Draft,
        origins: &Origins,
        covered: &Covered,
    ) -> Operation {
        let core = self.in_order(draft);
        let items = || core.iter().map(|placed| placed.item);
        let closing = draft.closing.and_then(|index| self.item(index));
        let write = draft
            .write
            .and_then(|write| self.writes.get(write as usize));
        let said = Said {
            service_succeeded: items().any(|item| matches!(item.what, What::Success(_))),
            service_failed: items().any(|item| {
                matches!(item.what, What::Failure(_) | What::Engine)
                    || item.what == What::Aside && step::aside_fails(item.id)
            }),
            domain: write.map(|write| write.failed),
            cloud: closing.map_or(Answer::Unclear, |item| item.answer),
            on_premises: items().any(|item| !matches!(item.what, What::Audit(_))),
            started: items().any(|item| matches!(item.what, What::Start(_))),
        };
        let cause = cause(&core, closing, said.domain);
        let covered = closing
            .and_then(|item| self.corrected(item))
            .is_some_and(|(at, _)| covered.covers(at));
        let outcome = outcome(&said, &core, cause, closing, covered);
        let kind = self.kind(draft, &core, closing);
        let end = draft
            .end()
            .or_else(|| {
                (!said.started)
                    .then(|| write.map(|write| write.at))
                    .flatten()
            })
            .or_else(|| (!said.on_premises).then(|| closing?.micros()).flatten());
        let text =
            |name: Option<super::names::Name>| name.map(|name| self.names.text(name).to_owned());
        let first = |of: fn(&Item) -> Option<super::names::Name>| text(items().find_map(of));
        let service = |item: &Item| {
            matches!(
                item.what,
                What::Start(_) | What::Success(_) | What::Failure(_) | What::Aside
            )
        };
        let admin = items()
            .filter(|item| service(item))
            .find_map(|item| item.by)
            .or_else(|| {
                let item = closing.filter(|item| item.what == What::Audit(Activity::AdminReset))?;
                item.by
            });
        let of_cloud = closing.map_or(0, |item| item.code);
        let result = if draft.code == 0 {
            of_cloud
        } else {
            draft.code
        };
        let written = outcome == Outcome::Written;
        Operation {
            kind,
            outcome,
            person: Person {
                user: first(|item| item.user),
                cloud_anchor: first(|item| item.anchor),
                source_anchor: first(|item| item.source),
                account: first(|item| item.account),
            },
            admin: text(admin),
            probably_own: items().any(|item| item.own),
            tracking_id: (!draft.tracking.is_nil()).then_some(draft.tracking),
            host: draft.host.map(|host| self.names.word(host)),
            start: draft.start.and_then(instant),
            end: end.and_then(instant),
            unlock: items().find_map(|item| item.unlock).or_else(|| {
                items()
                    .any(|item| item.what == What::Unlock)
                    .then_some(true)
            }),
            force_change: items().find_map(|item| item.force_change),
            code: (result != 0).then_some(HResult(result)),
            cause: cause.filter(|_| !written),
            chain: self.links(&core, origins, true),
            context: self.links(&self.sorted(&draft.context), origins, false),
            stages: self.stages(draft),
            notes: self.notes(draft, &said, outcome, closing),
        }
    }

    /// Members by the time that all are compared by; what has no time stands first.
    fn sorted<'s>(&'s self, members: &'s [Member]) -> Vec<Placed<'s>> {
        let mut sorted: Vec<_> = members
            .iter()
            .filter_map(|member| {
                let item = self.item(member.item)?;
                let corrected = self.corrected(item);
                Some(Placed {
                    member,
                    item,
                    corrected,
                })
            })
            .collect();
        sorted.sort_by_key(|placed| (placed.at(), placed.member.item));
        sorted.dedup_by_key(|placed| placed.member.item);
        sorted
    }

    /// The events of an operation in their order. Clocks that were compared still differ by the time
    /// that a step takes, and cannot tell which of two steps within it came first: the course of an
    /// operation does.
    fn in_order<'s>(&'s self, draft: &'s Draft) -> Vec<Placed<'s>> {
        let mut sorted = self.sorted(&draft.core);
        let answer = { sorted.iter() }
            .filter(|placed| matches!(step_of(placed.item), Course::Engine | Course::End))
            .filter_map(Placed::at)
            .min();
        sorted.sort_by_key(|placed| {
            let step = step_of(placed.item);
            let at = placed.at().map(|at| match (step, answer) {
                (Course::Domain, Some(answer)) if (answer..answer + APART).contains(&at) => answer,
                (Course::Close, _) => match draft.end() {
                    Some(end) if (end - APART..end).contains(&at) => end,
                    _ => at,
                },
                _ => at,
            });
            (at, step, placed.member.item)
        });
        sorted
    }

    fn links(&self, members: &[Placed<'_>], origins: &Origins, core: bool) -> Vec<Link> {
        // The other events are joined to the first one that carries the id.
        let first = core.then(|| {
            let of = |joins: fn(Join) -> bool| {
                { members.iter() }.position(|placed| joins(placed.member.join))
            };
            of(|join| join == Join::TrackingId)
                .or_else(|| of(|join| join != Join::TimeAndCode))
                .unwrap_or_default()
        });
        let link = |(place, placed): (usize, &Placed<'_>)| {
            let item = placed.item;
            let mut member = placed.member.clone();
            if first == Some(place) {
                member.join = Join::First;
            }
            let corrected = placed
                .corrected
                .filter(|(_, trust)| *trust != Trust::Unknown)
                .and_then(|(at, _)| instant(at));
            let mut others: Vec<_> = member
                .others
                .iter()
                .filter_map(|other| self.drafts.get(*other as usize))
                .map(|draft| draft.tracking)
                .filter(|id| !id.is_nil())
                .collect();
            others.sort_unstable();
            member.doubts.sort_unstable();
            member.doubts.dedup();
            Link {
                provider: item.provider(),
                event: (item.id != 0).then_some(item.id),
                activity: match item.what {
                    What::Audit(activity) => Some(activity),
                    _ => None,
                },
                time: item.time,
                corrected,
                host: item.host.map(|host| self.names.word(host)),
                record: (item.has_record && item.id != 0).then_some(item.order),
                join: member.join,
                certainty: member.certainty(),
                doubts: member.doubts,
                others,
                from: origins.provenance(item),
            }
        };
        members.iter().enumerate().map(link).collect()
    }

    fn kind(&self, draft: &Draft, core: &[Placed<'_>], closing: Option<&Item>) -> Kind {
        match closing.map(|item| item.what) {
            Some(What::Audit(Activity::Reset | Activity::Blocked)) => return Kind::Reset,
            Some(What::Audit(Activity::Change)) => return Kind::Change,
            Some(What::Audit(Activity::Unlock)) => return Kind::Unlock,
            Some(What::Audit(Activity::AdminReset)) => return Kind::AdminReset,
            _ => {}
        }
        let write = draft
            .write
            .and_then(|write| self.writes.get(write as usize));
        let only_unlocks = write.is_some_and(|write| write.what == What::Unlock);
        let stated = draft.kind().unwrap_or(Kind::Unknown);
        if only_unlocks && matches!(stated, Kind::Reset | Kind::Unknown | Kind::Unlock) {
            return Kind::Unlock;
        }
        if stated != Kind::Unknown {
            return stated;
        }
        // The frames of the exception are a second hint, weaker than an event's id.
        match core.iter().find_map(|placed| placed.item.stack) {
            Some(StackOperation::Change) => Kind::Change,
            Some(StackOperation::Reset) => Kind::Reset,
            None => match write.map(|write| write.what) {
                Some(What::Change) => Kind::Change,
                _ => Kind::Unknown,
            },
        }
    }

    fn notes(
        &self,
        draft: &Draft,
        said: &Said,
        outcome: Outcome,
        closing: Option<&Item>,
    ) -> Vec<Note> {
        let mut notes = Vec::new();
        let mut note = |note: Note, is_so: bool| {
            if is_so {
                notes.push(note);
            }
        };
        let written = outcome == Outcome::Written;
        note(
            Note::CloudFailedAfterwards,
            said.cloud == Answer::CloudFailed,
        );
        note(
            Note::CloudDisagrees,
            written
                && said.on_premises
                && closing.is_some_and(|item| item.failed)
                && said.cloud != Answer::CloudFailed,
        );
        note(
            Note::ServiceDisagrees,
            written && said.service_failed && !said.service_succeeded,
        );
        let ended = said.service_succeeded || said.service_failed;
        note(
            Note::EndMissing,
            said.on_premises && !ended && outcome != Outcome::Unfinished,
        );
        note(Note::StartMissing, said.on_premises && !said.started);
        let context = |what: What| {
            draft
                .context
                .iter()
                .filter_map(|member| self.item(member.item))
                .any(|item| item.what == what)
        };
        note(Note::ProtectionAgent, context(What::Agent));
        note(Note::LockedOutBefore, context(What::Lockout));
        note(Note::SeveralServers, draft.several_hosts);
        notes
    }

    /// The stages that an operation reached.
    fn stages(&self, draft: &Draft) -> Vec<Stage> {
        let mut found: Vec<(StageName, i64, Trust, Clock)> = Vec::new();
        let mut add = |name: StageName, clock: Clock, at: Option<i64>| {
            if let Some(at) = at {
                let (at, trust) = self.clocks.correct(clock, at);
                found.push((name, at, trust, clock));
            }
        };
        let items = |members: &[Member]| -> Vec<&Item> {
            members
                .iter()
                .filter_map(|member| self.item(member.item))
                .collect()
        };
        let (core, context) = (items(&draft.core), items(&draft.context));
        let server = core
            .iter()
            .find(|item| {
                matches!(
                    item.what,
                    What::Start(_) | What::Success(_) | What::Failure(_) | What::Engine
                )
            })
            .map(|item| Self::clock(item));
        if let Some(server) = server {
            add(StageName::Arrived, server, draft.start);
            add(StageName::Answered, server, draft.end());
        }
        if let Some(write) = draft
            .write
            .and_then(|write| self.writes.get(write as usize))
            && let Some(item) = self.item(write.first)
        {
            add(StageName::Written, Self::clock(item), Some(write.at));
        }
        let closed = draft.closing.and_then(|index| self.item(index)?.micros());
        add(StageName::Closed, Clock::Cloud, closed);
        let hash = |id: u32| {
            context
                .iter()
                .find(|item| item.what == What::HashSync && item.id == id)
        };
        if let Some(item) = hash(657).or_else(|| hash(656)) {
            add(StageName::Synchronised, Self::clock(item), item.micros());
        }
        let signed = context
            .iter()
            .filter(|item| item.what == What::SignIn)
            .min_by_key(|item| self.corrected(item).map(|(at, _)| at));
        if let Some(item) = signed {
            add(StageName::SignedIn, Self::clock(item), item.micros());
        }
        let begun = found
            .iter()
            .filter(|(name, ..)| *name <= StageName::Closed)
            .map(|(_, at, ..)| *at)
            .min();
        // The last step before it went out: a step that reports the end comes later.
        let requested = context
            .iter()
            .filter(|item| item.what == What::Audit(Activity::Progress))
            .filter_map(|item| self.corrected(item))
            .filter(|(at, _)| begun.is_none_or(|begun| *at <= begun))
            .max();
        if let Some((at, trust)) = requested {
            found.push((StageName::Requested, at, trust, Clock::Cloud));
        }
        found.sort_by_key(|(name, ..)| *name);
        let mut stages: Vec<Stage> = Vec::with_capacity(found.len());
        let mut before: Option<(i64, Trust, Clock)> = None;
        for (name, micros, trust, clock) in found {
            let Some(at) = instant(micros) else { continue };
            let matched = before
                .is_none_or(|(_, other, of)| of == clock || trust.max(other) == Trust::Compared);
            stages.push(Stage {
                name,
                at,
                since: before.map(|(before, ..)| (micros - before) / 1000),
                matched,
            });
            before = Some((micros, trust, clock));
        }
        stages
    }
}

/// The steps of an operation, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Course {
    Start,
    Domain,
    Engine,
    End,
    Close,
}

fn step_of(item: &Item) -> Course {
    match item.what {
        What::Start(_) => Course::Start,
        What::Engine => Course::Engine,
        What::Success(_) | What::Failure(_) | What::Aside => Course::End,
        What::Audit(_) => Course::Close,
        _ => Course::Domain,
    }
}

/// How it ended. A success that the service or the domain logged outranks all else; then the
/// service's failure, the domain's, and the cloud's word.
fn outcome(
    said: &Said,
    core: &[Placed<'_>],
    cause: Option<&'static RootCause>,
    closing: Option<&Item>,
    covered: bool,
) -> Outcome {
    if said.service_succeeded || said.domain == Some(false) {
        return Outcome::Written;
    }
    let by_cause = match cause.map(|cause| cause.fault) {
        Some(Fault::System) => Outcome::Failed,
        Some(Fault::Policy | Fault::Person) => Outcome::Refused,
        Some(Fault::Unclear) | None => Outcome::Unknown,
    };
    if said.service_failed {
        // The id decides where it says whose fault it is.
        let says = |ids: fn(u32) -> bool| {
            core.iter().any(|Placed { item, .. }| {
                matches!(item.what, What::Failure(_) | What::Aside) && item.failed && ids(item.id)
            })
        };
        if says(|id| matches!(id, 33005..=33008)) {
            return Outcome::Refused;
        }
        if says(|id| matches!(id, 33001..=33004 | 33009 | 32000..=32999 | 31034 | 31044)) {
            return Outcome::Failed;
        }
        if by_cause != Outcome::Unknown {
            return by_cause;
        }
    }
    if said.domain == Some(true) {
        return Outcome::Refused;
    }
    match said.cloud {
        Answer::CloudFailed => return Outcome::Written,
        Answer::Refused => return Outcome::Refused,
        Answer::Failed => return Outcome::Failed,
        Answer::Success | Answer::Unclear => {}
    }
    if said.service_failed {
        return Outcome::Unknown;
    }
    if said.on_premises {
        // A start, and perhaps the cloud's word for how it ended.
        return match (said.cloud, closing) {
            (Answer::Success, _) => Outcome::Written,
            (_, Some(_)) => Outcome::Unknown,
            (_, None) => Outcome::Unfinished,
        };
    }
    if closing.is_some() && covered {
        return Outcome::CloudOnly;
    }
    Outcome::Unknown
}

/// Why it did not succeed: the service's word, made finer by the engine's, else the domain's, else
/// the cloud's.
fn cause(
    core: &[Placed<'_>],
    closing: Option<&Item>,
    domain_failed: Option<bool>,
) -> Option<&'static RootCause> {
    let engine = core
        .iter()
        .map(|placed| placed.item)
        .filter(|item| item.what == What::Engine)
        .find_map(|item| Some((item, item.cause?)));
    let service = core
        .iter()
        .map(|placed| placed.item)
        .filter(|item| matches!(item.what, What::Failure(_) | What::Aside))
        .filter_map(|item| Some((item, item.cause?)))
        .min_by_key(|(item, cause)| (cause.fault == Fault::Unclear, item.time, item.id))
        .map(|(_, cause)| cause);
    let local = match (service, engine) {
        (Some(service), Some((item, engine)))
            if service.fault == Fault::Unclear
                || service.fault == engine.fault && item.code != UNSPECIFIED =>
        {
            Some(engine)
        }
        (service, engine) => service.or(engine.map(|(_, cause)| cause)),
    };
    let unclear = local.is_none_or(|cause| cause.fault == Fault::Unclear);
    let further = || {
        let by_domain = (domain_failed == Some(true))
            .then(|| causes::by_event(33008))
            .flatten();
        // What the cloud says in general tells less than what the server says.
        let says_more = |cause: &&RootCause| cause.fault != Fault::Unclear || local.is_none();
        by_domain.or_else(|| closing.and_then(|item| item.cause).filter(says_more))
    };
    if unclear { further().or(local) } else { local }
}
