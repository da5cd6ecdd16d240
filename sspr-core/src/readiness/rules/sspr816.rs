//! Names of organizational units that writeback cannot handle.

use super::prelude::*;
use std::collections::BTreeSet;

use crate::readiness::predicates::directory::listed;
use crate::readiness::predicates::permissions::{
    nobody_synced, parent_of, people, places, sources_of_people,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR816",
    title: "Characters in names of organizational units",
    phase: Phase::Permissions,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["people.container"],
    rationale: "Characters that distinguished names reserve cannot be handled in the names of \
        organizational units: the person is not found, and the reset fails with 33001.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
        "https://github.com/MicrosoftDocs/entra-docs/issues/717",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let (places, missing) = places(cx);
    let (mut bad, mut units) = (BTreeSet::new(), BTreeSet::new());
    for place in &places {
        let names: Vec<_> = reserved_units(place.dn).collect();
        if !names.is_empty() {
            bad.insert(place.dn);
            units.extend(names);
        }
    }
    let outcome = if !bad.is_empty() {
        let units: Vec<_> = units.iter().map(|name| format!("'{name}'")).collect();
        let people = people(cx).filter(|p| p.container().is_some_and(|dn| bad.contains(dn)));
        Outcome::fail(format!(
            "People live under organizational units whose names hold characters that writeback cannot \
             handle: {}.",
            listed(units.iter().map(String::as_str))
        ))
        .about(Subjects::people(cx, people))
        .with("units", units)
    } else if let Some(unknown) = missing {
        return Err(unknown);
    } else {
        Outcome::pass(
            "No organizational unit above a synced person has a reserved character in its name.",
        )
    };
    let users = cx
        .facts
        .people
        .sources
        .iter()
        .filter(|source| source.kind == "users");
    Ok(outcome
        .because_all(sources_of_people(cx))
        .because_all(users.map(|source| &source.from)))
}

/// The names of the organizational units in a distinguished name that hold a reserved character.
fn reserved_units(dn: &str) -> impl Iterator<Item = String> {
    std::iter::successors(Some(dn), |dn| Some(parent_of(dn)))
        .take_while(|dn| !dn.is_empty())
        .filter_map(|dn| {
            let rest = parent_of(dn);
            let first = dn.strip_suffix(rest).unwrap_or(dn);
            let first = if rest.is_empty() {
                first
            } else {
                first.trim_end_matches([' ']).strip_suffix(',')?
            };
            let (attribute, value) = first.split_once('=')?;
            attribute
                .trim()
                .eq_ignore_ascii_case("OU")
                .then(|| unescaped(value))
        })
        .filter(|name| is_reserved(name))
}

fn is_reserved(name: &str) -> bool {
    name.starts_with([' ', '#'])
        || name.ends_with(' ')
        || name.contains([',', '+', '"', '\\', '<', '>', ';', '\n', '\r', '=', '/'])
}

/// The value of a part of a distinguished name: `\,` stands for a comma, `\2C` too.
fn unescaped(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'\\' {
            bytes.push(first);
            continue;
        }
        let hex = rest
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        if let Some(byte) = hex.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            bytes.push(byte);
            rest = rest.get(2..).unwrap_or_default();
        } else if let Some((&escaped, after)) = rest.split_first() {
            bytes.push(escaped);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "A plain name is found; links to the unit by its GUID stay valid.".into(),
        steps: vec![
            "Rename the organizational unit without the character; see first what names it by its \
             distinguished name (scripts, filters of Entra Connect)."
                .into(),
        ],
        command: Some(
            "Rename-ADObject -Identity '<distinguished name of the unit>' -NewName '<plain name>'"
                .into(),
        ),
        verify: format!(
            "Get-ADOrganizationalUnit -Filter * -Server {} | Where-Object Name -match '[,+\"\\\\<>;=/]'",
            quoted(&names.domain)
        ),
        undo:
            "Rename-ADObject -Identity '<distinguished name of the unit>' -NewName '<former name>'"
                .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(dn: &str) -> Vec<String> {
        reserved_units(dn).collect()
    }

    #[test]
    fn reserved_characters_are_seen_through_their_escapes() {
        assert_eq!(found("OU=A\\, B,OU=Staff,DC=contoso,DC=com"), ["A, B"]);
        assert_eq!(found("OU=A\\2BB,DC=contoso,DC=com"), ["A+B"]);
        assert_eq!(found("OU=Staff/North,DC=contoso,DC=com"), ["Staff/North"]);
        assert_eq!(found("OU=\\#1,OU=\\ x\\ ,DC=contoso,DC=com"), ["#1", " x "]);
        assert_eq!(found("OU=C\\0D,DC=contoso,DC=com"), ["C\r"]);
    }

    #[test]
    fn other_names_are_left_alone() {
        assert!(found("OU=R&D (old)#2,CN=a\\,b,DC=contoso,DC=com").is_empty());
        assert!(found("").is_empty());
    }
}
