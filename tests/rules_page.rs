//! The page that describes every rule, generated from the rules.

use std::fmt::Write as _;

use sspr::readiness::collect::step_for;
use sspr::readiness::rules::ALL;
use sspr::readiness::{Names, Phase, Rule, Severity};
use sspr::render::hostile::{fenced, markdown as safe};

const INTRODUCTION: &str = "\
# The rules

What `sspr assess` judges, generated from the rules themselves. A code is stable for ever. An
*error* means that it will not work, for someone; a *warning*, that it is worse or less safe than it
should be; *information* is good to know. While a *gate* is unknown, so is its phase. Names in angle
brackets stand for the tenant's own, which a report fills in.

";

/// The whole page.
pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str("| Code | What it judges | Weight |\n|---|---|---|\n");
    for rule in ALL {
        let _ = writeln!(
            page,
            "| [{}](#{}) | {} | {} |",
            rule.code,
            anchor(rule),
            safe(rule.title),
            weight(rule)
        );
    }
    for phase in Phase::ALL {
        let mut own = ALL.iter().filter(|rule| rule.phase == phase).peekable();
        if own.peek().is_none() {
            continue;
        }
        match phase.number() {
            Some(number) => {
                let _ = writeln!(page, "\n## Phase {number}: {}", phase.title());
            }
            None => {
                let _ = writeln!(page, "\n## {}", phase.title());
            }
        }
        for rule in own {
            write_rule(&mut page, rule);
        }
    }
    page
}

fn weight(rule: &Rule) -> String {
    let severity = match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "information",
    };
    let gate = if rule.gate { ", gate" } else { "" };
    format!("{severity}{gate}")
}

/// What a heading's link is on the usual code hosts.
fn anchor(rule: &Rule) -> String {
    format!("{} {}", rule.code, rule.title)
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

fn write_rule(page: &mut String, rule: &Rule) {
    let _ = writeln!(page, "\n### {} {}\n", rule.code, safe(rule.title));
    let _ = writeln!(page, "*{}.* {}\n", weight(rule), safe(rule.rationale));
    if !rule.needs.is_empty() {
        let needs: Vec<_> = rule
            .needs
            .iter()
            .map(|fact| {
                let step = step_for(fact).map_or("nothing", |step| step.id);
                format!("`{fact}` ({step})")
            })
            .collect();
        let _ = writeln!(page, "Needs {}.\n", needs.join(", "));
    }
    let remedy = (rule.remedy)(&Names::default());
    if !remedy.why.is_empty() {
        let _ = writeln!(page, "{}\n", safe(&remedy.why));
    }
    for (index, step) in remedy.steps.iter().enumerate() {
        let _ = writeln!(page, "{}. {}", index + 1, safe(step));
    }
    if !remedy.steps.is_empty() {
        page.push('\n');
    }
    if let Some(command) = &remedy.command {
        page.push_str(&fenced(command, "powershell"));
        page.push('\n');
    }
    for source in rule.sources {
        let _ = writeln!(page, "- <{source}>");
    }
}
