//! Chunks, and the binary XML of their records.

pub(super) mod forms;

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{CHUNK_BYTES, EvtxEvent};
use forms::{Container, OddDatum, odd_data};

/// Bytes of a chunk's header.
const CHUNK_HEADER: usize = 512;
/// Buckets of the table of names.
const NAME_BUCKETS: u16 = 64;
/// Buckets of the table of templates.
const TEMPLATE_BUCKETS: u32 = 32;

const FRAGMENT: [u8; 4] = [0x0f, 1, 1, 0];
const NULL: u8 = 0x00;
const STRING: u8 = 0x01;
const U8: u8 = 0x04;
const U16: u8 = 0x06;
const U32: u8 = 0x08;
const U64: u8 = 0x0a;
const BINARY: u8 = 0x0e;
const GUID: u8 = 0x0f;
const FILETIME: u8 = 0x11;
const SID: u8 = 0x13;
const HEX64: u8 = 0x15;
const BINXML: u8 = 0x21;
const STRINGS: u8 = 0x81;

/// No substitution that must be there for an element to appear.
const ALWAYS: u16 = 0xffff;
/// The value that holds the event's data.
const DATA_VALUE: u16 = 19;
/// The value that holds the provider's name, where it is one.
const PROVIDER_VALUE: u16 = 20;

/// A chunk that is being filled. Offsets inside it count from its start.
#[derive(Debug)]
pub(super) struct Chunk {
    bytes: Vec<u8>,
    tables: Tables,
    records: Option<(u64, u64)>,
    last_record: u32,
    /// Elements are written as they stand outside of templates.
    outside: bool,
}

/// What stands where in a chunk.
#[derive(Debug, Clone, Default)]
struct Tables {
    names: BTreeMap<String, u32>,
    name_heads: BTreeMap<u16, u32>,
    templates: BTreeMap<String, u32>,
    template_heads: BTreeMap<u32, u32>,
}

impl Default for Chunk {
    fn default() -> Self {
        Self::new()
    }
}

impl Chunk {
    pub(super) fn new() -> Self {
        Self {
            bytes: vec![0; CHUNK_HEADER],
            tables: Tables::default(),
            records: None,
            last_record: 0,
            outside: false,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records.is_none()
    }

    /// Appends a record, unless it does not fit: then the chunk is as it was.
    pub(super) fn append(
        &mut self,
        record: u64,
        time: DateTime<Utc>,
        body: impl FnOnce(&mut Self),
    ) -> bool {
        let before = self.tables.clone();
        let start = self.bytes.len();
        self.u32(0x2a2a);
        self.u32(0);
        self.u64(record);
        self.u64(filetime(time));
        body(self);
        self.bytes.push(0);
        while !(self.bytes.len() - start + 4).is_multiple_of(8) {
            self.bytes.push(0);
        }
        let size = self.bytes.len() - start + 4;
        self.u32(size_of(size));
        self.patch_u32(start + 4, size_of(size));
        if self.bytes.len() > CHUNK_BYTES {
            self.bytes.truncate(start);
            self.tables = before;
            return false;
        }
        let first = self.records.map_or(record, |(first, _)| first);
        self.records = Some((first, record));
        self.last_record = size_of(start);
        true
    }

    /// The chunk with its header and checksums.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let free = self.bytes.len();
        self.bytes.resize(CHUNK_BYTES, 0);
        let (first, last) = self.records.unwrap_or((1, 0));
        let mut header = Vec::with_capacity(CHUNK_HEADER);
        header.extend_from_slice(b"ElfChnk\0");
        for number in [first, last, first, last] {
            header.extend_from_slice(&number.to_le_bytes());
        }
        let records = crc32fast::hash(self.bytes.get(CHUNK_HEADER..free).unwrap_or_default());
        for number in [128, self.last_record, size_of(free), records] {
            header.extend_from_slice(&number.to_le_bytes());
        }
        header.resize(120, 0);
        let mut tables = Vec::with_capacity(CHUNK_HEADER - 128);
        for bucket in 0..NAME_BUCKETS {
            let head = self
                .tables
                .name_heads
                .get(&bucket)
                .copied()
                .unwrap_or_default();
            tables.extend_from_slice(&head.to_le_bytes());
        }
        for bucket in 0..TEMPLATE_BUCKETS {
            let head = self.tables.template_heads.get(&bucket).copied();
            tables.extend_from_slice(&head.unwrap_or_default().to_le_bytes());
        }
        let mut crc = crc32fast::Hasher::new();
        crc.update(&header);
        crc.update(&tables);
        // Real chunks carry the flag 1, also in logs that were closed cleanly.
        header.extend_from_slice(&1_u32.to_le_bytes());
        header.extend_from_slice(&crc.finalize().to_le_bytes());
        header.extend_from_slice(&tables);
        self.bytes.splice(..CHUNK_HEADER, header);
        self.bytes
    }

    fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    fn utf16(&mut self, text: &str) {
        for unit in text.encode_utf16() {
            self.u16(unit);
        }
    }

    fn patch_u32(&mut self, at: usize, value: u32) {
        self.bytes.splice(at..at + 4, value.to_le_bytes());
    }

    /// A reference to a name, which stands here if it is its first use in the chunk.
    fn name(&mut self, name: &str) {
        if let Some(offset) = self.tables.names.get(name) {
            let offset = *offset;
            self.u32(offset);
            return;
        }
        let offset = size_of(self.bytes.len() + 4);
        self.u32(offset);
        let hash = name.encode_utf16().fold(0_u32, |hash, unit| {
            hash.wrapping_mul(65_599).wrapping_add(u32::from(unit))
        });
        let hash = u16::try_from(hash & 0xffff).unwrap_or_default();
        let next = self.tables.name_heads.insert(hash % NAME_BUCKETS, offset);
        self.u32(next.unwrap_or_default());
        self.u16(hash);
        self.u16(units(name));
        self.utf16(name);
        self.u16(0);
        self.tables.names.insert(name.to_owned(), offset);
    }

    fn literal(&mut self, text: &str) {
        self.bytes.extend_from_slice(&[0x05, STRING]);
        self.u16(units(text));
        self.utf16(text);
    }

    fn substitution(&mut self, index: u16, kind: u8) {
        self.bytes.push(0x0e);
        self.u16(index);
        self.bytes.push(kind);
    }

    fn part(&mut self, part: &Part<'_>) {
        match part {
            Part::Text(text) => self.literal(text),
            Part::Value(index, kind) => self.substitution(*index, *kind),
        }
    }

    fn element(&mut self, element: &Element<'_>) {
        let with_attributes = !element.attributes.is_empty();
        self.bytes.push(if with_attributes { 0x41 } else { 0x01 });
        if !self.outside {
            self.u16(element.needs);
        }
        let length_at = self.bytes.len();
        self.u32(0);
        self.name(&element.name);
        if with_attributes {
            let list_at = self.bytes.len();
            self.u32(0);
            for (index, (name, value)) in element.attributes.iter().enumerate() {
                let more = index + 1 < element.attributes.len();
                self.bytes.push(if more { 0x46 } else { 0x06 });
                self.name(name);
                self.part(value);
            }
            let length = self.bytes.len() - list_at - 4;
            self.patch_u32(list_at, size_of(length));
        }
        if element.content.is_none() && element.children.is_empty() {
            self.bytes.push(0x03);
        } else {
            self.bytes.push(0x02);
            for child in &element.children {
                self.element(child);
            }
            if let Some(part) = &element.content {
                self.part(part);
            }
            self.bytes.push(0x04);
        }
        let length = self.bytes.len() - length_at - 4;
        self.patch_u32(length_at, size_of(length));
    }

    /// A fragment that is an instance of a template; the definition stands here at its first use.
    fn instance(&mut self, key: &str, root: impl FnOnce() -> Element<'static>, values: &[Value]) {
        self.bytes.extend_from_slice(&FRAGMENT);
        self.bytes.extend_from_slice(&[0x0c, 1]);
        let id = crc32fast::hash(key.as_bytes());
        self.u32(id);
        if let Some(offset) = self.tables.templates.get(key) {
            let offset = *offset;
            self.u32(offset);
        } else {
            self.define(key, id, &root());
        }
        self.u32(size_of(values.len()));
        let descriptors = self.bytes.len();
        for _ in values {
            self.u32(0);
        }
        for (index, value) in values.iter().enumerate() {
            let start = self.bytes.len();
            let kind = value.write(self);
            let size = size_of(self.bytes.len() - start);
            self.patch_u32(descriptors + index * 4, size | u32::from(kind) << 16);
        }
    }

