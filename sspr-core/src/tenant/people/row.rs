//! One person: looking at a row, and filling it.

use uuid::Uuid;

use super::{
    AppliedPolicies, DirectoryNames, LicenceSet, PART, People, Person, PersonFlags, PlanSet, at,
};
use crate::directory::security::{DescriptorId, ObjectClass, Sid};
use crate::evidence::Strength;
use crate::tenant::container_of;

/// A person with the names and sets that the row refers to.
#[derive(Debug, Clone, Copy)]
pub struct PersonRef<'a> {
    pub(super) people: &'a People,
    pub(super) row: &'a Person,
    pub(super) index: u32,
}

impl<'a> PersonRef<'a> {
    /// The Entra object id; nil when only the directory told of the person.
    pub fn id(&self) -> Uuid {
        self.row.id
    }

    /// The number of the row, counted from 0: sets of people are kept as bits by it.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Answers to yes-or-no questions.
    pub fn flags(&self) -> PersonFlags {
        self.row.flags
    }

    /// The user principal name, empty when not collected.
    pub fn upn(&self) -> &'a str {
        self.people.text(self.row.upn)
    }

    /// What to call the person: the user principal name, or else the object id.
    pub fn name(&self) -> String {
        match self.upn() {
            "" => self.row.id.to_string(),
            upn => upn.to_owned(),
        }
    }

    /// The distinguished name of the container, if known.
    pub fn container(&self) -> Option<&'a str> {
        self.people
            .containers
            .get(self.row.container)
            .map(String::as_str)
    }

    /// The security descriptor in Active Directory, if it was collected and can be trusted. The
    /// snapshot's store of descriptors holds it.
    pub fn descriptor(&self) -> Option<DescriptorId> {
        self.row.descriptor
    }

    /// The structural class in Active Directory, if known.
    pub fn class(&self) -> Option<ObjectClass> {
        self.people.classes.get(self.row.class).copied()
    }

    /// The SID in Active Directory, if known.
    pub fn sid(&self) -> Option<Sid> {
        self.people
            .domains
            .get(self.row.domain)?
            .with_rid(self.row.rid)
    }

    /// Licence assignments, if collected.
    pub fn licences(&self) -> Option<&'a LicenceSet> {
        self.people.licences.get(self.row.licences)
    }

    /// Assigned plans, if collected.
    pub fn plans(&self) -> Option<&'a PlanSet> {
        self.people.plans.get(self.row.plans)
    }

    /// The names of the account in the directory, if collected.
    pub fn directory_names(&self) -> Option<DirectoryNames<'a>> {
        match self.people.text(self.row.account) {
            "" => None,
            text => Some(DirectoryNames::parse(text)),
        }
    }

    /// The distinguished name, if the directory told it.
    pub fn dn(&self) -> Option<String> {
        let rdn = self.directory_names()?.rdn;
        let container = self.container()?;
        (!rdn.is_empty()).then(|| format!("{rdn},{container}"))
    }

    /// What the directory says of fine-grained policies, if it says anything.
    pub fn applied_policies(&self) -> Option<&'a AppliedPolicies> {
        self.people.policies.get(self.row.policies)
    }

    /// A number that two people share exactly when they have the same licences and plans: verdicts
    /// can be memoised by it.
    pub fn licence_key(&self) -> (u32, u32) {
        (self.row.licences, self.row.plans)
    }

    /// When the on-premises password was set, if known.
    pub fn password_set(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        match self.row.password_set {
            0 => None,
            seconds => chrono::DateTime::from_timestamp(seconds, 0),
        }
    }
}

/// A person's row while it is being filled.
#[derive(Debug)]
pub struct PersonMut<'a> {
    pub(super) people: &'a mut People,
    pub(super) index: u32,
}

