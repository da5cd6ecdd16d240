//! One thing, by its name or number.

mod products;

use uuid::Uuid;

pub(super) use products::products;
use products::{describe_product, plan};

use super::cloud::{ACTIVITIES, ACTIVITY_SOURCE, REASONS, Reason};
use super::rights::{self, right};
use super::{Topic, TopicKind};
use crate::directory::security::guids::guid_name;
use crate::events::HResult;
use crate::events::catalogue::{self, EventInfo, EventStage, Source};
use crate::events::causes::{self, RootCause};
use crate::licensing::{Catalogue, EntraPlan};
use crate::readiness::{Names, Phase, Rule, Severity, collect, rules};

/// Everything that a word or name means; the first kind that knows it answers.
pub(super) fn topics(asked: &str) -> Vec<Topic> {
    let kinds: [fn(&str) -> Vec<Topic>; 9] = [
        phases,
        codes,
        numbers,
        by_guid,
        audit,
        sources,
        products,
        rights::by_name,
        result_code,
    ];
    kinds
        .into_iter()
        .map(|kind| kind(asked))
        .find(|topics| !topics.is_empty())
        .unwrap_or_default()
}

/// `phase4`, `Phase 4`, `4`, `licensing`.
fn phases(asked: &str) -> Vec<Topic> {
    let lower = asked.to_lowercase();
    let number = lower.strip_prefix("phase").unwrap_or(&lower);
    let number = number
        .trim_start_matches([' ', '-', '_'])
        .parse::<u8>()
        .ok();
    Phase::ALL
        .into_iter()
        .filter(|phase| match phase.number() {
            Some(own) => number == Some(own),
            None => lower == phase.title().to_lowercase() || lower == short_name(*phase),
        })
        .map(phase)
        .collect()
}

const fn short_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Licensing => "licences",
        Phase::Permissions => "permissions",
        _ => "evidence",
    }
}

fn phase(phase: Phase) -> Topic {
    let name = match phase.number() {
        Some(number) => format!("phase{number}"),
        None => short_name(phase).to_owned(),
    };
    let own: Vec<_> = rules::ALL
        .iter()
        .filter(|rule| rule.phase == phase)
        .collect();
    let step = own
        .iter()
        .flat_map(|rule| rule.needs)
        .find_map(|fact| collect::step_for(fact));
    let mut topic = Topic {
        meaning: phase_meaning(phase).into(),
        rules: own.iter().map(|rule| rule.code).collect(),
        ..Topic::new(TopicKind::Phase, name, phase.title())
    };
    if let Some(step) = step {
        topic.steps.push(format!(
            "Collect {}. Where: {}; rights: {}.",
            step.what, step.place, step.rights
        ));
        topic.command = Some((step.command)(&Names::default()));
    }
    let last =
        "Give everything that was collected to sspr assess, and read this phase in its report.";
    topic.steps.push(last.into());
    topic
}

const fn phase_meaning(phase: Phase) -> &'static str {
    match phase {
        Phase::CloudScope => {
            "Who may reset a password in the cloud, with how many and which methods, who has \
             registered them, and who is told."
        }
        Phase::WritebackServer => {
            "Whether Entra Connect or cloud sync writes passwords back: the feature, an active \
             server, its version, service, TLS, endpoints and connectors."
        }
        Phase::OnPremisesIntegration => {
            "The switches of the tenant: write back passwords, unlock without a reset, cloud sync, \
             and whether they agree with the server."
        }
        Phase::DomainPolicy => {
            "What Active Directory asks of a password: a write is synchronous, so that the domain's \
             policy refuses in the cloud at once what it does not like. The minimum age refuses a \
             second operation inside its time."
        }
        Phase::UserVerification => {
            "Whether a real person has reset, changed and unlocked, and signed in with the new \
             password, since the configuration was last changed."
        }
        Phase::EventLog => {
            "What the Application log of the server says: successes, failures by cause, the state \
             of the writeback service and of its connections."
        }
        Phase::Licensing => {
            "Whether the tenant owns what grants writeback, and who has a licence that covers it."
        }
        Phase::Permissions => {
            "Whether the connector account may reset passwords, unlock and set pwdLastSet where \
             synced people live."
        }
        Phase::Evidence => "Whether the evidence is fresh, whole and of one tenant.",
    }
}

