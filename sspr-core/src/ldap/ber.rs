//! The little of BER that LDAP uses (RFC 4511, section 5.1): tags of one byte, definite lengths.

/// The tag of an INTEGER.
pub(super) const INTEGER: u8 = 0x02;
/// The tag of an OCTET STRING.
pub(super) const OCTETS: u8 = 0x04;
/// The tag of a BOOLEAN.
pub(super) const BOOLEAN: u8 = 0x01;
/// The tag of an ENUMERATED.
pub(super) const ENUMERATED: u8 = 0x0a;
/// The tag of a SEQUENCE.
pub(super) const SEQUENCE: u8 = 0x30;
/// The tag of a SET.
pub(super) const SET: u8 = 0x31;

/// What is wrong with bytes that should be BER.
pub(super) type Fault = &'static str;

/// Writes values one behind the other.
///
/// Lengths of constructed values take five bytes whatever they are, so that nothing that was
/// written ever moves: a secret leaves no copy behind in a buffer that is large enough.
#[derive(Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// A writer with room for this many bytes.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes),
        }
    }

    /// A constructed value with what `inside` writes.
    pub(super) fn nested(&mut self, tag: u8, inside: impl FnOnce(&mut Self)) {
        self.bytes.extend([tag, 0x84, 0, 0, 0, 0]);
        let start = self.bytes.len();
        inside(self);
        let length = u32::try_from(self.bytes.len() - start).unwrap_or(u32::MAX);
        if let Some(place) = self.bytes.get_mut(start - 4..start) {
            place.copy_from_slice(&length.to_be_bytes());
        }
    }

    /// A primitive value.
    pub(super) fn primitive(&mut self, tag: u8, value: &[u8]) {
        self.bytes.push(tag);
        match u8::try_from(value.len()) {
            Ok(short) if short < 0x80 => self.bytes.push(short),
            _ => {
                let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
                self.bytes.push(0x84);
                self.bytes.extend(length.to_be_bytes());
            }
        }
        self.bytes.extend_from_slice(value);
    }

    /// An INTEGER or ENUMERATED that is not negative.
    pub(super) fn number(&mut self, tag: u8, value: u32) {
        let bytes = value.to_be_bytes();
        let skip = bytes.iter().take(3).take_while(|byte| **byte == 0).count();
        let mut digits = Vec::with_capacity(5);
        let rest = bytes.get(skip..).unwrap_or_default();
        if rest.first().is_some_and(|first| first & 0x80 != 0) {
            digits.push(0);
        }
        digits.extend_from_slice(rest);
        self.primitive(tag, &digits);
    }

    /// A BOOLEAN.
    pub(super) fn boolean(&mut self, value: bool) {
        self.primitive(BOOLEAN, &[if value { 0xff } else { 0 }]);
    }

    /// What was written.
    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Reads values one behind the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Over bytes that hold values and nothing else.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The tag of the next value.
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.first().copied()
    }

    /// The next value, whatever its tag.
    pub(super) fn any(&mut self) -> Result<(u8, &'a [u8]), Fault> {
        let (tag, rest) = self.bytes.split_first().ok_or("a value is missing")?;
        let (length, rest) = length(rest)?;
        if length > rest.len() {
            return Err("a value is longer than what holds it");
        }
        let (value, rest) = rest.split_at(length);
        self.bytes = rest;
        Ok((*tag, value))
    }

    /// The next value, which must have this tag.
    pub(super) fn value(&mut self, tag: u8) -> Result<&'a [u8], Fault> {
        match self.any()? {
            (found, value) if found == tag => Ok(value),
            _ => Err("a value is of another kind than it should be"),
        }
    }

    /// The next value, which must be constructed and have this tag.
    pub(super) fn inside(&mut self, tag: u8) -> Result<Self, Fault> {
        self.value(tag).map(Self::new)
    }

    /// The next value, a number that is not negative.
    pub(super) fn number(&mut self, tag: u8) -> Result<u32, Fault> {
        let value = self.value(tag)?;
        if value.is_empty() || value.first().is_some_and(|first| first & 0x80 != 0) {
            return Err("a number is missing or negative");
        }
        value.iter().try_fold(0_u32, |number, byte| {
            number
                .checked_mul(256)
                .map(|number| number | u32::from(*byte))
                .ok_or("a number is too large")
        })
    }

    /// The next value, text.
    pub(super) fn text(&mut self, tag: u8) -> Result<&'a str, Fault> {
        std::str::from_utf8(self.value(tag)?).map_err(|_| "a text is no UTF-8")
    }
}

/// A length, and what stands behind it.
pub(super) fn length(bytes: &[u8]) -> Result<(usize, &[u8]), Fault> {
    let (first, rest) = bytes.split_first().ok_or("a length is missing")?;
    if first & 0x80 == 0 {
        return Ok((usize::from(*first), rest));
    }
    let count = usize::from(first & 0x7f);
    if !(1..=8).contains(&count) || rest.len() < count {
        return Err("a length is not definite");
    }
    let (digits, rest) = rest.split_at(count);
    let length = digits
        .iter()
        .fold(0_u64, |length, digit| length << 8 | u64::from(*digit));
    let length = usize::try_from(length).map_err(|_| "a length is too large")?;
    Ok((length, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_are_read_in_every_definite_form() {
        assert_eq!(length(&[5, 9]), Ok((5, &[9][..])));
        assert_eq!(length(&[0x81, 0x80]), Ok((0x80, &[][..])));
        assert_eq!(length(&[0x84, 0, 0, 1, 0, 7]), Ok((256, &[7][..])));
        for wrong in [&[][..], &[0x80], &[0x82, 1], &[0xff], &[0x89; 12]] {
            assert!(length(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_value_never_reaches_beyond_what_holds_it() {
        let mut reader = Reader::new(&[SEQUENCE, 3, OCTETS, 5, b'x']);
        let mut inside = reader.inside(SEQUENCE).unwrap();
        assert!(inside.any().is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(number in any::<u32>(), text in ".{0,300}", flag in any::<bool>()) {
            let mut writer = Writer::default();
            writer.nested(SEQUENCE, |writer| {
                writer.number(INTEGER, number);
                writer.primitive(OCTETS, text.as_bytes());
                writer.boolean(flag);
            });
            let bytes = writer.finish();
            let mut reader = Reader::new(&bytes);
            let mut inside = reader.inside(SEQUENCE).unwrap();
            prop_assert_eq!(inside.number(INTEGER).unwrap(), number);
            prop_assert_eq!(inside.text(OCTETS).unwrap(), text.as_str());
            prop_assert_eq!(inside.value(BOOLEAN).unwrap(), &[if flag { 0xff } else { 0 }][..]);
            prop_assert!(inside.is_empty() && reader.is_empty());
        }

        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = Reader::new(&bytes);
            while reader.any().is_ok() {}
        }
    }
}
