//! Paging, selecting, filtering, counting.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use sspr_tests::graph_server::{Server, Settings, Tenant, TokenSeen};

use super::client::Client;
use super::{quiet, start};

/// All items of a collection, page by page.
pub(crate) fn walk(client: &Client, first: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut link = Some(first.to_owned());
    while let Some(target) = link {
        let reply = client.get(&target);
        assert_eq!(
            reply.status,
            200,
            "{target}: {}",
            String::from_utf8_lossy(&reply.body)
        );
        items.extend(reply.items());
        link = reply.next_link();
    }
    items
}

fn ids(items: &[Value]) -> BTreeSet<String> {
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_walk_gives_every_item_once() {
    let (server, client) = start(quiet(2500));
    for top in ["", "$top=999&", "$top=7&"] {
        let users = walk(&client, &format!("/v1.0/users?{top}$select=id"));
        assert_eq!((users.len(), ids(&users).len()), (2500, 2500));
    }
    let pages = server.requests().len();
    assert_eq!(pages, 25 + 3 + 358);
    assert!(
        server
            .requests()
            .all()
            .iter()
            .all(|request| request.token == TokenSeen::Right
                && request.tls
                && request.client_request_id.is_some()
                && request.header("authorization").is_none())
    );
    assert!(server.foreign().is_empty());
}

#[test]
fn empty_pages_have_a_next_link() {
    let (server, client) = start(Settings {
        empty_pages: 2,
        ..quiet(100)
    });
    let users = walk(&client, "/v1.0/users?$select=id&$top=10");
    assert_eq!(ids(&users).len(), 100);
    assert!(server.requests().len() > 15);
}

#[test]
fn a_page_size_has_bounds() {
    let (_server, client) = start(quiet(10));
    for top in ["0", "1000", "-1", "many"] {
        let reply = client.get(&format!("/v1.0/users?$top={top}"));
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (400, "Request_BadRequest")
        );
        assert!(
            reply.json()["error"]["message"]
                .as_str()
                .unwrap()
                .contains("between 1 and 999")
        );
    }
    assert_eq!(client.get("/v1.0/users?$top=999").status, 200);
    assert_eq!(client.get("/v1.0/users?$tip=9").status, 400);
}

#[test]
fn what_is_not_selected_is_absent_and_what_nobody_has_is_null() {
    let (_server, client) = start(quiet(20));
    let first = &client.get("/v1.0/users").items()[0];
    assert!(first.get("onPremisesSyncEnabled").is_none());
    assert!(first.get("displayName").is_some());
    let admin = &client
        .get("/v1.0/users?$select=id,onPremisesSyncEnabled,faxNumber")
        .items()[0];
    assert_eq!(
        admin,
        &json!({ "id": "be9c0000-0000-4000-8000-000000000000", "onPremisesSyncEnabled": null, "faxNumber": null })
    );
    let wrong = client.get("/v1.0/users?$select=id,nickName");
    assert_eq!(wrong.status, 400);
    assert!(
        wrong.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("nickName")
    );
}

