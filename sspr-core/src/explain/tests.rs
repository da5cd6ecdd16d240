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

#[test]
fn every_known_guid_is_explained_by_name_and_by_number() {
    for known in crate::directory::security::guids::known_guids() {
        assert!(rights::right(known).is_some(), "{}", known.name);
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
