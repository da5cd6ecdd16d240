//! Texts from evidence, made harmless for a terminal, for Markdown, HTML and CSV.

use std::fmt::Write as _;

/// A text for one line of a terminal: control characters, escapes, and characters that are
/// invisible or change the reading direction come out as visible escapes such as `\u{202e}`.
pub fn terminal(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => clean.push_str("\\n"),
            '\r' => clean.push_str("\\r"),
            '\t' => clean.push_str("\\t"),
            c if c.is_control() || is_deceptive(c) => {
                let _ = write!(clean, "\\u{{{:x}}}", u32::from(c));
            }
            c => clean.push(c),
        }
    }
    clean
}

/// Whether a character is invisible, reverses the direction of its neighbours, or breaks a line.
fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// A text for prose, a list item, a heading or a table cell in Markdown. Nothing in it starts
/// emphasis, a link, HTML, a list or a new cell. Words with an `@` become code, which keeps them
/// from turning into addresses.
pub fn markdown(text: &str) -> String {
    let clean = terminal(text);
    let mut escaped = String::with_capacity(clean.len());
    for (index, word) in clean.trim().split(' ').enumerate() {
        if index > 0 {
            escaped.push(' ');
        }
        if word.contains('@') {
            let bare = word.trim_end_matches(['.', ',', ';', ':', ')', '?', '!']);
            escaped.push_str(&code(bare));
            escape_word(word.get(bare.len()..).unwrap_or_default(), &mut escaped);
        } else {
            escape_word(word, &mut escaped);
        }
    }
    without_list_marker(escaped)
}

fn escape_word(word: &str, escaped: &mut String) {
    let lower = word.to_ascii_lowercase();
    for (at, c) in word.char_indices() {
        let rest = lower.get(at..).unwrap_or_default();
        let special = matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '['
                | ']'
                | '<'
                | '>'
                | '|'
                | '~'
                | '&'
                | '#'
                | '!'
                | '{'
                | '}'
        );
        // Bare addresses become links in some dialects: `http://` and `www.` are taken apart.
        let link = rest.starts_with("://")
            || c == '.'
                && lower
                    .get(..at)
                    .is_some_and(|before| before.ends_with("www"));
        if special || link {
            escaped.push('\\');
        }
        escaped.push(c);
    }
}

/// Takes its meaning from what would start a list, a rule or an underlined heading.
fn without_list_marker(text: String) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let at = match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => digits,
        Some(b'-' | b'+' | b'=') if digits == 0 => 0,
        _ => return text,
    };
    let (before, after) = text.split_at(at);
    format!("{before}\\{after}")
}

