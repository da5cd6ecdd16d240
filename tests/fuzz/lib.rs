//! What the fuzz targets share.

use std::collections::HashMap;
use std::ops::ControlFlow;

use sspr::carrier::json::{Event, Object, read_items};
use sspr::directory::security::{
    ObjectClass, SecurityDescriptor, Sid, SidAliases, Target, Token, Wanted, guids,
};

/// Hands over the objects of a JSON text, as far as it can be read.
pub fn objects(bytes: &[u8], sink: &mut dyn FnMut(&Object<'_>)) {
    let _ = read_items(bytes, 1 << 20, &mut |event| {
        if let Event::Item(object, _) = event {
            sink(&object);
        }
        ControlFlow::Continue(())
    });
}

/// The domain that two-letter names belong to.
pub fn aliases() -> SidAliases {
    let domain = Some(Sid::new(5, [21, 1, 2, 3]));
    SidAliases {
        domain,
        forest_root: domain,
    }
}

/// What must hold of every descriptor: its bytes and its text mean the same, and any question is
/// answered.
pub fn hold(descriptor: &SecurityDescriptor) {
    let Ok(bytes) = descriptor.to_bytes() else {
        // It is larger than a descriptor can be.
        return;
    };
    let read = SecurityDescriptor::parse(&bytes).expect("what is written can be read");
    assert_eq!(read.access_list(), descriptor.access_list());
    assert_eq!(read.to_bytes().as_ref(), Ok(&bytes));
    let text = descriptor.to_sddl();
    if !text.is_empty() {
        let read = SecurityDescriptor::from_sddl(&text, &SidAliases::default())
            .unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(read.to_sddl(), text);
        assert_eq!(read.access_list(), descriptor.access_list());
    }
    let account = Sid::new(5, [21, 1, 2, 3, 1200]);
    let token = Token::from_memberships(account, None, [], &HashMap::new());
    let target = Target {
        descriptor,
        class: ObjectClass(guids::USER),
        sid: None,
    };
    target.check(&token, Wanted::ControlAccess(guids::RESET_PASSWORD));
    target.check(&token, Wanted::write(guids::LOCKOUT_TIME));
}

/// Runs a target over text. Bytes that are no UTF-8 are read as far as they are.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
