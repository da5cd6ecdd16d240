//! Search filters (RFC 4511, 4515), of which only what is asked here exists.

use std::fmt;

use super::ber::{OCTETS, Writer};

/// A search filter. Its text form is that of RFC 4515.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    /// All of these.
    And(Vec<Filter>),
    /// Any of these.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// The attribute is there.
    Present(&'static str),
    /// The attribute has this value.
    Equal(&'static str, String),
    /// The attribute is this number or a greater one.
    AtLeast(&'static str, u64),
    /// The attribute is this number or a smaller one.
    AtMost(&'static str, u64),
    /// The attribute begins with this.
    Begins(&'static str, String),
    /// The attribute holds this.
    Holds(&'static str, String),
}

impl Filter {
    /// The attribute has this value.
    pub(super) fn equal(attribute: &'static str, value: impl Into<String>) -> Self {
        Self::Equal(attribute, value.into())
    }

    /// Everything there is.
    pub(super) fn all() -> Self {
        Self::Present("objectClass")
    }

    /// Writes it into a request.
    pub(super) fn write(&self, into: &mut Writer) {
        match self {
            Self::And(filters) => into.nested(0xa0, |into| write_all(filters, into)),
            Self::Or(filters) => into.nested(0xa1, |into| write_all(filters, into)),
            Self::Not(filter) => into.nested(0xa2, |into| filter.write(into)),
            Self::Present(attribute) => into.primitive(0x87, attribute.as_bytes()),
            Self::Equal(attribute, value) => pair(0xa3, attribute, value, into),
            Self::AtLeast(attribute, value) => pair(0xa5, attribute, &value.to_string(), into),
            Self::AtMost(attribute, value) => pair(0xa6, attribute, &value.to_string(), into),
            Self::Begins(attribute, part) => substring(0x80, attribute, part, into),
            Self::Holds(attribute, part) => substring(0x81, attribute, part, into),
        }
    }
}

fn write_all(filters: &[Filter], into: &mut Writer) {
    for filter in filters {
        filter.write(into);
    }
}

fn pair(tag: u8, attribute: &str, value: &str, into: &mut Writer) {
    into.nested(tag, |into| {
        into.primitive(OCTETS, attribute.as_bytes());
        into.primitive(OCTETS, value.as_bytes());
    });
}

fn substring(place: u8, attribute: &str, part: &str, into: &mut Writer) {
    into.nested(0xa4, |into| {
        into.primitive(OCTETS, attribute.as_bytes());
        into.nested(super::ber::SEQUENCE, |into| {
            into.primitive(place, part.as_bytes());
        });
    });
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |sign: &str, filters: &[Filter], f: &mut fmt::Formatter<'_>| {
            write!(f, "({sign}")?;
            filters.iter().try_for_each(|filter| filter.fmt(f))?;
            f.write_str(")")
        };
        match self {
            Self::And(filters) => list("&", filters, f),
            Self::Or(filters) => list("|", filters, f),
            Self::Not(filter) => write!(f, "(!{filter})"),
            Self::Present(attribute) => write!(f, "({attribute}=*)"),
            Self::Equal(attribute, value) => write!(f, "({attribute}={})", Escaped(value)),
            Self::AtLeast(attribute, value) => write!(f, "({attribute}>={value})"),
            Self::AtMost(attribute, value) => write!(f, "({attribute}<={value})"),
            Self::Begins(attribute, part) => write!(f, "({attribute}={}*)", Escaped(part)),
            Self::Holds(attribute, part) => write!(f, "({attribute}=*{}*)", Escaped(part)),
        }
    }
}

/// A value in the text form, where some characters mean something else.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '*' | '(' | ')' | '\\' | '\0'..='\x1f' | '\x7f' => {
                    write!(f, "\\{:02x}", u32::from(c))?;
                }
                _ => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_escapes_what_would_mean_something_else() {
        let filter = Filter::And(vec![
            Filter::equal("cn", "a*(b)\\\n"),
            Filter::Not(Box::new(Filter::Begins("sAMAccountName", "MSOL_".into()))),
            Filter::AtLeast("uSNCreated", 7),
        ]);
        assert_eq!(
            filter.to_string(),
            r"(&(cn=a\2a\28b\29\5c\0a)(!(sAMAccountName=MSOL_*))(uSNCreated>=7))"
        );
    }

    #[test]
    fn values_are_sent_as_they_are() {
        let mut writer = Writer::default();
        Filter::equal("cn", "a*").write(&mut writer);
        let bytes = writer.finish();
        assert_eq!(
            bytes,
            [0xa3, 0x84, 0, 0, 0, 8, 4, 2, b'c', b'n', 4, 2, b'a', b'*']
        );
    }
}
