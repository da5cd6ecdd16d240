//! Cases that are drawn, set up in a domain, collected, predicted, and then really tried.

mod access;
mod forecast;
mod people;
mod policies;
mod tokens;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sspr::carrier::ldif::{LdifEntry, read_entries};
use sspr::directory::permissions::AccountReadings;
use sspr::directory::security::{
    Ace, AceKind, Acl, Control, Mask, SecurityDescriptor, Sid, well_known,
};
use sspr::snapshot::facts::{AccountFacts, PermissionFacts};
use sspr::snapshot::{Input, ReadOptions, Snapshot};
use sspr_tests::base64;

use crate::domain::{BASE, Domain, Login, SdFlags};
use crate::record::Record;
use crate::tally::Tally;

/// The account that stands for the connector account, with a password made up for a domain that
/// lives for a minute.
const CONNECTOR: Login<'_> = ("connector@sspr.test", "Example-Connector-1");
/// How many cases are set up at a time, so that a run of any length stays small.
const BATCH: u64 = 60;

/// What to run, from the environment.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// `SSPR_SEED`: what all cases are drawn from.
    pub(crate) seed: u64,
    /// `SSPR_FIRST`: the number of the first case.
    pub(crate) first: u64,
    /// `SSPR_CASES`: how many of access, and as many of policies.
    pub(crate) cases: u64,
    /// `SSPR_RECORD`: the file that decisions are recorded in.
    pub(crate) record: Option<PathBuf>,
}

impl Settings {
    pub(crate) fn from_environment() -> Self {
        let number = |name: &str, default: u64| match std::env::var(name) {
            Ok(text) => text
                .parse()
                .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
            Err(_) => default,
        };
        Self {
            seed: number("SSPR_SEED", 20_261_122),
            first: number("SSPR_FIRST", 0),
            cases: number("SSPR_CASES", 300),
            record: std::env::var_os("SSPR_RECORD").map(PathBuf::from),
        }
    }
}

/// Runs all kinds of cases, judges them, and gives what the server decided.
pub(crate) fn run(settings: &Settings, tally: &mut Tally) -> Vec<Record> {
    let lab = Lab::new();
    let mut records = vec![Record::Run {
        seed: settings.seed,
        first: settings.first,
        cases: settings.cases,
        server: format!("Samba {}", Domain::version()),
    }];
    let mut keep = |record: Record, tally: &mut Tally| {
        record.judge(tally);
        tally.settle();
        records.push(record);
    };
    tokens::run(&lab, settings, &mut |world| {
        keep(Record::Tokens(world), tally);
    });
    access::run(&lab, settings, tally, &mut |batch, tally| {
        keep(Record::Access(batch), tally);
    });
    policies::run(&lab, settings, tally, &mut |round, tally| {
        keep(Record::Policies(round), tally);
    });
    records
}

/// A domain with a connector account, two groups that it is in, and a stranger.
struct Lab {
    domain: Domain,
    connector: Sid,
    /// The connector's token, as the server has it.
    token: BTreeSet<Sid>,
    /// Whom entries may speak of.
    trustees: Vec<Sid>,
}

