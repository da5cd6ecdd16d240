//! What is read: bases, filters and attributes of every search.

use serde::Serialize;

use super::filter::Filter;
use super::message::{PAGED, SD_FLAGS};
use super::search::{DESCRIPTOR, Search};
use super::settings::Settings;
use crate::directory::security::Sid;
use crate::directory::{dns_domain, domain_dn};
use crate::error::Result;

/// The names of the places that are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Places {
    /// The domain's distinguished name.
    pub(super) domain: String,
    /// The configuration's distinguished name.
    pub(super) configuration: String,
    /// Below which people are read.
    pub(super) people: String,
}

/// Attributes of the rootDSE that every file begins with.
pub(super) const HEAD: &[&str] = &[
    "dnsHostName",
    "defaultNamingContext",
    "rootDomainNamingContext",
    "currentTime",
];
pub(super) const ROOT_DSE: &[&str] = &[
    "dnsHostName",
    "defaultNamingContext",
    "rootDomainNamingContext",
    "configurationNamingContext",
    "supportedControl",
    "currentTime",
];
pub(super) const DOMAIN: &[&str] = &[
    "objectClass",
    "objectSid",
    "minPwdAge",
    "maxPwdAge",
    "minPwdLength",
    "pwdHistoryLength",
    "pwdProperties",
    "lockoutThreshold",
    "lockoutDuration",
    "lockOutObservationWindow",
    "gPLink",
    "gPOptions",
    DESCRIPTOR,
];
const PARTITION: &[&str] = &["objectClass", "nCName", "nETBIOSName"];
const DIRECTORY_SERVICE: &[&str] = &["objectClass", "dSHeuristics"];
const SECURED: &[&str] = &["objectClass", DESCRIPTOR];
const CONTAINER: &[&str] = &["objectClass", "gPLink", "gPOptions", DESCRIPTOR];
const GPO: &[&str] = &["objectClass", "cn", "displayName", "flags"];
const POLICY: &[&str] = &[
    "objectClass",
    "objectCategory",
    "whenCreated",
    "name",
    "objectGUID",
    "msDS-PasswordSettingsPrecedence",
    "msDS-PasswordReversibleEncryptionEnabled",
    "msDS-PasswordHistoryLength",
    "msDS-PasswordComplexityEnabled",
    "msDS-MinimumPasswordLength",
    "msDS-MinimumPasswordAge",
    "msDS-MaximumPasswordAge",
    "msDS-LockoutThreshold",
    "msDS-LockoutObservationWindow",
    "msDS-LockoutDuration",
    "msDS-PSOAppliesTo",
];
pub(super) const GROUP: &[&str] = &[
    "objectClass",
    "objectSid",
    "sAMAccountName",
    "groupType",
    "member",
    "memberOf",
];
const ACCOUNT: &[&str] = &[
    "objectClass",
    "objectSid",
    "sAMAccountName",
    "userPrincipalName",
    "description",
    "userAccountControl",
    "msDS-User-Account-Control-Computed",
    "pwdLastSet",
    "lockoutTime",
    "accountExpires",
    "adminCount",
    "userWorkstations",
    "memberOf",
    "primaryGroupID",
    "sIDHistory",
    "tokenGroups",
];
const PERSON: &[&str] = &[
    "objectClass",
    "objectSid",
    "sAMAccountName",
    "userPrincipalName",
    "displayName",
    "userAccountControl",
    "pwdLastSet",
    "lockoutTime",
    "adminCount",
    "memberOf",
    "primaryGroupID",
    "msDS-ResultantPSO",
    "msDS-PSOApplied",
    DESCRIPTOR,
];

/// Groups whose members are protected as administrators, and the one that may hold everybody.
const BUILTIN_GROUPS: [u32; 7] = [544, 548, 549, 550, 551, 552, 554];
const DOMAIN_GROUPS: [u32; 3] = [512, 518, 519];

