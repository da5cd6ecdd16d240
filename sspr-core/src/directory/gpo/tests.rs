mod any_bytes;

use serde_json::Value;

use super::*;
use crate::carrier::json::Object;
use crate::carrier::ldif::read_entries;
use crate::directory::PasswordPolicyDraft;
use crate::evidence::{Locator, Reading};
use crate::time::Interval;

const DEFAULT: &str = "{31B2F340-016D-11D2-945F-00C04FB984F9}";
const BASELINE: &str = "{A1B2C3D4-0000-4000-8000-00C04FB984F9}";

fn links_of(text: &str) -> (Vec<GpoLink>, usize) {
    let (links, faults) = parse_gp_link(text, &Locator::Whole);
    (links, faults.len())
}

fn entry(id: &str, options: u32) -> String {
    format!("[LDAP://cn={id},cn=policies,cn=system,DC=contoso,DC=com;{options}]")
}

#[test]
fn the_last_entry_of_a_link_list_has_link_order_one() {
    let text = entry(DEFAULT, 0) + &entry(BASELINE, 2);
    let (links, lost) = links_of(&text);
    assert_eq!(lost, 0);
    let order: Vec<_> = links
        .iter()
        .map(|link| (link.order, link.gpo.to_string()))
        .collect();
    assert_eq!(order, [(1, BASELINE.into()), (2, DEFAULT.into())]);
    assert_eq!(links[0].domain.as_deref(), Some("contoso.com"));
    assert!(links[0].enforced && !links[1].enforced);
}

#[test]
fn option_bits_of_a_link_disable_and_enforce_it() {
    for (options, enabled, enforced) in [
        (0, true, false),
        (1, false, false),
        (2, true, true),
        (3, false, true),
    ] {
        let (links, _) = links_of(&entry(DEFAULT, options));
        assert_eq!((links[0].enabled, links[0].enforced), (enabled, enforced));
    }
}

#[test]
fn a_link_list_that_is_broken_loses_what_cannot_be_read_and_says_so() {
    let good = entry(DEFAULT, 0);
    for (text, found, lost) in [
        (" ", 0, 0),
        ("[LDAP://cn=nothing,DC=contoso,DC=com;0]", 0, 1),
        (
            "[LDAP://cn={31B2F340-016D-11D2-945F-00C04FB984F9};many]",
            0,
            1,
        ),
        (&format!("{good}garbage"), 1, 1),
        (&format!("{good}[LDAP://unfinished"), 1, 1),
    ] {
        let (links, faults) = links_of(text);
        assert_eq!((links.len(), faults), (found, lost), "{text}");
    }
}

#[test]
fn a_place_has_one_name_in_both_forms() {
    let domain = Some("contoso.com");
    for (dn, canonical, kind) in [
        ("DC=contoso,DC=com", "contoso.com", PlaceKind::Domain),
        (
            "OU=Workshop,OU=Staff,DC=contoso,DC=com",
            "contoso.com/Staff/Workshop",
            PlaceKind::Below,
        ),
        (
            "OU=Research\\, Development,DC=contoso,DC=com",
            "contoso.com/Research, Development",
            PlaceKind::Below,
        ),
        (
            "CN=Default-First-Site-Name,CN=Sites,CN=Configuration,DC=contoso,DC=com",
            "contoso.com/Configuration/Sites/Default-First-Site-Name",
            PlaceKind::Other,
        ),
    ] {
        let from_dn = LinkPlace::from_dn(dn);
        assert_eq!(from_dn.kind, kind, "{dn}");
        assert!(
            from_dn.is_same(&LinkPlace::from_canonical(canonical, domain)),
            "{from_dn} is {canonical}"
        );
    }
    // A name without a slash that is not the GPO's domain is a site, or a foreign domain.
    let other = LinkPlace::from_canonical("Default-First-Site-Name", domain);
    assert_eq!(other.kind, PlaceKind::Other);
    assert_eq!(LinkPlace::from_dn("no name").kind, PlaceKind::Other);
}

