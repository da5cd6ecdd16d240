//! Result codes of LDAP and of Active Directory, in words.

use super::message::Outcome;
use crate::error::{Error, ErrorCode};
use crate::evidence::Locator;

/// The operation was done.
pub(super) const SUCCESS: u32 = 0;
/// More was found than the server gives.
pub(super) const SIZE_LIMIT: u32 = 4;
/// The server stopped by itself: its time or its own limit was reached.
pub(super) const STOPPED: [u32; 3] = [3, SIZE_LIMIT, 11];
/// There is no such object, or it may not be seen.
pub(super) const NO_SUCH_OBJECT: u32 = 32;
/// The account lacks a right.
pub(super) const NO_ACCESS: u32 = 50;
const INVALID_CREDENTIALS: u32 = 49;

/// Names of result codes (RFC 4511, appendix A).
const NAMES: &[(u32, &str)] = &[
    (1, "operationsError"),
    (2, "protocolError"),
    (3, "timeLimitExceeded"),
    (4, "sizeLimitExceeded"),
    (7, "authMethodNotSupported"),
    (8, "strongerAuthRequired"),
    (10, "referral"),
    (11, "adminLimitExceeded"),
    (12, "unavailableCriticalExtension"),
    (13, "confidentialityRequired"),
    (16, "noSuchAttribute"),
    (18, "inappropriateMatching"),
    (32, "noSuchObject"),
    (34, "invalidDNSyntax"),
    (48, "inappropriateAuthentication"),
    (49, "invalidCredentials"),
    (50, "insufficientAccessRights"),
    (51, "busy"),
    (52, "unavailable"),
    (53, "unwillingToPerform"),
    (80, "other"),
];

/// What Active Directory's `data` code of a refused bind means, and what to do. The numbers are
/// Windows' own error codes in hexadecimal.
const BIND: &[(&str, &str, &str)] = &[
    (
        "525",
        "there is no such account",
        "write the name as user@domain, DOMAIN\\user, or as a distinguished name",
    ),
    (
        "52e",
        "the name or the password is wrong",
        "check both; each try counts towards a lockout",
    ),
    (
        "530",
        "the account may not sign in at this time",
        "try again inside its logon hours, or use another account",
    ),
    (
        "531",
        "the account may not sign in from this machine",
        "run it on a machine that the account may use, or use another account",
    ),
    (
        "532",
        "the password has expired",
        "change it, or use another account",
    ),
    (
        "533",
        "the account is disabled",
        "use another account, or have it enabled",
    ),
    (
        "701",
        "the account has expired",
        "use another account, or have its end moved",
    ),
    (
        "773",
        "the password must be changed before the next sign-in",
        "sign in once to change it, or use another account",
    ),
    (
        "775",
        "the account is locked out",
        "wait until the lockout ends, or have it unlocked",
    ),
];

/// The name of a result code.
pub(super) fn name(code: u32) -> &'static str {
    NAMES
        .iter()
        .find(|(known, _)| *known == code)
        .map_or("no code that is known here", |(_, name)| name)
}

/// The code with its name and the hexadecimal codes that the server gave with it. Its words are
/// left out: they may hold names, and are written by whoever answers.
pub(super) fn shown(outcome: &Outcome) -> String {
    let mut text = format!("{} {}", outcome.code, name(outcome.code));
    if let Some(code) = win32(&outcome.words) {
        text.push_str(", ");
        text.push_str(code);
    }
    if let Some(code) = data(&outcome.words) {
        text.push_str(", data ");
        text.push_str(code);
    }
    text
}

/// A refused bind.
pub(super) fn bind_refused(outcome: &Outcome, place: Locator) -> Error {
    let shown = shown(outcome);
    let known = data(&outcome.words).filter(|_| outcome.code == INVALID_CREDENTIALS);
    let known = known.and_then(|code| {
        BIND.iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(code))
    });
    let (why, help) = match known {
        Some((_, why, help)) => (*why, Some(*help)),
        None => match outcome.code {
            INVALID_CREDENTIALS => (
                "the name or the password is wrong",
                Some("check both; each try counts towards a lockout"),
            ),
            7 | 48 => (
                "the server takes no simple bind",
                Some("use another domain controller, or the script of `sspr collect script`"),
            ),
            8 | 13 => (
                "the server wants a stronger protection of the connection",
                Some("connect to ldaps://"),
            ),
            51 | 52 => (
                "the server is busy or going down",
                Some("try again, or use another domain controller"),
            ),
            _ => ("the server refused it", None),
        },
    };
    let error = Error::new(
        ErrorCode::Refused,
        place,
        format!("the sign-in was refused: {why} ({shown})"),
    );
    match help {
        Some(help) => error.with_help(help),
        None => error,
    }
}

