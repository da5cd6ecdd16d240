//! How far a clock is off, from `w32tm /query /status /verbose`.

use serde::Serialize;

use crate::evidence::{At, Locator};

/// The clock's offset as `w32tm` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClockOffset {
    /// In milliseconds.
    pub milliseconds: i64,
    /// The line was found by its position among the values in seconds, because the label is in a
    /// language that is not known here.
    pub by_position: bool,
}

/// Whether a text is the status of the Windows time service, in any language: a precision in
/// nanoseconds and values in seconds.
pub fn is_time_status(text: &str) -> bool {
    text.contains("ns ")
        && text.lines().take(60).filter_map(seconds_line).count() >= 2
        && text
            .lines()
            .take(12)
            .any(|line| line.contains("ns ") && line.contains('('))
}

/// Reads the offset. Plain `/status` does not carry it; `/verbose` does, in the line "Phase
/// Offset", which in other languages is the third whose value is a number of seconds alone.
pub fn read_clock_offset(text: &str) -> Option<At<ClockOffset>> {
    let lines = || {
        (1_u64..)
            .zip(text.lines())
            .filter_map(|(number, line)| seconds_line(line).map(|(label, ms)| (number, label, ms)))
    };
    let labelled = lines().find(|(_, label, _)| label.eq_ignore_ascii_case("Phase Offset"));
    let by_position = labelled.is_none();
    // Root delay and root dispersion stand before it.
    let (line, _, milliseconds) = labelled.or_else(|| lines().nth(2))?;
    Some(At::new(
        ClockOffset {
            milliseconds,
            by_position,
        },
        Locator::Line(line),
    ))
}

/// A line `label: 0.0123s`, with its value in milliseconds.
fn seconds_line(line: &str) -> Option<(&str, i64)> {
    let (label, value) = line.split_once(':')?;
    let number = value.trim().strip_suffix('s')?.replace(',', ".");
    let shape = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    if !number.contains('.') || !number.chars().all(shape) {
        return None;
    }
    let seconds: f64 = number.parse().ok()?;
    let milliseconds = (seconds * 1000.0).round();
    // A clock that is off by more than 30 years is off by 30 years.
    #[expect(clippy::cast_possible_truncation, reason = "bounded just before")]
    let milliseconds = milliseconds.clamp(-1e12, 1e12) as i64;
    Some((label.trim(), milliseconds))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ENGLISH: &str = "Leap Indicator: 0(no warning)\r\nStratum: 4 (secondary reference - syncd by (S)NTP)\r\n\
        Precision: -23 (119.209ns per tick)\r\nRoot Delay: 0.0312500s\r\nRoot Dispersion: 7.7834000s\r\n\
        ReferenceId: 0xC0000201 (source IP:  192.0.2.1)\r\nPoll Interval: 10 (1024s)\r\n\r\n\
        Phase Offset: -0.4003030s\r\nClockRate: 0.0156250s\r\n";

    #[test]
    fn the_phase_offset_is_found_by_name_or_by_position() {
        assert!(is_time_status(ENGLISH));
        let at = read_clock_offset(ENGLISH).unwrap();
        assert_eq!(at.value.milliseconds, -400);
        assert!(!at.value.by_position);
        assert_eq!(at.place, Locator::Line(9));
        let german = ENGLISH
            .replace("Root Delay", "Stammverzögerung")
            .replace("Root Dispersion", "Stammabweichung")
            .replace("Phase Offset", "Phasenoffset")
            .replace("per tick", "pro Tick")
            .replace("-0.4", "-0,4");
        assert!(is_time_status(&german));
        let at = read_clock_offset(&german).unwrap();
        assert!(at.value.by_position);
        assert_eq!(at.value.milliseconds, -400);
    }

    #[test]
    fn a_plain_status_carries_no_offset() {
        let plain = ENGLISH.split("\r\n\r\n").next().unwrap();
        assert!(is_time_status(plain));
        assert_eq!(read_clock_offset(plain), None);
        assert!(!is_time_status("a: 1.0s\nb: 2.0s"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_is_taken(text in "(?s).{0,200}", value in "[-+0-9.,e]{0,12}s") {
            let _ = read_clock_offset(&text);
            let _ = read_clock_offset(&format!("Phase Offset: {value}"));
            let _ = is_time_status(&text);
        }
    }
}
