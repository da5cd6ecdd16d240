//! People's own lists.

use std::rc::Rc;

use crate::directory::security::SecurityDescriptor;
use crate::evidence::Unknown;
use crate::readiness::Context;
use crate::readiness::predicates::directory::add;
use crate::snapshot::facts::DescriptorId;
use crate::tenant::PersonRef;

use super::{Access, Answer, PEOPLE, Right, USER, people};

/// A synced person with the list of their own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Own<'a> {
    pub(crate) person: PersonRef<'a>,
    pub(crate) list: &'a SecurityDescriptor,
    id: DescriptorId,
}

impl<'a> Own<'a> {
    /// Whether the connector account holds a right on the person.
    pub(crate) fn holds(
        &self,
        access: &Access<'a>,
        right: Right,
    ) -> Result<Option<Rc<Answer>>, Unknown> {
        let asker = access.asker(self.container()?)?;
        let class = self.person.class().unwrap_or(USER);
        Ok(access.on(asker, self.id, class, right.wanted()))
    }

    /// What is missing to answer, where an answer is neither yes nor no.
    pub(crate) fn open(&self, access: &Access<'a>, answer: &Answer) -> Result<Unknown, Unknown> {
        let (_, asker) = access.asker(self.container()?)?;
        Ok(access.open(asker, answer, &self.person.name()))
    }

    /// Where the person lives.
    pub(crate) fn container(&self) -> Result<&'a str, Unknown> {
        let container = self.person.container();
        container.ok_or_else(|| Unknown::of("people.container"))
    }
}

/// Shows the list of every synced person, and gives what is missing to see or judge all of them.
pub(crate) fn own_rights<'a>(
    cx: &Context<'a>,
    access: &Access<'a>,
    mut look: impl FnMut(Own<'a>) -> Result<(), Unknown>,
) -> Option<Unknown> {
    let (mut missing, mut unseen, mut nobody) = (None, false, true);
    for person in people(cx) {
        nobody = false;
        let lists = &cx.facts.permissions.descriptors;
        let list = person
            .descriptor()
            .and_then(|id| Some((id, lists.get(id)?)));
        let Some((id, list)) = list else {
            unseen = true;
            continue;
        };
        if let Err(unknown) = look(Own { person, list, id })
            && missing.is_none()
        {
            missing = Some(unknown);
        }
    }
    if nobody {
        add(&mut missing, Unknown::of("people.users"));
    }
    if unseen || nobody {
        add(&mut missing, Unknown::of(PEOPLE));
        if let Err(unknown) = access.askers() {
            add(&mut missing, unknown);
        }
    }
    missing
}
