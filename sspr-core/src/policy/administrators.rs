//! The policy for administrators: Microsoft's own, fixed, and independent of the users' policy.
//!
//! Sources: learn.microsoft.com/entra/identity/authentication/concept-sspr-policy for the rules and
//! the roles, learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
//! for the template ids.

use serde::{Deserialize, Serialize};
use uuid::{Uuid, uuid};

/// What a tenant is, as far as the administrators' policy depends on it. What is not known stays
/// absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AdministratorGates {
    /// A verified domain other than `*.onmicrosoft.com` is configured.
    pub custom_domain: Option<bool>,
    /// Entra Connect synchronises identities.
    pub synchronised: Option<bool>,
    /// The tenant is a trial, in its first 30 days.
    pub young_trial: Option<bool>,
}

/// How many pieces of evidence an administrator must give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Gates {
    /// One: the exception.
    One,
    /// Two out of e-mail, authenticator app and phone: the rule.
    Two,
}

impl AdministratorGates {
    /// How many gates apply, when enough is known.
    ///
    /// One gate in the first 30 days of a trial, and where there is neither a domain of the
    /// tenant's own nor synchronisation; two everywhere else. While nobody says that the tenant is
    /// a trial, it is taken for none.
    pub fn gates(&self) -> Option<Gates> {
        if self.young_trial == Some(true) {
            return Some(Gates::One);
        }
        match (self.custom_domain, self.synchronised) {
            (Some(true), _) | (_, Some(true)) => Some(Gates::Two),
            (Some(false), Some(false)) => Some(Gates::One),
            _ => None,
        }
    }
}

/// What an administrator may prove his identity with. Security questions are never among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AdministratorMethod {
    /// A code sent to another mailbox.
    Email,
    /// The authenticator app: a notification or a code.
    Authenticator,
    /// A phone: SMS, or a call outside trial and free tenants.
    Phone,
}

impl AdministratorMethod {
    /// What a registered method of `userRegistrationDetails.methodsRegistered` counts as, if an
    /// administrator may use it.
    pub fn of_registered(method: &str) -> Option<Self> {
        match method {
            "email" => Some(Self::Email),
            "microsoftAuthenticatorPush"
            | "microsoftAuthenticatorPasswordless"
            | "softwareOneTimePasscode" => Some(Self::Authenticator),
            "mobilePhone" | "alternateMobilePhone" | "officePhone" => Some(Self::Phone),
            _ => None,
        }
    }
}

/// A role whose holders come under the administrators' policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AdministratorRole {
    /// Its name in Microsoft's list.
    pub name: &'static str,
    /// Its `roleTemplateId`; absent for roles that the public list of built-in roles lacks.
    pub template: Option<Uuid>,
}

/// The role of Microsoft's list with this `roleTemplateId`.
///
/// ```
/// use sspr::policy::administrator_role;
///
/// let global = "62e90394-69f5-4237-9190-012177145e10".parse()?;
/// assert_eq!(administrator_role(global).map(|role| role.name), Some("Global Administrator"));
/// # Ok::<(), uuid::Error>(())
/// ```
pub fn administrator_role(template: Uuid) -> Option<&'static AdministratorRole> {
    ADMINISTRATOR_ROLES
        .iter()
        .find(|role| role.template == Some(template))
}

/// The role of Microsoft's list with this name, in any case.
pub fn administrator_role_named(name: &str) -> Option<&'static AdministratorRole> {
    ADMINISTRATOR_ROLES
        .iter()
        .find(|role| role.name.eq_ignore_ascii_case(name.trim()))
}

