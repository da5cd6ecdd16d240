//! What the servers of Entra Connect write: the service, the engine and hash synchronisation.

use sspr::events::{EventDatum, WindowsEvent};
use sspr::roundtrip::Kind;

use super::admin;
use crate::history::clocks::Machine;
use crate::history::dice::guid;
use crate::history::failures::Failure;
use crate::history::truth::{Body, Engine, TrueEvent, TrueOperation};
use crate::history::{History, Person};

/// The provider of the writeback service.
const SERVICE: &str = "PasswordResetService";
const ENGINE: &str = "ADSync";
const HASHES: &str = "Directory Synchronization";
const NAMESPACE: &str = "ssprsbn-0123.servicebus.windows.net";
const VERSION: &str = "5.0.523.0";
const CLASSIC: u64 = 0x0080_0000_0000_0000;

pub(super) fn application(history: &History, event: &TrueEvent) -> WindowsEvent {
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
