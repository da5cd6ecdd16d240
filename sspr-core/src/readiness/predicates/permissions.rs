//! What the connector account may do: who it is, where synced people live, and which entry decides.

mod asker;
mod own;
mod places;
mod remedy;
mod remote_sam;
mod survey;
#[cfg(test)]
mod tests;
mod words;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

pub(crate) use asker::{Asker, askers, is_connector_name};
pub(crate) use own::own_rights;
pub(crate) use places::{Place, parent_of, people, places, roots, sources_of_people};
pub(crate) use remedy::{account, grant_on_people, grant_where, inheritance_of};
pub(crate) use remote_sam::{Machine, domain_of_host};
pub(crate) use survey::{judge_on_people, people_in, survey};
pub(crate) use words::{entry_text, trustee};

use words::origin;

use crate::directory::security::{
    Ace, Acl, Because, Control, Granted, ObjectClass, SecurityDescriptor, Target, Wanted, guids,
    inherit_into,
};
use crate::evidence::{Gap, Missing, Provenance, Unknown};
use crate::readiness::{Context, Outcome};
use crate::snapshot::facts::{DescriptorId, SecuredObject};

/// The fact that a descriptor is.
pub(crate) const DESCRIPTORS: &str = "permissions.descriptors";
/// The fact that the descriptors of people are.
pub(crate) const PEOPLE: &str = "permissions.people";

/// A right that writeback needs on people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Right {
    ResetPassword,
    LockoutTime,
    PwdLastSet,
}

impl Right {
    pub(crate) const ALL: [Self; 3] = [Self::ResetPassword, Self::LockoutTime, Self::PwdLastSet];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ResetPassword => "Reset Password",
            Self::LockoutTime => "write lockoutTime",
            Self::PwdLastSet => "write pwdLastSet",
        }
    }

    pub(crate) fn wanted(self) -> Wanted {
        match self {
            Self::ResetPassword => Wanted::ControlAccess(guids::RESET_PASSWORD),
            Self::LockoutTime => Wanted::write(guids::LOCKOUT_TIME),
            Self::PwdLastSet => Wanted::write(guids::PWD_LAST_SET),
        }
    }
}

/// The class of most people.
pub(crate) const USER: ObjectClass = ObjectClass(guids::USER);
/// The class of people of some directories.
pub(crate) const INET_ORG_PERSON: ObjectClass = ObjectClass(guids::INET_ORG_PERSON);

/// Whether a right is held, with the entry that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) granted: Granted,
    pub(crate) entry: Option<Ace>,
    pub(crate) because: Because,
    /// It hangs on a group of which it is not known whether the account is in it.
    pub(crate) hangs_on_groups: bool,
}

impl Answer {
    /// Whether an entry takes the right away.
    pub(crate) fn is_denied(&self) -> bool {
        self.granted == Granted::No && self.entry.is_some()
    }
}

/// Access checks of one assessment; each distinct descriptor is judged once for each account,
/// class and right.
#[derive(Debug)]
pub(crate) struct Access<'a> {
    cx: Context<'a>,
    askers: Result<Vec<Asker<'a>>, Unknown>,
    inherited: RefCell<BTreeMap<(DescriptorId, ObjectClassKey), Rc<SecurityDescriptor>>>,
    answers: RefCell<HashMap<Question, Rc<Answer>>>,
}

type ObjectClassKey = u128;
type Question = (
    usize,
    DescriptorId,
    Option<ObjectClass>,
    ObjectClass,
    Wanted,
);

impl<'a> Access<'a> {
    pub(crate) fn of(cx: &Context<'a>) -> Self {
        Self {
            cx: *cx,
            askers: askers(cx),
            inherited: RefCell::default(),
            answers: RefCell::default(),
        }
    }

    /// All connector accounts.
    pub(crate) fn askers(&self) -> Result<&[Asker<'a>], Unknown> {
        self.askers.as_deref().map_err(Clone::clone)
    }

    /// The connector account that works on an object.
    pub(crate) fn asker(&self, dn: &str) -> Result<(usize, &Asker<'a>), Unknown> {
        let askers = self.askers()?;
        let named = askers
            .iter()
            .enumerate()
            .find(|(_, asker)| asker.covers(dn));
        let only = || match askers {
            [only] if only.domains.is_empty() => Some((0, only)),
            _ => None,
        };
        named.or_else(only).ok_or_else(|| asker::unknown(Some(dn)))
    }

