//! The short names of SDDL.

use crate::directory::security::Sid;

/// What a two-letter name stands for.
pub(super) enum Alias {
    /// The same everywhere.
    Absolute(Sid),
    /// Relative to the domain.
    Domain(u32),
    /// Relative to the forest's root domain.
    Root(u32),
}

/// The meaning of a two-letter name in upper case.
pub(super) fn alias(name: &str) -> Option<Alias> {
    let builtin = |rid| Alias::Absolute(Sid::new(5, [32, rid]));
    let nt = |sub| Alias::Absolute(Sid::new(5, [sub]));
    let integrity = |level| Alias::Absolute(Sid::new(16, [level]));
    Some(match name {
        "WD" => Alias::Absolute(Sid::new(1, [0])),
        "CO" => Alias::Absolute(Sid::new(3, [0])),
        "CG" => Alias::Absolute(Sid::new(3, [1])),
        "OW" => Alias::Absolute(Sid::new(3, [4])),
        "NU" => nt(2),
        "IU" => nt(4),
        "SU" => nt(6),
        "AN" => nt(7),
        "ED" => nt(9),
        "PS" => nt(10),
        "AU" => nt(11),
        "RC" => nt(12),
        "WR" => nt(33),
        "SY" => nt(18),
        "LS" => nt(19),
        "NS" => nt(20),
        "BA" => builtin(544),
        "BU" => builtin(545),
        "BG" => builtin(546),
        "PU" => builtin(547),
        "AO" => builtin(548),
        "SO" => builtin(549),
        "PO" => builtin(550),
        "BO" => builtin(551),
        "RE" => builtin(552),
        "RU" => builtin(554),
        "RD" => builtin(555),
        "NO" => builtin(556),
        "MU" => builtin(558),
        "LU" => builtin(559),
        "IS" => builtin(568),
        "CY" => builtin(569),
        "ER" => builtin(573),
        "CD" => builtin(574),
        "RA" => builtin(575),
        "ES" => builtin(576),
        "MS" => builtin(577),
        "HA" => builtin(578),
        "AA" => builtin(579),
        "RM" => builtin(580),
        "AC" => Alias::Absolute(Sid::new(15, [2, 1])),
        "AS" => Alias::Absolute(Sid::new(18, [1])),
        "SS" => Alias::Absolute(Sid::new(18, [2])),
        "UD" => Alias::Absolute(Sid::new(5, [84, 0, 0, 0, 0, 0])),
        "LW" => integrity(4096),
        "ME" => integrity(8192),
        "MP" => integrity(8448),
        "HI" => integrity(12288),
        "SI" => integrity(16384),
        "LA" => Alias::Domain(500),
        "LG" => Alias::Domain(501),
        "DA" => Alias::Domain(512),
        "DU" => Alias::Domain(513),
        "DG" => Alias::Domain(514),
        "DC" => Alias::Domain(515),
        "DD" => Alias::Domain(516),
        "CA" => Alias::Domain(517),
        "PA" => Alias::Domain(520),
        "CN" => Alias::Domain(522),
        "AP" => Alias::Domain(525),
        "KA" => Alias::Domain(526),
        "RS" => Alias::Domain(553),
        "RO" => Alias::Root(498),
        "SA" => Alias::Root(518),
        "EA" => Alias::Root(519),
        "EK" => Alias::Root(527),
        _ => return None,
    })
}

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
