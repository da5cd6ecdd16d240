use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Attested {
    Attested::parse(text).expect("it is an attested.toml")
}

const GOOD: &str = r#"schema = "sspr-attested/1"
[[fact]]
what = "sspr.scope"
value = "selected"
group = "SSPR-Pilot"
by = "a.admin@contoso.com"
at = 2026-11-20T09:00:00Z
where = "Entra admin center > Password reset > Properties"
[[fact]]
what = "sspr.questions"
defined = 5
registered = 4
reset = 3
[[fact]]
what = "cloudSync.agents"
value = [{ host = "AGENT01", version = "1.1.977.0" }, { host = "AGENT02" }]
[[fact]]
what = "test.reset"
value = 2026-11-20T10:00:00+01:00
user = "jdoe@contoso.com"
"#;

#[test]
fn facts_keep_their_line_and_their_fields() {
    let attested = parse(GOOD);
    assert_eq!(attested.faults, []);
    let scope = &attested.facts[0];
    assert_eq!(scope.place, Locator::Line(3));
    assert_eq!(scope.value.value, AttestedValue::Word("selected"));
    assert_eq!(scope.value.group.as_deref(), Some("SSPR-Pilot"));
    assert_eq!(
        scope.value.at,
        Some("2026-11-20T09:00:00Z".parse().expect("a time"))
    );
    assert_eq!(
        attested.facts[3].value.value,
        AttestedValue::Time("2026-11-20T09:00:00Z".parse().expect("a time"))
    );
}

#[test]
fn what_is_written_reads_back() {
    let mut facts: Vec<_> = parse(GOOD).facts.into_iter().map(|at| at.value).collect();
    let mut link = AttestedFact::new(
        "sspr.helpdeskLink",
        AttestedValue::Text("a \"quoted\"\u{1b}\\ text\n".to_owned()),
    );
    link.by = Some("jdoe@contoso.com".to_owned());
    facts.push(link);
    let written = Attested::to_toml(&facts);
    let again: Vec<_> = parse(&written)
        .facts
        .into_iter()
        .map(|at| at.value)
        .collect();
    assert_eq!(again, facts, "{written}");
}

#[test]
fn a_bad_fact_has_its_line_and_costs_no_other() {
    let attested = parse(
        "schema = \"sspr-attested/1\"\n[[fact]]\nwhat = \"sspr.scop\"\nvalue = 1\n\
         [[fact]]\nwhat = \"sspr.methodsRequired\"\nvalue = 3\n\
         [[fact]]\nwhat = \"integration.writeback\"\nvalue = true\nhots = \"x\"\nat = 2026-11-20\n\
         [[fact]]\nvalue = true\n[[fact]]\nwhat = \"sspr.notifyUsers\"\nvalue = \"yes\"\n",
    );
    assert_eq!(attested.facts.len(), 1);
    let places: Vec<_> = attested.faults.iter().map(|f| f.place.clone()).collect();
    for line in [3, 7, 11, 12, 17] {
        assert!(places.contains(&Locator::Line(line)), "{places:?}");
    }
    assert_eq!(places.len(), 6, "{:?}", attested.faults);
}

#[test]
fn a_broken_line_costs_no_fact_before_it() {
    let attested = parse(&format!("{GOOD}[[fact]]\nwhat = = nonsense\n"));
    assert_eq!(attested.facts.len(), 4);
    assert!(!attested.faults.is_empty());
}

#[test]
fn another_schema_is_refused() {
    let error = Attested::parse("schema = \"sspr-attested/2\"\n").expect_err("another version");
    assert_eq!(error.place, Locator::Line(1));
}

#[test]
fn a_near_miss_is_suggested() {
    let attested = parse("schema = \"sspr-attested/1\"\n[[fact]]\nwhat = \"SSPR.Scope\"\n");
    assert_eq!(
        attested.faults[0].help.as_deref(),
        Some("did you mean sspr.scope?")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text_gives_facts_or_faults(text in "\\PC{0,200}") {
        let _ = Attested::parse(&text);
        let _ = Attested::parse(&format!("schema = \"sspr-attested/1\"\n[[fact]]\n{text}"));
    }

    #[test]
    fn a_mutated_file_never_panics(at in 0..GOOD.len(), byte in 0_u8..128) {
        let mut bytes = GOOD.as_bytes().to_vec();
        bytes[at] = byte;
        if let Ok(text) = String::from_utf8(bytes) {
            let _ = Attested::parse(&text);
        }
    }
}
