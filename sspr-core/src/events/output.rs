//! Where the records of a log go that is no `.evtx`: past the filter, with their times made
//! instants, and with the reach of all of them, wanted or not.
//!
//! Where day and month may stand either way, records wait until a later one tells. All readers of text, JSON and XML hand
//! their records to an [`Output`].

use std::ops::ControlFlow;

use chrono::{DateTime, Offset, Utc};

use super::audit::AuditRecord;
use super::log::Filter;
use super::{LogItem, RecordSpan, SmolStr, WindowsEvent};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{At, Locator};
use crate::time::local::{Order, Written, Zone};

/// How many records a span tells of at most.
const SPAN: u64 = 4_096;
/// How many records, and how many bytes of them, wait at most for one that tells the order of day
/// and month.
const MOST_HELD: usize = 100_000;
const BYTES_HELD: usize = 64 * 1024 * 1024;
/// What an event takes in memory beside its texts.
const EVENT: usize = 400;

/// A callback that takes items, and may stop the reading.
pub(crate) type Sink<'s> = dyn FnMut(LogItem) -> ControlFlow<()> + 's;

/// An event as its carrier gives it: the time stands in `written` unless it is an instant.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Record {
    pub(crate) event: WindowsEvent,
    pub(crate) written: Option<Written>,
}

impl Record {
    /// An event whose time is known, or absent.
    pub(crate) fn sure(event: WindowsEvent) -> Self {
        Self {
            event,
            written: None,
        }
    }
}

enum Held {
    Event(At<Record>),
    Audit(Box<AuditRecord>, Written),
    Item(LogItem),
}

/// Remarks that are made once.
#[derive(Default)]
struct Said {
    zone: bool,
    order: bool,
    contradiction: bool,
}

/// See the module.
pub(crate) struct Output<'a> {
    filter: &'a Filter,
    zone: Option<Zone>,
    sink: Box<Sink<'a>>,
    /// Whether the reach of the records is told; where all are handed over, their times tell it.
    spans: bool,
    /// Whether records may be passed over unread.
    screens: bool,
    keeps_first: bool,
    span: Option<RecordSpan>,
    order: Order,
    held: Vec<Held>,
    bytes_held: usize,
    /// How many may wait; none any more once too many did.
    room: usize,
    said: Said,
    /// How many records were met, whatever became of them.
    records: u64,
}

impl<'a> Output<'a> {
    /// Hands over what the filter wants.
    pub(crate) fn new(
        filter: &'a Filter,
        zone: Option<Zone>,
        sink: impl FnMut(LogItem) -> ControlFlow<()> + 'a,
    ) -> Self {
        Self {
            filter,
            zone,
            sink: Box::new(sink),
            spans: filter.leaves_out(),
            screens: true,
            keeps_first: false,
            span: None,
            order: Order::default(),
            held: Vec::new(),
            bytes_held: 0,
            room: MOST_HELD,
            said: Said::default(),
            records: 0,
        }
    }

    /// The same, and the first event whoever wrote it, for it tells which computer and log it is.
    pub(crate) fn with_first(self) -> Self {
        Self {
            keeps_first: true,
            ..self
        }
    }

    /// The same, with every record read, so that tests can hold both ways against each other.
    #[cfg(test)]
    pub(crate) fn unscreened(self) -> Self {
        Self {
            screens: false,
            ..self
        }
    }

    /// Times without a zone are in UTC in this log: it says so itself.
    pub(crate) fn in_utc(&mut self) {
        self.zone = Some(Zone::Fixed(Utc.fix()));
    }

    /// What a time that is passed over says about the order of day and month.
    pub(crate) fn learn(&mut self, written: &Written, place: &Locator) -> ControlFlow<()> {
        self.see(written, place)
    }

    /// Whether the order of day and month is known.
    pub(crate) fn knows_order(&self) -> bool {
        self.order.decided().is_some()
    }

    /// The instant of a time, if it is certain by what is known so far.
    pub(crate) fn certain(&self, written: &Written) -> Option<DateTime<Utc>> {
        let stamp = written.stamp(self.order.decided(), self.zone);
        (!stamp.uncertain).then_some(stamp.time)
    }

