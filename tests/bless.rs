//! Files in the repository that are generated: compared, or written anew on demand.

use std::fs;
use std::path::Path;

/// Compares a file, by its path in the repository, with what it should hold. With `SSPR_BLESS=1`
/// in the environment it is written instead.
///
/// # Panics
///
/// When they differ, or the file cannot be written.
#[expect(clippy::panic, reason = "test support")]
pub fn compare(file: &Path, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    if std::env::var_os("SSPR_BLESS").is_some() {
        if let Some(folder) = path.parent()
            && let Err(error) = fs::create_dir_all(folder)
        {
            panic!("{}: {error}", file.display());
        }
        if let Err(error) = fs::write(&path, expected) {
            panic!("{}: {error}", file.display());
        }
        return;
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    // A checkout may have changed the ends of the lines.
    if found.replace("\r\n", "\n") == expected {
        return;
    }
    let line = found
        .lines()
        .zip(expected.lines())
        .position(|(found, expected)| found != expected)
        .unwrap_or_else(|| found.lines().count().min(expected.lines().count()));
    panic!(
        "{} is not what the code generates, from line {}: run the tests with SSPR_BLESS=1",
        file.display(),
        line + 1
    );
}
