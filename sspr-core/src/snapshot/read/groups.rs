//! Groups, roles and their members.

use uuid::Uuid;

use super::tenant::{asks_for, note_cloud};
use super::{Intake, ItemReader, JsonKind};
use crate::carrier::json::{Object, Page};
use crate::evidence::{Known, Locator, Strength, SubjectType};
use crate::policy::{ResetScope, administrator_role, administrator_role_named};
use crate::snapshot::facts::{MemberSet, PeopleSource};
use crate::snapshot::{Facts, Origin};

pub(super) const JSON: &[JsonKind] = &[
    JsonKind {
        name: "roleAssignments",
        strength: Strength::Observed,
        matches: |object, _| object.has(&["roleDefinitionId", "principalId"]),
        reader: || Box::new(role_assignment),
    },
    JsonKind {
        name: "directoryRoles",
        strength: Strength::Observed,
        matches: |object, pages| object.has(&["roleTemplateId"]) || parent(pages, "roleTemplateId"),
        reader: || Box::new(Expanded::new(SubjectType::Role)),
    },
    JsonKind {
        name: "groups",
        strength: Strength::Observed,
        matches: |object, pages| is_group(object, pages) || is_member_of_parent(pages),
        reader: || Box::new(Expanded::new(SubjectType::Group)),
    },
    JsonKind {
        name: "members",
        strength: Strength::Observed,
        matches: is_member,
        reader: || Box::new(Bare::default()),
    },
];

/// Graph expands at most so many members, without saying that there are more. Its answers name what
/// they expanded, as in `$metadata#groups(members())`.
const EXPANDED: u64 = 20;

fn is_member_of_parent(pages: &[Page]) -> bool {
    pages
        .last()
        .is_some_and(|page| page.array.eq_ignore_ascii_case("members"))
}

fn parent(pages: &[Page], field: &str) -> bool {
    is_member_of_parent(pages)
        && pages.last().is_some_and(|page| {
            page.fields
                .keys()
                .any(|key| key.eq_ignore_ascii_case(field))
        })
}

fn is_group(object: &Object<'_>, pages: &[Page]) -> bool {
    // A page of members may list groups too; they are members then.
    if asks_for(object, pages, "#directoryObjects") {
        return false;
    }
    object.has(&["id", "displayName"])
        && (object.has(&["members"])
            || [
                "securityEnabled",
                "groupTypes",
                "mailEnabled",
                "isAssignableToRole",
            ]
            .iter()
            .any(|name| object.has(&[name]))
            || asks_for(object, pages, "#groups"))
}

fn is_member(object: &Object<'_>, pages: &[Page]) -> bool {
    asks_for(object, pages, "#directoryObjects")
        || !asks_for(object, pages, "#users")
            && object.has(&["id"])
            && (object.has(&["@odata.type"]) || object.has(&["additionalProperties"]))
            && matches!(
                type_of(object).as_deref(),
                Some("user" | "group" | "serviceprincipal" | "device" | "orgcontact")
            )
}

/// The kind of a directory object, in lower case, where it is stated.
fn type_of(object: &Object<'_>) -> Option<String> {
    let stated = |object: &Object<'_>| {
        let text = object.text("@odata.type").found()?.value;
        Some(text.rsplit('.').next()?.to_ascii_lowercase())
    };
    stated(object).or_else(|| stated(&object.object("additionalProperties").found()?.value))
}

/// Members that are being gathered.
#[derive(Debug, Default)]
struct Gathered {
    ids: Vec<Uuid>,
    groups: Vec<Uuid>,
    faulty: bool,
}

impl Gathered {
    fn add(&mut self, object: &Object<'_>) {
        let id = object.guid("id").found().map(|at| at.value);
        match id {
            Some(id) if type_of(object).as_deref() == Some("group") => self.groups.push(id),
            Some(id) => self.ids.push(id),
            None => self.faulty = true,
        }
    }

    fn set(mut self, complete: bool) -> MemberSet {
        for ids in [&mut self.ids, &mut self.groups] {
            ids.sort_unstable();
            ids.dedup();
        }
        MemberSet {
            nested_groups: self.groups.is_empty(),
            ids: self.ids,
            groups: self.groups,
            complete: complete && !self.faulty,
        }
    }
}

/// The group or role whose members an input lists, by its manifest.
#[derive(Debug)]
pub(super) struct Subject {
    role: bool,
    id: Option<Uuid>,
    name: Option<String>,
    gathered: Gathered,
}

