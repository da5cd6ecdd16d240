//! Windows logs: `.evtx`, XML, text, and JSON of every program that writes it.

use std::cell::RefCell;
use std::io::{BufRead, Read};
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use super::{BinaryKind, Intake, ItemReader, JsonKind, TextKind};
use crate::carrier::json::{Object, Page};
use crate::error::{Error, Result};
use crate::events::catalogue::Source;
use crate::events::csv::{Holds, read_csv, recognise};
use crate::events::json::{self, EventForm, has_syslog_prefix};
use crate::events::output::Output;
use crate::events::{
    Filter, LogItem, RecordSpan, event_text, is_event_xml, is_evtx, read_evtx, xml,
};
use crate::evidence::{Limits, Strength};
use crate::snapshot::Facts;
use crate::snapshot::facts::{EVENT_LOG, LogKey};
use crate::time::local::Zone;

pub(super) const TEXT: &[TextKind] = &[
    TextKind {
        name: "eventXml",
        strength: Strength::Observed,
        matches: is_event_xml,
        read: |into, text: &mut dyn BufRead| {
            read(into, |_, sink| {
                let mut out = Output::new(&WANTED_ONLY, None, sink).with_first();
                xml::read(text, &mut out)?;
                out.finish()
            })
        },
    },
    TextKind {
        name: "eventText",
        strength: Strength::Exported,
        matches: event_text::is_event_text,
        read: |into, text: &mut dyn BufRead| {
            read(into, |zone, sink| {
                let mut out = Output::new(&ALL, zone, sink);
                event_text::read(text, &mut out)?;
                out.finish()
            })
        },
    },
    TextKind {
        name: "nxLogLines",
        strength: Strength::Exported,
        matches: has_syslog_prefix,
        read: |into, text: &mut dyn BufRead| {
            read(into, |zone, sink| {
                let mut out = Output::new(&ALL, zone, sink);
                json::read(&mut { text }, Limits::default().item_bytes, &mut out)?;
                out.finish()
            })
        },
    },
    TextKind {
        name: "eventCsv",
        strength: Strength::Exported,
        matches: |head| recognise(head) == Some(Holds::Events),
        read: |into, text: &mut dyn BufRead| read_table(into, text, &WANTED_ONLY),
    },
];

/// Reads a table of events or of the audit log.
pub(super) fn read_table(
    into: &mut Intake<'_>,
    text: &mut dyn BufRead,
    filter: &Filter,
) -> Result<()> {
    read(into, |zone, sink| {
        let mut out = Output::new(filter, zone, sink);
        read_csv(text, &mut out)?;
        out.finish()
    })
}

pub(super) const BINARY: &[BinaryKind] = &[BinaryKind {
    name: "eventLog",
    strength: Strength::Observed,
    matches: is_evtx,
    read: |into, log: &mut dyn Read| read(into, |_, sink| read_evtx(log, WANTED, sink)),
}];

/// Events as JSON, a kind for each program that writes them.
pub(super) const JSON: &[JsonKind] = &[
    JsonKind {
        name: "winEvents",
        strength: Strength::Exported,
        matches: |object, _| EventForm::of(object) == Some(EventForm::WinEvent),
        reader: || Box::new(Events::default()),
    },
    JsonKind {
        name: "eventLogEntries",
        strength: Strength::Exported,
        matches: |object, _| EventForm::of(object) == Some(EventForm::EventLog),
        reader: || Box::new(Events::default()),
    },
    JsonKind {
        name: "winlogbeat",
        strength: Strength::Exported,
        matches: |object, _| EventForm::of(object) == Some(EventForm::Beats),
        reader: || Box::new(Events::default()),
    },
    JsonKind {
        name: "azureEvents",
        strength: Strength::Exported,
        matches: |object, _| EventForm::of(object).is_some_and(EventForm::is_of_azure),
        reader: || Box::new(Events::default()),
    },
    JsonKind {
        name: "nxLog",
        strength: Strength::Exported,
        matches: |object, _| EventForm::of(object) == Some(EventForm::NxLog),
        reader: || Box::new(Events::default()),
    },
];

/// The providers that facts come from.
const WANTED: &[&str] = &[
    Source::Writeback.provider(),
    Source::Engine.provider(),
    Source::HashSync.provider(),
    Source::Security.provider(),
    Source::ProtectionAgent.provider(),
    EVENT_LOG,
];

static WANTED_ONLY: LazyLock<Filter> = LazyLock::new(|| Filter {
    providers: WANTED.iter().map(|&name| name.to_owned()).collect(),
    ..Filter::default()
});
static ALL: LazyLock<Filter> = LazyLock::new(Filter::default);

