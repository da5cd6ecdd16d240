//! Which methods a reset can use, and whether they are enough.
//!
//! The legacy switches of the Password reset blade and the authentication methods policy both
//! enable methods; the migration state says which of the two counts. Security questions live in
//! the legacy policy alone, under every state.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::{ConvergedMethod, LegacyMethod, MethodKind, MethodsRequired, MigrationState};

/// A way to prove one's identity at a reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ResetMethod {
    /// A notification in the Authenticator app.
    AppNotification,
    /// A code in the Authenticator app.
    AppCode,
    /// A code of another authenticator app.
    SoftwareToken,
    /// A code of a hardware token.
    HardwareToken,
    /// A code sent to another mailbox.
    Email,
    /// A code by SMS.
    Sms,
    /// A call to the mobile phone.
    Voice,
    /// A call to the office phone.
    OfficePhone,
    /// Answers to questions.
    SecurityQuestions,
}

/// Methods that count as one: a call and an SMS reach the same mobile phone, a notification and a
/// code come from the same app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum IndependentMethod {
    AuthenticatorApp,
    SoftwareToken,
    HardwareToken,
    Email,
    MobilePhone,
    OfficePhone,
    SecurityQuestions,
}

impl ResetMethod {
    /// What it counts as.
    pub const fn counts_as(self) -> IndependentMethod {
        match self {
            Self::AppNotification | Self::AppCode => IndependentMethod::AuthenticatorApp,
            Self::SoftwareToken => IndependentMethod::SoftwareToken,
            Self::HardwareToken => IndependentMethod::HardwareToken,
            Self::Email => IndependentMethod::Email,
            Self::Sms | Self::Voice => IndependentMethod::MobilePhone,
            Self::OfficePhone => IndependentMethod::OfficePhone,
            Self::SecurityQuestions => IndependentMethod::SecurityQuestions,
        }
    }

    /// Whether it is weak: what it takes can be forwarded, overheard or found out.
    pub const fn is_weak(self) -> bool {
        match self {
            Self::AppNotification | Self::AppCode | Self::SoftwareToken | Self::HardwareToken => {
                false
            }
            Self::Email | Self::Sms | Self::Voice | Self::OfficePhone | Self::SecurityQuestions => {
                true
            }
        }
    }

    /// Whether it hangs on the mobile phone: who loses it loses SMS, calls and the app together.
    pub const fn on_mobile_phone(self) -> bool {
        matches!(
            self,
            Self::AppNotification | Self::AppCode | Self::Sms | Self::Voice
        )
    }

    /// What an administrator calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::AppNotification => "Authenticator notification",
            Self::AppCode => "Authenticator code",
            Self::SoftwareToken => "software OATH token",
            Self::HardwareToken => "hardware OATH token",
            Self::Email => "e-mail",
            Self::Sms => "SMS",
            Self::Voice => "voice call",
            Self::OfficePhone => "office phone",
            Self::SecurityQuestions => "security questions",
        }
    }
}

impl fmt::Display for ResetMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

/// The policy that makes a method usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// The legacy switches of the Password reset blade.
    Legacy,
    /// The authentication methods policy.
    Converged,
    /// Both.
    Both,
}

/// One usable method and the policy it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UsableMethod {
    /// The method.
    pub method: ResetMethod,
    /// Where it is on.
    pub source: Source,
}

/// A method that is on somewhere and cannot be used for a reset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SetAside {
    /// Its name in the policy that has it on.
    pub method: String,
    /// Why it does not count.
    pub reason: Reason,
}

/// Why a method that is on does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// The migration is complete: the legacy switch is ignored.
    LegacyIgnored,
    /// Before the migration a reset uses the legacy policy alone.
    ConvergedNotYetUsed,
    /// Under the legacy policy a notification works only where two methods are required.
    NotificationNeedsTwo,
    /// It signs in, and does not reset passwords.
    NotForReset,
    /// It is on, and targeted at nobody.
    ReachesNobody,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LegacyIgnored => "the migration is complete, so the legacy switch is ignored",
            Self::ConvergedNotYetUsed => {
                "before the migration a reset uses the legacy switches alone"
            }
            Self::NotificationNeedsTwo => {
                "under the legacy policy a notification works only where two methods are required"
            }
            Self::NotForReset => "it is for sign-in and does not reset passwords",
            Self::ReachesNobody => "it is on and targeted at nobody",
        })
    }
}

/// The methods that a reset can use, with the reasons for those that it cannot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UsableMethods {
    /// How many a reset takes.
    pub required: MethodsRequired,
    /// The usable ones, each once, in a fixed order.
    pub methods: Vec<UsableMethod>,
    /// The others that are on somewhere.
    pub set_aside: Vec<SetAside>,
}

