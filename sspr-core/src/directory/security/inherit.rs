//! How entries pass from a parent to a child.

use uuid::Uuid;

use super::{Ace, AceKind, Mask, ObjectClass, Sid, well_known};

/// The entries that a child of a class inherits from its parent's access list, in order.
///
/// `owner` and `group` are the child's, for entries that speak of Creator Owner and Creator Group.
/// A child whose list is protected, and the head of a naming context, inherit nothing: then this
/// is not asked.
pub fn inherit_into(
    parent: &[Ace],
    class: ObjectClass,
    owner: Option<Sid>,
    group: Option<Sid>,
) -> Vec<Ace> {
    let mut inherited = Vec::new();
    for ace in parent {
        let container = ace.has(Ace::CONTAINER_INHERIT);
        let object = ace.has(Ace::OBJECT_INHERIT);
        if !container && !object {
            continue;
        }
        let stops = ace.has(Ace::NO_PROPAGATE);
        let meant = container && is_for(ace, class.0);
        if !meant {
            // Everything in a directory is a container, so what is for objects or for other
            // classes only travels on.
            if !stops {
                inherited.push(Ace {
                    flags: ace.flags | Ace::INHERIT_ONLY | Ace::INHERITED,
                    ..ace.clone()
                });
            }
            continue;
        }
        let effective = effective(ace, owner, group);
        let changed = effective.mask != ace.mask || effective.sid != ace.sid;
        if stops {
            inherited.push(effective);
        } else if changed {
            inherited.push(effective);
            inherited.push(Ace {
                flags: ace.flags | Ace::INHERIT_ONLY | Ace::INHERITED,
                ..ace.clone()
            });
        } else {
            inherited.push(Ace {
                flags: ace.flags & !Ace::INHERIT_ONLY | Ace::INHERITED,
                ..ace.clone()
            });
        }
    }
    inherited
}

/// Whether an inherited entry comes from one that an ancestor holds by itself.
///
/// Ancestors are given nearest first; the answer is the place of the ancestor in that order and of
/// the entry in its list.
pub fn is_inherited_from(entry: &Ace, ancestors: &[&[Ace]]) -> Option<(usize, usize)> {
    if !entry.has(Ace::INHERITED) {
        return None;
    }
    ancestors
        .iter()
        .enumerate()
        .find_map(|(distance, entries)| {
            let index = entries.iter().position(|own| {
                !own.has(Ace::INHERITED)
                    && (own.has(Ace::CONTAINER_INHERIT) || own.has(Ace::OBJECT_INHERIT))
                    && own.ace_type == entry.ace_type
                    && own.types.and_then(|types| types.object)
                        == entry.types.and_then(|types| types.object)
                    && own.data == entry.data
                    && (own.sid == entry.sid || own.sid.is_some_and(|sid| is_creator(&sid)))
                    && (own.mask == entry.mask || own.mask.mapped() == entry.mask)
            })?;
            Some((distance, index))
        })
}

/// Whether the entry is for the class. The match is exact: an entry for `user` is not for
/// `inetOrgPerson`, though that class derives from it.
fn is_for(ace: &Ace, class: Uuid) -> bool {
    ace.types
        .and_then(|types| types.inherited)
        .is_none_or(|inherited| inherited == class)
}

/// The entry as it works on the child itself, where it ends: it names no inheriting class any more.
fn effective(ace: &Ace, owner: Option<Sid>, group: Option<Sid>) -> Ace {
    let sid = match ace.sid {
        Some(well_known::CREATOR_OWNER) => owner.or(ace.sid),
        Some(well_known::CREATOR_GROUP) => group.or(ace.sid),
        sid => sid,
    };
    let generic =
        Mask::GENERIC_ALL | Mask::GENERIC_READ | Mask::GENERIC_WRITE | Mask::GENERIC_EXECUTE;
    let mask = if ace.mask.any(generic) && ace.ace_type.kind() != AceKind::Other {
        ace.mask.mapped()
    } else {
        ace.mask
    };
    let travel =
        Ace::CONTAINER_INHERIT | Ace::OBJECT_INHERIT | Ace::NO_PROPAGATE | Ace::INHERIT_ONLY;
    let object = ace.types.and_then(|types| types.object);
    Ace {
        flags: ace.flags & !travel | Ace::INHERITED,
        mask,
        sid,
        ..ace.clone()
    }
    .with_types(object, None)
}

fn is_creator(sid: &Sid) -> bool {
    *sid == well_known::CREATOR_OWNER || *sid == well_known::CREATOR_GROUP
}
