//! Answers from the tenant's objects, as Graph gives them.

use serde_json::Value;

use super::access::{in_cloud, not_here, permitted};
use super::answer::{Answer, JSON};
use super::budget::{Service, cost};
use super::entities::{Entity, entity};
use super::faults::Fault;
use super::filter::Filter;
use super::pages::{Chosen, Cursor, page};
use super::query::Query;
use super::route::{Place, walk};
use super::rows::{Rows, selected};
use super::service::State;

/// An error of Graph: status, code and message.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: String,
}

pub(super) fn bad_request(code: &'static str, message: impl Into<String>) -> Refusal {
    Refusal {
        status: 400,
        code,
        message: message.into(),
    }
}

/// The form of the rows of a collection.
pub(super) struct Shape {
    /// What the template is stored under.
    pub(super) key: String,
    /// What a row becomes.
    pub(super) render: Box<dyn Fn(&Value) -> Value>,
    /// The part of `@odata.context` after the hash.
    pub(super) context: String,
    /// How many rows a page has; all where absent.
    pub(super) top: Option<usize>,
    /// Whether the first page tells how many there are.
    pub(super) count: bool,
    /// Whether the next link stands after the items.
    pub(super) link_last: bool,
}

/// Answers one request for a resource.
pub(super) fn get(
    state: &State,
    query: &Query,
    eventual: bool,
    fault: Option<Fault>,
) -> Result<Answer, Refusal> {
    if !matches!(query.version.as_str(), "v1.0" | "beta") {
        return Err(bad_request("BadRequest", "Invalid version."));
    }
    if let Some(name) = &query.unknown {
        let message = format!("The query parameter '{name}' is not supported.");
        return Err(bad_request("BadRequest", message));
    }
    not_here(state, query)?;
    permitted(state, query)?;
    let tenant = &state.settings.tenant;
    // Beta shows more of some objects.
    let beta = format!("beta/{}", query.path);
    let found = if query.version == "beta" && tenant.rows(&beta).is_some() {
        Place::Many(beta)
    } else {
        walk(tenant, &query.path)
    };
    match found {
        Place::Nowhere(key, true) => Err(Refusal {
            status: 404,
            code: "Request_ResourceNotFound",
            message: format!(
                "Resource '{key}' does not exist or one of its queried reference-property objects are not present."
            ),
        }),
        Place::Nowhere("federationConfiguration", false) => Err(Refusal {
            status: 404,
            code: "Request_ResourceNotFound",
            message: "Resource 'federationConfiguration' does not exist or one of its queried reference-property objects are not present.".into(),
        }),
        Place::Nowhere(segment, false) => {
            let message = format!("Resource not found for the segment '{segment}'.");
            Err(bad_request("BadRequest", message))
        }
        Place::Count(path) => {
            if !eventual {
                let message = "$count is not currently supported.";
                return Err(bad_request("Request_BadRequest", message));
            }
            let filter = filter(query)?;
            let rows = tenant.rows(&path).cloned().unwrap_or_default();
            let count = Chosen::new(&rows, filter.as_ref(), None)?.count();
            // The byte-order mark was seen in the wild.
            Ok(Answer::new(200, "text/plain", format!("\u{feff}{count}")))
        }
        Place::One(value) => one(state, query, value),
        Place::Many(path) => many(state, query, &path, eventual, fault),
    }
}

fn one(state: &State, query: &Query, mut value: Value) -> Result<Answer, Refusal> {
    let entity = entity(&query.path);
    if let Some(expand) = &query.expand {
        value = expanded(state, &query.path, expand)(&value);
    }
    if let Some(names) = &query.select {
        let name = query
            .expand
            .as_deref()
            .and_then(|text| text.split('(').next());
        known(entity, names)?;
        value = selected(&value, names.iter().map(String::as_str).chain(name));
    }
    let context = format!(
        "{}/{}/$metadata#{}/$entity",
        state.root, query.version, query.path
    );
    let mut whole = serde_json::Map::new();
    whole.insert("@odata.context".into(), context.into());
    if let Value::Object(members) = value {
        whole.extend(
            members
                .into_iter()
                .filter(|(name, _)| name != "@odata.context"),
        );
    }
    Ok(Answer::new(200, JSON, Value::from(whole).to_string()))
}

