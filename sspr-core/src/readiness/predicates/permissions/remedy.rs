//! Commands that the remedies share.

use crate::readiness::{Names, Remedy, quoted};

/// The connector account without its domain.
pub(crate) fn account(names: &Names) -> &str {
    let account = &names.connector_account;
    let account = account.rsplit('\\').next().unwrap_or_default();
    account.split('@').next().unwrap_or_default()
}

/// The command of the ADSyncConfig module that grants what writeback needs on people.
pub(crate) fn grant_on_people(names: &Names) -> String {
    format!("{MODULE}; {}", grant(names))
}

/// What grants the rights in the very containers that lack them. A grant at the domain does not
/// reach a container that blocks inheritance, and changes nothing where a denial decides.
pub(crate) fn grant_where(names: &Names, containers: &[&str], denied: bool) -> Remedy {
    let shown = containers
        .get(..containers.len().min(MOST))
        .unwrap_or_default();
    let commands: Vec<_> = shown
        .iter()
        .map(|dn| format!("{} -ADobjectDN {}", grant(names), quoted(dn)))
        .collect();
    let each = |make: &dyn Fn(&str) -> String| {
        let all: Vec<_> = shown.iter().map(|dn| make(dn)).collect();
        all.join("; ")
    };
    let account = quoted(account(names));
    let mut steps = Vec::new();
    if denied {
        steps.push("Take the account out of the group that is denied the right, or lift the denial: no grant outweighs it.".into());
    }
    steps.push(format!(
        "Grant the connector account its rights where these people live. Run it on {} as a domain administrator.",
        names.server
    ));
    if containers.len() > shown.len() {
        steps.push(format!(
            "The same for {} more containers, which the values of this finding name.",
            containers.len() - shown.len()
        ));
    }
    steps.push(
        "Wait until the change has replicated and come down to all people, which can take an hour."
            .into(),
    );
    Remedy {
        why: "The right has to be effective on every synced person. A container that blocks inheritance takes a grant of its own.".into(),
        steps,
        command: Some(format!("{MODULE}; {}", commands.join("; "))),
        verify: each(&|dn| format!("dsacls {} | findstr /i {account}", quoted(dn))),
        undo: each(&|dn| {
            format!("dsacls {} /I:S /R {}", quoted(dn), quoted(&names.connector_account))
        }),
    }
}

/// Up to so many containers are named one by one.
const MOST: usize = 4;
const MODULE: &str = "Import-Module \"$env:ProgramFiles\\Microsoft Azure Active Directory Connect\\AdSyncConfig\\AdSyncConfig.psm1\"";

fn grant(names: &Names) -> String {
    format!(
        "Set-ADSyncPasswordWritebackPermissions -ADConnectorAccountName {} -ADConnectorAccountDomain {}",
        quoted(account(names)),
        quoted(&names.domain)
    )
}

/// The command that lets a person or container inherit again, or no longer.
pub(crate) fn inheritance_of(what: &str, blocked: bool) -> String {
    let block = if blocked {
        "$true, $true"
    } else {
        "$false, $true"
    };
    format!(
        "$p = 'AD:\\' + {what}; $a = Get-Acl -LiteralPath $p; \
         $a.SetAccessRuleProtection({block}); Set-Acl -LiteralPath $p -AclObject $a"
    )
}
