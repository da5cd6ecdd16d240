//! The fields inside the text of an event of the writeback service or of the engine.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use uuid::Uuid;

use super::HResult;

/// What stands in the text of an event. Everything is borrowed from the text, and everything may
/// be missing: copied logs lose their tracking ids, service events name nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message<'a> {
    /// The id that all events of one operation share.
    pub tracking_id: Option<Uuid>,
    /// The step, such as `PasswordResetRequestStart`.
    pub token: Option<&'a str>,
    /// The text after `Details:`, on its first line.
    pub details: Option<&'a str>,
    /// The cloud object, `User_` and its id.
    pub cloud_anchor: Option<&'a str>,
    /// The immutable id, in base 64.
    pub source_anchor: Option<&'a str>,
    /// Whose password it is, as `UserPrincipalName` says.
    pub user: Option<&'a str>,
    /// The administrator who asked for it.
    pub admin: Option<&'a str>,
    /// The operation also unlocks the account.
    pub unlock: Option<bool>,
    /// The password must be changed at the next logon.
    pub force_change: Option<bool>,
    /// The engine's result code.
    pub code: Option<HResult>,
    /// The engine's sentence that goes with the code.
    pub reason: Option<&'a str>,
    /// What the stack frames say was being done: a second hint, weaker than the event id.
    pub stack: Option<StackOperation>,
    /// The version of the writeback service.
    pub version: Option<&'a str>,
    /// The service bus host, such as `contoso.servicebus.windows.net`.
    pub service_bus: Option<&'a str>,
}

/// The operation that a stack frame names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StackOperation {
    /// `ChangePassword`
    Change,
    /// `ResetPassword` and the like.
    Reset,
}

/// How the host of a tenant's service bus ends.
const SERVICE_BUS: &str = ".servicebus.windows.net";

impl<'a> Message<'a> {
    /// Reads the text of an event.
    ///
    /// ```
    /// use sspr::events::Message;
    ///
    /// let text = "TrackingId: 11111111-2222-3333-4444-555555555555, PasswordResetRequestStart, \
    ///     Details: jdoe@contoso.com";
    /// let message = Message::parse(text);
    /// assert_eq!(message.token, Some("PasswordResetRequestStart"));
    /// assert_eq!(message.person(), Some("jdoe@contoso.com"));
    /// ```
    pub fn parse(text: &'a str) -> Self {
        let (tracking_id, rest) = tracking_id(text);
        // Below the first stack frame stand method names, no fields.
        let (head, stack) = split_before(rest, &MARKS.frame);
        let head = head.trim_end_matches('\r');
        let code = code(head);
        Self {
            tracking_id,
            token: token(rest),
            details: details(head),
            cloud_anchor: field(head, &MARKS.cloud_anchor),
            source_anchor: field(head, &MARKS.source_anchor),
            user: field(head, &MARKS.user),
            admin: field(head, &MARKS.admin),
            unlock: field(head, &MARKS.unlock).and_then(boolean),
            force_change: field(head, &MARKS.force_change).and_then(boolean),
            code,
            reason: reason(head),
            stack: stack_operation(stack),
            version: field(head, &MARKS.version),
            service_bus: service_bus(head),
        }
    }

    /// Whose password it is: the context says it, and a start names nobody but the person.
    pub fn person(&self) -> Option<&'a str> {
        self.user.or_else(|| {
            let details = self.details?;
            let is_start = self.token.is_some_and(|token| token.ends_with("Start"));
            (is_start && details.contains('@') && !details.contains([' ', ','])).then_some(details)
        })
    }

    /// Whether the administrator who asked is the person: then it was probably the person's own
    /// change in My Sign-Ins.
    pub fn admin_is_person(&self) -> bool {
        matches!((self.admin, self.person()), (Some(admin), Some(person))
            if admin.eq_ignore_ascii_case(person))
    }
}

fn tracking_id(text: &str) -> (Option<Uuid>, &str) {
    let Some((_, after)) = split_at(text, &MARKS.tracking_id) else {
        return (None, text.trim_start());
    };
    let after = after.trim_start();
    let end = after
        .find(|c: char| !c.is_ascii_hexdigit() && c != '-')
        .unwrap_or(after.len());
    let (id, rest) = after.split_at_checked(end).unwrap_or((after, ""));
    (
        Uuid::try_parse(id).ok(),
        rest.trim_start_matches([',', ' ', '\r', '\n', '\t']),
    )
}

fn token(rest: &str) -> Option<&str> {
    let first = rest.split([',', '\r', '\n']).next()?.trim();
    let is_word = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word.then_some(first)
}

fn details(head: &str) -> Option<&str> {
    let (_, details) = split_at(head, &MARKS.details)?;
    let line = details.trim_start().lines().next()?.trim();
    (!line.is_empty()).then_some(line)
}

