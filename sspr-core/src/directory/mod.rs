//! Active Directory: the password policy of a domain and the forms it is exported in.

mod policy;

pub use policy::{DomainController, PasswordPolicy, TemplatePolicy};
