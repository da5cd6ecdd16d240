//! The organization, its domains, its synchronisation, and the roles of the writeback application.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Intake, ItemReader, JsonKind};
use crate::carrier::json::{Object, Page};
use crate::evidence::{Gap, Locator, Provenance, Strength};
use crate::snapshot::Facts;
use crate::snapshot::facts::WritebackRoles;
use crate::tenant::{Cloud, Organization, SignInType, StatedDomain, Synchronization, inherit};

pub(super) const JSON: &[JsonKind] = &[
    JsonKind {
        name: "organization",
        strength: Strength::Observed,
        matches: |object, pages| {
            object.has(&["verifiedDomains"])
                || asks_for(object, pages, "#organization") && object.has(&["id"])
        },
        reader: || Box::new(organization),
    },
    JsonKind {
        name: "onPremisesSynchronization",
        strength: Strength::Observed,
        matches: |object, pages| {
            object.has(&["features", "configuration"])
                || asks_for(object, pages, "onPremisesSynchronization") && object.has(&["features"])
        },
        reader: || Box::new(synchronization),
    },
    JsonKind {
        name: "domains",
        strength: Strength::Observed,
        matches: |object, _| object.has(&["authenticationType", "isVerified"]),
        reader: || Box::new(Domains::default()),
    },
    JsonKind {
        name: "appRoleAssignments",
        strength: Strength::Observed,
        matches: |object, _| object.has(&["appRoleId", "principalId"]),
        reader: || Box::new(AppRoles::default()),
    },
];

/// What is done when all has been read.
pub(super) fn finish(facts: &mut Facts) {
    infer_cloud(facts);
    infer_sign_in(facts);
}

/// Whether an answer's `@odata.context` names what was asked for.
pub(super) fn asks_for(object: &Object<'_>, pages: &[Page], what: &str) -> bool {
    let own = object
        .entry("@odata.context")
        .and_then(|(_, value)| value.as_str());
    own.or_else(|| pages.iter().rev().find_map(Page::context))
        .is_some_and(|context| context.contains(what))
}

/// Whether what was read is a whole list: its pages say so, and it is more than one object that
/// somebody picked. A list of one item is a list; the same object alone may be any of several.
pub(super) fn is_whole_list(into: &Intake<'_>, first: Option<&Locator>) -> bool {
    let picked = first.is_some_and(|place| *place == Locator::Pointer(String::new()))
        && into.collection.items <= 1;
    into.complete() && (!picked || into.origin.complete == Some(true))
}

/// Claims the cloud from the address that an answer names.
pub(super) fn note_cloud(into: &mut Intake<'_>, object: &Object<'_>, pages: &[Page]) {
    let own = object
        .entry("@odata.context")
        .and_then(|(_, value)| value.as_str());
    let context = own.or_else(|| pages.first().and_then(Page::context));
    if let Some(cloud) = context.and_then(Cloud::of_graph_url) {
        let from = into.origin.at(Locator::Pointer("/@odata.context".into()));
        into.facts.tenant.cloud.claim(cloud, from);
    }
}

fn organization(into: &mut Intake<'_>, object: &Object<'_>, pages: &[Page]) {
    note_cloud(into, object, pages);
    let read = Organization::parse(object);
    let tenant = &mut into.facts.tenant;
    into.origin.claim(&mut tenant.id, read.id);
    // PowerShell prints null for what it was not asked for, so null tells nothing there.
    if object
        .entry("onPremisesSyncEnabled")
        .is_some_and(|(key, value)| !value.is_null() || key.starts_with('o'))
    {
        into.origin.claim(&mut tenant.sync, read.sync);
    }
    into.origin.claim(&mut tenant.last_sync, read.last_sync);
    into.origin
        .claim(&mut tenant.initial_domain, read.initial_domain);
}

fn synchronization(into: &mut Intake<'_>, object: &Object<'_>, pages: &[Page]) {
    note_cloud(into, object, pages);
    let read = Synchronization::parse(object);
    let tenant = &mut into.facts.tenant;
    into.origin.claim(&mut tenant.id, read.id);
    into.origin.claim(&mut tenant.hash_sync, read.hash_sync);
    into.origin
        .claim(&mut tenant.reported_writeback, read.reported_writeback);
    into.origin
        .claim(&mut tenant.cloud_policy_for_synced, read.cloud_policy);
    into.origin
        .claim(&mut tenant.force_change_at_logon, read.force_change);
    into.origin.claim(
        &mut tenant.client_version,
        read.client_version.and_then(|version| version.parse()),
    );
}

#[derive(Default)]
struct Domains {
    first: Option<Locator>,
    stated: Vec<StatedDomain>,
    faulty: bool,
}