/// All evidence has been read: who people are is known, and events can be joined.
pub(super) fn finish(facts: &mut Facts) {
    facts.finish_events();
}

type Sink<'s> = &'s mut dyn FnMut(LogItem) -> ControlFlow<()>;

/// Reads a log that is an input of its own.
fn read(
    into: &mut Intake<'_>,
    run: impl FnOnce(Option<Zone>, Sink<'_>) -> Result<()>,
) -> Result<()> {
    let mut fold = Fold::default();
    let zone = into.zone;
    let result = run(zone, &mut |item| {
        into.collection.items += fold.take(into, item);
        ControlFlow::Continue(())
    });
    fold.finish(into);
    result
}

/// Reads the events of one form among the objects of an input.
#[derive(Default)]
struct Events {
    fold: Fold,
    /// What the output handed over, and has not been folded.
    items: Rc<RefCell<Vec<LogItem>>>,
    out: Option<Output<'static>>,
}

impl Events {
    fn drain(&mut self, into: &mut Intake<'_>) {
        for item in self.items.take() {
            self.fold.take(into, item);
        }
    }
}

impl ItemReader for Events {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        let Some(form) = EventForm::of(object) else {
            return;
        };
        let items = Rc::clone(&self.items);
        let zone = into.zone;
        let out = self.out.get_or_insert_with(|| {
            Output::new(&ALL, zone, move |item| {
                items.borrow_mut().push(item);
                ControlFlow::Continue(())
            })
        });
        // The sink never stops.
        let _ = json::event(form, object, object.place(), out);
        self.drain(into);
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        if let Some(out) = &mut self.out {
            let _ = out.finish();
        }
        self.drain(into);
        self.fold.finish(into);
    }
}

/// What folding the items of one log needs between them.
#[derive(Default)]
struct Fold {
    log: Option<LogKey>,
    /// What comes before the first event waits for the name of the log.
    spans: Vec<RecordSpan>,
    faults: Vec<(Error, u64)>,
    bytes_lost: u64,
    latest: Option<DateTime<Utc>>,
}

impl Fold {
    /// Folds an item, and says how many events it is.
    fn take(&mut self, into: &mut Intake<'_>, item: LogItem) -> u64 {
        let (facts, origin) = (&mut *into.facts, into.origin);
        match item {
            LogItem::Event(event) => {
                let mut from = origin.at(event.place);
                // What a record says was so when it was written.
                from.observed_at = event.value.time;
                self.latest = self.latest.max(event.value.time);
                let key = facts.events.take(&event.value, &from);
                self.log.get_or_insert(key);
                return 1;
            }
            LogItem::Audit(record) => {
                let mut from = origin.at(record.place.clone());
                from.observed_at = Some(record.time);
                facts.take_audit(&record, &from);
                return 1;
            }
            LogItem::Span(span) => {
                self.latest = self.latest.max(Some(span.last));
                match &self.log {
                    Some(log) => facts.events.span(log, span),
                    None => join(&mut self.spans, span),
                }
            }
            LogItem::Fault {
                error,
                records,
                bytes,
            } => {
                self.bytes_lost += bytes.unwrap_or_default();
                // A fault that costs an unknown number of records counts as one.
                let records = records.unwrap_or(1);
                origin.fault(error.clone());
                match &self.log {
                    Some(log) => {
                        let from = origin.at(error.place.clone());
                        facts.events.lost(log, records, &error, &from);
                    }
                    None => self.faults.push((error, records)),
                }
                self.faults.truncate(100);
            }
        }
        0
    }

    /// The end of the log.
    fn finish(&mut self, into: &mut Intake<'_>) {
        let (facts, origin) = (&mut *into.facts, into.origin);
        // An option's time is of all evidence: of this log it does not say that it reaches so far.
        let exported = origin.stated_time();
        if let Some(log) = &self.log {
            for span in self.spans.drain(..) {
                facts.events.span(log, span);
            }
            for (error, records) in self.faults.drain(..) {
                let from = origin.at(error.place.clone());
                facts.events.lost(log, records, &error, &from);
            }
            facts.events.observed(log, exported);
        }
        if self.bytes_lost > 0 {
            origin.faults.borrow_mut().bytes = Some(self.bytes_lost);
        }
        if exported.is_none() {
            origin
                .observed_at
                .set(self.latest.or(origin.observed_at.get()));
        }
    }
}

/// Spans that wait are kept as one.
fn join(spans: &mut Vec<RecordSpan>, span: RecordSpan) {
    match spans.first_mut() {
        Some(known) => {
            known.records += span.records;
            known.first = known.first.min(span.first);
            known.last = known.last.max(span.last);
        }
        None => spans.push(span),
    }
}
