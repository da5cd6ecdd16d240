//! Binary XML: the elements of a template's definition, read token by token.
//!
//! What is not among the forms that event templates are made of (character data sections, entities,
//! instructions, values that are no text) gives nothing, and the general decoder has its turn.

use std::ops::Range;

use super::bytes::{offset_at, u16_at, u32_at};
use super::value;

/// Bytes of a definition before its body: the next one's offset, the GUID, the body's length.
pub(super) const DEFINITION_HEADER: usize = 24;
/// Elements nest no deeper than this in a template that is read here.
const DEEPEST: usize = 32;
/// The dependency of an element that depends on no value.
const ALWAYS: u16 = 0xffff;

const END: u8 = 0x00;
const OPEN: u8 = 0x01;
const OPEN_WITH_ATTRIBUTES: u8 = 0x41;
const CLOSE_START: u8 = 0x02;
const CLOSE_EMPTY: u8 = 0x03;
const CLOSE: u8 = 0x04;
const TEXT: u8 = 0x05;
const ATTRIBUTE: u8 = 0x06;
pub(super) const INSTANCE: u8 = 0x0c;
const VALUE: u8 = 0x0d;
const OPTIONAL_VALUE: u8 = 0x0e;
pub(super) const FRAGMENT: u8 = 0x0f;
/// This bit says that more of the kind follows, which the tokens that follow say as well.
const MORE: u8 = 0x40;

/// An element of a template.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    /// The value without which the element is left out.
    pub(super) needs: Option<u16>,
    pub(super) attributes: Vec<(String, Vec<Node>)>,
    pub(super) content: Vec<Node>,
}

/// What stands in an element or an attribute.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Node {
    Element(Element),
    Text(String),
    /// The number of the value that is put in here.
    Value(u16),
}

/// The root element of the definition at an offset of a chunk. `names` becomes where the names stand
/// that it shares with others.
pub(super) fn definition(
    chunk: &[u8],
    offset: usize,
    names: &mut Vec<Range<usize>>,
) -> Option<Element> {
    names.clear();
    let length = offset_at(chunk, offset.checked_add(20)?)?;
    let start = offset.checked_add(DEFINITION_HEADER)?;
    let end = start.checked_add(length)?;
    chunk.get(start..end)?;
    let mut tokens = Tokens {
        chunk,
        at: start,
        end,
        names,
    };
    let mut token = tokens.token()?;
    if token == FRAGMENT {
        tokens.take(3)?;
        token = tokens.token()?;
    }
    let root = tokens.element(token, 0)?;
    (tokens.at == end || tokens.token()? == END).then_some(root)
}

struct Tokens<'c, 'n> {
    chunk: &'c [u8],
    at: usize,
    end: usize,
    /// Names that stood elsewhere.
    names: &'n mut Vec<Range<usize>>,
}

impl<'c> Tokens<'c, '_> {
    fn take(&mut self, bytes: usize) -> Option<&'c [u8]> {
        let end = self.at.checked_add(bytes).filter(|end| *end <= self.end)?;
        let taken = self.chunk.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn token(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u16(&mut self) -> Option<u16> {
        u16_at(self.take(2)?, 0)
    }

    fn element(&mut self, open: u8, depth: usize) -> Option<Element> {
        if depth > DEEPEST || !matches!(open, OPEN | OPEN_WITH_ATTRIBUTES) {
            return None;
        }
        let needs = self.u16()?;
        self.take(4)?;
        let mut element = Element {
            name: self.name()?,
            needs: (needs != ALWAYS).then_some(needs),
            attributes: Vec::new(),
            content: Vec::new(),
        };
        if open == OPEN_WITH_ATTRIBUTES {
            self.take(4)?;
        }
        loop {
            match self.token()? {
                CLOSE_START => break,
                CLOSE_EMPTY => return Some(element),
                token if token & !MORE == ATTRIBUTE => {
                    let name = self.name()?;
                    if element.attributes.iter().any(|(known, _)| *known == name) {
                        return None;
                    }
                    element.attributes.push((name, Vec::new()));
                }
                token => {
                    let node = self.part(token)?;
                    element.attributes.last_mut()?.1.push(node);
                }
            }
        }
        loop {
            let node = match self.token()? {
                CLOSE => return Some(element),
                open @ (OPEN | OPEN_WITH_ATTRIBUTES) => {
                    Node::Element(self.element(open, depth + 1)?)
                }
                token => self.part(token)?,
            };
            element.content.push(node);
        }
    }

    /// Text, or the place of a value.
    fn part(&mut self, token: u8) -> Option<Node> {
        match token {
            VALUE | OPTIONAL_VALUE => {
                let index = self.u16()?;
                value::is_known(self.token()?).then_some(Node::Value(index))
            }
            token if token & !MORE == TEXT => {
                if self.token()? != value::STRING {
                    return None;
                }
                let units = usize::from(self.u16()?);
                Some(Node::Text(value::utf16(self.take(units * 2)?)))
            }
            _ => None,
        }
    }

    /// A name, which stands here at its first use in the chunk and is referred to later.
    fn name(&mut self) -> Option<String> {
        let offset = usize::try_from(u32_at(self.take(4)?, 0)?).ok()?;
        let units = usize::from(u16_at(self.chunk, offset.checked_add(6)?)?);
        let start = offset + 8;
        let end = start + units * 2;
        // The name ends with a zero.
        let text = self.chunk.get(start..end + 2)?.get(..units * 2)?;
        if offset == self.at {
            self.take(end + 2 - offset)?;
        } else {
            self.names.push(offset..end + 2);
        }
        name_text(text)
    }
}

/// A name of XML, as far as templates use it: other ones would not survive being written.
fn name_text(utf16: &[u8]) -> Option<String> {
    let mut name = String::with_capacity(utf16.len() / 2);
    for unit in utf16.as_chunks::<2>().0 {
        let c = char::from_u32(u32::from(u16::from_le_bytes(*unit)))?;
        let inside = matches!(c, '-' | '.' | '0'..='9') && !name.is_empty();
        if !(c.is_ascii_alphabetic() || c == '_' || inside) {
            return None;
        }
        name.push(c);
    }
    (!name.is_empty()).then_some(name)
}
