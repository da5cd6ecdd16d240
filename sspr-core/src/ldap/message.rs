//! The messages of LDAP (RFC 4511) that are sent and understood here: bind, search, StartTLS and
//! unbind. There is no code for any that changes a directory.

use zeroize::Zeroizing;

use super::Secret;
use super::ber::{BOOLEAN, ENUMERATED, Fault, INTEGER, OCTETS, Reader, SEQUENCE, SET, Writer};
use super::search::{Scope, Search};

/// Pages of results (RFC 2696).
pub(super) const PAGED: &str = "1.2.840.113556.1.4.319";
/// Which parts of a security descriptor are given; without it ordinary accounts get none.
pub(super) const SD_FLAGS: &str = "1.2.840.113556.1.4.801";
/// Owner, group and access list; the audit list would need another right.
pub(super) const SD_PARTS: u32 = 7;
const START_TLS: &str = "1.3.6.1.4.1.1466.20037";
/// The most that is read of what a server says in words.
const MOST_WORDS: usize = 4096;

/// What a server sends.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// The number of the request it answers; 0 for what nobody asked.
    pub(super) id: u32,
    pub(super) reply: Reply,
    /// Where the next page of results begins; empty behind the last one.
    pub(super) cookie: Option<Vec<u8>>,
}

/// What a message says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// With what the server says to a mechanism of SASL.
    Bind(Outcome, Vec<u8>),
    Entry(Entry),
    /// More may be found elsewhere; nothing is looked for there.
    Referral,
    Done(Outcome),
    Extended(Outcome),
    /// Kinds that say nothing here.
    Other,
}

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The LDAP result code.
    pub(super) code: u32,
    /// The server's own words, of which only codes are ever shown.
    pub(super) words: String,
}

/// An entry of the directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) dn: String,
    pub(super) attributes: Vec<Attribute>,
}

/// An attribute with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    /// Its name with its options.
    pub(super) name: String,
    pub(super) values: Vec<Vec<u8>>,
}

impl Entry {
    /// The values of an attribute, in any case of its name.
    pub(super) fn values(&self, name: &str) -> &[Vec<u8>] {
        self.attributes
            .iter()
            .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
            .map_or(&[], |attribute| &attribute.values)
    }

    /// The first value of an attribute.
    pub(super) fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.values(name).first().map(Vec::as_slice)
    }

    /// The first value of an attribute, when it is text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.bytes(name)?).ok()
    }
}

/// A simple bind. Its bytes hold the secret and are wiped.
pub(super) fn bind(id: u32, user: &str, secret: &Secret) -> Zeroizing<Vec<u8>> {
    let secret = secret.expose();
    let mut writer = Writer::with_capacity(64 + user.len() + secret.len());
    message(&mut writer, id, |writer| {
        writer.nested(0x60, |writer| {
            writer.number(INTEGER, 3);
            writer.primitive(OCTETS, user.as_bytes());
            writer.primitive(0x80, secret.as_bytes());
        });
    });
    Zeroizing::new(writer.finish())
}

/// A step of a sign-in by a mechanism of SASL.
#[cfg(all(feature = "gssapi", unix))]
pub(super) fn negotiate(id: u32, mechanism: &str, token: &[u8]) -> Vec<u8> {
    let mut writer = Writer::default();
    message(&mut writer, id, |writer| {
        writer.nested(0x60, |writer| {
            writer.number(INTEGER, 3);
            writer.primitive(OCTETS, b"");
            writer.nested(0xa3, |writer| {
                writer.primitive(OCTETS, mechanism.as_bytes());
                writer.primitive(OCTETS, token);
            });
        });
    });
    writer.finish()
}

/// The request to go on under TLS.
pub(super) fn start_tls(id: u32) -> Vec<u8> {
    let mut writer = Writer::default();
    message(&mut writer, id, |writer| {
        writer.nested(0x77, |writer| {
            writer.primitive(0x80, START_TLS.as_bytes());
        });
    });
    writer.finish()
}

/// The good-bye.
pub(super) fn unbind(id: u32) -> Vec<u8> {
    let mut writer = Writer::default();
    message(&mut writer, id, |writer| writer.primitive(0x42, &[]));
    writer.finish()
}

/// A search, or its next page.
pub(super) fn search(id: u32, search: &Search, page: u32, cookie: &[u8]) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.nested(SEQUENCE, |writer| {
        writer.number(INTEGER, id);
        writer.nested(0x63, |writer| {
            writer.primitive(OCTETS, search.base.as_bytes());
            let scope = match search.scope {
                Scope::Base => 0,
                Scope::Subtree => 2,
            };
            writer.number(ENUMERATED, scope);
            // Aliases are not followed, and the server's own limits hold.
            writer.number(ENUMERATED, 0);
            writer.number(INTEGER, 0);
            writer.number(INTEGER, 0);
            writer.boolean(false);
            search.filter.write(writer);
            writer.nested(SEQUENCE, |writer| {
                for attribute in &search.attributes {
                    writer.primitive(OCTETS, attribute.as_bytes());
                }
            });
        });
        if search.descriptors || search.is_paged() {
            writer.nested(0xa0, |writer| {
                if search.descriptors {
                    control(writer, SD_FLAGS, |value| value.number(INTEGER, SD_PARTS));
                }
                if search.is_paged() {
                    control(writer, PAGED, |value| {
                        value.number(INTEGER, page);
                        value.primitive(OCTETS, cookie);
                    });
                }
            });
        }
    });
    writer.finish()
}

