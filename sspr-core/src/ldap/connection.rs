//! A connection to a directory server, under TLS before anything is said.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};

use super::Secret;
use super::ber;
use super::codes::{self, SUCCESS};
use super::message::{self, Entry, Message, Outcome, Reply};
use super::search::Search;
use super::settings::Endpoint;
use super::tls;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(15);
/// The largest answer that is taken: one entry with all its values.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// A page without an entry may come; that many in a row are no answer.
const MOST_EMPTY_PAGES: u32 = 1_000;
/// The most entries of a search that is not paged.
const MOST_UNPAGED: usize = 16;

/// A connection. All that it can do is to sign in and to search.
pub(super) struct Connection {
    stream: StreamOwned<ClientConnection, TcpStream>,
    place: Locator,
    next: u32,
    /// Bytes received so far.
    pub(super) received: u64,
}

/// How a search ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// Everything was given.
    Whole,
    /// The base is not there, or may not be seen.
    NoObject,
    /// The account may not search there.
    Denied,
    /// The server stopped early.
    Cut(Outcome),
}

/// One page of results.
pub(super) struct Page {
    pub(super) entries: Vec<Entry>,
    /// How the search ended, unless more pages follow.
    pub(super) end: Option<End>,
    cookie: Vec<u8>,
}

impl Connection {
    /// Connects, and verifies the server's certificate.
    pub(super) fn open(endpoint: &Endpoint, ca: Option<&Path>, timeout: Duration) -> Result<Self> {
        let place = endpoint.place();
        let config = tls::config(ca, &place)?;
        let name = ServerName::try_from(endpoint.host.clone())
            .map_err(|_| Error::value(place.clone(), "no certificate can be for such a name"))?;
        let mut tcp = connect(endpoint, timeout)?;
        if endpoint.start_tls {
            start_tls(&mut tcp, &place)?;
        }
        let mut session = ClientConnection::new(config, name)
            .map_err(|error| Error::new(ErrorCode::Connection, place.clone(), error.to_string()))?;
        while session.is_handshaking() {
            session
                .complete_io(&mut tcp)
                .map_err(|error| tls::failed(&error, &place))?;
        }
        Ok(Self {
            stream: StreamOwned::new(session, tcp),
            place,
            next: 1,
            received: 0,
        })
    }

    /// Signs in with a name and a password.
    pub(super) fn bind(&mut self, user: &str, secret: &Secret) -> Result<()> {
        if secret.is_empty() {
            return Err(Error::new(
                ErrorCode::Refused,
                self.place.clone(),
                "the password is empty, with which a server lets in anybody as nobody",
            ));
        }
        let id = self.number();
        self.send(&message::bind(id, user, secret))?;
        match self.answer(id)?.reply {
            Reply::Bind(outcome, _) if outcome.code == SUCCESS => Ok(()),
            Reply::Bind(outcome, _) => Err(codes::bind_refused(&outcome, self.place.clone())),
            _ => Err(self.nonsense("a sign-in was answered with something else")),
        }
    }

    /// Takes one step of a sign-in by a mechanism of SASL, and gives the server's token.
    #[cfg(all(feature = "gssapi", unix))]
    pub(super) fn negotiate(
        &mut self,
        mechanism: &str,
        token: &[u8],
    ) -> Result<(Outcome, Vec<u8>)> {
        let id = self.number();
        self.send(&message::negotiate(id, mechanism, token))?;
        match self.answer(id)?.reply {
            Reply::Bind(outcome, token) => Ok((outcome, token)),
            _ => Err(self.nonsense("a sign-in was answered with something else")),
        }
    }

    /// The server's certificate, in DER.
    #[cfg(all(feature = "gssapi", unix))]
    pub(super) fn certificate(&self) -> Option<&[u8]> {
        self.stream
            .conn
            .peer_certificates()?
            .first()
            .map(AsRef::as_ref)
    }

