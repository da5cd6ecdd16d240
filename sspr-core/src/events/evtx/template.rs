//! What a template's definition means for an event, worked out once per definition and chunk: which
//! value or text each field of [`WindowsEvent`](crate::events::WindowsEvent) comes from.
//!
//! A plan does what reading the rendered XML would do. A template that could render to anything
//! else than its plan says gets no plan.

use super::binxml::{Element, Node};
use crate::events::SmolStr;

/// The plan of a template.
#[derive(Debug)]
pub(super) enum Plan {
    /// A whole event.
    Event(Box<EventPlan>),
    /// The data of an event, as a nested fragment has it.
    Body(Body),
    /// An element of the event that nothing is taken from.
    Nothing,
    /// The general decoder has to read records of this template.
    Declined,
}

/// The fields of an event.
#[derive(Debug, Default)]
pub(super) struct EventPlan {
    pub(super) provider: Field,
    pub(super) id: Field,
    pub(super) level: Field,
    pub(super) keywords: Field,
    pub(super) record: Field,
    pub(super) channel: Field,
    pub(super) computer: Field,
    pub(super) time: Field,
    pub(super) parts: Vec<Part>,
    /// Whether the provider is wanted, where its name is text of the template.
    pub(super) wanted: Option<bool>,
}

/// What stands beside `System`.
#[derive(Debug)]
pub(super) enum Part {
    Body(Body),
    /// A value that is a fragment of its own.
    Fragment(u16),
}

/// A field of an event: an element that may be left out, and what stands in it.
#[derive(Debug, Default)]
pub(super) struct Field {
    pub(super) needs: Option<u16>,
    pub(super) source: Source,
}

/// Where a text comes from.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Source {
    #[default]
    Nowhere,
    Text(SmolStr),
    Value(u16),
}

/// `EventData` or `UserData`.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) needs: Option<u16>,
    pub(super) kind: BodyKind,
}

#[derive(Debug)]
pub(super) enum BodyKind {
    /// The `Data` elements.
    Event(Vec<Datum>),
    /// The elements of the provider's own making.
    User(Vec<Branch>),
}

/// A `Data` element.
#[derive(Debug)]
pub(super) struct Datum {
    pub(super) needs: Option<u16>,
    pub(super) name: Source,
    pub(super) value: Source,
}

/// An element of user data.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) needs: Option<u16>,
    pub(super) name: SmolStr,
    pub(super) content: BranchContent,
}

#[derive(Debug)]
pub(super) enum BranchContent {
    Leaf(Source),
    Branches(Vec<Branch>),
}

impl Plan {
    /// The plan of a definition's root element; `wanted` tells of a provider's name.
    pub(super) fn of(root: &Element, wanted: impl Fn(&str) -> bool) -> Self {
        let plan = match root.name.as_str() {
            "Event" => event(root).map(|mut plan| {
                if let Source::Text(name) = &plan.provider.source {
                    plan.wanted = Some(wanted(name));
                }
                Self::Event(Box::new(plan))
            }),
            // What a fragment begins with is always there.
            "EventData" | "UserData" => body(root).map(|body| {
                Self::Body(Body {
                    needs: None,
                    ..body
                })
            }),
            "System" | "RenderingInfo" => None,
            _ => Some(Self::Nothing),
        };
        plan.unwrap_or(Self::Declined)
    }
}

fn event(root: &Element) -> Option<EventPlan> {
    let mut plan = EventPlan::default();
    let mut has_system = false;
    for node in &root.content {
        match node {
            Node::Text(_) => return None,
            Node::Value(index) => plan.parts.push(Part::Fragment(*index)),
            Node::Element(element) => match element.name.as_str() {
                "System" if has_system || element.needs.is_some() => return None,
                "System" => {
                    has_system = true;
                    system(element, &mut plan)?;
                }
                "EventData" | "UserData" => plan.parts.push(Part::Body(body(element)?)),
                "RenderingInfo" => return None,
                _ => {}
            },
        }
    }
    Some(plan)
}

