//! INF files, as security templates and `secedit /export` write them: sections in brackets with
//! `key = value` lines, double quotes, and comments after a semicolon.

use crate::error::Error;
use crate::evidence::Locator;

/// A parsed INF file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inf {
    sections: Vec<Section>,
    /// How many lines could not be read.
    pub lost: u64,
    /// The first of them.
    pub first_lost: Option<Error>,
}

/// A section of an INF file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// Its name, without the brackets.
    pub name: String,
    /// The line of its heading, counted from 1.
    pub line: u64,
    /// Its lines, in their order.
    pub entries: Vec<Entry>,
}

/// A line of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What stands before the first `=`, or the whole line without one.
    pub key: String,
    /// What stands behind it, without the quotes around the whole; `None` without a `=`.
    pub value: Option<String>,
    /// The line, counted from 1.
    pub line: u64,
}

impl Inf {
    /// Reads a text. A line before the first section, and a heading without its closing bracket,
    /// are counted as lost.
    pub fn parse(text: &str) -> Self {
        let mut inf = Self::default();
        for (number, line) in (1_u64..).zip(text.lines()) {
            let line = without_comment(line).trim();
            if line.is_empty() {
                continue;
            }
            if let Some(heading) = line.strip_prefix('[') {
                match heading.strip_suffix(']') {
                    Some(name) => inf.sections.push(Section {
                        name: name.trim().to_owned(),
                        line: number,
                        entries: Vec::new(),
                    }),
                    None => inf.lose(number, "a section's heading has no closing bracket"),
                }
                continue;
            }
            let entry = match split_outside_quotes(line, '=') {
                Some((key, value)) => Entry {
                    key: unquoted(key.trim()),
                    value: Some(unquoted(value.trim())),
                    line: number,
                },
                None => Entry {
                    key: line.to_owned(),
                    value: None,
                    line: number,
                },
            };
            match inf.sections.last_mut() {
                Some(section) => section.entries.push(entry),
                None => inf.lose(number, "this line stands before the first section"),
            }
        }
        inf
    }

    /// All sections, in their order. A name may come twice.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The first section of a name, in any case.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections
            .iter()
            .find(|section| section.name.eq_ignore_ascii_case(name))
    }

    /// The last entry of a key in all sections of a name: Windows lets the later line win.
    pub fn entry(&self, section: &str, key: &str) -> Option<&Entry> {
        self.sections
            .iter()
            .filter(|known| known.name.eq_ignore_ascii_case(section))
            .flat_map(|known| &known.entries)
            .rfind(|entry| entry.key.eq_ignore_ascii_case(key))
    }

    fn lose(&mut self, line: u64, why: &str) {
        self.lost += 1;
        self.first_lost
            .get_or_insert_with(|| Error::syntax(Locator::Line(line), why));
    }
}

/// The line up to a semicolon that stands outside quotes.
fn without_comment(line: &str) -> &str {
    split_outside_quotes(line, ';').map_or(line, |(before, _)| before)
}

fn split_outside_quotes(line: &str, at: char) -> Option<(&str, &str)> {
    let mut quoted = false;
    for (index, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            c if c == at && !quoted => {
                return Some((line.get(..index)?, line.get(index + c.len_utf8()..)?));
            }
            _ => {}
        }
    }
    None
}

/// A text without the quotes around the whole of it; doubled quotes inside stand for one.
fn unquoted(text: &str) -> String {
    match text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(inner) => inner.replace("\"\"", "\""),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SAMPLE: &str = "; a comment\r\n[Unicode]\r\nUnicode=yes\r\n[System Access]\r\n\
        MinimumPasswordAge = 1          ; days\r\nNewAdministratorName = \"Admin; \"\"one\"\"\"\r\n\
        [File Security]\r\n\"%SystemRoot%\",0,\"D:PAR(A;;FA;;;BA)\"\r\n[Version]\r\n\
        signature=\"$CHICAGO$\"\r\n";

    #[test]
    fn sections_keys_quotes_and_comments_are_read() {
        let inf = Inf::parse(SAMPLE);
        assert_eq!(inf.lost, 0);
        assert_eq!(inf.sections().len(), 4);
        let age = inf.entry("system access", "minimumpasswordage").unwrap();
        assert_eq!((age.value.as_deref(), age.line), (Some("1"), 5));
        let name = inf.entry("System Access", "NewAdministratorName").unwrap();
        assert_eq!(name.value.as_deref(), Some("Admin; \"one\""));
        let file = inf.section("File Security").unwrap();
        assert_eq!(file.entries[0].value, None);
        assert!(file.entries[0].key.contains("(A;;FA;;;BA)"));
    }

    #[test]
    fn the_later_line_of_a_key_counts() {
        let inf = Inf::parse("[A]\nk = 1\n[B]\nk = 2\n[a]\nK = 3\n");
        assert_eq!(inf.entry("A", "k").unwrap().value.as_deref(), Some("3"));
    }

    #[test]
    fn what_is_no_inf_is_counted_with_its_line() {
        let inf = Inf::parse("k = 1\n[A\n[B]\n");
        assert_eq!(inf.lost, 2);
        assert_eq!(inf.first_lost.unwrap().place, Locator::Line(1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_gives_a_result(text in "(?s)[ -~\r\n\t\u{e4}]{0,400}") {
            let inf = Inf::parse(&text);
            prop_assert_eq!(inf.lost > 0, inf.first_lost.is_some());
        }

        #[test]
        fn a_written_value_is_read(key in "[A-Za-z]{1,12}", value in "[ -~]{0,30}") {
            let quoted = value.replace('"', "\"\"");
            let inf = Inf::parse(&format!("[S]\n{key} = \"{quoted}\" ; note\n"));
            let entry = inf.entry("s", &key);
            prop_assert_eq!(entry.and_then(|e| e.value.as_deref()), Some(value.as_str()));
        }
    }
}
