//! Reading a tenant through Microsoft Graph, and writing what was read as evidence. Feature `graph`.
//!
//! [`collect()`] signs in, reads what the rules ask of the cloud, and writes a folder that
//! [`Snapshot`](crate::snapshot::Snapshot) reads; [`plan()`] says beforehand what will be asked and
//! with which permission. [`Client`] asks for anything else. Nothing here can change a tenant: only
//! GET, and batches of GETs, exist.
//!
//! ```no_run
//! use std::ops::ControlFlow;
//!
//! use sspr::graph::{Secret, Settings, SignIn, collect};
//!
//! let settings = Settings {
//!     tenant: Some("contoso.onmicrosoft.com".into()),
//!     client_id: Some("5abc0000-0000-4000-8000-000000000001".into()),
//!     ..Settings::new("evidence/graph")
//! };
//! let sign_in = SignIn::ClientSecret(Secret::new(std::env::var("AZURE_CLIENT_SECRET")?));
//! let collected = collect(&settings, &sign_in, &mut |_| ControlFlow::Continue(()))?;
//! println!("{} people, {} lists whole: {}", collected.people, collected.files, collected.complete);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The functions wait; they bring a runtime of their own and must not be called from inside of
//! another one: use `spawn_blocking` there.
//!
//! # What is written
//!
//! One object a `.json`, and a list a `.jsonl` with a page a line, as Graph gave it: `organization`,
//! `subscribedSkus`, `subscriptions`, `domains`, `federation-<domain>`, `onPremisesSynchronization`,
//! `authorizationPolicy`, `authenticationMethodsPolicy`, `conditionalAccessPolicies`,
//! `groupSettings`, `appRoleAssignments`, `directoryRoles`, `role-<template>`, `group-<id>`,
//! `usersRegisteredByFeature`, `userRegistrationDetails`, `directoryAudits`, `users`, and
//! `usersInDoubt`: the plans of those whose licences leave a doubt. `manifest.json` says of each what
//! was asked, with which permission, when, how many items it holds, its hash, and whether it is
//! whole; and of what is not there, why. The files are readable for their owner alone.
//!
//! # What it holds to
//!
//! - A token is sent to the configured root and nowhere else: links, redirects and answers that lead
//!   elsewhere are refused. Tokens and secrets are neither printed nor written, and wiped.
//! - Never more requests than the configured [`Rates`], counted as the service counts them.
//! - `Retry-After` is obeyed in all its forms; what fails otherwise is tried again after a growing
//!   wait, within [`Bounds`].
//! - A run that was cut off goes on with [`resume`](Settings::resume), behind the last page. A link
//!   that has expired begins its list anew, and no other.
//! - A list counts as whole when its last page was read, and never else.
//!
//! # What Graph does not tell
//!
//! [`ELSEWHERE`] says what, and where to get it.

mod batch;
mod certificate;
mod client;
mod clock;
mod collect;
mod doubt;
mod flows;
mod folder;
mod limiter;
mod parts;
mod plan;
mod random;
mod refusal;
mod scan;
mod session;
mod settings;
mod sheet;
mod sign_in;
mod tokens;
mod wait;
mod walk;

pub use crate::carrier::secret::Secret;
pub use certificate::ClientCertificate;
pub use client::Client;
pub use clock::{Clock, Sleep, SystemClock};
pub use collect::{Collected, collect, collect_by};
pub use plan::{ELSEWHERE, Elsewhere, PlannedRequest, plan};
pub use settings::{Bounds, GraphCloud, Rates, Settings};
pub use sign_in::{DevicePrompt, ManagedIdentity, SignIn, Token, TokenProvider};
