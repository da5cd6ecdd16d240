use proptest::prelude::*;

use super::*;

const PASTED: &str = "Log Name: Application\nSource: PasswordResetService\nEvent ID: 33004\n\
    TrackingId: 11111111-2222-3333-4444-555555555555, Reason: Synchronization Engine returned an \
    error hr=80230626, message=The password could not be updated because the management agent \
    credentials were denied access., Context: cloudAnchor: User_1, \
    UserPrincipalName: jdoe@contoso.com, unblockUser: True, Details: ... 80230626 ...";

fn first(what: &str) -> Topic {
    explain(what)
        .topics
        .into_iter()
        .next()
        .unwrap_or_else(|| panic!("{what}"))
}

#[test]
fn every_kind_of_name_is_known() {
    for (what, kind) in [
        ("SSPR401", TopicKind::Rule),
        ("sspr-401", TopicKind::Rule),
        ("401", TopicKind::Rule),
        ("phase4", TopicKind::Phase),
        ("Phase 4", TopicKind::Phase),
        ("4", TopicKind::Phase),
        ("permissions", TopicKind::Phase),
        ("33008", TopicKind::Event),
        ("4624", TopicKind::Event),
        ("4768", TopicKind::Event),
        ("4776", TopicKind::Event),
        ("0x80230619", TopicKind::ResultCode),
        ("80230619", TopicKind::ResultCode),
        ("-2145188327", TopicKind::ResultCode),
        ("2149778969", TopicKind::ResultCode),
        ("hr=80230619", TopicKind::ResultCode),
        ("SSPR_0029", TopicKind::UserCode),
        ("sspr_29", TopicKind::UserCode),
        ("UserNotLicensed", TopicKind::UserCode),
        ("OnPremisesSuccessCloudFailure", TopicKind::Audit),
        ("Reset password (self-service)", TopicKind::Audit),
        ("PasswordReset", TopicKind::Source),
        ("ADSync", TopicKind::Source),
        ("ENTERPRISEPACK", TopicKind::Product),
        ("Office 365 E3", TopicKind::Product),
        ("6fd2c87f-b296-42f0-b197-1e91e994b900", TopicKind::Product),
        ("AAD_PREMIUM", TopicKind::Plan),
        ("41781fb2-bc02-4b7c-bd55-b576c07bb09d", TopicKind::Plan),
        ("{00299570-246d-11d0-a768-00aa006e0529}", TopicKind::Right),
        ("Reset Password", TopicKind::Right),
        ("User-Force-Change-Password", TopicKind::Right),
        ("lockoutTime", TopicKind::Right),
    ] {
        let topic = first(what);
        assert_eq!(topic.kind, kind, "{what}");
        assert!(
            !topic.meaning.is_empty() && !topic.steps.is_empty(),
            "{what}"
        );
    }
}

#[test]
fn a_sign_in_says_what_it_proves_and_what_it_does_not() {
    let told = |id: &str| {
        let topic = first(id);
        format!("{} {}", topic.meaning, topic.notes.concat())
    };
    for word in ["type 2 ", "or 10 ", "cached", "unlock", "PIN"] {
        assert!(told("4624").contains(word), "{word}");
    }
    assert!(told("4768").contains("PIN") && told("4776").contains("domain account"));
    assert_eq!(first("4768").rules, ["SSPR503"]);
}

#[test]
fn all_spellings_of_a_result_code_are_one() {
    let names: std::collections::BTreeSet<_> = ["0x80230619", "80230619", "-2145188327"]
        .map(|spelling| first(spelling).name)
        .into();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["0x80230619"]);
}

#[test]
fn a_pasted_event_is_taken_apart_and_says_its_cause_once() {
    let answers = find_all(PASTED);
    let asked: Vec<_> = answers.iter().map(|answer| answer.asked.as_str()).collect();
    assert_eq!(asked, ["33004", "80230626"]);
    assert!(answers[0].topics[0].check.is_some());
    assert_eq!(
        answers[1].topics[0].cause.as_deref(),
        Some("The same as above.")
    );
    let text: String = answers
        .iter()
        .map(|answer| answer.text(80, false))
        .collect();
    assert_eq!(text.matches("Check ").count(), 1, "{text}");
}

