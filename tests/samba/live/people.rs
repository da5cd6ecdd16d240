//! People of a round: their state, what is tried on them, and the passwords that are tried.

use chrono::{Duration, Utc};
use sspr::tenant::PersonRef;

use super::{change_password, replace, set_password};
use crate::access::Class;
use crate::dice::Dice;
use crate::policies::{Account, Operation};

/// A person as it is drawn.
pub(super) struct Person {
    pub(super) number: u64,
    pub(super) dn: String,
    pub(super) upn: String,
    pub(super) class: Class,
    pub(super) never_expires: bool,
    pub(super) account: Account,
    /// How long ago the password was set.
    pub(super) age: Duration,
}

impl Person {
    pub(super) fn draw(dice: &mut Dice, number: u64, ou: &str) -> Self {
        let name = format!("jdoe{number}");
        let display = *dice.pick(&[
            Some("Jane Doe"),
            Some("Erin M. Hagens"),
            Some("Ray-Ann_Umbrella"),
            Some("J D"),
            None,
        ]);
        let old = *dice.pick(&[1, 1, 2, 3, 4]);
        let passwords = (0..old).map(|age| format!("Example-Old-{number}-{age}-abcdefgh"));
        // A minute, three quarters of and one and a half times each minimum age, forty days.
        let minutes = *dice.pick(&[1, 45, 90, 18 * 60, 36 * 60, 20 * 1_440, 40 * 1_440]);
        let locked = *dice.pick(&[None, None, None, None, None, Some(1), Some(45)]);
        Self {
            number,
            dn: format!("CN={name},{ou}"),
            upn: format!("{name}@sspr.test"),
            class: if dice.chance(80) {
                Class::User
            } else {
                Class::InetOrgPerson
            },
            never_expires: dice.chance(20),
            age: Duration::minutes(minutes),
            account: Account {
                name,
                display: display.map(str::to_owned),
                must_change: dice.chance(15),
                disabled: dice.chance(5),
                cannot_change: dice.chance(8),
                not_required: dice.chance(8),
                locked_at: locked.map(|minutes| Utc::now() - Duration::minutes(minutes)),
                passwords: passwords.collect(),
                password_set: None,
            },
        }
    }

    pub(super) fn control(&self) -> u32 {
        let bits = [
            (self.account.disabled, 0x2),
            (self.account.not_required, 0x20),
            (self.never_expires, 0x1_0000),
        ];
        let set = bits.iter().filter(|(is, _)| *is);
        set.fold(0x200, |control, (_, bit)| control | bit)
    }

    /// The state, as far as the evidence tells it. What it does not tell stays as it was drawn.
    pub(super) fn account(&self, row: &PersonRef<'_>) -> Account {
        let flags = row.flags();
        assert_eq!(
            flags.locked().unwrap_or_default(),
            self.account.locked_at.is_some()
        );
        assert_eq!(flags.never_expires(), Some(self.never_expires));
        let names = row.directory_names().unwrap();
        Account {
            name: names.account.to_owned(),
            display: Some(names.display.to_owned()).filter(|name| !name.is_empty()),
            password_set: row.password_set(),
            must_change: flags.must_change().unwrap(),
            disabled: !flags.enabled().unwrap(),
            not_required: flags.password_not_required().unwrap(),
            ..self.account.clone()
        }
    }
}

pub(super) const OPERATIONS: [Operation; 12] = [
    Operation::Reset,
    Operation::Reset,
    Operation::HintedReset,
    Operation::HintedReset,
    Operation::HintedReset,
    Operation::HintedReset,
    Operation::Change,
    Operation::Change,
    Operation::Change,
    Operation::WrongOld,
    Operation::Unlock,
    Operation::ForceChange,
];

pub(super) fn record(dn: &str, operation: Operation, account: &Account, candidate: &str) -> String {
    match operation {
        Operation::Reset => set_password(dn, candidate),
        Operation::HintedReset | Operation::Change => {
            change_password(dn, &account.passwords[0], candidate)
        }
        Operation::WrongOld => change_password(dn, "Example-Wrong-1", candidate),
        Operation::Unlock => replace(dn, "lockoutTime", 0),
        Operation::ForceChange => replace(dn, "pwdLastSet", 0),
    }
}

/// A password, most of them such that one thing stands against it.
pub(super) fn candidate(dice: &mut Dice, account: &Account, number: u64, wave: u64) -> String {
    let unique = format!("{number}-{wave}");
    let letters = |count: usize| "amples".chars().cycle().take(count).collect::<String>();
    match dice.roll(20) {
        0..=3 => format!("Example-New-{unique}-of-twenty"),
        4..=7 => {
            let length = *dice.pick(&[5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 19, 20, 21]);
            format!("Ex-1{}", letters(length - 4))
        }
        8..=11 => dice.pick(&account.passwords).clone(),
        12 => format!("example{}", letters(16)),
        13 => format!("example{number}{}", letters(16)),
        14 => format!("two words and {number}{wave} more words"),
        15 => {
            let capital = account.name.to_uppercase();
            format!("my-{capital}-{unique}-Example")
        }
        16 => {
            let name = account.display.as_deref().unwrap_or("Nobody");
            let part = name.split([' ', '-', '_']).next_back().unwrap();
            format!("Example-{}-{unique}-xy", part.to_lowercase())
        }
        17 => format!("Example-{unique}-{}", letters(250)),
        18 => format!(
            "{}{unique}",
            dice.pick(&[
                "ünique\u{dc}bung",
                "\u{3a3}igma-example",
                "\u{6f22}\u{5b57}example",
                "Ex-1\u{1f600}\u{1f600}"
            ])
        ),
        _ => format!("example\u{20ac}{}{number}{wave}", letters(12)),
    }
}
