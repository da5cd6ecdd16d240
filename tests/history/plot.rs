//! What happens in a history: flows of people here, and the fortunes of the service.

use chrono::{DateTime, TimeDelta, Utc};
use sspr::roundtrip::{Kind, Outcome};

use super::clocks::Machine;
use super::failures::{POLICY, STATE, SYSTEM, WRONG_PASSWORD};
use super::stage::{Attempt, Ending, Stage, ms};
use super::truth::{Answer, Body, Role, Subject};

mod service;

pub(super) use service::{outage, outages, service};

const METHODS: [(&str, &str); 4] = [
    (
        "User started the mobile SMS verification option",
        "User completed the mobile SMS verification option",
    ),
    (
        "User started the mobile app notification verification option",
        "User completed the mobile app notification verification option",
    ),
    (
        "User started the mobile app code verification",
        "User completed the mobile app code verification",
    ),
    (
        "User started the email verification option",
        "User completed the email verification option",
    ),
];
const BANNED: [&str; 2] = [
    "FuzzyPolicyViolationInvalidPassword",
    "PasswordDoesnotComplyFuzzyPolicy",
];

/// One flow of one person, of any kind.
pub(super) fn flow(stage: &mut Stage<'_>) {
    let at = stage.sometime();
    let choice = stage.dice.below(1000);
    let cloud_only = (810..850).contains(&choice);
    let Some(person) = stage.someone(at, cloud_only) else {
        return;
    };
    let flow = stage.flow();
    let one = Flow {
        person,
        at,
        correlation: flow,
    };
    match choice {
        0..300 => {
            let end = one.reset(stage, Ending::Written(Answer::Written));
            one.signs_in(stage, end);
        }
        300..420 => one.retries(stage),
        420..530 => {
            let end = one.change(stage, at, Ending::Written(Answer::Written));
            one.signs_in(stage, end);
        }
        530..580 => {
            let mut at = at;
            for _ in 0..=stage.dice.below(2) {
                let failure = stage.dice.pick(&[&WRONG_PASSWORD, &POLICY]);
                at = one.change(stage, at, Ending::Failure(failure))
                    + ms(stage.dice.between(9_000, 70_000));
            }
            one.change(stage, at, Ending::Written(Answer::Written));
        }
        580..680 => one.by_admin(stage, at),
        680..730 => one.unlock(stage),
        730..790 => {
            let failure = &SYSTEM[stage.dice.below(SYSTEM.len() - 1)];
            match stage.dice.below(3) {
                0 => one.change(stage, at, Ending::Failure(failure)),
                _ => one.reset(stage, Ending::Failure(failure)),
            };
        }
        790..810 => {
            let failure = &STATE[stage.dice.below(2)];
            one.reset(stage, Ending::Failure(failure));
        }
        810..850 => {
            let kind = stage
                .dice
                .pick(&[Kind::Reset, Kind::Reset, Kind::Change, Kind::AdminReset]);
            let ending = Ending::InCloud(Outcome::CloudOnly, Answer::CloudOnly);
            one.attempt(stage, kind, at, ending);
        }
        850..870 => {
            let banned = Answer::Failed(stage.dice.pick(&BANNED));
            one.reset(stage, Ending::InCloud(Outcome::Refused, banned));
        }
        870..885 => one.blocked(stage),
        885..915 => one.gives_up(stage),
        915..930 => {
            one.reset(stage, Ending::Written(Answer::OnlyOnPremises));
        }
        930..935 => {
            one.reset(
                stage,
                Ending::Written(Answer::Failed("Timeout waiting for the on-premises agent")),
            );
        }
        935..945 => {
            let ending = Ending::Written(Answer::Written);
            stage.attempt(Attempt {
                own: true,
                ..one.plan(Kind::Change, at, ending)
            });
        }
        945..960 => one.helped(stage),
        960..970 => one.not_written_back(stage),
        970..985 => {
            let helpdesk = Subject::Helpdesk(1);
            let (by, id) =
                stage
                    .dice
                    .pick(&[(helpdesk, 4724), (Subject::Own, 4723), (helpdesk, 4767)]);
            stage.outside(person, at, by, id);
        }
        985..992 => {
            let done = stage.dice.percent(50);
            stage.note(
                Machine::Cloud,
                at,
                Role::Context(Some(person)),
                Body::Registered(person, done),
            );
            stage.sign_in(person, at - ms(90_000));
        }
        _ => one.attributes(stage),
    }
}

