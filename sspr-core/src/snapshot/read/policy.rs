//! The portal's exports of the Password reset blade.

use super::{Intake, JsonKind};
use crate::carrier::json::{Object, Page};
use crate::evidence::Strength;

pub(super) const JSON: &[JsonKind] = &[JsonKind {
    name: "onPremisesPasswordResetPolicies",
    strength: Strength::Exported,
    matches: |object, _| object.has(&["accountUnlockEnabled", "enablementForTenant"]),
    reader: || Box::new(on_premises),
}];

fn on_premises(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    let integration = &mut into.facts.integration;
    into.origin
        .claim(&mut integration.unlock, object.bool("accountUnlockEnabled"));
}
