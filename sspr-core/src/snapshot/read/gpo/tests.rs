use std::ops::ControlFlow;

use proptest::prelude::*;

use crate::directory::gpo::GpoId;
use crate::evidence::Strength;
use crate::snapshot::facts::GpoFacts;
use crate::snapshot::{Input, ReadOptions, Snapshot};
use crate::time::Interval;

const DEFAULT: &str = "{31B2F340-016D-11D2-945F-00C04FB984F9}";
const SECEDIT: &str = "Microsoft/Windows NT/SecEdit/GptTmpl.inf";
const GPT_INI: &str = "[General]\r\nVersion=3\r\n";

fn template(days: u32) -> String {
    format!(
        "[Unicode]\r\nUnicode=yes\r\n[System Access]\r\nMinimumPasswordAge = {days}\r\n\
         [Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n"
    )
}

fn root() -> (String, String) {
    let text = format!(
        "dn: DC=contoso,DC=com\nobjectClass: domainDNS\nminPwdAge: 0\n\
         gPLink: [LDAP://cn={DEFAULT},cn=policies,cn=system,DC=contoso,DC=com;0]\n"
    );
    ("root.ldf".into(), text)
}

fn bkup_info(domain: &str) -> String {
    format!(
        "<BackupInst xmlns=\"http://www.microsoft.com/GroupPolicy/GPOOperations/Manifest\">\
         <GPOGuid>{DEFAULT}</GPOGuid><GPODomain>{domain}</GPODomain>\
         <BackupTime>2026-11-20T09:00:00</BackupTime>\
         <GPODisplayName>Default Domain Policy</GPODisplayName></BackupInst>"
    )
}

fn read(files: Vec<(String, String)>) -> Snapshot {
    let inputs = files.into_iter();
    let inputs = inputs.map(|(name, text)| Input::bytes(name, text.into_bytes()));
    Snapshot::read(inputs.collect(), &ReadOptions::default(), &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap()
}

fn default_policy(snapshot: &Snapshot) -> Option<&GpoFacts> {
    let id: GpoId = DEFAULT.parse().unwrap();
    snapshot.facts.domains.get("contoso.com")?.gpo.get(&id)
}

fn minimum_age(snapshot: &Snapshot) -> Option<Interval> {
    default_policy(snapshot)?.policy.value()?.minimum_age
}

#[test]
fn a_template_of_sysvol_is_its_folders_and_inferred() {
    let path = |name: &str| format!("copy/contoso.com/Policies/{DEFAULT}/{name}");
    let files = vec![
        root(),
        (path("GPT.INI"), GPT_INI.into()),
        (path(&format!("MACHINE/{SECEDIT}")), template(1)),
    ];
    let snapshot = read(files.clone());
    assert_eq!(minimum_age(&snapshot), Some(Interval::from_days(1)));
    let claims = default_policy(&snapshot).unwrap().policy.claims();
    assert_eq!(claims[0].from.strength, Strength::Inferred);

    // Without the GPT.INI beside it the name of a folder says nothing.
    let without = vec![files[0].clone(), files[2].clone()];
    let snapshot = read(without);
    assert_eq!(minimum_age(&snapshot), None);
    assert_eq!(snapshot.facts.unnamed_domain.templates.len(), 1);
}

#[test]
fn a_backup_says_itself_which_gpo_its_template_is_of() {
    let backup = "backups/{6FCFE453-2E93-48CE-825A-A3EF59ABA1B2}";
    let files = vec![
        root(),
        (format!("{backup}/bkupInfo.xml"), bkup_info("contoso.com")),
        (
            format!("{backup}/DomainSysvol/GPO/Machine/{SECEDIT}"),
            template(1),
        ),
    ];
    let snapshot = read(files);
    assert_eq!(minimum_age(&snapshot), Some(Interval::from_days(1)));
    let gpo = default_policy(&snapshot).unwrap();
    assert_eq!(
        gpo.name.value().map(String::as_str),
        Some("Default Domain Policy")
    );
    let from = &gpo.policy.claims()[0].from;
    assert_eq!(from.strength, Strength::Exported);
    assert!(from.observed_at.is_some());
}

#[test]
fn the_list_of_backups_names_each_by_its_folder() {
    let folder = "{6FCFE453-2E93-48CE-825A-A3EF59ABA1B2}";
    let list = format!(
        "<Backups xmlns=\"http://www.microsoft.com/GroupPolicy/GPOOperations/Manifest\"><BackupInst>\
         <GPOGuid>{DEFAULT}</GPOGuid><GPODomain>contoso.com</GPODomain><ID>{folder}</ID>\
         <GPODisplayName>Default Domain Policy</GPODisplayName></BackupInst></Backups>"
    );
    let snapshot = read(vec![
        root(),
        ("b/manifest.xml".into(), list),
        (
            format!("b/{folder}/DomainSysvol/GPO/Machine/{SECEDIT}"),
            template(1),
        ),
    ]);
    assert_eq!(minimum_age(&snapshot), Some(Interval::from_days(1)));
}

#[test]
fn a_sample_of_another_domain_is_not_taken_for_this_one() {
    let backup = "baseline/{6FCFE453-2E93-48CE-825A-A3EF59ABA1B2}";
    let snapshot = read(vec![
        root(),
        (format!("{backup}/bkupInfo.xml"), bkup_info("fabrikam.com")),
        (
            format!("{backup}/DomainSysvol/GPO/Machine/{SECEDIT}"),
            template(9),
        ),
    ]);
    assert_eq!(minimum_age(&snapshot), None);
    assert!(!snapshot.facts.domains.contains_key("fabrikam.com"));
    let waiting = &snapshot.facts.unnamed_domain.templates;
    assert_eq!(waiting[0].value.domain.as_deref(), Some("fabrikam.com"));
}

fn gpresult(computer: &str) -> (String, String) {
    let base = "xmlns=\"http://www.microsoft.com/GroupPolicy/Settings/Base\"";
    let text = format!(
        "<Rsop xmlns=\"http://www.microsoft.com/GroupPolicy/Rsop\"><DataType>LoggedData</DataType>\
         <ComputerResults><Name>CONTOSO\\{computer}$</Name><Domain>contoso.com</Domain><ExtensionData>\
         <Extension xmlns:q1=\"http://www.microsoft.com/GroupPolicy/Settings/Security\"><q1:Account>\
         <GPO {base}><Identifier>{DEFAULT}</Identifier></GPO><Precedence {base}>1</Precedence>\
         <q1:Name>MinimumPasswordAge</q1:Name><q1:SettingNumber>1</q1:SettingNumber></q1:Account>\
         </Extension></ExtensionData></ComputerResults></Rsop>"
    );
    (format!("gpresult-{computer}.xml"), text)
}

#[test]
fn only_a_domain_controller_speaks_for_the_domain() {
    let controllers = r#"[{"HostName":"dc01.contoso.com","Domain":"contoso.com","Forest":"contoso.com",
        "OperatingSystemVersion":"10.0 (20348)","IsReadOnly":false}]"#;
    let snapshot = read(vec![
        root(),
        ("controllers.json".into(), controllers.into()),
        gpresult("DC01"),
        gpresult("WS07"),
    ]);
    let domain = &snapshot.facts.domains["contoso.com"];
    let computers = |rsops: &[crate::evidence::Claim<crate::directory::gpo::Rsop>]| {
        let names = rsops
            .iter()
            .filter_map(|claim| claim.value.computer.value());
        names.cloned().collect::<Vec<_>>()
    };
    assert_eq!(computers(&domain.rsops), ["DC01"]);
    assert_eq!(computers(&snapshot.facts.unnamed_domain.rsops), ["WS07"]);
    let evidence = snapshot.evidence.iter().find(|e| e.kinds == ["gpresult"]);
    assert!(evidence.unwrap().note.as_deref().unwrap().contains("DC01"));
}