/// The methods usable for a reset.
///
/// `legacy` are the switches of the Password reset blade that are on, `converged` the methods of
/// the authentication methods policy.
pub fn usable(
    legacy: &BTreeSet<LegacyMethod>,
    converged: &[ConvergedMethod],
    migration: MigrationState,
    required: MethodsRequired,
) -> UsableMethods {
    let mut found: BTreeMap<ResetMethod, Source> = BTreeMap::new();
    let mut others = Vec::new();
    for method in legacy {
        let means = of_legacy(*method);
        match legacy_reason(*method, migration, required) {
            Some(reason) => others.push((method.title(), means.to_vec(), reason)),
            None => add(&mut found, means, Source::Legacy),
        }
    }
    for method in converged {
        if method.state == super::MethodState::Disabled {
            continue;
        }
        let means = of_converged(method);
        match converged_reason(method, migration) {
            Some(reason) => others.push((method.kind.title(), means, reason)),
            None => add(&mut found, &means, Source::Converged),
        }
    }
    // What the other policy makes usable all the same is not set aside.
    let set_aside = others
        .into_iter()
        .filter(|(_, means, _)| {
            means.is_empty() || means.iter().any(|method| !found.contains_key(method))
        })
        .map(|(title, _, reason)| SetAside {
            method: title.to_owned(),
            reason,
        })
        .collect();
    UsableMethods {
        required,
        methods: found
            .into_iter()
            .map(|(method, source)| UsableMethod { method, source })
            .collect(),
        set_aside,
    }
}

fn add(found: &mut BTreeMap<ResetMethod, Source>, methods: &[ResetMethod], source: Source) {
    for method in methods {
        found
            .entry(*method)
            .and_modify(|known| {
                if *known != source {
                    *known = Source::Both;
                }
            })
            .or_insert(source);
    }
}

fn converged_reason(method: &ConvergedMethod, migration: MigrationState) -> Option<Reason> {
    if !method.kind.resets_passwords() {
        Some(Reason::NotForReset)
    } else if !method.is_on() {
        Some(Reason::ReachesNobody)
    } else if migration.uses_converged() {
        None
    } else {
        Some(Reason::ConvergedNotYetUsed)
    }
}

fn legacy_reason(
    method: LegacyMethod,
    migration: MigrationState,
    required: MethodsRequired,
) -> Option<Reason> {
    if method == LegacyMethod::SecurityQuestions {
        return None;
    }
    if !migration.respects_legacy() {
        return Some(Reason::LegacyIgnored);
    }
    (method == LegacyMethod::MobileAppNotification && required == MethodsRequired::One)
        .then_some(Reason::NotificationNeedsTwo)
}

const fn of_legacy(method: LegacyMethod) -> &'static [ResetMethod] {
    match method {
        LegacyMethod::MobileAppNotification => &[ResetMethod::AppNotification],
        LegacyMethod::MobileAppCode => &[ResetMethod::AppCode],
        LegacyMethod::Email => &[ResetMethod::Email],
        LegacyMethod::MobilePhone => &[ResetMethod::Sms, ResetMethod::Voice],
        LegacyMethod::OfficePhone => &[ResetMethod::OfficePhone],
        LegacyMethod::SecurityQuestions => &[ResetMethod::SecurityQuestions],
    }
}

fn of_converged(method: &ConvergedMethod) -> Vec<ResetMethod> {
    match method.kind {
        MethodKind::Email => vec![ResetMethod::Email],
        MethodKind::HardwareOath => vec![ResetMethod::HardwareToken],
        MethodKind::MicrosoftAuthenticator => {
            vec![ResetMethod::AppNotification, ResetMethod::AppCode]
        }
        MethodKind::Sms => vec![ResetMethod::Sms],
        MethodKind::SoftwareOath => vec![ResetMethod::SoftwareToken],
        MethodKind::Voice if method.office_phone == Some(true) => {
            vec![ResetMethod::Voice, ResetMethod::OfficePhone]
        }
        MethodKind::Voice => vec![ResetMethod::Voice],
        _ => Vec::new(),
    }
}

impl UsableMethods {
    /// Whether this method is usable.
    pub fn has(&self, method: ResetMethod) -> bool {
        self.methods.iter().any(|known| known.method == method)
    }

    /// Which independent methods are usable.
    pub fn groups(&self) -> BTreeSet<IndependentMethod> {
        self.methods
            .iter()
            .map(|usable| usable.method.counts_as())
            .collect()
    }

    /// How many independent methods are usable.
    pub fn independent(&self) -> u32 {
        u32::try_from(self.groups().len()).unwrap_or(u32::MAX)
    }

    /// How many must be usable: as many as a reset takes, and one more where the Authenticator app
    /// is among them.
    pub fn needed(&self) -> u32 {
        let app = self.groups().contains(&IndependentMethod::AuthenticatorApp);
        self.required.count() + u32::from(app)
    }

    /// Whether the usable methods are enough for a reset.
    pub fn is_enough(&self) -> bool {
        self.independent() >= self.needed()
    }

    /// The weak ones.
    pub fn weak(&self) -> impl Iterator<Item = ResetMethod> {
        self.methods
            .iter()
            .map(|usable| usable.method)
            .filter(|method| method.is_weak())
    }

    /// The strong ones.
    pub fn strong(&self) -> impl Iterator<Item = ResetMethod> {
        self.methods
            .iter()
            .map(|usable| usable.method)
            .filter(|method| !method.is_weak())
    }

    /// Whether there are methods, and all of them hang on the mobile phone.
    pub fn on_one_phone(&self) -> bool {
        !self.methods.is_empty()
            && self
                .methods
                .iter()
                .all(|usable| usable.method.on_mobile_phone())
    }

    /// The usable methods in words, such as `e-mail, SMS and voice call`.
    pub fn in_words(&self) -> String {
        in_words(self.methods.iter().map(|usable| usable.method.title()))
    }
}

/// A list in words.
pub(crate) fn in_words<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let items: Vec<_> = items.into_iter().collect();
    match items.as_slice() {
        [] => "none".to_owned(),
        [only] => (*only).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
