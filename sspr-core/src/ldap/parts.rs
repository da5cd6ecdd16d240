//! The parts that are read in one piece: everything but people.

use super::collect::{Found, Run};
use super::connection::End;
use super::message::Entry;
use super::plan::{self, Places};
use super::search::Search;
use super::sheet::Sheet;
use crate::directory::security::{
    Granted, Mask, ObjectClass, SecurityDescriptor, Sid, Target, Token, Wanted, guids, inherit_into,
};
use crate::error::Result;
use crate::evidence::{NotAvailableReason, Subject, SubjectType};

/// Groups whose members are asked for in one search.
const GROUPS: usize = 50;
/// The most groups inside protected groups that are followed.
const MOST_GROUPS: usize = 20_000;

impl Run<'_, '_> {
    /// All of them, in their order.
    pub(super) fn parts(&mut self) -> Result<()> {
        self.part("rootdse", Self::root_dse)?;
        self.part("configuration", Self::configuration)?;
        self.part("domain", Self::domain)?;
        self.part("system", Self::system)?;
        self.part("containers", |run, sheet| {
            let search = run.places.containers();
            run.list("containers", "securityDescriptors", &search, sheet)
        })?;
        self.part("gpos", |run, sheet| {
            let search = run.places.gpos();
            run.list("gpos", "gptTmpl", &search, sheet)
        })?;
        self.part("policies", Self::policies)?;
        self.part("groups", Self::groups)?;
        self.part("connector", Self::connector)?;
        self.own_token()
    }

    fn root_dse(&mut self, sheet: &mut Sheet<'_>) -> Result<Found> {
        let search = plan::root_dse();
        let mut found = Found::by(&search);
        let entry = self.write_object(&search, sheet)?.unwrap_or_default();
        found.complete = Some(true);
        found.subject = entry.text("dnsHostName").map(|host| Subject {
            kind: SubjectType::Host,
            id: None,
            name: Some(host.to_owned()),
        });
        if entry.values("supportedControl").is_empty() {
            let detail = "the server does not tell which controls it supports".to_owned();
            found.missing("rootDse", NotAvailableReason::NoPermission, detail);
        }
        Ok(found)
    }

    fn configuration(&mut self, sheet: &mut Sheet<'_>) -> Result<Found> {
        let search = self.places.partitions();
        let mut found = self.list("configuration", "adDomain", &search, sheet)?;
        let service = self.places.directory_service();
        if self.write_object(&service, sheet)?.is_none() {
            let detail = format!("{} is not visible to the account that reads", service.base);
            found.missing("directoryService", NotAvailableReason::NoPermission, detail);
        }
        Ok(found)
    }

    fn domain(&mut self, sheet: &mut Sheet<'_>) -> Result<Found> {
        let search = self.places.domain();
        let mut found = Found::by(&search);
        let entry = self.write_object(&search, sheet)?.unwrap_or_default();
        let hidden: Vec<_> = [
            "minPwdAge",
            "maxPwdAge",
            "minPwdLength",
            "pwdHistoryLength",
            "pwdProperties",
        ]
        .into_iter()
        .filter(|name| entry.values(name).is_empty())
        .collect();
        found.complete = Some(hidden.is_empty());
        if !hidden.is_empty() {
            let detail = format!("not visible on {}: {}", search.base, hidden.join(", "));
            found.missing(
                "domainPasswordPolicy",
                NotAvailableReason::NoPermission,
                detail,
            );
        }
        Ok(found)
    }

    fn system(&mut self, sheet: &mut Sheet<'_>) -> Result<Found> {
        let searches = [self.places.admin_sd_holder(), self.places.sam_server()];
        let mut found = Found::by(&searches[0]);
        for search in &searches {
            if self.write_object(search, sheet)?.is_none() {
                let detail = format!("{} is not visible to the account that reads", search.base);
                found.missing(
                    "securityDescriptors",
                    NotAvailableReason::NoPermission,
                    detail,
                );
            }
        }
        Ok(found)
    }

    /// Fine-grained policies. A directory leaves out what the reader may not see and says nothing
    /// of it, so that a list counts as whole only where the reader provably sees all.
    fn policies(&mut self, sheet: &mut Sheet<'_>) -> Result<Found> {
        let container = self.places.policy_container();
        let container = self.write_object(&container, sheet)?;
        let search = self.places.fine_grained_policies();
        let mut found = Found::by(&search);
        let mut hidden = 0_u64;
        let end = self.write_all("policies", &search, sheet, None, &mut |entry| {
            hidden += u64::from(entry.values("msDS-PasswordSettingsPrecedence").is_empty());
        })?;
        let sees_all = container.is_some_and(|container| self.sees_all_policies(&container));
        found.complete = Some(sees_all && hidden == 0 && end == End::Whole);
        match end {
            End::Whole | End::NoObject | End::Denied if found.complete != Some(true) => {
                let detail = if hidden > 0 {
                    format!("{hidden} fine-grained policies are visible by name alone")
                } else {
                    "the account that reads may not see fine-grained policies, so that there may \
                     be more than were given; a member of Domain Admins sees them"
                        .to_owned()
                };
                found.missing(
                    "fineGrainedPolicies",
                    NotAvailableReason::NoPermission,
                    detail,
                );
            }
            _ => found.ended("fineGrainedPolicies", &end, &search.base),
        }
        Ok(found)
    }

