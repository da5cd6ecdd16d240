//! Security settings of machines that writeback depends on: who may impersonate a client, and who
//! may call the Security Accounts Manager from afar.

use serde::Serialize;

use super::permissions::Trustee;
use super::security::{Ace, SecurityDescriptor, Sid, SidAliases};
use crate::carrier::inf::{Entry, Inf};
use crate::carrier::json::Object;
use crate::error::{Error, Result};
use crate::evidence::{At, Locator, Reading};

/// "Impersonate a client after authentication", as templates name it.
const IMPERSONATE: (&str, &str) = ("Privilege Rights", "SeImpersonatePrivilege");
/// "Network access: Restrict clients allowed to make remote calls to SAM", as templates name it.
const REMOTE_SAM: (&str, &str) = (
    "Registry Values",
    r"MACHINE\System\CurrentControlSet\Control\Lsa\RestrictRemoteSAM",
);

/// What a security template, or the export of a machine's own policy, sets. A setting that is not
/// in it is not defined by it, and is absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecuritySettings {
    /// Who holds "Impersonate a client after authentication"; nobody is an empty list.
    pub impersonation: Reading<Vec<Trustee>>,
    /// Who may make remote calls to SAM.
    pub remote_sam: Reading<RemoteSam>,
}

/// Who may make remote calls to the Security Accounts Manager of a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RemoteSam {
    /// The setting is not there: on a domain controller everybody may, on any other machine its
    /// administrators (MS-SAMR 3.1.1.11).
    NotDefined,
    /// Those to whom this SDDL grants to read (RC).
    Restricted(String),
}

/// The settings of a policy whose group policy object is known or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateSettings {
    /// The GPO's id, in upper case with braces.
    pub gpo: Option<String>,
    /// The GPO's name.
    pub name: Option<String>,
    /// What it sets.
    pub settings: SecuritySettings,
}

/// The machines that a policy is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All machines of the domain.
    Domain,
    /// Its domain controllers.
    Controllers,
}

impl SecuritySettings {
    /// The settings of a template.
    pub fn of(inf: &Inf) -> Self {
        let entry = |(section, key)| inf.entry(section, key);
        Self {
            impersonation: entry(IMPERSONATE).map_or(Reading::Absent, holders),
            remote_sam: entry(REMOTE_SAM).map_or(Reading::Absent, registry_text),
        }
    }

    /// Whether it sets any of them.
    pub fn is_empty(&self) -> bool {
        self.impersonation == Reading::Absent && self.remote_sam == Reading::Absent
    }
}

impl TemplateSettings {
    /// Which machines it is meant for: that is known of the two policies that every domain has.
    pub fn reach(&self) -> Option<Reach> {
        match self.gpo.as_deref()? {
            "{31B2F340-016D-11D2-945F-00C04FB984F9}" => Some(Reach::Domain),
            "{6AC1786C-016F-11D2-945F-00C04FB984F9}" => Some(Reach::Controllers),
            _ => None,
        }
    }

    /// What to call it.
    pub fn title(&self) -> &str {
        let name = self.name.as_deref().or(self.gpo.as_deref());
        name.unwrap_or("a policy")
    }
}

impl RemoteSam {
    /// Whether a JSON object is the Lsa key of a machine with this setting in it.
    pub fn matches_json(object: &Object<'_>) -> bool {
        object.has(&["RestrictRemoteSam"])
    }

    /// Reads what `Get-ItemProperty … | Select-Object RestrictRemoteSam` prints of the Lsa key.
    pub fn from_json(object: &Object<'_>) -> Reading<Self> {
        match object.text("RestrictRemoteSam") {
            Reading::Null(place) => Reading::Value(At::new(Self::NotDefined, place)),
            reading => reading.and_then(|text| restricted(text).ok_or_else(no_sddl)),
        }
    }
}

/// The access list of remote calls to SAM as a domain controller, or another machine of the
/// domain, applies it.
///
/// Another machine has built-in groups of its own. Of these, Administrators holds Domain Admins and
/// Users holds Domain Users, as joining the domain arranges it; other members are not known here,
/// and entries for the other groups of the machine are left out.
pub fn remote_sam_list(
    sddl: &str,
    aliases: &SidAliases,
    controller: bool,
) -> Result<SecurityDescriptor> {
    let mut list = SecurityDescriptor::from_sddl(sddl, aliases)?;
    if !controller {
        let local = |sid: &Sid| match sid.subs() {
            [32, rid] => {
                let rid = match rid {
                    544 => 512,
                    545 => 513,
                    _ => return None,
                };
                aliases.domain?.with_rid(rid)
            }
            _ => Some(*sid),
        };
        list.owner = list.owner.as_ref().and_then(local);
        if let Some(entries) = &mut list.dacl {
            entries.entries = entries
                .entries
                .drain(..)
                .filter_map(|entry| {
                    let sid = match &entry.sid {
                        Some(sid) => Some(local(sid)?),
                        None => None,
                    };
                    Some(Ace { sid, ..entry })
                })
                .collect();
        }
    }
    Ok(list)
}

