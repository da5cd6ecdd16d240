//! Contoso: did the walkthrough, and made its classic mistakes.

use chrono::Duration;
use serde_json::json;
use uuid::Uuid;

use super::domain::Domain;
use super::folder::{Collection, Folder, subject};
use super::gpo::{self, Gpo};
use super::graph::{self, Cloud};
use super::host::{Host, Shell};
use super::json::{Style, print};
use super::log::{self, Dice, Kind, Operation, Outcome};
use super::portal::{self, Blade};
use super::server::Server;
use super::tenant::{
    BUSINESS_PREMIUM, BUSINESS_STANDARD, Person, Tenant, before, collected, id, names,
};

pub(super) fn folder() -> Folder {
    let mut tenant = tenant();
    let mut dice = Dice::new(20_261_120);
    let mut operations = log::everyday(&tenant, 96, &mut dice, |person| {
        person.methods == BOTH && person.ou != Some(WORKSHOP)
    });
    operations.extend(refused(&tenant));
    operations.sort_by_key(|operation| operation.at);
    log::settle(&mut tenant, &operations);

    let mut folder = Folder::default();
    folder.add("attested.toml", attested(&tenant));
    let cloud = Cloud {
        admins_allowed: false,
        migration: "preMigration",
        methods: &["MicrosoftAuthenticator", "Sms"],
        custom_list: false,
        policies: vec![json!({
            "id": id(0x5abc, 0x20, 1), "displayName": "Registration from compliant devices", "state": "enabled",
            "conditions": {
                "clientAppTypes": ["all"], "users": { "includeUsers": ["All"], "excludeUsers": [] },
                "applications": { "includeApplications": [], "includeUserActions": ["urn:user:registersecurityinfo"] },
                "locations": null
            },
            "grantControls": { "operator": "OR", "builtInControls": ["compliantDevice"] }
        })],
        operations: &operations,
    };
    graph::collection(&tenant, &cloud).into_folder(&mut folder, "graph");
    let blade = Blade {
        methods_required: 1,
        email: true,
        mobile_phone: true,
        app_notification: true,
        notify_admins: false,
        helpdesk: Some(""),
        unlock: true,
    };
    portal_files(&tenant, &blade).into_folder(&mut folder, "portal");

    let active = server("aadc01", Shell::Windows, false);
    let mut collection = Collection::new("by hand", tenant.collected);
    active.tell(&mut collection, &tenant);
    let host = tenant.host("aadc01");
    collection.add(
        "log/application.evtx",
        "wevtutil epl Application",
        subject(sspr::evidence::SubjectType::Host, &host),
        log::application(&tenant, &host, &operations, Some(before(&tenant, 9, 4, 30))),
    );
    collection.into_folder(&mut folder, "aadc01");

    let mut collection = Collection::new("sspr collect script", tenant.collected);
    server("aadc02", Shell::Core, true).tell(&mut collection, &tenant);
    // Writing to memory cannot fail; the archive is missing, and a test fails, if it does.
    let _ = collection.into_zip(&mut folder, "aadc02.zip");

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

/// The blade's two answers, with a manifest that says when they were saved.
pub(super) fn portal_files(tenant: &Tenant, blade: &Blade) -> Collection {
    let mut portal = Collection::new("browser", tenant.collected).of(tenant);
    let about = subject(sspr::evidence::SubjectType::Tenant, tenant.name);
    for (name, value) in [
        (
            "PasswordResetPolicies",
            portal::reset_policies(tenant, blade),
        ),
        (
            "OnPremisesPasswordResetPolicies",
            portal::on_premises_policies(blade),
        ),
    ] {
        portal.add(
            &format!("{name}.json"),
            &format!("Entra admin center > Password reset: {name}"),
            about.clone(),
            print(&value, Style::Pretty),
        );
    }
    portal
}

fn attested(tenant: &Tenant) -> String {
    let at = before(tenant, 0, 0, 30).format("%Y-%m-%dT%H:%M:%SZ");
    let tested = before(tenant, 2, 1, 12).format("%Y-%m-%dT%H:%M:%SZ");
    format!(
        "schema = \"sspr-attested/1\"\n\n\
         [[fact]]\nwhat = \"signIn.type\"\nvalue = \"passwordHashSync\"\nby = \"admin@contoso.com\"\nat = {at}\n\
         where = \"Entra admin center > Entra Connect > Connect Sync\"\n\n\
         [[fact]]\nwhat = \"cloudSync.agents\"\nvalue = []\nby = \"admin@contoso.com\"\nat = {at}\n\
         where = \"Entra admin center > Entra Connect > Cloud Sync > Agents\"\n\n\
         [[fact]]\nwhat = \"test.user\"\nvalue = \"jdoe@contoso.com\"\nby = \"admin@contoso.com\"\nat = {at}\n\n\
         [[fact]]\nwhat = \"test.reset\"\nvalue = {tested}\nuser = \"jdoe@contoso.com\"\nby = \"admin@contoso.com\"\nat = {at}\n\
         where = \"https://passwordreset.microsoftonline.com\"\n"
    )
}

fn server(name: &'static str, shell: Shell, staging: bool) -> Server {
    Server {
        host: Host {
            name,
            shell,
            os: "Microsoft Windows Server 2019 Standard",
            build: 17_763,
            dotnet: 528_049,
            controller: false,
        },
        version: "2.5.79.0",
        staging,
        certificate: None,
        security_policy: false,
    }
}

fn domain() -> Domain {
    Domain {
        host: Host {
            name: "dc01",
            shell: Shell::Core,
            os: "Microsoft Windows Server 2019 Standard",
            build: 17_763,
            dotnet: 528_049,
            controller: true,
        },
        minimum_age: 1,
        minimum_length: 10,
        gpos: vec![
            // Came with a security baseline, and wins over what the walkthrough set to 0.
            Gpo {
                id: "{5ABC0030-0000-4000-8000-000000000001}",
                name: "Domain Security Baseline",
                settings: vec![("MinimumPasswordAge", 1)],
                linked: "",
            },
            gpo::default_domain(0, 10),
            gpo::default_controllers(),
            // Was to give the workshop shorter passwords, and does not.
            Gpo {
                id: "{5ABC0030-0000-4000-8000-000000000002}",
                name: "Workshop Passwords",
                settings: vec![("MinimumPasswordLength", 6), ("PasswordComplexity", 0)],
                linked: "/Staff/Production/Workshop",
            },
        ],
        controllers: &[
            ("dc01", "Windows Server 2019 Standard", "10.0 (17763)"),
            ("dc02", "Windows Server 2016 Standard", "10.0 (14393)"),
        ],
        protection: false,
        blocked: &[WORKSHOP],
        gpupdate: true,
    }
}

/// What was refused: second resets on one day, with the first one before each, and resets in the
/// container where the grants do not reach.
fn refused(tenant: &Tenant) -> Vec<Operation> {
    let failures = [
        ("jdoe", 12, Kind::Reset, Outcome::Policy),
        ("gdoe", 8, Kind::Reset, Outcome::Policy),
        ("ndoe", 6, Kind::Change, Outcome::Policy),
        ("rdoe", 3, Kind::Reset, Outcome::Policy),
        ("idoe", 16, Kind::Reset, Outcome::Denied),
        ("idoe", 15, Kind::Reset, Outcome::Denied),
        ("groe", 13, Kind::Reset, Outcome::Denied),
        ("sroe", 9, Kind::Change, Outcome::Denied),
        ("epoe", 5, Kind::Reset, Outcome::Denied),
        ("epoe", 4, Kind::Reset, Outcome::Denied),
        ("qpoe", 2, Kind::Reset, Outcome::Denied),
    ];
    let mut operations = Vec::new();
    for (number, (user, days, kind, outcome)) in failures.into_iter().enumerate() {
        let at = before(tenant, days, -3, 0) + Duration::seconds(41);
        let mut add = |at, tracking, kind, outcome| {
            operations.push(Operation {
                at,
                tracking,
                user: user.to_owned(),
                kind,
                outcome,
            });
        };
        if outcome == Outcome::Policy {
            let first = at - Duration::minutes(50);
            add(first, id(0x5abc, 0x15, number), Kind::Reset, Outcome::Done);
        }
        add(at, id(0x5abc, 0x14, number), kind, outcome);
    }
    operations
}

/// Does not inherit the grants of the connector account.
const WORKSHOP: &str = "OU=Workshop,OU=Production,OU=Staff";

/// What the pilot group was told to register.
const BOTH: &[&str] = &["mobilePhone", "email"];

/// Where people live.
const OUS: [&str; 3] = [
    "OU=Sales,OU=Staff",
    "OU=Production,OU=Staff",
    "OU=Office,OU=Staff",
];

fn tenant() -> Tenant {
    let mut tenant = Tenant {
        id: id(0xc017, 0, 1),
        name: "contoso",
        collected: collected(),
        everybody: false,
        pilot_group: id(0xc017, 2, 1),
        people: Vec::new(),
        products: vec![(&BUSINESS_PREMIUM, 100), (&BUSINESS_STANDARD, 40)],
    };
    for (index, name) in names(120).into_iter().enumerate() {
        let pilot = index % 5 != 0;
        tenant.people.push(Person {
            id: person_id(index),
            upn: format!("{name}@contoso.com"),
            name,
            ou: if index % 12 == 8 {
                Some(WORKSHOP)
            } else {
                OUS.get(index % OUS.len()).copied()
            },
            enabled: index % 29 != 28,
            guest: false,
            admin: false,
            product: match index % 10 {
                0..=6 => Some(&BUSINESS_PREMIUM),
                7 | 8 => Some(&BUSINESS_STANDARD),
                _ => None,
            },
            pilot,
            methods: match index {
                // Some took the app and nothing else.
                _ if pilot && index % 11 == 4 => &["microsoftAuthenticatorPush"],
                _ if pilot && index % 4 != 3 => BOTH,
                _ => &[],
            },
            // The first digits may not follow the country code without a blank.
            phone: (index % 40 == 6).then_some("+14255550123"),
            password_set: before(
                &tenant,
                3 + i64::try_from(index).unwrap_or_default() % 200,
                2,
                0,
            ),
        });
    }
    // Two changed their password on the day of the collection: the minimum age holds them.
    for (name, hours) in [("bdoe", 2), ("ydoe", 20)] {
        let at = before(&tenant, 0, hours, 0);
        for person in tenant
            .people
            .iter_mut()
            .filter(|person| person.name == name)
        {
            person.password_set = at;
        }
    }
    for (number, (name, guest)) in [("admin", false), ("breakglass", false), ("partner", true)]
        .into_iter()
        .enumerate()
    {
        tenant.people.push(Person {
            id: person_id(900 + number),
            name: name.to_owned(),
            upn: if guest {
                format!("{name}_fabrikam.com#EXT#@contoso.onmicrosoft.com")
            } else {
                format!("{name}@contoso.com")
            },
            ou: None,
            enabled: true,
            guest,
            admin: !guest,
            product: (name == "admin").then_some(&BUSINESS_PREMIUM),
            pilot: false,
            methods: if name == "admin" {
                &["microsoftAuthenticatorPush", "mobilePhone"]
            } else {
                &[]
            },
            phone: None,
            password_set: before(&tenant, 90, 0, 0),
        });
    }
    tenant
}

fn person_id(number: usize) -> Uuid {
    id(0xc017, 1, number)
}
