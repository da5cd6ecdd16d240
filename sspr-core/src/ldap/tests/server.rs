//! A small directory server on a loopback address, which misbehaves on demand.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::ldap::Settings;
use crate::ldap::ber::{self, ENUMERATED, INTEGER, OCTETS, Reader, SEQUENCE, SET, Writer};
use crate::ldap::message::{Attribute, Entry, PAGED};

/// The name in the server's certificate.
pub(super) const NAME: &str = "dc01.contoso.com";
pub(super) const PASSWORD: &str = "Example-Reader-1";

/// What the server has and how it behaves.
#[derive(Clone, Default)]
pub(super) struct Script {
    pub(super) entries: Vec<Entry>,
    /// Answers every sign-in with this code and these words.
    pub(super) refuse: Option<(u32, &'static str)>,
    /// Closes the connection in the middle of an answer, once, after so many entries.
    pub(super) cut_after: Option<usize>,
    /// Answers every search with these bytes.
    pub(super) garbage: Option<Vec<u8>>,
    /// Sends a referral with every search.
    pub(super) refer: bool,
    /// Speaks plain until StartTLS, and answers it with this code and these bytes behind.
    pub(super) plain: Option<(u32, Vec<u8>)>,
    /// The certificate has expired.
    pub(super) expired: bool,
    /// Gives no more than so many values of an attribute at once.
    pub(super) most_values: Option<usize>,
    /// The base at which every search ends with this code.
    pub(super) fails_at: Option<(&'static str, u32)>,
}

/// A running server; its threads end with the test.
pub(super) struct Server {
    pub(super) folder: tempfile::TempDir,
    port: u16,
    plain: bool,
    /// What signed in: name and password.
    pub(super) seen: Arc<Mutex<Vec<(String, String)>>>,
}

impl Server {
    pub(super) fn start(script: Script) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (config, ca) = certificate(script.expired);
        std::fs::write(folder.path().join("ca.pem"), ca).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let plain = script.plain.is_some();
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            let left = Arc::new(Mutex::new(script.cut_after));
            for tcp in listener.incoming().flatten() {
                let (script, config) = (script.clone(), Arc::clone(&config));
                let (seen, left) = (Arc::clone(&shared), Arc::clone(&left));
                thread::spawn(move || serve(tcp, config, &script, &seen, &left));
            }
        });
        Self {
            folder,
            port,
            plain,
            seen,
        }
    }

    /// Settings with which it is read.
    pub(super) fn settings(&self) -> Settings {
        let scheme = if self.plain { "ldap" } else { "ldaps" };
        Settings {
            start_tls: self.plain,
            address: Some(format!("127.0.0.1:{}", self.port)),
            ca_file: Some(self.ca()),
            page_size: 30,
            people_in_a_file: 100,
            timeout_seconds: 20,
            ..Settings::new(
                format!("{scheme}://{NAME}"),
                "reader@contoso.com",
                self.folder.path().join("out"),
            )
        }
    }

    pub(super) fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }
}

/// An entry from texts.
pub(super) fn entry(dn: &str, attributes: &[(&str, &[&str])]) -> Entry {
    let attributes = attributes.iter().map(|(name, values)| Attribute {
        name: (*name).to_owned(),
        values: values
            .iter()
            .map(|value| value.as_bytes().to_vec())
            .collect(),
    });
    Entry {
        dn: dn.to_owned(),
        attributes: attributes.collect(),
    }
}

/// An attribute of bytes, added to an entry.
pub(super) fn with(mut entry: Entry, name: &str, values: &[Vec<u8>]) -> Entry {
    entry.attributes.push(Attribute {
        name: name.to_owned(),
        values: values.to_vec(),
    });
    entry
}

fn certificate(expired: bool) -> (Arc<ServerConfig>, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(DnType::CommonName, "Example CA");
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![NAME.to_owned()]).unwrap();
    if expired {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    }
    let leaf = params.signed_by(&key, &ca).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .unwrap();
    (Arc::new(config), ca.pem())
}

