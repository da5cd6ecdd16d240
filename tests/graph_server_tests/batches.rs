//! Twenty requests in one.

use serde_json::{Value, json};
use sspr_tests::graph_server::{Budgets, Fault, Faults, RetryAfter, Service, Settings};

use super::{quiet, start};

fn batch(requests: &[Value]) -> String {
    json!({ "requests": requests }).to_string()
}

fn user(number: usize) -> Value {
    let url = format!("/users/user{number}@contoso.com?$select=id,assignedPlans");
    json!({ "id": number.to_string(), "method": "GET", "url": url })
}

fn responses(body: &Value) -> Vec<Value> {
    body["responses"].as_array().unwrap().clone()
}

#[test]
fn the_order_of_the_responses_is_free() {
    let (server, client) = start(quiet(40));
    let requests: Vec<_> = (5..25).map(user).collect();
    let reply = client.post("/v1.0/$batch", &batch(&requests));
    assert_eq!(reply.status, 200);
    let responses = responses(&reply.json());
    let mut ids: Vec<u32> = responses
        .iter()
        .map(|part| part["id"].as_str().unwrap().parse().unwrap())
        .collect();
    assert!(!ids.is_sorted());
    ids.sort_unstable();
    assert_eq!(ids, (5..25).collect::<Vec<_>>());
    assert!(
        responses
            .iter()
            .all(|part| part["status"] == 200 && part["body"]["assignedPlans"].is_array())
    );
    let records = server.requests().all();
    assert_eq!(
        (records.len(), records[0].service, records[1].inside),
        (21, Service::None, Some(0))
    );
    assert!(
        records[1..]
            .iter()
            .all(|record| record.service == Service::Identity)
    );
}

#[test]
fn a_batch_that_is_wrong_is_refused_as_a_whole() {
    let (_server, client) = start(quiet(40));
    let twice = [
        json!({ "id": "a", "method": "GET", "url": "/organization" }),
        json!({ "id": "A", "method": "GET", "url": "/domains" }),
    ];
    let many: Vec<_> = (5..26).map(user).collect();
    let versioned = [json!({ "id": "1", "method": "GET", "url": "/v1.0/users" })];
    for body in [
        batch(&twice),
        batch(&many),
        batch(&versioned),
        batch(&[]),
        "{".into(),
    ] {
        assert_eq!(client.post("/v1.0/$batch", &body).status, 400, "{body}");
    }
}

#[test]
fn parts_fail_alone_with_waits_of_their_own() {
    let settings = Settings {
        faults: Faults::none()
            .on("user7@", 1, Fault::TooMany(RetryAfter::Seconds(7)))
            .on("user9@", 1, Fault::Outage(503, RetryAfter::Missing)),
        ..quiet(40)
    };
    let (server, client) = start(settings);
    let body = batch(&(5..12).map(user).collect::<Vec<_>>());
    let first = responses(&client.post("/v1.0/$batch", &body).json());
    let find = |id: &str| first.iter().find(|part| part["id"] == id).unwrap();
    assert_eq!(find("7")["status"], 429);
    assert_eq!(find("7")["headers"]["Retry-After"], "7");
    assert_eq!(find("9")["status"], 503);
    assert_eq!(first.iter().filter(|part| part["status"] == 200).count(), 5);
    let again = responses(&client.post("/v1.0/$batch", &body).json());
    assert!(again.iter().all(|part| part["status"] == 200));
    let early: Vec<_> = server
        .requests()
        .all()
        .into_iter()
        .filter(|record| record.early)
        .collect();
    assert_eq!(
        early.len(),
        1,
        "only the one that was told to wait came too early"
    );
    assert!(early[0].target.contains("user7@"));
}

#[test]
fn every_part_costs_and_failed_dependencies_are_told() {
    let settings = Settings {
        budgets: Budgets {
            identity: Some(10),
            ..Budgets::default()
        },
        ..quiet(40)
    };
    let (_server, client) = start(settings);
    let reply = client.post(
        "/v1.0/$batch",
        &batch(&(5..25).map(user).collect::<Vec<_>>()),
    );
    let refused = responses(&reply.json());
    let refused = refused.iter().filter(|part| part["status"] == 429).count();
    assert_eq!(refused, 10);

    let (_server, client) = start(quiet(40));
    let chain = [
        json!({ "id": "1", "method": "GET", "url": "/users/nobody" }),
        json!({ "id": "2", "method": "GET", "url": "/domains", "dependsOn": ["1"] }),
        json!({ "id": "3", "method": "GET", "url": "/users/$count", "headers": { "ConsistencyLevel": "eventual" } }),
        json!({ "id": "4", "method": "DELETE", "url": "/users/user5@contoso.com" }),
    ];
    let parts = responses(&client.post("/v1.0/$batch", &batch(&chain)).json());
    let find = |id: &str| parts.iter().find(|part| part["id"] == id).unwrap();
    assert_eq!(
        [find("1"), find("2"), find("4")].map(|part| part["status"].as_u64().unwrap()),
        [404, 424, 405]
    );
    // The number as text in base64, after a byte-order mark.
    assert_eq!(
        find("3")["body"],
        sspr_tests::base64::encode("\u{feff}40".as_bytes())
    );
}

#[test]
fn a_whole_batch_goes_wrong_by_chance_too() {
    let settings = Settings {
        faults: Faults::none().chance(1.0, Fault::Truncated).at_most(2),
        ..quiet(40)
    };
    let (_server, client) = start(settings);
    let body = batch(&[user(7)]);
    let whole = [0; 3].map(|_| {
        let reply = client.post("/v1.0/$batch", &body);
        serde_json::from_slice::<Value>(&reply.body).is_ok()
    });
    assert_eq!(whole, [false, false, true]);
}
