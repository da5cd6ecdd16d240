//! Histories of password operations with known truth, and how well a correlator finds it.
//!
//! A [`History`] is drawn from a seed: two servers of Entra Connect with a failover, three domain
//! controllers and the tenant's audit log, each with a clock of its own; people who reset, change,
//! unlock, retry, give up and are helped; outages; and what has nothing to do with it. Then events
//! are lost, repeated and forwarded. What each event belongs to is known, so that
//! [`score`](score::score) can say how many of the operations were found.
//!
//! The same options give the same history everywhere.

#![allow(
    clippy::indexing_slicing,
    reason = "numbers of people, operations and events are drawn within their lists; a defect ends a test"
)]

pub mod adapter;
mod clocks;
mod damage;
mod dice;
mod failures;
pub mod files;
mod people;
mod plot;
pub mod score;
mod stage;
mod text;
mod truth;

use chrono::{DateTime, TimeDelta};
use serde_json::Value;
use sspr::events::WindowsEvent;

pub use clocks::{ClockSet, MACHINES, Machine};
pub use people::Person;
pub use truth::{Role, TrueEvent, TrueOperation};

use clocks::Clocks;
use dice::Dice;
use stage::Stage;

/// What a history is to be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What all is drawn from.
    pub seed: u64,
    /// At least so many operations.
    pub operations: usize,
    /// So many people.
    pub people: usize,
    /// Over so many days.
    pub days: i64,
    /// Seconds between two heartbeats.
    pub heartbeat: i64,
    /// The third domain controller is of a second domain, where some accounts have the same names.
    pub two_domains: bool,
    /// A clock is set right in between.
    pub clock_set: bool,
    /// Of a thousand events so many are lost.
    pub lost: usize,
    /// Of a thousand events so many are delivered twice.
    pub repeated: usize,
    /// Of a thousand Windows events so many are in the log of a collector too.
    pub forwarded: usize,
    /// Some logs come with their newest event first.
    pub reversed: bool,
}

impl Options {
    /// A history of so many operations, of some fifty an hour at most; what else is in it depends on the seed.
    pub fn new(seed: u64, operations: usize) -> Self {
        let days = i64::try_from(operations / 150)
            .unwrap_or_default()
            .clamp(8, 90);
        Self {
            seed,
            operations,
            people: (operations / 5).clamp(60, 20_000),
            days,
            heartbeat: 300,
            two_domains: seed % 2 == 1,
            clock_set: false,
            lost: 10,
            repeated: 20,
            forwarded: if seed.is_multiple_of(3) { 0 } else { 150 },
            reversed: seed % 4 == 3,
        }
    }
}

/// A history: what happened, and what the logs hold of it.
#[derive(Debug, Clone)]
pub struct History {
    /// What it was drawn from.
    pub options: Options,
    /// Who lives in it.
    pub people: Vec<Person>,
    /// The operations that really were, in no order.
    pub operations: Vec<TrueOperation>,
    /// All events that were written, of each machine in the order of writing.
    pub events: Vec<TrueEvent>,
    /// The logs as they were collected.
    pub logs: Vec<Log>,
    /// The clock that was set.
    pub clock_set: Option<ClockSet>,
}

/// A log as it was collected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// What it is called.
    pub name: String,
    /// Who wrote it; nobody's is the collector's.
    pub machine: Option<Machine>,
    /// The numbers of its events, in its order; a number that comes twice was delivered twice.
    pub events: Vec<usize>,
}

/// An event or a record as a log holds it.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// An event of Windows.
    Event(Box<WindowsEvent>),
    /// A record of the tenant's audit log, as Graph gives it.
    Audit(Box<Value>),
}

impl History {
    /// Draws a history.
    pub fn draw(options: Options) -> Self {
        let people = people::draw(options.seed, options.people, options.two_domains);
        let start = DateTime::UNIX_EPOCH + TimeDelta::days(20_700);
        let mut dice = Dice::of(options.seed, 3);
        let hours = dice.between(options.days * 24 * 9 / 20, options.days * 24 * 13 / 20);
        let mut stage = Stage {
            options: &options,
            people: &people,
            dice,
            start,
            failover: start + TimeDelta::hours(hours),
            outages: Vec::new(),
            operations: Vec::new(),
            events: Vec::new(),
            busy: vec![Vec::new(); people.len()],
            last: start + TimeDelta::hours(8),
            flows: 0,
            services: 0,
        };
        plot::outages(&mut stage);
        plot::service(&mut stage);
        for outage in stage.outages.clone() {
            plot::outage(&mut stage, outage);
        }
        let mut tries = 0;
        while stage.operations.len() < options.operations && tries < options.operations * 3 {
            plot::flow(&mut stage);
            tries += 1;
        }
        let Stage {
            operations,
            mut events,
            ..
        } = stage;
        let mut clocks = Clocks::draw(options.seed, start, options.days);
        let clock_set = options
            .clock_set
            .then(|| clocks.set_right(options.seed, options.days, &events))
            .flatten();
        for event in &mut events {
            event.shown = clocks.show(event.machine, event.at);
        }
        let logs = damage::collect(&options, &mut events);
        Self {
            options,
            people,
            operations,
            events,
            logs,
            clock_set,
        }
    }

    /// The seed it was drawn from.
    pub fn seed(&self) -> u64 {
        self.options.seed
    }

    /// An event in full, by its number.
    pub fn item(&self, number: usize) -> Item {
        text::item(self, &self.events[number], number)
    }

    /// An event in one line, for people.
    pub fn line(&self, number: usize) -> String {
        let event = &self.events[number];
        let what = match self.item(number) {
            Item::Event(event) => {
                let text = event.text().replace('\n', " ");
                let text = if text.is_empty() {
                    let named: Vec<_> = [
                        "TargetUserName",
                        "TargetDomainName",
                        "SubjectUserName",
                        "PasswordLastSet",
                    ]
                    .iter()
                    .filter_map(|name| event.named(name))
                    .collect();
                    format!(
                        "{} {:#x}",
                        named.join(" "),
                        event.keywords.unwrap_or_default()
                    )
                } else {
                    text.chars().take(150).collect()
                };
                format!("{} {text}", event.id)
            }
            Item::Audit(record) => format!(
                "{} {} {} {}",
                record["activityDisplayName"],
                record["result"],
                record["resultReason"],
                record["targetResources"][0]["userPrincipalName"]
            ),
        };
        let machine = event.machine.name(self.options.two_domains);
        format!(
            "#{number} {} ({}) {machine} {what}",
            event.at,
            event.shown.format("%T%.3f")
        )
    }

    /// The person of an operation.
    fn person_of(&self, operation: usize) -> &Person {
        &self.people[self.operations[operation].person.unwrap_or_default()]
    }
}
