//! Data generators of the benchmarks: user lists, directories and logs of any size, always the
//! same.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use chrono::{DateTime, Duration, Utc};
use sspr::directory::security::{Mask, SecurityDescriptor, Sid, SidAliases, guids};
use sspr_tests::base64;
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

/// How many organizational units the people of [`ldif`] live in.
const UNITS: usize = 40;

/// Writes people of a directory as `ldapsearch` prints them with their descriptors: some 5 KB a
/// person. All people of a unit share one descriptor, but for every hundredth, who was delegated
/// and has one of the own.
pub fn ldif(path: &Path, people: usize) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    out.write_all(b"# extended LDIF\n#\n# LDAPv3\n#\n\n")?;
    let units = (0..UNITS)
        .map(|unit| descriptor(unit, None).map(|bytes| base64(&bytes)))
        .collect::<io::Result<Vec<_>>>()?;
    let mut text = String::new();
    for number in 0..people {
        let unit = number % UNITS;
        let own = if number % 100 == 99 {
            Some(base64(&descriptor(unit, Some(number))?))
        } else {
            None
        };
        let shared = units.get(unit).map_or("", String::as_str);
        text.clear();
        directory_person(&mut text, number, unit, own.as_deref().unwrap_or(shared))
            .map_err(io::Error::other)?;
        out.write_all(text.as_bytes())?;
    }
    write!(
        out,
        "# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: {}\n# numEntries: {people}\n",
        people + 1
    )?;
    out.flush()
}

fn directory_person(
    text: &mut String,
    number: usize,
    unit: usize,
    descriptor: &str,
) -> std::fmt::Result {
    let dn = format!("CN=User {number},OU=Team{unit},OU=Staff,DC=contoso,DC=com");
    let rid = u32::try_from(10_000 + number).unwrap_or(u32::MAX);
    let sid = base64(&Sid::new(5, [21, 1, 2, 3, rid]).to_bytes());
    let mut guid = [0x5a_u8; 16];
    let (head, _) = guid.split_at_mut(8);
    head.copy_from_slice(&number.to_le_bytes());
    let guid = base64(&guid);
    let ticks = 134_000_000_000_000_000 + number * 10_000_000;
    write!(
        text,
        "# User {number}, Team{unit}, Staff, contoso.com\ndn: {dn}\n"
    )?;
    for class in ["top", "person", "organizationalPerson", "user"] {
        writeln!(text, "objectClass: {class}")?;
    }
    write!(
        text,
        "cn: User {number}\nsn: {number}\ngivenName: User\ndistinguishedName: {dn}\ninstanceType: 4\n\
         whenCreated: 20240115083000.0Z\nwhenChanged: 20261101120000.0Z\ndisplayName: User {number}\n\
         uSNCreated: {}\n",
        20_000 + number
    )?;
    for group in 0..6 {
        writeln!(
            text,
            "memberOf: CN=Project {},OU=Groups,DC=contoso,DC=com",
            (unit + group * 7) % 60
        )?;
    }
    write!(
        text,
        "uSNChanged: {}\ndepartment: Team{unit}\ncompany: Contoso\nname: User {number}\nobjectGUID:: {guid}\n\
         userAccountControl: {}\nbadPwdCount: 0\ncodePage: 0\ncountryCode: 0\nbadPasswordTime: 0\nlastLogoff: 0\n\
         lastLogon: {ticks}\npwdLastSet: {ticks}\nprimaryGroupID: 513\nobjectSid:: {sid}\n\
         accountExpires: 9223372036854775807\nlogonCount: 12\nsAMAccountName: user{number}\nsAMAccountType: 805306368\n\
         userPrincipalName: user{number}@contoso.com\n\
         objectCategory: CN=Person,CN=Schema,CN=Configuration,DC=contoso,DC=com\n\
         dSCorePropagationData: 16010101000000.0Z\nlastLogonTimestamp: {ticks}\nmail: user{number}@contoso.com\n",
        20_001 + number,
        if number.is_multiple_of(50) { 514 } else { 512 },
    )?;
    // `ldapsearch` folds lines behind 78 columns.
    let line = format!("nTSecurityDescriptor:: {descriptor}");
    let mut rest = line.as_str();
    let mut width = 78;
    while let Some((head, tail)) = rest.split_at_checked(width) {
        text.push_str(head);
        text.push_str("\n ");
        rest = tail;
        width = 77;
    }
    writeln!(text, "{rest}\n")
}

/// The descriptor of a person in a unit, or of one who was delegated: some fifty entries, as
/// Active Directory's default and a delegation of the unit give them.
fn descriptor(unit: usize, delegated: Option<usize>) -> io::Result<Vec<u8>> {
    let mut text = String::from("O:S-1-5-21-1-2-3-512G:S-1-5-21-1-2-3-512D:AI");
    person_entries(&mut text, unit, delegated).map_err(io::Error::other)?;
    let parsed = SecurityDescriptor::from_sddl(&text, &SidAliases::default());
    let parsed = parsed.map_err(|error| io::Error::other(error.to_string()))?;
    let bytes = parsed.to_bytes();
    bytes.map_err(|error| io::Error::other(error.to_string()))
}

fn person_entries(text: &mut String, unit: usize, delegated: Option<usize>) -> std::fmt::Result {
    for sid in ["S-1-5-18", "S-1-5-21-1-2-3-512", "S-1-5-32-548"] {
        write!(text, "(A;;0x{:x};;;{sid})", Mask::FULL_CONTROL.0)?;
    }
    write!(text, "(A;;RPLCLORC;;;S-1-5-10)(A;;RC;;;S-1-5-11)")?;
    write!(text, "(OA;;CR;{};;S-1-1-0)", guids::CHANGE_PASSWORD)?;
    if let Some(number) = delegated {
        let sid = format!("S-1-5-21-1-2-3-{}", 500_000 + number);
        write!(text, "(OA;;CR;{};;{sid})", guids::RESET_PASSWORD)?;
    }
    let connector = "S-1-5-21-1-2-3-1200";
    for (right, guid) in [
        ("CR", guids::RESET_PASSWORD),
        ("WP", guids::LOCKOUT_TIME),
        ("WP", guids::PWD_LAST_SET),
    ] {
        write!(text, "(OA;CIID;{right};{guid};{};{connector})", guids::USER)?;
    }
    for entry in 0..40 {
        let sid = format!("S-1-5-21-1-2-3-{}", 2_000 + unit * 40 + entry);
        match entry % 5 {
            0 => write!(text, "(A;CIID;RPLCLORC;;;{sid})")?,
            _ => write!(
                text,
                "(OA;CIID;RP;{};{};{sid})",
                guids::PUBLIC_INFORMATION,
                guids::USER
            )?,
        }
    }
    Ok(())
}
