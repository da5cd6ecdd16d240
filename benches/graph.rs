//! A million users from a local server to disk: `sspr collect graph` beside the loop that people write
//! in Python today, in one run.
//!
//! `cargo bench -p sspr-benches --bench graph` prints the table. The loops need `httpx`; `PYTHON`
//! names the interpreter that has it (`python3`). Every run is a process of its own, against the same
//! server over TLS; the server runs in this process and is named with its own use of the processor,
//! since it takes a share of the machine. Under `cargo test` a small part runs.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a program that prints rounded numbers"
)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;
use std::{env, fs};

use sspr_tests::graph_server::{Budgets, Server, Settings, Size, Tenant};

/// What one run took.
struct Cost {
    seconds: f64,
    /// Seconds of the processor, which other work on the machine does not change.
    processor: f64,
    /// The highest peak of resident memory in KiB, where the system tells.
    peak: f64,
    bytes: u64,
}

fn main() {
    let args: Vec<_> = env::args().skip(1).collect();
    if args.first().is_some_and(|arg| arg == "--child") {
        return child(&args[1..]);
    }
    let benchmark = args.iter().any(|arg| arg == "--bench");
    let (users, rounds) = if benchmark {
        (1_000_000, 3)
    } else {
        (3_000, 1)
    };
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(Settings {
        budgets: Budgets::unlimited(),
        // The users alone: a million rows of a report take hours at Graph's five requests in ten
        // seconds.
        denied: vec!["reports".into(), "auditLogs".into()],
        ..Settings::new(Tenant::generated(&Size {
            users,
            ..Size::default()
        }))
    });
    let ca = folder.path().join("ca.pem");
    fs::write(&ca, server.authority_pem()).unwrap();
    fs::write(folder.path().join("token"), server.token()).unwrap();

    let python = env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("graph.py");
    let collect = || {
        let mut command = Command::new(env::current_exe().unwrap());
        command.arg("--child");
        command
    };
    let loops = |mode: &str| {
        let mut command = Command::new(&python);
        command.arg("-B").arg(&script).arg(mode);
        command
    };
    let run = |mut command: Command| {
        let out = folder.path().join("out");
        command.arg(server.root()).arg(&ca);
        measure(command.arg(folder.path().join("token")).arg(&out), &out)
    };
    let mut costs = [const { Vec::new() }; 3];
    let has = Command::new(&python)
        .args(["-c", "import httpx"])
        .stderr(Stdio::null())
        .status();
    let has = has.is_ok_and(|status| status.success());
    // In turns, so that other work on the machine hits all alike.
    for _ in 0..rounds {
        costs[0].push(run(collect()));
        if has {
            costs[1].push(run(loops("list")));
            costs[2].push(run(loops("pages")));
        }
    }
    assert!(server.foreign().is_empty());

    println!(
        "{users:<9} users        users/s   MB/s   seconds   of CPU   peak MB   ratio of time   of CPU   of memory"
    );
    let names = [
        "sspr collect graph",
        "httpx, all in a list",
        "httpx, page by page",
    ];
    let best = costs.map(|runs| {
        let runs = runs.into_iter();
        runs.min_by(|left, right| left.seconds.total_cmp(&right.seconds))
    });
    let ours = best[0].as_ref().unwrap();
    for (name, cost) in names.iter().zip(&best) {
        if let Some(cost) = cost {
            println!("{}", row(name, users, cost, ours));
        }
    }
    if !has {
        println!("{python} has no httpx: the loops in Python are left out (pip install httpx)");
    }
    if let Some(seconds) = processor() {
        println!("the server took {seconds:.2} s of the processor for all runs");
    }
}

/// Runs a command that writes into a folder and prints what it took.
fn measure(command: &mut Command, out: &Path) -> Cost {
    let started = Instant::now();
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    let seconds = started.elapsed().as_secs_f64();
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = said
        .split_whitespace()
        .map(|word| word.parse().unwrap_or(f64::NAN));
    let files = fs::read_dir(out).unwrap().flatten();
    let bytes = files.map(|entry| entry.metadata().unwrap().len()).sum();
    fs::remove_dir_all(out).unwrap();
    Cost {
        seconds,
        peak: numbers.next().unwrap_or(f64::NAN),
        processor: numbers.next().unwrap_or(f64::NAN),
        bytes,
    }
}

fn row(name: &str, users: usize, cost: &Cost, ours: &Cost) -> String {
    format!(
        "{name:<22} {:>8.0} {:>6.0} {:>9.2} {:>8.2} {:>9.1} {:>15.2} {:>8.2} {:>11.2}",
        users as f64 / cost.seconds,
        cost.bytes as f64 / cost.seconds / 1e6,
        cost.seconds,
        cost.processor,
        cost.peak / 1024.0,
        cost.seconds / ours.seconds,
        cost.processor / ours.processor,
        cost.peak / ours.peak,
    )
}

/// Collects, and prints the peak of memory in KiB and the seconds of the processor: ROOT CA TOKEN
/// FOLDER.
fn child(args: &[String]) {
    let [root, ca, token, folder] = args else {
        return;
    };
    let words = [
        "collect",
        "graph",
        "--root",
        root,
        "--ca",
        ca,
        "--token-file",
        token,
        "-o",
        folder,
    ];
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let exit = sspr_cli::run(
        words,
        std::io::empty(),
        &mut out,
        &mut errors,
        chrono::Utc::now(),
    );
    assert_eq!(exit, 0, "{}", String::from_utf8_lossy(&errors));
    let numbers = [from_status("VmHWM:"), processor()].map(|number| number.unwrap_or(f64::NAN));
    println!("{} {}", numbers[0], numbers[1]);
}

/// A number of this process, in KiB; Linux tells.
fn from_status(name: &str) -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Seconds of the processor that this process used; Linux tells, in hundredths.
fn processor() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>().ok()? + fields[12].parse::<f64>().ok()?;
    Some(ticks / 100.0)
}
