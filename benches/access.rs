//! Permissions: how fast binary descriptors are parsed, and how long a million checks take.
//!
//! `cargo bench -p sspr-benches --bench access` prints both figures, and beside the first that of
//! the Python package winacl over the same bytes, where it is installed. Under `cargo test` a small
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
use std::fs;
use std::hint::black_box;
use std::process::Command;
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
    let mut rates = Vec::new();
    for _ in 0..rounds {
        let started = Instant::now();
        for bytes in &descriptors {
            black_box(SecurityDescriptor::parse(black_box(bytes))?);
        }
        rates.push(bytes as f64 / 1e6 / started.elapsed().as_secs_f64());
    }
    rates.sort_unstable_by(f64::total_cmp);
    let median = rates.get(rates.len() / 2).copied().unwrap_or_default();
    println!(
        "descriptors of {} bytes, {:.1} MB in {rounds} rounds: median {median:.0} MB/s, slowest {:.0}",
        bytes / descriptors.len(),
        bytes as f64 / 1e6,
        rates.first().copied().unwrap_or_default(),
    );
    if benchmark {
        match winacl(&descriptors)? {
            Some(rate) => println!(
                "winacl, the same bytes: {rate:.1} MB/s; sspr is {:.0} times as fast",
                median / rate
            ),
            None => println!(
                "winacl is not there to compare with: `python3 -m pip install winacl` installs it"
            ),
        }
    }

    let mut store = DescriptorStore::default();
    let ids = descriptors
        .iter()
        .map(|bytes| store.keep_bytes(bytes))
        .collect::<Result<Vec<_>, _>>()?;
    let account = Sid::new(5, [21, 1, 2, 3, 1200]);
    let token = Token::from_memberships(account, None, [], &HashMap::new());
    let mut runs = Vec::new();
    let mut granted = 0;
    for _ in 0..5 {
        let started = Instant::now();
        let mut verdicts: HashMap<DescriptorId, Granted> = HashMap::new();
        granted = ids
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
        runs.push(started.elapsed().as_secs_f64());
    }
    runs.sort_unstable_by(f64::total_cmp);
    println!(
        "{checks} checks over {DISTINCT} descriptors, {granted} granted: best {:.3} s, median {:.3} s",
        runs.first().copied().unwrap_or_default(),
        runs.get(runs.len() / 2).copied().unwrap_or_default(),
    );

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

/// Parses the descriptors with winacl, and prints the best of three rounds in MB/s.
const WINACL: &str = r#"
import sys, time
from winacl.dtyp.security_descriptor import SECURITY_DESCRIPTOR
data = open(sys.argv[1], "rb").read()
parts, at = [], 0
while at < len(data):
    end = at + 4 + int.from_bytes(data[at:at + 4], "little")
    parts.append(data[at + 4:end])
    at = end
best = 0
for _ in range(3):
    start = time.perf_counter()
    for part in parts:
        assert len(SECURITY_DESCRIPTOR.from_bytes(part).Dacl.aces) == 51
    best = max(best, sum(map(len, parts)) / 1e6 / (time.perf_counter() - start))
print(best)
"#;

/// How fast winacl parses the same bytes, in MB/s; `None` where it is not installed.
fn winacl(descriptors: &[Vec<u8>]) -> Result<Option<f64>, Box<dyn Error>> {
    let python = |arguments: &[&str]| Command::new("python3").args(arguments).output();
    match python(&["-c", "import winacl"]) {
        Ok(output) if output.status.success() => {}
        _ => return Ok(None),
    }
    let mut bytes = Vec::new();
    for descriptor in descriptors {
        bytes.extend(u32::try_from(descriptor.len())?.to_le_bytes());
        bytes.extend(descriptor);
    }
    let path = env::temp_dir().join(format!("sspr-descriptors-{}", std::process::id()));
    fs::write(&path, bytes)?;
    let output = python(&["-c", WINACL, &path.to_string_lossy()])?;
    fs::remove_file(&path)?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(Some(
        String::from_utf8_lossy(&output.stdout).trim().parse()?,
    ))
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
