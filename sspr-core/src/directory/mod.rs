//! Active Directory: the password policy of a domain, its controllers and its users, who may do
//! what in it, and the forms in which all this is exported.
//!
//! Every parser takes text or a JSON object and gives values with their places; none judges.

pub mod attributes;
mod complexity;
mod controller;
mod fine_grained;
mod gap;
pub mod gpo;
mod gpupdate;
mod machine;
mod names;
mod net_accounts;
mod password_settings;
pub mod permissions;
mod policy;
mod readings;
mod refusal;
mod root;
pub mod security;
mod setting;
mod template;
mod user;

pub use complexity::{AccountNames, Complexity, ComplexityFault};
pub use controller::{
    ControllerReadings, DomainController, POLICY_HINTS_CONTROLS, PasswordFilters, RootDse,
    is_protection_agent,
};
pub use fine_grained::{Applied, FineGrainedPolicy, PolicySubject, Resultant};
pub use gap::{PasswordClass, PasswordGap};
pub use gpupdate::is_gpupdate;
pub use machine::{Reach, RemoteSam, SecuritySettings, TemplateSettings, remote_sam_list};
pub use names::{dns_domain, domain_dn};
pub use net_accounts::{ComputerRole, NetAccounts, is_net_accounts, parse_net_accounts};
pub use password_settings::PasswordSettings;
pub use policy::{PasswordPolicy, PasswordPolicyDraft, PolicyFault, PolicyFaults, TemplatePolicy};
pub use readings::PolicyReadings;
pub use refusal::{AccountState, DomainAnswer, DomainRefusal, PasswordOperation};
pub use root::DomainRoot;
pub use setting::{PolicySetting, SettingValue};
pub use template::{MachinePolicy, is_template, parse_template};
pub use user::{AdUser, PasswordSet};

#[cfg(test)]
mod tests;
