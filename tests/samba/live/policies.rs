//! Random password policies, people under them, and what becomes of passwords.
//!
//! The policy of a domain holds for all of it, so that cases come in rounds: a domain with its
//! policies, and ten people.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use chrono::Utc;
use sspr::directory::PolicySubject;
use sspr::directory::security::{Ace, AceKind, Mask, Token, guids, well_known};
use sspr::evidence::{MANIFEST_SCHEMA, Manifest, ManifestFile};
use sspr::snapshot::Snapshot;
use sspr::tenant::PersonRef;

use super::people::{OPERATIONS, Person, candidate, record};
use super::{
    CONNECTOR, GroupKind, Lab, Settings, enable, entries, forecast, group, join,
    organizational_unit, policy, read, replace, set_password, sid_of, store_list, to_filetime,
    user,
};
use crate::dice::Dice;
use crate::domain::{BASE, SdFlags};
use crate::policies::{Account, After, Attempt, Operation, PolicyCase, PolicyRound, in_force};
use crate::record::Outcome;
use crate::tally::Tally;

const PEOPLE: u64 = 10;
const CONTAINER: &str = "CN=Password Settings Container,CN=System";
const SECOND: i64 = 10_000_000;
const HOUR: i64 = 3_600 * SECOND;
/// `lockoutDuration` of a lockout that an administrator ends.
const FOREVER: i64 = i64::MIN;

pub(super) fn run(
    lab: &Lab,
    settings: &Settings,
    tally: &mut Tally,
    keep: &mut dyn FnMut(PolicyRound, &mut Tally),
) {
    let first = settings.first / PEOPLE;
    for number in first..first + settings.cases.div_ceil(PEOPLE) {
        let mut dice = Dice::of(settings.seed ^ 0x9011, number);
        let round = Plan::draw(&mut dice, number).run(lab, &mut dice, tally);
        keep(round, tally);
    }
}

/// A round as it is drawn.
struct Plan {
    number: u64,
    ou: String,
    domain: Vec<(&'static str, i64)>,
    groups: Vec<(String, GroupKind)>,
    /// Group and member.
    edges: BTreeSet<(String, String)>,
    /// Records of LDIF.
    policies: Vec<(String, String)>,
    people: Vec<Person>,
}

impl Plan {
    fn draw(dice: &mut Dice, number: u64) -> Self {
        let ou = format!("OU=round{number},{BASE}");
        let kinds = [
            GroupKind::Global,
            GroupKind::Global,
            GroupKind::Universal,
            GroupKind::Local,
        ];
        let groups: Vec<_> = (0..10)
            .map(|index| (format!("CN=r{number}g{index},{ou}"), *dice.pick(&kinds)))
            .collect();
        let people: Vec<_> = (0..PEOPLE)
            .map(|index| Person::draw(dice, number * PEOPLE + index, &ou))
            .collect();
        let mut edges = BTreeSet::new();
        for _ in 0..14 {
            let ((inner, kind), (outer, other)) = (dice.pick(&groups), dice.pick(&groups));
            if inner != outer && kind.may_be_in(*other) {
                edges.insert((outer.clone(), inner.clone()));
            }
        }
        for person in &people {
            for _ in 0..dice.roll(3) {
                edges.insert((dice.pick(&groups).0.clone(), person.dn.clone()));
            }
        }
        // By the documentation a policy holds for users and global groups alone. A directory takes
        // other groups too, and then Samba counts them all, so that no case names one.
        let global: Vec<_> = groups
            .iter()
            .filter(|(_, kind)| *kind == GroupKind::Global)
            .collect();
        let policies = (0..dice.roll(7))
            .map(|index| {
                let dn = format!("CN=r{number}p{index},{CONTAINER},{BASE}");
                let mut to = BTreeSet::new();
                for _ in 0..dice.roll(4) {
                    to.insert(if global.is_empty() || dice.chance(35) {
                        &dice.pick(&people).dn
                    } else {
                        &dice.pick(&global).0
                    });
                }
                let record = fine_grained(dice, &dn, &to);
                (dn, record)
            })
            .collect();
        let domain = vec![
            ("minPwdLength", *dice.pick(&[0, 1, 7, 8, 12, 14])),
            ("pwdProperties", *dice.pick(&[0, 1, 1])),
            ("minPwdAge", *dice.pick(&AGES)),
            ("maxPwdAge", -42 * 24 * HOUR),
            ("pwdHistoryLength", *dice.pick(&HISTORIES)),
            ("lockoutDuration", *dice.pick(&LOCKOUTS)),
        ];
        Self {
            number,
            ou,
            domain,
            groups,
            edges,
            policies,
            people,
        }
    }

