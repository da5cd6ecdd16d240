//! Declarations of the values that cross, as serde spells them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use syn::{Attribute, Fields, GenericArgument, Item, ItemEnum, ItemStruct, PathArguments, Type};

use super::source::{Sources, camel, comment, settings};

/// What a type of Rust is by another name or in a form of its own.
const OWN: &[(&str, &str)] = &[
    ("String", "string"),
    ("SmolStr", "string"),
    ("str", "string"),
    ("PathBuf", "string"),
    ("char", "string"),
    ("bool", "boolean"),
    ("Uuid", "string"),
    ("Version", "string"),
    ("HResult", "string"),
    ("Sid", "string"),
    ("Locator", "string"),
    ("EndpointPattern", "string"),
    ("NaiveDate", "string"),
    ("DateTime", "Date"),
    ("Interval", "number | 'never'"),
    ("Value", "unknown"),
    ("Graph", "Json"),
    ("Buffer", "Buffer"),
    ("Bytes", "Uint8Array | string"),
    ("Whole", "number"),
    ("Style", "TextStyle"),
    (
        "EntraPlan",
        "'premium' | 'premiumP2' | 'basic' | 'basicEdu' | 'smallBusiness' | 'edu'",
    ),
    ("MethodsRequired", "number"),
];

const NUMBERS: &[&str] = &[
    "u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "f32", "f64",
    "SourceId", "Mask", "AceType", "Control",
];

/// What a type is called for users of JavaScript, where Rust's name is another module's or unclear.
const RENAMED: &[(&str, &str, &str)] = &[
    ("events", "WindowsEvent", "Event"),
    ("directory", "Checked", "Decision"),
    ("licensing", "Entitled", "Entitlement"),
    ("policy", "Usable", "UsableMethods"),
    (
        "policy",
        "ParsedPasswordResetPolicies",
        "PasswordResetPolicies",
    ),
    (
        "policy",
        "ParsedOnPremisesPolicies",
        "OnPremisesPasswordResetPolicies",
    ),
    ("roundtrip", "OperationRow", "Operation"),
    ("events", "Fields", "Message"),
    ("evidence", "Error", "Fault"),
    ("evidence", "ErrorCode", "FaultCode"),
];

/// Writes declarations, of what is wanted and of what that names.
pub(super) struct Writer<'s> {
    pub(super) sources: &'s Sources,
    /// Classes of the addon, which stand for values of the same name.
    pub(super) classes: BTreeSet<(String, String)>,
    wanted: BTreeSet<(String, String)>,
    /// What callers hand over: what may be null may be left out.
    given: BTreeSet<(String, String)>,
    open: Vec<(String, String)>,
}

fn renamed(space: &str, name: &str) -> String {
    RENAMED
        .iter()
        .find(|(in_space, from, _)| (*in_space, *from) == (space, name))
        .map_or(name, |(_, _, to)| to)
        .to_owned()
}

impl<'s> Writer<'s> {
    pub(super) fn new(sources: &'s Sources) -> Self {
        Self {
            sources,
            classes: BTreeSet::new(),
            wanted: BTreeSet::new(),
            given: BTreeSet::new(),
            open: Vec::new(),
        }
    }

    /// Wants a type by its name in JavaScript, if it is one of these.
    pub(super) fn want(&mut self, space: &str, name: &str) {
        let original = RENAMED
            .iter()
            .find(|(in_space, _, to)| (*in_space, *to) == (space, name))
            .map_or(name, |(_, from, _)| from);
        let key = (space.to_owned(), original.to_owned());
        self.want_key(key);
    }

    /// Wants a type, unless a class stands for it.
    fn want_key(&mut self, key: (String, String)) {
        let is_value = self.sources.types.contains_key(&key) && !self.classes.contains(&key);
        if is_value && self.wanted.insert(key.clone()) {
            self.open.push(key);
        }
    }

