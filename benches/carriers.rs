//! Logs that are no `.evtx`, side by side with `cat`: XML and JSON lines of which one record in a hundred is wanted, and
//! text that is read whole.
//!
//! `cargo bench -p sspr-benches --bench carriers` prints the table; `SSPR_MB` sets the size of each log (256).
//! Every run is a process of its own, which is this program again, and the ways take turns. Under
//! `cargo test` the logs are small.
#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program that prints a table of rounded numbers"
)]

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, Duration as Span, Utc};
use sspr::events::{Filter, LogItem, read_log};

/// One record in so many is of the writeback service.
const SPARSE: u64 = 100;

/// A form of log.
#[derive(Clone, Copy)]
enum Form {
    Xml,
    XmlRendered,
    WinlogbeatLines,
    PowershellLines,
    NxlogLines,
}

impl Form {
    const ALL: [Self; 5] = [
        Self::Xml,
        Self::XmlRendered,
        Self::WinlogbeatLines,
        Self::PowershellLines,
        Self::NxlogLines,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Xml => "XML of wevtutil",
            Self::XmlRendered => "XML, rendered",
            Self::WinlogbeatLines => "Winlogbeat, lines",
            Self::PowershellLines => "PowerShell, lines",
            Self::NxlogLines => "NXLog, lines",
        }
    }

    /// One record.
    fn write(self, out: &mut impl Write, number: u64) -> io::Result<()> {
        let start = DateTime::from_timestamp(1_795_000_000, 123_456_700).unwrap_or_default();
        let time: DateTime<Utc> =
            start + Span::milliseconds(i64::try_from(number * 700).unwrap_or(0));
        let stamp = time.format("%Y-%m-%dT%H:%M:%S%.9fZ");
        let wanted = number % SPARSE == SPARSE / 2;
        let (provider, id) = if wanted {
            ("PasswordResetService", 31_002)
        } else {
            ("Contoso Backup Agent", 1_000 + number % 7)
        };
        let text = if wanted {
            format!(
                "TrackingId: 11111111-2222-3333-4444-{number:012}, PasswordResetSuccess, Details: Context: cloudAnchor: \
                 User_aaaaaaaa-bbbb-cccc-dddd-{number:012}, SourceAnchorValue: F39SWQrM2EidaboN8UC8Ww==, \
                 UserPrincipalName: jdoe{number}@contoso.com, unblockUser: True"
            )
        } else {
            format!(
                "The copy of volume {} to the vault ended after {} s: {} files, {} of them changed since the last run, \
                 nothing was left out. The next run begins at the time that the plan of the store says.",
                number % 26,
                number % 901,
                number % 65_537,
                number % 257
            )
        };
        let host = "AADC01.contoso.com";
        match self {
            Self::Xml | Self::XmlRendered => {
                write!(
                    out,
                    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='{provider}'/>\
                     <EventID Qualifiers='0'>{id}</EventID><Version>0</Version><Level>4</Level><Task>0</Task><Opcode>0</Opcode>\
                     <Keywords>0x80000000000000</Keywords><TimeCreated SystemTime='{stamp}'/><EventRecordID>{number}</EventRecordID>\
                     <Correlation/><Execution ProcessID='0' ThreadID='0'/><Channel>Application</Channel><Computer>{host}</Computer>\
                     <Security/></System><EventData><Data>{text}</Data></EventData>"
                )?;
                if matches!(self, Self::XmlRendered) {
                    write!(
                        out,
                        "<RenderingInfo Culture='en-US'><Message>{text}</Message><Level>Information</Level><Task></Task>\
                         <Opcode></Opcode><Channel></Channel><Provider></Provider><Keywords><Keyword>Classic</Keyword></Keywords>\
                         </RenderingInfo>"
                    )?;
                }
                out.write_all(b"</Event>\r\n")
            }
            Self::WinlogbeatLines => writeln!(
                out,
                "{{\"@timestamp\":\"{}\",\"@metadata\":{{\"beat\":\"winlogbeat\",\"type\":\"_doc\",\"version\":\"8.1.0\"}},\
                 \"winlog\":{{\"process\":{{\"pid\":0,\"thread\":{{\"id\":0}}}},\"provider_name\":\"{provider}\",\"channel\":\"Application\",\
                 \"record_id\":{number},\"keywords\":[\"Classic\"],\"computer_name\":\"{host}\",\"event_id\":\"{id}\",\
                 \"event_data\":{{\"param1\":\"{text}\"}},\"api\":\"wineventlog\",\"opcode\":\"Info\"}},\
                 \"event\":{{\"code\":\"{id}\",\"kind\":\"event\",\"provider\":\"{provider}\",\"action\":\"None\",\"created\":\"{stamp}\"}},\
                 \"log\":{{\"level\":\"information\"}},\"message\":\"{text}\",\"host\":{{\"name\":\"{host}\",\"hostname\":\"AADC01\",\
                 \"os\":{{\"build\":\"20348.1\",\"platform\":\"windows\",\"version\":\"10.0\",\"family\":\"windows\"}},\"ip\":[\"192.0.2.7\"]}},\
                 \"ecs\":{{\"version\":\"8.0.0\"}},\"agent\":{{\"id\":\"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee\",\"name\":\"AADC01\",\
                 \"type\":\"winlogbeat\",\"version\":\"8.1.0\"}}}}",
                time.format("%Y-%m-%dT%H:%M:%S%.3fZ")
            ),
            Self::PowershellLines => writeln!(
                out,
                "{{\"Message\":\"{text}\",\"Id\":{id},\"Version\":null,\"Qualifiers\":0,\"Level\":4,\"Task\":0,\"Opcode\":null,\
                 \"Keywords\":36028797018963968,\"RecordId\":{number},\"ProviderName\":\"{provider}\",\"ProviderId\":null,\
                 \"LogName\":\"Application\",\"ProcessId\":null,\"ThreadId\":null,\"MachineName\":\"{host}\",\"UserId\":null,\
                 \"TimeCreated\":\"\\/Date({})\\/\",\"ActivityId\":null,\"RelatedActivityId\":null,\"ContainerLog\":\"application\",\
                 \"MatchedQueryIds\":[],\"Bookmark\":{{}},\"LevelDisplayName\":\"Information\",\"OpcodeDisplayName\":null,\
                 \"TaskDisplayName\":null,\"KeywordsDisplayNames\":[\"Classic\"],\"Properties\":[{{\"Value\":\"{text}\"}}]}}",
                time.timestamp_millis()
            ),
            Self::NxlogLines => writeln!(
                out,
                "{{\"EventTime\":\"{}\",\"Hostname\":\"{host}\",\"Keywords\":36028797018963968,\"EventType\":\"INFO\",\"SeverityValue\":2,\
                 \"Severity\":\"INFO\",\"EventID\":{id},\"SourceName\":\"{provider}\",\"Task\":0,\"RecordNumber\":{number},\"ProcessID\":0,\
                 \"ThreadID\":0,\"Channel\":\"Application\",\"Message\":\"{text}\",\"Opcode\":\"Info\",\"EventReceivedTime\":\"{}\",\
                 \"SourceModuleName\":\"in\",\"SourceModuleType\":\"im_msvistalog\"}}",
                time.format("%Y-%m-%dT%H:%M:%S%.6f+00:00"),
                time.format("%Y-%m-%d %H:%M:%S")
            ),
        }
    }
}

