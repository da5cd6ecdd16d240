//! What the library predicts, held against a directory server that decides.
//!
//! The live test starts Samba as a domain controller in a scratch folder, on a loopback address. It
//! draws groups, access lists, password policies and people from a seed, sets them up, collects
//! them as an administrator would, predicts, and then really tries every reset, change, unlock and
//! write as the connector account. It needs root, and the packages that it names:
//!
//! ```text
//! SSPR_CASES=1000 SSPR_SEED=7 cargo test -p sspr-tests --test samba -- --ignored --nocapture
//! ```
//!
//! `SSPR_CASES` is how many people get random access lists, and as many random policies (300);
//! `SSPR_SEED` is what all is drawn from; `SSPR_FIRST` is the number of the first case, so that one
//! of a long run can be had alone (those of policies come in tens). An access list that fails is
//! cut down to the entries that it takes. Identifiers are the server's own, so that which of two
//! policies of the same precedence wins differs from run to run.
//!
//! With `SSPR_RECORD=samba/decisions.jsonl.gz`, relative to the folder of this package, the
//! decisions of the server are written down; another test judges them again, without a server.
//!
//! Where Samba is not Windows is listed in `deviations.rs`, and nothing else is excused.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and prints its seed"
)]

mod access;
mod deviations;
mod dice;
mod domain;
mod live;
mod policies;
mod record;
mod tally;
mod tokens;

use std::time::Instant;

use live::Settings;
use record::{Outcome, Record};
use tally::Tally;

/// Decisions of a run of the default seed.
const RECORDED: &[u8] = include_bytes!("decisions.jsonl.gz");

#[test]
#[ignore = "needs Samba as a domain controller: apt-get install samba samba-ad-provision samba-dsdb-modules \
            samba-vfs-modules winbind python3-samba ldb-tools ldap-utils python3-markdown python3-cryptography"]
fn every_prediction_agrees_with_a_directory_server() {
    let settings = Settings::from_environment();
    println!("{settings:?}");
    let started = Instant::now();
    let mut tally = Tally::default();
    let records = live::run(&settings, &mut tally);
    println!("{}in {:.0?}", tally.to_text(), started.elapsed());
    if let Some(path) = &settings.record {
        record::write(path, &records);
    }
    if settings.cases >= 300 {
        assert_all_came_up(&tally);
    }
}

#[test]
fn recorded_decisions_are_still_predicted() {
    let mut tally = Tally::default();
    for record in record::read(RECORDED) {
        record.judge(&mut tally);
    }
    tally.settle();
    println!("{}", tally.to_text());
    assert_all_came_up(&tally);
}

#[test]
fn a_server_that_decides_otherwise_is_noticed() {
    let (mut changed, mut noticed) = (0, 0);
    for mut record in record::read(RECORDED) {
        match &mut record {
            Record::Run { .. } => continue,
            Record::Tokens(world) => {
                changed += world.accounts.len();
                for account in &mut world.accounts {
                    account.token.pop_last();
                }
            }
            Record::Access(batch) => {
                for (_, outcome) in batch.cases.iter_mut().flat_map(|case| &mut case.attempts) {
                    changed += 1;
                    *outcome = match outcome {
                        Outcome::Done => Outcome::Denied,
                        _ => Outcome::Done,
                    };
                }
            }
            Record::Policies(round) => {
                for case in &mut round.people {
                    changed += 1;
                    case.resultant = match &case.resultant {
                        Some(_) => None,
                        None => round.policies.first().map(|policy| policy.dn.clone()),
                    };
                    changed -= usize::from(round.policies.is_empty());
                }
            }
        }
        let mut tally = Tally::default();
        record.judge(&mut tally);
        noticed += tally.failures().len();
    }
    // What a deviation would explain either way is not.
    assert!(noticed * 100 > changed * 95, "{noticed} of {changed}");
}

#[test]
fn every_deviation_says_what_differs_and_where_that_is_written() {
    for deviation in deviations::ALL {
        assert!(
            deviation.source.starts_with("https://"),
            "{}",
            deviation.name
        );
        assert_ne!(deviation.samba, deviation.windows);
        assert!(deviation.samba.ends_with('.') && deviation.windows.ends_with('.'));
    }
}

/// A run in which something never came up would prove nothing about it.
fn assert_all_came_up(tally: &Tally) {
    for what in [
        "token agrees",
        "inheritance agrees",
        "right of Change Done agrees",
        "right of Change Denied agrees",
        "right of Reset Done agrees",
        "right of Reset Denied agrees",
        "right of LockoutTime Done agrees",
        "right of LockoutTime Denied agrees",
        "right of PwdLastSet Done agrees",
        "right of PwdLastSet Denied agrees",
        "right of WriteList Done agrees",
        "right of WriteList Denied agrees",
        "resultant policy of the domain agrees",
        "resultant policy fine-grained agrees",
        "Reset TooShort agrees",
        "Reset NotComplex agrees",
        "HintedReset Done agrees",
        "HintedReset TooYoung agrees",
        "HintedReset TooShort agrees",
        "HintedReset NotComplex agrees",
        "HintedReset InHistory agrees",
        "Change Done agrees",
        "Change Denied agrees",
        "Change TooYoung agrees",
        "Change InHistory agrees",
        "Change LockedOut agrees",
        "WrongOld WrongOld agrees",
        "Unlock Done agrees",
        "ForceChange Done agrees",
        "state afterwards agrees",
    ] {
        assert!(tally.of(what) > 0, "never: {what}\n{}", tally.to_text());
    }
}