impl Lab {
    fn new() -> Self {
        let domain = Domain::start();
        let users = format!("CN=Users,{BASE}");
        domain.change(
            &[
                policy(&[("minPwdLength", 0), ("pwdProperties", 0), ("minPwdAge", 0)]),
                user(&format!("CN=connector,{users}"), "user", CONNECTOR.0, None),
                set_password(&format!("CN=connector,{users}"), CONNECTOR.1),
                enable(&format!("CN=connector,{users}"), 0x1_0200),
                user(
                    &format!("CN=stranger,{users}"),
                    "user",
                    "stranger@sspr.test",
                    None,
                ),
                group(&format!("CN=inner,{users}"), GroupKind::Global),
                group(&format!("CN=outer,{users}"), GroupKind::Local),
                join(
                    &format!("CN=inner,{users}"),
                    &format!("CN=connector,{users}"),
                ),
                join(&format!("CN=outer,{users}"), &format!("CN=inner,{users}")),
            ],
            SdFlags::LIST,
        );
        let folder = tempfile::tempdir().unwrap();
        domain.collect(
            &folder.path().join("users.ldif"),
            &users,
            "(|(cn=connector)(cn=stranger)(cn=inner)(cn=outer))",
            &[],
        );
        let snapshot = read(folder.path());
        let sid = |name: &str| sid_of(&snapshot.facts.permissions, &format!("CN={name},{users}"));
        let token = token_of(&domain, CONNECTOR, folder.path());
        for expected in [
            well_known::EVERYONE,
            well_known::AUTHENTICATED_USERS,
            sid("outer"),
        ] {
            assert!(token.contains(&expected), "{expected} is in the token");
        }
        let trustees = vec![
            sid("connector"),
            sid("inner"),
            sid("outer"),
            sid("stranger"),
            well_known::AUTHENTICATED_USERS,
            well_known::EVERYONE,
            well_known::SELF,
            well_known::CREATOR_OWNER,
            well_known::OWNER_RIGHTS,
        ];
        Self {
            connector: sid("connector"),
            domain,
            token,
            trustees,
        }
    }
}

/// What an account's token holds, by its own connection.
fn token_of(domain: &Domain, who: Login<'_>, folder: &Path) -> BTreeSet<Sid> {
    let file = folder.join("token.ldif");
    domain.collect_as(
        who,
        &file,
        ("", "base"),
        "(objectClass=*)",
        &["tokenGroups"],
    );
    let mut token = BTreeSet::new();
    for entry in entries(&file) {
        let groups = AccountReadings::from_entry(&entry).token_groups;
        token.extend(groups.value().into_iter().flatten().copied());
    }
    std::fs::remove_file(file).unwrap();
    token
}

