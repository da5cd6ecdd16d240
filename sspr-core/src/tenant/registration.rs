//! Registration reports: who registered enough methods, and who may reset.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::carrier::json::Object;
use crate::evidence::Reading;

/// One row of Graph's `userRegistrationDetails`. Disabled users have none.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration<'a> {
    /// The user's object id.
    pub id: Reading<Uuid>,
    /// The user principal name.
    pub upn: Reading<&'a str>,
    /// Holds an administrator role.
    pub admin: Reading<bool>,
    /// A guest.
    pub guest: Reading<bool>,
    /// Registered enough methods.
    pub registered: Reading<bool>,
    /// Allowed by the policy to reset.
    pub enabled: Reading<bool>,
    /// Registered and allowed.
    pub capable: Reading<bool>,
    /// The methods registered, by Graph's names: texts, not an enumeration.
    pub methods: Reading<Vec<&'a str>>,
}

impl<'a> Registration<'a> {
    /// Reads a row.
    pub fn parse(object: &Object<'a>) -> Self {
        Self {
            id: object.guid("id"),
            upn: object.words("userPrincipalName"),
            admin: object.bool("isAdmin"),
            guest: object
                .words("userType")
                .map(|kind| kind.eq_ignore_ascii_case("guest")),
            registered: object.bool("isSsprRegistered"),
            enabled: object.bool("isSsprEnabled"),
            capable: object.bool("isSsprCapable"),
            methods: object.texts("methodsRegistered"),
        }
    }

    /// Whether the methods include two of what administrators may use: e-mail, an authenticator
    /// app, a phone. `None` when the methods were not read.
    pub fn has_admin_gates(&self) -> Option<bool> {
        let gates: BTreeSet<_> = self
            .methods
            .value()?
            .iter()
            .filter_map(|method| {
                let method = method.to_ascii_lowercase();
                match method.as_str() {
                    "email" => Some("email"),
                    "mobilephone" | "alternatemobilephone" | "officephone" => Some("phone"),
                    "softwareonetimepasscode" => Some("app"),
                    app if app.contains("authenticator") => Some("app"),
                    _ => None,
                }
            })
            .collect();
        Some(gates.len() >= 2)
    }

    /// Whether an authenticator app, by notification or code, is the only method registered that a
    /// reset could use. `None` when the methods were not read.
    pub fn has_app_alone(&self) -> Option<bool> {
        let methods = self.methods.value()?;
        let is = |method: &str, names: &[&str]| {
            names.iter().any(|name| method.eq_ignore_ascii_case(name))
        };
        let app = methods
            .iter()
            .any(|method| is(method, &["microsoftAuthenticatorPush"]));
        let other = methods.iter().any(|method| {
            is(
                method,
                &[
                    "email",
                    "mobilePhone",
                    "alternateMobilePhone",
                    "officePhone",
                    "securityQuestion",
                ],
            )
        });
        Some(app && !other)
    }
}

/// The totals of Graph's `usersRegisteredByFeature()`.
#[derive(Debug, Clone, PartialEq)]
pub struct RegistrationTotals {
    /// All users of the report.
    pub total: Reading<u64>,
    /// Allowed by the policy to reset.
    pub enabled: Reading<u64>,
    /// Registered enough methods.
    pub registered: Reading<u64>,
    /// Both.
    pub capable: Reading<u64>,
}

impl RegistrationTotals {
    /// Reads the answer.
    pub fn parse(object: &Object<'_>) -> Self {
        let features = object.objects("userRegistrationFeatureCounts").found();
        let features = features.map(|at| at.value).unwrap_or_default();
        let feature = |name: &str| {
            features
                .iter()
                .find(|feature| {
                    let word = feature.text("feature");
                    word.value()
                        .is_some_and(|word| word.eq_ignore_ascii_case(name))
                })
                .map_or(Reading::Absent, |feature| count(feature, "userCount"))
        };
        Self {
            total: count(object, "totalUserCount"),
            enabled: feature("ssprEnabled"),
            registered: feature("ssprRegistered"),
            capable: feature("ssprCapable"),
        }
    }
}

fn count(object: &Object<'_>, name: &str) -> Reading<u64> {
    object
        .integer(name)
        .and_then(|number| u64::try_from(number).map_err(|_| "a count is never negative".into()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::evidence::Locator;

    #[test]
    fn two_phones_are_one_gate_and_empty_enumerations_survive() {
        let value = json!({
            "id": "6f1b2c3d-0000-4000-8000-000000000001", "userPrincipalName": "jdoe@contoso.com", "isAdmin": true,
            "isSsprRegistered": true, "isSsprEnabled": true, "isSsprCapable": true,
            "methodsRegistered": ["mobilePhone", "officePhone"],
            "userPreferredMethodForSecondaryAuthentication": "",
        });
        let row = Registration::parse(&Object::new(value.as_object().unwrap(), Locator::Whole));
        assert_eq!(row.has_admin_gates(), Some(false));
        let value =
            json!({ "methodsRegistered": ["mobilePhone", "microsoftAuthenticatorPush", ""] });
        let row = Registration::parse(&Object::new(value.as_object().unwrap(), Locator::Whole));
        assert_eq!(row.has_admin_gates(), Some(true));
        assert_eq!(row.capable, Reading::Absent);
    }

    #[test]
    fn totals_are_taken_by_feature() {
        let value = json!({ "totalUserCount": 10, "userRegistrationFeatureCounts": [
            { "feature": "ssprEnabled", "userCount": 4 }, { "feature": "mfaCapable", "userCount": 9 },
        ] });
        let totals =
            RegistrationTotals::parse(&Object::new(value.as_object().unwrap(), Locator::Whole));
        assert_eq!(totals.enabled.value(), Some(&4));
        assert_eq!(totals.capable, Reading::Absent);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_object_is_read(text in ".{0,16}", number in any::<i64>()) {
            for junk in [json!(text), json!(number), json!([text]), json!([{ "userCount": number }]), Value::Null] {
                let value = json!({
                    "id": junk, "isSsprCapable": junk, "methodsRegistered": junk, "totalUserCount": junk,
                    "userRegistrationFeatureCounts": junk,
                });
                let object = Object::new(value.as_object().unwrap(), Locator::Whole);
                let _ = Registration::parse(&object).has_admin_gates();
                let _ = RegistrationTotals::parse(&object);
            }
        }
    }
}
