//! What a watch tells: for a terminal, and as JSON lines.

use super::events::seconds;
use super::page::{Ink, Page};
use crate::watch::{Notice, NoticeKind, Weight};

/// A notice as lines of a terminal of so many columns: what happened, and what to do about it.
pub fn notice_text(notice: &Notice, width: usize, color: bool) -> String {
    const HANG: usize = 32;
    let at = seconds(notice.at);
    let ink = match notice.weight {
        Weight::Error => Ink::Bad,
        Weight::Warning => Ink::Caution,
        Weight::Information => Ink::Plain,
    };
    let kind = format!("  {:<11}", title(notice.kind));
    let mut page = Page::new(width, color);
    let lead = [(Ink::Dim, at.as_str()), (ink, kind.as_str())];
    page.hanging(0, &lead, HANG, Ink::Plain, &notice.message);
    if let Some(next) = &notice.next {
        page.labelled(23, "Next", next);
    }
    if let Some(id) = &notice.tracking_id {
        page.labelled(23, "Id", id);
    }
    page.finish()
}

/// A notice as one line of JSON in camelCase, with a line feed at its end.
pub fn notice_json(notice: &Notice) -> String {
    // It holds no map, and nothing that fails to serialise.
    let mut json = serde_json::to_string(notice).unwrap_or_default();
    json.push('\n');
    json
}

const fn title(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::SilenceOver => "heard again",
        other => other.name(),
    }
}
