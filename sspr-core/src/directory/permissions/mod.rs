//! Evidence about permissions: the descriptors of objects, accounts and groups, in the forms in
//! which directories and their tools print them.
//!
//! Names are kept as they are printed; whoever knows the domain gives their SIDs afterwards, so
//! that the order in which evidence is read never matters.

mod account;
mod descriptor;
mod dsacls;
mod group;
mod rules;
mod sids;

pub use account::AccountReadings;
pub use descriptor::{
    DESCRIPTOR_REFERENCE, DescriptorForm, EntryDescriptor, SecuredReading, entry_descriptor,
    object_path, structural_class,
};
pub use dsacls::{is_dsacls, parse_dsacls};
pub use group::GroupReadings;
pub use rules::{AccessRule, AccessRules};
pub use sids::{Trustee, well_known_sid};

pub(crate) use sids::json_sid;

#[cfg(test)]
mod tests;
