//! The reader of Windows logs, side by side with `cat` and with the `evtx` crate: a sparse log, of
//! which one chunk in two hundred matters, and a dense one, of which every record does.
//!
//! `evtx_dump` and the Python package `evtx` (of the interpreter that `PYTHON` names) are run too where they
//! are installed. `cargo bench -p sspr-benches --bench evtx` prints the table; every run is a process of its own,
//! which is this program again, and the ways take turns. Under `cargo test` the logs are small.
#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program that prints a table of rounded numbers"
)]

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, Duration as Span, Utc};
use evtx::{EvtxParser, ParserSettings};
use sspr::events::{EvtxOptions, LogItem, read_evtx_with};
use sspr_tests::evtx_writer::{CHUNK_BYTES, EvtxEvent, HEADER_BYTES, write};

const SERVICE: &str = "PasswordResetService";
const HOST: &str = "aadc01.contoso.com";
/// One chunk in so many holds events of the service in the sparse log.
const SPARSE: usize = 200;

/// A way to go through a log.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Cat,
    Crate,
    Ours(usize),
    /// The `evtx` crate's own command, where it is installed.
    Dump,
    /// The Python package `evtx` with a filter on the text, where it is installed.
    Python,
}

/// All events of the service, as a script finds them with the Python package `evtx`.
const SCRIPT: &str = "
import sys, evtx
wanted = 0
for record in evtx.PyEvtxParser(sys.argv[1]).records_json():
    wanted += 'PasswordResetService' in record['data']
";

impl Way {
    fn name(self) -> String {
        match self {
            Self::Cat => "cat >/dev/null".to_owned(),
            Self::Crate => "evtx crate, JSON".to_owned(),
            Self::Ours(1) => "sspr, 1 thread".to_owned(),
            Self::Ours(jobs) => format!("sspr, {jobs} threads"),
            Self::Dump => "evtx_dump, 1 thread".to_owned(),
            Self::Python => "evtx of Python".to_owned(),
        }
    }

    /// A program of others that goes through a log.
    fn program(self, path: &Path) -> Option<Command> {
        let (program, args): (_, &[&str]) = match self {
            Self::Cat => ("cat".to_owned(), &[]),
            Self::Dump => ("evtx_dump".to_owned(), &["-t", "1", "-o", "jsonl"]),
            Self::Python => (python(), &["-c", SCRIPT]),
            Self::Crate | Self::Ours(_) => return None,
        };
        let mut command = Command::new(program);
        command.args(args).arg(path).stdout(Stdio::null());
        Some(command)
    }

