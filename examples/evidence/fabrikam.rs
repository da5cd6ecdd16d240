//! Fabrikam: everything is right.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::contoso::portal_files;
use super::domain::Domain;
use super::folder::{Collection, Folder, subject};
use super::gpo;
use super::graph::{self, Cloud};
use super::host::{Host, Shell};
use super::log::{self, Dice};
use super::portal::Blade;
use super::server::Server;
use super::tenant::{BUSINESS_PREMIUM, Person, Tenant, before, collected, id, names};

pub(super) fn folder() -> Folder {
    let mut tenant = tenant();
    let operations = log::everyday(&tenant, 42, &mut Dice::new(7), |_| true);
    log::settle(&mut tenant, &operations);
    let mut folder = Folder::default();
    folder.add("attested.toml", attested(&tenant));
    let cloud = Cloud {
        admins_allowed: true,
        migration: "migrationComplete",
        methods: &[
            "Email",
            "Fido2",
            "MicrosoftAuthenticator",
            "Sms",
            "SoftwareOath",
        ],
        custom_list: true,
        policies: vec![json!({
            "id": id(0x5abc, 0x20, 2), "displayName": "Strong sign-in for administrators", "state": "enabled",
            "conditions": {
                "clientAppTypes": ["all"],
                "users": { "includeUsers": [], "includeRoles": ["62e90394-69f5-4237-9190-012177145e10"], "excludeUsers": [] },
                "applications": { "includeApplications": ["All"], "includeUserActions": [] },
                "locations": null
            },
            "grantControls": { "operator": "OR", "builtInControls": ["mfa"] }
        })],
        operations: &operations,
    };
    graph::collection(&tenant, &cloud).into_folder(&mut folder, "graph");
    let blade = Blade {
        methods_required: 2,
        email: false,
        mobile_phone: false,
        app_notification: false,
        notify_admins: true,
        helpdesk: Some("https://helpdesk.fabrikam.com"),
        unlock: true,
    };
    portal_files(&tenant, &blade).into_folder(&mut folder, "portal");

    let mut collection = Collection::new("sspr collect script", tenant.collected);
    server().tell(&mut collection, &tenant);
    let host = tenant.host("sync01");
    collection.add(
        "log/application.evtx",
        "wevtutil epl Application",
        subject(sspr::evidence::SubjectType::Host, &host),
        log::application(&tenant, &host, &operations, None),
    );
    collection.into_folder(&mut folder, "sync01");

    let mut collection = Collection::new("sspr collect script", tenant.collected);
    domain().tell(&mut collection, &tenant);
    let host = tenant.host("dc01");
    collection.add(
        "log/security.evtx",
        "wevtutil epl Security",
        subject(sspr::evidence::SubjectType::Host, &host),
        log::security(&tenant, &host, &operations),
    );
    collection.into_folder(&mut folder, "dc01");
    folder
}

fn attested(tenant: &Tenant) -> String {
    let at = before(tenant, 0, 0, 30).format("%Y-%m-%dT%H:%M:%SZ");
    format!(
        "schema = \"sspr-attested/1\"\n\n\
         [[fact]]\nwhat = \"signIn.type\"\nvalue = \"passwordHashSync\"\nby = \"admin@fabrikam.com\"\nat = {at}\n\
         where = \"Entra admin center > Entra Connect > Connect Sync\"\n\n\
         [[fact]]\nwhat = \"cloudSync.agents\"\nvalue = []\nby = \"admin@fabrikam.com\"\nat = {at}\n\
         where = \"Entra admin center > Entra Connect > Cloud Sync > Agents\"\n"
    )
}

fn server() -> Server {
    Server {
        host: Host {
            name: "sync01",
            shell: Shell::Core,
            os: "Microsoft Windows Server 2022 Standard",
            build: 20_348,
            dotnet: 533_325,
            controller: false,
        },
        version: "2.6.92.0",
        staging: false,
        certificate: "2046-10-05T07:30:00Z".parse::<DateTime<Utc>>().ok(),
        security_policy: true,
    }
}

fn domain() -> Domain {
    Domain {
        host: Host {
            name: "dc01",
            shell: Shell::Core,
            os: "Microsoft Windows Server 2022 Standard",
            build: 20_348,
            dotnet: 533_325,
            controller: true,
        },
        minimum_age: 0,
        minimum_length: 8,
        gpos: vec![gpo::default_domain(0, 8), gpo::default_controllers()],
        controllers: &[
            ("dc01", "Windows Server 2022 Standard", "10.0 (20348)"),
            ("dc02", "Windows Server 2022 Standard", "10.0 (20348)"),
        ],
        protection: true,
        blocked: &[],
        gpupdate: false,
    }
}

fn tenant() -> Tenant {
    let mut tenant = Tenant {
        id: id(0xfab0, 0, 1),
        name: "fabrikam",
        collected: collected(),
        everybody: true,
        pilot_group: id(0xfab0, 2, 1),
        people: Vec::new(),
        products: vec![(&BUSINESS_PREMIUM, 80)],
    };
    for (index, name) in names(64).into_iter().enumerate() {
        tenant.people.push(Person {
            id: id(0xfab0, 1, index),
            upn: format!("{name}@fabrikam.com"),
            name,
            ou: Some("OU=People"),
            enabled: true,
            guest: false,
            admin: false,
            product: Some(&BUSINESS_PREMIUM),
            pilot: false,
            methods: &[
                "microsoftAuthenticatorPush",
                "softwareOneTimePasscode",
                "mobilePhone",
            ],
            phone: Some("+1 4255550123"),
            password_set: before(&tenant, 3 + i64::try_from(index).unwrap_or_default(), 2, 0),
        });
    }
    tenant.people.push(Person {
        id: id(0xfab0, 1, 900),
        name: "admin".to_owned(),
        upn: "admin@fabrikam.com".to_owned(),
        ou: None,
        enabled: true,
        guest: false,
        admin: true,
        product: Some(&BUSINESS_PREMIUM),
        pilot: false,
        methods: &["microsoftAuthenticatorPush", "email", "mobilePhone"],
        phone: None,
        password_set: before(&tenant, 60, 0, 0),
    });
    tenant
}