impl ItemReader for Domains {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, pages: &[Page]) {
        if self.first.is_none() {
            note_cloud(into, object, pages);
            self.first = Some(object.place().clone());
        }
        match StatedDomain::parse(object) {
            Ok(stated) => {
                if stated.domain.initial {
                    let initial = &mut into.facts.tenant.initial_domain;
                    let from = into.origin.at(object.place().member("id"));
                    initial.claim(stated.domain.name.clone(), from);
                }
                self.stated.push(stated);
            }
            Err(error) => {
                self.faulty = true;
                into.origin.fault(error);
            }
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        let whole = !self.faulty && is_whole_list(into, self.first.as_ref());
        let domains = inherit(std::mem::take(&mut self.stated));
        let fact = &mut into.facts.tenant.domains;
        if whole {
            fact.claim(domains, into.origin.at(Locator::Whole));
        } else {
            fact.note_gap(Gap::Unreadable(
                "the list of domains is not known to be whole".into(),
            ));
        }
    }
}

/// Roles on "Microsoft password reset service", by the application that holds them.
#[derive(Default)]
struct AppRoles {
    held: BTreeMap<Uuid, (WritebackRoles, Provenance)>,
}

const OFFBOARD_CLIENT: Uuid = Uuid::from_u128(0x6920_1c67_737b_4a20_8f16_e0c8_c64e_0b0e);
const REGISTER_CLIENT_VERSION: Uuid = Uuid::from_u128(0xe006_e431_a65b_4f3e_8808_77d2_9d4c_5f1a);
const REFRESH_CLIENT: Uuid = Uuid::from_u128(0xfc7e_8088_95b5_453e_8bef_b17e_cfec_5ba3);

impl ItemReader for AppRoles {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        let role = into.origin.value(object.guid("appRoleId"));
        let principal = into.origin.value(object.guid("principalId"));
        let (Some(role), Some(principal)) = (role, principal) else {
            return;
        };
        if ![OFFBOARD_CLIENT, REGISTER_CLIENT_VERSION, REFRESH_CLIENT].contains(&role) {
            return;
        }
        let none = WritebackRoles {
            refresh_client: false,
            register_client_version: false,
            offboard_client: false,
        };
        let from = into.origin.at(object.place().clone());
        let (roles, _) = self.held.entry(principal).or_insert((none, from));
        roles.offboard_client |= role == OFFBOARD_CLIENT;
        roles.register_client_version |= role == REGISTER_CLIENT_VERSION;
        roles.refresh_client |= role == REFRESH_CLIENT;
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        let complete = into.complete();
        let count = |roles: &WritebackRoles| {
            u8::from(roles.refresh_client)
                + u8::from(roles.register_client_version)
                + u8::from(roles.offboard_client)
        };
        // Of several applications the one that lacks most is told. Without any role nothing is
        // known: the legacy account and cloud sync need none.
        let least = self.held.values().min_by_key(|(roles, _)| count(roles));
        if let Some((roles, from)) = least.filter(|(roles, _)| complete || count(roles) == 3) {
            into.facts.integration.roles.claim(*roles, from.clone());
        }
    }
}

/// The initial domain names the cloud where no answer does.
fn infer_cloud(facts: &mut Facts) {
    let tenant = &mut facts.tenant;
    let Ok(domain) = tenant.initial_domain.get() else {
        return;
    };
    if let Some(cloud) = Cloud::of_initial_domain(&domain.value) {
        let from = inferred(&domain.from);
        tenant.cloud.claim(cloud, from);
    }
}

/// How people sign in, where the evidence shows it: an agent for pass-through authentication, or
/// nothing but federated domains. That no agent was seen proves nothing.
fn infer_sign_in(facts: &mut Facts) {
    use std::collections::BTreeSet;
    let mut kinds = BTreeSet::new();
    let mut because = None;
    let agent = facts
        .servers
        .values()
        .chain([&facts.unnamed_server])
        .filter_map(|server| server.pass_through_agent.get().ok())
        .find(|claim| claim.value);
    if let Some(agent) = agent {
        kinds.insert(SignInType::PassThrough);
        because = Some(agent.from.clone());
    }
    if let Ok(domains) = facts.tenant.domains.get() {
        let mut used = domains
            .value
            .iter()
            .filter(|domain| domain.verified && !domain.initial)
            .peekable();
        if used.peek().is_some() && used.all(|domain| domain.federated) {
            kinds.insert(SignInType::Federated);
            because.get_or_insert_with(|| domains.from.clone());
        }
    }
    let Some(because) = because else {
        return;
    };
    if facts.tenant.hash_sync.value() == Some(&true) {
        kinds.insert(SignInType::PasswordHashSync);
    }
    facts.tenant.sign_in.claim(kinds, inferred(&because));
}

fn inferred(from: &Provenance) -> Provenance {
    Provenance {
        strength: Strength::Inferred,
        ..from.clone()
    }
}