/// `SSPR401` and `SSPR_0029`, with any separator.
pub(super) fn codes(asked: &str) -> Vec<Topic> {
    let upper = asked.to_ascii_uppercase();
    let Some(rest) = upper.strip_prefix("SSPR") else {
        return Vec::new();
    };
    let digits = rest.trim_start_matches(['_', '-', ' ']);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let by_number = || {
        let number = digits.parse().ok();
        REASONS
            .iter()
            .filter(|reason| reason.number.is_some() && reason.number == number)
            .map(reason)
            .collect()
    };
    match rules::find(&format!("SSPR{digits}")) {
        Some(found) if digits.len() == 3 => vec![rule(found)],
        _ => by_number(),
    }
}

/// The number of a rule, or of an event.
fn numbers(asked: &str) -> Vec<Topic> {
    let Ok(number) = asked.parse::<u32>() else {
        return Vec::new();
    };
    let found = events(number);
    if found.is_empty() {
        return rules::find(&format!("SSPR{asked}"))
            .map(rule)
            .into_iter()
            .collect();
    }
    found
}

fn rule(rule: &'static Rule) -> Topic {
    let remedy = (rule.remedy)(&Names::default());
    let severity = match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "information",
    };
    let gate = if rule.gate { ", gate" } else { "" };
    let phase = match rule.phase.number() {
        Some(number) => format!("Phase {number}, {}", rule.phase.title()),
        None => rule.phase.title().to_owned(),
    };
    Topic {
        meaning: rule.rationale.into(),
        check: Some(remedy.verify).filter(|text| !text.is_empty()),
        steps: remedy.steps,
        command: remedy.command,
        notes: vec![format!("{phase}; {severity}{gate}.")],
        sources: rule.sources.iter().map(|&page| page.into()).collect(),
        ..Topic::new(TopicKind::Rule, rule.code, rule.title)
    }
}

/// The events of an id.
pub(super) fn events(id: u32) -> Vec<Topic> {
    catalogue::by_id(id).map(event).collect()
}

fn event(event: &'static EventInfo) -> Topic {
    let root = match event.source {
        Source::Writeback => causes::by_event(event.id),
        _ => None,
    };
    let provider = event.source.provider();
    let title = match event.symbol {
        "" => format!("of {provider}"),
        symbol => format!("{symbol} of {provider}"),
    };
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let step = match (root, event.stage) {
        (Some(root), _) => root.remedy.to_owned(),
        (None, _) if !event.remedy.is_empty() => event.remedy.to_owned(),
        (None, EventStage::Start) => {
            "Nothing by itself. Look for the event that ends it: it has the same tracking id."
                .into()
        }
        (None, EventStage::Failure) => {
            "Read the events of the same minute and give them to `sspr explain -`.".into()
        }
        (None, _) => "Nothing to do.".into(),
    };
    Topic {
        meaning: event.meaning.into(),
        cause: root
            .map(|root| root.cause.to_owned())
            .or_else(|| text(event.cause)),
        check: root.map(|root| root.check.to_owned()),
        steps: vec![step],
        notes: text(event.note).into_iter().collect(),
        rules: mentioning(&event.id.to_string()),
        sources: event.sources.iter().map(|&page| page.to_owned()).collect(),
        ..Topic::new(TopicKind::Event, event.id.to_string(), title)
    }
}

/// A result code in any spelling.
pub(super) fn result_code(asked: &str) -> Vec<Topic> {
    let bare = asked.strip_prefix("hr=").unwrap_or(asked);
    let Some(code) = HResult::parse(bare) else {
        return Vec::new();
    };
    let Some(root) = causes::by_code(code) else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    if let Some(win32) = code.win32() {
        notes.push(format!("It carries the Win32 error {win32}."));
    }
    vec![Topic {
        notes,
        rules: mentioning(&code.to_string()),
        ..of_cause(TopicKind::ResultCode, &code.to_string(), root)
    }]
}

/// A fixed phrase of an event.
pub(super) fn phrase(spelled: &str, root: &RootCause) -> Topic {
    of_cause(TopicKind::Phrase, spelled, root)
}