    /// Wants every type that a text of TypeScript names without a space.
    pub(super) fn want_all(&mut self, space: &str, text: &str) {
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            self.want(space, word);
        }
    }

    /// A type that a file of Rust names, as TypeScript sees it from a space.
    pub(super) fn ts(&mut self, file: usize, from: &str, ty: &Type) -> String {
        match ty {
            Type::Reference(inner) => self.ts(file, from, &inner.elem),
            Type::Paren(inner) => self.ts(file, from, &inner.elem),
            Type::Slice(inner) => list(&self.ts(file, from, &inner.elem)),
            Type::Array(inner) => list(&self.ts(file, from, &inner.elem)),
            Type::Tuple(tuple) if tuple.elems.is_empty() => "void".into(),
            Type::Tuple(tuple) => {
                let parts: Vec<_> = tuple
                    .elems
                    .iter()
                    .map(|part| self.ts(file, from, part))
                    .collect();
                format!("[{}]", parts.join(", "))
            }
            Type::Path(path) => self.path(file, from, path),
            _ => "unknown".into(),
        }
    }

    fn path(&mut self, file: usize, from: &str, path: &syn::TypePath) -> String {
        let names: Vec<String> = path
            .path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let Some(last) = path.path.segments.last() else {
            return "unknown".into();
        };
        let inner: Vec<Type> = match &last.arguments {
            PathArguments::AngleBracketed(given) => given
                .args
                .iter()
                .filter_map(|argument| match argument {
                    GenericArgument::Type(ty) => Some(ty.clone()),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        let name = last.ident.to_string();
        let mut of = |index: usize| {
            inner
                .get(index)
                .map_or_else(|| "unknown".into(), |ty| self.ts(file, from, ty))
        };
        match name.as_str() {
            "Option" => format!("{} | null", of(0)),
            "Vec" | "BTreeSet" | "HashSet" => list(&of(0)),
            "BTreeMap" | "HashMap" => format!("Record<string, {}>", of(1)),
            "Box" | "Arc" | "Cow" | "Plain" | "Result" => of(0),
            "Reading" => {
                let inner = of(0);
                if from == "evidence" {
                    format!("Reading<{inner}>")
                } else {
                    format!("evidence.Reading<{inner}>")
                }
            }
            "Json" => {
                let text = of(0);
                if let Some(Type::Path(path)) = inner.first() {
                    self.give(file, path);
                }
                text
            }
            number if NUMBERS.contains(&number) => "number".into(),
            // The class of this name is another thing than the value.
            other => match OWN.iter().find(|(own, _)| *own == other) {
                Some((_, ts)) => (*ts).to_owned(),
                None => self.local(file, from, &names),
            },
        }
    }

    fn local(&mut self, file: usize, from: &str, names: &[String]) -> String {
        let Some((space, name)) = self.sources.resolve(file, names) else {
            return "unknown".into();
        };
        self.want_key((space.clone(), name.clone()));
        let name = renamed(&space, &name);
        if space == from {
            name
        } else {
            format!("{space}.{name}")
        }
    }

    /// Marks a type, and all in it, as given by callers.
    fn give(&mut self, file: usize, path: &syn::TypePath) {
        let Some(last) = path.path.segments.last() else {
            return;
        };
        if let PathArguments::AngleBracketed(list) = &last.arguments {
            for argument in &list.args {
                if let GenericArgument::Type(Type::Path(inner)) = argument {
                    self.give(file, inner);
                }
            }
        }
        let names: Vec<String> = path
            .path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let Some(key) = self.sources.resolve(file, &names) else {
            return;
        };
        let sources = self.sources;
        let Some(found) = sources.types.get(&key) else {
            return;
        };
        if !self.given.insert(key) {
            return;
        }
        if let Item::Struct(item) = &found.item {
            for field in &item.fields {
                if let Type::Path(path) = &field.ty {
                    self.give(found.file, path);
                }
            }
        }
    }

    /// All declarations, by space.
    pub(super) fn finish(mut self) -> BTreeMap<String, String> {
        let mut written: BTreeMap<(String, String), String> = BTreeMap::new();
        while let Some(key) = self.open.pop() {
            let sources = self.sources;
            let Some(found) = sources.types.get(&key) else {
                continue;
            };
            let text = match &found.item {
                Item::Struct(item) => self.structure(found.file, &key, item),
                Item::Enum(item) => self.choice(found.file, &key, item),
                _ => continue,
            };
            written.insert((key.0.clone(), renamed(&key.0, &key.1)), text);
        }
        let mut spaces: BTreeMap<String, String> = BTreeMap::new();
        for ((space, _), text) in written {
            let all = spaces.entry(space).or_default();
            all.push('\n');
            all.push_str(&text);
        }
        spaces
    }

    fn structure(&mut self, file: usize, key: &(String, String), item: &ItemStruct) -> String {
        let name = renamed(&key.0, &key.1);
        let doc = comment(&item.attrs, "");
        match &item.fields {
            Fields::Unnamed(fields) => {
                let inner = fields.unnamed.first().map_or_else(
                    || "unknown".into(),
                    |field| self.ts(file, &key.0, &field.ty),
                );
                format!("{doc}export type {name} = {inner}\n")
            }
            fields => {
                let given = self.given.contains(key);
                let body = self.fields(file, &key.0, fields, &item.attrs, given, "  ");
                format!("{doc}export interface {name} {{\n{body}}}\n")
            }
        }
    }

    /// The fields of a struct or a variant, a line each.
    fn fields(
        &mut self,
        file: usize,
        space: &str,
        fields: &Fields,
        attrs: &[Attribute],
        given: bool,
        indent: &str,
    ) -> String {
        let whole = settings(attrs, "serde");
        let mut body = String::new();
        for field in fields {
            let own = settings(&field.attrs, "serde");
            if own.contains_key("skip") {
                continue;
            }
            if own.contains_key("flatten") {
                body.push_str(&self.flattened(file, &field.ty, space, indent));
                continue;
            }
            let rust = field
                .ident
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            let name = own.get("rename").cloned().unwrap_or_else(|| camel(&rust));
            let ty = self.ts(file, space, &field.ty);
            let left_out = own.contains_key("skip_serializing_if")
                || given && (whole.contains_key("default") || own.contains_key("default"))
                || given && ty.ends_with("| null");
            let mark = if left_out { "?" } else { "" };
            body.push_str(&comment(&field.attrs, indent));
            let _ = writeln!(body, "{indent}{name}{mark}: {ty}");
        }
        body
    }

    /// The fields of a struct that stands inside another one.
    fn flattened(&mut self, file: usize, ty: &Type, space: &str, indent: &str) -> String {
        let Type::Path(path) = ty else {
            return String::new();
        };
        let names: Vec<String> = path
            .path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let sources = self.sources;
        let found = sources
            .resolve(file, &names)
            .and_then(|key| sources.types.get(&key));
        match found {
            Some(found) => match &found.item {
                Item::Struct(item) => {
                    self.fields(found.file, space, &item.fields, &item.attrs, false, indent)
                }
                _ => String::new(),
            },
            None => String::new(),
        }
    }

    fn choice(&mut self, file: usize, key: &(String, String), item: &ItemEnum) -> String {
        let name = renamed(&key.0, &key.1);
        let mut text = comment(&item.attrs, "");
        let _ = writeln!(text, "export type {name} =");
        let whole = settings(&item.attrs, "serde");
        for variant in &item.variants {
            let own = settings(&variant.attrs, "serde");
            let spelled = own.get("rename").cloned().unwrap_or_else(|| {
                match whole.get("rename_all").map(String::as_str) {
                    Some("lowercase") => variant.ident.to_string().to_lowercase(),
                    Some("camelCase") => camel(&variant.ident.to_string()),
                    _ => variant.ident.to_string(),
                }
            });
            let word = format!("'{spelled}'");
            let inner = match &variant.fields {
                Fields::Unit => None,
                Fields::Named(_) => {
                    let body = self.fields(file, &key.0, &variant.fields, &[], false, "");
                    // Comments stay with types that have a name of their own.
                    let body: Vec<_> = body
                        .lines()
                        .filter(|line| !line.trim_start().starts_with(['/', '*']))
                        .collect();
                    Some(format!("{{ {} }}", body.join("; ")))
                }
                Fields::Unnamed(fields) => {
                    let parts: Vec<_> = fields
                        .unnamed
                        .iter()
                        .map(|field| self.ts(file, &key.0, &field.ty))
                        .collect();
                    Some(if parts.len() == 1 {
                        parts.concat()
                    } else {
                        format!("[{}]", parts.join(", "))
                    })
                }
            };
            let form = match (inner, whole.get("tag"), whole.get("content")) {
                (Some(inner), ..) if whole.contains_key("untagged") => inner,
                (None, None, _) => word,
                (Some(inner), None, _) => format!("{{ {spelled}: {inner} }}"),
                (None, Some(tag), _) => format!("{{ {tag}: {word} }}"),
                (Some(inner), Some(tag), Some(content)) => {
                    format!("{{ {tag}: {word}; {content}: {inner} }}")
                }
                (Some(inner), Some(tag), None) => format!(
                    "{{ {tag}: {word}; {}",
                    inner.strip_prefix("{ ").unwrap_or(&inner)
                ),
            };
            text.push_str(&comment(&variant.attrs, "  "));
            let _ = writeln!(text, "  | {form}");
        }
        text
    }
}

/// A list of something.
fn list(of: &str) -> String {
    if of.contains([' ', '|']) && !of.starts_with("Record") {
        format!("({of})[]")
    } else {
        format!("{of}[]")
    }
}