fn many(
    state: &State,
    query: &Query,
    path: &str,
    eventual: bool,
    fault: Option<Fault>,
) -> Result<Answer, Refusal> {
    let tenant = &state.settings.tenant;
    let none = Rows::default();
    let rows = tenant.rows(path).unwrap_or(&none);
    let entity = entity(path);
    let pages = Pages::of(path);
    if path.eq_ignore_ascii_case("subscribedSkus") && query.filter.is_some() {
        let message = "This query is not supported: $filter.";
        return Err(bad_request("Request_UnsupportedQuery", message));
    }
    let filter = filter(query)?;
    let directory = cost(query).0 == Service::Identity;
    if let Some(filter) = filter.as_ref().filter(|_| directory) {
        if filter.is_advanced() && !(eventual && query.count) {
            let message = "Unsupported Query. The operator is supported with $count=true and ConsistencyLevel: eventual only.";
            return Err(bad_request("Request_UnsupportedQuery", message));
        }
        if let Some(entity) = entity {
            let mut names = Vec::new();
            filter.properties(&mut names);
            let names: Vec<_> = names.into_iter().map(str::to_owned).collect();
            known(Some(entity), &names)?;
        }
    }
    if directory && query.order.is_some() && query.filter.is_some() && !eventual {
        let message = "Sorting not supported for current query.";
        return Err(bad_request("Request_UnsupportedQuery", message));
    }
    let top = pages.top(query.top.as_deref())?;
    let cursor = Cursor::of(query, state.settings.seed)
        .ok_or_else(|| bad_request("Request_BadRequest", "The skip token is not valid."))?;
    let expired = fault == Some(Fault::ExpiredSkipToken) && query.skip_token.is_some();
    if expired || cursor.is_older(state.clock.now(), state.settings.skip_token_lifetime) {
        let message = "The specified page token value has expired and can no longer be included in your request.";
        return Err(bad_request("Directory_ExpiredPageToken", message));
    }

    let selected_names = match &query.select {
        Some(names) => {
            known(entity, names)?;
            Some(names.clone())
        }
        None => entity
            .filter(|_| query.version == "v1.0")
            .and_then(Entity::default_names),
    };
    if query.version == "v1.0"
        && path.eq_ignore_ascii_case("directory/onPremisesSynchronization")
        && state.settings.synchronization_as_object
        && let Some(item) = rows.items().next()
    {
        return one(state, query, item);
    }
    let (names, cloud) = (selected_names.clone(), state.settings.cloud);
    let expand = query
        .expand
        .as_ref()
        .map(|text| expanded(state, path, text));
    let expand_name = query
        .expand
        .as_deref()
        .and_then(|text| text.split('(').next())
        .map(str::to_owned);
    let render = Box::new(move |row: &Value| {
        let mut row = in_cloud(cloud, row);
        if let Some(expand) = &expand {
            row = expand(&row);
        }
        match &names {
            Some(names) => selected(
                &row,
                names
                    .iter()
                    .map(String::as_str)
                    .chain(expand_name.as_deref()),
            ),
            None => row,
        }
    });
    let list = query
        .select
        .as_ref()
        .map(|names| format!("({})", names.join(",")));
    let shape = Shape {
        key: format!("{path} {:?} {:?}", query.select, query.expand),
        render,
        context: format!("{}{}", query.path, list.unwrap_or_default()),
        top,
        count: query.count && (eventual || !directory),
        link_last: !directory,
    };
    let chosen = Chosen::new(rows, filter.as_ref(), query.order.as_deref())?;
    Ok(page(state, query, rows, &chosen, &shape, cursor, fault))
}

fn filter(query: &Query) -> Result<Option<Filter>, Refusal> {
    let Some(text) = &query.filter else {
        return Ok(None);
    };
    match Filter::parse(text) {
        Ok(filter) => Ok(Some(filter)),
        Err(message) => Err(bad_request("BadRequest", message)),
    }
}

/// Whether all these names are properties.
fn known(entity: Option<&'static Entity>, names: &[String]) -> Result<(), Refusal> {
    let Some(entity) = entity else {
        return Ok(());
    };
    match names.iter().find(|name| !entity.has(name)) {
        None => Ok(()),
        Some(name) => {
            let kind = entity.name;
            let message = format!(
                "Parsing OData Select and Expand failed: Could not find a property named '{name}' on type 'microsoft.graph.{kind}'."
            );
            Err(bad_request("BadRequest", message))
        }
    }
}

/// How a collection is paged.
enum Pages {
    /// In one piece, whatever is asked for.
    Whole,
    /// The usual size and the largest.
    Sized(usize, usize),
}

impl Pages {
    fn of(path: &str) -> Self {
        let path = path.to_lowercase();
        match path.split('/').next().unwrap_or_default() {
            "users" | "groups" | "serviceprincipals" | "rolemanagement" => Self::Sized(100, 999),
            "auditlogs" | "reports" => Self::Sized(1000, 1000),
            _ => Self::Whole,
        }
    }

    fn top(&self, asked: Option<&str>) -> Result<Option<usize>, Refusal> {
        let Self::Sized(usual, most) = *self else {
            return Ok(None);
        };
        let Some(asked) = asked else {
            return Ok(Some(usual));
        };
        match asked.parse::<usize>() {
            Ok(top) if (1..=most).contains(&top) => Ok(Some(top)),
            _ => {
                let message = format!(
                    "Invalid page size specified: '{asked}'. Must be between 1 and {most} inclusive."
                );
                Err(bad_request("Request_BadRequest", message))
            }
        }
    }
}

/// `$expand`: a navigation of a directory object gives twenty items at most, without a link to
/// the others.
fn expanded(state: &State, path: &str, expand: &str) -> Box<dyn Fn(&Value) -> Value> {
    let (name, options) = expand.split_once('(').unwrap_or((expand, ""));
    let select = Query::parse(&format!(
        "/x/y?{}",
        options.trim_end_matches(')').replace(';', "&")
    ))
    .select;
    let (name, tenant) = (name.to_owned(), state.settings.tenant.clone());
    let base = path.split('/').next().unwrap_or_default().to_owned();
    let pick = move |item: Value| match &select {
        Some(names) => selected(&item, names.iter().map(String::as_str)),
        None => item,
    };
    Box::new(move |row| {
        let mut row = row.clone();
        let text = |name: &str| {
            row.get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let value = if name == "principal" {
            let wanted = text("principalId");
            ["users", "groups", "servicePrincipals"]
                .into_iter()
                .filter_map(|path| tenant.rows(path))
                .find_map(|rows| Some(rows.item(rows.find("id", &wanted)?)))
                .map_or(Value::Null, &pick)
        } else {
            let path = format!("{base}/{}/{name}", text("id"));
            let rows = tenant.rows(&path);
            let items = rows.into_iter().flat_map(Rows::items);
            items.take(20).map(&pick).collect()
        };
        row[name.as_str()] = value;
        row
    })
}
