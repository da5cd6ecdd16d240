//! Which facts each kind of evidence gives, so that a collector can say why they are missing.

/// Facts of the domain's password policy.
const DOMAIN_POLICY: &[&str] = &[
    "domain.minimumPasswordAge",
    "domain.maximumPasswordAge",
    "domain.minimumPasswordLength",
    "domain.passwordHistory",
    "domain.complexity",
    "domain.reversibleEncryption",
    "domain.lockoutThreshold",
    "domain.lockoutDuration",
    "domain.lockoutWindow",
];

/// Kinds of evidence, by the names that the report and the collectors use, with the facts that
/// each gives: names, or beginnings of names that end in a dot. People, groups and events are no
/// single facts; a manifest may name them all the same.
const KINDS: &[(&[&str], &[&str])] = &[
    // Microsoft Graph
    (&["appRoleAssignments"], &["integration.applicationRoles"]),
    (
        &["authenticationMethodsPolicy"],
        &["methods.migrationState", "methods.converged"],
    ),
    (&["authorizationPolicy"], &["methods.adminsAllowed"]),
    (
        &["conditionalAccessPolicies"],
        &["methods.registrationGuards"],
    ),
    (&["domains"], &["tenant.domains"]),
    (&["groupSettings"], &["methods.passwordRules"]),
    (
        &["onPremisesSynchronization"],
        &[
            "tenant.passwordHashSync",
            "tenant.cloudPasswordPolicyForSynced",
            "tenant.forceChangeAtLogon",
            "tenant.reportedWriteback",
            "tenant.syncClientVersion",
        ],
    ),
    (
        &["organization"],
        &[
            "tenant.id",
            "tenant.initialDomain",
            "tenant.sync",
            "tenant.lastSync",
        ],
    ),
    (&["cloudSyncAgents"], &["cloudSync.agents"]),
    (&["subscribedSkus"], &["licences.subscribedSkus"]),
    (&["subscriptions"], &["licences.subscriptions"]),
    (
        &["userRegistrationDetails", "usersRegisteredByFeature"],
        &["registration."],
    ),
    (
        &[
            "users",
            "groups",
            "members",
            "directoryRoles",
            "roleAssignments",
            "directoryAudits",
            "federationConfiguration",
            "passwordResetSummary",
            "userEventsSummary",
        ],
        &[],
    ),
    // The Password reset blade
    (&["onPremisesPasswordResetPolicies"], &["integration."]),
    (&["passwordResetPolicies"], &["sspr."]),
    // The Entra Connect server
    (&["connectExport", "connectConfiguration"], &["server."]),
    (
        &["passwordResetConfiguration"],
        &["server.writeback", "server.writebackConnector"],
    ),
    (
        &["scheduler", "syncScheduler"],
        &[
            "server.staging",
            "server.schedulerSuspended",
            "server.syncCycle",
            "server.syncInterval",
            "server.nextSync",
        ],
    ),
    (
        &["connectGlobalSettings", "globalSettings"],
        &["server.passwordHashSync"],
    ),
    (&["connectors"], &["server.connectors"]),
    (
        &["connectCredential", "connectorCredential"],
        &["server.identity"],
    ),
    (&["tls12"], &["server.tls12"]),
    (
        &["services"],
        &[
            "server.serviceState",
            "server.serviceStart",
            "server.serviceAccount",
            "server.passThroughAgent",
        ],
    ),
    (&["operatingSystem"], &["server.os", "server.osBuild"]),
    (
        &["windowsVersion", "installationType"],
        &["server.installationType"],
    ),
    (&["computerSystem"], &["server.isDomainController"]),
    (&["userRights"], &["server.impersonation"]),
    (&["remoteSam"], &["server.restrictRemoteSam"]),
    (
        &["dotNetFramework", "dotnetRelease"],
        &["server.dotnetRelease"],
    ),
    (&["fileVersions"], &["server.version"]),
    (&["timeStatus"], &["server.clockOffset"]),
    (&["endpointTests", "connectionTests"], &["server.endpoints"]),
    // The domain
    (&["domainPasswordPolicy", "netAccounts"], DOMAIN_POLICY),
    (&["fineGrainedPolicies"], &["domain.fineGrainedPolicies"]),
    (&["domainControllers"], &["domain.controllers"]),
    (&["rootDse"], &["controller.supportedControl"]),
    (&["gpoInheritance", "gpoLinks"], &["domain.gpoLinks"]),
    (&["gpoReport"], &["domain.gpos", "gpo."]),
    (
        &["gpos"],
        &["domain.gpos", "gpo.name", "gpo.computerSettings"],
    ),
    (
        &["passwordFilters"],
        &["dc.passwordFilters", "dc.restrictRemoteSam"],
    ),
    (
        &["passwordProtectionAgents"],
        &["controller.passwordProtectionAgent"],
    ),
    (
        &[
            "adUsers",
            "adGroups",
            "adDomain",
            "accessRules",
            "directoryService",
            "accountGroups",
            "dsacls",
            "groupMembers",
            "securityDescriptors",
            "serviceAccounts",
            "appliedSynchronizationPolicy",
            "gpoBackup",
            "gpoContainers",
            "gpresult",
            "gptIni",
            "gptTmpl",
            "registryPolicy",
            "securityTemplate",
            "gpupdate",
            "ldif",
            "serverLists",
        ],
        &[],
    ),
    // What people state, and logs
    (&["attested"], &["test."]),
    (
        &[
            "eventLog",
            "eventXml",
            "eventCsv",
            "eventText",
            "winEvents",
            "eventLogEntries",
            "winlogbeat",
            "azureEvents",
            "nxLog",
            "nxLogLines",
            "applicationLog",
            "securityLog",
            "passwordProtectionLog",
        ],
        &[],
    ),
];

/// The facts that a kind of evidence gives, in any case of its name; nothing for an unknown kind.
pub(in crate::snapshot) fn facts_of_kind(kind: &str) -> Option<&'static [&'static str]> {
    KINDS
        .iter()
        .find(|(names, _)| names.iter().any(|name| name.eq_ignore_ascii_case(kind)))
        .map(|(_, facts)| *facts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Known;
    use crate::snapshot::Facts;
    use crate::snapshot::facts::Visitor;
    use crate::snapshot::read::{BINARY, JSON, TEXT};

    struct Names(Vec<&'static str>);

    impl Visitor for Names {
        fn fact<T: PartialEq + serde::Serialize>(&mut self, fact: &Known<T>) {
            self.0.push(fact.name());
        }
    }

    #[test]
    fn every_fact_that_a_kind_gives_exists() {
        let mut names = Names(Vec::new());
        let mut all = Facts::default();
        all.controller("DC01");
        let id = "{31B2F340-016D-11D2-945F-00C04FB984F9}".parse().unwrap();
        all.domain("contoso.com").gpo(id);
        all.visit(&mut names);
        for (kinds, facts) in KINDS {
            for fact in *facts {
                let found = names
                    .0
                    .iter()
                    .any(|name| name == fact || fact.ends_with('.') && name.starts_with(fact));
                assert!(found, "{kinds:?} give {fact}, which is no fact");
            }
        }
    }

    #[test]
    fn a_manifest_can_name_every_kind_that_is_read() {
        let json = JSON.iter().copied().flatten().map(|kind| kind.name);
        let text = TEXT.iter().copied().flatten().map(|kind| kind.name);
        let binary = BINARY.iter().copied().flatten().map(|kind| kind.name);
        for kind in json.chain(text).chain(binary) {
            assert!(facts_of_kind(kind).is_some(), "{kind} is not listed");
        }
    }
}
