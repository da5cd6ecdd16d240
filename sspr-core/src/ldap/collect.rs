//! Reading a directory, part by part.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Secret;
use super::connection::{Connection, End};
use super::folder::{Folder, State};
use super::message::Entry;
use super::plan::{self, Places};
use super::search::Search;
use super::settings::{Authentication, Endpoint, Settings};
use super::sheet::Sheet;
use crate::directory::dns_domain;
use crate::directory::security::Sid;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{
    Locator, ManifestFile, NotAvailable, NotAvailableReason, OnProgress, Progress, Stage, Subject,
    SubjectType,
};
use crate::time::parse_generalized;

/// What was collected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Collected {
    /// The folder with the evidence.
    pub folder: PathBuf,
    /// The DNS host name of the domain controller that answered.
    pub server: String,
    /// The DNS name of its domain.
    pub domain: String,
    /// Files, the manifest apart.
    pub files: u64,
    /// People.
    pub people: u64,
    /// Distinct security descriptors.
    pub descriptors: u64,
    /// Bytes received in this run.
    pub received: u64,
    /// What could not be read, and why.
    pub not_available: Vec<NotAvailable>,
}

/// Reads a directory and writes an evidence folder.
///
/// Nothing is changed in the directory: the only operations are the sign-in and searches. The
/// progress callback hears of every page and may stop the run, which can be resumed then. Errors
/// say where it ended: at the settings, the server's certificate, the sign-in or a search. The secret
/// is the password; Kerberos takes none.
pub fn collect(
    settings: &Settings,
    secret: Option<&Secret>,
    progress: &mut OnProgress<'_>,
) -> Result<Collected> {
    let endpoint = settings.checked()?;
    let folder = Folder::open(settings)?;
    let timeout = Duration::from_secs(settings.timeout_seconds);
    let mut connection = Connection::open(&endpoint, settings.ca_file.as_deref(), timeout)?;
    sign_in(&mut connection, settings, &endpoint, secret)?;
    let look = Look::at(&mut connection, endpoint.place())?;
    let places = look.places(settings)?;
    let mut run = Run {
        settings,
        connection,
        folder,
        look,
        places,
        progress,
    };
    run.same_server()?;
    run.parts()?;
    run.people()?;
    run.finish()
}

fn sign_in(
    connection: &mut Connection,
    settings: &Settings,
    endpoint: &Endpoint,
    secret: Option<&Secret>,
) -> Result<()> {
    match (settings.authentication, secret) {
        (Authentication::Simple, Some(secret)) => connection.bind(&settings.user, secret),
        (Authentication::Simple, None) => Err(Error::new(
            ErrorCode::Refused,
            endpoint.place(),
            "a simple sign-in takes a password, and there is none",
        )),
        #[cfg(all(feature = "gssapi", unix))]
        (Authentication::Kerberos, _) => {
            let host = settings.kerberos_host.as_deref().unwrap_or(&endpoint.host);
            super::kerberos::sign_in(connection, host, &settings.user)
        }
        #[cfg(not(all(feature = "gssapi", unix)))]
        (Authentication::Kerberos, _) => Err(super::settings::no_kerberos()),
    }
}

/// Who answers, and who asks.
pub(super) struct Look {
    host: String,
    /// The domain's distinguished name.
    naming: String,
    domain: String,
    configuration: String,
    /// Everything that the reader is, by the directory's own account.
    pub(super) token: Vec<Sid>,
}

impl Look {
    fn at(connection: &mut Connection, place: Locator) -> Result<Self> {
        let entry = connection.object(&plan::look())?.unwrap_or_default();
        let text = |name: &str| entry.text(name).map(str::to_owned);
        let naming = text("defaultNamingContext");
        let domain = naming.as_deref().and_then(dns_domain);
        let (Some(host), Some(naming), Some(domain)) = (text("dnsHostName"), naming, domain) else {
            return Err(Error::new(
                ErrorCode::Unsupported,
                place,
                "this server does not say for which domain it answers",
            )
            .with_help("name a domain controller of Active Directory"));
        };
        let configuration = text("configurationNamingContext")
            .unwrap_or_else(|| format!("CN=Configuration,{naming}"));
        let token = entry.values("tokenGroups").iter();
        Ok(Self {
            host: host.to_ascii_lowercase(),
            naming,
            domain,
            configuration,
            token: token.filter_map(|sid| Sid::parse(sid).ok()).collect(),
        })
    }