#[test]
fn a_pasted_text_may_also_be_asked_for() {
    assert_eq!(explain(PASTED).topics.len(), 2);
}

#[test]
fn numbers_that_only_look_like_events_are_left_alone() {
    assert!(find_all("port 4724 was tried in 2026 at 10:31").is_empty());
    assert_eq!(find_all("EventID 4724 in the Security log").len(), 1);
    assert_eq!(find_all("<EventID Qualifiers='0'>31002</EventID>").len(), 1);
}

#[test]
fn portal_text_is_read_too() {
    let text = "Activity: Reset password (self-service)\nStatus: failure\n\
        Status reason: OnPremisesAdminActionRequired (SSPR_0029)\nLicence: ENTERPRISEPACK";
    let asked: Vec<_> = find_all(text)
        .into_iter()
        .map(|answer| answer.asked)
        .collect();
    assert_eq!(
        asked,
        [
            "Reset password (self-service)",
            "OnPremisesAdminActionRequired",
            "ENTERPRISEPACK"
        ]
    );
}

#[test]
fn what_is_unknown_says_so_and_names_its_neighbours() {
    let answer = explain("ENTERPRISPACK");
    assert!(!answer.found());
    assert!(answer.text(80, false).contains("ENTERPRISEPACK"));
    assert!(explain("").near.is_empty());
}

/// Every right, attribute, property set and class that writeback touches: GUID, what the directory
/// calls it for people, its name in LDAP or in the schema.
const NAMED: &[(&str, &[&str])] = &[
    (
        "00299570-246d-11d0-a768-00aa006e0529",
        &["Reset Password", "User-Force-Change-Password"],
    ),
    (
        "ab721a53-1e2f-11d0-9819-00aa0040529b",
        &["Change Password", "User-Change-Password"],
    ),
    (
        "ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501",
        &["Unexpire Password", "Unexpire-Password"],
    ),
    (
        "280f369c-67c7-438e-ae98-1d46f3c6f541",
        &[
            "Update Password Not Required Bit",
            "Update-Password-Not-Required-Bit",
        ],
    ),
    (
        "05c74c5e-4deb-43b4-bd9f-86664c2a7fd5",
        &[
            "Enable Per User Reversibly Encrypted Password",
            "Enable-Per-User-Reversibly-Encrypted-Password",
        ],
    ),
    (
        "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2",
        &[
            "Replicating Directory Changes",
            "DS-Replication-Get-Changes",
        ],
    ),
    (
        "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2",
        &[
            "Replicating Directory Changes All",
            "DS-Replication-Get-Changes-All",
        ],
    ),
    (
        "89e95b76-444d-4c62-991a-0facbeda640c",
        &[
            "Replicating Directory Changes In Filtered Set",
            "DS-Replication-Get-Changes-In-Filtered-Set",
        ],
    ),
    (
        "28630ebf-41d5-11d1-a9c1-0000f80367c1",
        &["lockoutTime", "Lockout-Time"],
    ),
    (
        "bf967a0a-0de6-11d0-a285-00aa003049e2",
        &["pwdLastSet", "Pwd-Last-Set"],
    ),
    (
        "bf967a68-0de6-11d0-a285-00aa003049e2",
        &["userAccountControl", "User-Account-Control"],
    ),
    (
        "bf967915-0de6-11d0-a285-00aa003049e2",
        &["accountExpires", "Account-Expires"],
    ),
    (
        "bf9679e1-0de6-11d0-a285-00aa003049e2",
        &["unicodePwd", "Unicode-Pwd"],
    ),
    (
        "23773dc2-b63a-11d2-90e1-00c04fd91ab1",
        &["mS-DS-ConsistencyGuid", "MS-DS-Consistency-Guid"],
    ),
    (
        "bf967918-0de6-11d0-a285-00aa003049e2",
        &["adminCount", "Admin-Count"],
    ),
    (
        "4c164200-20c0-11d0-a768-00aa006e0529",
        &["Account Restrictions", "User-Account-Restrictions"],
    ),
    (
        "59ba2f42-79a2-11d0-9020-00c04fc2d3cf",
        &["General Information", "General-Information"],
    ),
    (
        "e48d0154-bcf8-11d1-8702-00c04fb96050",
        &["Public Information", "Public-Information"],
    ),
    (
        "77b5b886-944a-11d1-aebd-0000f80367c1",
        &["Personal Information", "Personal-Information"],
    ),
    (
        "5f202010-79a5-11d0-9020-00c04fc2d4cf",
        &["Logon Information", "User-Logon"],
    ),
    (
        "c7407360-20bf-11d0-a768-00aa006e0529",
        &["Domain Password & Lockout Policies", "Domain-Password"],
    ),
    (
        "b8119fd0-04f6-4762-ab7a-4986c76b3f9a",
        &["Other Domain Parameters", "Domain-Other-Parameters"],
    ),
    ("bf967aba-0de6-11d0-a285-00aa003049e2", &["user"]),
    ("4828cc14-1437-45bc-9b07-ad6f015e5f28", &["inetOrgPerson"]),
    ("bf967a86-0de6-11d0-a285-00aa003049e2", &["computer"]),
    ("bf967a9c-0de6-11d0-a285-00aa003049e2", &["group"]),
    ("5cb41ed0-0e4c-11d0-a286-00aa003049e2", &["contact"]),
    (
        "bf967aa5-0de6-11d0-a285-00aa003049e2",
        &["organizationalUnit", "Organizational-Unit"],
    ),
    (
        "19195a5b-6da0-11d0-afd3-00c04fd930c9",
        &["domainDNS", "Domain-DNS"],
    ),
    (
        "3bcd9db8-f84b-451c-952f-6c52b81f9ec6",
        &["msDS-PasswordSettings", "ms-DS-Password-Settings"],
    ),
    (
        "ce206244-5827-4a86-ba1c-1c0c386c1b64",
        &[
            "msDS-ManagedServiceAccount",
            "ms-DS-Managed-Service-Account",
        ],
    ),
    (
        "7b8b558a-93a5-4af7-adca-c017e67f1057",
        &[
            "msDS-GroupManagedServiceAccount",
            "ms-DS-Group-Managed-Service-Account",
        ],
    ),
];

