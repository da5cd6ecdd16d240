//! The forms that evidence comes in, whatever it speaks of: JSON in all the shapes that Graph and
//! PowerShell print, text in all the encodings that Windows writes, INF, LDIF,
//! XML and delimited text; each of them packed or not.

#[cfg(feature = "arrow")]
pub mod arrow;
pub mod delimited;
pub(crate) mod foreign;
pub mod inf;
pub mod json;
pub mod ldif;
pub mod packed;
pub mod powershell_list;
pub mod secret;
pub mod text;
pub mod xml;
