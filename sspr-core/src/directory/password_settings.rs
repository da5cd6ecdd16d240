//! Fine-grained password policies, as `Get-ADFineGrainedPasswordPolicy` and LDIF show them.

use uuid::Uuid;

use super::attributes::{decode_limit, decode_span};
use super::readings::count;
use super::{FineGrainedPolicy, PolicyReadings, dns_domain};
use crate::carrier::json::Object;
use crate::carrier::ldif::LdifEntry;
use crate::carrier::powershell_list::ListObject;
use crate::error::Error;
use crate::evidence::{At, Locator, Reading};

/// The container that holds all fine-grained policies of a domain.
const CONTAINER: &str = "msDS-PasswordSettingsContainer";

/// One fine-grained policy as one input has it.
///
/// By default only domain administrators may read these objects: an export without any does not
/// say that there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordSettings {
    /// The distinguished name.
    pub dn: Reading<String>,
    /// The name.
    pub name: Reading<String>,
    /// `objectGUID`.
    pub guid: Reading<Uuid>,
    /// The precedence, at least 1.
    pub precedence: Reading<u32>,
    /// Distinguished names of those it applies to.
    pub applies_to: Reading<Vec<String>>,
    /// The settings.
    pub policy: PolicyReadings,
}

impl PasswordSettings {
    /// Whether an object is what `Get-ADFineGrainedPasswordPolicy` gives.
    pub fn matches_json(object: &Object<'_>) -> bool {
        object.has(&["DistinguishedName", "Precedence", "MinPasswordAge"])
    }

    /// The same for PowerShell's list form.
    pub fn matches_list(object: &ListObject) -> bool {
        object.has(&["DistinguishedName", "Precedence", "MinPasswordAge"])
    }

    /// Whether a directory entry is a fine-grained policy.
    pub fn matches_entry(entry: &LdifEntry) -> bool {
        entry.has("msDS-PasswordSettingsPrecedence") || is(entry, "msDS-PasswordSettings")
    }

    /// The domain whose container of fine-grained policies an entry is.
    pub fn container_of_domain(entry: &LdifEntry) -> Option<String> {
        is(entry, CONTAINER).then(|| dns_domain(&entry.dn))?
    }

    /// The same for an object of PowerShell's.
    pub fn container_of_json(object: &Object<'_>) -> Option<String> {
        let class = object.text("ObjectClass");
        let container = class
            .value()
            .is_some_and(|c| c.eq_ignore_ascii_case(CONTAINER));
        let dn = object.words("DistinguishedName").found()?;
        container.then(|| dns_domain(dn.value))?
    }

    /// Reads what `Get-ADFineGrainedPasswordPolicy | ConvertTo-Json` prints, in Windows PowerShell
    /// and in PowerShell 7. Spans are positive here, and 0 in `MaxPasswordAge` and
    /// `LockoutDuration` means never.
    pub fn from_json(object: &Object<'_>) -> Self {
        Self {
            dn: object.words("DistinguishedName").map(str::to_owned),
            name: object.words("Name").map(str::to_owned),
            guid: object.guid("ObjectGUID"),
            precedence: object.integer("Precedence").and_then(precedence),
            applies_to: object.texts("AppliesTo").map(owned),
            policy: PolicyReadings::of_cmdlet(object),
        }
    }

    /// Reads the same in PowerShell's list form. PowerShell prints no more than four elements of a
    /// collection and dots for the others; whom the policy applies to is then not known.
    pub fn from_list(object: &ListObject) -> Self {
        Self {
            dn: object.text("DistinguishedName").map(str::to_owned),
            name: object.text("Name").map(str::to_owned),
            guid: object
                .text("ObjectGUID")
                .and_then(|text| Uuid::try_parse(text).map_err(|_| "not a GUID".to_owned())),
            precedence: object.integer("Precedence").and_then(precedence),
            applies_to: object.text("AppliesTo").and_then(listed_names),
            policy: PolicyReadings::of_cmdlet(object),
        }
    }

