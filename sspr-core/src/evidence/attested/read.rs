//! Reading `attested.toml`.

use std::ops::Range;

use chrono::{DateTime, Utc};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{ATTESTED_SCHEMA, Attested, AttestedFact, AttestedValue, FACTS, Shape, line_of};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{At, Locator};

type Value<'i> = Spanned<DeValue<'i>>;

/// Fields that every fact takes.
const COMMON: &[&str] = &["what", "value", "by", "at", "where"];

impl Attested {
    /// Reads the file. It is an error only when it is no `attested.toml` of this version.
    pub fn parse(text: &str) -> Result<Self> {
        let (document, errors) = DeTable::parse_recoverable(text);
        let mut attested = Self::default();
        for error in errors {
            let place = error
                .span()
                .map_or(Locator::Whole, |span| line_of(text, span.start));
            let fault = Error::syntax(place, error.message().trim().to_owned());
            attested.faults.push(fault);
        }
        let document = document.into_inner();
        let schema = document.get("schema");
        let place = schema.map_or(Locator::Whole, |value| line_of(text, value.span().start));
        if schema.and_then(|value| value.get_ref().as_str()) != Some(ATTESTED_SCHEMA) {
            return Err(Error::new(
                ErrorCode::Unsupported,
                place,
                format!("this version reads schema = \"{ATTESTED_SCHEMA}\" only"),
            ));
        }
        for (key, value) in &document {
            match (key.get_ref().as_ref(), value.get_ref().as_array()) {
                ("schema", _) => {}
                ("fact", Some(facts)) => {
                    for fact in facts {
                        attested.fact(text, fact);
                    }
                }
                ("fact", None) => attested.fact(text, value),
                (_, _) => attested.faults.push(Error::value(
                    line_of(text, key.span().start),
                    "only `schema` and `[[fact]]` are known here",
                )),
            }
        }
        Ok(attested)
    }

    fn fact(&mut self, text: &str, value: &Value<'_>) {
        let Some(table) = value.get_ref().as_table() else {
            let place = line_of(text, value.span().start);
            let fault = Error::value(place, "a fact is written as [[fact]] with its fields");
            self.faults.push(fault);
            return;
        };
        let mut reader = FactReader {
            text,
            table,
            faults: Vec::new(),
        };
        let fact = reader.fact(&value.span());
        self.faults.append(&mut reader.faults);
        match fact {
            Ok(fact) => self.facts.push(fact),
            Err(fault) => self.faults.push(fault),
        }
    }
}

struct FactReader<'t> {
    text: &'t str,
    table: &'t DeTable<'t>,
    faults: Vec<Error>,
}

