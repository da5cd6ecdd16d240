//! Events and records in the words in which Windows and the cloud write them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use sspr::events::{EventDatum, WindowsEvent};
use sspr::roundtrip::Kind;

use super::clocks::Machine;
use super::dice::guid;
use super::failures::Failure;
use super::truth::{Answer, Body, Engine, Subject, TrueEvent, TrueOperation};
use super::{History, Item, Person};

/// The provider of the writeback service.
const SERVICE: &str = "PasswordResetService";
const ENGINE: &str = "ADSync";
const HASHES: &str = "Directory Synchronization";
const AUDITING: &str = "Microsoft-Windows-Security-Auditing";
const NAMESPACE: &str = "ssprsbn-0123.servicebus.windows.net";
const VERSION: &str = "5.0.523.0";
const CLASSIC: u64 = 0x0080_0000_0000_0000;
const AUDIT_SUCCESS: u64 = 0x8020_0000_0000_0000;
const AUDIT_FAILURE: u64 = 0x8010_0000_0000_0000;

impl Machine {
    /// The name that its events carry, in a forest of one domain or of two.
    pub fn name(self, two_domains: bool) -> &'static str {
        match self {
            Self::First => "aadc01.contoso.com",
            Self::Second => "aadc02.contoso.com",
            Self::Controller(0) => "dc01.contoso.com",
            Self::Controller(1) => "dc02.contoso.com",
            Self::Controller(_) if two_domains => "dc01.fabrikam.com",
            Self::Controller(_) => "dc03.contoso.com",
            Self::Cloud => "cloud",
        }
    }

    /// The account with which the server's connector writes.
    pub fn connector_account(self) -> &'static str {
        match self {
            Self::Second => "MSOL_89abcdef0123",
            _ => "MSOL_0123456789ab",
        }
    }
}

/// What an event says, in full.
pub(super) fn item(history: &History, event: &TrueEvent, number: usize) -> Item {
    match event.body {
        Body::Closing(_)
        | Body::Progress { .. }
        | Body::Directory { .. }
        | Body::Registered(..)
        | Body::Enabled => Item::Audit(Box::new(audit(history, event, number))),
        Body::Set { .. }
        | Body::Changed { .. }
        | Body::Unlocked { .. }
        | Body::LockedOut(_)
        | Body::SignIn(..) => Item::Event(Box::new(security(history, event))),
        _ => Item::Event(Box::new(application(history, event))),
    }
}