#[test]
fn the_directory_tells_links_and_blocked_inheritance() {
    let text = format!(
        "dn: DC=contoso,DC=com\nobjectClass: domainDNS\ngPLink: {}\n\n\
         dn: OU=Domain Controllers,DC=contoso,DC=com\ngPOptions: 1\n\n\
         dn: CN={BASELINE},CN=Policies,CN=System,DC=contoso,DC=com\n\
         objectClass: groupPolicyContainer\ndisplayName: Security Baseline\nflags: 2\n",
        entry(DEFAULT, 0)
    );
    let mut containers = Vec::new();
    let mut gpos = Vec::new();
    read_entries(text.as_bytes(), 1 << 20, &mut |entry| {
        if GpoContainer::matches_entry(entry) {
            containers.push(GpoContainer::from_entry(entry));
        } else if GpoEntry::matches_entry(entry) {
            gpos.push(GpoEntry::from_entry(entry));
        }
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(containers[0].links.value().map(Vec::len), Some(1));
    assert_eq!(containers[0].blocks, Reading::Absent);
    assert_eq!(containers[1].blocks.value(), Some(&true));
    assert_eq!(
        gpos[0].id.value().map(ToString::to_string).as_deref(),
        Some(BASELINE)
    );
    assert_eq!(gpos[0].domain.as_deref(), Some("contoso.com"));
    assert_eq!(gpos[0].computer_settings.value(), Some(&false));
}

fn json<T>(text: &str, read: impl Fn(&Object<'_>) -> T) -> T {
    let value: Value = serde_json::from_str(text).unwrap();
    read(&Object::new(
        value.as_object().unwrap(),
        Locator::Pointer(String::new()),
    ))
}

#[test]
fn inheritance_is_read_as_both_shells_print_it() {
    // A single link is no array in Windows PowerShell when it was unrolled.
    let link = format!(
        r#"{{"GpoId":"{}","DisplayName":"Default Domain Policy","Enabled":true,"Enforced":false,
             "Target":"dc=contoso,dc=com","Order":1,"GpoDomainName":"contoso.com"}}"#,
        DEFAULT.trim_matches(['{', '}']).to_lowercase()
    );
    for links in [link.clone(), format!("[{link}]")] {
        let text = format!(
            r#"{{"Name":"contoso","ContainerType":0,"Path":"dc=contoso,dc=com",
                "GpoInheritanceBlocked":false,"GpoLinks":{links},"InheritedGpoLinks":{links}}}"#
        );
        let read = json(&text, InheritanceReading::from_json);
        let links = read.links.value().unwrap();
        assert_eq!(links[0].link.gpo.to_string(), DEFAULT);
        assert_eq!(links[0].link.order, 1);
        assert_eq!(read.blocks.value(), Some(&false));
        assert_eq!(read.inherited.value().map(Vec::len), Some(1));
    }
}

#[test]
fn a_list_of_links_that_was_cut_short_is_none() {
    for links in [
        "[\"Microsoft.GroupPolicy.GpoLink\"]",
        "\"Microsoft.GroupPolicy.GpoLink Microsoft.GroupPolicy.GpoLink\"",
        "[{\"GpoId\":\"31b2f340-016d-11d2-945f-00c04fb984f9\",\"Order\":1}]",
    ] {
        let text = format!("{{\"Path\":\"dc=contoso,dc=com\",\"GpoLinks\":{links}}}");
        let read = json(&text, InheritanceReading::from_json);
        assert!(matches!(read.links, Reading::Bad(_)), "{links}");
    }
}

#[test]
fn the_status_of_a_gpo_is_a_word_and_only_some_numbers_say_it() {
    for (status, on) in [
        ("\"AllSettingsEnabled\"", Some(true)),
        ("\"UserSettingsDisabled\"", Some(true)),
        ("\"ComputerSettingsDisabled\"", Some(false)),
        ("\"AllSettingsDisabled\"", Some(false)),
        ("1", Some(true)),
        ("2", Some(false)),
        ("0", None),
        ("3", None),
    ] {
        let text = format!(r#"{{"Id":"{BASELINE}","DisplayName":"x","GpoStatus":{status}}}"#);
        let read = json(&text, GpoObject::from_json);
        assert_eq!(read.computer_settings.value().copied(), on, "{status}");
    }
    let text = format!(
        r#"{{"Id":"{BASELINE}","DisplayName":"x","GpoStatus":3,"Computer":{{"Enabled":false}}}}"#
    );
    let read = json(&text, GpoObject::from_json);
    assert_eq!(read.computer_settings.value(), Some(&false));
}

#[test]
fn containers_of_cmdlets_are_read_with_and_without_options() {
    let text = format!(
        r#"{{"DistinguishedName":"OU=Staff,DC=contoso,DC=com","gPOptions":1,"gPLink":"{}",
            "LinkedGroupPolicyObjects":["cn={DEFAULT},cn=policies,cn=system,DC=contoso,DC=com"]}}"#,
        entry(BASELINE, 1)
    );
    let read = json(&text, GpoContainer::from_json);
    assert_eq!(read.links.value().unwrap()[0].gpo.to_string(), BASELINE);
    assert!(!read.links.value().unwrap()[0].enabled);
    assert_eq!(read.linked.value().unwrap()[0].to_string(), DEFAULT);
    assert_eq!(read.blocks.value(), Some(&true));
    // Attributes without a value are empty collections.
    let empty = r#"{"DistinguishedName":"OU=Staff,DC=contoso,DC=com","gPOptions":[],"gPLink":[],
        "LinkedGroupPolicyObjects":[]}"#;
    let read = json(empty, GpoContainer::from_json);
    assert_eq!(read.links, Reading::Absent);
    assert_eq!(read.blocks, Reading::Absent);
    assert_eq!(read.linked.value().map(Vec::len), Some(0));
}

