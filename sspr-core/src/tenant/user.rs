//! A user as Graph and its PowerShell module print it, read without a copy of what is not kept.

use std::mem::take;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{LicenceRow, LicenceSet, PlanSet, PlanStatus};
use crate::carrier::json::{Object, cut_short};
use crate::error::Error;
use crate::time::parse_json;

/// A field of a user. Absent and null are different things: an absent field was not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// The field is not there, or could not be read.
    #[default]
    Absent,
    /// It is there, and null.
    Null,
    /// Its value.
    Value(T),
}

impl<T> Field<T> {
    /// The value, if there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Whether the field is there.
    pub const fn present(&self) -> bool {
        !matches!(self, Self::Absent)
    }
}

/// One user of Graph's `users`, or of what `Get-MgUser` prints.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UserRecord<'a> {
    /// The object id.
    pub id: Option<Uuid>,
    /// The user principal name.
    pub upn: Option<&'a str>,
    /// `accountEnabled`.
    pub enabled: Field<bool>,
    /// `userType` is `Guest`.
    pub guest: Field<bool>,
    /// `usageLocation`, two letters.
    pub usage_location: Field<&'a str>,
    /// `onPremisesSyncEnabled`; null means cloud-only.
    pub synced: Field<bool>,
    /// `onPremisesDistinguishedName`.
    pub dn: Field<&'a str>,
    /// `passwordPolicies` hold `DisablePasswordExpiration`.
    pub never_expires: Field<bool>,
    /// `licenseAssignmentStates`: a row a source of each licence.
    pub states: Field<LicenceSet>,
    /// `assignedLicenses`: the merged result, without groups and errors.
    pub licences: Field<LicenceSet>,
    /// `assignedPlans`.
    pub plans: Field<PlanSet>,
    /// `lastPasswordChangeDateTime`, the cloud's view of it.
    pub last_password_change: Field<DateTime<Utc>>,
    /// Whether `mobilePhone` or one of `businessPhones` is in a form that SSPR ignores.
    pub bad_phone: Field<bool>,
    /// What could not be read.
    pub faults: Vec<Error>,
}

impl<'a> UserRecord<'a> {
    /// The names of the columns, as [`columns`](Self::columns) counts them.
    pub const COLUMNS: [&'static str; 10] = [
        "accountEnabled",
        "userType",
        "usageLocation",
        "onPremisesSyncEnabled",
        "onPremisesDistinguishedName",
        "passwordPolicies",
        "licenseAssignmentStates",
        "assignedLicenses",
        "assignedPlans",
        "phones",
    ];

    /// Reads a user. What cannot be read is among the faults and counts as absent.
    pub fn parse(object: &Object<'a>) -> Self {
        let mut read = Read {
            object,
            faults: Vec::new(),
        };
        let mut user = Self {
            id: read.field("id", guid).value(),
            upn: read.field("userPrincipalName", Value::as_str).value(),
            enabled: read.field("accountEnabled", boolean),
            guest: read.field("userType", |value| {
                value
                    .as_str()
                    .map(|kind| kind.eq_ignore_ascii_case("Guest"))
            }),
            usage_location: read.field("usageLocation", Value::as_str),
            synced: read.field("onPremisesSyncEnabled", boolean),
            dn: read.field("onPremisesDistinguishedName", Value::as_str),
            never_expires: read.field("passwordPolicies", |value| {
                let mut policies = value.as_str()?.split(',');
                Some(policies.any(|policy| {
                    policy
                        .trim()
                        .eq_ignore_ascii_case("DisablePasswordExpiration")
                }))
            }),
            states: read.field("licenseAssignmentStates", |value| rows(value, state)),
            licences: read.field("assignedLicenses", |value| rows(value, licence)),
            plans: read.field("assignedPlans", plans),
            last_password_change: read.field("lastPasswordChangeDateTime", |value| {
                parse_json(value.as_str()?)
            }),
            bad_phone: Field::Absent,
            faults: Vec::new(),
        };
        let mobile = read.field("mobilePhone", |value| value.as_str().map(is_ignored));
        let office = read.field("businessPhones", |value| {
            let bad = |value: &Value| value.as_str().is_some_and(is_ignored);
            Some(bad(value) || value.as_array().is_some_and(|all| all.iter().any(bad)))
        });
        if mobile.present() || office.present() {
            let bad = mobile.value() == Some(true) || office.value() == Some(true);
            user.bad_phone = Field::Value(bad);
        }
        user.faults = read.faults;
        user
    }

