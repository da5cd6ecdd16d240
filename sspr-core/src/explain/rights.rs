//! What explains the rights, attributes, property sets and classes of Active Directory that
//! writeback touches, and the rights and settings of machines. Which GUIDs there are, and how they
//! are called, tells [`known_guids`](crate::directory::security::guids::known_guids).

use uuid::Uuid;

use super::lookup::known_rules;
use super::{Topic, TopicKind};
use crate::directory::security::guids::{self, KnownGuid, KnownKind, known_guids};
use crate::readiness::{Names, rules};

/// What is said of one of them.
pub(super) struct Right {
    pub(super) id: Uuid,
    /// What it is called in the schema, where that differs.
    pub(super) alias: &'static str,
    pub(super) meaning: &'static str,
    /// What to grant, for the rights that writeback needs.
    pub(super) grant: Option<&'static str>,
    pub(super) rules: &'static [&'static str],
}

/// What is said of a known GUID.
pub(super) fn said_of(known: &KnownGuid) -> Option<&'static Right> {
    RIGHTS.iter().find(|right| right.id == known.id)
}

/// Rights and classes of the directory, and settings of machines, by any of their names.
pub(super) fn by_name(asked: &str) -> Vec<Topic> {
    let is = |name: &str| !name.is_empty() && name.eq_ignore_ascii_case(asked);
    let rights = known_guids().iter().filter(|known| {
        let alias = said_of(known).map_or("", |right| right.alias);
        is(known.name) || is(&title(known)) || is(alias)
    });
    let settings = SETTINGS.iter().filter(|one| is(one.name) || is(one.title));
    rights.map(right).chain(settings.map(setting)).collect()
}

pub(super) fn right(known: &KnownGuid) -> Topic {
    let said = said_of(known);
    let mut topic = Topic {
        meaning: said.map_or(known.about, |said| said.meaning).into(),
        rules: known_rules(said.map_or(&[], |said| said.rules)),
        sources: vec![SOURCE.into()],
        ..Topic::new(TopicKind::Right, known.id.to_string(), title(known))
    };
    if let Some(command) = said.and_then(|said| said.grant) {
        topic
            .steps
            .push("Grant it to the connector account where it is not effective.".into());
        topic.command = Some(command.into());
    } else {
        topic.steps.push("Nothing to do for writeback.".into());
    }
    topic
}

/// A right or setting of a machine, which one rule judges.
struct Setting {
    /// Its name in a security template or in the registry.
    name: &'static str,
    /// What the editor calls it.
    title: &'static str,
    meaning: &'static str,
    rule: &'static str,
}

const SETTINGS: [Setting; 2] = [
    Setting {
        name: "SeImpersonatePrivilege",
        title: "Impersonate a client after authentication",
        meaning: "The user right by which a service acts as the account that it works with. On the Entra \
            Connect server Administrators, LOCAL SERVICE, NETWORK SERVICE and SERVICE need it.",
        rule: "SSPR227",
    },
    Setting {
        name: "RestrictRemoteSam",
        title: "Network access: Restrict clients allowed to make remote calls to SAM",
        meaning: "The access list of remote calls to a machine's Security Accounts Manager. Where it is set on a \
            domain controller or on the Entra Connect server it has to let the connector account in.",
        rule: "SSPR407",
    },
];

fn setting(setting: &'static Setting) -> Topic {
    let topic = Topic {
        meaning: setting.meaning.into(),
        rules: known_rules(std::slice::from_ref(&setting.rule)),
        ..Topic::new(TopicKind::Setting, setting.name, setting.title)
    };
    let Some(rule) = rules::find(setting.rule) else {
        return topic;
    };
    let remedy = (rule.remedy)(&Names::default());
    Topic {
        check: Some(remedy.verify),
        steps: remedy.steps,
        command: remedy.command,
        sources: rule.sources.iter().map(|&page| page.into()).collect(),
        ..topic
    }
}

/// What a known GUID is called in a sentence.
pub(super) fn title(known: &KnownGuid) -> String {
    match known.kind {
        KnownKind::Class => format!("class {}", known.name),
        _ => known.name.to_owned(),
    }
}

const fn named(id: Uuid, alias: &'static str, meaning: &'static str) -> Right {
    Right {
        id,
        alias,
        meaning,
        grant: None,
        rules: &[],
    }
}

const SOURCE: &str = "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback";

/// Grants the three rights on people that writeback needs.
pub(super) const GRANT_ON_PEOPLE: &str = "Set-ADSyncPasswordWritebackPermissions \
    -ADConnectorAccountName '<connector account>' -ADConnectorAccountDomain '<domain>'";
/// Grants the right on the domain root.
const GRANT_ON_ROOT: &str =
    "dsacls '<domain's distinguished name>' /G '<connector account>:CA;Unexpire Password'";

