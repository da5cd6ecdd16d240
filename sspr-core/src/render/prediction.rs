//! The prediction for one password as text for a terminal and as JSON.

use super::page::{Ink, Page};
use crate::forecast::{Answer, Managed, OperationForecast, Prediction, SideForecast};

/// A prediction as text for a terminal of `width` columns, in colour or without.
pub fn prediction_text(prediction: &Prediction, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    page.text(
        0,
        Ink::Bold,
        &format!(
            "The password for {}, as of {}",
            prediction.user,
            prediction.as_of.format("%Y-%m-%d %H:%M:%S UTC")
        ),
    );
    if !prediction.known {
        page.text(0, Ink::Caution, "The evidence does not know this person.");
    }
    page.labelled(2, "Managed", managed(prediction.managed));
    if let Some(policy) = &prediction.policy {
        let doubt = if policy.certain { "" } else { ", perhaps" };
        page.labelled(
            2,
            "Policy",
            &format!("{}{doubt}. {}", policy.name, policy.why),
        );
    }
    operation(
        &mut page,
        "Reset, the password forgotten",
        &prediction.reset,
    );
    operation(&mut page, "Change, the password known", &prediction.change);
    if !prediction.notes.is_empty() {
        page.heading("This account");
        for note in &prediction.notes {
            page.labelled(2, "Note", note);
        }
    }
    page.finish()
}

/// A prediction as indented JSON in camelCase, with a line feed at its end.
pub fn prediction_json(prediction: &Prediction) -> String {
    // It holds no map with keys that are not strings, and nothing that fails to serialise.
    let mut json = serde_json::to_string_pretty(prediction).unwrap_or_default();
    json.push('\n');
    json
}

const fn managed(managed: Managed) -> &'static str {
    match managed {
        Managed::OnPremises => "in Active Directory",
        Managed::Cloud => "in the cloud",
        Managed::Unknown => "not known",
    }
}

const fn word(answer: Answer) -> (Ink, &'static str) {
    match answer {
        Answer::Accepted => (Ink::Good, "taken, as far as can be told"),
        Answer::Unknown => (Ink::Caution, "not known"),
        Answer::Refused => (Ink::Bad, "refused"),
    }
}

fn operation(page: &mut Page, title: &str, operation: &OperationForecast) {
    let (ink, answer) = word(operation.answer);
    let lead = format!("{title}:");
    page.blank();
    page.hanging(0, &[(Ink::Bold, &lead)], lead.len() + 1, ink, answer);
    if let Some(first) = &operation.first {
        page.labelled(2, "First", &first.message);
        page.labelled(2, "Seen", first.user_sees);
        if let Some(event) = first.event {
            let code = first.hresult.map(|code| format!(" with {code}"));
            let text = first.logged.map(|text| format!(": {text}"));
            page.labelled(
                2,
                "Logged",
                &format!(
                    "event {event}{}{}",
                    code.unwrap_or_default(),
                    text.unwrap_or_default()
                ),
            );
        }
    }
    side(page, "Cloud", &operation.cloud);
    if let Some(domain) = &operation.domain {
        side(page, "Domain", domain);
    }
}

fn side(page: &mut Page, label: &str, side: &SideForecast) {
    let (ink, answer) = word(side.answer);
    page.labelled_in(2, label, ink, answer);
    for reason in &side.reasons {
        page.labelled(4, "Against", &reason.message);
    }
    for open in &side.unknown {
        page.labelled(4, "Unknown", &format!("{} ({})", open.message, open.fact));
    }
    for text in &side.untold {
        page.labelled(4, "Untold", text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{Candidate, predict};
    use crate::snapshot::Snapshot;

    fn prediction(candidate: &str) -> Prediction {
        let as_of = "2026-11-20T12:00:00Z".parse().unwrap();
        let candidate = Candidate::new(candidate.to_owned());
        predict(
            &Snapshot::default(),
            "jdoe\u{1b}[2J@contoso.com",
            &candidate,
            &[],
            as_of,
        )
    }

    #[test]
    fn an_unknown_person_is_said_to_be_one_and_hostile_names_are_harmless() {
        let text = prediction_text(&prediction("Umbrella-42-Teapot"), 80, false);
        assert!(text.contains("does not know this person"), "{text}");
        assert!(
            text.contains("Reset, the password forgotten: not known"),
            "{text}"
        );
        assert!(!text.contains('\u{1b}'), "{text}");
        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
    }

    #[test]
    fn no_part_of_the_candidate_is_printed() {
        let found = prediction("Qz7\u{3b6}xVbW");
        for text in [prediction_text(&found, 80, true), prediction_json(&found)] {
            for part in ["Qz", "z7", "7\u{3b6}", "\u{3b6}", "xV", "Vb", "bW"] {
                assert!(!text.contains(part), "{part} in {text}");
            }
        }
    }
}
