//! Reasons for a refusal, in words, with what is seen of it where.

use serde::Serialize;

use crate::directory::{ComplexityFault, DomainRefusal};
use crate::events::HResult;
use crate::policy::{BannedVerdict, CloudPasswordFault};

/// One reason for a refusal. The candidate is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// A short name, such as `tooShort`.
    pub code: &'static str,
    /// What stands against the password, in a sentence.
    pub message: String,
    /// The event of the writeback service to expect, where the domain refuses.
    pub event: Option<u32>,
    /// The result code to expect with it, where one is known.
    pub hresult: Option<HResult>,
    /// The text that Windows logs with the result code, where one is known.
    pub logged: Option<&'static str>,
    /// What the person is told, in substance; Microsoft changes the words.
    pub user_sees: &'static str,
}

/// Something that is not known and could still refuse the password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Open {
    /// The fact that is missing, such as `domain.minimumPasswordAge`.
    pub fact: &'static str,
    /// What is not known, in a sentence.
    pub message: String,
}

const POLICY_TEXT: &str =
    "A restriction prevents the password from being changed to the current one specified.";
const ACCESS_TEXT: &str = "The password could not be updated because the management agent \
    credentials were denied access.";
const SEES_POLICY: &str = "At once: the password does not meet the organization's policy on age, \
    history, length or complexity; another one may be chosen.";
const SEES_DENIED: &str = "At once: the password cannot be reset or changed at this time; the \
    administrator is to be asked.";
const SEES_CLOUD: &str = "While typing or on submitting: what a password must be made of.";
const SEES_BANNED: &str = "On submitting: the password holds a word, phrase or pattern that is \
    easily guessed, or has been seen too often; a harder one is to be chosen.";

impl Reason {
    pub(super) fn of_domain(refusal: &DomainRefusal) -> Self {
        let (code, message) = domain_words(refusal);
        let hresult = refusal.hresult();
        Self {
            code,
            message,
            event: Some(refusal.event()),
            hresult: hresult.map(HResult),
            logged: match refusal {
                DomainRefusal::Disabled | DomainRefusal::LockedOut => None,
                DomainRefusal::CannotChange => Some(ACCESS_TEXT),
                _ => Some(POLICY_TEXT),
            },
            user_sees: match refusal {
                DomainRefusal::Disabled
                | DomainRefusal::CannotChange
                | DomainRefusal::LockedOut => SEES_DENIED,
                _ => SEES_POLICY,
            },
        }
    }

    pub(super) fn of_cloud(fault: &CloudPasswordFault) -> Self {
        let (code, message) = match fault {
            CloudPasswordFault::TooShort { minimum } => (
                "tooShort",
                format!("It has fewer than {minimum} characters."),
            ),
            CloudPasswordFault::TooLong { maximum } => {
                ("tooLong", format!("It has more than {maximum} characters."))
            }
            CloudPasswordFault::TooFewClasses { needed, .. } => (
                "tooFewClasses",
                format!("Of lower case, upper case, digits and symbols fewer than {needed} occur."),
            ),
            CloudPasswordFault::CharacterNotAllowed { .. } => (
                "characterNotAllowed",
                "It holds characters that the cloud does not take, such as any beyond ASCII."
                    .to_owned(),
            ),
        };
        Self::in_cloud(code, message, SEES_CLOUD)
    }

    /// The reason of a verdict on banned terms; none when it is accepted.
    pub(super) fn of_banned(verdict: BannedVerdict) -> Option<Self> {
        let (code, message) = match verdict {
            BannedVerdict::Accepted { .. } => return None,
            BannedVerdict::ContainsName => (
                "containsName",
                "It holds a name: of the person, or of the tenant.".to_owned(),
            ),
            BannedVerdict::IsBannedTerm => (
                "bannedTerm",
                "It is a banned term, or one character away from one.".to_owned(),
            ),
            BannedVerdict::TooWeak { score } => (
                "tooWeak",
                format!(
                    "Its score is {score} where 5 is needed: one point for each banned term in it \
                     and for each other character."
                ),
            ),
        };
        Some(Self::in_cloud(code, message, SEES_BANNED))
    }

    fn in_cloud(code: &'static str, message: String, user_sees: &'static str) -> Self {
        Self {
            code,
            message,
            event: None,
            hresult: None,
            logged: None,
            user_sees,
        }
    }
}

fn domain_words(refusal: &DomainRefusal) -> (&'static str, String) {
    match refusal {
        DomainRefusal::Disabled => ("disabled", "The account is disabled.".into()),
        DomainRefusal::CannotChange => (
            "cannotChange",
            "The account may not change its password.".into(),
        ),
        DomainRefusal::LockedOut => ("lockedOut", "The account is locked out.".into()),
        DomainRefusal::TooYoung { until: Some(until) } => (
            "tooYoung",
            format!(
                "The last password is younger than the minimum age; the next one is taken from {} \
                 on.",
                until.format("%Y-%m-%d %H:%M:%S UTC")
            ),
        ),
        DomainRefusal::TooYoung { until: None } => (
            "tooYoung",
            "The minimum age never ends, so that no second password is ever taken.".into(),
        ),
        DomainRefusal::TooShort { minimum } => (
            "tooShort",
            format!("It has fewer than {minimum} characters."),
        ),
        DomainRefusal::TooLong => ("tooLong", "It has more than 256 characters.".into()),
        DomainRefusal::Complexity { fault } => match fault {
            ComplexityFault::ContainsAccountName => {
                ("containsAccountName", "It holds the account name.".into())
            }
            ComplexityFault::ContainsNamePart => (
                "containsNamePart",
                "It holds a part of the display name.".into(),
            ),
            ComplexityFault::TooFewClasses { .. } => (
                "tooFewClasses",
                "Of upper case, lower case, digits, special characters and letters without case \
                 fewer than three occur."
                    .into(),
            ),
        },
    }
}

impl Open {
    pub(super) fn new(fact: &'static str, message: impl Into<String>) -> Self {
        Self {
            fact,
            message: message.into(),
        }
    }

    /// What the domain's answer names as not known.
    pub(super) fn of_domain(unknown: &str) -> Self {
        match unknown {
            "enabled" => Self::new("people.adUsers", "Whether the account is enabled."),
            "cannotChange" => Self::new(
                "people.adUsers",
                "Whether the account may change its password (Get-ADUser tells, LDIF does not).",
            ),
            "locked" => Self::new(
                "people.adUsers",
                "Whether the lockout has ended; while it lasts, no change is taken.",
            ),
            "passwordSet" => Self::new("people.passwordSet", "When the last password was set."),
            "names" => Self::new("people.adUsers", "The account name and the display name."),
            "minimumAge" => Self::new("domain.minimumPasswordAge", "The minimum password age."),
            "minimumLength" => Self::new(
                "domain.minimumPasswordLength",
                "The minimum password length.",
            ),
            "complexity" => Self::new("domain.complexity", "Whether complexity is required."),
            _ => Self::new(
                "domain.complexity",
                "Whether the blank counts as a special character, which nothing documents; without \
                 it too few classes of characters occur.",
            ),
        }
    }
}
