//! The types of the package for Node, made from the Rust sources: a declaration for every value
//! that crosses, with its documentation, and for every function and class of the addon. What only
//! `index.js` adds stands in `sspr-node/types/head.d.ts` and `members.d.ts`.

mod addon;
mod data;
mod source;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use self::addon::Addon;
use self::data::Writer;
use self::source::Sources;

/// The whole file `index.d.ts`.
///
/// # Panics
///
/// When a source cannot be read, or holds a type that is not understood.
#[expect(clippy::expect_used, reason = "test support")]
pub fn page() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |file: &str| {
        fs::read_to_string(root.join("sspr-node/types").join(file)).expect("it is there")
    };
    let sources = Sources::read(&root);
    let head = read("head.d.ts");
    let mut writer = Writer::new(&sources);
    let addon = Addon::read(&sources, &mut writer, &read("members.d.ts"));
    for (space, name) in named(&head) {
        if !addon.classes.contains(&name) {
            writer.want(&space, &name);
        }
    }
    let mut spaces: BTreeMap<String, String> = writer.finish();
    for (space, text) in addon.spaces {
        spaces.entry(space).or_default().push_str(&text);
    }
    let mut page = head;
    page.push_str(&addon.top);
    for (space, text) in spaces {
        let _ = write!(page, "\nexport namespace {space} {{");
        for line in text.trim().lines() {
            page.push('\n');
            if !line.is_empty() {
                let _ = write!(page, "  {line}");
            }
        }
        page.push_str("\n}\n");
    }
    page
}

/// The types of the core that a hand-written text names, such as `evidence.Fault`.
fn named(text: &str) -> Vec<(String, String)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    text.split(|c| !is_word(c))
        .filter_map(|word| word.split_once('.'))
        .filter(|(space, name)| {
            space.starts_with(char::is_lowercase) && name.starts_with(char::is_uppercase)
        })
        .map(|(space, name)| (space.to_owned(), name.to_owned()))
        .collect()
}
