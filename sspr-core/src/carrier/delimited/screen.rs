//! Telling from the bytes of a row that it cannot be wanted.

use memchr::{memchr, memchr2};

/// Letters of English and of names of programs, the rarest first. The rarest byte of a word is what
/// is searched for.
const RARE: &[u8] = b"zqxjkvbwyfghpmucdlinoarste";

/// Words of which a wanted row holds one, in any case of ASCII letters.
#[derive(Debug, Clone, Default)]
pub struct Screen {
    words: Vec<Word>,
    /// Whether every row passes.
    open: bool,
}

#[derive(Debug, Clone)]
struct Word {
    text: Vec<u8>,
    /// Where its rarest byte stands, and that byte in both cases.
    at: usize,
    cases: (u8, u8),
}

impl Screen {
    /// A screen that lets every row pass.
    pub fn open() -> Self {
        Self {
            words: Vec::new(),
            open: true,
        }
    }

    /// A screen for rows that hold one of these words. Words that a row may hold in another
    /// spelling, because they are empty or hold quotes, open it.
    pub fn any_of<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut screen = Self::default();
        for word in words {
            match Word::new(word.as_bytes()) {
                Some(word) => screen.words.push(word),
                None => screen.open = true,
            }
        }
        screen
    }

    /// Whether a row may be wanted.
    pub fn passes(&self, row: &[u8]) -> bool {
        self.open || self.words.iter().any(|word| word.stands_in(row))
    }
}

impl Word {
    fn new(text: &[u8]) -> Option<Self> {
        if text.contains(&b'"') {
            return None;
        }
        let rank = |byte: &u8| {
            let lower = byte.to_ascii_lowercase();
            memchr(lower, RARE).unwrap_or(RARE.len() / 2)
        };
        let at = (0..text.len()).min_by_key(|at| text.get(*at).map(rank))?;
        let byte = *text.get(at)?;
        Some(Self {
            text: text.to_vec(),
            at,
            cases: (byte.to_ascii_lowercase(), byte.to_ascii_uppercase()),
        })
    }

    fn stands_in(&self, row: &[u8]) -> bool {
        let mut from = self.at;
        while let Some(rest) = row.get(from..) {
            let Some(found) = memchr2(self.cases.0, self.cases.1, rest) else {
                return false;
            };
            let start = from + found - self.at;
            let here = row.get(start..start + self.text.len());
            if here.is_some_and(|here| here.eq_ignore_ascii_case(&self.text)) {
                return true;
            }
            from += found + 1;
        }
        false
    }
}
