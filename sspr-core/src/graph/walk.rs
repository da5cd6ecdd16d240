//! Reading one collection to its end, page by page, onto the disk.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::time::Duration;

use reqwest::Url;
use serde_json::value::RawValue;

use super::folder::{End, Folder};
use super::parts::{Part, Shape};
use super::refusal::Refusal;
use super::scan::{one_line, scan};
use super::session::{Ask, Given, Session};
use super::sheet::Sheet;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Locator, OnProgress, Progress, Stage, Subject};

/// How often the caller hears of a run in which nothing else happens.
const PACE: Duration = Duration::from_millis(100);
/// How often a collection whose links expire is begun anew.
const RESTARTS: u32 = 2;

/// A run.
pub(super) struct Run<'a, 'p> {
    pub(super) session: Session<'a>,
    pub(super) folder: RefCell<Folder>,
    progress: RefCell<&'a mut OnProgress<'p>>,
    /// What was reported last.
    at: RefCell<(String, u64)>,
    /// Whether a collection was cut short by something that may pass.
    pub(super) cut: Cell<bool>,
}

/// A page that was received, as one line.
struct Page {
    bytes: Vec<u8>,
    items: u64,
    next: Option<Url>,
    print: u64,
}

/// What was read of a collection so far.
#[derive(Default)]
struct Visited {
    links: HashSet<String>,
    /// Pages by what tells them apart: Graph was seen to give a page twice, under two links.
    pages: HashSet<u64>,
}

impl<'a, 'p> Run<'a, 'p> {
    pub(super) fn new(
        session: Session<'a>,
        folder: Folder,
        progress: &'a mut OnProgress<'p>,
    ) -> Self {
        Self {
            session,
            folder: RefCell::new(folder),
            progress: RefCell::new(progress),
            at: RefCell::new(("organization".to_owned(), 0)),
            cut: Cell::new(false),
        }
    }

    /// Finishes the run and its folder.
    pub(super) fn into_folder(self) -> Folder {
        self.folder.into_inner()
    }

    /// Ends with an error as soon as the caller asks for it, or the time is up.
    pub(super) async fn watch(&self) -> Error {
        let most = Duration::from_secs(self.session.engine.settings.bounds.seconds);
        let end = self.session.clock().elapsed().saturating_add(most);
        loop {
            tokio::time::sleep(PACE).await;
            let now = self.session.clock().elapsed();
            if now >= end {
                let message = format!("it takes longer than {} seconds", most.as_secs());
                return Error::new(ErrorCode::Limit, Locator::Whole, message)
                    .with_help("resume the run (--resume); what was read is kept");
            }
            if let Err(error) = self.report(now) {
                return error;
            }
        }
    }

    fn report(&self, now: Duration) -> Result<()> {
        let waiting = self.session.waiting.borrow().clone();
        let waiting = waiting.filter(|waiting| waiting.until > now);
        let at = self.at.borrow();
        let stage = match &waiting {
            Some(waiting) => Stage::Waiting {
                what: &waiting.what,
                seconds: waiting.until.saturating_sub(now).as_secs() + 1,
            },
            None => Stage::Collecting {
                part: &at.0,
                items: at.1,
                of: None,
            },
        };
        self.say(stage)
    }

    pub(super) fn tell(&self, part: &Part, items: u64) -> Result<()> {
        *self.at.borrow_mut() = (part.kind.to_owned(), items);
        self.say(Stage::Collecting {
            part: part.kind,
            items,
            of: None,
        })
    }

