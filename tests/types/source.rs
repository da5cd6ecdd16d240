//! The Rust sources, parsed: the types by module, and what each file imports.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use syn::{Attribute, Expr, Item, Lit, Meta, UseTree};

/// A type that serialises.
pub(super) struct Found {
    pub(super) item: Item,
    pub(super) file: usize,
}

/// A parsed file.
pub(super) struct SourceFile {
    /// The namespace it belongs to: the top module of the core, or the module of the addon.
    pub(super) space: String,
    /// Whether it is part of the addon.
    pub(super) addon: bool,
    pub(super) items: Vec<Item>,
    /// Imported names, with the space they come from and their name there.
    imports: BTreeMap<String, (String, String)>,
}

/// All files and the types in them.
pub(super) struct Sources {
    pub(super) files: Vec<SourceFile>,
    pub(super) types: BTreeMap<(String, String), Found>,
}

/// The namespace of a module of the core.
fn space_of(module: &str) -> String {
    match module {
        "error" | "time" => "evidence",
        "log" => "events",
        "source" | "feed" | "work" | "value" | "plain" | "operations" => "loader",
        other => other,
    }
    .to_owned()
}

impl Sources {
    #[expect(clippy::expect_used, reason = "test support")]
    pub(super) fn read(root: &Path) -> Self {
        let mut all = Self {
            files: Vec::new(),
            types: BTreeMap::new(),
        };
        for (folder, addon) in [("sspr-core/src", false), ("sspr-node/src", true)] {
            let base = root.join(folder);
            let mut open = vec![base.clone()];
            let mut paths = Vec::new();
            while let Some(folder) = open.pop() {
                for entry in fs::read_dir(folder).expect("a folder of sources").flatten() {
                    let path = entry.path();
                    if path.is_dir() {
                        open.push(path);
                    } else if path.extension().is_some_and(|ending| ending == "rs") {
                        paths.push(path);
                    }
                }
            }
            paths.sort();
            for path in paths {
                let inside = path.strip_prefix(&base).expect("it was found below");
                let inside = inside.to_string_lossy().replace('\\', "/");
                let module = inside.split(['/', '.']).next().unwrap_or_default();
                let text = fs::read_to_string(&path).expect("a source is text");
                let parsed = syn::parse_file(&text).expect("a source is Rust");
                all.add(space_of(module), addon, parsed.items);
            }
        }
        all
    }

    fn add(&mut self, space: String, addon: bool, items: Vec<Item>) {
        let mut imports = BTreeMap::new();
        for item in &items {
            if let Item::Use(item) = item {
                import(&item.tree, &mut Vec::new(), &space, &mut imports);
            }
        }
        let file = self.files.len();
        for item in &items {
            let (name, attrs) = match item {
                Item::Struct(item) => (item.ident.to_string(), &item.attrs),
                Item::Enum(item) => (item.ident.to_string(), &item.attrs),
                _ => continue,
            };
            if derives(attrs, "Serialize") || derives(attrs, "Deserialize") {
                let item = item.clone();
                self.types
                    .entry((space.clone(), name))
                    .or_insert(Found { item, file });
            }
        }
        self.files.push(SourceFile {
            space,
            addon,
            items,
            imports,
        });
    }

    /// The space and name of a type that a file names by a path.
    pub(super) fn resolve(&self, file: usize, path: &[String]) -> Option<(String, String)> {
        let file = self.files.get(file)?;
        let name = path.last()?.clone();
        if let Some(space) = absolute(path, &file.space) {
            return Some((space, name));
        }
        if let Some((space, original)) = file.imports.get(path.first()?) {
            let name = if path.len() == 1 {
                original.clone()
            } else {
                name
            };
            return Some((space.clone(), name));
        }
        Some((file.space.clone(), name))
    }
}

