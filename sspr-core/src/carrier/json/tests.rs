//! Reading items, held against what `serde_json` reads of the same input.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::error::ErrorCode;
use crate::evidence::Locator;

const MOST: u64 = 1 << 20;

/// What was met: the pointer, and the object, or nothing where there was none.
type Met = Vec<(Locator, Option<Map<String, Value>>)>;

fn met(text: &str, item_bytes: u64) -> (Met, ItemsRead) {
    let mut met = Vec::new();
    let read = read_items(text.as_bytes(), item_bytes, &mut |event| {
        match event {
            Event::Item(object, _) => {
                met.push((object.place().clone(), Some(object.map().clone())));
            }
            Event::Other(place) => met.push((place, None)),
            Event::PageEnd(_, _) => {}
        }
        ControlFlow::Continue(())
    });
    (met, read.expect("nobody stops the work"))
}

/// The same, from a value that is held whole.
fn expected(value: &Value, pointer: &str, met: &mut Met) {
    let place = || Locator::Pointer(pointer.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                expected(item, &format!("{pointer}/{index}"), met);
            }
        }
        Value::Object(map) => {
            let streamed = map.iter().find(|(key, value)| {
                let known = matches!(key.to_lowercase().as_str(), "value" | "members");
                let items = value.as_array();
                known
                    && items
                        .is_some_and(|items| items.first().is_some_and(|first| !first.is_string()))
            });
            let mut own = map.clone();
            if let Some((key, items)) = streamed {
                expected(items, &format!("{pointer}/{key}"), met);
                own.remove(key);
            }
            if !streamed.is_some_and(|(key, _)| key.eq_ignore_ascii_case("value")) {
                met.push((place(), Some(own)));
            }
        }
        _ => met.push((place(), None)),
    }
}

#[test]
fn an_item_of_many_small_values_counts_as_what_it_takes_in_memory() {
    let item = format!(
        "[{{\"a\":1}},{{\"b\":[{}0]}},{{\"c\":1}}]",
        "0,".repeat(40_000)
    );
    assert!((item.len() as u64) < MOST / 10);
    let (found, read) = met(&item, MOST);
    assert_eq!(found.len(), 1);
    assert_eq!(read.fault.map(|fault| fault.code), Some(ErrorCode::Limit));
    let mut fields = String::new();
    for n in 0..12_000 {
        let _ = write!(fields, "\"{n}\":0,");
    }
    let (_, read) = met(&format!("{{{fields}\"z\":0}}\n"), MOST);
    assert_eq!(read.fault.map(|fault| fault.code), Some(ErrorCode::Limit));
}

#[test]
fn pages_within_pages_hold_no_more_than_one_item_may() {
    let filler = "x".repeat(300_000);
    let page = |inner: &str| format!("{{\"a\":\"{filler}\",\"value\":[{inner}]}}");
    let (found, read) = met(&page(&page("{\"b\":1}")), MOST);
    assert_eq!((found.len(), read.fault), (1, None));
    let (found, read) = met(&page(&page(&page(&page("{\"b\":1}")))), MOST);
    assert!(found.is_empty());
    assert_eq!(read.fault.map(|fault| fault.code), Some(ErrorCode::Limit));
    // One after another they may be as many as they like.
    let many = vec![page("{\"b\":1}"); 8].join(",");
    let (found, read) = met(&format!("[{many}]"), MOST);
    assert_eq!((found.len(), read.fault), (8, None));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-zA-Zäß\"\\\\\n ]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            any_map(inner).prop_map(Value::Object),
        ]
    })
}

fn any_map(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    let key = prop::sample::select(vec![
        "id",
        "name",
        "value",
        "Value",
        "members",
        "@odata.nextLink",
        "a/b~c",
    ]);
    prop::collection::btree_map(key.prop_map(str::to_owned), inner, 0..4)
        .prop_map(|map| map.into_iter().collect())
}

