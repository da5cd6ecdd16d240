//! Declarations of the functions and classes of the addon.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Field, FnArg, GenericArgument, ImplItem, Item, ItemFn, Pat, PathArguments,
    ReturnType, Signature, Token, Type,
};

use super::data::Writer;
use super::source::{Sources, camel, comment, settings};

/// Declarations by namespace, and those above all of them.
pub(super) struct Addon {
    pub(super) spaces: BTreeMap<String, String>,
    pub(super) top: String,
    /// The names of its classes.
    pub(super) classes: BTreeSet<String>,
}

/// A class and where it lives.
struct Class {
    space: String,
    doc: String,
    body: String,
    constructed: bool,
}

impl Addon {
    /// `members` holds what `index.js` adds to classes: a line `class space.Name` before each part.
    pub(super) fn read(sources: &Sources, writer: &mut Writer<'_>, members: &str) -> Self {
        let mut this = Self {
            spaces: BTreeMap::new(),
            top: String::new(),
            classes: BTreeSet::new(),
        };
        let mut classes: BTreeMap<String, Class> = BTreeMap::new();
        for file in sources.files.iter().filter(|file| file.addon) {
            for item in &file.items {
                if let Item::Struct(item) = item
                    && let Some(space) = space(&item.attrs)
                    && !settings(&item.attrs, "napi").contains_key("object")
                {
                    let name = item.ident.to_string();
                    writer.classes.insert((space.clone(), name.clone()));
                    let class = Class {
                        space,
                        doc: comment(&item.attrs, ""),
                        body: String::new(),
                        constructed: false,
                    };
                    classes.insert(name, class);
                }
            }
        }
        for (number, file) in sources
            .files
            .iter()
            .enumerate()
            .filter(|(_, file)| file.addon)
        {
            let mut this_file = FileOf {
                number,
                classes: &classes.keys().cloned().collect::<Vec<_>>(),
                writer,
            };
            let mut members = Vec::new();
            for item in &file.items {
                match item {
                    Item::Fn(item) => this.function(item, &mut this_file),
                    Item::Impl(item) if space(&item.attrs).is_some() => {
                        for member in &item.items {
                            if let ImplItem::Fn(member) = member {
                                let class = type_name(&item.self_ty);
                                let text = this_file.member(&class, &member.attrs, &member.sig);
                                members.push((class, text));
                            }
                        }
                    }
                    // A list of getters, as the macros `fields!` write them.
                    Item::Macro(item) if item.mac.path.is_ident("fields") => {
                        let class = if file.space == "readiness" {
                            "Report"
                        } else {
                            "Server"
                        };
                        let list = |input: ParseStream<'_>| {
                            Punctuated::<Field, Token![,]>::parse_terminated_with(
                                input,
                                Field::parse_named,
                            )
                        };
                        let tokens = item.mac.tokens.clone();
                        for field in list.parse2(tokens).into_iter().flatten() {
                            let name = field.ident.map(|name| name.to_string()).unwrap_or_default();
                            let ty = this_file.writer.ts(number, &file.space, &field.ty);
                            let doc = comment(&field.attrs, "  ");
                            let text = format!("{doc}  readonly {}: {ty}\n", camel(&name));
                            members.push((class.to_owned(), (text, false)));
                        }
                    }
                    _ => {}
                }
            }
            for (class, (text, constructed)) in members {
                if let Some(class) = classes.get_mut(&class) {
                    class.body.push_str(&text);
                    class.constructed |= constructed;
                }
            }
        }
        for part in members.split("class ").skip(1) {
            let (name, body) = part.split_once('\n').unwrap_or((part, ""));
            let name = name.trim().rsplit('.').next().unwrap_or_default();
            if let Some(class) = classes.get_mut(name) {
                writer.want_all(&class.space, body);
                class.body.push_str(body.trim_end());
                class.body.push('\n');
            }
        }
        this.classes = classes.keys().cloned().collect();
        for (name, class) in classes {
            if class.space == "loader" {
                continue;
            }
            let private = if class.constructed {
                ""
            } else {
                "  private constructor()\n"
            };
            let _ = write!(
                this.spaces.entry(class.space).or_default(),
                "\n{}export class {name} {{\n{private}{}}}\n",
                class.doc,
                class.body
            );
        }
        this
    }

    fn function(&mut self, item: &ItemFn, file: &mut FileOf<'_, '_>) {
        let settings = settings(&item.attrs, "napi");
        let is_exported = item.attrs.iter().any(|attr| attr.path().is_ident("napi"));
        let hidden = settings
            .get("namespace")
            .is_some_and(|space| space == "loader");
        if !is_exported || hidden {
            return;
        }
        let space = settings.get("namespace").cloned().unwrap_or_default();
        let name = camel(&item.sig.ident.to_string());
        if matches!(name.as_str(), "version" | "writebackRoles") {
            return; // index.js makes constants of them
        }
        let text = format!(
            "\n{}export function {name}{}\n",
            comment(&item.attrs, ""),
            file.signature(&space, &item.sig)
        );
        if space.is_empty() {
            self.top.push_str(&text);
        } else {
            self.spaces.entry(space).or_default().push_str(&text);
        }
    }
}

