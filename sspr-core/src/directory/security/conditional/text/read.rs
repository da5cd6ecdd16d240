//! Reading conditions and attributes.

use crate::directory::security::Sid;
use crate::directory::security::conditional::tokens::{DEPTH, OPERATORS, Operands, SCOPES};
use crate::directory::security::conditional::{
    Attribute, Base, Condition, Integer, Literal, Operator, ResourceAttribute, ResourceValues,
    Scope, Sign, Token, Width,
};
use crate::directory::security::cursor::Cursor;
use crate::directory::security::hex::from_hex;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

impl Condition {
    pub(in crate::directory::security) fn from_cursor(cursor: &mut Cursor<'_>) -> Result<Self> {
        let mut tokens = Vec::new();
        either(cursor, &mut tokens, 0)?;
        Self::new(tokens).ok_or_else(|| cursor.fault("not a condition"))
    }
}

impl ResourceAttribute {
    /// Reads an attribute in parentheses.
    pub(in crate::directory::security) fn from_cursor(cursor: &mut Cursor<'_>) -> Result<Self> {
        expect(cursor, "(")?;
        let attribute = attribute(cursor)?;
        expect(cursor, ")")?;
        Ok(attribute)
    }
}

/// Answers of which one must hold.
fn either(cursor: &mut Cursor<'_>, tokens: &mut Vec<Token>, depth: usize) -> Result<()> {
    all(cursor, tokens, depth)?;
    while accept(cursor, "||") {
        all(cursor, tokens, depth)?;
        tokens.push(Token::Operator(Operator::Or));
    }
    Ok(())
}

/// Answers that must all hold.
fn all(cursor: &mut Cursor<'_>, tokens: &mut Vec<Token>, depth: usize) -> Result<()> {
    answer(cursor, tokens, depth)?;
    while accept(cursor, "&&") {
        answer(cursor, tokens, depth)?;
        tokens.push(Token::Operator(Operator::And));
    }
    Ok(())
}

fn answer(cursor: &mut Cursor<'_>, tokens: &mut Vec<Token>, depth: usize) -> Result<()> {
    if depth > DEPTH {
        return Err(Error::new(
            ErrorCode::Limit,
            Locator::Byte(cursor.at as u64),
            "a condition that nests too deep",
        ));
    }
    if accept(cursor, "!") {
        answer(cursor, tokens, depth + 1)?;
        tokens.push(Token::Operator(Operator::Not));
        return Ok(());
    }
    if accept(cursor, "(") {
        either(cursor, tokens, depth + 1)?;
        return expect(cursor, ")");
    }
    let unary = [Operands::Sids, Operands::Attribute];
    if let Some((operator, operands)) = word_operator(cursor, &unary) {
        // Windows takes the operand in parentheses too.
        let enclosed = accept(cursor, "(");
        tokens.push(if operands == Operands::Sids {
            value(cursor)?
        } else {
            Token::Attribute(named(cursor)?)
        });
        if enclosed {
            expect(cursor, ")")?;
        }
        tokens.push(Token::Operator(operator));
        return Ok(());
    }
    tokens.push(Token::Attribute(named(cursor)?));
    if let Some(operator) = relation(cursor) {
        cursor.skip_blanks();
        let is_value = cursor
            .rest()
            .starts_with(|c: char| matches!(c, '"' | '#' | '{' | '+' | '-') || c.is_ascii_digit());
        let right = if is_value || starts_with(cursor, "SID(") {
            value(cursor)?
        } else {
            Token::Attribute(named(cursor)?)
        };
        tokens.push(right);
        tokens.push(Token::Operator(operator));
    }
    Ok(())
}

/// An operator that is a word and takes one of these operands.
fn word_operator(cursor: &mut Cursor<'_>, takes: &[Operands]) -> Option<(Operator, Operands)> {
    cursor.skip_blanks();
    let rest = cursor.rest();
    let length = rest
        .find(|c: char| !c.is_ascii_alphabetic() && c != '_')
        .unwrap_or(rest.len());
    let word = rest.get(..length)?;
    let known = OPERATORS
        .iter()
        .find(|(_, _, name, operands)| name.eq_ignore_ascii_case(word) && takes.contains(operands));
    let (operator, _, _, operands) = known?;
    // `Exists.name` is an attribute of that name.
    let after = rest.get(length..).and_then(|rest| rest.chars().next());
    if after.is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | ':' | '/' | '%')) {
        return None;
    }
    cursor.at += length;
    Some((*operator, *operands))
}

