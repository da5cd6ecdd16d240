//! What ties a sign-in to the TLS connection that it runs in: `tls-server-end-point` (RFC 5929), the hash
//! of the server's certificate. A domain controller may demand it, and whoever stands in between with
//! another certificate cannot pass the sign-in on.

use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::ber::{Fault, Reader, SEQUENCE};

const OID: u8 = 0x06;
const PREFIX: &[u8] = b"tls-server-end-point:";
/// 1.2.840.113549.1.1
const PKCS_1: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
/// 1.2.840.10045.4.1
const ECDSA_SHA_1: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];
/// 1.2.840.10045.4.3
const ECDSA_SHA_2: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
/// 2.16.840.1.101.3.4.2
const SHA_2: [u8; 8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

/// The binding for a certificate, in DER. There is none where its signature names no hash, as with
/// Ed25519, for which the RFC defines nothing.
pub(super) fn server_end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    let hash = match hash(certificate).ok()?? {
        Hash::Sha224 => Sha224::digest(certificate).to_vec(),
        Hash::Sha256 => Sha256::digest(certificate).to_vec(),
        Hash::Sha384 => Sha384::digest(certificate).to_vec(),
        Hash::Sha512 => Sha512::digest(certificate).to_vec(),
    };
    Some([PREFIX, &hash].concat())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// The hash of a certificate's signature; SHA-256 in place of MD5 and SHA-1.
fn hash(certificate: &[u8]) -> Result<Option<Hash>, Fault> {
    let mut inside = Reader::new(certificate).inside(SEQUENCE)?;
    inside.value(SEQUENCE)?;
    let mut algorithm = inside.inside(SEQUENCE)?;
    let oid = algorithm.value(OID)?;
    if let Some(last) = oid.strip_prefix(&PKCS_1) {
        return Ok(match last {
            [4 | 5 | 11] => Some(Hash::Sha256),
            [10] => pss(algorithm)?,
            [12] => Some(Hash::Sha384),
            [13] => Some(Hash::Sha512),
            [14] => Some(Hash::Sha224),
            _ => None,
        });
    }
    if let Some(last) = oid.strip_prefix(&ECDSA_SHA_2) {
        return Ok(match last {
            [1] => Some(Hash::Sha224),
            [2] => Some(Hash::Sha256),
            [3] => Some(Hash::Sha384),
            [4] => Some(Hash::Sha512),
            _ => None,
        });
    }
    Ok((oid == ECDSA_SHA_1).then_some(Hash::Sha256))
}

/// The hash among the parameters of RSASSA-PSS (RFC 4055); SHA-1 where there is none.
fn pss(mut algorithm: Reader<'_>) -> Result<Option<Hash>, Fault> {
    let mut parameters = algorithm.inside(SEQUENCE)?;
    if parameters.peek() != Some(0xa0) {
        return Ok(Some(Hash::Sha256));
    }
    let mut hash = parameters.inside(0xa0)?.inside(SEQUENCE)?;
    Ok(match hash.value(OID)?.strip_prefix(&SHA_2) {
        Some([1]) => Some(Hash::Sha256),
        Some([2]) => Some(Hash::Sha384),
        Some([3]) => Some(Hash::Sha512),
        Some([4]) => Some(Hash::Sha224),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{CertificateParams, KeyPair, SignatureAlgorithm};

    use super::*;
    use crate::ldap::ber::Writer;

    fn certificate(algorithm: &'static SignatureAlgorithm) -> Vec<u8> {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let params = CertificateParams::new(vec!["dc01.contoso.com".to_owned()]).unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn a_certificate_is_hashed_as_its_signature_says() {
        let plain = certificate(&rcgen::PKCS_ECDSA_P256_SHA256);
        let expected = [PREFIX, &Sha256::digest(&plain)].concat();
        assert_eq!(server_end_point(&plain), Some(expected));
        let long = certificate(&rcgen::PKCS_ECDSA_P384_SHA384);
        let expected = [PREFIX, &Sha384::digest(&long)].concat();
        assert_eq!(server_end_point(&long), Some(expected));
        assert_eq!(server_end_point(&certificate(&rcgen::PKCS_ED25519)), None);
    }

    /// A certificate with nothing in it but the algorithm of its signature.
    fn bare(oid: &[u8], parameters: impl FnOnce(&mut Writer)) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.nested(SEQUENCE, |writer| {
            writer.nested(SEQUENCE, |_| {});
            writer.nested(SEQUENCE, |writer| {
                writer.primitive(OID, oid);
                parameters(writer);
            });
        });
        writer.finish()
    }

    #[test]
    fn old_hashes_give_way_and_pss_names_its_own() {
        let rsa = |last| [&PKCS_1[..], &[last]].concat();
        assert_eq!(hash(&bare(&rsa(5), |_| {})), Ok(Some(Hash::Sha256)));
        assert_eq!(hash(&bare(&rsa(13), |_| {})), Ok(Some(Hash::Sha512)));
        let named = bare(&rsa(10), |writer| {
            writer.nested(SEQUENCE, |writer| {
                writer.nested(0xa0, |writer| {
                    writer.nested(SEQUENCE, |writer| {
                        writer.primitive(OID, &[&SHA_2[..], &[2]].concat());
                    });
                });
            });
        });
        assert_eq!(hash(&named), Ok(Some(Hash::Sha384)));
        let default = bare(&rsa(10), |writer| writer.nested(SEQUENCE, |_| {}));
        assert_eq!(hash(&default), Ok(Some(Hash::Sha256)));
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_binding_or_none(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = server_end_point(&bytes);
        }
    }
}
