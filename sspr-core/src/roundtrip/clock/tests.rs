use super::*;

const SECOND: i64 = 1_000_000;
const HOST: Clock = Clock::Machine(None);

fn clocks(offset: impl Fn(i64) -> i64, pairs: i64) -> Clocks {
    let pairs = (0..pairs).map(|n| {
        let at = n * 1800 * SECOND;
        let jitter = (n * 7919 % 11 - 5) * 40_000;
        Pair {
            one: (Clock::Cloud, at),
            other: (HOST, at + offset(at) + jitter),
        }
    });
    Clocks::estimate(pairs.collect(), &Names::default())
}

fn is_near(a: i64, b: i64) {
    assert!((a - b).abs() < SECOND / 2, "{a} {b}");
}

#[test]
fn a_clock_that_drifts_is_followed() {
    let offset = |at: i64| 120 * SECOND + at / 40_000;
    let clocks = clocks(offset, 500);
    for n in [0, 100, 499] {
        let at = n * 1800 * SECOND;
        let (found, trust) = clocks.correct(HOST, at + offset(at));
        is_near(found, at);
        assert_eq!(trust, Trust::Compared);
    }
    assert!(clocks.skew(HOST, &Names::default()).steps.is_empty());
}

#[test]
fn a_stray_pair_moves_nothing() {
    let clocks = clocks(
        |at| {
            if at == 50 * 1800 * SECOND {
                290 * SECOND
            } else {
                -30 * SECOND
            }
        },
        100,
    );
    let (found, _) = clocks.correct(HOST, 50 * 1800 * SECOND - 30 * SECOND);
    is_near(found, 50 * 1800 * SECOND);
    assert!(clocks.skew(HOST, &Names::default()).steps.is_empty());
}

#[test]
fn a_clock_that_was_set_is_reported_and_uncertain_at_that_time() {
    for (before, after) in [(200, 0), (0, 200), (-90, 30)] {
        let set = 100 * 1800 * SECOND;
        let offset = |at: i64| {
            if at < set {
                before * SECOND
            } else {
                after * SECOND
            }
        };
        let clocks = clocks(offset, 200);
        let skew = clocks.skew(HOST, &Names::default());
        assert_eq!(skew.steps.len(), 1, "{before} {after}");
        is_near(skew.steps[0].by * 1000, (after - before) * SECOND);
        for n in [20, 98, 102, 180] {
            let at = n * 1800 * SECOND;
            let (found, trust) = clocks.correct(HOST, at + offset(at));
            is_near(found, at);
            assert_eq!(trust, Trust::Compared);
        }
        let (_, trust) = clocks.correct(HOST, set - 900 * SECOND + before * SECOND);
        assert_eq!(trust, Trust::Set);
    }
}

#[test]
fn clocks_are_compared_through_others() {
    let (one, two) = (Clock::Machine(None), Clock::Domain);
    let pairs = (0..20).flat_map(|n| {
        let at = n * 600 * SECOND;
        [
            Pair {
                one: (Clock::Cloud, at),
                other: (one, at + 60 * SECOND),
            },
            Pair {
                one: (one, at + 60 * SECOND),
                other: (two, at - 45 * SECOND),
            },
        ]
    });
    let clocks = Clocks::estimate(pairs.collect(), &Names::default());
    assert_eq!(clocks.correct(two, 0).0, 45 * SECOND);
}
