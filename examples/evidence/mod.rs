//! The evidence of two invented tenants, always the same to the byte.
//!
//! Contoso followed a walkthrough and made its classic mistakes; at Fabrikam everything is right.
//! [`all`] gives both folders, `examples/generate.rs` writes them.

mod contoso;
mod domain;
mod fabrikam;
mod folder;
mod gpo;
mod graph;
mod host;
mod json;
mod log;
mod permissions;
mod portal;
mod server;
mod tenant;

pub use folder::Folder;

/// Both tenants' folders, by name.
pub fn all() -> [(&'static str, Folder); 2] {
    [
        ("contoso", contoso::folder()),
        ("fabrikam", fabrikam::folder()),
    ]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn what_is_checked_in_is_what_is_generated() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        for (name, folder) in all() {
            assert_eq!(
                folder.differences(&here.join(name)),
                Vec::<String>::new(),
                "run `cargo run -p sspr-examples --bin generate`"
            );
        }
    }

    #[test]
    fn generating_twice_gives_the_same_bytes() {
        assert!(all() == all());
    }

    #[test]
    fn the_folders_stay_small() {
        for (name, folder) in all() {
            assert!(folder.bytes() < 3 * 1024 * 1024, "{name}");
        }
    }
}
