//! A throw-away Active Directory domain: Samba as its domain controller, on a loopback address.

use std::fmt::Write as _;
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::record::Outcome;

/// What Debian calls the packages that a run needs.
pub(crate) const PACKAGES: &str = "samba samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind \
    python3-samba ldb-tools ldap-utils python3-markdown python3-cryptography";

/// The domain's distinguished name.
pub(crate) const BASE: &str = "DC=sspr,DC=test";
const ADDRESS: &str = "127.0.0.66";
/// Made up for a domain that lives for a minute.
const ADMIN: (&str, &str) = ("administrator@sspr.test", "Example-Admin-1");

/// The SD-flags control of a change. `ldapmodify` of OpenLDAP 2.5 takes the value in base64
/// without the colons that `ldapsearch` wants.
#[derive(Clone, Copy)]
pub(crate) struct SdFlags(&'static str);

impl SdFlags {
    /// The access list alone.
    pub(crate) const LIST: Self = Self("!1.2.840.113556.1.4.801=MAMCAQQ=");
    /// The owner alone.
    pub(crate) const OWNER: Self = Self("!1.2.840.113556.1.4.801=MAMCAQE=");
}

/// A running domain controller; it stops when this is dropped.
pub(crate) struct Domain {
    folder: tempfile::TempDir,
    server: Child,
}

/// Who asks.
pub(crate) type Login<'a> = (&'a str, &'a str);

impl Domain {
    /// Provisions and starts a domain.
    ///
    /// # Panics
    ///
    /// When Samba is not installed, or does not start.
    pub(crate) fn start() -> Self {
        for program in ["samba", "ldapmodify", "ldapsearch", "ldbmodify"] {
            let found = Command::new(program).arg("--help").output().is_ok();
            assert!(found, "{program} is needed: apt-get install {PACKAGES}");
        }
        let address: SocketAddr = format!("{ADDRESS}:636").parse().unwrap();
        assert!(
            TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_err(),
            "a server answers at {ADDRESS} already: two runs disturb each other"
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

    /// Its version, such as `4.17.12-Debian`.
    pub(crate) fn version() -> String {
        let output = run(Command::new("samba").arg("--version"));
        let text = String::from_utf8(output.stdout).unwrap();
        text.trim().trim_start_matches("Version ").to_owned()
    }

    /// Applies changes as the administrator, each a record of LDIF. Of a descriptor, the parts are
    /// written that the SD flags name.
    pub(crate) fn change(&self, records: &[String], flags: SdFlags) {
        for (record, outcome) in records.iter().zip(self.attempt(ADMIN, records, flags)) {
            assert_eq!(outcome, Outcome::Done, "{record}");
        }
    }

    /// Tries changes as somebody, one after the other, and says what each came to.
    pub(crate) fn attempt(
        &self,
        who: Login<'_>,
        records: &[String],
        flags: SdFlags,
    ) -> Vec<Outcome> {
        if records.is_empty() {
            return Vec::new();
        }
        let wanted = self.at("wanted.ldif");
        let refused = self.at("refused.ldif");
        fs::write(&wanted, records.join("\n")).unwrap();
        let output = self
            .tool("ldapmodify", who)
            .args(["-c", "-S", &refused, "-e", flags.0, "-f", &wanted])
            .output()
            .unwrap();
        let seen = String::from_utf8_lossy(&output.stdout);
        let tried = seen.lines().filter(|line| {
            let verbs = ["modifying ", "adding ", "deleting "];
            verbs.iter().any(|verb| line.starts_with(verb))
        });
        assert_eq!(
            tried.count(),
            records.len(),
            "not all was tried: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        outcomes(records, &fs::read_to_string(&refused).unwrap())
    }

    /// Writes attributes past all checks, as only the server's own machine can: for times that have
    /// to lie in the past.
    pub(crate) fn set_up(&self, records: &[String]) {
        let file = self.at("setup.ldif");
        fs::write(&file, records.join("\n")).unwrap();
        run(Command::new("ldbmodify").args([
            "-H",
            &self.at("dom/private/sam.ldb"),
            // Samba's own control for a `pwdLastSet` that is taken as it comes.
            "--controls=local_oid:1.3.6.1.4.1.7165.4.3.20:0",
            &file,
        ]));
    }

    /// Searches as the administrator into a file of LDIF, as an administrator would collect it.
    /// Descriptors come with owner, group and access list.
    pub(crate) fn collect(&self, file: &Path, base: &str, filter: &str, attributes: &[&str]) {
        self.collect_as(ADMIN, file, (base, "sub"), filter, attributes);
    }

    /// Searches as somebody into a file of LDIF.
    pub(crate) fn collect_as(
        &self,
        who: Login<'_>,
        file: &Path,
        (base, scope): (&str, &str),
        filter: &str,
        attributes: &[&str],
    ) {
        let mut command = self.tool("ldapsearch", who);
        command
            .args(["-LLL", "-o", "ldif-wrap=no"])
            .args(["-E", "!1.2.840.113556.1.4.801=::MAMCAQc="])
            .args(["-b", base, "-s", scope, filter])
            .args(attributes);
        fs::write(file, run(&mut command).stdout).unwrap();
    }

    fn at(&self, path: &str) -> String {
        self.folder.path().join(path).display().to_string()
    }

    fn tool(&self, program: &str, (user, secret): Login<'_>) -> Command {
        let file = self.folder.path().join(user);
        if !file.exists() {
            fs::write(&file, secret).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
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

/// What each record came to, by what `ldapmodify -S` kept of those that were refused.
fn outcomes(records: &[String], refused: &str) -> Vec<Outcome> {
    let mut refused = refused
        .split("# Error: ")
        .skip(1)
        .map(|text| text.split_once('\n').unwrap())
        .peekable();
    let outcomes = records
        .iter()
        .map(|record| {
            let hit = refused.next_if(|(_, body)| body.trim() == record.trim());
            hit.map_or(Outcome::Done, |(error, _)| Outcome::of_error(error))
        })
        .collect();
    assert!(refused.next().is_none(), "a refusal of no known record");
    outcomes
}
