//! The short names of SDDL, those of SIDs apart.

/// The rights of directory objects.
pub(super) const RIGHTS: &[(&str, u32)] = &[
    ("CC", 0x1),
    ("DC", 0x2),
    ("LC", 0x4),
    ("SW", 0x8),
    ("RP", 0x10),
    ("WP", 0x20),
    ("DT", 0x40),
    ("LO", 0x80),
    ("CR", 0x100),
    ("SD", 0x1_0000),
    ("RC", 0x2_0000),
    ("WD", 0x4_0000),
    ("WO", 0x8_0000),
    ("GA", 0x1000_0000),
    ("GX", 0x2000_0000),
    ("GW", 0x4000_0000),
    ("GR", 0x8000_0000),
];

/// Masks that a generic converter prints with the letters of files and registry keys.
pub(super) const FOREIGN_RIGHTS: &[(&str, u32)] = &[
    ("FA", 0x1F_01FF),
    ("FR", 0x12_0089),
    ("FW", 0x12_0116),
    ("FX", 0x12_00A0),
    ("KA", 0xF_003F),
    ("KR", 0x2_0019),
    ("KW", 0x2_0006),
    ("KX", 0x2_0019),
];

/// The types of entries, by their number.
pub(super) const TYPES: &[(&str, u8)] = &[
    ("A", 0),
    ("D", 1),
    ("AU", 2),
    ("AL", 3),
    ("OA", 5),
    ("OD", 6),
    ("OU", 7),
    ("OL", 8),
    ("XA", 9),
    ("XD", 10),
    ("ZA", 11),
    ("XU", 13),
    ("ML", 17),
    ("RA", 18),
    ("SP", 19),
];

/// The flags of entries.
pub(super) const FLAGS: &[(&str, u32)] = &[
    ("OI", 0x01),
    ("CI", 0x02),
    ("NP", 0x04),
    ("IO", 0x08),
    ("ID", 0x10),
    ("SA", 0x40),
    ("FA", 0x80),
];

/// What stands before bytes that SDDL has no words for.
pub(super) const OPAQUE: &str = "opaque:";
