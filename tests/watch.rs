//! Watching logs that grow, are rotated, replaced and cut: nothing is told twice, nothing is missed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops where its premise fails"
)]

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use sspr::snapshot::{Change, Followed};
use sspr::watch::{Notice, NoticeKind, Watch, WatchOptions, WatchState};
use sspr_tests::evtx_writer::{CHUNK_BYTES, EvtxEvent, HEADER_BYTES, write};

const HOST: &str = "aadc01.contoso.com";

fn start() -> DateTime<Utc> {
    "2026-11-20T08:00:00Z".parse().expect("a time")
}

fn minute(minute: i64) -> DateTime<Utc> {
    start() + TimeDelta::minutes(minute)
}

/// A watch that forgets all but its state between two looks, and what it told so far.
struct Watcher {
    paths: Vec<PathBuf>,
    state: String,
    options: WatchOptions,
    told: Vec<Notice>,
}

impl Watcher {
    fn new(path: &Path) -> Self {
        Self {
            paths: vec![path.to_owned()],
            state: WatchState::new(start()).to_json(),
            options: WatchOptions::default(),
            told: Vec::new(),
        }
    }

    fn look(&mut self, now: DateTime<Utc>) -> Followed {
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

    fn kinds(&self) -> Vec<NoticeKind> {
        self.told.iter().map(|notice| notice.kind).collect()
    }

    /// How often each failed operation was told.
    fn failures(&self) -> BTreeMap<String, usize> {
        let mut failures = BTreeMap::new();
        let of_kind = |notice: &&Notice| notice.kind == NoticeKind::Failure;
        for notice in self.told.iter().filter(of_kind) {
            let id = notice.tracking_id.clone().expect("a tracking id");
            *failures.entry(id).or_default() += 1;
        }
        failures
    }
}

fn tracking_id(operation: usize) -> String {
    format!("11111111-2222-3333-4444-{operation:012}")
}

/// What an operation that fails for want of rights leaves in the log, among other events.
fn failing(operation: usize, at: DateTime<Utc>) -> Vec<EvtxEvent> {
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
fn log(operations: usize) -> Vec<EvtxEvent> {
    let of = |operation: usize| failing(operation, minute(i64::try_from(operation).unwrap()));
    (0..operations).flat_map(of).collect()
}

fn xml(events: &[EvtxEvent]) -> String {
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

fn once(operations: usize) -> BTreeMap<String, usize> {
    (0..operations).map(|one| (tracking_id(one), 1)).collect()
}

#[test]
fn a_growing_log_tells_each_failure_once_with_its_cause() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Application.evtx");
    let events = log(200);
    let mut watcher = Watcher::new(folder.path());
    watcher.options.burst = 1_000;
    for count in (0..=events.len()).step_by(7).chain([events.len()]) {
        fs::write(&path, write(&events[..count], 1)).unwrap();
        watcher.look(minute(200));
    }
    assert!(fs::metadata(&path).unwrap().len() > (HEADER_BYTES + 2 * CHUNK_BYTES) as u64);
    assert_eq!(watcher.failures(), once(200));
    let first = &watcher.told[0];
    assert_eq!(first.user.as_deref(), Some("jdoe@contoso.com"));
    assert_eq!(first.cause.as_deref(), Some("accessDenied"));
    assert_eq!(first.computer.as_deref(), Some(HOST));
    assert!(
        first.next.as_deref().unwrap().contains("rights"),
        "{first:?}"
    );
}

#[test]
fn what_was_there_before_is_not_told_and_is_with_an_earlier_time() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.evtx"), write(&log(5), 1)).unwrap();
    let mut later = Watcher::new(folder.path());
    later.state = WatchState::new(minute(60)).to_json();
    later.look(minute(60));
    assert_eq!(later.told, []);
    let mut earlier = Watcher::new(folder.path());
    earlier.look(minute(60));
    assert_eq!(earlier.failures(), once(5));
}

#[test]
fn a_record_that_is_not_whole_yet_is_told_when_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Application.evtx");
    let whole = write(&log(8), 1);
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap();
    for written in (HEADER_BYTES + 600..used).step_by(97) {
        let mut watcher = Watcher::new(folder.path());
        let mut torn = whole.clone();
        torn[written..].fill(0);
        fs::write(&path, &torn).unwrap();
        watcher.look(minute(10));
        fs::write(&path, &whole).unwrap();
        watcher.look(minute(10));
        assert_eq!(watcher.failures(), once(8), "{written}");
        assert!(!watcher.kinds().contains(&NoticeKind::Lost), "{written}");
    }
}

