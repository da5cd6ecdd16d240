//! GPOs as sources of the password policy: which one wins at the root of a domain, and why another
//! one does not.

use super::directory::domain_name;
use crate::directory::gpo::{GpoId, GpoLink, LinkPlace, PlaceKind, PlacedLink};
use crate::directory::{PolicySetting, SettingValue, domain_dn};
use crate::evidence::{Claim, Known, Provenance, Unknown};
use crate::readiness::{Context, quoted};
use crate::snapshot::facts::{DomainFacts, GpoFacts};

/// What to call a GPO.
pub(crate) fn gpo_name(id: GpoId, gpo: Option<&GpoFacts>) -> String {
    let name = gpo.and_then(|gpo| gpo.name.value());
    name.cloned().unwrap_or_else(|| id.to_string())
}

/// The command that opens a GPO in its editor.
pub(crate) fn edit(id: GpoId, domain: &str) -> String {
    let path = format!("LDAP://CN={id},CN=Policies,CN=System,{}", domain_dn(domain));
    format!("mmc.exe gpme.msc /gpobject:{}", quoted(&path))
}

/// Where the editor keeps the password policy.
pub(crate) const ACCOUNT_POLICIES: &str = "Computer Configuration > Policies > Windows Settings > \
    Security Settings > Account Policies";

/// Refreshes the policy where it is written into the domain.
pub(crate) fn refresh(domain: &str) -> String {
    format!(
        "Invoke-Command -ComputerName (Get-ADDomain -Identity {}).PDCEmulator {{ gpupdate.exe \
         /target:computer /force }}",
        quoted(domain)
    )
}

/// The GPO that a link at a domain's root leads to, with the DNS name of its domain.
pub(crate) fn linked<'a>(
    cx: &Context<'a>,
    domain: &'a DomainFacts,
    link: &GpoLink,
) -> (String, Option<&'a GpoFacts>) {
    let own = domain_name(domain);
    let name = link.domain.as_deref().unwrap_or(own);
    let holder = if name.eq_ignore_ascii_case(own) {
        Some(domain)
    } else {
        cx.facts.domains.get(name)
    };
    let gpo = holder.and_then(|holder| holder.gpo.get(&link.gpo));
    (name.to_owned(), gpo)
}

/// The links at a domain's root that count, the one that wins first: enforced links before the
/// others, then by link order.
pub(crate) fn by_precedence(links: &[GpoLink]) -> Vec<&GpoLink> {
    let mut counting: Vec<_> = links.iter().filter(|link| link.enabled).collect();
    counting.sort_by_key(|link| (!link.enforced, link.order));
    counting
}

/// How a link ranks, in words.
pub(crate) fn rank(link: &GpoLink) -> String {
    let enforced = if link.enforced { ", enforced" } else { "" };
    format!("link order {}{enforced}", link.order)
}

/// That nothing is known of the content of a GPO.
pub(crate) fn unread(id: GpoId) -> Unknown {
    Known::<()>::absent("gpo.passwordPolicy")
        .of(id.to_string())
        .unknown()
}

/// The GPO whose value of a setting a domain is meant to have.
#[derive(Debug)]
pub(crate) struct Winner<'a> {
    pub(crate) id: GpoId,
    pub(crate) name: String,
    /// The DNS name of the GPO's domain.
    pub(crate) domain: String,
    pub(crate) value: SettingValue,
    /// Why it wins, in words.
    pub(crate) why: String,
    pub(crate) from: Vec<&'a Provenance>,
}

/// The GPO that wins a setting at the root of a domain; none where no GPO there defines it.
///
/// Links, their GPOs' states and contents decide. Where one of them is not known, a domain
/// controller that says which GPO it took the setting from does.
pub(crate) fn winner<'a>(
    cx: &Context<'a>,
    domain: &'a DomainFacts,
    setting: PolicySetting,
) -> Result<Option<Winner<'a>>, Unknown> {
    by_links(cx, domain, setting).or_else(|unknown| match by_controller(domain, setting) {
        Some(winner) => Ok(Some(winner)),
        None => Err(unknown),
    })
}

