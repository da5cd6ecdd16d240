//! TLS: whom to trust, and what to say when nobody is.

use std::fmt::Display;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, RootCertStore};

use super::connection::broken;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// TLS 1.2 and 1.3 with the authorities that are trusted: those of a file, or of the operating
/// system.
pub(super) fn config(ca: Option<&Path>, place: &Locator) -> Result<Arc<ClientConfig>> {
    let roots = ca.map_or_else(|| Ok(systems_own()), authorities)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(ErrorCode::Connection, place.clone(), error.to_string()))?;
    Ok(Arc::new(
        config.with_root_certificates(roots).with_no_client_auth(),
    ))
}

/// The authorities that the operating system trusts.
fn systems_own() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// The authorities of a file.
fn authorities(path: &Path) -> Result<RootCertStore> {
    let place = Locator::Whole.within(path.display().to_string());
    let unusable = |why: &dyn Display| {
        Error::new(
            ErrorCode::Certificate,
            place.clone(),
            format!("no certificate can be read from it: {why}"),
        )
        .with_help("give the issuing authority's certificate in PEM (Base-64 encoded X.509)")
    };
    let bytes = fs::read(path).map_err(|error| Error::io(place.clone(), error))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        let certificate = certificate.map_err(|error| unusable(&error))?;
        roots.add(certificate).map_err(|error| unusable(&error))?;
    }
    if roots.is_empty() {
        return Err(unusable(&"it holds none"));
    }
    Ok(roots)
}

/// A failure while TLS is set up.
pub(super) fn failed(error: &io::Error, place: &Locator) -> Error {
    let tls = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    if let Some(rustls::Error::InvalidCertificate(fault)) = tls {
        return certificate(fault, place);
    }
    let broken = broken(error, place);
    Error {
        message: format!("no TLS came about: {}", broken.message),
        ..broken
    }
    .with_help("the port must be one of LDAP over TLS (636), and the server allow TLS 1.2 or 1.3")
}

/// A certificate that is not trusted.
fn certificate(fault: &CertificateError, place: &Locator) -> Error {
    let (message, help) = match fault {
        // An authority that was made anew may have the name of the old one, and another key.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => (
            "nobody who is trusted has issued the server's certificate",
            "name the file with the issuing authority's certificate (caFile, --ca)",
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            "the server's certificate has expired",
            "have it renewed, or use another domain controller",
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
            "the server's certificate is not valid yet",
            "check this machine's clock",
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            "the server's certificate is for another name",
            "name the server as its certificate does, and apart from it the address to reach it at (address, --connect-to)",
        ),
        CertificateError::Revoked => (
            "the server's certificate was revoked",
            "use another domain controller",
        ),
        _ => (
            "the server's certificate cannot be trusted",
            "look at it with `openssl s_client -connect SERVER:636 -showcerts`",
        ),
    };
    Error::new(ErrorCode::Certificate, place.clone(), message).with_help(help)
}