#[test]
fn names_of_members_stay_with_their_group() {
    let text = r#"[{"Name":"A","Members":["CN=x","CN=y"],"SID":1},{"Name":"B","Members":[]}]"#;
    let (met, read) = met(text, MOST);
    assert_eq!((read.items, read.fault), (2, None));
    let (_, Some(first)) = &met[0] else { panic!() };
    assert_eq!(first["Members"], json!(["CN=x", "CN=y"]));
}

#[test]
fn names_of_members_count_against_the_object() {
    let names = vec!["x".repeat(100); 8];
    let text = json!({"members": names, "Members": names, "MEMBERS": names}).to_string();
    let (_, read) = met(&text, 2_000);
    assert_eq!(read.fault.map(|fault| fault.code), Some(ErrorCode::Limit));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_document_gives_the_items_that_serde_json_sees(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty {
            serde_json::to_string_pretty(&value)
        } else {
            serde_json::to_string(&value)
        };
        let (met, read) = met(&text.expect("it prints"), MOST);
        let mut reference = Vec::new();
        expected(&value, "", &mut reference);
        prop_assert_eq!(&met, &reference);
        let objects = reference.iter().filter(|(_, object)| object.is_some()).count();
        prop_assert_eq!(read.items, objects as u64);
        prop_assert_eq!(read.fault, None);
    }

    #[test]
    fn arrays_pages_and_lines_of_the_same_objects_give_the_same_items(
        objects in prop::collection::vec(any_map(any_json()), 2..5),
    ) {
        // An object that is a page itself is another matter.
        let objects: Vec<_> = objects
            .into_iter()
            .map(|mut object| {
                object.retain(|key, _| !matches!(key.to_lowercase().as_str(), "value" | "members"));
                Value::Object(object)
            })
            .collect();
        let page = |items: &[Value]| json!({"@odata.context": "users", "value": items});
        let (first, rest) = objects.split_at(1);
        let lines: Vec<_> = objects.iter().map(Value::to_string).collect();
        let forms = [
            Value::from(objects.clone()).to_string(),
            page(&objects).to_string(),
            json!([page(first), page(rest)]).to_string(),
            format!("{}\n{}", page(first), page(rest)),
            lines.join("\n"),
            lines.join("\r\n\r\n") + "\r\n",
        ];
        for text in forms {
            let (met, read) = met(&text, MOST);
            let items: Vec<_> = met.into_iter().filter_map(|(_, map)| map.map(Value::Object)).collect();
            prop_assert_eq!(&items, &objects, "{}", text);
            prop_assert_eq!(read.fault, None);
        }
    }

    #[test]
    fn a_cut_document_gives_what_stood_before_the_cut(
        objects in prop::collection::vec(any_map(any_json()), 1..5), cut in 0_usize..1000,
    ) {
        let text = Value::from(objects.into_iter().map(Value::Object).collect::<Vec<_>>()).to_string();
        let mut end = cut % text.len();
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let (whole, _) = met(&text, MOST);
        let (part, read) = met(&text[..end], MOST);
        prop_assert!(whole.starts_with(&part) || part.iter().any(|(_, object)| object.is_none()));
        prop_assert!(end == 0 || read.fault.is_some());
    }

    #[test]
    fn any_bytes_end_in_items_or_a_fault(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_items(bytes.as_slice(), 64, &mut |_| ControlFlow::Continue(()));
    }

    #[test]
    fn the_sink_can_stop_at_any_item(count in 1_usize..20, stop in 1_usize..20, lines in any::<bool>()) {
        let objects: Vec<_> = (0..count).map(|id| json!({"id": id}).to_string()).collect();
        let text = if lines { objects.join("\n") } else { format!("[{}]", objects.join(",")) };
        let mut seen = 0;
        let read = read_items(text.as_bytes(), MOST, &mut |_| {
            seen += 1;
            if seen == stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        prop_assert_eq!(seen, count.min(stop));
        prop_assert_eq!(read.is_err(), stop <= count);
        if let Err(error) = read {
            prop_assert_eq!(error.code, ErrorCode::Cancelled);
        }
    }
}

#[test]
fn one_item_may_not_be_larger_than_the_limit_and_many_small_ones_may() {
    let small = format!("[{}]", vec![r#"{"id":"0123456789"}"#; 1000].join(","));
    let (items, read) = met(&small, 256);
    assert_eq!((items.len(), read.fault), (1000, None));

    let large = format!(r#"[{{"id":1}},{{"id":"{}"}},{{"id":3}}]"#, "x".repeat(1000));
    let (items, read) = met(&large, 256);
    assert_eq!(items.len(), 1);
    assert_eq!(read.fault.map(|fault| fault.code), Some(ErrorCode::Limit));

    let lines = format!(
        "{{\"id\":1}}\n{{\"id\":\"{}\"}}\n{{\"id\":3}}\n",
        "x".repeat(1000)
    );
    let (items, read) = met(&lines, 256);
    assert_eq!(items.len(), 2, "a line that is too long costs only itself");
    assert_eq!(read.lines_lost, 1);
    assert_eq!(read.fault.map(|fault| fault.place), Some(Locator::Line(2)));
}

#[test]
fn nesting_is_bounded() {
    for open in ["[", "{\"a\":", "{\"value\":["] {
        let (_, read) = met(&open.repeat(100_000), MOST);
        assert!(read.fault.is_some(), "{open}");
    }
}

#[test]
fn rows_of_a_table_are_objects_whatever_comes_first() {
    let columns = r#""columns":[{"name":"Id","type":"int"},{"name":"Who","type":"string"}]"#;
    let rows = r#""rows":[[1,"jdoe"],[2,null]]"#;
    for table in [
        format!(r#"{{"name":"PrimaryResult",{columns},{rows}}}"#),
        format!("{{{rows},{columns}}}"),
        r#"{"TableName":"T","Columns":[{"ColumnName":"Id"},{"ColumnName":"Who"}],"Rows":[[1,"jdoe"],[2,null]]}"#
            .to_owned(),
    ] {
        let (items, read) = met(&format!(r#"{{"tables":[{table}],"statistics":{{}}}}"#), MOST);
        let items: Vec<_> = items
            .into_iter()
            .map(|(place, item)| (place.to_string().to_lowercase(), item.map(Value::Object)))
            .collect();
        let expected = [
            ("/tables/0/rows/0".to_owned(), Some(json!({"Id": 1, "Who": "jdoe"}))),
            ("/tables/0/rows/1".to_owned(), Some(json!({"Id": 2, "Who": null}))),
        ];
        assert_eq!(items, expected, "{table}");
        assert_eq!((read.items, read.fault), (2, None));
    }
}

#[test]
fn a_row_of_another_length_is_told_and_the_next_one_is_read() {
    let text = r#"{"tables":[{"columns":[{"name":"Id"}],"rows":[[1,2],[3],7]}]}"#;
    let (items, _) = met(text, MOST);
    let places: Vec<_> = items.iter().map(|(_, item)| item.is_some()).collect();
    assert_eq!(places, [false, true, false]);
}

#[test]
fn an_answer_without_rows_holds_no_item() {
    let text = r#"{"tables":[{"columns":[{"name":"Id"}],"rows":[]}]}"#;
    assert_eq!(met(text, MOST).0, []);
}

#[test]
fn rows_without_named_columns_stay_a_field() {
    let text = r#"{"rows":[[1]],"columns":["Id"]}"#;
    assert_eq!(met(text, MOST).1.items, 1);
}

proptest! {
    #[test]
    fn a_table_of_any_rows_gives_each_of_them(
        rows in prop::collection::vec(prop::collection::vec(any_json(), 0..4), 0..6),
        swapped in any::<bool>(),
    ) {
        let names: Vec<_> = (0..2).map(|number| json!({"name": format!("c{number}")})).collect();
        let table = if swapped {
            format!(r#"{{"rows":{},"columns":{}}}"#, json!(rows), json!(names))
        } else {
            format!(r#"{{"columns":{},"rows":{}}}"#, json!(names), json!(rows))
        };
        let (items, read) = met(&table, MOST);
        prop_assert_eq!(items.len(), rows.len());
        let whole = rows.iter().filter(|row| row.len() == 2).count();
        prop_assert_eq!(read.items, whole as u64);
    }
}
