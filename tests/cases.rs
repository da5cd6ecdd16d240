//! Shared cases: evidence in, verdict out. One file a rule under `cases/rules`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use sspr::readiness::{Configuration, Finding, Options, Report, assess};
use sspr::snapshot::{Input, ReadOptions, Snapshot};

/// The cases of one rule.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleCases {
    /// The rule's code.
    pub rule: String,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Case {
    /// What it shows, as a sentence.
    pub name: String,
    /// The time of the verdict.
    #[serde(default = "default_as_of")]
    pub as_of: DateTime<Utc>,
    /// When evidence was observed that does not tell it itself.
    #[serde(default)]
    pub observed_at: Option<DateTime<Utc>>,
    /// The evidence.
    pub evidence: Vec<CaseEvidence>,
    /// The configuration, in TOML.
    #[serde(default)]
    pub config: String,
    /// What must come out.
    pub expect: Expectation,
}

/// One input of a case: exactly one of `json`, `text`, `events`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CaseEvidence {
    /// Its name; nothing is concluded from it.
    pub name: String,
    /// JSON content.
    #[serde(default)]
    pub json: Option<Value>,
    /// Text content, line by line.
    #[serde(default)]
    pub text: Option<Vec<String>>,
    /// Events, which become what `wevtutil qe /f:xml` prints.
    #[serde(default)]
    pub events: Option<Vec<CaseEvent>>,
}

/// One event of a case.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CaseEvent {
    /// The event id.
    pub id: u32,
    /// When it was written.
    pub time: DateTime<Utc>,
    /// The provider.
    #[serde(default = "default_provider")]
    pub provider: String,
    /// The log.
    #[serde(default = "default_channel")]
    pub channel: String,
    /// The computer.
    #[serde(default = "default_computer")]
    pub computer: String,
    /// The record number; counted from 1 without it.
    #[serde(default)]
    pub record: Option<u64>,
    /// 0x8020000000000000 audit success, 0x8010000000000000 audit failure.
    #[serde(default)]
    pub keywords: Option<String>,
    /// Unnamed data strings.
    #[serde(default)]
    pub data: Vec<String>,
    /// Named data strings.
    #[serde(default)]
    pub named: BTreeMap<String, String>,
}

/// What must come out of a case. Absent fields are not looked at.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Expectation {
    /// `pass`, `fail`, `unknown` or `notApplicable`.
    pub verdict: String,
    /// `error`, `warning` or `information`.
    #[serde(default)]
    pub severity: Option<String>,
    /// Texts that the message holds.
    #[serde(default)]
    pub message: Vec<String>,
    /// Values of the finding.
    #[serde(default)]
    pub values: BTreeMap<String, Value>,
    /// How many people or things it concerns.
    #[serde(default)]
    pub subjects: Option<u64>,
    /// How many are excluded.
    #[serde(default)]
    pub excluded: Option<u64>,
    /// Names in the sample.
    #[serde(default)]
    pub sample: Option<Vec<String>>,
    /// Whether it rests on an inference.
    #[serde(default)]
    pub inferred: Option<bool>,
    /// Whether it works today all the same.
    #[serde(default)]
    pub works_today: Option<bool>,
    /// Facts that are missing.
    #[serde(default)]
    pub missing: Option<Vec<String>>,
}

fn default_as_of() -> DateTime<Utc> {
    "2026-11-20T12:00:00Z".parse().unwrap_or_default()
}

fn default_provider() -> String {
    "PasswordResetService".into()
}

fn default_channel() -> String {
    "Application".into()
}

fn default_computer() -> String {
    "AADC01.contoso.com".into()
}

/// The folder of the shared cases.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

/// All cases of all rules, by file name.
///
/// # Panics
///
/// When a file cannot be read.
#[expect(clippy::panic, reason = "test support")]
pub fn all() -> Vec<(String, RuleCases)> {
    let mut paths: Vec<_> = fs::read_dir(folder().join("rules"))
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let cases = fs::read(&path)
                .map_err(|error| error.to_string())
                .and_then(|bytes| {
                    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
                });
            match cases {
                Ok(cases) => (name, cases),
                Err(error) => panic!("{name}: {error}"),
            }
        })
        .collect()
}

impl CaseEvidence {
    /// Its bytes.
    pub fn bytes(&self) -> Vec<u8> {
        if let Some(json) = &self.json {
            json.to_string().into_bytes()
        } else if let Some(events) = &self.events {
            wevtutil(events).into_bytes()
        } else {
            self.text
                .as_deref()
                .unwrap_or_default()
                .join("\r\n")
                .into_bytes()
        }
    }
}

