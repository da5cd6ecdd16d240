//! Who lives in a history.

use super::dice::{Dice, guid};
use crate::base64;

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The user principal name.
    pub upn: String,
    /// The name in Active Directory; empty for a cloud-only person.
    pub account: String,
    /// The domain's short name.
    pub domain: &'static str,
    /// The object id.
    pub id: String,
    /// The immutable id, in base 64.
    pub anchor: String,
    /// The relative id of the account in the domain.
    pub rid: usize,
    /// The name that people read.
    pub name: String,
    /// Whether the person lives in the cloud alone.
    pub cloud_only: bool,
}

const GIVEN: [&str; 20] = [
    "anna", "bert", "carla", "david", "elif", "fritz", "grace", "hugo", "ines", "jonas", "karin",
    "lars", "mona", "nils", "olga", "paul", "rosa", "sven", "tina", "ugo",
];
const FAMILY: [&str; 24] = [
    "abel",
    "brandt",
    "castro",
    "doe",
    "ebert",
    "fischer",
    "garcia",
    "hansen",
    "ito",
    "jensen",
    "kowalski",
    "lindqvist",
    "moreau",
    "novak",
    "olsen",
    "petrov",
    "quist",
    "rossi",
    "santos",
    "tanaka",
    "ulrich",
    "vandenbergh-von-altenstein",
    "weber",
    "zimmermann-castellanos",
];

/// So many people, every tenth in the cloud alone; with a second domain every sixth is in it, half
/// of these with a name that someone in the first one has too.
pub(super) fn draw(seed: u64, count: usize, two_domains: bool) -> Vec<Person> {
    let mut dice = Dice::of(seed, 1);
    let mut people: Vec<Person> = Vec::with_capacity(count);
    for number in 0..count {
        let second = two_domains && number % 6 == 5;
        let twin = if second && dice.percent(50) {
            people
                .iter()
                .rev()
                .find(|other| other.domain == "CONTOSO" && !other.cloud_only)
                .filter(|other| {
                    let account = &other.account;
                    !people
                        .iter()
                        .any(|one| one.domain == "FABRIKAM" && one.account == *account)
                })
                .map(|other| other.upn.clone())
        } else {
            None
        };
        let given = dice.pick(&GIVEN);
        let family = dice.pick(&FAMILY);
        let local = match &twin {
            Some(upn) => upn.split('@').next().unwrap_or_default().to_owned(),
            // The number stands in front, so that a name cut at 20 is still the person's own.
            None if number % 3 == 0 => format!("{}{number}.{given}-{family}", &given[..1]),
            None if number % 3 == 1 => format!("{given}{number}"),
            None => format!("{}{number}{family}", &given[..1]),
        };
        let suffix = if second {
            "fabrikam.com"
        } else {
            "contoso.com"
        };
        let cloud_only = number % 10 == 7;
        let id = guid(seed, 1, number);
        let mut bytes = [0_u8; 16];
        for (slot, at) in bytes.iter_mut().zip(0_usize..) {
            *slot =
                u8::try_from((number * 31 + at * 17 + at * at * number) % 251).unwrap_or_default();
        }
        let account: String = local.chars().take(20).collect();
        // No two people share one.
        for (slot, part) in bytes.iter_mut().zip(number.to_le_bytes()) {
            *slot = part;
        }
        people.push(Person {
            // The directory keeps the case of names and compares them without it.
            upn: if dice.percent(10) {
                format!("{}@{suffix}", local.to_uppercase())
            } else {
                format!("{local}@{suffix}")
            },
            account: if cloud_only { String::new() } else { account },
            domain: if second { "FABRIKAM" } else { "CONTOSO" },
            id,
            anchor: base64(&bytes),
            rid: 1_100 + number,
            name: format!("{given} {family} {number}"),
            cloud_only,
        });
    }
    people
}
