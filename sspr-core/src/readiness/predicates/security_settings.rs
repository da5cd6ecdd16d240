//! Security settings that policies want in force on machines.

use super::directory::not_available;
use crate::directory::{Reach, SecuritySettings, TemplateSettings};
use crate::evidence::{At, Provenance, Reading, Strength, Unknown};
use crate::readiness::Context;

/// Policies that reach a domain controller, the one that wins first.
pub(crate) const CONTROLLERS: &[Reach] = &[Reach::Controllers, Reach::Domain];
/// Policies that reach any other machine of the domain.
pub(crate) const SERVERS: &[Reach] = &[Reach::Domain];

/// A setting of a policy.
#[derive(Debug, Clone)]
pub(crate) struct Wanted<'a, T> {
    pub(crate) value: &'a T,
    pub(crate) policy: &'a TemplateSettings,
    pub(crate) from: Provenance,
}

/// What a policy sets that is known to reach the machines meant; another policy may win there, so
/// it is an inference. The ids of the two policies that every domain has are the same everywhere,
/// so that with several domains in evidence nobody can tell whose they are.
///
/// Without one it is said what is missing: `own` is the fact that the setting of the machine is.
pub(crate) fn by_policy<'a, T>(
    cx: &Context<'a>,
    reaches: &[Reach],
    setting: fn(&SecuritySettings) -> &Reading<T>,
    own: &'static str,
) -> Result<Wanted<'a, T>, Option<Unknown>> {
    let templates = &cx.facts.unnamed_domain.template_settings;
    let settings = || {
        templates
            .iter()
            .filter_map(|template| match setting(&template.value.settings) {
                Reading::Value(At { value, place }) => Some(Wanted {
                    value,
                    policy: &template.value,
                    from: Provenance {
                        locator: place.clone(),
                        strength: Strength::Inferred,
                        ..template.from.clone()
                    },
                }),
                _ => None,
            })
    };
    if cx.facts.domains.len() <= 1 {
        let found = reaches
            .iter()
            .find_map(|reach| settings().find(|wanted| wanted.policy.reach() == Some(*reach)));
        if let Some(wanted) = found {
            return Ok(wanted);
        }
    }
    let unattributed = settings().next().map(|_| {
        not_available(
            own,
            "a template in evidence sets it, and nothing says to which machines that applies; the export \
             of the machine itself tells",
        )
    });
    Err(unattributed)
}
