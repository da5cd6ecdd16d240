//! Who may do what: entries that pass from a parent to a child, and the access check.

use serde::{Deserialize, Serialize};
use sspr::directory::security::{
    Ace, Acl, Control, Granted, Mask, ObjectClass, SecurityDescriptor, Sid, SidAliases, Target,
    Token, Wanted, guids, inherit_into,
};

use crate::deviations;
use crate::record::Outcome;
use crate::tally::Tally;

/// People with their descriptors, and what one account was let do to them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessBatch {
    /// The connector account.
    pub(crate) account: Sid,
    /// Its token, as the server has it.
    pub(crate) token: Vec<Sid>,
    pub(crate) cases: Vec<AccessCase>,
}

/// One person.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessCase {
    pub(crate) number: u64,
    pub(crate) class: Class,
    pub(crate) sid: Sid,
    /// The descriptor of the container, in SDDL.
    pub(crate) parent: String,
    /// The descriptor of the person, in SDDL.
    pub(crate) child: String,
    pub(crate) attempts: Vec<(Right, Outcome)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Class {
    User,
    InetOrgPerson,
}

impl Class {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::InetOrgPerson => "inetOrgPerson",
        }
    }

    pub(crate) fn guid(self) -> ObjectClass {
        ObjectClass(match self {
            Self::User => guids::USER,
            Self::InetOrgPerson => guids::INET_ORG_PERSON,
        })
    }
}

/// What the connector account tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Right {
    Change,
    Reset,
    LockoutTime,
    PwdLastSet,
    AccountExpires,
    ConsistencyGuid,
    WriteList,
}

impl Right {
    fn wanted(self) -> Wanted {
        match self {
            Self::Change => Wanted::ControlAccess(guids::CHANGE_PASSWORD),
            Self::Reset => Wanted::ControlAccess(guids::RESET_PASSWORD),
            Self::LockoutTime => Wanted::write(guids::LOCKOUT_TIME),
            Self::PwdLastSet => Wanted::write(guids::PWD_LAST_SET),
            Self::AccountExpires => Wanted::write(guids::ACCOUNT_EXPIRES),
            Self::ConsistencyGuid => Wanted::write(guids::CONSISTENCY_GUID),
            Self::WriteList => Wanted::Plain(Mask::WRITE_DAC),
        }
    }
}

pub(crate) fn judge(batch: &AccessBatch, tally: &mut Tally) {
    for case in &batch.cases {
        judge_case(batch, case, tally);
    }
}

pub(crate) fn judge_case(batch: &AccessBatch, case: &AccessCase, tally: &mut Tally) {
    let token = Token::exact(batch.account, batch.token.iter().copied());
    let (parent, child) = (descriptor(&case.parent), descriptor(&case.child));
    judge_inheritance(case, &parent, &child, tally);
    let target = Target {
        descriptor: &child,
        class: case.class.guid(),
        sid: Some(case.sid),
    };
    for (right, outcome) in &case.attempts {
        let predicted = target.check(&token, right.wanted());
        let real = match outcome {
            Outcome::Done => Granted::Yes,
            Outcome::Denied => Granted::No,
            _ => Granted::Unknown,
        };
        if predicted.granted == real && real != Granted::Unknown {
            tally.agrees(format!("right of {right:?} {outcome:?} agrees"));
            continue;
        }
        match deviations::of_access(&target, &token, right.wanted(), real) {
            Some(by) => tally.excused(&by),
            None => tally.fails(format!(
                "access case {}, {right:?}: predicted {predicted:?}, the server said {outcome:?}\n{}",
                case.number, case.child
            )),
        }
    }
}

fn judge_inheritance(
    case: &AccessCase,
    parent: &SecurityDescriptor,
    child: &SecurityDescriptor,
    tally: &mut Tally,
) {
    let stored: Vec<_> = child
        .access_list()
        .unwrap_or_default()
        .iter()
        .filter(|ace| ace.has(Ace::INHERITED))
        .cloned()
        .collect();
    let expected = if child.is_protected() {
        Vec::new()
    } else {
        let entries = parent.access_list().unwrap_or_default();
        inherit_into(entries, case.class.guid(), child.owner, child.group)
    };
    if stored == expected {
        tally.agrees("inheritance agrees");
    } else {
        tally.fails(format!(
            "access case {}: the server stored, and should have\n{}\n{}\nfrom {}",
            case.number,
            as_sddl(stored),
            as_sddl(expected),
            case.parent
        ));
    }
}

/// Reads a descriptor, through both of its forms.
fn descriptor(sddl: &str) -> SecurityDescriptor {
    let text = SecurityDescriptor::from_sddl(sddl, &SidAliases::default()).unwrap();
    let bytes = SecurityDescriptor::parse(&text.to_bytes().unwrap()).unwrap();
    assert_eq!(bytes.access_list(), text.access_list());
    assert_eq!(bytes.to_sddl(), sddl);
    bytes
}

pub(crate) fn as_sddl(entries: Vec<Ace>) -> String {
    SecurityDescriptor {
        control: Control(Control::DACL_PRESENT),
        dacl: Some(Acl {
            revision: 4,
            entries,
        }),
        ..SecurityDescriptor::default()
    }
    .to_sddl()
}
