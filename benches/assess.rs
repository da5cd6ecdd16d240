//! The whole `assess` process: time and peak memory, on a small tenant and on very large evidence.
//!
//! `cargo bench -p sspr-benches` prints the table; `--bench assess -- LDIF` prints the rows whose
//! name holds a text. Every run is a process of its own, which is this program again. Under
//! `cargo test` only the small case runs.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    reason = "a program that prints a table of rounded numbers"
)]

use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sspr_benches::{Columns, ldif, log, mixed_log, users, xml_log};

/// What the runs of one case took.
struct Cost {
    best: Duration,
    median: Duration,
    /// The highest peak of resident memory in KiB, where the system tells.
    peak: Option<u64>,
}

/// Writes a large file.
type Generator = fn(&Path) -> std::io::Result<()>;

/// One case: the small tenant, and a large file beside it.
struct Case {
    name: &'static str,
    runs: u32,
    file: Option<(&'static str, Generator)>,
}

const CASES: &[Case] = &[
    Case {
        name: "contoso",
        runs: 20,
        file: None,
    },
    Case {
        name: "users, 200 MB",
        runs: 1,
        file: Some(("users-200mb.json", |path| {
            users(path, 41_000, Columns::Full)
        })),
    },
    Case {
        name: "log, 200 MB",
        runs: 1,
        file: Some(("log-200mb.evtx", |path| log(path, 75_000))),
    },
    Case {
        name: "log, few matter",
        runs: 1,
        file: Some(("log-mixed.evtx", |path| mixed_log(path, 250))),
    },
    Case {
        name: "log as XML",
        runs: 1,
        file: Some(("log-200mb.xml", |path| xml_log(path, 75_000))),
    },
    Case {
        name: "two million events",
        runs: 1,
        file: Some(("log-2m.xml", |path| xml_log(path, 400_000))),
    },
    Case {
        name: "a million people",
        runs: 3,
        file: Some(("users-million.json", |path| {
            users(path, 1_000_000, Columns::Lean)
        })),
    },
    Case {
        name: "LDIF, 100,000",
        runs: 3,
        file: Some(("directory.ldif", |path| ldif(path, 100_000))),
    },
];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<_> = env::args_os().skip(1).collect();
    if args.first().is_some_and(|arg| arg == "--child") {
        return Ok(child(args.into_iter().skip(1)));
    }
    let benchmark = args.iter().any(|arg| arg == "--bench");
    let cases = if benchmark {
        CASES
    } else {
        CASES.split_at(1).0
    };
    let contoso = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/contoso");
    let folder = env::temp_dir().join("sspr-benches");
    fs::create_dir_all(&folder)?;

    let mut out = String::from(
        "case               input MB    best ms  median ms      MB/s   peak MB   grown by MB   peak, times contoso\n",
    );
    let mut small: Option<u64> = None;
    let named = args.iter().find(|arg| *arg != "--bench");
    let named = named.map_or("", |name| name.to_str().unwrap_or_default());
    // The first case is what the others are held against.
    let wanted = |case: &Case| case.file.is_none() || case.name.contains(named);
    for case in cases.iter().filter(|case| wanted(case)) {
        let mut inputs = vec![contoso.clone()];
        if let Some((name, generate)) = case.file {
            let path = folder.join(name);
            generate(&path)?;
            inputs.push(path);
        }
        let megabytes = inputs.iter().map(|path| bytes(path)).sum::<u64>() as f64 / 1e6;
        let cost = measure(&inputs, if benchmark { case.runs } else { 1 })?;
        let peak = cost.peak.unwrap_or_default();
        let base = *small.get_or_insert(peak);
        writeln!(
            out,
            "{:<18} {megabytes:>8.1} {:>10.1} {:>10.1} {:>9.1} {:>9.1} {:>13.1} {:>21.1}",
            case.name,
            cost.best.as_secs_f64() * 1e3,
            cost.median.as_secs_f64() * 1e3,
            megabytes / cost.best.as_secs_f64(),
            peak as f64 / 1024.0,
            peak.saturating_sub(base) as f64 / 1024.0,
            peak as f64 / base.max(1) as f64,
        )?;
        for path in inputs.iter().skip(1) {
            fs::remove_file(path)?;
        }
    }
    println!("{out}");
    Ok(ExitCode::SUCCESS)
}

/// Runs a case several times.
fn measure(inputs: &[PathBuf], runs: u32) -> Result<Cost, Box<dyn Error>> {
    let mut walls = Vec::new();
    let mut peak = None;
    for _ in 0..runs {
        let started = Instant::now();
        let output = Command::new(env::current_exe()?)
            .arg("--child")
            .args(inputs)
            .stderr(Stdio::inherit())
            .output()?;
        walls.push(started.elapsed());
        let text = String::from_utf8_lossy(&output.stdout);
        let mut words = text.split_whitespace();
        let (exit, held) = (words.next(), words.next());
        if exit != Some("1") {
            return Err(format!("the verdict should be exit 1, and was {exit:?}").into());
        }
        peak = peak.max(held.and_then(|held| held.parse().ok()));
    }
    walls.sort_unstable();
    match (walls.first(), walls.get(walls.len() / 2)) {
        (Some(&best), Some(&median)) => Ok(Cost { best, median, peak }),
        _ => Err("no run".into()),
    }
}

/// Judges the inputs, and prints the exit code and the peak memory.
fn child(inputs: impl Iterator<Item = OsString>) -> ExitCode {
    let mut args: Vec<OsString> = ["assess", "--format", "json"].map(Into::into).into();
    args.extend(inputs);
    let now = DateTime::from_timestamp(1_795_176_000, 0).unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
    let (mut report, mut errors) = (Vec::new(), Vec::new());
    let exit = sspr_cli::run(args, std::io::empty(), &mut report, &mut errors, now);
    eprint!("{}", String::from_utf8_lossy(&errors));
    let peak = peak_memory().map_or_else(|| "-".to_owned(), |peak| peak.to_string());
    println!("{exit} {peak}");
    ExitCode::SUCCESS
}

/// The most memory that this process ever held, in KiB; Linux tells.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The size of a file, or of all files below a folder.
fn bytes(path: &Path) -> u64 {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| bytes(&entry.path())).sum(),
        Err(_) => fs::metadata(path).map_or(0, |meta| meta.len()),
    }
}
