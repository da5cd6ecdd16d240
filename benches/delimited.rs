//! Tables of events as CSV, of which one row in a hundred is wanted, and of which every row is.
//!
//! `cargo bench -p sspr-benches --bench delimited` prints megabytes a second of one thread. Under
//! `cargo test` the tables are small.
#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program that prints a table of rounded numbers"
)]

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::time::Instant;

use sspr::carrier::delimited::{Next, Rows};
use sspr::events::{Filter, LogItem, read_log};

const SERVICE: &str = "PasswordResetService";
/// One row in so many is of the service.
const SPARSE: usize = 100;

/// A table, and how its rows are written.
struct Table {
    name: &'static str,
    head: &'static str,
    row: fn(&mut String, provider: &str, number: usize),
}

const TABLES: [Table; 3] = [
    Table {
        name: "Event Viewer",
        head: "Level,Date and Time,Source,Event ID,Task Category\r\n",
        row: |text, provider, number| {
            let (minute, second) = (number / 60 % 60, number % 60);
            let _ = write!(
                text,
                "Information,1/13/2026 9:{minute:02}:{second:02} AM,{provider},31002,None,\"The \
                 operation ended.\r\nThe backup of the volume \"\"D:\"\" took {number} seconds, and \
                 nothing else happened on this machine in that time.\"\r\n"
            );
        },
    },
    Table {
        name: "Export-Csv",
        head: "\"Message\",\"Id\",\"Level\",\"Keywords\",\"RecordId\",\"ProviderName\",\"LogName\",\
               \"MachineName\",\"UserId\",\"TimeCreated\",\"ContainerLog\",\"LevelDisplayName\",\
               \"Properties\"\r\n",
        row: |text, provider, number| {
            let (minute, second) = (number / 60 % 60, number % 60);
            let _ = write!(
                text,
                "\"The operation ended.\r\nNothing else happened on this machine in the {number} \
                 seconds that it took, and nothing is to be done.\",\"31002\",\"4\",\
                 \"36028797018963968\",\"{number}\",\"{provider}\",\"Application\",\
                 \"AADC01.contoso.com\",,\"13.01.2026 09:{minute:02}:{second:02}\",\"Application\",\
                 \"Information\",\"System.Collections.Generic.List`1[System.Object]\"\r\n"
            );
        },
    },
    Table {
        name: "Azure Monitor",
        head: "\"TimeGenerated [UTC]\",Computer,Source,EventLog,EventID,EventLevelName,\
               RenderedDescription,ParameterXml\n",
        row: |text, provider, number| {
            let (minute, second) = (number / 60 % 60, number % 60);
            let _ = writeln!(
                text,
                "\"1/13/2026, 9:{minute:02}:{second:02}.123 AM\",AADC01.contoso.com,{provider},\
                 Application,31002,Information,\"The operation took {number} seconds, and nothing \
                 else happened on this machine in that time.\",<Param>{number}</Param>"
            );
        },
    },
];

impl Table {
    fn write(&self, bytes: usize, sparse: usize) -> String {
        let mut text = self.head.to_owned();
        for number in 0.. {
            if text.len() >= bytes {
                break;
            }
            let wanted = number % sparse == 0;
            (self.row)(
                &mut text,
                if wanted { SERVICE } else { "Contoso Backup" },
                number,
            );
        }
        text
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let bench = env::args().any(|argument| argument == "--bench");
    let bytes = if bench { 256 << 20 } else { 1 << 20 };
    println!(
        "{:<16} {:>8} {:>10} {:>10}",
        "table", "wanted", "events", "MB/s"
    );
    for table in TABLES {
        for sparse in [SPARSE, 1] {
            let text = table.write(bytes, sparse);
            let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let share = format!("{} %", 100 / sparse);
            let print = |name: &str, input: &[u8]| -> Result<(), Box<dyn Error>> {
                let (events, rate) = best(bench, input.len(), || read(input))?;
                println!("{name:<16} {share:>8} {events:>10} {rate:>10.0}");
                Ok(())
            };
            print(table.name, text.as_bytes())?;
            if sparse == SPARSE {
                print("  in UTF-16", &utf16)?;
                let (rows, rate) = best(bench, text.len(), || rows(text.as_bytes()))?;
                println!("{:<16} {:>8} {rows:>10} {rate:>10.0}", "  rows found", "-");
            }
        }
    }
    Ok(())
}

/// The best of some runs, in megabytes a second.
fn best(
    bench: bool,
    bytes: usize,
    run: impl Fn() -> Result<u64, Box<dyn Error>>,
) -> Result<(u64, f64), Box<dyn Error>> {
    let mut best = (0, 0.0_f64);
    for _ in 0..if bench { 5 } else { 1 } {
        let start = Instant::now();
        let count = run()?;
        let rate = bytes as f64 / 1e6 / start.elapsed().as_secs_f64();
        best = (count, best.1.max(rate));
    }
    Ok(best)
}

fn read(text: &[u8]) -> Result<u64, Box<dyn Error>> {
    let mut events = 0;
    read_log(text, &Filter::writeback(), &mut |item| {
        events += u64::from(matches!(item, LogItem::Event(_)));
        ControlFlow::Continue(())
    })?;
    Ok(events)
}

fn rows(text: &[u8]) -> Result<u64, Box<dyn Error>> {
    let mut rows = Rows::new(text)?;
    let mut count = 0;
    while let Some(next) = rows.next_row()? {
        count += u64::from(matches!(next, Next::Row(_)));
    }
    Ok(count)
}
