//! Questions that several rules ask, by area.

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub(super) mod cures;
pub(super) mod directory;
pub(super) mod events;
pub(super) mod evidence;
pub(super) mod gpo;
pub(super) mod integration;
pub(super) mod licences;
pub(super) mod password_scope;
pub(super) mod permissions;
pub(super) mod policy;
pub(super) mod security_settings;
pub(super) mod trips;
pub(super) mod writeback;

/// A number with its noun.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
