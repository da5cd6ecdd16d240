//! What PowerShell and Windows' own tools print about a host.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sspr::evidence::SubjectType;

use super::folder::{Collection, subject};
use super::json::{Style, print, utf16};
use super::tenant::{Tenant, before};

/// Which PowerShell printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shell {
    /// Windows PowerShell 5.1, redirected into files: UTF-16, dates as `/Date(ms)/`, enumerations
    /// as numbers.
    Windows,
    /// PowerShell 7: UTF-8, dates in ISO 8601.
    Core,
}

impl Shell {
    /// The bytes of a value as this shell writes it.
    pub(super) fn print(self, value: &Value) -> Vec<u8> {
        match self {
            Self::Windows => {
                let bytes = print(value, Style::Windows);
                utf16(&String::from_utf8_lossy(&bytes))
            }
            Self::Core => print(value, Style::Pretty),
        }
    }

    /// A text as this shell writes it.
    pub(super) fn text(self, text: &str) -> Vec<u8> {
        let text = text.replace('\n', "\r\n");
        match self {
            Self::Windows => utf16(&text),
            Self::Core => text.into_bytes(),
        }
    }

    /// A time as this shell writes it.
    pub(super) fn date(self, at: DateTime<Utc>) -> Value {
        match self {
            Self::Windows => json!(format!("/Date({})/", at.timestamp_millis())),
            Self::Core => json!(at.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
        }
    }
}

/// A time span as both shells write it.
pub(super) fn time_span(minutes: i64) -> Value {
    let seconds = minutes * 60;
    json!({
        "Ticks": seconds * 10_000_000, "Days": minutes / 1_440, "Hours": minutes / 60 % 24, "Minutes": minutes % 60,
        "Seconds": 0, "Milliseconds": 0, "TotalMinutes": minutes, "TotalSeconds": seconds, "TotalMilliseconds": seconds * 1_000
    })
}

/// A Windows server.
pub(super) struct Host {
    /// Its short name in lower case.
    pub(super) name: &'static str,
    pub(super) shell: Shell,
    /// Such as `Microsoft Windows Server 2019 Standard`.
    pub(super) os: &'static str,
    pub(super) build: u32,
    /// The release number of .NET Framework.
    pub(super) dotnet: u32,
    pub(super) controller: bool,
}

impl Host {
    /// Adds a file of PowerShell's about this host.
    pub(super) fn add(
        &self,
        into: &mut Collection,
        tenant: &Tenant,
        path: &str,
        command: &str,
        value: &Value,
    ) {
        let about = subject(SubjectType::Host, &tenant.host(self.name));
        into.add(path, command, about, self.shell.print(value));
    }

    /// Adds what every host tells.
    pub(super) fn facts(&self, into: &mut Collection, tenant: &Tenant) {
        let (short, full) = (self.name.to_uppercase(), tenant.host(self.name));
        self.add(into, tenant, "host/os.json", "Get-CimInstance Win32_OperatingSystem", &json!({
            "CSName": short, "Caption": self.os, "Version": format!("10.0.{}", self.build), "BuildNumber": self.build.to_string(), "OSLanguage": 1033
        }));
        self.add(into, tenant, "host/computer.json", "Get-CimInstance Win32_ComputerSystem", &json!({
            "Name": short, "Domain": tenant.domain(), "DomainRole": if self.controller { 5 } else { 3 }, "PartOfDomain": true
        }));
        self.add(into, tenant, "host/installation.json", "Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion'", &json!({
            "InstallationType": "Server", "ProductName": self.os.trim_start_matches("Microsoft "), "CurrentBuild": self.build.to_string(), "PSComputerName": full
        }));
        self.add(
            into,
            tenant,
            "host/dotnet.json",
            "Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\NET Framework Setup\\NDP\\v4\\Full'",
            &json!({
                "Release": self.dotnet, "Version": "4.8.04161", "PSComputerName": full
            }),
        );
        into.add(
            "host/w32tm.txt",
            "w32tm /query /status /verbose",
            subject(SubjectType::Host, &full),
            self.shell.text(&clock(tenant, self.controller)),
        );
    }
}

fn clock(tenant: &Tenant, controller: bool) -> String {
    let last = before(tenant, 0, 0, 5).format("%-m/%-d/%Y %-I:%M:%S %p");
    let source = if controller {
        "time.windows.com".to_owned()
    } else {
        tenant.host("dc01")
    };
    format!(
        "Leap Indicator: 0(no warning)\nStratum: 4 (secondary reference - syncd by (S)NTP)\nPrecision: -23 (119.209ns per tick)\n\
         Root Delay: 0.0312500s\nRoot Dispersion: 0.0417500s\nReferenceId: 0xC0000205 (source IP:  192.0.2.5)\n\
         Last Successful Sync Time: {last}\nSource: {source}\nPoll Interval: 10 (1024s)\n\nPhase Offset: 0.0004921s\n\
         ClockRate: 0.0156250s\nState Machine: 2 (Sync)\nTime Source Flags: 0 (None)\nServer Role: 0 (None)\n\
         Last Sync Error: 0 (The command completed successfully.)\nTime since Last Good Sync Time: 300.0000000s\n"
    )
}
