//! Text in the encodings that Windows writes: UTF-8 and UTF-16 with or without a byte order mark,
//! and the ANSI code page of Western Windows.

use std::io::Read;

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