impl PersonMut<'_> {
    fn row(&mut self) -> &mut Person {
        self.people.row_mut(self.index)
    }

    /// The number of the row.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Answers to yes-or-no questions.
    pub fn flags(&mut self) -> &mut PersonFlags {
        &mut self.row().flags
    }

    /// What is known of the person so far.
    pub fn look(&self) -> PersonRef<'_> {
        PersonRef {
            people: self.people,
            row: self.people.row(self.index),
            index: self.index,
        }
    }

    /// Notes that a list of users of this strength and time tells of the person. Whether it counts:
    /// no list before it was stronger, or as strong and observed later, to the minute.
    pub fn told_by_list(
        &mut self,
        strength: Strength,
        observed_at: Option<chrono::DateTime<chrono::Utc>>,
    ) -> bool {
        const MINUTES: u32 = (1 << 28) - 1;
        let minutes = observed_at.map_or(0, |at| at.timestamp() / 60);
        let minutes = u32::try_from(minutes.max(0)).map_or(MINUTES, |m| m.min(MINUTES));
        let weight = (strength as u32) << 28 | minutes;
        let row = self.row();
        let counts = weight >= row.list;
        row.list = row.list.max(weight);
        counts
    }

    /// Sets when the on-premises password was set. The latest time stays.
    pub fn set_password_set(&mut self, at: chrono::DateTime<chrono::Utc>) {
        let row = self.row();
        row.password_set = row.password_set.max(at.timestamp());
    }

    /// Sets the container from the distinguished name of the person.
    pub fn set_dn(&mut self, dn: &str) {
        let handle = self.people.containers.intern(container_of(dn).to_owned());
        self.row().container = handle;
    }

    /// Sets the names of the account in the directory; empty ones say nothing.
    pub fn set_directory_names(&mut self, names: DirectoryNames<'_>) {
        let known = DirectoryNames::parse(self.people.text(self.people.row(self.index).account));
        let all = known.or(names);
        if all != known {
            let DirectoryNames {
                account,
                display,
                rdn,
            } = all;
            let text = format!("{account}{PART}{display}{PART}{rdn}");
            let handle = self.people.store(&text);
            self.row().account = handle;
        }
    }

    /// Sets what the directory says of fine-grained policies. What is said twice counts once; of
    /// different answers the greater one stays, so that no order of reading shows.
    pub fn set_applied_policies(&mut self, mut found: AppliedPolicies) {
        if let Some(direct) = &mut found.direct {
            direct.sort_unstable();
        }
        let known = self
            .people
            .policies
            .get(self.people.row(self.index).policies);
        if let Some(known) = known {
            found.resultant = found.resultant.max(known.resultant.clone());
            found.direct = found.direct.max(known.direct.clone());
        }
        if found != AppliedPolicies::default() {
            let handle = self.people.policies.intern(found);
            self.row().policies = handle;
        }
    }

    /// The security descriptor, if it was set.
    pub fn descriptor(&self) -> Option<DescriptorId> {
        at(&self.people.rows, self.index).descriptor
    }

    /// Sets the security descriptor, of the store that belongs to these people.
    pub fn set_descriptor(&mut self, descriptor: DescriptorId) {
        self.row().descriptor = Some(descriptor);
    }

    /// Sets the structural class.
    pub fn set_class(&mut self, class: ObjectClass) {
        let handle = self.people.classes.intern(class);
        self.row().class = handle;
    }

    /// Sets the SID. One without a last part is no person's.
    pub fn set_sid(&mut self, sid: Sid) {
        if let Some(rid) = sid.rid() {
            let domain = self.people.domains.intern(sid.domain());
            let row = self.row();
            (row.domain, row.rid) = (domain, rid);
        }
    }

    /// Sets the licence assignments.
    pub fn set_licences(&mut self, mut set: LicenceSet) {
        for row in &mut set.0 {
            row.disabled.sort_unstable();
        }
        set.0.sort_unstable();
        set.0.dedup();
        let handle = self.people.licences.intern(set);
        self.row().licences = handle;
    }

    /// Sets the assigned plans; of several statuses of one plan the best stays.
    pub fn set_plans(&mut self, mut set: PlanSet) {
        set.0.sort_unstable();
        set.0.dedup_by_key(|(plan, _)| *plan);
        let handle = self.people.plans.intern(set);
        self.row().plans = handle;
    }
}
