//! The fortunes of the service: it is switched on, moves to another server, and fails for a while.

use chrono::{DateTime, TimeDelta, Utc};
use sspr::roundtrip::{Kind, Outcome};

use super::verify;
use crate::history::clocks::Machine;
use crate::history::failures::SYSTEM;
use crate::history::stage::{Attempt, Ending, Outage, Stage, Trouble, ms};
use crate::history::truth::{Answer, Body, Role, TrueOperation};

const NOT_CONNECTED: &str = "OnPremisesConnectivityError";

/// Draws the outages, one in some days.
pub(crate) fn outages(stage: &mut Stage<'_>) {
    let mut day = 1;
    while day < stage.options.days {
        let from = stage.start
            + TimeDelta::days(day)
            + TimeDelta::hours(7)
            + ms(stage.dice.between(0, 10 * 3_600_000));
        let until = from + TimeDelta::minutes(stage.dice.between(10, 60));
        let apart = (from - stage.failover).abs() > TimeDelta::hours(3);
        let trouble = match stage.outages.len() % 3 {
            0 => Trouble::Stopped,
            1 => Trouble::Unconnected,
            _ => Trouble::NoController,
        };
        if apart {
            stage.outages.push(Outage {
                from,
                until,
                trouble,
            });
        }
        day += stage.dice.between(2, 6);
    }
}

/// The service's own life: it is switched on, beats, stops, and moves to another server.
pub(crate) fn service(stage: &mut Stage<'_>) {
    let begin = stage.start + TimeDelta::minutes(5);
    boarding(
        stage,
        Machine::First,
        begin,
        &[31004, 32009, 32011],
        Kind::Onboarding,
        Outcome::Failed,
    );
    let begin = begin + TimeDelta::minutes(9);
    let steps = [31017, 31004, 31018, 31005];
    boarding(
        stage,
        Machine::First,
        begin,
        &steps,
        Kind::Onboarding,
        Outcome::Written,
    );
    let number = stage.operations.len() - 1;
    stage.note(
        Machine::Cloud,
        begin + ms(2_500),
        Role::Beside(number),
        Body::Enabled,
    );
    stage.service(Machine::First, begin + ms(5_000), 31015);

    let over = stage.failover;
    boarding(
        stage,
        Machine::First,
        over,
        &[31012, 31013],
        Kind::Offboarding,
        Outcome::Written,
    );
    stage.service(Machine::First, over + ms(4_000), 31016);
    let second = over + TimeDelta::minutes(2);
    boarding(
        stage,
        Machine::Second,
        second,
        &steps,
        Kind::Onboarding,
        Outcome::Written,
    );
    stage.service(Machine::Second, second + ms(5_000), 31015);

    let mut at = begin + TimeDelta::minutes(1);
    let end = stage.start + TimeDelta::days(stage.options.days);
    while at < end {
        let quiet = stage.outages.iter().any(|outage| {
            outage.trouble != Trouble::NoController && outage.from <= at && at < outage.until
        });
        if !quiet {
            let machine = stage.active(at);
            stage.service(machine, at, 31019);
        }
        at += TimeDelta::seconds(stage.options.heartbeat);
    }
}

fn boarding(
    stage: &mut Stage<'_>,
    machine: Machine,
    at: DateTime<Utc>,
    ids: &[u16],
    kind: Kind,
    outcome: Outcome,
) {
    let number = stage.operations.len();
    let flow = stage.flow();
    stage.operations.push(TrueOperation {
        kind,
        outcome,
        person: None,
        at,
        server: Some(machine),
        unlock: false,
        failure: None,
        answer: Answer::Failed(""),
        admin: 0,
        own: false,
        flow,
        untracked: false,
    });
    for (step, id) in ids.iter().enumerate() {
        let at = at + ms(700 * i64::try_from(step).unwrap_or_default());
        stage.note(machine, at, Role::Core(number), Body::Boarding(number, *id));
    }
}

/// An outage, and who runs into it.
pub(crate) fn outage(stage: &mut Stage<'_>, outage: Outage) {
    let server = stage.active(outage.from);
    let minutes = (outage.until - outage.from).num_minutes();
    match outage.trouble {
        Trouble::Stopped => {
            for _ in 0..=stage.dice.below(3) {
                let at = outage.from - ms(stage.dice.between(100, 2_000));
                caught(stage, at, Ending::Unfinished);
            }
            stage.service(server, outage.from, 31016);
            stage.service(server, outage.until, 31015);
        }
        Trouble::Unconnected => {
            for minute in (0..minutes).step_by(3) {
                let id = stage.dice.pick(&[31034, 32014, 31044, 32001]);
                let at =
                    outage.from + TimeDelta::minutes(minute) + ms(stage.dice.between(0, 9_000));
                stage.service(server, at, id);
            }
        }
        Trouble::NoController => {}
    }
    for _ in 0..2 + stage.dice.below(6) {
        let span = (outage.until - outage.from).num_milliseconds();
        let at = outage.from + ms(stage.dice.between(5_000, span));
        let ending = match outage.trouble {
            Trouble::NoController => Ending::Failure(&SYSTEM[1]),
            Trouble::Unconnected if stage.dice.percent(50) => Ending::Failure(&SYSTEM[8]),
            _ => Ending::InCloud(Outcome::Failed, Answer::Failed(NOT_CONNECTED)),
        };
        caught(stage, at, ending);
    }
}

fn caught(stage: &mut Stage<'_>, at: DateTime<Utc>, ending: Ending) {
    let Some(person) = stage.someone(at, false) else {
        return;
    };
    let flow = stage.flow();
    let kind = stage
        .dice
        .pick(&[Kind::Reset, Kind::Reset, Kind::Change, Kind::AdminReset]);
    if kind == Kind::Reset {
        verify(stage, flow, person, at);
    }
    stage.attempt(Attempt {
        kind,
        person,
        at,
        flow,
        ending,
        unlock: false,
        own: false,
    });
}