    /// The server as the place of an error.
    #[cfg(all(feature = "gssapi", unix))]
    pub(super) fn place(&self) -> &Locator {
        &self.place
    }

    /// Reads all pages of a search. `each` gets every page and may use the connection.
    pub(super) fn search(
        &mut self,
        search: &Search,
        page_size: u32,
        each: &mut dyn FnMut(&mut Self, Vec<Entry>) -> Result<()>,
    ) -> Result<End> {
        let mut cookie = Vec::new();
        let mut empty = 0;
        loop {
            let page = self.page(search, page_size, &cookie)?;
            empty = if page.entries.is_empty() {
                empty + 1
            } else {
                0
            };
            each(self, page.entries)?;
            if let Some(end) = page.end {
                return Ok(end);
            }
            if empty > MOST_EMPTY_PAGES {
                return Err(self.nonsense("the pages of a search do not end"));
            }
            cookie = page.cookie;
        }
    }

    /// Reads one object; nothing where it is not there or may not be seen.
    pub(super) fn object(&mut self, search: &Search) -> Result<Option<Entry>> {
        let page = self.page(search, 1, &[])?;
        Ok(page.entries.into_iter().next())
    }

    fn page(&mut self, search: &Search, page_size: u32, cookie: &[u8]) -> Result<Page> {
        let id = self.number();
        self.send(&message::search(id, search, page_size, cookie))?;
        let most = if search.is_paged() {
            // Some servers count loosely.
            usize::try_from(page_size)
                .unwrap_or(usize::MAX)
                .saturating_mul(2)
        } else {
            MOST_UNPAGED
        };
        let mut entries = Vec::new();
        loop {
            let answer = self.answer(id)?;
            match answer.reply {
                Reply::Entry(_) if entries.len() >= most => {
                    return Err(self.nonsense("the server sends more entries than a page holds"));
                }
                Reply::Entry(entry) => entries.push(entry),
                // What another server holds is not asked for.
                Reply::Referral | Reply::Other => {}
                Reply::Done(outcome) => {
                    let cookie = answer.cookie.unwrap_or_default();
                    let end = match outcome.code {
                        SUCCESS if cookie.is_empty() => Some(End::Whole),
                        SUCCESS => None,
                        codes::NO_SUCH_OBJECT => Some(End::NoObject),
                        codes::NO_ACCESS => Some(End::Denied),
                        code if codes::STOPPED.contains(&code) => Some(End::Cut(outcome)),
                        _ => {
                            let place = Locator::Request(format!("search at {}", search.base));
                            return Err(codes::search_refused(&outcome, place));
                        }
                    };
                    return Ok(Page {
                        entries,
                        end,
                        cookie,
                    });
                }
                Reply::Bind(..) | Reply::Extended(_) => {
                    return Err(self.nonsense("a search was answered with something else"));
                }
            }
        }
    }

    fn number(&mut self) -> u32 {
        let id = self.next;
        self.next += 1;
        id
    }

    fn send(&mut self, bytes: &[u8]) -> Result<()> {
        let sent = self.stream.write_all(bytes);
        sent.and_then(|()| self.stream.flush())
            .map_err(|error| broken(&error, &self.place))
    }

    /// The next answer to a request.
    fn answer(&mut self, id: u32) -> Result<Message> {
        let (message, bytes) = receive(&mut self.stream, &self.place)?;
        self.received += bytes;
        match message {
            Message {
                id: 0,
                reply: Reply::Extended(outcome),
                ..
            } => Err(Error::new(
                ErrorCode::Connection,
                self.place.clone(),
                format!(
                    "the server ends the connection ({})",
                    codes::shown(&outcome)
                ),
            )
            .with_help("resume the run (--resume), or use another domain controller")),
            message if message.id == id => Ok(message),
            _ => Err(self.nonsense("an answer is to something that was not asked")),
        }
    }

