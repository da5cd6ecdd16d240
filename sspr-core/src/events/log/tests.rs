use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::error::ErrorCode;

fn event(id: u32, minute: u32) -> String {
    format!(
        "<Event><System><Provider Name='PasswordResetService'/><EventID>{id}</EventID>\
         <TimeCreated SystemTime='2026-11-20T08:{minute:02}:00Z'/></System></Event>"
    )
}

fn ids(bytes: Vec<u8>, filter: Filter) -> Vec<u32> {
    LogReader::new(Cursor::new(bytes), filter)
        .into_events()
        .map(|event| event.unwrap().value.id)
        .collect()
}

#[test]
fn a_filter_chooses_by_provider_id_and_time() {
    let log: String = [(31001, 0), (31002, 1), (33008, 2)]
        .map(|(id, minute)| event(id, minute))
        .concat();
    let log = log.into_bytes();
    assert_eq!(ids(log.clone(), Filter::writeback()), [31001, 31002, 33008]);
    let by_id = Filter {
        ids: [33008].into(),
        ..Filter::default()
    };
    assert_eq!(ids(log.clone(), by_id), [33008]);
    let by_time = Filter {
        since: Some("2026-11-20T08:01:00Z".parse().unwrap()),
        until: Some("2026-11-20T08:02:00Z".parse().unwrap()),
        ..Filter::default()
    };
    assert_eq!(ids(log.clone(), by_time), [31002]);
    let another = Filter {
        providers: vec!["ADSync".into()],
        ..Filter::default()
    };
    assert!(ids(log, another).is_empty());
}

#[test]
fn a_packed_log_is_read() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(event(31002, 0).as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    assert_eq!(ids(packed, Filter::default()), [31002]);
}

#[test]
fn what_is_no_log_ends_with_an_error_that_says_so() {
    let mut items = LogReader::new(&b"PK\x03\x04 a zip"[..], Filter::default());
    let error = items.next().unwrap().unwrap_err();
    assert_eq!(error.code, ErrorCode::Unrecognised);
    assert!(items.next().is_none());
}

#[test]
fn a_reader_that_fails_half_way_ends_with_its_error_after_the_events() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the cable was pulled"))
        }
    }
    let whole = (0..100)
        .map(|minute| event(31001, minute % 60))
        .collect::<String>();
    let log = Cursor::new(whole.into_bytes()).chain(Broken);
    let items: Vec<_> = LogReader::new(log, Filter::default()).collect();
    let (last, events) = items.split_last().unwrap();
    assert_eq!(last.as_ref().unwrap_err().code, ErrorCode::Io);
    assert!(events.iter().all(Result::is_ok));
}

#[test]
fn waiting_for_a_slow_log_can_be_given_up() {
    struct Slow(Receiver<()>);
    impl Read for Slow {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            // Waits until the test lets go.
            let _ = self.0.recv();
            Ok(0)
        }
    }
    let (go, wait) = sync_channel(1);
    let log = Cursor::new(event(31002, 0).into_bytes()).chain(Slow(wait));
    let mut items = LogReader::new(log, Filter::default());
    assert!(items.poll_batch(Duration::from_millis(1)).is_pending());
    drop(go);
    let Poll::Ready(Some(batch)) = items.poll_batch(Duration::from_secs(60)) else {
        panic!("the log ends");
    };
    assert_eq!(batch.len(), 1);
    assert!(items.next_batch().is_none());
}

#[test]
fn a_dropped_reader_stops_reading() {
    struct Endless(Vec<u8>, SyncSender<()>);
    impl Read for Endless {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let take = into.len().min(self.0.len());
            into[..take].copy_from_slice(&self.0[..take]);
            Ok(take)
        }
    }
    impl Drop for Endless {
        fn drop(&mut self) {
            let _ = self.1.send(());
        }
    }
    let (ended, end) = sync_channel(1);
    let mut items = LogReader::new(
        Endless(event(31002, 0).into_bytes(), ended),
        Filter::default(),
    );
    assert!(items.next().is_some());
    drop(items);
    end.recv().unwrap();
}