    /// Reads a directory entry. Whom it applies to is known to be nobody only where the entry was
    /// read with all its attributes.
    pub fn from_entry(entry: &LdifEntry) -> Self {
        let place = Locator::Line(entry.line);
        let whole = entry.has("whenCreated") && entry.has("objectCategory");
        let switch = |name| entry.text(name).and_then(truth);
        Self {
            dn: Reading::Value(At::new(entry.dn.clone(), place.clone())),
            name: entry
                .text("name")
                .or(|| entry.text("cn"))
                .map(str::to_owned),
            guid: guid(entry),
            precedence: entry
                .integer("msDS-PasswordSettingsPrecedence")
                .and_then(precedence),
            applies_to: match entry.texts("msDS-PSOAppliesTo").map(owned) {
                Reading::Absent if whole => Reading::Value(At::new(Vec::new(), place)),
                reading => reading,
            },
            policy: PolicyReadings {
                minimum_age: entry
                    .integer("msDS-MinimumPasswordAge")
                    .and_then(decode_span),
                maximum_age: entry
                    .integer("msDS-MaximumPasswordAge")
                    .and_then(decode_limit),
                minimum_length: entry.integer("msDS-MinimumPasswordLength").and_then(count),
                history: entry.integer("msDS-PasswordHistoryLength").and_then(count),
                complexity: switch("msDS-PasswordComplexityEnabled"),
                reversible: switch("msDS-PasswordReversibleEncryptionEnabled"),
                lockout_threshold: entry.integer("msDS-LockoutThreshold").and_then(count),
                lockout_duration: entry.integer("msDS-LockoutDuration").and_then(decode_limit),
                lockout_window: entry
                    .integer("msDS-LockoutObservationWindow")
                    .and_then(decode_span),
            },
        }
    }

    /// The policy, when it can be told which it is and where it ranks.
    pub fn policy(&self) -> Option<FineGrainedPolicy> {
        let dn = self.dn.value()?;
        let name = self.name.value().cloned();
        Some(FineGrainedPolicy {
            name: name.unwrap_or_else(|| common_name(dn).to_owned()),
            dn: dn.clone(),
            guid: self.guid.value().copied(),
            precedence: *self.precedence.value()?,
            applies_to: self.applies_to.value().cloned(),
            policy: self.policy.draft(),
        })
    }

    /// The faults of values that could not be read.
    pub fn faults(&self) -> impl Iterator<Item = &Error> {
        let own = [
            fault(&self.dn),
            fault(&self.name),
            fault(&self.guid),
            fault(&self.precedence),
            fault(&self.applies_to),
        ];
        own.into_iter().flatten().chain(self.policy.faults())
    }
}

fn fault<T>(reading: &Reading<T>) -> Option<&Error> {
    match reading {
        Reading::Bad(error) => Some(error),
        _ => None,
    }
}

fn is(entry: &LdifEntry, class: &str) -> bool {
    entry
        .values("objectClass")
        .filter_map(|value| value.text())
        .any(|known| known.eq_ignore_ascii_case(class))
}

fn owned(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

fn precedence(value: i64) -> Result<u32, String> {
    u32::try_from(value)
        .ok()
        .filter(|value| *value > 0)
        .ok_or_else(|| "a precedence is at least 1".into())
}

fn truth(text: &str) -> Result<bool, String> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Ok(true),
        _ if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err("expected TRUE or FALSE".into()),
    }
}

/// `objectGUID`: 16 bytes as a directory stores them, or text as some tools print it.
fn guid(entry: &LdifEntry) -> Reading<Uuid> {
    let Some(value) = entry.values("objectGUID").next() else {
        return Reading::Absent;
    };
    let place = entry.place(value);
    let text = value.text().map(str::trim);
    let read = match <[u8; 16]>::try_from(value.bytes.as_slice()) {
        Ok(bytes) => Some(Uuid::from_bytes_le(bytes)),
        Err(_) => text.and_then(|text| Uuid::try_parse(text).ok()),
    };
    match read {
        Some(guid) => Reading::Value(At::new(guid, place)),
        None => Reading::Bad(Error::value(place, "not a GUID")),
    }
}

