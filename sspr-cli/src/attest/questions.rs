//! The questions, and the facts that their answers become.

use chrono::{DateTime, Utc};
use sspr::evidence::{AttestedFact, AttestedValue};

use crate::time;

/// One question: a page of the portal, and what to read off it.
pub(super) struct Question {
    /// What it is about.
    pub(super) title: &'static str,
    /// Where the answers stand.
    pub(super) path: &'static str,
    /// What to read there.
    pub(super) prompts: &'static [Prompt],
}

/// One thing to read.
#[derive(Clone, Copy)]
pub(super) struct Prompt {
    /// The fact, or the further field that it becomes.
    pub(super) key: &'static str,
    /// The question.
    pub(super) text: &'static str,
    /// What kind of answer it takes.
    pub(super) kind: Kind,
    /// Another answer without which it is not asked: its key, and a text that it holds.
    only_after: Option<(&'static str, &'static str)>,
}

/// A kind of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One of these words.
    Word(&'static [&'static str]),
    /// Some of these words, with commas between them.
    Words(&'static [&'static str]),
    Number(u32, u32),
    YesNo,
    Text,
    Time,
}

const METHODS: &[&str] = &[
    "mobileAppNotification",
    "mobileAppCode",
    "email",
    "mobilePhone",
    "officePhone",
    "securityQuestions",
];

const fn prompt(key: &'static str, text: &'static str, kind: Kind) -> Prompt {
    Prompt {
        key,
        text,
        kind,
        only_after: None,
    }
}

const fn after(earlier: &'static str, holds: &'static str, prompt: Prompt) -> Prompt {
    Prompt {
        only_after: Some((earlier, holds)),
        ..prompt
    }
}

/// Asked before all questions: the answers are this person's word.
pub(super) static BY: Prompt = prompt("by", "Your own user principal name", Kind::Text);

/// All questions, in the order of the portal's pages.
pub(super) const QUESTIONS: &[Question] = &[
    Question {
        title: "Who may reset their password",
        path: "Microsoft Entra admin center > Password reset > Properties",
        prompts: &[
            prompt(
                "sspr.scope",
                "Self service password reset enabled",
                Kind::Word(&["none", "selected", "all"]),
            ),
            after(
                "sspr.scope",
                "selected",
                prompt("group", "Selected group, its name or id", Kind::Text),
            ),
        ],
    },
    Question {
        title: "With which methods",
        path: "Microsoft Entra admin center > Password reset > Authentication methods",
        prompts: &[
            prompt(
                "sspr.methodsRequired",
                "Number of methods required to reset",
                Kind::Number(1, 2),
            ),
            prompt(
                "sspr.methods",
                "Methods available to users",
                Kind::Words(METHODS),
            ),
            after(
                "sspr.methods",
                "securityQuestions",
                prompt(
                    "sspr.questions.defined",
                    "Security questions selected",
                    Kind::Number(0, 1000),
                ),
            ),
            after(
                "sspr.methods",
                "securityQuestions",
                prompt(
                    "sspr.questions.registered",
                    "Number of questions required to register",
                    Kind::Number(3, 5),
                ),
            ),
            after(
                "sspr.methods",
                "securityQuestions",
                prompt(
                    "sspr.questions.reset",
                    "Number of questions required to reset",
                    Kind::Number(3, 5),
                ),
            ),
        ],
    },
    Question {
        title: "How people register",
        path: "Microsoft Entra admin center > Password reset > Registration",
        prompts: &[
            prompt(
                "sspr.registrationRequired",
                "Require users to register when signing in",
                Kind::YesNo,
            ),
            prompt(
                "sspr.reconfirmDays",
                "Number of days before users are asked to reconfirm",
                Kind::Number(0, 730),
            ),
        ],
    },
    Question {
        title: "Who is told, and where people turn for help",
        path: "Microsoft Entra admin center > Password reset > Notifications, and > Customization",
        prompts: &[
            prompt(
                "sspr.notifyUsers",
                "Notify users on password resets",
                Kind::YesNo,
            ),
            prompt(
                "sspr.notifyAdmins",
                "Notify all admins when other admins reset their password",
                Kind::YesNo,
            ),
            prompt(
                "sspr.helpdeskLink",
                "Custom helpdesk email or URL",
                Kind::Text,
            ),
        ],
    },
    Question {
        title: "What is written back to the domain",
        path: "Microsoft Entra admin center > Password reset > On-premises integration",
        prompts: &[
            prompt(
                "integration.writeback",
                "Enable password write back for synced users",
                Kind::YesNo,
            ),
            prompt(
                "integration.cloudSync",
                "Write back passwords with Microsoft Entra Connect cloud sync",
                Kind::YesNo,
            ),
            prompt(
                "integration.unlock",
                "Allow users to unlock accounts without resetting their password",
                Kind::YesNo,
            ),
        ],
    },
    Question {
        title: "How synced people sign in",
        path: "Microsoft Entra admin center > Entra Connect > Connect Sync > User sign-in",
        prompts: &[prompt(
            "signIn.type",
            "What is on",
            Kind::Words(&["passwordHashSync", "passThrough", "federated"]),
        )],
    },
    Question {
        title: "The Entra Connect server",
        path: "On the server: Microsoft Entra Connect > Configure > View or export current configuration",
        prompts: &[
            prompt("server.host", "Its host name", Kind::Text),
            after(
                "server.host",
                "",
                prompt(
                    "server.version",
                    "Version, such as 2.5.79.0 (Programs and Features)",
                    Kind::Text,
                ),
            ),
            after(
                "server.host",
                "",
                prompt("server.staging", "Staging mode is on", Kind::YesNo),
            ),
            after(
                "server.host",
                "",
                prompt("server.writeback", "Password writeback is on", Kind::YesNo),
            ),
        ],
    },
    Question {
        title: "The last test with a person who is synced from the domain",
        path: "https://passwordreset.microsoftonline.com, then a sign-in that a domain controller answers",
        prompts: &[
            prompt("test.user", "The test user's principal name", Kind::Text),
            after(
                "test.user",
                "",
                prompt("test.reset", "Forgotten password reset at", Kind::Time),
            ),
            after(
                "test.user",
                "",
                prompt("test.change", "Known password changed at", Kind::Time),
            ),
            after(
                "test.user",
                "",
                prompt("test.unlock", "Account unlocked at", Kind::Time),
            ),
            after(
                "test.user",
                "",
                prompt(
                    "test.domainSignIn",
                    "New password used for a domain sign-in at",
                    Kind::Time,
                ),
            ),
        ],
    },
];