impl FactReader<'_> {
    /// A fault in a field leaves the field out; a fault in name or value, the fact.
    fn fact(&mut self, span: &Range<usize>) -> Result<At<AttestedFact>> {
        let Some(what) = self.table.get("what") else {
            let place = line_of(self.text, span.start);
            return Err(Error::value(place, "this fact has no `what`"));
        };
        let place = line_of(self.text, what.span().start);
        let name = what.get_ref().as_str().unwrap_or_default();
        let Some((what, shape, further)) = FACTS.iter().find(|(known, _, _)| *known == name) else {
            return Err(unknown_fact(place, name));
        };
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if !COMMON.contains(&name) && !further.contains(&name) {
                self.faults.push(Error::value(
                    line_of(self.text, key.span().start),
                    format!("{what} has no field of this name"),
                ));
            }
        }
        let value = self.value(what, *shape, &place)?;
        let fact = AttestedFact {
            group: self.words("group"),
            host: self.words("host"),
            domain: self.words("domain"),
            user: self.words("user"),
            by: self.words("by"),
            at: self.optional("at", time),
            seen: self.words("where"),
            ..AttestedFact::new(what, value)
        };
        Ok(At::new(fact, place))
    }

    fn value(&self, what: &str, shape: Shape, place: &Locator) -> Result<AttestedValue> {
        if shape == Shape::Questions {
            return self.questions(place);
        }
        let Some(value) = self.table.get("value") else {
            return Err(Error::value(
                place.clone(),
                format!("{what} is stated without a value"),
            ));
        };
        read_value(value.get_ref(), shape).map_err(|message| {
            let place = line_of(self.text, value.span().start);
            Error::value(place, format!("{what}: {message}"))
        })
    }

    /// The three numbers stand beside `what`, or in a table as its value.
    fn questions(&self, place: &Locator) -> Result<AttestedValue> {
        let inner = self.table.get("value").map(Spanned::get_ref);
        let inner = inner.and_then(DeValue::as_table);
        let number = |name: &str| {
            let Some(value) = self.table.get(name).or_else(|| inner?.get(name)) else {
                return Ok(None);
            };
            integer(value.get_ref(), 0, 1000)
                .map(Some)
                .map_err(|message| {
                    let place = line_of(self.text, value.span().start);
                    Error::value(place, format!("{name}: {message}"))
                })
        };
        let (defined, registered, reset) =
            (number("defined")?, number("registered")?, number("reset")?);
        if [defined, registered, reset].iter().all(Option::is_none) {
            return Err(Error::value(
                place.clone(),
                "sspr.questions takes the numbers `defined`, `registered` and `reset`",
            ));
        }
        Ok(AttestedValue::Questions {
            defined,
            registered,
            reset,
        })
    }

    fn words(&mut self, name: &str) -> Option<String> {
        self.optional(name, text)
            .filter(|text| !text.trim().is_empty())
    }

    fn optional<T>(
        &mut self,
        name: &str,
        read: fn(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<T> {
        let value = self.table.get(name)?;
        match read(value.get_ref()) {
            Ok(value) => Some(value),
            Err(message) => {
                let place = line_of(self.text, value.span().start);
                let fault = Error::value(place, format!("{name}: {message}"));
                self.faults.push(fault);
                None
            }
        }
    }
}

fn unknown_fact(place: Locator, name: &str) -> Error {
    let error = Error::value(place, "there is no fact of this name to state");
    let lower = name.to_ascii_lowercase();
    let near = FACTS.iter().map(|(known, _, _)| *known).find(|known| {
        let known = known.to_ascii_lowercase();
        known == lower || known.rsplit('.').next() == lower.rsplit('.').next()
    });
    match near {
        Some(near) => error.with_help(format!("did you mean {near}?")),
        None => error.with_help(format!(
            "the names are {}",
            Attested::names().collect::<Vec<_>>().join(", ")
        )),
    }
}

fn read_value(value: &DeValue<'_>, shape: Shape) -> Result<AttestedValue, String> {
    Ok(match shape {
        Shape::Word(words) => AttestedValue::Word(word(value, words)?),
        // A single word stands for a list of one.
        Shape::Words(words) if value.is_str() => AttestedValue::Words(vec![word(value, words)?]),
        Shape::Words(words) => AttestedValue::Words(each(value, |value| word(value, words))?),
        Shape::Number(least, most) => AttestedValue::Number(integer(value, least, most)?),
        Shape::Switch => AttestedValue::Switch(
            value
                .as_bool()
                .ok_or_else(|| wants("true or false", value))?,
        ),
        Shape::Text => AttestedValue::Text(text(value)?),
        Shape::Texts => AttestedValue::Texts(each(value, text)?),
        Shape::Time => AttestedValue::Time(time(value)?),
        Shape::Agents => AttestedValue::Agents(each(value, agent)?),
        Shape::Questions => return Err("expected a table".to_owned()),
    })
}

fn word(value: &DeValue<'_>, words: &[&'static str]) -> Result<&'static str, String> {
    let found = value.as_str().unwrap_or_default();
    words
        .iter()
        .find(|word| word.eq_ignore_ascii_case(found))
        .copied()
        .ok_or_else(|| format!("expected one of {}", words.join(", ")))
}

fn each<T>(
    value: &DeValue<'_>,
    read: impl Fn(&DeValue<'_>) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    value
        .as_array()
        .ok_or_else(|| wants("a list", value))?
        .iter()
        .map(|item| read(item.get_ref()))
        .collect()
}

fn integer(value: &DeValue<'_>, least: u32, most: u32) -> Result<u32, String> {
    value
        .as_integer()
        .and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok())
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("expected a whole number from {least} to {most}"))
}

fn text(value: &DeValue<'_>) -> Result<String, String> {
    value
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| wants("a text", value))
}

fn time(value: &DeValue<'_>) -> Result<DateTime<Utc>, String> {
    let text = match value {
        DeValue::Datetime(time) => time.to_string(),
        DeValue::String(text) => text.to_string(),
        other => return Err(wants("a time", other)),
    };
    DateTime::parse_from_rfc3339(&text.replace(' ', "T"))
        .map(|time| time.with_timezone(&Utc))
        .map_err(|_| "expected a time with its zone, such as 2026-11-20T09:00:00Z".to_owned())
}

fn agent(value: &DeValue<'_>) -> Result<(String, Option<String>), String> {
    let table = value
        .as_table()
        .ok_or_else(|| wants("{ host = …, version = … }", value))?;
    let field = |name: &str| {
        table
            .get(name)
            .map(|value| text(value.get_ref()))
            .transpose()
    };
    let host = field("host")?.ok_or("an agent has a host")?;
    Ok((host, field("version")?))
}

fn wants(what: &str, found: &DeValue<'_>) -> String {
    format!("expected {what}, found {}", found.type_str())
}
