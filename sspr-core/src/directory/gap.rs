//! What the cloud's rules let through and a domain refuses, as classes of passwords.

use serde::Serialize;

use super::PasswordPolicyDraft;
use crate::time::Interval;

/// The least length that the cloud asks for.
const CLOUD_MINIMUM: u32 = 8;
/// Characters for examples: upper case, lower case and a digit from the first eight on.
const PATTERN: &str = "Example1";

/// A kind of password that the cloud takes and the domain refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PasswordClass {
    /// Long enough for the cloud, too short for the domain.
    TooShort,
    /// Holds the account name or a part of the display name.
    HoldsName,
    /// Was used before. The cloud looks at the last one alone, and at a change alone.
    UsedBefore,
    /// Comes too soon after the last one.
    TooSoon,
}

/// One class, with an example that was made up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PasswordGap {
    /// The class.
    pub class: PasswordClass,
    /// What is in it, as a noun phrase.
    pub description: String,
    /// An example, always the same for the same policy. It is nobody's password.
    pub example: String,
}

impl PasswordGap {
    /// The classes of passwords that the cloud takes and a domain with this policy refuses. What
    /// the policy leaves unknown gives no class.
    ///
    /// ```
    /// use sspr::directory::{PasswordClass, PasswordGap, PasswordPolicyDraft};
    ///
    /// let policy = PasswordPolicyDraft {
    ///     minimum_length: Some(12),
    ///     ..PasswordPolicyDraft::default()
    /// };
    /// let gap = PasswordGap::of(&policy);
    /// assert_eq!(gap[0].class, PasswordClass::TooShort);
    /// assert_eq!(gap[0].example, "Example1Exa");
    /// ```
    pub fn of(policy: &PasswordPolicyDraft) -> Vec<Self> {
        let least = policy.minimum_length.unwrap_or_default().max(CLOUD_MINIMUM);
        let mut gap = Vec::new();
        let mut class = |class, description: String, example: String| {
            gap.push(Self {
                class,
                description,
                example,
            });
        };
        if least > CLOUD_MINIMUM {
            let lengths = match least - 1 {
                CLOUD_MINIMUM => CLOUD_MINIMUM.to_string(),
                most => format!("{CLOUD_MINIMUM} to {most}"),
            };
            class(
                PasswordClass::TooShort,
                format!("passwords of {lengths} characters"),
                example("", least - 1),
            );
        }
        if policy.complexity == Some(true) {
            class(
                PasswordClass::HoldsName,
                "passwords that hold the account name or a part of the display name (here of \
                 jdoe, Jane Doe)"
                    .into(),
                example("Jdoe-", least),
            );
        }
        if let Some(history) = policy.history.filter(|history| *history > 0) {
            let which = match history {
                1 => "the last password again".into(),
                _ => format!("one of the last {history} passwords again"),
            };
            class(
                PasswordClass::UsedBefore,
                format!("{which}, which the cloud notices at a change alone, and for the last one"),
                example("Again-", least),
            );
        }
        if let Some(age) = policy.minimum_age.filter(|age| !age.is_zero()) {
            let window = match age {
                Interval::Never => "once one has been set".to_owned(),
                Interval::Ticks(_) => format!("within {age} after the last one was set"),
            };
            class(
                PasswordClass::TooSoon,
                format!("any password {window}"),
                example("Soon-", least),
            );
        }
        gap
    }
}

/// The pattern behind a beginning, as long as asked for.
fn example(start: &str, length: u32) -> String {
    let whole = start.len() + PATTERN.len();
    start
        .chars()
        .chain(PATTERN.chars().cycle())
        .take((length as usize).max(if start.is_empty() { 0 } else { whole }))
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Duration, Utc};
    use proptest::prelude::*;

    use super::*;
    use crate::directory::{
        AccountNames, AccountState, DomainAnswer, DomainRefusal, PasswordOperation,
    };
    use crate::policy::CloudPasswordRules;

    fn policy(length: u32) -> PasswordPolicyDraft {
        PasswordPolicyDraft {
            minimum_age: Some(Interval::from_days(1)),
            minimum_length: Some(length),
            history: Some(24),
            complexity: Some(true),
            ..PasswordPolicyDraft::default()
        }
    }

    fn answer(example: &str, policy: &PasswordPolicyDraft, hours: i64) -> DomainAnswer {
        let now: DateTime<Utc> = "2026-11-20T12:00:00Z".parse().unwrap();
        let account = AccountState {
            names: Some(AccountNames {
                account: "jdoe",
                display: Some("Jane Doe"),
            }),
            password_set: Some(now - Duration::hours(hours)),
            must_change: Some(false),
            disabled: Some(false),
            cannot_change: Some(false),
            locked: Some(false),
            password_not_required: Some(false),
        };
        DomainAnswer::of(
            example,
            policy,
            &account,
            PasswordOperation::WRITEBACK_RESET,
            now,
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_cloud_takes_every_example_and_the_domain_refuses_it_for_its_class(length in 0_u32..257) {
            let policy = policy(length);
            for gap in PasswordGap::of(&policy) {
                prop_assert_eq!(CloudPasswordRules::default().check(&gap.example), []);
                let later = answer(&gap.example, &policy, 48);
                match gap.class {
                    PasswordClass::TooShort => {
                        prop_assert_eq!(later.refusals, [DomainRefusal::TooShort { minimum: length }]);
                    }
                    PasswordClass::HoldsName => {
                        let refused = matches!(later.refusals[0], DomainRefusal::Complexity { .. });
                        prop_assert!(refused);
                    }
                    PasswordClass::UsedBefore => {
                        prop_assert_eq!(later.refusals, []);
                        prop_assert!(later.may_be_in_history);
                    }
                    PasswordClass::TooSoon => {
                        prop_assert_eq!(later.refusals, []);
                        prop_assert_eq!(answer(&gap.example, &policy, 1).refusals.len(), 1);
                    }
                }
            }
        }
    }

    #[test]
    fn a_domain_that_asks_for_no_more_leaves_no_gap() {
        let lax = PasswordPolicyDraft {
            minimum_age: Some(Interval::Ticks(0)),
            minimum_length: Some(7),
            history: Some(0),
            complexity: Some(false),
            ..PasswordPolicyDraft::default()
        };
        assert_eq!(PasswordGap::of(&lax), []);
        assert_eq!(PasswordGap::of(&PasswordPolicyDraft::default()), []);
    }
}
