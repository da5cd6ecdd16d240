//! Would the domain take this password today, and if not, why?

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{AccountNames, Complexity, ComplexityFault, PasswordPolicyDraft};
use crate::time::Interval;

/// Most UTF-16 units of a password.
const LONGEST: usize = 256;

/// How a password is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PasswordOperation {
    /// With the old password.
    Change,
    /// Without it.
    Reset {
        /// Whether the policy-hints control asks for the full policy, as writeback does. Without it
        /// neither minimum age nor history are looked at.
        policy_hints: bool,
    },
}

impl PasswordOperation {
    /// What writeback does for a forgotten password.
    pub const WRITEBACK_RESET: Self = Self::Reset { policy_hints: true };

    fn obeys_age_and_history(self) -> bool {
        matches!(self, Self::Change | Self::Reset { policy_hints: true })
    }
}

/// The state of an account, as far as it bears on its password. `None` is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccountState<'a> {
    /// Its names.
    pub names: Option<AccountNames<'a>>,
    /// When its password was set.
    pub password_set: Option<DateTime<Utc>>,
    /// Whether it must change the password at next logon (`pwdLastSet` is 0), which lifts the
    /// minimum age.
    pub must_change: Option<bool>,
    /// Whether it is disabled.
    pub disabled: Option<bool>,
    /// Whether the user may not change the password.
    pub cannot_change: Option<bool>,
    /// Whether it is locked out at that time, which stops a change and not a reset. Nothing is
    /// unknown without it: a directory keeps no `lockoutTime` of an account that never was.
    pub locked: Option<bool>,
    /// Whether no password is required of it, which lifts length and complexity.
    pub password_not_required: Option<bool>,
}

/// One reason for which the domain refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "reason")]
pub enum DomainRefusal {
    /// The account is disabled.
    Disabled,
    /// The user may not change the password.
    CannotChange,
    /// The account is locked out.
    LockedOut,
    /// The password was set too short a time ago.
    TooYoung {
        /// From when on it may be set again; `None` is never.
        until: Option<DateTime<Utc>>,
    },
    /// It has too few characters.
    TooShort {
        /// The least number.
        minimum: u32,
    },
    /// It has more than 256 UTF-16 units.
    TooLong,
    /// It is not complex enough.
    Complexity {
        /// Why not.
        fault: ComplexityFault,
    },
}

impl DomainRefusal {
    /// The event of the writeback service to expect.
    pub const fn event(self) -> u32 {
        match self {
            Self::Disabled => 33005,
            // Observed in the field; Microsoft's table names the policy code for it.
            Self::CannotChange => 33004,
            Self::LockedOut => 33006,
            _ => 33008,
        }
    }

    /// The HRESULT to expect, where one is known.
    pub const fn hresult(self) -> Option<u32> {
        match self {
            Self::Disabled | Self::LockedOut => None,
            Self::CannotChange => Some(0x8023_0626),
            _ => Some(0x8023_0619),
        }
    }
}

/// The domain's answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DomainAnswer {
    /// Every reason to refuse, in the order in which the domain looks: the first is the one it
    /// would give.
    pub refusals: Vec<DomainRefusal>,
    /// What is not known and could still refuse it.
    pub unknown: Vec<&'static str>,
    /// Whether the policy keeps old passwords, or may: no evidence tells whether a candidate is
    /// one of them.
    pub may_be_in_history: bool,
}

impl DomainAnswer {
    /// Judges a candidate, which is not kept, at a time.
    ///
    /// The order is: the account's state, minimum age, length, complexity, history. Whether the
    /// candidate stands in the history can never be told from outside. Password filters of the
    /// domain controllers are not looked at.
    pub fn of(
        candidate: &str,
        policy: &PasswordPolicyDraft,
        account: &AccountState<'_>,
        operation: PasswordOperation,
        now: DateTime<Utc>,
    ) -> Self {
        let mut answer = Self::default();
        answer.judge_state(account, operation);
        if operation.obeys_age_and_history() {
            answer.judge_age(policy, account, now);
        }
        answer.judge_text(candidate, policy, account);
        answer.may_be_in_history = operation.obeys_age_and_history() && policy.history != Some(0);
        answer
    }

