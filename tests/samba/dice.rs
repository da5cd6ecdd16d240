//! What a run draws from.

/// A small generator, so that a seed gives the same cases everywhere.
pub(crate) struct Dice(u64);

impl Dice {
    /// The one of a case: any case of a run can be drawn alone.
    pub(crate) fn of(seed: u64, case: u64) -> Self {
        let mut dice = Self(seed.wrapping_add(case.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        for _ in 0..4 {
            dice.roll(2);
        }
        dice
    }

    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    pub(crate) fn below(&mut self, sides: usize) -> usize {
        usize::try_from(self.roll(sides as u64)).unwrap()
    }

    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }
}