fn application(history: &History, event: &TrueEvent) -> WindowsEvent {
    let tracked = |of: usize, text: String| {
        let operation = &history.operations[of];
        if operation.untracked {
            text
        } else {
            format!("TrackingId: {}, {text}", guid(history.seed(), 2, of))
        }
    };
    let (provider, id, level, text) = match event.body {
        Body::Start(of) => {
            let (id, token) = match service_kind(&history.operations[of]) {
                Kind::Change => (31006, "ChangePasswordRequestStart"),
                Kind::AdminReset => (31009, "ResetUserPasswordByAdminStart"),
                _ => (31001, "PasswordResetRequestStart"),
            };
            let upn = &history.person_of(of).upn;
            (
                SERVICE,
                id,
                4,
                tracked(of, format!("{token}, Details: {upn}")),
            )
        }
        Body::Success(of) => {
            let (id, word) = service_words(&history.operations[of]);
            let text = format!(
                "{word}Success, Details: Context: {}",
                context(history, of, true)
            );
            (SERVICE, id + 1, 4, tracked(of, text))
        }
        Body::Fail(of) => {
            let (id, word) = service_words(&history.operations[of]);
            let text = format!(
                "{word}Fail, Details: Context: {}",
                context(history, of, false)
            );
            (SERVICE, id + 2, 2, tracked(of, text))
        }
        Body::Cause(of) => match history.operations[of].failure {
            Some(failure) => (
                SERVICE,
                failure.id,
                2,
                tracked(of, cause(history, of, failure)),
            ),
            None => (SERVICE, 32000, 2, tracked(of, "Details: ".into())),
        },
        Body::Engine(of, how) => (ENGINE, 6329, 2, engine(history, of, how)),
        Body::Chatter(id) if id == 403 => (ENGINE, id, 4, "LogonUser succeeded.".to_owned()),
        Body::Chatter(id) => (ENGINE, id, 4, "ldap_bind succeeded.".to_owned()),
        Body::Boarding(of, id) => (SERVICE, id, 4, tracked(of, service(id))),
        Body::Service(id, number) => {
            let level = if id > 31016 && id != 31019 { 2 } else { 4 };
            let text = service(id);
            let text = format!("TrackingId: {}, {text}", guid(history.seed(), 3, number));
            (SERVICE, id, level, text)
        }
        Body::HashRequest(person) => {
            let Person { anchor, .. } = &history.people[person];
            let at = event.shown.format("%m/%d/%Y %H:%M:%S");
            let dn = dn(&history.people[person]);
            let text =
                format!("Password Change Request - Anchor: {anchor}, Dn: {dn}, Change Date: {at}");
            (HASHES, 656, 4, text)
        }
        Body::HashResult(person) => {
            let Person { anchor, domain, .. } = &history.people[person];
            let dn = dn(&history.people[person]);
            let text = if person % 2 == 0 {
                format!("Password Change Result - Anchor: {anchor}, Dn: {dn}, Result: Success.")
            } else {
                format!(
                    "Password Change Result - Anchor : {anchor}, Dn : {dn}, PwdChangeOnLogon=False, Result : Success.\n\n\
                     <forest-info>\n  <partition-name>{domain}.COM</partition-name>\n  <connector-id>b891884f-051e-4a83-95af-254400000001</connector-id>\n</forest-info>"
                )
            };
            (HASHES, 657, 4, text)
        }
        _ => (SERVICE, 0, 4, String::new()),
    };
    WindowsEvent {
        provider: provider.into(),
        id: u32::from(id),
        record: Some(event.record),
        time: Some(event.shown),
        computer: Some(event.machine.name(history.options.two_domains).into()),
        channel: Some("Application".into()),
        level: Some(level),
        keywords: Some(CLASSIC),
        data: vec![EventDatum {
            name: None,
            value: text,
        }],
        ..WindowsEvent::default()
    }
}

/// What the service takes an operation for.
fn service_kind(operation: &TrueOperation) -> Kind {
    if operation.own {
        Kind::AdminReset
    } else {
        operation.kind
    }
}

/// The first id of the three, and the word in their texts.
fn service_words(operation: &TrueOperation) -> (u16, &'static str) {
    match service_kind(operation) {
        Kind::Change => (31006, "ChangePassword"),
        Kind::AdminReset => (31009, "ResetUserPasswordByAdmin"),
        _ => (31001, "PasswordReset"),
    }
}

fn context(history: &History, of: usize, success: bool) -> String {
    let operation = &history.operations[of];
    let Person {
        id, anchor, upn, ..
    } = history.person_of(of);
    let head = format!("cloudAnchor: User_{id}, SourceAnchorValue: {anchor}");
    match service_kind(operation) {
        Kind::AdminReset if success => {
            let admin = admin(history, of);
            let forced = if operation.own { "False" } else { "True" };
            format!(
                "{head}, AdminUpn: {admin}, UserPrincipalName: {upn}, ForcePasswordChange: {forced}"
            )
        }
        Kind::Reset | Kind::Unlock if success => {
            let unlock = if operation.unlock { "True" } else { "False" };
            format!("{head}, UserPrincipalName: {upn}, unblockUser: {unlock}")
        }
        _ => format!("{head}, UserPrincipalName: {upn}"),
    }
}

fn admin(history: &History, of: usize) -> String {
    let operation = &history.operations[of];
    if operation.own {
        history.person_of(of).upn.clone()
    } else {
        format!("helpdesk{}@contoso.com", operation.admin)
    }
}