/// The group or role that an input's manifest names. Of a list without a subject nothing is
/// claimed, when `always` is set; a list of users is then one of all users.
pub(super) fn subject_of(origin: &Origin, always: bool) -> Option<Subject> {
    let subject = origin
        .subject
        .as_ref()
        .filter(|subject| matches!(subject.kind, SubjectType::Group | SubjectType::Role));
    if subject.is_none() && !always {
        return None;
    }
    Some(Subject {
        role: subject.is_some_and(|subject| subject.kind == SubjectType::Role),
        id: subject.and_then(|subject| Uuid::try_parse(subject.id.as_deref()?).ok()),
        name: subject.and_then(|subject| subject.name.clone()),
        gathered: Gathered::default(),
    })
}

impl Subject {
    /// Adds a member.
    pub(super) fn add(&mut self, object: &Object<'_>) {
        self.gathered.add(object);
    }

    /// Hands the members over.
    pub(super) fn claim(self, into: &mut Intake<'_>, complete: bool) {
        let Some(id) = self.id else {
            return;
        };
        let set = self.gathered.set(complete);
        if self.role {
            add_role(into.facts, id, self.name, set);
        } else {
            let group = into.facts.people.groups.entry(id).or_default();
            if let Some(name) = self.name {
                group.name.claim(name, into.origin.at(Locator::Whole));
            }
            group.exists.claim(true, into.origin.at(Locator::Whole));
            group.members.claim(set, into.origin.at(Locator::Whole));
        }
    }
}

fn add_role(facts: &mut Facts, id: Uuid, name: Option<String>, set: MemberSet) {
    if let Some(name) = name {
        facts.people.role_names.entry(id).or_insert(name);
    }
    let role = facts.people.roles.entry(id).or_default();
    role.complete |= set.complete;
    role.ids.extend(set.ids);
    role.groups.extend(set.groups);
    for ids in [&mut role.ids, &mut role.groups] {
        ids.sort_unstable();
        ids.dedup();
    }
    role.nested_groups = role.groups.is_empty();
}

/// A page of members without their group.
#[derive(Default)]
struct Bare {
    subject: Option<Subject>,
}

impl ItemReader for Bare {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, pages: &[Page]) {
        if self.subject.is_none() {
            note_cloud(into, object, pages);
            self.subject = subject_of(into.origin, true);
        }
        if super::licensing::is_empty_page(object) {
            return;
        }
        if let Some(subject) = &mut self.subject {
            subject.add(object);
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        let complete = into.complete();
        if let Some(subject) = self.subject.take() {
            subject.claim(into, complete);
        }
    }
}

/// Groups or roles, with or without their members expanded.
struct Expanded {
    kind: SubjectType,
    gathered: Gathered,
    count: u64,
    rows: u64,
}

impl Expanded {
    fn new(kind: SubjectType) -> Self {
        Self {
            kind,
            gathered: Gathered::default(),
            count: 0,
            rows: 0,
        }
    }
}

impl ItemReader for Expanded {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, pages: &[Page]) {
        if is_member_of_parent(pages) {
            self.count += 1;
            self.gathered.add(object);
            return;
        }
        if super::licensing::is_empty_page(object) {
            return;
        }
        if self.rows == 0 {
            note_cloud(into, object, pages);
        }
        self.rows += 1;
        let members = std::mem::take(&mut self.gathered);
        let count = std::mem::take(&mut self.count);
        let listed = count > 0 || object.has(&["members"]);
        let cut = count == EXPANDED && asks_for(object, pages, "members(");
        let more = object.has(&["members@odata.nextLink"]);
        let whole = into.origin.complete.unwrap_or(!cut && !more);
        let name = into
            .origin
            .value(object.words("displayName"))
            .map(ToOwned::to_owned);
        if self.kind == SubjectType::Role {
            let Some(id) = into.origin.value(object.guid("roleTemplateId")) else {
                return;
            };
            let set = if listed {
                members.set(whole)
            } else {
                MemberSet::default()
            };
            add_role(into.facts, id, name, set);
            return;
        }
        let Some(id) = into.origin.value(object.guid("id")) else {
            return;
        };
        let from = into.origin.at(object.place().clone());
        let group = into.facts.people.groups.entry(id).or_default();
        group.exists.claim(true, from.clone());
        if let Some(name) = name {
            group.name.claim(name, from.clone());
        }
        if listed {
            group.members.claim(members.set(whole), from);
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        if self.kind == SubjectType::Group {
            let source = PeopleSource {
                kind: "groups",
                rows: self.rows,
                complete: into.complete(),
                stated: into.origin.complete == Some(true),
                columns: Vec::new(),
                from: into.origin.at(Locator::Whole),
            };
            into.facts.people.sources.push(source);
        }
    }
}

