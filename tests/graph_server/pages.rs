//! A page of a collection: which items, in which form, and the link to the next one.

use super::answer::{Answer, JSON};
use super::dice::Dice;
use super::faults::Fault;
use super::filter::Filter;
use super::query::Query;
use super::resources::{Refusal, Shape, bad_request};
use super::rows::Rows;
use super::service::State;
use super::tokens::{from_url, to_url};

/// A place in a collection, as a skip token carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cursor {
    /// The number of the next row, or its place where the rows are sorted.
    pub(super) at: u64,
    /// How many pages came before.
    pub(super) page: u64,
    /// When the token was given, in milliseconds of the server.
    given: u64,
    /// What was asked for.
    query: u64,
}

impl Cursor {
    /// Where the request begins to read.
    pub(super) fn of(query: &Query, seed: u64) -> Option<Self> {
        let fingerprint = fingerprint(query);
        let Some(token) = &query.skip_token else {
            return Some(Self {
                at: 0,
                page: 0,
                given: u64::MAX,
                query: fingerprint,
            });
        };
        let bytes = from_url(token).filter(|bytes| bytes.len() == 32)?;
        let mut dice = Dice::of(seed, "skip tokens", 0);
        let words: Vec<_> = bytes
            .chunks(8)
            .filter_map(|chunk| Some(u64::from_be_bytes(chunk.try_into().ok()?) ^ dice.next()))
            .collect();
        match words[..] {
            [at, page, given, query] if query == fingerprint => Some(Self {
                at,
                page,
                given,
                query,
            }),
            _ => None,
        }
    }

    fn token(self, seed: u64) -> String {
        let mut dice = Dice::of(seed, "skip tokens", 0);
        let words = [self.at, self.page, self.given, self.query];
        let bytes: Vec<_> = words
            .into_iter()
            .flat_map(|word| (word ^ dice.next()).to_be_bytes())
            .collect();
        to_url(&bytes)
    }

    /// Whether the token was given so long ago.
    pub(super) fn is_older(self, now: std::time::Duration, than: std::time::Duration) -> bool {
        self.given != u64::MAX && std::time::Duration::from_millis(self.given) + than < now
    }
}

/// A request without its place among the pages.
fn fingerprint(query: &Query) -> u64 {
    let mut plain = query.clone();
    plain.skip_token = None;
    let text = plain.next("", "").to_lowercase();
    Dice::of(7, &text, 0).next()
}

/// Which rows of a collection a request is about.
pub(super) enum Chosen<'a> {
    /// All of these kinds, by number.
    Kinds(&'a Rows, Vec<bool>),
    /// Exactly these, in this order.
    Listed(Vec<usize>),
}

impl<'a> Chosen<'a> {
    /// Applies filter and order.
    pub(super) fn new(
        rows: &'a Rows,
        filter: Option<&Filter>,
        order: Option<&str>,
    ) -> Result<Self, Refusal> {
        let mut names = Vec::new();
        if let Some(filter) = filter {
            filter.properties(&mut names);
        }
        let chosen = match filter {
            None => Self::Kinds(rows, vec![true; rows.kinds().len()]),
            Some(filter) => {
                if let Some((name, values)) = filter.keys().filter(|(name, _)| !rows.is_fixed(name))
                {
                    let mut found: Vec<_> = values
                        .into_iter()
                        .filter_map(|value| rows.find(name, value))
                        .collect();
                    found.sort_unstable();
                    found.dedup();
                    Self::Listed(found)
                } else if names.iter().all(|name| rows.is_fixed(name)) {
                    Self::Kinds(
                        rows,
                        rows.kinds().iter().map(|kind| filter.holds(kind)).collect(),
                    )
                } else {
                    let numbers = rows.numbers(0);
                    Self::Listed(
                        numbers
                            .filter(|number| filter.holds(&rows.item(*number)))
                            .collect(),
                    )
                }
            }
        };
        let Some(order) = order else {
            return Ok(chosen);
        };
        let (name, direction) = order.split_once(' ').unwrap_or((order, "asc"));
        let mut all: Vec<_> = chosen.numbers(0).collect();
        if all.len() > 100_000 {
            return Err(bad_request(
                "Request_UnsupportedQuery",
                "Sorting is not supported.",
            ));
        }
        let text = |number: &usize| rows.item(*number).get(name).map(ToString::to_string);
        all.sort_by_cached_key(text);
        if direction.trim().eq_ignore_ascii_case("desc") {
            all.reverse();
        }
        Ok(Self::Listed(all))
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Kinds(..) => self.numbers(0).count(),
            Self::Listed(numbers) => numbers.len(),
        }
    }

    /// The numbers of the rows from this place on.
    fn numbers(&self, from: usize) -> Box<dyn Iterator<Item = usize> + '_> {
        match self {
            Self::Kinds(rows, kinds) => {
                let passing = |number: &usize| kinds[rows.kind_of(*number)];
                Box::new(rows.numbers(from).filter(passing))
            }
            Self::Listed(numbers) => Box::new(numbers.iter().skip(from).copied()),
        }
    }

    /// So many rows from a place on, and the place after them, if there are more.
    fn page(&self, from: usize, top: usize) -> (Vec<usize>, Option<usize>) {
        let mut numbers = self.numbers(from);
        let page: Vec<_> = numbers.by_ref().take(top).collect();
        let next = numbers.next();
        let place = match self {
            Self::Kinds(..) => next,
            Self::Listed(_) => next.map(|_| from + page.len()),
        };
        (page, place)
    }
}

