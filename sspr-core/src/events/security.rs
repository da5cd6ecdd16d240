//! The data of the Security log's events about passwords and sign-ins.
//!
//! `.evtx` and XML name each datum; other carriers give the same strings without their names, or a
//! rendered text only. Names are put back by position, as Microsoft documents them for each id (the
//! pages `event-4724` and so on of its auditing reference); a text, whose words are in the language
//! of the machine, is read by its layout, and only where no data came with it.

use super::catalogue::Source;
use super::{EventDatum, WindowsEvent};

/// Keywords of an audit that succeeded.
pub(crate) const AUDIT_SUCCESS: u64 = 0x0020_0000_0000_0000;
/// Keywords of an audit that failed.
pub(crate) const AUDIT_FAILURE: u64 = 0x0010_0000_0000_0000;

/// Whom a change in the directory was made to, and who made it: seven strings.
const TARGET_AND_SUBJECT: &[&str] = &[
    "TargetUserName",
    "TargetDomainName",
    "TargetSid",
    "SubjectUserSid",
    "SubjectUserName",
    "SubjectDomainName",
    "SubjectLogonId",
];

/// The names of the data of each event, in their order. Later versions add names at the end.
const NAMES: [(u32, &[&str]); 8] = [
    (
        4723,
        &[
            "TargetUserName",
            "TargetDomainName",
            "TargetSid",
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
            "PrivilegeList",
        ],
    ),
    (4724, TARGET_AND_SUBJECT),
    (
        4738,
        &[
            "Dummy",
            "TargetUserName",
            "TargetDomainName",
            "TargetSid",
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
            "PrivilegeList",
            "SamAccountName",
            "DisplayName",
            "UserPrincipalName",
            "HomeDirectory",
            "HomePath",
            "ScriptPath",
            "ProfilePath",
            "UserWorkstations",
            "PasswordLastSet",
            "AccountExpires",
            "PrimaryGroupId",
            "AllowedToDelegateTo",
            "OldUacValue",
            "NewUacValue",
            "UserAccountControl",
            "UserParameters",
            "SidHistory",
            "LogonHours",
        ],
    ),
    (4740, TARGET_AND_SUBJECT),
    (4767, TARGET_AND_SUBJECT),
    (
        4624,
        &[
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
            "TargetUserSid",
            "TargetUserName",
            "TargetDomainName",
            "TargetLogonId",
            "LogonType",
            "LogonProcessName",
            "AuthenticationPackageName",
            "WorkstationName",
            "LogonGuid",
            "TransmittedServices",
            "LmPackageName",
            "KeyLength",
            "ProcessId",
            "ProcessName",
            "IpAddress",
            "IpPort",
        ],
    ),
    (
        4768,
        &[
            "TargetUserName",
            "TargetDomainName",
            "TargetSid",
            "ServiceName",
            "ServiceSid",
            "TicketOptions",
            "Status",
            "TicketEncryptionType",
            "PreAuthType",
            "IpAddress",
            "IpPort",
        ],
    ),
    (
        4776,
        &["PackageName", "TargetUserName", "Workstation", "Status"],
    ),
];

/// The names that the data of these events have, for carriers that keep them among other columns.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().flat_map(|(_, names)| names.iter().copied())
}

/// Puts names to the data of an event of the Security log that came without, and takes what a text
/// says by its layout when no data came at all.
pub(crate) fn complete(event: &mut WindowsEvent) {
    if Source::of(&event.provider) != Some(Source::Security) {
        return;
    }
    let Some((_, names)) = NAMES.iter().find(|(id, _)| *id == event.id) else {
        return;
    };
    if event.data.is_empty() {
        if let Some(message) = &event.message {
            event.data = of_message(event.id, message);
        }
        return;
    }
    // Earlier versions have fewer at the end of the long ones.
    let unnamed = event.data.iter().all(|datum| datum.name.is_none());
    if unnamed && event.data.len() >= names.len().min(9) {
        for (datum, name) in event.data.iter_mut().zip(names.iter()) {
            datum.name = Some((*name).into());
        }
    }
}

/// Who and whom of a change in the directory, from its rendered text: after the sentence that says
/// what happened stand two blocks of indented lines, the subject's (SID, name, domain, logon) and
/// the account's (SID, name, domain), whatever the language.
fn of_message(id: u32, message: &str) -> Vec<EventDatum> {
    if !matches!(id, 4723 | 4724 | 4738 | 4740 | 4767) {
        return Vec::new();
    }
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    for line in message.lines().skip(1) {
        let indented = line.starts_with([' ', '\t']);
        match line.trim().split_once([':', '：']) {
            Some((_, value)) if indented => {
                if let Some(block) = blocks.last_mut() {
                    block.push(value.trim());
                }
            }
            Some((_, value)) if value.trim().is_empty() => blocks.push(Vec::new()),
            _ => {}
        }
    }
    let [subject, target, ..] = blocks.as_slice() else {
        return Vec::new();
    };
    let mut data = Vec::new();
    let mut put = |name: &str, value: Option<&&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty() && **value != "-") {
            data.push(EventDatum {
                name: Some(name.into()),
                value: (**value).to_owned(),
            });
        }
    };
    // A viewer shows the name that belongs to a SID in its place.
    let is_sid = |value: &&&str| value.starts_with("S-1-");
    put("SubjectUserSid", subject.first().filter(is_sid));
    put("SubjectUserName", subject.get(1));
    put("SubjectDomainName", subject.get(2));
    put("SubjectLogonId", subject.get(3));
    put("TargetSid", target.first().filter(is_sid));
    put("TargetUserName", target.get(1));
    if id != 4740 {
        put("TargetDomainName", target.get(2));
    }
    data
}