/// A file of the addon, while its functions are read.
struct FileOf<'a, 's> {
    number: usize,
    classes: &'a [String],
    writer: &'a mut Writer<'s>,
}

impl FileOf<'_, '_> {
    /// A member of a class, and whether it is its constructor.
    fn member(&mut self, class: &str, attrs: &[Attribute], sig: &Signature) -> (String, bool) {
        let own = settings(attrs, "napi");
        let is_exported = attrs.iter().any(|attr| attr.path().is_ident("napi"));
        if !is_exported || own.contains_key("skip_typescript") {
            return (String::new(), false);
        }
        let space = self
            .writer
            .sources
            .files
            .get(self.number)
            .map(|file| file.space.clone());
        let space = space.unwrap_or_default();
        let name = own
            .get("js_name")
            .cloned()
            .unwrap_or_else(|| camel(&sig.ident.to_string()));
        let doc = comment(attrs, "  ");
        let is_static = !sig
            .inputs
            .iter()
            .any(|input| matches!(input, FnArg::Receiver(_)));
        let signature = self.signature(&space, sig);
        if own.contains_key("constructor") {
            let arguments = signature.rsplit_once("): ").map_or("(", |found| found.0);
            return (format!("{doc}  constructor{arguments})\n"), true);
        }
        if own.contains_key("getter") {
            let ty = signature.trim_start_matches("(): ");
            return (format!("{doc}  readonly {name}: {ty}\n"), false);
        }
        let signature = match own.get("ts_return_type") {
            Some(ty) => {
                self.writer.want_all(&space, ty);
                let arguments = signature.rsplit_once("): ").map_or("(", |found| found.0);
                format!("{arguments}): {ty}")
            }
            None if own.contains_key("factory") => signature.replace("Self", class),
            None => signature,
        };
        let is_static = if is_static { "static " } else { "" };
        (format!("{doc}  {is_static}{name}{signature}\n"), false)
    }

    /// Arguments and result.
    fn signature(&mut self, space: &str, sig: &Signature) -> String {
        let mut arguments = Vec::new();
        for input in &sig.inputs {
            let FnArg::Typed(input) = input else { continue };
            let Pat::Ident(name) = &*input.pat else {
                continue;
            };
            if type_name(&input.ty) == "Env" {
                continue;
            }
            let name = camel(&name.ident.to_string());
            arguments.push(match optional(&input.ty) {
                Some(inner) => format!("{name}?: {} | null", self.given(space, inner)),
                None => format!("{name}: {}", self.given(space, &input.ty)),
            });
        }
        let result = match &sig.output {
            ReturnType::Default => "void".into(),
            ReturnType::Type(_, ty) => self.ts(space, ty),
        };
        format!("({}): {result}", arguments.join(", "))
    }

    /// The type of an argument. What crosses as JSON may come as text too.
    fn given(&mut self, space: &str, ty: &Type) -> String {
        let text = self.ts(space, ty);
        if type_name(ty) != "Json" || text == "Json" || self.is_word(ty) {
            return text;
        }
        format!("{text} | string")
    }

    /// Whether a `Json<T>` is one word out of several.
    fn is_word(&self, ty: &Type) -> bool {
        let Some(Type::Path(path)) = argument(ty) else {
            return false;
        };
        let names: Vec<_> = path
            .path
            .segments
            .iter()
            .map(|s| s.ident.to_string())
            .collect();
        let sources = self.writer.sources;
        let found = sources.resolve(self.number, &names);
        found.and_then(|key| sources.types.get(&key)).is_some_and(|found| {
            matches!(&found.item, Item::Enum(item) if item.variants.iter().all(|v| v.fields.is_empty()))
        })
    }

    fn ts(&mut self, space: &str, ty: &Type) -> String {
        let ty = match (type_name(ty).as_str(), argument(ty)) {
            ("Result", Some(inner)) => inner,
            _ => ty,
        };
        let name = type_name(ty);
        if name == "Self" {
            return name;
        }
        // Classes of the addon go by reference.
        let by_reference = matches!(ty, Type::Reference(_));
        if by_reference && self.classes.contains(&name) {
            let home = if name == "Snapshot" && space != "snapshot" {
                "snapshot."
            } else {
                ""
            };
            return format!("{home}{name}");
        }
        self.writer.ts(self.number, space, ty)
    }
}

fn space(attrs: &[Attribute]) -> Option<String> {
    settings(attrs, "napi").get("namespace").cloned()
}

/// The name of a type, without its path and arguments.
fn type_name(ty: &Type) -> String {
    match ty {
        Type::Reference(inner) => type_name(&inner.elem),
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default(),
        _ => String::new(),
    }
}

/// The first type between the angle brackets.
fn argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(list) = &path.path.segments.last()?.arguments else {
        return None;
    };
    list.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn optional(ty: &Type) -> Option<&Type> {
    if type_name(ty) == "Option" {
        argument(ty)
    } else {
        None
    }
}
