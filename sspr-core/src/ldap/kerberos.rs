//! Signing in by Kerberos: SASL's mechanism GSSAPI (RFC 4752) with the tickets that are there.
//!
//! TLS protects the connection. The sign-in is tied to the server's certificate where that is defined,
//! and no second layer of protection is negotiated: Active Directory takes none under TLS.

use libgssapi::context::{ClientCtx, CtxFlags, SecurityContext as _};
use libgssapi::credential::{Cred, CredUsage};
use libgssapi::error::{Error as Fault, MajorFlags};
use libgssapi::name::Name;
use libgssapi::oid::{GSS_MECH_KRB5, GSS_NT_HOSTBASED_SERVICE, GSS_NT_KRB5_PRINCIPAL, OidSet};

use super::channel;
use super::codes::{self, SUCCESS};
use super::connection::Connection;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// The mechanism's name. GSS-SPNEGO would be taken as well, but decides about layers by itself.
const MECHANISM: &str = "GSSAPI";
/// More is to come.
const IN_PROGRESS: u32 = 14;
/// Kerberos takes three rounds.
const MOST_ROUNDS: usize = 8;
/// The layer that adds no protection (RFC 4752, section 3.1).
const NO_LAYER: u8 = 1;
/// The first of the numbers that libkrb5 gives its errors.
const TABLE: i32 = -1_765_328_384;

/// Signs in. `host` is the domain controller's name in Kerberos, `principal` whose tickets are taken;
/// where it is empty, the first that are there.
pub(super) fn sign_in(connection: &mut Connection, host: &str, principal: &str) -> Result<()> {
    let place = connection.place().clone();
    let failed = |fault: Fault| failed(fault, host, &place);
    let mut context = context(host, principal).map_err(failed)?;
    let bindings = connection.certificate().and_then(channel::server_end_point);
    let first = context.step(None, bindings.as_deref()).map_err(failed)?;
    let mut token = first.map(|token| token.to_vec()).unwrap_or_default();
    let mut layered = false;
    for _ in 0..MOST_ROUNDS {
        let (outcome, answer) = connection.negotiate(MECHANISM, &token)?;
        match outcome.code {
            IN_PROGRESS if layered => break,
            IN_PROGRESS if context.is_complete() => {
                let offer = context.unwrap(&answer).map_err(failed)?;
                let choice = choice(&offer, &place)?;
                token = context.wrap(false, &choice).map_err(failed)?.to_vec();
                layered = true;
            }
            IN_PROGRESS => {
                let next = context.step(Some(&answer), bindings.as_deref());
                let next = next.map_err(failed)?;
                token = next.map(|token| token.to_vec()).unwrap_or_default();
                if context.is_complete() {
                    proven(&context, &place)?;
                }
            }
            SUCCESS if layered => return Ok(()),
            SUCCESS => break,
            _ => return Err(codes::kerberos_refused(&outcome, place)),
        }
    }
    Err(Error::syntax(
        place,
        "the server does not keep to the steps of a sign-in by Kerberos",
    ))
}

fn context(host: &str, principal: &str) -> std::result::Result<ClientCtx, Fault> {
    let who = match principal {
        "" => None,
        name => Some(Name::new(
            with_realm(name).as_bytes(),
            Some(GSS_NT_KRB5_PRINCIPAL),
        )?),
    };
    let kerberos = OidSet::singleton(GSS_MECH_KRB5)?;
    let tickets = Cred::acquire(who.as_ref(), None, CredUsage::Initiate, Some(&kerberos))?;
    let service = format!("ldap@{host}");
    let service = Name::new(service.as_bytes(), Some(GSS_NT_HOSTBASED_SERVICE))?;
    // Integrity is for the messages of the sign-in itself.
    let flags = CtxFlags::GSS_C_MUTUAL_FLAG | CtxFlags::GSS_C_INTEG_FLAG;
    Ok(ClientCtx::new(
        Some(tickets),
        service,
        flags,
        Some(GSS_MECH_KRB5),
    ))
}

/// The realm of a domain is its name in capitals, and Kerberos tells them apart.
fn with_realm(name: &str) -> String {
    match name.rsplit_once('@') {
        Some((user, realm)) => format!("{user}@{}", realm.to_ascii_uppercase()),
        None => name.to_owned(),
    }
}

/// The server has to prove itself too.
fn proven(context: &ClientCtx, place: &Locator) -> Result<()> {
    let flags = context.flags().unwrap_or(CtxFlags::empty());
    if flags.contains(CtxFlags::GSS_C_MUTUAL_FLAG) {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::Refused,
        place.clone(),
        "the server has not proven by Kerberos who it is",
    ))
}

