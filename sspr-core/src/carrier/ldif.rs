//! LDIF, as `ldapsearch` and `ldifde` write it, read entry by entry, and written.
//!
//! Continuation lines, comments, base64 values and the trailers of `ldapsearch` are understood.
//! A value by reference (`attr:< url`) is never fetched. Change records other than `add` tell
//! nothing about what is, and are counted as lost.

mod write;

use std::io::{BufRead, Read};
use std::ops::ControlFlow;

use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{At, Locator, Reading};

pub use write::{write_dn, write_value};

/// A directory entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LdifEntry {
    /// Its distinguished name; empty for the rootDSE.
    pub dn: String,
    /// The line of its `dn:`, counted from 1.
    pub line: u64,
    attributes: Vec<LdifValue>,
}

/// One value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LdifValue {
    /// The attribute's name with its options, as printed.
    pub attribute: String,
    /// The value's bytes.
    pub bytes: Vec<u8>,
    /// The line, counted from 1.
    pub line: u64,
    /// How long the name is without its options: values are looked up far more often than read.
    name: usize,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LdifRead {
    /// How many entries were handed over.
    pub entries: u64,
    /// How many values, records or lines were lost.
    pub lost: u64,
    /// The first fault.
    pub first_lost: Option<Error>,
}

/// Whether a text starts as LDIF: its first line that is no comment is `version:` or `dn:`.
pub fn is_ldif(head: &str) -> bool {
    let mut lines = head.lines().filter(|line| {
        // The rest of a folded comment starts with a blank.
        !line.trim().is_empty() && !line.starts_with(['#', ' '])
    });
    let starts = |line: &str, name: &str| {
        line.get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    match lines.next() {
        Some(line) if starts(line, "version:") => {
            lines.next().is_none_or(|line| starts(line, "dn:"))
        }
        Some(line) => starts(line, "dn:"),
        None => false,
    }
}

/// Streams the entries of a UTF-8 text of any length.
///
/// `item_bytes` bounds what one entry may hold; a larger one is lost, and reading goes on behind
/// it. The sink ends the reading with [`ControlFlow::Break`].
pub fn read_entries<R: BufRead>(
    reader: R,
    item_bytes: u64,
    sink: &mut dyn FnMut(&LdifEntry) -> ControlFlow<()>,
) -> Result<LdifRead> {
    let mut lines = Lines { reader, number: 0 };
    let mut record = Record::default();
    let mut read = LdifRead::default();
    let mut line = Vec::new();
    while lines.next(&mut line, item_bytes)? {
        if line.is_empty() {
            record.finish(&mut read, sink)?;
        } else if let Some(rest) = line.strip_prefix(b" ") {
            record.continue_line(rest, item_bytes);
        } else {
            record.take_line(&mut read);
            record.start_line(&line, lines.number, item_bytes);
        }
    }
    record.finish(&mut read, sink)?;
    Ok(read)
}

impl LdifEntry {
    /// All values, in their order.
    pub fn all(&self) -> &[LdifValue] {
        &self.attributes
    }

    /// The values of an attribute, in any case, options apart.
    pub fn values<'a, 'n>(
        &'a self,
        attribute: &'n str,
    ) -> impl Iterator<Item = &'a LdifValue> + use<'a, 'n> {
        self.attributes
            .iter()
            .filter(move |value| value.name().eq_ignore_ascii_case(attribute))
    }

    /// Whether an attribute has a value.
    pub fn has(&self, attribute: &str) -> bool {
        self.values(attribute).next().is_some()
    }

    /// The first value of an attribute, as text.
    pub fn text(&self, attribute: &str) -> Reading<&str> {
        match self.values(attribute).next() {
            None => Reading::Absent,
            Some(value) => {
                let place = self.place(value);
                match value.text() {
                    Some(text) => Reading::Value(At::new(text, place)),
                    None => Reading::Bad(Error::new(
                        ErrorCode::Encoding,
                        place,
                        "expected text, found binary data",
                    )),
                }
            }
        }
    }

    /// The first value of an attribute, as a whole number.
    pub fn integer(&self, attribute: &str) -> Reading<i64> {
        self.text(attribute).and_then(|text| {
            text.trim()
                .parse()
                .map_err(|_| "expected a whole number".into())
        })
    }

    /// All values of an attribute that are text.
    pub fn texts(&self, attribute: &str) -> Reading<Vec<&str>> {
        let texts: Vec<_> = self.values(attribute).filter_map(LdifValue::text).collect();
        match self.values(attribute).next() {
            Some(first) => Reading::Value(At::new(texts, self.place(first))),
            None => Reading::Absent,
        }
    }

    /// The place of a value, named by entry and attribute, as directories speak of it.
    pub fn place(&self, value: &LdifValue) -> Locator {
        Locator::Attribute {
            dn: if self.dn.is_empty() {
                "rootDSE".to_owned()
            } else {
                self.dn.clone()
            },
            attribute: value.name().to_owned(),
        }
    }
}