    fn run(&self, lab: &Lab, dice: &mut Dice, tally: &mut Tally) -> PolicyRound {
        self.set_up(lab);
        let folder = tempfile::tempdir().unwrap();
        let snapshot = self.collect(lab, folder.path());
        let facts = &snapshot.facts;
        let domain = &facts.domains["sspr.test"];
        let mut round = PolicyRound {
            number: self.number,
            domain: domain.policy.draft(),
            policies: domain.fine_grained.value().cloned().unwrap(),
            people: Vec::new(),
        };
        assert_eq!(round.policies.len(), self.policies.len());
        for person in &self.people {
            let row = facts.people.people.by_upn(&person.upn).unwrap();
            round.people.push(PolicyCase {
                number: person.number,
                subject: self.subject(&snapshot, &row),
                resultant: row
                    .applied_policies()
                    .and_then(|applied| applied.resultant.clone()),
                account: person.account(&row),
                attempts: Vec::new(),
                after: After::default(),
            });
        }
        let mut now: Vec<_> = round
            .people
            .iter()
            .map(|case| case.account.clone())
            .collect();
        for wave in 0..3 {
            let tried = self.draw_attempts(dice, &round, &now, wave);
            if wave == 0 {
                for (place, attempt, _) in &tried {
                    forecast::compare(&snapshot, &round, *place, attempt, tally);
                }
            }
            let records: Vec<_> = tried.iter().map(|(.., record)| record.clone()).collect();
            let outcomes = lab.domain.attempt(CONNECTOR, &records, SdFlags::LIST);
            for ((place, mut attempt, _), outcome) in tried.into_iter().zip(outcomes) {
                attempt.outcome = outcome;
                now[place].take(&attempt);
                round.people[place].attempts.push(attempt);
            }
        }
        self.see_after(lab, folder.path(), &mut round);
        let gone = self
            .policies
            .iter()
            .map(|(dn, _)| format!("dn: {dn}\nchangetype: delete\n"));
        lab.domain.change(&gone.collect::<Vec<_>>(), SdFlags::LIST);
        round
    }

    /// What is tried next, on whom, and the record of it. All come at once, so that nobody comes
    /// twice.
    fn draw_attempts(
        &self,
        dice: &mut Dice,
        round: &PolicyRound,
        now: &[Account],
        wave: u64,
    ) -> Vec<(usize, Attempt, String)> {
        let mut tried = Vec::new();
        let at = Utc::now();
        for (place, (person, account)) in self.people.iter().zip(now).enumerate() {
            if wave > 0 && dice.chance(30) {
                continue;
            }
            let (policy, _) = in_force(round, &round.people[place].subject);
            let mut operation = *dice.pick(&OPERATIONS);
            let held = account.cannot_change || account.is_locked(policy, at);
            if operation == Operation::HintedReset && held {
                // The change form, which stands for it, is stopped where no reset is.
                operation = Operation::Reset;
            }
            let candidate = match operation {
                Operation::Unlock | Operation::ForceChange => String::new(),
                _ => candidate(dice, account, person.number, wave),
            };
            let record = record(&person.dn, operation, account, &candidate);
            let attempt = Attempt {
                operation,
                candidate,
                at,
                outcome: Outcome::Done,
            };
            tried.push((place, attempt, record));
        }
        tried
    }

    /// Policies come before passwords, so that the history is kept by the policy that holds.
    fn set_up(&self, lab: &Lab) {
        let mut records = vec![policy(&self.domain), organizational_unit(&self.ou)];
        records.extend(self.groups.iter().map(|(dn, kind)| group(dn, *kind)));
        for person in &self.people {
            let display = person.account.display.as_deref();
            records.push(user(&person.dn, person.class.name(), &person.upn, display));
        }
        records.extend(self.edges.iter().map(|(outer, inner)| join(outer, inner)));
        records.extend(self.policies.iter().map(|(_, record)| record.clone()));
        records.push(store_list(&self.ou, &grants(lab), false));
        let mut past = Vec::new();
        for person in &self.people {
            let (dn, account) = (&person.dn, &person.account);
            for password in account.passwords.iter().rev() {
                records.push(set_password(dn, password));
            }
            records.push(enable(dn, person.control()));
            if account.cannot_change {
                let may_not = [well_known::EVERYONE, well_known::SELF].map(|sid| {
                    let right = Some(guids::CHANGE_PASSWORD);
                    Ace::new(AceKind::Deny, Mask::CONTROL_ACCESS, sid).with_types(right, None)
                });
                records.push(store_list(dn, &may_not, false));
            }
            let set = if account.must_change {
                0
            } else {
                to_filetime(Utc::now() - person.age)
            };
            past.push(replace(dn, "pwdLastSet", set));
            if let Some(at) = account.locked_at {
                past.push(replace(dn, "lockoutTime", to_filetime(at)));
            }
        }
        lab.domain.change(&records, SdFlags::LIST);
        lab.domain.set_up(&past);
    }

