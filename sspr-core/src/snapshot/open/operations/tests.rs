use serde_json::json;

use super::super::tests::{POLICY, go_on, zip_of};
use super::*;

#[test]
fn a_list_of_people_in_an_archive_tells_whose_account_was_written() {
    let event = |provider: &str, id: u32, second: u32, data: &str| {
        format!(
            "<Event><System><Provider Name='{provider}'/><EventID>{id}</EventID>\
             <TimeCreated SystemTime='2026-11-20T08:00:{second:02}Z'/><EventRecordID>{second}</EventRecordID>\
             <Computer>host.contoso.com</Computer></System><EventData>{data}</EventData></Event>"
        )
    };
    let service = |id, second, text: &str| {
        let id_text = "TrackingId: 11111111-2222-3333-4444-555555555555";
        let data = format!("<Data>{id_text}, {text}</Data>");
        event("PasswordResetService", id, second, &data)
    };
    let start = "PasswordResetRequestStart, Details: jdoe@contoso.com";
    let end = "PasswordResetSuccess, Details: Context: UserPrincipalName: jdoe@contoso.com";
    let written = "<Data Name='TargetUserName'>johnd</Data><Data Name='TargetDomainName'>CONTOSO</Data>\
        <Data Name='SubjectUserName'>MSOL_0123456789ab</Data><Data Name='SubjectDomainName'>CONTOSO</Data>";
    let log = [
        service(31001, 1, start),
        event("Microsoft-Windows-Security-Auditing", 4724, 2, written),
        service(31002, 3, end),
    ]
    .concat();
    let people = json!([{"UserPrincipalName": "jdoe@contoso.com", "SamAccountName": "johnd",
        "DistinguishedName": "CN=jdoe,OU=People,DC=contoso,DC=com", "PasswordLastSet": null,
        "ObjectClass": "user"}])
    .to_string();
    let ids = |members: &[(&str, &[u8])]| {
        let inputs = vec![Input::bytes("evidence.zip", zip_of(members))];
        let options = ReadOptions::default();
        let filter = Filter::operations();
        let read = read_operations(inputs, &options, &filter, &mut go_on).expect("nobody stops it");
        let tracked = { read.operations.iter() }.find(|one| one.tracking_id.is_some());
        let chain = tracked.map(|one| &one.chain);
        let ids: Vec<_> = chain.into_iter().flatten().map(|link| link.event).collect();
        (ids, read.logs.logs.len())
    };
    let log = ("log.xml", log.as_bytes());
    let list = ("users.json", people.as_bytes());
    assert_eq!(ids(&[log]), (vec![Some(31001), Some(31002)], 1));
    let all = vec![Some(31001), Some(4724), Some(31002)];
    assert_eq!(ids(&[log, list]), (all, 1));
}

#[test]
fn an_event_of_an_operation_names_its_log_beside_logs_that_hold_none() {
    let log = |provider: &str| {
        format!(
            "<Event><System><Provider Name='{provider}'/><EventID>31001</EventID>\
             <TimeCreated SystemTime='2026-11-20T08:00:01Z'/></System><EventData><Data>TrackingId: \
             11111111-2222-3333-4444-555555555555, PasswordResetRequestStart, Details: jdoe@contoso.com\
             </Data></EventData></Event>"
        )
    };
    let inputs = vec![
        Input::bytes("a.xml", log("Another")),
        Input::bytes("b.json", POLICY),
        Input::bytes("c.xml", log("PasswordResetService")),
    ];
    let filter = Filter::operations();
    let read = read_operations(inputs, &ReadOptions::default(), &filter, &mut go_on);
    let read = read.expect("nobody stops it");
    let source = read.operations[0].chain[0].from.source.0 as usize;
    assert_eq!(read.logs.logs[source].name, "c.xml");
    assert_eq!(read.logs.logs.len(), 2);
}