    /// What the account holds on a person of `class` that lies directly in a container.
    pub(crate) fn below(
        &self,
        asker: (usize, &Asker<'a>),
        container: DescriptorId,
        class: ObjectClass,
        wanted: Wanted,
    ) -> Option<Rc<Answer>> {
        let key = (container, class.0.as_u128());
        let known = self.inherited.borrow().get(&key).cloned();
        let descriptor = if let Some(known) = known {
            known
        } else {
            let parent = self.cx.facts.permissions.descriptors.get(container)?;
            let made = Rc::new(child_of(parent, class));
            self.inherited.borrow_mut().insert(key, Rc::clone(&made));
            made
        };
        let question = (asker.0, container, Some(class), class, wanted);
        Some(self.answer(question, asker.1, &descriptor))
    }

    /// What the account holds on an object itself.
    pub(crate) fn on(
        &self,
        asker: (usize, &Asker<'a>),
        object: DescriptorId,
        class: ObjectClass,
        wanted: Wanted,
    ) -> Option<Rc<Answer>> {
        let descriptor = self.cx.facts.permissions.descriptors.get(object)?;
        let question = (asker.0, object, None, class, wanted);
        Some(self.answer(question, asker.1, descriptor))
    }

    fn answer(
        &self,
        question: Question,
        asker: &Asker<'a>,
        descriptor: &SecurityDescriptor,
    ) -> Rc<Answer> {
        if let Some(known) = self.answers.borrow().get(&question) {
            return Rc::clone(known);
        }
        let (_, _, _, class, wanted) = question;
        let target = Target {
            descriptor,
            class,
            sid: None,
        };
        let answer = Rc::new(asker.holds(target, wanted));
        self.answers
            .borrow_mut()
            .insert(question, Rc::clone(&answer));
        answer
    }

    /// What is missing to answer, where an answer is neither yes nor no.
    pub(crate) fn open(&self, asker: &Asker<'_>, answer: &Answer, dn: &str) -> Unknown {
        if answer.hangs_on_groups {
            return asker.groups_unknown();
        }
        let entry = answer
            .entry
            .as_ref()
            .map(|entry| entry_text(self.cx.facts, entry))
            .unwrap_or_default();
        missing(
            DESCRIPTORS,
            Some(dn),
            Gap::NotAvailable(format!(
                "the condition of {entry} cannot be judged without a live logon"
            )),
        )
    }

    /// Why an answer is as it is, as the end of a sentence: the entry, whose it is, and where it
    /// comes from.
    pub(crate) fn reason(&self, answer: &Answer, dn: &str) -> String {
        match (&answer.entry, answer.because) {
            (Some(entry), _) => format!(
                "{}, {}",
                entry_text(self.cx.facts, entry),
                origin(self.cx.facts, entry, dn)
            ),
            (None, Because::NoList) => "there is no access list, which grants everything".into(),
            (None, Because::Owner) => "the account owns the object".into(),
            (None, _) => "no entry grants it".into(),
        }
    }
}

/// The descriptor of an object, or what is missing.
pub(crate) fn descriptor_of<'a>(
    cx: &Context<'a>,
    dn: &str,
) -> Result<(DescriptorId, &'a SecuredObject), Unknown> {
    let Some(object) = cx.facts.permissions.objects.get(&dn.to_lowercase()) else {
        return Err(missing(DESCRIPTORS, Some(dn), Gap::NotCollected));
    };
    match &object.descriptor {
        Ok(id) => Ok((*id, object)),
        Err(error) => Err(missing(
            DESCRIPTORS,
            Some(dn),
            Gap::Unreadable(error.to_string()),
        )),
    }
}

/// A fact that is missing about something.
pub(crate) fn missing(fact: &'static str, subject: Option<&str>, gap: Gap) -> Unknown {
    Unknown {
        missing: vec![Missing {
            fact: fact.into(),
            subject: subject.map(str::to_owned),
            gap,
        }],
    }
}

/// The outcome in a tenant without people whose password is managed on-premises.
pub(crate) fn nobody_synced(cx: &Context<'_>) -> Option<Outcome> {
    matches!(cx.has_synced_people(), Ok(false)).then(|| {
        Outcome::not_applicable(
            "No person is synchronised from Active Directory, so that nothing is written there.",
        )
    })
}

/// What is said of what was assumed, as a sentence, or nothing.
pub(crate) fn assumed<'s>(askers: impl IntoIterator<Item = &'s Asker<'s>>) -> String {
    let mut said: Vec<&str> = Vec::new();
    for text in askers.into_iter().flat_map(|asker| &asker.assumed) {
        if !said.contains(&text.as_str()) {
            said.push(text);
        }
    }
    if said.is_empty() {
        String::new()
    } else {
        format!(" Assumed: {}.", said.join("; "))
    }
}

/// Names the evidence of accounts.
pub(crate) fn because_of_askers<'s>(
    outcome: Outcome,
    askers: impl IntoIterator<Item = &'s Asker<'s>>,
) -> Outcome {
    let from: Vec<&Provenance> = askers.into_iter().flat_map(|asker| &asker.from).collect();
    outcome.because_all(from)
}

/// What a person of a class inherits from a container. What the person's own list holds beside
/// that is not known here.
fn child_of(parent: &SecurityDescriptor, class: ObjectClass) -> SecurityDescriptor {
    let entries = parent
        .access_list()
        .map(|entries| inherit_into(entries, class, None, None))
        .unwrap_or_default();
    SecurityDescriptor {
        control: Control(Control::DACL_PRESENT | Control::DACL_AUTO_INHERITED),
        dacl: Some(Acl {
            revision: 4,
            entries,
        }),
        ..SecurityDescriptor::default()
    }
}