    fn define(&mut self, key: &str, id: u32, root: &Element<'_>) {
        let offset = size_of(self.bytes.len() + 4);
        self.u32(offset);
        let next = self
            .tables
            .template_heads
            .insert(id % TEMPLATE_BUCKETS, offset);
        self.u32(next.unwrap_or_default());
        self.u32(id);
        self.bytes.extend_from_slice(&[0x51; 12]);
        let length_at = self.bytes.len();
        self.u32(0);
        self.bytes.extend_from_slice(&FRAGMENT);
        self.element(root);
        self.bytes.push(0);
        let length = self.bytes.len() - length_at - 4;
        self.patch_u32(length_at, size_of(length));
        self.tables.templates.insert(key.to_owned(), offset);
    }
}

/// An element of a template.
struct Element<'a> {
    name: Cow<'a, str>,
    needs: u16,
    attributes: Vec<(&'a str, Part<'a>)>,
    children: Vec<Element<'a>>,
    /// Stands after the children.
    content: Option<Part<'a>>,
}

impl<'a> Element<'a> {
    fn new(name: &'a str) -> Self {
        Self {
            name: name.into(),
            needs: ALWAYS,
            attributes: Vec::new(),
            children: Vec::new(),
            content: None,
        }
    }

    fn named(name: String) -> Self {
        Self {
            name: name.into(),
            ..Self::new("")
        }
    }

    fn attribute(mut self, name: &'a str, value: Part<'a>) -> Self {
        self.attributes.push((name, value));
        self
    }

    fn content(mut self, content: Part<'a>) -> Self {
        self.content = Some(content);
        self
    }

    fn needs(mut self, value: u16) -> Self {
        self.needs = value;
        self
    }

    fn children(mut self, children: Vec<Element<'a>>) -> Self {
        self.children = children;
        self
    }
}

/// Text of a template, or a place that a value of the record fills.
enum Part<'a> {
    Text(Cow<'a, str>),
    Value(u16, u8),
}

fn text(text: impl Into<String>) -> Part<'static> {
    Part::Text(text.into().into())
}

/// A value of a record.
enum Value {
    Null,
    Byte(u8),
    Short(u16),
    Long(u64),
    Word(u32),
    Keywords(u64),
    Time(u64),
    Text(String),
    Texts(Vec<String>),
    Data(Vec<(Option<String>, String)>),
    Odd(Container, Vec<OddDatum>),
    Raw(u8, Vec<u8>),
}

impl Value {
    /// Writes the value and gives its type.
    fn write(&self, out: &mut Chunk) -> u8 {
        match self {
            Self::Null => return NULL,
            Self::Byte(value) => out.bytes.push(*value),
            Self::Short(value) => out.u16(*value),
            Self::Word(value) => out.u32(*value),
            Self::Long(value) | Self::Keywords(value) | Self::Time(value) => out.u64(*value),
            Self::Text(value) => out.utf16(value),
            Self::Texts(values) => {
                for value in values {
                    out.utf16(value);
                    out.u16(0);
                }
            }
            Self::Data(data) => {
                event_data(out, data);
                out.bytes.push(0);
            }
            Self::Odd(container, data) => {
                odd_data(out, *container, data);
                out.bytes.push(0);
            }
            Self::Raw(_, bytes) => out.bytes.extend_from_slice(bytes),
        }
        match self {
            Self::Null => NULL,
            Self::Byte(_) => U8,
            Self::Short(_) => U16,
            Self::Word(_) => U32,
            Self::Long(_) => U64,
            Self::Keywords(_) => HEX64,
            Self::Time(_) => FILETIME,
            Self::Text(_) => STRING,
            Self::Texts(_) => STRINGS,
            Self::Data(_) | Self::Odd(..) => BINXML,
            Self::Raw(kind, _) => *kind,
        }
    }
}

/// The body of a record.
pub(super) fn event_record(out: &mut Chunk, record: u64, event: &EvtxEvent) {
    let mut values = system_values(record, event);
    values.push(Value::Data(event.data.clone()));
    if event.provider_as_value {
        values.push(Value::Text(event.provider.clone()));
    }
    let key = template_key(event);
    out.instance(&key, || event_template(event), &values);
}