/// A ticket that was refused.
#[cfg(all(feature = "gssapi", unix))]
pub(super) fn kerberos_refused(outcome: &Outcome, place: Locator) -> Error {
    let (why, help) = match (outcome.code, win32(&outcome.words), account(outcome)) {
        // SEC_E_BAD_BINDINGS
        (_, Some("80090346"), _) => (
            "it is not tied to the TLS connection as the server demands",
            "connect to the domain controller itself; something in between ends TLS with another certificate",
        ),
        (_, _, Some((_, why, help))) => (*why, *help),
        (INVALID_CREDENTIALS, ..) => (
            "the server does not take the ticket",
            "get a new one with `kdestroy` and `kinit`, and compare this machine's clock with the server's",
        ),
        (7, ..) => (
            "the server takes no Kerberos",
            "sign in with a password, or use another domain controller",
        ),
        (8 | 13, ..) => (
            "the server takes no Kerberos under TLS without a protection of its own",
            "sign in with a password",
        ),
        (51 | 52, ..) => (
            "the server is busy or going down",
            "try again, or use another domain controller",
        ),
        _ => ("the server refused it", "sign in with a password"),
    };
    let shown = shown(outcome);
    Error::new(
        ErrorCode::Refused,
        place,
        format!("the sign-in by Kerberos was refused: {why} ({shown})"),
    )
    .with_help(help)
}

/// What is known of the account by the `data` code of a refused bind; nothing about passwords.
#[cfg(all(feature = "gssapi", unix))]
fn account(outcome: &Outcome) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let code = data(&outcome.words).filter(|_| outcome.code == INVALID_CREDENTIALS)?;
    let mut known = BIND.iter().filter(|(known, ..)| *known != "52e");
    known.find(|(known, ..)| known.eq_ignore_ascii_case(code))
}

/// A refused search.
pub(super) fn search_refused(outcome: &Outcome, place: Locator) -> Error {
    let help = match outcome.code {
        1 => Some("the server does not take this account as signed in; check its rights"),
        10 => Some("this base is held by another server; name that one"),
        12 => Some("the server lacks a control that is needed; is it an Active Directory server?"),
        34 => Some("write the base as a distinguished name, such as OU=Staff,DC=contoso,DC=com"),
        51 | 52 => Some("resume the run (--resume), or use another domain controller"),
        _ => None,
    };
    let error = Error::new(
        ErrorCode::Refused,
        place,
        format!("the search was refused ({})", shown(outcome)),
    );
    match help {
        Some(help) => error.with_help(help),
        None => error,
    }
}

/// The eight hexadecimal digits that Active Directory's words begin with.
fn win32(words: &str) -> Option<&str> {
    let (code, _) = words.split_once(':')?;
    (code.len() == 8 && code.chars().all(|c| c.is_ascii_hexdigit())).then_some(code)
}

/// The hexadecimal digits behind `data`.
fn data(words: &str) -> Option<&str> {
    let (_, rest) = words.split_once("data ")?;
    let end = rest
        .find(|c: char| !c.is_ascii_hexdigit())
        .unwrap_or(rest.len());
    rest.get(..end)
        .filter(|code| (1..=8).contains(&code.len()) && *code != "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(code: u32, words: &str) -> Outcome {
        Outcome {
            code,
            words: words.to_owned(),
        }
    }

    #[test]
    fn the_data_code_says_why_a_bind_was_refused() {
        let words = "80090308: LdapErr: DSID-0C09041C, comment: AcceptSecurityContext error, data 775, v4563\0";
        let error = bind_refused(&outcome(49, words), Locator::Whole);
        assert!(error.message.contains("locked out"), "{error}");
        assert!(
            error
                .message
                .contains("49 invalidCredentials, 80090308, data 775"),
            "{error}"
        );
        assert!(error.help.is_some());
    }

    #[test]
    #[cfg(all(feature = "gssapi", unix))]
    fn a_ticket_is_refused_for_its_own_reasons() {
        let said = |code, words: &str| kerberos_refused(&outcome(code, words), Locator::Whole);
        let bindings = "80090346: LdapErr: DSID-0C0906B0, comment: AcceptSecurityContext error, data 80090346, v4563";
        assert!(said(49, bindings).message.contains("tied to the TLS"));
        let disabled = "80090308: LdapErr: comment: AcceptSecurityContext error, data 533, v4563";
        assert!(said(49, disabled).message.contains("disabled"));
        let wrong = "8009030C: LdapErr: comment: AcceptSecurityContext error, data 52e, v4563";
        let error = said(49, wrong);
        assert!(
            error.message.contains("does not take the ticket"),
            "{error}"
        );
    }

    #[test]
    fn the_servers_words_are_never_repeated() {
        let words = "\x1b[2J<b>jdoe</b> data: nothing; 0000052D";
        let error = bind_refused(&outcome(49, words), Locator::Whole);
        assert_eq!(
            error.message,
            "the sign-in was refused: the name or the password is wrong (49 invalidCredentials)"
        );
        let error = search_refused(&outcome(1_000, words), Locator::Whole);
        assert!(!error.message.contains("jdoe"));
    }
}