/// The names in `{CN=a,DC=b, CN=c,DC=d}`: elements are parted by a comma and a blank, the parts of
/// a name by a comma alone.
fn listed_names(text: &str) -> Result<Vec<String>, String> {
    let inner = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'))
        .unwrap_or(text);
    let names: Vec<String> = inner
        .split(", ")
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let cut = |name: &String| name.ends_with("...") || name.ends_with('\u{2026}');
    if names.iter().any(cut) {
        return Err("PowerShell printed only the first of them".into());
    }
    if names.iter().any(|name| !name.contains('=')) {
        return Err("expected distinguished names".into());
    }
    Ok(names)
}

/// The value of the first part of a distinguished name.
fn common_name(dn: &str) -> &str {
    let first = dn.split(',').next().unwrap_or(dn);
    first.split_once('=').map_or(first, |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use proptest::prelude::*;

    use super::*;
    use crate::carrier::ldif::read_entries;
    use crate::carrier::powershell_list::parse_list;
    use crate::time::Interval;

    const DN: &str = "CN=Operators,CN=Password Settings Container,CN=System,DC=contoso,DC=com";

    fn json(text: &str) -> PasswordSettings {
        let map: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).unwrap();
        let object = Object::new(&map, Locator::Pointer(String::new()));
        assert!(PasswordSettings::matches_json(&object));
        PasswordSettings::from_json(&object)
    }

    fn entry(text: &str) -> PasswordSettings {
        let mut found = Vec::new();
        let read = read_entries(text.as_bytes(), 65_536, &mut |entry| {
            assert!(PasswordSettings::matches_entry(entry));
            found.push(PasswordSettings::from_entry(entry));
            ControlFlow::Continue(())
        });
        assert_eq!(read.unwrap().lost, 0);
        found.remove(0)
    }

    const JSON: &str = r#"{"AppliesTo":["CN=Operators,OU=Groups,DC=contoso,DC=com"],
        "ComplexityEnabled":true,
        "DistinguishedName":"CN=Operators,CN=Password Settings Container,CN=System,DC=contoso,DC=com",
        "LockoutDuration":{"Ticks":0},"LockoutObservationWindow":{"Ticks":18000000000},
        "LockoutThreshold":10,"MaxPasswordAge":{"Ticks":0,"Days":0},
        "MinPasswordAge":{"Ticks":864000000000,"Days":1},"MinPasswordLength":14,"Name":"Operators",
        "ObjectClass":"msDS-PasswordSettings","ObjectGUID":"1f2d3c4b-0000-4000-8000-000000000401",
        "PasswordHistoryCount":24,"Precedence":10,"ReversibleEncryptionEnabled":false}"#;

    const LIST: &str = "AppliesTo                   : {CN=Operators,OU=Groups,DC=contoso,DC=com}\n\
        ComplexityEnabled           : True\n\
        DistinguishedName           : CN=Operators,CN=Password Settings Container,CN=System,DC=con\n\
        \x20                             toso,DC=com\n\
        LockoutDuration             : 00:00:00\nLockoutObservationWindow    : 00:30:00\n\
        LockoutThreshold            : 10\nMaxPasswordAge              : 00:00:00\n\
        MinPasswordAge              : 1.00:00:00\nMinPasswordLength           : 14\n\
        Name                        : Operators\n\
        ObjectClass                 : msDS-PasswordSettings\n\
        ObjectGUID                  : 1f2d3c4b-0000-4000-8000-000000000401\n\
        PasswordHistoryCount        : 24\nPrecedence                  : 10\n\
        ReversibleEncryptionEnabled : False\n";

    fn ldif(rest: &str) -> String {
        format!(
            "dn: {DN}\nobjectClass: top\nobjectClass: msDS-PasswordSettings\ncn: Operators\n\
             objectGUID:: SzwtHwAAAECAAAAAAAAEAQ==\nmsDS-PasswordSettingsPrecedence: 10\n\
             msDS-PasswordReversibleEncryptionEnabled: FALSE\nmsDS-PasswordHistoryLength: 24\n\
             msDS-PasswordComplexityEnabled: TRUE\nmsDS-MinimumPasswordLength: 14\n\
             msDS-MinimumPasswordAge: -864000000000\n\
             msDS-MaximumPasswordAge: -9223372036854775808\nmsDS-LockoutThreshold: 10\n\
             msDS-LockoutObservationWindow: -18000000000\nmsDS-LockoutDuration: 0\n{rest}"
        )
    }

    #[test]
    fn every_form_gives_the_same_policy() {
        let expected = json(JSON).policy().unwrap();
        assert_eq!(expected.precedence, 10);
        assert_eq!(expected.policy.minimum_age, Some(Interval::from_days(1)));
        assert_eq!(expected.policy.maximum_age, Some(Interval::Never));
        assert_eq!(expected.policy.lockout_duration, Some(Interval::Never));
        let list = parse_list(LIST);
        assert!(PasswordSettings::matches_list(&list.objects[0]));
        let from_list = PasswordSettings::from_list(&list.objects[0]);
        assert_eq!(from_list.policy().unwrap().applies_to, expected.applies_to);
        assert_eq!(from_list.policy().unwrap().policy, expected.policy);
        let text = ldif("msDS-PSOAppliesTo: CN=Operators,OU=Groups,DC=contoso,DC=com\n");
        assert_eq!(entry(&text).policy().unwrap(), expected);
    }

    #[test]
    fn whom_it_applies_to_is_nobody_only_when_all_was_read() {
        assert_eq!(entry(&ldif("")).policy().unwrap().applies_to, None);
        let whole = ldif("whenCreated: 20260101000000.0Z\nobjectCategory: CN=x\n");
        assert_eq!(entry(&whole).policy().unwrap().applies_to, Some(vec![]));
        let nobody = JSON.replace(r#"["CN=Operators,OU=Groups,DC=contoso,DC=com"]"#, "[]");
        assert_eq!(json(&nobody).policy().unwrap().applies_to, Some(vec![]));
    }

    #[test]
    fn a_list_that_was_cut_short_is_not_taken_for_whole() {
        for dots in ["...", "\u{2026}"] {
            let text = LIST.replace(
                "DC=com}\n",
                &format!("DC=com, CN=b,DC=contoso,DC=com{dots}}}\n"),
            );
            let read = PasswordSettings::from_list(&parse_list(&text).objects[0]);
            assert!(matches!(read.applies_to, Reading::Bad(_)));
            assert_eq!(read.faults().count(), 1);
        }
    }

    #[test]
    fn without_a_precedence_it_is_no_policy() {
        let broken = json(&JSON.replace(r#""Precedence":10"#, r#""Precedence":0"#));
        assert_eq!(broken.policy(), None);
        assert_eq!(broken.faults().count(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_value_in_an_object_is_read_or_refused(
            name in proptest::sample::select(vec!["AppliesTo", "LockoutDuration", "MinPasswordAge",
                "MinPasswordLength", "Precedence", "ObjectGUID", "ComplexityEnabled"]),
            value in prop_oneof![
                Just("null".to_owned()), any::<i64>().prop_map(|n| n.to_string()),
                any::<i64>().prop_map(|n| format!("{{\"Ticks\":{n}}}")),
                "[0-9.:-]{0,12}".prop_map(|text| format!("\"{text}\"")), Just("[1]".to_owned()),
            ],
        ) {
            let mut map: serde_json::Map<String, serde_json::Value> = serde_json::from_str(JSON).unwrap();
            map.insert(name.to_owned(), serde_json::from_str(&value).unwrap());
            let settings = PasswordSettings::from_json(&Object::new(&map, Locator::Whole));
            let _ = (settings.policy(), settings.faults().count());
        }

        #[test]
        fn any_list_of_names_is_read_or_refused(text in "\\{?[A-Z=a-z,. \u{2026}]{0,40}\\}?") {
            let _ = listed_names(&text);
        }

        #[test]
        fn any_entry_is_read(values in proptest::collection::vec(".{0,20}", 4)) {
            let clean = |text: &String| text.replace(['\n', '\r'], "");
            let text = format!(
                "dn: {DN}\nobjectClass: msDS-PasswordSettings\nobjectGUID: {}\n\
                 msDS-PasswordSettingsPrecedence: {}\nmsDS-MinimumPasswordAge: {}\n\
                 msDS-PasswordComplexityEnabled: {}\n",
                clean(&values[0]), clean(&values[1]), clean(&values[2]), clean(&values[3])
            );
            let _ = read_entries(text.as_bytes(), 65_536, &mut |entry| {
                let _ = PasswordSettings::from_entry(entry).policy();
                ControlFlow::Continue(())
            });
        }
    }
}