/// Renders one page.
pub(super) fn page(
    state: &State,
    query: &Query,
    rows: &Rows,
    chosen: &Chosen<'_>,
    shape: &Shape,
    cursor: Cursor,
    fault: Option<Fault>,
) -> Answer {
    let from = usize::try_from(cursor.at).unwrap_or(usize::MAX);
    let every = state.settings.empty_pages as u64;
    let empty = every > 0 && (cursor.page + 1).is_multiple_of(every);
    let (numbers, mut next) = match shape.top {
        _ if empty => (Vec::new(), Some(from)),
        Some(top) => chosen.page(from, top),
        None => chosen.page(from, usize::MAX),
    };
    // A first page has no link that could be repeated.
    let again = fault == Some(Fault::DuplicatePage)
        || fault == Some(Fault::RepeatedLink) && query.skip_token.is_none();
    if again && next.is_some() {
        next = Some(from);
    }
    let link = next.map(|at| {
        let token = Cursor {
            at: at as u64,
            page: cursor.page + 1,
            given: u64::try_from(state.clock.now().as_millis()).unwrap_or(u64::MAX - 1),
            query: cursor.query,
        }
        .token(state.settings.seed);
        match fault {
            Some(Fault::RepeatedLink) => match &query.skip_token {
                Some(token) => query.next(&state.root, token),
                None => query.next(&state.root, &token),
            },
            Some(Fault::ForeignLink(place)) => query.next(&state.elsewhere(place), &token),
            _ => query.next(&state.root, &token),
        }
    });

    let template = state.template(&query.version, &shape.key, rows, &shape.render);
    let mut body = Vec::with_capacity(numbers.len() * 512 + 512);
    let context = format!(
        "{}/{}/$metadata#{}",
        state.root, query.version, shape.context
    );
    body.extend_from_slice(b"{\"@odata.context\":");
    body.extend_from_slice(serde_json::Value::from(context).to_string().as_bytes());
    if shape.count && cursor.page == 0 {
        body.extend_from_slice(format!(",\"@odata.count\":{}", chosen.count()).as_bytes());
    }
    let link = link.map(|link| format!(",\"@odata.nextLink\":{}", serde_json::Value::from(link)));
    if let Some(link) = link.as_ref().filter(|_| !shape.link_last) {
        body.extend_from_slice(link.as_bytes());
    }
    body.extend_from_slice(b",\"value\":[");
    for (place, number) in numbers.into_iter().enumerate() {
        if place > 0 {
            body.push(b',');
        }
        template.write(&mut body, rows.kind_of(number), number);
    }
    body.push(b']');
    if let Some(link) = link.as_ref().filter(|_| shape.link_last) {
        body.extend_from_slice(link.as_bytes());
    }
    body.push(b'}');
    Answer::new(200, JSON, body)
}
