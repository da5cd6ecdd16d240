//! No input makes a parser of group policy panic.

use proptest::prelude::*;

use super::{BASELINE, DEFAULT, entry, json, links_of, report, rsop};
use crate::directory::gpo::*;
use crate::evidence::Locator;

/// All parsers on one text; what matters is that none panics.
fn read_all(text: &str) {
    let _ = parse_gp_link(text, &Locator::Whole);
    let _ = read_reports(text.as_bytes(), &mut |_| {});
    let _ = read_rsop(text.as_bytes());
    let _ = read_backups(text.as_bytes());
    let _ = (
        is_report(text),
        is_rsop(text),
        is_backup(text),
        is_gpt_ini(text),
    );
    let _ = TemplatePath::of(text);
    let _ = TemplatePath::folder_of(text);
    let _ = LinkPlace::from_dn(text);
    let _ = LinkPlace::from_canonical(text, Some("contoso.com"));
    let _ = text.parse::<GpoId>();
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        read_all(&text);
    }

    #[test]
    fn a_mutated_document_is_read_or_refused(
        which in 0_usize..5,
        at in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
        with in ".{0,6}",
    ) {
        let whole = match which {
            0 => report("q1"),
            1 => rsop("CONTOSO\\DC01$", "LoggedData"),
            2 => format!("<report>{}</report>", report("q2")),
            3 => entry(DEFAULT, 0) + &entry(BASELINE, 2),
            _ => format!("Policies/{DEFAULT}/MACHINE/Microsoft/Windows NT/SecEdit/GptTmpl.inf"),
        };
        let boundary = |index: usize| (0..=index).rev().find(|&i| whole.is_char_boundary(i));
        let from = boundary(at.index(whole.len())).unwrap();
        let to = boundary(cut.index(whole.len())).unwrap().max(from);
        read_all(&format!("{}{with}{}", &whole[..from], &whole[to..]));
    }

    #[test]
    fn link_orders_are_one_to_the_number_of_links(options in prop::collection::vec(0_u32..4, 0..20)) {
        let text: String = options.iter().map(|options| entry(DEFAULT, *options)).collect();
        let (links, lost) = links_of(&text);
        prop_assert_eq!(lost, 0);
        let orders: Vec<_> = links.iter().map(|link| link.order as usize).collect();
        prop_assert_eq!(orders, (1..=options.len()).collect::<Vec<_>>());
    }

    #[test]
    fn any_object_of_a_cmdlet_is_read(
        keys in prop::collection::vec(prop::sample::select(vec![
            "Path", "GpoLinks", "InheritedGpoLinks", "GpoInheritanceBlocked", "Id", "DisplayName",
            "GpoStatus", "Computer", "GpoId", "Target", "Enabled", "Enforced", "Order",
            "DistinguishedName", "gPLink", "gPOptions", "LinkedGroupPolicyObjects",
        ]), 0..10),
        values in prop::collection::vec(prop::sample::select(vec![
            "null", "true", "1", "-1", "\"x\"", "[]", "{}", "[1]", "[{\"GpoId\":1}]",
            "\"DC=contoso,DC=com\"", "99999999999",
        ]), 10),
    ) {
        let fields: Vec<_> = keys
            .iter()
            .zip(&values)
            .map(|(key, value)| format!("\"{key}\":{value}"))
            .collect();
        json(&format!("{{{}}}", fields.join(",")), |object| {
            let _ = InheritanceReading::from_json(object);
            let _ = LinkObject::from_json(object);
            let _ = GpoObject::from_json(object);
            let _ = GpoContainer::from_json(object);
        });
    }
}
