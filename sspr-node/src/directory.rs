//! `sspr.directory`: Active Directory.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use serde::{Deserialize, Serialize};
use sspr::carrier::inf::Inf;
use sspr::directory::security::guids::KnownGuid;
use sspr::directory::security::{
    Ace, Decision, ObjectClass, SidAliases, Target, Wanted, well_known,
};
use sspr::directory::{
    AccountNames, Complexity, DomainAnswer, FineGrainedPolicy, NetAccounts, PasswordGap,
    PasswordPolicyDraft, PolicyReadings, PolicySubject,
};

use crate::fault::{caught, faults, own, refused};
use crate::plain::Plain;
use crate::value::{Bytes, Json};

fn sid(text: &str) -> napi::Result<sspr::directory::security::Sid> {
    text.parse().map_err(|error| own(&error))
}

fn class(name: Option<&str>) -> napi::Result<ObjectClass> {
    let name = name.unwrap_or("user");
    ObjectClass::named(name).ok_or_else(|| refused(&format!("there is no class {name:?}")))
}

/// A security identifier, such as `S-1-5-32-554`.
#[napi(namespace = "directory")]
pub struct Sid {
    inner: sspr::directory::security::Sid,
}

#[napi(namespace = "directory")]
impl Sid {
    /// Reads the text form.
    #[napi(constructor)]
    pub fn new(text: String) -> napi::Result<Self> {
        caught(|| sid(&text).map(|inner| Self { inner }))
    }

    /// Reads the binary form.
    #[napi(factory)]
    pub fn from_bytes(bytes: Bytes) -> napi::Result<Self> {
        caught(|| {
            sspr::directory::security::Sid::parse(&bytes.0)
                .map(|inner| Self { inner })
                .map_err(|error| own(&error))
        })
    }

    /// The binary form.
    #[napi]
    pub fn to_bytes(&self) -> Buffer {
        self.inner.to_bytes().into()
    }

    /// The sub-authorities.
    #[napi(getter)]
    pub fn subs(&self) -> Vec<u32> {
        self.inner.subs().to_vec()
    }

    /// The last sub-authority, the relative identifier.
    #[napi(getter)]
    pub fn rid(&self) -> Option<u32> {
        self.inner.rid()
    }

    /// The well-known name, where there is one.
    #[napi(getter)]
    pub fn name(&self) -> Option<&'static str> {
        well_known::name(&self.inner)
    }

    /// The text form.
    #[napi(js_name = "toString")]
    pub fn text(&self) -> String {
        self.inner.to_string()
    }

    /// The text form, for `JSON.stringify`.
    #[napi(js_name = "toJSON")]
    pub fn to_json(&self) -> String {
        self.inner.to_string()
    }
}

/// A security descriptor, with everything that its bytes say.
#[napi(namespace = "directory")]
pub struct SecurityDescriptor {
    inner: sspr::directory::security::SecurityDescriptor,
}

#[napi(namespace = "directory")]
impl SecurityDescriptor {
    /// Reads a self-relative descriptor, such as an `nTSecurityDescriptor`.
    #[napi(factory)]
    pub fn from_bytes(bytes: Bytes) -> napi::Result<Self> {
        caught(|| {
            sspr::directory::security::SecurityDescriptor::parse(&bytes.0)
                .map(|inner| Self { inner })
                .map_err(|error| own(&error))
        })
    }

    /// Reads SDDL. `domain` and `forestRoot` are the SIDs that aliases such as `DA` and `EA` need.
    #[napi(factory)]
    pub fn from_sddl(
        text: String,
        domain: Option<String>,
        forest_root: Option<String>,
    ) -> napi::Result<Self> {
        caught(|| {
            let aliases = SidAliases {
                domain: domain.as_deref().map(sid).transpose()?,
                forest_root: forest_root.as_deref().map(sid).transpose()?,
            };
            sspr::directory::security::SecurityDescriptor::from_sddl(&text, &aliases)
                .map(|inner| Self { inner })
                .map_err(|error| own(&error))
        })
    }

