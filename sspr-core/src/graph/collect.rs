//! A run: what is read, in which order, and what comes of it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::{Either, select, try_join4};
use futures_util::pin_mut;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::clock::{Clock, SystemClock};
use super::doubt::{Doubts, Products};
use super::folder::{End, Folder};
use super::parts::{self, Part};
use super::scan::{one_line, scan};
use super::session::{Engine, Session};
use super::settings::Settings;
use super::sign_in::SignIn;
use super::walk::Run;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{
    Locator, ManifestTenant, NotAvailable, NotAvailableReason, OnProgress, Subject, SubjectType,
};
use crate::policy::{administrator_role, administrator_role_named};

/// What was collected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Collected {
    /// The folder with the evidence.
    pub folder: PathBuf,
    /// The tenant's id.
    pub tenant: Option<String>,
    /// Its initial domain, such as `contoso.onmicrosoft.com`.
    pub initial_domain: Option<String>,
    /// Files, the manifest apart.
    pub files: u64,
    /// People in the list of users.
    pub people: u64,
    /// Bytes received in this run, unpacked.
    pub received: u64,
    /// What is not there, and why.
    pub not_available: Vec<NotAvailable>,
    /// Whether nothing was cut short. What was can be read on with [`Settings::resume`].
    pub complete: bool,
}

/// Most groups whose members are read: those in the scope's group and in roles.
const MOST_GROUPS: usize = 2_000;
/// The password reset's people in doubt are asked about in batches of so many.
const BATCH: usize = 20;

/// Reads a tenant and writes an evidence folder.
///
/// Nothing is changed in the tenant: only GET, and batches of GETs, exist. The progress callback
/// hears of every page, and ten times a second while nothing comes; it may stop the run at once, and
/// the run can be resumed then. What Graph does not give is no error, but stands in
/// [`Collected::not_available`]. Errors say where it ended: at the settings, the sign-in, the
/// server's certificate, or a server that never answered.
pub fn collect(
    settings: &Settings,
    sign_in: &SignIn,
    progress: &mut OnProgress<'_>,
) -> Result<Collected> {
    collect_by(Arc::new(SystemClock::new()), settings, sign_in, progress)
}

/// Like [`collect()`], by a clock of the caller's.
pub fn collect_by(
    clock: Arc<dyn Clock>,
    settings: &Settings,
    sign_in: &SignIn,
    progress: &mut OnProgress<'_>,
) -> Result<Collected> {
    let engine = Engine::new(settings, clock)?;
    let folder = Folder::open(settings, engine.clock.now())?;
    let runtime = runtime()?;
    let run = Run::new(Session::new(&engine, sign_in), folder, progress);
    let worked = runtime.block_on(async {
        let work = everything(&run);
        let watch = run.watch();
        pin_mut!(work, watch);
        match select(work, watch).await {
            Either::Left((worked, _)) => worked,
            Either::Right((stopped, _)) => Err(stopped),
        }
    });
    // A caller's own token provider may hang; nobody waits for it.
    runtime.shutdown_background();
    if let Err(error) = worked {
        // How far it came is worth more than that this, too, went wrong.
        let _ = run.into_folder().save();
        return Err(error);
    }
    let (received, complete) = (run.session.received.get(), !run.cut.get());
    let state = run.into_folder().close(complete)?;
    let people = state
        .files
        .iter()
        .find(|file| file.path.starts_with("users."));
    Ok(Collected {
        people: people.and_then(|file| file.items).unwrap_or(0),
        folder: settings.folder.clone(),
        tenant: state.tenant.as_ref().and_then(|tenant| tenant.id.clone()),
        initial_domain: state.tenant.and_then(|tenant| tenant.initial_domain),
        files: state.files.len() as u64,
        received,
        not_available: state.not_available,
        complete,
    })
}

/// A runtime of one thread.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::new(ErrorCode::Io, Locator::Whole, error.to_string()))
}

/// The tenant and its products come first: the one shows whether the sign-in is in order, the others
/// decide what is asked of people. Then all services at once, each at its own pace.
async fn everything(run: &Run<'_, '_>) -> Result<()> {
    let tenant = RefCell::new(None);
    run.part(&parts::organization(), None, &mut |item| {
        let mut tenant = tenant.borrow_mut();
        if tenant.is_none() {
            *tenant = Organization::read(item);
        }
    })
    .await?;
    let tenant = tenant.into_inner();
    if let Some(tenant) = tenant {
        run.folder.borrow_mut().state.tenant = Some(tenant);
    }
    let subject = run.subject();
    let mut products = Products::default();
    run.part(&parts::subscribed_skus(), subject.clone(), &mut |item| {
        products.add(item);
    })
    .await?;
    let settings = &run.session.engine.settings;
    let began = run.folder.borrow().state.began;
    let identity = async {
        for part in parts::small(settings) {
            run.part(&part, subject.clone(), &mut |_| {}).await?;
        }
        run.domains(subject.clone()).await?;
        run.groups().await
    };
    let reports = async {
        for part in parts::reports(settings, began) {
            run.part(&part, subject.clone(), &mut |_| {}).await?;
        }
        Ok(())
    };
    let conditional_access = async {
        run.part(&parts::conditional_access(), subject.clone(), &mut |_| {})
            .await
            .map(|_| ())
    };
    let users = run.users(&products, subject.clone());
    // On the heap, where many pages in flight belong.
    let all = Box::pin(try_join4(identity, reports, conditional_access, users));
    all.await.map(|_| ())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Organization<'a> {
    id: Uuid,
    #[serde(default, borrow)]
    verified_domains: Option<Vec<VerifiedDomain<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VerifiedDomain<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(default)]
    is_initial: bool,
}

