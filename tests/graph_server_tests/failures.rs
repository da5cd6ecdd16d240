//! What goes wrong, and what the server keeps of it.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use sspr_tests::graph_server::{
    Cloud, Elsewhere, Fault, Faults, RetryAfter, Settings, Tenant, TokenSeen,
};

use super::client::Reply;
use super::{quiet, start};

const USERS: &str = "/v1.0/users?$select=id&$top=10";

/// The first answer under a fault, and the second without.
fn with(fault: Fault) -> (Reply, Reply) {
    let settings = Settings {
        faults: Faults::none().on("/v1.0/users", 1, fault),
        ..quiet(40)
    };
    let (server, client) = start(settings);
    let replies = (client.get(USERS), client.get(USERS));
    let requests = server.requests().all();
    assert_eq!((requests[0].fault, requests[1].fault), (Some(fault), None));
    replies
}

#[test]
fn connections_are_reset_before_and_inside_the_body() {
    let (before, after) = with(Fault::Reset);
    assert_eq!((before.status, before.body.len()), (0, 0));
    assert_eq!(before.broken, Some(ErrorKind::ConnectionReset));
    assert_eq!(after.items().len(), 10);

    let (inside, after) = with(Fault::ResetInside);
    assert_eq!(inside.broken, Some(ErrorKind::ConnectionReset));
    assert!(inside.status == 0 || inside.body.len() < after.body.len());
}

#[test]
fn a_truncated_body_ends_in_order_and_is_too_short() {
    let (short, whole) = with(Fault::Truncated);
    assert_eq!((short.status, short.broken), (200, None));
    let announced: usize = short.header("content-length").unwrap().parse().unwrap();
    // Links differ by the time in them, and not in length.
    assert_eq!(
        (short.body.len(), announced),
        (whole.body.len() / 2, whole.body.len())
    );
}

