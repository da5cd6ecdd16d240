//! Data generators of the benchmarks: a user list and a log of any size, always the same.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use chrono::{DateTime, Duration, Utc};
use sspr_tests::evtx_writer::{EvtxEvent, write};

/// How many people Graph puts on a page at most.
const PAGE: usize = 999;

/// Which columns a user list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// What the collection of a large tenant asks for: about 400 bytes a person.
    Lean,
    /// With the assigned plans of a large suite: about 5 KB a person.
    Full,
}

/// Writes a user list as an array of Graph's pages, of so many people.
pub fn users(path: &Path, people: usize, columns: Columns) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(b"[")?;
    for first in (0..people).step_by(PAGE) {
        let end = (first + PAGE).min(people);
        let separator = if first == 0 { "" } else { "," };
        write!(
            out,
            "{separator}{{\"@odata.context\":\"https://graph.microsoft.com/v1.0/$metadata#users\","
        )?;
        if end < people {
            write!(
                out,
                "\"@odata.nextLink\":\"https://graph.microsoft.com/v1.0/users?$skiptoken={end}\","
            )?;
        }
        out.write_all(b"\"value\":[")?;
        for number in first..end {
            if number > first {
                out.write_all(b",")?;
            }
            user(&mut out, number, columns)?;
        }
        out.write_all(b"]}")?;
    }
    out.write_all(b"]")?;
    out.flush()
}

fn user(out: &mut impl Write, number: usize, columns: Columns) -> io::Result<()> {
    // Seven in eight have the suite, and one in fifty is switched off.
    let sku = "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46";
    let licensed = !number.is_multiple_of(8);
    write!(
        out,
        "{{\"id\":\"be9c0000-0000-4000-8000-{number:012x}\",\"userPrincipalName\":\"user{number}@contoso.com\",\
         \"accountEnabled\":{},\"userType\":\"Member\",\"usageLocation\":\"DE\",\"onPremisesSyncEnabled\":true,\
         \"onPremisesDistinguishedName\":\"CN=user{number},OU=Team{},OU=Staff,DC=contoso,DC=com\",\"licenseAssignmentStates\":[",
        !number.is_multiple_of(50),
        number % 40,
    )?;
    if licensed {
        write!(
            out,
            "{{\"skuId\":\"{sku}\",\"disabledPlans\":[],\"assignedByGroup\":null,\"state\":\"Active\",\"error\":\"None\"}}"
        )?;
    }
    out.write_all(b"]")?;
    if columns == Columns::Full {
        out.write_all(b",\"assignedPlans\":[")?;
        for plan in 0..if licensed { 36 } else { 0 } {
            write!(
                out,
                "{{\"assignedDateTime\":\"2025-03-03T10:00:00Z\",\"capabilityStatus\":\"Enabled\",\"service\":\"service{plan}\",\
                 \"servicePlanId\":\"be9c0001-0000-4000-8000-{plan:012x}\"}},"
            )?;
        }
        let status = if licensed { "Enabled" } else { "Deleted" };
        write!(
            out,
            "{{\"assignedDateTime\":\"2025-03-03T10:00:00Z\",\"capabilityStatus\":\"{status}\",\"service\":\"AADPremiumService\",\
             \"servicePlanId\":\"41781fb2-bc02-4b7c-bd55-b576c07bb09d\"}}]"
        )?;
    }
    out.write_all(b"}")
}

/// Writes a Windows log of so many resets, each of five events: most work, some are refused.
pub fn log(path: &Path, resets: u32) -> io::Result<()> {
    let mut events = Vec::new();
    for number in 0..resets {
        events.extend(reset(number));
    }
    std::fs::write(path, write(&events, 1))
}

/// Writes a Windows log of other providers' events, of so many blocks of a thousand, with one
/// reset in each.
pub fn mixed_log(path: &Path, blocks: u32) -> io::Result<()> {
    let text = "The backup of the volume ended without errors. ".repeat(4);
    let mut events = Vec::new();
    for block in 0..blocks {
        let first = reset(block * 60);
        let at = first
            .first()
            .map_or(DateTime::UNIX_EPOCH, |event| event.time);
        events.extend(first);
        events.extend((0..1000).map(|number| {
            let at = at + Duration::milliseconds(500 + i64::from(number));
            EvtxEvent::new("Contoso Backup", 1001, HOST, at, text.as_str())
        }));
    }
    std::fs::write(path, write(&events, 1))
}

/// Writes the events of so many resets as `wevtutil qe /f:xml` prints them.
pub fn xml_log(path: &Path, resets: u32) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let mut record = 0;
    for number in 0..resets {
        for event in reset(number) {
            record += 1;
            let EvtxEvent {
                provider, id, time, ..
            } = &event;
            writeln!(
                out,
                "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='{provider}'/>\
                 <EventID Qualifiers='0'>{id}</EventID><Level>4</Level><Task>0</Task><Keywords>0x80000000000000</Keywords>\
                 <TimeCreated SystemTime='{}'/><EventRecordID>{record}</EventRecordID><Channel>Application</Channel>\
                 <Computer>{HOST}</Computer><Security/></System><EventData>",
                time.to_rfc3339()
            )?;
            for (_, text) in &event.data {
                write!(out, "<Data>{text}</Data>")?;
            }
            writeln!(out, "</EventData></Event>")?;
        }
    }
    out.flush()
}

/// The server that all logs are of.
const HOST: &str = "aadc01.contoso.com";

/// The events of one reset. One in twenty is refused.
fn reset(number: u32) -> Vec<EvtxEvent> {
    let at = DateTime::<Utc>::UNIX_EPOCH
        + Duration::days(20_700)
        + Duration::seconds(i64::from(number) * 7);
    let tracking = format!("be9c0002-0000-4000-8000-{number:012x}");
    let upn = format!("user{}@contoso.com", number % 50_000);
    let context = format!(
        "cloudAnchor: User_be9c0000-0000-4000-8000-{number:012x}, SourceAnchorValue: F39SWQrM2EidaboN8UC8Ww==, UserPrincipalName: {upn}"
    );
    let mut events = Vec::with_capacity(5);
    let mut add = |provider: &str, id: u16, milliseconds: i64, message: String| {
        let at = at + Duration::milliseconds(milliseconds);
        events.push(EvtxEvent::new(provider, id, HOST, at, message));
    };
    let start = format!("TrackingId: {tracking}, PasswordResetRequestStart, Details: {upn}");
    add("PasswordResetService", 31001, 0, start);
    for milliseconds in [60, 120, 180] {
        add("ADSync", 405, milliseconds, "ldap_bind succeeded.".into());
    }
    let refused = number.is_multiple_of(20);
    let end = if refused {
        let reason = "Synchronization Engine returned an error hr=80230619, message=A restriction prevents the password from being changed to the current one specified.";
        format!(
            "TrackingId: {tracking}, Reason: {reason}, Context: {context}, Details: Microsoft.CredentialManagement.OnPremisesPasswordReset.Shared.PasswordResetException: {reason}"
        )
    } else {
        format!(
            "TrackingId: {tracking}, PasswordResetSuccess, Details: Context: {context}, unblockUser: True"
        )
    };
    let id = if refused { 33008 } else { 31002 };
    add("PasswordResetService", id, 420, end);
    events
}
