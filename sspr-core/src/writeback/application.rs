//! The application that Entra Connect signs in to Entra ID as, and what it needs for writeback.

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use uuid::{Uuid, uuid};

use super::Version;
use crate::tenant::Cloud;

/// An application role of the password reset service that writeback needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct WritebackRole {
    /// Its id (`appRoleId`).
    pub id: Uuid,
    /// Its name, such as `PasswordWriteback.RefreshClient.All`.
    pub name: &'static str,
}

/// Keeps the connection alive.
pub const REFRESH_CLIENT: WritebackRole = WritebackRole {
    id: uuid!("fc7e8088-95b5-453e-8bef-b17ecfec5ba3"),
    name: "PasswordWriteback.RefreshClient.All",
};
/// Tells the cloud which version runs.
pub const REGISTER_CLIENT_VERSION: WritebackRole = WritebackRole {
    id: uuid!("e006e431-a65b-4f3e-8808-77d29d4c5f1a"),
    name: "PasswordWriteback.RegisterClientVersion.All",
};
/// Switches writeback off.
pub const OFFBOARD_CLIENT: WritebackRole = WritebackRole {
    id: uuid!("69201c67-737b-4a20-8f16-e0c8c64e0b0e"),
    name: "PasswordWriteback.OffboardClient.All",
};

/// The three roles. An application that the administrator brought needs all of them; the wizard
/// gives them to a managed one.
pub const WRITEBACK_ROLES: [WritebackRole; 3] =
    [REFRESH_CLIENT, REGISTER_CLIENT_VERSION, OFFBOARD_CLIENT];

/// The least version that can sign in as an application.
pub const APPLICATION_SIGN_IN: Version = Version([2, 5, 3, 0]);
/// The least version that sets an application up without being asked.
pub const AUTOMATIC_APPLICATION: Version = Version([2, 5, 76, 0]);

/// Days before its end from which on the server reports the certificate as due (event 1011).
pub const ROTATION_DAYS: i64 = 150;

/// The application id of "Microsoft password reset service"; none is known for 21Vianet.
pub const fn reset_service(cloud: Cloud) -> Option<Uuid> {
    match cloud {
        Cloud::Public => Some(uuid!("93625bc8-bfe2-437a-97e0-3d0060024faa")),
        Cloud::UsGovernment => Some(uuid!("2e5ecfc8-ea79-48bd-8140-c19324acb278")),
        Cloud::China => None,
    }
}

/// The state of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CertificateState {
    /// Nothing to do.
    Valid,
    /// To be rotated.
    Due,
    /// At its end.
    Expired,
}

/// The state of a certificate that ends at `expires`, at a time.
pub fn certificate_state(expires: DateTime<Utc>, as_of: DateTime<Utc>) -> CertificateState {
    if expires <= as_of {
        CertificateState::Expired
    } else if expires - as_of <= Duration::days(ROTATION_DAYS) {
        CertificateState::Due
    } else {
        CertificateState::Valid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_due_150_days_before_its_end() {
        let as_of: DateTime<Utc> = "2026-11-20T12:00:00Z".parse().unwrap();
        let after = |days| certificate_state(as_of + Duration::days(days), as_of);
        assert_eq!(after(151), CertificateState::Valid);
        assert_eq!(after(150), CertificateState::Due);
        assert_eq!(after(0), CertificateState::Expired);
    }
}
