//! Users of Active Directory: what the tenant's own list of users does not tell.

use super::super::{Intake, ItemReader, permissions};
use crate::carrier::json::{Object, Page};
use crate::directory::{AdUser, PasswordSet, dns_domain};
use crate::evidence::{At, Locator, Reading};
use crate::snapshot::facts::PeopleSource;
use crate::tenant::{AppliedPolicies, DirectoryNames, container_of};

/// `Get-ADUser`, or the users of an LDIF file.
pub(super) struct Users {
    rows: u64,
    columns: [(&'static str, bool); 5],
    place: Option<Locator>,
    /// The last domain that was named, so that a million users cost one name.
    domain: String,
}

impl Default for Users {
    fn default() -> Self {
        Self {
            rows: 0,
            columns: [
                ("passwordSet", true),
                ("enabled", true),
                ("neverExpires", true),
                ("cannotChange", true),
                ("adminCount", true),
            ],
            place: None,
            domain: String::new(),
        }
    }
}

impl Users {
    /// Takes a user, and gives the number of the person's row.
    pub(super) fn take(&mut self, into: &mut Intake<'_>, user: AdUser) -> Option<u32> {
        let origin = into.origin;
        self.rows += 1;
        let carried = [
            is_there(&user.password),
            is_there(&user.enabled),
            is_there(&user.never_expires),
            is_there(&user.cannot_change),
            is_there(&user.admin_count),
        ];
        for ((_, all), carried) in self.columns.iter_mut().zip(carried) {
            *all &= carried;
        }
        self.name_domain(into, &user.dn);
        let dn = origin.value(user.dn);
        let account = origin.value(user.account).unwrap_or_default();
        let display = origin.value(user.display).unwrap_or_default();
        let upn = origin.value(user.upn);
        // A user without a user principal name cannot be matched with anybody in the cloud.
        let mut person = into.facts.people.people.entry(None, upn.as_deref())?;
        if let Some(dn) = &dn {
            person.set_dn(dn);
        }
        let dn = dn.unwrap_or_default();
        let below = container_of(&dn);
        person.set_directory_names(DirectoryNames {
            account: &account,
            display: &display,
            rdn: dn
                .strip_suffix(below)
                .map_or(dn.as_str(), |rdn| rdn.trim_end_matches(',')),
        });
        person.set_applied_policies(AppliedPolicies {
            resultant: origin.value(user.resultant),
            direct: origin.value(user.applied),
        });
        let password = origin.value(user.password);
        let enabled = origin.value(user.enabled);
        let flags = person.flags();
        match password {
            Some(PasswordSet::MustChange) => flags.set_must_change(true),
            Some(PasswordSet::At(_)) => flags.set_must_change(false),
            None => {}
        }
        // The tenant's word on whether an account is enabled counts, whichever is read first.
        if let (Some(enabled), None) = (enabled, flags.enabled()) {
            flags.set_enabled(enabled);
        }
        if let Some(value) = origin.value(user.never_expires) {
            flags.set_never_expires(value);
        }
        if let Some(value) = origin.value(user.cannot_change) {
            flags.set_cannot_change(value);
        }
        if let Some(value) = origin.value(user.admin_count) {
            flags.set_admin_count(value);
        }
        if let Some(value) = origin.value(user.not_required) {
            flags.set_password_not_required(value);
        }
        if let Some(value) = origin.value(user.normal) {
            flags.set_normal(value);
        }
        if let Some(value) = origin.value(user.smart_card) {
            flags.set_smart_card(value);
        }
        if let Some(value) = origin.value(user.locked) {
            flags.set_locked(value);
        }
        if let Some(PasswordSet::At(at)) = password {
            person.set_password_set(at);
        }
        Some(person.index())
    }

    pub(super) fn close(&mut self, into: &mut Intake<'_>) {
        if self.rows == 0 {
            return;
        }
        let place = self.place.take().unwrap_or_default();
        into.facts.people.sources.push(PeopleSource {
            kind: "adUsers",
            rows: self.rows,
            // A filter leaves no trace in the output, so that only the manifest can tell.
            complete: into.origin.complete == Some(true),
            stated: into.origin.complete == Some(true),
            columns: self
                .columns
                .iter()
                .filter_map(|(name, all)| all.then_some(*name))
                .collect(),
            from: into.origin.at(place),
        });
    }

    fn name_domain(&mut self, into: &mut Intake<'_>, dn: &Reading<String>) {
        let Reading::Value(At { value, place }) = dn else {
            return;
        };
        self.place.get_or_insert_with(|| place.clone());
        let Some(domain) = dns_domain(value) else {
            return;
        };
        if domain != self.domain {
            let from = into.origin.at(place.clone());
            let facts = into.facts.domain(&domain);
            let told = facts
                .name
                .claims()
                .iter()
                .any(|claim| claim.from.source == from.source);
            if !told {
                facts.name.claim(domain.clone(), from);
            }
            self.domain = domain;
        }
    }
}

impl ItemReader for Users {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        let person = self.take(into, AdUser::from_json(object));
        permissions::account_object(into, object, person);
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        self.close(into);
    }
}

fn is_there<T>(reading: &Reading<T>) -> bool {
    !matches!(reading, Reading::Absent)
}
