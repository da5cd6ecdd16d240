//! `sspr.events`: events of password writeback and the records that go with them.

use napi_derive::napi;
use serde::Serialize;
use sspr::events::catalogue::{EventInfo, Lookup};
use sspr::events::causes::RootCause;
use sspr::events::{HResult, Message, WindowsEvent};
use uuid::Uuid;

use crate::fault::{caught, own};
use crate::plain::Plain;
use crate::value::{Json, Whole};

/// What is known of an event, by its provider and its id; null when nothing is.
#[napi(namespace = "events")]
pub fn look_up(provider: String, id: Whole) -> napi::Result<Plain<Option<EventInfo>>> {
    let id = id.get()?;
    caught(|| {
        Ok(Plain(
            match sspr::events::catalogue::look_up(&provider, id) {
                Lookup::Known(info) => Some(info.clone()),
                _ => None,
            },
        ))
    })
}

/// The root cause that an event tells of; null when it tells of none.
#[napi(namespace = "events")]
pub fn cause(event: Json<WindowsEvent>) -> napi::Result<Plain<Option<&'static RootCause>>> {
    let event = event.read()?;
    caught(|| {
        let text = event.text();
        let message = Message::parse(&text);
        Ok(Plain(sspr::events::causes::of_event(&event, &message)))
    })
}

/// Every root cause that is known.
#[napi(namespace = "events")]
pub fn causes() -> Plain<&'static [RootCause]> {
    Plain(sspr::events::causes::all())
}

/// Reads one event as `wevtutil qe /f:xml` prints it.
#[napi(namespace = "events")]
pub fn parse_event(xml: String) -> napi::Result<Plain<WindowsEvent>> {
    caught(|| {
        sspr::events::parse_event(&xml)
            .map(Plain)
            .map_err(|error| own(&error))
    })
}

/// What stands in the text of an event of the writeback service or of the engine.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fields {
    /// The id that all events of one operation share.
    tracking_id: Option<Uuid>,
    /// The step, such as `PasswordResetRequestStart`.
    token: Option<String>,
    /// The text after `Details:`, on its first line.
    details: Option<String>,
    /// The cloud object, `User_` and its id.
    cloud_anchor: Option<String>,
    /// The immutable id, in base 64.
    source_anchor: Option<String>,
    /// Whose password it is.
    person: Option<String>,
    /// The administrator who asked for it.
    admin: Option<String>,
    /// The administrator who asked is the person.
    admin_is_person: bool,
    /// The operation also unlocks the account.
    unlock: Option<bool>,
    /// The password must be changed at the next logon.
    force_change: Option<bool>,
    /// The engine's result code.
    code: Option<HResult>,
    /// The engine's sentence that goes with the code.
    reason: Option<String>,
    /// The version of the writeback service.
    version: Option<String>,
    /// The service bus host.
    service_bus: Option<String>,
}

/// Takes the fields out of the text of an event.
#[napi(namespace = "events")]
pub fn parse_message(text: String) -> napi::Result<Plain<Fields>> {
    caught(|| {
        let message = Message::parse(&text);
        let owned = |text: Option<&str>| text.map(ToOwned::to_owned);
        Ok(Plain(Fields {
            tracking_id: message.tracking_id,
            token: owned(message.token),
            details: owned(message.details),
            cloud_anchor: owned(message.cloud_anchor),
            source_anchor: owned(message.source_anchor),
            person: owned(message.person()),
            admin: owned(message.admin),
            admin_is_person: message.admin_is_person(),
            unlock: message.unlock,
            force_change: message.force_change,
            code: message.code,
            reason: owned(message.reason),
            version: owned(message.version),
            service_bus: owned(message.service_bus),
        }))
    })
}

/// The event's own text: its unnamed data strings, which no language changes, else the rendered
/// message.
#[napi(namespace = "events")]
pub fn text(event: Json<WindowsEvent>) -> napi::Result<String> {
    let event = event.read()?;
    caught(|| Ok(event.text().into_owned()))
}
