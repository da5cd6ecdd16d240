//! What support asks for about one operation.

use sspr::evidence::At;
use sspr::render;

use super::Operation;
use crate::data::data;
use crate::events::Event;

data! {
    /// An operation with the events around it, for a ticket: its own events, and those of the service
    /// and of the engine within two minutes that name nobody. Events of other people are left out, and
    /// so is what looks like a token or a password.
    SupportBundle in "sspr.roundtrip" is sspr::roundtrip::SupportBundle {
        /// The operation.
        operation: Operation = |it| Operation(it.operation.clone()),
        /// The version of the writeback service, as its events say.
        version: Option<&str> = |it| it.version.as_deref(),
        /// The events, by time.
        events: Vec<SupportEvent> = |it| it.events.iter().cloned().map(SupportEvent).collect(),
        /// How many events of those minutes were left out, because they are of others.
        left_out: u64 = |it| it.left_out,
    }

    /// As plain text, ready to be pasted into a ticket.
    fn to_text(&self) -> String {
        render::support_text(&self.0)
    }
}

data! {
    /// An event for support.
    SupportEvent in "sspr.roundtrip" is sspr::roundtrip::SupportEvent {
        /// The log it stands in.
        log: &str = |it| &it.log,
        /// Where it stands there.
        place: String = |it| it.place.to_string(),
        /// The event, without its data.
        event: Event = |it| Event(Box::new(At::new(it.event.clone(), it.place.clone()))),
        /// Its text, without what may be a secret.
        text: &str = |it| &it.text,
        /// It is one of the operation's own.
        own: bool = |it| it.own,
    }
}
