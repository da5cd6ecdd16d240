//! Who may do what to an object: security identifiers, security descriptors and the access check.
//!
//! The layout follows MS-DTYP 2.4, the check MS-ADTS 5.1.3.3, inheritance Microsoft's "ACE
//! inheritance rules". Nothing here asks a directory: descriptors and group memberships come in,
//! decisions with the entry that decided come out.

mod ace;
mod aliases;
mod check;
pub mod conditional;
mod cursor;
mod descriptor;
pub mod guids;
mod hex;
mod inherit;
mod sddl;
mod sid;
mod store;
mod token;

pub use ace::{Ace, AceKind, AceType, Acl, Mask, ObjectTypes};
pub use aliases::SidAliases;
pub use check::{Because, Decision, Granted, ObjectClass, Target, Wanted};
pub use descriptor::{Control, SecurityDescriptor};
pub use inherit::{inherit_into, is_inherited_from};
pub use sid::Sid;
pub use store::{DescriptorId, DescriptorStore};
pub use token::{Token, well_known};

#[cfg(test)]
mod tests;
