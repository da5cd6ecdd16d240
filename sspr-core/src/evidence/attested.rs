//! `attested.toml`: what a person states, fact by fact.
//!
//! ```toml
//! schema = "sspr-attested/1"
//! [[fact]]
//! what = "sspr.scope"
//! value = "selected"
//! group = "SSPR-Pilot"
//! by = "a.admin@contoso.com"
//! at = 2026-11-20T09:00:00Z
//! where = "Entra admin center > Password reset > Properties"
//! ```

mod read;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};

use super::{At, Locator};
use crate::error::Error;

/// The schema name that `attested.toml` states.
pub const ATTESTED_SCHEMA: &str = "sspr-attested/1";

/// What a person states, as far as it could be read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attested {
    /// The facts, each at the line of its name.
    pub facts: Vec<At<AttestedFact>>,
    /// What could not be read, each with its line. A bad fact never costs the others.
    pub faults: Vec<Error>,
}

/// One fact that a person states.
#[derive(Debug, Clone, PartialEq)]
pub struct AttestedFact {
    /// Its name, such as `sspr.scope`.
    pub what: &'static str,
    /// Its value.
    pub value: AttestedValue,
    /// The group that a scope is limited to.
    pub group: Option<String>,
    /// The server or domain controller it is about.
    pub host: Option<String>,
    /// The domain it is about.
    pub domain: Option<String>,
    /// The test person.
    pub user: Option<String>,
    /// Who says so.
    pub by: Option<String>,
    /// When they saw it.
    pub at: Option<DateTime<Utc>>,
    /// Where they saw it.
    pub seen: Option<String>,
}

/// The value of an attested fact. Its kind follows from the fact's name.
#[derive(Debug, Clone, PartialEq)]
pub enum AttestedValue {
    /// One of the words that the fact allows.
    Word(&'static str),
    /// Some of the words that the fact allows.
    Words(Vec<&'static str>),
    /// A whole number within the fact's range.
    Number(u32),
    /// Yes or no.
    Switch(bool),
    /// Any text, possibly empty.
    Text(String),
    /// Any texts.
    Texts(Vec<String>),
    /// A time.
    Time(DateTime<Utc>),
    /// The numbers of security questions.
    Questions {
        /// How many the tenant offers.
        defined: Option<u32>,
        /// How many a user answers to register.
        registered: Option<u32>,
        /// How many a user answers to reset.
        reset: Option<u32>,
    },
    /// Cloud sync agents: host and version.
    Agents(Vec<(String, Option<String>)>),
}

/// What kind of value a fact takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Word(&'static [&'static str]),
    Words(&'static [&'static str]),
    Number(u32, u32),
    Switch,
    Text,
    Texts,
    Time,
    Questions,
    Agents,
}

const METHODS: &[&str] = &[
    "mobileAppNotification",
    "mobileAppCode",
    "email",
    "mobilePhone",
    "officePhone",
    "securityQuestions",
];

/// Every fact: its name, its value, and the further fields it takes.
const FACTS: &[(&str, Shape, &[&str])] = &[
    (
        "sspr.scope",
        Shape::Word(&["none", "selected", "all"]),
        &["group"],
    ),
    ("sspr.methodsRequired", Shape::Number(1, 2), &[]),
    ("sspr.methods", Shape::Words(METHODS), &[]),
    (
        "sspr.questions",
        Shape::Questions,
        &["defined", "registered", "reset"],
    ),
    ("sspr.registrationRequired", Shape::Switch, &[]),
    ("sspr.reconfirmDays", Shape::Number(0, 730), &[]),
    ("sspr.notifyUsers", Shape::Switch, &[]),
    ("sspr.notifyAdmins", Shape::Switch, &[]),
    ("sspr.helpdeskLink", Shape::Text, &[]),
    ("integration.writeback", Shape::Switch, &[]),
    ("integration.unlock", Shape::Switch, &[]),
    ("integration.cloudSync", Shape::Switch, &[]),
    ("server.writeback", Shape::Switch, &["host"]),
    ("server.staging", Shape::Switch, &["host"]),
    ("server.version", Shape::Text, &["host"]),
    ("cloudSync.agents", Shape::Agents, &[]),
    (
        "signIn.type",
        Shape::Words(&["passwordHashSync", "passThrough", "federated"]),
        &[],
    ),
    (
        "domain.minimumPasswordAge",
        Shape::Number(0, 998),
        &["domain"],
    ),
    ("domain.connectorAccount", Shape::Text, &["domain"]),
    ("test.user", Shape::Text, &[]),
    ("test.reset", Shape::Time, &["user"]),
    ("test.change", Shape::Time, &["user"]),
    ("test.unlock", Shape::Time, &["user"]),
    ("test.domainSignIn", Shape::Time, &["user"]),
    ("dc.passwordFilters", Shape::Texts, &["host"]),
];

