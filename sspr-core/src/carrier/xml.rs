//! Walking through an XML document without holding it, by the local names and the namespaces of
//! its elements: writers choose prefixes as they like.

use std::io::BufRead;

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};

use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// The longest text of one element that is kept.
const TEXT_BYTES: usize = 64 * 1024;
/// The deepest nesting.
const DEPTH: usize = 128;
/// The largest document.
const DOCUMENT_BYTES: u64 = 256 * 1024 * 1024;

/// A step of the walk.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// The names of the elements down to this one, without prefixes.
    pub path: &'a [String],
    /// What happens to the last of them.
    pub step: Step<'a>,
    namespace: Option<&'a str>,
    attributes: &'a [(String, String)],
}

/// What happens to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// It begins.
    Open,
    /// It ends without children, with this text. [`Step::Close`] follows.
    Leaf(&'a str),
    /// It ends.
    Close,
}

impl<'a> Node<'a> {
    /// Its place.
    pub fn place(&self) -> Locator {
        Locator::Element(self.path.join("/"))
    }

    /// The namespace of the element, if it has one.
    pub fn namespace(&self) -> Option<&'a str> {
        self.namespace
    }

    /// An attribute, by its name in any case, without its prefix.
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The text of a leaf.
    pub fn leaf(&self) -> Option<&'a str> {
        match self.step {
            Step::Leaf(text) => Some(text),
            Step::Open | Step::Close => None,
        }
    }
}

/// The name of the first element of a text, with its prefix.
pub fn root_of(head: &str) -> Option<&str> {
    let mut rest = head.trim_start_matches('\u{feff}').trim_start();
    loop {
        let inner = rest.strip_prefix('<')?;
        let end = if inner.starts_with('?') {
            rest.find("?>")? + 2
        } else if inner.starts_with("!--") {
            rest.find("-->")? + 3
        } else if inner.starts_with('!') {
            rest.find('>')? + 1
        } else {
            let end = inner.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
            return inner.get(..end);
        };
        rest = rest.get(end..)?.trim_start();
    }
}

/// A name without its prefix.
pub fn local_name(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or_default()
}

/// An element that is open.
struct Element {
    namespace: Option<String>,
    attributes: Vec<(String, String)>,
    text: String,
    leaf: bool,
}

impl Element {
    fn node<'a>(&'a self, path: &'a [String], step: Step<'a>) -> Node<'a> {
        Node {
            path,
            step,
            namespace: self.namespace.as_deref(),
            attributes: &self.attributes,
        }
    }
}

/// Shows every element's beginning and end, and every leaf with its text, to a visitor, who may
/// end the walk with an error. Several documents in one text are walked one after another.
pub fn walk(reader: impl BufRead, visit: &mut dyn FnMut(Node<'_>) -> Result<()>) -> Result<()> {
    let mut xml = NsReader::from_reader(reader.take(DOCUMENT_BYTES));
    let mut buffer = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut open: Vec<Element> = Vec::new();
    loop {
        buffer.clear();
        let at = xml.buffer_position();
        let (namespace, event) = xml
            .read_resolved_event_into(&mut buffer)
            .map_err(|error| Error::syntax(Locator::Byte(at), error.to_string()))?;
        let namespace = match namespace {
            ResolveResult::Bound(Namespace(name)) => Some(name),
            ResolveResult::Unbound | ResolveResult::Unknown(_) => None,
        };
        match event {
            Event::Start(start) => enter(&start, namespace, at, &mut path, &mut open, visit)?,
            Event::Empty(start) => {
                enter(&start, namespace, at, &mut path, &mut open, visit)?;
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
    namespace: Option<&str>,
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
        namespace: namespace.map(str::to_owned),
        attributes,
        text: String::new(),
        leaf: true,
    };
    visit(element.node(path, Step::Open))?;
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
            visit(element.node(path, Step::Leaf(&element.text)))?;
        }
        visit(element.node(path, Step::Close))?;
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seen(xml: &str) -> Vec<String> {
        let mut seen = Vec::new();
        walk(xml.as_bytes(), &mut |node| {
            let name = node.path.join("/");
            seen.push(match node.step {
                Step::Open => format!("+{name}@{}", node.namespace().unwrap_or("none")),
                Step::Leaf(text) => format!("={name}:{text}"),
                Step::Close => format!("-{name}"),
            });
            Ok(())
        })
        .unwrap();
        seen
    }

    #[test]
    fn elements_are_known_by_namespace_whatever_their_prefix() {
        let expected = ["+a@u:x", "+a/b@u:y", "=a/b:1 & 2", "-a/b", "-a"];
        for xml in [
            "<a xmlns='u:x'><q1:b xmlns:q1='u:y'>1 &amp; 2</q1:b></a>",
            "<?xml version='1.0' encoding='utf-16'?><p:a xmlns:p='u:x'><b xmlns='u:y'><![CDATA[1 & 2]]></b></p:a>",
        ] {
            assert_eq!(seen(xml), expected);
        }
    }

    #[test]
    fn the_first_element_is_found_behind_declarations_and_comments() {
        let root =
            root_of("\u{feff}<?xml version='1.0'?>\n<!-- <x> -->\n<!DOCTYPE y><q:Rsop a='1'>");
        assert_eq!(root.map(local_name), Some("Rsop"));
        assert_eq!(root_of("no xml"), None);
    }

    #[test]
    fn a_document_that_breaks_off_says_where() {
        let error = walk("<a><b>".as_bytes(), &mut |_| Ok(())).unwrap_err();
        assert_eq!(error.code, ErrorCode::Truncated);
        assert_eq!(error.place, Locator::Element("a/b".into()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_walked_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = walk(bytes.as_slice(), &mut |_| Ok(()));
            let _ = root_of(&String::from_utf8_lossy(&bytes));
        }
    }
}
