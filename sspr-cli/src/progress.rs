//! One line on a terminal that says what long work is at.

use std::io::Write;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use sspr::evidence::{Progress, Stage};

use crate::output::clean;

/// Short work shows nothing.
const PATIENCE: Duration = Duration::from_millis(400);
/// How often the line changes.
const PACE: Duration = Duration::from_millis(100);

/// The line; it is cleared when this goes away.
pub(crate) struct Line<'a> {
    stream: Option<&'a mut dyn Write>,
    width: usize,
    next: Instant,
    shown: bool,
    /// What is being read, and since when.
    reading: Option<(String, Instant)>,
}

impl<'a> Line<'a> {
    /// Writes to `stream` when it is a terminal.
    pub(crate) fn new(stream: &'a mut dyn Write, terminal: bool, width: usize) -> Self {
        Self {
            stream: terminal.then_some(stream),
            width,
            next: Instant::now() + PATIENCE,
            shown: false,
            reading: None,
        }
    }

    /// Hears of progress. Nothing that goes wrong in showing it stops the work.
    pub(crate) fn report(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        let now = Instant::now();
        if self.stream.is_none() {
            return ControlFlow::Continue(());
        }
        if let Stage::Reading(name) = progress.stage
            && self
                .reading
                .as_ref()
                .is_none_or(|(before, _)| before != name)
        {
            self.reading = Some((name.to_owned(), now));
        }
        let since = self.reading.as_ref().map(|(_, since)| now - *since);
        if let (Some(stream), true) = (&mut self.stream, now >= self.next) {
            let text = words(progress, since, self.width.saturating_sub(1));
            let _ = write!(stream, "\r\x1b[K{text}");
            let _ = stream.flush();
            self.next = now + PACE;
            self.shown = true;
        }
        ControlFlow::Continue(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        if let (Some(stream), true) = (&mut self.stream, self.shown) {
            let _ = write!(stream, "\r\x1b[K");
            let _ = stream.flush();
        }
    }
}

fn words(progress: &Progress<'_>, since: Option<Duration>, width: usize) -> String {
    let (verb, name) = match progress.stage {
        Stage::Recognising(name) => ("looking at", name),
        Stage::Reading(name) => ("reading", name),
        Stage::Collecting { part, items, of } => {
            let of = of.map(|of| format!(" of {of}")).unwrap_or_default();
            return format!("collecting {part}, {items}{of}");
        }
        Stage::Waiting { what, seconds } => {
            return format!("waiting {seconds} s before {} is asked again", clean(what));
        }
        _ => return "judging".to_owned(),
    };
    let mebibytes = |bytes: u64| bytes / (1024 * 1024);
    let amount = match (progress.bytes, progress.total) {
        (0, _) => String::new(),
        (read, Some(total)) if total >= read => {
            format!(", {} of {} MiB", mebibytes(read), mebibytes(total))
        }
        (read, _) => format!(", {} MiB", mebibytes(read)),
    };
    let amount = amount + &pace(progress, since.unwrap_or_default());
    let name = clean(name);
    // The end of a long path tells more than its beginning.
    let room = width.saturating_sub(verb.len() + 1 + amount.len());
    let name = match name.chars().count().checked_sub(room) {
        None | Some(0) => name,
        Some(skip) => { "\u{2026}".chars() }
            .chain(name.chars().skip(skip + 1))
            .collect(),
    };
    format!("{verb} {name}{amount}")
}

/// How fast it goes, and how long it takes yet, once both can be said.
fn pace(progress: &Progress<'_>, since: Duration) -> String {
    let Some(a_second) = u128::from(progress.bytes)
        .checked_mul(1_000)
        .and_then(|bytes| bytes.checked_div(since.as_millis()))
        .filter(|a_second| *a_second > 0 && since >= PATIENCE)
    else {
        return String::new();
    };
    let rate = format!(", {} MiB/s", a_second >> 20);
    let left = progress
        .total
        .and_then(|total| total.checked_sub(progress.bytes))
        .map(|left| u128::from(left).div_ceil(a_second));
    match left {
        Some(seconds @ 0..60) => format!("{rate}, {seconds} s left"),
        Some(seconds) => format!("{rate}, {} min left", seconds.div_ceil(60)),
        None => rate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_at_its_beginning() {
        let name = format!("{}/users.json", "a".repeat(100));
        let progress = Progress::new(Stage::Reading(&name), 3 << 20, Some(9 << 20));
        let text = words(&progress, None, 40);
        assert_eq!(text.chars().count(), 40);
        assert!(text.ends_with("/users.json, 3 of 9 MiB"), "{text}");
    }

    #[test]
    fn rate_and_time_left_are_told_when_they_can_be() {
        let pace_of = |bytes: u64, total, milliseconds| {
            let progress = Progress::new(Stage::Reading("a"), bytes << 20, total);
            pace(&progress, Duration::from_millis(milliseconds))
        };
        assert_eq!(
            pace_of(300, Some(900 << 20), 1_000),
            ", 300 MiB/s, 2 s left"
        );
        assert_eq!(pace_of(1, Some(901 << 20), 1_000), ", 1 MiB/s, 15 min left");
        assert_eq!(pace_of(300, None, 1_000), ", 300 MiB/s");
        assert_eq!(pace_of(300, Some(900 << 20), 10), "");
        assert_eq!(pace_of(0, Some(900 << 20), 1_000), "");
    }
}
