//! The account policies in the XML of group policy: reports of a GPO and of `gpresult /x` share
//! their form.

use std::collections::BTreeMap;

use crate::carrier::xml::{Node, Step};
use crate::directory::template::of_numbers;
use crate::directory::{PolicyReadings, PolicySetting};
use crate::error::Error;
use crate::evidence::{At, Reading};

/// The namespace of security settings. Its prefix differs from file to file.
const SECURITY: &str = "http://www.microsoft.com/GroupPolicy/Settings/Security";

/// What stands for -1 where numbers carry no sign.
const MINUS_ONE: i64 = 0xFFFF_FFFF;

/// Settings by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings(BTreeMap<PolicySetting, Reading<i64>>);

impl Settings {
    /// Adds a setting; the first of a name counts.
    pub(super) fn add(&mut self, setting: PolicySetting, number: Reading<i64>) {
        self.0.entry(setting).or_insert(number);
    }

    /// All as a policy.
    pub(super) fn readings(&self) -> PolicyReadings {
        of_numbers(|setting| self.0.get(&setting).cloned().unwrap_or(Reading::Absent))
    }
}

/// One element `Account`, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct Account {
    name: String,
    number: Option<Reading<i64>>,
    /// The GPO that it came from; in `gpresult` alone.
    pub(super) gpo: Option<String>,
    /// 1 is the GPO that wins; in `gpresult` alone.
    pub(super) precedence: Option<u32>,
}

impl Account {
    /// The setting, if it is one of the password policy.
    pub(super) fn setting(&self) -> Option<PolicySetting> {
        PolicySetting::of_key(&self.name)
    }

    /// Its value.
    pub(super) fn number(self) -> Reading<i64> {
        self.number.unwrap_or(Reading::Absent)
    }

    fn leaf(&mut self, inner: &[&str], text: &str, node: &Node<'_>) {
        let text = text.trim();
        let value = |read: Option<i64>| match read {
            Some(number) => Reading::Value(At::new(number, node.place())),
            None => Reading::Bad(Error::value(
                node.place(),
                "the value of a setting is a number, or true or false",
            )),
        };
        match inner {
            ["Name"] => text.clone_into(&mut self.name),
            ["GPO", "Identifier"] => self.gpo = Some(text.to_owned()),
            ["Precedence"] => self.precedence = text.parse().ok(),
            ["SettingNumber"] => {
                let number = text.parse().ok();
                self.number = Some(value(number.map(|n| if n == MINUS_ONE { -1 } else { n })));
            }
            ["SettingBoolean"] => self.number = Some(value(boolean(text).map(i64::from))),
            _ => {}
        }
    }
}

/// Follows the elements `Account` of a document.
#[derive(Debug, Default)]
pub(super) struct Accounts(Option<Account>);

impl Accounts {
    /// Takes a step inside `Extension`; `inner` is the path below it. Gives the element that ends.
    pub(super) fn step(&mut self, node: &Node<'_>, inner: &[&str]) -> Option<Account> {
        let ["Account", inner @ ..] = inner else {
            return None;
        };
        match (node.step, inner) {
            (Step::Open, []) if node.namespace() == Some(SECURITY) => {
                self.0 = Some(Account::default());
            }
            (Step::Close, []) => return self.0.take(),
            (Step::Leaf(text), inner) => {
                if let Some(account) = &mut self.0 {
                    account.leaf(inner, text, node);
                }
            }
            _ => {}
        }
        None
    }
}

/// `true` or `false`, in any case.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// A text of an element; an empty one counts as null.
pub(super) fn words(node: &Node<'_>, text: &str) -> Reading<String> {
    match text.trim() {
        "" => Reading::Null(node.place()),
        text => Reading::Value(At::new(text.to_owned(), node.place())),
    }
}

/// A switch of an element.
pub(super) fn switch(node: &Node<'_>, text: &str) -> Reading<bool> {
    words(node, text).and_then(|text| boolean(&text).ok_or("expected true or false".into()))
}
