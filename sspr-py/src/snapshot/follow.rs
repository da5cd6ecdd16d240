//! What a pass over logs that grow went through.

use super::Skipped;
use crate::data::data;

data! {
    /// What one look at logs that grow went through.
    Followed in "sspr.snapshot" is sspr::snapshot::Followed {
        /// How many files are followed.
        files: usize = |it| it.files,
        /// Files that are new, or others than before.
        changed: Vec<Changed> = |it| it.changed.iter().cloned().map(Changed).collect(),
        /// Files that are no logs or could not be read, told once until they change.
        skipped: Vec<Skipped> = |it| it.skipped.iter().cloned().map(Skipped).collect(),
    }
}

data! {
    /// A file and what became of it since it was read last.
    Changed in "sspr.snapshot" is sspr::snapshot::Changed {
        /// Its path.
        name: &str = |it| &it.name,
        /// What became of it.
        change: Change = |it| Change(it.change),
    }
}

data! {
    /// What became of a file.
    Change in "sspr.snapshot" is sspr::snapshot::Change {
        /// `new` where it was not there; `replaced` where it holds another log, was cleared, cut or
        /// written anew, and is read from its beginning; `missed` where its oldest records were
        /// overwritten before they were read.
        kind: &'static str = |it| kind(*it),
        /// The number of the first record that was missed.
        first: Option<u64> = |it| missed(*it).map(|(first, _)| first),
        /// The number of the first record after those that were missed.
        until: Option<u64> = |it| missed(*it).map(|(_, until)| until),
    }
}

fn kind(change: sspr::snapshot::Change) -> &'static str {
    match change {
        sspr::snapshot::Change::New => "new",
        sspr::snapshot::Change::Replaced => "replaced",
        sspr::snapshot::Change::Missed(..) => "missed",
    }
}

fn missed(change: sspr::snapshot::Change) -> Option<(u64, u64)> {
    match change {
        sspr::snapshot::Change::Missed(first, until) => Some((first, until)),
        _ => None,
    }
}
