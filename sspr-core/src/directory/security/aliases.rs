//! The two-letter names of SIDs in SDDL.

use super::Sid;

/// What two-letter names such as `DA` stand for here. Names of the domain or the forest root
/// cannot be read without their SID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SidAliases {
    /// The SID of the domain.
    pub domain: Option<Sid>,
    /// The SID of the forest's root domain.
    pub forest_root: Option<Sid>,
}

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
