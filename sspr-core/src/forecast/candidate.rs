//! A password that somebody is thinking of.

use std::io::{self, Read};

use zeroize::Zeroizing;

/// Most bytes that are read: four for each of the 256 characters that any system takes, and enough
/// more to see that there are too many.
const MOST_BYTES: usize = 4_096;

/// A password that somebody is thinking of. It can be judged and nothing else: it is neither
/// printed nor serialised nor compared, and its memory is wiped when it goes.
///
/// ```compile_fail
/// let candidate = sspr::forecast::Candidate::new("Example1".to_owned());
/// println!("{candidate:?}");
/// ```
pub struct Candidate(Zeroizing<String>);

/// Why a candidate could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CandidateFault {
    /// There was none.
    #[error("there is no password to judge")]
    Empty,
    /// It is longer than any system takes.
    #[error("this is longer than any password")]
    TooLong,
    /// It is no UTF-8.
    #[error("the password is not UTF-8 text")]
    Encoding,
    /// Reading failed.
    #[error("the password could not be read: {0}")]
    Io(#[from] io::Error),
}

impl Candidate {
    /// Takes over a text. Copies that the caller keeps are the caller's to wipe.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Reads one line, without its end. No more is read than that line, and no copy of it stays.
    pub fn read_line(reader: &mut dyn Read) -> Result<Self, CandidateFault> {
        // Room for all from the start: a buffer that grows leaves copies that nobody wipes.
        let mut bytes = Zeroizing::new(Vec::with_capacity(MOST_BYTES));
        let mut byte = Zeroizing::new([0_u8; 1]);
        loop {
            match reader.read(&mut *byte) {
                Ok(0) => break,
                Ok(_) if *byte == [b'\n'] => break,
                Ok(_) if bytes.len() == MOST_BYTES => return Err(CandidateFault::TooLong),
                Ok(_) => bytes.extend_from_slice(&*byte),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| CandidateFault::Encoding)?;
        // Some editors and shells put a byte order mark before the text.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.is_empty() {
            return Err(CandidateFault::Empty);
        }
        Ok(Self::new(text.to_owned()))
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Candidate, CandidateFault> {
        Candidate::read_line(&mut &*bytes)
    }

    #[test]
    fn one_line_is_read_without_its_end() {
        for bytes in [
            "Example1",
            "Example1\n",
            "Example1\r\nmore",
            "\u{feff}Example1\n",
        ] {
            assert_eq!(
                read(bytes.as_bytes()).map(|c| c.text().to_owned()).unwrap(),
                "Example1"
            );
        }
        // Blanks belong to it.
        assert_eq!(read(b" a \n").unwrap().text(), " a ");
    }

    #[test]
    fn what_is_no_password_is_refused() {
        assert!(matches!(read(b""), Err(CandidateFault::Empty)));
        assert!(matches!(read(b"\r\nx"), Err(CandidateFault::Empty)));
        assert!(matches!(read(b"\xff\xfe"), Err(CandidateFault::Encoding)));
        let long = vec![b'a'; MOST_BYTES + 1];
        assert!(matches!(read(&long), Err(CandidateFault::TooLong)));
        assert!(read(&long[1..]).is_ok());
    }

    #[test]
    fn no_more_than_the_line_is_taken_from_the_reader() {
        let mut reader = &b"Example1\nrest"[..];
        assert!(Candidate::read_line(&mut reader).is_ok());
        assert_eq!(reader, b"rest");
    }
}
