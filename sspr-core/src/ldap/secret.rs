//! The password of the account that reads.

use std::fmt;
use std::io::Read;

use zeroize::Zeroizing;

use crate::carrier::secret::{SecretFault, read_secret};

/// A password. It goes to the server and nowhere else: it is neither printed nor serialised, and
/// its memory is wiped when it goes.
///
/// ```compile_fail
/// let secret = sspr::ldap::Secret::new("Example-1".to_owned());
/// println!("{secret}");
/// ```
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes over a text. Copies that the caller keeps are the caller's to wipe.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Reads one line, without its end, and no more than that.
    pub fn read_line(reader: &mut dyn Read) -> Result<Self, SecretFault> {
        read_secret(reader).map(Self)
    }

    /// Whether there is none. With an empty password a directory lets in anybody as nobody.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