fn by_links<'a>(
    cx: &Context<'a>,
    domain: &'a DomainFacts,
    setting: PolicySetting,
) -> Result<Option<Winner<'a>>, Unknown> {
    let links = domain.gpo_links.get()?;
    for link in by_precedence(&links.value) {
        let (owner, gpo) = linked(cx, domain, link);
        let gpo = gpo.ok_or_else(|| unread(link.gpo))?;
        let on = gpo.computer_settings.get()?;
        if !on.value {
            continue;
        }
        let policy = gpo.policy.get()?;
        if let Some(value) = setting.of(&policy.value) {
            return Ok(Some(Winner {
                id: link.gpo,
                name: gpo_name(link.gpo, Some(gpo)),
                domain: owner,
                value,
                why: rank(link),
                from: vec![&links.from, &policy.from],
            }));
        }
    }
    Ok(None)
}

fn by_controller(domain: &DomainFacts, setting: PolicySetting) -> Option<Winner<'_>> {
    let latest = domain.rsops.iter();
    let Claim { value: rsop, from } =
        latest.max_by_key(|claim| (claim.from.observed_at, claim.from.source))?;
    let id = *rsop.sources.get(&setting)?;
    let value = setting.of(&rsop.policy.draft())?;
    let named = rsop.gpos.iter().find(|gpo| gpo.id == id);
    let owner = named.and_then(|gpo| gpo.domain.clone());
    let computer = rsop
        .computer
        .value()
        .map_or("a domain controller", String::as_str);
    Some(Winner {
        id,
        name: gpo_name(id, domain.gpo.get(&id)),
        domain: owner.unwrap_or_else(|| domain_name(domain).to_owned()),
        value,
        why: format!("as gpresult on {computer} says"),
        from: vec![from],
    })
}

/// How a GPO stands at the root of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AtRoot {
    Linked,
    Disabled,
    NotLinked,
    Unknown,
}

/// How a GPO of a domain stands at the domain's root.
pub(crate) fn at_root(domain: &DomainFacts, id: GpoId, gpo: &GpoFacts) -> AtRoot {
    let own = domain_name(domain);
    if let Some(links) = domain.gpo_links.value() {
        let link = links.iter().find(|link| {
            let owner = link.domain.as_deref();
            link.gpo == id && owner.is_none_or(|owner| owner.eq_ignore_ascii_case(own))
        });
        return match link {
            Some(link) if link.enabled => AtRoot::Linked,
            Some(_) => AtRoot::Disabled,
            None => AtRoot::NotLinked,
        };
    }
    let at = |link: &&PlacedLink| {
        link.place.kind == PlaceKind::Domain && link.place.name.eq_ignore_ascii_case(own)
    };
    if let Some(links) = gpo.links.value() {
        return match links.iter().find(at).map(|link| link.enabled) {
            Some(Some(true)) => AtRoot::Linked,
            Some(Some(false)) => AtRoot::Disabled,
            Some(None) => AtRoot::Unknown,
            None => AtRoot::NotLinked,
        };
    }
    let mut seen = gpo.seen_links.iter().map(|claim| &claim.value).filter(at);
    if seen.any(|link| link.enabled == Some(true)) {
        AtRoot::Linked
    } else {
        AtRoot::Unknown
    }
}

/// The containers below the domain's root that a GPO is linked at with an enabled link.
pub(crate) fn below(gpo: &GpoFacts) -> Vec<(&LinkPlace, &Provenance)> {
    let all = gpo.links.claims().first().into_iter();
    let all = all.flat_map(|claim| claim.value.iter().map(move |link| (link, &claim.from)));
    let seen = gpo
        .seen_links
        .iter()
        .map(|claim| (&claim.value, &claim.from));
    let mut found: Vec<(&LinkPlace, &Provenance)> = Vec::new();
    for (link, from) in all.chain(seen) {
        let counts = link.place.kind == PlaceKind::Below && link.enabled == Some(true);
        if counts && !found.iter().any(|(known, _)| known.is_same(&link.place)) {
            found.push((&link.place, from));
        }
    }
    found.sort_by_key(|(place, _)| place.name.to_lowercase());
    found
}

#[cfg(test)]
mod tests;
