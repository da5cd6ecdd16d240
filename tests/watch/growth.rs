//! Logs that grow, are rotated, replaced, cut and damaged.

use std::fs;

use proptest::prelude::*;
use sspr::snapshot::Change;
use sspr::watch::{NoticeKind, WatchState};
use sspr_tests::evtx_writer::{CHUNK_BYTES, HEADER_BYTES, write};

use crate::watcher::{HOST, Watcher, log, minute, once, start, xml};

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