#[test]
fn links_one_by_one_are_all_only_where_the_manifest_says_so() {
    let link = format!(
        r#"[{{"GpoId":"{DEFAULT}","DisplayName":"Default Domain Policy","Enabled":true,"Enforced":false,
            "Target":"DC=contoso,DC=com","Order":1}}]"#
    );
    let manifest = |complete: bool| {
        format!(
            r#"{{"schema":"sspr-evidence/1","files":[{{"path":"links.json","complete":{complete}}}]}}"#
        )
    };
    for complete in [true, false] {
        let snapshot = read(vec![
            ("links.json".into(), link.clone()),
            ("manifest.json".into(), manifest(complete)),
        ]);
        let links = snapshot.facts.domains.get("contoso.com");
        let known = links.is_some_and(|domain| domain.gpo_links.value().is_some());
        assert_eq!(known, complete);
    }
}

#[test]
fn files_beside_a_template_are_recognised() {
    let folder = format!("contoso.com/Policies/{DEFAULT}");
    let snapshot = read(vec![
        (format!("{folder}/GPT.INI"), GPT_INI.into()),
        (
            format!("{folder}/Machine/Registry.pol"),
            "PReg\u{1}\0\0\0".into(),
        ),
    ]);
    assert!(snapshot.skipped.is_empty(), "{:?}", snapshot.skipped);
    assert!(snapshot.evidence.iter().any(|evidence| evidence.unused));
}

proptest! {
    #[test]
    fn mutated_files_of_group_policy_are_read_or_skipped(
        which in 0_usize..5,
        at in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
        with in "[ -~]{0,6}",
    ) {
        let folder = format!("copy/contoso.com/Policies/{DEFAULT}");
        let mut files = vec![
            root(),
            (format!("{folder}/GPT.INI"), GPT_INI.into()),
            (format!("{folder}/MACHINE/{SECEDIT}"), template(1)),
            ("b/bkupInfo.xml".into(), bkup_info("contoso.com")),
            gpresult("DC01"),
        ];
        let count = files.len();
        let (_, text) = &mut files[which];
        let from = at.index(text.len());
        let to = cut.index(text.len()).max(from);
        text.replace_range(from..to, &with);
        let snapshot = read(files);
        prop_assert_eq!(snapshot.evidence.len() + snapshot.skipped.len(), count);
    }
}
