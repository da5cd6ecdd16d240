//! The list that PowerShell prints for an object: one `Name : value` a line.
//!
//! `Format-List` pads the names of an object to one width, so that the colons stand in one column,
//! breaks long values and indents what follows to the column of the value, and puts an empty line
//! between objects.

use crate::error::Error;
use crate::evidence::{At, Locator, Reading};
use crate::time::Interval;

/// What a text in list form holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListText {
    /// The objects, in their order.
    pub objects: Vec<ListObject>,
    /// How many lines belong to no object.
    pub lost: u64,
    /// The first of them.
    pub first_lost: Option<Error>,
}

/// One object of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListObject {
    entries: Vec<ListEntry>,
}

/// One property of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEntry {
    /// Its name as printed.
    pub name: String,
    /// Its value; the pieces of a value that was broken over several lines are joined.
    pub value: String,
    /// The line that it starts on, counted from 1.
    pub line: u64,
}

/// Whether a text starts as a list: its first two lines with content are properties with the colon
/// in the same column.
pub fn is_list(head: &str) -> bool {
    let mut lines = head.lines().filter(|line| !line.trim().is_empty());
    match (
        lines.next().and_then(property),
        lines.next().and_then(property),
    ) {
        (Some((_, column, _)), Some((_, second, _))) => column == second,
        _ => false,
    }
}

/// Reads a text in list form. Lines that fit nowhere are counted.
pub fn parse_list(text: &str) -> ListText {
    let mut read = ListText::default();
    let mut object = ListObject::default();
    let mut column = None;
    for (number, line) in (1_u64..).zip(text.lines()) {
        if line.trim().is_empty() {
            close(&mut read, &mut object, &mut column);
            continue;
        }
        if let Some((name, at, value)) = property(line).filter(|(_, at, _)| {
            // A value may hold a colon of its own; only the object's column counts.
            column.is_none_or(|column| column == *at)
        }) {
            column = Some(at);
            if object.get(name).is_some() {
                // Two objects that were printed without an empty line between them.
                close(&mut read, &mut object, &mut None);
            }
            object.entries.push(ListEntry {
                name: name.to_owned(),
                value: value.to_owned(),
                line: number,
            });
        } else if let Some((last, at)) = object.entries.last_mut().zip(column)
            && indent(line) > at
        {
            continue_value(&mut last.value, line.trim());
        } else {
            read.lost += 1;
            read.first_lost.get_or_insert_with(|| {
                Error::syntax(
                    Locator::Line(number),
                    "expected a property, `Name : value`, or the rest of one",
                )
            });
        }
    }
    close(&mut read, &mut object, &mut column);
    read
}

impl ListObject {
    /// All its properties, in their order.
    pub fn entries(&self) -> &[ListEntry] {
        &self.entries
    }

    /// The property of a name, in any case.
    pub fn get(&self, name: &str) -> Option<&ListEntry> {
        self.entries
            .iter()
            .find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// Whether it has all these properties.
    pub fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.get(name).is_some())
    }

    /// A text. PowerShell prints null as nothing.
    pub fn text(&self, name: &str) -> Reading<&str> {
        let Some(entry) = self.get(name) else {
            return Reading::Absent;
        };
        let place = Locator::Line(entry.line);
        if entry.value.is_empty() {
            Reading::Null(place)
        } else {
            Reading::Value(At::new(&entry.value, place))
        }
    }

    /// `True` or `False`.
    pub fn bool(&self, name: &str) -> Reading<bool> {
        self.text(name).and_then(|text| {
            if text.eq_ignore_ascii_case("true") {
                Ok(true)
            } else if text.eq_ignore_ascii_case("false") {
                Ok(false)
            } else {
                Err("expected True or False".into())
            }
        })
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Reading<i64> {
        self.text(name)
            .and_then(|text| text.parse().map_err(|_| "expected a whole number".into()))
    }

    /// A time span, `d.hh:mm:ss`.
    pub fn interval(&self, name: &str) -> Reading<Interval> {
        self.text(name)
            .and_then(|text| Interval::parse_dotnet(text).ok_or("expected a time span".into()))
    }

    /// The elements of a collection, `{a, b}`; a single value stands alone.
    pub fn texts(&self, name: &str) -> Reading<Vec<&str>> {
        self.text(name).map(|text| {
            text.strip_prefix('{')
                .and_then(|text| text.strip_suffix('}'))
                .unwrap_or(text)
                .split(',')
                .map(str::trim)
                .filter(|element| !element.is_empty())
                .collect()
        })
    }
}