    /// The filter, for a reader to screen records with before it reads them; nothing when all are
    /// wanted.
    pub(crate) fn screening(&self) -> Option<&'a Filter> {
        (self.screens && self.filter.leaves_out() && !self.waits_for_first()).then_some(self.filter)
    }

    /// How many records were met so far: events, audit records, and those that were passed over.
    pub(crate) fn records(&self) -> u64 {
        self.records
    }

    /// An event. Its place is its record number where it has one.
    pub(crate) fn event(&mut self, read: Record, place: Locator) -> ControlFlow<()> {
        let is_first = self.waits_for_first();
        self.records += 1;
        let Record { event, written } = read;
        let place = event.record.map_or(place, Locator::Record);
        let Some(written) = written else {
            if let Some(time) = event.time {
                self.reach(time)?;
            }
            if !is_first && !self.filter.wants(&event) {
                return ControlFlow::Continue(());
            }
            return self.item(LogItem::Event(Box::new(At::new(event, place))));
        };
        self.see(&written, &place)?;
        if !self.filter.wants_source(&event.provider, event.id) {
            return ControlFlow::Continue(());
        }
        let read = At::new(
            Record {
                event,
                written: Some(written),
            },
            place,
        );
        if self.waits(&written) {
            return self.hold(Held::Event(read));
        }
        self.dated(read)
    }

    /// A record of which only the time is known, because nobody wants it.
    pub(crate) fn passed_over(&mut self, time: Option<DateTime<Utc>>) -> ControlFlow<()> {
        self.records += 1;
        match time {
            Some(time) => self.reach(time),
            None => ControlFlow::Continue(()),
        }
    }

    /// A record of the tenant's audit log.
    pub(crate) fn audit(&mut self, record: AuditRecord) -> ControlFlow<()> {
        self.records += 1;
        if !record.local_time {
            self.reach(record.time)?;
        }
        if !self.filter.wants_audit(&record) {
            return ControlFlow::Continue(());
        }
        self.item(LogItem::Audit(Box::new(record)))
    }

    /// A record of the tenant's audit log, with its time as it is written.
    pub(crate) fn dated_audit(&mut self, record: AuditRecord, written: Written) -> ControlFlow<()> {
        self.see(&written, &record.place)?;
        if self.waits(&written) {
            return self.hold(Held::Audit(Box::new(record), written));
        }
        self.audit_at(record, written)
    }

    fn audit_at(&mut self, mut record: AuditRecord, written: Written) -> ControlFlow<()> {
        let stamp = written.stamp(self.order.decided(), self.zone);
        record.time = stamp.time;
        record.local_time = stamp.uncertain;
        self.doubts(&written, &record.place, stamp.uncertain)?;
        self.audit(record)
    }

    /// Something that could not be read, with the number of records and bytes that it costs.
    pub(crate) fn fault(
        &mut self,
        error: Error,
        records: Option<u64>,
        bytes: Option<u64>,
    ) -> ControlFlow<()> {
        self.item(LogItem::Fault {
            error,
            records,
            bytes,
        })
    }

    /// The end of the log: what waited is handed over, and the reach of the last records.
    pub(crate) fn finish(&mut self) -> Result<()> {
        let ended = match self.release() {
            ControlFlow::Continue(()) => self.end_span(),
            ControlFlow::Break(()) => ControlFlow::Break(()),
        };
        finished(ended)
    }

    /// Whether a record of this time waits for one that tells the order of day and month.
    fn waits(&self, written: &Written) -> bool {
        let open = matches!(written, Written::Either { .. }) && self.order.decided().is_none();
        let waits = open && self.room > 0 && !self.order.contradicts_itself();
        waits || !self.held.is_empty()
    }

    fn waits_for_first(&self) -> bool {
        self.keeps_first && self.records == 0
    }

    /// What a time says about the order of day and month in this log.
    fn see(&mut self, written: &Written, place: &Locator) -> ControlFlow<()> {
        let before = self.order.decided();
        self.order.see(written);
        if before.is_none() && self.order.decided().is_some() {
            return self.release();
        }
        if before.is_some() && self.order.contradicts_itself() && !self.said.contradiction {
            self.said.contradiction = true;
            let message = "dates before this one have day and month the other way round: the log is put \
                 together from several, and where both readings are possible the times are uncertain";
            return self.remark(message, place.clone(), None);
        }
        ControlFlow::Continue(())
    }

    fn dated(&mut self, read: At<Record>) -> ControlFlow<()> {
        let At {
            value: Record {
                mut event, written, ..
            },
            place,
        } = read;
        let Some(written) = written else {
            return self.item(LogItem::Event(Box::new(At::new(event, place))));
        };
        let stamp = written.stamp(self.order.decided(), self.zone);
        event.time = Some(stamp.time);
        event.local_time = stamp.uncertain;
        self.doubts(&written, &place, stamp.uncertain)?;
        if !stamp.uncertain {
            self.reach(stamp.time)?;
        }
        if !self.filter.wants(&event) {
            return ControlFlow::Continue(());
        }
        self.item(LogItem::Event(Box::new(At::new(event, place))))
    }

    /// Says once for each log why its times are uncertain.
    fn doubts(&mut self, written: &Written, place: &Locator, uncertain: bool) -> ControlFlow<()> {
        if matches!(written, Written::Either { .. })
            && self.order.decided().is_none()
            && !self.said.order
        {
            self.said.order = true;
            let likely = if matches!(written, Written::Either { half_day: true, .. }) {
                "the month"
            } else {
                "the day"
            };
            let message = format!(
                "day and month of these dates may stand either way, and no other date tells: {likely} \
                 is taken to come first, and the times are uncertain"
            );
            self.remark(
                &message,
                place.clone(),
                Some("export the log as .evtx or .xml, which carry exact times"),
            )?;
        }
        if uncertain && self.zone.is_none() && !self.said.zone {
            self.said.zone = true;
            self.remark(
                "the times are local ones of a zone that nobody stated; they are taken for UTC and uncertain",
                place.clone(),
                Some("state the zone of the machine that exported the log with `--time-zone`"),
            )?;
        }
        ControlFlow::Continue(())
    }

    /// Something worth knowing that costs no record.
    pub(crate) fn remark(
        &mut self,
        message: &str,
        place: Locator,
        help: Option<&str>,
    ) -> ControlFlow<()> {
        let error = Error::new(ErrorCode::Value, place, message);
        let error = match help {
            Some(help) => error.with_help(help),
            None => error,
        };
        (self.sink)(LogItem::Fault {
            error,
            records: Some(0),
            bytes: None,
        })
    }

    fn item(&mut self, item: LogItem) -> ControlFlow<()> {
        if self.held.is_empty() {
            (self.sink)(item)
        } else {
            self.hold(Held::Item(item))
        }
    }

    fn hold(&mut self, held: Held) -> ControlFlow<()> {
        self.bytes_held += match &held {
            Held::Event(at) => EVENT + size(&at.value.event),
            Held::Item(LogItem::Event(at)) => EVENT + size(&at.value),
            Held::Audit(..) | Held::Item(_) => EVENT,
        };
        self.held.push(held);
        if self.held.len() >= self.room || self.bytes_held >= BYTES_HELD {
            self.room = 0;
            return self.release();
        }
        ControlFlow::Continue(())
    }

    fn release(&mut self) -> ControlFlow<()> {
        self.bytes_held = 0;
        for held in std::mem::take(&mut self.held) {
            match held {
                Held::Event(read) => self.dated(read)?,
                Held::Audit(record, written) => self.audit_at(*record, written)?,
                Held::Item(item) => (self.sink)(item)?,
            }
        }
        ControlFlow::Continue(())
    }

    /// The time of a record tells how far the log reaches.
    pub(crate) fn reach(&mut self, time: DateTime<Utc>) -> ControlFlow<()> {
        if !self.spans {
            return ControlFlow::Continue(());
        }
        let span = self.span.get_or_insert(RecordSpan {
            records: 0,
            first: time,
            last: time,
        });
        span.records += 1;
        span.first = span.first.min(time);
        span.last = span.last.max(time);
        if span.records == SPAN {
            return self.end_span();
        }
        ControlFlow::Continue(())
    }

    fn end_span(&mut self) -> ControlFlow<()> {
        match self.span.take() {
            Some(span) => self.item(LogItem::Span(span)),
            None => ControlFlow::Continue(()),
        }
    }
}

/// The error of a reading that its sink stopped.
pub(crate) fn finished(flow: ControlFlow<()>) -> Result<()> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::new(
            ErrorCode::Cancelled,
            Locator::Whole,
            "stopped by the caller",
        )),
    }
}

fn size(event: &WindowsEvent) -> usize {
    let word = |text: &Option<SmolStr>| text.as_ref().map_or(0, SmolStr::len);
    let data: usize = event
        .data
        .iter()
        .map(|datum| 64 + word(&datum.name) + datum.value.len())
        .sum();
    data + event.provider.len()
        + event.message.as_ref().map_or(0, String::len)
        + word(&event.computer)
        + word(&event.channel)
}