fn serve(
    mut tcp: TcpStream,
    config: Arc<ServerConfig>,
    script: &Script,
    seen: &Mutex<Vec<(String, String)>>,
    left: &Mutex<Option<usize>>,
) {
    tcp.set_nodelay(true).unwrap();
    if let Some((code, behind)) = &script.plain {
        if request(&mut tcp).is_none() {
            return;
        }
        let mut answer = message(1, |writer| result(writer, 0x78, *code, ""));
        answer.extend(behind);
        if tcp.write_all(&answer).is_err() || *code != 0 {
            return;
        }
    }
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), tcp);
    while let Some(bytes) = request(&mut stream) {
        let mut reader = Reader::new(&bytes);
        let id = reader.number(INTEGER).unwrap();
        let (tag, body) = reader.any().unwrap();
        let mut body = Reader::new(body);
        let done = match tag {
            0x60 => {
                body.number(INTEGER).unwrap();
                let user = body.text(OCTETS).unwrap().to_owned();
                let password = body.text(0x80).unwrap().to_owned();
                let refused = match (script.refuse, password == PASSWORD) {
                    (Some(refusal), _) => refusal,
                    (None, true) => (0, ""),
                    (None, false) => (49, "80090308: LdapErr: DSID-0C09041C, data 52e, v4563"),
                };
                seen.lock().unwrap().push((user, password));
                stream
                    .write_all(&message(id, |writer| {
                        result(writer, 0x61, refused.0, refused.1);
                    }))
                    .is_ok()
            }
            0x63 => answer_search(&mut stream, id, body, reader, script, left),
            _ => false,
        };
        if !done {
            break;
        }
    }
    stream.conn.send_close_notify();
    let _ = stream.flush();
}

fn answer_search(
    stream: &mut StreamOwned<ServerConnection, TcpStream>,
    id: u32,
    mut body: Reader<'_>,
    mut rest: Reader<'_>,
    script: &Script,
    left: &Mutex<Option<usize>>,
) -> bool {
    if let Some(garbage) = &script.garbage {
        return stream.write_all(garbage).is_ok();
    }
    let base = body.text(OCTETS).unwrap().to_owned();
    let subtree = body.number(ENUMERATED).unwrap() == 2;
    for tag in [ENUMERATED, INTEGER, INTEGER, ber::BOOLEAN] {
        body.value(tag).unwrap();
    }
    let filter = body.any().unwrap();
    let mut names = Vec::new();
    let mut list = body.inside(SEQUENCE).unwrap();
    while !list.is_empty() {
        names.push(list.text(OCTETS).unwrap().to_owned());
    }
    if let Some((_, code)) = script.fails_at.filter(|(place, _)| base.contains(place)) {
        let done = message(id, |writer| result(writer, 0x65, code, ""));
        return stream.write_all(&done).is_ok();
    }
    let (size, offset) = page(&mut rest);
    let found: Vec<_> = script
        .entries
        .iter()
        .filter(|entry| {
            let inside = if subtree {
                !entry.dn.is_empty() && entry.dn.ends_with(&base)
            } else {
                entry.dn == base
            };
            inside && matches(filter, entry)
        })
        .collect();
    let end = found.len().min(offset + size);
    for entry in &found[offset.min(end)..end] {
        let bytes = message(id, |writer| {
            write_entry(writer, entry, &names, script.most_values);
        });
        let mut left = left.lock().unwrap();
        match left.as_mut() {
            Some(0) => {
                *left = None;
                let _ = stream.write_all(&bytes[..bytes.len() / 2]);
                let _ = stream.flush();
                return false;
            }
            Some(count) => *count -= 1,
            None => {}
        }
        drop(left);
        if stream.write_all(&bytes).is_err() {
            return false;
        }
    }
    if script.refer {
        let referral = message(id, |writer| {
            writer.nested(0x73, |writer| {
                writer.primitive(
                    OCTETS,
                    b"ldap://elsewhere.contoso.com/DC=elsewhere,DC=contoso,DC=com",
                );
            });
        });
        stream.write_all(&referral).unwrap();
    }
    let code = if !subtree && found.is_empty() { 32 } else { 0 };
    let mut writer = Writer::default();
    writer.nested(SEQUENCE, |writer| {
        writer.number(INTEGER, id);
        result(writer, 0x65, code, "");
        writer.nested(0xa0, |writer| {
            writer.nested(SEQUENCE, |writer| {
                writer.primitive(OCTETS, PAGED.as_bytes());
                let mut value = Writer::default();
                value.nested(SEQUENCE, |value| {
                    value.number(INTEGER, 0);
                    let next = if end < found.len() {
                        end.to_string()
                    } else {
                        String::new()
                    };
                    value.primitive(OCTETS, next.as_bytes());
                });
                writer.primitive(OCTETS, &value.finish());
            });
        });
    });
    stream.write_all(&writer.finish()).is_ok()
}

