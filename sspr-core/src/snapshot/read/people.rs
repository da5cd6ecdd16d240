//! Users and registration reports.

use uuid::Uuid;

use super::groups::{Subject, subject_of};
use super::tenant::{asks_for, note_cloud};
use super::{Intake, ItemReader, JsonKind};
use crate::carrier::json::{Object, Page};
use crate::evidence::{Locator, Strength};
use crate::snapshot::Facts;
use crate::snapshot::facts::PeopleSource;
use crate::tenant::{
    Field, LicenceSet, PersonFlags, PersonMut, PlanSet, Registration, RegistrationTotals,
    UserRecord,
};

pub(super) const JSON: &[JsonKind] = &[
    JsonKind {
        name: "userRegistrationDetails",
        strength: Strength::Observed,
        matches: |object, pages| {
            object.has(&["isSsprRegistered"])
                || object.has(&["isSsprCapable"])
                || asks_for(
                    object,
                    pages,
                    "#reports/authenticationMethods/userRegistrationDetails",
                )
        },
        reader: || Box::new(Registrations::default()),
    },
    JsonKind {
        name: "usersRegisteredByFeature",
        strength: Strength::Observed,
        matches: |object, _| object.has(&["userRegistrationFeatureCounts"]),
        reader: || Box::new(registration_totals),
    },
    JsonKind {
        name: "users",
        strength: Strength::Observed,
        matches: is_user,
        reader: || Box::new(Users::default()),
    },
];

/// What is done when all has been read: one list that breaks off shows that the others of its
/// kind may be its later pages.
pub(super) fn finish(facts: &mut Facts) {
    let sources = &mut facts.people.sources;
    let open: Vec<_> = sources
        .iter()
        .filter(|source| !source.complete)
        .map(|source| source.kind)
        .collect();
    for source in sources {
        source.complete &= source.stated || !open.contains(&source.kind);
    }
}

/// Records of sign-ins, risks and devices name users too; what marks them is on no user.
const OTHER_RECORDS: [&str; 6] = [
    "correlationId",
    "appId",
    "riskLevel",
    "activityDateTime",
    "operatingSystem",
    "principalId",
];

fn is_user(object: &Object<'_>, pages: &[Page]) -> bool {
    if pages
        .last()
        .is_some_and(|page| page.array.eq_ignore_ascii_case("members"))
    {
        return false;
    }
    let named = object.has(&["id", "userPrincipalName"])
        && !OTHER_RECORDS.iter().any(|name| object.has(&[name]));
    let asked = |what| asks_for(object, pages, what);
    let listed = asked("#users") || asked("(microsoft.graph.user)");
    let other = asks_for(object, pages, "#") && !listed;
    (named && !other)
        || (listed && (object.has(&["id"]) || super::licensing::is_empty_page(object)))
}

/// Columns that PowerShell prints as null or empty when it was not asked for them: nothing is
/// concluded from an empty one until one row shows a value.
#[derive(Default)]
struct Unproven {
    proven: bool,
    people: Vec<Uuid>,
}

/// A yes-or-no question about a person: what the list says, what is known, and how to answer.
type Question = (
    Field<bool>,
    fn(PersonFlags) -> Option<bool>,
    fn(&mut PersonFlags, bool),
);

#[derive(Default)]
struct Users {
    rows: u64,
    /// In how many rows each column was there.
    columns: [u64; 10],
    synced: Unproven,
    usage_location: Unproven,
    licences: Unproven,
    plans: Unproven,
    /// The list is the members of a group or role.
    members: Option<Subject>,
}

