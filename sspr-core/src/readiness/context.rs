//! What a rule sees, and the questions that many rules ask.

use chrono::{DateTime, Utc};

use super::Configuration;
use crate::evidence::{Gap, Unknown};
use crate::policy::ResetScope;
use crate::snapshot::facts::{GroupFacts, Proof, ServerFacts};
use crate::snapshot::{Facts, Snapshot};
use crate::tenant::{PersonRef, SyncState};

/// What a rule sees: the facts, the configuration and the time of the verdict. No file, no clock.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// Facts, evidence and what was skipped.
    pub snapshot: &'a Snapshot,
    /// The configuration.
    pub config: &'a Configuration,
    /// The time the verdict is for.
    pub as_of: DateTime<Utc>,
}

impl<'a> Context<'a> {
    /// Whether the tenant has people whose password is managed on-premises. `Ok(false)` makes
    /// phases 2, 3, 4, 6 and permissions not applicable.
    pub fn has_synced_people(&self) -> Result<bool, Unknown> {
        let mut people = self.facts.people.people.iter();
        if people.any(|person| person.flags().synced() == Some(true)) {
            return Ok(true);
        }
        Ok(self.facts.tenant.sync.get()?.value == SyncState::On)
    }

    /// All Entra Connect servers that have a name, and the unnamed one when there is no other.
    pub fn servers(&self) -> impl Iterator<Item = &'a ServerFacts> + use<'a> {
        let facts = self.facts;
        let unnamed = facts.servers.is_empty().then_some(&facts.unnamed_server);
        facts.servers.values().chain(unnamed)
    }

    /// Servers that are not known to be in staging mode.
    pub fn active_servers(&self) -> impl Iterator<Item = &'a ServerFacts> + use<'a> {
        self.servers()
            .filter(|server| server.staging.value() != Some(&true))
    }

    /// The latest success of any kind, if it is not older than `contrary`.
    pub fn proof_since(&self, contrary: Option<DateTime<Utc>>) -> Option<&'a Proof> {
        let proof = self.facts.events.last_success()?;
        contrary
            .is_none_or(|time| proof.at >= time)
            .then_some(proof)
    }

    /// The latest self-service reset, if it is not older than `contrary`.
    pub fn reset_proof_since(&self, contrary: Option<DateTime<Utc>>) -> Option<&'a Proof> {
        let proof = self.facts.events.last_reset()?;
        contrary
            .is_none_or(|time| proof.at >= time)
            .then_some(proof)
    }

    /// The group that the scope selects: by its id, or by a name that only one group has.
    pub fn scope_group(&self) -> Option<&'a GroupFacts> {
        let ResetScope::Selected {
            group_id,
            group_name,
        } = self.facts.sspr.scope.value()?
        else {
            return None;
        };
        let groups = &self.facts.people.groups;
        if let Some(id) = group_id {
            return groups.get(id);
        }
        let name = group_name.as_deref()?;
        let mut named = groups.values().filter(|group| {
            let known = group.name.value();
            known.is_some_and(|known| known.eq_ignore_ascii_case(name))
        });
        let group = named.next()?;
        named.next().is_none().then_some(group)
    }

    /// Whether people may reset by the scope: everybody, nobody, or the members of a group.
    pub fn in_scope(&self) -> Result<InScope<'a>, Unknown> {
        let scope = self.facts.sspr.scope.get()?;
        match &scope.value {
            ResetScope::None => Ok(InScope::Nobody),
            ResetScope::All => Ok(InScope::Everybody),
            ResetScope::Selected { .. } => {
                let group = self.scope_group();
                let group = group.ok_or_else(|| Unknown::of("group.members"))?;
                let members = group.members.get()?;
                if members.value.complete && members.value.nested_groups {
                    Ok(InScope::Members(&members.value.ids))
                } else {
                    Err(Unknown {
                        missing: vec![crate::evidence::Missing {
                            fact: "group.members".into(),
                            subject: group.name.value().cloned(),
                            gap: Gap::Unreadable(
                                "the list of members is not known to be whole".into(),
                            ),
                        }],
                    })
                }
            }
        }
    }

    /// Everybody the evidence knows, when a source of kind `users` is known to be whole.
    pub fn all_people(&self) -> Result<impl Iterator<Item = PersonRef<'a>> + use<'a>, Unknown> {
        let people = &self.facts.people;
        if people
            .sources
            .iter()
            .any(|s| s.kind == "users" && s.complete)
        {
            let listed = |person: &PersonRef<'_>| person.flags().listed() == Some(true);
            Ok(people.people.iter().filter(listed))
        } else {
            Err(Unknown::of("people.users"))
        }
    }

    /// Enabled people in scope who are no guests, when users, scope and members are known.
    pub fn people_in_scope(
        &self,
    ) -> Result<impl Iterator<Item = PersonRef<'a>> + use<'a>, Unknown> {
        let scope = self.in_scope();
        let people = self.all_people();
        let (scope, people) = match (scope, people) {
            (Ok(scope), Ok(people)) => (scope, people),
            (Err(a), Err(b)) => return Err(a.and(b)),
            (Err(a), _) | (_, Err(a)) => return Err(a),
        };
        Ok(people.filter(move |person| {
            let flags = person.flags();
            flags.enabled() != Some(false) && flags.guest() != Some(true) && scope.has(person)
        }))
    }
}

/// Who is in scope.
#[derive(Debug, Clone, Copy)]
pub enum InScope<'a> {
    /// Nobody.
    Nobody,
    /// Everybody.
    Everybody,
    /// These object ids, sorted.
    Members(&'a [uuid::Uuid]),
}

impl InScope<'_> {
    /// Whether a person is.
    pub fn has(&self, person: &PersonRef<'_>) -> bool {
        match self {
            Self::Nobody => false,
            Self::Everybody => true,
            Self::Members(ids) => ids.binary_search(&person.id()).is_ok(),
        }
    }
}
