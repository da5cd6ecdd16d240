use proptest::prelude::*;

use crate::readiness::Verdict;
use crate::readiness::predicates::testing::{Pool, findings, turned};

const DEFAULT: &str = "{31B2F340-016D-11D2-945F-00C04FB984F9}";
const BASELINE: &str = "{A1B2C3D4-0000-4000-8000-00C04FB984F9}";
const WORKSHOP: &str = "{C0FFEE00-0000-4000-8000-00C04FB984F9}";

/// The links of a place in the directory.
fn links(dn: &str, links: &str) -> String {
    let links = links
        .split_whitespace()
        .map(|id| format!("[LDAP://cn={id},cn=policies,cn=system,DC=contoso,DC=com;0]"));
    let links = links.collect::<Vec<_>>().concat();
    format!("dn: {dn}\nobjectClass: top\ngPLink: {links}\n")
}

/// The entry of a GPO in the directory.
fn entry(id: &str, name: &str) -> String {
    format!(
        "dn: CN={id},CN=Policies,CN=System,DC=contoso,DC=com\nobjectClass: groupPolicyContainer\n\
         displayName: {name}\nflags: 0\n"
    )
}

/// The report of all GPOs.
fn report(ages: &[(&str, &str, Option<u32>)]) -> String {
    let settings = "http://www.microsoft.com/GroupPolicy/Settings";
    let gpo = |(id, path, age): &(&str, &str, Option<u32>)| {
        let age = age.map_or(String::new(), |age| {
            format!(
                "<ExtensionData><Extension xmlns:q1=\"{settings}/Security\"><q1:Account>\
                 <q1:Name>MinimumPasswordAge</q1:Name><q1:SettingNumber>{age}</q1:SettingNumber>\
                 </q1:Account></Extension></ExtensionData>"
            )
        });
        format!(
            "<GPO xmlns=\"{settings}\"><Identifier><Identifier>{id}</Identifier><Domain>contoso.com\
             </Domain></Identifier><Name>{id}</Name><Computer><Enabled>true</Enabled>{age}</Computer>\
             <LinksTo><SOMPath>{path}</SOMPath><Enabled>true</Enabled><NoOverride>false</NoOverride>\
             </LinksTo></GPO>"
        )
    };
    let gpos: String = ages.iter().map(gpo).collect();
    format!("<report>{gpos}</report>")
}

/// The same facts from several sources, without contradictions between them.
fn pool(good: bool) -> Pool {
    let baseline = u32::from(good);
    let shop = (!good).then_some(0);
    let template = |age: u32| {
        format!("[System Access]\nMinimumPasswordAge = {age}\n[Version]\nsignature=\"$CHICAGO$\"\n")
    };
    let manifest = |path: &str, id: &str| {
        format!("{{\"path\":\"{path}\",\"subject\":{{\"type\":\"gpo\",\"id\":\"{id}\"}}}}")
    };
    vec![
        (
            "domain.ldf",
            "dn: DC=contoso,DC=com\nobjectClass: domainDNS\nminPwdAge: -864000000000\n".to_owned(),
        ),
        (
            "links.ldf",
            links("DC=contoso,DC=com", &format!("{DEFAULT} {BASELINE}")),
        ),
        ("shop.ldf", links("OU=Workshop,DC=contoso,DC=com", WORKSHOP)),
        (
            "gpos.ldf",
            [DEFAULT, BASELINE, WORKSHOP]
                .map(|id| entry(id, id))
                .join("\n"),
        ),
        ("default.inf", template(1)),
        ("baseline.inf", template(baseline)),
        (
            "shop.inf",
            if good {
                "[System Access]\nEnableGuestAccount = 0\n".to_owned()
            } else {
                template(0)
            },
        ),
        (
            "report.xml",
            report(&[
                (DEFAULT, "contoso.com", Some(1)),
                (BASELINE, "contoso.com", Some(baseline)),
                (WORKSHOP, "contoso.com/Workshop", shop),
            ]),
        ),
        (
            "manifest.json",
            format!(
                "{{\"schema\":\"sspr-evidence/1\",\"files\":[{}]}}",
                [
                    manifest("default.inf", DEFAULT),
                    manifest("baseline.inf", BASELINE),
                    manifest("shop.inf", WORKSHOP),
                ]
                .join(",")
            ),
        ),
    ]
}

#[test]
fn the_whole_pool_fails_where_everything_is_wrong() {
    for (good, verdict) in [(false, Verdict::Fail), (true, Verdict::Pass)] {
        let findings = findings(&pool(good), "SSPR40");
        for code in ["SSPR403", "SSPR404", "SSPR405"] {
            assert_eq!(
                findings[code].verdict, verdict,
                "{code}: {}",
                findings[code].message
            );
        }
    }
}

#[test]
fn the_remedy_of_a_minimum_age_opens_the_gpo_that_sets_it() {
    let findings = findings(&pool(true), "SSPR401");
    let remedy = findings["SSPR401"].remedy.as_ref().unwrap();
    assert_eq!(
        remedy.command.as_deref(),
        Some(
            "mmc.exe gpme.msc /gpobject:'LDAP://CN={A1B2C3D4-0000-4000-8000-00C04FB984F9},\
             CN=Policies,CN=System,DC=contoso,DC=com'"
        )
    );
    assert!(remedy.steps.iter().any(|step| step.contains("PDCEmulator")));
}

#[test]
fn a_name_from_evidence_stays_inside_the_quotes_of_a_command() {
    let command = super::edit(DEFAULT.parse().unwrap(), "x'; Remove-Item *; '.com");
    assert!(!command.contains("x';"), "{command}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// SSPR403 holds file by file: one policy file that differs may be the one that is left out.
    #[test]
    fn less_evidence_never_turns_a_verdict_round(
        good in any::<bool>(),
        keep in prop::collection::vec(any::<bool>(), 9),
        less in prop::collection::vec(any::<bool>(), 9),
    ) {
        let mut turned = turned(&pool(good), &keep, &less, "SSPR40");
        turned.retain(|code| *code != "SSPR403");
        prop_assert!(turned.is_empty(), "{turned:?}");
    }
}
