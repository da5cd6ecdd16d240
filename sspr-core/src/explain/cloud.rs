//! What users and the audit log see: codes, reasons, activities.

const TROUBLESHOOT: &str =
    "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr";
const REPORTING: &str =
    "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-sspr-reporting";
const SAM: &str = "https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/user-prov-sync/password-writeback-error-code-sspr-0029";

/// A code that users see or a reason of the audit log.
pub(super) struct Reason {
    /// Its number, where it has one: 29 is `SSPR_0029`.
    pub(super) number: Option<u32>,
    /// Its name in the audit log.
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
    pub(super) check: &'static str,
    pub(super) step: &'static str,
    /// Rules that judge it.
    pub(super) rules: &'static [&'static str],
    pub(super) source: &'static str,
}

pub(super) const REASONS: &[Reason] = &[
    Reason {
        number: Some(9),
        name: "TenantSSPRFlagDisabled",
        meaning: "Password reset is switched off for the whole tenant.",
        check: "Entra admin center > Password reset > Properties: the scope is None.",
        step: "Set the scope to Selected with a group, or to All.",
        rules: &["SSPR101"],
        source: TROUBLESHOOT,
    },
    Reason {
        number: Some(10),
        name: "WritebackNotEnabled",
        meaning: "The person's password lives on-premises, and password writeback is off.",
        check: "Entra admin center > Password reset > On-premises integration, and the optional \
            features in the wizard of Entra Connect on the active server.",
        step: "Switch password writeback on at both ends.",
        rules: &["SSPR201", "SSPR301", "SSPR304"],
        source: TROUBLESHOOT,
    },
    Reason {
        number: Some(11),
        name: "SsprNotEnabledInUserPolicy",
        meaning: "No policy allows this person to reset a password.",
        check: "Entra admin center > Password reset > Properties and Authentication methods.",
        step: "Define the scope and the methods.",
        rules: &["SSPR101", "SSPR104"],
        source: TROUBLESHOOT,
    },
    Reason {
        number: Some(12),
        name: "UserNotLicensed",
        meaning: "The organisation lacks a licence that includes password reset.",
        check: "Look at the tenant's subscriptions and their state.",
        step: "Get Entra ID P1 or P2, or a product that holds one of them; synced people need one \
            of these for writeback.",
        rules: &["SSPR701", "SSPR702"],
        source: TROUBLESHOOT,
    },
    Reason {
        number: Some(13),
        name: "UserNotMemberOfScopedAccessGroup",
        meaning: "The scope is a group, and the person is not in it.",
        check: "Entra admin center > Password reset > Properties: the group and its members.",
        step: "Add the person to the group, or widen the scope.",
        rules: &["SSPR101", "SSPR102", "SSPR906"],
        source: TROUBLESHOOT,
    },
    Reason {
        number: Some(14),
        name: "UserNotProperlyConfigured",
        meaning: "The person has not registered enough methods that the policy accepts.",
        check: "Look at the person's row of the registration report: registered, enabled, capable.",
        step: "Send the person to https://aka.ms/ssprsetup, or register methods for them; then \
            require registration at sign-in.",
        rules: &["SSPR104", "SSPR111", "SSPR122"],
        source: TROUBLESHOOT,
    },
    Reason {
        number: Some(29),
        name: "OnPremisesAdminActionRequired",
        meaning: "The on-premises side refused or failed: the writeback service, the rights of the \
            connector account, or a setting of the domain needs an administrator.",
        check: "Read the event of the same minute in the Application log of the active Entra \
            Connect server: 33004 with 6329 means rights or restricted remote SAM calls, 33001 a \
            reserved character in an OU name or an unreachable domain controller.",
        step: "Mend what the event names: give it to `sspr explain`.",
        rules: &["SSPR407", "SSPR604", "SSPR801"],
        source: SAM,
    },
    Reason {
        number: Some(30),
        name: "OnPremisesConnectivityError",
        meaning: "The cloud did not reach the writeback service on-premises.",
        check: "Is the ADSync service running on the active server, and does the server reach the \
            service bus on port 443? The last of 31019 (ready) and 31016, 31034, 31044 or 32002 in \
            the Application log tells.",
        step: "Start the service Microsoft Azure AD Sync (ADSync), and open the endpoints.",
        rules: &["SSPR209", "SSPR217", "SSPR606"],
        source: TROUBLESHOOT,
    },
    Reason {
        number: None,
        name: "OnPremisesSuccessCloudFailure",
        meaning: "The password was written to Active Directory, and the cloud's own copy was not: \
            a timeout, the cloud's policy or throttling. Seen with the result success.",
        check: "Look for a success event (31002, 31007, 31010) on the server at that time.",
        step: "Nothing on-premises. The new password reaches the cloud with the next password hash \
            synchronisation, usually within minutes.",
        rules: &["SSPR609"],
        source: TROUBLESHOOT,
    },
    Reason {
        number: None,
        name: "FuzzyPolicyViolationInvalidPassword",
        meaning: "Entra Password Protection found a banned word in the password.",
        check: "Compare with the global and the custom list of banned passwords.",
        step: "Choose a password without the banned term.",
        rules: &["SSPR124", "SSPR409"],
        source: REPORTING,
    },
    Reason {
        number: None,
        name: "PasswordDoesnotComplyFuzzyPolicy",
        meaning: "Entra Password Protection found a banned word in the password.",
        check: "Compare with the global and the custom list of banned passwords.",
        step: "Choose a password without the banned term.",
        rules: &["SSPR124", "SSPR409"],
        source: REPORTING,
    },
    Reason {
        number: None,
        name: "ADAdminActionRequired",
        meaning: "The on-premises side failed and needs an administrator. One public report saw it \
            with 0x80230818, an unreachable domain controller.",
        check: "Read the event of the same minute in the Application log of the active server.",
        step: "Mend what the event names: give it to `sspr explain`.",
        rules: &["SSPR604"],
        source: TROUBLESHOOT,
    },
    Reason {
        number: None,
        name: "Successfully completed reset.",
        meaning: "The reset went through.",
        check: "A synced person's reset has a success event (31002 or 31010) on the server.",
        step: "Nothing to do.",
        rules: &["SSPR609"],
        source: REPORTING,
    },
];

