//! A throw-away domain controller whose certificate is for its own name.

use std::fs;
use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// What Debian calls the packages that a run needs.
const PACKAGES: &str = "samba samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind \
    python3-samba ldb-tools ldap-utils python3-markdown python3-cryptography krb5-user libkrb5-dev \
    libclang-dev pkg-config";
/// Where it listens, whatever its name.
pub(crate) const ADDRESS: &str = "127.0.0.66";
/// The name in its certificate.
pub(crate) const NAME: &str = "dc1.sspr.test";
/// Made up for a domain that lives for a minute.
pub(crate) const ADMIN: (&str, &str) = ("administrator@sspr.test", "Example-Admin-1");

/// A domain controller; it stops when this is dropped.
pub(crate) struct Domain {
    pub(crate) folder: tempfile::TempDir,
    server: Option<Child>,
}

impl Domain {
    /// Provisions a domain, gives it a certificate and starts it.
    ///
    /// # Panics
    ///
    /// When Samba is not installed, or does not start.
    pub(crate) fn start() -> Self {
        let installed = Command::new("samba").arg("--version").output().is_ok()
            && Command::new("ldapmodify").arg("-VV").output().is_ok()
            && Command::new("kinit").arg("--help").output().is_ok();
        assert!(
            installed,
            "Samba and the LDAP tools are needed: apt-get install {PACKAGES}"
        );
        let mut domain = Self {
            folder: tempfile::tempdir().unwrap(),
            server: None,
        };
        let target = format!("--targetdir={}", domain.at("dom"));
        let password = format!("--adminpass={}", ADMIN.1);
        run(Command::new("samba-tool")
            .args(["domain", "provision", &target, &password])
            .args([
                "--realm=SSPR.TEST",
                "--domain=SSPR",
                "--server-role=dc",
                "--dns-backend=NONE",
                "--host-name=dc1",
                "--host-ip=127.0.0.1",
                "--option=interfaces=lo",
                "--option=bind interfaces only=yes",
            ]));
        domain.configure();
        domain.certify();
        domain.resume();
        domain
    }

    fn configure(&self) {
        let at = |name: &str| self.at(name);
        let config = format!(
            "[global]\n netbios name = DC1\n realm = SSPR.TEST\n workgroup = SSPR\n \
             server role = active directory domain controller\n server services = ldap, cldap, kdc\n \
             interfaces = {ADDRESS}/8\n bind interfaces only = yes\n private dir = {}\n lock dir = {}\n \
             cache directory = {}\n state directory = {}\n pid directory = {}\n ncalrpc dir = {}\n \
             log file = {}\n ldap server require strong auth = allow_sasl_over_tls\n ldb:nosync = yes\n \
             tls cafile = {}\n tls certfile = {}\n tls keyfile = {}\n",
            at("dom/private"),
            at("dom"),
            at("dom/cache"),
            at("dom/state"),
            at("dom"),
            at("dom/ncalrpc"),
            at("samba.log"),
            at("ca.pem"),
            at("cert.pem"),
            at("key.pem"),
        );
        fs::write(at("smb.conf"), config).unwrap();
    }

    /// The certificate that Samba makes for itself names no host where a client would look.
    fn certify(&self) {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "Example CA");
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![NAME.to_owned()]).unwrap();
        let leaf = params.signed_by(&key, &ca).unwrap();
        fs::write(self.at("ca.pem"), ca.pem()).unwrap();
        fs::write(self.at("cert.pem"), leaf.pem()).unwrap();
        fs::write(self.at("key.pem"), key.serialize_pem()).unwrap();
        // Samba takes no key that others may read.
        run(Command::new("chmod").args(["600", &self.at("key.pem")]));
    }

    /// Starts the server, which was stopped or never ran.
    pub(crate) fn resume(&mut self) {
        let server = Command::new("samba")
            .args([
                "-s",
                &self.at("smb.conf"),
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
        self.server = Some(server);
        let address: SocketAddr = format!("{ADDRESS}:636").parse().unwrap();
        let started = Instant::now();
        while TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_err() {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "Samba does not answer"
            );
            sleep(Duration::from_millis(100));
        }
    }

    /// Stops it in the middle of whatever it does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// Applies LDIF changes as the administrator.
    pub(crate) fn change(&self, ldif: &str) {
        let password = self.folder.path().join("admin");
        fs::write(&password, ADMIN.1).unwrap();
        let mut child = Command::new("ldapmodify")
            .env("LDAPTLS_REQCERT", "never")
            .args([
                "-x",
                "-H",
                &format!("ldaps://{ADDRESS}"),
                "-D",
                ADMIN.0,
                "-y",
            ])
            .arg(password)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(ldif.as_bytes())
            .unwrap();
        assert!(child.wait().unwrap().success(), "{ldif}");
    }

    /// Adds entries in front of the access list of an object, as SDDL.
    pub(crate) fn grant(&self, dn: &str, sddl: &str) {
        run(Command::new("samba-tool").args([
            "dsacl",
            "set",
            "-H",
            &format!("ldap://{ADDRESS}"),
            &format!("--configfile={}", self.at("smb.conf")),
            &format!("-U{}%{}", "administrator", ADMIN.1),
            &format!("--objectdn={dn}"),
            &format!("--sddl={sddl}"),
        ]));
    }

    pub(crate) fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }
}

impl Drop for Domain {
    fn drop(&mut self) {
        self.kill();
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