    fn say(&self, stage: Stage<'_>) -> Result<()> {
        let progress = Progress::new(stage, self.session.received.get(), None);
        match (*self.progress.borrow_mut())(progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::new(
                ErrorCode::Cancelled,
                Locator::Whole,
                "stopped by the caller",
            )),
        }
    }

    /// Asks for one object, and shows it.
    pub(super) async fn object(&self, part: &Part) -> Result<Given<Vec<u8>>> {
        let ask = Ask::get(self.session.url(&part.path)?, part.budget, part.units);
        let read = &mut |body: &mut Vec<u8>| {
            let seen = scan(body, &mut |_| {})?;
            if seen.list || seen.error || seen.fields == 0 {
                return Err("the answer is not the object that was asked for".to_owned());
            }
            Ok(std::mem::take(body))
        };
        self.session.ask(&ask, read).await
    }

    /// Reads a part into its file, and shows each item of a list. A part that an earlier run
    /// finished is shown from there. Says whether it is there to its end.
    pub(super) async fn part(
        &self,
        part: &Part,
        subject: Option<Subject>,
        each: &mut dyn FnMut(&RawValue),
    ) -> Result<bool> {
        self.part_from(part, subject, None, each).await
    }

    /// The same, of which the first page is here already.
    pub(super) async fn part_from(
        &self,
        part: &Part,
        subject: Option<Subject>,
        first: Option<Vec<u8>>,
        each: &mut dyn FnMut(&RawValue),
    ) -> Result<bool> {
        let mut visited = Visited::default();
        let mut show = |page: &[u8]| {
            // It was found in order when it was written.
            visited
                .pages
                .extend(scan(page, each).map(|seen| seen.print));
        };
        if self.folder.borrow().is_done(part) {
            let folder = self.folder.borrow();
            folder.reread(part, &mut show)?;
            return Ok(true);
        }
        self.tell(part, 0)?;
        let now = self.session.clock().now();
        let mut sheet = self.folder.borrow_mut().sheet(part, now, &mut show)?;
        let refusal = match part.shape {
            Shape::One => match self.object(part).await? {
                Ok(mut body) => {
                    one_line(&mut body);
                    sheet.page(&body, 1, None)?;
                    None
                }
                Err(refusal) => Some(refusal),
            },
            Shape::List | Shape::Either => {
                self.pages(part, &mut sheet, first, visited, each).await?
            }
        };
        self.end(part, sheet, subject, refusal)
    }

    /// Ends a file, and notes why it is not whole if it is not.
    fn end(
        &self,
        part: &Part,
        sheet: Sheet,
        subject: Option<Subject>,
        refusal: Option<Refusal>,
    ) -> Result<bool> {
        let mut folder = self.folder.borrow_mut();
        let Some(refusal) = refusal else {
            folder.finish(part, sheet, subject, End::Whole)?;
            return Ok(true);
        };
        let cloud = self.session.engine.settings.cloud;
        folder.lacks(refusal.not_available(part, cloud))?;
        if refusal.exhausted.is_some() {
            self.cut.set(true);
        }
        if sheet.open.pages > 0 {
            folder.finish(part, sheet, subject, End::Cut)?;
        } else {
            folder.drop_sheet(part, &sheet)?;
        }
        Ok(false)
    }

    /// Reads pages until the last, or until one is refused.
    async fn pages(
        &self,
        part: &Part,
        sheet: &mut Sheet,
        mut first: Option<Vec<u8>>,
        mut visited: Visited,
        each: &mut dyn FnMut(&RawValue),
    ) -> Result<Option<Refusal>> {
        let bounds = &self.session.engine.settings.bounds;
        let beginning = self.session.url(&part.path)?;
        // The state is a file: what it says is no more trusted than an answer.
        let link = sheet.open.next.as_deref();
        let link = link.and_then(|link| self.session.link(link));
        let mut url = link.unwrap_or_else(|| beginning.clone());
        if sheet.open.pages == 0 || url == beginning {
            visited = Visited::default();
            sheet.restart(self.session.clock().now())?;
        }
        let (mut restarts, mut again) = (0, 0);
        loop {
            visited.links.insert(url.as_str().to_owned());
            let ask = Ask::get(url.clone(), part.budget, part.units);
            let mut read = |body: &mut Vec<u8>| self.look(part, body, &visited, each);
            // A page from a batch that cannot be right is asked for alone.
            let here = first.take().and_then(|mut body| read(&mut body).ok());
            let given = if let Some(page) = here {
                Ok(page)
            } else {
                self.session.ask(&ask, &mut read).await?
            };
            let page = match given {
                Ok(page) => page,
                Err(refusal)
                    if url != beginning
                        && (refusal.expired_page() || matches!(refusal.status, 400 | 404))
                        && restarts < RESTARTS =>
                {
                    // The link has expired: this collection, and no other, begins anew.
                    restarts += 1;
                    visited = Visited::default();
                    url.clone_from(&beginning);
                    sheet.restart(self.session.clock().now())?;
                    continue;
                }
                Err(refusal) => return Ok(Some(refusal)),
            };
            let next = page.next.as_ref().map(|url| url.as_str().to_owned());
            if page.items > 0 && !visited.pages.insert(page.print) {
                // Once is enough. What comes behind it is read on.
                again += 1;
                if again > bounds.attempts {
                    let why = "the same page comes again and again";
                    return Ok(Some(Refusal::default().exhausted(why)));
                }
                sheet.skip(next);
            } else {
                again = 0;
                sheet.page(&page.bytes, page.items, next)?;
            }
            self.folder.borrow_mut().note(part, sheet)?;
            self.tell(part, sheet.open.items)?;
            let Some(next) = page.next else {
                return Ok(None);
            };
            if sheet.open.pages >= bounds.pages {
                let why = format!("it has more than {} pages", bounds.pages);
                return Ok(Some(Refusal::default().exhausted(why)));
            }
            url = next;
        }
    }

    /// Looks at a page. One that cannot be right is asked for again.
    fn look(
        &self,
        part: &Part,
        body: &mut Vec<u8>,
        visited: &Visited,
        each: &mut dyn FnMut(&RawValue),
    ) -> Result<Page, String> {
        let seen = scan(body, each)?;
        let object = part.shape == Shape::Either && seen.fields > 0 && seen.next.is_none();
        if seen.error || !(seen.list || object) {
            return Err("the answer is not the list that was asked for".to_owned());
        }
        let next = match seen.next {
            None => None,
            Some(link) => {
                let url = self.session.link(&link);
                let url =
                    url.ok_or("the next page is said to be elsewhere, and is not asked for")?;
                if visited.links.contains(url.as_str()) {
                    return Err("the next page is said to be one that was read already".to_owned());
                }
                Some(url)
            }
        };
        one_line(body);
        Ok(Page {
            items: if seen.list { seen.items } else { 1 },
            print: seen.print,
            bytes: std::mem::take(body),
            next,
        })
    }
}
