//! The Python package, built and laid out so that Python imports it.
#![expect(clippy::expect_used, reason = "test support")]

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::bindings;

/// A folder with the package in it.
pub struct Package(TempDir);

impl Package {
    /// Builds the extension with the cargo and the profile that run this, and puts it beside the
    /// package's Python files.
    ///
    /// # Panics
    ///
    /// When cargo cannot build it, or files cannot be copied.
    #[must_use]
    pub fn build() -> Self {
        let library = bindings::library("sspr-py", "_sspr");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let package = folder.path().join("sspr");
        copy(&root().join("sspr-py/python/sspr"), &package);
        let suffix = if cfg!(windows) { "pyd" } else { "abi3.so" };
        let extension = package.join(format!("_sspr.{suffix}"));
        fs::copy(library, extension).expect("the library can be copied");
        Self(folder)
    }

    /// The folder, for `PYTHONPATH`.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the package is there") {
        let path = entry.expect("the package can be listed").path();
        let name = path.file_name().expect("files have names");
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).expect("a file can be copied");
        }
    }
}
