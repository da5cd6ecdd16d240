use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;

use super::*;
use crate::snapshot::{Input, ReadOptions, Snapshot};

const ROOT: &str = "dn: DC=contoso,DC=com\nobjectClass: domainDNS\nminPwdLength: 12\n\
    minPwdAge: -864000000000\nmaxPwdAge: 0\npwdHistoryLength: 24\npwdProperties: 1\n\
    lockoutThreshold: 0\n\n";
const CONTAINER: &str = "dn: CN=Password Settings Container,CN=System,DC=contoso,DC=com\nobjectClass: top\n\
    objectClass: msDS-PasswordSettingsContainer\n\n";
const PSO: &str = "dn: CN=Long,CN=Password Settings Container,CN=System,DC=contoso,DC=com\n\
    objectClass: msDS-PasswordSettings\ncn: Long\nmsDS-PasswordSettingsPrecedence: 5\n\
    msDS-PasswordReversibleEncryptionEnabled: FALSE\nmsDS-PasswordHistoryLength: 0\n\
    msDS-PasswordComplexityEnabled: FALSE\nmsDS-MinimumPasswordLength: 20\n\
    msDS-MinimumPasswordAge: 0\nmsDS-MaximumPasswordAge: 0\n";
const WHOLE: &str =
    r#"{"schema":"sspr-evidence/1","files":[{"path":"policies.ldf","complete":true}]}"#;

fn as_of() -> DateTime<Utc> {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// A person whose password was set 6 hours ago, with more attributes.
fn person(more: &str) -> String {
    format!(
        r#"[{{"DistinguishedName":"CN=Jane Doe,OU=Staff,DC=contoso,DC=com","Enabled":true,
        "CannotChangePassword":false,"ObjectClass":"user","PasswordLastSet":"2026-11-20T06:00:00Z",
        "SamAccountName":"jdoe","DisplayName":"Jane Doe",
        "UserPrincipalName":"jdoe@contoso.com"{more}}}]"#
    )
}

fn snapshot(files: &[(&str, &str)]) -> Snapshot {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let input = vec![Input::path(folder.path())];
    Snapshot::read(input, &ReadOptions::default(), &mut |_| {
        std::ops::ControlFlow::Continue(())
    })
    .unwrap()
}

/// Everything that bears on jdoe, and no fine-grained policy in the domain.
fn settled() -> Snapshot {
    snapshot(&[
        ("root.ldf", ROOT),
        ("policies.ldf", CONTAINER),
        ("users.json", &person("")),
        ("manifest.json", WHOLE),
    ])
}

fn ask(snapshot: &Snapshot, text: &str, at: DateTime<Utc>) -> Prediction {
    let candidate = Candidate::new(text.to_owned());
    predict(snapshot, "JDoe@contoso.com", &candidate, &[], at)
}

fn codes(side: &SideForecast) -> Vec<&'static str> {
    side.reasons.iter().map(|reason| reason.code).collect()
}

#[test]
fn a_domain_gives_its_reasons_in_order_with_event_and_code() {
    let found = ask(&settled(), "jdoe", as_of());
    assert_eq!(found.managed, Managed::OnPremises);
    let domain = found.reset.domain.unwrap();
    assert_eq!(
        codes(&domain),
        [
            "tooYoung",
            "tooShort",
            "containsAccountName",
            "containsNamePart",
            "tooFewClasses"
        ]
    );
    assert_eq!(domain.reasons[0].event, Some(33008));
    let code = domain.reasons[0].hresult.map(|code| code.to_string());
    assert_eq!(code.as_deref(), Some("0x80230619"));
    assert!(found.policy.unwrap().certain);
}

#[test]
fn it_is_taken_when_the_age_has_passed_and_what_nobody_can_tell_is_named() {
    let good = "Umbrella-42-Teapot";
    let later = as_of() + Duration::hours(18);
    let found = ask(&settled(), good, later);
    assert_eq!(found.reset.answer, Answer::Accepted);
    assert_eq!(found.change.answer, Answer::Accepted);
    assert!(!found.reset.domain.unwrap().untold.is_empty());
    assert_eq!(
        ask(&settled(), good, later - Duration::seconds(1))
            .reset
            .answer,
        Answer::Refused
    );
}