impl LdifValue {
    /// The attribute's name without its options.
    pub fn name(&self) -> &str {
        self.attribute.get(..self.name).unwrap_or_default()
    }

    /// The value as text, when it is UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }
}

/// The record that is being read.
#[derive(Default)]
struct Record {
    entry: LdifEntry,
    has_dn: bool,
    /// A change record: it tells what was to be done, not what is.
    change: bool,
    /// It is larger than the limit, and what follows of it is passed over.
    too_large: bool,
    /// The logical line so far, and where it starts.
    line: Vec<u8>,
    line_number: u64,
    /// The first line of the record.
    first_line: u64,
    /// How much the record takes so far.
    bytes: u64,
}

impl Record {
    fn start_line(&mut self, text: &[u8], number: u64, limit: u64) {
        if self.first_line == 0 {
            self.first_line = number;
        }
        self.line_number = number;
        self.continue_line(text, limit);
    }

    fn continue_line(&mut self, rest: &[u8], limit: u64) {
        // Each value costs more than its bytes.
        self.bytes = self.bytes.saturating_add(rest.len() as u64 + 64);
        self.too_large |= self.bytes > limit;
        if self.too_large {
            self.line.clear();
        } else {
            self.line.extend_from_slice(rest);
        }
    }

    /// Takes the logical line that ends here into the entry.
    fn take_line(&mut self, read: &mut LdifRead) {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() || line.starts_with(b"#") || line == b"-" {
            return;
        }
        let place = Locator::Line(self.line_number);
        let (name, bytes) = match split(&line) {
            Ok(parts) => parts,
            Err(message) => return read.lose(Error::syntax(place, message)),
        };
        if name.eq_ignore_ascii_case("dn") && !self.has_dn {
            self.has_dn = true;
            self.entry.dn = String::from_utf8_lossy(&bytes).into_owned();
            self.entry.line = self.line_number;
        } else if name.eq_ignore_ascii_case("changetype") {
            self.change = !bytes.eq_ignore_ascii_case(b"add");
        } else if self.has_dn {
            self.entry.attributes.push(LdifValue {
                name: name.find(';').unwrap_or(name.len()),
                attribute: name.to_owned(),
                bytes,
                line: self.line_number,
            });
        } else if !TRAILERS
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
        {
            read.lose(Error::syntax(place, "this value belongs to no entry"));
        }
    }

    fn finish(
        &mut self,
        read: &mut LdifRead,
        sink: &mut dyn FnMut(&LdifEntry) -> ControlFlow<()>,
    ) -> Result<()> {
        self.take_line(read);
        let record = std::mem::take(self);
        let place = Locator::Line(record.first_line.max(1));
        if record.too_large {
            read.lose(Error::new(
                ErrorCode::Limit,
                place,
                "this entry is larger than the limit",
            ));
        } else if record.change {
            read.lose(Error::new(
                ErrorCode::Unsupported,
                place,
                "a change record tells what was to be done, not what is",
            ));
        } else if record.has_dn {
            read.entries += 1;
            if sink(&record.entry).is_break() {
                return Err(Error::new(
                    ErrorCode::Cancelled,
                    place,
                    "stopped by the caller",
                ));
            }
        }
        Ok(())
    }
}

/// What `ldapsearch` prints around the entries in the form of attributes.
const TRAILERS: [&str; 6] = [
    "version",
    "search",
    "result",
    "ref",
    "control",
    "pagedresults",
];

impl LdifRead {
    fn lose(&mut self, error: Error) {
        self.lost += 1;
        self.first_lost.get_or_insert(error);
    }
}

