//! Passwords, keys and tokens: read as one line of text, and kept where nobody sees them.

use std::fmt;
use std::io::{self, Read};

use zeroize::Zeroizing;

/// Most bytes that are read: enough for the longest access token, and far more than any password.
const MOST_BYTES: usize = 64 * 1024;

/// Why a password could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SecretFault {
    /// There was none.
    #[error("there is no password")]
    Empty,
    /// It is longer than any password or token.
    #[error("this is longer than any password or token")]
    TooLong,
    /// It is no UTF-8.
    #[error("the password is not UTF-8 text")]
    Encoding,
    /// Reading failed.
    #[error("the password could not be read: {0}")]
    Io(#[from] io::Error),
}

/// Reads one line, without its end. No more is read than that line, and no copy of it stays but
/// the one that is given, which is wiped when it goes.
pub fn read_secret(reader: &mut dyn Read) -> Result<Zeroizing<String>, SecretFault> {
    // Room for all from the start: a buffer that grows leaves copies that nobody wipes.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MOST_BYTES));
    let mut byte = Zeroizing::new([0_u8; 1]);
    loop {
        match reader.read(&mut *byte) {
            Ok(0) => break,
            Ok(_) if *byte == [b'\n'] => break,
            Ok(_) if bytes.len() == MOST_BYTES => return Err(SecretFault::TooLong),
            Ok(_) => bytes.extend_from_slice(&*byte),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| SecretFault::Encoding)?;
    // Some editors and shells put a byte order mark before the text.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.is_empty() {
        return Err(SecretFault::Empty);
    }
    Ok(Zeroizing::new(text.to_owned()))
}

/// A password, key or token. It goes to the server that it is for and nowhere else: it is neither
/// printed nor serialised, and its memory is wiped when it goes.
///
/// ```compile_fail
/// let secret = sspr::carrier::secret::Secret::new("Example-1".to_owned());
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

    /// The text, for the one who sends it.
    #[cfg(any(feature = "graph", feature = "ldap", feature = "post"))]
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Zeroizing<String>, SecretFault> {
        read_secret(&mut &*bytes)
    }

    #[test]
    fn one_line_is_read_without_its_end() {
        for bytes in [
            "Example1",
            "Example1\n",
            "Example1\r\nmore",
            "\u{feff}Example1\n",
        ] {
            assert_eq!(*read(bytes.as_bytes()).unwrap(), "Example1");
        }
        // Blanks belong to it.
        assert_eq!(*read(b" a \n").unwrap(), " a ");
    }

    #[test]
    fn what_is_no_password_is_refused() {
        assert!(matches!(read(b""), Err(SecretFault::Empty)));
        assert!(matches!(read(b"\r\nx"), Err(SecretFault::Empty)));
        assert!(matches!(read(b"\xff\xfe"), Err(SecretFault::Encoding)));
        let long = vec![b'a'; MOST_BYTES + 1];
        assert!(matches!(read(&long), Err(SecretFault::TooLong)));
        assert!(read(&long[1..]).is_ok());
    }

    #[test]
    fn no_more_than_the_line_is_taken_from_the_reader() {
        let mut reader = &b"Example1\nrest"[..];
        assert!(read_secret(&mut reader).is_ok());
        assert_eq!(reader, b"rest");
    }
}
