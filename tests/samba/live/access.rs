//! Random access lists on containers and people, and what the connector account may do.

use std::fmt::Write as _;

use sspr::directory::security::{Ace, AceKind, Mask, SecurityDescriptor, Sid, guids};
use sspr::snapshot::facts::PermissionFacts;
use uuid::Uuid;

use super::{
    BATCH, CONNECTOR, Lab, Settings, change_password, enable, organizational_unit, policy, read,
    replace, set_password, store, store_list, user,
};
use crate::access::{AccessBatch, AccessCase, Class, Right, as_sddl, judge_case};
use crate::dice::Dice;
use crate::domain::{BASE, SdFlags};
use crate::tally::Tally;

/// What a case is drawn as.
#[derive(Clone)]
struct Draw {
    number: u64,
    class: Class,
    /// The entries on the container.
    container: Vec<Ace>,
    /// Whether the container takes nothing from above.
    blocked: bool,
    /// The entries on the person, beside those that the class brings, or in their place.
    own: Option<Vec<Ace>>,
    protected: bool,
    owner: Option<Sid>,
}

pub(super) fn run(
    lab: &Lab,
    settings: &Settings,
    tally: &mut Tally,
    keep: &mut dyn FnMut(AccessBatch, &mut Tally),
) {
    let lax = [
        ("minPwdLength", 0),
        ("pwdProperties", 0),
        ("minPwdAge", 0),
        ("pwdHistoryLength", 0),
    ];
    lab.domain.change(&[policy(&lax)], SdFlags::LIST);
    let numbers: Vec<_> = (settings.first..settings.first + settings.cases).collect();
    for batch in numbers.chunks(usize::try_from(BATCH).unwrap()) {
        let draws: Vec<_> = batch
            .iter()
            .map(|number| draw(lab, &mut Dice::of(settings.seed ^ 0xACCE, *number), *number))
            .collect();
        let tried = attempt(lab, &draws, "access");
        for (draw, case) in draws.iter().zip(&tried.cases) {
            if let Some(why) = failure(&tried, case) {
                let least = shrink(lab, draw.clone());
                panic!("seed {}, {why}\n{least}", settings.seed);
            }
        }
        keep(tried, tally);
    }
}

fn draw(lab: &Lab, dice: &mut Dice, number: u64) -> Draw {
    let class = if dice.chance(75) {
        Class::User
    } else {
        Class::InetOrgPerson
    };
    let container = random_list(lab, dice);
    let protected = dice.chance(15);
    let own = (protected || dice.chance(50)).then(|| random_list(lab, dice));
    let owner = dice.chance(15).then_some(lab.connector);
    let blocked = dice.chance(15);
    Draw {
        number,
        class,
        container,
        blocked,
        own,
        protected,
        owner,
    }
}

fn random_list(lab: &Lab, dice: &mut Dice) -> Vec<Ace> {
    let rights = [
        Some(guids::RESET_PASSWORD),
        Some(guids::RESET_PASSWORD),
        Some(guids::CHANGE_PASSWORD),
        Some(guids::LOCKOUT_TIME),
        Some(guids::PWD_LAST_SET),
        Some(guids::ACCOUNT_EXPIRES),
        Some(guids::CONSISTENCY_GUID),
        Some(guids::USER_ACCOUNT_RESTRICTIONS),
        Some(guids::USER),
        Some(Uuid::from_u128(0x1234)),
        None,
        None,
    ];
    let masks = [
        Mask::CONTROL_ACCESS,
        Mask::WRITE_PROPERTY,
        Mask::CONTROL_ACCESS | Mask::WRITE_PROPERTY,
        Mask::READ_PROPERTY,
        Mask::WRITE_DAC,
        Mask::FULL_CONTROL,
        Mask::GENERIC_WRITE,
        Mask::GENERIC_ALL,
    ];
    let classes = [
        None,
        None,
        Some(guids::USER),
        Some(guids::INET_ORG_PERSON),
        Some(guids::GROUP),
    ];
    let mut entries = Vec::new();
    for _ in 0..=dice.roll(5) {
        let kind = if dice.chance(75) {
            AceKind::Allow
        } else {
            AceKind::Deny
        };
        let mut ace = Ace::new(kind, *dice.pick(&masks), *dice.pick(&lab.trustees))
            .with_types(*dice.pick(&rights), *dice.pick(&classes));
        ace.flags = *dice.pick(&[
            0,
            Ace::CONTAINER_INHERIT,
            Ace::CONTAINER_INHERIT,
            Ace::CONTAINER_INHERIT | Ace::INHERIT_ONLY,
            Ace::CONTAINER_INHERIT | Ace::OBJECT_INHERIT,
        ]);
        if ace.flags != 0 && dice.chance(15) {
            ace.flags |= Ace::NO_PROPAGATE;
        }
        entries.push(ace);
    }
    entries
}