fn message(writer: &mut Writer, id: u32, operation: impl FnOnce(&mut Writer)) {
    writer.nested(SEQUENCE, |writer| {
        writer.number(INTEGER, id);
        operation(writer);
    });
}

/// A control that the server must honour.
fn control(writer: &mut Writer, oid: &str, value: impl FnOnce(&mut Writer)) {
    writer.nested(SEQUENCE, |writer| {
        writer.primitive(OCTETS, oid.as_bytes());
        writer.boolean(true);
        let mut inside = Writer::default();
        inside.nested(SEQUENCE, value);
        writer.primitive(OCTETS, &inside.finish());
    });
}

impl Message {
    /// Reads the inside of a message.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let mut reader = Reader::new(bytes);
        let id = reader.number(INTEGER)?;
        let (tag, body) = reader.any()?;
        let mut body = Reader::new(body);
        let reply = match tag {
            0x61 => {
                let outcome = outcome(&mut body)?;
                Reply::Bind(outcome, credentials(&mut body)?)
            }
            0x64 => Reply::Entry(entry(&mut body)?),
            0x65 => Reply::Done(outcome(&mut body)?),
            0x73 => Reply::Referral,
            0x78 => Reply::Extended(outcome(&mut body)?),
            0x79 => Reply::Other,
            _ => return Err("an answer is of a kind that nobody asked for"),
        };
        let cookie = match reader.peek() {
            Some(0xa0) => cookie(reader.inside(0xa0)?)?,
            // Active Directory puts the name of its good-bye here.
            _ => None,
        };
        Ok(Self { id, reply, cookie })
    }
}

fn outcome(reader: &mut Reader<'_>) -> Result<Outcome, Fault> {
    let code = reader.number(ENUMERATED)?;
    reader.value(OCTETS)?;
    let words = reader.value(OCTETS)?;
    let words = words.get(..MOST_WORDS).unwrap_or(words);
    Ok(Outcome {
        code,
        words: String::from_utf8_lossy(words).into_owned(),
    })
}

/// What a server says to a mechanism of SASL, behind the outcome and where else to ask.
fn credentials(reader: &mut Reader<'_>) -> Result<Vec<u8>, Fault> {
    while let Some(tag) = reader.peek() {
        let value = reader.value(tag)?;
        if tag == 0x87 {
            return Ok(value.to_vec());
        }
    }
    Ok(Vec::new())
}

fn entry(reader: &mut Reader<'_>) -> Result<Entry, Fault> {
    let dn = String::from_utf8_lossy(reader.value(OCTETS)?).into_owned();
    let mut list = reader.inside(SEQUENCE)?;
    let mut attributes = Vec::new();
    while !list.is_empty() {
        let mut attribute = list.inside(SEQUENCE)?;
        let name = attribute.text(OCTETS)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-;.=*".contains(c);
        if name.is_empty() || !name.chars().all(plain) {
            return Err("the name of an attribute is none");
        }
        let mut set = attribute.inside(SET)?;
        let mut values = Vec::new();
        while !set.is_empty() {
            values.push(set.value(OCTETS)?.to_vec());
        }
        attributes.push(Attribute {
            name: name.to_owned(),
            values,
        });
    }
    Ok(Entry { dn, attributes })
}