fn account(prefix: &str, name: &str, value: &str, gpo: &str) -> String {
    format!(
        "<{prefix}:Account>{gpo}<{prefix}:Name>{name}</{prefix}:Name>{value}</{prefix}:Account>"
    )
}

fn report(prefix: &str) -> String {
    let number = |name, value: i64| {
        let value = format!("<{prefix}:SettingNumber>{value}</{prefix}:SettingNumber>");
        account(prefix, name, &value, "")
    };
    let on = format!("<{prefix}:SettingBoolean>true</{prefix}:SettingBoolean>");
    format!(
        "<GPO xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns=\"http://www.microsoft.com/GroupPolicy/Settings\">\
         <Identifier><Identifier xmlns=\"http://www.microsoft.com/GroupPolicy/Types\">{BASELINE}</Identifier>\
         <Domain xmlns=\"http://www.microsoft.com/GroupPolicy/Types\">Contoso.com</Domain></Identifier>\
         <Name>Security Baseline</Name><ReadTime>2026-11-20T09:00:00.5Z</ReadTime>\
         <Computer><VersionDirectory>1</VersionDirectory><Enabled>true</Enabled><ExtensionData>\
         <Extension xmlns:{prefix}=\"http://www.microsoft.com/GroupPolicy/Settings/Security\" xsi:type=\"{prefix}:SecuritySettings\">\
         {}{}{}{}</Extension><Name>Security</Name></ExtensionData></Computer>\
         <User><Enabled>true</Enabled></User>\
         <LinksTo><SOMName>contoso</SOMName><SOMPath>contoso.com</SOMPath><Enabled>true</Enabled><NoOverride>false</NoOverride></LinksTo>\
         <LinksTo><SOMName>Staff</SOMName><SOMPath>contoso.com/Staff</SOMPath><Enabled>false</Enabled><NoOverride>true</NoOverride></LinksTo>\
         </GPO>",
        number("MinimumPasswordAge", 1),
        number("LockoutDuration", 0xFFFF_FFFF),
        number("MaxRenewAge", 7),
        account(prefix, "PasswordComplexity", &on, ""),
    )
}

fn reports(xml: &str) -> (Vec<GpoReport>, bool) {
    let mut found = Vec::new();
    let list = read_reports(xml.as_bytes(), &mut |report| found.push(report)).unwrap();
    (found, list)
}

#[test]
fn a_report_tells_policy_state_and_links_whatever_its_prefix() {
    for prefix in ["q1", "q17"] {
        let xml = format!(
            "<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n{}",
            report(prefix)
        );
        assert!(is_report(&xml));
        let (found, list) = reports(&xml);
        let [report] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert!(!list);
        assert_eq!(
            report.id.value().map(ToString::to_string).as_deref(),
            Some(BASELINE)
        );
        assert_eq!(
            report.domain.value().map(String::as_str),
            Some("contoso.com")
        );
        assert_eq!(
            report.name.value().map(String::as_str),
            Some("Security Baseline")
        );
        assert_eq!(report.computer_settings.value(), Some(&true));
        assert_eq!(
            report.policy.draft(),
            PasswordPolicyDraft {
                minimum_age: Some(Interval::from_days(1)),
                complexity: Some(true),
                lockout_duration: Some(Interval::Never),
                ..PasswordPolicyDraft::default()
            }
        );
        let links: Vec<_> = report
            .links
            .iter()
            .map(|link| (link.place.kind, link.enabled, link.enforced))
            .collect();
        let domain = (PlaceKind::Domain, Some(true), Some(false));
        let below = (PlaceKind::Below, Some(false), Some(true));
        assert_eq!(links, [domain, below]);
        assert!(report.read_at.is_some());
    }
}

