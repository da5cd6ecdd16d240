//! A receiver of notices on the loopback, with TLS or without.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::{ServerConnection, StreamOwned};
use sspr::watch::Notice;
use sspr_tests::graph_server::Authority;

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn notices(&self) -> Vec<Notice> {
        let lines = self.body.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        self.notices().into_iter().map(|notice| notice.id).collect()
    }
}

/// A status, and headers.
pub(crate) type Answer = (u16, Vec<(&'static str, String)>);

/// What answers the request of a number, counted from 0. Nothing is answered by `None`.
type Answers = dyn Fn(usize, &Request) -> Option<Answer> + Send + Sync;

struct Shared {
    seen: Mutex<Vec<Request>>,
    answers: Box<Answers>,
    stopped: AtomicBool,
}

pub(crate) struct Receiver {
    pub(crate) root: String,
    /// The certificate of its authority.
    pub(crate) authority: Option<String>,
    address: std::net::SocketAddr,
    shared: Arc<Shared>,
}

impl Receiver {
    pub(crate) fn plain(
        answers: impl Fn(usize, &Request) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        Self::start(None, Box::new(answers))
    }

    pub(crate) fn tls(
        answers: impl Fn(usize, &Request) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        Self::start(Some(Authority::new()), Box::new(answers))
    }

    /// One that answers with statuses in turn, and with 204 after them.
    pub(crate) fn answering(statuses: &'static [u16]) -> Self {
        Self::plain(|number, _| Some((statuses.get(number).copied().unwrap_or(204), Vec::new())))
    }

    fn start(authority: Option<Authority>, answers: Box<Answers>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            seen: Mutex::default(),
            answers,
            stopped: AtomicBool::new(false),
        });
        let scheme = if authority.is_some() { "https" } else { "http" };
        let (tls, pem) = authority.map(|found| (found.tls, found.pem)).unzip();
        let served = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if served.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (shared, tls) = (Arc::clone(&served), tls.clone());
                // A connection that fails is the client's to tell.
                thread::spawn(move || match tls {
                    None => shared.serve(stream),
                    Some(config) => {
                        let connection = ServerConnection::new(config).unwrap();
                        shared.serve(StreamOwned::new(connection, stream))
                    }
                });
            }
        });
        Self {
            root: format!("{scheme}://{address}"),
            authority: pem,
            address,
            shared,
        }
    }

    /// All that came.
    pub(crate) fn seen(&self) -> Vec<Request> {
        self.shared.seen.lock().unwrap().clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    /// Answers one request, and closes.
    fn serve(&self, stream: impl Read + Write) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let mut words = line.split_whitespace().map(str::to_owned);
        let (Some(method), Some(target)) = (words.next(), words.next()) else {
            return Ok(());
        };
        let mut headers = BTreeMap::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
        let length = headers.get("content-length").map(|text| text.parse());
        let mut body = vec![0; length.and_then(Result::ok).unwrap_or(0)];
        reader.read_exact(&mut body)?;
        let body = String::from_utf8(body).unwrap();
        let request = Request {
            method,
            target,
            headers,
            body,
        };
        let number = {
            let mut seen = self.seen.lock().unwrap();
            seen.push(request.clone());
            seen.len() - 1
        };
        let Some((status, headers)) = (self.answers)(number, &request) else {
            // It hangs until the client goes.
            let _ = reader.read_to_end(&mut Vec::new());
            return Ok(());
        };
        let stream = reader.get_mut();
        write!(stream, "HTTP/1.1 {status} x\r\ncontent-length: 0\r\n")?;
        for (name, value) in headers {
            write!(stream, "{name}: {value}\r\n")?;
        }
        stream.write_all(b"connection: close\r\n\r\n")?;
        stream.flush()
    }
}
