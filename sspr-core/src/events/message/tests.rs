use proptest::prelude::*;

use super::*;

const ID: &str = "11111111-2222-3333-4444-555555555555";
const ANCHOR: &str = "F39SWQrM2EidaboN8UC8Ww==";

fn id() -> Uuid {
    Uuid::try_parse(ID).unwrap()
}

#[test]
fn a_start_names_the_person_in_its_details() {
    let text =
        format!("TrackingId: {ID}, PasswordResetRequestStart, Details: o'neil_x.y@contoso.com");
    let message = Message::parse(&text);
    assert_eq!(message.tracking_id, Some(id()));
    assert_eq!(message.token, Some("PasswordResetRequestStart"));
    assert_eq!(message.person(), Some("o'neil_x.y@contoso.com"));
}

#[test]
fn a_copied_start_without_tracking_id_is_read() {
    let message = Message::parse("PasswordResetRequestStart, Details: jdoe@contoso.com");
    assert_eq!(message.tracking_id, None);
    assert_eq!(message.person(), Some("jdoe@contoso.com"));
}

#[test]
fn a_success_carries_its_context() {
    let text = format!(
        "TrackingId: {ID}, PasswordResetSuccess, Details: Context: cloudAnchor: User_{ID}, \
         SourceAnchorValue: {ANCHOR}, UserPrincipalName: jdoe@contoso.com, unblockUser: True"
    );
    let message = Message::parse(&text);
    assert_eq!(message.cloud_anchor, Some(format!("User_{ID}").as_str()));
    assert_eq!(message.source_anchor, Some(ANCHOR));
    assert_eq!(
        (message.person(), message.unlock),
        (Some("jdoe@contoso.com"), Some(true))
    );
}

#[test]
fn an_administrators_reset_names_both() {
    let text = format!(
        "TrackingId: {ID}, ResetUserPasswordByAdminSuccess, Details: Context: cloudAnchor: User_{ID}, \
         SourceAnchorValue: {ANCHOR}, AdminUpn: admin@contoso.com, UserPrincipalName jdoe@contoso.com, \
         ForcePasswordChange: True"
    );
    let message = Message::parse(&text);
    assert_eq!(message.admin, Some("admin@contoso.com"));
    assert_eq!(
        message.person(),
        Some("jdoe@contoso.com"),
        "the colon may be missing"
    );
    assert_eq!(message.force_change, Some(true));
    assert!(!message.admin_is_person());
}

#[test]
fn a_failure_gives_code_sentence_and_stack() {
    let text = format!(
        "TrackingId: {ID}, Reason: Synchronization Engine returned an error hr=80230626, \
         message=The password could not be updated, because access was denied., \
         Context: cloudAnchor:User_{ID}, SourceAnchorValue: {ANCHOR} UserPrincipalName: \
         jdoe@contoso.com, unblockUser: True, Details: Some.PasswordResetException: hr=80230626, \
         message=again.\n   at A.ThrowSyncEngineError(Int32 hr)\n   at A.ChangePassword(String x)"
    );
    let message = Message::parse(&text);
    assert_eq!(message.code, Some(HResult(0x8023_0626)));
    assert_eq!(
        message.reason,
        Some("The password could not be updated, because access was denied")
    );
    assert_eq!(message.cloud_anchor, Some(format!("User_{ID}").as_str()));
    assert_eq!(
        message.source_anchor,
        Some(ANCHOR),
        "the comma may be missing"
    );
    assert_eq!(message.person(), Some("jdoe@contoso.com"));
    assert_eq!(message.stack, Some(StackOperation::Change));
}

#[test]
fn service_events_give_version_and_service_bus() {
    let text = format!(
        "TrackingId: {ID},\nPassword writeback service is not in a healthy state. No serviceHost \
         for service bus endpoints are in\nrunning state, Details: Version: 5.0.0.686"
    );
    let message = Message::parse(&text);
    assert_eq!(
        (message.tracking_id, message.version),
        (Some(id()), Some("5.0.0.686"))
    );
    let beat = Message::parse("Heartbeat to sb://ssprsbns-1.servicebus.windows.net/, Details: ");
    assert_eq!(beat.service_bus, Some("ssprsbns-1.servicebus.windows.net"));
}

#[test]
fn the_engines_text_gives_its_code() {
    let message = Message::parse(
        "An unexpected error has occurred during a password set operation.\n\"BAIL: MMS(5716): \
         ..\\server.cpp(11139): 0x80230626 (The password could not be updated because the \
         management agent credentials were denied access.)\nAzure AD Sync 1.0.8641.0\"",
    );
    assert_eq!(message.code, Some(HResult(0x8023_0626)));
    assert!(
        message
            .reason
            .is_some_and(|reason| reason.ends_with("denied access"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text_gives_a_message(text in "\\PC*") {
        let _ = Message::parse(&text);
    }

    #[test]
    fn a_mutated_message_gives_a_message(cut in 0_usize..200, junk in "\\PC{0,5}") {
        let text = format!(
            "TrackingId: {ID}, Reason: x hr=80230626, message=a, b., Context: cloudAnchor: User_{ID}, \
             SourceAnchorValue: {ANCHOR}, UserPrincipalName: jdoe@contoso.com, Details: 0x8 (\n   at .Reset"
        );
        let at = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let (a, b) = text.split_at(at);
        let _ = Message::parse(&format!("{a}{junk}{b}")).person();
        let _ = Message::parse(a);
    }
}