#[derive(Clone, Copy)]
struct Flow {
    person: usize,
    at: DateTime<Utc>,
    correlation: usize,
}

impl Flow {
    fn plan(self, kind: Kind, at: DateTime<Utc>, ending: Ending) -> Attempt {
        Attempt {
            kind,
            person: self.person,
            at,
            flow: self.correlation,
            ending,
            unlock: false,
            own: false,
        }
    }

    fn attempt(
        self,
        stage: &mut Stage<'_>,
        kind: Kind,
        at: DateTime<Utc>,
        ending: Ending,
    ) -> DateTime<Utc> {
        stage.attempt(self.plan(kind, at, ending))
    }

    fn reset(self, stage: &mut Stage<'_>, ending: Ending) -> DateTime<Utc> {
        verify(stage, self.correlation, self.person, self.at);
        self.reset_again(stage, self.at, ending)
    }

    fn reset_again(
        self,
        stage: &mut Stage<'_>,
        at: DateTime<Utc>,
        ending: Ending,
    ) -> DateTime<Utc> {
        let text = "User submitted a new password";
        stage.progress(self.correlation, self.person, at - ms(400), text);
        let unlock = matches!(ending, Ending::Written(_)) && stage.dice.percent(40);
        let plan = self.plan(Kind::Reset, at, ending);
        stage.attempt(Attempt { unlock, ..plan })
    }

    fn change(self, stage: &mut Stage<'_>, at: DateTime<Utc>, ending: Ending) -> DateTime<Utc> {
        self.attempt(stage, Kind::Change, at, ending)
    }

    /// Refused once or several times, by the domain or the cloud, then taken.
    fn retries(self, stage: &mut Stage<'_>) {
        verify(stage, self.correlation, self.person, self.at);
        let mut at = self.at;
        for _ in 0..=stage.dice.below(3) {
            let ending = if stage.dice.percent(25) {
                let banned = Answer::Failed(stage.dice.pick(&BANNED));
                Ending::InCloud(Outcome::Refused, banned)
            } else {
                Ending::Failure(&POLICY)
            };
            at = self.reset_again(stage, at, ending) + ms(stage.dice.between(8_000, 90_000));
        }
        let end = self.reset_again(stage, at, Ending::Written(Answer::Written));
        self.signs_in(stage, end);
    }

    /// An administrator resets, and the person changes it at the next logon.
    fn by_admin(self, stage: &mut Stage<'_>, at: DateTime<Utc>) {
        let flow = stage.flow();
        let ending = if stage.dice.percent(8) {
            Ending::Failure(&POLICY)
        } else {
            Ending::Written(Answer::Written)
        };
        let end = Self {
            correlation: flow,
            ..self
        }
        .attempt(stage, Kind::AdminReset, at, ending);
        if matches!(ending, Ending::Written(_)) && stage.dice.percent(50) {
            let at = end + ms(stage.dice.between(40_000, 400_000));
            stage.outside(self.person, at, Subject::Own, 4723);
        }
    }

    fn unlock(self, stage: &mut Stage<'_>) {
        let controller = stage.controller(self.person);
        let locked = self.at - ms(stage.dice.between(150_000, 900_000));
        let context = Role::Context(Some(self.person));
        stage.note(controller, locked, context, Body::LockedOut(self.person));
        verify(stage, self.correlation, self.person, self.at);
        let (ending, unlock) = if stage.dice.percent(7) {
            (Ending::Failure(&SYSTEM[0]), false)
        } else {
            (Ending::Written(Answer::Written), true)
        };
        let plan = self.plan(Kind::Unlock, self.at, ending);
        stage.attempt(Attempt { unlock, ..plan });
    }

