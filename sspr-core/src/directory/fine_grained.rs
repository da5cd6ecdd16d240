//! Fine-grained password policies, and which one holds for a person.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::PasswordPolicyDraft;

/// A fine-grained password policy (`msDS-PasswordSettings`). It replaces all settings of the
/// domain's policy, not some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FineGrainedPolicy {
    /// Its name.
    pub name: String,
    /// Its distinguished name.
    pub dn: String,
    /// Its `objectGUID`, which decides between policies of the same precedence.
    pub guid: Option<Uuid>,
    /// Its precedence; the lowest number wins.
    pub precedence: u32,
    /// Distinguished names of the users and global groups it applies to, when all are known.
    pub applies_to: Option<Vec<String>>,
    /// Its settings.
    pub policy: PasswordPolicyDraft,
}

/// What decides which policy holds for an account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicySubject {
    /// The account's distinguished name.
    pub dn: String,
    /// Distinguished names of all global groups it is in, directly or through other groups, when
    /// all are known.
    pub groups: Option<Vec<String>>,
    /// Whether it is an ordinary account (`NORMAL_ACCOUNT`); no policy applies to others.
    pub normal: bool,
}

/// How a policy came to apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Applied {
    /// To the account itself.
    Directly,
    /// To a group that it is in.
    ThroughGroup(String),
}

/// The policy that holds for an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Resultant<'a> {
    /// The domain's own.
    Domain,
    /// A fine-grained policy.
    FineGrained(&'a FineGrainedPolicy, Applied),
    /// One of these, because memberships, identifiers or those it applies to are not known.
    Undecided {
        /// The fine-grained policies that may hold.
        among: Vec<&'a FineGrainedPolicy>,
        /// Whether the domain's own may hold too.
        or_domain: bool,
    },
}

impl FineGrainedPolicy {
    /// The policy that holds for an account, of **all** policies of its domain.
    ///
    /// Policies applied to the account itself come first, whatever their precedence; only without
    /// any do those of its groups count. The lowest precedence wins, then the smallest GUID
    /// (MS-ADTS 3.1.1.4.5.36). Who may not read the policies must not conclude that there are none.
    pub fn resultant<'a>(policies: &'a [Self], subject: &PolicySubject) -> Resultant<'a> {
        if !subject.normal {
            return Resultant::Domain;
        }
        let mut direct = Vec::new();
        let mut through_groups = Vec::new();
        let mut open = Vec::new();
        for policy in policies {
            let Some(applies_to) = &policy.applies_to else {
                open.push(policy);
                continue;
            };
            if applies_to.iter().any(|dn| same(dn, &subject.dn)) {
                direct.push((policy, Applied::Directly));
                continue;
            }
            match &subject.groups {
                Some(groups) => {
                    let group = groups
                        .iter()
                        .find(|group| applies_to.iter().any(|dn| same(dn, group)));
                    if let Some(group) = group {
                        through_groups.push((policy, Applied::ThroughGroup(group.clone())));
                    }
                }
                // It may name a group that the account is in.
                None if !applies_to.is_empty() => open.push(policy),
                None => {}
            }
        }
        if !direct.is_empty() {
            // A policy on a group cannot win any more.
            open.retain(|policy| policy.applies_to.is_none());
        }
        let candidates = if direct.is_empty() {
            through_groups
        } else {
            direct
        };
        best(candidates, open)
    }

    /// Orders policies as a directory does: the lowest precedence, then the smallest GUID by its
    /// bytes as they are stored.
    fn rank(&self) -> (u32, Option<[u8; 16]>) {
        (self.precedence, self.guid.map(|guid| guid.to_bytes_le()))
    }
}

/// The policy that wins among those that apply, unless one that may apply would beat it.
fn best<'a>(
    mut candidates: Vec<(&'a FineGrainedPolicy, Applied)>,
    mut open: Vec<&'a FineGrainedPolicy>,
) -> Resultant<'a> {
    let lowest = candidates.iter().map(|(policy, _)| policy.precedence).min();
    if let Some(lowest) = lowest {
        candidates.retain(|(policy, _)| policy.precedence == lowest);
        let direct = candidates
            .iter()
            .any(|(_, applied)| *applied == Applied::Directly);
        // A later precedence never wins, except that of a policy on the account itself, which
        // one of hidden targets may be, over those of groups.
        open.retain(|policy| policy.precedence <= lowest || policy.applies_to.is_none() && !direct);
    }
    let tied = candidates.len() > 1 && candidates.iter().any(|(policy, _)| policy.guid.is_none());
    if tied || !open.is_empty() {
        let or_domain = candidates.is_empty();
        let known = candidates.into_iter().map(|(policy, _)| policy);
        return Resultant::Undecided {
            among: known.chain(open).collect(),
            or_domain,
        };
    }
    match candidates
        .into_iter()
        .min_by_key(|(policy, _)| policy.rank())
    {
        Some((policy, applied)) => Resultant::FineGrained(policy, applied),
        None => Resultant::Domain,
    }
}