fn system(system: &Element, plan: &mut EventPlan) -> Option<()> {
    has_fixed_attributes(system)?;
    for node in &system.content {
        let Node::Element(element) = node else {
            return None;
        };
        let (field, source) = match element.name.as_str() {
            "Provider" => (&mut plan.provider, attribute(element, "Name")?),
            "TimeCreated" => (&mut plan.time, attribute(element, "SystemTime")?),
            "EventID" => (&mut plan.id, source(&element.content)?),
            "Level" => (&mut plan.level, source(&element.content)?),
            "Keywords" => (&mut plan.keywords, source(&element.content)?),
            "EventRecordID" => (&mut plan.record, source(&element.content)?),
            "Channel" => (&mut plan.channel, source(&element.content)?),
            "Computer" => (&mut plan.computer, source(&element.content)?),
            _ => continue,
        };
        let source = match (element.name.as_str(), source) {
            ("Channel" | "Computer", Source::Text(text)) => Source::Text(text.trim().into()),
            (_, source) => source,
        };
        if field.source != Source::Nowhere || field.needs.is_some() {
            return None;
        }
        field.needs = element.needs;
        field.source = source;
    }
    // Without these it is no event.
    (plan.provider.source != Source::Nowhere && plan.id.source != Source::Nowhere).then_some(())
}

fn body(element: &Element) -> Option<Body> {
    has_fixed_attributes(element)?;
    let mut kind = match element.name.as_str() {
        "EventData" => BodyKind::Event(Vec::new()),
        _ => BodyKind::User(Vec::new()),
    };
    for node in &element.content {
        let Node::Element(child) = node else {
            return None;
        };
        match &mut kind {
            BodyKind::Event(data) if child.name == "Data" => data.push(datum(child)?),
            // `Binary` and whatever else is no text.
            BodyKind::Event(_) => {}
            BodyKind::User(branches) => branches.push(branch(child)?),
        }
    }
    Some(Body {
        needs: element.needs,
        kind,
    })
}

fn datum(element: &Element) -> Option<Datum> {
    let name = attribute(element, "Name")?;
    // A value that is an array would repeat the element.
    let others = element.attributes.iter().filter(|(name, _)| name != "Name");
    if others.flat_map(|(_, value)| value).any(is_value) {
        return None;
    }
    Some(Datum {
        needs: element.needs,
        name,
        value: source(&element.content)?,
    })
}

fn branch(element: &Element) -> Option<Branch> {
    has_fixed_attributes(element)?;
    let is_element = |node: &Node| matches!(node, Node::Element(_));
    let content = if element.content.iter().any(is_element) {
        let branches = element.content.iter().map(|node| match node {
            Node::Element(child) => branch(child),
            _ => None,
        });
        BranchContent::Branches(branches.collect::<Option<_>>()?)
    } else {
        BranchContent::Leaf(source(&element.content)?)
    };
    Some(Branch {
        needs: element.needs,
        name: element.name.as_str().into(),
        content,
    })
}

/// What an attribute's text comes from. Blanks other than the space would not survive in it, and
/// an empty one may or may not be written.
fn attribute(element: &Element, name: &str) -> Option<Source> {
    let value = element.attributes.iter().find(|(known, _)| known == name);
    let Some((_, value)) = value else {
        return Some(Source::Nowhere);
    };
    match source(value)? {
        Source::Text(text) if !is_plain(&text) => None,
        source => Some(source),
    }
}

/// Whether a text stands in an attribute as it is.
pub(super) fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.contains(['\t', '\n', '\r'])
}

fn source(content: &[Node]) -> Option<Source> {
    match content {
        [] => Some(Source::Nowhere),
        [Node::Text(text)] => Some(Source::Text(text.into())),
        [Node::Value(index)] => Some(Source::Value(*index)),
        _ => None,
    }
}

/// No value stands in an attribute.
fn has_fixed_attributes(element: &Element) -> Option<()> {
    let mut values = element.attributes.iter().flat_map(|(_, value)| value);
    (!values.any(is_value)).then_some(())
}

fn is_value(node: &Node) -> bool {
    matches!(node, Node::Value(_))
}