impl Organization<'_> {
    fn read(item: &RawValue) -> Option<ManifestTenant> {
        let read: Organization<'_> = serde_json::from_str(item.get()).ok()?;
        let domains = read.verified_domains.unwrap_or_default();
        let initial = domains.iter().find(|domain| domain.is_initial);
        Some(ManifestTenant {
            id: Some(read.id.to_string()),
            initial_domain: initial.map(|domain| domain.name.clone().into_owned()),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Domain<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(default, borrow)]
    authentication_type: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Role<'a> {
    id: Uuid,
    #[serde(rename = "roleTemplateId")]
    template: Uuid,
    #[serde(default, borrow)]
    display_name: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Member<'a> {
    id: Uuid,
    #[serde(default, borrow, rename = "@odata.type")]
    kind: Option<Cow<'a, str>>,
}

/// Keeps the groups among members.
fn nested(item: &RawValue, groups: &mut BTreeSet<Uuid>) {
    if let Ok(member) = serde_json::from_str::<Member<'_>>(item.get())
        && member
            .kind
            .is_some_and(|kind| kind.ends_with("graph.group"))
    {
        groups.insert(member.id);
    }
}

impl Run<'_, '_> {
    /// The tenant, as whom most files are about.
    fn subject(&self) -> Option<Subject> {
        let folder = self.folder.borrow();
        let tenant = folder.state.tenant.as_ref()?;
        Some(Subject {
            kind: SubjectType::Tenant,
            id: tenant.id.clone(),
            name: tenant.initial_domain.clone(),
        })
    }

    /// Domains, and how the federated ones are federated.
    async fn domains(&self, subject: Option<Subject>) -> Result<()> {
        let mut federated = BTreeSet::new();
        self.part(&parts::domains(), subject.clone(), &mut |item| {
            if let Ok(domain) = serde_json::from_str::<Domain<'_>>(item.get())
                && domain
                    .authentication_type
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("federated"))
                && domain
                    .id
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || ".-".contains(c))
            {
                federated.insert(domain.id.to_ascii_lowercase());
            }
        })
        .await?;
        for domain in federated {
            self.part(&parts::federation(&domain), subject.clone(), &mut |_| {})
                .await?;
        }
        Ok(())
    }

    /// Administrators' roles with their members, then the group in scope, and all groups inside of
    /// these.
    async fn groups(&self) -> Result<()> {
        let mut roles = BTreeMap::new();
        self.part(&parts::directory_roles(), self.subject(), &mut |item| {
            let Ok(role) = serde_json::from_str::<Role<'_>>(item.get()) else {
                return;
            };
            let name = role.display_name.unwrap_or_default().into_owned();
            let listed = administrator_role(role.template);
            if listed.or_else(|| administrator_role_named(&name)).is_some() {
                roles.insert(role.template, (role.id, name));
            }
        })
        .await?;
        let mut open = BTreeSet::new();
        self.roles(roles, &mut open).await?;
        let scope = self.session.engine.settings.scope_group.as_deref();
        if let Some(id) = scope.and_then(|id| Uuid::try_parse(id).ok()) {
            open.insert(id);
        }
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop_first() {
            if !seen.insert(id) {
                continue;
            }
            if seen.len() > MOST_GROUPS {
                self.cut.set(true);
                return self.folder.borrow_mut().lacks(NotAvailable {
                    what: "members".to_owned(),
                    reason: NotAvailableReason::Error,
                    detail: Some(format!(
                        "members: more than {MOST_GROUPS} groups lie in each other"
                    )),
                });
            }
            let mut inside = BTreeSet::new();
            let part = parts::group_members(id);
            let name = if self.folder.borrow().is_done(&part) {
                None
            } else {
                self.name_of(id).await?
            };
            let subject = Subject {
                kind: SubjectType::Group,
                id: Some(id.to_string()),
                name,
            };
            self.part(&part, Some(subject), &mut |item| nested(item, &mut inside))
                .await?;
            open.extend(inside.difference(&seen));
        }
        Ok(())
    }

    /// The name of a group, where it can be had.
    async fn name_of(&self, id: Uuid) -> Result<Option<String>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Named {
            display_name: Option<String>,
        }
        let given = self.object(&parts::group(id)).await?;
        let body = given.ok();
        Ok(body.and_then(|body| serde_json::from_slice::<Named>(&body).ok()?.display_name))
    }

    /// Members of roles: the first pages in batches, the others one by one.
    async fn roles(
        &self,
        roles: BTreeMap<Uuid, (Uuid, String)>,
        groups: &mut BTreeSet<Uuid>,
    ) -> Result<()> {
        let parts: Vec<_> = roles
            .into_iter()
            .map(|(template, (id, name))| {
                let subject = Subject {
                    kind: SubjectType::Role,
                    id: Some(template.to_string()),
                    name: Some(name).filter(|name| !name.is_empty()),
                };
                (parts::role_members(id, template), subject)
            })
            .collect();
        let done = |part: &Part| self.folder.borrow().is_done(part);
        let (there, asked): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(part, _)| done(part));
        let addresses: Vec<_> = asked
            .iter()
            .map(|(part, _)| without_version(&part.path))
            .collect();
        let Some((first, _)) = asked.first() else {
            for (part, subject) in there {
                self.part(&part, Some(subject), &mut |item| nested(item, groups))
                    .await?;
            }
            return Ok(());
        };
        let answers = self
            .session
            .batch(&addresses, first.budget, first.units)
            .await?;
        for ((part, subject), answer) in asked.into_iter().zip(answers) {
            let each = &mut |item: &RawValue| nested(item, groups);
            match answer {
                Ok(page) => {
                    self.part_from(&part, Some(subject), Some(page), each)
                        .await?;
                }
                Err(refusal) => {
                    let cloud = self.session.engine.settings.cloud;
                    self.cut.set(self.cut.get() || refusal.exhausted.is_some());
                    self.folder
                        .borrow_mut()
                        .lacks(refusal.not_available(&part, cloud))?;
                }
            }
        }
        for (part, subject) in there {
            self.part(&part, Some(subject), &mut |item| nested(item, groups))
                .await?;
        }
        Ok(())
    }

    /// All people, then the plans of those whose licences leave a doubt.
    async fn users(&self, products: &Products, subject: Option<Subject>) -> Result<()> {
        // Without the products no licence says anything, and plans are read of all.
        let with_plans = products.is_empty();
        let most = self.session.engine.settings.bounds.people_in_doubt;
        let mut doubts = Doubts::new(products, if with_plans { 0 } else { most });
        self.part(&parts::users(with_plans), subject.clone(), &mut |item| {
            if !with_plans {
                doubts.look(item);
            }
        })
        .await?;
        if doubts.beyond > 0 {
            self.folder.borrow_mut().lacks(NotAvailable {
                what: "users".to_owned(),
                reason: NotAvailableReason::NotRequested,
                detail: Some(format!(
                    "users: the licences of {} more people leave a doubt; plans were read of {most}",
                    doubts.beyond
                )),
            })?;
        }
        let part = parts::users_in_doubt();
        if doubts.people.is_empty() || self.folder.borrow().is_done(&part) {
            return Ok(());
        }
        self.plans(&part, subject, &doubts.people).await
    }

    /// The plans of these people. Who is not there any more is left out.
    async fn plans(
        &self,
        part: &Part,
        subject: Option<Subject>,
        people: &BTreeSet<Uuid>,
    ) -> Result<()> {
        let now = self.session.clock().now();
        let mut sheet = self.folder.borrow_mut().sheet(part, now, &mut |_| {})?;
        let addresses: Vec<_> = people
            .iter()
            .map(|id| parts::plans_of(&id.to_string()))
            .collect();
        for some in addresses.chunks(BATCH) {
            for answer in self.session.batch(some, part.budget, part.units).await? {
                match answer {
                    Ok(mut body) if scan(&body, &mut |_| {}).is_ok() => {
                        one_line(&mut body);
                        sheet.page(&body, 1, None)?;
                    }
                    Err(refusal) if refusal.status == 404 => {}
                    refused => {
                        let refusal = refused.err().unwrap_or_default();
                        let cloud = self.session.engine.settings.cloud;
                        self.cut.set(self.cut.get() || refusal.exhausted.is_some());
                        self.folder
                            .borrow_mut()
                            .lacks(refusal.not_available(part, cloud))?;
                    }
                }
            }
            self.tell(part, sheet.open.items)?;
        }
        let mut folder = self.folder.borrow_mut();
        if sheet.open.items == 0 {
            return folder.drop_sheet(part, &sheet);
        }
        folder.finish(part, sheet, subject, End::Selection)
    }
}

/// An address as it stands in a batch.
fn without_version(path: &str) -> String {
    path.strip_prefix("/v1.0").unwrap_or(path).to_owned()
}
