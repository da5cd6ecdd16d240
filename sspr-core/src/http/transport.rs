//! One request and its answer, over HTTP and TLS. What goes wrong here is told apart: what may pass
//! when it is tried again, and what will not.

use std::error::Error as _;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flate2::write::MultiGzDecoder;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, HeaderValue};
use reqwest::{Method, Url, redirect};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use zeroize::Zeroizing;

use super::address::is_loopback;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// Connections to servers.
pub(crate) struct Transport {
    client: reqwest::Client,
    /// For addresses of this machine and its host, which no proxy reaches.
    direct: reqwest::Client,
    answer_bytes: u64,
}

/// What is sent.
pub(crate) struct Message {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Why nothing came back.
pub(crate) enum Broken {
    /// It may go better next time.
    Passing(String),
    /// It will not.
    Lasting(Error),
}

impl Answer {
    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Message {
    pub(crate) fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// A form, which may hold secrets: its memory is wiped when it was sent.
    pub(crate) fn form(url: Url, fields: &[(&str, &str)]) -> Self {
        let room = fields
            .iter()
            .map(|(name, value)| name.len() + 3 * value.len() + 2);
        let mut text = Zeroizing::new(String::with_capacity(room.sum()));
        for (name, value) in fields {
            if !text.is_empty() {
                text.push('&');
            }
            text.push_str(name);
            text.push('=');
            encode(value, &mut text);
        }
        let mut headers = HeaderMap::new();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(reqwest::header::CONTENT_TYPE, form);
        Self {
            method: Method::POST,
            url,
            headers,
            body: Bytes::from_owner(text),
        }
    }
}

/// Percent-encoding that every server reads.
fn encode(value: &str, into: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push('%');
            for digit in [byte >> 4, byte & 15] {
                into.extend(HEX.get(usize::from(digit)).map(|hex| char::from(*hex)));
            }
        }
    }
}

impl Transport {
    /// Prepares connections: TLS 1.2 and 1.3 with the authorities that the operating system trusts
    /// and those of a file, the proxy that the environment names, and no redirects.
    ///
    /// A connection may take `timeout` to come about, and so may each part of an answer, which has
    /// `answer_bytes` at most.
    pub(crate) fn new(ca: Option<&Path>, timeout: Duration, answer_bytes: u64) -> Result<Self> {
        let tls = tls(ca)?;
        let builder = || {
            reqwest::Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .redirect(redirect::Policy::none())
                .referer(false)
                .connect_timeout(timeout)
                .read_timeout(timeout)
                .user_agent(concat!("sspr/", env!("CARGO_PKG_VERSION")))
        };
        let built = |builder: reqwest::ClientBuilder| {
            builder.build().map_err(|error| {
                let message = format!("no connection can be prepared: {error}");
                Error::new(ErrorCode::Connection, Locator::Whole, message)
            })
        };
        Ok(Self {
            client: built(builder())?,
            direct: built(builder().no_proxy())?,
            answer_bytes,
        })
    }

    /// Sends, and reads the whole answer.
    pub(crate) async fn send(&self, message: Message) -> Result<Answer, Broken> {
        self.whole(&self.client, message).await
    }

    /// Sends without a proxy.
    pub(crate) async fn send_directly(&self, message: Message) -> Result<Answer, Broken> {
        self.whole(&self.direct, message).await
    }

    /// Sends, and reads how the answer begins: its status and its headers. What follows is left. To
    /// this machine itself it goes without a proxy.
    pub(crate) async fn deliver(&self, message: Message) -> Result<Answer, Broken> {
        let client = if is_loopback(&message.url) {
            &self.direct
        } else {
            &self.client
        };
        Ok(begin(client, message).await?.0)
    }

    async fn whole(&self, client: &reqwest::Client, message: Message) -> Result<Answer, Broken> {
        let place = Locator::Request(host_of(&message.url));
        let (answer, mut response) = begin(client, message).await?;
        let broken = |error: reqwest::Error| failed(&error, &place);
        let packed = match answer
            .headers
            .get(CONTENT_ENCODING)
            .map(HeaderValue::as_bytes)
        {
            None | Some(b"identity" | b"") => false,
            Some(b"gzip") => true,
            Some(_) => {
                return Err(Broken::Passing(
                    "the answer is packed in an unknown way".into(),
                ));
            }
        };
        let expected = response
            .content_length()
            .unwrap_or(0)
            .min(self.answer_bytes);
        let mut body = Body {
            bytes: Vec::with_capacity(usize::try_from(expected).unwrap_or(0)),
            limit: self.answer_bytes,
            over: false,
        };
        let too_large = || {
            Broken::Lasting(
                Error::new(
                    ErrorCode::Limit,
                    place.clone(),
                    format!("an answer has more than {} bytes", self.answer_bytes),
                )
                .with_help("raise the bound of an answer, up to 16 MiB"),
            )
        };
        if packed {
            let mut unpacker = MultiGzDecoder::new(body);
            while let Some(chunk) = response.chunk().await.map_err(broken)? {
                if unpacker.write_all(&chunk).is_err() {
                    return Err(if unpacker.get_ref().over {
                        too_large()
                    } else {
                        Broken::Passing("the answer cannot be unpacked".into())
                    });
                }
            }
            body = unpacker
                .finish()
                .map_err(|_| Broken::Passing("the answer ends too early".into()))?;
        } else {
            while let Some(chunk) = response.chunk().await.map_err(broken)? {
                body.write_all(&chunk).map_err(|_| too_large())?;
            }
        }
        Ok(Answer {
            body: body.bytes,
            ..answer
        })
    }
}

