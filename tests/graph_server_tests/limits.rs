//! Throttling.

use std::time::Duration;

use sspr_tests::graph_server::{Budgets, Service, Settings};

use super::{quiet, start};

#[test]
fn identity_is_metered_by_resource_units() {
    let settings = Settings {
        budgets: Budgets {
            identity: Some(20),
            ..Budgets::default()
        },
        pace: 100.0,
        ..quiet(300)
    };
    let (server, client) = start(settings);
    // 2 units each, 1 with a selection, 1 more for what is expanded.
    let mut last = client.get("/v1.0/users");
    assert_eq!(last.header("x-ms-resource-unit"), Some("2"));
    let first = client.get("/v1.0/users?$select=id");
    assert_eq!(first.header("x-ms-resource-unit"), Some("1"));
    while last.status == 200 {
        last = client.get("/v1.0/users");
    }
    assert_eq!(last.status, 429);
    let wait: u64 = last.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=11).contains(&wait), "{wait}");
    assert!(
        last.header("x-ms-throttle-scope")
            .unwrap()
            .contains("Identity")
    );
    // What was refused counts, too: on a busy machine it may take another wait.
    let waited = (0..20).any(|_| {
        std::thread::sleep(Duration::from_millis(wait * 10 + 20));
        client.get("/v1.0/users").status == 200
    });
    assert!(waited);
    assert!(
        server
            .requests()
            .busiest(Service::Identity, Duration::from_secs(10))
            > 20
    );
}

#[test]
fn reports_and_audit_share_five_requests_in_ten_seconds() {
    let settings = Settings {
        budgets: Budgets::default(),
        pace: 10.0,
        ..quiet(60)
    };
    let (server, client) = start(settings);
    let report = "/v1.0/reports/authenticationMethods/userRegistrationDetails";
    let audits = "/v1.0/auditLogs/directoryAudits";
    let statuses: Vec<_> = (0..6)
        .map(|turn| {
            client
                .get(if turn % 2 == 0 { report } else { audits })
                .status
        })
        .collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
    assert_eq!(
        server
            .requests()
            .busiest(Service::Reports, Duration::from_secs(10)),
        6
    );
    assert_eq!(client.get("/v1.0/users").status, 200);
}

#[test]
fn conditional_access_does_not_tell_how_long_to_wait() {
    let settings = Settings {
        budgets: Budgets::default(),
        ..quiet(60)
    };
    let (_server, client) = start(settings);
    let policies = "/v1.0/identity/conditionalAccess/policies";
    assert_eq!(client.get(policies).status, 200);
    let refused = client.get(policies);
    assert_eq!((refused.status, refused.header("retry-after")), (429, None));
    std::thread::sleep(Duration::from_millis(1100));
    assert_eq!(client.get(policies).status, 200);
}
