//! Security descriptors as text, conditions included.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::directory::security::SecurityDescriptor;
use sspr::directory::security::conditional::{Condition, ResourceAttribute};

fuzz_target!(|bytes: &[u8]| {
    let text = sspr_fuzz::text(bytes);
    let aliases = sspr_fuzz::aliases();
    if let Ok(descriptor) = SecurityDescriptor::from_sddl(&text, &aliases) {
        sspr_fuzz::hold(&descriptor);
    }
    if let Ok(condition) = Condition::from_sddl(&text, &aliases) {
        assert_eq!(Condition::parse(&condition.to_bytes()), Some(condition));
    }
    if let Ok(attribute) = ResourceAttribute::from_sddl(&text, &aliases) {
        let _ = ResourceAttribute::parse(&attribute.to_bytes());
    }
});
