//! Posting what a watch tells.

use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use sspr::ErrorCode;
use sspr::carrier::secret::Secret;
use sspr::watch::{Post, PostSettings, Posted, Watch};

use crate::args::Post as Args;
use crate::failure::Failure;
use crate::output::clean;
use crate::{Io, interrupt};

/// Posts to one receiver, and says what becomes of it.
pub(super) struct Poster(Post);

impl Poster {
    /// The receiver that the command line names, if it names one.
    pub(super) fn of(args: &Args) -> Result<Option<Self>, Failure> {
        let url = match (&args.url, &args.url_env) {
            (Some(url), _) => Secret::new(url.clone()),
            (None, Some(variable)) => value("--post-env", variable)?,
            (None, None) if args.header_env.is_empty() && args.ca.is_none() => return Ok(None),
            (None, None) => {
                let failure = Failure::new("--header-env and --ca belong to --post");
                return Err(failure.help("say where to post with --post or --post-env"));
            }
        };
        let mut settings = PostSettings::new(url);
        settings.ca_file.clone_from(&args.ca);
        settings.timeout = args.timeout.to_std().unwrap_or_default();
        for header in &args.header_env {
            // Neither part is shown: somebody may have put a token there.
            let Some((name, variable)) = header.split_once('=') else {
                let failure = Failure::new("--header-env takes NAME=VARIABLE");
                return Err(
                    failure.help("Authorization=ALERTS, with the value in the variable ALERTS")
                );
            };
            let value = value("--header-env", variable)?;
            settings.headers.push((name.to_owned(), value));
        }
        Ok(Some(Self(Post::new(&settings)?)))
    }

    /// Posts the first notices. Whether they were taken.
    pub(super) fn send(
        &mut self,
        watch: &mut Watch,
        at: DateTime<Utc>,
        io: &mut Io<'_>,
    ) -> Result<bool, Failure> {
        let mut stop = || {
            if interrupt::asked() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let (why, until) = match self.0.send(watch, at, &mut stop) {
            Ok(Posted::Taken(_)) => return Ok(true),
            Ok(Posted::Waiting(_)) => return Ok(false),
            Ok(Posted::Kept { why, until }) => (why, until),
            Err(error) if error.code == ErrorCode::Cancelled => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        let weight = match why.code {
            ErrorCode::Connection => "warning",
            _ => "error",
        };
        let again = if until > at {
            format!("again from {} on", until.format("%H:%M:%S UTC"))
        } else {
            "again at the next look".to_owned()
        };
        let text = format!(
            "{}: {}; it gets the notices {again}",
            why.place, why.message
        );
        writeln!(io.stderr, "{weight}: {}", clean(&text))?;
        if let Some(help) = why.help {
            writeln!(io.stderr, "  try: {}", clean(&help))?;
        }
        io.stderr.flush()?;
        Ok(false)
    }
}

/// A value that stands in the environment. What is no name of a variable may be the value itself, so no
/// name is shown.
fn value(option: &str, variable: &str) -> Result<Secret, Failure> {
    let found = std::env::var(variable)
        .ok()
        .filter(|value| !value.trim().is_empty());
    found.map(Secret::new).ok_or_else(|| {
        Failure::new(format!(
            "the variable that {option} names is not set, or empty"
        ))
        .help("export it for this command")
    })
}