impl Case {
    /// The report on the case's evidence.
    ///
    /// # Panics
    ///
    /// When the configuration is wrong.
    #[expect(clippy::expect_used, reason = "test support")]
    pub fn report(&self) -> Report {
        let inputs = self
            .evidence
            .iter()
            .map(|evidence| Input::bytes(&evidence.name, evidence.bytes()))
            .collect();
        let options = ReadOptions {
            observed_at: self.observed_at,
            ..ReadOptions::default()
        };
        let snapshot = Snapshot::read(inputs, &options, &mut |_| {
            std::ops::ControlFlow::Continue(())
        })
        .expect("nobody stops the work");
        let config = Configuration::parse(&self.config).expect("the configuration is right");
        assess(
            &snapshot,
            &Options {
                as_of: self.as_of,
                config,
            },
        )
    }

    /// What differs between the report and the expectation.
    pub fn differences(&self, rule: &str) -> Vec<String> {
        let report = self.report();
        let Some(finding) = report.findings.iter().find(|finding| finding.code == rule) else {
            return vec![format!("there is no finding of {rule}")];
        };
        self.expect.differences(finding, &report)
    }
}

impl Expectation {
    fn differences(&self, finding: &Finding, report: &Report) -> Vec<String> {
        let mut differences = Vec::new();
        let mut compare = |what: &str, expected: String, found: String| {
            if expected != found {
                differences.push(format!("{what}: expected {expected}, found {found}"));
            }
        };
        let word = |value: &dyn erased::Json| value.json().as_str().unwrap_or_default().to_owned();
        compare("verdict", self.verdict.clone(), word(&finding.verdict));
        if let Some(severity) = &self.severity {
            compare("severity", severity.clone(), word(&finding.severity));
        }
        for part in &self.message {
            if !finding.message.contains(part) {
                compare("message", format!("… {part} …"), finding.message.clone());
            }
        }
        for (name, value) in &self.values {
            let found = finding
                .values
                .get(name.as_str())
                .cloned()
                .unwrap_or_default();
            compare(
                &format!("values.{name}"),
                value.to_string(),
                found.to_string(),
            );
        }
        let subjects = finding.subjects.clone().unwrap_or_default();
        if let Some(count) = self.subjects {
            compare("subjects", count.to_string(), subjects.count.to_string());
        }
        if let Some(count) = self.excluded {
            compare("excluded", count.to_string(), subjects.excluded.to_string());
        }
        if let Some(sample) = &self.sample {
            compare("sample", sample.join(", "), subjects.sample.join(", "));
        }
        if let Some(inferred) = self.inferred {
            compare(
                "inferred",
                inferred.to_string(),
                finding.inferred.to_string(),
            );
        }
        if let Some(works) = self.works_today {
            compare(
                "worksToday",
                works.to_string(),
                finding.works_today.to_string(),
            );
        }
        if let Some(missing) = &self.missing {
            let found: Vec<_> = finding.missing.iter().map(|m| m.fact.as_ref()).collect();
            compare("missing", missing.join(", "), found.join(", "));
        }
        if !differences.is_empty() {
            differences.push(format!("message was: {}", finding.message));
            for skipped in &report.skipped {
                differences.push(format!("skipped {}: {}", skipped.name, skipped.reason));
            }
            for evidence in &report.evidence {
                if let Some(lost) = &evidence.lost {
                    differences.push(format!("lost in {}: {}", evidence.name, lost.first));
                }
            }
        }
        differences
    }
}

mod erased {
    /// Anything that serialises.
    pub(super) trait Json {
        fn json(&self) -> serde_json::Value;
    }

    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> serde_json::Value {
            serde_json::to_value(self).unwrap_or_default()
        }
    }
}

/// Events as `wevtutil qe /f:xml` prints them.
pub fn wevtutil(events: &[CaseEvent]) -> String {
    let mut xml = String::new();
    for (index, event) in events.iter().enumerate() {
        let record = event.record.unwrap_or(index as u64 + 1);
        let keywords = event.keywords.as_deref().unwrap_or("0x80000000000000");
        let _ = write!(
            xml,
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
             <Provider Name='{}'/><EventID Qualifiers='0'>{}</EventID><Version>0</Version>\
             <Level>4</Level><Task>0</Task><Opcode>0</Opcode><Keywords>{keywords}</Keywords>\
             <TimeCreated SystemTime='{}'/><EventRecordID>{record}</EventRecordID><Correlation/>\
             <Execution ProcessID='0' ThreadID='0'/><Channel>{}</Channel><Computer>{}</Computer>\
             <Security/></System><EventData>",
            escape(&event.provider),
            event.id,
            event.time.format("%Y-%m-%dT%H:%M:%S%.6f0Z"),
            escape(&event.channel),
            escape(&event.computer),
        );
        for data in &event.data {
            let _ = write!(xml, "<Data>{}</Data>", escape(data));
        }
        for (name, value) in &event.named {
            let _ = write!(
                xml,
                "<Data Name='{}'>{}</Data>",
                escape(name),
                escape(value)
            );
        }
        xml.push_str("</EventData></Event>\r\n");
    }
    xml
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\'', "&apos;")
}
