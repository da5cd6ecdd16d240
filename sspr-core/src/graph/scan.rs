//! A look at an answer without taking it apart: it is whole, how many items it holds, and where
//! the next page is.

use std::borrow::Cow;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

/// What an answer holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Seen {
    /// Whether there is a list `value`.
    pub(super) list: bool,
    /// Items of that list.
    pub(super) items: u64,
    /// `@odata.nextLink`.
    pub(super) next: Option<String>,
    /// Whether there is an `error`.
    pub(super) error: bool,
    /// Fields of the object.
    pub(super) fields: u64,
    /// What tells this list from any other of things that have an id: its length, its first item and
    /// its last. 0 where it is empty.
    pub(super) print: u64,
}

/// Looks at one JSON object, from its first byte to its last. Each item of its list is shown, as it
/// stands there.
pub(super) fn scan(bytes: &[u8], each: &mut dyn FnMut(&RawValue)) -> Result<Seen, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the answer is not UTF-8".to_owned())?;
    let mut document = serde_json::Deserializer::from_str(text);
    let seen = Look { each }
        .deserialize(&mut document)
        .and_then(|seen| document.end().map(|()| seen));
    seen.map_err(|error| {
        if error.is_eof() {
            "the answer ends too early".to_owned()
        } else {
            // The error's text speaks of places and kinds, never of values.
            format!("the answer is not as it should be: {error}")
        }
    })
}

struct Look<'e> {
    each: &'e mut dyn FnMut(&RawValue),
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = Seen;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Seen, D::Error> {
        deserializer.deserialize_map(self)
    }
}

