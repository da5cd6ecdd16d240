//! The security context of whoever asks.

use std::collections::{BTreeSet, HashMap};

use super::Sid;

/// Well-known SIDs.
pub mod well_known {
    use crate::directory::security::Sid;

    /// Everyone.
    pub const EVERYONE: Sid = Sid::new(1, [0]);
    /// Creator Owner.
    pub const CREATOR_OWNER: Sid = Sid::new(3, [0]);
    /// Creator Group.
    pub const CREATOR_GROUP: Sid = Sid::new(3, [1]);
    /// OWNER RIGHTS.
    pub const OWNER_RIGHTS: Sid = Sid::new(3, [4]);
    /// Network.
    pub const NETWORK: Sid = Sid::new(5, [2]);
    /// SELF.
    pub const SELF: Sid = Sid::new(5, [10]);
    /// Authenticated Users.
    pub const AUTHENTICATED_USERS: Sid = Sid::new(5, [11]);
    /// This Organization.
    pub const THIS_ORGANIZATION: Sid = Sid::new(5, [15]);
    /// SYSTEM.
    pub const SYSTEM: Sid = Sid::new(5, [18]);
    /// Administrators.
    pub const ADMINISTRATORS: Sid = Sid::new(5, [32, 544]);
    /// Pre-Windows 2000 Compatible Access.
    pub const PRE_WINDOWS_2000: Sid = Sid::new(5, [32, 554]);

    /// The English name of a well-known SID, or of a well-known account of any domain.
    pub fn name(sid: &Sid) -> Option<&'static str> {
        let absolute = match (sid.authority(), sid.subs()) {
            (1, [0]) => "Everyone",
            (3, [0]) => "Creator Owner",
            (3, [1]) => "Creator Group",
            (3, [4]) => "OWNER RIGHTS",
            (5, [2]) => "Network",
            (5, [4]) => "Interactive",
            (5, [6]) => "Service",
            (5, [7]) => "Anonymous Logon",
            (5, [9]) => "Enterprise Domain Controllers",
            (5, [10]) => "SELF",
            (5, [11]) => "Authenticated Users",
            (5, [12]) => "Restricted Code",
            (5, [15]) => "This Organization",
            (5, [18]) => "SYSTEM",
            (5, [19]) => "Local Service",
            (5, [20]) => "Network Service",
            (5, [32, 544]) => "Administrators",
            (5, [32, 545]) => "Users",
            (5, [32, 546]) => "Guests",
            (5, [32, 548]) => "Account Operators",
            (5, [32, 549]) => "Server Operators",
            (5, [32, 550]) => "Print Operators",
            (5, [32, 551]) => "Backup Operators",
            (5, [32, 552]) => "Replicator",
            (5, [32, 554]) => "Pre-Windows 2000 Compatible Access",
            (5, [32, 555]) => "Remote Desktop Users",
            _ => "",
        };
        if !absolute.is_empty() {
            return Some(absolute);
        }
        if !sid.is_domain_relative() || sid.subs().len() != 5 {
            return None;
        }
        Some(match sid.rid()? {
            498 => "Enterprise Read-only Domain Controllers",
            500 => "Administrator",
            501 => "Guest",
            502 => "krbtgt",
            512 => "Domain Admins",
            513 => "Domain Users",
            514 => "Domain Guests",
            515 => "Domain Computers",
            516 => "Domain Controllers",
            517 => "Cert Publishers",
            518 => "Schema Admins",
            519 => "Enterprise Admins",
            520 => "Group Policy Creator Owners",
            521 => "Read-only Domain Controllers",
            522 => "Cloneable Domain Controllers",
            525 => "Protected Users",
            526 => "Key Admins",
            527 => "Enterprise Key Admins",
            553 => "RAS and IAS Servers",
            _ => return None,
        })
    }
}

/// Everything that an account is when it asks over the network: itself, its groups and the
/// implicit members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    account: Sid,
    sids: BTreeSet<Sid>,
    deny_only: BTreeSet<Sid>,
}

impl Token {
    /// From `tokenGroups` of the rootDSE on the account's own connection, which is exact. Nothing
    /// is added but the account itself.
    pub fn exact(account: Sid, token_groups: impl IntoIterator<Item = Sid>) -> Self {
        let mut sids: BTreeSet<_> = token_groups.into_iter().collect();
        sids.insert(account);
        Self {
            account,
            sids,
            deny_only: BTreeSet::new(),
        }
    }

    /// From what a directory stores: the account's primary group, its SID history, and who is a
    /// member of which security group. Groups are followed through any nesting, cycles included.
    ///
    /// Everyone, Authenticated Users, Network and This Organization are added, as every logon over
    /// LDAP has them, and so are the groups that hold these. Distribution groups give nothing and
    /// do not belong into `memberships`.
    pub fn from_memberships(
        account: Sid,
        primary_group: Option<Sid>,
        sid_history: impl IntoIterator<Item = Sid>,
        memberships: &HashMap<Sid, Vec<Sid>>,
    ) -> Self {
        let mut open = vec![
            account,
            well_known::EVERYONE,
            well_known::AUTHENTICATED_USERS,
            well_known::NETWORK,
            well_known::THIS_ORGANIZATION,
        ];
        open.extend(primary_group);
        open.extend(sid_history);
        let mut sids = BTreeSet::new();
        while let Some(sid) = open.pop() {
            if sids.insert(sid) {
                open.extend(memberships.get(&sid).into_iter().flatten());
            }
        }
        Self {
            account,
            sids,
            deny_only: BTreeSet::new(),
        }
    }

    /// Marks SIDs that only count in entries that deny.
    #[must_use]
    pub fn with_deny_only(mut self, sids: impl IntoIterator<Item = Sid>) -> Self {
        self.deny_only.extend(sids);
        self
    }

    /// The account.
    pub fn account(&self) -> Sid {
        self.account
    }

    /// All its SIDs, in order.
    pub fn sids(&self) -> impl Iterator<Item = &Sid> {
        self.sids.iter()
    }

    /// Whether an entry that grants to `sid` speaks of this account.
    pub fn is_granted(&self, sid: &Sid) -> bool {
        self.sids.contains(sid) && !self.deny_only.contains(sid)
    }

    /// Whether an entry that denies to `sid` speaks of this account.
    pub fn is_denied(&self, sid: &Sid) -> bool {
        self.sids.contains(sid) || self.deny_only.contains(sid)
    }
}
