//! `sspr collect`.

#[cfg(feature = "graph")]
mod graph;
#[cfg(feature = "ldap")]
mod ldap;

use crate::args::{Part, Script};
use crate::failure::Failure;
use crate::{Io, OK};

#[cfg(feature = "graph")]
pub(crate) use graph::run as graph;
#[cfg(feature = "ldap")]
pub(crate) use ldap::run as ldap;

const SCRIPT: &str = include_str!("../data/collect.ps1");

/// The script's own parameter, to which the chosen parts become the default.
const PARAMETER: &str = "[string[]] $Part,";

/// Prints the script.
pub(crate) fn script(args: &Script, io: &mut Io<'_>) -> Result<u8, Failure> {
    io.stdout.write_all(with_parts(&args.part).as_bytes())?;
    Ok(OK)
}

fn with_parts(parts: &[Part]) -> String {
    if parts.is_empty() {
        return SCRIPT.to_owned();
    }
    let names: Vec<_> = parts
        .iter()
        .map(|part| match part {
            Part::Connect => "'Connect'",
            Part::Directory => "'Directory'",
            Part::Log => "'Log'",
        })
        .collect();
    let chosen = format!("[string[]] $Part = @({}),", names.join(", "));
    SCRIPT.replacen(PARAMETER, &chosen, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_parts_become_the_scripts_default() {
        let script = with_parts(&[Part::Connect, Part::Log]);
        assert!(script.contains("[string[]] $Part = @('Connect', 'Log'),"));
        assert_eq!(with_parts(&[]), SCRIPT);
    }

    #[test]
    fn the_script_can_be_pasted_into_any_console() {
        assert!(SCRIPT.is_ascii());
    }
}
