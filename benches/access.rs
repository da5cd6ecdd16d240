//! Permissions: how fast binary descriptors are parsed, and how long a million checks take.
//!
//! `cargo bench -p sspr-benches --bench access` prints both figures. Under `cargo test` a small
//! part runs.
#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program that prints rounded numbers"
)]

use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use sspr::directory::security::{
    DescriptorId, DescriptorStore, Granted, ObjectClass, SecurityDescriptor, Sid, SidAliases,
    Target, Token, Wanted, guids,
};

/// How many descriptors differ.
const DISTINCT: u32 = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    let benchmark = env::args().any(|arg| arg == "--bench");
    let (rounds, checks) = if benchmark {
        (40, 1_000_000)
    } else {
        (1, 10_000)
    };
    let descriptors = (0..DISTINCT)
        .map(descriptor)
        .collect::<Result<Vec<_>, _>>()?;

    let bytes: usize = descriptors.iter().map(Vec::len).sum();
    let started = Instant::now();
    for _ in 0..rounds {
        for bytes in &descriptors {
            black_box(SecurityDescriptor::parse(black_box(bytes))?);
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    let megabytes = (bytes * rounds) as f64 / 1e6;
    println!(
        "parsed {megabytes:.1} MB of descriptors, {} bytes each: {:.0} MB/s",
        bytes / descriptors.len(),
        megabytes / seconds
    );

    let mut store = DescriptorStore::default();
    let ids = descriptors
        .iter()
        .map(|bytes| store.keep_bytes(bytes))
        .collect::<Result<Vec<_>, _>>()?;
    let account = Sid::new(5, [21, 1, 2, 3, 1200]);
    let token = Token::from_memberships(account, None, [], &HashMap::new());
    let started = Instant::now();
    let mut verdicts: HashMap<DescriptorId, Granted> = HashMap::new();
    let granted = ids
        .iter()
        .cycle()
        .take(checks)
        .filter(|id| {
            let verdict = verdicts
                .entry(**id)
                .or_insert_with(|| judge(&store, **id, &token));
            *verdict == Granted::Yes
        })
        .count();
    let seconds = started.elapsed().as_secs_f64();
    println!("{checks} checks over {DISTINCT} descriptors, {granted} granted: {seconds:.3} s");

    let started = Instant::now();
    let each = ids
        .iter()
        .cycle()
        .take(checks / 10)
        .filter(|id| judge(&store, **id, &token) == Granted::Yes)
        .count();
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{} checks without memory, {each} granted: {seconds:.3} s",
        checks / 10
    );
    Ok(())
}

fn judge(store: &DescriptorStore, id: DescriptorId, token: &Token) -> Granted {
    let target = store.get(id).map(|descriptor| Target {
        descriptor,
        class: ObjectClass(guids::USER),
        sid: None,
    });
    target.map_or(Granted::Unknown, |target| {
        target
            .check(token, Wanted::ControlAccess(guids::RESET_PASSWORD))
            .granted
    })
}

/// The descriptor of a person as domains have it: some fifty entries, most of them limited to a
/// type; the account's own stands last.
fn descriptor(number: u32) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut sddl = String::from("O:S-1-5-21-1-2-3-512G:S-1-5-21-1-2-3-512D:AI");
    for entry in 0..50 {
        let sid = format!("S-1-5-21-1-2-3-{}", 2_000 + number * 50 + entry);
        match entry % 5 {
            0 => write!(sddl, "(A;;RPLCLORC;;;{sid})")?,
            _ => write!(
                sddl,
                "(OA;CIIOID;RP;{};{};{sid})",
                guids::PUBLIC_INFORMATION,
                guids::USER
            )?,
        }
    }
    write!(
        sddl,
        "(OA;;CR;{};;S-1-5-21-1-2-3-1200)",
        guids::RESET_PASSWORD
    )?;
    let parsed = SecurityDescriptor::from_sddl(&sddl, &SidAliases::default())?;
    Ok(parsed.to_bytes()?)
}