#[test]
fn a_lockout_that_may_have_ended_leaves_a_change_open_and_no_reset() {
    let locked = snapshot(&[
        ("root.ldf", ROOT),
        ("policies.ldf", CONTAINER),
        ("users.json", &person(r#","LockedOut":true"#)),
        ("manifest.json", WHOLE),
    ]);
    let found = ask(&locked, "Umbrella-42-Teapot", as_of() + Duration::hours(18));
    assert_eq!(found.reset.answer, Answer::Accepted);
    assert_eq!(found.change.answer, Answer::Unknown);
}

#[test]
fn not_having_seen_a_fine_grained_policy_is_not_knowing() {
    let blind = snapshot(&[("root.ldf", ROOT), ("users.json", &person(""))]);
    let found = ask(&blind, "short", as_of());
    let domain = found.reset.domain.unwrap();
    assert_eq!((domain.answer, domain.reasons.len()), (Answer::Unknown, 0));
    assert!(
        domain
            .unknown
            .iter()
            .any(|open| open.fact == "domain.fineGrainedPolicies")
    );
    assert!(!found.policy.unwrap().certain);
}

#[test]
fn the_policy_that_the_directory_names_replaces_all_of_the_domains() {
    let named = person(
        r#","msDS-ResultantPSO":"CN=Long,CN=Password Settings Container,CN=System,DC=contoso,DC=com""#,
    );
    let all = snapshot(&[("root.ldf", ROOT), ("pso.ldf", PSO), ("users.json", &named)]);
    let found = ask(&all, "Umbrella-42-Teapot", as_of());
    assert_eq!(codes(&found.reset.domain.unwrap()), ["tooShort"]);
    assert_eq!(found.policy.unwrap().name, "Long");
    assert_eq!(
        ask(&all, "Umbrella umbrella 1 umbrella", as_of())
            .reset
            .answer,
        Answer::Accepted
    );
    // Its name alone does not tell what it asks for.
    let unseen = snapshot(&[("root.ldf", ROOT), ("users.json", &named)]);
    assert_eq!(
        ask(&unseen, "x", as_of()).reset.domain.unwrap().answer,
        Answer::Unknown
    );
}

#[test]
fn a_policy_on_the_account_holds_by_its_own_list_too() {
    let on_jane = format!("{PSO}msDS-PSOAppliesTo: CN=Jane Doe,OU=Staff,DC=contoso,DC=com\n");
    let files = [
        ("root.ldf", ROOT),
        ("policies.ldf", on_jane.as_str()),
        ("users.json", &person("")),
        ("manifest.json", WHOLE),
    ];
    let found = ask(&snapshot(&files), "Umbrella-42-Teapot", as_of());
    assert_eq!(found.policy.as_ref().unwrap().name, "Long");
    assert_eq!(codes(&found.reset.domain.unwrap()), ["tooShort"]);
    // On a group it may hold or not: both refuse what is too short for both.
    let on_group = format!("{PSO}msDS-PSOAppliesTo: CN=Some,DC=contoso,DC=com\n");
    let files = [
        ("root.ldf", ROOT),
        ("policies.ldf", on_group.as_str()),
        ("users.json", &person("")),
        ("manifest.json", WHOLE),
    ];
    let open = snapshot(&files);
    let later = as_of() + Duration::hours(20);
    assert_eq!(
        ask(&open, "Umbrella-42", later).reset.answer,
        Answer::Refused
    );
    assert_eq!(
        ask(&open, "Umbrella-42-Teapot", later).reset.answer,
        Answer::Unknown
    );
    assert_eq!(
        ask(&open, "Umbrella-42-Teapot-43", later).reset.answer,
        Answer::Accepted
    );
}

#[test]
fn a_change_that_the_account_may_not_make_is_refused_as_lacking_rights() {
    let users = person("").replace(
        r#""CannotChangePassword":false"#,
        r#""CannotChangePassword":true"#,
    );
    let files = [
        ("root.ldf", ROOT),
        ("policies.ldf", CONTAINER),
        ("users.json", users.as_str()),
        ("manifest.json", WHOLE),
    ];
    let found = ask(
        &snapshot(&files),
        "Umbrella-42-Teapot",
        as_of() + Duration::days(2),
    );
    assert_eq!(found.reset.answer, Answer::Accepted);
    let first = found.change.first.unwrap();
    assert_eq!((first.code, first.event), ("cannotChange", Some(33004)));
}

#[test]
fn the_clouds_rules_reach_people_of_the_cloud_and_no_domain_does() {
    let users = r#"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":[
        {"id":"1f2d3c4b-0000-4000-8000-000000000054","userPrincipalName":"jdoe@contoso.com",
         "accountEnabled":true,"onPremisesSyncEnabled":null}]}"#;
    let cloud = snapshot(&[("root.ldf", ROOT), ("users.json", users)]);
    let found = ask(&cloud, "short", as_of());
    assert_eq!(found.managed, Managed::Cloud);
    assert_eq!(codes(&found.reset.cloud), ["tooShort", "tooFewClasses"]);
    assert!(found.reset.domain.is_none() && found.policy.is_none());
    assert_eq!(
        ask(&cloud, "Umbrella-42", as_of()).reset.answer,
        Answer::Accepted
    );
}

