//! How many of the operations of generated histories the library finds.
//!
//! ```text
//! SSPR_SEED=7 SSPR_OPERATIONS=20000 cargo test -p sspr-tests --test accuracy -- --nocapture
//! ```
//!
//! `SSPR_SEED` is the first seed, `SSPR_SEEDS` how many follow it, `SSPR_OPERATIONS` how large each
//! history is, and `SSPR_FAULTS` how many wrong operations are shown with their events.

#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "the score and its seed are for people too, and a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sspr::roundtrip::{ClockStep, Kind, Outcome};
use sspr_tests::history::adapter::{audit_record, find};
use sspr_tests::history::files::{Form, write};
use sspr_tests::history::score::{Found, Score, score};
use sspr_tests::history::{ClockSet, History, Item, MACHINES, Options, Role};

fn number(name: &str, otherwise: usize) -> usize {
    env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

fn histories() -> impl Iterator<Item = Options> {
    let first = number("SSPR_SEED", 1);
    let operations = number("SSPR_OPERATIONS", 1_500);
    (first..first + number("SSPR_SEEDS", 6)).map(move |seed| Options::new(seed as u64, operations))
}

/// Draws a history and says how well it was found.
fn judge(options: Options) -> Score {
    let history = History::draw(options);
    judge_found(&history, &find(&history).0)
}

fn judge_found(history: &History, found: &[Found]) -> Score {
    let score = score(history, found);
    println!("seed {}: {score}", history.options.seed);
    let shown = number("SSPR_FAULTS", 5);
    if score.right < score.judged || !score.invented.is_empty() {
        println!("{}", score.faults(history, found, shown));
    }
    score
}

#[test]
fn operations_whose_events_show_them_are_found_and_none_is_invented() {
    let (mut judged, mut right) = (0, 0);
    for options in histories() {
        let seed = options.seed;
        let score = judge(options);
        assert!(score.invented.is_empty(), "seed {seed}: {score}");
        judged += score.judged;
        right += score.right;
        assert!(
            score.right * 1000 >= score.judged * 995,
            "seed {seed}: {score}"
        );
    }
    println!("all: {right} of {judged}");
}

#[test]
fn a_clock_that_was_set_right_is_reported_and_what_is_wrong_there_is_doubted() {
    let (mut set, mut doubted) = (0, 0);
    for options in histories() {
        let seed = options.seed;
        let history = History::draw(Options {
            clock_set: true,
            ..options
        });
        let (found, summary) = find(&history);
        let score = judge_found(&history, &found);
        assert!(score.invented.is_empty(), "seed {seed}: {score}");
        let good = score.right + score.doubted;
        assert!(good * 1000 >= score.judged * 995, "seed {seed}: {score}");
        let Some(ClockSet { machine, at, by }) = history.clock_set else {
            continue;
        };
        set += 1;
        let name = machine.name(history.options.two_domains);
        let skew = { summary.skews.iter() }.find(|skew| skew.host.as_deref() == Some(name));
        let steps = &skew.expect("a clock that was compared").steps;
        println!("seed {seed}: {name} moved by {by} ms at {at}, found {steps:?}");
        // The pairs on either side are of events that lie apart themselves.
        let room = TimeDelta::seconds(3);
        let is_it = |step: &ClockStep| {
            step.after - room <= at && at <= step.before + room && (step.by - by).abs() < 3_000
        };
        assert!(steps.len() == 1 && steps.iter().all(is_it), "seed {seed}");
        doubted += found.iter().filter(|one| one.clock_set).count();
    }
    println!("{set} clocks were set, {doubted} operations are doubted for it");
}

#[test]
fn the_command_finds_in_files_what_the_library_finds_in_memory() {
    let history = History::draw(Options::new(4, 300));
    let (found, _) = find(&history);
    let inner = score(&history, &found);
    for (form, between) in [(Form::Evtx, 2), (Form::Xml, 0)] {
        let folder = tempfile::tempdir().unwrap();
        write(&history, folder.path(), form, between).unwrap();
        let path = folder.path().to_str().unwrap();
        let args = ["roundtrip", path, "--format", "json", "--jobs", "2"];
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = sspr_cli::run(args, std::io::empty(), &mut out, &mut err, Utc::now());
        assert_eq!(code, sspr_cli::OK, "{}", String::from_utf8_lossy(&err));
        let told: Value = serde_json::from_slice(&out).unwrap();
        let found = read_back(&history, &told);
        let outer = judge_found(&history, &found);
        assert_eq!(
            (outer.judged, outer.right),
            (inner.judged, inner.right),
            "{form:?}: {outer}"
        );
        assert!(outer.invented.is_empty(), "{form:?}: {outer}");
    }
}

/// What `sspr roundtrip --format json` said.
fn read_back(history: &History, told: &Value) -> Vec<Found> {
    let number = |link: &Value| {
        let source = usize::try_from(link["from"]["source"].as_u64()?).ok()?;
        let path = Path::new(told["logs"]["logs"][source]["name"].as_str()?);
        let name = path.file_stem()?.to_str()?;
        let log = history.logs.iter().find(|log| log.name == name)?;
        if let Some(position) = link["from"]["locator"].as_str()?.strip_prefix("/value/") {
            return log.events.get(position.parse::<usize>().ok()?).copied();
        }
        let is_it = |number: &&usize| {
            let event = &history.events[**number];
            let host = event.machine.name(history.options.two_domains);
            link["record"] == event.record && link["host"] == host
        };
        log.events.iter().find(is_it).copied()
    };
    let numbers = |links: &Value| {
        let links = links.as_array().unwrap().iter();
        links
            .map(|link| number(link).unwrap_or_else(|| panic!("of no event: {link}")))
            .collect::<Vec<_>>()
    };
    let all = told["operations"].as_array().unwrap().iter();
    all.map(|one| {
        let kinds = [
            Kind::Reset,
            Kind::Change,
            Kind::AdminReset,
            Kind::Unlock,
            Kind::Onboarding,
            Kind::Offboarding,
        ];
        let outcomes = [
            Outcome::Written,
            Outcome::Refused,
            Outcome::Failed,
            Outcome::Unfinished,
            Outcome::CloudOnly,
        ];
        let kind = kinds.into_iter().find(|kind| one["kind"] == kind.name());
        let outcome = outcomes.into_iter().find(|it| one["outcome"] == it.name());
        Found {
            events: numbers(&one["chain"]),
            context: numbers(&one["context"]),
            kind: kind.unwrap_or(Kind::Unknown),
            outcome: outcome.unwrap_or(Outcome::Unknown),
            uncertain: false,
            clock_set: false,
        }
    })
    .collect()
}

#[test]
fn a_stretch_of_time_gives_the_operations_that_lie_in_it_whole() {
    let history = History::draw(Options::new(5, 300));
    let folder = tempfile::tempdir().unwrap();
    write(&history, folder.path(), Form::Evtx, 0).unwrap();
    let path = folder.path().to_str().unwrap();
    let of = |more: &[&str]| {
        let args = [&["roundtrip", path, "--format", "jsonl"], more].concat();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        sspr_cli::run(args, std::io::empty(), &mut out, &mut err, Utc::now());
        let lines: Vec<Value> = String::from_utf8(out)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        lines
    };
    let all = of(&[]);
    let time = |one: &Value| {
        let at = if one["end"].is_null() {
            &one["start"]
        } else {
            &one["end"]
        };
        at.as_str().map(|at| at.parse::<DateTime<Utc>>().unwrap())
    };
    // The edges lie within operations.
    let mut edges = Vec::new();
    for from in [all.len() / 3, all.len() / 2] {
        let start = { all[from..].iter() }.find_map(|one| one["start"].as_str());
        let start = start.unwrap().parse::<DateTime<Utc>>().unwrap();
        edges.push(start + TimeDelta::milliseconds(150));
    }
    let edge = |index: usize| edges[index].to_rfc3339();
    let chosen = of(&["--since", &edge(0), "--until", &edge(1)]);
    let inside: Vec<_> = { all.iter() }
        .filter(|one| time(one).is_none_or(|at| edges[0] <= at && at < edges[1]))
        .collect();
    assert!(chosen.len() > 20 && chosen.len() == inside.len());
    for (one, whole) in chosen.iter().zip(inside) {
        for field in ["kind", "outcome", "trackingId", "start", "end"] {
            assert_eq!(one[field], whole[field], "{field}");
        }
        let events = |of: &Value| of["chain"].as_array().unwrap().len();
        assert_eq!(events(one), events(whole));
    }
}

/// What a correlator would say that knows the truth.
fn perfect(history: &History) -> Vec<Found> {
    let mut found: BTreeMap<usize, Found> = BTreeMap::new();
    for log in &history.logs {
        for event in &log.events {
            if let Role::Core(of) = history.events[*event].role {
                let operation = &history.operations[of];
                found
                    .entry(of)
                    .or_insert_with(|| Found {
                        events: Vec::new(),
                        context: Vec::new(),
                        kind: operation.kind,
                        outcome: operation.outcome,
                        uncertain: false,
                        clock_set: false,
                    })
                    .events
                    .push(*event);
            }
        }
    }
    found.into_values().collect()
}

#[test]
fn who_knows_the_truth_is_always_right() {
    let (mut operations, mut judged) = (0, 0);
    for seed in 0..4 {
        let history = History::draw(Options::new(seed, 400));
        let score = score(&history, &perfect(&history));
        assert_eq!(
            (score.right, score.invented.len()),
            (score.judged, 0),
            "seed {seed}"
        );
        operations += score.operations;
        judged += score.judged;
    }
    // Some operations cannot be known any more, but few.
    assert!(judged < operations);
    assert!(judged * 100 > operations * 95, "{judged} of {operations}");
}

#[test]
fn each_kind_of_mistake_is_seen() {
    let history = History::draw(Options::new(5, 300));
    let right = perfect(&history);
    let count = |found: &[Found]| {
        let score = score(&history, found);
        (score.judged - score.right, score.invented.len())
    };
    let with = |change: &dyn Fn(&mut Vec<Found>)| {
        let mut found = right.clone();
        change(&mut found);
        count(&found)
    };
    let whole = right.iter().position(|one| {
        one.kind == Kind::Reset && one.outcome == Outcome::Written && one.events.len() >= 5
    });
    let whole = whole.unwrap();
    let stray = |role: &dyn Fn(Role) -> bool| {
        history
            .events
            .iter()
            .position(|event| role(event.role) && !event.lost)
            .unwrap()
    };
    let apart = stray(&|role| role == Role::Apart);
    let person = history
        .operations
        .iter()
        .find_map(|one| one.person)
        .unwrap();
    let context = stray(&|role| matches!(role, Role::Context(Some(one)) if one != person));
    assert_eq!(with(&|_| {}), (0, 0));
    assert_eq!(
        with(&|found| {
            found.remove(whole);
        }),
        (1, 0)
    );
    assert_eq!(
        with(&|found| {
            found[whole].events.pop();
        }),
        (1, 0)
    );
    assert_eq!(with(&|found| found[whole].kind = Kind::Change), (1, 0));
    assert_eq!(
        with(&|found| found[whole].outcome = Outcome::Unknown),
        (1, 0)
    );
    assert_eq!(with(&|found| found[whole].events.push(apart)), (1, 0));
    let alone = |event| Found {
        events: vec![event],
        context: Vec::new(),
        kind: Kind::Unknown,
        outcome: Outcome::Unknown,
        uncertain: false,
        clock_set: false,
    };
    assert_eq!(with(&|found| found[whole].context.push(apart)), (1, 0));
    assert_eq!(with(&|found| found.push(alone(apart))), (0, 1));
    assert_eq!(with(&|found| found.push(alone(context))), (0, 1));
    // Split in two.
    assert_eq!(
        with(&|found| {
            let event = found[whole].events.pop().unwrap();
            found.push(alone(event));
        }),
        (1, 0)
    );
}

#[test]
fn the_same_seed_gives_the_same_history() {
    let draw = || History::draw(Options::new(11, 200));
    let (a, b) = (draw(), draw());
    assert_eq!(
        (&a.events, &a.operations, &a.logs),
        (&b.events, &b.operations, &b.logs)
    );
    assert!((0..a.events.len()).all(|number| a.item(number) == b.item(number)));
    assert_ne!(a.events, History::draw(Options::new(12, 200)).events);
}

#[test]
fn a_history_holds_what_it_promises() {
    let history = History::draw(Options::new(3, 1_500));
    let outcomes: BTreeSet<_> = history
        .operations
        .iter()
        .map(|one| (one.kind, one.outcome))
        .collect();
    for kind in [Kind::Reset, Kind::Change, Kind::AdminReset] {
        for outcome in [
            Outcome::Written,
            Outcome::Refused,
            Outcome::Failed,
            Outcome::CloudOnly,
            Outcome::Unfinished,
        ] {
            let rare = outcome == Outcome::Unfinished;
            assert!(
                rare || outcomes.contains(&(kind, outcome)),
                "{kind:?} {outcome:?}"
            );
        }
    }
    assert!(
        outcomes
            .iter()
            .any(|(_, outcome)| *outcome == Outcome::Unfinished)
    );
    for kind in [Kind::Unlock, Kind::Onboarding, Kind::Offboarding] {
        assert!(outcomes.contains(&(kind, Outcome::Written)), "{kind:?}");
    }
    let lost = history.events.iter().filter(|event| event.lost).count();
    let share = lost * 1000 / history.events.len();
    assert!((7..14).contains(&share), "{share} of a thousand are lost");
    // Any two clocks differ by less than five minutes.
    let off: Vec<_> = MACHINES
        .iter()
        .map(|machine| {
            let of = history
                .events
                .iter()
                .filter(|event| event.machine == *machine);
            let off = of.map(|event| (event.shown - event.at).num_seconds());
            (off.clone().min().unwrap(), off.max().unwrap())
        })
        .collect();
    let (least, most) = (
        off.iter().map(|one| one.0).min().unwrap(),
        off.iter().map(|one| one.1).max().unwrap(),
    );
    assert!(most - least < 300, "{least} to {most}");
    for (number, event) in history.events.iter().enumerate() {
        match history.item(number) {
            Item::Event(item) => assert!(item.id != 0 && item.time == Some(event.shown)),
            Item::Audit(_) => {
                let record = audit_record(&history, number).expect("the library reads it");
                assert_eq!(record.time.timestamp(), event.shown.timestamp());
            }
        }
    }
}

#[test]
fn a_history_can_be_written_as_files() {
    use sspr::events::{Filter, LogItem, LogReader};
    let history = History::draw(Options::new(1, 120));
    for form in [Form::Evtx, Form::Xml] {
        let folder = tempfile::tempdir().unwrap();
        write(
            &history,
            folder.path(),
            form,
            usize::from(form == Form::Evtx),
        )
        .unwrap();
        for log in history.logs.iter().filter(|log| log.name != "audit") {
            let ending = if form == Form::Evtx { "evtx" } else { "xml" };
            let path = folder.path().join(format!("{}.{ending}", log.name));
            let events: Vec<_> = LogReader::open(&path, Filter::default())
                .unwrap()
                .filter_map(|item| match item.unwrap() {
                    LogItem::Event(event) if event.value.provider != "Contoso Backup" => {
                        Some(event.value)
                    }
                    LogItem::Fault { error, .. } => panic!("{error}"),
                    _ => None,
                })
                .collect();
            assert_eq!(events.len(), log.events.len());
            for (read, number) in events.iter().zip(&log.events) {
                let Item::Event(event) = history.item(*number) else {
                    panic!("the log of a machine holds events");
                };
                assert_eq!(
                    (read.id, read.time, &read.computer, &read.data),
                    (event.id, event.time, &event.computer, &event.data)
                );
            }
        }
    }
}
