//! An instance of a template: where its values stand.

use super::binxml::DEFINITION_HEADER;
use super::bytes::offset_at;
use super::value::{BINXML, NULL, PLAIN, Slot};

/// An instance has no more values than this; real ones have some dozens.
const MOST_VALUES: usize = 4096;

/// Where the values of an instance stand. From one record to the next nearly all of them are of the
/// same types and lengths; only what differs is worked out anew.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Where the first one stands in its chunk.
    start: usize,
    /// Length, type and a byte that says nothing, as they stand there.
    descriptors: Vec<[u8; 4]>,
    places: Vec<Place>,
    /// From the first value that has to be looked at, to see whether it is sound, to behind the last.
    odd: (usize, usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// From the first value on.
    at: u32,
    length: u16,
    kind: u8,
}

impl Place {
    fn is_null(self) -> bool {
        self.kind == NULL || self.kind == BINXML && self.length == 0
    }

    /// Whether its type and its length alone tell that it is sound.
    fn is_plain(self) -> bool {
        let plain = PLAIN.get(usize::from(self.kind));
        plain.is_some_and(|(bits, wanted)| self.length & bits == *wanted)
    }

    fn end(self) -> u32 {
        self.at + u32::from(self.length)
    }

    fn slot(self, chunk: &[u8], start: usize) -> Slot<'_> {
        let at = start + self.at as usize;
        let bytes = chunk.get(at..at + usize::from(self.length));
        Slot {
            kind: self.kind,
            at,
            bytes: bytes.unwrap_or_default(),
        }
    }
}

impl Values {
    /// Reads the values of an instance whose token ends at `at`, in a stream that ends at `end`: gives
    /// the offset of its definition, and how many values are fragments of their own. Nothing when the
    /// values are not what is read here, or when more than this instance stands in the stream.
    pub(super) fn read(&mut self, chunk: &[u8], at: usize, end: usize) -> Option<(usize, usize)> {
        let stream = chunk.get(..end)?;
        let definition = offset_at(stream, at + 5)?;
        let mut at = at + 9;
        if at == definition {
            at = at
                .checked_add(DEFINITION_HEADER)?
                .checked_add(offset_at(stream, at + 20)?)?;
        }
        let count = offset_at(stream, at)?;
        if count > MOST_VALUES {
            return None;
        }
        self.start = at + 4 + count * 4;
        self.place(stream.get(at + 4..self.start)?.as_chunks().0);
        let length = self.places.last().map_or(0, |last| last.end());
        let rest = stream.get(self.start + length as usize..)?;
        let mut fragments = 0;
        let odd = self.places.get(self.odd.0..self.odd.1);
        let odd = odd.unwrap_or_default().iter();
        for place in odd.filter(|place| !place.is_plain()) {
            let slot = place.slot(chunk, self.start);
            if !slot.is_sound() {
                return None;
            }
            fragments += usize::from(slot.is_fragment());
        }
        matches!(rest, [] | [0, ..]).then_some((definition, fragments))
    }

    fn place(&mut self, descriptors: &[[u8; 4]]) {
        let both = self.descriptors.iter().zip(descriptors);
        let same = both.take_while(|(known, new)| known == new).count();
        if same == descriptors.len() && same == self.places.len() {
            return;
        }
        self.descriptors.truncate(same);
        self.places.truncate(same);
        let (first, until) = self.odd;
        let mut odd = if first < same {
            (first, until.min(same))
        } else {
            (usize::MAX, 0)
        };
        let mut at = self.places.last().map_or(0, |last| last.end());
        for (index, descriptor) in descriptors.iter().enumerate().skip(same) {
            let [low, high, kind, _] = *descriptor;
            let place = Place {
                at,
                length: u16::from_le_bytes([low, high]),
                kind,
            };
            at = place.end();
            if !place.is_plain() {
                odd = (odd.0.min(index), index + 1);
            }
            self.descriptors.push(*descriptor);
            self.places.push(place);
        }
        self.odd = odd;
    }

    /// The values themselves, in the chunk that they were read from.
    pub(super) fn slots<'c>(&self, chunk: &'c [u8]) -> Slots<'_, 'c> {
        Slots {
            chunk,
            values: self,
        }
    }
}

/// The values of an instance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots<'s, 'c> {
    pub(super) chunk: &'c [u8],
    values: &'s Values,
}

impl<'c> Slots<'_, 'c> {
    fn place(self, index: u16) -> Option<Place> {
        self.values.places.get(usize::from(index)).copied()
    }

    /// A value; one past the last is as good as none.
    pub(super) fn get(self, index: u16) -> Slot<'c> {
        match self.place(index) {
            Some(place) => place.slot(self.chunk, self.values.start),
            None => Slot {
                kind: NULL,
                at: 0,
                bytes: &[],
            },
        }
    }

    /// Whether an element that depends on a value is left out. A value past the last is no dependency.
    pub(super) fn leave_out(self, needs: Option<u16>) -> bool {
        needs
            .and_then(|index| self.place(index))
            .is_some_and(Place::is_null)
    }
}
