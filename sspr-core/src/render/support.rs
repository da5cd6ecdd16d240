//! One operation for a ticket, as text.

use super::events::stamp;
use super::hostile::terminal;
use super::operations::{person, sentence, verdict};
use crate::roundtrip::SupportBundle;

/// Characters of one event's text that are printed.
const LONGEST: usize = 2_000;

/// An operation and the events around it as plain text, ready to be pasted into a ticket.
pub fn support_text(bundle: &SupportBundle) -> String {
    let operation = &bundle.operation;
    let mut out = String::from("SSPR writeback: one operation for support\n\n");
    let mut row = |label: &str, value: &str| {
        if !value.is_empty() {
            out.extend([&format!("{label:<16}"), terminal(value).as_str(), "\n"]);
        }
    };
    let time = |at: Option<_>| at.map(stamp).unwrap_or_default();
    let id = operation.tracking_id.map(|id| id.to_string());
    row("Tracking id", id.as_deref().unwrap_or("none in the log"));
    row("Time (UTC)", &time(operation.time()));
    row(
        "Operation",
        &format!(
            "{}: {}",
            sentence(operation.kind),
            verdict(operation.outcome)
        ),
    );
    row("Person", person(operation));
    row("Server", operation.host.as_deref().unwrap_or_default());
    row(
        "Service version",
        bundle
            .version
            .as_deref()
            .unwrap_or("not said by its events"),
    );
    let code = operation.code.map(|code| code.to_string());
    row("Result code", code.as_deref().unwrap_or_default());
    if let Some(cause) = operation.cause {
        row("Likely cause", cause.title);
        row("Advice", cause.remedy);
    }
    row("Made by", concat!("sspr ", env!("CARGO_PKG_VERSION")));
    out.push_str(
        "\nEvents (* of this operation; the others are the service's own, and name nobody)\n",
    );
    for one in &bundle.events {
        let mark = if one.own { '*' } else { ' ' };
        let event = &one.event;
        let record = event.record.map(|record| format!(" record {record}"));
        out.push_str(&terminal(&format!(
            "{mark} {} {} {}{}",
            time(event.time),
            event.provider,
            event.id,
            record.unwrap_or_default()
        )));
        out.push('\n');
        let text: String = one.text.chars().take(LONGEST).collect();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            out.extend(["    ", terminal(line.trim_end()).as_str(), "\n"]);
        }
        if one.text.chars().nth(LONGEST).is_some() {
            out.push_str("    (cut here)\n");
        }
    }
    if bundle.left_out > 0 {
        let left_out = bundle.left_out.to_string();
        out.extend([
            "\nLeft out: ",
            &left_out,
            " events of these minutes that are of other people or programs.\n",
        ]);
    }
    out
}
