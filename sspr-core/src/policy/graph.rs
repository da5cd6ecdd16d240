//! What Microsoft Graph says of policies: the administrators' switch, the authentication methods
//! policy and the password rule settings. PowerShell's spelling of the same is read as well.

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::{
    ConvergedMethod, GroupTarget, MethodKind, MethodState, MigrationState, PasswordRuleSettings,
    Target,
};
use crate::carrier::json::{Object, cut_short};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{At, Locator, Reading};

/// The template of the "Password Rule Settings" in `groupSettings`.
pub const PASSWORD_RULE_TEMPLATE: Uuid = uuid::uuid!("5cf42378-d67d-4f36-ba46-e8b86229381d");

/// `policies/authorizationPolicy`, as far as password reset goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizationPolicy {
    /// `allowedToUseSSPR`: whether *administrators* may reset their own passwords. It does not
    /// switch self-service for anybody else.
    pub admins_allowed: Reading<bool>,
}

impl AuthorizationPolicy {
    /// Reads the answer from its bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        one_object(bytes, Self::read)
    }

    /// Reads the answer.
    pub fn read(object: &Object<'_>) -> Self {
        Self {
            admins_allowed: object.bool("allowedToUseSSPR"),
        }
    }
}

/// `policies/authenticationMethodsPolicy`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticationMethodsPolicy {
    /// `policyMigrationState`.
    pub migration: Reading<MigrationState>,
    /// The methods. A type that is not known here keeps Graph's name; one whose state cannot be
    /// read makes the list unreadable, since it could be on.
    pub methods: Reading<Vec<ConvergedMethod>>,
}

impl AuthenticationMethodsPolicy {
    /// Reads the answer from its bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        one_object(bytes, Self::read)
    }

    /// Reads the answer.
    pub fn read(object: &Object<'_>) -> Self {
        Self {
            migration: migration(object),
            methods: methods(object),
        }
    }
}

fn migration(object: &Object<'_>) -> Reading<MigrationState> {
    let states = [
        ("preMigration", 0, MigrationState::PreMigration),
        (
            "migrationInProgress",
            1,
            MigrationState::MigrationInProgress,
        ),
        ("migrationComplete", 2, MigrationState::MigrationComplete),
    ];
    match object.words("policyMigrationState") {
        Reading::Null(place) => Reading::Null(place),
        _ => object.choice("policyMigrationState", &states),
    }
}

fn methods(object: &Object<'_>) -> Reading<Vec<ConvergedMethod>> {
    let items = match object.array("authenticationMethodConfigurations") {
        Reading::Value(at) => at,
        Reading::Absent => return Reading::Absent,
        Reading::Null(place) => return Reading::Null(place),
        Reading::Bad(error) => return Reading::Bad(error),
    };
    let mut methods = Vec::with_capacity(items.value.len());
    for At { value, place } in items.value {
        match method(value, place) {
            Ok(method) => methods.push(method),
            Err(error) => return Reading::Bad(error),
        }
    }
    Reading::Value(At::new(methods, items.place))
}

fn method(value: &Value, place: Locator) -> Result<ConvergedMethod> {
    let Value::Object(map) = value else {
        return Err(not_an_object(value, place, "a method"));
    };
    let object = Object::new(map, place.clone());
    // The PowerShell modules keep what only some methods have in a bag beside the others.
    let bag = object
        .object("additionalProperties")
        .found()
        .map(|at| at.value);
    let name = object
        .words("id")
        .value()
        .map(|id| (*id).to_owned())
        .or_else(|| {
            let own = object.words("@odata.type").value().copied();
            let kind = own.or_else(|| bag.as_ref()?.words("@odata.type").value().copied())?;
            let short = kind.rsplit('.').next().unwrap_or(kind);
            Some(short.replace("AuthenticationMethodConfiguration", ""))
        })
        .ok_or_else(|| Error::value(place.member("id"), "a method has an id or a type"))?;
    let states = [
        ("enabled", 0, MethodState::Enabled),
        ("disabled", 1, MethodState::Disabled),
    ];
    let state = match object.choice("state", &states) {
        Reading::Value(at) => at.value,
        Reading::Bad(error) => return Err(error),
        Reading::Absent | Reading::Null(_) => {
            return Err(Error::value(place.member("state"), "a method has a state"));
        }
    };
    let either = |name: &str| {
        targets(&object, name).or_else(|| bag.as_ref().and_then(|bag| targets(bag, name)))
    };
    let office = |object: &Object<'_>| object.bool("isOfficePhoneAllowed").value().copied();
    Ok(ConvergedMethod {
        kind: MethodKind::from_id(&name),
        state,
        include: either("includeTargets"),
        exclude: either("excludeTargets"),
        office_phone: office(&object).or_else(|| bag.as_ref().and_then(office)),
    })
}

/// The targets, unless they are absent or one of them cannot be read.
fn targets(object: &Object<'_>, name: &str) -> Option<Vec<Target>> {
    let (key, value) = object.entry(name)?;
    let items = match value {
        Value::Null => return Some(Vec::new()),
        _ => object.array(key).found()?.value,
    };
    items
        .into_iter()
        .map(|At { value, place }| {
            let object = Object::new(value.as_object()?, place);
            let id = object.words("id").value().copied()?;
            if id.eq_ignore_ascii_case("all_users") {
                return Some(Target::AllUsers);
            }
            let id = Uuid::try_parse(id).ok()?;
            Some(Target::Group(GroupTarget { id }))
        })
        .collect()
}