/// The server's own entry. `tokenGroups` tells who the reader is.
pub(super) fn root_dse() -> Search {
    Search::object("", ROOT_DSE)
}

/// Who answers, what time it is there, and who asks.
pub(super) fn look() -> Search {
    let mut search = Search::object("", ROOT_DSE);
    search.attributes.push("tokenGroups".into());
    search
}

/// What time it is there.
pub(super) fn head() -> Search {
    Search::object("", HEAD)
}

impl Places {
    /// Of a domain whose configuration lies elsewhere perhaps.
    pub(super) fn new(domain: &str, configuration: &str, settings: &Settings) -> Self {
        Self {
            domain: domain.to_owned(),
            configuration: configuration.to_owned(),
            people: settings.base.clone().unwrap_or_else(|| domain.to_owned()),
        }
    }

    pub(super) fn domain(&self) -> Search {
        Search::object(&self.domain, DOMAIN)
    }

    pub(super) fn partitions(&self) -> Search {
        let base = format!("CN=Partitions,{}", self.configuration);
        Search::below(base, Filter::Present("nETBIOSName"), PARTITION)
    }

    pub(super) fn directory_service(&self) -> Search {
        let base = format!(
            "CN=Directory Service,CN=Windows NT,CN=Services,{}",
            self.configuration
        );
        Search::object(base, DIRECTORY_SERVICE)
    }

    pub(super) fn admin_sd_holder(&self) -> Search {
        Search::object(
            format!("CN=AdminSDHolder,CN=System,{}", self.domain),
            SECURED,
        )
    }

    pub(super) fn sam_server(&self) -> Search {
        Search::object(format!("CN=Server,CN=System,{}", self.domain), SECURED)
    }

    pub(super) fn containers(&self) -> Search {
        let kinds = ["organizationalUnit", "container", "builtinDomain"];
        let kinds = kinds.map(|kind| Filter::equal("objectCategory", kind));
        Search::below(&self.domain, Filter::Or(kinds.into()), CONTAINER)
    }

    pub(super) fn gpos(&self) -> Search {
        Search::below(
            format!("CN=Policies,CN=System,{}", self.domain),
            Filter::equal("objectClass", "groupPolicyContainer"),
            GPO,
        )
    }

    fn policy_container_name(&self) -> String {
        format!("CN=Password Settings Container,CN=System,{}", self.domain)
    }

    pub(super) fn policy_container(&self) -> Search {
        Search::object(self.policy_container_name(), SECURED)
    }

    pub(super) fn fine_grained_policies(&self) -> Search {
        Search::below(
            self.policy_container_name(),
            Filter::equal("objectClass", "msDS-PasswordSettings"),
            POLICY,
        )
    }

    /// The groups by which administrators are protected. Without the domain's SID those of the
    /// domain are left out.
    pub(super) fn protected_groups(&self, domain: Option<Sid>) -> Search {
        let builtin = BUILTIN_GROUPS.iter().map(|rid| Sid::new(5, [32, *rid]));
        let own = DOMAIN_GROUPS
            .iter()
            .filter_map(|rid| domain?.with_rid(*rid));
        let sids = builtin.chain(own);
        let sids = sids.map(|sid| Filter::equal("objectSid", sid.to_string()));
        Search::below(&self.domain, Filter::Or(sids.collect()), GROUP)
    }

    /// The groups that are members of groups.
    pub(super) fn groups_inside(&self, groups: &[String]) -> Search {
        let groups = groups.iter().map(|dn| Filter::equal("memberOf", dn));
        let filter = Filter::And(vec![
            Filter::equal("objectCategory", "group"),
            Filter::Or(groups.collect()),
        ]);
        Search::below(&self.domain, filter, GROUP)
    }

