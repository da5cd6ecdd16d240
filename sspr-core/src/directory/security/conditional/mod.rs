//! What stands behind the SID of an entry: the condition of a callback entry (MS-DTYP 2.4.4.17)
//! and the attribute of a resource (MS-DTYP 2.4.4.15 and 2.4.10.1), as bytes and as SDDL
//! (MS-DTYP 2.5.1.1).
//!
//! A condition asks for claims of a live logon, so that nothing here evaluates one. Reading serves
//! to show it, and to write in one form what came in the other. Bytes that are not understood are
//! `None`; an [`Ace`](super::Ace) keeps them as they are.

mod bytes;
mod claim;
mod text;
mod tokens;

pub use claim::{ResourceAttribute, ResourceValues};
pub use tokens::{
    Attribute, Base, Condition, Integer, Literal, Operator, Scope, Sign, Token, Width,
};

#[cfg(test)]
mod tests;
