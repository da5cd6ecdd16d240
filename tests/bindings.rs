//! Building what other languages load, and running their suites.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Builds the dynamic library of a package, by the name that it has in there, with the cargo and
/// the profile that run the tests, and gives its file.
///
/// # Panics
///
/// When it does not build.
pub fn library(package: &str, name: &str) -> PathBuf {
    let library = |file: &PathBuf| {
        file.extension()
            .is_some_and(|ending| ending == env::consts::DLL_EXTENSION)
    };
    build(package, name, &[], library)
}

/// Builds the command with more features than it has by default, and gives its file.
///
/// # Panics
///
/// When it does not build.
pub fn command(features: &[&str]) -> PathBuf {
    let program = |file: &PathBuf| file.file_stem().is_some_and(|stem| stem == "sspr");
    let features = features.join(",");
    build("sspr-cli", "sspr", &["--features", &features], program)
}

#[expect(clippy::panic, reason = "test support")]
fn build(package: &str, name: &str, more: &[&str], wanted: impl Fn(&PathBuf) -> bool) -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--message-format=json", "--package", package]);
    command.args(more);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let output = match command
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stderr(Stdio::inherit())
        .output()
    {
        Ok(output) => output,
        Err(error) => panic!("cargo could not be run: {error}"),
    };
    assert!(output.status.success(), "{package} does not build");
    let found = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| {
            let at = |pointer| message.pointer(pointer).and_then(Value::as_str);
            at("/reason") == Some("compiler-artifact") && at("/target/name") == Some(name)
        })
        .filter_map(|message| {
            let files = message.pointer("/filenames")?.as_array()?;
            let mut files = files.iter().filter_map(Value::as_str).map(PathBuf::from);
            files.find(&wanted)
        })
        .next_back();
    match found {
        Some(file) => file,
        None => panic!("cargo names no file of {package}"),
    }
}

/// Runs a suite.
///
/// # Panics
///
/// With its output, when it fails or cannot be run.
#[expect(clippy::panic, reason = "test support")]
pub fn run(command: &mut Command) {
    match command.output() {
        Err(error) => panic!("{command:?} could not be run: {error}"),
        Ok(output) if !output.status.success() => panic!(
            "{command:?} failed\n{}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ),
        Ok(_) => {}
    }
}
