//! Writing conditions and attributes.

use std::fmt::{self, Write as _};

use crate::directory::security::conditional::tokens::{Operands, SCOPES};
use crate::directory::security::conditional::{
    Attribute, Base, Condition, Integer, Literal, Operator, ResourceAttribute, ResourceValues,
    Sign, Token,
};
use crate::directory::security::hex::hex;

/// How tight a text holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Tight,
}

/// As SDDL, without the parentheses around it. A text that holds a quotation mark cannot be read
/// back, since SDDL has no way to write one.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut stack: Vec<(String, Binding)> = Vec::new();
        for token in self.tokens() {
            let next = match token {
                Token::Literal(value) => (literal(value), Binding::Tight),
                Token::List(values) => {
                    let values: Vec<_> = values.iter().map(literal).collect();
                    (format!("{{{}}}", values.join(", ")), Binding::Tight)
                }
                Token::Attribute(attribute) => (named(attribute), Binding::Tight),
                Token::Operator(operator) => apply(*operator, &mut stack),
            };
            stack.push(next);
        }
        f.write_str(&stack.pop().unwrap_or_else(nothing).0)
    }
}

fn apply(operator: Operator, stack: &mut Vec<(String, Binding)>) -> (String, Binding) {
    let (_, name, operands) = operator.row();
    // A condition is well formed, so that every operator finds its operands.
    let last = stack.pop().unwrap_or_else(nothing);
    match operands {
        Operands::Sids | Operands::Attribute => (format!("{name} {}", last.0), Binding::Tight),
        Operands::Answer => (format!("{name}({})", last.0), Binding::Tight),
        Operands::Relation => {
            let left = stack.pop().unwrap_or_else(nothing);
            (format!("{} {name} {}", left.0, last.0), Binding::Tight)
        }
        Operands::Answers => {
            let binding = if operator == Operator::And {
                Binding::And
            } else {
                Binding::Or
            };
            let (left, held) = stack.pop().unwrap_or_else(nothing);
            let mut text = if held < binding {
                format!("({left})")
            } else {
                left
            };
            text.push(' ');
            text.push_str(name);
            text.push(' ');
            // On the right, one of the same kind was evaluated first.
            if last.1 <= binding {
                text.push('(');
                text.push_str(&last.0);
                text.push(')');
            } else {
                text.push_str(&last.0);
            }
            (text, binding)
        }
    }
}

fn nothing() -> (String, Binding) {
    (String::new(), Binding::Tight)
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Integer(number) => integer(*number),
        Literal::Text(text) => format!("\"{text}\""),
        Literal::Octets(octets) => format!("#{}", hex(octets)),
        Literal::Sid(sid) => format!("SID({sid})"),
    }
}

fn integer(integer: Integer) -> String {
    let sign = match integer.sign {
        Sign::Plus => "+",
        Sign::Minus => "-",
        Sign::None => "",
    };
    match (integer.base, integer.sign) {
        (Base::Decimal, Sign::None) => integer.value.to_string(),
        (Base::Decimal, _) => format!("{sign}{}", integer.value.unsigned_abs()),
        (Base::Octal, Sign::None) => format!("0{:o}", integer.value.cast_unsigned()),
        (Base::Octal, _) => format!("{sign}0{:o}", integer.value.unsigned_abs()),
        (Base::Hexadecimal, Sign::None) => format!("0x{:x}", integer.value.cast_unsigned()),
        (Base::Hexadecimal, _) => format!("{sign}0x{:x}", integer.value.unsigned_abs()),
    }
}

fn named(attribute: &Attribute) -> String {
    let scope = SCOPES.iter().find(|(scope, ..)| *scope == attribute.scope);
    let prefix = scope.map_or("", |(_, _, prefix)| *prefix);
    format!("{prefix}{}", escape(&attribute.name))
}

/// A name with `%0028` and the like for what SDDL gives a meaning.
fn escape(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        let plain = c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '/' | '_');
        if plain || c.is_alphanumeric() {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "%{unit:04x}");
            }
        }
    }
    text
}

/// As SDDL, without the parentheses around it.
impl fmt::Display for ResourceAttribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = escape(&self.name);
        write!(f, "\"{name}\",{},0x{:x}", self.values.kind().1, self.flags)?;
        let values: Vec<String> = match &self.values {
            ResourceValues::Integers(all) => all.iter().map(i64::to_string).collect(),
            ResourceValues::Unsigned(all) => all.iter().map(u64::to_string).collect(),
            ResourceValues::Texts(all) => all.iter().map(|v| format!("\"{v}\"")).collect(),
            ResourceValues::Sids(all) => all.iter().map(ToString::to_string).collect(),
            ResourceValues::Booleans(all) => all.iter().map(|v| u8::from(*v).to_string()).collect(),
            ResourceValues::Octets(all) => all.iter().map(|v| format!("#{}", hex(v))).collect(),
        };
        values.iter().try_for_each(|value| write!(f, ",{value}"))
    }
}