    /// The binary form, as Windows lays it out.
    #[napi]
    pub fn to_bytes(&self) -> napi::Result<Buffer> {
        caught(|| {
            let bytes = self.inner.to_bytes().map_err(|error| own(&error))?;
            Ok(bytes.into())
        })
    }

    /// The descriptor as SDDL.
    #[napi]
    pub fn to_sddl(&self) -> String {
        self.inner.to_sddl()
    }

    /// The owner's SID.
    #[napi(getter)]
    pub fn owner(&self) -> Option<String> {
        self.inner.owner.map(|sid| sid.to_string())
    }

    /// The primary group's SID.
    #[napi(getter)]
    pub fn group(&self) -> Option<String> {
        self.inner.group.map(|sid| sid.to_string())
    }

    /// The entries of the access list, as they lie; null where there is none, which grants everything.
    #[napi(getter)]
    pub fn aces(&self) -> Plain<Option<Vec<Ace>>> {
        Plain(self.inner.access_list().map(<[Ace]>::to_vec))
    }

    /// Whether the access list is protected against what its parent passes on.
    #[napi(getter)]
    pub fn is_protected(&self) -> bool {
        self.inner.is_protected()
    }
}

/// Everything that an account is when it asks: itself, its groups and the implicit members.
#[napi(namespace = "directory")]
pub struct Token {
    inner: sspr::directory::security::Token,
}

#[napi(namespace = "directory")]
impl Token {
    /// From `tokenGroups` of the account's own connection, which is exact.
    #[napi(factory)]
    pub fn exact(account: String, token_groups: Vec<String>) -> napi::Result<Self> {
        caught(|| {
            let groups = sids(&token_groups)?;
            Ok(Self {
                inner: sspr::directory::security::Token::exact(sid(&account)?, groups),
            })
        })
    }

    /// From what a directory stores: who is a member of which security group, by SID, followed
    /// through any nesting; the primary group; the SID history. The implicit members are added.
    #[napi(factory)]
    pub fn from_memberships(
        account: String,
        memberships: HashMap<String, Vec<String>>,
        primary_group: Option<String>,
        sid_history: Option<Vec<String>>,
    ) -> napi::Result<Self> {
        caught(|| {
            let memberships = memberships
                .iter()
                .map(|(member, groups)| Ok((sid(member)?, sids(groups)?)))
                .collect::<napi::Result<HashMap<_, _>>>()?;
            Ok(Self {
                inner: sspr::directory::security::Token::from_memberships(
                    sid(&account)?,
                    primary_group.as_deref().map(sid).transpose()?,
                    sids(&sid_history.unwrap_or_default())?,
                    &memberships,
                ),
            })
        })
    }

    /// The account's SID.
    #[napi(getter)]
    pub fn account(&self) -> String {
        self.inner.account().to_string()
    }

    /// All its SIDs, in order.
    #[napi(getter)]
    pub fn sids(&self) -> Vec<String> {
        self.inner.sids().map(ToString::to_string).collect()
    }
}

fn sids(texts: &[String]) -> napi::Result<Vec<sspr::directory::security::Sid>> {
    texts.iter().map(|text| sid(text)).collect()
}

/// The answer of an access check, with the entry that decided.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    /// The answer.
    #[serde(flatten)]
    decision: Decision,
    /// The entry that decided, when one did.
    ace: Option<Ace>,
    /// The answer with its reason, in a sentence.
    reason: String,
}

/// Whether `token` holds a right on an object with this descriptor. The right is named, such as
/// `Reset Password` or `lockoutTime` (to write it), or a GUID; the class is `user` unless
/// `objectClass` says otherwise; `sid` is the object's own, for entries that speak of SELF.
#[napi(namespace = "directory")]
pub fn check(
    descriptor: &SecurityDescriptor,
    token: &Token,
    right: String,
    object_class: Option<String>,
    sid: Option<String>,
) -> napi::Result<Plain<Checked>> {
    caught(|| {
        let wanted = Wanted::named(&right)
            .ok_or_else(|| refused(&format!("there is no right {right:?}")))?;
        let target = Target {
            descriptor: &descriptor.inner,
            class: class(object_class.as_deref())?,
            sid: sid.as_deref().map(self::sid).transpose()?,
        };
        let decision = target.check(&token.inner, wanted);
        let entries = descriptor.inner.access_list().unwrap_or_default();
        let ace = decision.entry.and_then(|index| entries.get(index)).cloned();
        let reason = decision.reason(&descriptor.inner, wanted);
        Ok(Plain(Checked {
            decision,
            ace,
            reason,
        }))
    })
}

