//! Who may make remote calls to a machine's Security Accounts Manager.

use crate::directory::security::{Granted, Mask, SidAliases, Target, Wanted};
use crate::directory::{RemoteSam, domain_dn, remote_sam_list};
use crate::evidence::{Gap, Unknown};

use super::{Access, Asker, USER, missing};

/// The machine that is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Machine<'a> {
    /// What to call it.
    pub(crate) name: &'a str,
    /// Its domain, by DNS name; a domain controller's where it is one.
    pub(crate) domain: Option<&'a str>,
    pub(crate) controller: bool,
    /// The fact that its setting is.
    pub(crate) fact: &'static str,
}

impl<'a> Access<'a> {
    /// The connector accounts that a setting keeps from calling a machine.
    pub(crate) fn kept_out<'s>(
        &'s self,
        machine: Machine<'_>,
        setting: &RemoteSam,
    ) -> Result<Vec<&'s Asker<'a>>, Unknown> {
        let RemoteSam::Restricted(sddl) = setting else {
            return Ok(Vec::new());
        };
        let domain = machine.domain.map(domain_dn);
        let askers: Vec<&Asker<'a>> = match &domain {
            Some(dn) if machine.controller => vec![self.asker(dn)?.1],
            _ => self.askers()?.iter().collect(),
        };
        let mut kept_out = Vec::new();
        for asker in askers {
            let aliases = self.aliases(machine, asker);
            let list = remote_sam_list(sddl, &aliases, machine.controller).map_err(|error| {
                let gap = Gap::Unreadable(error.to_string());
                missing(machine.fact, Some(machine.name), gap)
            })?;
            let target = Target {
                descriptor: &list,
                class: USER,
                sid: None,
            };
            // STANDARD_RIGHTS_READ is what a caller has to be granted.
            let answer = asker.holds(target, Wanted::Plain(Mask::READ_CONTROL));
            match answer.granted {
                Granted::Yes => {}
                Granted::No => kept_out.push(asker),
                Granted::Unknown => return Err(self.open(asker, &answer, machine.name)),
            }
        }
        Ok(kept_out)
    }

    fn aliases(&self, machine: Machine<'_>, asker: &Asker<'_>) -> SidAliases {
        let facts = self.cx.facts;
        let known = &facts.permissions.domain_sids;
        let own = asker.sid.is_domain_relative().then(|| asker.sid.domain());
        let domain = machine.domain.map(str::to_ascii_lowercase);
        let forest = domain
            .as_ref()
            .and_then(|name| facts.domains.get(name))
            .and_then(|domain| domain.forest.value());
        SidAliases {
            domain: domain.and_then(|name| known.get(&name).copied()).or(own),
            forest_root: forest.and_then(|name| known.get(&name.to_lowercase()).copied()),
        }
    }
}

/// The domain of a machine by its full name.
pub(crate) fn domain_of_host(host: &str) -> Option<&str> {
    host.split_once('.').map(|(_, domain)| domain)
}
