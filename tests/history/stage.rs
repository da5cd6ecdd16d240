//! Where a history is played: who does what when, and who writes it down.

use chrono::{DateTime, TimeDelta, Utc};
use sspr::roundtrip::{Kind, Outcome};

use super::clocks::Machine;
use super::dice::Dice;
use super::failures::Failure;
use super::truth::{Answer, Body, Engine, Role, Subject, TrueEvent, TrueOperation};
use super::{Options, Person};

/// What stops working for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The service is stopped.
    Stopped,
    /// The service does not reach the cloud.
    Unconnected,
    /// The engine reaches no domain controller.
    NoController,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Outage {
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    pub(super) trouble: Trouble,
}

pub(super) struct Stage<'a> {
    pub(super) options: &'a Options,
    pub(super) people: &'a [Person],
    pub(super) dice: Dice,
    pub(super) start: DateTime<Utc>,
    pub(super) failover: DateTime<Utc>,
    pub(super) outages: Vec<Outage>,
    pub(super) operations: Vec<TrueOperation>,
    pub(super) events: Vec<TrueEvent>,
    /// When each person is at it.
    pub(super) busy: Vec<Vec<DateTime<Utc>>>,
    /// When the last flow began.
    pub(super) last: DateTime<Utc>,
    pub(super) flows: usize,
    pub(super) services: usize,
}

