//! The man pages and shell completions under `docs` are the ones that this version makes.
//! `SSPR_WRITE=1 cargo test -p sspr-cli --test generated` writes them anew.

// They are those of a build with what is on by default.
#![cfg(not(feature = "gssapi"))]
#![allow(clippy::expect_used, reason = "a test stops where its premise fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap_complete::Shell;

fn generated() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut command = sspr_cli::command();
    let shells = [
        (Shell::Bash, "sspr.bash"),
        (Shell::Zsh, "_sspr"),
        (Shell::Fish, "sspr.fish"),
        (Shell::PowerShell, "_sspr.ps1"),
    ];
    for (shell, name) in shells {
        let mut bytes = Vec::new();
        clap_complete::generate(shell, &mut command, "sspr", &mut bytes);
        files.insert(format!("completions/{name}"), bytes);
    }
    let mut command = sspr_cli::command();
    command.build();
    man(&command, "sspr", &mut files);
    files
}

fn man(command: &clap::Command, name: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut bytes)
        .expect("memory takes everything");
    files.insert(format!("man/{name}.1"), bytes);
    for inner in command.get_subcommands() {
        man(inner, &format!("{name}-{}", inner.get_name()), files);
    }
}

#[test]
fn man_pages_and_completions_are_up_to_date() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    for (name, bytes) in generated() {
        let path = docs.join(&name);
        if std::env::var_os("SSPR_WRITE").is_some() {
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
            fs::write(&path, &bytes).expect("it can be written");
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        let found = fs::read(&path).unwrap_or_default();
        assert!(
            text(&found) == text(&bytes),
            "docs/{name} is out of date: SSPR_WRITE=1 cargo test -p sspr-cli --test generated"
        );
    }
}
