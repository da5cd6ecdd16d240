//! Lines of a given width, wrapped with a hanging indent, in colour or without.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::hostile;

/// How a piece of text looks where colour is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// As the terminal writes by itself.
    Plain,
    Bold,
    Dim,
    Good,
    Bad,
    Caution,
    Command,
}

impl Ink {
    const fn sgr(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "\x1b[1m",
            Self::Dim => "\x1b[2m",
            Self::Good => "\x1b[1;32m",
            Self::Bad => "\x1b[1;31m",
            Self::Caution => "\x1b[1;33m",
            Self::Command => "\x1b[36m",
        }
    }
}

/// Text that grows line by line. Everything that is written is made harmless first.
#[derive(Debug)]
pub(super) struct Page {
    out: String,
    width: usize,
    color: bool,
}

/// The column at which the text beside a label starts, counted from the indent.
const LABEL: usize = 9;

impl Page {
    pub(super) fn new(width: usize, color: bool) -> Self {
        Self {
            out: String::new(),
            width: width.clamp(40, 120),
            color,
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A heading, after an empty line.
    pub(super) fn heading(&mut self, text: &str) {
        self.blank();
        self.write(Ink::Bold, text);
        self.blank();
    }

    /// A paragraph.
    pub(super) fn text(&mut self, indent: usize, ink: Ink, text: &str) {
        self.hanging(indent, &[], indent, ink, text);
    }

    /// A label and a text that keeps clear of it.
    pub(super) fn labelled(&mut self, indent: usize, label: &str, text: &str) {
        self.labelled_in(indent, label, Ink::Plain, text);
    }

    /// The same in an ink. Nothing is written for an empty text.
    pub(super) fn labelled_in(&mut self, indent: usize, label: &str, ink: Ink, text: &str) {
        if text.is_empty() {
            return;
        }
        self.hanging(indent, &[(Ink::Dim, label)], indent + LABEL, ink, text);
    }

    /// A label and a command. A command is never wrapped, so that it can be copied: one that does
    /// not fit in its line runs over the edge.
    pub(super) fn command(&mut self, indent: usize, label: &str, command: &str) {
        for (index, line) in command.lines().enumerate() {
            let label = if index == 0 { label } else { "" };
            self.pad(indent);
            self.write(Ink::Dim, label);
            self.pad(LABEL.saturating_sub(label.width()).max(1));
            self.write(Ink::Command, line);
            self.blank();
        }
    }

    /// A label and an address, which is never broken.
    pub(super) fn link(&mut self, indent: usize, label: &str, address: &str) {
        self.pad(indent);
        self.write(Ink::Dim, label);
        self.pad(LABEL.saturating_sub(label.width()).max(1));
        self.write(Ink::Plain, address);
        self.blank();
    }

    /// A label and either a command or a text, whichever it is.
    pub(super) fn command_or_text(&mut self, indent: usize, label: &str, text: &str) {
        if is_command(text) {
            self.command(indent, label, text);
        } else {
            self.labelled(indent, label, text);
        }
    }

    /// Pieces in a row, then a text that hangs at a column.
    pub(super) fn hanging(
        &mut self,
        indent: usize,
        lead: &[(Ink, &str)],
        hang: usize,
        ink: Ink,
        text: &str,
    ) {
        self.pad(indent);
        let mut column = indent;
        for (ink, piece) in lead {
            self.write(*ink, piece);
            column += piece.width();
        }
        if column < hang {
            self.pad(hang - column);
        } else if column > hang {
            self.pad(1);
            column += 1;
        }
        let clean = hostile::terminal(text);
        let room = self.width.saturating_sub(hang).max(20);
        let first = room.saturating_sub(column.saturating_sub(hang)).max(10);
        for (index, line) in wrap(&clean, first, room).iter().enumerate() {
            if index > 0 {
                self.blank();
                self.pad(hang);
            }
            self.write(ink, line);
        }
        self.blank();
    }

    /// Columns with their heads; each is as wide as it needs to be.
    pub(super) fn cells(&mut self, indent: usize, cells: &[(String, Ink, String)]) {
        let mut rest = cells;
        while !rest.is_empty() {
            let mut used = indent;
            let fits = rest
                .iter()
                .take_while(|(head, _, cell)| {
                    used += head.width().max(cell.width()) + 2;
                    used <= self.width + 2
                })
                .count()
                .max(1);
            let (row, later) = rest.split_at(fits);
            self.pad(indent);
            for (index, (head, _, cell)) in row.iter().enumerate() {
                self.write(Ink::Dim, head);
                if index + 1 < row.len() {
                    self.pad(2 + cell.width().saturating_sub(head.width()));
                }
            }
            self.blank();
            self.pad(indent);
            for (index, (head, ink, cell)) in row.iter().enumerate() {
                self.write(*ink, cell);
                if index + 1 < row.len() {
                    self.pad(2 + head.width().saturating_sub(cell.width()));
                }
            }
            self.blank();
            rest = later;
        }
    }

    fn pad(&mut self, columns: usize) {
        self.out.extend(std::iter::repeat_n(' ', columns));
    }

    fn write(&mut self, ink: Ink, text: &str) {
        let clean = hostile::terminal(text);
        if self.color && ink != Ink::Plain && !clean.is_empty() {
            let _ = write!(self.out, "{}{clean}\x1b[0m", ink.sgr());
        } else {
            self.out.push_str(&clean);
        }
    }
}

/// Breaks a text between words; a word that is longer than a line is broken inside.
fn wrap(text: &str, first: usize, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let room = if lines.is_empty() { first } else { room };
        let width = word.width();
        if used > 0 && used + 1 + width > room {
            lines.push(std::mem::take(&mut line));
            used = 0;
        } else if used > 0 {
            line.push(' ');
            used += 1;
        }
        if width <= room {
            line.push_str(word);
            used += width;
            continue;
        }
        for c in word.chars() {
            let width = c.width().unwrap_or(0);
            if used + width > room {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += width;
        }
    }
    lines.push(line);
    lines
}

/// Whether a text is a command and no sentence: it starts with a cmdlet's verb and noun.
pub(super) fn is_command(text: &str) -> bool {
    let first = text.trim_start_matches(['(', '&', ' ']);
    let Some((verb, noun)) = first.split_once('-') else {
        return false;
    };
    let is_name = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
    is_name(verb)
        && verb.chars().skip(1).all(|c| c.is_ascii_lowercase())
        && is_name(noun)
        && noun.split(' ').next().is_some_and(|noun| {
            let humps = noun.chars().filter(char::is_ascii_uppercase).count();
            humps >= 2 || noun.contains("Item") || noun.contains("Service")
        })
}

/// A number with its thousands set apart.
pub(super) fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut spaced = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            spaced.push(',');
        }
        spaced.push(digit);
    }
    spaced
}

