//! The rules, one a file, and the list of all of them.

use super::Rule;

mod sspr101;
mod sspr102;
mod sspr103;
mod sspr104;
mod sspr105;
mod sspr106;
mod sspr107;
mod sspr108;
mod sspr109;
mod sspr110;
mod sspr111;
mod sspr112;
mod sspr113;
mod sspr114;
mod sspr115;
mod sspr116;
mod sspr117;
mod sspr118;
mod sspr119;
mod sspr120;
mod sspr121;
mod sspr122;
mod sspr123;
mod sspr124;
mod sspr125;
mod sspr126;
mod sspr201;
mod sspr202;
mod sspr203;
mod sspr204;
mod sspr205;
mod sspr206;
mod sspr207;
mod sspr208;
mod sspr209;
mod sspr210;
mod sspr211;
mod sspr212;
mod sspr213;
mod sspr214;
mod sspr215;
mod sspr216;
mod sspr217;
mod sspr218;
mod sspr219;
mod sspr220;
mod sspr221;
mod sspr222;
mod sspr223;
mod sspr224;
mod sspr225;
mod sspr226;
mod sspr227;
mod sspr228;
mod sspr301;
mod sspr302;
mod sspr303;
mod sspr304;
mod sspr305;
mod sspr401;
mod sspr402;
mod sspr403;
mod sspr404;
mod sspr405;
mod sspr406;
mod sspr407;
mod sspr408;
mod sspr409;
mod sspr410;
mod sspr411;
mod sspr412;
mod sspr413;
mod sspr501;
mod sspr502;
mod sspr503;
mod sspr504;
mod sspr505;
mod sspr601;
mod sspr602;
mod sspr603;
mod sspr604;
mod sspr605;
mod sspr606;
mod sspr607;
mod sspr608;
mod sspr609;
mod sspr610;
mod sspr611;
mod sspr612;
mod sspr613;
mod sspr614;
mod sspr701;
mod sspr702;
mod sspr703;
mod sspr704;
mod sspr705;
mod sspr706;
mod sspr707;
mod sspr708;
mod sspr709;
mod sspr710;
mod sspr801;
mod sspr802;
mod sspr803;
mod sspr804;
mod sspr805;
mod sspr806;
mod sspr807;
mod sspr808;
mod sspr809;
mod sspr810;
mod sspr811;
mod sspr812;
mod sspr813;
mod sspr814;
mod sspr815;
mod sspr816;
mod sspr901;
mod sspr902;
mod sspr903;
mod sspr904;
mod sspr905;
mod sspr906;

/// Every rule, by code.
pub const ALL: &[&Rule] = &[
    &sspr101::RULE,
    &sspr102::RULE,
    &sspr103::RULE,
    &sspr104::RULE,
    &sspr105::RULE,
    &sspr106::RULE,
    &sspr107::RULE,
    &sspr108::RULE,
    &sspr109::RULE,
    &sspr110::RULE,
    &sspr111::RULE,
    &sspr112::RULE,
    &sspr113::RULE,
    &sspr114::RULE,
    &sspr115::RULE,
    &sspr116::RULE,
    &sspr117::RULE,
    &sspr118::RULE,
    &sspr119::RULE,
    &sspr120::RULE,
    &sspr121::RULE,
    &sspr122::RULE,
    &sspr123::RULE,
    &sspr124::RULE,
    &sspr125::RULE,
    &sspr126::RULE,
    &sspr201::RULE,
    &sspr202::RULE,
    &sspr203::RULE,
    &sspr204::RULE,
    &sspr205::RULE,
    &sspr206::RULE,
    &sspr207::RULE,
    &sspr208::RULE,
    &sspr209::RULE,
    &sspr210::RULE,
    &sspr211::RULE,
    &sspr212::RULE,
    &sspr213::RULE,
    &sspr214::RULE,
    &sspr215::RULE,
    &sspr216::RULE,
    &sspr217::RULE,
    &sspr218::RULE,
    &sspr219::RULE,
    &sspr220::RULE,
    &sspr221::RULE,
    &sspr222::RULE,
    &sspr223::RULE,
    &sspr224::RULE,
    &sspr225::RULE,
    &sspr226::RULE,
    &sspr227::RULE,
    &sspr228::RULE,
    &sspr301::RULE,
    &sspr302::RULE,
    &sspr303::RULE,
    &sspr304::RULE,
    &sspr305::RULE,
    &sspr401::RULE,
    &sspr402::RULE,
    &sspr403::RULE,
    &sspr404::RULE,
    &sspr405::RULE,
    &sspr406::RULE,
    &sspr407::RULE,
    &sspr408::RULE,
    &sspr409::RULE,
    &sspr410::RULE,
    &sspr411::RULE,
    &sspr412::RULE,
    &sspr413::RULE,
    &sspr501::RULE,
    &sspr502::RULE,
    &sspr503::RULE,
    &sspr504::RULE,
    &sspr505::RULE,
    &sspr601::RULE,
    &sspr602::RULE,
    &sspr603::RULE,
    &sspr604::RULE,
    &sspr605::RULE,
    &sspr606::RULE,
    &sspr607::RULE,
    &sspr608::RULE,
    &sspr609::RULE,
    &sspr610::RULE,
    &sspr611::RULE,
    &sspr612::RULE,
    &sspr613::RULE,
    &sspr614::RULE,
    &sspr701::RULE,
    &sspr702::RULE,
    &sspr703::RULE,
    &sspr704::RULE,
    &sspr705::RULE,
    &sspr706::RULE,
    &sspr707::RULE,
    &sspr708::RULE,
    &sspr709::RULE,
    &sspr710::RULE,
    &sspr801::RULE,
    &sspr802::RULE,
    &sspr803::RULE,
    &sspr804::RULE,
    &sspr805::RULE,
    &sspr806::RULE,
    &sspr807::RULE,
    &sspr808::RULE,
    &sspr809::RULE,
    &sspr810::RULE,
    &sspr811::RULE,
    &sspr812::RULE,
    &sspr813::RULE,
    &sspr814::RULE,
    &sspr815::RULE,
    &sspr816::RULE,
    &sspr901::RULE,
    &sspr902::RULE,
    &sspr903::RULE,
    &sspr904::RULE,
    &sspr905::RULE,
    &sspr906::RULE,
];

/// The rule of a code, in any case.
pub fn find(code: &str) -> Option<&'static Rule> {
    ALL.iter()
        .copied()
        .find(|rule| rule.code.eq_ignore_ascii_case(code.trim()))
}

/// What every rule file uses.
mod prelude {
    pub(super) use crate::evidence::Unknown;
    pub(super) use crate::readiness::{
        Context, Judgement, Names, Outcome, Phase, Remedy, Rule, Severity, Subjects, quoted,
    };
}