    /// The places to read. A base of another domain is refused.
    fn places(&self, settings: &Settings) -> Result<Places> {
        let other = settings.base.as_deref().and_then(dns_domain);
        if other.is_some_and(|other| other != self.domain) {
            return Err(Error::value(
                Locator::Pointer("/base".into()),
                format!(
                    "the base lies outside of {}, for which {} answers",
                    self.domain, self.host
                ),
            )
            .with_help("name a domain controller of the base's own domain"));
        }
        Ok(Places::new(&self.naming, &self.configuration, settings))
    }

    fn subject(&self) -> Subject {
        Subject {
            kind: SubjectType::Domain,
            id: None,
            name: Some(self.domain.clone()),
        }
    }
}

/// A run.
pub(super) struct Run<'a, 'p> {
    pub(super) settings: &'a Settings,
    pub(super) connection: Connection,
    pub(super) folder: Folder,
    pub(super) look: Look,
    pub(super) places: Places,
    pub(super) progress: &'a mut OnProgress<'p>,
}

/// What a part has found, beside its entries.
pub(super) struct Found {
    /// The request whose answer it is.
    pub(super) command: String,
    /// Whether it is all there is; not told where that cannot be known.
    pub(super) complete: Option<bool>,
    pub(super) subject: Option<Subject>,
    pub(super) not_available: Vec<NotAvailable>,
}

impl Found {
    /// The answer to a search that nothing more is to be said of.
    pub(super) fn by(search: &Search) -> Self {
        Self {
            command: search.command(),
            complete: None,
            subject: None,
            not_available: Vec::new(),
        }
    }

    pub(super) fn missing(&mut self, what: &str, reason: NotAvailableReason, detail: String) {
        self.not_available.push(NotAvailable {
            what: what.to_owned(),
            reason,
            detail: Some(detail),
        });
    }

    /// Takes the end of a search into account.
    pub(super) fn ended(&mut self, what: &str, end: &End, base: &str) {
        match end {
            End::Whole => {}
            End::NoObject | End::Denied => {
                self.complete = Some(false);
                let detail = format!("{base} is not visible to the account that reads");
                self.missing(what, NotAvailableReason::NoPermission, detail);
            }
            End::Cut(outcome) => {
                self.complete = Some(false);
                let code = super::codes::shown(outcome);
                let detail = format!("the server stopped the search at {base} early ({code})");
                self.missing(what, NotAvailableReason::Error, detail);
            }
        }
    }
}

impl Run<'_, '_> {
    /// A resumed run must go on at the same server, whose numbers say who was read already.
    fn same_server(&mut self) -> Result<()> {
        match &self.folder.state.server {
            Some(server) if *server != self.look.host => Err(Error::new(
                ErrorCode::Refused,
                Locator::Request(self.look.host.clone()),
                format!("the earlier run read from {server}, which is another server"),
            )
            .with_help("resume with that server, or collect into another folder")),
            Some(_) => Ok(()),
            None => {
                self.folder.state.server = Some(self.look.host.clone());
                self.folder.save()
            }
        }
    }

    /// Makes one file, unless it is finished.
    pub(super) fn part(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut Self, &mut Sheet<'_>) -> Result<Found>,
    ) -> Result<()> {
        let path = format!("{name}.ldif");
        if self.folder.has(&path) {
            return Ok(());
        }
        self.report(name, 0, None)?;
        let head = self.connection.object(&plan::head())?.unwrap_or_default();
        let known = std::mem::take(&mut self.folder.state.descriptors);
        let mut sheet = Sheet::new(&head, plan::HEAD, &known);
        let filled = fill(self, &mut sheet);
        let (items, without) = (sheet.items, sheet.without);
        let (text, fresh) = sheet.finish();
        self.folder.state.descriptors = known;
        let mut found = filled?;
        if without > 0 {
            let detail =
                format!("{name}: the descriptors of {without} of {items} objects were not given");
            found.missing(
                "securityDescriptors",
                NotAvailableReason::NoPermission,
                detail,
            );
        }
        let listed = ManifestFile {
            path,
            command: Some(found.command),
            permission: None,
            subject: Some(found.subject.unwrap_or_else(|| self.look.subject())),
            observed_at: time_of(&head),
            complete: found.complete,
            items: Some(items),
            sha256: None,
        };
        self.folder
            .commit(listed, &text, fresh, found.not_available)
    }