/// An activity of the audit log.
pub(super) struct Activity {
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
    pub(super) step: &'static str,
}

/// Activities of the service Self-service Password Management.
pub(super) const ACTIVITIES: &[Activity] = &[
    Activity {
        name: "Enable password writeback for directory",
        meaning: "An administrator switched password writeback on for the tenant.",
        step: "Nothing to do. Proofs that are older than this do not count any more.",
    },
    Activity {
        name: "Disable password writeback for directory",
        meaning: "An administrator switched password writeback off for the tenant.",
        step: "Ask who did, and switch it on again if it was not meant.",
    },
    Activity {
        name: "Blocked from self-service password reset",
        meaning: "The person was locked out of password reset for 24 hours after too many attempts. \
            The result success means that the block took effect.",
        step: "Reset the password for the person, or wait; look why the attempts failed.",
    },
    Activity {
        name: "Change password (self-service)",
        meaning: "A person who knew the old password changed it.",
        step: "On failure read the reason, and the server's 31008 or 33xxx of the same minute.",
    },
    Activity {
        name: "Reset password (by admin)",
        meaning: "An administrator set a new password. The detail OnPremisesAgent says whether it \
            was written back, and by what; None means the cloud alone.",
        step: "For a synced person None is a fault: the password on-premises is still the old one.",
    },
    Activity {
        name: "Reset password (self-service)",
        meaning: "The final result of a self-service reset.",
        step: "On failure read the reason, and the server's 31003 or 33xxx of the same minute.",
    },
    Activity {
        name: "Self-service password reset flow activity progress",
        meaning: "One step of a self-service reset; the reason says which.",
        step: "Read all records with the same correlation id in order: the last one tells where it ended.",
    },
    Activity {
        name: "Unlock user account (self-service)",
        meaning: "A person unlocked the account without a new password.",
        step: "On failure look at the connector account's right to write lockoutTime.",
    },
];

/// The page on the audit log.
pub(super) const ACTIVITY_SOURCE: &str = REPORTING;
