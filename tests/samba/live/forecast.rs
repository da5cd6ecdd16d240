//! What the library forecasts from the evidence, held against what the policy alone says.

use sspr::directory::{ComplexityFault, DomainAnswer, DomainRefusal};
use sspr::forecast::{Candidate, predict};
use sspr::snapshot::Snapshot;

use crate::policies::{Attempt, Operation, PolicyRound, in_force};
use crate::tally::Tally;

/// Compares the two for one attempt of a person; the policy's word is held against the server's.
pub(super) fn compare(
    snapshot: &Snapshot,
    round: &PolicyRound,
    place: usize,
    attempt: &Attempt,
    tally: &mut Tally,
) {
    let case = &round.people[place];
    let upn = format!("{}@sspr.test", case.account.name);
    let candidate = Candidate::new(attempt.candidate.clone());
    let prediction = predict(snapshot, &upn, &candidate, &[], attempt.at);
    let told = match attempt.operation {
        Operation::HintedReset => prediction.reset.domain.unwrap(),
        Operation::Change => prediction.change.domain.unwrap(),
        _ => return,
    };
    if !prediction.policy.unwrap().certain {
        tally.count("forecast left open, the groups of people being unknown", 1);
        return;
    }
    let (policy, _) = in_force(round, &case.subject);
    let operation = attempt.operation.of_password().unwrap();
    let state = case.account.state(policy, attempt.at);
    let answer = DomainAnswer::of(&attempt.candidate, policy, &state, operation, attempt.at);
    // LDIF tells neither whether somebody may change the password, nor whether a lockout lasts.
    let expected: Vec<_> = answer.refusals.iter().filter_map(code).collect();
    let found: Vec<_> = told.reasons.iter().map(|reason| reason.code).collect();
    if found == expected {
        tally.agrees("forecast agrees");
    } else {
        tally.fails(format!(
            "round {}, case {}: the forecast is {told:?}, where {answer:?} was expected",
            round.number, case.number
        ));
    }
}

fn code(refusal: &DomainRefusal) -> Option<&'static str> {
    Some(match refusal {
        DomainRefusal::CannotChange | DomainRefusal::LockedOut => return None,
        DomainRefusal::Disabled => "disabled",
        DomainRefusal::TooYoung { .. } => "tooYoung",
        DomainRefusal::TooShort { .. } => "tooShort",
        DomainRefusal::TooLong => "tooLong",
        DomainRefusal::Complexity { fault } => match fault {
            ComplexityFault::ContainsAccountName => "containsAccountName",
            ComplexityFault::ContainsNamePart => "containsNamePart",
            ComplexityFault::TooFewClasses { .. } => "tooFewClasses",
        },
    })
}
