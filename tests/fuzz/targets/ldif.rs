//! LDIF, and what is read of its entries.
#![no_main]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use sspr::carrier::ldif::{is_ldif, read_entries};
use sspr::directory::permissions::{AccountReadings, GroupReadings, SecuredReading};
use sspr::directory::{AdUser, DomainRoot, PasswordSettings, RootDse};

fuzz_target!(|bytes: &[u8]| {
    is_ldif(&sspr_fuzz::text(bytes));
    let read = read_entries(bytes, 4096, &mut |entry| {
        let _ = AdUser::from_entry(entry);
        let _ = AccountReadings::from_entry(entry);
        let _ = GroupReadings::from_entry(entry);
        let _ = SecuredReading::from_entry(entry);
        let _ = DomainRoot::from_entry(entry);
        let _ = RootDse::from_entry(entry);
        let _ = PasswordSettings::from_entry(entry).policy();
        for value in entry.all() {
            let _ = entry.place(value).to_string();
        }
        ControlFlow::Continue(())
    });
    assert!(read.is_ok(), "memory can always be read");
});