/// One entry of `groupSettings`, or of beta's `settings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PasswordRules {
    /// Banned passwords and smart lockout. Absent for an entry of another template.
    pub settings: Reading<PasswordRuleSettings>,
    /// Values that could not be read; their settings are absent.
    pub faults: Vec<Error>,
}

impl PasswordRules {
    /// Reads an entry from its bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        one_object(bytes, Self::read)
    }

    /// Reads an entry.
    pub fn read(object: &Object<'_>) -> Self {
        let mut faults = Vec::new();
        let settings = match object.guid("templateId") {
            Reading::Value(at) if at.value == PASSWORD_RULE_TEMPLATE => {
                password_rules(object, &mut faults)
            }
            Reading::Bad(error) => Reading::Bad(error),
            _ => Reading::Absent,
        };
        Self { settings, faults }
    }
}

fn password_rules(object: &Object<'_>, faults: &mut Vec<Error>) -> Reading<PasswordRuleSettings> {
    let items = match object.array("values") {
        Reading::Value(at) => at,
        Reading::Absent => return Reading::Absent,
        Reading::Null(place) => return Reading::Null(place),
        Reading::Bad(error) => return Reading::Bad(error),
    };
    let mut pairs = Vec::new();
    for At { value, place } in items.value {
        match value {
            Value::Object(map) => pairs.push(Object::new(map, place)),
            _ => return Reading::Bad(not_an_object(value, place, "a setting")),
        }
    }
    let pair = |name: &str| {
        pairs.iter().find(|pair| {
            let found = pair.words("name");
            found
                .value()
                .is_some_and(|found| found.eq_ignore_ascii_case(name))
        })
    };
    let mut keep = |reading: Option<Error>| faults.extend(reading);
    let mut flag = |name: &str| match pair(name)?.bool("value") {
        Reading::Value(at) => Some(at.value),
        Reading::Bad(error) => {
            keep(Some(error));
            None
        }
        Reading::Absent | Reading::Null(_) => None,
    };
    let custom_list = flag("EnableBannedPasswordCheck");
    let on_premises = flag("EnableBannedPasswordCheckOnPremises");
    let mut number = |name: &str| match pair(name)?.integer("value") {
        Reading::Value(at) => u32::try_from(at.value).ok(),
        Reading::Bad(error) => {
            keep(Some(error));
            None
        }
        Reading::Absent | Reading::Null(_) => None,
    };
    let lockout_threshold = number("LockoutThreshold");
    let lockout_seconds = number("LockoutDurationInSeconds");
    let modes = [
        ("Audit", 0, false),
        ("Enforce", 1, true),
        ("Enforced", 1, true),
    ];
    let mode = pair("BannedPasswordCheckOnPremisesMode").map(|pair| pair.choice("value", &modes));
    let on_premises_enforced = match mode {
        Some(Reading::Value(at)) => Some(at.value),
        Some(Reading::Bad(error)) => {
            keep(Some(error));
            None
        }
        _ => None,
    };
    let custom_terms = pair("BannedPasswordList").and_then(|pair| {
        let list = pair.text("value").found()?.value;
        let terms = list.split('\t').filter(|term| !term.trim().is_empty());
        Some(u32::try_from(terms.count()).unwrap_or(u32::MAX))
    });
    Reading::Value(At::new(
        PasswordRuleSettings {
            custom_list,
            custom_terms,
            on_premises,
            on_premises_enforced,
            lockout_threshold,
            lockout_seconds,
        },
        object.place().clone(),
    ))
}

/// Reads one object from a whole input.
pub(super) fn one_object<T>(bytes: &[u8], read: impl FnOnce(&Object<'_>) -> T) -> Result<T> {
    let text = crate::carrier::text::decode(bytes)?;
    let value: Value =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
            Error::syntax(
                Locator::Line(error.line() as u64),
                "this is no whole JSON object",
            )
        })?;
    match &value {
        Value::Object(map) => Ok(read(&Object::new(map, Locator::Pointer(String::new())))),
        _ => Err(Error::value(Locator::Whole, "expected one JSON object")),
    }
}

/// The texts of an array; an element that is none makes it unreadable.
pub(super) fn list_of_texts(object: &Object<'_>, name: &str) -> Reading<Vec<String>> {
    object.array(name).and_then(|items| {
        items
            .into_iter()
            .map(|at| {
                let text = at.value.as_str().filter(|_| !cut_short(at.value));
                text.map(str::to_owned)
                    .ok_or_else(|| "expected a list of texts".to_owned())
            })
            .collect()
    })
}

fn not_an_object(value: &Value, place: Locator, what: &str) -> Error {
    if cut_short(value) {
        Error::new(
            ErrorCode::Truncated,
            place,
            "PowerShell cut this value short at its depth",
        )
        .with_help("export again with `ConvertTo-Json -Depth 10`")
    } else {
        Error::value(place, format!("{what} is an object"))
    }
}
