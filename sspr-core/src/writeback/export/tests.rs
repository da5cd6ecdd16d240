use proptest::prelude::*;

use super::*;
use crate::writeback::Version;

const MV: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<saved-mv-configuration server='AADC01' export-date="2026-11-20 09:00:00.123">
 <mv-data><parameter-values>
  <parameter name="Microsoft.OptionalFeature.PasswordWriteback" use='SynchronizationGlobal'>True</parameter>
  <parameter name="Microsoft.Synchronize.StagingMode">False</parameter>
  <parameter name="Microsoft.Synchronize.TimeInterval">00:30:00</parameter>
  <parameter name="Microsoft.Synchronize.NextStartTime">Fri, 20 Nov 2026 09:30:00 GMT</parameter>
  <parameter name="Microsoft.Synchronize.ServerConfigurationVersion">2.6.92.0</parameter>
  <parameter name="Microsoft.OptionalFeature.PasswordHashSync">maybe</parameter>
 </parameter-values></mv-data>
</saved-mv-configuration>"#;

const FOREST: &str = "<ma-data><name>contoso.com</name><category>AD</category><subtype />
<creation-time>2026-01-02 03:04:05.678</creation-time>
<schema><dsml:dsml xmlns:dsml='http://www.dsml.org/DSML'><dsml:class><dsml:name>user</dsml:name></dsml:class></dsml:dsml></schema>
<private-configuration><adma-configuration><forest-name>contoso.com</forest-name>
<forest-login-user>MSOL_0123456789ab</forest-login-user><forest-login-domain>CONTOSO</forest-login-domain>
<sign-and-seal>1</sign-and-seal></adma-configuration></private-configuration>
<ma-partition-data><partition><name>DC=contoso,DC=com</name><selected>1</selected>
<custom-data><adma-partition-data><dn>DC=contoso,DC=com</dn><sign-and-seal>0</sign-and-seal>
<last-dc>dc01.contoso.com</last-dc><preferred-dcs><preferred-dc>dc02.contoso.com</preferred-dc></preferred-dcs>
</adma-partition-data></custom-data></partition></ma-partition-data></ma-data>";

const ENTRA: &str = "<ma-data><name>contoso.onmicrosoft.com - AAD</name><category>Extensible2</category>
<subtype>Windows Azure Active Directory (Microsoft)</subtype><private-configuration><MAConfig>
<parameter-values><parameter name='UserName'>
  Sync_AADC01_0123456789ab@contoso.onmicrosoft.com</parameter></parameter-values>
<aad-password-reset-config><enabled>1</enabled><modified-timestamp>2026-02-03 04:05:06.000</modified-timestamp>
</aad-password-reset-config></MAConfig></private-configuration></ma-data>";

fn read(text: &str) -> Result<ExportPart> {
    read_export(text.as_bytes())
}

#[test]
fn settings_are_read_with_their_place() {
    let Ok(ExportPart::Global(global)) = read(MV) else {
        panic!()
    };
    assert_eq!(global.server.value().map(String::as_str), Some("AADC01"));
    assert_eq!(global.writeback.value(), Some(&true));
    assert_eq!(global.staging.value(), Some(&false));
    assert_eq!(global.version.value(), Some(&Version([2, 6, 92, 0])));
    assert!(global.exported_at.value().is_some());
    assert!(global.next_sync.value().is_some());
    assert_eq!(global.sync_cycle, Reading::Absent);
    let Reading::Bad(error) = &global.hash_sync else {
        panic!()
    };
    assert!(error.place.to_string().contains("PasswordHashSync"));
}

#[test]
fn a_forest_keeps_its_partitions_and_its_account() {
    let Ok(ExportPart::Forest(forest)) = read(FOREST) else {
        panic!()
    };
    let connector = forest.connector;
    assert_eq!(connector.name, "contoso.com");
    assert_eq!(
        connector.account.as_deref(),
        Some("CONTOSO\\MSOL_0123456789ab")
    );
    assert_eq!(connector.sign_and_seal, Some(true));
    assert_eq!(connector.ssl, None);
    let [partition] = connector.partitions.as_slice() else {
        panic!()
    };
    assert_eq!(partition.sign_and_seal, Some(false));
    assert_eq!(partition.selected, Some(true));
    assert_eq!(partition.last_dc.as_deref(), Some("dc01.contoso.com"));
    assert_eq!(partition.preferred_dcs, ["dc02.contoso.com"]);
}

