//! What the correlator is told of people and connector accounts, when all evidence has been read.

use super::super::Facts;
use crate::events::AuditRecord;
use crate::events::catalogue::Source;
use crate::evidence::Provenance;
use crate::roundtrip::{ConnectorAccount, Correlator, PasswordSet, PersonFacts};

impl Facts {
    /// Takes a record of the tenant's audit log.
    pub(crate) fn take_audit(&mut self, record: &AuditRecord, from: &Provenance) {
        self.audit.take(record, from);
        self.events.take_audit(record, from);
    }

    /// Joins events and records to operations.
    pub(crate) fn finish_events(&mut self) {
        let writes = |log: &super::LogFacts| log.count(Source::Writeback.provider()) > 0;
        // Without events about passwords nobody need be known.
        let is_needed =
            { self.events.logs.values() }.any(|log| writes(log) || log.password_events > 0);
        let mut correlator = std::mem::take(self.events.correlator());
        if is_needed {
            self.introduce(&mut correlator);
        }
        *self.events.correlator() = correlator;
        self.events.finish();
    }

    /// Tells a correlator, before its end, who the people are, when the directory says that their
    /// passwords were set, and which accounts the connectors use.
    pub fn introduce(&self, correlator: &mut Correlator) {
        let lists = self
            .people
            .sources
            .iter()
            .filter(|source| source.kind == "adUsers");
        let list = lists
            .map(|source| &source.from)
            .min_by_key(|from| from.source);
        for person in self.people.people.iter() {
            let account = person
                .directory_names()
                .map(|names| names.account.to_owned());
            let account = account.filter(|account| !account.is_empty());
            if let (Some(at), Some(from)) = (person.password_set(), list) {
                let set = PasswordSet {
                    user: Some(person.upn().to_owned()).filter(|user| !user.is_empty()),
                    account: account.clone(),
                    domain: None,
                    at,
                };
                correlator.push_password_set(&set, from);
            }
            if !person.upn().is_empty() && (account.is_some() || !person.id().is_nil()) {
                correlator.settings().people.push(PersonFacts {
                    user: person.upn().to_owned(),
                    account,
                    object_id: Some(person.id()).filter(|id| !id.is_nil()),
                    ..PersonFacts::default()
                });
            }
        }
        correlator.settings().connectors = self.connector_accounts();
    }

    /// The accounts that connectors use, as servers and people name them.
    fn connector_accounts(&self) -> Vec<ConnectorAccount> {
        let servers = self.servers.values().chain([&self.unnamed_server]);
        let named = servers
            .filter_map(|server| server.connectors.value())
            .flatten()
            .filter_map(|connector| connector.account.as_deref());
        let stated = self.permissions.stated_connectors.iter();
        let mut accounts: Vec<_> = named
            .chain(stated.map(|claim| claim.value.name.as_str()))
            .map(|name| {
                // A name with a DNS name before it says nothing of the short one.
                let (domain, name) = match name.rsplit_once('\\') {
                    Some((domain, name)) => (Some(domain), name),
                    None => (None, name.split('@').next().unwrap_or(name)),
                };
                ConnectorAccount {
                    name: Some(name.to_owned()),
                    domain: domain
                        .filter(|domain| !domain.contains('.'))
                        .map(str::to_owned),
                    sid: None,
                }
            })
            .collect();
        accounts.sort_by(|a, b| (&a.name, &a.domain).cmp(&(&b.name, &b.domain)));
        accounts.dedup();
        accounts
    }
}
