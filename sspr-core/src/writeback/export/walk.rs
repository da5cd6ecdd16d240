//! Walking through an XML document without holding it.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// The longest text of one element that is kept.
const TEXT_BYTES: usize = 64 * 1024;
/// The deepest nesting.
const DEPTH: usize = 128;
/// The largest document.
const DOCUMENT_BYTES: u64 = 256 * 1024 * 1024;

/// A step of the walk.
pub(super) enum Node<'a> {
    /// An element begins.
    Open {
        path: &'a [String],
        attributes: &'a [(String, String)],
    },
    /// An element without children ends.
    Leaf {
        path: &'a [String],
        attributes: &'a [(String, String)],
        text: &'a str,
    },
}

impl Node<'_> {
    /// The names of the elements down to this one, without prefixes.
    pub(super) fn path(&self) -> &[String] {
        match self {
            Self::Open { path, .. } | Self::Leaf { path, .. } => path,
        }
    }

    /// Its place.
    pub(super) fn place(&self) -> Locator {
        Locator::Element(self.path().join("/"))
    }

    /// An attribute, by its name in any case.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let (Self::Open { attributes, .. } | Self::Leaf { attributes, .. }) = self;
        let mut attributes = attributes.iter();
        attributes
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// An element that is open.
struct Element {
    attributes: Vec<(String, String)>,
    text: String,
    leaf: bool,
}

/// Shows every element's beginning, and every leaf with its text, to a visitor.
pub(super) fn walk(
    reader: impl BufRead,
    visit: &mut dyn FnMut(Node<'_>) -> Result<()>,
) -> Result<()> {
    let mut xml = Reader::from_reader(reader.take(DOCUMENT_BYTES));
    let mut buffer = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut open: Vec<Element> = Vec::new();
    loop {
        buffer.clear();
        let at = xml.buffer_position();
        let event = xml
            .read_event_into(&mut buffer)
            .map_err(|error| Error::syntax(Locator::Byte(at), error.to_string()))?;
        match event {
            Event::Start(start) => enter(&start, at, &mut path, &mut open, visit)?,
            Event::Empty(start) => {
                enter(&start, at, &mut path, &mut open, visit)?;
                leave(&mut path, &mut open, visit)?;
            }
            Event::End(_) => leave(&mut path, &mut open, visit)?,
            Event::Text(text) => append(&mut open, &text.xml10_content()),
            Event::CData(text) => append(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                if let Ok(Some(c)) = reference.resolve_char_ref() {
                    append(&mut open, c.encode_utf8(&mut [0; 4]));
                } else {
                    let name = reference.xml10_content();
                    let text = quick_xml::escape::resolve_predefined_entity(&name);
                    append(&mut open, text.unwrap_or_default());
                }
            }
            Event::Eof if open.is_empty() => return Ok(()),
            Event::Eof => {
                return Err(Error::new(
                    ErrorCode::Truncated,
                    Locator::Element(path.join("/")),
                    "the document ends inside this element",
                ));
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

fn enter(
    start: &BytesStart<'_>,
    at: u64,
    path: &mut Vec<String>,
    open: &mut Vec<Element>,
    visit: &mut dyn FnMut(Node<'_>) -> Result<()>,
) -> Result<()> {
    if open.len() >= DEPTH {
        return Err(Error::new(
            ErrorCode::Limit,
            Locator::Byte(at),
            format!("elements nest deeper than {DEPTH}"),
        ));
    }
    if let Some(parent) = open.last_mut() {
        parent.leaf = false;
        parent.text = String::new();
    }
    let attributes = start
        .attributes()
        .flatten()
        .filter_map(|attribute| {
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .ok()?;
            let key = attribute.key.local_name().into_inner().to_owned();
            Some((key, value.into_owned()))
        })
        .collect();
    path.push(start.local_name().into_inner().to_owned());
    let element = Element {
        attributes,
        text: String::new(),
        leaf: true,
    };
    visit(Node::Open {
        path,
        attributes: &element.attributes,
    })?;
    open.push(element);
    Ok(())
}

fn leave(
    path: &mut Vec<String>,
    open: &mut Vec<Element>,
    visit: &mut dyn FnMut(Node<'_>) -> Result<()>,
) -> Result<()> {
    if let Some(element) = open.pop() {
        if element.leaf {
            visit(Node::Leaf {
                path,
                attributes: &element.attributes,
                text: &element.text,
            })?;
        }
        path.pop();
    }
    Ok(())
}

fn append(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut()
        && element.leaf
        && element.text.len() + text.len() <= TEXT_BYTES
    {
        element.text.push_str(text);
    }
}
