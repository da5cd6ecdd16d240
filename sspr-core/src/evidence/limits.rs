//! How much of an input is read before it is refused.

/// Bounds on what one input may cost. The defaults suit a workstation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Largest single JSON value, directory entry or text export that is held whole, in bytes.
    pub item_bytes: u64,
    /// Most files in one folder or archive.
    pub files: usize,
    /// Most bytes that one archive may unpack to.
    pub archive_bytes: u64,
    /// Highest ratio of unpacked to packed bytes, of an archive and of each of its members. Logs
    /// and lists shrink to a twentieth or a fiftieth, zeros to a thousandth.
    pub archive_ratio: u64,
    /// What an archive may unpack to whatever the ratio, in bytes: a nearly empty log shrinks like
    /// a bomb, and does no harm.
    pub archive_floor: u64,
    /// Deepest nesting of folders and archives.
    pub depth: usize,
    /// Most located faults kept for one input; all of them are counted.
    pub faults: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            item_bytes: 16 * 1024 * 1024,
            files: 20_000,
            archive_bytes: 64 * 1024 * 1024 * 1024,
            archive_ratio: 200,
            archive_floor: 64 * 1024 * 1024,
            depth: 16,
            faults: 20,
        }
    }
}
