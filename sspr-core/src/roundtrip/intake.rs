//! From events of every source to items.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hash, Hasher};

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use super::item::{Answer, Item, Origins, What, can_be};
use super::names::{Name, Names};
use super::{PasswordSet, step};
use crate::events::audit::{Activity, AuditRecord, AuditResult};
use crate::events::causes::{self, RootCause};
use crate::events::{HResult, Message, WindowsEvent};
use crate::evidence::Provenance;

/// The bit of `Keywords` that says that an audited action failed.
const AUDIT_FAILURE: u64 = 0x0010_0000_0000_0000;

/// What the name of a person's cloud object begins with.
const USER: &str = "User_";

/// Events that wait to be joined.
#[derive(Debug, Clone, Default)]
pub(super) struct Intake {
    pub(super) items: Vec<Item>,
    pub(super) names: Names,
    pub(super) origins: Origins,
    /// Deliveries of what was there already.
    pub(super) repeated: u64,
    /// What has no record number is looked for among all others in the end.
    pub(super) unnumbered: bool,
    /// The computers that events name.
    hosts: BTreeSet<Name>,
    /// By record: the hash and the place among the items.
    seen: HashTable<(u64, u32)>,
    hasher: DefaultHashBuilder,
}

impl Intake {
    pub(super) fn event(&mut self, event: &WindowsEvent, from: &Provenance) {
        let Some(what) = step::what(event) else {
            return;
        };
        let place = self.origins.place(from, event.time);
        let mut item = Item::blank(what, event.id, place);
        item.time = event.time.filter(can_be);
        item.local_time = event.local_time;
        if let Some(host) = event.computer.as_deref() {
            item.host = self.host(host);
            item.machine = item.host;
        }
        let text = event.text();
        item.has_record = event.record.is_some();
        item.order = event.record.unwrap_or_else(|| {
            let mut state = fixed();
            text.hash(&mut state);
            state.finish()
        });
        match what {
            What::Start(_) | What::Success(_) | What::Failure(_) | What::Aside | What::Engine => {
                let message = Message::parse(&text);
                if matches!(what, What::Aside) && message.tracking_id.is_none() {
                    return;
                }
                self.service(&mut item, event, &text, &message);
            }
            What::Diagnostic => {}
            What::HashSync => {
                for anchor in hash_sync_anchors(&text) {
                    let mut one = item.clone();
                    one.source = self.names.id(anchor);
                    one.failed = text.contains("Result") && !text.contains("Success");
                    self.keep(one);
                }
                return;
            }
            What::Agent => {
                let named = event
                    .named("UserName")
                    .or_else(|| after(&text, "UserName:"));
                let Some(account) = named else { return };
                item.account = self.names.id(account);
                item.failed = true;
            }
            _ => {
                if !self.security(&mut item, event) {
                    return;
                }
            }
        }
        self.keep(item);
    }

    fn service(
        &mut self,
        item: &mut Item,
        event: &WindowsEvent,
        text: &str,
        message: &Message<'_>,
    ) {
        let names = &mut self.names;
        item.tracking = message.tracking_id.unwrap_or_default();
        item.user = message.person().and_then(|user| names.id(user));
        item.source = message.source_anchor.and_then(|source| names.id(source));
        item.by = message.admin.and_then(|admin| names.id(admin));
        let anchor = message
            .cloud_anchor
            .or_else(|| (item.what == What::Engine).then(|| anchor_in(text))?);
        item.anchor = anchor.and_then(|anchor| names.id(anchor));
        item.unlock = message.unlock;
        item.force_change = message.force_change;
        item.own = message.admin_is_person();
        item.stack = message.stack;
        item.code = message.code.map_or(0, |code| code.0);
        let fails = match item.what {
            What::Failure(_) | What::Engine => true,
            What::Aside => step::aside_fails(event.id),
            _ => false,
        };
        if fails {
            item.failed = true;
            item.cause = causes::of_event(event, message);
        }
    }

