//! Properties of the security primitives, over generated descriptors and bytes.

use proptest::prelude::*;

use super::*;

fn any_sid() -> impl Strategy<Value = Sid> {
    (
        0_u64..0x1_0000_0000_0000,
        proptest::collection::vec(any::<u32>(), 0..=15),
    )
        .prop_map(|(authority, subs)| {
            subs.into_iter().fold(Sid::new(authority, []), |sid, sub| {
                sid.with_rid(sub).unwrap()
            })
        })
}

fn any_ace() -> impl Strategy<Value = Ace> {
    let types = (any::<Option<u128>>(), any::<Option<u128>>()).prop_map(|(object, inherited)| {
        ObjectTypes {
            object: object.map(Uuid::from_u128),
            inherited: inherited.map(Uuid::from_u128),
            other_flags: 0,
        }
    });
    (
        0_u8..=0x15,
        any::<u8>(),
        any::<u32>(),
        types,
        any_sid(),
        proptest::collection::vec(any::<u8>(), 0..3),
    )
        .prop_map(|(code, flags, mask, types, sid, data)| {
            let ace_type = AceType(code);
            let data: Vec<u8> = data.iter().flat_map(|byte| [*byte; 4]).collect();
            if ace_type.is_known() {
                let types = ace_type.is_object().then_some(types);
                Ace {
                    ace_type,
                    flags,
                    mask: Mask(mask),
                    types,
                    sid: Some(sid),
                    data,
                }
            } else {
                Ace {
                    ace_type,
                    flags,
                    mask: Mask(0),
                    types: None,
                    sid: None,
                    data,
                }
            }
        })
}

prop_compose! {
    fn any_descriptor()(
        resource_manager in any::<u8>(),
        control in any::<u16>(),
        owner in proptest::option::of(any_sid()),
        group in proptest::option::of(any_sid()),
        sacl in proptest::option::of(proptest::collection::vec(any_ace(), 0..4)),
        dacl in proptest::option::of(proptest::collection::vec(any_ace(), 0..6)),
    ) -> SecurityDescriptor {
        let present = Control::DACL_PRESENT | Control::SACL_PRESENT;
        let mut bits = control & !present | Control::SELF_RELATIVE;
        bits |= if sacl.is_some() { Control::SACL_PRESENT } else { 0 };
        bits |= if dacl.is_some() { Control::DACL_PRESENT } else { control & Control::DACL_PRESENT };
        let list = |entries: Option<Vec<Ace>>| entries.map(|entries| Acl { revision: 4, entries });
        SecurityDescriptor {
            resource_manager, control: Control(bits), owner, group, sacl: list(sacl), dacl: list(dacl),
        }
    }
}

/// A descriptor whose entries speak of an account, or of groups that it is in, and of rights that
/// are asked for.
fn trusting_descriptor() -> impl Strategy<Value = SecurityDescriptor> {
    let sid = prop::sample::select(vec![
        account(1_105),
        account(513),
        well_known::AUTHENTICATED_USERS,
        account(9),
    ]);
    let object = prop::sample::select(vec![
        None,
        Some(guids::RESET_PASSWORD),
        Some(guids::LOCKOUT_TIME),
        Some(guids::CHANGE_PASSWORD),
    ]);
    let mask = prop::sample::select(vec![
        Mask::CONTROL_ACCESS,
        Mask::WRITE_PROPERTY,
        Mask::GENERIC_ALL,
        Mask::WRITE_DAC,
        Mask::READ_PROPERTY,
    ]);
    let kind = prop::sample::select(vec![AceKind::Allow, AceKind::Deny]);
    let ace = (sid, object, mask, kind, any::<bool>(), any::<bool>()).prop_map(
        |(sid, object, mask, kind, conditional, inherit_only)| {
            let mut ace = Ace::new(kind, mask, sid).with_types(object, None);
            if conditional {
                ace.ace_type.0 += if object.is_some() { 6 } else { 9 };
            }
            ace.flags = if inherit_only { Ace::INHERIT_ONLY } else { 0 };
            ace
        },
    );
    let owner = prop::sample::select(vec![None, Some(account(1_105)), Some(account(512))]);
    (proptest::collection::vec(ace, 0..5), owner).prop_map(|(entries, owner)| SecurityDescriptor {
        control: Control(Control::DACL_PRESENT | Control::SELF_RELATIVE),
        owner,
        dacl: Some(Acl {
            revision: 4,
            entries,
        }),
        ..SecurityDescriptor::default()
    })
}

