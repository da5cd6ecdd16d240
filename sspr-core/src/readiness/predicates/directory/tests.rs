use proptest::prelude::*;

use crate::readiness::Verdict;
use crate::readiness::predicates::testing::{Pool, findings, turned};

/// Evidence of two domains and the tenant above them, without contradictions.
fn pool(good: bool) -> Pool {
    let root = |dn: &str, age: i64| {
        format!(
            "dn: {dn}\nobjectClass: top\nobjectClass: domain\nobjectClass: domainDNS\n\
             minPwdAge: {}\nmaxPwdAge: -36288000000000\nminPwdLength: 7\npwdHistoryLength: 24\n\
             pwdProperties: 1\nlockoutThreshold: {}\nlockoutDuration: -18000000000\n\
             lockOutObservationWindow: -18000000000\n",
            -age * 864_000_000_000,
            if good { 30 } else { 5 }
        )
    };
    let age = i64::from(!good);
    let control = if good {
        "1.2.840.113556.1.4.2239"
    } else {
        "1.2.840.113556.1.4.319"
    };
    let build = if good { "10.0 (20348)" } else { "6.3 (9600)" };
    vec![
        ("contoso.ldf", root("DC=contoso,DC=com", age)),
        ("child.ldf", root("DC=child,DC=contoso,DC=com", age)),
        (
            "controllers.json",
            format!(
                "[{{\"HostName\":\"dc01.contoso.com\",\"Domain\":\"contoso.com\",\"Forest\":\"contoso.com\",\
                 \"IsReadOnly\":false,\"OperatingSystemVersion\":\"{build}\"}}]"
            ),
        ),
        (
            "rootdse.json",
            format!(
                "{{\"dnsHostName\":\"dc01.contoso.com\",\"defaultNamingContext\":\"DC=contoso,DC=com\",\
                 \"supportedControl\":[\"{control}\"]}}"
            ),
        ),
        (
            "filters.json",
            format!(
                "{{\"Notification Packages\":[\"scecli\"{}],\"PSComputerName\":\"dc01.contoso.com\"}}",
                if good { "" } else { ",\"filter\"" }
            ),
        ),
        (
            "settings.json",
            format!(
                "{{\"@odata.context\":\"https://graph.microsoft.com/v1.0/$metadata#groupSettings\",\"value\":[{{\
                 \"id\":\"22222222-2222-4333-8444-555555555555\",\"displayName\":\"Password Rule Settings\",\
                 \"templateId\":\"5cf42378-d67d-4f36-ba46-e8b86229381d\",\"values\":[\
                 {{\"name\":\"LockoutThreshold\",\"value\":\"10\"}},\
                 {{\"name\":\"LockoutDurationInSeconds\",\"value\":\"3600\"}},\
                 {{\"name\":\"EnableBannedPasswordCheckOnPremises\",\"value\":\"{good}\"}},\
                 {{\"name\":\"BannedPasswordCheckOnPremisesMode\",\"value\":\"Enforce\"}}]}}]}}"
            ),
        ),
        (
            "attested.toml",
            "schema = \"sspr-attested/1\"\n[[fact]]\nwhat = \"signIn.type\"\nvalue = \"passThrough\"\n\
             by = \"a.admin@contoso.com\"\nat = 2026-11-19T09:00:00Z\nwhere = \"read off by hand\"\n"
                .to_owned(),
        ),
        (
            "agents.json",
        "[{\"ServerFQDN\":\"dc01.contoso.com\",\"Domain\":\"contoso.com\",\"Forest\":\"contoso.com\",\
         \"HeartbeatUTC\":\"2026-11-20T08:00:00Z\"}]"
            .to_owned(),
        ),
    ]
}

#[test]
fn the_whole_pool_fails_where_everything_is_wrong() {
    let findings = findings(&pool(false), "SSPR4");
    for code in [
        "SSPR401", "SSPR408", "SSPR409", "SSPR410", "SSPR412", "SSPR413",
    ] {
        assert_eq!(findings[code].verdict, Verdict::Fail, "{code}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Rules over an open set of domain controllers hold item by item and are left out.
    #[test]
    fn less_evidence_never_turns_a_verdict_round(
        good in any::<bool>(),
        keep in prop::collection::vec(any::<bool>(), 8),
        less in prop::collection::vec(any::<bool>(), 8),
    ) {
        let mut turned = turned(&pool(good), &keep, &less, "SSPR4");
        turned.retain(|code| !matches!(&**code, "SSPR410" | "SSPR413"));
        prop_assert!(turned.is_empty(), "{turned:?}");
    }
}
