//! The path and the options of a request.

use std::fmt::Write as _;

/// What a request asks for.
#[derive(Debug, Clone, Default)]
pub(super) struct Query {
    /// `v1.0` or `beta`; empty where there is no version.
    pub(super) version: String,
    /// The path below the version, decoded, without a slash at its ends.
    pub(super) path: String,
    pub(super) select: Option<Vec<String>>,
    pub(super) filter: Option<String>,
    pub(super) expand: Option<String>,
    pub(super) order: Option<String>,
    pub(super) top: Option<String>,
    pub(super) count: bool,
    pub(super) skip_token: Option<String>,
    /// The first option that nobody knows.
    pub(super) unknown: Option<String>,
}

impl Query {
    /// Reads `/v1.0/users?$top=5`.
    pub(super) fn parse(target: &str) -> Self {
        let (path, options) = target.split_once('?').unwrap_or((target, ""));
        let path = decode(path, false);
        let path = path.trim_matches('/');
        let (version, path) = path.split_once('/').unwrap_or((path, ""));
        let mut query = Self {
            version: version.into(),
            path: path.into(),
            ..Self::default()
        };
        for option in options.split('&').filter(|option| !option.is_empty()) {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            let (name, value) = (decode(name, true), decode(value, true));
            match name.to_ascii_lowercase().trim_start_matches('$') {
                "select" => {
                    let names = value.split(',').map(|name| name.trim().to_owned());
                    query.select = Some(names.filter(|name| !name.is_empty()).collect());
                }
                "filter" => query.filter = Some(value),
                "expand" => query.expand = Some(value),
                "orderby" => query.order = Some(value),
                "top" => query.top = Some(value),
                "count" => query.count = value.eq_ignore_ascii_case("true"),
                "skiptoken" => query.skip_token = Some(value),
                _ => query.unknown = Some(name),
            }
        }
        query
    }

    /// The same request for the page that the token opens.
    pub(super) fn next(&self, root: &str, token: &str) -> String {
        let mut link = format!("{root}/{}/{}?", self.version, self.path.replace(' ', "%20"));
        let select = self.select.as_ref().map(|names| names.join(","));
        let options = [
            ("$select", &select),
            ("$filter", &self.filter),
            ("$expand", &self.expand),
            ("$orderby", &self.order),
            ("$top", &self.top),
        ];
        for (name, value) in options {
            if let Some(value) = value {
                let _ = write!(link, "{name}={}&", encode(value));
            }
        }
        if self.count {
            link.push_str("$count=true&");
        }
        let _ = write!(link, "$skiptoken={token}");
        link
    }
}

/// The fields of a form.
pub(super) fn form(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|field| !field.is_empty())
        .map(|field| {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            (decode(name, true), decode(value, true))
        })
        .collect()
}

/// Percent decoding.
pub(super) fn decode(text: &str, plus: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = (first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        rest = after;
        match escaped {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None if plus && first == b'+' => bytes.push(b' '),
            None => bytes.push(first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Percent encoding of an option's value.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~,:()'/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