#[test]
fn everything_that_writeback_touches_is_known_by_all_its_names() {
    for (guid, names) in NAMED {
        for asked in names.iter().chain([guid]) {
            let topic = first(asked);
            assert_eq!(
                (topic.kind, topic.name.as_str()),
                (TopicKind::Right, *guid),
                "{asked}"
            );
        }
    }
    let known = crate::directory::security::guids::known_guids();
    let unlisted = known.iter().find(|known| {
        let mut listed = NAMED.iter();
        !listed.any(|(guid, _)| *guid == known.id.to_string())
    });
    assert_eq!(unlisted, None);
}

#[test]
fn settings_of_machines_are_explained_with_the_rule_that_judges_them() {
    for (asked, rule) in [
        ("SeImpersonatePrivilege", "SSPR227"),
        ("impersonate a client after authentication", "SSPR227"),
        ("RestrictRemoteSAM", "SSPR407"),
    ] {
        let topic = first(asked);
        assert_eq!(
            (topic.kind, topic.rules.as_slice()),
            (TopicKind::Setting, [rule].as_slice())
        );
        assert!(topic.command.is_some());
    }
}

#[test]
fn every_known_guid_is_explained_by_name_and_by_number() {
    for known in crate::directory::security::guids::known_guids() {
        assert!(rights::said_of(known).is_some(), "{}", known.name);
        for asked in [known.id.to_string(), rights::title(known)] {
            let topic = first(&asked);
            assert_eq!(topic.kind, TopicKind::Right, "{asked}");
            assert_eq!(topic.name, known.id.to_string(), "{asked}");
        }
    }
}

#[test]
fn the_screen_of_an_event() {
    insta::assert_snapshot!("event-33008", explain("33008").text(80, false));
    insta::assert_snapshot!("code-0029", explain("SSPR_0029").text(80, false));
    insta::assert_snapshot!("product-e3", explain("ENTERPRISEPACK").text(80, false));
    insta::assert_snapshot!("right-reset", explain("Reset Password").text(80, false));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_gives_an_answer(text in any::<String>(), cut in 0..PASTED.len()) {
        let mixed = format!("{text}{}", PASTED.get(cut..).unwrap_or_default());
        for asked in [text.as_str(), mixed.as_str()] {
            let _ = explain(asked).text(60, true);
            for answer in find_all(asked) {
                prop_assert!(answer.found());
            }
        }
    }
}