fn role_assignment(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    let role = into.origin.value(object.guid("roleDefinitionId"));
    let principal = into.origin.value(object.guid("principalId"));
    let (Some(role), Some(principal)) = (role, principal) else {
        return;
    };
    let group = object
        .object("principal")
        .found()
        .is_some_and(|at| type_of(&at.value).as_deref() == Some("group"));
    let name = object.object("roleDefinition").found().and_then(|at| {
        at.value
            .words("displayName")
            .found()
            .map(|at| at.value.to_owned())
    });
    let members = Gathered {
        ids: if group { Vec::new() } else { vec![principal] },
        groups: if group { vec![principal] } else { Vec::new() },
        faulty: false,
    };
    add_role(into.facts, role, name, members.set(false));
}

/// What is done when all has been read.
pub(super) fn finish(facts: &mut Facts) {
    join_pages(facts);
    resolve_nested(facts);
    note_missing_scope_group(facts);
    mark_administrators(facts);
}

/// A list that is whole outweighs those that are not; where none is, the parts are put together.
fn join_pages(facts: &mut Facts) {
    for group in facts.people.groups.values_mut() {
        let claims = group.members.claims();
        if claims.len() < 2 {
            continue;
        }
        let mut joined = Known::absent("group.members");
        if claims.iter().any(|claim| claim.value.complete) {
            for claim in claims.iter().filter(|claim| claim.value.complete) {
                joined.claim(claim.value.clone(), claim.from.clone());
            }
        } else {
            let mut all = Gathered::default();
            for claim in claims {
                all.ids.extend(&claim.value.ids);
                all.groups.extend(&claim.value.groups);
            }
            for claim in claims.iter().take(1) {
                let parts = std::mem::take(&mut all);
                joined.claim(parts.set(false), claim.from.clone());
            }
        }
        group.members = joined;
    }
}

/// Puts the members of nested groups into the groups that hold them.
fn resolve_nested(facts: &mut Facts) {
    let groups = &facts.people.groups;
    let mut resolved = Vec::new();
    for (id, group) in groups {
        let Some(claim) = group.members.claims().first() else {
            continue;
        };
        if claim.value.groups.is_empty() {
            continue;
        }
        let mut set = Gathered {
            ids: claim.value.ids.clone(),
            ..Gathered::default()
        };
        let mut seen = vec![*id];
        let mut next = claim.value.groups.clone();
        while let Some(nested) = next.pop() {
            if seen.contains(&nested) {
                continue;
            }
            seen.push(nested);
            match groups.get(&nested).and_then(|group| group.members.value()) {
                Some(members) if members.complete => {
                    set.ids.extend(&members.ids);
                    next.extend(&members.groups);
                }
                _ => set.groups.push(nested),
            }
        }
        resolved.push((*id, set.set(claim.value.complete), claim.from.clone()));
    }
    for (id, set, from) in resolved {
        let group = facts.people.groups.entry(id).or_default();
        group.members = Known::absent("group.members");
        group.members.claim(set, from);
    }
}

/// The group in scope is missing when a list of groups that is stated to be whole lacks it.
fn note_missing_scope_group(facts: &mut Facts) {
    let Some(ResetScope::Selected {
        group_id: Some(id), ..
    }) = facts.sspr.scope.value()
    else {
        return;
    };
    let whole = facts
        .people
        .sources
        .iter()
        .find(|source| source.kind == "groups" && source.stated);
    if let Some(source) = whole.filter(|_| !facts.people.groups.contains_key(id)) {
        let group = facts.people.groups.entry(*id).or_default();
        group.exists.claim(false, source.from.clone());
    }
}

fn mark_administrators(facts: &mut Facts) {
    let people = &mut facts.people;
    let mut admins = Vec::new();
    for (id, role) in &people.roles {
        let named = || administrator_role_named(people.role_names.get(id)?);
        if administrator_role(*id).or_else(named).is_none() {
            continue;
        }
        admins.extend(&role.ids);
        for group in &role.groups {
            if let Some(members) = people.groups.get(group).and_then(|g| g.members.value()) {
                admins.extend(&members.ids);
            }
        }
    }
    for id in admins {
        if people.people.by_id(id).is_some()
            && let Some(mut person) = people.people.entry(Some(id), None)
        {
            person.flags().set_admin(true);
        }
    }
}