const RIGHTS: &[Right] = &[
    Right {
        id: guids::RESET_PASSWORD,
        alias: "User-Force-Change-Password",
        meaning: "The extended right to set a password without the old one, on people. Writeback \
            does not work without it where people live.",
        grant: Some(GRANT_ON_PEOPLE),
        rules: &["SSPR801", "SSPR806"],
    },
    Right {
        id: guids::CHANGE_PASSWORD,
        alias: "User-Change-Password",
        meaning: "The extended right to change a password with the old one. Everyone and SELF hold \
            it by default. A reset does not need it, a change does.",
        grant: None,
        rules: &["SSPR805"],
    },
    Right {
        id: guids::UNEXPIRE_PASSWORD,
        alias: "Unexpire-Password",
        meaning: "The extended right, on the root of a domain, to give back an expired password its \
            life. Without it a reset leaves a password that has to be changed at once. \
            Authenticated Users hold it by default.",
        grant: Some(GRANT_ON_ROOT),
        rules: &["SSPR804"],
    },
    Right {
        id: guids::LOCKOUT_TIME,
        alias: "Lockout-Time",
        meaning: "The attribute that holds when an account was locked; writing 0 unlocks it. It \
            belongs to no property set, so that it has to be granted by itself.",
        grant: Some(GRANT_ON_PEOPLE),
        rules: &["SSPR802"],
    },
    Right {
        id: guids::PWD_LAST_SET,
        alias: "Pwd-Last-Set",
        meaning: "The attribute that holds when the password was set; 0 means that it has to be \
            changed at the next logon. The property set User-Account-Restrictions covers it.",
        grant: Some(GRANT_ON_PEOPLE),
        rules: &["SSPR803"],
    },
    named(
        guids::UPDATE_PASSWORD_NOT_REQUIRED,
        "Update-Password-Not-Required-Bit",
        "An extended right on the root of a domain. Writeback does not need it.",
    ),
    named(
        guids::ENABLE_REVERSIBLE_PASSWORD,
        "Enable-Per-User-Reversibly-Encrypted-Password",
        "An extended right on the root of a domain. Writeback does not need it.",
    ),
    named(
        guids::GET_CHANGES,
        "DS-Replication-Get-Changes",
        "An extended right on the head of a naming context. Password hash synchronisation needs it \
            together with Replicating Directory Changes All; writeback does not.",
    ),
    named(
        guids::GET_CHANGES_ALL,
        "DS-Replication-Get-Changes-All",
        "An extended right on the head of a naming context. Password hash synchronisation needs it \
            together with Replicating Directory Changes; writeback does not.",
    ),
    named(
        guids::GET_CHANGES_FILTERED,
        "DS-Replication-Get-Changes-In-Filtered-Set",
        "An extended right on the head of a naming context. Neither writeback nor password hash \
            synchronisation needs it.",
    ),
    named(
        guids::USER_ACCOUNT_CONTROL,
        "User-Account-Control",
        "The attribute with an account's flags, in the property set User-Account-Restrictions. \
            Writeback does not write it.",
    ),
    named(
        guids::ACCOUNT_EXPIRES,
        "Account-Expires",
        "The attribute with the day an account ends, in the property set User-Account-Restrictions. \
            Writeback does not write it.",
    ),
    named(
        guids::UNICODE_PWD,
        "Unicode-Pwd",
        "The attribute behind the password. A right to write it does not allow a reset: the \
            extended right Reset Password does.",
    ),
    named(
        guids::CONSISTENCY_GUID,
        "MS-DS-Consistency-Guid",
        "The attribute that ties an account to its object in the cloud. Synchronisation writes it, \
            writeback does not.",
    ),
    Right {
        id: guids::ADMIN_COUNT,
        alias: "Admin-Count",
        meaning: "The attribute that marks accounts which are or were members of protected groups. \
            Their inheritance is blocked, so that the grants of writeback do not reach them.",
        grant: None,
        rules: &["SSPR807", "SSPR808"],
    },
    named(
        guids::USER_ACCOUNT_RESTRICTIONS,
        "Account Restrictions",
        "The property set of pwdLastSet, userAccountControl and accountExpires. Writing it covers \
            pwdLastSet, and does not cover lockoutTime.",
    ),
    named(
        guids::GENERAL_INFORMATION,
        "General Information",
        "A property set that holds nothing writeback needs.",
    ),
    named(
        guids::PUBLIC_INFORMATION,
        "Public Information",
        "A property set that holds nothing writeback needs.",
    ),
    named(
        guids::PERSONAL_INFORMATION,
        "Personal Information",
        "A property set that holds nothing writeback needs.",
    ),
    named(
        guids::USER_LOGON,
        "Logon Information",
        "The property set of logon data such as badPwdCount. It does not hold lockoutTime.",
    ),
    named(
        guids::DOMAIN_PASSWORD,
        "Domain Password & Lockout Policies",
        "The property set of the password policy on the root of a domain.",
    ),
    named(
        guids::DOMAIN_OTHER_PARAMETERS,
        "Other Domain Parameters",
        "A property set on the root of a domain. Writeback does not need it.",
    ),
    named(
        guids::USER,
        "User",
        "The class of people. As the inherited object type of an entry it limits a grant to them.",
    ),
    Right {
        id: guids::INET_ORG_PERSON,
        alias: "inetOrgPerson",
        meaning: "A second class of people. Grants that are limited to the class user do not reach \
            them, and Set-ADSyncPasswordWritebackPermissions grants nothing on them.",
        grant: None,
        rules: &["SSPR810"],
    },
    named(guids::COMPUTER, "Computer", "The class of computers."),
    named(guids::GROUP, "Group", "The class of groups."),
    named(guids::CONTACT, "Contact", "The class of contacts."),
    named(
        guids::ORGANIZATIONAL_UNIT,
        "Organizational-Unit",
        "The class of organisational units.",
    ),
    named(
        guids::DOMAIN_DNS,
        "Domain-DNS",
        "The class of a domain's root, the only place where Unexpire Password counts.",
    ),
    named(
        guids::PASSWORD_SETTINGS,
        "ms-DS-Password-Settings",
        "The class of fine-grained password policies.",
    ),
    named(
        guids::MANAGED_SERVICE_ACCOUNT,
        "ms-DS-Managed-Service-Account",
        "The class of standalone managed service accounts.",
    ),
    named(
        guids::GROUP_MANAGED_SERVICE_ACCOUNT,
        "ms-DS-Group-Managed-Service-Account",
        "The class of group managed service accounts. Cloud sync uses one as its connector account; \
            Entra Connect does not support one there.",
    ),
];
