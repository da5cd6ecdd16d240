use proptest::prelude::*;

use super::*;

fn local(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

#[test]
fn every_form_that_windows_prints_is_read() {
    let expected = local("2026-01-13T21:00:01");
    for text in [
        "1/13/2026 9:00:01 PM",
        "01/13/2026 21:00:01",
        "13/01/2026 21:00:01",
        "13/01/2026 9:00:01 p.m.",
        "13.01.2026 21:00:01",
        "13.1.2026 21:00:01",
        "13. 1. 2026 21:00:01",
        "13.01.26 21:00:01",
        "13.01.2026 21.00.01",
        "13-01-2026 21:00:01",
        "2026/1/13 21:00:01",
        "2026-01-13 21:00:01",
        "2026-01-13T21:00:01",
        "2026. 01. 13. 21:00:01",
        "2026-01-13 오후 9:00:01",
        "2026/1/13 下午 9:00:01",
        "13/01/2026, 21:00:01",
        "13.01.2026 21:00:01 Uhr",
    ] {
        let read = Written::parse(text);
        assert!(
            matches!(read, Some(Written::Local(time, _)) if time == expected),
            "{text}: {read:?}"
        );
    }
    let instant = Some(Written::Instant(expected.and_utc()));
    for text in [
        "2026-01-13T22:00:01+01:00",
        "2026-01-13 21:00:01Z",
        "/Date(1768338001000)/",
        "1768338001000",
        "1768338001",
        "134128116010000000",
    ] {
        assert_eq!(Written::parse(text), instant, "{text}");
    }
    let ticks = Written::parse("639039348010000000");
    assert_eq!(ticks, Some(Written::Local(expected, None)));
}

#[test]
fn what_is_no_time_is_refused() {
    for text in [
        "",
        "7",
        "13/13/2026 21:00:01",
        "13/01/26 21:00:01",
        "1/5/2026",
        "1/5/2026 25:00:01",
        "1/5-2026 9:00:01",
        "1/5/2026 9:00:01 XM",
        "/Date(x)/",
        "99/99/9999 99:99:99",
    ] {
        assert_eq!(Written::parse(text), None, "{text}");
    }
}

#[test]
fn an_order_is_decided_by_one_day_that_can_be_no_month() {
    let read = |text: &str| Written::parse(text).unwrap();
    let (open, proof) = (read("1/5/2026 09:00:01"), read("14/5/2026 09:00:01"));
    let mut order = Order::default();
    order.see(&open);
    assert_eq!(order.decided(), None);
    let stamp = open.stamp(order.decided(), "UTC".parse().ok());
    assert!(stamp.uncertain, "nothing says which it is");
    order.see(&proof);
    assert_eq!(order.decided(), Some(DateOrder::DayFirst));
    let stamp = open.stamp(order.decided(), "UTC".parse().ok());
    assert_eq!(stamp.time.naive_utc(), local("2026-05-01T09:00:01"));
    assert!(!stamp.uncertain);
    order.see(&read("5/14/2026 09:00:01"));
    assert_eq!((order.decided(), order.contradicts_itself()), (None, true));
}

#[test]
fn the_hour_that_is_struck_twice_or_never_is_marked() {
    let zone: Zone = "europe/berlin".parse().unwrap();
    let twice = zone.stamp(local("2026-10-25T02:30:00"));
    assert_eq!(twice.time.naive_utc(), local("2026-10-25T00:30:00"));
    assert!(twice.uncertain);
    let never = zone.stamp(local("2026-03-29T02:30:00"));
    assert_eq!(never.time.naive_utc(), local("2026-03-29T01:30:00"));
    assert!(never.uncertain);
    let plain = zone.stamp(local("2026-07-01T12:00:00"));
    assert_eq!(plain.time.naive_utc(), local("2026-07-01T10:00:00"));
    assert!(!plain.uncertain);
}

#[test]
fn zones_are_names_or_offsets() {
    for (text, shown) in [
        ("UTC", "UTC"),
        ("america/new_york", "America/New_York"),
        ("+01:00", "+01:00"),
        ("-0530", "-05:30"),
        ("+2", "+02:00"),
        ("z", "+00:00"),
    ] {
        assert_eq!(text.parse::<Zone>().unwrap().to_string(), shown);
    }
    for text in [
        "",
        "Mars/Olympus",
        "+25:00",
        "+1:60",
        "W. Europe Standard Time",
        "+é",
    ] {
        assert!(text.parse::<Zone>().is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_time_or_a_zone_panic(text in ".{0,30}", shaped in "[0-9./: -]{0,24}[AP]?M?") {
        for text in [text, shaped] {
            if let Some(written) = Written::parse(&text) {
                let _ = written.stamp(None, text.parse().ok());
                let _ = written.stamp(Some(DateOrder::DayFirst), "Europe/Berlin".parse().ok());
            }
            let _ = text.parse::<Zone>();
        }
    }

    #[test]
    fn what_a_locale_writes_is_read_back(
        seconds in 0_i64..4_000_000_000,
        (pattern, order) in prop::sample::select(vec![
            ("%-m/%-d/%Y %-I:%M:%S %p", Some(DateOrder::MonthFirst)),
            ("%d/%m/%Y %H:%M:%S", Some(DateOrder::DayFirst)),
            ("%d.%m.%Y %H:%M:%S", None),
            ("%Y-%m-%d %H:%M:%S", None),
            ("%Y/%-m/%-d %-H:%M:%S", None),
        ]),
    ) {
        let time = DateTime::from_timestamp(seconds, 0).unwrap();
        let text = time.format(pattern).to_string();
        let zone = Some(Zone::Fixed(FixedOffset::east_opt(0).unwrap()));
        let stamp = Written::parse(&text).unwrap().stamp(order, zone);
        prop_assert_eq!(stamp, Stamp { time, uncertain: false });
    }
}
