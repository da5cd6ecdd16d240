//! Any code, id, result, product, right or pasted text -> what it is and what to do.
//!
//! ```
//! use sspr::explain::{explain, find_all};
//!
//! let answer = explain("SSPR_0029");
//! assert!(answer.found());
//! assert_eq!(answer.topics[0].title, "OnPremisesAdminActionRequired");
//!
//! let pasted = "Event ID: 33004 ... hr=80230626";
//! let names: Vec<_> = find_all(pasted).iter().map(|a| a.asked.clone()).collect();
//! assert_eq!(names, ["33004", "80230626"]);
//! ```

mod cloud;
mod lookup;
mod near;
mod rights;
mod scan;

use serde::Serialize;

pub use scan::find_all;

/// What is known of something that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// What was asked, as it was spelled.
    pub asked: String,
    /// What it may mean: one thing mostly, several where programs share a number or a name.
    pub topics: Vec<Topic>,
    /// Names that are close to it, when nothing is known under its own.
    pub near: Vec<String>,
}

/// One thing that can be explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Topic {
    /// What kind of thing it is.
    pub kind: TopicKind,
    /// Its code, id or number, such as `33008`.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What it means, in sentences.
    pub meaning: String,
    /// What is likely behind it.
    pub cause: Option<String>,
    /// How to check that it is this.
    pub check: Option<String>,
    /// What to do, in order.
    pub steps: Vec<String>,
    /// A command that does it. Names in angle brackets stand for the tenant's own.
    pub command: Option<String>,
    /// Remarks.
    pub notes: Vec<String>,
    /// Rules that judge it, by code.
    pub rules: Vec<&'static str>,
    /// Addresses of documentation.
    pub sources: Vec<String>,
}

/// The kinds of thing that can be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum TopicKind {
    /// A rule, such as `SSPR401`.
    Rule,
    /// A phase of the set-up.
    Phase,
    /// An event of a Windows log.
    Event,
    /// A result code of Windows or of the synchronisation engine.
    ResultCode,
    /// A fixed phrase inside an event.
    Phrase,
    /// A code that a user sees, such as `SSPR_0029`.
    UserCode,
    /// A reason or an activity of the audit log.
    Audit,
    /// A program that writes events.
    Source,
    /// A product.
    Product,
    /// A service plan.
    Plan,
    /// A right, an attribute or a class of the directory.
    Right,
    /// A user right or a security option of a machine.
    Setting,
}

impl TopicKind {
    /// What to call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Phase => "phase of the set-up",
            Self::Event => "event",
            Self::ResultCode => "result code",
            Self::Phrase => "phrase of an event",
            Self::UserCode => "code that the user sees",
            Self::Audit => "audit log",
            Self::Source => "source of events",
            Self::Product => "product",
            Self::Plan => "service plan",
            Self::Right => "right in the directory",
            Self::Setting => "setting of a machine",
        }
    }
}

impl Answer {
    /// Whether anything is known of it.
    pub fn found(&self) -> bool {
        !self.topics.is_empty()
    }
}

impl Topic {
    /// A topic of which only the meaning is said.
    fn new(kind: TopicKind, name: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            title: title.into(),
            meaning: String::new(),
            cause: None,
            check: None,
            steps: Vec::new(),
            command: None,
            notes: Vec::new(),
            rules: Vec::new(),
            sources: Vec::new(),
        }
    }
}

/// Explains one thing: a rule (`SSPR401`), a phase (`phase4`, `4`), an event id, a result code in
/// any spelling, a code that users see (`SSPR_0029`), a reason of the audit log, a product or plan
/// by name or id, a right by name or GUID, a setting of a machine. A longer text is searched like [`find_all`] does.
pub fn explain(what: &str) -> Answer {
    let asked = what.trim();
    let mut topics = lookup::topics(asked);
    if topics.is_empty() && asked.contains(char::is_whitespace) {
        topics = find_all(asked)
            .into_iter()
            .flat_map(|answer| answer.topics)
            .collect();
    }
    let near = if topics.is_empty() {
        near::names(asked)
    } else {
        Vec::new()
    };
    Answer {
        asked: asked.to_owned(),
        topics,
        near,
    }
}

#[cfg(test)]
mod tests;