/// How many entries a page may hold, and how many were given before.
fn page(rest: &mut Reader<'_>) -> (usize, usize) {
    if rest.peek() != Some(0xa0) {
        return (usize::MAX / 2, 0);
    }
    let mut controls = rest.inside(0xa0).unwrap();
    while !controls.is_empty() {
        let mut control = controls.inside(SEQUENCE).unwrap();
        if control.text(OCTETS) != Ok(PAGED) {
            continue;
        }
        control.value(ber::BOOLEAN).unwrap();
        let mut value = control.inside(OCTETS).unwrap().inside(SEQUENCE).unwrap();
        let size = value.number(INTEGER).unwrap() as usize;
        let cookie = value.text(OCTETS).unwrap();
        return (size, cookie.parse().unwrap_or(0));
    }
    (usize::MAX / 2, 0)
}

/// Whether an entry passes a filter.
fn matches((tag, body): (u8, &[u8]), entry: &Entry) -> bool {
    let mut reader = Reader::new(body);
    let mut inner = || {
        let mut found = Vec::new();
        while !reader.is_empty() {
            found.push(reader.any().unwrap());
        }
        found
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_lowercase();
    let values = |name: &str| {
        let mut values: Vec<_> = entry.values(name).iter().map(|value| text(value)).collect();
        if name == "distinguishedName" {
            values.push(entry.dn.to_lowercase());
        }
        values
    };
    match tag {
        0xa0 => inner().into_iter().all(|filter| matches(filter, entry)),
        0xa1 => inner().into_iter().any(|filter| matches(filter, entry)),
        0xa2 => !matches(inner()[0], entry),
        0x87 => !entry.values(&String::from_utf8_lossy(body)).is_empty(),
        0xa3 | 0xa5 | 0xa6 => {
            let parts = inner();
            let name = String::from_utf8_lossy(parts[0].1).into_owned();
            let wanted = text(parts[1].1);
            if name == "objectSid" {
                let sid: crate::directory::security::Sid = wanted.to_uppercase().parse().unwrap();
                return entry.values(&name).contains(&sid.to_bytes());
            }
            values(&name).iter().any(|value| match tag {
                0xa3 => *value == wanted,
                0xa5 => value.parse::<u64>().unwrap() >= wanted.parse().unwrap(),
                _ => value.parse::<u64>().unwrap() <= wanted.parse().unwrap(),
            })
        }
        0xa4 => {
            let parts = inner();
            let name = String::from_utf8_lossy(parts[0].1).into_owned();
            let (place, part) = Reader::new(parts[1].1).any().unwrap();
            values(&name).iter().any(|value| match place {
                0x80 => value.starts_with(&text(part)),
                _ => value.contains(&text(part)),
            })
        }
        _ => false,
    }
}

fn write_entry(writer: &mut Writer, entry: &Entry, names: &[String], most: Option<usize>) {
    writer.nested(0x64, |writer| {
        writer.primitive(OCTETS, entry.dn.as_bytes());
        writer.nested(SEQUENCE, |writer| {
            for name in names {
                let (plain, start) = match name.split_once(";range=") {
                    Some((plain, range)) => {
                        let start = range.split('-').next().unwrap();
                        (plain, start.parse::<usize>().unwrap())
                    }
                    None => (name.as_str(), 0),
                };
                let all = entry.values(plain);
                if all.is_empty() {
                    continue;
                }
                let end = most.map_or(all.len(), |most| all.len().min(start + most));
                let shown = match (end == all.len(), start) {
                    (true, 0) => plain.to_owned(),
                    (true, _) => format!("{plain};range={start}-*"),
                    (false, _) => format!("{plain};range={start}-{}", end - 1),
                };
                writer.nested(SEQUENCE, |writer| {
                    writer.primitive(OCTETS, shown.as_bytes());
                    writer.nested(SET, |writer| {
                        for value in &all[start..end] {
                            writer.primitive(OCTETS, value);
                        }
                    });
                });
            }
        });
    });
}

fn message(id: u32, operation: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.nested(SEQUENCE, |writer| {
        writer.number(INTEGER, id);
        operation(writer);
    });
    writer.finish()
}

fn result(writer: &mut Writer, tag: u8, code: u32, words: &str) {
    writer.nested(tag, |writer| {
        writer.number(ENUMERATED, code);
        writer.primitive(OCTETS, b"");
        writer.primitive(OCTETS, words.as_bytes());
    });
}

/// The inside of the next request.
fn request(stream: &mut dyn Read) -> Option<Vec<u8>> {
    let mut head = [0_u8; 2];
    stream.read_exact(&mut head).ok()?;
    let mut length = vec![head[1]];
    if head[1] & 0x80 != 0 {
        let mut digits = vec![0; usize::from(head[1] & 0x7f)];
        stream.read_exact(&mut digits).ok()?;
        length.extend(digits);
    }
    let mut body = vec![0; ber::length(&length).ok()?.0];
    stream.read_exact(&mut body).ok()?;
    Some(body)
}