#[test]
fn damage_that_stays_is_read_over_and_told_when_its_chunk_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Application.evtx");
    let spoil = |mut bytes: Vec<u8>| {
        // The size of the second record.
        let magic = [0x2a, 0x2a, 0, 0];
        let places = bytes.windows(4).enumerate();
        let second = { places }.filter(|(_, at)| *at == magic).nth(1).unwrap().0;
        bytes[second + 4..second + 8].fill(0xff);
        bytes
    };
    let events = log(300);
    let mut watcher = Watcher::new(folder.path());
    watcher.options.burst = 1_000;
    fs::write(&path, spoil(write(&events[..24], 1))).unwrap();
    watcher.look(minute(10));
    watcher.look(minute(10));
    assert_eq!(watcher.failures(), once(8));
    assert!(!watcher.kinds().contains(&NoticeKind::Lost));
    fs::write(&path, spoil(write(&events, 1))).unwrap();
    watcher.look(minute(300));
    watcher.look(minute(300));
    assert_eq!(watcher.failures(), once(300));
    let lost = watcher
        .told
        .iter()
        .filter(|notice| notice.kind == NoticeKind::Lost);
    assert_eq!(lost.count(), 1);
}

#[test]
fn a_log_that_is_moved_away_and_begun_anew_is_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Application.evtx");
    let events = log(30);
    let mut watcher = Watcher::new(folder.path());
    watcher.options.burst = 1_000;
    fs::write(&path, write(&events[..30], 1)).unwrap();
    watcher.look(minute(10));
    // Some more are written, and then it is full.
    let archive = folder.path().join("Archive-Application-2026-11-20.evtx");
    fs::write(archive, write(&events[..60], 1)).unwrap();
    fs::write(&path, write(&events[60..], 61)).unwrap();
    watcher.look(minute(30));
    assert_eq!(watcher.failures(), once(30));
    assert!(
        !watcher.kinds().contains(&NoticeKind::Lost),
        "{:?}",
        watcher.told
    );
}

#[test]
fn records_that_were_overwritten_unread_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Application.evtx");
    let events = log(30);
    let mut watcher = Watcher::new(&path);
    watcher.options.burst = 1_000;
    fs::write(&path, write(&events[..30], 1)).unwrap();
    watcher.look(minute(10));
    fs::write(&path, write(&events[60..], 61)).unwrap();
    watcher.look(minute(30));
    let lost = watcher
        .told
        .iter()
        .find(|n| n.kind == NoticeKind::Lost)
        .unwrap();
    assert_eq!(lost.count, Some(30));
    assert_eq!(watcher.failures().len(), 20);
}

#[test]
fn another_log_under_the_same_name_is_read_from_its_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Application.evtx");
    let events = log(30);
    let mut watcher = Watcher::new(&path);
    watcher.options.burst = 1_000;
    fs::write(&path, write(&events[..60], 1)).unwrap();
    watcher.look(minute(20));
    fs::write(&path, write(&events[60..], 1)).unwrap();
    let followed = watcher.look(minute(30));
    assert_eq!(followed.changed[0].change, Change::Replaced);
    assert_eq!(watcher.failures(), once(30));
}

#[test]
fn an_export_that_is_written_anew_tells_what_is_new_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let (evtx, text) = (folder.path().join("a.evtx"), folder.path().join("a.xml"));
    let events = log(12);
    let mut watcher = Watcher::new(folder.path());
    watcher.options.burst = 1_000;
    for count in [9, 18, 18, 36] {
        // With the root that wevtutil adds, and the latest first as well as last.
        let whole = write(&events[..count], 1);
        fs::write(&evtx, whole).unwrap();
        let mut lines: Vec<_> = xml(&events[..count]).lines().map(str::to_owned).collect();
        lines.reverse();
        fs::write(&text, format!("<Events>{}</Events>", lines.concat())).unwrap();
        watcher.look(minute(12));
    }
    // Both forms carry the same events.
    assert_eq!(watcher.failures(), once(12));
}

