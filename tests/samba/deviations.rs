//! Where Samba is known to decide otherwise than Windows, which is what the library predicts.
//!
//! A case that does not come true is excused only by an entry of this list, and only when the
//! library's prediction with that one difference is exactly what the server did.

use chrono::{DateTime, Utc};
use sspr::directory::security::{
    Ace, AceKind, Granted, Mask, SecurityDescriptor, Target, Token, Wanted, well_known,
};
use sspr::directory::{
    AccountState, ComplexityFault, DomainAnswer, DomainRefusal, PasswordOperation,
    PasswordPolicyDraft,
};

/// One difference.
pub(crate) struct Deviation {
    pub(crate) name: &'static str,
    /// What Samba does.
    pub(crate) samba: &'static str,
    /// What Windows does, and the library predicts.
    pub(crate) windows: &'static str,
    /// Where that is written.
    pub(crate) source: &'static str,
}

pub(crate) const ALL: [&Deviation; 8] = [
    &THIS_ORGANIZATION,
    &OBJECT_ENTRY,
    &OWNER_RIGHTS,
    &NAMES,
    &LONG,
    &NOT_REQUIRED,
    &SYMBOLS,
    &DISABLED,
];

pub(crate) const THIS_ORGANIZATION: Deviation = Deviation {
    name: "thisOrganization",
    samba: "The token of a logon over LDAP does not hold This Organization (S-1-5-15).",
    windows: "It is put into every token of a logon within the organization.",
    source: "https://learn.microsoft.com/en-us/windows-server/identity/ad-ds/manage/understand-special-identities-groups",
};

pub(crate) const OBJECT_ENTRY: Deviation = Deviation {
    name: "objectEntryGrantsWriting",
    samba: "An object entry that allows extended rights and not writing, with no object type or \
            one that covers what is asked for, lets an attribute or the access list be written.",
    windows: "It allows extended rights alone.",
    source: "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-adts/3da5080d-de25-4ac8-9f2b-982709253dfb",
};

pub(crate) const OWNER_RIGHTS: Deviation = Deviation {
    name: "ownerRights",
    samba: "Entries for OWNER RIGHTS are passed over: in 4.17 all of them, in 4.22 object entries.",
    windows: "It is an entry like any other, and takes away what an owner holds without one.",
    source: "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-adts/d7e4cf8d-a771-486d-ba8e-6c83e4c6b1b2",
};

pub(crate) const NAMES: Deviation = Deviation {
    name: "namesInPassword",
    samba: "A password may hold the account name and parts of the display name.",
    windows: "Where complexity is required, it may not.",
    source: "https://learn.microsoft.com/en-us/windows/security/threat-protection/security-policy-settings/password-must-meet-complexity-requirements",
};

pub(crate) const LONG: Deviation = Deviation {
    name: "longPassword",
    samba: "A password may have more than 256 characters.",
    windows: "It may not.",
    source: "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-samr/cb1f380a-0a51-4705-84cd-eea1b85953e0",
};

pub(crate) const NOT_REQUIRED: Deviation = Deviation {
    name: "passwordNotRequired",
    samba: "Length and complexity hold for an account that needs no password (PASSWD_NOTREQD).",
    windows: "They do not.",
    source: "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-samr/cb1f380a-0a51-4705-84cd-eea1b85953e0",
};

pub(crate) const SYMBOLS: Deviation = Deviation {
    name: "symbolsOutsideAscii",
    samba: "Any character outside ASCII that is neither upper nor lower case counts as a letter \
            without case, the euro sign too.",
    windows: "Only letters do; currency signs are named as not counting.",
    source: "https://learn.microsoft.com/en-us/windows/security/threat-protection/security-policy-settings/password-must-meet-complexity-requirements",
};

pub(crate) const DISABLED: Deviation = Deviation {
    name: "disabledAccount",
    samba: "The directory takes a new password of a disabled account.",
    windows: "The writeback service refuses it before the directory is asked (event 33005).",
    source: "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
};

/// The deviations that make the server answer `real`; none when they do not explain it.
pub(crate) fn of_access(
    target: &Target<'_>,
    token: &Token,
    wanted: Wanted,
    real: Granted,
) -> Option<Vec<&'static Deviation>> {
    let of = |wanted: &Deviation, by: &[&Deviation]| by.iter().any(|d| d.name == wanted.name);
    let tries: [&[&'static Deviation]; 3] = [
        &[&OBJECT_ENTRY],
        &[&OWNER_RIGHTS],
        &[&OBJECT_ENTRY, &OWNER_RIGHTS],
    ];
    let found = tries.into_iter().find(|by| {
        let mut descriptor: SecurityDescriptor = target.descriptor.clone();
        let lists = descriptor.dacl.iter_mut();
        for ace in lists.flat_map(|list| &mut list.entries) {
            if of(&OBJECT_ENTRY, by)
                && ace.types.is_some()
                && ace.ace_type.kind() == AceKind::Allow
                && ace.mask.has(Mask::CONTROL_ACCESS)
            {
                ace.mask = ace.mask | Mask::WRITE_PROPERTY | Mask::WRITE_DAC;
            }
            if of(&OWNER_RIGHTS, by) && ace.sid == Some(well_known::OWNER_RIGHTS) {
                ace.flags |= Ace::INHERIT_ONLY;
            }
        }
        let target = Target {
            descriptor: &descriptor,
            ..*target
        };
        target.check(token, wanted).granted == real
    });
    found.map(<[_]>::to_vec)
}

/// What Samba says of a password, and by which deviations that differs from the library's answer.
pub(crate) fn of_password(
    candidate: &str,
    policy: &PasswordPolicyDraft,
    account: &AccountState<'_>,
    operation: PasswordOperation,
    now: DateTime<Utc>,
) -> (DomainAnswer, Vec<&'static Deviation>) {
    let required = AccountState {
        password_not_required: Some(false),
        ..*account
    };
    let mut by = Vec::new();
    let mut answer = DomainAnswer::of(candidate, policy, &required, operation, now);
    if answer != DomainAnswer::of(candidate, policy, account, operation, now) {
        by.push(&NOT_REQUIRED);
    }
    let symbol = |c: char| !c.is_ascii() && !c.is_alphabetic();
    answer.refusals.retain(|refusal| {
        let deviation = match refusal {
            DomainRefusal::Disabled => &DISABLED,
            DomainRefusal::TooLong => &LONG,
            DomainRefusal::Complexity { fault } => match fault {
                ComplexityFault::ContainsAccountName | ComplexityFault::ContainsNamePart => &NAMES,
                ComplexityFault::TooFewClasses { found: 2 } if candidate.contains(symbol) => {
                    &SYMBOLS
                }
                ComplexityFault::TooFewClasses { .. } => return true,
            },
            _ => return true,
        };
        by.push(deviation);
        false
    });
    (answer, by)
}