/// The answer to the layers that the server offers: none, and no message that would take one.
fn choice(offer: &[u8], place: &Locator) -> Result<[u8; 4]> {
    match offer {
        [layers, _, _, _] if layers & NO_LAYER != 0 => Ok([NO_LAYER, 0, 0, 0]),
        [_, _, _, _] => Err(Error::new(
            ErrorCode::Refused,
            place.clone(),
            "the server wants a protection of its own under TLS, which is not spoken here",
        )
        .with_help("sign in with a password, or use another domain controller")),
        _ => Err(Error::syntax(
            place.clone(),
            "the server does not say which layers of protection it offers",
        )),
    }
}

/// What the Kerberos library says, and what to do.
fn failed(fault: Fault, host: &str, place: &Locator) -> Error {
    let number = fault.minor.cast_signed().wrapping_sub(TABLE);
    let (message, help) = match number {
        7 => (
            format!("Kerberos knows no directory service on {host}"),
            format!(
                "name the domain controller as Active Directory does (its SPN is ldap/{host}), not an alias \
                 or an address; with `rdns = false` in krb5.conf the name is taken as it is written"
            ),
        ),
        32 => expired(),
        37 => (
            "this machine's clock and the domain controller's differ too much for Kerberos".to_owned(),
            "set this machine's clock; five minutes are allowed".to_owned(),
        ),
        154 | 156 | 220 | 224 => (
            "no Kerberos server of the domain is found".to_owned(),
            "let this machine ask the domain's DNS servers, or name the realm and its `kdc` in krb5.conf"
                .to_owned(),
        ),
        _ if fault.major.contains(MajorFlags::GSS_S_CREDENTIALS_EXPIRED) => expired(),
        141 | 142 | 195 => no_ticket(),
        _ if fault.major.contains(MajorFlags::GSS_S_NO_CRED) => no_ticket(),
        _ => (
            "the sign-in by Kerberos failed".to_owned(),
            "`klist` shows the tickets, and KRB5_TRACE=/dev/stderr in the environment every step"
                .to_owned(),
        ),
    };
    let said = fault.to_string();
    let message = format!("{message} ({})", said.trim());
    Error::new(ErrorCode::Refused, place.clone(), message).with_help(help)
}

fn no_ticket() -> (String, String) {
    (
        "there is no Kerberos ticket".to_owned(),
        "get one with `kinit reader@CONTOSO.COM`; `klist` shows those that are there".to_owned(),
    )
}

fn expired() -> (String, String) {
    (
        "the Kerberos ticket has expired".to_owned(),
        "get a new one with `kinit`".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(major: MajorFlags, number: i32) -> Error {
        let minor = TABLE.wrapping_add(number).cast_unsigned();
        failed(Fault { major, minor }, "dc01.contoso.com", &Locator::Whole)
    }

    #[test]
    fn each_failure_of_kerberos_says_what_to_do() {
        let failure = MajorFlags::GSS_S_FAILURE;
        for (number, said, help) in [
            (
                7,
                "no directory service on dc01.contoso.com",
                "ldap/dc01.contoso.com",
            ),
            (32, "expired", "kinit"),
            (37, "clock", "five minutes"),
            (156, "no Kerberos server", "kdc"),
            (195, "no Kerberos ticket", "kinit"),
            (1, "failed", "KRB5_TRACE"),
        ] {
            let error = fault(failure, number);
            assert!(error.message.contains(said), "{error}");
            assert!(error.help.is_some_and(|text| text.contains(help)), "{said}");
        }
        let error = fault(MajorFlags::GSS_S_NO_CRED, 1);
        assert!(error.message.contains("no Kerberos ticket"), "{error}");
    }

    #[test]
    fn no_layer_is_chosen_whatever_else_is_offered() {
        let chosen = |offer: &[u8]| choice(offer, &Locator::Whole).map_err(|error| error.code);
        assert_eq!(chosen(&[7, 0, 16, 0]), Ok([1, 0, 0, 0]));
        assert_eq!(chosen(&[1, 0, 0, 0]), Ok([1, 0, 0, 0]));
        assert_eq!(chosen(&[6, 0, 16, 0]), Err(ErrorCode::Refused));
        assert_eq!(chosen(&[]), Err(ErrorCode::Syntax));
        assert_eq!(chosen(&[1, 0, 0, 0, 0]), Err(ErrorCode::Syntax));
    }

    #[test]
    fn a_realm_is_written_in_capitals() {
        assert_eq!(with_realm("reader@contoso.com"), "reader@CONTOSO.COM");
        assert_eq!(with_realm("reader"), "reader");
    }
}