/// The cookie of a page among the controls of an answer.
fn cookie(mut controls: Reader<'_>) -> Result<Option<Vec<u8>>, Fault> {
    let mut found = None;
    while !controls.is_empty() {
        let mut control = controls.inside(SEQUENCE)?;
        let oid = control.value(OCTETS)?;
        if control.peek() == Some(BOOLEAN) {
            control.value(BOOLEAN)?;
        }
        if oid == PAGED.as_bytes() {
            let mut value = control.inside(OCTETS)?.inside(SEQUENCE)?;
            value.value(INTEGER)?;
            found = Some(value.value(OCTETS)?.to_vec());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ldap::filter::Filter;

    fn inside(bytes: &[u8]) -> Reader<'_> {
        Reader::new(bytes).inside(SEQUENCE).unwrap()
    }

    #[test]
    fn a_bind_carries_the_name_and_the_secret() {
        let bytes = bind(1, "jdoe@contoso.com", &Secret::new("Example-1".to_owned()));
        let mut message = inside(&bytes);
        assert_eq!(message.number(INTEGER), Ok(1));
        let mut bind = message.inside(0x60).unwrap();
        assert_eq!(bind.number(INTEGER), Ok(3));
        assert_eq!(bind.text(OCTETS), Ok("jdoe@contoso.com"));
        assert_eq!(bind.text(0x80), Ok("Example-1"));
        // It was written without a move, which would leave a copy.
        assert!(bytes.capacity() <= 64 + 16 + 9);
    }

    #[test]
    fn a_server_answers_a_mechanism_with_its_token() {
        let mut writer = Writer::default();
        writer.number(INTEGER, 2);
        writer.nested(0x61, |writer| {
            writer.number(ENUMERATED, 14);
            writer.primitive(OCTETS, b"");
            writer.primitive(OCTETS, b"");
            writer.primitive(0x87, b"token");
        });
        let message = Message::parse(&writer.finish()).unwrap();
        let Reply::Bind(outcome, token) = message.reply else {
            panic!("no bind");
        };
        assert_eq!((outcome.code, &token[..]), (14, &b"token"[..]));
    }

    #[test]
    #[cfg(all(feature = "gssapi", unix))]
    fn a_mechanism_is_named_beside_its_token() {
        let bytes = negotiate(2, "GSSAPI", b"");
        let mut message = inside(&bytes);
        message.number(INTEGER).unwrap();
        let mut bind = message.inside(0x60).unwrap();
        assert_eq!(bind.number(INTEGER), Ok(3));
        assert_eq!(bind.text(OCTETS), Ok(""));
        let mut sasl = bind.inside(0xa3).unwrap();
        assert_eq!(sasl.text(OCTETS), Ok("GSSAPI"));
        assert_eq!(sasl.text(OCTETS), Ok(""));
    }

    #[test]
    fn a_search_asks_for_descriptors_and_pages_as_must() {
        let what = Search {
            base: "DC=contoso,DC=com".into(),
            scope: Scope::Subtree,
            filter: Filter::all(),
            attributes: vec!["objectClass".into()],
            descriptors: true,
        };
        let bytes = search(9, &what, 500, b"next");
        let mut message = inside(&bytes);
        message.number(INTEGER).unwrap();
        message.value(0x63).unwrap();
        let mut controls = message.inside(0xa0).unwrap();
        let mut flags = controls.inside(SEQUENCE).unwrap();
        assert_eq!(flags.text(OCTETS), Ok(SD_FLAGS));
        assert_eq!(flags.value(BOOLEAN), Ok(&[0xff][..]));
        let mut value = flags.inside(OCTETS).unwrap().inside(SEQUENCE).unwrap();
        assert_eq!(value.number(INTEGER), Ok(7));
        let mut page = controls.inside(SEQUENCE).unwrap();
        assert_eq!(page.text(OCTETS), Ok(PAGED));
        page.value(BOOLEAN).unwrap();
        let mut value = page.inside(OCTETS).unwrap().inside(SEQUENCE).unwrap();
        assert_eq!(value.number(INTEGER), Ok(500));
        assert_eq!(value.value(OCTETS), Ok(&b"next"[..]));
    }

    #[test]
    fn the_good_bye_of_active_directory_is_understood() {
        let mut writer = Writer::default();
        writer.number(INTEGER, 0);
        writer.nested(0x78, |writer| {
            writer.number(ENUMERATED, 52);
            writer.primitive(OCTETS, b"");
            writer.primitive(OCTETS, b"00000000: LdapErr: DSID-0C090690");
        });
        writer.primitive(0x8a, b"1.3.6.1.4.1.1466.20036");
        let message = Message::parse(&writer.finish()).unwrap();
        assert!(matches!(
            message.reply,
            Reply::Extended(Outcome { code: 52, .. })
        ));
    }

    #[test]
    fn an_attribute_whose_name_would_break_a_line_is_refused() {
        let mut writer = Writer::default();
        writer.number(INTEGER, 1);
        writer.nested(0x64, |writer| {
            writer.primitive(OCTETS, b"DC=contoso,DC=com");
            writer.nested(SEQUENCE, |writer| {
                writer.nested(SEQUENCE, |writer| {
                    writer.primitive(OCTETS, b"x: 1\ndn: y");
                    writer.nested(SET, |_| {});
                });
            });
        });
        assert!(Message::parse(&writer.finish()).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_message_or_a_fault(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Message::parse(&bytes);
        }

        #[test]
        fn a_mutated_entry_gives_a_message_or_a_fault(at in 0_usize..80, byte in any::<u8>()) {
            let mut writer = Writer::default();
            writer.number(INTEGER, 1);
            writer.nested(0x64, |writer| {
                writer.primitive(OCTETS, b"CN=jdoe,DC=contoso,DC=com");
                writer.nested(SEQUENCE, |writer| {
                    writer.nested(SEQUENCE, |writer| {
                        writer.primitive(OCTETS, b"cn");
                        writer.nested(SET, |writer| writer.primitive(OCTETS, b"jdoe"));
                    });
                });
            });
            let mut bytes = writer.finish();
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = Message::parse(&bytes);
        }
    }
}
