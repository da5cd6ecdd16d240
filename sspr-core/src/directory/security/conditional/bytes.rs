//! Conditions as bytes (MS-DTYP 2.4.4.17.4).

use super::tokens::{OPERATORS, SCOPES};
use super::{Attribute, Base, Condition, Integer, Literal, Sign, Token, Width};
use crate::directory::security::Sid;

/// What every condition begins with.
const SIGNATURE: &[u8] = b"artx";

const WIDTHS: [(Width, u8); 4] = [
    (Width::Bits8, 0x01),
    (Width::Bits16, 0x02),
    (Width::Bits32, 0x03),
    (Width::Bits64, 0x04),
];
const SIGNS: [(Sign, u8); 3] = [(Sign::Plus, 1), (Sign::Minus, 2), (Sign::None, 3)];
const BASES: [(Base, u8); 3] = [(Base::Octal, 1), (Base::Decimal, 2), (Base::Hexadecimal, 3)];
const TEXT: u8 = 0x10;
const OCTETS: u8 = 0x18;
const LIST: u8 = 0x50;
const SID: u8 = 0x51;

impl Condition {
    /// Reads what follows the SID of a callback entry. `None` where it is not understood: it has
    /// no signature, holds codes that are not known, is cut off, or forms no condition.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(SIGNATURE)?;
        let mut tokens = Vec::new();
        while let Some(&code) = rest.first() {
            if code == 0 {
                // Zeros fill the entry up to a multiple of four bytes.
                let filled = rest.len() < 4 && rest.iter().all(|byte| *byte == 0);
                return filled.then(|| Self::new(tokens))?;
            }
            tokens.push(token(&mut rest)?);
        }
        Self::new(tokens)
    }

    /// Its bytes, filled up with zeros to a multiple of four.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = SIGNATURE.to_vec();
        for token in self.tokens() {
            match token {
                Token::Literal(literal) => write_literal(&mut bytes, literal),
                Token::List(literals) => {
                    let mut list = Vec::new();
                    for literal in literals {
                        write_literal(&mut list, literal);
                    }
                    write_block(&mut bytes, LIST, &list);
                }
                Token::Attribute(attribute) => {
                    let scope = SCOPES.iter().find(|(scope, ..)| *scope == attribute.scope);
                    let code = scope.map_or(0, |(_, code, _)| *code);
                    write_block(&mut bytes, code, &utf16(&attribute.name));
                }
                Token::Operator(operator) => bytes.push(operator.row().0),
            }
        }
        fill(&mut bytes);
        bytes
    }
}

fn token(rest: &mut &[u8]) -> Option<Token> {
    let code = *rest.first()?;
    if let Some((operator, ..)) = OPERATORS.iter().find(|(_, known, ..)| *known == code) {
        take(rest, 1)?;
        return Some(Token::Operator(*operator));
    }
    if let Some((scope, ..)) = SCOPES.iter().find(|(_, known, _)| *known == code) {
        let name = from_utf16(block(rest)?)?;
        return Some(Token::Attribute(Attribute {
            scope: *scope,
            name,
        }));
    }
    if code == LIST {
        let mut list = block(rest)?;
        let mut literals = Vec::new();
        while !list.is_empty() {
            literals.push(literal(&mut list)?);
        }
        return Some(Token::List(literals));
    }
    literal(rest).map(Token::Literal)
}

fn literal(rest: &mut &[u8]) -> Option<Literal> {
    let code = *rest.first()?;
    if let Some((width, _)) = WIDTHS.iter().find(|(_, known)| *known == code) {
        take(rest, 1)?;
        let value = i64::from_le_bytes(take(rest, 8)?.try_into().ok()?);
        let [sign, base] = take(rest, 2)?.try_into().ok()?;
        return Some(Literal::Integer(Integer {
            width: *width,
            value,
            sign: SIGNS.iter().find(|(_, known)| *known == sign)?.0,
            base: BASES.iter().find(|(_, known)| *known == base)?.0,
        }));
    }
    let bytes = block(rest)?;
    Some(match code {
        TEXT => Literal::Text(from_utf16(bytes)?),
        OCTETS => Literal::Octets(bytes.to_vec()),
        SID => Literal::Sid(whole_sid(bytes)?),
        _ => return None,
    })
}

fn write_literal(bytes: &mut Vec<u8>, literal: &Literal) {
    match literal {
        Literal::Integer(integer) => {
            let code = |found: Option<u8>| found.unwrap_or_default();
            let width = WIDTHS.iter().find(|(width, _)| *width == integer.width);
            bytes.push(code(width.map(|row| row.1)));
            bytes.extend(integer.value.to_le_bytes());
            let sign = SIGNS.iter().find(|(sign, _)| *sign == integer.sign);
            bytes.push(code(sign.map(|row| row.1)));
            let base = BASES.iter().find(|(base, _)| *base == integer.base);
            bytes.push(code(base.map(|row| row.1)));
        }
        Literal::Text(text) => write_block(bytes, TEXT, &utf16(text)),
        Literal::Octets(octets) => write_block(bytes, OCTETS, octets),
        Literal::Sid(sid) => write_block(bytes, SID, &sid.to_bytes()),
    }
}

/// A code, a length of four bytes and so many bytes.
fn write_block(bytes: &mut Vec<u8>, code: u8, block: &[u8]) {
    bytes.push(code);
    bytes.extend(length(block.len()));
    bytes.extend(block);
}

fn block<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    take(rest, 1)?;
    sized(rest)
}

/// A length of four bytes and so many bytes.
pub(super) fn sized<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u32::from_le_bytes(take(rest, 4)?.try_into().ok()?);
    take(rest, usize::try_from(length).ok()?)
}

/// A length as it is stored. An entry has at most 65,535 bytes, so that a longer one is refused
/// when the entry is written.
pub(super) fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}

pub(super) fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}

/// A SID that fills all of `bytes`.
pub(super) fn whole_sid(bytes: &[u8]) -> Option<Sid> {
    let sid = Sid::parse(bytes).ok()?;
    (sid.byte_len() == bytes.len()).then_some(sid)
}

pub(super) fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

pub(super) fn from_utf16(bytes: &[u8]) -> Option<String> {
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    let units: Option<Vec<u16>> = pairs
        .map(|pair| pair.try_into().ok().map(u16::from_le_bytes))
        .collect();
    String::from_utf16(&units?).ok()
}

/// Fills up with zeros to a multiple of four bytes.
pub(super) fn fill(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}
