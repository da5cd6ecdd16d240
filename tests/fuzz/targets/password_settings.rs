//! Fine-grained password policies, as JSON and as PowerShell's lists.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::carrier::powershell_list::{is_list, parse_list};
use sspr::directory::PasswordSettings;

fuzz_target!(|bytes: &[u8]| {
    sspr_fuzz::objects(bytes, &mut |object| {
        let settings = PasswordSettings::from_json(object);
        let _ = (settings.policy(), settings.faults().count());
    });
    let text = sspr_fuzz::text(bytes);
    is_list(&text);
    for object in parse_list(&text).objects {
        let settings = PasswordSettings::from_list(&object);
        let _ = (settings.policy(), settings.faults().count());
    }
});
