//! Tenants of any size.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::objects::{
    app_roles, audits, authorization, conditional_access, domains, events, features, federation,
    group, methods, organization, resets_by_day, rules, skus, subscriptions, synchronization,
    template, time,
};
use super::rows::Rows;
use super::tenant::Tenant;

/// How large a tenant is, and what it has.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// People, guests and disabled ones included; five at least.
    pub users: usize,
    /// Every so many-th of them is a member of the pilot group.
    pub pilot: usize,
    /// Records of the audit log.
    pub audits: usize,
    /// When the tenant looks like this.
    pub at: DateTime<Utc>,
    /// Whether somebody saved the password rules once.
    pub password_rules: bool,
    /// Whether people are synchronised at all.
    pub synchronised: bool,
    /// Whether there is a domain beside that is federated.
    pub federated: bool,
    /// The application id of Microsoft's password reset service; the US Government has its own.
    pub reset_service: &'static str,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            users: 1000,
            pilot: 3,
            audits: 300,
            at: DateTime::from_timestamp(1_795_165_200, 0).unwrap_or_default(),
            password_rules: true,
            synchronised: true,
            federated: false,
            reset_service: "93625bc8-bfe2-437a-97e0-3d0060024faa",
        }
    }
}

pub(super) const TENANT: &str = "be9c0000-0000-4000-9000-000000000001";
const PILOT_GROUP: &str = "be9c0000-0000-4000-9000-000000000002";
const NESTED_GROUP: &str = "be9c0000-0000-4000-9000-000000000008";
const RESET_SERVICE: &str = "be9c0000-0000-4000-9000-000000000003";
const REPORTS: &str = "reports/authenticationMethods";
/// The template of the role Helpdesk Administrator.
const HELPDESK: &str = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
/// The template of the role Global Administrator.
pub(super) const ADMINISTRATORS: &str = "62e90394-69f5-4237-9190-012177145e10";
pub(super) const SUITE: &str = "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46";
pub(super) const PREMIUM: &str = "41781fb2-bc02-4b7c-bd55-b576c07bb09d";
/// The numbers below this one are people of their own.
const OWN: usize = 4;
/// Kinds of the others.
const KINDS: usize = 48;

impl Tenant {
    /// A tenant of this size. The people are always the same for the same size.
    pub fn generated(size: &Size) -> Self {
        let kinds: Vec<Kind> = (0..OWN + KINDS)
            .map(|number| Kind::new(number, size))
            .collect();
        let of = |render: &dyn Fn(&Kind) -> Value| {
            Rows::mixed(kinds.iter().map(render).collect(), OWN, size.users)
        };
        let users = of(&|kind| kind.user(size));
        let registered = of(&|kind| kind.registration(size)).only(|row| !row.is_null());
        let features = features(&registered);
        let step = size.pilot.max(1);
        // The administrator is a member by way of a group.
        let direct = |kind: &Kind| match kind.number {
            0 => as_member(&group(NESTED_GROUP, "SSPR-Helpdesk", true), "group"),
            _ => as_member(&kind.user(size), "user"),
        };
        let deep = |kind: &Kind| as_member(&kind.user(size), "user");
        let is_member = |row: &Value| row["userType"] != "Guest";
        let admins: Vec<_> = kinds.iter().take(2).map(deep).collect();
        let nested = vec![deep(&kinds[0])];
        let helpdesk = vec![as_member(
            &group(NESTED_GROUP, "SSPR-Helpdesk", true),
            "group",
        )];

        let mut tenant = Self::new(TENANT, &["contoso.com", "contoso.onmicrosoft.com"])
            .with_rows("organization", Rows::each(vec![organization(size, false)]))
            .with_rows(
                "beta/organization",
                Rows::each(vec![organization(size, true)]),
            )
            .with_rows("domains", Rows::each(domains(size.federated)))
            .with_rows("subscribedSkus", Rows::each(skus(&users)))
            .with_rows("directory/subscriptions", Rows::each(subscriptions(size)))
            .with_rows(
                "identity/conditionalAccess/policies",
                Rows::each(conditional_access()),
            )
            .with_rows(
                "auditLogs/directoryAudits",
                Rows::each(audits(size, &users)),
            )
            .with_rows(&format!("{REPORTS}/userRegistrationDetails"), registered)
            .with_object(&format!("{REPORTS}/usersRegisteredByFeature"), features)
            .with_rows(
                &format!("beta/{REPORTS}/userPasswordResetsAndChangesSummary"),
                Rows::each(resets_by_day(size)),
            )
            .with_rows(
                &format!("beta/{REPORTS}/userEventsSummary"),
                Rows::each(events(size)),
            )
            .with_object("policies/authorizationPolicy", authorization())
            .with_object("policies/authenticationMethodsPolicy", methods())
            .with_rows(
                "groups",
                Rows::each(vec![
                    group(PILOT_GROUP, "SSPR-Pilot", false),
                    group(NESTED_GROUP, "SSPR-Helpdesk", true),
                ]),
            )
            .with_rows(
                &format!("groups/{PILOT_GROUP}/members"),
                of(&direct).every(step).only(is_member),
            )
            .with_rows(
                &format!("groups/{PILOT_GROUP}/transitiveMembers"),
                of(&deep).every(step).only(is_member),
            )
            .with_rows(
                &format!("groups/{NESTED_GROUP}/members"),
                Rows::each(nested),
            )
            .with_rows("groupSettingTemplates", Rows::each(vec![template()]))
            .with_rows("users", users);
        for path in ["groupSettings", "beta/settings"] {
            let saved = size.password_rules.then(rules);
            tenant = tenant.with_rows(path, Rows::each(saved.into_iter().collect()));
        }
        if size.federated {
            tenant = tenant.with_rows(
                "domains/fabrikam.com/federationConfiguration",
                Rows::each(vec![federation()]),
            );
        }
        let none = Rows::default;
        let synchronised = size.synchronised;
        let synchronization = |beta| Rows::each(vec![synchronization(beta)]);
        let service = json!({
            "id": RESET_SERVICE, "appId": size.reset_service, "displayName": "Microsoft password reset service"
        });
        let (services, assigned) = (
            Rows::each(vec![service]),
            Rows::each(app_roles(RESET_SERVICE)),
        );
        let sync = "directory/onPremisesSynchronization";
        tenant = if synchronised {
            tenant
                .with_rows(sync, synchronization(false))
                .with_rows(&format!("beta/{sync}"), synchronization(true))
                .with_rows("servicePrincipals", services)
                .with_rows(
                    &format!("servicePrincipals/{RESET_SERVICE}/appRoleAssignedTo"),
                    assigned,
                )
        } else {
            tenant
                .with_rows(sync, none())
                .with_rows("servicePrincipals", none())
        };
        roles(
            tenant,
            [
                (ADMINISTRATORS, "Global Administrator", admins),
                (HELPDESK, "Helpdesk Administrator", helpdesk),
            ],
        )
    }

