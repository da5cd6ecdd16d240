//! Events in forms that few logs have: values of every type, data in the root template itself, user
//! data, elements that depend on a value, records without a template.

use super::{ALWAYS, Chunk, Element, FRAGMENT, Part, Value, event_template, system_values, text};
use crate::evtx_writer::EvtxEvent;

/// An event whose data has a form of its own, in place of the data that the event says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OddEvent {
    /// Everything but the data.
    pub event: EvtxEvent,
    /// The data.
    pub form: Form,
}

/// How the data of an event is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// In a fragment of its own, with a template of its own.
    Nested(Container, Vec<OddDatum>),
    /// In the template of the event.
    Inline(Container, Vec<OddDatum>),
    /// Without any template: all is text in the record.
    Bare(String),
}

/// The element that holds the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// `EventData`, with `Data` elements.
    EventData,
    /// `UserData`, with one element that holds elements of other names.
    UserData,
}

/// A value of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OddDatum {
    /// Its name; user data always has one.
    pub name: Option<String>,
    /// The type of the value, as the format numbers it.
    pub kind: u8,
    /// The value.
    pub bytes: Vec<u8>,
    /// Whether its element is left out when the value is null.
    pub needed: bool,
}

/// The body of a record.
pub(crate) fn odd_record(out: &mut Chunk, record: u64, odd: &OddEvent) {
    let event = &odd.event;
    let mut values = system_values(record, event);
    match &odd.form {
        Form::Bare(data) => bare(out, record, event, data),
        Form::Nested(container, data) => {
            let (container, data) = (*container, data.clone());
            values.push(Value::Odd(container, data));
            push_provider(&mut values, event);
            out.instance(
                &super::template_key(event),
                || event_template(event),
                &values,
            );
        }
        Form::Inline(container, data) => {
            values.push(Value::Null);
            push_provider(&mut values, event);
            let first = values.len();
            values.extend(data.iter().map(value));
            let key = format!("{}{}", super::template_key(event), shape(*container, data));
            out.instance(
                &key,
                || {
                    let mut root = event_template(event);
                    root.content = None;
                    root.children.push(element(*container, data, first));
                    root
                },
                &values,
            );
        }
    }
}

/// The nested fragment.
pub(super) fn odd_data(out: &mut Chunk, container: Container, data: &[OddDatum]) {
    let values: Vec<_> = data.iter().map(value).collect();
    let root = || element(container, data, 0);
    out.instance(&shape(container, data), root, &values);
}

fn push_provider(values: &mut Vec<Value>, event: &EvtxEvent) {
    if event.provider_as_value {
        values.push(Value::Text(event.provider.clone()));
    }
}

fn value(datum: &OddDatum) -> Value {
    Value::Raw(datum.kind, datum.bytes.clone())
}

/// What tells one template from another.
fn shape(container: Container, data: &[OddDatum]) -> String {
    let data = data
        .iter()
        .map(|datum| format!("{:?} {} {}", datum.name, datum.kind, datum.needed));
    format!("{container:?} {}", data.collect::<Vec<_>>().join("\u{1f}"))
}

fn element(container: Container, data: &[OddDatum], first: usize) -> Element<'static> {
    let children = data.iter().enumerate().map(|(index, datum)| {
        let index = u16::try_from(first + index).unwrap_or(ALWAYS);
        let content = Part::Value(index, datum.kind);
        let element = match (container, &datum.name) {
            (Container::EventData, Some(name)) => {
                Element::new("Data").attribute("Name", text(name.as_str()))
            }
            (Container::EventData, None) => Element::new("Data"),
            (Container::UserData, name) => {
                Element::named(name.clone().unwrap_or_else(|| "Value".to_owned()))
            }
        };
        element
            .needs(if datum.needed { index } else { ALWAYS })
            .content(content)
    });
    let children = children.collect();
    match container {
        Container::EventData => Element::new("EventData").children(children),
        Container::UserData => {
            let outer = Element::new("EventXML").children(children);
            Element::new("UserData").children(vec![outer])
        }
    }
}

fn bare(out: &mut Chunk, record: u64, event: &EvtxEvent, data: &str) {
    let leaf = |name, value: String| Element::new(name).content(text(value));
    let system = Element::new("System").children(vec![
        Element::new("Provider").attribute("Name", text(&event.provider)),
        leaf("EventID", event.id.to_string()),
        leaf("Level", event.level.to_string()),
        leaf("EventRecordID", record.to_string()),
        leaf("Channel", event.channel.clone()),
        leaf("Computer", event.computer.clone()),
    ]);
    let data = Element::new("EventData").children(vec![leaf("Data", data.to_owned())]);
    out.bytes.extend_from_slice(&FRAGMENT);
    out.outside = true;
    out.element(&Element::new("Event").children(vec![system, data]));
    out.outside = false;
}