    fn nonsense(&self, message: &str) -> Error {
        Error::syntax(self.place.clone(), message)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // A server that is gone needs no good-bye.
        let id = self.number();
        let _ = self.stream.write_all(&message::unbind(id));
        self.stream.conn.send_close_notify();
        let _ = self.stream.flush();
    }
}

fn connect(endpoint: &Endpoint, timeout: Duration) -> Result<TcpStream> {
    let failed = |error: io::Error| {
        Error::new(ErrorCode::Connection, endpoint.place(), error.to_string())
            .with_help("check the server's name, and that its port can be reached from here")
    };
    let addresses = (endpoint.address.as_str(), endpoint.port)
        .to_socket_addrs()
        .map_err(failed)?;
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect_timeout(&address, CONNECT) {
            Ok(tcp) => {
                let set = tcp
                    .set_read_timeout(Some(timeout))
                    .and_then(|()| tcp.set_write_timeout(Some(timeout)))
                    .and_then(|()| tcp.set_nodelay(true));
                return set.map(|()| tcp).map_err(failed);
            }
            Err(error) => last = error,
        }
    }
    Err(failed(last))
}

/// Asks for TLS. No byte behind the answer is read, so that nothing that came in plain text is
/// taken for something that came under TLS.
fn start_tls(tcp: &mut TcpStream, place: &Locator) -> Result<()> {
    tcp.write_all(&message::start_tls(1))
        .map_err(|error| broken(&error, place))?;
    match receive(tcp, place)?.0 {
        Message {
            id: 1,
            reply: Reply::Extended(outcome),
            ..
        } if outcome.code == SUCCESS => Ok(()),
        Message {
            reply: Reply::Extended(outcome),
            ..
        } => Err(Error::new(
            ErrorCode::Refused,
            place.clone(),
            format!(
                "the server does not go on under TLS ({})",
                codes::shown(&outcome)
            ),
        )
        .with_help("give the domain controller a certificate, or try ldaps://")),
        _ => Err(Error::syntax(
            place.clone(),
            "StartTLS was answered with something else",
        )),
    }
}

/// Reads one message and no byte more.
fn receive(stream: &mut dyn Read, place: &Locator) -> Result<(Message, u64)> {
    let failed = |error: io::Error| broken(&error, place);
    let nonsense = |fault: ber::Fault| {
        Error::syntax(
            place.clone(),
            format!("the server's answer is no LDAP: {fault}"),
        )
    };
    let mut head = [0_u8; 2];
    stream.read_exact(&mut head).map_err(failed)?;
    let [tag, first] = head;
    if tag != ber::SEQUENCE {
        return Err(nonsense("it begins with something else"));
    }
    let mut length = vec![first];
    if first & 0x80 != 0 {
        let mut digits = vec![0; usize::from(first & 0x7f)];
        stream.read_exact(&mut digits).map_err(failed)?;
        length.extend(digits);
    }
    let (size, _) = ber::length(&length).map_err(nonsense)?;
    if size > MOST_BYTES {
        return Err(Error::new(
            ErrorCode::Limit,
            place.clone(),
            format!("an answer has at most {MOST_BYTES} bytes"),
        ));
    }
    // What is announced is no reason to set memory aside; what comes is.
    let mut body = Vec::new();
    stream
        .take(size as u64)
        .read_to_end(&mut body)
        .map_err(failed)?;
    if body.len() < size {
        return Err(failed(io::ErrorKind::UnexpectedEof.into()));
    }
    let message = Message::parse(&body).map_err(nonsense)?;
    Ok((message, (2 + length.len() + size) as u64))
}

/// A failure of the connection, in words.
pub(super) fn broken(error: &io::Error, place: &Locator) -> Error {
    let message = match error.kind() {
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => "the server closed the connection in the middle".to_owned(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
            "the server does not answer in time".to_owned()
        }
        _ => error.to_string(),
    };
    Error::new(ErrorCode::Connection, place.clone(), message)
        .with_help("resume the run (--resume); what was finished is kept")
}