    /// The id of the pilot group of a generated tenant; its first member is a group.
    pub fn pilot_group() -> &'static str {
        PILOT_GROUP
    }
}

/// An object as it stands in a list of members.
pub(super) fn as_member(object: &Value, kind: &str) -> Value {
    let mut member = object.clone();
    member["@odata.type"] = format!("#microsoft.graph.{kind}").into();
    member
}

/// The activated roles, by template, name and members.
pub(super) fn roles<'a>(
    tenant: Tenant,
    roles: impl IntoIterator<Item = (&'a str, &'a str, Vec<Value>)>,
) -> Tenant {
    let (mut tenant, mut rows, mut assignments) = (tenant, Vec::new(), Vec::new());
    for (number, (template, name, members)) in roles.into_iter().enumerate() {
        let id = format!("be9c0000-0000-4000-9000-0000000001{number:02x}");
        assignments.extend(members.iter().map(|member| {
            json!({
                "id": format!("assignment-{template}-{}", member["id"]), "principalId": member["id"],
                "roleDefinitionId": template, "directoryScopeId": "/", "appScopeId": null
            })
        }));
        rows.push(json!({ "id": id, "displayName": name, "roleTemplateId": template, "description": name }));
        tenant = tenant.with_rows(&format!("directoryRoles/{id}/members"), Rows::each(members));
    }
    tenant
        .with_rows("directoryRoles", Rows::each(rows))
        .with_rows(
            "roleManagement/directory/roleAssignments",
            Rows::each(assignments),
        )
}

/// What the people of one kind have in common.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Kind {
    number: usize,
    enabled: bool,
    guest: bool,
    synced: bool,
    licensed: bool,
    admin: bool,
}

impl Kind {
    fn new(number: usize, size: &Size) -> Self {
        let own = number < OWN;
        Self {
            number,
            enabled: own || number % 25 != 17,
            guest: number == 3 || !own && number % 47 == 21,
            synced: size.synchronised && !own && number % 8 != 5,
            licensed: !own && number % 7 != 2,
            admin: number < 2,
        }
    }

    fn id(&self) -> String {
        if self.number < OWN {
            format!("be9c0000-0000-4000-8000-{:012x}", self.number)
        } else {
            "be9c0000-0000-4000-8000-{x}".into()
        }
    }

