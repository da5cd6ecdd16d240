//! The ways in which the service says no.

use sspr::roundtrip::Outcome;

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// The service's event.
    pub(super) id: u16,
    /// The result code, without `0x`.
    pub(super) code: Option<&'static str>,
    /// The sentence that goes with it.
    pub(super) text: &'static str,
    pub(super) outcome: Outcome,
    /// The domain controller logs a failure too.
    pub(super) in_domain: bool,
    /// A reason in the audit log.
    pub(super) reason: &'static str,
}

const fn failure(
    id: u16,
    code: Option<&'static str>,
    text: &'static str,
    outcome: Outcome,
    reason: &'static str,
) -> Failure {
    Failure {
        id,
        code,
        text,
        outcome,
        in_domain: id == 33008,
        reason,
    }
}

const ADMIN: &str = "OnPremisesAdminActionRequired";
const RESTRICTION: &str =
    "A restriction prevents the password from being changed to the current one specified.";

pub(super) static POLICY: Failure = failure(
    33008,
    Some("80230619"),
    RESTRICTION,
    Outcome::Refused,
    "Synchronization Engine returned an error hr=80230619, message=A restriction prevents the password from being changed to the current one specified.",
);

pub(super) static WRONG_PASSWORD: Failure = failure(
    33007,
    Some("80070056"),
    "The specified network password is not correct.",
    Outcome::Refused,
    "OnPremisesUserIncorrectPassword",
);

/// The state of the account.
pub(super) static STATE: [Failure; 2] = [
    failure(
        33005,
        Some("80070533"),
        "This user can't sign in because this account is currently disabled.",
        Outcome::Refused,
        ADMIN,
    ),
    failure(
        33006,
        Some("80070775"),
        "The referenced account is currently locked out and may not be logged on to.",
        Outcome::Refused,
        ADMIN,
    ),
];

/// Faults of the system.
pub(super) static SYSTEM: [Failure; 9] = [
    failure(
        33004,
        Some("80230626"),
        "The password could not be updated because the management agent credentials were denied access.",
        Outcome::Failed,
        ADMIN,
    ),
    failure(
        33001,
        Some("80230818"),
        "The management agent run was terminated because a domain controller could not be contacted.",
        Outcome::Failed,
        ADMIN,
    ),
    failure(
        33002,
        Some("80230405"),
        "The operation failed because the object cannot be found",
        Outcome::Failed,
        ADMIN,
    ),
    failure(
        33003,
        Some("80230402"),
        "An attempt to get an object failed because there are duplicated entries with the same anchor",
        Outcome::Failed,
        ADMIN,
    ),
    failure(
        33009,
        Some("8023062c"),
        "The password could not be set because the server is not configured for insecure setting of passwords, or a 128 bit TLS or SSL connection is required",
        Outcome::Failed,
        ADMIN,
    ),
    failure(
        33001,
        Some("80004005"),
        "Unspecified error",
        Outcome::Failed,
        ADMIN,
    ),
    failure(
        32000,
        None,
        "An unexpected error occurred",
        Outcome::Failed,
        ADMIN,
    ),
    failure(
        32004,
        None,
        "The password could not be decrypted",
        Outcome::Failed,
        ADMIN,
    ),
    failure(
        32002,
        None,
        "The token provider was unable to provide a security token",
        Outcome::Failed,
        "OnPremisesConnectivityError",
    ),
];