fn cause(history: &History, of: usize, failure: &Failure) -> String {
    let Some(code) = failure.code else {
        return format!("{}, Details: Version: {VERSION}", failure.text);
    };
    let text = failure.text;
    let stop = if text.ends_with('.') { "" } else { "." };
    let reason =
        format!("Synchronization Engine returned an error hr={code}, message={text}{stop}");
    let context = context(history, of, false);
    let mut message = if code == "80004005" {
        // As it was seen: no period, and no comma behind the anchor.
        let context = context.replace(", UserPrincipalName", " UserPrincipalName");
        format!(
            "Reason: Synchronization Engine returned an error hr={code}, message={text}, Context: {context}, Details: "
        )
    } else if code == "80230818" {
        let context = context.replace("cloudAnchor: ", "cloudAnchor:");
        format!("Reason: {reason}, Context: {context}, Details: ")
    } else {
        format!("Reason: {reason}, Context: {context}, Details: ")
    };
    message +=
        "Microsoft.CredentialManagement.OnPremisesPasswordReset.Shared.PasswordResetException: ";
    message += &reason;
    message += "\n   at AADPasswordReset.SynchronizationEngineManagedHandle.ThrowSyncEngineError(Int32 hr)";
    message += match service_kind(&history.operations[of]) {
        Kind::Change => {
            "\n   at AADPasswordReset.SynchronizationEngineManagedHandle.ChangePassword(String cloudAnchor, String sourceAnchor, String oldPassword, String newPassword)"
        }
        _ => "",
    };
    message
}

fn engine(history: &History, of: usize, how: Engine) -> String {
    let head = "An unexpected error has occurred during a password set operation.";
    let failure = history.operations[of].failure;
    let (code, text) = failure
        .map(|failure| (failure.code.unwrap_or("80004005"), failure.text))
        .unwrap_or_default();
    match how {
        Engine::Same if code == "80230405" => {
            let id = &history.person_of(of).id;
            format!(
                "{head}\n \"ERR_: MMS(7720): ..\\ObjectSearcher.cpp(461): AD Object is not present.\n\
                 BAIL: MMS(7720): ..\\ObjectSearcher.cpp(491): 0x80230405 ({text}):\nNo password writeback targets found.\n\
                 AAD anchor = User_{id}Azure AD Sync 2.5.79.0\""
            )
        }
        Engine::Same => format!(
            "{head}\n\"BAIL: MMS(5716): ..\\server.cpp(11139): 0x{code} ({text})\nAzure AD Sync 2.5.79.0\""
        ),
        Engine::Phrase if code == "80230626" => format!(
            "ERR_: MMS(1234): admaexport.cpp(2944): Failed to acquire user information: Contoso\\{}. Error Code: ERROR_ACCESS_DENIED",
            Machine::First.connector_account()
        ),
        Engine::Phrase => {
            "MMS(3040): admaexport.cpp(2837): The server doesn't contain the LDAP password policy control."
                .to_owned()
        }
        Engine::Other => format!(
            "{head}\n\"BAIL: MMS(5716): ..\\server.cpp(11139): 0x80004005 (Unspecified error)\nAzure AD Sync 2.5.79.0\""
        ),
    }
}

/// The texts of the service's own events.
fn service(id: u16) -> String {
    let text = match id {
        31004 => "OnboardingEventStart",
        31012 => "OffboardingEventStart",
        31013 => "OffboardingEventSuccess",
        32009 => "Error getting auth token",
        32011 => "Onboarding could not reach the password reset service",
        31005 => "OnboardingEventSuccess",
        31015 => "WriteBackServiceStarted",
        31016 => "WriteBackServiceStopped",
        31017 => "Auth token was acquired successfully.",
        31018 => "KeyPairCreationSuccess",
        31019 => {
            return format!(
                "Successfully sent a request to Service Bus. Namespace: {NAMESPACE}, Details: Version: {VERSION}"
            );
        }
        31034 => {
            return format!(
                "The connection to the connect service was lost. Namespace: {NAMESPACE}, Details: Version: {VERSION}"
            );
        }
        31044 => {
            "\nPassword writeback service is not in a healthy state. No serviceHost for service bus endpoints are in\nrunning state. Please refer aka.ms/ssprtroubleshoot"
        }
        32001 => "\nCouldn't connect to any service bus endpoint(s)",
        _ => "The service bus connection had to be retried.",
    };
    format!("{text}, Details: Version: {VERSION}")
}

fn dn(person: &Person) -> String {
    let Person { name, domain, .. } = person;
    format!("CN={name},OU=Staff,DC={},DC=com", domain.to_lowercase())
}