/// Sets cases up, collects them as an administrator would, and tries everything.
fn attempt(lab: &Lab, draws: &[Draw], name: &str) -> AccessBatch {
    let domain = &lab.domain;
    let top = format!("OU={name}{},{BASE}", draws[0].number);
    let container = |draw: &Draw| format!("OU=c{},{top}", draw.number);
    let account = |draw: &Draw| format!("{name}{}", draw.number);
    let person = |draw: &Draw| format!("CN={},{}", account(draw), container(draw));
    let upn = |draw: &Draw| format!("{}@sspr.test", account(draw));
    let old = |draw: &Draw| format!("Example-Person-{}", draw.number);

    let mut made = vec![organizational_unit(&top)];
    let (mut owners, mut lists) = (Vec::new(), Vec::new());
    for draw in draws {
        let dn = person(draw);
        made.push(organizational_unit(&container(draw)));
        made.push(user(&dn, draw.class.name(), &upn(draw), None));
        made.push(set_password(&dn, &old(draw)));
        made.push(enable(&dn, 512));
        owners.extend(draw.owner.map(|owner| {
            let owned = SecurityDescriptor {
                owner: Some(owner),
                ..SecurityDescriptor::default()
            };
            store(&dn, &owned)
        }));
        lists.push(store_list(&container(draw), &draw.container, draw.blocked));
        lists.extend(
            draw.own
                .as_ref()
                .map(|own| store_list(&dn, own, draw.protected)),
        );
    }
    domain.change(&made, SdFlags::LIST);
    domain.change(&owners, SdFlags::OWNER);
    domain.change(&lists, SdFlags::LIST);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.ldif");
    let seen = ["*", "nTSecurityDescriptor"];
    domain.collect(&file, &top, "(objectClass=*)", &seen);
    let facts = read(folder.path()).facts;
    let mut cases: Vec<_> = draws
        .iter()
        .map(|draw| {
            let row = facts.people.people.by_upn(&upn(draw)).unwrap();
            assert_eq!(row.class(), Some(draw.class.guid()));
            let permissions = &facts.permissions;
            let child = permissions.descriptors.get(row.descriptor().unwrap());
            AccessCase {
                number: draw.number,
                class: draw.class,
                sid: row.sid().unwrap(),
                parent: container_descriptor(permissions, &container(draw)).to_sddl(),
                child: child.unwrap().to_sddl(),
                attempts: Vec::new(),
            }
        })
        .collect();

    let mut tried = Vec::new();
    for draw in draws {
        let dn = person(draw);
        let change = change_password(&dn, &old(draw), &format!("Example-Change-{}", draw.number));
        let reset = set_password(&dn, &format!("Example-Reset-{}", draw.number));
        tried.push((Right::Change, change));
        tried.push((Right::Reset, reset));
        tried.push((Right::LockoutTime, replace(&dn, "lockoutTime", 0)));
        tried.push((Right::PwdLastSet, replace(&dn, "pwdLastSet", 0)));
        tried.push((Right::AccountExpires, replace(&dn, "accountExpires", 0)));
        let anchor = replace(&dn, "mS-DS-ConsistencyGuid", "sixteen-bytes-ok");
        tried.push((Right::ConsistencyGuid, anchor));
        // Comes last, since it may leave another list.
        let own = draw.own.clone().unwrap_or_default();
        tried.push((Right::WriteList, store_list(&dn, &own, draw.protected)));
    }
    let each = tried.len() / draws.len();
    let records: Vec<_> = tried.iter().map(|(_, record)| record.clone()).collect();
    let outcomes = domain.attempt(CONNECTOR, &records, SdFlags::LIST);
    let mut results = tried.iter().map(|(right, _)| *right).zip(outcomes);
    for case in &mut cases {
        case.attempts.extend(results.by_ref().take(each));
    }
    AccessBatch {
        account: lab.connector,
        token: lab.token.iter().copied().collect(),
        cases,
    }
}

fn container_descriptor<'a>(permissions: &'a PermissionFacts, dn: &str) -> &'a SecurityDescriptor {
    let object = &permissions.objects[&dn.to_lowercase()];
    permissions
        .descriptors
        .get(*object.descriptor.as_ref().unwrap())
        .unwrap()
}

fn failure(batch: &AccessBatch, case: &AccessCase) -> Option<String> {
    let mut tally = Tally::default();
    judge_case(batch, case, &mut tally);
    tally.failures().first().cloned()
}

/// Takes entries away while the case still fails, and says what is left.
fn shrink(lab: &Lab, mut draw: Draw) -> String {
    let mut tries = 0;
    let mut why = String::new();
    'smaller: loop {
        let own = draw.own.as_ref().map_or(0, Vec::len);
        for at in 0..draw.container.len() + own {
            let mut less = draw.clone();
            match at.checked_sub(less.container.len()) {
                None => drop(less.container.remove(at)),
                Some(at) => drop(less.own.as_mut().map(|own| own.remove(at))),
            }
            tries += 1;
            let batch = attempt(lab, std::slice::from_ref(&less), &format!("s{tries}x"));
            if let Some(still) = failure(&batch, &batch.cases[0]) {
                (why, draw) = (still, less);
                continue 'smaller;
            }
        }
        break;
    }
    let mut text = format!("the least that fails, after {tries} more attempts: {why}\n");
    let _ = writeln!(text, "on the container {}", as_sddl(draw.container));
    if let Some(own) = draw.own {
        let _ = writeln!(text, "on the person {}", as_sddl(own));
    }
    text
}
