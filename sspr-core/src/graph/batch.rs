//! Twenty requests in one envelope. Each is answered, refused or throttled alone; only what failed
//! is asked again.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::flows::passing;
use super::limiter::Budget;
use super::refusal::Refusal;
use super::session::{Ask, Given, Session};
use super::wait::Patience;
use crate::error::Result;
use crate::http::retry_after;

/// Most requests that Graph takes in one envelope.
const MOST: usize = 20;

/// The envelope. There is no other method than GET in it, and no way to put one there.
#[derive(Serialize)]
struct Envelope<'a> {
    requests: Vec<Inner<'a>>,
}

#[derive(Serialize)]
struct Inner<'a> {
    id: String,
    method: &'static str,
    url: &'a str,
}

#[derive(Deserialize)]
struct Answers<'a> {
    #[serde(borrow)]
    responses: Vec<Response<'a>>,
}

#[derive(Deserialize)]
struct Response<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    status: u16,
    #[serde(default, borrow)]
    headers: BTreeMap<Cow<'a, str>, Value>,
    #[serde(default, borrow)]
    body: Option<&'a RawValue>,
}

/// What became of one request in an envelope.
enum One {
    Given(Vec<u8>),
    Refused(Refusal),
    Again(Refusal, Option<Duration>),
}

impl Session<'_> {
    /// Asks for several addresses, relative to the version, such as `/users/jdoe@contoso.com`. The
    /// answers stand in the order of the addresses.
    pub(super) async fn batch(
        &self,
        addresses: &[String],
        budget: Budget,
        units: u32,
    ) -> Result<Vec<Given<Vec<u8>>>> {
        let mut given: Vec<Option<Given<Vec<u8>>>> = addresses.iter().map(|_| None).collect();
        for first in (0..addresses.len()).step_by(MOST) {
            let mut open: Vec<usize> = (first..addresses.len().min(first + MOST)).collect();
            let mut patience = Patience::default();
            while !open.is_empty() {
                let asked = self.envelope(addresses, &open, budget, units).await?;
                let answers = match asked {
                    Ok(answers) => answers,
                    Err(refusal) => {
                        for index in open.drain(..) {
                            set(&mut given, index, Err(refusal.clone()));
                        }
                        break;
                    }
                };
                let (mut again, mut longest) = (Vec::new(), None);
                for (index, one) in answers {
                    match one {
                        One::Given(body) => set(&mut given, index, Ok(body)),
                        One::Refused(refusal) => set(&mut given, index, Err(refusal)),
                        One::Again(refusal, wait) => {
                            longest = longest.max(wait);
                            again.push((index, refusal));
                        }
                    }
                }
                if again.is_empty() {
                    break;
                }
                if again.iter().any(|(_, refusal)| refusal.status == 401) {
                    self.renew().await?;
                }
                match patience.wait(longest, &self.engine.settings.bounds) {
                    Some(wait) => self.wait("$batch", wait).await,
                    None => {
                        for (index, refusal) in again.drain(..) {
                            let why = format!("given up after {} attempts", patience.failures());
                            set(&mut given, index, Err(refusal.exhausted(why)));
                        }
                    }
                }
                open = again.into_iter().map(|(index, _)| index).collect();
            }
        }
        let missing = || Err(Refusal::default().exhausted("the batch does not answer it"));
        Ok(given
            .into_iter()
            .map(|one| one.unwrap_or_else(missing))
            .collect())
    }

    /// Sends one envelope, and says of each request in it what became of it.
    async fn envelope(
        &self,
        addresses: &[String],
        open: &[usize],
        budget: Budget,
        units: u32,
    ) -> Result<Given<Vec<(usize, One)>>> {
        let requests = open.iter().filter_map(|index| {
            Some(Inner {
                id: index.to_string(),
                method: "GET",
                url: addresses.get(*index)?,
            })
        });
        let envelope = Envelope {
            requests: requests.collect(),
        };
        let envelope = serde_json::to_vec(&envelope).unwrap_or_default();
        let count = u32::try_from(open.len()).unwrap_or(1);
        let url = self.url("/v1.0/$batch")?;
        let ask = Ask::batch(url, budget, units.saturating_mul(count), envelope);
        let now = self.clock().now();
        self.ask(&ask, &mut |body| {
            let answers: Answers<'_> = serde_json::from_slice(body)
                .map_err(|_| "the batch's answer cannot be read".to_owned())?;
            let mut open = open.to_vec();
            let mut found = Vec::with_capacity(open.len());
            for response in &answers.responses {
                let asked = response.id.parse().ok();
                let at = open.iter().position(|index| Some(*index) == asked);
                let Some(at) = at else {
                    return Err("the batch answers what was not asked, or twice".to_owned());
                };
                found.push((open.swap_remove(at), one(response, now)));
            }
            // Those that were forgotten are asked again.
            found.extend(
                open.into_iter()
                    .map(|index| (index, One::Again(Refusal::default(), None))),
            );
            Ok(found)
        })
        .await
    }
}

fn set(given: &mut [Option<Given<Vec<u8>>>], index: usize, one: Given<Vec<u8>>) {
    if let Some(place) = given.get_mut(index) {
        *place = Some(one);
    }
}

fn one(response: &Response<'_>, now: chrono::DateTime<chrono::Utc>) -> One {
    let header = |name: &str| {
        let mut all = response.headers.iter();
        let (_, value) = all.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(
            value
                .as_str()
                .map_or_else(|| value.to_string(), ToOwned::to_owned),
        )
    };
    let body = response
        .body
        .map(RawValue::get)
        .unwrap_or_default()
        .as_bytes();
    let refusal = || Refusal::read(response.status, header("request-id").as_deref(), body);
    match response.status {
        200..=299 if body.starts_with(b"{") => One::Given(body.to_vec()),
        200..=399 | 401 => One::Again(refusal(), None),
        status if passing(status) => {
            let asked = header("retry-after").and_then(|text| retry_after(&text, now));
            One::Again(refusal(), asked)
        }
        _ => One::Refused(refusal()),
    }
}