impl Kind {
    /// What an answer looks like.
    pub(super) fn choices(self) -> String {
        match self {
            Self::Word(words) => words.join(" / "),
            Self::Words(words) => format!("any of {}", words.join(", ")),
            Self::Number(least, most) => format!("{least} to {most}"),
            Self::YesNo => "yes / no".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Time => "2026-11-20T09:00:00Z".to_owned(),
        }
    }

    fn read(self, answer: &str) -> Result<AttestedValue, String> {
        let wanted = || format!("expected {}", self.choices());
        // The portal writes `Mobile phone` where the fact says `mobilePhone`.
        let choose = |words: &[&'static str], answer: &str| {
            let answer = answer.replace(' ', "");
            words
                .iter()
                .copied()
                .find(|word| word.eq_ignore_ascii_case(&answer))
                .ok_or_else(wanted)
        };
        Ok(match self {
            Self::Word(words) => AttestedValue::Word(choose(words, answer)?),
            Self::Words(words) => AttestedValue::Words(
                answer
                    .split(',')
                    .map(|answer| choose(words, answer))
                    .collect::<Result<_, _>>()?,
            ),
            Self::Number(least, most) => AttestedValue::Number(
                answer
                    .parse()
                    .ok()
                    .filter(|number| (least..=most).contains(number))
                    .ok_or_else(wanted)?,
            ),
            Self::YesNo => AttestedValue::Switch(match answer.to_ascii_lowercase().as_str() {
                "y" | "yes" | "true" | "on" => true,
                "n" | "no" | "false" | "off" => false,
                _ => return Err(wanted()),
            }),
            Self::Text => AttestedValue::Text(answer.to_owned()),
            Self::Time => AttestedValue::Time(time::parse(answer)?),
        })
    }
}

/// The answers so far.
#[derive(Default)]
pub(super) struct Draft {
    answers: Vec<(&'static Prompt, AttestedValue, &'static str)>,
}

