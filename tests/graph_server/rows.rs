//! Collections of any size, without a value in memory for each item: a few kinds of rows, in whose
//! texts the number of a row is filled in. What a request asks for is rendered once for each kind,
//! and a page is then copied together.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// In a text of a kind: the number of the row.
pub const DECIMAL: &str = "{n}";
/// In a text of a kind: the number of the row in twelve hexadecimal digits.
pub const HEX: &str = "{x}";

/// A collection.
#[derive(Debug, Clone)]
pub struct Rows {
    kinds: Vec<Value>,
    listed: Vec<bool>,
    /// The numbers below this one have a kind each.
    own: usize,
    numbers: usize,
    step: usize,
}

impl Default for Rows {
    fn default() -> Self {
        Self::each(Vec::new())
    }
}

impl Rows {
    /// These rows, and no others.
    pub fn each(rows: Vec<Value>) -> Self {
        Self {
            listed: vec![true; rows.len()],
            own: rows.len(),
            numbers: rows.len(),
            kinds: rows,
            step: 1,
        }
    }

    /// So many rows: the first `own` kinds once each, the others mixed.
    pub fn mixed(kinds: Vec<Value>, own: usize, numbers: usize) -> Self {
        Self {
            listed: vec![true; kinds.len()],
            own,
            numbers,
            kinds,
            step: 1,
        }
    }

    /// The same numbers, but only of the kinds for which the test holds.
    #[must_use]
    pub fn only(mut self, test: impl Fn(&Value) -> bool) -> Self {
        self.listed = self.kinds.iter().map(test).collect();
        self
    }

    /// Every so many-th number.
    #[must_use]
    pub fn every(mut self, step: usize) -> Self {
        self.step = step;
        self
    }

    /// One past the last number.
    pub(super) fn end(&self) -> usize {
        self.numbers
    }

    /// The kind of a number.
    pub(super) fn kind_of(&self, number: usize) -> usize {
        if number < self.own {
            return number;
        }
        let mixed = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let others = (self.kinds.len() - self.own) as u64;
        self.own + usize::try_from(mixed % others).unwrap_or_default()
    }

    /// Whether the number is an item of the collection.
    pub(super) fn holds(&self, number: usize) -> bool {
        number < self.numbers
            && number.is_multiple_of(self.step)
            && self.listed[self.kind_of(number)]
    }

    /// The kinds, with their places for numbers.
    pub(super) fn kinds(&self) -> &[Value] {
        &self.kinds
    }

    /// The numbers from this one on.
    pub(super) fn numbers(&self, from: usize) -> impl Iterator<Item = usize> + '_ {
        (from.next_multiple_of(self.step)..self.numbers)
            .step_by(self.step)
            .filter(|number| self.listed[self.kind_of(*number)])
    }

    /// One item in full.
    pub fn item(&self, number: usize) -> Value {
        let kind = &self.kinds[self.kind_of(number)];
        if number < self.own {
            return kind.clone();
        }
        let mut row = kind.clone();
        fill(&mut row, number);
        row
    }

    /// All items, for collections that are small.
    pub fn items(&self) -> impl Iterator<Item = Value> + '_ {
        self.numbers(0).map(|number| self.item(number))
    }

    /// The number of the item that has this text, ignoring case.
    pub(super) fn find(&self, property: &str, wanted: &str) -> Option<usize> {
        for (index, kind) in self.kinds.iter().enumerate() {
            let Some(text) = kind.get(property).and_then(Value::as_str) else {
                continue;
            };
            let number = if index < self.own {
                text.eq_ignore_ascii_case(wanted).then_some(index)
            } else {
                number_in(text, wanted).filter(|number| self.kind_of(*number) == index)
            };
            if let Some(number) = number.filter(|number| self.holds(*number)) {
                return Some(number);
            }
        }
        None
    }

    /// Whether a property reads the same in all rows of a kind.
    pub(super) fn is_fixed(&self, property: &str) -> bool {
        self.kinds[self.own..].iter().all(|kind| {
            let text = kind.get(property).map(Value::to_string).unwrap_or_default();
            !text.contains(DECIMAL) && !text.contains(HEX)
        })
    }

    /// The rows with only what was asked for, ready to be copied.
    pub(super) fn template(&self, shape: impl Fn(&Value) -> Value) -> Template {
        let pieces = self.kinds.iter().enumerate().map(|(index, kind)| {
            let text = shape(kind).to_string();
            if index < self.own {
                vec![Piece::Text(text.into_bytes())]
            } else {
                split(&text)
            }
        });
        Template(pieces.collect())
    }
}

/// Rows that are ready but for their numbers.
#[derive(Debug)]
pub(super) struct Template(Vec<Vec<Piece>>);

#[derive(Debug)]
enum Piece {
    Text(Vec<u8>),
    Decimal,
    Hex,
}

impl Template {
    /// Appends one row.
    pub(super) fn write(&self, out: &mut Vec<u8>, kind: usize, number: usize) {
        for piece in &self.0[kind] {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text),
                Piece::Decimal => decimal(out, number),
                Piece::Hex => hex(out, number),
            }
        }
    }
}

fn split(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = [rest.find(DECIMAL), rest.find(HEX)]
        .into_iter()
        .flatten()
        .min()
    {
        let (before, after) = rest.split_at(at);
        pieces.push(Piece::Text(before.into()));
        pieces.push(if after.starts_with(HEX) {
            Piece::Hex
        } else {
            Piece::Decimal
        });
        rest = &after[HEX.len()..];
    }
    pieces.push(Piece::Text(rest.into()));
    pieces
}

fn decimal(out: &mut Vec<u8>, number: usize) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut rest = number;
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

fn hex(out: &mut Vec<u8>, number: usize) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.extend(
        (0..12)
            .rev()
            .map(|place| DIGITS[number >> (4 * place) & 15]),
    );
}

fn fill(value: &mut Value, number: usize) {
    match value {
        Value::String(text) if text.contains('{') => {
            let mut digits = String::new();
            let _ = write!(digits, "{number:012x}");
            *text = text
                .replace(DECIMAL, &number.to_string())
                .replace(HEX, &digits);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, number)),
        Value::Object(members) => members.values_mut().for_each(|item| fill(item, number)),
        _ => {}
    }
}

/// The number that makes the text of a kind the wanted one.
fn number_in(text: &str, wanted: &str) -> Option<usize> {
    let (place, radix) = if text.contains(HEX) {
        (HEX, 16)
    } else {
        (DECIMAL, 10)
    };
    let (before, after) = text.split_once(place)?;
    let wanted = wanted.to_ascii_lowercase();
    let digits = wanted
        .strip_prefix(&before.to_ascii_lowercase())?
        .strip_suffix(&after.to_ascii_lowercase())?;
    usize::from_str_radix(digits, radix).ok()
}

/// An object with these properties of another one, in the order of the request, as null where it
/// has none.
pub(super) fn selected<'a>(row: &Value, names: impl Iterator<Item = &'a str>) -> Value {
    let mut chosen = Map::new();
    if let Some(kind) = row.get("@odata.type") {
        chosen.insert("@odata.type".into(), kind.clone());
    }
    for name in names {
        chosen.insert(name.into(), row.get(name).cloned().unwrap_or_default());
    }
    Value::Object(chosen)
}