#[test]
fn a_report_of_all_gpos_is_a_list() {
    let xml = format!("<report>{}{}</report>", report("q1"), report("q2"));
    let (found, list) = reports(&xml);
    assert_eq!((found.len(), list), (2, true));
}

#[test]
fn a_setting_of_another_namespace_is_no_password_policy() {
    let xml = report("q1").replace("Settings/Security", "Settings/Registry");
    let (found, _) = reports(&xml);
    assert!(found[0].policy.is_empty());
}

#[test]
fn a_report_with_an_extension_that_failed_is_not_whole() {
    let xml = report("q1").replace(
        "<Name>Security</Name>",
        "<Error><Details>x</Details></Error>",
    );
    let (found, _) = reports(&xml);
    assert!(!found[0].whole);
}

fn rsop(computer: &str, data: &str) -> String {
    let from = |id: &str, precedence: u32| {
        format!(
            "<GPO xmlns=\"http://www.microsoft.com/GroupPolicy/Settings/Base\"><Identifier xmlns=\"http://www.microsoft.com/GroupPolicy/Types\">{id}</Identifier></GPO>\
             <Precedence xmlns=\"http://www.microsoft.com/GroupPolicy/Settings/Base\">{precedence}</Precedence>"
        )
    };
    let age = |days: u32| format!("<q1:SettingNumber>{days}</q1:SettingNumber>");
    format!(
        "<Rsop xmlns=\"http://www.microsoft.com/GroupPolicy/Rsop\"><ReadTime>2026-11-20T09:00:00.331Z</ReadTime>\
         <DataType>{data}</DataType><ComputerResults><Name>{computer}</Name><Domain>contoso.com</Domain>\
         <GPO><Name>Local Group Policy</Name><Path><Identifier xmlns=\"http://www.microsoft.com/GroupPolicy/Types\">LocalGPO</Identifier></Path></GPO>\
         <GPO><Name>Security Baseline</Name><Path><Identifier xmlns=\"http://www.microsoft.com/GroupPolicy/Types\">{BASELINE}</Identifier>\
         <Domain xmlns=\"http://www.microsoft.com/GroupPolicy/Types\">contoso.com</Domain></Path>\
         <FilterAllowed>true</FilterAllowed><AccessDenied>false</AccessDenied>\
         <Link><SOMPath>contoso.com</SOMPath><Enabled>true</Enabled><NoOverride>true</NoOverride></Link></GPO>\
         <ExtensionData><Extension xmlns:q1=\"http://www.microsoft.com/GroupPolicy/Settings/Security\" xmlns=\"http://www.microsoft.com/GroupPolicy/Settings\">\
         {}{}</Extension></ExtensionData></ComputerResults>\
         <UserResults><Name>CONTOSO\\jdoe</Name></UserResults></Rsop>",
        account("q1", "MinimumPasswordAge", &age(0), &from(DEFAULT, 2)),
        account("q1", "MinimumPasswordAge", &age(1), &from(BASELINE, 1)),
    )
}

#[test]
fn gpresult_tells_the_computer_and_the_gpo_that_won_each_setting() {
    let xml = rsop("CONTOSO\\DC01$", "LoggedData");
    assert!(is_rsop(&xml) && !is_report(&xml));
    let read = read_rsop(xml.as_bytes()).unwrap();
    assert_eq!(read.computer.value().map(String::as_str), Some("DC01"));
    assert_eq!(read.domain.as_deref(), Some("contoso.com"));
    assert!(!read.planned);
    assert_eq!(
        read.policy.draft().minimum_age,
        Some(Interval::from_days(1))
    );
    let source = read.sources[&crate::directory::PolicySetting::MinimumAge];
    assert_eq!(source.to_string(), BASELINE);
    let [gpo] = read.gpos.as_slice() else {
        panic!("{:?}", read.gpos)
    };
    assert_eq!(gpo.links[0].enforced, Some(true));
    assert!(
        read_rsop(rsop("DC01", "PlannedData").as_bytes())
            .unwrap()
            .planned
    );
}