/// Reads a folder as an assessment does. Nothing of what a real server says may be lost.
fn read(folder: &Path) -> Snapshot {
    let inputs = vec![Input::path(folder)];
    let snapshot = Snapshot::read(inputs, &ReadOptions::default(), &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(snapshot.skipped, []);
    for evidence in &snapshot.evidence {
        assert_eq!(evidence.lost, None, "{}", evidence.name);
    }
    snapshot
}

/// The SID of a group or account, as the evidence tells it.
fn sid_of(known: &PermissionFacts, dn: &str) -> Sid {
    let group = known.sids.get(&dn.to_lowercase()).copied();
    let mut accounts = known.accounts.iter();
    group
        .or_else(|| {
            let of = |facts: &AccountFacts| facts.dn.value().is_some_and(|known| known == dn);
            accounts.find(|(_, facts)| of(facts)).map(|(sid, _)| *sid)
        })
        .unwrap_or_else(|| panic!("{dn} is not in the evidence"))
}

fn entries(file: &Path) -> Vec<LdifEntry> {
    let bytes = std::fs::read(file).unwrap();
    let mut entries = Vec::new();
    read_entries(&bytes[..], 1 << 20, &mut |entry| {
        entries.push(entry.clone());
        ControlFlow::Continue(())
    })
    .unwrap();
    entries
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum GroupKind {
    Global,
    Universal,
    Local,
    /// Good for mail alone.
    Distribution,
}

impl GroupKind {
    /// Whether a group of this kind may be in one of another.
    fn may_be_in(self, other: Self) -> bool {
        match self {
            Self::Global | Self::Distribution => true,
            Self::Universal => matches!(other, Self::Universal | Self::Local),
            Self::Local => other == Self::Local,
        }
    }

    fn group_type(self) -> i32 {
        match self {
            Self::Global => -2_147_483_646,
            Self::Universal => -2_147_483_640,
            Self::Local => -2_147_483_644,
            Self::Distribution => 2,
        }
    }
}

fn name_of(dn: &str) -> &str {
    dn.split(['=', ',']).nth(1).unwrap()
}

fn organizational_unit(dn: &str) -> String {
    format!("dn: {dn}\nchangetype: add\nobjectClass: organizationalUnit\n")
}

fn group(dn: &str, kind: GroupKind) -> String {
    format!(
        "dn: {dn}\nchangetype: add\nobjectClass: group\nsAMAccountName: {}\ngroupType: {}\n",
        name_of(dn),
        kind.group_type()
    )
}

fn join(group: &str, member: &str) -> String {
    format!("dn: {group}\nchangetype: modify\nadd: member\nmember: {member}\n")
}

/// A user that is disabled and has no password yet.
fn user(dn: &str, class: &str, upn: &str, display: Option<&str>) -> String {
    let display = display.map_or(String::new(), |name| format!("displayName: {name}\n"));
    format!(
        "dn: {dn}\nchangetype: add\nobjectClass: {class}\nsAMAccountName: {}\n\
         userPrincipalName: {upn}\nuserAccountControl: 514\n{display}",
        name_of(dn)
    )
}

fn enable(dn: &str, control: u32) -> String {
    replace(dn, "userAccountControl", control)
}

fn replace(dn: &str, attribute: &str, value: impl std::fmt::Display) -> String {
    format!("dn: {dn}\nchangetype: modify\nreplace: {attribute}\n{attribute}: {value}\n")
}

/// The password policy on the domain's root.
fn policy(settings: &[(&str, i64)]) -> String {
    let mut text = format!("dn: {BASE}\nchangetype: modify\n");
    for (attribute, value) in settings {
        let _ = writeln!(text, "replace: {attribute}\n{attribute}: {value}\n-");
    }
    text
}

fn set_password(dn: &str, new: &str) -> String {
    let new = secret(new);
    format!("dn: {dn}\nchangetype: modify\nreplace: unicodePwd\nunicodePwd:: {new}\n")
}

/// A time as the directory holds it.
fn to_filetime(at: DateTime<Utc>) -> i64 {
    (at.timestamp() + 11_644_473_600) * 10_000_000
}

fn change_password(dn: &str, old: &str, new: &str) -> String {
    let (old, new) = (secret(old), secret(new));
    format!(
        "dn: {dn}\nchangetype: modify\ndelete: unicodePwd\nunicodePwd:: {old}\n-\n\
         add: unicodePwd\nunicodePwd:: {new}\n"
    )
}

/// A password as the directory takes it: in quotes, UTF-16LE, base64.
fn secret(text: &str) -> String {
    let bytes: Vec<u8> = format!("\"{text}\"")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    base64::encode(&bytes)
}

/// Stores an access list. Everybody may look, so that an attempt is decided by the right alone.
fn store_list(dn: &str, entries: &[Ace], protected: bool) -> String {
    let mut look = Ace::new(
        AceKind::Allow,
        Mask::READ_PROPERTY | Mask::LIST_CONTENTS | Mask::LIST_OBJECT | Mask::READ_CONTROL,
        well_known::EVERYONE,
    );
    look.flags = Ace::CONTAINER_INHERIT;
    let entries = std::iter::once(look).chain(entries.iter().cloned());
    let protected = if protected {
        Control::DACL_PROTECTED
    } else {
        0
    };
    store(
        dn,
        &SecurityDescriptor {
            control: Control(Control::DACL_PRESENT | protected),
            dacl: Some(Acl {
                revision: 4,
                entries: entries.collect(),
            }),
            ..SecurityDescriptor::default()
        },
    )
}

fn store(dn: &str, descriptor: &SecurityDescriptor) -> String {
    let bytes = base64::encode(&descriptor.to_bytes().unwrap());
    format!(
        "dn: {dn}\nchangetype: modify\nreplace: nTSecurityDescriptor\nnTSecurityDescriptor:: {bytes}\n"
    )
}