/// `*S-1-5-32-544,*S-1-5-6,CONTOSO\svc`.
fn holders(entry: &Entry) -> Reading<Vec<Trustee>> {
    let place = Locator::Line(entry.line);
    let Some(value) = entry.value.as_deref() else {
        return Reading::Bad(Error::value(place, "the right has no list of holders"));
    };
    let names = value.split(',').map(str::trim);
    let names = names.filter(|name| !name.is_empty());
    let holders = names.map(|name| Trustee::parse(name.strip_prefix('*').unwrap_or(name)));
    Reading::Value(At::new(holders.collect(), place))
}

/// `1,"O:BAG:BAD:(A;;RC;;;BA)"`, where 1 is a text.
fn registry_text(entry: &Entry) -> Reading<RemoteSam> {
    let place = Locator::Line(entry.line);
    let text = entry.value.as_deref().and_then(|value| {
        let (kind, text) = value.split_once(',')?;
        let text = text.trim();
        let quoted = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
        (kind.trim() == "1").then(|| quoted.unwrap_or(text))
    });
    match text.and_then(restricted) {
        Some(setting) => Reading::Value(At::new(setting, place)),
        None => Reading::Bad(Error::value(place, no_sddl())),
    }
}

/// The setting in a text that is an access list.
fn restricted(text: &str) -> Option<RemoteSam> {
    let text = text.trim();
    // Names of a domain are read later, when its SID is known.
    let any = Sid::new(5, [21, 0, 0, 0]);
    let aliases = SidAliases {
        domain: Some(any),
        forest_root: Some(any),
    };
    let list = SecurityDescriptor::from_sddl(text, &aliases).ok()?;
    list.access_list()?;
    Some(RemoteSam::Restricted(text.to_owned()))
}

fn no_sddl() -> String {
    "expected an access list in SDDL, such as O:BAG:BAD:(A;;RC;;;BA)".to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EXPORT: &str = "[Unicode]\r\nUnicode=yes\r\n[Registry Values]\r\n\
        MACHINE\\System\\CurrentControlSet\\Control\\Lsa\\RestrictRemoteSAM=1,\"O:BAG:BAD:(A;;RC;;;BA)\"\r\n\
        [Privilege Rights]\r\nSeImpersonatePrivilege = *S-1-5-19,*S-1-5-32-544,CONTOSO\\svc\r\n\
        SeTcbPrivilege =\r\n";

    fn settings(text: &str) -> SecuritySettings {
        SecuritySettings::of(&Inf::parse(text))
    }

    #[test]
    fn an_export_tells_who_holds_the_right_and_who_may_call_sam() {
        let found = settings(EXPORT);
        let holders = found.impersonation.value().unwrap();
        assert_eq!(holders.len(), 3);
        assert_eq!(holders[0], Trustee::Sid(Sid::new(5, [19])));
        assert_eq!(holders[2], Trustee::Name("CONTOSO\\svc".into()));
        let RemoteSam::Restricted(sddl) = found.remote_sam.value().unwrap() else {
            panic!()
        };
        assert_eq!(sddl, "O:BAG:BAD:(A;;RC;;;BA)");
    }

    #[test]
    fn what_a_template_does_not_name_is_absent_and_an_empty_list_is_nobody() {
        assert!(settings("[Version]\r\nsignature=\"$CHICAGO$\"\r\n").is_empty());
        let nobody = settings("[Privilege Rights]\r\nSeImpersonatePrivilege =\r\n");
        assert_eq!(nobody.impersonation.value(), Some(&Vec::new()));
    }

    #[test]
    fn a_value_that_is_no_access_list_is_bad_with_its_line() {
        let line = r"MACHINE\System\CurrentControlSet\Control\Lsa\RestrictRemoteSAM";
        for value in ["4,1", "1,\"\"", "1,\"O:BA\"", "1,\"hello\""] {
            let found = settings(&format!("[Registry Values]\r\n{line}={value}\r\n"));
            let Reading::Bad(error) = found.remote_sam else {
                panic!("{value}")
            };
            assert_eq!(error.place, Locator::Line(2));
        }
    }

    #[test]
    fn built_in_groups_of_a_member_server_are_its_own() {
        let domain = Sid::new(5, [21, 1, 2, 3]);
        let aliases = SidAliases {
            domain: Some(domain),
            forest_root: None,
        };
        let sddl = "O:BAG:BAD:(A;;RC;;;BA)(A;;RC;;;BO)(A;;RC;;;AU)";
        let there = remote_sam_list(sddl, &aliases, false).unwrap();
        let sids = |list: &SecurityDescriptor| -> Vec<_> {
            let entries = list.access_list().unwrap_or_default();
            entries.iter().filter_map(|entry| entry.sid).collect()
        };
        assert_eq!(
            sids(&there),
            [domain.with_rid(512).unwrap(), Sid::new(5, [11])]
        );
        assert_eq!(there.owner, domain.with_rid(512));
        let here = remote_sam_list(sddl, &aliases, true).unwrap();
        assert_eq!(sids(&here).len(), 3);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_value_gives_a_result(value in "(?s)[ -~]{0,80}", section in 0..2_usize) {
            let (section, key) = [IMPERSONATE, REMOTE_SAM][section];
            let found = settings(&format!("[{section}]\r\n{key} = {value}\r\n"));
            if let Reading::Bad(error) = found.remote_sam {
                prop_assert!(!error.message.is_empty());
            }
        }
    }
}