fn same(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PERSON: &str = "CN=jdoe,OU=People,DC=contoso,DC=com";
    const GROUP: &str = "CN=Operators,DC=contoso,DC=com";

    fn policy(name: &str, precedence: u32, guid: u128, applies_to: &[&str]) -> FineGrainedPolicy {
        FineGrainedPolicy {
            name: name.into(),
            dn: format!("CN={name},CN=Password Settings Container,CN=System,DC=contoso,DC=com"),
            guid: Some(Uuid::from_u128(guid)),
            precedence,
            applies_to: Some(applies_to.iter().map(|dn| (*dn).to_owned()).collect()),
            policy: PasswordPolicyDraft::default(),
        }
    }

    fn subject() -> PolicySubject {
        PolicySubject {
            dn: PERSON.into(),
            groups: Some(vec![GROUP.into()]),
            normal: true,
        }
    }

    fn name(policies: &[FineGrainedPolicy], subject: &PolicySubject) -> String {
        match FineGrainedPolicy::resultant(policies, subject) {
            Resultant::FineGrained(policy, _) => policy.name.clone(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn without_a_policy_the_domain_decides() {
        assert_eq!(
            FineGrainedPolicy::resultant(&[], &subject()),
            Resultant::Domain
        );
        let elsewhere = [policy("elsewhere", 1, 1, &["CN=other,DC=contoso,DC=com"])];
        assert_eq!(
            FineGrainedPolicy::resultant(&elsewhere, &subject()),
            Resultant::Domain
        );
    }

    #[test]
    fn a_policy_on_the_person_beats_any_on_a_group() {
        let policies = [
            policy("group", 1, 1, &[GROUP]),
            policy("person", 99, 2, &[PERSON]),
        ];
        assert_eq!(name(&policies, &subject()), "person");
    }

    #[test]
    fn the_lowest_precedence_wins_and_then_the_smallest_guid_as_stored() {
        let policies = [
            policy("later", 2, 1, &[GROUP]),
            policy("first", 1, 9, &[GROUP]),
        ];
        assert_eq!(name(&policies, &subject()), "first");
        // The first four bytes are stored in reverse, so 0x02000001 comes after 0x01000002.
        let policies = [
            policy("a", 1, 0x0100_0002 << 96, &[GROUP]),
            policy("b", 1, 0x0200_0001 << 96, &[GROUP]),
        ];
        assert_eq!(name(&policies, &subject()), "b");
    }

    #[test]
    fn the_same_precedence_without_an_identifier_stays_undecided() {
        let mut policies = [policy("a", 1, 1, &[GROUP]), policy("b", 1, 2, &[GROUP])];
        policies[0].guid = None;
        assert!(matches!(
            FineGrainedPolicy::resultant(&policies, &subject()),
            Resultant::Undecided { among, or_domain: false } if among.len() == 2
        ));
    }

    #[test]
    fn without_memberships_a_policy_on_others_may_hold() {
        let stranger = PolicySubject {
            groups: None,
            ..subject()
        };
        let policies = [policy("group", 1, 1, &[GROUP]), policy("nobody", 2, 2, &[])];
        assert!(matches!(
            FineGrainedPolicy::resultant(&policies, &stranger),
            Resultant::Undecided { among, or_domain: true } if among.len() == 1
        ));
        // One on the person settles it, whatever the groups are.
        let policies = [
            policy("group", 1, 1, &[GROUP]),
            policy("person", 9, 2, &[PERSON]),
        ];
        assert_eq!(name(&policies, &stranger), "person");
        assert_eq!(
            FineGrainedPolicy::resultant(&policies[..0], &stranger),
            Resultant::Domain
        );
    }

    #[test]
    fn a_policy_whose_targets_are_hidden_may_hold() {
        let mut policies = [
            policy("person", 9, 1, &[PERSON]),
            policy("hidden", 1, 2, &[]),
        ];
        policies[1].applies_to = None;
        assert!(matches!(
            FineGrainedPolicy::resultant(&policies, &subject()),
            Resultant::Undecided {
                or_domain: false,
                ..
            }
        ));
        // One of a later precedence cannot win, since a direct one stands against it.
        policies[1].precedence = 10;
        assert_eq!(name(&policies, &subject()), "person");
    }

    #[test]
    fn accounts_that_are_not_ordinary_have_no_fine_grained_policy() {
        let policies = [policy("person", 1, 1, &[PERSON])];
        let special = PolicySubject {
            normal: false,
            ..subject()
        };
        assert_eq!(
            FineGrainedPolicy::resultant(&policies, &special),
            Resultant::Domain
        );
    }

    proptest! {
        #[test]
        fn the_order_of_policies_never_matters(
            order in Just((0_usize..5).collect::<Vec<_>>()).prop_shuffle(),
            precedences in proptest::collection::vec(1_u32..3, 5),
        ) {
            let all: Vec<_> = precedences.iter().enumerate()
                .map(|(index, precedence)| {
                    let to = if index % 2 == 0 { GROUP } else { PERSON };
                    policy(&index.to_string(), *precedence, index as u128, &[to])
                })
                .collect();
            let shuffled: Vec<_> = order.iter().map(|index| all[*index].clone()).collect();
            prop_assert_eq!(name(&all, &subject()), name(&shuffled, &subject()));
        }
    }
}