/// What an event of the Security log says, by the names of its data, whatever carried it.
///
/// ```
/// use sspr::events::{EventDatum, WindowsEvent};
///
/// let event = WindowsEvent {
///     provider: "Microsoft-Windows-Security-Auditing".into(),
///     id: 4724,
///     data: vec![EventDatum { name: Some("TargetUserName".into()), value: "jdoe".into() }],
///     ..WindowsEvent::default()
/// };
/// assert_eq!(event.target_user(), Some("jdoe"));
/// ```
impl WindowsEvent {
    /// Whose account it is: `TargetUserName`.
    pub fn target_user(&self) -> Option<&str> {
        self.stated("TargetUserName")
    }

    /// The account's SID: `TargetSid`, or `TargetUserSid` of a logon.
    pub fn target_sid(&self) -> Option<&str> {
        self.stated("TargetSid")
            .or_else(|| self.stated("TargetUserSid"))
    }

    /// Who did it: `SubjectUserName`.
    pub fn subject_user(&self) -> Option<&str> {
        self.stated("SubjectUserName")
    }

    /// The SID of who did it: `SubjectUserSid`.
    pub fn subject_sid(&self) -> Option<&str> {
        self.stated("SubjectUserSid")
    }

    /// The type of a logon: 2 at the machine, 3 over the network, 10 remote, 11 from the cache.
    pub fn logon_type(&self) -> Option<u32> {
        self.stated("LogonType")?.parse().ok()
    }

    /// The result code of a sign-in (4768, 4776): `0x0` is success.
    pub fn status(&self) -> Option<u32> {
        let status = self.stated("Status")?;
        match status.strip_prefix("0x").or(status.strip_prefix("0X")) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => status.parse().ok(),
        }
    }

    /// Whether the audit succeeded, as the keywords say.
    pub fn audit_succeeded(&self) -> Option<bool> {
        let keywords = self.keywords?;
        match (keywords & AUDIT_SUCCESS != 0, keywords & AUDIT_FAILURE != 0) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        }
    }

    /// A named datum that says something: Windows writes `-` where there is nothing to say.
    fn stated(&self, name: &str) -> Option<&str> {
        self.named(name)
            .map(str::trim)
            .filter(|value| !value.is_empty() && *value != "-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: u32, data: &[&str], message: Option<&str>) -> WindowsEvent {
        let datum = |value: &&str| EventDatum {
            name: None,
            value: (*value).to_owned(),
        };
        let mut event = WindowsEvent {
            provider: Source::Security.provider().into(),
            id,
            data: data.iter().map(datum).collect(),
            message: message.map(str::to_owned),
            ..WindowsEvent::default()
        };
        complete(&mut event);
        event
    }

    #[test]
    fn strings_without_names_get_them_by_position() {
        let strings = [
            "jdoe",
            "CONTOSO",
            "S-1-5-21-1-2-3-1104",
            "S-1-5-21-1-2-3-1105",
            "MSOL_0123456789ab",
            "CONTOSO",
            "0x1234",
        ];
        let reset = event(4724, &strings, None);
        assert_eq!(reset.target_user(), Some("jdoe"));
        assert_eq!(reset.target_sid(), Some("S-1-5-21-1-2-3-1104"));
        assert_eq!(reset.subject_user(), Some("MSOL_0123456789ab"));
        assert_eq!(reset.subject_sid(), Some("S-1-5-21-1-2-3-1105"));
        let strings = [
            "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0",
            "jdoe",
            "PC1",
            "0xc000006a",
        ];
        assert_eq!(event(4776, &strings, None).status(), Some(0xc000_006a));
        assert_eq!(
            event(4724, &strings, None).target_user(),
            None,
            "too few to be sure"
        );
    }

    #[test]
    fn a_text_in_any_language_is_read_by_its_layout_when_no_data_came() {
        let german = "Es wurde versucht, das Kennwort eines Kontos zurückzusetzen.\r\n\r\n\
            Antragsteller:\r\n\tSicherheits-ID:\t\tS-1-5-21-1-2-3-1105\r\n\tKontoname:\t\tMSOL_0123456789ab\r\n\
            \tKontodomäne:\t\tCONTOSO\r\n\tAnmelde-ID:\t\t0x1234\r\n\r\nZielkonto:\r\n\
            \tSicherheits-ID:\t\tCONTOSO\\jdoe\r\n\tKontoname:\t\tjdoe\r\n\tKontodomäne:\t\tCONTOSO\r\n";
        let reset = event(4724, &[], Some(german));
        assert_eq!(reset.target_user(), Some("jdoe"));
        assert_eq!(reset.target_sid(), None, "a name stands in its place");
        assert_eq!(reset.subject_sid(), Some("S-1-5-21-1-2-3-1105"));
        assert_eq!(event(4624, &[], Some(german)).target_user(), None);
    }
}
