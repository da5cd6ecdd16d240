use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::evidence::{Locator, Reading};
use crate::writeback::{GlobalSettings, ServiceState, StartMode, Version};

fn with<T>(value: &Value, read: impl FnOnce(&Object<'_>) -> T) -> T {
    read(&Object::new(
        value.as_object().unwrap(),
        Locator::Pointer(String::new()),
    ))
}

#[test]
fn the_scheduler_reads_alike_from_both_shells_and_from_a_list() {
    let old = json!({"StagingModeEnabled": false, "SchedulerSuspended": false, "SyncCycleEnabled": true,
        "CurrentlyEffectiveSyncCycleInterval": {"Ticks": 18_000_000_000_i64, "Days": 0},
        "NextSyncCycleStartTimeInUTC": "/Date(1795253400000)/"});
    let new = json!({"StagingModeEnabled": false, "SchedulerSuspended": false, "SyncCycleEnabled": true,
        "CurrentlyEffectiveSyncCycleInterval": "00:30:00",
        "NextSyncCycleStartTimeInUTC": "2026-11-21T09:30:00"});
    let values = |scheduler: Scheduler| {
        (
            scheduler.staging.found().map(|at| at.value),
            scheduler.interval.found().map(|at| at.value),
            scheduler.next_sync.found().map(|at| at.value),
        )
    };
    let old = values(with(&old, read_scheduler));
    assert_eq!(old, values(with(&new, read_scheduler)));
    assert!(old.2.is_some());
    let text = "\r\nAllowedSyncCycleInterval            : 00:30:00\r\n\
        CurrentlyEffectiveSyncCycleInterval : 00:30:00\r\n\
        NextSyncCycleStartTimeInUTC         : 11/21/2026 9:30:00 AM\r\n\
        StagingModeEnabled                  : True\r\n\
        SchedulerSuspended                  : False\r\n\r\n";
    let lists = lists(text);
    let scheduler = read_scheduler(&lists[0].object());
    assert_eq!(scheduler.staging.value(), Some(&true));
    assert_eq!(scheduler.next_sync, Reading::Absent);
}

#[test]
fn services_are_read_from_numbers_and_words() {
    let numbers = json!({"Name": "ADSync", "Status": 4, "StartType": 2, "MachineName": "."});
    let words = json!({"Name": "ADSync", "State": "Stopped", "StartMode": "Auto", "Status": "OK", "SystemName": "AADC01"});
    let (service, ..) = with(&numbers, read_service);
    let service = service.found().unwrap().value;
    assert_eq!(service.state, Some(ServiceState::Running));
    assert_eq!(service.start, Some(StartMode::Automatic));
    assert_eq!(
        with(&numbers, |object| host_of(object).map(str::to_owned)),
        None
    );
    let (_, state, start) = with(&words, read_service);
    assert_eq!(state.value(), Some(&ServiceState::Stopped));
    assert_eq!(start.value(), Some(&StartMode::Automatic));
    assert_eq!(
        with(&words, |o| host_of(o).map(str::to_owned)).as_deref(),
        Some("AADC01")
    );
}

#[test]
fn cut_off_parameters_say_which_depth_to_use() {
    for parameters in [
        json!(["Microsoft.IdentityManagement.PowerShell.ObjectModel.Parameter"]),
        json!("System.Object[]"),
    ] {
        let object = json!({"InstanceId": "x", "Parameters": parameters});
        let Reading::Bad(error) = with(&object, read_global_settings) else {
            panic!()
        };
        assert!(error.help.unwrap().contains("-Depth"));
    }
    let object = json!({"Parameters": [
        {"Name": "Microsoft.OptionalFeature.PasswordWriteback", "Value": "True"},
        {"Name": "Microsoft.Synchronize.ServerConfigurationVersion", "Value": "2.6.92.0"}]});
    let settings: GlobalSettings = with(&object, read_global_settings).found().unwrap().value;
    assert_eq!(settings.writeback.value(), Some(&true));
    assert_eq!(settings.version.value(), Some(&Version([2, 6, 92, 0])));
}

#[test]
fn an_identity_is_read_from_words_and_never_guessed_from_a_number() {
    let word = json!({"ConnectorIdentityType": "Application", "CertificateManagedBy": "EntraConnect",
        "CertificateExpiration": "2027-06-01T00:00:00Z"});
    let identity = with(&word, read_identity).found().unwrap().value;
    assert!(identity.application);
    assert_eq!(identity.managed, Some(true));
    assert!(identity.certificate_expires.is_some());
    let account = json!({"ConnectorIdentityType": "ServiceAccount"});
    assert!(
        !with(&account, read_identity)
            .found()
            .unwrap()
            .value
            .application
    );
    let number = json!({"ConnectorIdentityType": 1});
    assert!(matches!(with(&number, read_identity), Reading::Bad(_)));
    let account =
        json!({"ConnectorIdentityType": 0, "UserName": "Sync_AADC01_0123@contoso.onmicrosoft.com"});
    assert!(
        !with(&account, read_identity)
            .found()
            .unwrap()
            .value
            .application
    );
    let known = json!({"ConnectorIdentityType": 1, "ApplicationId": "11111111-2222-4333-8444-555555555555"});
    assert!(
        with(&known, read_identity)
            .found()
            .unwrap()
            .value
            .application
    );
}

#[test]
fn tls_values_may_be_absent() {
    let value = |value: Value| {
        with(
            &json!({"Path": "HKLM:\\SOFTWARE", "Name": "Enabled", "Value": value}),
            read_tls12_value,
        )
    };
    assert_eq!(value(json!("Not Found")).found().unwrap().value.value, None);
    assert_eq!(value(json!("0")).found().unwrap().value.value, Some(0));
    assert_eq!(
        value(json!(-1)).found().unwrap().value.value,
        Some(u32::MAX)
    );
    assert!(matches!(value(json!("1x")), Reading::Bad(_)));
}

#[test]
fn a_printed_table_of_tls_values_is_read() {
    let text = "\r\nPath      Name      Value\r\n----      ----      -----\r\n\
        HKLM:\\SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319 SystemDefaultTlsVersions 1\r\n\
        HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Client   Enabled  0\r\n\
        HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server   Enabled  Not Found\r\n";
    let rows = read_tls12_table(text);
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1].value.value, Some(0));
    assert!(rows[1].value.path.ends_with("TLS 1.2\\Client"));
    assert_eq!(rows[2].value.value, None);
    assert_eq!(rows[0].place, Locator::Line(4));
}