/// Whether the bytes themselves carry what a decision to grant rests on: read here anew, without
/// the parser.
fn is_granted_by_bytes(bytes: &[u8], token: &Token, decision: Decision) -> bool {
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let half = |at: usize| usize::from(u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap()));
    let (owner, dacl) = (number(4), number(16));
    let present = half(2) & 4 != 0;
    let holds = |at: usize, sid: &Sid| bytes[at..].starts_with(&sid.to_bytes());
    match decision.because {
        Because::NoList => !present || dacl == 0,
        Because::Owner => token.sids().any(|sid| holds(owner, sid)),
        Because::NoEntry => false,
        Because::Entry => {
            let (mut at, end) = (dacl + 8, dacl + half(dacl + 2));
            for _ in 0..decision.entry.unwrap() {
                at += half(at + 2);
            }
            let size = half(at + 2);
            let sid = match bytes[at] {
                0 => at + 8,
                5 => at + 12 + 16 * (number(at + 8) & 3).count_ones() as usize,
                _ => return false,
            };
            let inside = end <= bytes.len() && at + size <= end && sid < at + size;
            let effective = bytes[at + 1] & Ace::INHERIT_ONLY == 0;
            present && inside && effective && token.sids().any(|known| holds(sid, known))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn descriptors_survive_their_bytes(descriptor in any_descriptor()) {
        let bytes = descriptor.to_bytes().unwrap();
        prop_assert_eq!(SecurityDescriptor::parse(&bytes).unwrap(), descriptor);
    }

    #[test]
    fn any_bytes_give_a_descriptor_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = SecurityDescriptor::parse(&bytes);
    }

    #[test]
    fn mutated_descriptors_never_panic_and_what_is_read_can_be_written(
        descriptor in any_descriptor(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = descriptor.to_bytes().unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = SecurityDescriptor::parse(&bytes) {
            let again = SecurityDescriptor::parse(&read.to_bytes().unwrap()).unwrap();
            prop_assert_eq!(again.access_list(), read.access_list());
        }
    }

    #[test]
    fn every_entry_survives_sddl(descriptor in any_descriptor()) {
        let mut descriptor = descriptor;
        // What SDDL has no words for: this byte, the "defaulted" bits, the revision of a list.
        descriptor.resource_manager = 0;
        let words = |present: u16, flags: u16| {
            if descriptor.control.has(present) { present | flags } else { 0 }
        };
        descriptor.control.0 &= Control::SELF_RELATIVE
            | words(Control::DACL_PRESENT, Control::DACL_PROTECTED | Control::DACL_AUTO_INHERIT_REQUESTED | Control::DACL_AUTO_INHERITED)
            | words(Control::SACL_PRESENT, Control::SACL_PROTECTED | Control::SACL_AUTO_INHERIT_REQUESTED | Control::SACL_AUTO_INHERITED);
        for acl in [&mut descriptor.dacl, &mut descriptor.sacl].into_iter().flatten() {
            acl.revision = if acl.entries.iter().any(|ace| ace.ace_type.is_object()) { 4 } else { 2 };
        }
        let text = descriptor.to_sddl();
        if !text.is_empty() {
            let read = SecurityDescriptor::from_sddl(&text, &aliases());
            prop_assert_eq!(read.as_ref(), Ok(&descriptor), "{}", text);
            prop_assert_eq!(read.unwrap().to_bytes(), descriptor.to_bytes());
        }
    }

    #[test]
    fn what_is_granted_stands_in_the_bytes(
        descriptor in trusting_descriptor(), changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let mut bytes = descriptor.to_bytes().unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(read) = SecurityDescriptor::parse(&bytes) {
            let token = token(account(1_105));
            for wanted in [RESET, Wanted::write(guids::LOCKOUT_TIME), Wanted::Plain(Mask::WRITE_DAC)] {
                let decision = check(&read, &token, wanted);
                if decision.granted == Granted::Yes {
                    prop_assert!(is_granted_by_bytes(&bytes, &token, decision), "{decision:?} of {bytes:02x?}");
                }
            }
        }
    }

    #[test]
    fn any_text_gives_a_descriptor_or_an_error(text in "[DSOGA:();0-9a-zA-Z\\-é]{0,60}") {
        let _ = SecurityDescriptor::from_sddl(&text, &aliases());
    }
}
