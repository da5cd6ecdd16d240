//! The three states of the screen, drawn from reports that are built by hand.

use proptest::prelude::*;
use serde_json::json;

mod reports;

use self::reports::*;
use super::{TextOptions, html, json, markdown, text};
use crate::readiness::{Concerned, Finding, Hits, Report, Severity};

fn at(width: usize) -> TextOptions {
    TextOptions {
        width,
        ..TextOptions::default()
    }
}

#[test]
fn the_three_states_at_80_columns() {
    insta::assert_snapshot!("nothing-80", text(&nothing(), &at(80)));
    insta::assert_snapshot!("half-80", text(&half(), &at(80)));
    insta::assert_snapshot!("faulty-80", text(&faulty(), &at(80)));
}

#[test]
fn the_three_states_at_120_columns() {
    insta::assert_snapshot!("nothing-120", text(&nothing(), &at(120)));
    insta::assert_snapshot!("half-120", text(&half(), &at(120)));
    insta::assert_snapshot!("faulty-120", text(&faulty(), &at(120)));
}

#[test]
fn the_details_show_every_rule_with_its_evidence() {
    let options = TextOptions {
        details: true,
        ..at(100)
    };
    insta::assert_snapshot!("faulty-details", text(&faulty(), &options));
}

#[test]
fn the_three_states_as_markdown() {
    insta::assert_snapshot!("nothing-markdown", markdown(&nothing(), false));
    insta::assert_snapshot!("half-markdown", markdown(&half(), false));
    insta::assert_snapshot!("faulty-markdown", markdown(&faulty(), true));
}

#[test]
fn colour_adds_escapes_and_nothing_else() {
    for report in [nothing(), half(), faulty()] {
        let colored = TextOptions {
            color: true,
            ..at(80)
        };
        let mut plain = String::new();
        let colored = text(&report, &colored);
        let mut parts = colored.split('\u{1b}');
        plain.push_str(parts.next().unwrap());
        for part in parts {
            plain.push_str(part.split_once('m').unwrap().1);
        }
        assert_eq!(plain, text(&report, &at(80)));
    }
    let colored = TextOptions {
        color: true,
        ..at(80)
    };
    let first = text(&faulty(), &colored);
    insta::assert_snapshot!(
        first.lines().nth(2).unwrap().escape_debug(),
        @r"\u{1b}[1;31mNo for 61 of 1,902 people, yes for 1,841.\u{1b}[0m"
    );
}

#[test]
fn every_line_but_a_command_fits_the_width() {
    use unicode_width::UnicodeWidthStr;
    for report in [nothing(), half(), faulty()] {
        for width in [60, 80, 100, 120] {
            let commands: Vec<_> = report
                .collect
                .iter()
                .chain(&report.quickest_proof)
                .map(|step| step.command.clone())
                .chain(
                    report
                        .findings
                        .iter()
                        .filter_map(|f| f.remedy.as_ref()?.command.clone()),
                )
                .collect();
            for line in text(&report, &at(width)).lines() {
                let is_command = commands
                    .iter()
                    .flat_map(|command| command.lines())
                    .any(|command| line.ends_with(command));
                assert!(is_command || line.width() <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn faults_that_one_command_mends_for_the_same_people_are_one_block() {
    let mut report = faulty();
    let fault = report.findings.iter_mut().find(|finding| {
        let remedy = finding.remedy.as_ref();
        finding.severity == Severity::Error && remedy.is_some_and(|r| r.command.is_some())
    });
    let fault = fault.unwrap().clone();
    let twin = Finding {
        code: "SSPR802".into(),
        title: "Right to unlock accounts".into(),
        ..fault.clone()
    };
    report.findings.push(twin);
    let page = text(&report, &TextOptions::default());
    let command = fault.remedy.unwrap().command.unwrap();
    let first = command.lines().next().unwrap();
    assert_eq!(page.matches(first).count(), 1, "{page}");
    assert!(
        page.contains("Also     Right to unlock accounts (SSPR802)"),
        "{page}"
    );
    assert!(markdown(&report, false).contains("Also: Right to unlock accounts"));

    // For other people it is another fault.
    report.findings.last_mut().unwrap().subjects = None;
    let page = text(&report, &TextOptions::default());
    assert!(!page.contains("Also"), "{page}");
}

/// A report in which evidence could speak, and says `name`.
fn saying(name: &str) -> Report {
    let mut report = faulty();
    report.tenant = Some(name.into());
    report.evidence[0].name = name.into();
    report.evidence[0].note = Some(name.into());
    report.last_proof.as_mut().unwrap().user = Some(name.into());
    report.configuration = vec![name.into()];
    for finding in &mut report.findings {
        finding.message = name.into();
        finding.values.insert("measured".into(), json!([name]));
        if let Some(subjects) = &mut finding.subjects {
            subjects.sample = vec![name.into()];
        }
        if let Some(remedy) = &mut finding.remedy {
            remedy.verify = name.into();
            remedy.steps = vec![name.into()];
        }
    }
    report
}

#[test]
fn hostile_names_stay_text_in_markdown() {
    let report = saying("x\u{1b}[2J\u{202e}|`[a](http://b)<img>\n- y@contoso.com");
    let markdown = markdown(&report, true);
    assert!(!markdown.contains("<img>") && !markdown.contains("](http://"));
    for row in markdown.lines().filter(|line| line.starts_with("| x")) {
        let bare = row.replace("\\\\", "").replace("\\|", "");
        assert_eq!(bare.matches('|').count(), 6, "{row}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_from_evidence_moves_or_hides_in_any_form(name in any::<String>(), width in 0_usize..300) {
        let report = saying(&format!("{name}\u{1b}[2J\u{202e}\u{9b}\r\n"));
        let options = TextOptions { details: true, ..at(width) };
        for form in [text(&report, &options), markdown(&report, true), html(&report)] {
            prop_assert!(form.chars().all(|c| c == '\n' || !c.is_control()));
            let hidden = form.contains(['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}']);
            prop_assert!(!hidden);
        }
    }
}

#[test]
fn html_escapes_names_and_closes_what_it_opens() {
    let report = saying("<script>alert(1)</script>");
    let page = html(&report);
    assert!(!page.contains("<script"), "{page}");
    for name in [
        "section", "h2", "h3", "h4", "p", "ul", "ol", "li", "table", "tr", "td", "pre",
    ] {
        let opened =
            page.matches(&format!("<{name}>")).count() + page.matches(&format!("<{name} ")).count();
        assert_eq!(
            opened,
            page.matches(&format!("</{name}>")).count(),
            "{name}"
        );
    }
}

#[test]
fn a_warning_in_one_line_keeps_to_its_room() {
    use super::answer::one_line;
    let mut warning = age_rule();
    warning.subjects = Some(Concerned {
        count: 12,
        ..Concerned::default()
    });
    warning.hits = Some(Hits::Subjects);
    assert_eq!(
        one_line(&warning, 60),
        "Minimum password age \u{b7} 12 people"
    );
    let wide = one_line(&warning, 200);
    assert!(
        wide.ends_with("12 people are inside that time now"),
        "{wide}"
    );
    warning.message = "12 synchronised people have no licence. It may work.".into();
    assert_eq!(
        one_line(&warning, 60),
        "12 synchronised people have no licence"
    );
}

#[test]
fn json_ends_with_a_line_feed_and_names_its_schema() {
    let json = json(&faulty());
    assert!(json.ends_with("}\n"));
    assert!(json.starts_with("{\n  \"schema\": \"sspr-report/1\""));
}