    /// The connector account by its name, or accounts that look like one.
    pub(super) fn connectors(&self, name: Option<&str>) -> Search {
        let filter = match name {
            Some(name) => named(name),
            None => Filter::And(vec![
                Filter::Present("sAMAccountName"),
                Filter::Or(vec![
                    Filter::Begins("sAMAccountName", "MSOL_".into()),
                    Filter::Begins("sAMAccountName", "AAD_".into()),
                    Filter::Begins("sAMAccountName", "ADSync".into()),
                    Filter::Begins("sAMAccountName", "pGMSA_".into()),
                    Filter::Begins("sAMAccountName", "provAgentgMSA".into()),
                    Filter::Holds("description", "Active Directory Connect".into()),
                    Filter::Holds("description", "Azure AD Connect".into()),
                    Filter::Holds("description", "Entra Connect".into()),
                ]),
                Filter::Not(Box::new(Filter::equal("objectCategory", "group"))),
            ]),
        };
        Search::below(&self.domain, filter, &["objectSid"])
    }

    /// An account with the groups that the directory resolves for it alone.
    pub(super) fn account(dn: &str) -> Search {
        Search::object(dn, ACCOUNT)
    }

    /// The numbers by which people are split into files.
    pub(super) fn people_numbers(&self) -> Search {
        Search::below(&self.people, people(), &["uSNCreated"])
    }

    /// People of a range of those numbers.
    pub(super) fn people(&self, from: Option<u64>, to: Option<u64>) -> Search {
        let mut filters = vec![people()];
        filters.extend(from.map(|from| Filter::AtLeast("uSNCreated", from)));
        filters.extend(to.map(|to| Filter::AtMost("uSNCreated", to)));
        let filter = match filters.as_slice() {
            [_, _, ..] => Filter::And(filters),
            _ => people(),
        };
        Search::below(&self.people, filter, PERSON)
    }

    /// People by their names.
    pub(super) fn people_named(&self, names: &[String]) -> Search {
        let names = names.iter().map(|name| named(name));
        let filter = Filter::And(vec![people(), Filter::Or(names.collect())]);
        Search::below(&self.people, filter, PERSON)
    }
}

/// People, inetOrgPersons among them; contacts and computers are none.
fn people() -> Filter {
    Filter::And(vec![
        Filter::equal("objectCategory", "person"),
        Filter::equal("objectClass", "user"),
    ])
}

/// An account by distinguished name, user principal name or account name.
fn named(name: &str) -> Filter {
    let name = name.trim();
    if dns_domain(name).is_some() {
        return Filter::equal("distinguishedName", name);
    }
    if name.contains('@') {
        return Filter::equal("userPrincipalName", name);
    }
    let account = name.rsplit('\\').next().unwrap_or(name);
    Filter::equal("sAMAccountName", account)
}

/// A search that [`collect`](fn@super::collect) will make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedSearch {
    /// The part of the evidence it is for, such as `people`.
    pub part: &'static str,
    /// What it is for, in a sentence.
    pub why: &'static str,
    /// The distinguished name it begins at; empty for the server's own entry.
    pub base: String,
    /// `base` or `sub`.
    pub scope: &'static str,
    /// The filter, as RFC 4515 writes it.
    pub filter: String,
    /// The attributes that are asked for.
    pub attributes: Vec<String>,
    /// The controls that are sent, by object identifier.
    pub controls: Vec<&'static str>,
    /// The same search as a command of OpenLDAP.
    pub command: String,
}

