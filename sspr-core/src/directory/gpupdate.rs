//! The text with which `gpupdate` reports success.

/// Sentences that `gpupdate` prints, in the languages that are known word by word.
const SENTENCES: [&str; 4] = [
    "policy update has completed successfully",
    "updating policy...",
    "die aktualisierung der computerrichtlinie",
    "die aktualisierung der benutzerrichtlinie",
];

/// Whether a text is what `gpupdate` prints: in English and German by its words, in other
/// languages by its shape, which is one line that ends in dots and two sentences that are almost
/// the same, for the computer and for the user.
pub fn is_gpupdate(text: &str) -> bool {
    let lines: Vec<_> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .take(40)
        .collect();
    if lines.len() >= 40 {
        return false;
    }
    let known = lines.iter().any(|line| {
        let line = line.to_lowercase();
        SENTENCES.iter().any(|sentence| line.contains(sentence))
    });
    known || has_shape(&lines)
}

fn has_shape(lines: &[&str]) -> bool {
    let [start, computer, user] = lines else {
        return false;
    };
    let end = ['.', '\u{3002}'];
    let is_sentence = |line: &str| line.ends_with(end) && !line.ends_with("...");
    if !start.ends_with("...") && !start.ends_with('\u{2026}') {
        return false;
    }
    let (computer, user): (Vec<_>, Vec<_>) = (
        computer.split_whitespace().collect(),
        user.split_whitespace().collect(),
    );
    let shared = computer.iter().filter(|word| user.contains(word)).count();
    lines.iter().skip(1).all(|line| is_sentence(line))
        && computer.len() >= 4
        && computer != user
        && shared * 2 >= computer.len()
        && computer.len().abs_diff(user.len()) <= 2
}
