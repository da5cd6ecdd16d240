//! Answers of Graph that are kept for a person to look at, and give no fact.

use super::tenant::asks_for;
use super::{Intake, ItemReader, JsonKind};
use crate::carrier::json::{Object, Page};
use crate::evidence::Strength;

pub(super) const JSON: &[JsonKind] = &[
    JsonKind {
        name: "federationConfiguration",
        strength: Strength::Observed,
        matches: |object, pages| {
            object.has(&["issuerUri", "passiveSignInUri"])
                || asks_for(object, pages, "/federationConfiguration")
        },
        reader,
    },
    JsonKind {
        name: "passwordResetSummary",
        strength: Strength::Observed,
        matches: |object, pages| {
            object.has(&["passwordResetsSelfServiceCount"])
                || asks_for(object, pages, "userPasswordResetsAndChangesSummary")
        },
        reader,
    },
    JsonKind {
        name: "userEventsSummary",
        strength: Strength::Observed,
        matches: |object, pages| asks_for(object, pages, "userEventsSummary"),
        reader,
    },
];

fn reader() -> Box<dyn ItemReader> {
    Box::new(|into: &mut Intake<'_>, _: &Object<'_>, _: &[Page]| into.origin.leave_unused())
}