#[test]
fn a_backup_names_its_gpo_in_all_three_files() {
    let ns = "http://www.microsoft.com/GroupPolicy/GPOOperations";
    let fields = format!(
        "<GPOGuid><![CDATA[{BASELINE}]]></GPOGuid><GPODomain><![CDATA[contoso.com]]></GPODomain>\
         <BackupTime><![CDATA[2026-11-20T09:00:00]]></BackupTime><ID><![CDATA[{{6FCFE453-2E93-48CE-825A-A3EF59ABA1B2}}]]></ID>\
         <GPODisplayName><![CDATA[Security Baseline]]></GPODisplayName>"
    );
    let info = format!("<BackupInst xmlns=\"{ns}/Manifest\">{fields}</BackupInst>");
    let list =
        format!("<Backups xmlns=\"{ns}/Manifest\"><BackupInst>{fields}</BackupInst></Backups>");
    let core = format!(
        "<GroupPolicyBackupScheme xmlns=\"{ns}\" xmlns:bkp=\"{ns}\" bkp:version=\"2.0\"><GroupPolicyObject>\
         <GroupPolicyCoreSettings><ID><![CDATA[{BASELINE}]]></ID><Domain><![CDATA[contoso.com]]></Domain>\
         <DisplayName><![CDATA[Security Baseline]]></DisplayName><Options><![CDATA[0]]></Options>\
         </GroupPolicyCoreSettings></GroupPolicyObject></GroupPolicyBackupScheme>"
    );
    for (xml, folder) in [
        (info, None),
        (list, Some("{6FCFE453-2E93-48CE-825A-A3EF59ABA1B2}")),
        (core, None),
    ] {
        assert!(is_backup(&xml), "{xml}");
        let found = read_backups(xml.as_bytes()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].gpo.value().map(ToString::to_string).as_deref(),
            Some(BASELINE)
        );
        assert_eq!(
            found[0].domain.value().map(String::as_str),
            Some("contoso.com")
        );
        assert_eq!(
            found[0].name.value().map(String::as_str),
            Some("Security Baseline")
        );
        assert_eq!(found[0].folder.as_deref(), folder);
    }
}

#[test]
fn a_template_is_placed_by_the_shape_of_its_path_alone() {
    let tail = "MACHINE/Microsoft/Windows NT/SecEdit/GptTmpl.inf";
    let sysvol = TemplatePath::of(&format!("x/SYSVOL/contoso.com/Policies/{DEFAULT}/{tail}"));
    let Some(TemplatePath::Sysvol { folder, id, domain }) = sysvol else {
        panic!("{sysvol:?}")
    };
    assert_eq!(id.to_string(), DEFAULT);
    assert_eq!(domain.as_deref(), Some("contoso.com"));
    let ini = format!("x\\sysvol\\contoso.com\\Policies\\{DEFAULT}\\gpt.ini");
    assert_eq!(folder, TemplatePath::folder_of(&ini));

    let backup = "backup/{6FCFE453-2E93-48CE-825A-A3EF59ABA1B2}";
    let path =
        format!("{backup}/DomainSysvol/GPO/Machine/microsoft/windows nt/SecEdit/GptTmpl.inf");
    let folder = TemplatePath::folder_of(&format!("{backup}/bkupInfo.xml"));
    assert_eq!(
        TemplatePath::of(&path),
        Some(TemplatePath::Backup { folder })
    );

    for path in [
        "GptTmpl.inf".to_owned(),
        format!("{DEFAULT}/GptTmpl.inf"),
        format!("other/{DEFAULT}/{tail}"),
        format!("Policies/not an id/{tail}"),
    ] {
        assert_eq!(TemplatePath::of(&path), None, "{path}");
    }
}

#[test]
fn gpt_ini_is_known_by_its_version() {
    assert!(is_gpt_ini(
        "[General]\r\nVersion=65539\r\ndisplayName=New Group Policy Object\r\n"
    ));
    assert!(is_gpt_ini("[general]\n version = 3\n"));
    assert!(!is_gpt_ini("[General]\nName=x\n"));
    assert!(!is_gpt_ini("[Unicode]\n[General]\nVersion=1\n"));
}
