//! `Get-Acl`, `Get-ADUser`, `Get-ADGroup` and `Get-ADObject` as JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::directory::permissions::{
    AccessRule, AccessRules, AccountReadings, GroupReadings, SecuredReading,
};
use sspr::directory::security::Sid;
use sspr::directory::{AdUser, DomainRoot};

fuzz_target!(|bytes: &[u8]| {
    let mut rules = AccessRules::default();
    sspr_fuzz::objects(bytes, &mut |object| {
        let _ = AdUser::from_json(object);
        let _ = AccountReadings::from_json(object);
        let _ = GroupReadings::from_json(object);
        let _ = DomainRoot::from_json(object);
        if let Some(form) = SecuredReading::from_json(object).descriptor.value()
            && let Ok(descriptor) = form.build(&sspr_fuzz::aliases(), &|_| None)
        {
            sspr_fuzz::hold(&descriptor);
        }
        rules.add(AccessRule::from_json(object));
    });
    if let Ok(descriptor) = rules.build(&|_| Some(Sid::new(5, [18]))) {
        sspr_fuzz::hold(&descriptor);
    }
});