/// What one run took.
#[derive(Clone, Copy)]
struct Cost {
    wall: Duration,
    events: u64,
    records: u64,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<_> = env::args().skip(1).collect();
    if let [flag, way, path] = args.as_slice()
        && flag == "--child"
    {
        return child(way, Path::new(path)).map(|()| ExitCode::SUCCESS);
    }
    let benchmark = args.iter().any(|arg| arg == "--bench");
    let megabytes = env::var("SSPR_MB").ok().and_then(|size| size.parse().ok());
    let (bytes, runs) = if benchmark {
        (megabytes.unwrap_or(256) * 1_000_000, 5)
    } else {
        (1_000_000_u64, 1)
    };
    let folder = tempfile::tempdir()?;
    println!("form                     MB   cat MB/s  sspr MB/s  sspr / cat   records    wanted");
    for form in Form::ALL {
        let path = folder.path().join("log");
        let records = generate(&path, form, bytes)?;
        let (mut cat, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            cat.push(run("cat", &path)?);
            ours.push(run("sspr", &path)?);
        }
        let (cat, ours) = (least(&cat)?, least(&ours)?);
        let size = fs::metadata(&path)?.len() as f64 / 1e6;
        println!(
            "{:<20} {size:>6.0} {:>10.0} {:>10.0} {:>11.1} {:>9} {:>9}",
            form.name(),
            size / cat.wall.as_secs_f64(),
            size / ours.wall.as_secs_f64(),
            ours.wall.as_secs_f64() / cat.wall.as_secs_f64(),
            ours.records,
            ours.events
        );
        if ours.records != records || ours.events != (records + SPARSE / 2) / SPARSE {
            return Err(format!("{}: {records} records were written", form.name()).into());
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn least(costs: &[Cost]) -> Result<Cost, Box<dyn Error>> {
    let least = costs.iter().copied().min_by_key(|cost| cost.wall);
    least.ok_or_else(|| "nothing was run".into())
}

/// Writes records of a form until the log is so long, and says how many.
fn generate(path: &Path, form: Form, bytes: u64) -> Result<u64, Box<dyn Error>> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let (mut number, mut record, mut written) = (0, Vec::new(), 0);
    while written < bytes {
        record.clear();
        form.write(&mut record, number)?;
        out.write_all(&record)?;
        written += record.len() as u64;
        number += 1;
    }
    out.flush()?;
    Ok(number)
}

fn run(way: &str, path: &Path) -> Result<Cost, Box<dyn Error>> {
    if way == "cat" {
        let start = Instant::now();
        let status = Command::new("cat")
            .arg(path)
            .stdout(Stdio::null())
            .status()?;
        if !status.success() {
            return Err("cat failed".into());
        }
        return Ok(Cost {
            wall: start.elapsed(),
            events: 0,
            records: 0,
        });
    }
    let output = Command::new(env::current_exe()?)
        .args(["--child", way])
        .arg(path)
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let mut numbers = text.split_whitespace().map(str::parse::<u64>);
    let mut next = || numbers.next().ok_or("the child said nothing");
    Ok(Cost {
        wall: Duration::from_micros(next()??),
        events: next()??,
        records: next()??,
    })
}

/// Reads the log, and prints microseconds, wanted events and records.
fn child(_: &str, path: &Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let (mut events, mut records, mut faults) = (0_u64, 0, 0_u64);
    read_log(File::open(path)?, &Filter::writeback(), &mut |item| {
        match item {
            LogItem::Event(_) => events += 1,
            LogItem::Span(span) => records += span.records,
            LogItem::Audit(_) | LogItem::Fault { .. } => faults += 1,
        }
        ControlFlow::Continue(())
    })?;
    if faults > 0 {
        return Err(format!("{faults} faults").into());
    }
    println!("{} {events} {records}", start.elapsed().as_micros());
    Ok(())
}
