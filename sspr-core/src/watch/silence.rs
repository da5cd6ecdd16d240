//! Logs that get no record any more, and services that give no sign of life.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::notice::{NoticeKind, Weight};
use super::{Look, Notice, WatchOptions};
use crate::snapshot::Followings;

/// A heartbeat comes every five minutes: three that are missing are no chance.
const BEATLESS: TimeDelta = TimeDelta::minutes(20);
/// So many heartbeats make them expected.
const EXPECTED: u64 = 3;

/// A log, in whatever files it stands.
struct Log {
    name: String,
    computer: Option<String>,
    last: DateTime<Utc>,
}

impl Look<'_> {
    /// Tells of what fell silent, and of silences that ended.
    pub(super) fn silences(&mut self, files: &Followings, options: WatchOptions) {
        let logs = logs(files);
        for (key, log) in &logs {
            let (since, allowed) = (log.last, options.silence);
            let is_silent = self.now - since > allowed;
            self.silence(key, since, is_silent, log.computer.as_deref(), &|| {
                let message = format!(
                    "{} got no record for longer than {}.",
                    log.name,
                    length(allowed)
                );
                let next = "See whether the server runs, whether its log is still exported or \
                    forwarded to here, and whether the disk is full.";
                (message, next)
            });
        }
        for (computer, beats) in self.state.beats.clone() {
            let of_computer = logs.values().filter(|log| {
                let name = log.computer.as_deref().unwrap_or_default();
                name.eq_ignore_ascii_case(&computer)
            });
            let Some(last) = of_computer.map(|log| log.last).max() else {
                continue;
            };
            let is_silent = beats.count >= EXPECTED && last - beats.last > BEATLESS;
            let key = format!("service {computer}");
            self.silence(&key, beats.last, is_silent, Some(&computer), &|| {
                let message = format!(
                    "The writeback service on {computer} wrote heartbeats and gives no sign of \
                     life any more, while its log goes on."
                );
                let next = "On that server, see whether ADSync runs (Get-Service ADSync) and \
                    reaches *.servicebus.windows.net on 443; then restart ADSync.";
                (message, next)
            });
        }
    }

    fn silence(
        &mut self,
        key: &str,
        last: DateTime<Utc>,
        is_silent: bool,
        computer: Option<&str>,
        words: &dyn Fn() -> (String, &'static str),
    ) {
        let told = self.state.silent.get(key).copied();
        match (told, is_silent) {
            (None, true) => {
                self.state.silent.insert(key.to_owned(), last);
                let (message, next) = words();
                let notice = Notice {
                    next: Some(next.to_owned()),
                    computer: computer.map(str::to_owned),
                    log: Some(key.to_owned()),
                    ..Notice::new(NoticeKind::Silence, Weight::Error, last, message)
                };
                let at = last.to_rfc3339();
                self.notices.push(notice.about(&[key, &at]));
            }
            (Some(since), false) => {
                self.state.silent.remove(key);
                let lasted = (last - since).max(TimeDelta::zero());
                let message = format!("{key} is heard of again after {}.", length(lasted));
                let notice = Notice {
                    computer: computer.map(str::to_owned),
                    log: Some(key.to_owned()),
                    count: u64::try_from(lasted.num_seconds()).ok(),
                    ..Notice::new(NoticeKind::SilenceOver, Weight::Information, last, message)
                };
                let at = since.to_rfc3339();
                self.notices.push(notice.about(&[key, &at]));
            }
            (None, false) | (Some(_), true) => {}
        }
    }
}

/// The logs that grow, each with its latest record in whatever file it stands.
fn logs(files: &Followings) -> BTreeMap<String, Log> {
    let mut logs: BTreeMap<String, Log> = BTreeMap::new();
    for (path, file) in files.iter().filter(|(_, file)| file.grows()) {
        let Some(last) = file.last else { continue };
        let name = match (&file.computer, &file.channel) {
            (Some(computer), Some(channel)) => format!("the log {channel} of {computer}"),
            (Some(computer), None) => format!("the log of {computer}"),
            (None, _) => path.clone(),
        };
        let log = logs.entry(name.to_lowercase()).or_insert_with(|| Log {
            name: capital(&name),
            computer: file.computer.clone().map(Into::into),
            last,
        });
        log.last = log.last.max(last);
    }
    logs
}

fn capital(text: &str) -> String {
    match text.strip_prefix("the ") {
        Some(rest) => format!("The {rest}"),
        None => text.to_owned(),
    }
}

/// A length of time in words.
fn length(of: TimeDelta) -> String {
    let minutes = of.num_minutes();
    let counted = |count: i64, one: &str| {
        let many = if count == 1 { "" } else { "s" };
        format!("{count} {one}{many}")
    };
    match minutes {
        0 => counted(of.num_seconds(), "second"),
        1..120 => counted(minutes, "minute"),
        120..2880 => counted(minutes / 60, "hour"),
        _ => counted(minutes / 1440, "day"),
    }
}
