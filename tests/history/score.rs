//! How well operations were found.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sspr::roundtrip::{Kind, Outcome};

use super::History;
use super::truth::{Role, TrueEvent};

/// An operation that a correlator found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The numbers of its events, repeated or not.
    pub events: Vec<usize>,
    /// The numbers of what stands beside it.
    pub context: Vec<usize>,
    /// What was asked for.
    pub kind: Kind,
    /// How it ended.
    pub outcome: Outcome,
    /// The correlator says that it is not sure of its events.
    pub uncertain: bool,
    /// Because a clock was set at about that time.
    pub clock_set: bool,
}

/// How well the operations of a history were found.
///
/// An operation counts when the core events that are left of it still show kind and outcome. It is
/// right when one found operation holds all of them, no event that belongs elsewhere, has nobody
/// else's beside it, and says the same kind and outcome. A found operation that holds no core event of any true one is invented.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Score {
    /// Operations that really were.
    pub operations: usize,
    /// Operations that count.
    pub judged: usize,
    /// Of these, those that are right.
    pub right: usize,
    /// Those that are wrong, and the correlator is not sure of them.
    pub doubted: usize,
    /// What is wrong: the operation, and why.
    pub wrong: Vec<(usize, Vec<Fault>)>,
    /// The events of operations that never were.
    pub invented: Vec<Found>,
}

/// Why an operation is not right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was found of it.
    Missed,
    /// Its events stand in so many operations.
    Split(usize),
    /// Core events that the found operation lacks.
    Lacks(Vec<usize>),
    /// Events that belong elsewhere.
    Foreign(Vec<usize>),
    /// Events beside it that have to do with somebody else.
    OfOthers(Vec<usize>),
    /// The kind that was found.
    Kind(Kind),
    /// The outcome that was found.
    Outcome(Outcome),
}

impl Score {
    /// The share of right ones in those that count.
    pub fn share(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "counts of operations are small")]
        let share = self.right as f64 / self.judged.max(1) as f64;
        share
    }

    /// The wrong ones with their events, at most so many, for people.
    pub fn faults(&self, history: &History, found: &[Found], most: usize) -> String {
        let mut text = String::new();
        let mut add = |line: String| {
            text.push_str(&line);
            text.push('\n');
        };
        for (number, faults) in self.wrong.iter().take(most) {
            let operation = &history.operations[*number];
            let upn = operation
                .person
                .map(|person| history.people[person].upn.as_str());
            add(format!(
                "operation {number}: {:?} {:?} of {}, {faults:?}",
                operation.kind,
                operation.outcome,
                upn.unwrap_or("the service")
            ));
            let mut shown: BTreeSet<usize> = (0..history.events.len())
                .filter(|at| history.events[*at].role == Role::Core(*number))
                .collect();
            for one in found {
                if one.events.iter().any(|event| shown.contains(event)) {
                    add(format!(
                        "  found {:?} {:?} {:?}",
                        one.kind, one.outcome, one.events
                    ));
                    shown.extend(&one.events);
                }
            }
            for event in shown {
                let TrueEvent { role, lost, .. } = history.events[event];
                let lost = if lost { " LOST" } else { "" };
                add(format!("  {role:?}{lost} {}", history.line(event)));
            }
        }
        for one in self.invented.iter().take(most) {
            add(format!("invented: {:?} {:?}", one.kind, one.outcome));
            for event in &one.events {
                add(format!(
                    "  {:?} {}",
                    history.events[*event].role,
                    history.line(*event)
                ));
            }
        }
        text
    }
}

impl fmt::Display for Score {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} operations, {} count, {} right ({:.3} %), {} wrong of which {} doubted, {} invented",
            self.operations,
            self.judged,
            self.right,
            self.share() * 100.0,
            self.wrong.len(),
            self.doubted,
            self.invented.len()
        )
    }
}

/// Compares what was found with what was.
pub fn score(history: &History, found: &[Found]) -> Score {
    let mut left: Vec<Vec<usize>> = vec![Vec::new(); history.operations.len()];
    for (number, event) in history.events.iter().enumerate() {
        if let (Role::Core(operation), false) = (event.role, event.lost) {
            left[operation].push(number);
        }
    }
    // Which found operations hold a core event of which true one.
    let mut holders: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut score = Score {
        operations: history.operations.len(),
        ..Score::default()
    };
    for (index, one) in found.iter().enumerate() {
        let mut real = false;
        for event in &one.events {
            if let Role::Core(operation) = history.events[*event].role {
                real = true;
                holders.entry(operation).or_default().insert(index);
            }
        }
        if !real {
            score.invented.push(one.clone());
        }
    }
    for (number, operation) in history.operations.iter().enumerate() {
        let events: Vec<_> = left[number]
            .iter()
            .map(|event| &history.events[*event])
            .collect();
        if !(operation.shows_kind(&events) && operation.shows_outcome(&events)) {
            continue;
        }
        score.judged += 1;
        let holders = holders
            .get(&number)
            .map(|set| set.iter().copied().collect::<Vec<_>>());
        let holders = holders.unwrap_or_default();
        let mut faults = Vec::new();
        let mut doubted = false;
        match holders.as_slice() {
            [] => faults.push(Fault::Missed),
            [only] => {
                let one = &found[*only];
                doubted = one.uncertain;
                faults = compare(history, number, &left[number], one);
            }
            several => {
                doubted = several.iter().any(|at| found[*at].uncertain);
                faults.push(Fault::Split(several.len()));
            }
        }
        if faults.is_empty() {
            score.right += 1;
        } else {
            score.doubted += usize::from(doubted);
            score.wrong.push((number, faults));
        }
    }
    score
}

fn compare(history: &History, number: usize, left: &[usize], one: &Found) -> Vec<Fault> {
    let operation = &history.operations[number];
    let mut faults = Vec::new();
    let lacks: Vec<_> = left
        .iter()
        .copied()
        .filter(|event| !one.events.contains(event))
        .collect();
    if !lacks.is_empty() {
        faults.push(Fault::Lacks(lacks));
    }
    let foreign: Vec<_> = one
        .events
        .iter()
        .copied()
        .filter(|event| match history.events[*event].role {
            Role::Core(of) | Role::Beside(of) => of != number,
            Role::Context(person) => person.is_some() && person != operation.person,
            Role::Apart => true,
        })
        .collect();
    if !foreign.is_empty() {
        faults.push(Fault::Foreign(foreign));
    }
    // What another operation has may stand beside this one, when either may have it.
    let of_others: Vec<_> = one
        .context
        .iter()
        .copied()
        .filter(|event| match history.events[*event].role {
            Role::Context(person) => person.is_some() && person != operation.person,
            Role::Apart => true,
            Role::Core(_) | Role::Beside(_) => false,
        })
        .collect();
    if !of_others.is_empty() {
        faults.push(Fault::OfOthers(of_others));
    }
    if one.kind != operation.kind {
        faults.push(Fault::Kind(one.kind));
    }
    if one.outcome != operation.outcome {
        faults.push(Fault::Outcome(one.outcome));
    }
    faults
}
