use proptest::prelude::*;

use super::*;
use crate::error::ErrorCode;
use crate::evidence::Locator;

/// The rows of a text with the lines they begin in, and the lines of what is lost.
type Read = (Vec<(u64, Vec<String>)>, Vec<u64>);

fn read(bytes: &[u8]) -> crate::error::Result<Read> {
    let mut rows = Rows::new(bytes)?;
    let mut fields = Fields::default();
    let (mut found, mut lost) = (Vec::new(), Vec::new());
    while let Some(next) = rows.next_row()? {
        match next {
            Next::Row(row) => {
                if fields.parse(&row).is_ok() {
                    found.push((row.line, fields.iter().map(str::to_owned).collect()));
                } else {
                    lost.push(row.line);
                }
            }
            Next::Lost { error, .. } => {
                let Locator::Line(line) = error.place else {
                    panic!("a line");
                };
                lost.push(line);
            }
        }
    }
    Ok((found, lost))
}

fn fields(row: &[&str]) -> Vec<String> {
    row.iter().map(|field| (*field).to_owned()).collect()
}

#[test]
fn each_delimiter_is_seen_in_the_head() {
    for delimiter in [",", ";", "\t", "|"] {
        let text = ["a", "b", "c"].join(delimiter) + "\r\n" + &["1", "2", "3"].join(delimiter);
        let (rows, lost) = read(text.as_bytes()).unwrap();
        assert_eq!(rows, [(2, fields(&["1", "2", "3"]))], "{delimiter:?}");
        assert!(lost.is_empty());
    }
}

#[test]
fn a_delimiter_that_is_stated_counts() {
    let (rows, _) = read(b"sep=;\r\na,b;c\r\n1,2;3\r\n").unwrap();
    assert_eq!(rows, [(3, fields(&["1,2", "3"]))]);
}

#[test]
fn powershells_type_is_no_head() {
    let text = "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n\"Id\",\"Message\"\r\n";
    let rows = Rows::new(text.as_bytes()).unwrap();
    let head = rows.head();
    assert_eq!(head.columns, ["Id", "Message"]);
    assert_eq!(head.line, 2);
    assert!(
        head.type_name
            .as_deref()
            .unwrap()
            .ends_with("EventLogRecord")
    );
}

#[test]
fn what_names_no_columns_is_no_delimited_text() {
    for text in ["", "one line of words", "\n\n\n", "a\nb,c\n", "\"a,b\n"] {
        let error = Rows::new(text.as_bytes()).unwrap_err();
        assert_eq!(error.code, ErrorCode::Unrecognised, "{text:?}");
    }
}

#[test]
fn fields_hold_quotes_and_line_feeds_and_rows_may_be_longer_than_the_head() {
    let text = "a,b\r\n1,\"two\r\nlines, \"\"quoted\"\"\",3\r\n\r\n4,in\"side\r\n";
    let (rows, lost) = read(text.as_bytes()).unwrap();
    assert_eq!(
        rows,
        [
            (2, fields(&["1", "two\r\nlines, \"quoted\"", "3"])),
            (5, fields(&["4", "in\"side"])),
        ]
    );
    assert!(lost.is_empty());
}

#[test]
fn every_encoding_of_windows_is_read() {
    let text = "Quelle;Größe\r\nä;ö\r\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [
        text.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        [b"\xff\xfe".as_slice(), &utf16].concat(),
        utf16,
        b"Quelle;Gr\xf6\xdfe\r\n\xe4;\xf6\r\n".to_vec(),
    ] {
        let (rows, _) = read(&bytes).unwrap();
        assert_eq!(rows, [(2, fields(&["ä", "ö"]))]);
    }
}

#[test]
fn joined_texts_are_read_through() {
    let one = "\u{feff}a,b\r\n1,2\r\n";
    let (rows, lost) = read(format!("{one}{one}").as_bytes()).unwrap();
    let row = fields(&["1", "2"]);
    assert_eq!(rows, [(2, row.clone()), (4, row)]);
    assert!(lost.is_empty());
}

