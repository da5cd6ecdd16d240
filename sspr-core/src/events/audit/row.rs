//! A record out of a row of the CSV that the Entra admin center downloads.
//!
//! Its columns are `Date (UTC)`, `CorrelationId`, `Service`, `Category`, `Activity`, `Result`,
//! `ResultReason`, `User Agent`, `ActorType`, `ActorDisplayName`, `ActorObjectId`,
//! `ActorUserPrincipalName`, `IPAddress`, `ActorHomeTenantId`, `ActorHomeTenantName`,
//! `ActorServicePrincipalId`, `ActorServicePrincipalName`; of up to three targets `Target1Type`,
//! `Target1DisplayName`, `Target1ObjectId`, `Target1UserPrincipalName` and their changed
//! properties; and up to six `AdditionalDetail1Key`, `AdditionalDetail1Value`. The names with blanks
//! and the plain words come in the language of the portal, the others mostly do not.
//!
//! Source: tools that read such downloads, such as
//! <https://github.com/bitpusher2k> (ProcessEntraAuditLog.ps1).

use uuid::Uuid;

use super::activity::{Details, activity_of, result_of};
use super::{AuditRecord, AuditResult};
use crate::carrier::delimited::{Fields, Head};
use crate::error::{Error, Result};
use crate::evidence::Locator;
use crate::time::local::Written;

/// Plain words in the languages that were seen. In any other language they stand where they always
/// stand: between the correlation id and the reason.
const ACTIVITY: [&str; 2] = ["activity", "actividad"];
const SERVICE: [&str; 2] = ["service", "servicio"];
const RESULT: [&str; 2] = ["result", "resultado"];
const TARGETS: usize = 3;
const DETAILS: usize = 6;

/// Where the columns of a download stand.
#[derive(Debug, Clone)]
pub(in crate::events) struct PortalColumns {
    pub(in crate::events) time: usize,
    /// The head says that times are in UTC.
    pub(in crate::events) is_utc: bool,
    activity: usize,
    service: Option<usize>,
    result: Option<usize>,
    reason: Option<usize>,
    correlation: Option<usize>,
    actor_name: Option<usize>,
    actor_display: Option<usize>,
    actor_id: Option<usize>,
    application: Option<usize>,
    application_id: Option<usize>,
    targets: Vec<Target>,
    details: Vec<(usize, usize)>,
}

#[derive(Debug, Clone)]
struct Target {
    kind: Option<usize>,
    name: Option<usize>,
    id: Option<usize>,
}

