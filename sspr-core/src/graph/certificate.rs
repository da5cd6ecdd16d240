//! An application's certificate, and what is signed with it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PSS_SHA256, RsaKeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::random;
use crate::carrier::secret::Secret;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// A certificate with its private key, by which an application signs in.
pub struct ClientCertificate {
    key: Box<RsaKeyPair>,
    thumbprint: String,
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate(…)")
    }
}

impl ClientCertificate {
    /// Reads a certificate and its RSA key, without a password, from PEM. Where several
    /// certificates stand in it, the first is the application's own.
    pub fn from_pem(pem: &Secret) -> Result<Self> {
        let pem = pem.expose().as_bytes();
        let bad = |message: String| {
            Error::new(ErrorCode::Certificate, Locator::Whole, message)
                .with_help("convert a PFX with: openssl pkcs12 -in app.pfx -out app.pem -nodes")
        };
        let certificate = CertificateDer::from_pem_slice(pem)
            .map_err(|_| bad("it holds no certificate in PEM".into()))?;
        let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| {
            let locked = pem.windows(9).any(|bytes| bytes == b"ENCRYPTED");
            bad(if locked {
                "its key is locked with a password".into()
            } else {
                "it holds no private key in PEM".into()
            })
        })?;
        let key = match &key {
            PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
            PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
            _ => return Err(bad("its key is no RSA key, which Entra asks for".into())),
        };
        let key = key.map_err(|error| bad(format!("its key is no usable RSA key: {error}")))?;
        Ok(Self {
            key: Box::new(key),
            thumbprint: URL_SAFE_NO_PAD.encode(Sha256::digest(&certificate)),
        })
    }

    /// A statement that Entra takes in place of a secret, for ten minutes.
    pub(super) fn assertion(
        &self,
        client: &str,
        audience: &str,
        now: DateTime<Utc>,
    ) -> Result<String> {
        let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint });
        let from = now.timestamp();
        let claims = json!({
            "aud": audience, "iss": client, "sub": client, "jti": random::guid().to_string(),
            "nbf": from, "iat": from, "exp": from + 600,
        });
        let encode = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(
                &RSA_PSS_SHA256,
                &SystemRandom::new(),
                signed.as_bytes(),
                &mut signature,
            )
            .map_err(|_| {
                let message = "the key could not sign";
                Error::new(ErrorCode::Certificate, Locator::Whole, message)
            })?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
