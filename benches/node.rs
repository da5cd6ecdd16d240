//! What the package for Node costs over Rust, side by side in one run:
//! `cargo bench -p sspr-benches --bench node`.
//!
//! Rust does its part in this process, Node in one of its own; each part says what it took.
#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program that prints a table of rounded numbers"
)]

use std::env;
use std::error::Error;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use sspr::events::{Filter, LogItem, LogReader};
use sspr::readiness::{Options, assess};
use sspr::snapshot::{Input, ReadOptions, Snapshot};
use sspr_benches::xml_log;
use sspr_tests::bindings;

const AS_OF: &str = "2026-11-20T12:00:00Z";
/// Resets of five events each.
const RESETS: u32 = 200_000;
const ROUNDS: usize = 15;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let contoso = fs::canonicalize(root.join("examples/contoso"))?;
    let folder = env::temp_dir().join("sspr-benches-node");
    let package = folder.join("node_modules/sspr");
    fs::create_dir_all(&package)?;
    for file in ["package.json", "index.js", "index.mjs"] {
        fs::copy(root.join("sspr-node").join(file), package.join(file))?;
    }
    let library = bindings::library("sspr-node", "sspr_node");
    fs::copy(&library, package.join("sspr.node"))?;
    fs::copy(root.join("benches/node.mjs"), folder.join("node.mjs"))?;
    // Where a checkout has it, the table is read by the library that its users take.
    let arrow = root.join("sspr-node/node_modules");
    let node = Node {
        folder: folder.clone(),
        arrow,
    };
    let log = folder.join("log.xml");
    xml_log(&log, RESETS)?;

    println!(
        "{:<34} {:>10} {:>10} {:>8} {:>8}",
        "", "Rust", "Node", "ratio", "at most"
    );
    // Loading, over a Node that does nothing.
    let (bare, loaded) = (node.start("")?, node.start("require('sspr')")?);
    let more = loaded - bare;
    println!(
        "{:<34} {bare:>8.1}ms {loaded:>8.1}ms {more:>+6.1}ms {:>8}",
        "require, over bare Node", "+15ms"
    );

    let rust = median(|| judge(&contoso))?;
    let [theirs, _] = node.run(&["assess", &contoso.to_string_lossy(), AS_OF])?;
    row("assess contoso", rust, theirs, 1.05);

    let (rust, rows) = timed(|| walk(&log))?;
    let [theirs, memory] = node.run(&["events", &log.to_string_lossy(), &rows.to_string()])?;
    row(&format!("for await, {rows} events"), rust, theirs, 8.0);
    println!(
        "{:<34} {memory:>31.1}MB {:>8}",
        "  memory beyond the start", "50MB"
    );

    let [theirs, _] = node.run(&["arrow", &log.to_string_lossy(), &rows.to_string()])?;
    row(&format!("Arrow, {rows} events"), rust, theirs, 3.0);

    let size = fs::metadata(&library)?.len() as f64 / 1e6;
    println!(
        "{:<34} {size:>31.1}MB {:>8}",
        "size of the addon, not stripped", "10MB"
    );
    fs::remove_file(log)?;
    Ok(())
}

fn row(what: &str, rust: f64, node: f64, most: f64) {
    println!(
        "{what:<34} {rust:>8.1}ms {node:>8.1}ms {:>8.2} {most:>8.2}",
        node / rust
    );
}

/// The median of several rounds, in milliseconds.
fn median(mut work: impl FnMut() -> Result<(), Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        times.push(timed(&mut work)?.0);
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(ROUNDS / 2).copied().unwrap_or_default())
}

/// Milliseconds, and what the work gave.
fn timed<T>(work: impl FnOnce() -> Result<T, Box<dyn Error>>) -> Result<(f64, T), Box<dyn Error>> {
    let started = Instant::now();
    let value = work()?;
    Ok((started.elapsed().as_secs_f64() * 1e3, value))
}

fn judge(contoso: &Path) -> Result<(), Box<dyn Error>> {
    let inputs = vec![Input::path(contoso)];
    let snapshot = Snapshot::read(inputs, &ReadOptions::default(), &mut |_| {
        ControlFlow::Continue(())
    })?;
    let report = assess(&snapshot, &Options::at(AS_OF.parse()?));
    std::hint::black_box(report.verdict);
    Ok(())
}

/// Goes through all events and counts those that tell of a refusal.
fn walk(log: &Path) -> Result<u64, Box<dyn Error>> {
    let (mut rows, mut refused) = (0, 0_u64);
    for item in LogReader::open(log, Filter::default())? {
        if let LogItem::Event(event) = item? {
            rows += 1;
            refused += u64::from(event.value.id == 33008);
        }
    }
    std::hint::black_box(refused);
    Ok(rows)
}

struct Node {
    folder: PathBuf,
    arrow: PathBuf,
}

impl Node {
    /// Two numbers that the program prints.
    fn run(&self, args: &[&str]) -> Result<[f64; 2], Box<dyn Error>> {
        let output = Command::new("node")
            .arg(self.folder.join("node.mjs"))
            .args(args)
            .env("SSPR_ARROW", &self.arrow)
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        let text = String::from_utf8(output.stdout)?;
        let mut numbers = text.split_whitespace().map(str::parse);
        match (numbers.next(), numbers.next()) {
            (Some(first), Some(second)) => Ok([first?, second?]),
            _ => Err("the program printed no two numbers".into()),
        }
    }

    /// The median of starting Node with a program, in milliseconds.
    fn start(&self, program: &str) -> Result<f64, Box<dyn Error>> {
        median(|| {
            let status = Command::new("node")
                .args(["-e", program])
                .current_dir(&self.folder)
                .status()?;
            if status.success() {
                Ok(())
            } else {
                Err("node failed".into())
            }
        })
    }
}
