//! Chance: identifiers, and the spread of waits.

use ring::rand::{SecureRandom, SystemRandom};
use uuid::{Builder, Uuid};

fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without the system's own chance there would be no TLS either; these need not be secret.
    let _ = SystemRandom::new().fill(&mut bytes);
    bytes
}

/// A new identifier.
pub(super) fn guid() -> Uuid {
    Builder::from_random_bytes(bytes()).into_uuid()
}

/// A number from 0 to 1.
pub(super) fn fraction() -> f64 {
    f64::from(u32::from_le_bytes(bytes())) / f64::from(u32::MAX)
}
