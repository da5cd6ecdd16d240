//! Text in the encodings that Windows writes: UTF-8 and UTF-16 with or without a byte order mark,
//! and the ANSI code page of Western Windows.

use std::io::{BufRead, Read};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// Guesses the encoding of an input from its first bytes.
///
/// A byte order mark decides; without one, zero bytes at every other place mean UTF-16, and bytes
/// that are no UTF-8 mean the Western ANSI code page.
pub fn encoding_of(head: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    let sample = head.get(..head.len().min(512) & !1).unwrap_or_default();
    if sample.len() >= 4 {
        let zeros = |offset: usize| {
            sample
                .iter()
                .skip(offset)
                .step_by(2)
                .filter(|&&b| b == 0)
                .count()
        };
        let half = sample.len() / 2;
        if zeros(1) * 10 >= half * 9 && zeros(0) * 10 < half {
            return UTF_16LE;
        }
        if zeros(0) * 10 >= half * 9 && zeros(1) * 10 < half {
            return UTF_16BE;
        }
    }
    match std::str::from_utf8(head) {
        Ok(_) => UTF_8,
        // The head may end inside a character.
        Err(error) if error.error_len().is_none() => UTF_8,
        Err(_) => WINDOWS_1252,
    }
}

/// A reader that turns `inner` into UTF-8, given the first bytes of it. The byte order mark goes.
/// Bytes that the encoding does not allow become U+FFFD.
pub fn utf8_reader<R: Read>(head: &[u8], inner: R) -> DecodeReaderBytes<R, Vec<u8>> {
    DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding_of(head)))
        .strip_bom(true)
        .bom_override(true)
        .build(inner)
}

/// Reads a text to its end, and refuses one of more than `most` bytes.
///
/// For forms that are short by nature; long ones are read line by line.
pub fn read_whole(reader: &mut dyn BufRead, most: u64) -> Result<String> {
    let mut bytes = Vec::new();
    reader
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Error::io(Locator::Whole, error))?;
    if bytes.len() as u64 > most {
        return Err(Error::new(
            ErrorCode::Limit,
            Locator::Whole,
            format!("it is longer than the {most} bytes that such a text may have"),
        ));
    }
    decode(&bytes)
}

/// Decodes a whole text. Zero bytes in the result mean that it was none.
pub fn decode(bytes: &[u8]) -> Result<String> {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let mut encoding = encoding_of(head);
    if encoding == UTF_8 && std::str::from_utf8(bytes).is_err() {
        encoding = WINDOWS_1252;
    }
    let (text, _, _) = encoding.decode(bytes);
    if let Some(byte) = text.find('\0') {
        return Err(Error::new(
            ErrorCode::Encoding,
            Locator::Byte(byte as u64),
            "this is binary data, not text",
        ));
    }
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use proptest::prelude::*;

    use super::*;

    fn utf16le(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn windows_texts_are_read_in_every_encoding_they_come_in() {
        let text = "Mindestalter: für jdoe\r\n";
        let with_bom = |bom: &[u8], body: Vec<u8>| [bom, &body].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            with_bom(b"\xef\xbb\xbf", text.as_bytes().to_vec()),
            with_bom(b"\xff\xfe", utf16le(text)),
            utf16le(text),
            b"Mindestalter: f\xfcr jdoe\r\n".to_vec(),
        ] {
            assert_eq!(decode(&bytes).unwrap(), text);
            let mut streamed = String::new();
            utf8_reader(&bytes, bytes.as_slice())
                .read_to_string(&mut streamed)
                .unwrap();
            assert_eq!(streamed, text);
        }
    }

    #[test]
    fn binary_data_is_refused_with_the_place_of_its_first_zero() {
        let error = decode(b"MZ\x90\x00\x03").unwrap_err();
        assert_eq!(error.code, ErrorCode::Encoding);
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_text_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = decode(&bytes);
            let mut streamed = String::new();
            utf8_reader(&bytes, bytes.as_slice()).read_to_string(&mut streamed).unwrap();
        }
    }
}