    /// Writes all entries that a search finds.
    pub(super) fn write_all(
        &mut self,
        part: &str,
        search: &Search,
        sheet: &mut Sheet<'_>,
        of: Option<u64>,
        watch: &mut dyn FnMut(&Entry),
    ) -> Result<End> {
        let page = self.settings.page_size;
        let progress = &mut *self.progress;
        let end = self
            .connection
            .search(search, page, &mut |connection, entries| {
                for mut entry in entries {
                    complete_lists(connection, &mut entry)?;
                    watch(&entry);
                    sheet.add(&entry, &search.attributes);
                }
                tell(progress, part, sheet.items, of, connection.received)
            })?;
        Ok(end)
    }

    /// Writes one object, and gives it.
    pub(super) fn write_object(
        &mut self,
        search: &Search,
        sheet: &mut Sheet<'_>,
    ) -> Result<Option<Entry>> {
        let found = self.connection.object(search)?;
        let Some(mut entry) = found else {
            return Ok(None);
        };
        complete_lists(&mut self.connection, &mut entry)?;
        sheet.add(&entry, &search.attributes);
        Ok(Some(entry))
    }

    fn report(&mut self, part: &str, items: u64, of: Option<u64>) -> Result<()> {
        tell(self.progress, part, items, of, self.connection.received)
    }

    fn finish(self) -> Result<Collected> {
        let Self {
            settings,
            connection,
            folder,
            look,
            ..
        } = self;
        let received = connection.received;
        drop(connection);
        let State {
            files,
            not_available,
            descriptors,
            ..
        } = folder.finish()?;
        let people = files
            .iter()
            .filter(|file| file.path.starts_with(super::people::FILE));
        Ok(Collected {
            folder: settings.folder.clone(),
            server: look.host,
            domain: look.domain,
            people: people.filter_map(|file| file.items).sum(),
            files: files.len() as u64,
            descriptors: descriptors.len() as u64,
            received,
            not_available,
        })
    }
}

pub(super) fn tell(
    progress: &mut OnProgress<'_>,
    part: &str,
    items: u64,
    of: Option<u64>,
    received: u64,
) -> Result<()> {
    let stage = Stage::Collecting { part, items, of };
    match progress(Progress::new(stage, received, None)) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::new(
            ErrorCode::Cancelled,
            Locator::Request(part.to_owned()),
            "stopped by the caller",
        )
        .with_help("resume the run later (--resume); what was finished is kept")),
    }
}

/// When the server gave its entry, by its own clock.
fn time_of(head: &Entry) -> Option<DateTime<Utc>> {
    head.text("currentTime").and_then(parse_generalized)
}

/// Active Directory gives long lists in ranges (`member;range=0-1499`): asks for the rest. Where it
/// does not come, the range stays in the name, by which a reader knows that the list is cut.
fn complete_lists(connection: &mut Connection, entry: &mut Entry) -> Result<()> {
    let mut seen = BTreeSet::new();
    for attribute in &mut entry.attributes {
        while let Some((name, next)) = rest_of(&attribute.name) {
            if !seen.insert(attribute.name.clone()) {
                break;
            }
            let mut search = Search::object(&entry.dn, &[]);
            search
                .attributes
                .push(format!("{name};range={next}-*").into());
            let more = connection.object(&search)?;
            let start = format!("{name};range={next}-");
            let more = more.into_iter().flat_map(|entry| entry.attributes);
            let mut more = more.filter(|more| {
                let start_of = more.name.get(..start.len());
                start_of.is_some_and(|found| found.eq_ignore_ascii_case(&start))
            });
            let Some(more) = more.next() else { break };
            attribute.values.extend(more.values);
            attribute.name = match rest_of(&more.name) {
                Some(_) => more.name,
                None => name,
            };
        }
    }
    // Beside a range the attribute itself stands without a value.
    entry
        .attributes
        .retain(|attribute| !attribute.values.is_empty());
    Ok(())
}

/// The plain name of a list that is given in part, and where its rest begins.
fn rest_of(name: &str) -> Option<(String, u64)> {
    let (plain, range) = name.split_once(";range=")?;
    let (_, last) = range.split_once('-')?;
    Some((plain.to_owned(), last.parse::<u64>().ok()?.checked_add(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_in_part_says_where_its_rest_begins() {
        assert_eq!(
            rest_of("member;range=0-1499"),
            Some(("member".into(), 1_500))
        );
        for whole in [
            "member",
            "member;range=1500-*",
            "member;range=",
            "member;range=0-18446744073709551615",
        ] {
            assert_eq!(rest_of(whole), None, "{whole}");
        }
    }
}
