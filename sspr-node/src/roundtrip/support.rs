//! One operation for a ticket.

use napi_derive::napi;
use sspr::render;
use sspr::roundtrip::SupportEvent;

use super::OperationRow;
use crate::fault::caught;
use crate::plain::Plain;

/// An operation with the events around it, for a ticket: its own events, and those of the service
/// and of the engine within two minutes that name nobody. Events of other people are left out, and so is
/// what looks like a token or a password.
#[napi(namespace = "roundtrip")]
pub struct SupportBundle {
    inner: sspr::roundtrip::SupportBundle,
}

#[napi(namespace = "roundtrip")]
impl SupportBundle {
    /// The operation.
    #[napi(getter)]
    pub fn operation(&self) -> Plain<OperationRow> {
        Plain(self.inner.operation.clone().into())
    }

    /// The version of the writeback service, as its events say.
    #[napi(getter)]
    pub fn version(&self) -> Plain<Option<String>> {
        Plain(self.inner.version.clone())
    }

    /// The events, by time.
    #[napi(getter)]
    pub fn events(&self) -> Plain<Vec<SupportEvent>> {
        Plain(self.inner.events.clone())
    }

    /// How many events of those minutes were left out, because they are of others.
    #[napi(getter)]
    pub fn left_out(&self) -> Plain<u64> {
        Plain(self.inner.left_out)
    }

    /// All of it as plain text, ready to be pasted into a ticket.
    #[napi]
    pub fn text(&self) -> napi::Result<String> {
        caught(|| Ok(render::support_text(&self.inner)))
    }
}

impl From<sspr::roundtrip::SupportBundle> for SupportBundle {
    fn from(inner: sspr::roundtrip::SupportBundle) -> Self {
        Self { inner }
    }
}
