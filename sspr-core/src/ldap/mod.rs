//! Reading a directory over LDAP, and writing what was read as evidence. Feature `ldap`.
//!
//! [`collect()`] signs in under TLS, with a name and a password or by Kerberos, reads what the rules ask of Active
//! Directory, and writes a folder that [`Snapshot`](crate::snapshot::Snapshot) reads; [`plan()`] says
//! beforehand what will be asked. It only reads: there is no code here for an operation that
//! changes a directory. Certificates are verified, and a server that would be spoken to in plain
//! text is refused.
//!
//! ```no_run
//! use std::ops::ControlFlow;
//!
//! use sspr::ldap::{Secret, Settings, collect};
//!
//! let settings = Settings::new("ldaps://dc01.contoso.com", "reader@contoso.com", "evidence/ldap");
//! let secret = Secret::new(std::env::var("READER_PASSWORD")?);
//! let collected = collect(&settings, Some(&secret), &mut |_| ControlFlow::Continue(()))?;
//! println!("{} people of {}", collected.people, collected.domain);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Kerberos
//!
//! With [`Authentication::Kerberos`] no password is asked for: the tickets that `kinit`, or the sign-in to
//! this machine, has left are used, by SASL's mechanism GSSAPI under TLS. The sign-in is tied to the
//! server's certificate (`tls-server-end-point`), which domain controllers may demand. It takes the
//! feature `gssapi`, off by default, which links with the Kerberos library of the operating system;
//! there is none for Windows.
//!
//! # What is written
//!
//! | file | what it holds |
//! |---|---|
//! | `rootdse.ldif` | the controls that the domain controller supports |
//! | `configuration.ldif` | short names of domains, `dSHeuristics` |
//! | `domain.ldif` | the domain's root: password policy, access list, links of group policies |
//! | `system.ldif` | AdminSDHolder and the SAM server object with their access lists |
//! | `containers.ldif` | organizational units and containers with their access lists and links |
//! | `gpos.ldif` | group policies by name |
//! | `policies.ldif` | fine-grained password policies |
//! | `groups.ldif` | groups by which administrators are protected, with all groups inside |
//! | `connector.ldif` | the connector account with its groups, or those that look like one |
//! | `connector-token.ldif` | what that account is by the server's own word, when it reads itself |
//! | `people-0001.ldif` … | people, with the policies that hold for them and their access lists |
//! | `manifest.json` | the search behind each file, whether it is whole, and what is missing |
//!
//! Each file begins with the server's own entry, whose clock dates it. The same access list stands
//! once in the folder; all other objects that have it carry
//! `nTSecurityDescriptor;x-sha256` with its hash. The files are readable for their owner alone.
//!
//! # What cannot be seen
//!
//! A directory leaves out what the reader may not see, without a word. What should be there and is
//! not is noted in the manifest as *no permission*; fine-grained policies count as complete only
//! where the reader's rights on their container prove that none is hidden.
//!
//! # Interrupted runs
//!
//! Files appear whole or not at all, and the manifest, without which no list counts as whole, comes
//! last. A run that was interrupted goes on behind the last file with
//! [`resume`](Settings::resume).

mod ber;
#[cfg(all(feature = "gssapi", unix))]
mod channel;
mod codes;
mod collect;
mod connection;
mod filter;
mod folder;
#[cfg(all(feature = "gssapi", unix))]
mod kerberos;
mod message;
mod parts;
mod people;
mod plan;
mod search;
mod settings;
mod sheet;
mod tls;

pub use crate::carrier::secret::Secret;
pub use collect::{Collected, collect};
pub use plan::{PlannedSearch, plan};
pub use settings::{Authentication, Settings};

#[cfg(test)]
mod tests;