/// A name in an object: borrowed where it can be.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for Look<'_> {
    type Value = Seen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Seen, A::Error> {
        let mut seen = Seen::default();
        while let Some(Name(name)) = access.next_key()? {
            seen.fields += 1;
            match name.as_ref() {
                "value" => {
                    if seen.list {
                        return Err(A::Error::custom("a second list"));
                    }
                    let items = access.next_value_seed(Items {
                        each: &mut *self.each,
                    })?;
                    seen.list = items.is_some();
                    (seen.items, seen.print) = items.unwrap_or_default();
                }
                "@odata.nextLink" => seen.next = access.next_value()?,
                name => {
                    seen.error |= name == "error";
                    access.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(seen)
    }
}

struct Items<'e> {
    each: &'e mut dyn FnMut(&RawValue),
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = Option<(u64, u64)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// A list; anything else that is called `value` is a field of an object like any other.
impl<'de> Visitor<'de> for Items<'_> {
    type Value = Option<(u64, u64)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let (mut items, mut print) = (0, 0);
        let (mut first, mut last) = (None, None);
        while let Some(item) = access.next_element::<&RawValue>()? {
            (self.each)(item);
            items += 1;
            first.get_or_insert(item.get());
            last = Some(item.get());
        }
        if items > 0 {
            let mut hasher = DefaultHasher::new();
            (items, first, last).hash(&mut hasher);
            print = hasher.finish().max(1);
        }
        Ok(Some((items, print)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        while access.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Makes one line of an answer: line breaks in JSON are blanks between its parts, never text.
pub(super) fn one_line(bytes: &mut [u8]) {
    let mut rest = bytes;
    while let Some(at) = memchr::memchr2(b'\n', b'\r', rest) {
        let (_, from) = rest.split_at_mut(at);
        if let Some((byte, after)) = from.split_first_mut() {
            *byte = b' ';
            rest = after;
        } else {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn look(text: &str) -> Result<Seen, String> {
        scan(text.as_bytes(), &mut |_| {})
    }

    fn unprinted(seen: Seen) -> Seen {
        Seen { print: 0, ..seen }
    }

    #[test]
    fn the_same_items_under_another_link_are_the_same_page() {
        let print = |text: &str| look(text).unwrap().print;
        let page = print(r#"{"@odata.nextLink":"https://x/1","value":[{"id":1},{"id":2}]}"#);
        assert_eq!(
            page,
            print(r#"{"value":[{"id":1},{"id":2}],"@odata.nextLink":"https://x/2"}"#)
        );
        assert_ne!(page, print(r#"{"value":[{"id":1},{"id":3}]}"#));
        assert_eq!(print(r#"{"value":[]}"#), 0);
    }

    /// What a full parser says.
    fn parsed(bytes: &[u8]) -> Option<Seen> {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        let object = value.as_object()?;
        let list = object.get("value").and_then(Value::as_array);
        let next = match object.get("@odata.nextLink") {
            None | Some(Value::Null) => None,
            Some(Value::String(link)) => Some(link.clone()),
            Some(_) => return None,
        };
        Some(Seen {
            list: list.is_some(),
            items: list.map_or(0, |list| list.len() as u64),
            next,
            error: object.contains_key("error"),
            fields: object.len() as u64,
            print: 0,
        })
    }

    #[test]
    fn items_are_counted_and_the_next_page_found_wherever_it_stands() {
        let seen =
            look(r#" {"@odata.nextLink":"https:\/\/x\/","value":[{"value":[1,2]},[],"]"]} "#)
                .unwrap();
        assert_eq!((seen.items, seen.next.as_deref()), (3, Some("https://x/")));
        assert_eq!(
            look(r#"{"value":[],"@odata.nextLink":null}"#).unwrap(),
            Seen {
                list: true,
                fields: 2,
                ..Seen::default()
            }
        );
        assert!(!look(r#"{"value":"text"}"#).unwrap().list);
    }

    #[test]
    fn what_is_cut_or_followed_by_something_is_refused() {
        let text = r#"{"@odata.context":"c","value":[{"id":"1"},{"id":"é"}]}"#;
        for end in 0..text.len() {
            assert!(scan(&text.as_bytes()[..end], &mut |_| {}).is_err(), "{end}");
        }
        assert!(look(&format!("{text} {text}")).is_err());
        assert!(look("[]").is_err() && look("<html>").is_err());
        assert!(look(r#"{"value":[],"value":[]}"#).is_err());
    }

    fn arbitrary() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<i32>().prop_map(|n| Value::from(f64::from(n) / 8.0)),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            let name = prop_oneof![Just("value".to_owned()), Just("error".to_owned()), ".{0,4}"];
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::btree_map(name, inner, 0..6).prop_map(|map| json!(map)),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_sees_what_a_full_parser_sees(items in proptest::collection::vec(arbitrary(), 0..8), link: Option<String>, more in arbitrary()) {
            let page = json!({ "@odata.nextLink": link, "value": items, "x": more });
            for bytes in [page.to_string().into_bytes(), serde_json::to_vec_pretty(&page).unwrap()] {
                let mut shown = Vec::new();
                let seen = scan(&bytes, &mut |item| shown.push(serde_json::from_str::<Value>(item.get()).unwrap()));
                prop_assert_eq!(seen.map(unprinted).ok(), parsed(&bytes));
                prop_assert_eq!(&shown, &items);
                let mut line = bytes.clone();
                one_line(&mut line);
                prop_assert!(!line.contains(&b'\n'));
                prop_assert_eq!(serde_json::from_slice::<Value>(&line).unwrap(), page.clone());
            }
        }

        #[test]
        fn mutated_bytes_are_judged_as_a_full_parser_does(at in 0_usize..80, byte: u8, items in 0_usize..4) {
            let page = json!({ "value": vec![json!({ "id": "é\n", "n": 1.5 }); items], "@odata.nextLink": "https://graph.contoso.com/" });
            let mut bytes = page.to_string().into_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            let seen = scan(&bytes, &mut |_| {});
            // A name that stands twice is the one thing that is refused here alone.
            if seen.as_ref().err().is_none_or(|why| !why.contains("second")) {
                prop_assert_eq!(seen.map(unprinted).ok(), parsed(&bytes));
            }
        }
    }
}