/// The value of a key of the context: up to the next comma or white space. The colon may lack its
/// blank, and has been seen missing.
fn field<'a>(head: &'a str, key: &Finder<'_>) -> Option<&'a str> {
    let mut from = head;
    loop {
        let at = key.find(from.as_bytes())?;
        let starts_word = from
            .get(..at)
            .and_then(|before| before.chars().next_back())
            .is_none_or(|c| !c.is_alphanumeric());
        let after = from.get(at + key.needle().len()..)?;
        let ends_word = after.starts_with([':', ' ']);
        if !(starts_word && ends_word) {
            from = after;
            continue;
        }
        let value = after.trim_start_matches([':', ' ']);
        let end = value
            .find(|c: char| c == ',' || c.is_whitespace())
            .unwrap_or(value.len());
        let value = value.get(..end)?;
        return (!value.is_empty()).then_some(value);
    }
}

fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// The first code: `hr=80230619` in the service's events, `0x80230619` in the engine's. The
/// service repeats it in the details.
fn code(head: &str) -> Option<HResult> {
    let hex = |text: &'_ str| {
        let end = text
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .unwrap_or(text.len());
        text.get(..end).and_then(HResult::parse)
    };
    let after = |mark: &Finder<'_>, skip: usize| {
        mark.find_iter(head.as_bytes())
            .find_map(|at| head.get(at + skip..).and_then(hex))
    };
    after(&MARKS.result, "hr=".len()).or_else(|| after(&MARKS.hex, 0))
}

/// The sentence after `message=`, which ends in a full stop and a comma, and may hold commas.
fn reason(head: &str) -> Option<&str> {
    if let Some((_, after)) = split_at(head, &MARKS.reason) {
        let (reason, _) = split_before(after, &MARKS.context);
        let (reason, _) = split_before(reason, &MARKS.after_reason);
        let reason = reason.trim().trim_end_matches(['.', ',']);
        return (!reason.is_empty()).then_some(reason);
    }
    // The engine puts it in brackets after the code.
    let at = MARKS.failure.find(head.as_bytes())?;
    let after = head.get(at..)?.split_once(" (")?.1;
    let (reason, _) = after.split_once(')')?;
    Some(reason.trim().trim_end_matches('.'))
}

fn stack_operation(stack: &str) -> Option<StackOperation> {
    if stack.is_empty() {
        return None;
    }
    let change = stack.find(".ChangePassword(");
    let reset = stack.find(".Reset");
    match (change, reset) {
        (Some(change), Some(reset)) if reset < change => Some(StackOperation::Reset),
        (Some(_), _) => Some(StackOperation::Change),
        (None, Some(_)) => Some(StackOperation::Reset),
        (None, None) => None,
    }
}

fn service_bus(head: &str) -> Option<&str> {
    let at = MARKS.service_bus.find(head.as_bytes())?;
    let before = head.get(..at)?;
    let start = before
        .char_indices()
        .rev()
        .find(|(_, c)| !c.is_ascii_alphanumeric() && *c != '-' && *c != '.')
        .map_or(0, |(at, c)| at + c.len_utf8());
    let host = head.get(start..at + SERVICE_BUS.len())?;
    (host.len() > SERVICE_BUS.len()).then_some(host)
}

fn split_before<'t>(text: &'t str, mark: &Finder<'_>) -> (&'t str, &'t str) {
    mark.find(text.as_bytes())
        .and_then(|at| text.split_at_checked(at))
        .unwrap_or((text, ""))
}

/// What stands before the first mark, and what behind it.
fn split_at<'t>(text: &'t str, mark: &Finder<'_>) -> Option<(&'t str, &'t str)> {
    let at = mark.find(text.as_bytes())?;
    Some((text.get(..at)?, text.get(at + mark.needle().len()..)?))
}

/// What is searched for in every text. To prepare a search takes as long as the search itself.
struct Marks {
    tracking_id: Finder<'static>,
    frame: Finder<'static>,
    details: Finder<'static>,
    cloud_anchor: Finder<'static>,
    source_anchor: Finder<'static>,
    user: Finder<'static>,
    admin: Finder<'static>,
    unlock: Finder<'static>,
    force_change: Finder<'static>,
    version: Finder<'static>,
    result: Finder<'static>,
    hex: Finder<'static>,
    failure: Finder<'static>,
    reason: Finder<'static>,
    context: Finder<'static>,
    after_reason: Finder<'static>,
    service_bus: Finder<'static>,
}

static MARKS: LazyLock<Marks> = LazyLock::new(|| {
    let mark = Finder::new::<str>;
    Marks {
        tracking_id: mark("TrackingId:"),
        frame: mark("\n   at "),
        details: mark("Details:"),
        cloud_anchor: mark("cloudAnchor"),
        source_anchor: mark("SourceAnchorValue"),
        user: mark("UserPrincipalName"),
        admin: mark("AdminUpn"),
        unlock: mark("unblockUser"),
        force_change: mark("ForcePasswordChange"),
        version: mark("Version"),
        result: mark("hr="),
        hex: mark("0x"),
        failure: mark("0x8"),
        reason: mark("message="),
        context: mark(", Context:"),
        after_reason: mark(", Details:"),
        service_bus: mark(SERVICE_BUS),
    }
});

#[cfg(test)]
mod tests;
