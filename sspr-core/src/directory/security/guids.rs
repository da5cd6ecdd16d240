//! The GUIDs of rights, attributes, property sets and classes that matter to password writeback.

use serde::Serialize;
use uuid::{Uuid, uuid};

/// What a GUID in an entry names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum KnownKind {
    /// An extended right.
    Right,
    /// An attribute.
    Attribute,
    /// A property set.
    PropertySet,
    /// A class.
    Class,
}

/// A GUID with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownGuid {
    /// The GUID.
    pub id: Uuid,
    /// Its name in the schema or among the extended rights.
    pub name: &'static str,
    /// What it names.
    pub kind: KnownKind,
    /// The property set an attribute belongs to.
    pub property_set: Option<Uuid>,
    /// What it has to do with writeback.
    pub about: &'static str,
}

macro_rules! known {
    ($($constant:ident = $id:literal $kind:ident $name:literal $(in $set:ident)?: $about:literal;)*) => {
        $(
            #[doc = concat!($name, ": ", $about)]
            pub const $constant: Uuid = uuid!($id);
        )*

        const KNOWN: &[KnownGuid] = &[$(KnownGuid {
            id: $constant,
            name: $name,
            kind: KnownKind::$kind,
            property_set: known!(@set $($set)?),
            about: $about,
        },)*];
    };
    (@set) => { None };
    (@set $set:ident) => { Some($set) };
}