#[test]
fn the_connector_to_entra_id_tells_the_second_flag_and_the_tenant() {
    let wrapped = format!("<saved-ma-configuration>{ENTRA}</saved-ma-configuration>");
    for text in [ENTRA, &wrapped] {
        let Ok(ExportPart::Entra(entra)) = read(text) else {
            panic!()
        };
        assert_eq!(entra.writeback.value(), Some(&true));
        assert_eq!(entra.initial_domain(), Some("contoso.onmicrosoft.com"));
        assert!(entra.writeback_modified.value().is_some());
        let account = entra.account.value().unwrap();
        assert!(account.starts_with("Sync_AADC01_"));
    }
}

#[test]
fn a_rule_tells_its_tag() {
    let text = "<synchronizationRule><name>In from AD - User &amp; Join</name>\
        <immutable-tag>Microsoft.InfromADUserJoin.022</immutable-tag><disabled>False</disabled>\
        <EnablePasswordSync>true</EnablePasswordSync></synchronizationRule>";
    let Ok(ExportPart::Rule(rule)) = read(text) else {
        panic!()
    };
    assert_eq!(rule.name.as_deref(), Some("In from AD - User & Join"));
    assert_eq!(rule.password_sync, Some(true));
}

#[test]
fn a_rule_tells_its_scoping_filter_in_groups() {
    let text = "<synchronizationRule><name>x</name><connector>{ab}</connector><direction>Inbound</direction>\
        <relationshipCriteria><conditions><condition><csAttribute>a</csAttribute></condition></conditions>\
        </relationshipCriteria><synchronizationCriteria><conditions>\
        <scope><csAttribute>userAccountControl</csAttribute><csOperator>isbitnotset</csOperator><csValue>2</csValue></scope>\
        <scope><csAttribute>mail</csAttribute><csOperator>ISNOTNULL</csOperator><csValue /></scope></conditions>\
        <conditions /></synchronizationCriteria></synchronizationRule>";
    let Ok(ExportPart::Rule(rule)) = read(text) else {
        panic!()
    };
    assert_eq!(rule.connector.as_deref(), Some("{AB}"));
    let scope = rule.scope.unwrap();
    assert_eq!(scope.iter().map(Vec::len).collect::<Vec<_>>(), [2, 0]);
    assert_eq!(scope[0][0].operator, "ISBITNOTSET");
    assert_eq!(scope[0][1].attribute, "mail");
    let bare =
        "<synchronizationRule><name>x</name><synchronizationCriteria /></synchronizationRule>";
    let Ok(ExportPart::Rule(bare)) = read(bare) else {
        panic!()
    };
    assert_eq!(bare.scope, Some(Vec::new()));
}

#[test]
fn a_connector_tells_its_id_and_which_containers_it_synchronises() {
    let text = FOREST
        .replace("<name>contoso.com</name><category>", "<id>{ab-1}</id><name>contoso.com</name><category>")
        .replace(
            "<custom-data>",
            "<filter><containers><exclusions><exclusion>OU=Old,DC=contoso,DC=com</exclusion></exclusions>\
             <inclusions><inclusion>DC=contoso,DC=com</inclusion></inclusions></containers></filter><custom-data>",
        );
    let Ok(ExportPart::Forest(forest)) = read(&text) else {
        panic!()
    };
    assert_eq!(forest.connector.id.as_deref(), Some("{AB-1}"));
    let [partition] = forest.connector.partitions.as_slice() else {
        panic!()
    };
    assert_eq!(partition.included, ["DC=contoso,DC=com"]);
    assert_eq!(partition.excluded, ["OU=Old,DC=contoso,DC=com"]);
}

#[test]
fn roots_are_recognised_and_others_refused() {
    assert!(is_export(
        "\u{feff}<?xml version='1.0'?>\r\n<!-- x --><ma-data>"
    ));
    assert!(!is_export("<Event xmlns='x'>"));
    assert!(!is_export("{\"a\":1}"));
    assert_eq!(
        read("<html></html>").unwrap_err().code,
        ErrorCode::Unrecognised
    );
    assert_eq!(
        read("<ma-data><name>x").unwrap_err().code,
        ErrorCode::Truncated
    );
    let deep = "<ma-data>".repeat(1000);
    assert_eq!(read(&deep).unwrap_err().code, ErrorCode::Limit);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_export(bytes.as_slice());
        let _ = is_export(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn mutated_exports_never_panic(which in 0..3_usize, at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = [MV, FOREST, ENTRA][which].as_bytes().to_vec();
        let index = at.index(bytes.len());
        bytes[index] = byte;
        bytes.truncate(cut.index(bytes.len()) + 1);
        if let Err(error) = read_export(bytes.as_slice()) {
            prop_assert!(!error.message.is_empty());
        }
    }
}
