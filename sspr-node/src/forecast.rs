//! `sspr.forecast`: what will happen.

use chrono::{DateTime, Utc};
use napi_derive::napi;
use sspr::forecast::{Candidate, Prediction};

use crate::fault::caught;
use crate::plain::Plain;
use crate::snapshot::Snapshot;

/// Says what will become of a candidate for the password of a person, at a time. `banned` is the
/// tenant's custom list of banned passwords. The candidate is judged and not kept; JavaScript's own
/// copy of it is the caller's to let go.
#[napi(namespace = "loader")]
pub fn predict_password(
    snapshot: &Snapshot,
    upn: String,
    candidate: String,
    banned: Vec<String>,
    as_of: DateTime<Utc>,
) -> napi::Result<Plain<Prediction>> {
    let (snapshot, candidate) = (snapshot.share(), Candidate::new(candidate));
    caught(|| {
        Ok(Plain(sspr::forecast::predict(
            &snapshot, &upn, &candidate, &banned, as_of,
        )))
    })
}