/// The entries that a child of a class inherits from its parent, in order. `owner` and `group` are
/// the child's SIDs.
#[napi(namespace = "directory")]
pub fn inherit_into(
    parent: &SecurityDescriptor,
    object_class: Option<String>,
    owner: Option<String>,
    group: Option<String>,
) -> napi::Result<Plain<Vec<Ace>>> {
    caught(|| {
        let entries = parent.inner.access_list().unwrap_or_default();
        Ok(Plain(sspr::directory::security::inherit_into(
            entries,
            class(object_class.as_deref())?,
            owner.as_deref().map(sid).transpose()?,
            group.as_deref().map(sid).transpose()?,
        )))
    })
}

/// The settings of a password policy, every one possible and none at odds with another.
#[napi(namespace = "directory")]
pub struct PasswordPolicy {
    inner: sspr::directory::PasswordPolicy,
}

#[napi(namespace = "directory")]
impl PasswordPolicy {
    /// Checks a draft. Throws an `SsprError` whose `faults` list everything that is wrong with it.
    #[napi(constructor)]
    pub fn new(draft: Json<PasswordPolicyDraft>) -> napi::Result<Self> {
        let draft = draft.read()?;
        caught(|| {
            sspr::directory::PasswordPolicy::try_from(draft)
                .map(|inner| Self { inner })
                .map_err(|found| faults(&found.to_string(), &found))
        })
    }

    /// All settings. Spans of time are seconds, or `never`.
    #[napi(getter)]
    pub fn settings(&self) -> Plain<PasswordPolicyDraft> {
        Plain(*self.inner.settings())
    }

    /// The settings, for `JSON.stringify`.
    #[napi(js_name = "toJSON")]
    pub fn to_json(&self) -> Plain<PasswordPolicyDraft> {
        self.settings()
    }
}

/// Which policy holds for a person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Holds {
    /// The domain's own.
    Domain,
    /// A fine-grained one.
    FineGrained,
    /// That is open.
    Undecided,
}

/// Which of several fine-grained policies holds for a person, in what way, or why that is open.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultantPolicy {
    /// Which.
    holds: Holds,
    /// The policy that holds, where one does.
    policy: Option<FineGrainedPolicy>,
    /// The group through which it holds, where it does so through one.
    through: Option<String>,
    /// The policies that may hold, where it is not decided.
    among: Vec<FineGrainedPolicy>,
    /// Whether the domain's own may hold, where it is not decided.
    or_domain: bool,
}

/// The policy that holds for a person by the rules of Active Directory.
#[napi(namespace = "directory")]
pub fn resultant_policy(
    policies: Json<Vec<FineGrainedPolicy>>,
    subject: Json<PolicySubject>,
) -> napi::Result<Plain<ResultantPolicy>> {
    use sspr::directory::{Applied, Resultant};

    let (policies, subject) = (policies.read()?, subject.read()?);
    caught(|| {
        let mut answer = ResultantPolicy {
            holds: Holds::Domain,
            policy: None,
            through: None,
            among: Vec::new(),
            or_domain: false,
        };
        match FineGrainedPolicy::resultant(&policies, &subject) {
            Resultant::Domain => {}
            Resultant::FineGrained(policy, applied) => {
                answer.holds = Holds::FineGrained;
                answer.policy = Some(policy.clone());
                answer.through = match applied {
                    Applied::Directly => None,
                    Applied::ThroughGroup(group) => Some(group),
                };
            }
            Resultant::Undecided { among, or_domain } => {
                answer.holds = Holds::Undecided;
                answer.among = among.into_iter().cloned().collect();
                answer.or_domain = or_domain;
            }
        }
        Ok(Plain(answer))
    })
}