fn relation(cursor: &mut Cursor<'_>) -> Option<Operator> {
    cursor.skip_blanks();
    let signs = OPERATORS.iter().find(|(_, _, name, operands)| {
        *operands == Operands::Relation
            && !name.starts_with(char::is_alphabetic)
            && cursor.rest().starts_with(name)
    });
    if let Some((operator, _, name, _)) = signs {
        cursor.at += name.len();
        return Some(*operator);
    }
    word_operator(cursor, &[Operands::Relation]).map(|(operator, _)| operator)
}

/// An attribute, such as `@User.title` or `title`.
fn named(cursor: &mut Cursor<'_>) -> Result<Attribute> {
    cursor.skip_blanks();
    let scope = SCOPES
        .iter()
        .find(|(_, _, prefix)| starts_with(cursor, prefix));
    let (scope, prefix) = scope.map_or((Scope::Local, ""), |(scope, _, prefix)| (*scope, *prefix));
    cursor.at += prefix.len();
    let rest = cursor.rest();
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(c, '(' | ')' | '=' | '!' | '<' | '>' | '&' | '|' | ',' | '"')
            || scope == Scope::Local && matches!(c, '{' | '}' | '@' | '#')
    };
    let length = rest.find(ends).unwrap_or(rest.len());
    let name = rest
        .get(..length)
        .filter(|name| !name.is_empty())
        .and_then(unescape)
        .ok_or_else(|| cursor.fault("expected the name of an attribute"))?;
    cursor.at += length;
    Ok(Attribute { scope, name })
}

/// A name in which `%0028` and the like stand for characters.
fn unescape(text: &str) -> Option<String> {
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut after = rest.get(c.len_utf8()..)?;
        if c == '%' {
            let (digits, behind) = after.split_at_checked(4)?;
            if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            units.push(u16::from_str_radix(digits, 16).ok()?);
            after = behind;
        } else {
            units.extend(c.encode_utf16(&mut [0; 2]).iter());
        }
        rest = after;
    }
    String::from_utf16(&units).ok()
}

/// A value, or values in braces.
fn value(cursor: &mut Cursor<'_>) -> Result<Token> {
    if !accept(cursor, "{") {
        return literal(cursor).map(Token::Literal);
    }
    let mut values = Vec::new();
    if accept(cursor, "}") {
        return Ok(Token::List(values));
    }
    loop {
        values.push(literal(cursor)?);
        if accept(cursor, "}") {
            return Ok(Token::List(values));
        }
        expect(cursor, ",")?;
    }
}

fn literal(cursor: &mut Cursor<'_>) -> Result<Literal> {
    cursor.skip_blanks();
    if cursor.rest().starts_with('"') {
        return quoted(cursor).map(|text| Literal::Text(text.to_owned()));
    }
    if cursor.rest().starts_with('#') {
        return octets(cursor).map(Literal::Octets);
    }
    if starts_with(cursor, "SID(") {
        return sid(cursor).map(Literal::Sid);
    }
    integer(cursor).map(Literal::Integer)
}

/// A SID, as `SID(BA)` or as it is.
fn sid(cursor: &mut Cursor<'_>) -> Result<Sid> {
    cursor.skip_blanks();
    if !starts_with(cursor, "SID(") {
        return cursor.sid();
    }
    cursor.at += "SID(".len();
    let sid = cursor.sid()?;
    expect(cursor, ")")?;
    Ok(sid)
}

fn quoted<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str> {
    expect(cursor, "\"")?;
    let rest = cursor.rest();
    let end = rest
        .find('"')
        .ok_or_else(|| cursor.fault("a text without its end"))?;
    cursor.at += end + 1;
    Ok(rest.get(..end).unwrap_or_default())
}

/// Bytes as `#00ff`. Windows reads `#` for the digit zero, and puts one before an odd number of
/// digits.
fn octets(cursor: &mut Cursor<'_>) -> Result<Vec<u8>> {
    expect(cursor, "#")?;
    let rest = cursor.rest();
    let end = rest
        .find(|c: char| !c.is_ascii_hexdigit() && c != '#')
        .unwrap_or(rest.len());
    let mut digits = rest.get(..end).unwrap_or_default().replace('#', "0");
    if !digits.len().is_multiple_of(2) {
        digits.insert(0, '0');
    }
    cursor.at += end;
    from_hex(&digits).ok_or_else(|| cursor.fault("expected hexadecimal digits"))
}

fn integer(cursor: &mut Cursor<'_>) -> Result<Integer> {
    let digits = number(cursor)?;
    let value = digits
        .value()
        .ok_or_else(|| cursor.fault("a number that is too large"))?;
    Ok(Integer {
        width: Width::Bits64,
        value,
        sign: digits.sign,
        base: digits.base,
    })
}

