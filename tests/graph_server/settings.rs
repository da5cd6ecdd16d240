//! How the server behaves.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::budget::Budgets;
use super::certificates::ApplicationCertificate;
use super::faults::Faults;
use super::tenant::Tenant;

/// How the server behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What it serves.
    pub tenant: Tenant,
    /// Which cloud it plays.
    pub cloud: Cloud,
    /// How many of the server's seconds pass in one second: with 1000 its second is a
    /// millisecond.
    pub pace: f64,
    /// The time of day when it starts; now where absent.
    pub epoch: Option<DateTime<Utc>>,
    /// Whether it speaks TLS. Without it the root begins with `http`.
    pub tls: bool,
    /// Where it listens.
    pub port: u16,
    /// What everything that is drawn is drawn from.
    pub seed: u64,
    /// What goes wrong.
    pub faults: Faults,
    /// Throttling.
    pub budgets: Budgets,
    /// Who may sign in, and how.
    pub sign_in: SignIn,
    /// Names of the permissions that were granted; all where absent.
    pub granted: Option<Vec<String>>,
    /// Paths below the version that are refused with 403 whatever was granted, by their beginning.
    pub denied: Vec<String>,
    /// Whether the tenant has Entra ID P1 or P2; without it the registration report is refused.
    pub premium: bool,
    /// Whether `directory/onPremisesSynchronization` is one object and not a collection.
    pub synchronization_as_object: bool,
    /// Every so many-th page is empty and has a next link; none for 0.
    pub empty_pages: usize,
    /// How long a skip token lives, in the server's time.
    pub skip_token_lifetime: Duration,
}

impl Settings {
    /// A quiet server of the global cloud that grants everything.
    pub fn new(tenant: Tenant) -> Self {
        Self {
            tenant,
            cloud: Cloud::Global,
            pace: 1.0,
            epoch: None,
            tls: true,
            port: 0,
            seed: 0,
            faults: Faults::none(),
            budgets: Budgets::default(),
            sign_in: SignIn::default(),
            granted: None,
            denied: Vec::new(),
            premium: true,
            synchronization_as_object: false,
            empty_pages: 0,
            skip_token_lifetime: Duration::from_secs(24 * 3600),
        }
    }
}

/// A cloud, as far as they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cloud {
    /// Worldwide.
    Global,
    /// US Government: licence units have no `lockedOut`.
    UsGovernment,
    /// China: besides, there is no authentication methods policy.
    China,
}

/// Who may sign in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// The application.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Its certificate.
    pub certificate: Option<ApplicationCertificate>,
    /// The assertion of another authority that is trusted.
    pub federated: Option<String>,
    /// What App Service expects as `X-IDENTITY-HEADER`.
    pub identity_header: String,
    /// How long a token lives, in the server's time.
    pub lifetime: Duration,
    /// What the person does who is asked for the device code.
    pub device: Device,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            client_id: "0a11ce00-0000-4000-8000-000000000001".into(),
            client_secret: "Example-Client-Secret-1".into(),
            certificate: None,
            federated: None,
            identity_header: "Example-Identity-Header-1".into(),
            lifetime: Duration::from_secs(3599),
            device: Device::default(),
        }
    }
}

/// What the person does who is asked for the device code.
#[derive(Debug, Clone, Copy)]
pub struct Device {
    /// How long after the code was shown, in the server's time.
    pub after: Duration,
    /// What is done then.
    pub answer: DeviceAnswer,
    /// How long the code lives.
    pub lifetime: Duration,
    /// Seconds between two polls; who polls sooner is told to slow down.
    pub interval: u32,
}

impl Default for Device {
    fn default() -> Self {
        Self {
            after: Duration::from_secs(12),
            answer: DeviceAnswer::Approve,
            lifetime: Duration::from_secs(900),
            interval: 5,
        }
    }
}

/// The end of a sign-in with a device code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceAnswer {
    /// The person signs in.
    Approve,
    /// The person declines.
    Decline,
    /// Nothing is done until the code ends.
    Nothing,
}
