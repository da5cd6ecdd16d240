//! `$filter`, as far as collectors use it: comparisons, `in`, `startsWith`, `endsWith`, `any`, and,
//! or, not.

use std::cmp::Ordering;

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

/// A filter that was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    Compare(Path, Operator, Value),
    In(Path, Vec<Value>),
    Starts(Path, String),
    Ends(Path, String),
    Any(Path, String, Box<Filter>),
    Is(Path),
}

/// Names of nested properties.
pub(super) type Path = Vec<String>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

impl Filter {
    /// Reads a filter; the error is what Graph would say about it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens, at: 0 };
        let filter = parser.or()?;
        match parser.peek() {
            None => Ok(filter),
            Some(token) => Err(format!("Syntax error at '{token}' in '{text}'.")),
        }
    }

    /// Whether the row passes.
    pub(super) fn holds(&self, row: &Value) -> bool {
        self.test(&|path| get(row, path))
    }

    fn test<'v>(&self, find: &dyn Fn(&[String]) -> Option<&'v Value>) -> bool {
        match self {
            Self::And(left, right) => left.test(find) && right.test(find),
            Self::Or(left, right) => left.test(find) || right.test(find),
            Self::Not(inner) => !inner.test(find),
            Self::Compare(path, operator, literal) => {
                compare(find(path).unwrap_or(&Value::Null), *operator, literal)
            }
            Self::In(path, literals) => {
                let value = find(path).unwrap_or(&Value::Null);
                literals.iter().any(|literal| same(value, literal))
            }
            Self::Starts(path, text) => string(find(path)).starts_with(&text.to_lowercase()),
            Self::Ends(path, text) => string(find(path)).ends_with(&text.to_lowercase()),
            Self::Is(path) => find(path) == Some(&Value::Bool(true)),
            Self::Any(path, name, inner) => {
                find(path).and_then(Value::as_array).is_some_and(|items| {
                    items.iter().any(|item| {
                        inner.test(&|path| match path.split_first() {
                            Some((first, rest)) if first == name => get(item, rest),
                            _ => None,
                        })
                    })
                })
            }
        }
    }

    /// What a query of the directory does only with `ConsistencyLevel: eventual` and `$count`.
    pub(super) fn is_advanced(&self) -> bool {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                left.is_advanced() || right.is_advanced()
            }
            Self::Not(_) | Self::Ends(..) | Self::Compare(_, Operator::Ne, _) => true,
            Self::Any(path, ..) => path.first().is_some_and(|name| name == "assignedPlans"),
            Self::Compare(..) | Self::In(..) | Self::Starts(..) | Self::Is(_) => false,
        }
    }

    /// The properties that it names.
    pub(super) fn properties<'a>(&'a self, found: &mut Vec<&'a str>) {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                left.properties(found);
                right.properties(found);
            }
            Self::Not(inner) => inner.properties(found),
            Self::Compare(path, ..)
            | Self::In(path, _)
            | Self::Starts(path, _)
            | Self::Ends(path, _)
            | Self::Is(path)
            | Self::Any(path, ..) => found.extend(path.first().map(String::as_str)),
        }
    }

    /// The property and its values, where the filter is only a list of them.
    pub(super) fn keys(&self) -> Option<(&str, Vec<&str>)> {
        let (path, values) = match self {
            Self::In(path, values) => (path, values.iter().collect()),
            Self::Compare(path, Operator::Eq, value) => (path, vec![value]),
            _ => return None,
        };
        let values = values.into_iter().map(Value::as_str).collect::<Option<_>>();
        match path.as_slice() {
            [name] => Some((name, values?)),
            _ => None,
        }
    }
}

fn get<'v>(row: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(row, |value, name| value.get(name))
}

fn string(value: Option<&Value>) -> String {
    value
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_lowercase()
}

fn same(value: &Value, literal: &Value) -> bool {
    compare(value, Operator::Eq, literal)
}

fn time(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).ok()
}

fn compare(value: &Value, operator: Operator, literal: &Value) -> bool {
    let order = match (value, literal) {
        (Value::String(left), Value::String(right)) => match (time(left), time(right)) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => Some(left.to_lowercase().cmp(&right.to_lowercase())),
        },
        (Value::Number(left), Value::Number(right)) => left.as_f64().partial_cmp(&right.as_f64()),
        (left, right) => (left == right).then_some(Ordering::Equal),
    };
    match operator {
        Operator::Eq => order == Some(Ordering::Equal),
        Operator::Ne => order != Some(Ordering::Equal),
        Operator::Gt => order == Some(Ordering::Greater),
        Operator::Ge => order.is_some_and(Ordering::is_ge),
        Operator::Lt => order == Some(Ordering::Less),
        Operator::Le => order.is_some_and(Ordering::is_le),
    }
}

