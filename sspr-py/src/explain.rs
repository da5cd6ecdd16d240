//! `sspr.explain`: any code, id, result, product, right or pasted text.

use pyo3::prelude::*;

use crate::data::{data, words};

/// Explains one thing: a rule (`SSPR401`), a phase (`phase4`, `4`), an event id, a result code in
/// any spelling, a code that users see (`SSPR_0029`), a reason of the audit log, a product or plan
/// by name or id, a right by name or GUID. A longer text is searched like `find_all` does.
#[pyfunction]
pub(crate) fn explain(what: &str) -> Answer {
    Answer(sspr::explain::explain(what))
}

/// Finds everything in a pasted text that can be explained, in the order of the text.
#[pyfunction]
pub(crate) fn find_all(text: &str) -> Vec<Answer> {
    sspr::explain::find_all(text)
        .into_iter()
        .map(Answer)
        .collect()
}

data! {
    /// What is known of something that was asked for.
    Answer in "sspr.explain" is sspr::explain::Answer {
        /// What was asked, as it was spelled.
        asked: &str = |it| &it.asked,
        /// What it may mean: one thing mostly, several where programs share a number or a name.
        topics: Vec<Topic> = |it| it.topics.iter().cloned().map(Topic).collect(),
        /// Names that are close to it, when nothing is known under its own.
        near: Vec<String> = |it| it.near.clone(),
    }    /// Whether anything is known of it.
    #[getter]
    fn found(&self) -> bool {
        self.0.found()
    }

    /// As text for a terminal.
    #[pyo3(signature = (*, width = 80, color = false))]
    fn to_text(&self, width: usize, color: bool) -> String {
        self.0.text(width, color)
    }

    fn __str__(&self) -> String {
        self.0.text(80, false)
    }
}

data! {
    /// One thing that can be explained.
    Topic in "sspr.explain" is sspr::explain::Topic {
        /// What kind of thing it is.
        kind: TopicKind = |it| TopicKind(it.kind),
        /// Its code, id or number, such as `33008`.
        name: &str = |it| &it.name,
        /// What it is called.
        title: &str = |it| &it.title,
        /// What it means, in sentences.
        meaning: &str = |it| &it.meaning,
        /// What is likely behind it.
        cause: Option<&str> = |it| it.cause.as_deref(),
        /// How to check that it is this.
        check: Option<&str> = |it| it.check.as_deref(),
        /// What to do, in order.
        steps: Vec<String> = |it| it.steps.clone(),
        /// A command that does it. Names in angle brackets stand for the tenant's own.
        command: Option<&str> = |it| it.command.as_deref(),
        /// Remarks.
        notes: Vec<String> = |it| it.notes.clone(),
        /// Rules that judge it, by code.
        rules: Vec<&'static str> = |it| it.rules.clone(),
        /// Addresses of documentation.
        sources: Vec<String> = |it| it.sources.clone(),
    }
}

words! {
    TopicKind in "sspr.explain" is sspr::explain::TopicKind { Rule, Phase, Event, ResultCode, Phrase, UserCode, Audit, Source, Product, Plan, Right }, open;
}
