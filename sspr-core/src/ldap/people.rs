//! People, split into files, each of which is read and written as a whole.
//!
//! Active Directory's page cookies do not outlive the connection, so that a run can only go on at a
//! place that it can name anew. That is `uSNCreated`: a number that the server gave each object
//! when it got it, that never changes there, that no two objects share, and that is indexed. One
//! quick search reads the numbers alone; they are cut into ranges of as many people as a file
//! holds. Whoever is made later has a higher number and falls into the last range, which is open.
//! The numbers are the server's own, so that a run is resumed at the same server only.

use std::collections::BTreeSet;

use super::collect::{Found, Run};
use super::connection::End;
use super::folder::Piece;
use super::message::Entry;
use super::plan::NAMES;
use super::sheet::Sheet;
use crate::error::Result;
use crate::evidence::NotAvailableReason;

/// How the names of the files begin.
pub(super) const FILE: &str = "people-";

impl Run<'_, '_> {
    /// All people, or those who were named.
    pub(super) fn people(&mut self) -> Result<()> {
        if self.settings.people.is_empty() {
            self.people_by_range()
        } else {
            self.people_by_name()
        }
    }

    fn people_by_range(&mut self) -> Result<()> {
        let pieces = if let Some(pieces) = self.folder.state.people.clone() {
            pieces
        } else {
            let pieces = self.split()?;
            self.folder.state.people = Some(pieces.clone());
            self.folder.save()?;
            pieces
        };
        let everybody = self.settings.base.is_none();
        let several = pieces.len() > 1;
        for (number, piece) in (1..).zip(pieces) {
            self.part(&format!("{FILE}{number:04}"), |run, sheet| {
                let search = run.places.people(piece.from, piece.to);
                let mut tally = Tally::default();
                let end = run.write_all("people", &search, sheet, None, &mut |entry| {
                    tally.watch(entry);
                })?;
                let mut found = Found::by(&search);
                // One of several files holds a range: neither all people nor too few.
                found.complete = match (everybody && end == End::Whole, several) {
                    (true, true) => None,
                    (whole, _) => Some(whole),
                };
                found.ended("adUsers", &end, &search.base);
                tally.tell(&mut found);
                Ok(found)
            })?;
        }
        Ok(())
    }

    /// Cuts people into ranges.
    fn split(&mut self) -> Result<Vec<Piece>> {
        let search = self.places.people_numbers();
        let page = self.settings.page_size;
        let mut numbers = Vec::new();
        let mut unnumbered = false;
        let progress = &mut *self.progress;
        let end = self
            .connection
            .search(&search, page, &mut |connection, entries| {
                for entry in entries {
                    match entry
                        .text("uSNCreated")
                        .and_then(|number| number.parse().ok())
                    {
                        Some(number) => numbers.push(number),
                        None => unnumbered = true,
                    }
                }
                let count = numbers.len() as u64;
                super::collect::tell(progress, "people", count, None, connection.received)
            })?;
        if unnumbered || end != End::Whole {
            // Without the numbers everybody goes into one file.
            numbers.clear();
        }
        let size = usize::try_from(self.settings.people_in_a_file).unwrap_or(usize::MAX);
        Ok(ranges(numbers, size))
    }

    fn people_by_name(&mut self) -> Result<()> {
        let size = usize::try_from(self.settings.people_in_a_file).unwrap_or(usize::MAX);
        let files: Vec<Vec<String>> = self
            .settings
            .people
            .chunks(size)
            .map(<[_]>::to_vec)
            .collect();
        for (number, names) in (1..).zip(files) {
            self.part(&format!("{FILE}{number:04}"), |run, sheet| {
                run.named(&names, sheet)
            })?;
        }
        Ok(())
    }

    fn named(&mut self, names: &[String], sheet: &mut Sheet<'_>) -> Result<Found> {
        let mut tally = Tally::default();
        let mut seen = BTreeSet::new();
        let mut found = None;
        for names in names.chunks(NAMES) {
            let search = self.places.people_named(names);
            let end = self.write_all("people", &search, sheet, None, &mut |entry| {
                tally.watch(entry);
                seen.insert(entry.dn.to_lowercase());
                let names = ["userPrincipalName", "sAMAccountName"];
                let names = names.iter().filter_map(|name| entry.text(name));
                seen.extend(names.map(str::to_lowercase));
            })?;
            let found = found.get_or_insert_with(|| Found::by(&search));
            found.ended("adUsers", &end, &search.base);
        }
        let mut found = found.unwrap_or_else(|| Found::by(&self.places.people_named(names)));
        // A list is never all people of a domain.
        found.complete = Some(false);
        let missing = names.iter().filter(|name| {
            let name = name.trim().to_lowercase();
            let account = name.rsplit('\\').next().unwrap_or(&name);
            !seen.contains(&name) && !seen.contains(account)
        });
        let missing = missing.count();
        if missing > 0 {
            let detail = format!(
                "{missing} of {} people who were named were not found",
                names.len()
            );
            found.missing("adUsers", NotAvailableReason::Error, detail);
        }
        tally.tell(&mut found);
        Ok(found)
    }
}

/// Ranges of numbers that hold as many as a file takes; the first begins and the last ends nowhere.
fn ranges(mut numbers: Vec<u64>, size: usize) -> Vec<Piece> {
    numbers.sort_unstable();
    let ends = numbers.chunks(size.max(1)).filter_map(<[_]>::last);
    let mut ends: Vec<u64> = ends.copied().collect();
    ends.dedup();
    // Behind the last there is nobody now, and may be later.
    ends.pop();
    let starts = std::iter::once(None).chain(ends.iter().map(|end| Some(end + 1)));
    let ends = ends.iter().copied().map(Some).chain([None]);
    starts
        .zip(ends)
        .map(|(from, to)| Piece { from, to })
        .collect()
}

/// What every person has and some rows lack: it was hidden.
#[derive(Default)]
struct Tally {
    people: u64,
    hidden: [u64; 3],
}

impl Tally {
    const ALWAYS: [&'static str; 3] = ["userAccountControl", "pwdLastSet", "objectSid"];

    fn watch(&mut self, entry: &Entry) {
        self.people += 1;
        for (count, name) in self.hidden.iter_mut().zip(Self::ALWAYS) {
            *count += u64::from(entry.values(name).is_empty());
        }
    }

    fn tell(&self, found: &mut Found) {
        for (count, name) in self.hidden.iter().zip(Self::ALWAYS) {
            if *count > 0 {
                let detail = format!("{name} of {count} of {} people is hidden", self.people);
                found.missing("adUsers", NotAvailableReason::NoPermission, detail);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn few_people_stand_in_one_file() {
        let all = Piece {
            from: None,
            to: None,
        };
        assert_eq!(ranges(vec![], 10), [all]);
        assert_eq!(ranges(vec![5, 9, 7], 10), [all]);
    }

    proptest! {
        #[test]
        fn everybody_falls_into_one_range(
            numbers in prop::collection::btree_set(0_u64..1_000, 0..200),
            size in 1_usize..50,
            later in 1_000_u64..2_000,
        ) {
            let pieces = ranges(numbers.iter().copied().collect(), size);
            for number in numbers.iter().copied().chain([later]) {
                let holding = pieces.iter().filter(|piece| {
                    piece.from.is_none_or(|from| from <= number) && piece.to.is_none_or(|to| number <= to)
                });
                prop_assert_eq!(holding.count(), 1);
            }
            prop_assert_eq!(pieces.len(), numbers.len().div_ceil(size).max(1));
        }
    }
}
