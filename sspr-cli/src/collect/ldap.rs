//! `sspr collect ldap`.

use std::fs::{self, File};
use std::path::Path;

use sspr::evidence::NotAvailableReason;
use sspr::ldap::{Authentication, Collected, PlannedSearch, Secret, Settings, collect, plan};

use crate::args::Ldap;
use crate::failure::Failure;
use crate::output::clean;
use crate::progress::Line;
use crate::{Io, OK};

/// A list of names is smaller.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Collects, or says what would be asked.
pub(crate) fn run(args: &Ldap, io: &mut Io<'_>) -> Result<u8, Failure> {
    let settings = settings(args)?;
    // Faults of the settings come before any question.
    let searches = plan(&settings)?;
    if args.dry_run {
        io.stdout.write_all(shown(&searches).as_bytes())?;
        return Ok(OK);
    }
    let secret = match settings.authentication {
        Authentication::Simple => Some(secret(args, &settings.user, io)?),
        Authentication::Kerberos => None,
    };
    let collected = {
        let mut line = Line::new(io.stderr, io.screen.progress, io.screen.width);
        collect(&settings, secret.as_ref(), &mut |progress| {
            line.report(&progress)
        })?
    };
    drop(secret);
    report(&collected, io)?;
    Ok(OK)
}

fn settings(args: &Ldap) -> Result<Settings, Failure> {
    let people = match &args.people_file {
        Some(path) => names(path)?,
        None => Vec::new(),
    };
    Ok(Settings {
        authentication: if args.kerberos {
            Authentication::Kerberos
        } else {
            Authentication::Simple
        },
        kerberos_host: args.kerberos_host.clone(),
        start_tls: args.start_tls,
        address: args.connect_to.clone(),
        ca_file: args.ca.clone(),
        base: args.base.clone(),
        people,
        connector_account: args.connector_account.clone(),
        page_size: args.page_size,
        timeout_seconds: args.timeout,
        resume: args.resume,
        ..Settings::new(
            &args.server,
            args.user.as_deref().unwrap_or_default(),
            &args.output,
        )
    })
}

/// People by name, one a line; empty lines and lines with `#` are passed over.
fn names(path: &Path) -> Result<Vec<String>, Failure> {
    let failure = |what: String| Failure::new(format!("{}: {what}", path.display()));
    let size = fs::metadata(path).map_err(|error| failure(error.to_string()))?;
    if size.len() > MOST_BYTES {
        return Err(failure("this is too long to be a list of people".into()));
    }
    let bytes = fs::read(path).map_err(|error| failure(error.to_string()))?;
    let text = sspr::carrier::text::decode(&bytes).map_err(|error| failure(error.to_string()))?;
    let lines = text.lines().map(str::trim);
    let names: Vec<_> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    if names.is_empty() {
        return Err(failure("it names nobody".into()));
    }
    Ok(names)
}

/// The password, from where it leaves no trace: never from the arguments.
fn secret(args: &Ldap, user: &str, io: &mut Io<'_>) -> Result<Secret, Failure> {
    if let Some(path) = &args.password_file {
        let failure = |what: String| Failure::new(format!("{}: {what}", path.display()));
        let mut file = File::open(path).map_err(|error| failure(error.to_string()))?;
        return Secret::read_line(&mut file).map_err(|fault| failure(fault.to_string()));
    }
    if let Some(name) = &args.password_env {
        return std::env::var(name).map(Secret::new).map_err(|_| {
            Failure::new(format!("the environment has no text in {name}"))
                .help("set it, or leave out --password-env and type the password")
        });
    }
    if args.password_stdin {
        return Secret::read_line(&mut *io.stdin)
            .map_err(|fault| Failure::new(fault.to_string()).help("write one line of UTF-8"));
    }
    let prompt = format!("Password of {}: ", clean(user));
    match rpassword::prompt_password(prompt) {
        Ok(text) if text.is_empty() => Err(Failure::new("there is no password")),
        Ok(text) => Ok(Secret::new(text)),
        Err(error) => Err(
            Failure::new(format!("the password could not be read: {error}")).help(
                "run it in a terminal, or give --password-stdin, --password-file or --password-env",
            ),
        ),
    }
}

