//! Tests of conditions and attributes of resources.

use proptest::prelude::*;

use super::*;
use crate::directory::security::{Sid, SidAliases};

fn condition(text: &str) -> Condition {
    Condition::from_sddl(text, &SidAliases::default())
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn attribute(text: &str) -> ResourceAttribute {
    ResourceAttribute::from_sddl(text, &SidAliases::default()).unwrap()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A code, a length and so many bytes.
fn block(code: u8, bytes: &[u8]) -> Vec<u8> {
    let mut block = vec![code, u8::try_from(bytes.len()).unwrap(), 0, 0, 0];
    block.extend(bytes);
    block
}

fn padded(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = parts.concat();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

#[test]
fn a_condition_has_the_bytes_that_windows_stores() {
    let team = block(0xf9, &wide("team"));
    let number = [4, 1, 0, 0, 0, 0, 0, 0, 0, 3, 2];
    let admins = block(0x51, &Sid::new(5, [32, 544]).to_bytes());
    for (text, bytes) in [
        (
            r#"@User.team == "IT""#,
            padded(&[b"artx", &team, &block(0x10, &wide("IT")), &[0x80]]),
        ),
        (
            "@USER.team >= 1",
            padded(&[b"artx", &team, &number, &[0x85]]),
        ),
        (
            "Member_of {SID(BA)}",
            padded(&[b"artx", &block(0x50, &admins), &[0x89]]),
        ),
        ("member_of(SID(BA))", padded(&[b"artx", &admins, &[0x89]])),
        (
            "!(@Device.a) && (Exists b || Not_Exists @Resource.c)",
            padded(&[
                b"artx",
                &block(0xfb, &wide("a")),
                &[0xa2],
                &block(0xf8, &wide("b")),
                &[0x87],
                &block(0xfa, &wide("c")),
                &[0x8d, 0xa1, 0xa0],
            ]),
        ),
        (
            "a Any_of {#0102, +0x10, -017}",
            padded(&[
                b"artx",
                &block(0xf8, &wide("a")),
                &[0x50, 29, 0, 0, 0],
                &block(0x18, &[1, 2]),
                &[4, 16, 0, 0, 0, 0, 0, 0, 0, 1, 3],
                &[4, 0xf1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 1],
                &[0x88],
            ]),
        ),
    ] {
        let read = condition(text);
        assert_eq!(read.to_bytes(), bytes, "{text}");
        assert_eq!(Condition::parse(&bytes), Some(read), "{text}");
    }
}

#[test]
fn and_binds_tighter_than_or_and_both_group_to_the_left() {
    for (text, written) in [
        ("a || b && c", "a || b && c"),
        ("(a || b) && c", "(a || b) && c"),
        ("a && b && c", "a && b && c"),
        ("a && (b && c)", "a && (b && c)"),
        ("((a)) || ((b || c))", "a || (b || c)"),
        ("!!(a)", "!(!(a))"),
        ("!a && b", "!(a) && b"),
    ] {
        let read = condition(text);
        assert_eq!(read.to_string(), written);
        assert_eq!(condition(written), read);
    }
    assert_ne!(condition("a && (b && c)"), condition("a && b && c"));
}

#[test]
fn names_with_characters_of_the_syntax_are_escaped() {
    let read = condition(r"@User.ad://ext/Silo%0020%0028x%0029 == 1 && @Resource.a-b Contains 2");
    let names: Vec<_> = read
        .tokens()
        .iter()
        .filter_map(|token| match token {
            Token::Attribute(attribute) => Some(attribute.name.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(names, ["ad://ext/Silo (x)", "a-b"]);
    assert_eq!(condition(&read.to_string()), read);
}

#[test]
fn octets_are_read_as_windows_reads_them() {
    let expected = condition("a == #01020300");
    assert_eq!(condition("a == ##1#2#3##"), expected);
    assert_eq!(condition("a == #1#2#3##"), expected);
}

#[test]
fn what_is_no_condition_is_refused() {
    for text in [
        "",
        "a ==",
        "== 1",
        "a == 1 b",
        "(a",
        "a)",
        "a &&",
        "Member_of",
        "Member_of a",
        "Exists 1 == 1",
        "a == \"b",
        "a == 1#",
        "a == 0x1ffffffffffffffff",
        "a == 9223372036854775808",
        "a == 1x",
        "a Contains {1,}",
        "@User. == 1",
        "a == SID(XX)",
        "a%00 == 1",
    ] {
        let read = Condition::from_sddl(text, &SidAliases::default());
        assert!(read.is_err(), "{text}: {read:?}");
    }
}

#[test]
fn a_condition_that_nests_too_deep_is_refused_and_not_followed() {
    let deep = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Condition::from_sddl(&deep(60), &SidAliases::default()).is_ok());
    assert!(Condition::from_sddl(&deep(100_000), &SidAliases::default()).is_err());
    let mut bytes = [b"artx".to_vec(), block(0xf8, &wide("a"))].concat();
    bytes.extend(vec![0xa2; 50_000]);
    assert_eq!(Condition::parse(&bytes), None);
    // A long row of terms does not nest.
    let long = vec!["a"; 5_000].join(" && ");
    assert_eq!(condition(&long).to_string(), long);
}

#[test]
fn bytes_that_are_not_understood_are_no_condition() {
    let good = condition("@User.team == 1").to_bytes();
    for (at, byte) in [(0, b'b'), (4, 0x77), (5, 0xff), (26, 9), (27, 9)] {
        let mut bad = good.clone();
        bad[at] = byte;
        assert_eq!(Condition::parse(&bad), None, "byte {at}");
    }
    // The operator is gone, or operands are left.
    assert_eq!(Condition::parse(&good[..good.len() - 4]), None);
    assert_eq!(Condition::parse(b"artx"), None);
    assert_eq!(Condition::parse(&[&good[..], &[0; 4]].concat()), None);
}

#[test]
fn an_attribute_has_the_bytes_that_windows_stores() {
    let read = attribute(r#""colour",TS,0,"blue", "red""#);
    let header = [24, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0];
    let bytes = padded(&[
        &header,
        &[38, 0, 0, 0, 48, 0, 0, 0],
        &wide("colour\0"),
        &wide("blue\0"),
        &wide("red\0"),
    ]);
    assert_eq!(read.to_bytes(), bytes);
    assert_eq!(ResourceAttribute::parse(&bytes), Some(read));
}

#[test]
fn attributes_of_every_type_survive_text_and_bytes() {
    for text in [
        r#""a",TI,0x0,-1,9223372036854775807"#,
        r#""a",TU,0x2,0,18446744073709551615"#,
        r#""a%0020b",TS,0x0,"","x y""#,
        r#""a",TD,0x1,S-1-5-18,S-1-5-32-544"#,
        r#""a",TB,0x0,1,0"#,
        r#""a",TX,0xffff0000,#,#00ff"#,
        r#""a",TS,0x0"#,
    ] {
        let read = attribute(text);
        assert_eq!(read.to_string(), text);
        assert_eq!(ResourceAttribute::parse(&read.to_bytes()), Some(read));
    }
    assert_eq!(
        attribute(r#""a",TD,1,SID(BA),SY"#),
        attribute(r#""a",TD,0x1,S-1-5-32-544,S-1-5-18"#)
    );
}

#[test]
fn what_is_no_attribute_is_refused() {
    for text in [
        "",
        "a,TS,0",
        r#""a""#,
        r#""a",TQ,0,1"#,
        r#""a",TB,0,2"#,
        r#""a",TU,0,-1"#,
        r#""a",TS,0,b"#,
        r#""a",TS,0x1ffffffff"#,
    ] {
        let read = ResourceAttribute::from_sddl(text, &SidAliases::default());
        assert!(read.is_err(), "{text}");
    }
    // An offset beyond the end, and more values than there is room for.
    let mut bytes = attribute(r#""a",TS,0,"b""#).to_bytes();
    bytes[16] = 0xff;
    assert_eq!(ResourceAttribute::parse(&bytes), None);
    bytes[15] = 0xff;
    assert_eq!(ResourceAttribute::parse(&bytes), None);
}

fn any_sid() -> impl Strategy<Value = Sid> {
    any::<u32>().prop_map(|rid| Sid::new(5, [21, 1, 2, 3, rid]))
}

/// A text that SDDL can write: without quotation marks.
fn any_text() -> impl Strategy<Value = String> {
    "[^\"\u{0}]{0,6}"
}

fn any_integer() -> impl Strategy<Value = Integer> {
    let base = prop_oneof![
        Just(Base::Octal),
        Just(Base::Decimal),
        Just(Base::Hexadecimal)
    ];
    (any::<i64>(), base, any::<bool>()).prop_map(|(value, base, plus)| {
        let (sign, base) = match value {
            0 => (Sign::None, Base::Decimal),
            ..0 => (Sign::Minus, base),
            1.. if plus => (Sign::Plus, base),
            1.. => (Sign::None, base),
        };
        let width = Width::Bits64;
        Integer {
            width,
            value,
            sign,
            base,
        }
    })
}

fn any_literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any_integer().prop_map(Literal::Integer),
        any_text().prop_map(Literal::Text),
        proptest::collection::vec(any::<u8>(), 0..5).prop_map(Literal::Octets),
        any_sid().prop_map(Literal::Sid),
    ]
}

fn any_attribute() -> impl Strategy<Value = Token> {
    let scope = prop_oneof![
        Just(Scope::Local),
        Just(Scope::User),
        Just(Scope::Resource),
        Just(Scope::Device)
    ];
    // The names of operators are no names of attributes in SDDL.
    (scope, "x[^\u{0}]{0,6}").prop_map(|(scope, name)| Token::Attribute(Attribute { scope, name }))
}

fn any_values() -> impl Strategy<Value = Token> {
    prop_oneof![
        any_literal().prop_map(Token::Literal),
        proptest::collection::vec(any_literal(), 0..3).prop_map(Token::List),
    ]
}

fn relation() -> impl Strategy<Value = Operator> {
    prop::sample::select(vec![
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::Contains,
        Operator::AnyOf,
        Operator::NotContains,
        Operator::NotAnyOf,
    ])
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let right = prop_oneof![any_attribute(), any_values()];
    let leaf = prop_oneof![
        any_attribute().prop_map(|attribute| vec![attribute]),
        (any_attribute(), right, relation()).prop_map(|(left, right, operator)| vec![
            left,
            right,
            Token::Operator(operator)
        ]),
        (
            any_attribute(),
            prop_oneof![Just(Operator::Exists), Just(Operator::NotExists)]
        )
            .prop_map(|(name, operator)| vec![name, Token::Operator(operator)]),
        (
            proptest::collection::vec(any_sid().prop_map(Literal::Sid), 0..3),
            prop::sample::select(vec![
                Operator::MemberOf,
                Operator::NotMemberOf,
                Operator::DeviceMemberOf,
                Operator::MemberOfAny,
                Operator::NotDeviceMemberOfAny,
            ])
        )
            .prop_map(|(sids, operator)| vec![Token::List(sids), Token::Operator(operator)]),
    ];
    let tree = leaf.prop_recursive(5, 24, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|mut tokens| {
                tokens.push(Token::Operator(Operator::Not));
                tokens
            }),
            (
                inner.clone(),
                inner,
                prop_oneof![Just(Operator::And), Just(Operator::Or)]
            )
                .prop_map(|(mut left, right, operator)| {
                    left.extend(right);
                    left.push(Token::Operator(operator));
                    left
                }),
        ]
    });
    tree.prop_map(|tokens| Condition::new(tokens).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn conditions_survive_text_and_bytes(condition in any_condition()) {
        let bytes = condition.to_bytes();
        prop_assert_eq!(bytes.len() % 4, 0);
        prop_assert_eq!(Condition::parse(&bytes), Some(condition.clone()));
        let text = condition.to_string();
        let read = Condition::from_sddl(&text, &SidAliases::default());
        prop_assert_eq!(read, Ok(condition), "{}", text);
    }

    #[test]
    fn any_bytes_and_mutations_are_understood_or_not(
        condition in any_condition(), at in any::<prop::sample::Index>(), byte: u8, noise in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        let mut bytes = condition.to_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        for bytes in [bytes, [b"artx".to_vec(), noise.clone()].concat(), noise] {
            if let Some(read) = Condition::parse(&bytes) {
                let _ = read.to_string();
                prop_assert_eq!(Condition::parse(&read.to_bytes()), Some(read));
            }
            if let Some(read) = ResourceAttribute::parse(&bytes) {
                prop_assert_eq!(ResourceAttribute::parse(&read.to_bytes()), Some(read));
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in r##"[a-c@.(){}!=<>&|"#%0-9, \-+_SIDTX]{0,40}"##) {
        let _ = Condition::from_sddl(&text, &SidAliases::default());
        let _ = ResourceAttribute::from_sddl(&text, &SidAliases::default());
    }
}
