//! Files of kinds that are not read here, so that their owners hear what they are.

/// Files of other kinds, by their first bytes, with what to do about them.
const MAGIC: &[(&[u8], &str, &str)] = &[
    (
        b"%PDF-",
        "a PDF document",
        "export the data itself as JSON or text",
    ),
    (
        b"\x89PNG",
        "a picture",
        "a screenshot cannot be read: run `sspr attest` and answer from it",
    ),
    (
        b"\xff\xd8\xff",
        "a picture",
        "a screenshot cannot be read: run `sspr attest` and answer from it",
    ),
    (
        b"GIF8",
        "a picture",
        "a screenshot cannot be read: run `sspr attest` and answer from it",
    ),
    (
        b"BM",
        "a picture",
        "a screenshot cannot be read: run `sspr attest` and answer from it",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Office document or a Windows installer",
        "save a sheet as CSV, or export the data again as JSON",
    ),
    (
        b"7z\xbc\xaf\x27\x1c",
        "a 7-Zip archive",
        "unpack it and give the folder, or pack it as zip",
    ),
    (
        b"Rar!",
        "a RAR archive",
        "unpack it and give the folder, or pack it as zip",
    ),
    (
        b"MSCF",
        "a cabinet archive",
        "unpack it with `expand` and give the folder",
    ),
    (
        b"\x28\xb5\x2f\xfd",
        "data packed by zstd",
        "unpack it first",
    ),
    (b"\xfd7zXZ", "data packed by xz", "unpack it first"),
    (b"BZh", "data packed by bzip2", "unpack it first"),
    (
        b"regf",
        "a registry hive",
        "export the keys that are asked for with PowerShell",
    ),
    (
        b"PK\x03\x04",
        "a zip archive, or an Office document",
        "unpack it, or save a sheet as CSV",
    ),
    (b"\xff\xfe\0\0", "text in UTF-32", "save it as UTF-8"),
    (b"\0\0\xfe\xff", "text in UTF-32", "save it as UTF-8"),
    (
        b"LfLe",
        "a log in the form of Windows XP (.evt)",
        "open it in Event Viewer and save it as .evtx",
    ),
    (b"\xd4\xc3\xb2\xa1", "a capture of network packets", ""),
    (b"\xa1\xb2\xc3\xd4", "a capture of network packets", ""),
    (b"\x0a\x0d\x0d\x0a", "a capture of network packets", ""),
    (b"MZ", "a Windows program", ""),
    (b"\x7fELF", "a program", ""),
    (b"SQLite format 3\0", "an SQLite database", ""),
];

/// What a file of a kind that is not read here is, and what to do about it, by its first bytes. `is_binary` says
/// that they are no text.
pub(crate) fn foreign(head: &[u8], is_binary: bool) -> Option<(&'static str, &'static str)> {
    if head.get(257..262) == Some(b"ustar") {
        return Some((
            "a tar archive",
            "unpack it and give the folder, or pack it as zip",
        ));
    }
    let begins = |magic: &[u8]| {
        // Two letters may begin any text; a log of Windows XP has its size first.
        head.starts_with(magic) && (magic.len() > 2 || is_binary)
            || magic == b"LfLe" && head.get(4..8) == Some(magic)
    };
    let found = MAGIC.iter().find(|(magic, _, _)| begins(magic))?;
    Some((found.1, found.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_kinds_are_told_by_their_first_bytes() {
        let what = |head: &[u8]| foreign(head, true).map(|(what, _)| what);
        assert_eq!(what(b"\x89PNG\r\n"), Some("a picture"));
        assert_eq!(
            what(b"0\0\0\0LfLe"),
            Some("a log in the form of Windows XP (.evt)")
        );
        assert_eq!(what(b"\xff\xfe\0\0<\0\0\0"), Some("text in UTF-32"));
        assert_eq!(what(b"MZ\x90\0"), Some("a Windows program"));
        assert_eq!(foreign(b"MZ is how a text may begin", false), None);
        assert_eq!(what(b"ElfFile"), None);
    }
}