impl ItemReader for Users {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, pages: &[Page]) {
        if self.rows == 0 {
            note_cloud(into, object, pages);
            self.members = subject_of(into.origin, false);
        }
        if super::licensing::is_empty_page(object) {
            return;
        }
        if let Some(members) = &mut self.members {
            members.add(object);
            return;
        }
        let mut user = UserRecord::parse(object);
        for fault in std::mem::take(&mut user.faults) {
            into.origin.fault(fault);
        }
        if user.id.is_none() {
            into.origin.fault(crate::Error::value(
                object.place().member("id"),
                "a user without a readable id",
            ));
        }
        let Some(mut person) = into.facts.people.people.entry(user.id, user.upn) else {
            return;
        };
        self.rows += 1;
        for (count, present) in self.columns.iter_mut().zip(user.columns()) {
            *count += u64::from(present);
        }
        let powershell = object.map().contains_key("Id");
        let id = user.id.unwrap_or_default();
        // Of two lists the stronger counts, then the later: the other one fills gaps.
        let counts = person.told_by_list(into.origin.strength.get(), into.origin.observed_at.get());
        let known = person.look();
        let (known_dn, known_licences, known_plans) = (
            known.container().is_some(),
            known.licences().is_some(),
            known.plans().is_some(),
        );
        let flags = person.flags();
        flags.set_listed(true);
        let questions: [Question; 4] = [
            (user.enabled, PersonFlags::enabled, PersonFlags::set_enabled),
            (user.guest, PersonFlags::guest, PersonFlags::set_guest),
            (
                user.never_expires,
                PersonFlags::cloud_never_expires,
                PersonFlags::set_cloud_never_expires,
            ),
            (
                user.bad_phone,
                PersonFlags::bad_phone,
                PersonFlags::set_bad_phone,
            ),
        ];
        for (field, known, set) in questions {
            if let Field::Value(value) = field
                && (counts || known(*flags).is_none())
            {
                set(flags, value);
            }
        }
        match user.synced {
            _ if !counts && flags.synced().is_some() => {}
            Field::Value(value) => {
                self.synced.proven = true;
                flags.set_synced(value);
            }
            Field::Null if powershell => self.synced.people.push(id),
            Field::Null => flags.set_synced(false),
            Field::Absent => {}
        }
        match user.usage_location {
            _ if !counts && flags.usage_location().is_some() => {}
            Field::Value(_) => {
                self.usage_location.proven = true;
                flags.set_usage_location(true);
            }
            Field::Null if powershell => self.usage_location.people.push(id),
            Field::Null => flags.set_usage_location(false),
            Field::Absent => {}
        }
        if let Field::Value(dn) = user.dn
            && (counts || !known_dn)
        {
            person.set_dn(dn);
        }
        let licences = user.take_licences();
        match licences {
            _ if !counts && known_licences => {}
            Field::Value(set) if !set.0.is_empty() => {
                self.licences.proven = true;
                person.set_licences(set);
            }
            Field::Value(_) | Field::Null if powershell => self.licences.people.push(id),
            Field::Value(_) | Field::Null => person.set_licences(LicenceSet::default()),
            Field::Absent => {}
        }
        match user.plans {
            _ if !counts && known_plans => {}
            Field::Value(set) if !set.0.is_empty() => {
                self.plans.proven = true;
                person.set_plans(set);
            }
            Field::Value(_) | Field::Null if powershell => self.plans.people.push(id),
            Field::Value(_) | Field::Null => person.set_plans(PlanSet::default()),
            Field::Absent => {}
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        let complete = into.complete();
        if let Some(members) = self.members.take() {
            members.claim(into, complete);
            return;
        }
        let mut columns: Vec<_> = UserRecord::COLUMNS
            .into_iter()
            .zip(self.columns)
            .filter(|(_, count)| *count == self.rows)
            .map(|(name, _)| name)
            .collect();
        let people = &mut into.facts.people.people;
        let mut settle = |unproven: &mut Unproven, names: &[&str], set: fn(&mut PersonMut<'_>)| {
            if !unproven.proven && !unproven.people.is_empty() {
                columns.retain(|column| !names.contains(column));
                return;
            }
            for id in unproven.people.drain(..) {
                if let Some(mut person) = people.entry(Some(id), None) {
                    set(&mut person);
                }
            }
        };
        settle(&mut self.synced, &["onPremisesSyncEnabled"], |person| {
            person.flags().set_synced(false);
        });
        settle(&mut self.usage_location, &["usageLocation"], |person| {
            person.flags().set_usage_location(false);
        });
        settle(
            &mut self.licences,
            &["licenseAssignmentStates", "assignedLicenses"],
            |person| person.set_licences(LicenceSet::default()),
        );
        settle(&mut self.plans, &["assignedPlans"], |person| {
            person.set_plans(PlanSet::default());
        });
        add_source(into, "users", self.rows, columns, complete);
    }
}

fn add_source(
    into: &mut Intake<'_>,
    kind: &'static str,
    rows: u64,
    columns: Vec<&'static str>,
    complete: bool,
) {
    let source = PeopleSource {
        kind,
        rows,
        complete,
        stated: into.origin.complete == Some(true),
        columns,
        from: into.origin.at(Locator::Whole),
    };
    into.facts.people.sources.push(source);
}

#[derive(Default)]
struct Registrations {
    rows: u64,
    with_methods: u64,
}