impl PortalColumns {
    /// Finds the columns. `None` is another kind of table; the error says which column is missing.
    pub(in crate::events) fn find(head: &Head) -> Option<Result<Self>> {
        let at = |name: &str| head.position(name);
        let correlation = at("CorrelationId");
        let reason = at("ResultReason");
        // In every language: date, CorrelationId, service, category, activity, result, ResultReason.
        let base = correlation
            .filter(|at| Some(*at + 5) == reason && *at > 0)
            .map(|at| at - 1);
        let known = |names: &[&str], offset: usize| {
            let named = names.iter().find_map(|name| at(name));
            named.or_else(|| base.map(|base| base + offset))
        };
        let utc = { head.columns.iter() }
            .position(|column| column.to_ascii_lowercase().ends_with("(utc)"));
        let time = utc.or_else(|| at("Date")).or(base);
        let activity = known(&ACTIVITY, 4);
        let own = [
            "CorrelationId",
            "ResultReason",
            "ActorType",
            "ActorUserPrincipalName",
            "ActorDisplayName",
            "Target1UserPrincipalName",
            "Target1DisplayName",
        ];
        let own = own.iter().filter(|name| at(name).is_some()).count();
        let named = utc.is_some() && activity.is_some();
        if own < 2 && !named {
            return None;
        }
        let missing = |what: &str| {
            Error::value(
                Locator::Line(head.line),
                format!(
                    "this is a download of the audit log without a column of the {what}; its \
                     columns are {}",
                    head.some_columns()
                ),
            )
            .with_help("download it again as JSON, which has the same names in every language")
        };
        let Some(time) = time else {
            return Some(Err(missing("time, such as `Date (UTC)`")));
        };
        let Some(activity) = activity else {
            return Some(Err(missing("activity, such as `Activity`")));
        };
        let numbered = |start: &str, number: usize, end: &str| at(&format!("{start}{number}{end}"));
        let targets = (1..=TARGETS)
            .map(|number| Target {
                kind: numbered("Target", number, "Type"),
                name: numbered("Target", number, "UserPrincipalName")
                    .or_else(|| numbered("Objetivo", number, "NombrePrincipalDeUsuario")),
                id: numbered("Target", number, "ObjectId"),
            })
            .filter(|target| target.name.is_some() || target.id.is_some())
            .collect();
        let details = (1..=DETAILS)
            .filter_map(|number| {
                let key = numbered("AdditionalDetail", number, "Key")?;
                Some((key, numbered("AdditionalDetail", number, "Value")?))
            })
            .collect();
        Some(Ok(Self {
            time,
            is_utc: utc == Some(time),
            activity,
            service: known(&SERVICE, 2),
            result: known(&RESULT, 5),
            reason,
            correlation,
            actor_name: at("ActorUserPrincipalName"),
            actor_display: at("ActorDisplayName"),
            actor_id: at("ActorObjectId"),
            application: at("ActorServicePrincipalName"),
            application_id: at("ActorServicePrincipalId"),
            targets,
            details,
        }))
    }

    /// Reads a row, with its time as it is written; a record about anything but password reset is
    /// `None`.
    pub(in crate::events) fn record(
        &self,
        row: &Fields,
        line: u64,
    ) -> Result<Option<(AuditRecord, Written)>> {
        let text = |at: Option<usize>| {
            let text = row.get(at?)?.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let guid = |at| text(at).and_then(|id| Uuid::try_parse(&id).ok());
        let name = text(Some(self.activity)).unwrap_or_default();
        let Some(activity) = activity_of(&name, text(self.service).as_deref()) else {
            return Ok(None);
        };
        let fault = |message| Error::value(Locator::Line(line), message);
        let stamp = text(Some(self.time)).ok_or_else(|| fault("the record has no time"))?;
        let written =
            Written::parse(&stamp).ok_or_else(|| fault("the record's time cannot be read"))?;
        let result = text(self.result)
            .and_then(|word| result_of(&word))
            .unwrap_or(AuditResult::Unknown);
        let pairs: Vec<_> = { self.details.iter() }
            .filter_map(|(key, value)| {
                let key = text(Some(*key))?;
                Some((key, text(Some(*value)).unwrap_or_default()))
            })
            .collect();
        let details = Details::read(&pairs, activity, result);
        let user = text(self.actor_name).or_else(|| {
            let application = text(self.application).or_else(|| text(self.application_id));
            application.is_none().then(|| text(self.actor_id)).flatten()
        });
        let application = text(self.application)
            .or_else(|| text(self.application_id).and(text(self.actor_display)));
        let by_application = user.is_none() && application.is_some();
        let (target, target_id) = { self.targets.iter() }
            .find(|target| {
                text(target.kind).is_none_or(|kind| kind.eq_ignore_ascii_case("user"))
                    && (text(target.name).is_some() || text(target.id).is_some())
            })
            .map_or((None, None), |target| {
                (
                    text(target.name).or_else(|| text(target.id)),
                    guid(target.id),
                )
            });
        let record = AuditRecord {
            id: None,
            time: written.stamp(None, None).time,
            local_time: false,
            activity,
            name,
            result,
            reason: text(self.reason),
            correlation: guid(self.correlation),
            agent: details.agent,
            method: details.method,
            actor: user.or(application),
            actor_id: if by_application {
                guid(self.application_id)
            } else {
                guid(self.actor_id)
            },
            by_application,
            target,
            target_id,
            place: Locator::Line(line),
        };
        Ok(Some((record, written)))
    }
}
