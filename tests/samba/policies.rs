//! Which password policy holds for a person, and what becomes of a password under it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sspr::directory::{
    AccountNames, AccountState, DomainAnswer, DomainRefusal, FineGrainedPolicy, PasswordOperation,
    PasswordPolicyDraft, PolicySubject, Resultant,
};
use sspr::time::Interval;

use crate::deviations;
use crate::record::Outcome;
use crate::tally::Tally;

/// A domain with its policies, and people in it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyRound {
    pub(crate) number: u64,
    /// The domain's own policy.
    pub(crate) domain: PasswordPolicyDraft,
    /// All its fine-grained policies.
    pub(crate) policies: Vec<FineGrainedPolicy>,
    pub(crate) people: Vec<PolicyCase>,
}

/// A person, and what was tried one after the other.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyCase {
    pub(crate) number: u64,
    pub(crate) subject: PolicySubject,
    /// `msDS-ResultantPSO`, as the server has it.
    pub(crate) resultant: Option<String>,
    /// The state before the first attempt.
    pub(crate) account: Account,
    pub(crate) attempts: Vec<Attempt>,
    /// What the server holds after the last.
    pub(crate) after: After,
}

/// The state of an account.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a directory keeps them side by side too"
)]
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) display: Option<String>,
    pub(crate) password_set: Option<DateTime<Utc>>,
    pub(crate) must_change: bool,
    pub(crate) disabled: bool,
    pub(crate) cannot_change: bool,
    pub(crate) not_required: bool,
    /// `lockoutTime`, unless zero.
    pub(crate) locked_at: Option<DateTime<Utc>>,
    /// Its passwords, all made up for this, the newest first.
    pub(crate) passwords: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attempt {
    pub(crate) operation: Operation,
    /// The new password, made up; empty where the operation takes none.
    pub(crate) candidate: String,
    pub(crate) at: DateTime<Utc>,
    pub(crate) outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Operation {
    /// Without the old password.
    Reset,
    /// The same with the policy hints that writeback sends. Samba before 4.25 does not know them:
    /// the change form shows what they would have said of age, length, complexity and history.
    HintedReset,
    /// With the old password.
    Change,
    /// With a wrong one.
    WrongOld,
    /// `lockoutTime` is set to 0.
    Unlock,
    /// `pwdLastSet` is set to 0.
    ForceChange,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct After {
    /// `lockoutTime` is not zero.
    pub(crate) locked: bool,
    /// `pwdLastSet` is zero.
    pub(crate) must_change: bool,
}

impl Operation {
    /// As the library speaks of it; none where no new password comes.
    pub(crate) fn of_password(self) -> Option<PasswordOperation> {
        match self {
            Self::Reset => Some(PasswordOperation::Reset {
                policy_hints: false,
            }),
            Self::HintedReset => Some(PasswordOperation::WRITEBACK_RESET),
            Self::Change | Self::WrongOld => Some(PasswordOperation::Change),
            Self::Unlock | Self::ForceChange => None,
        }
    }
}

impl Account {
    pub(crate) fn state(
        &self,
        policy: &PasswordPolicyDraft,
        at: DateTime<Utc>,
    ) -> AccountState<'_> {
        AccountState {
            names: Some(AccountNames {
                account: &self.name,
                display: self.display.as_deref(),
            }),
            password_set: self.password_set,
            must_change: Some(self.must_change),
            disabled: Some(self.disabled),
            cannot_change: Some(self.cannot_change),
            locked: Some(self.is_locked(policy, at)),
            password_not_required: Some(self.not_required),
        }
    }

    pub(crate) fn is_locked(&self, policy: &PasswordPolicyDraft, at: DateTime<Utc>) -> bool {
        let lasts = policy.lockout_duration.and_then(Interval::duration);
        self.locked_at
            .is_some_and(|since| lasts.is_none_or(|lasts| at < since + lasts))
    }

    /// What an attempt that was done makes of it.
    pub(crate) fn take(&mut self, attempt: &Attempt) {
        if attempt.outcome != Outcome::Done {
            return;
        }
        match attempt.operation {
            Operation::Unlock => self.locked_at = None,
            Operation::ForceChange => self.must_change = true,
            _ => {
                self.passwords.insert(0, attempt.candidate.clone());
                self.password_set = Some(attempt.at);
                self.must_change = false;
            }
        }
    }

    /// Whether a policy remembers a password. The current one is the first that it remembers.
    fn remembers(&self, policy: &PasswordPolicyDraft, candidate: &str) -> bool {
        let newest = policy.history.map_or(0, |count| count as usize);
        let mut passwords = self.passwords.iter().take(newest);
        passwords.any(|password| password == candidate)
    }
}

/// The policy that holds for somebody, and its name.
pub(crate) fn in_force<'a>(
    round: &'a PolicyRound,
    subject: &PolicySubject,
) -> (&'a PasswordPolicyDraft, Option<&'a str>) {
    match FineGrainedPolicy::resultant(&round.policies, subject) {
        Resultant::Domain => (&round.domain, None),
        Resultant::FineGrained(policy, _) => (&policy.policy, Some(&policy.dn)),
        Resultant::Undecided { .. } => panic!("all is known: {round:?}"),
    }
}