known! {
    RESET_PASSWORD = "00299570-246d-11d0-a768-00aa006e0529" Right "Reset Password":
        "a forgotten password is reset with it; writeback needs it on every synced person.";
    CHANGE_PASSWORD = "ab721a53-1e2f-11d0-9819-00aa0040529b" Right "Change Password":
        "a known password is changed with it; Everyone and SELF hold it by default.";
    UNEXPIRE_PASSWORD = "ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501" Right "Unexpire Password":
        "held on the domain root; without it a reset leaves the new password expired.";
    UPDATE_PASSWORD_NOT_REQUIRED = "280f369c-67c7-438e-ae98-1d46f3c6f541" Right "Update Password Not Required Bit":
        "held on the domain root; writeback does not need it.";
    ENABLE_REVERSIBLE_PASSWORD = "05c74c5e-4deb-43b4-bd9f-86664c2a7fd5" Right "Enable Per User Reversibly Encrypted Password":
        "held on the domain root; writeback does not need it.";
    GET_CHANGES = "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2" Right "Replicating Directory Changes":
        "password hash synchronisation needs it on the domain root.";
    GET_CHANGES_ALL = "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2" Right "Replicating Directory Changes All":
        "password hash synchronisation needs it on the domain root.";
    GET_CHANGES_FILTERED = "89e95b76-444d-4c62-991a-0facbeda640c" Right "Replicating Directory Changes In Filtered Set":
        "neither writeback nor hash synchronisation needs it.";
    LOCKOUT_TIME = "28630ebf-41d5-11d1-a9c1-0000f80367c1" Attribute "lockoutTime":
        "set to 0 it unlocks an account; no property set covers it.";
    PWD_LAST_SET = "bf967a0a-0de6-11d0-a285-00aa003049e2" Attribute "pwdLastSet" in USER_ACCOUNT_RESTRICTIONS:
        "set to 0 it makes a password temporary.";
    USER_ACCOUNT_CONTROL = "bf967a68-0de6-11d0-a285-00aa003049e2" Attribute "userAccountControl" in USER_ACCOUNT_RESTRICTIONS:
        "enables, disables and exempts accounts.";
    ACCOUNT_EXPIRES = "bf967915-0de6-11d0-a285-00aa003049e2" Attribute "accountExpires" in USER_ACCOUNT_RESTRICTIONS:
        "when an account ends.";
    UNICODE_PWD = "bf9679e1-0de6-11d0-a285-00aa003049e2" Attribute "unicodePwd":
        "the password itself; Reset Password guards it, not a right to write it.";
    CONSISTENCY_GUID = "23773dc2-b63a-11d2-90e1-00c04fd91ab1" Attribute "mS-DS-ConsistencyGuid":
        "the anchor of synchronisation.";
    ADMIN_COUNT = "bf967918-0de6-11d0-a285-00aa003049e2" Attribute "adminCount":
        "marks accounts that are or were protected.";
    USER_ACCOUNT_RESTRICTIONS = "4c164200-20c0-11d0-a768-00aa006e0529" PropertySet "User-Account-Restrictions":
        "covers pwdLastSet, userAccountControl and accountExpires.";
    GENERAL_INFORMATION = "59ba2f42-79a2-11d0-9020-00c04fc2d3cf" PropertySet "General-Information":
        "names and descriptions.";
    PUBLIC_INFORMATION = "e48d0154-bcf8-11d1-8702-00c04fb96050" PropertySet "Public-Information":
        "addresses and identities.";
    PERSONAL_INFORMATION = "77b5b886-944a-11d1-aebd-0000f80367c1" PropertySet "Personal-Information":
        "what people may write about themselves.";
    USER_LOGON = "5f202010-79a5-11d0-9020-00c04fc2d4cf" PropertySet "User-Logon":
        "covers badPwdCount.";
    DOMAIN_PASSWORD = "c7407360-20bf-11d0-a768-00aa006e0529" PropertySet "Domain-Password":
        "the password policy on the domain root.";
    DOMAIN_OTHER_PARAMETERS = "b8119fd0-04f6-4762-ab7a-4986c76b3f9a" PropertySet "Domain-Other-Parameters":
        "other settings of the domain root.";
    USER = "bf967aba-0de6-11d0-a285-00aa003049e2" Class "user": "people, as a rule.";
    INET_ORG_PERSON = "4828cc14-1437-45bc-9b07-ad6f015e5f28" Class "inetOrgPerson":
        "people of some directories; an entry for user does not reach them.";
    COMPUTER = "bf967a86-0de6-11d0-a285-00aa003049e2" Class "computer": "computers.";
    GROUP = "bf967a9c-0de6-11d0-a285-00aa003049e2" Class "group": "groups.";
    CONTACT = "5cb41ed0-0e4c-11d0-a286-00aa003049e2" Class "contact": "contacts.";
    ORGANIZATIONAL_UNIT = "bf967aa5-0de6-11d0-a285-00aa003049e2" Class "organizationalUnit": "organizational units.";
    DOMAIN_DNS = "19195a5b-6da0-11d0-afd3-00c04fd930c9" Class "domainDNS": "domain roots.";
    PASSWORD_SETTINGS = "3bcd9db8-f84b-451c-952f-6c52b81f9ec6" Class "msDS-PasswordSettings": "fine-grained password policies.";
    MANAGED_SERVICE_ACCOUNT = "ce206244-5827-4a86-ba1c-1c0c386c1b64" Class "msDS-ManagedServiceAccount": "managed service accounts.";
    GROUP_MANAGED_SERVICE_ACCOUNT = "7b8b558a-93a5-4af7-adca-c017e67f1057" Class "msDS-GroupManagedServiceAccount":
        "group managed service accounts.";
}

/// All GUIDs that are known here.
pub fn known_guids() -> &'static [KnownGuid] {
    KNOWN
}

/// What a GUID or a name means, in any case; spaces and hyphens in names count alike.
pub fn find(text: &str) -> Option<&'static KnownGuid> {
    let text = text.trim();
    if let Ok(id) = text.parse() {
        return guid_name(id);
    }
    // Asked for with each access check of a caller: nothing is allocated.
    KNOWN.iter().find(|known| plain(known.name).eq(plain(text)))
}

/// The characters of a name that count.
fn plain(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars()
        .filter(|c| !matches!(c, ' ' | '-'))
        .flat_map(char::to_lowercase)
}

/// The name of a GUID, where it is known.
pub fn guid_name(id: Uuid) -> Option<&'static KnownGuid> {
    KNOWN.iter().find(|known| known.id == id)
}
