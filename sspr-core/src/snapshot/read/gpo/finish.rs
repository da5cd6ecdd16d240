//! Which domain a GPO is of, and which GPO a template is of, once all evidence has been read.

use std::collections::BTreeSet;

use crate::directory::TemplatePolicy;
use crate::directory::gpo::{Backup, TemplatePath};
use crate::evidence::{Claim, Provenance, Strength};
use crate::snapshot::Facts;
use crate::snapshot::facts::{GpoRow, GpoRows, host_key};
use crate::snapshot::read::directory::domain_names;

/// Gives templates their GPO, and GPOs their domain.
///
/// A report or a backup that names a domain of which nothing else is in evidence may be a sample
/// from elsewhere: it counts only where all of them name one domain and no other is known.
pub(in crate::snapshot::read) fn place(facts: &mut Facts) {
    let GpoRows {
        gpos,
        lists,
        rsops,
        templates,
        mut backups,
        gpt_ini,
    } = std::mem::take(&mut facts.gpo_rows);
    let domains = Domains::of(facts, &gpos);
    for row in gpos {
        if let Some(domain) = domains.find(row.domain.as_deref()) {
            take(facts, &domain, row);
        }
    }
    for (domain, Claim { value, from }) in lists {
        if let Some(domain) = domains.find(domain.as_deref()) {
            facts.domain(&domain).gpos.claim(value, from);
        }
    }
    for (path, mut template) in templates {
        match path {
            TemplatePath::Sysvol { folder, id, domain } if gpt_ini.contains(&folder) => {
                template.value.gpo = Some(id);
                template.value.domain = domain.filter(|domain| domains.all.contains(domain));
                template.from.strength = template.from.strength.min(Strength::Inferred);
            }
            TemplatePath::Backup { folder } => {
                if let Some(claims) = backups.get_mut(&folder) {
                    claims.sort_by_key(|claim| claim.from.source);
                    of_backup(&mut template, claims);
                }
            }
            TemplatePath::Sysvol { .. } => {}
        }
        let domain = template.value.domain.as_deref();
        match domain.and_then(|domain| domains.find(Some(domain))) {
            Some(domain) => facts.domain(&domain).templates.push(template),
            None => facts.unnamed_domain.templates.push(template),
        }
    }
    for rsop in rsops {
        let computer = rsop.value.computer.value();
        let controller = computer
            .and_then(|host| facts.controllers.get(&host_key(host)))
            .filter(|_| !rsop.value.planned);
        let domain = controller.and_then(|controller| {
            let own = controller.domain.value().cloned();
            own.or_else(|| domains.find(rsop.value.domain.as_deref()))
        });
        match domain {
            Some(domain) => facts.domain(&domain).rsops.push(rsop),
            None => facts.unnamed_domain.rsops.push(rsop),
        }
    }
}

/// What a backup says of itself is what counts for its template.
fn of_backup(template: &mut Claim<TemplatePolicy>, claims: &[Claim<Backup>]) {
    let backups = || claims.iter().map(|claim| &claim.value);
    template.value.gpo = backups().find_map(|backup| backup.gpo.value().copied());
    template.value.name = backups().find_map(|backup| backup.name.value().cloned());
    template.value.domain = backups().find_map(|backup| backup.domain.value().cloned());
    let made = claims.iter().find_map(|claim| claim.from.observed_at);
    template.from.observed_at = template.from.observed_at.or(made);
}

/// The domains that the evidence is about.
struct Domains {
    all: BTreeSet<String>,
}

impl Domains {
    fn of(facts: &Facts, rows: &[GpoRow]) -> Self {
        let mut all = domain_names(facts);
        if all.is_empty() {
            let named: BTreeSet<_> = rows.iter().filter_map(|row| row.domain.clone()).collect();
            if named.len() == 1 {
                all = named;
            }
        }
        Self { all }
    }

    /// The domain of a name; without one the only domain there is.
    fn find(&self, name: Option<&str>) -> Option<String> {
        match name {
            Some(name) => self.all.get(&name.to_ascii_lowercase()).cloned(),
            None if self.all.len() == 1 => self.all.first().cloned(),
            None => None,
        }
    }
}

fn take(facts: &mut Facts, domain: &str, row: GpoRow) {
    let gpo = facts.domain(domain).gpo(row.id);
    if let Some(name) = row.name {
        gpo.name.claim(name, row.from.clone());
    }
    if let Some(on) = row.computer_settings {
        gpo.computer_settings.claim(on, row.from.clone());
    }
    if let Some(policy) = row.policy {
        let from = Provenance {
            locator: policy.place,
            ..row.from.clone()
        };
        gpo.policy.claim(policy.value, from);
    }
    if let Some(links) = row.links {
        gpo.links.claim(links, row.from.clone());
    }
    gpo.seen_links
        .extend(row.seen_links.into_iter().map(|value| Claim {
            value,
            from: row.from.clone(),
        }));
}

/// The ids of the Default Domain Policy and the Default Domain Controllers Policy, of which every
/// domain has one.
const EVERYWHERE: [u128; 2] = [
    0x31B2_F340_016D_11D2_945F_00C0_4FB9_84F9,
    0x6AC1_786C_016F_11D2_945F_00C0_4FB9_84F9,
];

/// Finds the domain of a template among several by the id of its GPO, which only one of them has.
fn by_id(facts: &mut Facts) {
    for template in std::mem::take(&mut facts.unnamed_domain.templates) {
        let TemplatePolicy { gpo, domain, .. } = &template.value;
        let id = gpo.filter(|id| domain.is_none() && !EVERYWHERE.contains(&id.0.as_u128()));
        let mut holders = facts
            .domains
            .values_mut()
            .filter(|domain| id.is_some_and(|id| domain.gpo.contains_key(&id)));
        match (holders.next(), holders.next()) {
            (Some(domain), None) => domain.templates.push(template),
            _ => facts.unnamed_domain.templates.push(template),
        }
    }
}

/// Gives the policies of templates to their GPOs, by id, or by a name that only one GPO has.
pub(in crate::snapshot::read) fn settle(facts: &mut Facts) {
    by_id(facts);
    for domain in facts.domains.values_mut() {
        let templates = std::mem::take(&mut domain.templates);
        for template in templates {
            let TemplatePolicy { gpo, name, .. } = &template.value;
            let id = gpo.or_else(|| {
                let name = name.as_ref()?;
                let mut same = domain.gpo.iter().filter(|(_, gpo)| {
                    let known = gpo.name.value();
                    known.is_some_and(|known| known.eq_ignore_ascii_case(name))
                });
                let (id, _) = same.next()?;
                same.next().is_none().then_some(*id)
            });
            // What could be read of a template is held against the domain, and is no whole policy.
            let Some(id) = id.filter(|_| template.value.whole) else {
                domain.templates.push(template);
                continue;
            };
            let Claim { value, from } = template;
            let facts = domain.gpo(id);
            if let Some(name) = value.name {
                facts.name.claim(name, from.clone());
            }
            facts.policy.claim(value.policy, from);
        }
    }
}
