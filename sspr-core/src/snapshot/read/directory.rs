//! Active Directory: password policies, domain controllers and users.

mod attribution;
mod controllers;
mod fine_grained;
mod policies;
mod users;

use std::io::{BufRead, Read};
use std::ops::ControlFlow;

use super::{Intake, JsonKind, TextKind, gpo, permissions};
use crate::carrier::json::{Object, Page};
use crate::carrier::ldif::{LdifEntry, is_ldif, read_entries};
use crate::carrier::powershell_list::{ListObject, ListText, is_list, parse_list};
use crate::directory::{
    AdUser, ControllerReadings, DomainRoot, PasswordFilters, PasswordSettings, RootDse,
    is_gpupdate, is_net_accounts, is_protection_agent, is_template,
};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Limits, Locator, Strength};

pub(super) use attribution::{domain_names, finish};

pub(super) const JSON: &[JsonKind] = &[
    JsonKind {
        name: "domainPasswordPolicy",
        strength: Strength::Exported,
        matches: |object, _| DomainRoot::matches_json(object),
        reader: || Box::new(policies::json),
    },
    JsonKind {
        name: "fineGrainedPolicies",
        strength: Strength::Exported,
        matches: |object, _| {
            PasswordSettings::matches_json(object)
                || PasswordSettings::container_of_json(object).is_some()
        },
        reader: || Box::new(fine_grained::Policies::default()),
    },
    JsonKind {
        name: "domainControllers",
        strength: Strength::Exported,
        matches: |object, _| ControllerReadings::matches_json(object),
        reader: || Box::new(controllers::Controllers::default()),
    },
    JsonKind {
        name: "rootDse",
        strength: Strength::Exported,
        matches: |object, _| RootDse::matches_json(object),
        reader: || {
            Box::new(|into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]| {
                controllers::root_dse(into, RootDse::from_json(object));
            })
        },
    },
    JsonKind {
        name: "passwordFilters",
        strength: Strength::Exported,
        matches: |object, _| PasswordFilters::matches_json(object),
        reader: || Box::new(controllers::filters),
    },
    JsonKind {
        name: "passwordProtectionAgents",
        strength: Strength::Exported,
        matches: |object, _| is_protection_agent(object),
        reader: || Box::new(controllers::Agents::default()),
    },
    JsonKind {
        name: "adUsers",
        strength: Strength::Exported,
        matches: |object, _| AdUser::matches_json(object),
        reader: || Box::new(users::Users::default()),
    },
];

pub(super) const TEXT: &[TextKind] = &[
    TextKind {
        name: "securityTemplate",
        strength: Strength::Exported,
        matches: is_template,
        read: policies::template,
    },
    TextKind {
        name: "ldif",
        strength: Strength::Observed,
        matches: is_ldif,
        read: ldif,
    },
    TextKind {
        name: "domainPasswordPolicy",
        strength: Strength::Exported,
        matches: |head| list_of(head, DomainRoot::matches_list),
        read: |into, input| {
            for object in list(into, input)?.objects {
                policies::domain_root(into, DomainRoot::from_list(&object));
            }
            Ok(())
        },
    },
    TextKind {
        name: "fineGrainedPolicies",
        strength: Strength::Exported,
        matches: |head| list_of(head, PasswordSettings::matches_list),
        read: |into, input| {
            let mut reader = fine_grained::Policies::default();
            for object in list(into, input)?.objects {
                reader.take(into, &PasswordSettings::from_list(&object));
            }
            reader.close(into);
            Ok(())
        },
    },
    TextKind {
        name: "domainControllers",
        strength: Strength::Exported,
        matches: |head| list_of(head, ControllerReadings::matches_list),
        read: |into, input| {
            let mut reader = controllers::Controllers::default();
            for object in list(into, input)?.objects {
                reader.take(into, ControllerReadings::from_list(&object));
            }
            reader.close(into);
            Ok(())
        },
    },
    TextKind {
        name: "netAccounts",
        strength: Strength::Exported,
        matches: is_net_accounts,
        read: policies::net_accounts,
    },
    TextKind {
        name: "gpupdate",
        strength: Strength::Exported,
        matches: is_gpupdate,
        read: policies::gpupdate,
    },
];

/// Whether a text is a list whose first object is of a kind.
fn list_of(head: &str, matches: fn(&ListObject) -> bool) -> bool {
    is_list(head) && parse_list(head).objects.first().is_some_and(matches)
}

fn list(into: &mut Intake<'_>, input: &mut dyn BufRead) -> Result<ListText> {
    let read = parse_list(&whole(input)?);
    into.collection.items += read.objects.len() as u64;
    into.origin.lost(read.lost, read.first_lost.as_ref());
    Ok(read)
}

/// A small text as a whole.
fn whole(input: &mut dyn BufRead) -> Result<String> {
    let limit = Limits::default().item_bytes;
    let mut text = String::new();
    input
        .take(limit + 1)
        .read_to_string(&mut text)
        .map_err(|error| Error::io(Locator::Whole, error))?;
    if text.len() as u64 > limit {
        return Err(Error::new(
            ErrorCode::Limit,
            Locator::Whole,
            "this kind of text is never that long",
        ));
    }
    Ok(text)
}

fn ldif(into: &mut Intake<'_>, input: &mut dyn BufRead) -> Result<()> {
    let mut people = users::Users::default();
    let mut policies = fine_grained::Policies::default();
    let read = read_entries(input, Limits::default().item_bytes, &mut |entry| {
        into.collection.items += 1;
        directory_entry(into, &mut people, &mut policies, entry);
        ControlFlow::Continue(())
    })?;
    people.close(into);
    policies.close(into);
    into.origin.lost(read.lost, read.first_lost.as_ref());
    if read.entries == 0 && read.first_lost.is_none() {
        return Err(Error::new(
            ErrorCode::Truncated,
            Locator::Whole,
            "it holds no directory entry",
        ));
    }
    Ok(())
}

fn directory_entry(
    into: &mut Intake<'_>,
    people: &mut users::Users,
    policies: &mut fine_grained::Policies,
    entry: &LdifEntry,
) {
    gpo::entry(into, entry);
    if RootDse::matches_entry(entry) {
        controllers::root_dse(into, RootDse::from_entry(entry));
    } else if DomainRoot::matches_entry(entry) {
        policies::domain_root(into, DomainRoot::from_entry(entry));
    } else if PasswordSettings::matches_entry(entry) {
        policies.take(into, &PasswordSettings::from_entry(entry));
    } else if let Some(domain) = PasswordSettings::container_of_domain(entry) {
        policies.container(domain);
    } else if AdUser::matches_entry(entry) {
        let person = people.take(into, AdUser::from_entry(entry));
        permissions::account_entry(into, entry, person);
        return;
    }
    permissions::other_entry(into, entry);
}