#[test]
fn filters_choose_and_advanced_ones_need_the_header() {
    let (server, client) = start(quiet(3000));
    let all: Vec<Value> = server.tenant().rows("users").unwrap().items().collect();
    let synced = walk(
        &client,
        "/v1.0/users?$select=id&$filter=onPremisesSyncEnabled eq true&$top=999",
    );
    let wanted = all
        .iter()
        .filter(|user| user["onPremisesSyncEnabled"] == true)
        .count();
    assert_eq!((synced.len(), ids(&synced).len()), (wanted, wanted));

    let premium = "/v1.0/users?$select=id&$count=true&$filter=assignedPlans/any(p:p/servicePlanId eq \
                   41781fb2-bc02-4b7c-bd55-b576c07bb09d and p/capabilityStatus eq 'Enabled')";
    assert_eq!(client.get(premium).code(), "Request_UnsupportedQuery");
    let page = client.advanced(premium);
    let licensed = all
        .iter()
        .filter(|user| user["assignedPlans"] != json!([]))
        .count();
    assert_eq!(page.json()["@odata.count"], licensed);

    let (seven, five) = ("be9c0000-0000-4000-8000-000000000007", "USER5@contoso.com");
    let listed = client.get(&format!(
        "/v1.0/users?$select=id&$filter=id in ('{seven}','nobody')"
    ));
    assert_eq!(listed.items(), [json!({ "id": seven })]);
    let named = client.get(&format!(
        "/v1.0/users?$select=id&$filter=userPrincipalName eq '{five}'"
    ));
    assert_eq!(
        named.items(),
        [json!({ "id": "be9c0000-0000-4000-8000-000000000005" })]
    );
    let starts =
        client.get("/v1.0/users?$select=id&$filter=startswith(userPrincipalName,'user299')");
    assert_eq!(starts.items().len(), 11);
    assert_eq!(
        client.get("/v1.0/users?$filter=nickName eq 'a'").status,
        400
    );
    assert_eq!(client.get("/v1.0/users?$filter=id eq").status, 400);
}

#[test]
fn a_count_is_text_after_a_byte_order_mark() {
    let (_server, client) = start(quiet(123));
    assert_eq!(client.get("/v1.0/users/$count").status, 400);
    let reply = client.advanced("/v1.0/users/$count");
    assert_eq!(reply.header("content-type"), Some("text/plain"));
    assert_eq!(String::from_utf8(reply.body).unwrap(), "\u{feff}123");
}

#[test]
fn a_skip_token_belongs_to_its_query_and_ends() {
    let settings = Settings {
        pace: 1000.0,
        skip_token_lifetime: Duration::from_secs(60),
        ..quiet(300)
    };
    let (_server, client) = start(settings);
    let link = client.get("/v1.0/users?$select=id").next_link().unwrap();
    assert_eq!(client.get(&link.replace("$select=id&", "")).status, 400);
    let other = link.rsplit_once('=').unwrap().0.to_owned() + "=abc";
    assert_eq!(client.get(&other).status, 400);
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(client.get(&link).code(), "Directory_ExpiredPageToken");
}

#[test]
fn audit_records_are_filtered_by_service_and_time_and_sorted() {
    let (server, client) = start(quiet(50));
    let all: Vec<Value> = server
        .tenant()
        .rows("auditLogs/directoryAudits")
        .unwrap()
        .items()
        .collect();
    let since = all[100]["activityDateTime"].as_str().unwrap().to_owned();
    let service = "Self-service Password Management";
    let reply = client.get(&format!(
        "/v1.0/auditLogs/directoryAudits?$filter=loggedByService eq '{service}' and activityDateTime ge {since}\
         &$top=1000&$orderby=activityDateTime asc"
    ));
    let items = reply.items();
    assert_eq!(items.len(), 91);
    assert_eq!(items.last(), all.first());
    assert!(items.is_sorted_by_key(|item| item["activityDateTime"].to_string()));
}

#[test]
fn expanding_a_directory_object_gives_twenty_at_most() {
    let (_server, client) = start(quiet(300));
    let group = Tenant::pilot_group();
    let expanded = client.get(&format!("/v1.0/groups/{group}?$expand=members($select=id)"));
    assert_eq!(expanded.json()["members"].as_array().unwrap().len(), 20);
    let members = walk(&client, &format!("/v1.0/groups/{group}/members?$select=id"));
    assert!(members.len() > 80);
    assert_eq!(members[0]["@odata.type"], "#microsoft.graph.group");
    assert_eq!(members[1]["@odata.type"], "#microsoft.graph.user");
    let nested = members[0]["id"].as_str().unwrap();
    let inner = walk(
        &client,
        &format!("/v1.0/groups/{nested}/members?$select=id"),
    );
    let deep = walk(
        &client,
        &format!("/v1.0/groups/{group}/transitiveMembers?$select=id"),
    );
    assert_eq!(deep, [&inner[..], &members[1..]].concat());
}

