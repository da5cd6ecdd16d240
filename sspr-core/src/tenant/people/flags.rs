//! Yes-or-no answers about a person, two bits each.

/// What is known of a person, as bits. For each question one bit says that it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PersonFlags(u64);

macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident / $set:ident = $bit:literal),* $(,)?) => {
        impl PersonFlags {
            $(
                $(#[$doc])*
                pub const fn $name(self) -> Option<bool> {
                    if self.0 & (2 << (2 * $bit)) == 0 { None } else { Some(self.0 & (1 << (2 * $bit)) != 0) }
                }

                /// Answers the question.
                pub const fn $set(&mut self, value: bool) {
                    self.0 &= !(3 << (2 * $bit));
                    self.0 |= (2 | value as u64) << (2 * $bit);
                }
            )*
        }
    };
}

flags! {
    /// The account is enabled.
    enabled / set_enabled = 0,
    /// Synchronised from the on-premises directory.
    synced / set_synced = 1,
    /// A guest.
    guest / set_guest = 2,
    /// Holds an administrator role.
    admin / set_admin = 3,
    /// Registered enough methods.
    sspr_registered / set_sspr_registered = 4,
    /// Allowed by the policy to reset.
    sspr_enabled / set_sspr_enabled = 5,
    /// Registered and allowed.
    sspr_capable / set_sspr_capable = 6,
    /// A usage location is set.
    usage_location / set_usage_location = 7,
    /// A phone number is in a form that SSPR ignores.
    bad_phone / set_bad_phone = 8,
    /// The password never expires (Active Directory).
    never_expires / set_never_expires = 9,
    /// The account may not change its password (Active Directory).
    cannot_change / set_cannot_change = 10,
    /// `adminCount` is 1 (Active Directory).
    admin_count / set_admin_count = 11,
    /// Registered at least two methods that administrators may use: e-mail, authenticator, phone.
    admin_gates / set_admin_gates = 12,
    /// The password must be changed at next logon: `pwdLastSet` is 0 (Active Directory).
    must_change / set_must_change = 13,
    /// The cloud password does not expire (`DisablePasswordExpiration`).
    cloud_never_expires / set_cloud_never_expires = 14,
    /// Stands in a list of the tenant's users, not only in a report or in Active Directory.
    listed / set_listed = 15,
    /// No password is required of the account (Active Directory).
    password_not_required / set_password_not_required = 16,
    /// An ordinary account, the only kind that fine-grained policies apply to (Active Directory).
    normal / set_normal = 17,
    /// A smart card is required to sign in (Active Directory).
    smart_card / set_smart_card = 18,
    /// Has been locked out; the lockout may have ended since (Active Directory).
    locked / set_locked = 19,
    /// Registered the app, and no other method that a reset could use.
    app_alone / set_app_alone = 20,
    /// Protected as an administrator now: a member of a protected group of Active Directory,
    /// directly or through others.
    protected / set_protected = 21,
}