/// Every search that a run with these settings makes, without asking any server. What only the
/// server knows stands in angle brackets.
pub fn plan(settings: &Settings) -> Result<Vec<PlannedSearch>> {
    settings.checked()?;
    let domain = settings.base.as_deref().and_then(dns_domain);
    let domain = domain.map_or_else(
        || "<defaultNamingContext>".to_owned(),
        |name| domain_dn(&name),
    );
    let places = Places::new(&domain, "<configurationNamingContext>", settings);
    let mut searches = vec![
        (
            "rootdse",
            "Who answers, its clock and the controls it supports, and who asks",
            look(),
        ),
        (
            "configuration",
            "Short names of domains",
            places.partitions(),
        ),
        (
            "configuration",
            "Operators that are exempt from protection",
            places.directory_service(),
        ),
        (
            "domain",
            "The password policy and the access list of the domain",
            places.domain(),
        ),
        (
            "system",
            "The access list of protected accounts",
            places.admin_sd_holder(),
        ),
        (
            "system",
            "The access list of the SAM server object",
            places.sam_server(),
        ),
        (
            "containers",
            "The access lists of organizational units and containers",
            places.containers(),
        ),
        ("gpos", "Names of group policies", places.gpos()),
        (
            "policies",
            "Whether fine-grained policies could be hidden",
            places.policy_container(),
        ),
        (
            "policies",
            "Fine-grained password policies",
            places.fine_grained_policies(),
        ),
        (
            "groups",
            "Groups by which administrators are protected",
            places.protected_groups(None),
        ),
        (
            "groups",
            "Groups inside those, level by level",
            places.groups_inside(&["<group>".into()]),
        ),
        (
            "connector",
            "The connector account",
            places.connectors(settings.connector_account.as_deref()),
        ),
        (
            "connector",
            "Its state and its groups, one account each",
            Places::account("<account>"),
        ),
    ];
    if settings.people.is_empty() {
        searches.push((
            "people",
            "How people are split into files",
            places.people_numbers(),
        ));
        searches.push(("people", "People, file by file", places.people(None, None)));
    } else {
        for names in settings.people.chunks(NAMES) {
            searches.push((
                "people",
                "The people who were named",
                places.people_named(names),
            ));
        }
    }
    let planned = searches.into_iter().map(|(part, why, search)| {
        let mut controls = Vec::new();
        controls.extend(search.descriptors.then_some(SD_FLAGS));
        controls.extend(search.is_paged().then_some(PAGED));
        PlannedSearch {
            part,
            why,
            base: search.base.clone(),
            scope: search.scope_name(),
            filter: search.filter.to_string(),
            attributes: search.attributes.iter().map(ToString::to_string).collect(),
            controls,
            command: search.command(),
        }
    });
    Ok(planned.collect())
}

/// How many names one search asks for.
pub(super) const NAMES: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_what_is_asked_for_is_planned_and_nothing_is_connected_to() {
        let settings = Settings {
            base: Some("OU=Staff,DC=contoso,DC=com".into()),
            ..Settings::new("ldaps://dc01.contoso.com", "jdoe@contoso.com", "out")
        };
        let plan = plan(&settings).unwrap();
        let people = plan.last().unwrap();
        assert_eq!(people.base, "OU=Staff,DC=contoso,DC=com");
        assert_eq!(
            people.filter,
            "(&(objectCategory=person)(objectClass=user))"
        );
        assert_eq!(people.controls, [SD_FLAGS, PAGED]);
        let domain = plan.iter().find(|search| search.part == "domain").unwrap();
        assert_eq!(
            (domain.base.as_str(), domain.scope),
            ("DC=contoso,DC=com", "base")
        );
        for search in &plan {
            assert!(
                !search.attributes.iter().any(|name| name.contains('*')),
                "{search:?}"
            );
            assert!(
                !search
                    .attributes
                    .iter()
                    .any(|name| name.contains("Pwd") && name.starts_with("unicode"))
            );
        }
    }

    #[test]
    fn a_name_is_taken_for_what_it_is_and_cannot_widen_the_filter() {
        let show = |name: &str| named(name).to_string();
        assert_eq!(
            show("jdoe@contoso.com"),
            "(userPrincipalName=jdoe@contoso.com)"
        );
        assert_eq!(show("CONTOSO\\jdoe"), "(sAMAccountName=jdoe)");
        assert_eq!(
            show("*)(objectClass=*"),
            r"(sAMAccountName=\2a\29\28objectClass=\2a)"
        );
        assert_eq!(
            show("CN=Doe\\, Jane,DC=contoso,DC=com"),
            r"(distinguishedName=CN=Doe\5c, Jane,DC=contoso,DC=com)"
        );
    }
}
