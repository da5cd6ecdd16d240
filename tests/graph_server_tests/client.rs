//! A client that sees every byte: one connection a request, TLS from the standard library's
//! blocking sockets.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use sspr_tests::graph_server::Server;

/// A client that trusts the server's authority.
pub(crate) struct Client {
    root: String,
    tls: Arc<ClientConfig>,
    /// The token that it sends.
    pub(crate) token: Option<String>,
}

/// What came back.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reply {
    /// 0 where no status line came.
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// How the connection ended, where not in order.
    pub(crate) broken: Option<ErrorKind>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The items of a page.
    pub(crate) fn items(&self) -> Vec<Value> {
        self.json()["value"].as_array().cloned().unwrap_or_default()
    }

    pub(crate) fn next_link(&self) -> Option<String> {
        self.json()["@odata.nextLink"].as_str().map(str::to_owned)
    }

    /// The code of an error.
    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

impl Client {
    pub(crate) fn of(server: &Server) -> Self {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_slice(server.authority_pem().as_bytes());
        roots.add(authority.unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            root: server.root().into(),
            tls: Arc::new(tls),
            token: Some(server.token()),
        }
    }

    /// Reads a path below the root, or a whole address.
    pub(crate) fn get(&self, target: &str) -> Reply {
        self.send("GET", target, &[], "")
    }

    /// The same as an advanced query.
    pub(crate) fn advanced(&self, target: &str) -> Reply {
        self.send("GET", target, &[("ConsistencyLevel", "eventual")], "")
    }

    pub(crate) fn post(&self, target: &str, body: &str) -> Reply {
        self.send(
            "POST",
            target,
            &[("Content-Type", "application/json")],
            body,
        )
    }

    pub(crate) fn form(&self, target: &str, fields: &[(&str, &str)]) -> Reply {
        let escaped = |text: &str| {
            text.bytes()
                .map(|byte| match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                        char::from(byte).to_string()
                    }
                    _ => format!("%{byte:02x}"),
                })
                .collect::<String>()
        };
        let body: Vec<_> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        let kind = [("Content-Type", "application/x-www-form-urlencoded")];
        self.send("POST", target, &kind, &body.join("&"))
    }

    pub(crate) fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let address = if target.starts_with("http") {
            target.to_owned()
        } else {
            format!("{}{target}", self.root)
        };
        let (scheme, rest) = address.split_once("://").unwrap();
        let (host, path) = rest.split_at(rest.find('/').unwrap());
        let mut request = format!(
            "{method} {} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             client-request-id: 00000000-0000-4000-8000-000000000001\r\nContent-Length: {}\r\n",
            path.replace(' ', "%20"),
            body.len()
        );
        if let Some(token) = &self.token {
            request += &format!("Authorization: Bearer {token}\r\n");
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += "\r\n";
        request += body;
        let stream = TcpStream::connect(host.replace("localhost", "127.0.0.1")).unwrap();
        if scheme == "https" {
            let name = host.split(':').next().unwrap().to_owned();
            let name = ServerName::try_from(name).unwrap();
            let connection = ClientConnection::new(Arc::clone(&self.tls), name).unwrap();
            exchange(StreamOwned::new(connection, stream), &request)
        } else {
            exchange(stream, &request)
        }
    }
}

fn exchange(mut stream: impl Read + Write, request: &str) -> Reply {
    let mut bytes = Vec::new();
    let sent = stream
        .write_all(request.as_bytes())
        .and_then(|()| stream.flush());
    let ended = sent.and_then(|()| stream.read_to_end(&mut bytes));
    let mut reply = Reply {
        broken: ended.err().map(|error| error.kind()),
        ..Reply::default()
    };
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return reply;
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    reply.status = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    reply.headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    reply.body = bytes.split_off(end + 4);
    reply
}