/// The space of a path that begins at a crate or at the module above.
fn absolute(path: &[String], own: &str) -> Option<String> {
    match path.first().map(String::as_str) {
        Some("crate" | "sspr") if path.len() > 2 => path.get(1).map(|module| space_of(module)),
        Some("crate" | "sspr") => Some("evidence".to_owned()),
        Some("super" | "self") => Some(own.to_owned()),
        _ => None,
    }
}

fn import(
    tree: &UseTree,
    path: &mut Vec<String>,
    own: &str,
    imports: &mut BTreeMap<String, (String, String)>,
) {
    let mut keep = |alias: String, name: String, path: &mut Vec<String>| {
        path.push(name.clone());
        if let Some(space) = absolute(path, own) {
            imports.insert(alias, (space, name));
        }
        path.pop();
    };
    match tree {
        UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            import(&inner.tree, path, own, imports);
            path.pop();
        }
        UseTree::Name(name) => keep(name.ident.to_string(), name.ident.to_string(), path),
        UseTree::Rename(name) => keep(name.rename.to_string(), name.ident.to_string(), path),
        UseTree::Group(group) => {
            for tree in &group.items {
                import(tree, path, own, imports);
            }
        }
        UseTree::Glob(_) => {}
    }
}

fn derives(attrs: &[Attribute], what: &str) -> bool {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("derive"))
        .filter_map(|attr| attr.meta.require_list().ok())
        .any(|list| {
            let tokens = list.tokens.to_string();
            tokens.split(',').any(|name| name.trim() == what)
        })
}

/// What the attributes of one kind say: names, some with a text.
pub(super) fn settings(attrs: &[Attribute], kind: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(kind)) {
        // A form without arguments says nothing.
        let _ = attr.parse_nested_meta(|meta| {
            let name = meta
                .path
                .get_ident()
                .map(ToString::to_string)
                .unwrap_or_default();
            let value = match meta.value() {
                Ok(value) => match value.parse()? {
                    Lit::Str(text) => text.value(),
                    _ => String::new(),
                },
                Err(_) => String::new(),
            };
            found.insert(name, value);
            Ok(())
        });
    }
    found
}

/// The documentation as a comment of JavaScript.
pub(super) fn comment(attrs: &[Attribute], indent: &str) -> String {
    let lines: Vec<String> = attrs
        .iter()
        .filter_map(|attr| match &attr.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                Expr::Lit(lit) => match &lit.lit {
                    Lit::Str(text) => Some(text.value().trim().to_owned()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
        .collect();
    // Examples and links are Rust's.
    let lines: Vec<_> = lines
        .iter()
        .map(String::as_str)
        .take_while(|line| !line.starts_with("```") && !line.starts_with('#'))
        .filter(|line| !line.starts_with("[`"))
        .collect();
    let text = plain(lines.join("\n").trim());
    match text.lines().count() {
        0 => String::new(),
        1 => format!("{indent}/** {text} */\n"),
        _ => {
            let body: Vec<_> = text
                .lines()
                .map(|line| format!("{indent} * {line}").trim_end().to_owned())
                .collect();
            format!("{indent}/**\n{}\n{indent} */\n", body.join("\n"))
        }
    }
}

/// Links between items of Rust become their names.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[`") {
        out.push_str(before);
        let Some((name, after)) = after.split_once("`]") else {
            out.push_str("[`");
            rest = after;
            continue;
        };
        out.push('`');
        out.push_str(name);
        out.push('`');
        rest = match after
            .strip_prefix('(')
            .and_then(|link| link.split_once(')'))
        {
            Some((_, after)) => after,
            None => after,
        };
    }
    out.push_str(rest);
    out.replace("*/", "* /")
        .replace("::", ".")
        .replace("`None`", "null")
        .replace("`Never` means", "`never` means")
}

/// A name in camelCase.
pub(super) fn camel(name: &str) -> String {
    let name = name.trim_start_matches("r#");
    let mut out = String::new();
    let mut upper = false;
    for c in name.chars() {
        if c == '_' {
            upper = true;
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else if out.is_empty() {
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}