    /// Whether this machine has the program.
    fn is_installed(self) -> bool {
        let mut ask = match self {
            Self::Dump => Command::new("evtx_dump"),
            _ => Command::new(python()),
        };
        ask.args(match self {
            Self::Dump => &["--version"][..],
            _ => &["-c", "import evtx"][..],
        });
        let asked = ask.stdout(Stdio::null()).stderr(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    }
}

fn python() -> String {
    env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// What one run took.
#[derive(Clone, Copy)]
struct Cost {
    wall: Duration,
    /// Time of the main thread on a processor; Linux tells.
    cpu: Option<Duration>,
    /// Peak resident memory in KiB, of which the results take none: they are counted and dropped.
    peak: Option<u64>,
    events: u64,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<_> = env::args().skip(1).collect();
    if let [flag, way, path] = args.as_slice()
        && flag == "--child"
    {
        return child(way, Path::new(path)).map(|()| ExitCode::SUCCESS);
    }
    let benchmark = args.iter().any(|arg| arg == "--bench");
    let (chunks, events, runs) = if benchmark {
        (16_384, 250_000, 7)
    } else {
        (2 * SPARSE, 2_000, 1)
    };
    let folder = tempfile::tempdir()?;
    let file = |name: &str| folder.path().join(name);
    let (sparse, dense, mixed) = (file("sparse"), file("dense"), file("mixed"));
    sparse_log(&sparse, chunks)?;
    dense_log(&dense, events)?;
    mixed_log(&mixed, events)?;

    println!(
        "log     way                   input MB  wall ms min/median   CPU ms min/median   peak MB    events"
    );
    let ways = [Way::Crate, Way::Ours(1), Way::Ours(2)];
    let [cat, general, ours] = table(
        "sparse",
        &sparse,
        [Way::Cat, Way::Crate, Way::Ours(1)],
        runs,
    )?;
    let [dense_general, dense_ours, dense_two] = table("dense", &dense, ways, runs)?;
    let [mixed_general, mixed_ours, _] = table("mixed", &mixed, ways, runs)?;
    if dense_general.events != u64::from(events) || dense_ours.events != mixed_ours.events {
        return Err("the readers do not agree on the number of events".into());
    }
    for way in [Way::Dump, Way::Python] {
        if !benchmark || !way.is_installed() {
            println!("{:<20} is not installed, or is not asked", way.name());
            continue;
        }
        let [sparse] = table("sparse", &sparse, [way], 1)?;
        let [dense] = table("dense", &dense, [way], 1)?;
        for (log, theirs, ours) in [("sparse", sparse, ours), ("dense", dense, dense_ours)] {
            let name = format!("{log}: wall, {} / sspr", way.name());
            ratio(&name, Some(theirs.wall), Some(ours.wall));
        }
    }
    println!();
    let wall = |name, of: Cost, to: Cost| ratio(name, Some(of.wall), Some(to.wall));
    let cpu = |name, of: Cost, to: Cost| ratio(name, of.cpu, to.cpu);
    wall("sparse: wall, sspr / cat (at most 1.5)", ours, cat);
    cpu("sparse: CPU, crate / sspr (at least 12)", general, ours);
    cpu(
        "dense: CPU, crate / sspr (at least 8)",
        dense_general,
        dense_ours,
    );
    cpu(
        "mixed: CPU, crate / sspr (at least 8)",
        mixed_general,
        mixed_ours,
    );
    wall(
        "dense: wall, 1 thread / 2 threads (at least 1.6)",
        dense_ours,
        dense_two,
    );
    Ok(ExitCode::SUCCESS)
}

fn ratio(what: &str, of: Option<Duration>, to: Option<Duration>) {
    if let Some((of, to)) = of.zip(to) {
        println!("{what}: {:.2}", of.as_secs_f64() / to.as_secs_f64());
    }
}

/// Runs the ways in turns, prints a line for each and gives the least of each.
fn table<const N: usize>(
    log: &str,
    path: &Path,
    ways: [Way; N],
    runs: usize,
) -> Result<[Cost; N], Box<dyn Error>> {
    let megabytes = fs::metadata(path)?.len() as f64 / 1e6;
    let mut costs = vec![Vec::new(); ways.len()];
    for _ in 0..runs {
        for (way, costs) in ways.iter().zip(&mut costs) {
            costs.push(run(*way, path)?);
        }
    }
    let mut least = Vec::new();
    for (way, costs) in ways.iter().zip(costs) {
        let walls = sorted(costs.iter().map(|cost| cost.wall));
        let cpus = sorted(costs.iter().filter_map(|cost| cost.cpu));
        let (min, median) = walls.ok_or("no run")?;
        let cpu = cpus.map_or_else(
            || format!("{:>17}", "-"),
            |(min, median)| format!("{:>8.1} {:>8.1}", millis(min), millis(median)),
        );
        let peak = costs.iter().filter_map(|cost| cost.peak).max();
        let events = costs.first().map_or(0, |cost| cost.events);
        println!(
            "{log:<7} {:<20} {megabytes:>9.1}  {:>8.1} {:>8.1}   {cpu}  {:>8.1} {events:>9}",
            way.name(),
            millis(min),
            millis(median),
            peak.unwrap_or_default() as f64 / 1024.0,
        );
        least.push(Cost {
            wall: min,
            cpu: cpus.map(|(min, _)| min),
            peak,
            events,
        });
    }
    least.try_into().map_err(|_| "a way took no run".into())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The least and the median.
fn sorted(times: impl Iterator<Item = Duration>) -> Option<(Duration, Duration)> {
    let mut times: Vec<_> = times.collect();
    times.sort();
    Some((*times.first()?, *times.get(times.len() / 2)?))
}

fn run(way: Way, path: &Path) -> Result<Cost, Box<dyn Error>> {
    if let Some(mut program) = way.program(path) {
        let started = Instant::now();
        if !program.status()?.success() {
            return Err(format!("{} failed", way.name()).into());
        }
        return Ok(Cost {
            wall: started.elapsed(),
            cpu: None,
            peak: None,
            events: 0,
        });
    }
    let argument = match way {
        Way::Ours(jobs) => jobs.to_string(),
        _ => "crate".to_owned(),
    };
    let mut command = Command::new(env::current_exe()?);
    command.args(["--child", &argument]).arg(path);
    let started = Instant::now();
    let output = command.stderr(Stdio::inherit()).output()?;
    let wall = started.elapsed();
    let text = String::from_utf8(output.stdout)?;
    let mut numbers = text.split_whitespace().map(str::parse::<u64>);
    let mut number = || numbers.next().and_then(Result::ok);
    let events = number().ok_or("a run failed")?;
    Ok(Cost {
        wall,
        cpu: number()
            .filter(|nanos| *nanos > 0)
            .map(Duration::from_nanos),
        peak: number(),
        events,
    })
}

/// Goes through a log, and prints the events, the nanoseconds on a processor and the peak memory.
fn child(way: &str, path: &Path) -> Result<(), Box<dyn Error>> {
    let events = match way.parse::<NonZeroUsize>() {
        Ok(jobs) => ours(path, jobs)?,
        Err(_) => general(path)?,
    };
    println!(
        "{events} {} {}",
        cpu_time(),
        peak_memory().unwrap_or_default()
    );
    Ok(())
}

fn ours(path: &Path, jobs: NonZeroUsize) -> Result<u64, Box<dyn Error>> {
    let options = EvtxOptions {
        jobs,
        ..EvtxOptions::default()
    };
    let mut events = 0;
    read_evtx_with(File::open(path)?, &[SERVICE], options, &mut |item| {
        if let LogItem::Event(event) = item {
            events += u64::from(std::hint::black_box(&event.value).provider == SERVICE);
        }
        ControlFlow::Continue(())
    })?;
    Ok(events)
}

fn general(path: &Path) -> Result<u64, Box<dyn Error>> {
    let settings = ParserSettings::default().num_threads(1);
    let mut parser = EvtxParser::from_path(path)?.with_configuration(settings);
    let mut records = 0;
    for record in parser.records_json_bytes() {
        std::hint::black_box(record?.data);
        records += 1;
    }
    Ok(records)
}

/// Nanoseconds that the main thread was on a processor, or 0; Linux tells.
fn cpu_time() -> u64 {
    let status = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let first = status.split_whitespace().next();
    first.and_then(|nanos| nanos.parse().ok()).unwrap_or(0)
}

fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Writes a log of so many chunks: the same two hundred again and again, of which one has events
/// of the service among the others.
fn sparse_log(path: &Path, chunks: usize) -> io::Result<()> {
    let mut pool = Vec::new();
    let mut events = Vec::new();
    let mut number = 0;
    while pool.len() < SPARSE * CHUNK_BYTES {
        events.clear();
        for _ in 0..2_000 {
            events.push(other(number));
            number += 1;
        }
        let log = write(&events, u64::from(number));
        pool.extend_from_slice(log.get(HEADER_BYTES..).unwrap_or_default());
    }
    let mut mixed: Vec<_> = (0..60).map(other).collect();
    mixed.extend((0..20).map(reset));
    let mixed = write(&mixed, 1);
    let (header, mixed) = mixed.split_at(HEADER_BYTES);
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(header)?;
    let others = pool.chunks_exact(CHUNK_BYTES).take(SPARSE - 1);
    let cycle = std::iter::once(mixed).chain(others).cycle();
    for chunk in cycle.take(chunks) {
        out.write_all(chunk.get(..CHUNK_BYTES).unwrap_or_default())?;
    }
    out.flush()
}

/// Writes a log of so many events of the service and of nothing else.
fn dense_log(path: &Path, events: u32) -> io::Result<()> {
    let events: Vec<_> = (0..events).map(reset).collect();
    fs::write(path, write(&events, 1))
}

/// Writes a log of so many events of the service, of two in five records.
fn mixed_log(path: &Path, events: u32) -> io::Result<()> {
    let engine = |number| EvtxEvent::new("ADSync", 405, HOST, at(number), "ldap_bind succeeded.");
    let pair = |number: u32| {
        let first = reset(2 * number);
        let second = reset(2 * number + 1);
        let between = (0..3).map(move |_| engine(2 * number));
        std::iter::once(first).chain(between).chain([second])
    };
    let events: Vec<_> = (0..events / 2).flat_map(pair).collect();
    fs::write(path, write(&events, 1))
}

fn at(number: u32) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Span::days(20_700) + Span::seconds(i64::from(number))
}

/// An event of another provider: four of them, in the forms of classic and of manifest sources.
fn other(number: u32) -> EvtxEvent {
    let text = format!(
        "The service entered the running state after {number} ms. {}",
        "The backup of the volume ended without errors. ".repeat(3)
    );
    let provider = match number % 4 {
        0 => "Service Control Manager",
        1 => "ESENT",
        2 => "Contoso Backup",
        _ => "Microsoft-Windows-Security-Auditing",
    };
    let mut event = EvtxEvent::new(provider, 1001, HOST, at(number), text);
    if number % 4 == 3 {
        event.provider_as_value = true;
        event.data = ["SubjectUserSid", "TargetUserName", "LogonType", "IpAddress"]
            .into_iter()
            .map(|name| (Some(name.to_owned()), format!("value {number} of {name}")))
            .collect();
    }
    event
}

/// An event of the service: the start, the success or the refusal of a reset.
fn reset(number: u32) -> EvtxEvent {
    let tracking = format!("be9c0002-0000-4000-8000-{number:012x}");
    let upn = format!("user{}@contoso.com", number % 50_000);
    let (id, text) = match number % 20 {
        0 => (
            33008,
            format!(
                "TrackingId: {tracking}, Reason: Synchronization Engine returned an error hr=80230619, message=A restriction prevents the password from being changed to the current one specified., Context: UserPrincipalName: {upn}"
            ),
        ),
        even if even % 2 == 0 => (
            31002,
            format!(
                "TrackingId: {tracking}, PasswordResetSuccess, Details: Context: cloudAnchor: User_{tracking}, UserPrincipalName: {upn}, unblockUser: True"
            ),
        ),
        _ => (
            31001,
            format!("TrackingId: {tracking}, PasswordResetRequestStart, Details: {upn}"),
        ),
    };
    EvtxEvent::new(SERVICE, id, HOST, at(number), text)
}