/// Every role whose holders come under the administrators' policy, by name. Readers of the
/// directory, such as Global Reader, are not among them.
#[rustfmt::skip]
pub const ADMINISTRATOR_ROLES: &[AdministratorRole] = &[
    AdministratorRole { name: "AdHoc License Administrator", template: None },
    AdministratorRole { name: "Application Administrator", template: Some(uuid!("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3")) },
    AdministratorRole { name: "Application Proxy Service Administrator", template: None },
    AdministratorRole { name: "Attack Simulation Administrator", template: Some(uuid!("c430b396-e693-46cc-96f3-db01bf8bb62a")) },
    AdministratorRole { name: "Attribute Assignment Administrator", template: Some(uuid!("58a13ea3-c632-46ae-9ee0-9c0d43cd7f3d")) },
    AdministratorRole { name: "Attribute Definition Administrator", template: Some(uuid!("8424c6f0-a189-499e-bbd0-26c1753c96d4")) },
    AdministratorRole { name: "Attribute Log Administrator", template: Some(uuid!("5b784334-f94b-471a-a387-e7219fc49ca2")) },
    AdministratorRole { name: "Authentication Administrator", template: Some(uuid!("c4e39bd9-1100-46d3-8c65-fb160da0071f")) },
    AdministratorRole { name: "Authentication Extensibility Administrator", template: Some(uuid!("25a516ed-2fa0-40ea-a2d0-12923a21473a")) },
    AdministratorRole { name: "Authentication Policy Administrator", template: Some(uuid!("0526716b-113d-4c15-b2c8-68e3c22b9f80")) },
    AdministratorRole { name: "Azure DevOps Administrator", template: Some(uuid!("e3973bdf-4987-49ae-837a-ba8e231c7286")) },
    AdministratorRole { name: "Azure Information Protection Administrator", template: Some(uuid!("7495fdc4-34c4-4d15-a289-98788ce399fd")) },
    AdministratorRole { name: "B2C IEF Keyset Administrator", template: Some(uuid!("aaf43236-0c0d-4d5f-883a-6955382ac081")) },
    AdministratorRole { name: "B2C IEF Policy Administrator", template: Some(uuid!("3edaf663-341e-4475-9f94-5c398ef6c070")) },
    AdministratorRole { name: "Billing Administrator", template: Some(uuid!("b0f54661-2d74-4c50-afa3-1ec803f12efe")) },
    AdministratorRole { name: "Cloud App Security Administrator", template: Some(uuid!("892c5842-a9a6-463a-8041-72aa08ca3cf6")) },
    AdministratorRole { name: "Cloud Device Administrator", template: Some(uuid!("7698a772-787b-4ac8-901f-60d6b08affd2")) },
    AdministratorRole { name: "Compliance Administrator", template: Some(uuid!("17315797-102d-40b4-93e0-432062caca18")) },
    AdministratorRole { name: "Compliance Data Administrator", template: Some(uuid!("e6d1a23a-da11-4be4-9570-befc86d067a7")) },
    AdministratorRole { name: "Conditional Access Administrator", template: Some(uuid!("b1be1c3e-b65d-4f19-8427-f6fa0d97feb9")) },
    AdministratorRole { name: "Customer LockBox Access Approver", template: Some(uuid!("5c4f9dcd-47dc-4cf7-8c9a-9e4207cbfc91")) },
    AdministratorRole { name: "Desktop Analytics Administrator", template: Some(uuid!("38a96431-2bdf-4b4c-8b6e-5d3d8abac1a4")) },
    AdministratorRole { name: "Device Administrators", template: None },
    AdministratorRole { name: "Directory Synchronization Accounts", template: Some(uuid!("d29b2b05-8046-44ba-8758-1e26182fcf32")) },
    AdministratorRole { name: "Directory Writers", template: Some(uuid!("9360feb5-f418-4baa-8175-e2a00bac4301")) },
    AdministratorRole { name: "Domain Name Administrator", template: Some(uuid!("8329153b-31d0-4727-b945-745eb3bc5f31")) },
    AdministratorRole { name: "Dynamics 365 Administrator", template: Some(uuid!("44367163-eba1-44c3-98af-f5787879f96a")) },
    AdministratorRole { name: "Dynamics 365 Business Central Administrator", template: Some(uuid!("963797fb-eb3b-4cde-8ce3-5878b3f32a3f")) },
    AdministratorRole { name: "Edge Administrator", template: Some(uuid!("3f1acade-1e04-4fbc-9b69-f0302cd84aef")) },
    AdministratorRole { name: "Email Verified User Creator", template: None },
    AdministratorRole { name: "Exchange Administrator", template: Some(uuid!("29232cdf-9323-42fd-ade2-1d097af3e4de")) },
    AdministratorRole { name: "Exchange Recipient Administrator", template: Some(uuid!("31392ffb-586c-42d1-9346-e59415a2cc4e")) },
    AdministratorRole { name: "External ID User Flow Administrator", template: Some(uuid!("6e591065-9bad-43ed-90f3-e9424366d2f0")) },
    AdministratorRole { name: "External ID User Flow Attribute Administrator", template: Some(uuid!("0f971eea-41eb-4569-a71e-57bb8a3eff1e")) },
    AdministratorRole { name: "External Identity Provider Administrator", template: Some(uuid!("be2f45a1-457d-42af-a067-6ec1fa63bc45")) },
    AdministratorRole { name: "Global Administrator", template: Some(uuid!("62e90394-69f5-4237-9190-012177145e10")) },
    AdministratorRole { name: "Global Secure Access Administrator", template: Some(uuid!("ac434307-12b9-4fa1-a708-88bf58caabc1")) },
    AdministratorRole { name: "Groups Administrator", template: Some(uuid!("fdd7a751-b60b-444a-984c-02652fe8fa1c")) },
    AdministratorRole { name: "Helpdesk Administrator", template: Some(uuid!("729827e3-9c14-49f7-bb1b-9608f156bbb8")) },
    AdministratorRole { name: "Hybrid Identity Administrator", template: Some(uuid!("8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2")) },
    AdministratorRole { name: "Identity Governance Administrator", template: Some(uuid!("45d8d3c5-c802-45c6-b32a-1d70b5e1e86e")) },
    AdministratorRole { name: "Insights Administrator", template: Some(uuid!("eb1f4a8d-243a-41f0-9fbd-c7cdf6c5ef7c")) },
    AdministratorRole { name: "Intune Administrator", template: Some(uuid!("3a2c62db-5318-420d-8d74-23affee5d9d5")) },
    AdministratorRole { name: "Knowledge Administrator", template: Some(uuid!("b5a8dcf3-09d5-43a9-a639-8e29ef291470")) },
    AdministratorRole { name: "License Administrator", template: Some(uuid!("4d6ac14f-3453-41d0-bef9-a3e0c569773a")) },
    AdministratorRole { name: "Lifecycle Workflows Administrator", template: Some(uuid!("59d46f88-662b-457b-bceb-5c3809e5908f")) },
    AdministratorRole { name: "Mailbox Administrator", template: None },
    AdministratorRole { name: "Microsoft Entra Joined Device Local Administrator", template: Some(uuid!("9f06204d-73c1-4d4c-880a-6edb90606fd8")) },
    AdministratorRole { name: "Microsoft Hardware Warranty Administrator", template: Some(uuid!("1501b917-7653-4ff9-a4b5-203eaf33784f")) },
    AdministratorRole { name: "Microsoft365 Migration Administrator", template: Some(uuid!("8c8b803f-96e1-4129-9349-20738d9f9652")) },
    AdministratorRole { name: "Modern Commerce Administrator", template: None },
    AdministratorRole { name: "Network Administrator", template: Some(uuid!("d37c8bed-0711-4417-ba38-b4abe66ce4c2")) },
    AdministratorRole { name: "Office Apps Administrator", template: Some(uuid!("2b745bdf-0803-4d80-aa65-822c4493daac")) },
    AdministratorRole { name: "Organizational Branding Administrator", template: Some(uuid!("92ed04bf-c94a-4b82-9729-b799a7a4c178")) },
    AdministratorRole { name: "Partner Tier1 Support", template: Some(uuid!("4ba39ca4-527c-499a-b93d-d9b492c50246")) },
    AdministratorRole { name: "Partner Tier2 Support", template: Some(uuid!("e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8")) },
    AdministratorRole { name: "Password Administrator", template: Some(uuid!("966707d0-3269-4727-9be2-8c3a10f19b9d")) },
    AdministratorRole { name: "Permissions Management Administrator", template: Some(uuid!("af78dc32-cf4d-46f9-ba4e-4428526346b5")) },
    AdministratorRole { name: "Power BI Service Administrator", template: Some(uuid!("a9ea8996-122f-4c74-9520-8edcd192826c")) },
    AdministratorRole { name: "Power Platform Administrator", template: Some(uuid!("11648597-926c-4cf3-9c36-bcebb0ba8dcc")) },
    AdministratorRole { name: "Printer Administrator", template: Some(uuid!("644ef478-e28f-4e28-b9dc-3fdde9aa0b1f")) },
    AdministratorRole { name: "Privileged Authentication Administrator", template: Some(uuid!("7be44c8a-adaf-4e2a-84d6-ab2649e08a13")) },
    AdministratorRole { name: "Privileged Role Administrator", template: Some(uuid!("e8611ab8-c189-46e8-94e1-60213ab1f814")) },
    AdministratorRole { name: "Search Administrator", template: Some(uuid!("0964bb5e-9bdb-4d7b-ac29-58e794862a40")) },
    AdministratorRole { name: "Security Administrator", template: Some(uuid!("194ae4cb-b126-40b2-bd5b-6091b380977d")) },
    AdministratorRole { name: "Service Support Administrator", template: Some(uuid!("f023fd81-a637-4b56-95fd-791ac0226033")) },
    AdministratorRole { name: "SharePoint Administrator", template: Some(uuid!("f28a1f50-f6e7-4571-818b-6a12f2af6b6c")) },
    AdministratorRole { name: "Skype for Business Administrator", template: Some(uuid!("75941009-915a-4869-abe7-691bff18279e")) },
    AdministratorRole { name: "Teams Administrator", template: Some(uuid!("69091246-20e8-4a56-aa4d-066075b2a7a8")) },
    AdministratorRole { name: "Teams Communications Administrator", template: Some(uuid!("baf37b3a-610e-45da-9e62-d9d1e5e8914b")) },
    AdministratorRole { name: "Teams Devices Administrator", template: Some(uuid!("3d762c5a-1b6c-493f-843e-55a3b42923d4")) },
    AdministratorRole { name: "User Administrator", template: Some(uuid!("fe930be7-5e62-47db-91af-98c3a49a38b1")) },
    AdministratorRole { name: "Virtual Visits Administrator", template: Some(uuid!("e300d9e7-4a2b-4295-9eff-f1c78b36cc98")) },
    AdministratorRole { name: "Viva Goals Administrator", template: Some(uuid!("92b086b3-e367-4ef2-b869-1de128fb986e")) },
    AdministratorRole { name: "Viva Pulse Administrator", template: Some(uuid!("87761b17-1ed2-4af3-9acd-92a150038160")) },
    AdministratorRole { name: "Windows365 Administrator", template: Some(uuid!("11451d60-acb2-45eb-a7d6-43d0f0125c13")) },
    AdministratorRole { name: "Windows Update Deployment Administrator", template: Some(uuid!("32696413-001a-46ae-978c-ce0f6b3620d2")) },
    AdministratorRole { name: "Yammer Administrator", template: Some(uuid!("810a2642-a034-447f-a5e8-41beaa378541")) },
];