/// The name and the bytes of a logical line.
fn split(line: &[u8]) -> Result<(&str, Vec<u8>), &'static str> {
    let colon = memchr::memchr(b':', line).ok_or("expected `attribute: value`")?;
    let (name, rest) = line.split_at(colon);
    let name = std::str::from_utf8(name).map_err(|_| "an attribute's name is no text")?;
    if name.is_empty() || name.contains(char::is_whitespace) {
        return Err("expected `attribute: value`");
    }
    let bytes = match rest {
        [b':', b':', encoded @ ..] => base64(encoded).ok_or("the base64 text is broken")?,
        [b':', b'<', ..] => return Err("a value by reference is not read"),
        [b':', value @ ..] => value.trim_ascii().to_vec(),
        _ => return Err("expected `attribute: value`"),
    };
    Ok((name, bytes))
}

/// What a character is worth in base64; what is none is worth more than any digit.
#[expect(clippy::indexing_slicing, reason = "a byte is an index of 256")]
const DIGITS: [u8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut digits = [u8::MAX; 256];
    let mut rest: &[u8] = alphabet;
    let mut value = 0;
    while let [first, tail @ ..] = rest {
        digits[*first as usize] = value;
        value += 1;
        rest = tail;
    }
    digits
};

/// Decodes base64 with the standard alphabet.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    let padding = text.iter().rev().take_while(|&&c| c == b'=').count();
    let digits = text.get(..text.len() - padding)?;
    if padding > 2 || digits.len() % 4 == 1 || (padding > 0 && (digits.len() + padding) % 4 != 0) {
        return None;
    }
    let digit = |c: &u8| u32::from(DIGITS.get(usize::from(*c)).copied().unwrap_or(u8::MAX));
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    // Most of a directory with descriptors is base64, so that it is decoded four digits at once.
    let mut fours = digits.chunks_exact(4);
    let mut wrong = 0;
    for four in &mut fours {
        if let [a, b, c, d] = four {
            let (a, b, c, d) = (digit(a), digit(b), digit(c), digit(d));
            wrong |= a | b | c | d;
            let [_, high, middle, low] = (a << 18 | b << 12 | c << 6 | d).to_be_bytes();
            bytes.extend_from_slice(&[high, middle, low]);
        }
    }
    let last: Vec<_> = fours.remainder().iter().map(digit).collect();
    wrong |= last.iter().fold(0, |all, digit| all | digit);
    if let [a, b, rest @ ..] = last.as_slice() {
        let c = rest.first().copied().unwrap_or_default();
        let [_, high, middle, _] = (a << 18 | b << 12 | c << 6).to_be_bytes();
        bytes.push(high);
        bytes.extend(rest.first().map(|_| middle));
    }
    (wrong < 64).then_some(bytes)
}

/// Physical lines, bounded.
struct Lines<R> {
    reader: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// Reads the next line without its end into `line`; `false` at the end. What a line holds
    /// beyond the limit is passed over, but for so much that it is seen to be too long.
    fn next(&mut self, line: &mut Vec<u8>, limit: u64) -> Result<bool> {
        line.clear();
        self.number += 1;
        let place = Locator::Line(self.number);
        let bounded = limit.saturating_add(1);
        let read = (&mut self.reader)
            .take(bounded)
            .read_until(b'\n', line)
            .map_err(|error| Error::io(place.clone(), error))?;
        if line.last() != Some(&b'\n') && read as u64 == bounded {
            self.reader
                .skip_until(b'\n')
                .map_err(|error| Error::io(place, error))?;
        }
        while let Some(b'\n' | b'\r') = line.last() {
            line.pop();
        }
        Ok(read > 0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: u64 = 4_096;

    fn read(text: &str) -> (Vec<LdifEntry>, LdifRead) {
        let mut entries = Vec::new();
        let read = read_entries(text.as_bytes(), LIMIT, &mut |entry| {
            entries.push(entry.clone());
            ControlFlow::Continue(())
        })
        .unwrap();
        (entries, read)
    }

    const LDAPSEARCH: &str = "# extended LDIF\n#\n# LDAPv3\n# base <DC=contoso,DC=com> with scope \n \
        baseObject\n#\n\n# contoso.com\ndn: DC=contoso,DC=com\nobjectClass: top\n\
        objectClass: domainDNS\nlockOutObservationWindow: -18000000000\ndescription:: SsO8cmljaA==\n\
        name: con\n toso\n\n# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: 2\n";

    #[test]
    fn ldapsearch_output_is_read() {
        assert!(is_ldif(LDAPSEARCH));
        let (entries, read) = read(LDAPSEARCH);
        assert_eq!((entries.len(), read.entries, read.lost), (1, 1, 0));
        let entry = &entries[0];
        assert_eq!((entry.dn.as_str(), entry.line), ("DC=contoso,DC=com", 9));
        assert_eq!(entry.text("name").value(), Some(&"contoso"));
        assert_eq!(
            entry.integer("lockoutobservationwindow").value(),
            Some(&-18_000_000_000)
        );
        assert_eq!(entry.texts("objectClass").value().map(Vec::len), Some(2));
        assert_eq!(entry.text("description").value(), Some(&"J\u{fc}rich"));
    }

    #[test]
    fn ldifde_output_is_read() {
        let text = "dn: CN=Jane Doe,DC=contoso,DC=com\r\nchangetype: add\r\npwdLastSet: 0\r\n\r\n\
            dn: \r\nchangetype: add\r\nsupportedControl: 1.2.840.113556.1.4.2239\r\n\r\n";
        let (entries, read) = read(text);
        assert_eq!((entries.len(), read.lost), (2, 0));
        assert_eq!(entries[1].dn, "");
        assert_eq!(
            entries[1]
                .text("supportedControl")
                .found()
                .map(|at| at.place.to_string()),
            Some("supportedControl of rootDSE".into())
        );
    }

    #[test]
    fn a_change_record_a_reference_and_broken_base64_cost_only_themselves() {
        let text = "dn: A=1\nchangetype: modify\nreplace: x\nx: 1\n-\n\ndn: A=2\nx:: !!\ny:< file:///x\nz: 3\n";
        let (entries, read) = read(text);
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].all().len(), 1);
        assert_eq!(read.lost, 3);
        assert_eq!(read.first_lost.unwrap().place, Locator::Line(1));
    }

