//! `sspr collect graph`.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use sspr::carrier::secret::SecretFault;
use sspr::evidence::NotAvailableReason;
use sspr::graph::{
    ClientCertificate, Collected, ELSEWHERE, GraphCloud, ManagedIdentity, PlannedRequest, Secret,
    Settings, SignIn, Token, collect, plan,
};

use crate::args::{Cloud, Graph};
use crate::failure::Failure;
use crate::output::clean;
use crate::progress::Line;
use crate::{Io, OK, UNUSABLE};

/// Collects, or says what would be asked.
pub(crate) fn run(args: &Graph, io: &mut Io<'_>) -> Result<u8, Failure> {
    let settings = settings(args);
    // Faults of the settings come before any question.
    let requests = plan(&settings)?;
    if args.dry_run {
        io.stdout.write_all(shown(&requests).as_bytes())?;
        return Ok(OK);
    }
    let sign_in = sign_in(args, io)?;
    let collected = {
        let mut line = Line::new(io.stderr, io.screen.progress, io.screen.width);
        collect(&settings, &sign_in, &mut |progress| line.report(&progress))?
    };
    drop(sign_in);
    report(&collected, io)?;
    Ok(if collected.complete { OK } else { UNUSABLE })
}

fn settings(args: &Graph) -> Settings {
    Settings {
        tenant: args.tenant.clone(),
        client_id: args.client_id.clone(),
        cloud: match args.cloud {
            Cloud::Global => GraphCloud::Global,
            Cloud::UsGovernment => GraphCloud::UsGovernment,
            Cloud::UsGovernmentDod => GraphCloud::UsGovernmentDod,
            Cloud::China => GraphCloud::China,
        },
        root: args.root.clone(),
        authority: args.authority.clone(),
        ca_file: args.ca.clone(),
        scope_group: args.scope_group.clone(),
        audit_days: args.audit_days,
        beta: args.beta,
        gzip: args.gzip,
        resume: args.resume,
        ..Settings::new(&args.output)
    }
}

/// How to sign in, with secrets from where they leave no trace: never from the arguments.
fn sign_in(args: &Graph, io: &mut Io<'_>) -> Result<SignIn, Failure> {
    let token = |secret| SignIn::Token(Token::bearer(secret));
    let found = if let Some(name) = &args.token_env {
        token(from_environment(name)?)
    } else if let Some(path) = &args.token_file {
        token(from_file(path)?)
    } else if args.token_stdin {
        let read = Secret::read_line(&mut *io.stdin);
        token(read.map_err(|fault| said("standard input", &fault))?)
    } else if let Some(name) = &args.secret_env {
        SignIn::ClientSecret(from_environment(name)?)
    } else if let Some(path) = &args.secret_file {
        SignIn::ClientSecret(from_file(path)?)
    } else if let Some(path) = &args.certificate {
        let pem = Secret::new(
            fs::read_to_string(path)
                .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?,
        );
        SignIn::ClientCertificate(ClientCertificate::from_pem(&pem)?)
    } else if let Some(path) = &args.federated_token_file {
        SignIn::FederatedToken(path.clone())
    } else if args.managed_identity {
        SignIn::ManagedIdentity(ManagedIdentity::from_environment())
    } else if args.device_code {
        // The run holds the screen by then; this is for the person, and comes at once.
        SignIn::DeviceCode(Arc::new(|prompt| {
            let mut stream = std::io::stderr().lock();
            let _ = writeln!(stream, "{}", clean(&prompt.message));
        }))
    } else {
        return Err(Failure::new("there is no way to sign in").help(
            "give --device-code, --certificate, --secret-env, --secret-file, --federated-token-file, \
             --managed-identity, --token-env, --token-file or --token-stdin",
        ));
    };
    if matches!(found, SignIn::Token(_) | SignIn::ManagedIdentity(_)) {
        return Ok(found);
    }
    match (&args.tenant, &args.client_id) {
        (Some(_), Some(_)) => Ok(found),
        _ => Err(Failure::new("this sign-in takes --tenant and --client-id")),
    }
}

fn said(from: &str, fault: &SecretFault) -> Failure {
    let what = match fault {
        SecretFault::Empty => "it is empty".to_owned(),
        fault => fault.to_string(),
    };
    Failure::new(format!("{from}: {what}")).help("write one line of UTF-8")
}

fn from_environment(name: &str) -> Result<Secret, Failure> {
    std::env::var(name)
        .map(Secret::new)
        .map_err(|_| Failure::new(format!("the environment has no text in {name}")).help("set it"))
}

fn from_file(path: &Path) -> Result<Secret, Failure> {
    let name = path.display().to_string();
    let mut file = File::open(path).map_err(|error| Failure::new(format!("{name}: {error}")))?;
    Secret::read_line(&mut file).map_err(|fault| said(&name, &fault))
}