    /// Reads an event of the Security log; `false` for one that is nobody's.
    fn security(&mut self, item: &mut Item, event: &WindowsEvent) -> bool {
        // Carriers that lose the names of the data strings keep their order.
        let places: [Option<usize>; 5] = match event.id {
            4738 => [Some(1), Some(2), Some(5), Some(6), Some(4)],
            4624 => [Some(5), Some(6), None, None, None],
            4768 => [Some(0), Some(1), None, None, None],
            4776 => [Some(1), None, None, None, None],
            _ => [Some(0), Some(1), Some(4), Some(5), Some(3)],
        };
        let [target, domain, by, by_domain, by_sid] = places;
        let Some(account) = field(event, "TargetUserName", target) else {
            return false;
        };
        if account.ends_with('$') {
            return false;
        }
        let names = &mut self.names;
        item.account = names.id(account);
        // Of a lockout it holds the caller's computer.
        if item.what != What::Lockout {
            item.domain = field(event, "TargetDomainName", domain).and_then(|text| names.id(text));
        }
        item.failed = event.keywords.is_some_and(|bits| bits & AUDIT_FAILURE != 0);
        if item.what == What::SignIn {
            let place = (event.id == 4768).then_some(6);
            let place = if event.id == 4776 { Some(3) } else { place };
            let status = field(event, "Status", place);
            let is_good = status
                .is_none_or(|status| status.trim_start_matches("0x").trim_matches('0').is_empty());
            let is_person = event.id != 4624
                || field(event, "LogonType", Some(8))
                    .is_some_and(|kind| matches!(kind.trim(), "2" | "10"));
            // A certificate signs in: a smart card, or the PIN of Windows Hello.
            let by_key = event.id == 4768
                && field(event, "PreAuthType", Some(8))
                    .is_some_and(|kind| matches!(kind.trim(), "15" | "16" | "17"));
            return is_good && is_person && !by_key && !item.failed;
        }
        item.by = field(event, "SubjectUserName", by).and_then(|text| names.id(text));
        item.by_domain =
            field(event, "SubjectDomainName", by_domain).and_then(|text| names.id(text));
        item.by_sid = field(event, "SubjectUserSid", by_sid).and_then(|text| names.id(text));
        if item.what == What::Edit {
            item.sets = field(event, "PasswordLastSet", Some(17))
                .is_some_and(|time| !matches!(time.trim(), "-" | "" | "%%1794"));
        }
        true
    }

    pub(super) fn audit(&mut self, record: &AuditRecord, from: &Provenance) {
        if matches!(
            record.activity,
            Activity::WritebackEnabled
                | Activity::WritebackDisabled
                | Activity::PolicyChanged
                | Activity::Registered
                | Activity::Other
        ) {
            return;
        }
        let place = self.origins.place(from, Some(record.time));
        let mut item = Item::blank(What::Audit(record.activity), 0, place);
        item.time = Some(record.time).filter(can_be);
        let mut state = fixed();
        (
            &record.id,
            &record.name,
            &record.reason,
            &record.target,
            &record.actor,
        )
            .hash(&mut state);
        record.correlation.hash(&mut state);
        item.order = state.finish();
        item.has_record = record.id.is_some();
        item.tracking = record.correlation.unwrap_or_default();
        item.agent = record.agent;
        item.failed = record.result != AuditResult::Success;
        let (answer, cause) = answer(record);
        item.answer = answer;
        item.cause = cause;
        item.code = code(record).map_or(0, |code| code.0);
        let names = &mut self.names;
        let mut person = |text: &str| match Uuid::try_parse(text.trim()) {
            Ok(id) => item.anchor = names.id(&anchor_of(id)),
            Err(_) => item.user = names.id(text),
        };
        if let Some(target) = &record.target {
            person(target);
        } else if let Some(actor) = &record.actor
            && !record.by_application
            && record.activity != Activity::AdminReset
        {
            person(actor);
        }
        if !record.by_application {
            item.by = record.actor.as_deref().and_then(|actor| names.id(actor));
        }
        self.keep(item);
    }

    pub(super) fn password_set(&mut self, set: &PasswordSet, from: &Provenance) {
        let place = self.origins.place(from, Some(set.at));
        let mut item = Item::blank(What::PasswordSet, 0, place);
        item.time = Some(set.at).filter(can_be);
        let mut id = |text: &Option<String>| text.as_deref().and_then(|text| self.names.id(text));
        item.user = id(&set.user);
        item.account = id(&set.account);
        item.domain = id(&set.domain);
        // Two lists tell of the same password.
        item.has_record = true;
        let mut state = fixed();
        (&set.user, &set.account, set.at).hash(&mut state);
        item.order = state.finish();
        self.keep(item);
    }