/// Sends, and waits until the answer begins.
async fn begin(
    client: &reqwest::Client,
    message: Message,
) -> Result<(Answer, reqwest::Response), Broken> {
    let place = Locator::Request(host_of(&message.url));
    let mut request = client
        .request(message.method, message.url)
        .headers(message.headers)
        .header(ACCEPT_ENCODING, "gzip");
    if !message.body.is_empty() {
        request = request.body(message.body);
    }
    let mut response = request
        .send()
        .await
        .map_err(|error| failed(&error, &place))?;
    let answer = Answer {
        status: response.status().as_u16(),
        headers: std::mem::take(response.headers_mut()),
        body: Vec::new(),
    };
    Ok((answer, response))
}

/// Bytes up to a limit.
struct Body {
    bytes: Vec<u8>,
    limit: u64,
    /// Whether something did not fit.
    over: bool,
}

impl Write for Body {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.bytes.len() + bytes.len()) as u64 > self.limit {
            self.over = true;
            return Err(io::Error::other("too large"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The host of an address, with its port: what an error may show.
pub(crate) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn tls(ca: Option<&Path>) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let unusable = |error: rustls::Error| {
        Error::new(ErrorCode::Certificate, Locator::Whole, error.to_string())
            .with_help("name the authorities to trust in a file (caFile, --ca)")
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    let config = match ca {
        None => builder
            .with_platform_verifier()
            .map_err(unusable)?
            .with_no_client_auth(),
        Some(path) => {
            let mut roots = authorities(path)?;
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            builder.with_root_certificates(roots).with_no_client_auth()
        }
    };
    Ok(config)
}

/// The authorities of a file.
fn authorities(path: &Path) -> Result<RootCertStore> {
    let place = Locator::Whole.within(path.display().to_string());
    let bytes = fs::read(path).map_err(|error| Error::io(place.clone(), error))?;
    let mut roots = RootCertStore::empty();
    let all = CertificateDer::pem_slice_iter(&bytes)
        .try_for_each(|certificate| certificate.ok().and_then(|der| roots.add(der).ok()));
    if all.is_none() || roots.is_empty() {
        let error = Error::new(
            ErrorCode::Certificate,
            place,
            "it does not hold certificates in PEM alone",
        );
        return Err(
            error.with_help("give the issuing authority's certificate as Base-64 encoded X.509")
        );
    }
    Ok(roots)
}

/// What a failure means. A certificate that is not trusted will not be the next time either.
fn failed(error: &reqwest::Error, place: &Locator) -> Broken {
    let mut cause = error.source();
    let mut deepest = None;
    while let Some(current) = cause {
        let tls = tls_of(current);
        if let Some(rustls::Error::InvalidCertificate(fault)) = tls {
            return Broken::Lasting(certificate(fault, place));
        }
        deepest = Some(current.to_string());
        cause = current.source();
    }
    let what = if error.is_timeout() {
        "no answer in time".to_owned()
    } else if error.is_connect() {
        format!(
            "no connection: {}",
            deepest.unwrap_or_else(|| "refused".into())
        )
    } else {
        format!(
            "the connection broke: {}",
            deepest.unwrap_or_else(|| "closed".into())
        )
    };
    Broken::Passing(what)
}

/// The error of TLS that an error is, or that errors of reading and writing hold.
fn tls_of<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e rustls::Error> {
    let mut error = error;
    loop {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        error = error.downcast_ref::<io::Error>()?.get_ref()?;
    }
}

fn certificate(fault: &CertificateError, place: &Locator) -> Error {
    let (message, help) = match fault {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => (
            "nobody who is trusted has issued the server's certificate",
            "where a proxy looks into TLS, name the file with its authority's certificate (caFile, --ca)",
        ),
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => (
            "the server's certificate is not valid at this time",
            "check this machine's clock",
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            "the server's certificate is for another name",
            "check the root and the authority",
        ),
        _ => (
            "the server's certificate cannot be trusted",
            "look at it with `openssl s_client -connect SERVER:443 -showcerts`",
        ),
    };
    Error::new(ErrorCode::Certificate, place.clone(), message).with_help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_reads_the_same_at_the_other_end() {
        let url = Url::parse("https://login.contoso.com/").unwrap();
        let message = Message::form(url, &[("a", "x y&z=ä"), ("b", "-._~")]);
        assert_eq!(&message.body[..], b"a=x%20y%26z%3D%C3%A4&b=-._~");
    }
}