fn template_key(event: &EvtxEvent) -> String {
    format!(
        "{}\u{1f}{}\u{1f}{}\u{1f}{}",
        event.provider, event.channel, event.computer, event.provider_as_value
    )
}

/// The values up to the data.
fn system_values(record: u64, event: &EvtxEvent) -> Vec<Value> {
    let mut values = vec![
        Value::Byte(event.level),
        Value::Byte(0),
        Value::Short(0),
        Value::Short(event.id),
        Value::Short(event.qualifiers),
        Value::Keywords(event.keywords),
        Value::Time(filetime(event.time)),
        Value::Null,
        Value::Word(0),
        Value::Word(0),
        Value::Long(event.record.unwrap_or(record)),
        Value::Byte(0),
    ];
    values.resize_with(usize::from(DATA_VALUE), || Value::Null);
    values
}

fn event_template(event: &EvtxEvent) -> Element<'static> {
    let provider = if event.provider_as_value {
        Part::Value(PROVIDER_VALUE, STRING)
    } else {
        text(&event.provider)
    };
    let value = |name, index, kind| Element::new(name).content(Part::Value(index, kind));
    let system = Element::new("System").children(vec![
        Element::new("Provider").attribute("Name", provider),
        value("EventID", 3, U16).attribute("Qualifiers", Part::Value(4, U16)),
        value("Version", 11, U8),
        value("Level", 0, U8),
        value("Task", 2, U16),
        value("Opcode", 1, U8),
        value("Keywords", 5, HEX64),
        Element::new("TimeCreated").attribute("SystemTime", Part::Value(6, FILETIME)),
        value("EventRecordID", 10, U64),
        Element::new("Correlation")
            .attribute("ActivityID", Part::Value(7, GUID))
            .attribute("RelatedActivityID", Part::Value(18, GUID)),
        Element::new("Execution")
            .attribute("ProcessID", Part::Value(8, U32))
            .attribute("ThreadID", Part::Value(9, U32)),
        Element::new("Channel").content(text(&event.channel)),
        Element::new("Computer").content(text(&event.computer)),
        Element::new("Security").attribute("UserID", Part::Value(12, SID)),
    ]);
    // The data is a fragment of its own, which the root takes in where the element would stand.
    Element::new("Event")
        .attribute(
            "xmlns",
            text("http://schemas.microsoft.com/win/2004/08/events/event"),
        )
        .children(vec![system])
        .content(Part::Value(DATA_VALUE, BINXML))
}

/// The nested fragment with the data strings.
fn event_data(out: &mut Chunk, data: &[(Option<String>, String)]) {
    if data.is_empty() {
        out.instance("data/none", || Element::new("EventData"), &[]);
        return;
    }
    let names: Option<Vec<&str>> = data.iter().map(|(name, _)| name.as_deref()).collect();
    let Some(names) = names else {
        let strings = data.iter().map(|(_, value)| value.clone()).collect();
        let values = [Value::Texts(strings), Value::Null, Value::Null];
        out.instance(
            "data/classic",
            || {
                Element::new("EventData").children(vec![
                    Element::new("Data").content(Part::Value(0, STRINGS)),
                    Element::new("Binary")
                        .needs(2)
                        .content(Part::Value(2, BINARY)),
                ])
            },
            &values,
        );
        return;
    };
    let values: Vec<_> = data
        .iter()
        .map(|(_, value)| Value::Text(value.clone()))
        .collect();
    let key = format!("data/{}", names.join("\u{1f}"));
    out.instance(
        &key,
        || {
            let children = names.iter().zip(0_u16..).map(|(name, index)| {
                Element::new("Data")
                    .attribute("Name", text(*name))
                    .content(Part::Value(index, STRING))
            });
            Element::new("EventData").children(children.collect())
        },
        &values,
    );
}

fn filetime(time: DateTime<Utc>) -> u64 {
    let seconds = u64::try_from(time.timestamp() + 11_644_473_600).unwrap_or_default();
    seconds * 10_000_000 + u64::from(time.timestamp_subsec_nanos() / 100)
}

fn size_of(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

fn units(text: &str) -> u16 {
    u16::try_from(text.encode_utf16().count()).unwrap_or(u16::MAX)
}