    /// Keeps an item, once: of two deliveries the one whose evidence comes first.
    fn keep(&mut self, item: Item) {
        if !item.has_record {
            self.unnumbered = true;
            self.items.push(item);
            return;
        }
        let hash = self.key(&item);
        let items = &mut self.items;
        let again = self.seen.find(hash, |(known, index)| {
            *known == hash
                && items
                    .get(*index as usize)
                    .is_some_and(|known| known.is_again(&item))
        });
        if let Some(known) = again.and_then(|(_, index)| items.get_mut(*index as usize)) {
            self.repeated += 1;
            self.origins.prefer(known, item);
            return;
        }
        let Ok(index) = u32::try_from(items.len()) else {
            return;
        };
        items.push(item);
        self.seen
            .insert_unique(hash, (hash, index), |(hash, _)| *hash);
    }

    fn key(&self, item: &Item) -> u64 {
        key(&self.hasher, item)
    }

    /// Takes the items of all that waits, each once, by time. What has no record number is
    /// compared with what has.
    pub(super) fn take(&mut self) -> Vec<Item> {
        self.seen.clear();
        let mut items = std::mem::take(&mut self.items);
        let machines = self.machines();
        if !machines.is_empty() {
            // Deliveries of one event may name its computer in either way.
            self.unnumbered = true;
            for item in &mut items {
                item.machine = item
                    .machine
                    .map(|name| *machines.get(&name).unwrap_or(&name));
            }
        }
        items.sort_by(|a, b| order(&self.names, a, b));
        if self.unnumbered {
            items = self.once(items);
        }
        items
    }

    fn once(&mut self, items: Vec<Item>) -> Vec<Item> {
        let mut kept: Vec<Item> = Vec::with_capacity(items.len());
        let mut open: HashTable<u32> = HashTable::new();
        for item in items {
            let rest = |item: &Item| {
                let mut state = self.hasher.build_hasher();
                (
                    item.what,
                    item.id,
                    item.machine,
                    item.tracking,
                    item.account,
                )
                    .hash(&mut state);
                item.source.hash(&mut state);
                item.time.map(|time| time.timestamp()).hash(&mut state);
                state.finish()
            };
            let hash = rest(&item);
            let again = open.find(hash, |index| {
                kept.get(*index as usize)
                    .is_some_and(|known| known.is_again(&item))
            });
            if let Some(known) = again.and_then(|index| kept.get_mut(*index as usize)) {
                self.repeated += 1;
                self.origins.prefer(known, item);
                continue;
            }
            let Ok(index) = u32::try_from(kept.len()) else {
                continue;
            };
            kept.push(item);
            open.insert_unique(hash, index, |index| {
                kept.get(*index as usize).map_or(0, &rest)
            });
        }
        kept
    }

    /// The full names of computers that some events name without their domain, where only one
    /// comes into question.
    pub(super) fn machines(&self) -> HashMap<Name, Name> {
        let mut full: HashMap<String, Vec<Name>> = HashMap::new();
        for host in &self.hosts {
            if let Some((short, _)) = self.names.text(*host).split_once('.') {
                full.entry(short.to_ascii_lowercase())
                    .or_default()
                    .push(*host);
            }
        }
        let machine = |host: &Name| {
            let [only] = full.get(&self.names.text(*host).to_ascii_lowercase())?[..] else {
                return None;
            };
            Some((*host, only))
        };
        self.hosts.iter().filter_map(machine).collect()
    }

    /// The computer of a name.
    pub(super) fn host(&mut self, host: &str) -> Option<Name> {
        let host = self.names.id(host);
        self.hosts.extend(host);
        host
    }

    /// Gives back what stays for later.
    pub(super) fn give_back(&mut self, items: Vec<Item>) {
        for item in items {
            self.keep(item);
        }
    }
}

impl Origins {
    /// Of two deliveries of one event the better stays: the one with a record number, with a time
    /// of a known zone, of the finer time, of the evidence that comes first.
    fn prefer(&self, known: &mut Item, other: Item) {
        let rank = |item: &Item| {
            let from = self.provenance(item);
            (
                !item.has_record,
                item.local_time,
                item.time
                    .is_none_or(|time| time.timestamp_subsec_nanos() == 0),
                from.source,
                from.locator,
            )
        };
        if rank(&other) < rank(known) {
            *known = other;
        }
    }
}