    fn judge_state(&mut self, account: &AccountState<'_>, operation: PasswordOperation) {
        match account.disabled {
            Some(true) => self.refusals.push(DomainRefusal::Disabled),
            Some(false) => {}
            None => self.unknown.push("enabled"),
        }
        if operation == PasswordOperation::Change {
            match account.cannot_change {
                Some(true) => self.refusals.push(DomainRefusal::CannotChange),
                Some(false) => {}
                None => self.unknown.push("cannotChange"),
            }
            if account.locked == Some(true) {
                self.refusals.push(DomainRefusal::LockedOut);
            }
        }
    }

    fn judge_age(
        &mut self,
        policy: &PasswordPolicyDraft,
        account: &AccountState<'_>,
        now: DateTime<Utc>,
    ) {
        let minimum = match policy.minimum_age {
            None => return self.unknown.push("minimumAge"),
            Some(age) if age.is_zero() => return,
            Some(age) => age,
        };
        match (account.must_change, account.password_set) {
            (Some(true), _) => {}
            (_, Some(set)) => {
                let until = match minimum {
                    Interval::Never => None,
                    Interval::Ticks(_) => minimum
                        .duration()
                        .and_then(|age| set.checked_add_signed(age)),
                };
                if until.is_none_or(|until| now < until) {
                    self.refusals.push(DomainRefusal::TooYoung { until });
                }
            }
            (_, None) => self.unknown.push("passwordSet"),
        }
    }