/// A number as it was written.
struct Number {
    sign: Sign,
    base: Base,
    magnitude: u64,
}

impl Number {
    /// As 64 bits with a sign. Without one, the digits of another base than ten are the bits.
    fn value(&self) -> Option<i64> {
        match self.sign {
            Sign::Minus => 0_i64.checked_sub_unsigned(self.magnitude),
            Sign::None if self.base != Base::Decimal => Some(self.magnitude.cast_signed()),
            Sign::Plus | Sign::None => i64::try_from(self.magnitude).ok(),
        }
    }
}

fn number(cursor: &mut Cursor<'_>) -> Result<Number> {
    cursor.skip_blanks();
    let sign = if cursor.take("+") {
        Sign::Plus
    } else if cursor.take("-") {
        Sign::Minus
    } else {
        Sign::None
    };
    let (base, radix) = if cursor.take("0x") || cursor.take("0X") {
        (Base::Hexadecimal, 16)
    } else if cursor.rest().starts_with('0') {
        (Base::Octal, 8)
    } else {
        (Base::Decimal, 10)
    };
    let rest = cursor.rest();
    let end = rest
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(rest.len());
    let digits = rest.get(..end).unwrap_or_default();
    let magnitude =
        u64::from_str_radix(digits, radix).map_err(|_| cursor.fault("expected a number"))?;
    cursor.at += end;
    // A lone zero is a decimal number.
    let base = if digits == "0" && base == Base::Octal {
        Base::Decimal
    } else {
        base
    };
    Ok(Number {
        sign,
        base,
        magnitude,
    })
}

/// The name, type, flags and values of an attribute.
pub(super) fn attribute(cursor: &mut Cursor<'_>) -> Result<ResourceAttribute> {
    cursor.skip_blanks();
    let name = quoted(cursor)?;
    let name = unescape(name).ok_or_else(|| cursor.fault("expected the name of an attribute"))?;
    expect(cursor, ",")?;
    cursor.skip_blanks();
    let kind = cursor.rest().get(..2).unwrap_or_default();
    let kind = kind.to_ascii_uppercase();
    let read: fn(&mut Cursor<'_>) -> Result<ResourceValues> = match kind.as_str() {
        "TI" => |cursor| {
            let integers = values(cursor, |cursor| integer(cursor).map(|i| i.value));
            integers.map(ResourceValues::Integers)
        },
        "TU" => |cursor| {
            let integers = values(cursor, |cursor| match number(cursor)? {
                Number {
                    sign: Sign::Minus, ..
                } => Err(cursor.fault("expected a number that is not negative")),
                number => Ok(number.magnitude),
            });
            integers.map(ResourceValues::Unsigned)
        },
        "TS" => |cursor| {
            let texts = values(cursor, |cursor| {
                cursor.skip_blanks();
                quoted(cursor).map(str::to_owned)
            });
            texts.map(ResourceValues::Texts)
        },
        "TD" => |cursor| values(cursor, sid).map(ResourceValues::Sids),
        "TB" => |cursor| {
            let answers = values(cursor, |cursor| match number(cursor)?.magnitude {
                0 => Ok(false),
                1 => Ok(true),
                _ => Err(cursor.fault("expected 0 or 1")),
            });
            answers.map(ResourceValues::Booleans)
        },
        "TX" => |cursor| values(cursor, octets).map(ResourceValues::Octets),
        _ => return Err(cursor.fault("an unknown type of attribute")),
    };
    cursor.at += 2;
    expect(cursor, ",")?;
    let flags = number(cursor)?.magnitude;
    let flags = u32::try_from(flags).map_err(|_| cursor.fault("too many flags"))?;
    Ok(ResourceAttribute {
        name,
        flags,
        values: read(cursor)?,
    })
}

/// Values, each behind a comma.
fn values<T>(
    cursor: &mut Cursor<'_>,
    read: impl Fn(&mut Cursor<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut values = Vec::new();
    while accept(cursor, ",") {
        values.push(read(cursor)?);
    }
    Ok(values)
}

/// Passes over a word and the blanks before it, if it is there.
fn accept(cursor: &mut Cursor<'_>, word: &str) -> bool {
    cursor.skip_blanks();
    cursor.take(word)
}

fn expect(cursor: &mut Cursor<'_>, word: &str) -> Result<()> {
    if accept(cursor, word) {
        Ok(())
    } else {
        Err(cursor.fault(&format!("expected {word}")))
    }
}

fn starts_with(cursor: &Cursor<'_>, word: &str) -> bool {
    cursor
        .rest()
        .get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word))
}