fn key(hasher: &DefaultHashBuilder, item: &Item) -> u64 {
    hasher.hash_one((item.machine, item.what, item.id, item.order))
}

/// Items by time, and at the same time always in the same order.
fn order(names: &Names, a: &Item, b: &Item) -> std::cmp::Ordering {
    let text = |name: Option<Name>| name.map(|name| names.text(name));
    a.time
        .cmp(&b.time)
        .then_with(|| text(a.host).cmp(&text(b.host)))
        .then_with(|| (a.order, a.what, a.id).cmp(&(b.order, b.what, b.id)))
        .then_with(|| a.tracking.cmp(&b.tracking))
        .then_with(|| text(a.user).cmp(&text(b.user)))
        .then_with(|| text(a.account).cmp(&text(b.account)))
        .then_with(|| text(a.source).cmp(&text(b.source)))
}

/// A hasher that gives the same number on every run.
fn fixed() -> impl Hasher {
    std::hash::DefaultHasher::new()
}

/// A data string by its name, or by its place where the carrier lost the names.
fn field<'e>(event: &'e WindowsEvent, name: &str, place: Option<usize>) -> Option<&'e str> {
    let by_place = || {
        let is_nameless = event.data.iter().all(|datum| datum.name.is_none());
        let datum = event.data.get(place.filter(|_| is_nameless)?)?;
        Some(datum.value.as_str())
    };
    let text = event.named(name).or_else(by_place)?.trim();
    (!text.is_empty() && text != "-").then_some(text)
}

/// The word after a mark.
fn after<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    text.split_once(mark)?.1.split_whitespace().next()
}

/// The name of a cloud object in events.
pub(super) fn anchor_of(id: Uuid) -> String {
    let mut anchor = String::with_capacity(USER.len() + Hyphenated::LENGTH);
    anchor.push_str(USER);
    anchor.push_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    anchor
}

/// The cloud object that the engine names.
fn anchor_in(text: &str) -> Option<&str> {
    let at = text.find(USER)?;
    let anchor = text.get(at..at + USER.len() + Hyphenated::LENGTH)?;
    Uuid::try_parse(anchor.get(USER.len()..)?)
        .is_ok()
        .then_some(anchor)
}

/// The immutable ids in an event of hash synchronisation, which may tell of fifty people.
fn hash_sync_anchors(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("Anchor").filter_map(|(at, mark)| {
        let rest = text.get(at + mark.len()..)?;
        let value = rest.trim_start_matches([' ', ':']);
        let end = value.find([',', ' ', '\r', '\n']).unwrap_or(value.len());
        value.get(..end).filter(|anchor| !anchor.is_empty())
    })
}

fn code(record: &AuditRecord) -> Option<HResult> {
    let reason = record.reason.as_deref()?;
    Message::parse(reason).code
}

/// What a record answers, and why.
fn answer(record: &AuditRecord) -> (Answer, Option<&'static RootCause>) {
    const CLOUD_FAILED: &str = "onpremisessuccesscloudfailure";
    let reason = record.reason.as_deref().unwrap_or_default().to_lowercase();
    if reason.contains(CLOUD_FAILED) {
        return (Answer::CloudFailed, None);
    }
    if record.activity == Activity::Blocked {
        return (Answer::Refused, causes::by_reason("throttled"));
    }
    if record.result == AuditResult::Success {
        return (Answer::Success, None);
    }
    let known = code(record).and_then(causes::by_code);
    let Some(cause) = known.or_else(|| causes::by_reason(&reason)) else {
        let failed = reason.contains("serviceerror");
        let answer = if failed {
            Answer::Failed
        } else {
            Answer::Unclear
        };
        return (answer, None);
    };
    let answer = match cause.fault {
        causes::Fault::Policy | causes::Fault::Person => Answer::Refused,
        // A code of several meanings says nothing; that an administrator has to act says that it failed.
        causes::Fault::Unclear if known.is_some() => Answer::Unclear,
        causes::Fault::System | causes::Fault::Unclear => Answer::Failed,
    };
    (answer, Some(cause))
}