    #[test]
    fn base64_of_every_length_is_decoded_and_what_is_none_is_refused() {
        for (text, bytes) in [
            ("", &b""[..]),
            ("AA==", &[0]),
            ("AA", &[0]),
            ("+/8=", &[0xfb, 0xff]),
            ("+/8", &[0xfb, 0xff]),
            (" AAEC ", &[0, 1, 2]),
            ("AAECAwQ=", &[0, 1, 2, 3, 4]),
        ] {
            assert_eq!(base64(text.as_bytes()).as_deref(), Some(bytes), "{text}");
        }
        for text in [
            "A", "A=", "A===", "AA=", "AAA*", "AA*A", "*", "A A=", "AAECA", "==",
        ] {
            assert_eq!(base64(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn an_entry_beyond_the_limit_costs_only_itself() {
        let long = "x".repeat(10_000);
        let text = format!("dn: A=1\nx: {long}\n {long}\ny: 1\n\ndn: A=2\ny: 1\n");
        let (entries, read) = read(&text);
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].dn, "A=2");
        assert_eq!(read.first_lost.unwrap().code, ErrorCode::Limit);
    }

    #[test]
    fn other_forms_are_no_ldif() {
        assert!(is_ldif("version: 1\r\n\r\ndn: A=1\r\n"));
        assert!(!is_ldif("vers"));
        assert!(!is_ldif("[System Access]\n"));
        assert!(!is_ldif("version: 1\nname: x\n"));
        assert!(!is_ldif(""));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_bytes_give_a_result(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let read = read_entries(&bytes[..], LIMIT, &mut |_| ControlFlow::Continue(())).unwrap();
            prop_assert_eq!(read.lost > 0, read.first_lost.is_some());
        }

        #[test]
        fn a_mutated_sample_gives_a_result(at in 0_usize..300, byte in any::<u8>()) {
            let mut bytes = LDAPSEARCH.as_bytes().to_vec();
            let at = at % bytes.len();
            bytes[at] = byte;
            let read = read_entries(&bytes[..], LIMIT, &mut |_| ControlFlow::Continue(())).unwrap();
            prop_assert!(read.entries <= 3);
        }

        #[test]
        fn folding_changes_nothing(value in "[!-9;-~][ -~]{0,60}[!-~]", width in 1_usize..20) {
            let line = format!("x: {value}");
            let folded: Vec<_> = line.as_bytes().chunks(width.max(4)).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
            prop_assume!(!value.starts_with('<') && !value.starts_with(':'));
            let (entries, _) = read(&format!("dn: A=1\n{}\n", folded.join("\n ")));
            let found = entries[0].text("x");
            prop_assert_eq!(found.value(), Some(&value.as_str()));
        }
    }
}