/// Reads what `net accounts` prints, in any language of Windows that is known here.
#[napi(namespace = "directory")]
pub fn parse_net_accounts(text: String) -> napi::Result<Plain<NetAccounts>> {
    caught(|| {
        sspr::directory::parse_net_accounts(&text)
            .map(Plain)
            .map_err(|error| own(&error))
    })
}

/// Reads the password policy in a security template (`GptTmpl.inf`, `secedit /export`).
#[napi(namespace = "directory")]
pub fn parse_template(text: String) -> napi::Result<Plain<PolicyReadings>> {
    caught(|| Ok(Plain(sspr::directory::parse_template(&Inf::parse(&text)))))
}

/// Whether a candidate meets the complexity requirements of a domain. The candidate is not kept.
#[napi(namespace = "directory")]
pub fn complexity(
    candidate: String,
    account: String,
    display: Option<String>,
) -> napi::Result<Plain<Complexity>> {
    caught(|| {
        let names = AccountNames {
            account: &account,
            display: display.as_deref(),
        };
        Ok(Plain(Complexity::of(&candidate, names)))
    })
}

/// What is known of an account that a password is for.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AccountState {
    /// `sAMAccountName`; without it names are not looked for.
    account: Option<String>,
    /// `displayName`.
    display: Option<String>,
    /// When the password was set last.
    password_set: Option<DateTime<Utc>>,
    /// The password must be changed at the next logon.
    must_change: Option<bool>,
    /// The account is disabled.
    disabled: Option<bool>,
    /// The account may not change its password.
    cannot_change: Option<bool>,
    /// The account is locked out at that time.
    locked: Option<bool>,
    /// No password is required of it.
    password_not_required: Option<bool>,
}

/// What is done to a password.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "camelCase")]
pub enum PasswordOperation {
    /// By somebody who knows the old one.
    Change,
    /// As password writeback resets it.
    Reset,
}

/// What a domain with this policy would answer to a candidate, which is not kept. What is not said
/// of the account is taken as not known.
#[napi(namespace = "directory")]
pub fn predict(
    candidate: String,
    policy: Json<PasswordPolicyDraft>,
    as_of: DateTime<Utc>,
    operation: Option<Json<PasswordOperation>>,
    account: Option<Json<AccountState>>,
) -> napi::Result<Plain<DomainAnswer>> {
    use sspr::directory::PasswordOperation as Core;

    let policy = policy.read()?;
    let operation = match operation.map(|word| word.word()).transpose()? {
        Some(PasswordOperation::Change) => Core::Change,
        Some(PasswordOperation::Reset) | None => Core::WRITEBACK_RESET,
    };
    let account = account.map_or_else(|| Ok(AccountState::default()), |account| account.read())?;
    caught(|| {
        let state = sspr::directory::AccountState {
            names: account.account.as_deref().map(|name| AccountNames {
                account: name,
                display: account.display.as_deref(),
            }),
            password_set: account.password_set,
            must_change: account.must_change,
            disabled: account.disabled,
            cannot_change: account.cannot_change,
            locked: account.locked,
            password_not_required: account.password_not_required,
        };
        let answer = DomainAnswer::of(&candidate, &policy, &state, operation, as_of);
        Ok(Plain(answer))
    })
}

/// The GUIDs of rights, attributes, property sets and classes that matter to writeback.
#[napi(namespace = "directory")]
pub fn known_guids() -> Plain<&'static [KnownGuid]> {
    Plain(sspr::directory::security::guids::known_guids())
}

/// The classes of passwords that the cloud takes and a domain with this policy refuses.
#[napi(namespace = "directory")]
pub fn password_gap(policy: Json<PasswordPolicyDraft>) -> napi::Result<Plain<Vec<PasswordGap>>> {
    let policy = policy.read()?;
    caught(|| Ok(Plain(PasswordGap::of(&policy))))
}
