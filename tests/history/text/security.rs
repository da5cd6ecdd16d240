//! What the domain controllers write.

use sspr::events::{EventDatum, WindowsEvent};

use crate::history::truth::{Body, Subject, TrueEvent};
use crate::history::{History, Person};

const AUDITING: &str = "Microsoft-Windows-Security-Auditing";
const AUDIT_SUCCESS: u64 = 0x8020_0000_0000_0000;
const AUDIT_FAILURE: u64 = 0x8010_0000_0000_0000;

pub(super) fn security(history: &History, event: &TrueEvent) -> WindowsEvent {
    let mut keywords = AUDIT_SUCCESS;
    let (id, data) = match event.body {
        Body::Set {
            person,
            id,
            by,
            taken,
        } => {
            if !taken {
                keywords = AUDIT_FAILURE;
            }
            let mut data = account(history, person, by);
            if id == 4723 {
                data.push(named("PrivilegeList", "-"));
            }
            (id, data)
        }
        Body::Changed {
            person,
            by,
            password,
        } => (4738, changed(history, event, person, by, password)),
        Body::Unlocked { person, by } => (4767, account(history, person, by)),
        Body::LockedOut(person) => {
            let one = &history.people[person];
            let data = vec![
                named("TargetUserName", &one.account),
                named("TargetDomainName", &format!("PC{:04}", person % 10_000)),
                named("TargetSid", &sid(one)),
                named("SubjectUserSid", "S-1-5-18"),
                named("SubjectUserName", "DC01$"),
                named("SubjectDomainName", one.domain),
                named("SubjectLogonId", "0x3e7"),
            ];
            (4740, data)
        }
        Body::SignIn(person, id) => (id, sign_in(&history.people[person], id)),
        _ => (0, Vec::new()),
    };
    WindowsEvent {
        provider: AUDITING.into(),
        id: u32::from(id),
        record: Some(event.record),
        time: Some(event.shown),
        computer: Some(event.machine.name(history.options.two_domains).into()),
        channel: Some("Security".into()),
        level: Some(0),
        keywords: Some(keywords),
        data,
        ..WindowsEvent::default()
    }
}

fn named(name: &str, value: &str) -> EventDatum {
    EventDatum {
        name: Some(name.into()),
        value: value.to_owned(),
    }
}

fn sid(person: &Person) -> String {
    let domain = if person.domain == "CONTOSO" {
        "1004336348-1177238915-682003330"
    } else {
        "2004336348-2177238915-182003330"
    };
    format!("S-1-5-21-{domain}-{}", person.rid)
}

/// Whose account, and who did it.
fn account(history: &History, person: usize, by: Subject) -> Vec<EventDatum> {
    let one = &history.people[person];
    let (who, whose_sid) = match by {
        Subject::Connector(server) => (
            server.connector_account().to_owned(),
            format!(
                "S-1-5-21-1004336348-1177238915-682003330-{}",
                1_090 + server.index()
            ),
        ),
        Subject::Helpdesk(number) => (
            format!("helpdesk{number}"),
            format!(
                "S-1-5-21-1004336348-1177238915-682003330-{}",
                1_050 + usize::from(number)
            ),
        ),
        Subject::Own => (one.account.clone(), sid(one)),
    };
    let domain = match by {
        Subject::Own => one.domain,
        _ => "CONTOSO",
    };
    vec![
        named("TargetUserName", &one.account),
        named("TargetDomainName", one.domain),
        named("TargetSid", &sid(one)),
        named("SubjectUserSid", &whose_sid),
        named("SubjectUserName", &who),
        named("SubjectDomainName", domain),
        named("SubjectLogonId", "0x3e7a1"),
    ]
}

fn changed(
    history: &History,
    event: &TrueEvent,
    person: usize,
    by: Subject,
    password: bool,
) -> Vec<EventDatum> {
    let mut data = vec![named("Dummy", "-")];
    data.extend(account(history, person, by));
    let set = event.shown.format("%-m/%-d/%Y %-I:%M:%S %p").to_string();
    for name in [
        "PrivilegeList",
        "SamAccountName",
        "DisplayName",
        "UserPrincipalName",
        "HomeDirectory",
        "HomePath",
        "ScriptPath",
        "ProfilePath",
        "UserWorkstations",
        "PasswordLastSet",
        "AccountExpires",
        "PrimaryGroupId",
        "AllowedToDelegateTo",
        "OldUacValue",
        "NewUacValue",
        "UserAccountControl",
        "UserParameters",
        "SidHistory",
        "LogonHours",
    ] {
        let value = if password && name == "PasswordLastSet" {
            &set
        } else {
            "-"
        };
        data.push(named(name, value));
    }
    data
}

fn sign_in(person: &Person, id: u16) -> Vec<EventDatum> {
    let mut data = vec![named("TargetUserName", &person.account)];
    match id {
        4624 => data.extend([
            named("TargetUserSid", &sid(person)),
            named("TargetDomainName", person.domain),
            named("LogonType", "2"),
            named("AuthenticationPackageName", "Negotiate"),
            named("IpAddress", "192.0.2.17"),
        ]),
        4768 => data.extend([
            named("TargetDomainName", person.domain),
            named("TargetSid", &sid(person)),
            named("ServiceName", "krbtgt"),
            named("Status", "0x0"),
            named("IpAddress", "::ffff:192.0.2.17"),
        ]),
        _ => data.extend([named("Workstation", "PC0017"), named("Status", "0x0")]),
    }
    data
}
