//! Ctrl-C, and the end that a service manager asks for.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// How often a sleeper looks up.
const SLICE: Duration = Duration::from_millis(50);

static ASKED: AtomicBool = AtomicBool::new(false);
static HANDLER: Once = Once::new();

/// From now on an interrupt is noted instead of ending the process; a second one ends it.
pub(crate) fn listen() -> Result<(), Failure> {
    let mut failed = None;
    HANDLER.call_once(|| {
        let handler = || {
            if ASKED.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
        };
        failed = ctrlc::set_handler(handler).err();
    });
    match failed {
        Some(error) => Err(Failure::new(format!(
            "Ctrl-C cannot be listened to: {error}"
        ))),
        None => Ok(()),
    }
}

/// Whether somebody asked to end.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// Waits, unless somebody asks to end.
pub(crate) fn sleep(most: Duration) {
    let end = Instant::now() + most;
    while !asked() {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(SLICE));
    }
}