/// Every request, in words that a person can check, and the permissions at the end.
fn shown(requests: &[PlannedRequest]) -> String {
    let mut lines = Vec::new();
    for request in requests {
        let beta = if request.beta { " (beta)" } else { "" };
        lines.push(format!("{}: {}{beta}", request.part, request.why));
        lines.push(format!("  {} {}", request.method, request.url));
        lines.push(format!("  permission {}", request.permission));
        lines.push(String::new());
    }
    let mut permissions: Vec<_> = requests.iter().map(|request| request.permission).collect();
    permissions.sort_unstable();
    permissions.dedup();
    lines.push("Permissions in all:".to_owned());
    lines.extend(
        permissions
            .iter()
            .map(|permission| format!("  {permission}")),
    );
    lines.push(String::new());
    lines.extend(elsewhere());
    lines.push(String::new());
    lines.push("Nothing was asked, and nothing would be changed.".to_owned());
    let lines = lines.iter().map(|line| clean(line) + "\n");
    lines.collect()
}

fn elsewhere() -> impl Iterator<Item = String> {
    let each = ELSEWHERE.iter();
    let each = each.map(|elsewhere| format!("  {}: {}", elsewhere.what, elsewhere.how));
    std::iter::once("What Graph does not tell:".to_owned()).chain(each)
}

/// What was collected, what is not there, and what Graph never tells.
fn report(collected: &Collected, io: &mut Io<'_>) -> Result<(), Failure> {
    let folder = clean(&collected.folder.display().to_string());
    let tenant = collected
        .initial_domain
        .as_deref()
        .or(collected.tenant.as_deref());
    writeln!(
        io.stderr,
        "Read {} people of {} into {folder}: {} files.",
        collected.people,
        clean(tenant.unwrap_or("a tenant without a name")),
        collected.files,
    )?;
    for missing in &collected.not_available {
        let why = match missing.reason {
            NotAvailableReason::NoPermission => "no permission",
            NotAvailableReason::NotInThisCloud => "not in this cloud",
            NotAvailableReason::NotRequested => "not asked for",
            NotAvailableReason::Error => "not read",
        };
        let detail = missing.detail.as_deref().unwrap_or(&missing.what);
        writeln!(io.stderr, "  {why}: {}", clean(detail))?;
    }
    for line in elsewhere() {
        writeln!(io.stderr, "{line}")?;
    }
    if collected.complete {
        writeln!(io.stderr, "Judge it with: sspr assess {folder}")?;
    } else {
        writeln!(
            io.stderr,
            "Not all could be read to its end: the same command with --resume reads on. \
             sspr assess {folder} takes no list for whole that is not."
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io;

    use crate::{OK, UNUSABLE};

    fn run(args: &[&str]) -> (u8, String, String) {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let now = chrono::DateTime::UNIX_EPOCH;
        let args = ["collect", "graph"].iter().chain(args);
        let code = crate::run(args, io::empty(), &mut stdout, &mut stderr, now);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (code, text(stdout), text(stderr))
    }

    #[test]
    fn a_dry_run_shows_every_request_with_its_permission_and_asks_nobody() {
        let (code, text, _) = run(&["--root", "https://graph.invalid", "--beta", "--dry-run"]);
        assert_eq!(code, OK);
        for part in [
            "  GET https://graph.invalid/v1.0/policies/authorizationPolicy",
            "  permission Policy.Read.All",
            "  GET in $batch https://graph.invalid/v1.0/directoryRoles/<role>/members",
            "(beta)",
            "Permissions in all:\n",
            "What Graph does not tell:\n",
            "sspr attest",
            "Nothing was asked",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn a_secret_is_no_argument() {
        for flag in ["--secret", "--token", "--client-secret"] {
            let (code, _, text) = run(&[flag, "example"]);
            assert_eq!(code, UNUSABLE, "{flag}");
            assert!(text.contains(flag), "{text}");
        }
    }

    #[test]
    fn one_way_to_sign_in_is_chosen_and_no_more() {
        let (code, _, text) = run(&[]);
        assert_eq!(code, UNUSABLE);
        assert!(text.contains("--device-code"), "{text}");
        let (code, _, text) = run(&["--device-code", "--managed-identity"]);
        assert_eq!(code, UNUSABLE);
        assert!(text.contains("cannot be used with"), "{text}");
        let (code, _, text) = run(&["--device-code", "--tenant", "contoso.com"]);
        assert_eq!(code, UNUSABLE);
        assert!(text.contains("--client-id"), "{text}");
        let (code, _, text) = run(&["--token-stdin"]);
        assert_eq!(code, UNUSABLE);
        assert!(text.contains("standard input: it is empty"), "{text}");
    }

    #[test]
    fn plain_text_is_refused_before_anybody_is_asked() {
        let (code, _, text) = run(&["--root", "http://graph.contoso.com", "--token-stdin"]);
        assert_eq!(code, UNUSABLE);
        assert!(text.contains("plain text"), "{text}");
    }
}