    /// What an administrator would collect.
    fn collect(&self, lab: &Lab, folder: &Path) -> Snapshot {
        let domain = &lab.domain;
        let at = |name: &str| folder.join(name);
        domain.collect(&at("root.ldif"), BASE, "(objectClass=domainDNS)", &[]);
        let container = format!("{CONTAINER},{BASE}");
        domain.collect(&at("policies.ldif"), &container, "(objectClass=*)", &[]);
        let seen = [
            "*",
            "nTSecurityDescriptor",
            "msDS-ResultantPSO",
            "msDS-PSOApplied",
        ];
        let filter = "(|(objectClass=group)(objectClass=user))";
        domain.collect(&at("people.ldif"), &self.ou, filter, &seen);
        let manifest = Manifest {
            schema: MANIFEST_SCHEMA.to_owned(),
            tenant: None,
            collector: None,
            files: vec![ManifestFile {
                path: "policies.ldif".to_owned(),
                command: None,
                permission: None,
                subject: None,
                observed_at: None,
                complete: Some(true),
                items: None,
                sha256: None,
            }],
            not_available: Vec::new(),
        };
        let text = serde_json::to_vec(&manifest).unwrap();
        std::fs::write(at("manifest.json"), text).unwrap();
        read(folder)
    }

    /// A person with all global groups, as the evidence tells them.
    fn subject(&self, snapshot: &Snapshot, row: &PersonRef<'_>) -> PolicySubject {
        let known = &snapshot.facts.permissions;
        let sid = row.sid().unwrap();
        let token = Token::from_memberships(sid, None, [], &known.member_of);
        let global = self.groups.iter().filter(|(dn, kind)| {
            *kind == GroupKind::Global && token.is_granted(&sid_of(known, dn))
        });
        PolicySubject {
            dn: row.dn().unwrap(),
            groups: Some(global.map(|(dn, _)| dn.clone()).collect()),
            normal: row.flags().normal().unwrap(),
        }
    }

    fn see_after(&self, lab: &Lab, folder: &Path, round: &mut PolicyRound) {
        let file = folder.join("after.ldif");
        let seen = ["lockoutTime", "pwdLastSet"];
        lab.domain
            .collect(&file, &self.ou, "(objectClass=user)", &seen);
        let found: BTreeMap<_, _> = entries(&file)
            .iter()
            .map(|entry| {
                let is_set = |name| entry.integer(name).value().is_some_and(|time| *time != 0);
                let after = After {
                    locked: is_set("lockoutTime"),
                    must_change: !is_set("pwdLastSet"),
                };
                (entry.dn.to_lowercase(), after)
            })
            .collect();
        for (person, case) in self.people.iter().zip(&mut round.people) {
            case.after = found[&person.dn.to_lowercase()];
        }
    }
}

const AGES: [i64; 6] = [0, 0, 0, -HOUR, -24 * HOUR, -30 * 24 * HOUR];
const HISTORIES: [i64; 5] = [0, 1, 2, 5, 24];
const LOCKOUTS: [i64; 2] = [-HOUR / 2, FOREVER];

/// A record that makes a fine-grained policy. Few precedences, so that the GUID has to decide too.
fn fine_grained(dice: &mut Dice, dn: &str, to: &BTreeSet<&String>) -> String {
    let complex = if dice.chance(60) { "TRUE" } else { "FALSE" };
    let mut text = format!(
        "dn: {dn}\nchangetype: add\nobjectClass: msDS-PasswordSettings\n\
         msDS-PasswordSettingsPrecedence: {}\nmsDS-PasswordReversibleEncryptionEnabled: FALSE\n\
         msDS-PasswordHistoryLength: {}\nmsDS-PasswordComplexityEnabled: {complex}\n\
         msDS-MinimumPasswordLength: {}\nmsDS-MinimumPasswordAge: {}\nmsDS-MaximumPasswordAge: {}\n\
         msDS-LockoutThreshold: 0\nmsDS-LockoutObservationWindow: {}\nmsDS-LockoutDuration: {}\n",
        dice.pick(&[1, 2, 2, 3, 10]),
        dice.pick(&HISTORIES),
        dice.pick(&[0, 6, 9, 15, 20]),
        dice.pick(&AGES),
        FOREVER,
        -HOUR / 2,
        dice.pick(&LOCKOUTS),
    );
    for dn in to {
        let _ = writeln!(text, "msDS-PSOAppliesTo: {dn}");
    }
    text
}

/// What writeback needs.
fn grants(lab: &Lab) -> [Ace; 3] {
    let grants = [
        (Mask::CONTROL_ACCESS, guids::RESET_PASSWORD),
        (Mask::WRITE_PROPERTY, guids::LOCKOUT_TIME),
        (Mask::WRITE_PROPERTY, guids::PWD_LAST_SET),
    ];
    grants.map(|(mask, what)| {
        let mut ace = Ace::new(AceKind::Allow, mask, lab.connector).with_types(Some(what), None);
        ace.flags = Ace::CONTAINER_INHERIT | Ace::INHERIT_ONLY;
        ace
    })
}
