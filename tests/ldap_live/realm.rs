//! Kerberos of the throw-away domain: a configuration and a cache of tickets of its own, and the command
//! built with it.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use sspr_tests::bindings;

use crate::domain::{ADDRESS, Domain};

/// The domain's realm, as child processes see it.
pub(crate) struct Realm {
    config: PathBuf,
    tickets: PathBuf,
    command: PathBuf,
}

impl Realm {
    /// # Panics
    ///
    /// When the command with Kerberos does not build.
    pub(crate) fn of(domain: &Domain) -> Self {
        let config = domain.folder.path().join("krb5.conf");
        let text = format!(
            "[libdefaults]\n default_realm = SSPR.TEST\n dns_lookup_realm = false\n dns_lookup_kdc = false\n \
             rdns = false\n[realms]\n SSPR.TEST = {{\n  kdc = {ADDRESS}\n }}\n"
        );
        fs::write(&config, text).unwrap();
        Self {
            config,
            tickets: domain.folder.path().join("tickets"),
            command: bindings::command(&["gssapi"]),
        }
    }

    fn run(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env("KRB5_CONFIG", &self.config);
        command.env("KRB5CCNAME", &self.tickets);
        command
    }

    /// Gets a ticket.
    pub(crate) fn kinit(&self, principal: &str, password: &str) {
        let mut child = self
            .run("kinit")
            .arg(principal)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let line = format!("{password}\n");
        child
            .stdin
            .take()
            .unwrap()
            .write_all(line.as_bytes())
            .unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// Throws all tickets away.
    pub(crate) fn kdestroy(&self) {
        let status = self.run("kdestroy").arg("-q").status().unwrap();
        assert!(status.success());
    }

    /// Collects by Kerberos into a folder: whether it went, and what was said.
    pub(crate) fn collect(&self, domain: &Domain, folder: &str, more: &[&str]) -> (bool, String) {
        let output = self
            .run(&self.command)
            .args(["collect", "ldap", "--kerberos", "--connect-to", ADDRESS])
            .arg("--ca")
            .arg(domain.ca())
            .arg("--output")
            .arg(domain.folder.path().join(folder))
            .args(more)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), said)
    }
}
