//! Whether the tenant writes passwords back.

use crate::evidence::{Provenance, Strength, Unknown};
use crate::readiness::Context;

/// The tenant's switch, with what told of it.
#[derive(Debug, Clone)]
pub(in crate::readiness) struct WritebackSwitch {
    /// Write back passwords is on.
    pub(in crate::readiness) on: bool,
    /// What told.
    pub(in crate::readiness) from: Provenance,
    /// How it told.
    pub(in crate::readiness) by: Witness,
}

/// What told of the switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::readiness) enum Witness {
    /// The blade, or a person who read it.
    Setting,
    /// The audit log's record of somebody switching it.
    Audit,
    /// A password that was written to the domain.
    Proof,
}

/// Whether "Write back passwords" is on in the tenant. Of the setting, the audit log and a written
/// password the latest counts; a setting without a time gives way to nothing.
pub(in crate::readiness) fn writeback_switch(cx: &Context<'_>) -> Result<WritebackSwitch, Unknown> {
    let setting = cx.facts.integration.writeback.get();
    let audit = cx.facts.audit.switched.iter().max_by_key(|(at, ..)| *at);
    let proof = cx.proof_since(None);
    let mut found: Option<(Option<_>, WritebackSwitch)> = None;
    if let Ok(claim) = setting {
        let switch = WritebackSwitch {
            on: claim.value,
            from: claim.from.clone(),
            by: Witness::Setting,
        };
        found = Some((claim.from.observed_at, switch));
    }
    let later = |found: &Option<(Option<_>, WritebackSwitch)>, at| {
        found
            .as_ref()
            .is_none_or(|(known, _)| known.is_some_and(|known| at > known))
    };
    if let Some((at, on, from)) = audit.filter(|(at, ..)| later(&found, *at)) {
        let switch = WritebackSwitch {
            on: *on,
            from: from.clone(),
            by: Witness::Audit,
        };
        found = Some((Some(*at), switch));
    }
    if let Some(proof) = proof.filter(|proof| later(&found, proof.at)) {
        // A proof adds nothing to what stands there already.
        if found.as_ref().is_none_or(|(_, switch)| !switch.on) {
            let switch = WritebackSwitch {
                on: true,
                from: Provenance {
                    strength: Strength::Inferred,
                    ..proof.from.clone()
                },
                by: Witness::Proof,
            };
            found = Some((Some(proof.at), switch));
        }
    }
    found
        .map(|(_, switch)| switch)
        .ok_or_else(|| cx.facts.integration.writeback.unknown())
}
