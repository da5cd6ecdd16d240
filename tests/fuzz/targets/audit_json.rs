//! Records of the tenant's audit log in every shape of JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::events::AuditRecord;

fuzz_target!(|bytes: &[u8]| {
    sspr_fuzz::objects(bytes, &mut |object| {
        let record = AuditRecord::parse(object);
        if let Ok(Some(record)) = record {
            let anchor = record.target_id.map(|id| format!("User_{id}"));
            assert!(anchor.is_none_or(|anchor| record.is_about(&anchor)));
        }
        let _ = AuditRecord::matches(object);
    });
});
