//! `sspr.events`: events of password writeback and the records that go with them.

use napi_derive::napi;
use sspr::events::catalogue::{EventInfo, Lookup};
use sspr::events::causes::RootCause;
use sspr::events::{Message, WindowsEvent};

use crate::fault::{caught, own};
use crate::value::{Json, Plain, Whole};

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

/// Reads one event as `wevtutil qe /f:xml` prints it.
#[napi(namespace = "events")]
pub fn parse_event(xml: String) -> napi::Result<Plain<WindowsEvent>> {
    caught(|| {
        sspr::events::parse_event(&xml)
            .map(Plain)
            .map_err(|error| own(&error))
    })
}
