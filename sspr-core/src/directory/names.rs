//! Distinguished names of domains and their DNS names.

/// The DNS name of the domain that a distinguished name lies in, in lower case: `contoso.com` for
/// `CN=Jane Doe,OU=Staff,DC=contoso,DC=com`. `None` when the name does not end in `DC=` parts.
pub fn dns_domain(dn: &str) -> Option<String> {
    let mut labels = Vec::new();
    let mut rest = Some(dn);
    while let Some(name) = rest {
        let (part, behind) = split_first(name);
        match part.trim().split_once('=') {
            Some((attribute, label)) if attribute.trim().eq_ignore_ascii_case("dc") => {
                labels.push(label.trim().to_ascii_lowercase());
            }
            // A `DC=` above another kind of part belongs to no domain (DNS zones, for one).
            _ => labels.clear(),
        }
        rest = behind;
    }
    (!labels.is_empty() && labels.iter().all(|label| !label.is_empty())).then(|| labels.join("."))
}

/// The distinguished name of a domain: `DC=contoso,DC=com` for `contoso.com`.
pub fn domain_dn(dns: &str) -> String {
    let parts: Vec<_> = dns
        .trim_end_matches('.')
        .split('.')
        .map(|label| format!("DC={label}"))
        .collect();
    parts.join(",")
}

/// The first part of a distinguished name, and what stands behind its comma.
fn split_first(dn: &str) -> (&str, Option<&str>) {
    let mut escaped = false;
    for (index, c) in dn.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => return (dn.get(..index).unwrap_or_default(), dn.get(index + 1..)),
            _ => {}
        }
    }
    (dn, None)
}
