//! Packed inputs, recognised by their first bytes: gzip and zstd. (Zip archives hold several inputs,
//! and are opened elsewhere.)

use std::io::{self, BufRead, BufReader, Read};

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::error::{Error, ErrorCode};
use crate::evidence::Locator;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// The upper bytes of the mark of a frame of zstd that holds no data.
const SKIPPED: [u8; 3] = [0x2a, 0x4d, 0x18];

/// How an input is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// gzip, of one or several members.
    Gzip,
    /// Zstandard, of one or several frames. Windows up to 128 MiB are read, which `zstd --long=27`
    /// makes.
    Zstd,
}

impl Packing {
    /// How an input is packed that begins with these bytes, if it is.
    pub fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(&GZIP) {
            Some(Self::Gzip)
        } else if head.starts_with(&ZSTD) || is_skipped(head) {
            Some(Self::Zstd)
        } else {
            None
        }
    }

    /// What was packed. How much that is, nobody knows before: bound it.
    pub fn unpack<'r>(self, packed: impl Read + 'r) -> Box<dyn Read + 'r> {
        let packed = BufReader::new(packed);
        match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(packed)),
            Self::Zstd => Box::new(Zstd {
                packed,
                decoder: FrameDecoder::new(),
                is_inside: false,
                read: 0,
            }),
        }
    }
}

fn is_skipped(head: &[u8]) -> bool {
    let low = head.first().is_some_and(|byte| byte & 0xf0 == 0x50);
    low && head.get(1..4) == Some(&SKIPPED)
}

/// Frame after frame.
struct Zstd<R> {
    packed: R,
    decoder: FrameDecoder,
    /// A frame was begun and has not ended.
    is_inside: bool,
    /// Bytes that were unpacked.
    read: u64,
}

impl<R: BufRead> Zstd<R> {
    /// Begins the next frame that holds data; not at the end of the input.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.packed.fill_buf()?.is_empty() {
            let mut mark = [0; 4];
            self.packed.read_exact(&mut mark)?;
            if is_skipped(&mark) {
                let mut length = [0; 4];
                self.packed.read_exact(&mut length)?;
                let length = u64::from(u32::from_le_bytes(length));
                io::copy(&mut self.packed.by_ref().take(length), &mut io::sink())?;
                continue;
            }
            let frame = mark.chain(&mut self.packed);
            self.decoder
                .init(frame)
                .map_err(|error| self.damaged(&error))?;
            return Ok(true);
        }
        Ok(false)
    }

    fn damaged(&self, error: &dyn std::fmt::Display) -> io::Error {
        let message = format!("what zstd packed is damaged ({error})");
        Error::new(ErrorCode::Syntax, Locator::Byte(self.read), message).into()
    }

    /// The checksum at the end of a frame, where there is one.
    fn check(&self) -> io::Result<()> {
        let stored = self.decoder.get_checksum_from_data();
        if stored.is_none() || stored == self.decoder.get_calculated_checksum() {
            return Ok(());
        }
        let message = "the checksum of what zstd packed differs from its content";
        Err(Error::new(ErrorCode::Checksum, Locator::Byte(self.read), message).into())
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.is_inside {
                self.is_inside = self.begin()?;
                if !self.is_inside {
                    return Ok(0);
                }
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder
                    .decode_blocks(&mut self.packed, one)
                    .map_err(|error| self.damaged(&error))?;
            }
            let read = self.decoder.read(into)?;
            self.read += read as u64;
            if read > 0 {
                return Ok(read);
            }
            self.check()?;
            self.is_inside = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn unpacked(packed: &[u8]) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let packing = Packing::of(packed).expect("it is packed");
        packing.unpack(packed).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        compress_to_vec(bytes, CompressionLevel::Fastest)
    }

    #[test]
    fn frames_follow_each_other_and_some_hold_nothing() {
        let skipped = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        let whole = [&skipped[..], &packed(b"one "), &skipped, &packed(b"two")].concat();
        assert_eq!(unpacked(&whole).unwrap(), b"one two");
    }

    #[test]
    fn a_frame_that_ends_early_is_an_error_after_what_was_read() {
        let text = b"of many words ".repeat(50_000);
        let whole = packed(&text);
        assert_eq!(unpacked(&whole).unwrap(), text);
        assert!(unpacked(&whole[..whole.len() - 9]).is_err());
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let mut whole = packed(b"jdoe@contoso.com reset the password");
        let last = whole.len() - 1;
        whole[last] ^= 1;
        let error = Error::io(Locator::Whole, unpacked(&whole).unwrap_err());
        assert_eq!(error.code, ErrorCode::Checksum);
    }

    proptest! {
        #[test]
        fn any_bytes_behind_the_mark_end(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let whole = [&ZSTD[..], &bytes].concat();
            let mut read = Packing::Zstd.unpack(whole.as_slice()).take(1 << 20);
            let _ = io::copy(&mut read, &mut io::sink());
        }

        #[test]
        fn a_spoilt_frame_gives_bytes_or_an_error(
            at in any::<prop::sample::Index>(),
            byte in any::<u8>(),
        ) {
            let mut whole = packed(&b"writeback ".repeat(300));
            let at = at.index(whole.len());
            whole[at] = byte;
            let mut read = Packing::Zstd.unpack(whole.as_slice()).take(1 << 20);
            let _ = io::copy(&mut read, &mut io::sink());
        }
    }
}