    /// Whether every policy in the container is given to the reader: it may list the container, and
    /// read what is made in it, by an entry that passes on or as Domain Admins, whom the schema
    /// lets read each policy.
    fn sees_all_policies(&self, container: &Entry) -> bool {
        let Some(bytes) = container.bytes(super::search::DESCRIPTOR) else {
            return false;
        };
        let Ok(descriptor) = SecurityDescriptor::parse(bytes) else {
            return false;
        };
        let Some(own) = self.look.token.first() else {
            return false;
        };
        let token = Token::exact(*own, self.look.token.iter().copied());
        let holds = |descriptor: &SecurityDescriptor, mask| {
            let class = ObjectClass(guids::PASSWORD_SETTINGS);
            let target = Target {
                descriptor,
                class,
                sid: None,
            };
            target.check(&token, Wanted::Plain(mask)).granted == Granted::Yes
        };
        let is_admin = self
            .look
            .token
            .iter()
            .any(|sid| sid.is_domain_relative() && sid.rid() == Some(512));
        let reads = is_admin || {
            let mut child = descriptor.clone();
            if let Some(list) = &mut child.dacl {
                let class = ObjectClass(guids::PASSWORD_SETTINGS);
                list.entries = inherit_into(&list.entries, class, None, None);
            }
            holds(&child, Mask::READ_PROPERTY)
        };
        reads && holds(&descriptor, Mask::LIST_CONTENTS)
    }

    /// The protected groups, and the groups inside them.
    fn groups(&mut self, sheet: &mut Sheet<'_>) -> Result<Found> {
        let sid = self.connection.object(&self.places.domain())?;
        let sid = sid.and_then(|entry| Sid::parse(entry.bytes("objectSid")?).ok());
        let first = self.places.protected_groups(sid);
        let mut found = Found::by(&first);
        let mut known = std::collections::BTreeSet::new();
        let mut open = vec![first];
        while let Some(search) = open.pop() {
            let page = self.settings.page_size;
            let mut entries = Vec::new();
            let end = self.connection.search(&search, page, &mut |_, page| {
                entries.extend(page);
                Ok(())
            })?;
            found.ended("adGroups", &end, &search.base);
            let mut fresh = Vec::new();
            for entry in entries {
                if known.insert(entry.dn.to_lowercase()) {
                    let again = Search::object(&entry.dn, plan::GROUP);
                    self.write_object(&again, sheet)?;
                    fresh.push(entry.dn);
                }
            }
            if known.len() > MOST_GROUPS {
                let detail = format!("more than {MOST_GROUPS} groups lie inside protected groups");
                found.missing("adGroups", NotAvailableReason::Error, detail);
                break;
            }
            open.extend(
                fresh
                    .chunks(GROUPS)
                    .map(|names| self.places.groups_inside(names)),
            );
        }
        Ok(found)
    }

    /// The names of the accounts that may be the connector's, with their SIDs.
    fn connectors(&mut self) -> Result<Vec<(String, Option<Sid>)>> {
        let name = self.settings.connector_account.as_deref();
        let search = self.places.connectors(name);
        let page = self.settings.page_size;
        let mut accounts = Vec::new();
        self.connection.search(&search, page, &mut |_, entries| {
            accounts.extend(entries.into_iter().map(|entry| {
                let sid = entry
                    .bytes("objectSid")
                    .and_then(|sid| Sid::parse(sid).ok());
                (entry.dn, sid)
            }));
            Ok(())
        })?;
        Ok(accounts)
    }

    fn connector(&mut self, sheet: &mut Sheet<'_>) -> Result<Found> {
        let name = self.settings.connector_account.as_deref();
        let mut found = Found::by(&self.places.connectors(name));
        let accounts = self.connectors()?;
        for (dn, _) in &accounts {
            let account = self.write_object(&Places::account(dn), sheet)?;
            if account.is_none_or(|account| account.values("tokenGroups").is_empty()) {
                let detail = format!("the groups of {dn} (tokenGroups) were not given");
                found.missing("accountGroups", NotAvailableReason::NoPermission, detail);
            }
        }
        if accounts.is_empty() {
            let detail = match name {
                Some(name) => format!("no account {name} was found"),
                None => {
                    "no account looks like a connector account; name it with --connector-account"
                        .to_owned()
                }
            };
            found.missing("serviceAccounts", NotAvailableReason::Error, detail);
        }
        Ok(found)
    }

    /// What the reader is, where it is the connector account itself: the exact list.
    fn own_token(&mut self) -> Result<()> {
        let accounts = self.connectors()?;
        let own = accounts
            .iter()
            .filter_map(|(_, sid)| *sid)
            .find(|sid| self.look.token.contains(sid));
        let Some(own) = own else { return Ok(()) };
        self.part("connector-token", |run, sheet| {
            let search = Search::object("", &["tokenGroups"]);
            let mut found = Found::by(&search);
            run.write_object(&search, sheet)?;
            found.complete = Some(true);
            found.subject = Some(Subject {
                kind: SubjectType::User,
                id: Some(own.to_string()),
                name: None,
            });
            Ok(found)
        })
    }

    /// A part that is one search.
    fn list(
        &mut self,
        part: &str,
        what: &str,
        search: &Search,
        sheet: &mut Sheet<'_>,
    ) -> Result<Found> {
        let mut found = Found::by(search);
        let end = self.write_all(part, search, sheet, None, &mut |_| {})?;
        found.complete = Some(end == End::Whole);
        found.ended(what, &end, &search.base);
        Ok(found)
    }
}