    /// Refused until the cloud holds the person back.
    fn blocked(self, stage: &mut Stage<'_>) {
        verify(stage, self.correlation, self.person, self.at);
        let mut at = self.at;
        for _ in 0..2 + stage.dice.below(2) {
            at = self.reset_again(stage, at, Ending::Failure(&POLICY))
                + ms(stage.dice.between(8_000, 60_000));
        }
        let flow = stage.flow();
        let ending = Ending::InCloud(Outcome::Refused, Answer::Blocked);
        Self {
            correlation: flow,
            ..self
        }
        .attempt(stage, Kind::Reset, at, ending);
    }

    fn gives_up(self, stage: &mut Stage<'_>) {
        let step = stage.dice.below(3);
        stage.progress(
            self.correlation,
            self.person,
            self.at,
            "User submitted their user ID",
        );
        if step > 0 {
            let at = self.at + ms(4_000);
            stage.progress(
                self.correlation,
                self.person,
                at,
                "User was presented with verification options",
            );
        }
        let text = match step {
            1 => "User cancelled before passing the required authentication methods",
            2 => {
                "User's account has insufficient authentication methods defined. Add authentication info to resolve this "
            }
            _ => return,
        };
        stage.progress(self.correlation, self.person, self.at + ms(20_000), text);
    }

    /// It fails for the person, and the help desk does it: in the cloud, or in the domain.
    fn helped(self, stage: &mut Stage<'_>) {
        let failure = &SYSTEM[stage.dice.pick(&[0, 2, 4])];
        let end = self.reset(stage, Ending::Failure(failure));
        let at = end + ms(stage.dice.between(150_000, 500_000));
        if stage.dice.percent(60) {
            self.by_admin(stage, at);
        } else {
            stage.outside(self.person, at, Subject::Helpdesk(2), 4724);
            let at = at + ms(stage.dice.between(40_000, 300_000));
            stage.outside(self.person, at, Subject::Own, 4723);
        }
    }

    /// An administrator resets a synchronised person where nothing is written back.
    fn not_written_back(self, stage: &mut Stage<'_>) {
        if stage.dice.percent(50) {
            let ending = Ending::InCloud(Outcome::CloudOnly, Answer::CloudOnly);
            self.attempt(stage, Kind::AdminReset, self.at, ending);
        } else {
            let directory = Body::Directory {
                flow: self.correlation,
                person: self.person,
            };
            stage.note(
                Machine::Cloud,
                self.at,
                Role::Context(Some(self.person)),
                directory,
            );
        }
    }

    /// The engine writes attributes, which is no business of passwords.
    fn attributes(self, stage: &mut Stage<'_>) {
        let controller = stage.controller(self.person);
        let body = Body::Changed {
            person: self.person,
            by: Subject::Connector(stage.active(self.at)),
            password: false,
        };
        stage.note(controller, self.at, Role::Context(Some(self.person)), body);
        stage.sign_in(self.person, self.at + ms(9_000));
    }

    fn signs_in(self, stage: &mut Stage<'_>, end: DateTime<Utc>) {
        if stage.dice.percent(35) {
            let at = end + ms(stage.dice.between(15_000, 600_000));
            stage.sign_in(self.person, at);
        }
    }
}

/// The steps before a new password is asked for.
fn verify(stage: &mut Stage<'_>, flow: usize, person: usize, at: DateTime<Utc>) {
    let (started, completed) = stage.dice.pick(&METHODS);
    for (seconds, text) in [
        (95, "User submitted their user ID"),
        (88, "User was presented with verification options"),
        (80, started),
        (31, completed),
        (30, "User completed all verification steps required"),
    ] {
        stage.progress(flow, person, at - TimeDelta::seconds(seconds), text);
    }
}
