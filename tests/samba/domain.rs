//! A throw-away Active Directory domain: Samba as its domain controller, on a loopback address.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What Debian calls the packages that a run needs.
pub(crate) const PACKAGES: &str = "samba samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind \
    python3-samba ldb-tools ldap-utils python3-markdown python3-cryptography";

/// The domain's distinguished name.
pub(crate) const BASE: &str = "DC=sspr,DC=test";
const ADDRESS: &str = "127.0.0.66";
/// Made up for a domain that lives for a minute.
const ADMIN: (&str, &str) = ("administrator@sspr.test", "Example-Admin-1");
/// The account that stands for the connector account.
pub(crate) const CONNECTOR: (&str, &str) = ("connector@sspr.test", "Example-Connector-1");

/// The SD-flags control with the value 4, access list alone. `ldapmodify` of
/// OpenLDAP 2.5 takes the value in base64 without the colons that `ldapsearch` wants.
const DACL_ONLY: &str = "!1.2.840.113556.1.4.801=MAMCAQQ=";

/// A running domain controller; it stops when this is dropped.
pub(crate) struct Domain {
    folder: tempfile::TempDir,
    server: Child,
}

/// What an LDAP operation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was done.
    Done,
    /// The right is missing.
    Denied,
    /// Something else, by LDAP result code.
    Other(i32),
}

impl Domain {
    /// Provisions and starts a domain.
    ///
    /// # Panics
    ///
    /// When Samba is not installed, or does not start.
    pub(crate) fn start() -> Self {
        let installed = Command::new("samba").arg("--version").output().is_ok()
            && Command::new("ldapmodify").arg("-VV").output().is_ok();
        assert!(
            installed,
            "Samba and the LDAP tools are needed: apt-get install {PACKAGES}"
        );
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path).display().to_string();
        run(Command::new("samba-tool").args([
            "domain",
            "provision",
            &format!("--targetdir={}", at("dom")),
            "--realm=SSPR.TEST",
            "--domain=SSPR",
            "--server-role=dc",
            &format!("--adminpass={}", ADMIN.1),
            "--dns-backend=NONE",
            "--host-name=dc1",
            "--host-ip=127.0.0.1",
            "--option=interfaces=lo",
            "--option=bind interfaces only=yes",
        ]));
        let settings = [
            ("netbios name", "DC1".to_owned()),
            ("realm", "SSPR.TEST".to_owned()),
            ("workgroup", "SSPR".to_owned()),
            (
                "server role",
                "active directory domain controller".to_owned(),
            ),
            ("server services", "ldap, cldap".to_owned()),
            ("interfaces", format!("{ADDRESS}/8")),
            ("bind interfaces only", "yes".to_owned()),
            ("private dir", at("dom/private")),
            ("lock dir", at("dom")),
            ("cache directory", at("dom/cache")),
            ("state directory", at("dom/state")),
            ("pid directory", at("dom")),
            ("ncalrpc dir", at("dom/ncalrpc")),
            ("log file", at("samba.log")),
            ("ldap server require strong auth", "yes".to_owned()),
            ("ldb:nosync", "yes".to_owned()),
        ];
        let mut config = "[global]\n".to_owned();
        for (name, value) in settings {
            let _ = writeln!(config, "  {name} = {value}");
        }
        fs::write(at("smb.conf"), config).unwrap();
        let server = Command::new("samba")
            .args([
                "-s",
                &at("smb.conf"),
                "-F",
                "--no-process-group",
                "-M",
                "single",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let domain = Self { folder, server };
        let address: SocketAddr = format!("{ADDRESS}:636").parse().unwrap();
        let started = Instant::now();
        while TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_err() {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "Samba does not answer"
            );
            sleep(Duration::from_millis(100));
        }
        domain
    }

    /// Applies LDIF changes as the administrator.
    pub(crate) fn change(&self, ldif: &str) {
        let output = self.modify(ADMIN, ldif, &["-e", DACL_ONLY]);
        assert!(
            output.status.success(),
            "{}\n{ldif}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// Tries one LDIF change as the connector account.
    pub(crate) fn attempt(&self, ldif: &str) -> Outcome {
        let output = self.modify(CONNECTOR, ldif, &[]);
        match output.status.code() {
            Some(0) => Outcome::Done,
            Some(50) => Outcome::Denied,
            code => Outcome::Other(code.unwrap_or(-1)),
        }
    }

    /// Searches as the administrator; descriptors come with owner, group and access list.
    pub(crate) fn search(
        &self,
        base: &str,
        scope: &str,
        filter: &str,
        attributes: &[&str],
    ) -> String {
        self.search_as(ADMIN, base, scope, filter, attributes)
    }

    /// Searches as somebody.
    pub(crate) fn search_as(
        &self,
        who: (&str, &str),
        base: &str,
        scope: &str,
        filter: &str,
        attributes: &[&str],
    ) -> String {
        let mut command = self.tool("ldapsearch", who);
        command
            .args([
                "-LLL",
                "-o",
                "ldif-wrap=no",
                "-E",
                "!1.2.840.113556.1.4.801=::MAMCAQc=",
            ])
            .args(["-b", base, "-s", scope, filter])
            .args(attributes);
        String::from_utf8(run(&mut command).stdout).unwrap()
    }

    fn modify(&self, who: (&str, &str), ldif: &str, extra: &[&str]) -> Output {
        let mut child = self
            .tool("ldapmodify", who)
            .args(extra)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(ldif.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    }

    fn tool(&self, program: &str, (user, secret): (&str, &str)) -> Command {
        let file = self.folder.path().join(user);
        if !file.exists() {
            fs::write(&file, secret).unwrap();
        }
        let mut command = Command::new(program);
        command
            .env("LDAPTLS_REQCERT", "never")
            .args(["-x", "-H", &format!("ldaps://{ADDRESS}"), "-D", user, "-y"])
            .arg(file);
        command
    }
}

impl Drop for Domain {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}