#[test]
fn a_log_as_text_that_is_cut_is_read_from_its_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.xml");
    let events = log(6);
    let mut watcher = Watcher::new(&path);
    fs::write(&path, xml(&events[..9])).unwrap();
    watcher.look(minute(6));
    fs::write(&path, xml(&events[9..12])).unwrap();
    let followed = watcher.look(minute(6));
    assert_eq!(followed.changed[0].change, Change::Replaced);
    fs::write(&path, xml(&events[9..])).unwrap();
    watcher.look(minute(6));
    assert_eq!(watcher.failures(), once(6));
}

#[test]
fn a_file_that_is_no_log_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.txt"), "no log").unwrap();
    let mut watcher = Watcher::new(folder.path());
    assert_eq!(watcher.look(start()).skipped.len(), 1);
    assert_eq!(watcher.look(start()).skipped.len(), 0);
}

#[test]
fn refusals_are_told_where_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "TrackingId: {}, Reason: Synchronization Engine returned an error hr=80230619, \
         message=A restriction prevents the password from being changed., Context: \
         UserPrincipalName: jdoe@contoso.com, Details: x",
        tracking_id(1)
    );
    let refused = EvtxEvent::new("PasswordResetService", 33008, HOST, start(), text);
    fs::write(folder.path().join("a.evtx"), write(&[refused], 1)).unwrap();
    let mut watcher = Watcher::new(folder.path());
    watcher.look(minute(1));
    assert_eq!(watcher.kinds(), []);
    let mut watcher = Watcher::new(folder.path());
    watcher.options.refusals = true;
    watcher.look(minute(1));
    assert_eq!(watcher.kinds(), [NoticeKind::Refusal]);
}

#[test]
fn an_operation_without_end_is_told_when_its_log_went_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.evtx");
    let begun = failing(1, start()).remove(0);
    let other = |at| EvtxEvent::new("Outlook", 63, HOST, at, "x");
    let mut watcher = Watcher::new(&path);
    fs::write(&path, write(std::slice::from_ref(&begun), 1)).unwrap();
    watcher.look(minute(30));
    fs::write(&path, write(&[begun.clone(), other(minute(14))], 1)).unwrap();
    watcher.look(minute(30));
    assert_eq!(watcher.kinds(), []);
    fs::write(
        &path,
        write(&[begun, other(minute(14)), other(minute(16))], 1),
    )
    .unwrap();
    watcher.look(minute(30));
    watcher.look(minute(31));
    assert_eq!(watcher.kinds(), [NoticeKind::Unfinished]);
}

#[test]
fn a_log_that_falls_silent_is_told_once_and_when_it_is_heard_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.evtx");
    let other = |at| EvtxEvent::new("Outlook", 63, HOST, at, "x");
    fs::write(&path, write(&[other(start())], 1)).unwrap();
    let mut watcher = Watcher::new(&path);
    for at in [30, 59, 61, 90] {
        watcher.look(minute(at));
    }
    assert_eq!(watcher.kinds(), [NoticeKind::Silence]);
    assert_eq!(watcher.told[0].at, start());
    fs::write(&path, write(&[other(start()), other(minute(95))], 1)).unwrap();
    watcher.look(minute(96));
    watcher.look(minute(97));
    assert_eq!(
        watcher.kinds(),
        [NoticeKind::Silence, NoticeKind::SilenceOver]
    );
    assert_eq!(watcher.told[1].count, Some(95 * 60));
}

#[test]
fn a_service_whose_heartbeats_cease_is_told_while_its_log_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.evtx");
    let beat = |at| {
        EvtxEvent::new(
            "PasswordResetService",
            31019,
            HOST,
            at,
            "ServiceBusHeartBeat",
        )
    };
    let other = |at| EvtxEvent::new("Outlook", 63, HOST, at, "x");
    let mut events: Vec<_> = [0, 5, 10].map(|at| beat(minute(at))).into();
    let mut watcher = Watcher::new(&path);
    fs::write(&path, write(&events, 1)).unwrap();
    watcher.look(minute(11));
    events.push(other(minute(29)));
    fs::write(&path, write(&events, 1)).unwrap();
    watcher.look(minute(29));
    assert_eq!(watcher.kinds(), []);
    events.push(other(minute(31)));
    fs::write(&path, write(&events, 1)).unwrap();
    watcher.look(minute(31));
    assert_eq!(watcher.kinds(), [NoticeKind::Silence]);
    assert!(watcher.told[0].message.contains("heartbeats"));
    events.push(beat(minute(32)));
    fs::write(&path, write(&events, 1)).unwrap();
    watcher.look(minute(33));
    assert_eq!(
        watcher.kinds(),
        [NoticeKind::Silence, NoticeKind::SilenceOver]
    );
}

