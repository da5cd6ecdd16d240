//! Conditional Access policies that guard the registration of security information.

use serde::{Deserialize, Serialize};

use super::graph::list_of_texts;
use crate::carrier::json::Object;
use crate::evidence::{At, Reading};

/// The user action of registering security information.
const REGISTER: &str = "urn:user:registersecurityinfo";

/// A Conditional Access policy that guards the registration of security information.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationGuard {
    /// Its name.
    pub name: String,
    /// `enabled`, `enabledForReportingButNotEnforced` or `disabled`.
    pub state: String,
    /// What it demands: grant controls such as `mfa`, `compliantDevice`, `block`;
    /// `authenticationStrength` where one is asked for.
    pub controls: Vec<String>,
    /// Whether all of these must be met, or one.
    pub operator: GuardOperator,
    /// Where it applies; absent when it applies everywhere.
    pub locations: Option<Locations>,
}

/// How grant controls combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum GuardOperator {
    /// All must be met.
    All,
    /// One must be met.
    Any,
}

/// The locations that a policy speaks of: ids of named locations, `All`, or `AllTrusted`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Locations {
    /// Where it applies.
    pub include: Vec<String>,
    /// Where it does not.
    pub exclude: Vec<String>,
}

impl RegistrationGuard {
    /// Reads a `conditionalAccessPolicy`; absent when it does not speak of registration.
    pub fn read(object: &Object<'_>) -> Reading<Self> {
        let conditions = match object.object("conditions") {
            Reading::Value(at) => at.value,
            Reading::Bad(error) => return Reading::Bad(error),
            Reading::Absent | Reading::Null(_) => return Reading::Absent,
        };
        match conditions
            .object("applications")
            .and_then(|found| Ok(list_of_texts(&found, "includeUserActions")))
        {
            Reading::Value(At { value, .. }) => match value {
                Reading::Value(actions)
                    if actions
                        .value
                        .iter()
                        .any(|action| action.eq_ignore_ascii_case(REGISTER)) => {}
                Reading::Bad(error) => return Reading::Bad(error),
                _ => return Reading::Absent,
            },
            Reading::Bad(error) => return Reading::Bad(error),
            Reading::Absent | Reading::Null(_) => return Reading::Absent,
        }
        let place = object.place().clone();
        let state = match object.words("state") {
            Reading::Value(at) => at.value.to_owned(),
            Reading::Bad(error) => return Reading::Bad(error),
            Reading::Absent | Reading::Null(_) => {
                return Reading::Bad(crate::error::Error::value(
                    place.member("state"),
                    "a policy has a state",
                ));
            }
        };
        let (controls, operator) = match grant_controls(object) {
            Ok(found) => found,
            Err(error) => return Reading::Bad(error),
        };
        let locations = match conditions.object("locations") {
            Reading::Value(at) => {
                let texts = |name| list_of_texts(&at.value, name);
                match (texts("includeLocations"), texts("excludeLocations")) {
                    (Reading::Bad(error), _) | (_, Reading::Bad(error)) => {
                        return Reading::Bad(error);
                    }
                    (include, exclude) => Some(Locations {
                        include: include.found().map(|at| at.value).unwrap_or_default(),
                        exclude: exclude.found().map(|at| at.value).unwrap_or_default(),
                    })
                    .filter(|locations| !locations.include.is_empty()),
                }
            }
            Reading::Bad(error) => return Reading::Bad(error),
            Reading::Absent | Reading::Null(_) => None,
        };
        Reading::Value(At::new(
            Self {
                name: object
                    .words("displayName")
                    .value()
                    .map_or_else(|| "without a name".to_owned(), |name| (*name).to_owned()),
                state,
                controls,
                operator,
                locations,
            },
            place,
        ))
    }

    /// Whether it is enforced, and not only reported.
    pub fn is_enforced(&self) -> bool {
        self.state.eq_ignore_ascii_case("enabled")
    }

    /// Whether it reaches people outside the trusted locations: it has no condition on the
    /// location, or it includes all of them. A policy for certain named locations does not count.
    pub fn reaches_off_site(&self) -> bool {
        self.locations.as_ref().is_none_or(|locations| {
            locations
                .include
                .iter()
                .any(|location| location.eq_ignore_ascii_case("All"))
        })
    }

    /// The controls that a person off-site who has nothing registered yet cannot meet: a block,
    /// a device of the organisation, or another factor. Empty when one that can be met suffices.
    pub fn unmet_off_site(&self) -> Vec<&str> {
        const HARD: [&str; 5] = [
            "block",
            "mfa",
            "compliantDevice",
            "domainJoinedDevice",
            "authenticationStrength",
        ];
        let is_hard =
            |control: &&String| HARD.iter().any(|hard| hard.eq_ignore_ascii_case(control));
        let hard: Vec<_> = self.controls.iter().filter(is_hard).collect();
        if self.operator == GuardOperator::Any && hard.len() < self.controls.len() {
            return Vec::new();
        }
        hard.into_iter().map(String::as_str).collect()
    }
}

fn grant_controls(
    object: &Object<'_>,
) -> Result<(Vec<String>, GuardOperator), crate::error::Error> {
    let grant = match object.object("grantControls") {
        Reading::Value(at) => at.value,
        Reading::Bad(error) => return Err(error),
        Reading::Absent | Reading::Null(_) => return Ok((Vec::new(), GuardOperator::Any)),
    };
    let mut controls = match list_of_texts(&grant, "builtInControls") {
        Reading::Value(at) => at.value,
        Reading::Bad(error) => return Err(error),
        Reading::Absent | Reading::Null(_) => Vec::new(),
    };
    let strength = grant.object("authenticationStrength");
    let strength = strength.value().is_some_and(|strength| {
        // PowerShell prints an absent strength as an object without an id.
        strength.words("id").value().is_some()
    });
    if strength {
        controls.push("authenticationStrength".to_owned());
    }
    for name in ["termsOfUse", "customAuthenticationFactors"] {
        if let Reading::Value(at) = list_of_texts(&grant, name) {
            controls.extend(at.value.iter().map(|_| name.to_owned()));
        }
    }
    let all = grant
        .words("operator")
        .value()
        .is_some_and(|operator| operator.eq_ignore_ascii_case("AND"));
    Ok((
        controls,
        if all {
            GuardOperator::All
        } else {
            GuardOperator::Any
        },
    ))
}