#[test]
fn the_paths_of_single_objects_lead_somewhere() {
    let (_server, client) = start(quiet(30));
    let id = "be9c0000-0000-4000-8000-000000000006";
    for path in [
        "policies/authorizationPolicy?$select=allowedToUseSSPR",
        "policies/authenticationMethodsPolicy",
        "directory/onPremisesSynchronization",
        "organization?$select=id,onPremisesSyncEnabled",
        "domains",
        "domains/contoso.com",
        "subscribedSkus?$select=skuId",
        "directory/subscriptions",
        "users/user6@contoso.com",
        &format!("users/{id}?$select=id,assignedPlans"),
        "users('be9c0000-0000-4000-8000-000000000006')",
        "groupSettings",
        "groupSettingTemplates/5cf42378-d67d-4f36-ba46-e8b86229381d",
        "identity/conditionalAccess/policies",
        "directoryRoles",
        "directoryRoles(roleTemplateId='62e90394-69f5-4237-9190-012177145e10')/members",
        "roleManagement/directory/roleAssignments?$expand=principal",
        "servicePrincipals(appId='93625bc8-bfe2-437a-97e0-3d0060024faa')/appRoleAssignedTo",
        "servicePrincipals?$filter=appId eq '93625bc8-bfe2-437a-97e0-3d0060024faa'",
        "reports/authenticationMethods/userRegistrationDetails",
        "reports/authenticationMethods/usersRegisteredByFeature()",
        "reports/authenticationMethods/usersRegisteredByFeature(includedUserTypes='all',includedUserRoles='all')",
    ] {
        let reply = client.get(&format!("/v1.0/{path}"));
        assert_eq!(
            reply.status,
            200,
            "{path}: {}",
            String::from_utf8_lossy(&reply.body)
        );
        assert!(reply.json()["@odata.context"].is_string());
        assert!(reply.header("request-id").is_some());
    }
    for (path, status) in [
        ("users/nobody", 404),
        ("domains/contoso.com/federationConfiguration", 404),
        (
            "servicePrincipals(appId='00000000-0000-0000-0000-000000000000')/appRoleAssignedTo",
            404,
        ),
        ("policies/selfServicePasswordResetPolicy", 400),
        ("subscribedSkus?$filter=skuPartNumber eq 'SPB'", 400),
    ] {
        assert_eq!(
            client.get(&format!("/v1.0/{path}")).status,
            status,
            "{path}"
        );
    }
    let beta = "/beta/directory/onPremisesSynchronization";
    let version =
        client.get(beta).items()[0]["configuration"]["synchronizationClientVersion"].clone();
    assert_eq!(version, "2.5.79.0");
    for path in [
        "organization?$select=id,onPremisesLastPasswordSyncDateTime",
        "settings",
        "reports/authenticationMethods/userPasswordResetsAndChangesSummary",
        "reports/authenticationMethods/userEventsSummary",
    ] {
        assert!(
            !client.get(&format!("/beta/{path}")).items().is_empty(),
            "{path}"
        );
        assert_ne!(client.get(&format!("/v1.0/{path}")).status, 200, "{path}");
    }
    assert_eq!(
        client
            .get("/beta/policies/authorizationPolicy/authorizationPolicy")
            .status,
        200
    );
}

#[test]
fn nothing_but_reading_is_answered() {
    let (server, client) = start(quiet(10));
    for method in ["POST", "PATCH", "PUT", "DELETE"] {
        assert_eq!(client.send(method, "/v1.0/users", &[], "{}").status, 405);
    }
    assert!(
        server
            .requests()
            .all()
            .iter()
            .all(|request| request.status == 405)
    );
}

#[test]
fn a_server_without_tls_serves_the_same() {
    let settings = Settings {
        tls: false,
        ..quiet(10)
    };
    let server = Server::start(settings);
    assert!(server.root().starts_with("http://127.0.0.1:"));
    assert_eq!(
        Client::of(&server)
            .get("/v1.0/users?$select=id")
            .items()
            .len(),
        10
    );
}