impl Draft {
    /// Takes an answer; an empty one skips the prompt.
    pub(super) fn answer(&mut self, prompt: &'static Prompt, answer: &str) -> Result<(), String> {
        let answer = answer.trim();
        if answer.is_empty() {
            return Ok(());
        }
        let value = prompt.kind.read(answer)?;
        if prompt.key == "server.version" {
            answer.parse::<sspr::writeback::Version>()?;
        }
        let path = QUESTIONS
            .iter()
            .find(|question| question.prompts.iter().any(|other| other.key == prompt.key))
            .map_or("", |question| question.path);
        self.answers.push((prompt, value, path));
        Ok(())
    }

    /// Whether a prompt makes sense after what was answered so far.
    pub(super) fn wants(&self, prompt: &Prompt) -> bool {
        let Some((earlier, holds)) = prompt.only_after else {
            return true;
        };
        match self.value(earlier) {
            Some(AttestedValue::Word(word)) => *word == holds,
            Some(AttestedValue::Words(words)) => words.contains(&holds),
            Some(_) => true,
            None => false,
        }
    }

    fn value(&self, key: &str) -> Option<&AttestedValue> {
        self.answers
            .iter()
            .find(|(prompt, _, _)| prompt.key == key)
            .map(|(_, value, _)| value)
    }

    fn text(&self, key: &str) -> Option<String> {
        match self.value(key)? {
            AttestedValue::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    fn number(&self, key: &str) -> Option<u32> {
        match self.value(key)? {
            AttestedValue::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The facts that the answers state, seen at one time.
    pub(super) fn facts(&self, at: DateTime<Utc>) -> Vec<AttestedFact> {
        let by = self.text("by");
        let mut facts: Vec<AttestedFact> = Vec::new();
        for (prompt, value, path) in &self.answers {
            let (what, value) = match prompt.key {
                // These are fields of the facts around them.
                "by" | "group" | "server.host" => continue,
                key if key.starts_with("sspr.questions.") => {
                    if facts.iter().any(|fact| fact.what == "sspr.questions") {
                        continue;
                    }
                    let value = AttestedValue::Questions {
                        defined: self.number("sspr.questions.defined"),
                        registered: self.number("sspr.questions.registered"),
                        reset: self.number("sspr.questions.reset"),
                    };
                    ("sspr.questions", value)
                }
                key => (key, value.clone()),
            };
            let mut fact = AttestedFact::new(what, value);
            if what == "sspr.scope" && fact.value == AttestedValue::Word("selected") {
                fact.group = self.text("group");
            }
            if what.starts_with("server.") {
                fact.host = self.text("server.host");
            }
            if what.starts_with("test.") && what != "test.user" {
                fact.user = self.text("test.user");
            }
            fact.by.clone_from(&by);
            fact.at = Some(at);
            fact.seen = Some((*path).to_owned());
            facts.push(fact);
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sspr::evidence::Attested;

    #[test]
    fn there_are_six_to_eight_questions() {
        assert!((6..=8).contains(&QUESTIONS.len()));
    }

    #[test]
    fn every_answer_becomes_a_fact_that_reads_back() {
        let mut draft = Draft::default();
        draft
            .answer(&BY, "a.admin@contoso.com")
            .expect("it is a text");
        for prompt in QUESTIONS.iter().flat_map(|question| question.prompts) {
            let answer = match prompt.kind {
                Kind::Word(words) => words[words.len() / 2],
                Kind::Words(words) => words[words.len() - 1],
                Kind::Number(_, most) => &most.to_string(),
                Kind::YesNo => "Yes",
                Kind::Text if prompt.key == "server.version" => "2.5.79.0",
                Kind::Text => "jdoe@contoso.com",
                Kind::Time => "2026-11-19",
            };
            assert!(draft.wants(prompt), "{}", prompt.key);
            draft.answer(prompt, answer).expect(prompt.key);
        }
        let at = "2026-11-20T09:00:00Z".parse().expect("a time");
        let facts = draft.facts(at);
        let read = Attested::parse(&Attested::to_toml(&facts)).expect("it reads");
        assert_eq!(read.faults, []);
        let read: Vec<_> = read.facts.into_iter().map(|at| at.value).collect();
        assert_eq!(read, facts);
        assert_eq!(facts[0].group.as_deref(), Some("jdoe@contoso.com"));
    }
}