/// The name, the column of the colon in characters, and the value of a property's first line.
fn property(line: &str) -> Option<(&str, usize, &str)> {
    if line.starts_with(char::is_whitespace) {
        return None;
    }
    let (name, value) = line.split_once(" :")?;
    if !(value.is_empty() || value.starts_with(' ')) {
        return None;
    }
    let column = name.chars().count() + 1;
    let name = name.trim_end();
    (!name.is_empty() && !name.contains(':')).then(|| (name, column, value.trim()))
}

fn indent(line: &str) -> usize {
    line.chars().take_while(|c| c.is_whitespace()).count()
}

/// PowerShell breaks at a blank, which it drops, when the value has one, and anywhere otherwise.
fn continue_value(value: &mut String, rest: &str) {
    if value.contains(' ') {
        value.push(' ');
    }
    value.push_str(rest);
}

fn close(read: &mut ListText, object: &mut ListObject, column: &mut Option<usize>) {
    if !object.entries.is_empty() {
        read.objects.push(std::mem::take(object));
    }
    *column = None;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SAMPLE: &str = "\r\n\r\nComplexityEnabled    : True\r\n\
        DistinguishedName    : DC=contoso,DC=com\r\n\
        LockoutDuration      : 00:30:00\r\n\
        MinPasswordAge       : 1.00:00:00\r\n\
        Notes                : what does not fit on one line\r\n\
        \x20                      goes on in the next\r\n\
        Roles                : {PDCEmulator, RIDMaster}\r\n\
        Nothing              : \r\n\r\n\
        A : 1\r\nB : 2\r\n";

    #[test]
    fn a_list_is_read_with_its_lines() {
        assert!(is_list(SAMPLE));
        let read = parse_list(SAMPLE);
        assert_eq!(read.objects.len(), 2);
        assert_eq!(read.lost, 0);
        let first = &read.objects[0];
        assert_eq!(first.bool("complexityenabled").value(), Some(&true));
        assert_eq!(
            first.interval("MinPasswordAge").value(),
            Some(&Interval::from_days(1))
        );
        assert_eq!(
            first.text("Notes").value(),
            Some(&"what does not fit on one line goes on in the next")
        );
        assert_eq!(first.texts("Roles").value().map(Vec::len), Some(2));
        assert_eq!(first.text("Nothing"), Reading::Null(Locator::Line(10)));
        assert_eq!(first.text("Absent"), Reading::Absent);
        assert_eq!(read.objects[1].integer("B").value(), Some(&2));
    }

    #[test]
    fn a_name_broken_inside_a_word_is_joined_without_a_blank() {
        let read = parse_list(
            "DistinguishedName : OU=AVeryLongContainer,DC=cont\n                    oso,DC=com\n",
        );
        assert_eq!(
            read.objects[0].text("DistinguishedName").value(),
            Some(&"OU=AVeryLongContainer,DC=contoso,DC=com")
        );
    }

    #[test]
    fn lines_that_fit_nowhere_are_counted() {
        let read = parse_list("WARNING: something\nA : 1\n");
        assert_eq!(read.objects.len(), 1);
        assert_eq!(read.lost, 1);
        assert_eq!(
            read.first_lost.map(|error| error.place),
            Some(Locator::Line(1))
        );
    }

    #[test]
    fn other_forms_are_no_list() {
        assert!(!is_list("{\"a\": 1}"));
        assert!(!is_list("[System Access]\nA = 1"));
        assert!(!is_list("dn: DC=contoso,DC=com\nobjectClass: top"));
        assert!(!is_list(""));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_gives_a_result(text in "(?s)[ -~\r\n\t\u{e4}]{0,400}") {
            let read = parse_list(&text);
            prop_assert_eq!(read.lost > 0, read.first_lost.is_some());
        }

        #[test]
        fn what_is_printed_is_read(names in prop::collection::btree_map("[A-Z][a-z]{1,12}", "[!-9;-~]{1,20}", 1..6)) {
            let width = names.keys().map(String::len).max().unwrap_or_default();
            let lines: Vec<_> = names.iter().map(|(name, value)| format!("{name:width$} : {value}")).collect();
            let text = lines.join("\n");
            let read = parse_list(&text);
            prop_assert_eq!(read.objects.len(), 1);
            for (name, value) in &names {
                let found = read.objects[0].text(name);
                prop_assert_eq!(found.value(), Some(&value.as_str()));
            }
        }
    }
}
