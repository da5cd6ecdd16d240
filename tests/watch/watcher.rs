//! A watch that is run by hand, and logs for it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use sspr::snapshot::Followed;
use sspr::watch::{Notice, NoticeKind, Watch, WatchOptions, WatchState};
use sspr_tests::evtx_writer::EvtxEvent;

pub(crate) const HOST: &str = "aadc01.contoso.com";

pub(crate) fn start() -> DateTime<Utc> {
    "2026-11-20T08:00:00Z".parse().expect("a time")
}

pub(crate) fn minute(minute: i64) -> DateTime<Utc> {
    start() + TimeDelta::minutes(minute)
}

/// A watch that forgets all but its state between two looks, and what it told so far.
pub(crate) struct Watcher {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) state: String,
    pub(crate) options: WatchOptions,
    pub(crate) told: Vec<Notice>,
}

impl Watcher {
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            paths: vec![path.to_owned()],
            state: WatchState::new(start()).to_json(),
            options: WatchOptions::default(),
            told: Vec::new(),
        }
    }

    pub(crate) fn look(&mut self, now: DateTime<Utc>) -> Followed {
        let state = WatchState::from_json(&self.state).expect("a state");
        let mut watch = Watch::new(self.paths.clone(), self.options, state);
        let followed = watch
            .look(now, &mut |_| ControlFlow::Continue(()))
            .expect("a pass");
        self.told.extend_from_slice(watch.untold());
        watch.told(usize::MAX);
        self.state = watch.state().to_json();
        followed
    }

    pub(crate) fn kinds(&self) -> Vec<NoticeKind> {
        self.told.iter().map(|notice| notice.kind).collect()
    }

    /// How often each failed operation was told.
    pub(crate) fn failures(&self) -> BTreeMap<String, usize> {
        let mut failures = BTreeMap::new();
        let of_kind = |notice: &&Notice| notice.kind == NoticeKind::Failure;
        for notice in self.told.iter().filter(of_kind) {
            let id = notice.tracking_id.clone().expect("a tracking id");
            *failures.entry(id).or_default() += 1;
        }
        failures
    }
}

pub(crate) fn tracking_id(operation: usize) -> String {
    format!("11111111-2222-3333-4444-{operation:012}")
}

/// What an operation that fails for want of rights leaves in the log, among other events.
pub(crate) fn failing(operation: usize, at: DateTime<Utc>) -> Vec<EvtxEvent> {
    let id = tracking_id(operation);
    let event = |number, second, text: &str| {
        let text = format!("TrackingId: {id}, {text}");
        let at = at + TimeDelta::seconds(second);
        EvtxEvent::new("PasswordResetService", number, HOST, at, text)
    };
    vec![
        event(
            31001,
            0,
            "PasswordResetRequestStart, Details: jdoe@contoso.com",
        ),
        EvtxEvent::new("Outlook", 63, HOST, at, "x".repeat(operation % 3_000)),
        event(
            33004,
            1,
            "Reason: Synchronization Engine returned an error hr=80230626, message=Denied., \
             Context: UserPrincipalName: jdoe@contoso.com, Details: x",
        ),
    ]
}

/// A log of so many failing operations, one a minute.
pub(crate) fn log(operations: usize) -> Vec<EvtxEvent> {
    let of = |operation: usize| failing(operation, minute(i64::try_from(operation).unwrap()));
    (0..operations).flat_map(of).collect()
}

pub(crate) fn xml(events: &[EvtxEvent]) -> String {
    let one = |(event, record): (&EvtxEvent, u64)| {
        format!(
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
             <Provider Name='{}'/><EventID>{}</EventID><TimeCreated SystemTime='{}'/>\
             <EventRecordID>{record}</EventRecordID><Channel>Application</Channel>\
             <Computer>{}</Computer></System><EventData><Data>{}</Data></EventData></Event>\r\n",
            event.provider,
            event.id,
            event.time.to_rfc3339(),
            event.computer,
            event.data[0].1
        )
    };
    events.iter().zip(1..).map(one).collect::<Vec<_>>().concat()
}

pub(crate) fn once(operations: usize) -> BTreeMap<String, usize> {
    (0..operations).map(|one| (tracking_id(one), 1)).collect()
}