    fn name(&self) -> String {
        match self.number {
            0 => "admin".into(),
            1 => "breakglass".into(),
            2 => "jdoe".into(),
            3 => "guest.fabrikam.com#EXT#".into(),
            _ => "user{n}".into(),
        }
    }

    fn upn(&self) -> String {
        format!("{}@contoso.com", self.name())
    }

    fn user(&self, size: &Size) -> Value {
        let name = self.name();
        let synced = self.synced;
        let day =
            |days: usize| time(size.at - Duration::days(i64::try_from(days).unwrap_or_default()));
        let licences: Vec<_> = self
            .licensed
            .then(|| json!({ "skuId": SUITE, "disabledPlans": [] }))
            .into_iter()
            .collect();
        let states: Vec<_> = self.licensed.then(|| json!({
            "skuId": SUITE, "disabledPlans": [], "assignedByGroup": null, "state": "Active", "error": "None",
            "lastUpdatedDateTime": "2025-03-03T10:00:00Z"
        })).into_iter().collect();
        let plans: Vec<_> = PLANS.iter().filter(|_| self.licensed).map(|(id, service, _)| json!({
            "assignedDateTime": "2025-03-03T10:00:00Z", "capabilityStatus": "Enabled", "service": service, "servicePlanId": id
        })).collect();
        json!({
            "id": self.id(), "userPrincipalName": self.upn(), "displayName": name, "givenName": null, "surname": null,
            "jobTitle": null, "mail": null, "officeLocation": null, "preferredLanguage": null,
            "accountEnabled": self.enabled, "userType": if self.guest { "Guest" } else { "Member" },
            "usageLocation": if self.number.is_multiple_of(5) { Value::Null } else { "DE".into() },
            "businessPhones": [], "mobilePhone": (self.number.is_multiple_of(6)).then_some("+49 5550100"),
            "createdDateTime": "2024-01-15T08:00:00Z",
            "onPremisesSyncEnabled": synced.then_some(true),
            "onPremisesDomainName": synced.then_some("contoso.com"),
            "onPremisesSamAccountName": synced.then_some(&name),
            "onPremisesImmutableId": null, "onPremisesSecurityIdentifier": synced.then_some("S-1-5-21-1-2-3-{n}"),
            "onPremisesDistinguishedName": synced.then(|| format!("CN={name},OU=Team{},OU=Staff,DC=contoso,DC=com", self.number)),
            "onPremisesLastSyncDateTime": synced.then(|| time(size.at - Duration::minutes(12))),
            "lastPasswordChangeDateTime": day(self.number * 3),
            "passwordPolicies": match (synced, self.number % 3) {
                (true, _) => "DisablePasswordExpiration".into(),
                (false, 1) => "DisablePasswordExpiration, DisableStrongPassword".into(),
                (false, _) => Value::Null,
            },
            "assignedLicenses": licences, "licenseAssignmentStates": states, "assignedPlans": plans
        })
    }

    /// The row of the report; disabled people have none.
    fn registration(&self, size: &Size) -> Value {
        if !self.enabled {
            return Value::Null;
        }
        let methods: &[&str] = match self.number % 5 {
            0 => &[],
            1 => &["mobilePhone", "email"],
            2 => &[
                "microsoftAuthenticatorPush",
                "softwareOneTimePasscode",
                "mobilePhone",
            ],
            3 => &["microsoftAuthenticatorPush", "softwareOneTimePasscode"],
            _ => &["mobilePhone", "officePhone"],
        };
        let registered = !methods.is_empty();
        let enabled = !self.guest;
        json!({
            "id": self.id(), "userPrincipalName": self.upn(), "userDisplayName": self.name(),
            "userType": if self.guest { "guest" } else { "member" }, "isAdmin": self.admin,
            "isSsprRegistered": registered, "isSsprEnabled": enabled, "isSsprCapable": registered && enabled,
            "isMfaRegistered": registered, "isMfaCapable": registered, "isPasswordlessCapable": false,
            "methodsRegistered": methods, "isSystemPreferredAuthenticationMethodEnabled": true,
            "systemPreferredAuthenticationMethods": [],
            "userPreferredMethodForSecondaryAuthentication": if registered { "push" } else { "" },
            "lastUpdatedDateTime": time(size.at - Duration::hours(3))
        })
    }
}

/// Plans of the suite: id, service, name.
pub(super) const PLANS: [(&str, &str, &str); 3] = [
    (PREMIUM, "AADPremiumService", "AAD_PREMIUM"),
    (
        "9aaf7827-d63c-4b61-89c3-182f06f82e5c",
        "exchange",
        "EXCHANGE_S_STANDARD",
    ),
    (
        "57ff2da0-773e-42df-b2af-ffb7a2317929",
        "TeamspaceAPI",
        "TEAMS1",
    ),
];
