//! A correlator of events that callers bring. It lives on a thread of its own, where it takes what
//! is pushed, and answers in the order in which it is asked.

use std::sync::mpsc::{Receiver, Sender, channel};

use chrono::{DateTime, Utc};
use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;
use sspr::events::{AuditRecord, WindowsEvent};
use sspr::evidence::Locator;
use sspr::roundtrip::{Correlator, PasswordSet, Summary};

use super::{Found, Settings, observed, push_event};
use crate::fault::{caught, refused};
use crate::value::{Json, Whole};
use crate::work::{Promise, spawn};

enum Task {
    Push(Box<dyn FnOnce(&mut Correlator) + Send>),
    /// Gives what has left early.
    Ready(Promise<Found>),
    /// Gives all.
    Finish(Promise<Found>),
}

/// A correlator, as `lib/logs.js` holds it.
#[napi(namespace = "loader")]
pub struct Joining {
    tasks: Sender<Task>,
}

#[napi(namespace = "loader")]
impl Joining {
    /// One that knows these settings.
    #[napi(factory)]
    pub fn make(settings: Json<Settings>) -> Result<Self> {
        let correlator = Correlator::new(settings.read()?.known()?);
        let (tasks, queue) = channel();
        spawn(move || serve(correlator, &queue))?;
        Ok(Self { tasks })
    }

    /// Takes an event of a Windows log.
    #[napi]
    pub fn push_event(&self, event: Json<WindowsEvent>, source: Whole) -> Result<()> {
        let (event, source) = (event.read()?, source.get()?);
        self.push(move |correlator| push_event(correlator, event, source))
    }

    /// Takes a record of the tenant's audit log.
    #[napi]
    pub fn push_audit(&self, record: Json<AuditRecord>, source: Whole) -> Result<()> {
        let (record, source) = (record.read()?, source.get()?);
        let from = observed(source, Locator::Whole, Some(record.time));
        self.push(move |correlator| correlator.push_audit(&record, &from))
    }

    /// Takes the time that the directory keeps of a person's last password.
    #[napi]
    pub fn push_password_set(&self, set: Json<PasswordSet>, source: Whole) -> Result<()> {
        let (set, source) = (set.read()?, source.get()?);
        let from = observed(source, Locator::Whole, None);
        self.push(move |correlator| correlator.push_password_set(&set, &from))
    }

    /// The Application log of a machine is there from `first` to `last`.
    #[napi]
    pub fn push_span(&self, host: String, first: DateTime<Utc>, last: DateTime<Utc>) -> Result<()> {
        self.push(move |correlator| correlator.push_span(&host, first, last))
    }

    /// The operations that have left early.
    #[napi]
    pub fn ready<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        self.ask(env, Task::Ready)
    }

    /// All that is left.
    #[napi]
    pub fn finish<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        self.ask(env, Task::Finish)
    }
}

impl Joining {
    fn push(&self, push: impl FnOnce(&mut Correlator) + Send + 'static) -> Result<()> {
        self.send(Task::Push(Box::new(push)))
    }

    fn ask<'env>(&self, env: &'env Env, ask: fn(Promise<Found>) -> Task) -> Result<Object<'env>> {
        let (promise, awaited) = Promise::new(env)?;
        self.send(ask(promise))?;
        Ok(awaited)
    }

    fn send(&self, task: Task) -> Result<()> {
        // The thread ends with this object, and not before.
        self.tasks
            .send(task)
            .map_err(|_| refused("the correlator has ended"))
    }
}

/// Does what is asked for, one after another. A defect is what the next one who asks is told.
fn serve(mut correlator: Correlator, queue: &Receiver<Task>) {
    let mut defect = None;
    while let Ok(task) = queue.recv() {
        let (promise, is_end) = match task {
            Task::Push(push) => {
                let pushed = caught(|| {
                    push(&mut correlator);
                    Ok(())
                });
                defect = defect.or(pushed.err());
                continue;
            }
            Task::Ready(promise) => (promise, false),
            Task::Finish(promise) => (promise, true),
        };
        let found = match defect.take() {
            Some(defect) => Err(defect),
            None => caught(|| {
                let mut operations: Vec<_> = correlator.ready().collect();
                let summary = if is_end {
                    correlator.finish(&mut |operation| operations.push(operation))
                } else {
                    Summary::default()
                };
                Ok(Found::new(operations, summary, None))
            }),
        };
        promise.settle(found, |found| found);
    }
}
