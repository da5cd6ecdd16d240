//! What a run comes to.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::deviations::{self, Deviation};

/// How many predictions were held against the server, and how they fared.
#[derive(Default)]
pub(crate) struct Tally {
    counts: BTreeMap<String, u64>,
    excused: BTreeMap<&'static str, u64>,
    failures: Vec<String>,
}

impl Tally {
    /// A prediction that came true, whatever it was of.
    pub(crate) fn agrees(&mut self, what: impl Into<String>) {
        self.count(what, 1);
    }

    /// Anything else worth counting.
    pub(crate) fn count(&mut self, what: impl Into<String>, by: u64) {
        *self.counts.entry(what.into()).or_default() += by;
    }

    /// A prediction that holds for Windows and not for Samba.
    pub(crate) fn excused(&mut self, by: &[&'static Deviation]) {
        for deviation in by {
            *self.excused.entry(deviation.name).or_default() += 1;
        }
    }

    /// A prediction that did not come true.
    pub(crate) fn fails(&mut self, why: String) {
        self.failures.push(why);
    }

    pub(crate) fn failures(&self) -> &[String] {
        &self.failures
    }

    /// How often something was counted.
    pub(crate) fn of(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or_default()
    }

    /// All counts, and how many cases each known deviation excused.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        for (what, count) in &self.counts {
            let _ = writeln!(text, "{count:>7}  {what}");
        }
        let _ = writeln!(text, "excused by known deviations of Samba:");
        for deviation in deviations::ALL {
            let count = self.excused.get(deviation.name).copied();
            let _ = writeln!(text, "{:>7}  {}", count.unwrap_or_default(), deviation.name);
        }
        text
    }

    /// Ends the test when anything failed.
    pub(crate) fn settle(&self) {
        let first = self.failures.iter().take(5);
        let shown: Vec<_> = first.map(String::as_str).collect();
        assert!(
            self.failures.is_empty(),
            "{} predictions did not come true, such as\n{}",
            self.failures.len(),
            shown.join("\n\n")
        );
    }
}