fn of_cause(kind: TopicKind, name: &str, root: &RootCause) -> Topic {
    let events: Vec<_> = root.events.iter().map(ToString::to_string).collect();
    let meaning = if events.is_empty() {
        format!("{}.", root.title)
    } else {
        format!("{}. It goes with {}.", root.title, events.join(", "))
    };
    Topic {
        meaning,
        cause: Some(root.cause.into()),
        check: Some(root.check.into()),
        steps: vec![root.remedy.into()],
        sources: root.sources.iter().map(|&page| page.into()).collect(),
        ..Topic::new(kind, name, root.title)
    }
}

/// Rules that speak of something by its number.
fn mentioning(number: &str) -> Vec<&'static str> {
    rules::ALL
        .iter()
        .filter(|rule| rule.rationale.contains(number))
        .map(|rule| rule.code)
        .collect()
}

/// Reasons and activities of the audit log.
fn audit(asked: &str) -> Vec<Topic> {
    let reasons = REASONS
        .iter()
        .filter(|reason| reason.name.eq_ignore_ascii_case(asked))
        .map(reason);
    let activities = ACTIVITIES
        .iter()
        .filter(|activity| activity.name.eq_ignore_ascii_case(asked))
        .map(|activity| Topic {
            meaning: activity.meaning.into(),
            steps: vec![activity.step.into()],
            sources: vec![ACTIVITY_SOURCE.into()],
            ..Topic::new(TopicKind::Audit, activity.name, "activity of the audit log")
        });
    reasons.chain(activities).collect()
}

fn reason(reason: &Reason) -> Topic {
    let (kind, name) = match reason.number {
        Some(number) => (TopicKind::UserCode, format!("SSPR_{number:04}")),
        None => (TopicKind::Audit, reason.name.to_owned()),
    };
    Topic {
        meaning: reason.meaning.into(),
        check: Some(reason.check.into()),
        steps: vec![reason.step.into()],
        rules: known_rules(reason.rules),
        sources: vec![reason.source.into()],
        ..Topic::new(kind, name, reason.name)
    }
}

pub(super) fn known_rules(codes: &'static [&'static str]) -> Vec<&'static str> {
    let known = codes.iter().copied();
    known.filter(|code| rules::find(code).is_some()).collect()
}

/// Programs that write events, and the name that walkthroughs give to one of them.
fn sources(asked: &str) -> Vec<Topic> {
    if asked.eq_ignore_ascii_case("PasswordReset") {
        return vec![Topic {
            meaning:
                "No event source has this name. The writeback service of Entra Connect writes \
                as PasswordResetService into the Application log."
                    .into(),
            steps: vec!["Filter the Application log by the source PasswordResetService.".into()],
            ..Topic::new(TopicKind::Source, "PasswordReset", "PasswordResetService")
        }];
    }
    let Some(source) = Source::of(asked) else {
        return Vec::new();
    };
    let meaning = match source {
        Source::Writeback => {
            "The writeback service of Entra Connect, in the Application log of the active server."
        }
        Source::Engine => "The synchronisation engine of Entra Connect, in the Application log.",
        Source::HashSync => {
            "Password hash synchronisation of Entra Connect, from the domain to the cloud, in the \
             Application log."
        }
        Source::Security => "The Security log of Windows: on a domain controller, who set what.",
        Source::ProtectionAgent => {
            "The domain controller agent of Entra Password Protection, in its own log."
        }
    };
    vec![Topic {
        meaning: meaning.into(),
        steps: vec![
            "Export the log and give it to sspr assess, or paste an event to sspr explain -."
                .into(),
        ],
        ..Topic::new(TopicKind::Source, source.provider(), "source of events")
    }]
}

/// A right, class, plan or product by its GUID.
pub(super) fn by_guid(asked: &str) -> Vec<Topic> {
    let bare = asked.trim_matches(['{', '}', '(', ')']);
    let Ok(id) = Uuid::try_parse(bare) else {
        return Vec::new();
    };
    if let Some(found) = guid_name(id) {
        return vec![right(found)];
    }
    if let Some(found) = EntraPlan::of(id) {
        return vec![plan(found)];
    }
    let product = Catalogue::get().by_id(id);
    product.map(describe_product).into_iter().collect()
}
