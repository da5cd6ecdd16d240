//! What mends the root causes of failed operations, with this tenant's names.

use std::collections::BTreeSet;

use crate::readiness::{Context, Names, Remedy, Subjects, quoted};
use crate::snapshot::facts::FailureGroup;

/// Up to so many containers are named one by one.
const CONTAINERS: usize = 4;

/// The cure of one root cause, for the people it hit.
pub(in crate::readiness) fn of(
    cx: &Context<'_>,
    group: &FailureGroup,
    people: &Subjects,
) -> Remedy {
    let mut names = Names::of(cx.facts);
    if names.server == Names::default().server
        && let Some(host) = cx.facts.events.services.keys().next()
    {
        names.server.clone_from(host);
    }
    let cause = group.cause;
    let event = group.events.last().copied();
    let mut remedy = Remedy {
        why: cause.cause.into(),
        steps: vec![cause.remedy.into(), cause.check.into()],
        command: None,
        verify: verify(people, event),
        undo: "Nothing is to be undone.".into(),
    };
    match cause.key {
        "accessDenied" => grant(cx, group, &names, &mut remedy),
        "ldapUnsigned" | "directoryConfiguration" => sign_and_encrypt(&mut remedy),
        "notFound" => {
            remedy.steps.insert(0, "Bring the people named back into the scope of password synchronisation (join rule, OU filter, selective scope); the command then applies it.".into());
            remedy.steps.remove(1);
            remedy.command = Some("Start-ADSyncSyncCycle -PolicyType Delta".into());
            remedy.undo = "Set the filter back and synchronise again.".into();
        }
        "duplicateAnchor" => {
            if let Some(user) = people.sample.first() {
                let filter = quoted(&format!("(userPrincipalName={user})"));
                let catalogue = quoted(&format!("{}:3268", names.domain));
                remedy.command = Some(format!(
                    "Get-ADUser -Server {catalogue} -LDAPFilter {filter} -Properties mS-DS-ConsistencyGuid | Format-List DistinguishedName,ObjectGUID,mS-DS-ConsistencyGuid"
                ));
            }
            remedy.undo = "Link the account again.".into();
        }
        "directoryUnknown" | "unspecified" | "unwilling" => {
            remedy.steps.reverse();
            remedy.command = Some(format!(
                "Get-WinEvent -ComputerName {} -FilterHashtable @{{LogName='Application'; ProviderName='ADSync'; Id=6329}} -MaxEvents 20 | Format-List TimeCreated,Message",
                quoted(&names.server)
            ));
        }
        "samRestriction" => {
            remedy.command = Some("Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa' -Name RestrictRemoteSam".into());
            remedy.undo = "Take the account out of that policy again.".into();
        }
        _ => {}
    }
    remedy
}

fn verify(people: &Subjects, event: Option<u32>) -> String {
    let instead = event.map_or_else(String::new, |event| format!(" and not with {event}"));
    match people.sample.first() {
        Some(user) => {
            format!("The next reset of {user} ends with 31002{instead} in the Application log.")
        }
        None => format!("The next reset ends with 31002{instead} in the Application log."),
    }
}

/// Grants the three rights where the people hit live. A grant on a container holds below it, also
/// where the container does not inherit from above.
fn grant(cx: &Context<'_>, group: &FailureGroup, names: &Names, remedy: &mut Remedy) {
    let people = &cx.facts.people.people;
    let containers: BTreeSet<&str> = group
        .people
        .iter()
        .filter_map(|name| people.by_upn(name)?.container())
        .collect();
    let account = names.connector_account.rsplit('\\').next();
    let set = format!(
        "Set-ADSyncPasswordWritebackPermissions -ADConnectorAccountName {} -ADConnectorAccountDomain {}",
        quoted(account.unwrap_or_default()),
        quoted(&names.domain)
    );
    let known = (1..=CONTAINERS).contains(&containers.len());
    let listed: Vec<_> = containers.iter().map(|dn| quoted(dn)).collect();
    let place = match containers.iter().next() {
        Some(only) if containers.len() == 1 => format!("on {only}, where they live"),
        Some(_) if known => format!("on the {} containers where they live", containers.len()),
        _ => "where they live".into(),
    };
    remedy.command = Some(match listed.as_slice() {
        [only] => format!("{set} -ADobjectDN {only}"),
        several if known => format!(
            "{} | ForEach-Object {{ {set} -ADobjectDN $_ }}",
            several.join(",")
        ),
        _ => set,
    });
    remedy.steps = vec![
        format!(
            "Grant the connector account its rights {place}. Run it on {} with the module AdSyncConfig of Entra Connect, as a domain administrator.",
            names.server
        ),
        "See whether inheritance is blocked there, or on the accounts themselves, and enable it: the grant on the whole domain then holds for new people too.".into(),
    ];
    if let Some(only) = listed.first().filter(|_| known) {
        let drive = only.replacen('\'', "'AD:\\", 1);
        remedy.steps.push(format!(
            "(Get-Acl {drive}).AreAccessRulesProtected is True where inheritance is blocked."
        ));
    }
    remedy.steps.push(
        "Leave accounts with adminCount 1 alone: they are protected, and refused by design.".into(),
    );
    remedy.undo = format!(
        "Take the three entries of {} away again: Reset Password, and write on lockoutTime and pwdLastSet.",
        names.connector_account
    );
}

fn sign_and_encrypt(remedy: &mut Remedy) {
    remedy.steps = vec![
        "Tick Sign and Encrypt LDAP Traffic in the connector's properties: in Connect to Active Directory Forest, in Configure Directory Partitions, and beside alternate credentials. Then restart the service.".into(),
        "If it is ticked already, read the engine's event 6329 at the time of the failure: its code tells what else is wrong.".into(),
    ];
    remedy.command = Some("Restart-Service ADSync".into());
    remedy.undo = "Clear the boxes again.".into();
}