#[test]
fn a_malformed_body_is_no_json() {
    let (bad, _) = with(Fault::Malformed);
    let announced: usize = bad.header("content-length").unwrap().parse().unwrap();
    assert_eq!((bad.status, bad.body.len()), (200, announced));
    assert!(serde_json::from_slice::<serde_json::Value>(&bad.body).is_err());
    let (html, _) = with(Fault::WrongType);
    assert_eq!(
        (html.status, html.header("content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
}

#[test]
fn waits_are_told_in_every_form() {
    let wait = |form| {
        with(Fault::TooMany(form))
            .0
            .header("retry-after")
            .map(str::to_owned)
    };
    assert_eq!(wait(RetryAfter::Seconds(3)).as_deref(), Some("3"));
    assert_eq!(wait(RetryAfter::Decimal(0.249)).as_deref(), Some("0.249"));
    assert_eq!(wait(RetryAfter::Missing), None);
    assert_eq!(wait(RetryAfter::Huge).as_deref(), Some("86400"));
    assert_eq!(wait(RetryAfter::Nonsense).as_deref(), Some("soon"));
    let date = wait(RetryAfter::Date(30)).unwrap();
    let date = chrono::DateTime::parse_from_rfc2822(&date).unwrap();
    assert!((25..=31).contains(&(date.to_utc() - chrono::Utc::now()).num_seconds()));
}

#[test]
fn answers_come_late_and_bodies_pause() {
    for fault in [
        Fault::Latency(Duration::from_secs(20)),
        Fault::Pause(Duration::from_secs(20)),
    ] {
        let settings = Settings {
            pace: 100.0,
            faults: Faults::none().on("/v1.0/users", 1, fault),
            ..quiet(40)
        };
        let (_server, client) = start(settings);
        let started = Instant::now();
        assert_eq!(client.get(USERS).items().len(), 10);
        assert!(started.elapsed() > Duration::from_millis(195));
    }
}

#[test]
fn outages_have_many_faces() {
    let settings = Settings {
        faults: Faults::none()
            .during("domains", 1..100, Fault::Outage(503, RetryAfter::Missing))
            .during(
                "organization",
                1..100,
                Fault::Outage(504, RetryAfter::Missing),
            ),
        ..quiet(40)
    };
    let (_server, client) = start(settings);
    let replies: Vec<_> = (0..80).map(|_| client.get("/v1.0/domains")).collect();
    assert!(replies.iter().all(|reply| reply.status == 503));
    let texts: Vec<_> = replies
        .iter()
        .map(|reply| String::from_utf8_lossy(&reply.body))
        .collect();
    for part in [
        "<html>",
        "\"innererror\"",
        "\"innerError\"",
        "\"code\":\"\"",
        "\"details\"",
        "_Detail",
    ] {
        assert!(texts.iter().any(|text| text.contains(part)), "{part}");
    }
    assert!(texts.iter().any(|text| text.is_empty()));
}

#[test]
fn a_token_dies_in_the_middle_of_a_walk() {
    let (refused, _) = with(Fault::Unauthorized);
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (401, "InvalidAuthenticationToken")
    );
    let settings = Settings {
        faults: Faults::none().on("skiptoken", 2, Fault::Revoked),
        ..quiet(40)
    };
    let (server, mut client) = start(settings);
    let second = client.get(USERS).next_link().unwrap();
    let third = client.get(&second).next_link().unwrap();
    assert_eq!(
        (client.get(&third).status, client.get(&third).status),
        (401, 401)
    );
    client.token = Some(server.token());
    assert_eq!(client.get(&third).status, 200);
    let seen: Vec<_> = server
        .requests()
        .all()
        .iter()
        .map(|request| request.token)
        .collect();
    assert_eq!(
        seen[2..],
        [TokenSeen::Right, TokenSeen::Dead, TokenSeen::Right]
    );
}

#[test]
fn links_repeat_pages_and_themselves() {
    let settings = Settings {
        faults: Faults::none().on("skiptoken", 1, Fault::DuplicatePage).on(
            "skiptoken",
            3,
            Fault::RepeatedLink,
        ),
        ..quiet(40)
    };
    let (_server, client) = start(settings);
    let second = client.get(USERS).next_link().unwrap();
    let page = client.get(&second);
    let again = page.next_link().unwrap();
    assert_ne!(again, second);
    let same = client.get(&again);
    assert_eq!(same.items(), page.items());
    let third = same.next_link().unwrap();
    assert_eq!(client.get(&third).next_link().unwrap(), third);
    assert_ne!(client.get(&third).next_link().unwrap(), third);
}

#[test]
fn whoever_follows_a_foreign_link_is_seen() {
    for place in [Elsewhere::Host, Elsewhere::Scheme, Elsewhere::Port] {
        let settings = Settings {
            faults: Faults::none()
                .on("/v1.0/users", 1, Fault::ForeignLink(place))
                .on("/v1.0/users", 2, Fault::ForeignRedirect(place)),
            ..quiet(40)
        };
        let (server, client) = start(settings);
        let link = client.get(USERS).next_link().unwrap();
        let redirect = client.get(USERS);
        assert_eq!(redirect.status, 307);
        for target in [&link, redirect.header("location").unwrap()] {
            assert!(!target.starts_with(server.root()), "{target}");
            assert_eq!(client.get(target).status, 200);
        }
        let seen = server.foreign().all();
        assert_eq!(seen.len(), 2);
        assert!(seen.iter().all(|request| request.token == TokenSeen::Right));
        assert_eq!(server.requests().len(), 2);
    }
}

#[test]
fn a_redirect_at_home_leads_to_the_answer() {
    let (redirect, answer) = with(Fault::Redirect);
    assert_eq!(redirect.status, 307);
    let settings = Settings {
        faults: Faults::none().on("/v1.0/users", 1, Fault::Redirect),
        ..quiet(40)
    };
    let (server, client) = start(settings);
    let target = client.get(USERS).header("location").unwrap().to_owned();
    assert!(target.starts_with(server.root()));
    assert_eq!(client.get(&target).items(), answer.items());
}

#[test]
fn a_skip_token_can_expire_by_plan() {
    let settings = Settings {
        faults: Faults::none().during("/v1.0/users", 1..3, Fault::ExpiredSkipToken),
        ..quiet(40)
    };
    let (_server, client) = start(settings);
    let link = client.get(USERS).next_link().unwrap();
    assert_eq!(client.get(&link).code(), "Directory_ExpiredPageToken");
    assert_eq!(client.get(&link).status, 200);
}

#[test]
fn chance_is_the_same_for_the_same_seed_and_ends() {
    let run = |seed| {
        let (server, client) = start(Settings {
            seed,
            faults: Faults::mixed(0.5),
            ..quiet(400)
        });
        let mut statuses = Vec::new();
        for _ in 0..40 {
            statuses.push(client.get(USERS).status);
        }
        let requests = server.requests().all();
        let faults: Vec<_> = requests.iter().map(|request| request.fault).collect();
        let longest = faults.split(Option::is_none).map(<[_]>::len).max();
        assert!(longest <= Some(3));
        faults
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn clouds_and_permissions_take_things_away() {
    let settings = Settings {
        cloud: Cloud::China,
        granted: Some(vec!["User.Read.All".into(), "Organization.Read.All".into()]),
        premium: false,
        denied: vec!["directory/subscriptions".into()],
        synchronization_as_object: true,
        ..quiet(40)
    };
    let (_server, client) = start(settings);
    let status = |path: &str| client.get(&format!("/v1.0/{path}")).status;
    assert_eq!(status("policies/authenticationMethodsPolicy"), 400);
    assert_eq!(status("policies/authorizationPolicy"), 403);
    assert_eq!(status("users"), 200);
    assert_eq!(status("directory/subscriptions"), 403);
    let units = client.get("/v1.0/subscribedSkus").items()[0]["prepaidUnits"].clone();
    assert!(units.get("enabled").is_some() && units.get("lockedOut").is_none());
    let report = client.get("/v1.0/reports/authenticationMethods/userRegistrationDetails");
    assert_eq!(
        report.code(),
        "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
    );
    let audits = client.get("/v1.0/auditLogs/directoryAudits");
    assert_eq!(
        (audits.status, audits.code().as_str()),
        (403, "Authentication_MSGraphPermissionMissing")
    );

    let (_server, client) = start(Settings {
        synchronization_as_object: true,
        ..quiet(40)
    });
    let object = client
        .get("/v1.0/directory/onPremisesSynchronization")
        .json();
    assert!(object.get("value").is_none() && object["features"].is_object());
}

#[test]
fn the_examples_are_served() {
    for name in ["contoso", "fabrikam"] {
        let (server, client) = start(Settings::new(Tenant::example(name)));
        let users = super::reading::walk(&client, "/v1.0/users?$select=id,assignedPlans");
        assert_eq!(users.len(), server.tenant().people());
        assert!(users.len() > 60 && users[0].get("userPrincipalName").is_none());
    }
}