    /// Takes the licences out: the rows of each source, which say more than the merged result, where
    /// there are any.
    pub fn take_licences(&mut self) -> Field<LicenceSet> {
        match (take(&mut self.states), take(&mut self.licences)) {
            (Field::Value(states), _) if !states.0.is_empty() => Field::Value(states),
            (Field::Absent, licences) => licences,
            (states, Field::Absent | Field::Null) => states,
            (_, licences) => licences,
        }
    }

    /// Which of [`COLUMNS`](Self::COLUMNS) this user carries, null or not.
    pub const fn columns(&self) -> [bool; 10] {
        [
            self.enabled.present(),
            self.guest.present(),
            self.usage_location.present(),
            self.synced.present(),
            self.dn.present(),
            self.never_expires.present(),
            self.states.present(),
            self.licences.present(),
            self.plans.present(),
            self.bad_phone.present(),
        ]
    }
}

struct Read<'o, 'a> {
    object: &'o Object<'a>,
    faults: Vec<Error>,
}

impl<'a> Read<'_, 'a> {
    /// A field, without making a place for it unless it is at fault.
    fn field<T>(&mut self, name: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Field<T> {
        match self.object.entry(name) {
            None => Field::Absent,
            Some((_, Value::Null)) => Field::Null,
            Some((key, value)) => read(value).map_or_else(
                || {
                    self.faults.push(fault(self.object, key, value));
                    Field::Absent
                },
                Field::Value,
            ),
        }
    }
}

fn fault(object: &Object<'_>, key: &str, value: &Value) -> Error {
    let place = object.place().member(key);
    if cut_short(value) {
        Error::new(
            crate::ErrorCode::Truncated,
            place,
            "PowerShell cut this value short at its depth",
        )
        .with_help("export again with `ConvertTo-Json -Depth 10`")
    } else {
        Error::value(place, format!("{key} cannot be read"))
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn guid(value: &Value) -> Option<Uuid> {
    Uuid::try_parse(value.as_str()?.trim()).ok()
}

/// A member of an object in any case.
fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let map = value.as_object()?;
    map.get(name).or_else(|| {
        map.iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}

/// The elements of an array. PowerShell prints an array of one as its only element.
fn elements(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Array(all) => Some(all),
        Value::Object(_) => Some(std::slice::from_ref(value)),
        _ => None,
    }
}

fn rows(value: &Value, row: impl Fn(&Value) -> Option<LicenceRow>) -> Option<LicenceSet> {
    elements(value)?
        .iter()
        .map(row)
        .collect::<Option<_>>()
        .map(LicenceSet)
}

fn licence(value: &Value) -> Option<LicenceRow> {
    let disabled = match member(value, "disabledPlans") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(ids)) => ids.iter().map(guid).collect::<Option<_>>()?,
        Some(single) => vec![guid(single)?],
    };
    Some(LicenceRow {
        sku: guid(member(value, "skuId")?)?,
        disabled,
        group: None,
        active: true,
        error: None,
    })
}

fn state(value: &Value) -> Option<LicenceRow> {
    let state = member(value, "state")?.as_str()?;
    let error = member(value, "error").and_then(Value::as_str);
    Some(LicenceRow {
        group: member(value, "assignedByGroup").and_then(guid),
        active: ["Active", "ActiveWithError"]
            .iter()
            .any(|active| active.eq_ignore_ascii_case(state)),
        // Documented as null on success, and seen as "None".
        error: error
            .filter(|error| !error.is_empty() && !error.eq_ignore_ascii_case("None"))
            .map(ToOwned::to_owned),
        ..licence(value)?
    })
}

fn plans(value: &Value) -> Option<PlanSet> {
    let plan = |value: &Value| {
        let status = member(value, "capabilityStatus")?.as_str()?;
        Some((
            guid(member(value, "servicePlanId")?)?,
            PlanStatus::parse(status),
        ))
    };
    elements(value)?
        .iter()
        .map(plan)
        .collect::<Option<_>>()
        .map(PlanSet)
}

impl PlanStatus {
    /// The status that Graph calls by this word, in any case.
    pub fn parse(word: &str) -> Self {
        [
            ("Enabled", Self::Enabled),
            ("Warning", Self::Warning),
            ("Suspended", Self::Suspended),
            ("LockedOut", Self::LockedOut),
            ("Deleted", Self::Deleted),
        ]
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))
        .map_or(Self::Other, |(_, status)| status)
    }
}

