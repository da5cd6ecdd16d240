//! The text that `dsacls` prints.
//!
//! It is written for people: unsorted, translated, and without the GUIDs of what entries are
//! limited to. Only English text is read. Names of rights and attributes that are not known here
//! cannot be those that are known, so an entry about them is kept with a type that nothing has.
//! Where a deny entry stands, the order would matter and is lost: the whole is an error then.

use uuid::Uuid;

use super::{AccessRule, AccessRules, Trustee, object_path};
use crate::directory::security::guids::{self, KnownKind, known_guids};
use crate::directory::security::{Ace, AceKind, Mask, Sid};
use crate::error::{Error, ErrorCode};
use crate::evidence::Locator;

const LIST: &str = "Access list:";
const EFFECTIVE: &str = "Effective Permissions on this object are:";
const INHERITED: &str = "Permissions inherited to subobjects are:";
const TO_ALL: &str = "Inherited to all subobjects";
const TO: &str = "Inherited to ";
const FROM_PARENT: &str = "<Inherited from parent>";
const PROTECTED: &str = "{This object is protected from inheriting permissions from the parent}";
const END: &str = "The command completed successfully";

/// Rights as they are printed, the misspelt one as Windows spells it.
const RIGHTS: &[(&str, u32)] = &[
    ("FULL CONTROL", 0xF_01FF),
    ("DELETE", 0x1_0000),
    ("READ PERMISSONS", 0x2_0000),
    ("READ PERMISSIONS", 0x2_0000),
    ("WRITE PERMISSIONS", 0x4_0000),
    ("CHANGE PERMISSIONS", 0x4_0000),
    ("CHANGE OWNERSHIP", 0x8_0000),
    ("CREATE CHILD", 0x1),
    ("DELETE CHILD", 0x2),
    ("LIST CONTENTS", 0x4),
    ("WRITE SELF", 0x8),
    ("READ PROPERTY", 0x10),
    ("WRITE PROPERTY", 0x20),
    ("DELETE TREE", 0x40),
    ("LIST OBJECT", 0x80),
    ("CONTROL ACCESS", 0x100),
];

/// Display names of property sets, which differ from their names in the schema.
const DISPLAYED: &[(&str, Uuid)] = &[
    ("Account Restrictions", guids::USER_ACCOUNT_RESTRICTIONS),
    ("General Information", guids::GENERAL_INFORMATION),
    ("Public Information", guids::PUBLIC_INFORMATION),
    ("Personal Information", guids::PERSONAL_INFORMATION),
    ("Logon Information", guids::USER_LOGON),
    ("Domain Password & Lockout Policies", guids::DOMAIN_PASSWORD),
    (
        "Other Domain Parameters (for use by SAM)",
        guids::DOMAIN_OTHER_PARAMETERS,
    ),
];

/// A type that no object, attribute or right has.
const UNKNOWN_TYPE: Uuid = Uuid::max();

/// Whether a text is what `dsacls` prints.
pub fn is_dsacls(head: &str) -> bool {
    let mut lines = head.lines().map(str::trim);
    lines.any(|line| line.eq_ignore_ascii_case(LIST))
        && lines.any(|line| line.eq_ignore_ascii_case(EFFECTIVE))
}

/// Reads what `dsacls` prints of one object, with the object's distinguished name where the
/// command itself was captured along with its output.
pub fn parse_dsacls(text: &str) -> (Option<String>, AccessRules) {
    let mut reader = Reader::default();
    let mut ended = false;
    for (number, line) in (1..).zip(text.lines()) {
        if !ended {
            reader.line(line, number);
        }
        ended |= line.trim().starts_with(END);
    }
    reader.finish(ended)
}

/// Where in the text an entry stands.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Part {
    #[default]
    Head,
    Effective,
    Inherited,
}

#[derive(Default)]
struct Reader {
    rules: AccessRules,
    dn: Option<String>,
    part: Part,
    /// The class that inherits the entries that follow.
    class: Option<Uuid>,
    open: Option<Open>,
}

/// An entry whose rights still follow.
struct Open {
    kind: AceKind,
    trustee: String,
    inherited: bool,
    limited: Option<Uuid>,
    mask: u32,
    line: u64,
}

impl Reader {
    fn line(&mut self, line: &str, number: u64) {
        let text = line.trim();
        if text.is_empty() {
            return;
        }
        if self.part == Part::Head {
            self.head(text);
            return;
        }
        if text.eq_ignore_ascii_case(EFFECTIVE) || text.eq_ignore_ascii_case(INHERITED) {
            self.close();
            self.class = None;
            self.part = if text.eq_ignore_ascii_case(EFFECTIVE) {
                Part::Effective
            } else {
                Part::Inherited
            };
        } else if text.starts_with(END) {
            self.close();
        } else if text.eq_ignore_ascii_case(TO_ALL) {
            self.close();
            self.class = None;
        } else if let Some(class) = text.strip_prefix(TO) {
            self.close();
            let known = named(class.trim(), &[KnownKind::Class]);
            self.class = Some(known.unwrap_or(UNKNOWN_TYPE));
        } else if let Some((kind, rest)) = entry_start(line) {
            self.close();
            self.start(kind, rest, number);
        } else if let Some(open) = &mut self.open {
            if let Err(message) = open.take(text) {
                self.fault(number, message);
            }
        } else {
            self.fault(number, "a line that belongs to no entry");
        }
    }