impl ItemReader for Registrations {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, pages: &[Page]) {
        if self.rows == 0 {
            note_cloud(into, object, pages);
        }
        if super::licensing::is_empty_page(object) {
            return;
        }
        let row = Registration::parse(object);
        let (gates, app_alone) = (row.has_admin_gates(), row.has_app_alone());
        let origin = into.origin;
        let id = origin.value(row.id);
        let upn = origin.value(row.upn);
        let Some(mut person) = into.facts.people.people.entry(id, upn) else {
            return;
        };
        self.rows += 1;
        self.with_methods += u64::from(gates.is_some());
        let flags = person.flags();
        if let Some(value) = origin.value(row.registered) {
            flags.set_sspr_registered(value);
        }
        if let Some(value) = origin.value(row.enabled) {
            flags.set_sspr_enabled(value);
        }
        if let Some(value) = origin.value(row.capable) {
            flags.set_sspr_capable(value);
        }
        if let Some(value) = gates {
            flags.set_admin_gates(value);
        }
        if let Some(value) = app_alone {
            flags.set_app_alone(value);
        }
        // The list of users and the members of roles are the better sources.
        if let Some(value) = origin.value(row.guest).filter(|_| flags.guest().is_none()) {
            flags.set_guest(value);
        }
        if let Some(value) = origin
            .value(row.admin)
            .filter(|_| flags.admin() != Some(true))
        {
            flags.set_admin(value);
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        let mut columns = vec![
            "isAdmin",
            "isSsprCapable",
            "isSsprEnabled",
            "isSsprRegistered",
        ];
        if self.with_methods == self.rows {
            columns.push("methodsRegistered");
        }
        let complete = into.complete();
        add_source(
            into,
            "userRegistrationDetails",
            self.rows,
            columns,
            complete,
        );
    }
}

fn registration_totals(into: &mut Intake<'_>, object: &Object<'_>, pages: &[Page]) {
    note_cloud(into, object, pages);
    let totals = RegistrationTotals::parse(object);
    let registration = &mut into.facts.people.registration;
    into.origin.claim(&mut registration.total, totals.total);
    into.origin.claim(&mut registration.enabled, totals.enabled);
    into.origin
        .claim(&mut registration.registered, totals.registered);
    into.origin.claim(&mut registration.capable, totals.capable);
}

#[cfg(test)]
mod tests {
    use crate::snapshot::{Input, ReadOptions, Snapshot};

    const ID: &str = "6f1b2c3d-0000-4000-8000-000000000001";

    /// Whether the person is enabled and has a usage location, by lists observed at these hours.
    fn read(lists: [(&str, &str, u32); 2]) -> (Option<bool>, Option<bool>) {
        let files: Vec<_> = lists
            .iter()
            .map(|(name, _, hour)| {
                format!(r#"{{"path":"{name}","observedAt":"2026-11-20T{hour:02}:00:00Z"}}"#)
            })
            .collect();
        let manifest = format!(
            r#"{{"schema":"sspr-evidence/1","files":[{}]}}"#,
            files.join(",")
        );
        let mut inputs = vec![Input::bytes("manifest.json", manifest)];
        inputs.extend(lists.map(|(name, fields, _)| {
            let user = format!(
                r#"{{"value":[{{"id":"{ID}","userPrincipalName":"jdoe@contoso.com",{fields}}}]}}"#
            );
            Input::bytes(name, user)
        }));
        let go_on = &mut |_: crate::evidence::Progress<'_>| std::ops::ControlFlow::Continue(());
        let snapshot = Snapshot::read(inputs, &ReadOptions::default(), go_on).unwrap();
        let person = snapshot.facts.people.people.by_upn("jdoe@contoso.com");
        let flags = person.unwrap().flags();
        (flags.enabled(), flags.usage_location())
    }

    #[test]
    fn of_two_lists_the_later_one_counts_whatever_their_names_are() {
        let (on, off) = (r#""accountEnabled":true"#, r#""accountEnabled":false"#);
        assert_eq!(read([("a.json", on, 8), ("b.json", off, 9)]).0, Some(false));
        assert_eq!(read([("a.json", on, 9), ("b.json", off, 8)]).0, Some(true));
    }

    #[test]
    fn the_earlier_list_fills_the_gaps_of_the_later_one() {
        let (on, place) = (
            r#""accountEnabled":true"#,
            r#""accountEnabled":false,"usageLocation":"NL""#,
        );
        let expected = (Some(true), Some(true));
        assert_eq!(read([("a.json", on, 9), ("b.json", place, 8)]), expected);
        assert_eq!(read([("a.json", place, 8), ("b.json", on, 9)]), expected);
    }
}