/// Whether a phone number is in a form that SSPR ignores: it takes `+CountryCode Number`, with a
/// space, such as `+1 4255550100`; an extension is dropped. An empty number is none.
fn is_ignored(number: &str) -> bool {
    let number = number.trim();
    if number.is_empty() {
        return false;
    }
    let Some((country, rest)) = number.strip_prefix('+').and_then(|n| n.split_once(' ')) else {
        return true;
    };
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let rest = rest.split(['x', 'X']).next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '.');
    !(1..=3).contains(&country.len())
        || digits(country) != country.len()
        || digits(rest) < 4
        || !rest.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::evidence::Locator;

    fn jdoe() -> Value {
        json!({
            "id": "6f1b2c3d-0000-4000-8000-000000000001", "userPrincipalName": "jdoe@contoso.com",
            "accountEnabled": true, "userType": "Member", "usageLocation": "CH", "onPremisesSyncEnabled": null,
            "onPremisesDistinguishedName": "CN=Doe\\, John,OU=Staff,DC=contoso,DC=com",
            "passwordPolicies": "DisablePasswordExpiration, DisableStrongPassword",
            "licenseAssignmentStates": [
                { "skuId": "05e9a617-0261-4cee-bb44-138d3ef5d965", "disabledPlans": [], "assignedByGroup": null,
                  "state": "Active", "error": "None", "lastUpdatedDateTime": "2026-01-01T00:00:00Z" },
                { "skuId": "05e9a617-0261-4cee-bb44-138d3ef5d965",
                  "disabledPlans": ["41781fb2-bc02-4b7c-bd55-b576c07bb09d"],
                  "assignedByGroup": "6f1b2c3d-0000-4000-8000-00000000000a", "state": "Error",
                  "error": "CountViolation" },
            ],
            "assignedPlans": [{ "servicePlanId": "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
                "capabilityStatus": "Enabled", "service": "AADPremiumService" }],
            "mobilePhone": "+1 4255550100", "businessPhones": ["+41445550100"],
        })
    }

    fn parse(value: &Value) -> UserRecord<'_> {
        UserRecord::parse(&Object::new(
            value.as_object().unwrap(),
            Locator::Pointer("/value/0".into()),
        ))
    }

    #[test]
    fn a_user_is_read_with_what_is_null_and_what_is_absent() {
        let value = jdoe();
        let user = parse(&value);
        assert_eq!(user.faults, Vec::new());
        assert_eq!(user.synced, Field::Null);
        assert_eq!(user.licences, Field::Absent);
        assert_eq!(user.never_expires, Field::Value(true));
        assert_eq!(
            user.bad_phone,
            Field::Value(true),
            "no space after the country code"
        );
        let states = user.states.value().unwrap().0;
        assert!(states[0].active && states[0].error.is_none());
        assert!(!states[1].active && states[1].group.is_some());
        assert_eq!(states[1].error.as_deref(), Some("CountViolation"));
    }

    #[test]
    fn powershell_names_and_single_elements_are_read() {
        let value = json!({
            "Id": "6f1b2c3d-0000-4000-8000-000000000001", "UserPrincipalName": "jdoe@contoso.com",
            "AssignedLicenses": { "SkuId": "05e9a617-0261-4cee-bb44-138d3ef5d965", "DisabledPlans": [] },
            "AssignedPlans": "Microsoft.Graph.PowerShell.Models.MicrosoftGraphAssignedPlan",
        });
        let user = parse(&value);
        assert_eq!(user.licences.value().unwrap().0.len(), 1);
        assert_eq!(user.plans, Field::Absent);
        assert_eq!(user.faults.len(), 1);
        assert!(user.faults[0].help.as_deref().unwrap().contains("-Depth"));
    }

    #[test]
    fn only_numbers_with_a_country_code_and_a_space_are_used() {
        for good in [
            "+1 4255550100",
            "+41 44 555 01 00",
            "+1 4255550100x12345",
            "",
            "  ",
        ] {
            assert!(!is_ignored(good), "{good}");
        }
        for bad in [
            "+14255550100",
            "044 555 01 00",
            "0044 445550100",
            "+1",
            "+1 call me",
            "+4144 5550100",
        ] {
            assert!(is_ignored(bad), "{bad}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_value_in_any_field_is_read_or_a_fault_with_its_place(
            field in 0_usize..11, text in ".{0,24}", number in any::<i64>(),
        ) {
            let name = jdoe().as_object().unwrap().keys().nth(field).unwrap().clone();
            for junk in [json!(text), json!(number), json!([text, number]), json!({ "a": text }), json!([{}])] {
                let mut value = jdoe();
                value[&name] = junk;
                for fault in parse(&value).faults {
                    prop_assert_eq!(fault.place, Locator::Pointer(format!("/value/0/{name}")));
                }
            }
        }
    }
}
