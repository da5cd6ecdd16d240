//! LDIF (RFC 2849) as it is written here: one line a value, never folded, and base64 wherever a
//! reader could take a value for something else.

/// Begins an entry.
pub fn write_dn(into: &mut Vec<u8>, dn: &str) {
    write_value(into, "dn", dn.as_bytes());
}

/// Writes one value of the entry. An empty line, which ends the entry, is the caller's to write.
pub fn write_value(into: &mut Vec<u8>, attribute: &str, value: &[u8]) {
    into.extend_from_slice(attribute.as_bytes());
    if is_plain(value) {
        into.extend_from_slice(b": ");
        into.extend_from_slice(value);
    } else {
        into.extend_from_slice(b":: ");
        base64(into, value);
    }
    into.push(b'\n');
}

/// Whether a value stands for itself: ASCII without line ends, no blank at either end, and no sign
/// in front that means something.
fn is_plain(value: &[u8]) -> bool {
    let safe = |byte: &u8| (b' '..=b'~').contains(byte);
    value.iter().all(safe)
        && !matches!(value.first(), Some(b' ' | b':' | b'<'))
        && value.last() != Some(&b' ')
}

fn base64(into: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    into.reserve(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let held = chunk
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = (held >> (18 - 6 * place)) as usize & 63;
            let digit = DIGITS.get(digit).filter(|_| place <= chunk.len());
            into.push(*digit.unwrap_or(&b'='));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use proptest::prelude::*;

    use super::*;
    use crate::carrier::ldif::read_entries;

    #[test]
    fn a_name_that_would_break_the_line_is_encoded() {
        let mut text = Vec::new();
        write_dn(&mut text, "CN=a\ndn: b,DC=contoso,DC=com");
        write_value(&mut text, "cn", b"plain");
        write_value(&mut text, "cn", b" blank");
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "dn:: Q049YQpkbjogYixEQz1jb250b3NvLERDPWNvbQ==\ncn: plain\ncn:: IGJsYW5r\n"
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            dn in any::<String>(),
            values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..4),
        ) {
            let mut text = Vec::new();
            write_dn(&mut text, &dn);
            for value in &values {
                write_value(&mut text, "x;binary", value);
            }
            let mut entries = Vec::new();
            let read = read_entries(&text[..], 1 << 20, &mut |entry| {
                entries.push(entry.clone());
                ControlFlow::Continue(())
            }).unwrap();
            prop_assert_eq!((read.entries, read.lost), (1, 0));
            prop_assert_eq!(&entries[0].dn, &dn);
            let found: Vec<_> = entries[0].values("x").map(|value| value.bytes.clone()).collect();
            prop_assert_eq!(found, values);
        }
    }
}