/// Every search, in words that a person can check.
fn shown(searches: &[PlannedSearch]) -> String {
    let mut text = String::new();
    for search in searches {
        let base = match search.base.as_str() {
            "" => "the server's own entry",
            base => base,
        };
        let scope = match search.scope {
            "base" => "this object alone",
            _ => "with everything below",
        };
        let controls = match search.controls.join(", ") {
            none if none.is_empty() => "none".to_owned(),
            controls => controls,
        };
        let lines = [
            format!("{}: {}", search.part, search.why),
            format!("  base       {base} ({scope})"),
            format!("  filter     {}", search.filter),
            format!("  attributes {}", search.attributes.join(", ")),
            format!("  controls   {controls}"),
        ];
        for line in lines {
            text.push_str(&clean(&line));
            text.push('\n');
        }
        text.push('\n');
    }
    text.push_str("Nothing was asked, and nothing would be changed.\n");
    text
}

/// What was collected, and what could not be seen.
fn report(collected: &Collected, io: &mut Io<'_>) -> Result<(), Failure> {
    let folder = clean(&collected.folder.display().to_string());
    writeln!(
        io.stderr,
        "Read {} people of {} from {} into {folder}: {} files, {} distinct access lists.",
        collected.people,
        clean(&collected.domain),
        clean(&collected.server),
        collected.files,
        collected.descriptors,
    )?;
    for missing in &collected.not_available {
        let why = match missing.reason {
            NotAvailableReason::NoPermission => "no permission",
            _ => "not read",
        };
        let detail = missing.detail.as_deref().unwrap_or(&missing.what);
        writeln!(io.stderr, "  {why}: {}", clean(detail))?;
    }
    writeln!(io.stderr, "Judge it with: sspr assess {folder}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io;

    use crate::{OK, UNUSABLE};

    fn run(args: &[&str]) -> (u8, String, String) {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let now = chrono::DateTime::UNIX_EPOCH;
        let args = ["collect", "ldap", "--user", "reader@contoso.com"]
            .iter()
            .chain(args);
        let code = crate::run(args, io::empty(), &mut stdout, &mut stderr, now);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (code, text(stdout), text(stderr))
    }

    #[test]
    fn a_dry_run_shows_every_search_and_asks_nobody() {
        let (code, text, _) = run(&[
            "--server",
            "ldaps://dc01.invalid",
            "--base",
            "OU=Staff,DC=contoso,DC=com",
            "--connector-account",
            "MSOL_0123456789ab",
            "--dry-run",
        ]);
        assert_eq!(code, OK);
        for part in [
            "  base       OU=Staff,DC=contoso,DC=com (with everything below)",
            "  filter     (sAMAccountName=MSOL_0123456789ab)",
            "1.2.840.113556.1.4.801, 1.2.840.113556.1.4.319",
            "CN=AdminSDHolder,CN=System,DC=contoso,DC=com (this object alone)",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn plain_text_is_refused_before_a_password_is_asked_for() {
        let (code, _, text) = run(&["--server", "ldap://dc01.invalid"]);
        assert_eq!(code, UNUSABLE);
        assert!(
            text.contains("plain text") && text.contains("ldaps://"),
            "{text}"
        );
    }

    #[test]
    fn a_password_is_no_argument() {
        let (code, _, text) = run(&[
            "--server",
            "ldaps://dc01.invalid",
            "--password",
            "Example-1",
        ]);
        assert_eq!(code, UNUSABLE);
        assert!(text.contains("--password"), "{text}");
    }

    #[test]
    fn kerberos_takes_no_password_and_a_build_without_it_says_so() {
        let at = ["--server", "ldaps://dc01.invalid", "--kerberos"];
        let (code, _, text) = run(&[&at[..], &["--password-stdin"]].concat());
        assert_eq!(code, UNUSABLE);
        assert!(text.contains("cannot be used with"), "{text}");
        let (code, _, text) = run(&[&at[..], &["--dry-run"]].concat());
        if cfg!(all(feature = "gssapi", unix)) {
            assert_eq!(code, OK);
        } else {
            assert_eq!(code, UNUSABLE);
            assert!(text.contains("the feature gssapi"), "{text}");
        }
    }

    #[test]
    fn without_a_password_nothing_is_tried() {
        let (code, _, text) = run(&["--server", "ldaps://dc01.invalid", "--password-stdin"]);
        assert_eq!(code, UNUSABLE);
        assert!(text.contains("there is no password"), "{text}");
    }
}