#[test]
fn the_services_trouble_is_told_once_an_hour_and_when_it_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.evtx");
    let event = |id, at| EvtxEvent::new("PasswordResetService", id, HOST, minute(at), "x");
    let mut watcher = Watcher::new(&path);
    let mut events = Vec::new();
    for at in (0..=70).step_by(10) {
        events.push(event(31034, at));
        fs::write(&path, write(&events, 1)).unwrap();
        watcher.look(minute(at));
    }
    assert_eq!(watcher.kinds(), [NoticeKind::Service, NoticeKind::Service]);
    assert!(watcher.told[0].next.is_some());
    events.push(event(31019, 75));
    fs::write(&path, write(&events, 1)).unwrap();
    watcher.look(minute(75));
    watcher.look(minute(76));
    assert_eq!(watcher.kinds()[2..], [NoticeKind::Recovered]);
}

#[test]
fn a_burst_is_what_is_unusual_at_this_time_of_the_day() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.evtx");
    // Four days with three failures in this hour, then as many as `now`.
    let events = |now: usize| -> Vec<EvtxEvent> {
        let before = (1..=4).rev().flat_map(|day| (0..3).map(move |n| (day, n)));
        let before = before.flat_map(|(day, n)| {
            let at = start() - TimeDelta::days(day) + TimeDelta::minutes(n);
            failing(1_000 + usize::try_from(day * 10 + n).unwrap(), at)
        });
        before.chain(log(now)).collect()
    };
    let mut watcher = Watcher::new(&path);
    for count in [1, 15, 16, 30] {
        fs::write(&path, write(&events(count), 1)).unwrap();
        watcher.look(minute(30));
        let bursts = watcher.told.iter().filter(|n| n.kind == NoticeKind::Burst);
        // Operations and failures are counted apart, and each is told once for the hour.
        assert_eq!(bursts.count(), if count > 15 { 2 } else { 0 }, "{count}");
    }
    let burst = watcher
        .told
        .iter()
        .find(|n| n.kind == NoticeKind::Burst)
        .unwrap();
    assert_eq!((burst.count, burst.usual), (Some(16), Some(3)));
    assert_eq!(watcher.failures(), once(30));
}

#[test]
fn a_damaged_state_is_refused_with_what_to_do() {
    let error = WatchState::from_json("{\"schema\":").unwrap_err();
    assert!(error.help.is_some());
    let other = WatchState::new(start())
        .to_json()
        .replace("watch/1", "watch/9");
    assert!(WatchState::from_json(&other).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn text_that_grows_by_any_bytes_tells_each_failure_once(
        mut cuts in proptest::collection::vec(any::<prop::sample::Index>(), 1..12),
        utf16 in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.xml");
        let text = format!("<Events>{}</Events>", xml(&log(9)));
        let whole: Vec<u8> = if utf16 {
            [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        } else {
            text.into_bytes()
        };
        let mut watcher = Watcher::new(&path);
        cuts.sort_by_key(|cut| cut.index(whole.len()));
        for cut in cuts {
            fs::write(&path, &whole[..cut.index(whole.len())]).unwrap();
            watcher.look(minute(9));
        }
        fs::write(&path, &whole).unwrap();
        watcher.look(minute(9));
        prop_assert_eq!(watcher.failures(), once(9));
        prop_assert!(!watcher.kinds().contains(&NoticeKind::Lost));
    }

    #[test]
    fn any_bytes_in_a_log_that_is_followed_do_no_harm(
        bytes in proptest::collection::vec(any::<u8>(), 0..3_000),
        at in any::<prop::sample::Index>(),
        more in 0_usize..40,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.evtx");
        let mut watcher = Watcher::new(&path);
        let events = log(40);
        let whole = write(&events[..more * 3], 1);
        let mut spoilt = whole.clone();
        let from = at.index(spoilt.len());
        let most = bytes.len().min(spoilt.len() - from);
        spoilt[from..from + most].copy_from_slice(&bytes[..most]);
        for content in [&spoilt, &whole, &spoilt[..from].to_vec(), &bytes, &spoilt] {
            fs::write(&path, content).unwrap();
            watcher.look(minute(40));
        }
    }
}