fn security(history: &History, event: &TrueEvent) -> WindowsEvent {
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

/// A record of the cloud, as Graph gives it.
fn audit(history: &History, event: &TrueEvent, number: usize) -> Value {
    let seed = history.seed();
    let at = event.shown;
    match event.body {
        Body::Closing(of) => closing(history, of, at, number),
        Body::Progress {
            flow,
            person,
            text,
            good,
        } => {
            let upn = &history.people[person].upn;
            let mut record = record(
                history,
                person,
                at,
                number,
                "Self-service password reset flow activity progress",
            );
            record["correlationId"] = guid(seed, 4, flow).into();
            record["initiatedBy"] = by_user(upn);
            record["resultReason"] = text.into();
            record["result"] = if good { "success" } else { "failure" }.into();
            record
        }
        Body::Directory { flow, person } => {
            let mut record = record(history, person, at, number, "Reset user password");
            record["correlationId"] = guid(seed, 5, flow).into();
            record["loggedByService"] = "Core Directory".into();
            record["initiatedBy"] =
                json!({"user": null, "app": {"displayName": "Microsoft password reset service"}});
            record
        }
        Body::Registered(person, done) => {
            let name = if done {
                "User registered for self-service password reset"
            } else {
                "Security info saved for self-service password reset"
            };
            let upn = &history.people[person].upn;
            let mut record = record(history, person, at, number, name);
            record["initiatedBy"] = by_user(upn);
            record
        }
        _ => {
            let mut record = record(
                history,
                0,
                at,
                number,
                "Enable password writeback for directory",
            );
            record["category"] = "DirectoryManagement".into();
            record["initiatedBy"] = by_user("admin@contoso.com");
            record["targetResources"] = json!([{"id": guid(seed, 6, 0), "type": "Directory"}]);
            record
        }
    }
}

fn closing(history: &History, of: usize, at: DateTime<Utc>, number: usize) -> Value {
    let operation = &history.operations[of];
    let person = operation.person.unwrap_or_default();
    let upn = &history.people[person].upn;
    let name = match (operation.answer, operation.kind) {
        (Answer::Blocked, _) => "Blocked from self-service password reset",
        (_, Kind::Change) => "Change password (self-service)",
        (_, Kind::Unlock) => "Unlock user account (self-service)",
        (_, Kind::AdminReset) => "Reset password (by admin)",
        _ => "Reset password (self-service)",
    };
    let mut record = record(history, person, at, number, name);
    record["correlationId"] = guid(history.seed(), 4, operation.flow).into();
    record["initiatedBy"] = if operation.kind == Kind::AdminReset {
        by_user(&admin(history, of))
    } else {
        by_user(upn)
    };
    let done = match operation.kind {
        Kind::Change => "None",
        _ => "Successfully completed reset.",
    };
    let (result, reason) = match operation.answer {
        Answer::Written | Answer::CloudOnly => ("success", done),
        Answer::OnlyOnPremises => ("success", "OnPremisesSuccessCloudFailure"),
        Answer::Failed(reason) => ("failure", reason),
        Answer::Blocked => ("success", "None"),
    };
    record["result"] = result.into();
    record["resultReason"] = reason.into();
    let agent = match (operation.answer, operation.kind) {
        (Answer::CloudOnly, Kind::AdminReset) => Some("None"),
        (Answer::Written | Answer::OnlyOnPremises, Kind::AdminReset) => {
            Some("Microsoft Entra Connect")
        }
        (Answer::Written | Answer::OnlyOnPremises, _) => Some("AADConnect"),
        _ => None,
    };
    if let Some(agent) = agent {
        record["additionalDetails"] = json!([{"key": "OnPremisesAgent", "value": agent}]);
    }
    record
}

fn record(history: &History, person: usize, at: DateTime<Utc>, number: usize, name: &str) -> Value {
    let Person {
        id,
        upn,
        name: shown,
        ..
    } = &history.people[person];
    json!({
        "id": format!("SSPR_{}_{number}", guid(history.seed(), 7, number)),
        "category": "UserManagement",
        "correlationId": guid(history.seed(), 8, number),
        "result": "success",
        "resultReason": "",
        "activityDisplayName": name,
        "activityDateTime": at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "loggedByService": "Self-service Password Management",
        "operationType": "Update",
        "initiatedBy": null,
        "targetResources": [{"id": id, "displayName": shown, "type": "User", "userPrincipalName": upn,
            "groupType": null, "modifiedProperties": []}],
        "additionalDetails": [],
    })
}

fn by_user(upn: &str) -> Value {
    json!({"app": null, "user": {"userPrincipalName": upn, "ipAddress": "203.0.113.7"}})
}
