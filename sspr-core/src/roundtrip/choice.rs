//! Some operations out of many.

use uuid::Uuid;

use super::{Operation, Outcome};

/// Which operations are meant: those that all of this holds for. Without anything they are all meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// The person's user principal name, in any case.
    pub user: Option<String>,
    /// The id that the events of an operation share.
    pub tracking_id: Option<Uuid>,
    /// How it ended: one of these, or however where there are none.
    pub outcomes: Vec<Outcome>,
}

impl Choice {
    /// Whether an operation is meant.
    pub fn means(&self, operation: &Operation) -> bool {
        let whose = operation.person.user.as_deref();
        let is_theirs =
            |wanted: &String| whose.is_some_and(|user| user.eq_ignore_ascii_case(wanted));
        self.user.as_ref().is_none_or(is_theirs)
            && { self.tracking_id }.is_none_or(|wanted| operation.tracking_id == Some(wanted))
            && (self.outcomes.is_empty() || self.outcomes.contains(&operation.outcome))
    }
}