#[test]
fn versions_and_tests_are_read() {
    let file = json!({"FileName": "C:\\Program Files\\Microsoft Azure AD Sync\\Bin\\miiserver.exe", "FileVersion": "2.5.79.0 (main)"});
    let file = with(&file, read_file_version).found().unwrap().value;
    assert_eq!(
        (file.file.as_str(), file.version),
        ("miiserver.exe", Version([2, 5, 79, 0]))
    );
    let test = json!({"ComputerName": "x.servicebus.windows.net", "RemotePort": 443, "TcpTestSucceeded": false, "ProxyConfigured": true, "PSComputerName": "AADC01"});
    let test = with(&test, read_endpoint_test).found().unwrap().value;
    assert!(!test.reached);
    assert_eq!(test.proxy, Some(true));
    assert_eq!(test.from.as_deref(), Some("AADC01"));
}

#[test]
fn a_connector_is_read_from_its_parameters() {
    let object = json!({"Name": "contoso.com", "ConnectorTypeName": "AD", "ConnectivityParameters": [
        {"Name": "forest-login-user", "Value": "MSOL_0123456789ab"}, {"Name": "forest-login-domain", "Value": "CONTOSO"},
        {"Name": "sign-and-seal", "Value": "1"}], "Partitions": [{"DN": "DC=contoso,DC=com", "Selected": true}]});
    let connector = with(&object, read_connector)
        .unwrap()
        .found()
        .unwrap()
        .value;
    assert_eq!(
        connector.account.as_deref(),
        Some("CONTOSO\\MSOL_0123456789ab")
    );
    assert_eq!(connector.sign_and_seal, Some(true));
    assert_eq!(connector.partitions.len(), 1);
    let cut = json!({"Name": "contoso.com", "Type": "AD", "ConnectivityParameters": "System.Collections.Generic.List`1"});
    assert!(matches!(with(&cut, read_connector), Some(Reading::Bad(_))));
}

fn lists(text: &str) -> Vec<PrintedList> {
    let read = crate::carrier::powershell_list::parse_list(text);
    read.objects.iter().map(PrintedList::of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_gives_lists_and_any_object_gives_readings(text in "(?s)[A-Za-z]{0,9} ?:? ?.{0,40}(\n.{0,60}){0,6}", name in "[A-Za-z]{1,30}", number in any::<i64>()) {
        let _ = read_tls12_table(&text);
        let _ = read_tls12_table(&format!("HKLM: Enabled {text}"));
        for list in lists(&text) {
            let object = list.object();
            let _ = (read_scheduler(&object), read_service(&object), read_identity(&object));
        }
        for value in [json!(number), json!(text), json!([number]), json!({"a": number}), Value::Null] {
            let names = ["ConnectorIdentityType", "Parameters", "Value", "RemotePort", "FileVersion", "Status", "ConnectivityParameters", name.as_str()];
            let mut object = json!({"Name": text, "Type": "AD", "ComputerName": "x", "FileName": text});
            for name in names {
                object[name] = value.clone();
            }
            with(&object, |object| {
                let _ = (read_scheduler(object), read_service(object), read_identity(object));
                let _ = (read_global_settings(object), read_connector(object), host_of(object));
                let _ = (read_endpoint_test(object), read_file_version(object), read_tls12_value(object));
            });
        }
    }
}
