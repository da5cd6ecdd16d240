//! Access lists of the domain and its organizational units, and the connector account.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sspr::directory::security::{
    Acl, Control, ObjectClass, SecurityDescriptor, SidAliases, guids, inherit_into,
};

use super::tenant::{CONNECTOR_ACCOUNT, DOMAIN_SID, Tenant};

/// The last part of the connector account's SID.
const CONNECTOR_RID: u32 = 2_601;

/// `Get-Acl` of the domain root and of every organizational unit above synchronised people.
///
/// The root holds what `Set-ADSyncPasswordWritebackPermissions` writes and what a new domain holds;
/// the rest inherits, but for the units in `blocked`, which have a list of their own.
pub(super) fn access_lists(tenant: &Tenant, blocked: &[&str]) -> Value {
    let connector = format!("{DOMAIN_SID}-{CONNECTOR_RID}");
    let user = guids::USER;
    let root = descriptor(&format!(
        "D:AI(OA;CIIO;CR;{};{user};{connector})(OA;CIIO;WP;{};{user};{connector})\
         (OA;CIIO;WP;{};{user};{connector})(OA;;CR;{};;S-1-5-11)(A;CI;LCRPLORC;;;S-1-5-11)\
         (A;CI;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;{DOMAIN_SID}-512)",
        guids::RESET_PASSWORD,
        guids::LOCKOUT_TIME,
        guids::PWD_LAST_SET,
        guids::UNEXPIRE_PASSWORD,
    ));
    let mut lists = BTreeMap::from([(tenant.dn(), root)]);
    for unit in units(tenant) {
        let parent = unit.split_once(',').map_or("", |(_, parent)| parent);
        let own = blocked
            .iter()
            .any(|blocked| unit == format!("{blocked},{}", tenant.dn()));
        let list = if own {
            descriptor(&format!(
                "D:PAI(A;CI;LCRPLORC;;;S-1-5-11)(A;CI;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;{DOMAIN_SID}-512)"
            ))
        } else {
            inherited(lists.get(parent))
        };
        lists.insert(unit, list);
    }
    lists
        .iter()
        .map(|(dn, list)| {
            json!({
                "Path": format!("Microsoft.ActiveDirectory.Management.dll\\ActiveDirectory:://RootDSE/{dn}"),
                "Owner": format!("{}\\Domain Admins", tenant.netbios()),
                "Sddl": format!("O:{DOMAIN_SID}-512G:{DOMAIN_SID}-512{}", list.to_sddl()),
            })
        })
        .collect()
}

/// `Get-ADUser` of the connector account, with its groups.
pub(super) fn connector_account(tenant: &Tenant) -> Value {
    let sid = |rid: u32| json!({ "BinaryLength": 28, "Value": format!("{DOMAIN_SID}-{rid}") });
    json!([{
        "DistinguishedName": format!("CN={CONNECTOR_ACCOUNT},CN=Users,{}", tenant.dn()),
        "Enabled": true, "LockedOut": false, "AccountExpirationDate": null, "PasswordExpired": false,
        "LogonWorkstations": null, "ObjectClass": "user", "SamAccountName": CONNECTOR_ACCOUNT,
        "SID": sid(CONNECTOR_RID), "UserPrincipalName": null, "SIDHistory": [], "primaryGroupID": 513,
        "tokenGroups": [sid(513)]
    }])
}

/// The organizational units of synchronised people and all above them, the upper ones first.
fn units(tenant: &Tenant) -> Vec<String> {
    let mut units = Vec::new();
    for ou in tenant.people.iter().filter_map(|person| person.ou) {
        let mut rest = ou;
        loop {
            units.push(format!("{rest},{}", tenant.dn()));
            match rest.split_once(',') {
                Some((_, upper)) => rest = upper,
                None => break,
            }
        }
    }
    units.sort_by_key(|unit| (unit.matches(',').count(), unit.clone()));
    units.dedup();
    units
}

fn inherited(parent: Option<&SecurityDescriptor>) -> SecurityDescriptor {
    let entries = parent
        .and_then(SecurityDescriptor::access_list)
        .unwrap_or_default();
    SecurityDescriptor {
        control: Control(Control::DACL_PRESENT | Control::DACL_AUTO_INHERITED),
        dacl: Some(Acl {
            revision: 4,
            entries: inherit_into(entries, ObjectClass(guids::ORGANIZATIONAL_UNIT), None, None),
        }),
        ..SecurityDescriptor::default()
    }
}

fn descriptor(sddl: &str) -> SecurityDescriptor {
    SecurityDescriptor::from_sddl(sddl, &SidAliases::default()).unwrap_or_default()
}
