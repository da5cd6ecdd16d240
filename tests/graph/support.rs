//! A server, a folder, and a run between them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use serde_json::Value;
use sspr::evidence::{Manifest, Progress};
use sspr::graph::{Bounds, Collected, Rates, Secret, Settings, SignIn, SystemClock, collect_by};
use sspr_tests::graph_server::{self as server, Budgets, Server, Size, Tenant};
use tempfile::TempDir;

/// How many of its seconds pass in one of ours.
pub(crate) const PACE: u32 = 1_000;

/// A server of a tenant with so many people, whose second is a millisecond.
pub(crate) fn quiet(users: usize) -> server::Settings {
    let tenant = Tenant::generated(&Size {
        users,
        ..Size::default()
    });
    server::Settings {
        budgets: Budgets::unlimited(),
        pace: f64::from(PACE),
        // Plain, as most of these runs are about something else and there are many.
        tls: false,
        ..server::Settings::new(tenant)
    }
}

/// A place to collect into.
pub(crate) struct Place {
    folder: TempDir,
    pub(crate) settings: Settings,
    pub(crate) sign_in: SignIn,
}

impl Place {
    pub(crate) fn of(server: &Server, settings: &server::Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ca = folder.path().join("ca.pem");
        fs::write(&ca, server.authority_pem()).unwrap();
        let sign_in = SignIn::ClientSecret(Secret::new(settings.sign_in.client_secret.clone()));
        let settings = Settings {
            tenant: Some("contoso.onmicrosoft.com".into()),
            client_id: Some(settings.sign_in.client_id.clone()),
            root: Some(server.root().into()),
            authority: Some(server.root().into()),
            ca_file: Some(ca),
            rates: Rates {
                identity_units: 100_000,
                reports: 10_000,
                conditional_access: 1_000,
            },
            bounds: Bounds {
                attempts: 12,
                wait_seconds: 86_400,
                seconds: 7 * 86_400,
                timeout_seconds: 20,
                ..Bounds::default()
            },
            ..Settings::new(folder.path().join("graph"))
        };
        Self {
            folder,
            settings,
            sign_in,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.settings.folder
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn collect(&self) -> sspr::Result<Collected> {
        self.watched(&mut |_| ControlFlow::Continue(()))
    }

    pub(crate) fn watched(
        &self,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> sspr::Result<Collected> {
        let clock = Arc::new(SystemClock::faster(PACE));
        collect_by(clock, &self.settings, &self.sign_in, progress)
    }

    pub(crate) fn manifest(&self) -> Manifest {
        Manifest::parse(&fs::read(self.path().join("manifest.json")).unwrap()).unwrap()
    }

    /// The items of each file, sorted by their text, which begins with the id where there is one.
    pub(crate) fn items(&self) -> BTreeMap<String, Vec<String>> {
        let files = self.manifest().files;
        files
            .iter()
            .map(|file| (file.path.clone(), items(&self.path().join(&file.path))))
            .collect()
    }
}

fn items(path: &Path) -> Vec<String> {
    let mut bytes = fs::read(path).unwrap();
    if path.extension().is_some_and(|ext| ext == "gz") {
        let mut unpacked = Vec::new();
        MultiGzDecoder::new(&bytes[..])
            .read_to_end(&mut unpacked)
            .unwrap();
        bytes = unpacked;
    }
    let mut items = Vec::new();
    for page in serde_json::Deserializer::from_slice(&bytes).into_iter::<Value>() {
        let page = page.unwrap();
        match page["value"].as_array() {
            Some(all) => items.extend(all.iter().map(by_id)),
            None => items.push(by_id(&page)),
        }
    }
    items.sort();
    items
}

fn by_id(item: &Value) -> String {
    let mut item = item.clone();
    // It names the port of the server.
    if let Some(object) = item.as_object_mut() {
        object.remove("@odata.context");
    }
    format!("{} {item}", item["id"].as_str().unwrap_or_default())
}

/// Where two collections differ: the files, and the first items that one of them has alone.
pub(crate) fn difference(
    some: &BTreeMap<String, Vec<String>>,
    others: &BTreeMap<String, Vec<String>>,
) -> Option<String> {
    let names: BTreeSet<_> = some.keys().chain(others.keys()).collect();
    let none = Vec::new();
    let of =
        |all: &BTreeMap<String, Vec<String>>, name: &String| all.get(name).unwrap_or(&none).clone();
    names.into_iter().find_map(|name| {
        let (some, others) = (of(some, name), of(others, name));
        let alone = |some: &[String], others: &[String]| {
            let alone = some.iter().find(|item| others.binary_search(item).is_err());
            alone.map(|item| item.chars().take(80).collect::<String>())
        };
        (some != others).then(|| {
            let (here, there) = (alone(&some, &others), alone(&others, &some));
            format!(
                "{name}: {} and {} items, {here:?}, {there:?}",
                some.len(),
                others.len()
            )
        })
    })
}

/// Runs the command, and gives its exit code, its output and its errors.
pub(crate) fn command(args: &[&str], stdin: &str) -> (u8, String, String) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let stdin = std::io::Cursor::new(stdin.to_owned());
    let now = chrono::Utc::now();
    let code = sspr_cli::run(args, stdin, &mut stdout, &mut stderr, now);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (code, text(stdout), text(stderr))
}