pub(crate) fn judge(round: &PolicyRound, tally: &mut Tally) {
    for case in &round.people {
        let (policy, resultant) = in_force(round, &case.subject);
        let real = case.resultant.as_deref();
        if resultant.map(str::to_lowercase) == real.map(str::to_lowercase) {
            let whose = resultant.map_or("of the domain", |_| "fine-grained");
            tally.agrees(format!("resultant policy {whose} agrees"));
        } else {
            let found = format!("{resultant:?} should hold, and {real:?} does");
            tally.fails(explain(round, case, &found));
            continue;
        }
        let mut account = case.account.clone();
        for (place, attempt) in case.attempts.iter().enumerate() {
            let found = judge_attempt(policy, &account, attempt, tally);
            if let Err(why) = found {
                let why = format!("attempt {place}: {why}, the account being {account:?}");
                tally.fails(explain(round, case, &why));
            }
            account.take(attempt);
        }
        let after = After {
            locked: account.locked_at.is_some(),
            must_change: account.must_change,
        };
        if after == case.after {
            tally.agrees("state afterwards agrees");
        } else {
            let why = format!("afterwards {after:?} was expected, and {:?} is", case.after);
            tally.fails(explain(round, case, &why));
        }
    }
}

fn explain(round: &PolicyRound, case: &PolicyCase, why: &str) -> String {
    format!(
        "policy round {}, case {}: {why}\ndomain {:?}\npolicies {:?}\n{case:?}",
        round.number, case.number, round.domain, round.policies
    )
}

fn judge_attempt(
    policy: &PasswordPolicyDraft,
    account: &Account,
    attempt: &Attempt,
    tally: &mut Tally,
) -> Result<(), String> {
    let (what, real) = (attempt.operation, attempt.outcome);
    let Some(operation) = what.of_password() else {
        return if real == Outcome::Done {
            tally.agrees(format!("{what:?} {real:?} agrees"));
            Ok(())
        } else {
            Err(format!("{what:?} came to {real:?}"))
        };
    };
    let state = account.state(policy, attempt.at);
    let candidate = attempt.candidate.as_str();
    let expect = |answer: &DomainAnswer| {
        if what == Operation::WrongOld {
            // The old password is looked at before the policy is, and after rights and lockouts.
            let stops = |refusal: &&DomainRefusal| {
                matches!(
                    refusal,
                    DomainRefusal::Disabled
                        | DomainRefusal::CannotChange
                        | DomainRefusal::LockedOut
                )
            };
            let first = answer.refusals.iter().find(stops);
            return first.map_or(Some(Outcome::WrongOld), of_refusal);
        }
        let remembered = answer.may_be_in_history && account.remembers(policy, candidate);
        match answer.refusals.first() {
            Some(refusal) => of_refusal(refusal),
            None if remembered => Some(Outcome::InHistory),
            None => Some(Outcome::Done),
        }
    };
    let answer = DomainAnswer::of(candidate, policy, &state, operation, attempt.at);
    if expect(&answer) == Some(real) {
        tally.agrees(format!("{what:?} {real:?} agrees"));
        return Ok(());
    }
    let (samba, by) = deviations::of_password(candidate, policy, &state, operation, attempt.at);
    if expect(&samba) == Some(real) && !by.is_empty() {
        tally.excused(&by);
        return Ok(());
    }
    let open = samba.unknown.contains(&"spaceAsSpecialCharacter");
    if open && samba.refusals.is_empty() && real == Outcome::NotComplex {
        tally.count(format!("{what:?} left open, for a space"), 1);
        tally.excused(&by);
        return Ok(());
    }
    Err(format!(
        "{what:?} came to {real:?}, predicted was {answer:?}"
    ))
}

/// What a refusal looks like from the directory; nothing where the directory does not refuse.
fn of_refusal(refusal: &DomainRefusal) -> Option<Outcome> {
    match refusal {
        DomainRefusal::Disabled | DomainRefusal::TooLong => None,
        DomainRefusal::CannotChange => Some(Outcome::Denied),
        DomainRefusal::LockedOut => Some(Outcome::LockedOut),
        DomainRefusal::TooYoung { .. } => Some(Outcome::TooYoung),
        DomainRefusal::TooShort { .. } => Some(Outcome::TooShort),
        DomainRefusal::Complexity { .. } => Some(Outcome::NotComplex),
    }
}
