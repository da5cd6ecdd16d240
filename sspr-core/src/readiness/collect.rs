//! What to collect for a fact that is missing: where, with which rights, how long, which command.

mod plan;
mod steps;

use super::{CollectEntry, Names};

pub use steps::STEPS;

pub(super) use plan::{Open, Seen, plan, quickest_proof};

/// A way to collect evidence.
#[derive(Debug)]
pub struct Step {
    /// A short name.
    pub id: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Where to run it.
    pub place: &'static str,
    /// The rights it takes.
    pub rights: &'static str,
    /// The minutes it takes.
    pub minutes: u32,
    /// The command.
    pub command: fn(&Names) -> String,
    /// The facts it gives: names, or beginnings of names that end in a dot.
    pub gives: &'static [&'static str],
}

impl Step {
    /// Whether it gives a fact.
    pub fn gives(&self, fact: &str) -> bool {
        self.gives
            .iter()
            .any(|name| fact == *name || name.ends_with('.') && fact.starts_with(name))
    }

    fn entry(&self, names: &Names, settles: Vec<&'static str>) -> CollectEntry {
        CollectEntry {
            id: self.id.into(),
            what: self.what.into(),
            place: self.place.into(),
            rights: self.rights.into(),
            minutes: self.minutes,
            command: (self.command)(names),
            settles: settles.into_iter().map(Into::into).collect(),
        }
    }
}

/// The best step for one fact alone: one that names it, or else the first that gives its family.
pub fn step_for(fact: &str) -> Option<&'static Step> {
    STEPS
        .iter()
        .find(|step| step.gives.contains(&fact))
        .or_else(|| STEPS.iter().find(|step| step.gives(fact)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readiness::rules;
    use crate::snapshot::facts;

    #[test]
    fn every_fact_has_a_step() {
        let pseudo = [
            "people.users",
            "people.registration",
            "people.roles",
            "group.name",
            "group.exists",
            "group.members",
            "events.lastSuccess",
            "audit.switched",
        ];
        let names = [
            facts::TenantFacts::NAMES,
            facts::SsprFacts::NAMES,
            facts::MethodFacts::NAMES,
            facts::IntegrationFacts::NAMES,
            facts::LicenceFacts::NAMES,
            facts::TestFacts::NAMES,
            facts::ServerFacts::NAMES,
            facts::CloudSyncFacts::NAMES,
            facts::DomainFacts::NAMES,
            facts::DomainPolicyFacts::NAMES,
            facts::GpoFacts::NAMES,
            facts::ControllerFacts::NAMES,
            facts::RegistrationFacts::NAMES,
        ];
        for fact in names.into_iter().flatten().chain(&pseudo) {
            assert!(step_for(fact).is_some(), "{fact}");
        }
    }

    #[test]
    fn steps_have_names_of_their_own() {
        let mut ids: Vec<_> = STEPS.iter().map(|step| step.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), STEPS.len());
    }

    #[test]
    fn commands_stay_readable_and_balanced() {
        for step in STEPS {
            let command = (step.command)(&Names::default());
            let count = |c| command.matches(c).count();
            assert_eq!(count('('), count(')'), "{command}");
            assert_eq!(count('{'), count('}'), "{command}");
            assert_eq!(count('"') % 2, 0, "{command}");
            let longest = command.lines().map(str::len).max();
            assert!(
                longest < Some(80) || matches!(step.id, "applicationLog" | "securityLog"),
                "{command}"
            );
        }
    }

    #[test]
    fn every_need_of_a_rule_has_a_step() {
        for rule in rules::ALL {
            for fact in rule.needs {
                assert!(step_for(fact).is_some(), "{}: {fact}", rule.code);
            }
        }
    }

    #[test]
    fn a_step_that_names_a_fact_goes_before_one_that_gives_its_family() {
        let step = |fact| step_for(fact).map(|step| step.id);
        assert_eq!(
            step("integration.applicationRoles"),
            Some("applicationRoles")
        );
        assert_eq!(step("integration.writeback"), Some("passwordResetBlade"));
        assert_eq!(step("events.any"), Some("applicationLog"));
    }

    #[test]
    fn names_from_evidence_stay_inside_their_quotes() {
        let names = Names {
            tenant: "x'; Remove-Item *; '".into(),
            group_id: "y'; Remove-Item *; '".into(),
            ..Names::default()
        };
        for step in STEPS {
            let command = (step.command)(&names);
            assert!(
                !command.contains("x';") && !command.contains("y';"),
                "{command}"
            );
        }
    }
}