#[test]
fn a_quote_that_never_closes_costs_its_line() {
    let mut text = "a,b\n1,\"open\n".to_owned();
    for _ in 0..200_000 {
        text.push_str("3,\"4\"\n");
    }
    // The next quote closes the field, and what follows it is read on.
    let (rows, lost) = read(text.as_bytes()).unwrap();
    assert!(lost.is_empty());
    assert_eq!(rows.len(), 200_000);
    let (rows, lost) = read(b"a,b\n1,\"open\n3,4\n5,6\n").unwrap();
    assert_eq!(lost, [2]);
    assert_eq!(rows, [(3, fields(&["3", "4"])), (4, fields(&["5", "6"]))]);
}

#[test]
fn a_row_that_is_too_long_costs_itself() {
    let long = "x".repeat(3 * LONGEST_ROW);
    let text = format!("a,b\n{long}\n1,2\n");
    let (rows, lost) = read(text.as_bytes()).unwrap();
    assert_eq!(lost, [2]);
    assert_eq!(rows, [(3, fields(&["1", "2"]))]);
}

#[test]
fn rows_that_are_too_long_line_after_line_are_given_up_in_time() {
    let text = format!("a,b\n{}\n1,2\n", "\"x\ny\",".repeat(2 * LONGEST_ROW));
    let (rows, lost) = read(text.as_bytes()).unwrap();
    assert!(!lost.is_empty());
    assert!(rows.iter().any(|(_, row)| *row == ["1", "2"]));
}

#[test]
fn more_fields_than_any_table_has_are_an_error_of_the_row() {
    let text = format!("a,b\n{}\n", ",".repeat(MOST_FIELDS));
    assert_eq!(read(text.as_bytes()).unwrap().1, [2]);
}

#[test]
fn a_screen_finds_words_in_any_case() {
    let screen = Screen::any_of(["ADSync", "PasswordResetService"]);
    assert!(screen.passes(b"1,passwordRESETservice,x"));
    assert!(screen.passes(b"adsync"));
    assert!(!screen.passes(b"1,PasswordResetServic,x"));
    assert!(!Screen::any_of([]).passes(b"anything"));
    assert!(Screen::any_of([""]).passes(b"anything"));
    assert!(Screen::open().passes(b"anything"));
}

fn words() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "\"", "\"\"", ",", ";", "\n", "\r\n", "a", "b c", "ä", "\u{feff}",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
    }

    #[test]
    fn every_line_is_a_row_or_lost(text in words()) {
        let text = format!("a,b\n{text}");
        let (rows, lost) = read(text.as_bytes()).unwrap();
        let lines = text.lines().count() as u64;
        let places: Vec<_> = rows.iter().map(|(line, _)| *line).collect();
        prop_assert!(places.is_sorted_by(|a, b| a < b));
        prop_assert!(lost.is_sorted());
        prop_assert!(places.iter().chain(&lost).all(|line| (2..=lines.max(2)).contains(line)));
    }

    #[test]
    fn what_is_written_is_read(table in prop::collection::vec(prop::collection::vec(words(), 2..5), 0..8)) {
        let mut text = "x,y\n".to_owned();
        for row in &table {
            let quoted: Vec<_> = row
                .iter()
                .map(|field| format!("\"{}\"", field.replace('"', "\"\"")))
                .collect();
            text.push_str(&quoted.join(","));
            text.push('\n');
        }
        let (rows, lost) = read(text.as_bytes()).unwrap();
        prop_assert!(lost.is_empty());
        let rows: Vec<_> = rows.into_iter().map(|(_, row)| row).collect();
        prop_assert_eq!(rows, table);
    }

    #[test]
    fn a_screen_is_a_search_without_case(row in "[a-cA-C\" ]{0,30}", word in "[a-cA-C]{1,3}") {
        let plain = row.to_ascii_lowercase().contains(&word.to_ascii_lowercase());
        prop_assert_eq!(Screen::any_of([word.as_str()]).passes(row.as_bytes()), plain);
    }
}
