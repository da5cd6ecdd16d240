//! What the command prints, made by the library's renderers.

use sspr::explain::Answer as Explained;
use sspr::forecast::Prediction;
use sspr::readiness::Report;
use sspr::render::{self, TextOptions, hostile};

use crate::Screen;
use crate::args::Format;

/// An explanation.
pub(crate) struct Answer {
    /// What to print.
    pub(crate) text: String,
    /// Whether it is one; else the text says what was meant perhaps.
    pub(crate) found: bool,
}

/// The report in the chosen form.
pub(crate) fn report(report: &Report, format: Format, details: bool, screen: Screen) -> String {
    match format {
        Format::Text => render::text(
            report,
            &TextOptions {
                width: screen.width,
                color: screen.color,
                details,
            },
        ),
        Format::Json => render::json(report),
        Format::Markdown => render::markdown(report, details),
    }
}

/// The prediction for one password.
pub(crate) fn prediction(prediction: &Prediction, json: bool, screen: Screen) -> String {
    if json {
        render::prediction_json(prediction)
    } else {
        render::prediction_text(prediction, screen.width, screen.color)
    }
}

/// Explains one thing.
pub(crate) fn explain(what: &str, screen: Screen) -> Answer {
    let answer = sspr::explain::explain(what);
    Answer {
        text: text_of(&answer, screen),
        found: answer.found(),
    }
}

/// Explains everything that is known in a text.
pub(crate) fn explain_all(text: &str, screen: Screen) -> Vec<String> {
    sspr::explain::find_all(text)
        .iter()
        .map(|answer| text_of(answer, screen))
        .collect()
}

fn text_of(answer: &Explained, screen: Screen) -> String {
    answer.text(screen.width, screen.color)
}

/// A text for one line of a terminal.
pub(crate) fn clean(text: &str) -> String {
    hostile::terminal(text)
}
