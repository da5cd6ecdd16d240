//! `$batch`: up to twenty requests in one.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::answer::{Answer, JSON, Said};
use super::dice::Dice;
use super::record::TokenSeen;
use super::service::{Incoming, State};

/// Answers a batch.
pub(super) fn answer(state: &State, request: &Incoming, place: usize, said: &mut Said) -> Answer {
    let parts = match parts(&request.body) {
        Ok(parts) => parts,
        Err(message) => return Answer::error(400, "BadRequest", message, said),
    };
    let version = request
        .target
        .trim_start_matches('/')
        .split('/')
        .next()
        .unwrap_or_default();
    let mut failed = HashSet::new();
    let mut responses = Vec::new();
    for part in &parts {
        let mut own = state.said(request.header("client-request-id"));
        let answer = if part.depends_on.iter().any(|id| failed.contains(id)) {
            Answer::error(
                424,
                "FailedDependency",
                "A request that this one depends on failed.",
                &mut own,
            )
        } else if part.method != "GET" {
            Answer::error(
                405,
                "Request_BadRequest",
                "This server is only read.",
                &mut own,
            )
        } else {
            let target = format!("/{version}{}", part.url);
            let inner = Incoming {
                method: part.method.clone(),
                target: target.clone(),
                headers: part.headers.clone(),
                body: String::new(),
                tls: request.tls,
            };
            let mut record = inner.record(state.clock.now(), TokenSeen::Right);
            record.inside = Some(place);
            record.client_request_id = request.header("client-request-id").map(str::to_owned);
            let place = state.log.push(record);
            let answer = state.resource(&target, &part.headers, place, &mut own, true);
            state
                .log
                .change(place, |record| record.status = answer.status);
            answer
        };
        if answer.status >= 400 {
            failed.insert(part.id.to_lowercase());
        }
        responses.push(response(&part.id, &answer));
    }
    // The order of the responses is free.
    let mut dice = Dice::of(state.settings.seed, "batch", place as u64);
    for last in (1..responses.len()).rev() {
        responses.swap(last, dice.below(last + 1));
    }
    Answer::new(
        200,
        JSON,
        format!("{{\"responses\":[{}]}}", responses.join(",")),
    )
}

struct Part {
    id: String,
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    depends_on: Vec<String>,
}

fn parts(body: &str) -> Result<Vec<Part>, &'static str> {
    let batch: Value = serde_json::from_str(body).map_err(|_| "Invalid batch payload format.")?;
    let requests = batch["requests"]
        .as_array()
        .ok_or("Invalid batch payload format.")?;
    if requests.is_empty() || requests.len() > 20 {
        return Err("Number of batch requests must be from 1 to 20.");
    }
    let mut ids = HashSet::new();
    let mut parts = Vec::new();
    for request in requests {
        let text = |name: &str| request[name].as_str().map(str::to_owned);
        let (Some(id), Some(method), Some(url)) = (text("id"), text("method"), text("url")) else {
            return Err("A request needs id, method and url.");
        };
        if !ids.insert(id.to_lowercase()) {
            return Err("The ids of a batch have to differ, ignoring case.");
        }
        let url = if url.starts_with('/') {
            url
        } else {
            format!("/{url}")
        };
        if url.starts_with("/v1.0/") || url.starts_with("/beta/") {
            return Err("The url of a request is relative, without the version.");
        }
        let headers = request["headers"].as_object().cloned().unwrap_or_default();
        let depends_on = request["dependsOn"].as_array().cloned().unwrap_or_default();
        let depends_on: Vec<_> = depends_on
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_lowercase)
            .collect();
        if !depends_on.iter().all(|id| ids.contains(id)) {
            return Err("dependsOn names no earlier request.");
        }
        parts.push(Part {
            id,
            method: method.to_uppercase(),
            url,
            headers: headers
                .into_iter()
                .map(|(name, value)| {
                    (
                        name.to_lowercase(),
                        value.as_str().unwrap_or_default().to_owned(),
                    )
                })
                .collect(),
            depends_on,
        });
    }
    Ok(parts)
}

/// One response; what is no JSON is a text in base64.
fn response(id: &str, answer: &Answer) -> String {
    let mut headers = Map::new();
    if !answer.content_type.is_empty() {
        headers.insert("Content-Type".into(), answer.content_type.into());
    }
    for (name, value) in &answer.headers {
        let name = if *name == "retry-after" {
            "Retry-After"
        } else {
            name
        };
        headers.insert(name.into(), value.as_str().into());
    }
    let (id, headers) = (json!(id), Value::from(headers));
    let head = format!(
        "\"id\":{id},\"status\":{},\"headers\":{headers}",
        answer.status
    );
    match std::str::from_utf8(&answer.body) {
        Ok("") => format!("{{{head}}}"),
        Ok(body) if answer.content_type.contains("json") => format!("{{{head},\"body\":{body}}}"),
        _ => {
            let body = json!(crate::base64::encode(&answer.body));
            format!("{{{head},\"body\":{body}}}")
        }
    }
}