    fn judge_text(
        &mut self,
        candidate: &str,
        policy: &PasswordPolicyDraft,
        account: &AccountState<'_>,
    ) {
        let units = candidate.encode_utf16().count();
        if units > LONGEST {
            self.refusals.push(DomainRefusal::TooLong);
        }
        if account.password_not_required == Some(true) {
            return;
        }
        match policy.minimum_length {
            None => self.unknown.push("minimumLength"),
            Some(minimum) if units < minimum as usize => {
                self.refusals.push(DomainRefusal::TooShort { minimum });
            }
            Some(_) => {}
        }
        match policy.complexity {
            None => self.unknown.push("complexity"),
            Some(false) => {}
            Some(true) => {
                let complexity = Complexity::of(candidate, account.names.unwrap_or_default());
                if complexity.hangs_on_space {
                    self.unknown.push("spaceAsSpecialCharacter");
                } else {
                    self.refusals.extend(
                        complexity
                            .faults
                            .into_iter()
                            .map(|fault| DomainRefusal::Complexity { fault }),
                    );
                }
                if account.names.is_none() {
                    self.unknown.push("names");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use proptest::prelude::*;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-20T12:00:00Z".parse().unwrap()
    }

    fn policy() -> PasswordPolicyDraft {
        PasswordPolicyDraft {
            minimum_age: Some(Interval::from_days(1)),
            minimum_length: Some(8),
            complexity: Some(true),
            history: Some(24),
            ..PasswordPolicyDraft::default()
        }
    }

    fn account(hours: i64) -> AccountState<'static> {
        AccountState {
            names: Some(AccountNames {
                account: "jdoe",
                display: Some("Jane Doe"),
            }),
            password_set: Some(now() - Duration::hours(hours)),
            must_change: Some(false),
            disabled: Some(false),
            cannot_change: Some(false),
            locked: Some(false),
            password_not_required: Some(false),
        }
    }

    fn refusals(
        candidate: &str,
        account: &AccountState<'_>,
        operation: PasswordOperation,
    ) -> Vec<DomainRefusal> {
        DomainAnswer::of(candidate, &policy(), account, operation, now()).refusals
    }

    #[test]
    fn inside_the_minimum_age_change_and_hinted_reset_are_refused_and_a_plain_reset_is_not() {
        let young = account(23);
        let until = Some(now() + Duration::hours(1));
        for operation in [
            PasswordOperation::Change,
            PasswordOperation::WRITEBACK_RESET,
        ] {
            assert_eq!(
                refusals("Sunny2day", &young, operation),
                [DomainRefusal::TooYoung { until }]
            );
        }
        let plain = PasswordOperation::Reset {
            policy_hints: false,
        };
        assert_eq!(refusals("Sunny2day", &young, plain), []);
        assert_eq!(
            refusals("Sunny2day", &account(24), PasswordOperation::Change),
            []
        );
    }

    #[test]
    fn a_password_that_must_be_changed_has_no_minimum_age() {
        let must = AccountState {
            must_change: Some(true),
            ..account(1)
        };
        assert_eq!(refusals("Sunny2day", &must, PasswordOperation::Change), []);
    }

    #[test]
    fn a_lockout_stops_a_change_and_no_reset() {
        let locked = AccountState {
            locked: Some(true),
            ..account(48)
        };
        let change = refusals("Sunny2day", &locked, PasswordOperation::Change);
        assert_eq!(change, [DomainRefusal::LockedOut]);
        assert_eq!(change[0].event(), 33006);
        let reset = refusals("Sunny2day", &locked, PasswordOperation::WRITEBACK_RESET);
        assert_eq!(reset, []);
    }

    #[test]
    fn the_reasons_come_in_the_order_in_which_the_domain_looks() {
        let young = AccountState {
            disabled: Some(true),
            ..account(1)
        };
        let reasons = refusals("jd", &young, PasswordOperation::WRITEBACK_RESET);
        let events: Vec<_> = reasons.iter().map(|reason| reason.event()).collect();
        assert_eq!(events, [33005, 33008, 33008, 33008]);
        assert!(matches!(reasons[1], DomainRefusal::TooYoung { .. }));
        assert_eq!(reasons[2], DomainRefusal::TooShort { minimum: 8 });
    }

    #[test]
    fn what_is_not_known_is_said_and_never_refuses() {
        let answer = DomainAnswer::of(
            "x",
            &PasswordPolicyDraft::default(),
            &AccountState::default(),
            PasswordOperation::Change,
            now(),
        );
        assert_eq!(answer.refusals, []);
        assert_eq!(
            answer.unknown,
            [
                "enabled",
                "cannotChange",
                "minimumAge",
                "minimumLength",
                "complexity"
            ]
        );
        assert!(answer.may_be_in_history);
    }

    #[test]
    fn length_is_counted_in_utf16_units() {
        let policy = PasswordPolicyDraft {
            complexity: Some(false),
            history: Some(0),
            ..policy()
        };
        let judge = |text: &str| {
            DomainAnswer::of(
                text,
                &policy,
                &account(48),
                PasswordOperation::Change,
                now(),
            )
            .refusals
        };
        assert_eq!(judge("😀😀😀😀"), []);
        assert_eq!(judge("😀😀😀"), [DomainRefusal::TooShort { minimum: 8 }]);
        assert_eq!(judge(&"a".repeat(257)), [DomainRefusal::TooLong]);
    }

    proptest! {
        #[test]
        fn waiting_never_adds_a_reason(candidate in ".{0,12}", hours in 0_i64..100, more in 0_i64..100) {
            let operation = PasswordOperation::WRITEBACK_RESET;
            let before = refusals(&candidate, &account(hours), operation).len();
            prop_assert!(refusals(&candidate, &account(hours + more), operation).len() <= before);
        }

        #[test]
        fn what_a_hinted_reset_takes_a_plain_one_takes_too(candidate in ".{0,12}", hours in 0_i64..100) {
            let plain = refusals(&candidate, &account(hours), PasswordOperation::Reset { policy_hints: false });
            let hinted = refusals(&candidate, &account(hours), PasswordOperation::WRITEBACK_RESET);
            prop_assert!(plain.iter().all(|reason| hinted.contains(reason)));
        }
    }
}