impl AttestedFact {
    /// A fact with its value and nothing else.
    pub fn new(what: &'static str, value: AttestedValue) -> Self {
        Self {
            what,
            value,
            group: None,
            host: None,
            domain: None,
            user: None,
            by: None,
            at: None,
            seen: None,
        }
    }

    fn write(&self, out: &mut String) {
        out.push_str("\n[[fact]]\n");
        field(out, "what", &quoted(self.what));
        match &self.value {
            AttestedValue::Word(word) => field(out, "value", &quoted(word)),
            AttestedValue::Words(words) => field(out, "value", &list(words)),
            AttestedValue::Number(number) => field(out, "value", &number.to_string()),
            AttestedValue::Switch(on) => field(out, "value", &on.to_string()),
            AttestedValue::Text(text) => field(out, "value", &quoted(text)),
            AttestedValue::Texts(texts) => field(out, "value", &list(texts)),
            AttestedValue::Time(time) => field(out, "value", &rfc3339(*time)),
            AttestedValue::Questions {
                defined,
                registered,
                reset,
            } => {
                let numbers = [
                    ("defined", defined),
                    ("registered", registered),
                    ("reset", reset),
                ];
                for (name, number) in numbers {
                    if let Some(number) = number {
                        field(out, name, &number.to_string());
                    }
                }
            }
            AttestedValue::Agents(agents) => {
                let agents: Vec<_> = agents
                    .iter()
                    .map(|(host, version)| match version {
                        Some(version) => {
                            format!(
                                "{{ host = {}, version = {} }}",
                                quoted(host),
                                quoted(version)
                            )
                        }
                        None => format!("{{ host = {} }}", quoted(host)),
                    })
                    .collect();
                field(out, "value", &format!("[{}]", agents.join(", ")));
            }
        }
        let texts = [
            ("group", &self.group),
            ("host", &self.host),
            ("domain", &self.domain),
            ("user", &self.user),
            ("by", &self.by),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                field(out, name, &quoted(text));
            }
        }
        if let Some(at) = self.at {
            field(out, "at", &rfc3339(at));
        }
        if let Some(seen) = &self.seen {
            field(out, "where", &quoted(seen));
        }
    }
}

impl Attested {
    /// The file that holds these facts.
    pub fn to_toml<'a>(facts: impl IntoIterator<Item = &'a AttestedFact>) -> String {
        let mut out = format!("schema = {}\n", quoted(ATTESTED_SCHEMA));
        for fact in facts {
            fact.write(&mut out);
        }
        out
    }

    /// The names of all facts that a person can state.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FACTS.iter().map(|(name, _, _)| *name)
    }
}

fn field(out: &mut String, name: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{name} = {value}");
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn list<T: AsRef<str>>(texts: &[T]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| quoted(text.as_ref())).collect();
    format!("[{}]", texts.join(", "))
}

fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// The line of a byte offset.
fn line_of(text: &str, offset: usize) -> Locator {
    let before = text.get(..offset).unwrap_or_default();
    Locator::Line(before.matches('\n').count() as u64 + 1)
}