#[test]
fn the_clouds_rules_reach_synchronised_people_where_the_tenant_says_so() {
    let unsaid = settled();
    let later = as_of() + Duration::days(2);
    let text = "Umbrella-42-Teap\u{f6}t";
    let found = ask(&unsaid, text, later);
    assert_eq!(found.reset.cloud.answer, Answer::Unknown);
    let mut said = unsaid;
    let from = crate::evidence::Provenance {
        source: crate::evidence::SourceId(0),
        locator: crate::evidence::Locator::Whole,
        observed_at: None,
        strength: crate::evidence::Strength::Observed,
    };
    said.facts.tenant.cloud_policy_for_synced.claim(true, from);
    assert_eq!(
        codes(&ask(&said, text, later).reset.cloud),
        ["characterNotAllowed"]
    );
}

#[test]
fn a_custom_list_refuses_and_never_proves() {
    let candidate = Candidate::new("Teapot-1".into());
    let banned = ["teapot-1".to_owned()];
    let found = predict(&settled(), "jdoe@contoso.com", &candidate, &banned, as_of());
    assert!(codes(&found.reset.cloud).contains(&"bannedTerm"));
    assert!(
        found
            .reset
            .cloud
            .untold
            .iter()
            .any(|text| text.contains("secret"))
    );
}

#[test]
fn of_a_stranger_nothing_is_certain() {
    let candidate = Candidate::new("x!".into());
    let found = predict(&settled(), "nobody@contoso.com", &candidate, &[], as_of());
    assert!(!found.known);
    assert_eq!(found.reset.domain.unwrap().answer, Answer::Unknown);
}

#[test]
fn no_part_of_the_candidate_is_in_the_answer() {
    for canary in ["Qz7\u{3b6}\u{16a0}xVbW", "qqzzxxvv", "Zq"] {
        for found in [
            ask(&settled(), canary, as_of()),
            ask(&Snapshot::default(), canary, as_of()),
        ] {
            let json = serde_json::to_string(&found).unwrap();
            for text in [json, format!("{found:?}")] {
                let parts: Vec<_> = canary.char_indices().map(|(at, _)| &canary[at..]).collect();
                for part in parts.iter().filter(|part| part.chars().count() >= 2) {
                    assert!(
                        !text.to_lowercase().contains(&part.to_lowercase()),
                        "{part}"
                    );
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_candidate_is_judged_and_waiting_never_adds_a_reason(text in ".{0,40}", hours in 0_i64..60) {
        thread_local!(static EVIDENCE: Snapshot = settled());
        EVIDENCE.with(|evidence| {
            let now = ask(evidence, &text, as_of());
            let later = ask(evidence, &text, as_of() + Duration::hours(hours));
            prop_assert!(later.reset.answer <= now.reset.answer);
            let before = codes(now.change.domain.as_ref().unwrap());
            let after = codes(later.change.domain.as_ref().unwrap());
            prop_assert!(after.iter().all(|code| before.contains(code)));
            Ok(())
        })?;
    }
}
