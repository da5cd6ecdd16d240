//! The parts of a condition.

use serde::Serialize;

use crate::directory::security::Sid;

/// How deep a condition nests at most; a deeper one is not understood.
pub(super) const DEPTH: usize = 64;

/// A condition, its parts in the order in which they are evaluated: operands first, then the
/// operator. It is well formed: every operator has its operands, and one answer is left.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Condition(pub(super) Vec<Token>);

/// A part of a condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Token {
    /// A value.
    Literal(Literal),
    /// Several values.
    List(Vec<Literal>),
    /// The value of an attribute.
    Attribute(Attribute),
    /// What is done with the operands before it.
    Operator(Operator),
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Literal {
    /// A whole number.
    Integer(Integer),
    /// A text.
    Text(String),
    /// Bytes.
    Octets(Vec<u8>),
    /// A SID.
    Sid(Sid),
}

/// A whole number, with the way in which it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Integer {
    /// How many bits its type has; SDDL writes 64 alone.
    pub width: Width,
    /// The number.
    pub value: i64,
    /// Which sign was written.
    pub sign: Sign,
    /// In which base it was written.
    pub base: Base,
}

/// How many bits the type of a number has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the types' own")]
pub enum Width {
    Bits8,
    Bits16,
    Bits32,
    Bits64,
}

/// The sign that was written before a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Sign {
    Plus,
    Minus,
    None,
}

/// The base in which a number was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Base {
    Octal,
    Decimal,
    Hexadecimal,
}

/// An attribute, by its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attribute {
    /// Whose attribute it is.
    pub scope: Scope,
    /// Its name.
    pub name: String,
}

/// Whose attribute is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Scope {
    /// One that the program gives.
    Local,
    /// A claim of the user.
    User,
    /// An attribute of the object.
    Resource,
    /// A claim of the device.
    Device,
}

/// What is done with operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the operators' own")]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    Exists,
    AnyOf,
    MemberOf,
    DeviceMemberOf,
    MemberOfAny,
    DeviceMemberOfAny,
    NotExists,
    NotContains,
    NotAnyOf,
    NotMemberOf,
    NotDeviceMemberOf,
    NotMemberOfAny,
    NotDeviceMemberOfAny,
    And,
    Or,
    Not,
}

/// What an operator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operands {
    /// An attribute, and an attribute, a value or values.
    Relation,
    /// A SID or SIDs.
    Sids,
    /// An attribute.
    Attribute,
    /// An answer.
    Answer,
    /// Two answers.
    Answers,
}

/// Operators with their code (MS-DTYP 2.4.4.17.4), their name in SDDL and what they take.
pub(super) const OPERATORS: &[(Operator, u8, &str, Operands)] = &[
    (Operator::Equal, 0x80, "==", Operands::Relation),
    (Operator::NotEqual, 0x81, "!=", Operands::Relation),
    // A name that another begins with stands behind it.
    (Operator::LessOrEqual, 0x83, "<=", Operands::Relation),
    (Operator::Less, 0x82, "<", Operands::Relation),
    (Operator::GreaterOrEqual, 0x85, ">=", Operands::Relation),
    (Operator::Greater, 0x84, ">", Operands::Relation),
    (Operator::Contains, 0x86, "Contains", Operands::Relation),
    (Operator::AnyOf, 0x88, "Any_of", Operands::Relation),
    (
        Operator::NotContains,
        0x8e,
        "Not_Contains",
        Operands::Relation,
    ),
    (Operator::NotAnyOf, 0x8f, "Not_Any_of", Operands::Relation),
    (Operator::Exists, 0x87, "Exists", Operands::Attribute),
    (Operator::NotExists, 0x8d, "Not_Exists", Operands::Attribute),
    (Operator::MemberOf, 0x89, "Member_of", Operands::Sids),
    (
        Operator::DeviceMemberOf,
        0x8a,
        "Device_Member_of",
        Operands::Sids,
    ),
    (Operator::MemberOfAny, 0x8b, "Member_of_Any", Operands::Sids),
    (
        Operator::DeviceMemberOfAny,
        0x8c,
        "Device_Member_of_Any",
        Operands::Sids,
    ),
    (Operator::NotMemberOf, 0x90, "Not_Member_of", Operands::Sids),
    (
        Operator::NotDeviceMemberOf,
        0x91,
        "Not_Device_Member_of",
        Operands::Sids,
    ),
    (
        Operator::NotMemberOfAny,
        0x92,
        "Not_Member_of_Any",
        Operands::Sids,
    ),
    (
        Operator::NotDeviceMemberOfAny,
        0x93,
        "Not_Device_Member_of_Any",
        Operands::Sids,
    ),
    (Operator::And, 0xa0, "&&", Operands::Answers),
    (Operator::Or, 0xa1, "||", Operands::Answers),
    (Operator::Not, 0xa2, "!", Operands::Answer),
];

/// Scopes with their code and what SDDL writes before the name.
pub(super) const SCOPES: &[(Scope, u8, &str)] = &[
    (Scope::User, 0xf9, "@User."),
    (Scope::Resource, 0xfa, "@Resource."),
    (Scope::Device, 0xfb, "@Device."),
    (Scope::Local, 0xf8, ""),
];

impl Operator {
    /// Its code, its name in SDDL and what it takes.
    pub(super) fn row(self) -> (u8, &'static str, Operands) {
        let row = OPERATORS.iter().find(|(operator, ..)| *operator == self);
        row.map_or((0, "", Operands::Answer), |&(_, code, name, operands)| {
            (code, name, operands)
        })
    }
}

/// What stands on the stack while a condition is walked through.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Value,
    Attribute,
    /// An answer, and how deep it nests.
    Answer(usize),
}

impl Condition {
    /// A condition of these parts, if they form one.
    pub fn new(tokens: Vec<Token>) -> Option<Self> {
        let mut stack = Vec::new();
        for token in &tokens {
            let shape = match token {
                Token::Literal(_) | Token::List(_) => Shape::Value,
                Token::Attribute(_) => Shape::Attribute,
                Token::Operator(operator) => Shape::Answer(apply(*operator, &mut stack)?),
            };
            stack.push(shape);
        }
        let [Shape::Answer(_) | Shape::Attribute] = stack.as_slice() else {
            return None;
        };
        Some(Self(tokens))
    }

    /// Its parts, operands before operators.
    pub fn tokens(&self) -> &[Token] {
        &self.0
    }
}

/// Takes the operands of an operator off the stack; gives how deep its answer nests.
fn apply(operator: Operator, stack: &mut Vec<Shape>) -> Option<usize> {
    let answer = |shape| match shape {
        Shape::Answer(depth) => Some(depth),
        Shape::Attribute => Some(0),
        Shape::Value => None,
    };
    let depth = match operator.row().2 {
        Operands::Relation => {
            let (right, left) = (stack.pop()?, stack.pop()?);
            let fits = left == Shape::Attribute && !matches!(right, Shape::Answer(_));
            fits.then_some(0)?
        }
        Operands::Sids => (stack.pop()? == Shape::Value).then_some(0)?,
        Operands::Attribute => (stack.pop()? == Shape::Attribute).then_some(0)?,
        Operands::Answer => answer(stack.pop()?)? + 1,
        Operands::Answers => {
            let (right, left) = (answer(stack.pop()?)?, answer(stack.pop()?)?);
            left.max(right + 1)
        }
    };
    (depth <= DEPTH).then_some(depth)
}
