//! Result codes of Windows and of the synchronisation engine, in every spelling people meet.

use std::fmt;

use serde::{Serialize, Serializer};

/// A 32-bit result code, such as `0x80230619`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HResult(pub u32);

/// The facility of result codes that carry a Win32 error.
const WIN32: u32 = 0x8007_0000;
/// `0x80230402` as one of Microsoft's tables prints it, a digit short.
const MISPRINTED: (&str, u32) = ("8023042", 0x8023_0402);

impl HResult {
    /// Reads a failure code: `0x80230619`, `80230619`, or decimal with or without its sign (`-2145188327`, `2149778969`).
    /// Codes of success and plain small numbers are none.
    ///
    /// ```
    /// use sspr::events::HResult;
    ///
    /// let code = HResult::parse("0x80230619");
    /// assert_eq!(code, HResult::parse("-2145188327"));
    /// assert_eq!(code, HResult::parse("80230619"));
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let hex = text
            .strip_prefix("0x")
            .or_else(|| text.strip_prefix("0X"))
            .unwrap_or(text);
        if hex == MISPRINTED.0 {
            return Some(Self(MISPRINTED.1));
        }
        let is_hex = hex.len() == 8 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = if is_hex {
            u32::from_str_radix(hex, 16).ok()?
        } else if hex.len() == text.len() {
            let number: i64 = text.parse().ok()?;
            let bits = i32::try_from(number).map(i32::cast_unsigned);
            bits.or_else(|_| u32::try_from(number)).ok()?
        } else {
            return None;
        };
        (value & 0x8000_0000 != 0).then_some(Self(value))
    }

    /// The Win32 error it carries, if it carries one.
    pub const fn win32(self) -> Option<u16> {
        if self.0 & 0xffff_0000 == WIN32 {
            Some((self.0 & 0xffff) as u16)
        } else {
            None
        }
    }
}

impl fmt::Display for HResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{:08x}", self.0)
    }
}

impl Serialize for HResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_spelling_is_the_same_code() {
        for text in [
            "0x80230619",
            "0X80230619",
            "80230619",
            "-2145188327",
            " 2149778969 ",
        ] {
            assert_eq!(HResult::parse(text), Some(HResult(0x8023_0619)), "{text}");
        }
    }

    #[test]
    fn the_misprint_is_understood() {
        assert_eq!(HResult::parse("8023042"), HResult::parse("0x80230402"));
    }

    #[test]
    fn other_numbers_are_no_codes() {
        for text in [
            "",
            "31002",
            "0x0",
            "0x1234",
            "99999999999",
            "-1x",
            "0x-1",
            "80230619a",
        ] {
            assert_eq!(HResult::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_win32_error_comes_out_of_its_wrapping() {
        assert_eq!(HResult(0x8007_0005).win32(), Some(5));
        assert_eq!(HResult(0x8023_0619).win32(), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_gives_a_failure_code_or_none(text in "\\PC{0,16}", digits in "-?(0x)?[0-9a-fA-F]{0,12}") {
            for text in [text, digits] {
                if let Some(code) = HResult::parse(&text) {
                    prop_assert!(code.0 >> 31 == 1);
                }
            }
        }

        #[test]
        fn every_failure_code_is_read_back_from_each_spelling(code in 0x8000_0000_u32..) {
            let code = HResult(code);
            let signed = code.0.cast_signed();
            for text in [code.to_string(), format!("{:08x}", code.0), signed.to_string()] {
                prop_assert_eq!(HResult::parse(&text), Some(code), "{}", text);
            }
        }
    }
}
