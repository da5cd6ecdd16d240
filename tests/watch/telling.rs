//! What is worth telling: refusals, ends that are missing, silence, troubles and bursts.

use std::fs;

use chrono::TimeDelta;
use sspr::watch::NoticeKind;
use sspr_tests::evtx_writer::{EvtxEvent, write};

use crate::watcher::{HOST, Watcher, failing, log, minute, once, start, tracking_id};

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
