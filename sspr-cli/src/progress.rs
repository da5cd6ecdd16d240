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
}

impl<'a> Line<'a> {
    /// Writes to `stream` when it is a terminal.
    pub(crate) fn new(stream: &'a mut dyn Write, terminal: bool, width: usize) -> Self {
        Self {
            stream: terminal.then_some(stream),
            width,
            next: Instant::now() + PATIENCE,
            shown: false,
        }
    }

    /// Hears of progress. Nothing that goes wrong in showing it stops the work.
    pub(crate) fn report(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        let now = Instant::now();
        if let (Some(stream), true) = (&mut self.stream, now >= self.next) {
            let text = words(progress, self.width.saturating_sub(1));
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

fn words(progress: &Progress<'_>, width: usize) -> String {
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
    let name = clean(name);
    // The end of a long path tells more than its beginning.
    let room = width.saturating_sub(verb.len() + 1 + amount.len());
    let skip = name.chars().count().saturating_sub(room);
    let name: String = name.chars().skip(skip).collect();
    format!("{verb} {name}{amount}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_at_its_beginning() {
        let name = format!("{}/users.json", "a".repeat(100));
        let progress = Progress::new(Stage::Reading(&name), 3 << 20, Some(9 << 20));
        let text = words(&progress, 40);
        assert_eq!(text.chars().count(), 40);
        assert!(text.ends_with("/users.json, 3 of 9 MiB"), "{text}");
    }
}