/// A number with its noun.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// A time as people read it.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// How long before `now` a time lies, roughly; `None` when it lies after it.
pub(super) fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> Option<String> {
    let minutes = u64::try_from((now - at).num_minutes()).ok()?;
    let ago = match minutes {
        0..120 => counted(minutes, "minute", "minutes"),
        120..2880 => counted(minutes / 60, "hour", "hours"),
        _ => counted(minutes / 1440, "day", "days"),
    };
    Some(format!("{ago} ago"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_thousands_apart() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_902), "1,902");
        assert_eq!(number(1_234_567), "1,234,567");
    }

    #[test]
    fn lines_break_between_words_and_wide_characters_count_twice() {
        assert_eq!(wrap("one two three", 7, 7), ["one two", "three"]);
        assert_eq!(wrap("表表表表", 4, 4), ["表表", "表表"]);
        assert_eq!(wrap("a abcdefgh", 4, 4), ["a", "abcd", "efgh"]);
    }

    #[test]
    fn a_text_beside_a_label_keeps_clear_of_it() {
        let mut page = Page::new(40, false);
        page.labelled(
            2,
            "Where",
            "the active server, in a window that was opened as administrator",
        );
        for line in page.finish().lines().skip(1) {
            assert!(
                line.starts_with("           ") && line.width() <= 40,
                "{line}"
            );
        }
    }

    #[test]
    fn cmdlets_are_told_from_sentences() {
        assert!(is_command("Get-ADDomain -Identity 'contoso.com'"));
        assert!(is_command("(Get-ADUser 'jdoe').pwdLastSet"));
        assert!(is_command("Get-Service ADSync"));
        assert!(!is_command("Sign-in with the new password."));
        assert!(!is_command("Reset the password of a test person."));
    }

    #[test]
    fn colour_is_closed_where_it_was_opened() {
        let mut page = Page::new(80, true);
        page.text(0, Ink::Bad, "no \u{1b}[2J");
        assert_eq!(page.finish(), "\u{1b}[1;31mno \\u{1b}[2J\u{1b}[0m\n");
    }
}