/// A text as Markdown code inside a line. It never breaks a table either: a vertical line is
/// shown as its full-width form, since tables and code disagree about how to escape one.
pub fn code(text: &str) -> String {
    let text = terminal(text).replace('|', "\u{ff5c}");
    let fence = "`".repeat(longest_run(&text) + 1);
    // Code that begins or ends with a backtick, or is empty, needs the spaces.
    let pad = if text.is_empty() || text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A command as a fenced block. Its own line feeds stay, everything else is as for a terminal.
pub fn fenced(command: &str, language: &str) -> String {
    let lines: Vec<_> = command.lines().map(terminal).collect();
    let body = lines.join("\n");
    let fence = "`".repeat(longest_run(&body).max(2) + 1);
    format!("{fence}{language}\n{body}\n{fence}\n")
}

/// A text between tags or in a quoted attribute of HTML. Line feeds stay, everything else is as for
/// a terminal.
pub fn html(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(terminal).collect();
    let mut escaped = String::with_capacity(text.len());
    for c in lines.join("\n").chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A text as a field of CSV (RFC 4180), in quotes where it needs them. A spreadsheet would take one
/// that begins with `=`, `+`, `-`, `@`, a tab or a return for a formula: it gets an apostrophe.
pub fn csv(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_opens_no_element_and_leaves_no_attribute() {
        assert_eq!(
            html("<img src=\"x\" onerror='y'>&amp;\n\u{202e}"),
            "&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt;&amp;amp;\n\\u{202e}"
        );
    }

    /// Texts that are made of the characters that do harm.
    fn hostile() -> impl Strategy<Value = String> {
        let harmful = prop::sample::select(vec![
            "|",
            "`",
            "``",
            "\n",
            "\r",
            "\t",
            "\u{1b}[31m",
            "\u{9b}",
            "\u{202e}",
            "\u{2066}",
            "\u{200b}",
            "\u{feff}",
            "\u{2028}",
            "\u{e0041}",
            "[a](b)",
            "<b>",
            "&lt;",
            "- ",
            "1. ",
            "1) ",
            "* ",
            "# ",
            "www.",
            "http://",
            "jdoe@contoso.com",
            "\\",
            "\\|",
            " ",
            "é",
            "表",
        ]);
        prop_oneof![
            any::<String>(),
            prop::collection::vec(harmful, 0..12).prop_map(|parts| parts.concat()),
        ]
    }

    /// Whether a structural character stands in a text outside code and without a backslash.
    fn has_bare(text: &str, structural: &str) -> bool {
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '\\' => {
                    rest.next();
                }
                '`' => {
                    let mut open = 1;
                    while rest.next_if_eq(&'`').is_some() {
                        open += 1;
                    }
                    let mut run = 0;
                    for c in rest.by_ref() {
                        run = if c == '`' { run + 1 } else { 0 };
                        if run == open {
                            break;
                        }
                    }
                    if run != open {
                        return true;
                    }
                }
                c if structural.contains(c) => return true,
                _ => {}
            }
        }
        false
    }

    fn is_clean(text: &str) -> bool {
        !text.chars().any(|c| c.is_control() || is_deceptive(c))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn nothing_that_moves_or_hides_reaches_a_terminal(text in hostile()) {
            prop_assert!(is_clean(&terminal(&text)));
        }

        #[test]
        fn a_markdown_cell_stays_one_cell_on_one_line(text in hostile()) {
            let cell = markdown(&text);
            prop_assert!(is_clean(&cell));
            prop_assert!(!has_bare(&cell, "|[]<>*_~&#!{}"), "{cell}");
            // Tables split at bare vertical lines even inside code.
            let bare_pipe = cell.replace("\\\\", "").replace("\\|", "").contains('|');
            prop_assert!(!bare_pipe, "{cell}");
        }

        #[test]
        fn code_ends_where_it_should_and_never_holds_a_vertical_line(text in hostile()) {
            let code = code(&text);
            prop_assert!(is_clean(&code));
            prop_assert!(!code.contains('|'));
            prop_assert!(!has_bare(&code, "[]<>*_"), "{code}");
        }

        #[test]
        fn a_fence_outlasts_its_content(text in hostile()) {
            let block = fenced(&text, "powershell");
            let mut lines = block.lines();
            let fence = lines.next().unwrap().trim_end_matches("powershell").to_owned();
            prop_assert_eq!(lines.filter(|line| line.contains(&fence)).count(), 1);
        }
    }

    #[test]
    fn escapes_show_what_was_there() {
        assert_eq!(
            terminal("a\u{1b}[2Jb\u{202e}c\nd"),
            "a\\u{1b}[2Jb\\u{202e}c\\nd"
        );
        assert_eq!(terminal("Zoë 表"), "Zoë 表");
    }

    #[test]
    fn list_markers_and_addresses_lose_their_meaning() {
        assert_eq!(markdown("- a"), "\\- a");
        assert_eq!(markdown("12. a"), "12\\. a");
        assert_eq!(
            markdown("see http://x and www.y"),
            "see http\\://x and www\\.y"
        );
        assert_eq!(markdown("ask jdoe@contoso.com."), "ask `jdoe@contoso.com`.");
        assert_eq!(markdown("a|b <i>"), "a\\|b \\<i\\>");
    }
}
