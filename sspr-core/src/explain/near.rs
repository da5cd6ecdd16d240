//! Names that are close to something unknown.

use super::cloud::REASONS;
use crate::directory::security::guids::known_guids;
use crate::events::catalogue;
use crate::licensing::{Catalogue, EntraPlan};
use crate::readiness::rules;

/// How many are suggested.
const MOST: usize = 3;
/// Longer texts are no misspelt names.
const LONGEST: usize = 60;

pub(super) fn names(asked: &str) -> Vec<String> {
    let asked = asked.to_lowercase();
    let length = asked.chars().count();
    if !(3..=LONGEST).contains(&length) {
        return Vec::new();
    }
    let most = (length / 4).clamp(1, 4);
    let mut near: Vec<_> = candidates()
        .filter_map(|name| {
            let distance = distance(&asked, &name.to_lowercase(), most)?;
            Some((distance, name))
        })
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().take(MOST).map(|(_, name)| name).collect()
}

fn candidates() -> impl Iterator<Item = String> {
    let codes = rules::ALL.iter().map(|rule| rule.code.to_owned());
    let reasons = REASONS.iter().flat_map(|reason| {
        let number = reason.number.map(|number| format!("SSPR_{number:04}"));
        number.into_iter().chain([reason.name.to_owned()])
    });
    let events = catalogue::all().iter().map(|event| event.id.to_string());
    let products = Catalogue::get()
        .products()
        .iter()
        .flat_map(|product| product.names().chain([product.part_number]))
        .map(str::to_owned);
    let plans = EntraPlan::ALL.iter().map(|plan| plan.code().to_owned());
    let rights = known_guids().iter().map(super::rights::title);
    let results = crate::events::causes::all()
        .iter()
        .flat_map(|cause| cause.codes)
        .map(|code| crate::events::HResult(*code).to_string());
    codes
        .chain(reasons)
        .chain(events)
        .chain(products)
        .chain(plans)
        .chain(rights)
        .chain(results)
}

/// The number of characters to insert, delete or replace, unless it is above `most`.
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let b: Vec<char> = b.chars().collect();
    if a.chars().count().abs_diff(b.len()) > most {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        let mut left = i + 1;
        next.push(left);
        for (y, pair) in b.iter().zip(row.windows(2)) {
            let (diagonal, above) = match pair {
                [diagonal, above] => (*diagonal, *above),
                _ => break,
            };
            left = (diagonal + usize::from(x != *y))
                .min(above + 1)
                .min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_single_edits() {
        assert_eq!(distance("kitten", "sitting", 4), Some(3));
        assert_eq!(distance("same", "same", 1), Some(0));
        assert_eq!(distance("", "abc", 2), None);
    }

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        assert_eq!(names("ENTERPRISPACK").first().unwrap(), "ENTERPRISEPACK");
        assert!(names("SSPR_0028").contains(&"SSPR_0029".to_owned()));
        assert_eq!(names("x"), Vec::<String>::new());
    }
}