/// One write attempt, as it is to go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt {
    pub(super) kind: Kind,
    pub(super) person: usize,
    pub(super) at: DateTime<Utc>,
    pub(super) flow: usize,
    pub(super) ending: Ending,
    pub(super) unlock: bool,
    pub(super) own: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Ending {
    /// The domain has it, and the cloud answers so.
    Written(Answer),
    Failure(&'static Failure),
    Unfinished,
    /// It never leaves the cloud.
    InCloud(Outcome, Answer),
}

pub(super) fn ms(milliseconds: i64) -> TimeDelta {
    TimeDelta::milliseconds(milliseconds)
}

impl Stage<'_> {
    pub(super) fn note(&mut self, machine: Machine, at: DateTime<Utc>, role: Role, body: Body) {
        self.events.push(TrueEvent {
            machine,
            at,
            shown: at,
            record: 0,
            role,
            lost: false,
            body,
        });
    }

    /// The server that serves at a time.
    pub(super) fn active(&self, at: DateTime<Utc>) -> Machine {
        if at < self.failover {
            Machine::First
        } else {
            Machine::Second
        }
    }

    /// Whether nothing is wrong at a time, with some room.
    pub(super) fn calm(&self, at: DateTime<Utc>) -> bool {
        let room = TimeDelta::minutes(25);
        let far = |from: DateTime<Utc>, until: DateTime<Utc>| at < from - room || at > until + room;
        far(self.failover, self.failover)
            && self
                .outages
                .iter()
                .all(|outage| far(outage.from, outage.until))
    }

    /// A controller of the person's domain.
    pub(super) fn controller(&mut self, person: usize) -> Machine {
        let numbers: &[u8] = if !self.options.two_domains {
            &[0, 1, 2]
        } else if self.people[person].domain == "CONTOSO" {
            &[0, 1]
        } else {
            &[2]
        };
        Machine::Controller(self.dice.pick(numbers))
    }

    pub(super) fn flow(&mut self) -> usize {
        self.flows += 1;
        self.flows
    }

    /// A person who has nothing else to do at the time.
    pub(super) fn someone(&mut self, at: DateTime<Utc>, cloud_only: bool) -> Option<usize> {
        for _ in 0..200 {
            let person = self.dice.below(self.people.len());
            let free = self.busy[person]
                .iter()
                .all(|other| (*other - at).abs() > TimeDelta::minutes(40));
            if free && self.people[person].cloud_only == cloud_only {
                self.busy[person].push(at);
                return Some(person);
            }
        }
        None
    }

    /// A time in working hours at which nothing is wrong. Some come in crowds.
    pub(super) fn sometime(&mut self) -> DateTime<Utc> {
        if self.dice.percent(15) {
            let at = self.last + ms(self.dice.between(0, 20_000));
            if self.calm(at) {
                return at;
            }
        }
        for _ in 0..1000 {
            let day = self.dice.between(0, self.options.days);
            let at = self.start
                + TimeDelta::days(day)
                + TimeDelta::hours(6)
                + ms(self.dice.between(0, 14 * 3_600_000));
            if self.calm(at) {
                self.last = at;
                return at;
            }
        }
        self.last
    }

    /// Plays an attempt, and gives the time at which it is over for the person.
    pub(super) fn attempt(&mut self, attempt: Attempt) -> DateTime<Utc> {
        let Attempt {
            kind,
            person,
            at,
            flow,
            ending,
            unlock,
            own,
        } = attempt;
        let number = self.operations.len();
        let server = self.active(at);
        let (outcome, answer, failure) = match ending {
            Ending::Written(answer) => (Outcome::Written, answer, None),
            Ending::Failure(failure) => (
                failure.outcome,
                Answer::Failed(failure.reason),
                Some(failure),
            ),
            Ending::Unfinished => (Outcome::Unfinished, Answer::Failed(""), None),
            Ending::InCloud(outcome, answer) => (outcome, answer, None),
        };
        let in_cloud = matches!(ending, Ending::InCloud(..));
        let admin = self.dice.below(4);
        let with_names = failure.is_none_or(|failure| failure.id >= 33000);
        let untracked = with_names && self.dice.permille(8);
        self.operations.push(TrueOperation {
            kind,
            outcome,
            person: Some(person),
            at,
            server: (!in_cloud).then_some(server),
            unlock,
            failure,
            answer,
            admin,
            own,
            flow,
            untracked,
        });
        let end = if in_cloud {
            at
        } else {
            self.on_premises(number, attempt, server, failure)
        };
        if matches!(ending, Ending::Unfinished) {
            return end;
        }
        let closing = end + ms(self.dice.between(200, 1_800));
        self.note(
            Machine::Cloud,
            closing,
            Role::Core(number),
            Body::Closing(number),
        );
        let context = Role::Context(Some(person));
        if matches!(ending, Ending::Written(_)) {
            if kind == Kind::Reset {
                let good = Body::Progress {
                    flow,
                    person,
                    text: "User successfully reset password",
                    good: true,
                };
                self.note(Machine::Cloud, closing + ms(5), context, good);
            }
            if matches!(kind, Kind::Reset | Kind::AdminReset) {
                let directory = Body::Directory { flow, person };
                self.note(Machine::Cloud, closing - ms(100), context, directory);
            }
        }
        closing
    }

    /// What the server and the domain write of an attempt.
    fn on_premises(
        &mut self,
        number: usize,
        attempt: Attempt,
        server: Machine,
        failure: Option<&'static Failure>,
    ) -> DateTime<Utc> {
        let Attempt {
            kind,
            person,
            at,
            ending,
            unlock,
            own,
            ..
        } = attempt;
        let core = Role::Core(number);
        let context = Role::Context(Some(person));
        self.note(server, at, core, Body::Start(number));
        let far = matches!(ending, Ending::Unfinished) || failure.is_some_and(|one| one.id < 33000);
        for (step, id) in [405_u16, 403, 405].into_iter().enumerate() {
            if !(far && step > 0) {
                let step = i64::try_from(step).unwrap_or_default();
                self.note(server, at + ms(60 + step * 60), context, Body::Chatter(id));
            }
        }
        let write = at + ms(self.dice.between(200, 350));
        let end = write + ms(self.dice.between(60, 400));
        let by = Subject::Connector(server);
        let id = if kind == Kind::Change && !own {
            4723
        } else {
            4724
        };
        match (ending, failure) {
            (Ending::Written(_), _) => {
                let controller = self.controller(person);
                if kind != Kind::Unlock {
                    let taken = Body::Set {
                        person,
                        id,
                        by,
                        taken: true,
                    };
                    self.note(controller, write, core, taken);
                    let changed = Body::Changed {
                        person,
                        by,
                        password: true,
                    };
                    self.note(controller, write + ms(2), core, changed);
                    self.hashes(person, end);
                }
                if unlock && (kind == Kind::Unlock || self.dice.percent(50)) {
                    let unlocked = Body::Unlocked { person, by };
                    self.note(controller, write + ms(4), core, unlocked);
                    if kind == Kind::Unlock && self.dice.percent(30) {
                        let changed = Body::Changed {
                            person,
                            by,
                            password: false,
                        };
                        self.note(controller, write + ms(5), core, changed);
                    }
                }
                self.note(server, end, core, Body::Success(number));
            }
            (_, Some(failure)) => {
                if failure.in_domain {
                    let controller = self.controller(person);
                    let refused = Body::Set {
                        person,
                        id,
                        by,
                        taken: false,
                    };
                    self.note(controller, write, core, refused);
                }
                if failure.code.is_some() {
                    let how = match self.dice.below(100) {
                        0..8 if failure.code == Some("80230626") => Some(Engine::Phrase),
                        0..88 => Some(Engine::Same),
                        88..92 => Some(Engine::Other),
                        _ => None,
                    };
                    if let Some(how) = how {
                        self.note(server, end - ms(20), core, Body::Engine(number, how));
                    }
                }
                self.note(server, end, core, Body::Cause(number));
                if failure.id >= 33000 && self.dice.percent(15) {
                    self.note(server, end + ms(15), core, Body::Fail(number));
                }
            }
            _ => {}
        }
        end
    }

    /// Password hash synchronisation takes a new password to the cloud.
    pub(super) fn hashes(&mut self, person: usize, at: DateTime<Utc>) {
        let server = self.active(at);
        let at = at + ms(self.dice.between(20_000, 110_000));
        let context = Role::Context(Some(person));
        self.note(server, at, context, Body::HashRequest(person));
        let result = at + ms(self.dice.between(800, 3_000));
        self.note(server, result, context, Body::HashResult(person));
    }

    pub(super) fn sign_in(&mut self, person: usize, at: DateTime<Utc>) {
        let controller = self.controller(person);
        let context = Role::Context(Some(person));
        let ids: &[u16] = if self.dice.percent(70) {
            &[4768, 4624]
        } else {
            &[4776]
        };
        for (step, id) in ids.iter().enumerate() {
            let at = at + ms(30 * i64::try_from(step).unwrap_or_default());
            self.note(controller, at, context, Body::SignIn(person, *id));
        }
    }

    pub(super) fn progress(
        &mut self,
        flow: usize,
        person: usize,
        at: DateTime<Utc>,
        text: &'static str,
    ) {
        let good = !text.starts_with("User cancelled") && !text.starts_with("User's account");
        let body = Body::Progress {
            flow,
            person,
            text,
            good,
        };
        self.note(Machine::Cloud, at, Role::Context(Some(person)), body);
    }

    /// A password set or an unlock by someone who is no connector account.
    pub(super) fn outside(&mut self, person: usize, at: DateTime<Utc>, by: Subject, id: u16) {
        let controller = self.controller(person);
        if id == 4767 {
            let unlocked = Body::Unlocked { person, by };
            self.note(controller, at, Role::Apart, unlocked);
            return;
        }
        let taken = !self.dice.percent(15);
        let set = Body::Set {
            person,
            id,
            by,
            taken,
        };
        self.note(controller, at, Role::Apart, set);
        if taken {
            let changed = Body::Changed {
                person,
                by,
                password: true,
            };
            self.note(controller, at + ms(2), Role::Apart, changed);
            self.hashes(person, at);
        }
    }

    /// An event of the service itself.
    pub(super) fn service(&mut self, machine: Machine, at: DateTime<Utc>, id: u16) {
        self.services += 1;
        let number = self.services;
        self.note(machine, at, Role::Context(None), Body::Service(id, number));
    }
}
