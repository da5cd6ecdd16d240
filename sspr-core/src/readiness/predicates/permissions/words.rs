//! Entries and trustees in words.

use crate::directory::security::{
    Ace, AceKind, Acl, Control, Mask, SecurityDescriptor, Sid, guids, is_inherited_from, well_known,
};
use crate::snapshot::Facts;

use super::parent_of;

/// The name of whom an entry is about, or the SID where it has no known name.
pub(crate) fn trustee(facts: &Facts, sid: &Sid) -> String {
    if let Some(name) = well_known::name(sid) {
        return name.to_owned();
    }
    name_of(facts, sid).unwrap_or_else(|| sid.to_string())
}

/// The name of an account or group that the evidence tells.
pub(super) fn name_of(facts: &Facts, sid: &Sid) -> Option<String> {
    let known = &facts.permissions;
    let account = known.accounts.get(sid);
    if let Some(name) = account.and_then(|account| account.account_name.value()) {
        return Some(name.clone());
    }
    let mut names: Vec<_> = known
        .sids
        .iter()
        .filter(|(_, known)| *known == sid)
        .map(|(name, _)| name)
        .collect();
    // `DOMAIN\name` reads better than a distinguished name.
    names.sort_by_key(|name| (!name.contains('\\') || name.contains('='), name.len()));
    names.first().map(|name| (*name).clone())
}

/// An entry in words and as SDDL, such as
/// `a grant of Reset Password to MSOL_0123 (OA;CIID;CR;00299570-…;;S-1-5-…)`.
pub(crate) fn entry_text(facts: &Facts, entry: &Ace) -> String {
    let what = match entry.ace_type.kind() {
        AceKind::Allow => "a grant",
        AceKind::Deny => "a denial",
        AceKind::ConditionalAllow => "a conditional grant",
        AceKind::ConditionalDeny => "a conditional denial",
        AceKind::Other => "an entry",
    };
    let whom = entry.sid.map_or_else(
        || "an unknown trustee".to_owned(),
        |sid| trustee(facts, &sid),
    );
    format!("{what} of {} to {whom} {}", rights(entry), sddl(entry))
}

/// Where an entry on a person in `container`, or on `container` itself, was set.
pub(crate) fn origin(facts: &Facts, entry: &Ace, container: &str) -> String {
    if !entry.has(Ace::INHERITED) {
        return format!("set on {container}");
    }
    let (names, lists) = ancestors(facts, container);
    match is_inherited_from(entry, &lists).and_then(|(distance, _)| names.get(distance)) {
        Some(name) => format!("inherited from {name}"),
        None => "inherited from an object whose list is not known".into(),
    }
}

/// The container and what it lies in, nearest first, as far as their lists are known without a gap.
fn ancestors<'a>(facts: &'a Facts, container: &'a str) -> (Vec<&'a str>, Vec<&'a [Ace]>) {
    let known = &facts.permissions;
    let (mut names, mut lists) = (Vec::new(), Vec::new());
    let mut dn = container;
    while !dn.is_empty() {
        let list = known
            .objects
            .get(&dn.to_lowercase())
            .and_then(|object| object.descriptor.as_ref().ok())
            .and_then(|id| known.descriptors.get(*id))
            .and_then(SecurityDescriptor::access_list);
        if let Some(list) = list {
            names.push(dn);
            lists.push(list);
        }
        dn = parent_of(dn);
    }
    (names, lists)
}

fn rights(entry: &Ace) -> String {
    let object = entry.types.and_then(|types| types.object);
    let name = object.map(|id| {
        guids::guid_name(id).map_or_else(|| id.to_string(), |known| known.name.to_owned())
    });
    let mask = entry.mask.mapped();
    if mask.has(Mask::FULL_CONTROL) {
        return "full control".into();
    }
    let (control, write) = (
        mask.has(Mask::CONTROL_ACCESS),
        mask.has(Mask::WRITE_PROPERTY),
    );
    match (name, control, write) {
        (Some(name), true, false) => name,
        (Some(name), true, true) => format!("{name} (extended right and write)"),
        (Some(name), false, true) => format!("write {name}"),
        (Some(name), false, false) => format!("rights on {name}"),
        (None, true, true) => "all extended rights and write all properties".into(),
        (None, true, false) => "all extended rights".into(),
        (None, false, true) => "write all properties".into(),
        (None, false, false) if mask.has(Mask::WRITE_DAC) => "change permissions".into(),
        (None, false, false) if mask.has(Mask::WRITE_OWNER) => "take ownership".into(),
        (None, false, false) => "other rights".into(),
    }
}

/// An entry as SDDL.
pub(super) fn sddl(entry: &Ace) -> String {
    let descriptor = SecurityDescriptor {
        control: Control(Control::DACL_PRESENT),
        dacl: Some(Acl {
            revision: 4,
            entries: vec![entry.clone()],
        }),
        ..SecurityDescriptor::default()
    };
    descriptor.to_sddl().trim_start_matches("D:").to_owned()
}