/// Words, quoted texts with their first quote, and single characters.
fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => {
                let mut end = 1;
                loop {
                    let quote = rest[end..]
                        .find('\'')
                        .ok_or_else(|| format!("Unterminated string literal in '{text}'."))?;
                    end += quote + 1;
                    if !rest[end..].starts_with('\'') {
                        break end;
                    }
                    end += 1;
                }
            }
            '(' | ')' | ',' => 1,
            _ => rest
                .find(|c: char| c.is_whitespace() || "(),'".contains(c))
                .unwrap_or(rest.len()),
        };
        tokens.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

struct Parser {
    tokens: Vec<String>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn next(&mut self) -> Result<String, String> {
        let token = self.peek().map(str::to_owned);
        self.at += 1;
        token.ok_or_else(|| "Invalid filter clause: an expression ends too early.".into())
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self
            .peek()
            .is_some_and(|token| token.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, word: &str) -> Result<(), String> {
        let token = self.next()?;
        if token.eq_ignore_ascii_case(word) {
            Ok(())
        } else {
            Err(format!(
                "Invalid filter clause: '{word}' expected, not '{token}'."
            ))
        }
    }

    fn or(&mut self) -> Result<Filter, String> {
        let mut left = self.and()?;
        while self.take("or") {
            left = Filter::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Filter, String> {
        let mut left = self.one()?;
        while self.take("and") {
            left = Filter::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Filter, String> {
        if self.take("not") {
            return Ok(Filter::Not(Box::new(self.one()?)));
        }
        if self.take("(") {
            let inner = self.or()?;
            self.expect(")")?;
            return Ok(inner);
        }
        let word = self.next()?;
        let lower = word.to_ascii_lowercase();
        if matches!(lower.as_str(), "startswith" | "endswith") {
            self.expect("(")?;
            let path = path(&self.next()?);
            self.expect(",")?;
            let text = self.next()?;
            self.expect(")")?;
            let Value::String(text) = literal(&text) else {
                return Err(format!("Invalid filter clause: {word} takes a text."));
            };
            return Ok(if lower == "endswith" {
                Filter::Ends(path, text)
            } else {
                Filter::Starts(path, text)
            });
        }
        if let Some(list) = word.strip_suffix("/any") {
            self.expect("(")?;
            // The name and the first word of its condition stand together: `p:p/servicePlanId`.
            let head = self.next()?;
            let (name, rest) = head
                .split_once(':')
                .ok_or("Invalid filter clause: any takes a lambda.")?;
            if rest.is_empty() {
                // `p: p/servicePlanId`
            } else {
                self.at -= 1;
                rest.clone_into(&mut self.tokens[self.at]);
            }
            let inner = self.or()?;
            self.expect(")")?;
            return Ok(Filter::Any(path(list), name.to_owned(), Box::new(inner)));
        }
        let path = path(&word);
        if self.take("in") {
            self.expect("(")?;
            let mut values = vec![literal(&self.next()?)];
            while self.take(",") {
                values.push(literal(&self.next()?));
            }
            self.expect(")")?;
            if values.len() > 15 {
                return Err("Too many child clauses specified in search filter expression containing 'OR' operators: more than 15.".into());
            }
            return Ok(Filter::In(path, values));
        }
        let operator = match self.peek().map(str::to_ascii_lowercase).as_deref() {
            Some("eq") => Operator::Eq,
            Some("ne") => Operator::Ne,
            Some("gt") => Operator::Gt,
            Some("ge") => Operator::Ge,
            Some("lt") => Operator::Lt,
            Some("le") => Operator::Le,
            _ => return Ok(Filter::Is(path)),
        };
        self.at += 1;
        Ok(Filter::Compare(path, operator, literal(&self.next()?)))
    }
}

fn path(text: &str) -> Path {
    text.split('/').map(str::to_owned).collect()
}

fn literal(token: &str) -> Value {
    if let Some(quoted) = token.strip_prefix('\'') {
        let text = quoted.strip_suffix('\'').unwrap_or(quoted);
        return text.replace("''", "'").into();
    }
    match token {
        "null" => Value::Null,
        "true" => true.into(),
        "false" => false.into(),
        // A GUID or a time without quotes.
        _ => token
            .parse::<i64>()
            .map_or_else(|_| token.into(), Value::from),
    }
}
