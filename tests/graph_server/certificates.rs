//! A test authority, the server's certificate, and the certificate of an application.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_RSA_SHA256, PublicKeyData,
};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use sha2::{Digest, Sha256};

/// An authority that signs the certificate of a server on the loopback.
pub struct Authority {
    /// The certificate of the authority.
    pub pem: String,
    /// What the listeners present.
    pub tls: Arc<ServerConfig>,
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

impl Authority {
    /// A new authority.
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let name = "Contoso Test Authority";
        params.distinguished_name.push(DnType::CommonName, name);
        let root = params.self_signed(&key).unwrap();

        let leaf_key = KeyPair::generate().unwrap();
        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let leaf = CertificateParams::new(names).unwrap();
        let leaf = leaf.signed_by(&leaf_key, &Issuer::from_params(&params, &key));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.unwrap().der().clone()],
                PrivateKeyDer::Pkcs8(leaf_key.serialize_der().into()),
            )
            .unwrap();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Self {
            pem: root.pem(),
            tls: Arc::new(tls),
        }
    }
}

/// The certificate with which an application signs in, as the server knows it.
#[derive(Debug, Clone)]
pub struct ApplicationCertificate {
    /// SHA-256 of the certificate.
    pub(super) thumbprint: [u8; 32],
    /// The key, in the form of PKCS #1.
    pub(super) public_key: Vec<u8>,
}

impl ApplicationCertificate {
    /// A new certificate of RSA, and the PEM of its key and itself for the client. The key is made
    /// by node, which the tests need in any case; it takes part of a second.
    pub fn generate() -> (Self, String) {
        const SCRIPT: &str = "process.stdout.write(require('crypto').generateKeyPairSync('rsa', { modulusLength: 2048, \
             publicKeyEncoding: { type: 'spki', format: 'pem' }, \
             privateKeyEncoding: { type: 'pkcs8', format: 'pem' } }).privateKey)";
        let mut node = Command::new("node")
            .arg("-")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node runs");
        let mut input = node.stdin.take().unwrap();
        input.write_all(SCRIPT.as_bytes()).unwrap();
        drop(input);
        let pem = String::from_utf8(node.wait_with_output().unwrap().stdout).unwrap();
        let key = KeyPair::from_pem_and_sign_algo(&pem, &PKCS_RSA_SHA256).unwrap();
        let mut params = CertificateParams::default();
        let name = "sspr reader";
        params.distinguished_name.push(DnType::CommonName, name);
        let certificate = params.self_signed(&key).unwrap();
        let known = Self {
            thumbprint: Sha256::digest(certificate.der()).into(),
            public_key: key.der_bytes().to_vec(),
        };
        (known, format!("{pem}{}", certificate.pem()))
    }
}