    fn head(&mut self, text: &str) {
        if let Some(owner) = text.strip_prefix("Owner:") {
            self.rules.owner = Some(Trustee::parse(owner));
        } else if let Some(group) = text.strip_prefix("Group:") {
            self.rules.group = Some(Trustee::parse(group));
        } else if text.eq_ignore_ascii_case(PROTECTED) {
            self.rules.protected = Some(true);
        } else if text.eq_ignore_ascii_case(EFFECTIVE) {
            self.part = Part::Effective;
            let protected = self.rules.protected.unwrap_or(false);
            self.rules.protected = Some(protected);
        } else if let Some(command) = command(text) {
            self.dn = Some(command);
        }
    }

    fn start(&mut self, kind: AceKind, rest: &str, line: u64) {
        // The name stands in a column; what follows behind two blanks is the right.
        let (trustee, right) = rest.split_once("  ").unwrap_or((rest, ""));
        let mut open = Open {
            kind,
            trustee: trustee.trim().to_owned(),
            inherited: false,
            limited: None,
            mask: 0,
            line,
        };
        let right = right.trim();
        let taken = if right.is_empty() {
            Ok(())
        } else {
            open.take(right)
        };
        if open.trustee.is_empty() {
            self.fault(line, "an entry without a name");
        }
        if let Err(message) = taken {
            self.fault(line, message);
        }
        self.open = Some(open);
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        if open.mask == 0 {
            self.fault(open.line, "an entry without rights");
            return;
        }
        if open.kind == AceKind::Deny {
            self.fault(
                open.line,
                "an entry denies, and `dsacls` does not tell the order of entries",
            );
            return;
        }
        let mut entry = Ace::new(open.kind, Mask(open.mask), Sid::new(0, []))
            .with_types(open.limited, self.class);
        entry.sid = None;
        if self.part == Part::Inherited {
            entry.flags |= Ace::CONTAINER_INHERIT | Ace::INHERIT_ONLY;
        }
        if open.inherited {
            entry.flags |= Ace::INHERITED;
        }
        let trustee = Trustee::parse(&open.trustee);
        self.rules.rules.push(AccessRule { trustee, entry });
    }

    fn fault(&mut self, line: u64, message: &str) {
        let error = Error::new(ErrorCode::Unsupported, Locator::Line(line), message)
            .with_help("export `Sddl` with Get-Acl, which tells everything");
        self.rules.fault.get_or_insert(error);
    }

    fn finish(mut self, ended: bool) -> (Option<String>, AccessRules) {
        self.close();
        if !ended {
            self.rules.fault.get_or_insert_with(|| {
                Error::new(
                    ErrorCode::Truncated,
                    Locator::Whole,
                    "the text ends before dsacls says that it completed",
                )
            });
        }
        (self.dn, self.rules)
    }
}

impl Open {
    /// Takes one line of rights.
    fn take(&mut self, text: &str) -> Result<(), &'static str> {
        let text = match text.strip_suffix(FROM_PARENT) {
            Some(rest) => {
                self.inherited = true;
                rest.trim_end()
            }
            None => text,
        };
        if text.is_empty() {
            return Ok(());
        }
        if let Some(rest) = text.strip_prefix("SPECIAL ACCESS") {
            if let Some(what) = rest.trim_start().strip_prefix("for ") {
                let kinds = [
                    KnownKind::Attribute,
                    KnownKind::PropertySet,
                    KnownKind::Class,
                ];
                self.limited = Some(named(what.trim(), &kinds).unwrap_or(UNKNOWN_TYPE));
            }
            return Ok(());
        }
        let right = RIGHTS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text));
        if let Some((_, bits)) = right {
            self.mask |= bits;
            return Ok(());
        }
        // An extended right stands alone, by its name.
        let all_capitals = !text.chars().any(char::is_lowercase);
        if self.mask != 0 || self.limited.is_some() || all_capitals {
            return Err("a right that is not known");
        }
        self.mask = Mask::CONTROL_ACCESS.0;
        self.limited = Some(named(text, &[KnownKind::Right]).unwrap_or(UNKNOWN_TYPE));
        Ok(())
    }
}

/// What starts an entry: it begins in the first column.
fn entry_start(line: &str) -> Option<(AceKind, &str)> {
    let rest = |word: &str| {
        let start = line.get(..word.len())?;
        let rest = line.get(word.len()..)?;
        start.eq_ignore_ascii_case(word).then(|| rest.trim_start())
    };
    rest("Allow ")
        .map(|rest| (AceKind::Allow, rest))
        .or_else(|| rest("Deny ").map(|rest| (AceKind::Deny, rest)))
}

/// The distinguished name in a captured command line.
fn command(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("dsacls")?;
    let rest = text.get(at..)?.split_once(char::is_whitespace)?.1.trim();
    let dn = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => rest.split_whitespace().next()?,
    };
    object_path(dn.rsplit_once("\\\\").map_or(dn, |(_, dn)| dn))
}

fn named(name: &str, kinds: &[KnownKind]) -> Option<Uuid> {
    let displayed = DISPLAYED
        .iter()
        .filter(|_| kinds.contains(&KnownKind::PropertySet))
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    displayed.map(|(_, id)| *id).or_else(|| {
        known_guids()
            .iter()
            .find(|known| kinds.contains(&known.kind) && known.name.eq_ignore_ascii_case(name))
            .map(|known| known.id)
    })
}
