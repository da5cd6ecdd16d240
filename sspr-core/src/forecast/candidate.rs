//! A password that somebody is thinking of.

use std::io::Read;

use zeroize::Zeroizing;

use crate::carrier::secret::read_secret;

pub use crate::carrier::secret::SecretFault as CandidateFault;

/// A password that somebody is thinking of. It can be judged and nothing else: it is neither
/// printed nor serialised nor compared, and its memory is wiped when it goes.
///
/// ```compile_fail
/// let candidate = sspr::forecast::Candidate::new("Example1".to_owned());
/// println!("{candidate:?}");
/// ```
pub struct Candidate(Zeroizing<String>);

impl Candidate {
    /// Takes over a text. Copies that the caller keeps are the caller's to wipe.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Reads one line, without its end. No more is read than that line, and no copy of it stays.
    pub fn read_line(reader: &mut dyn Read) -> Result<Self, CandidateFault> {
        read_secret(reader).map(Self)
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }
}
