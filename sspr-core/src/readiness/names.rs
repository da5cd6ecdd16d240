//! This tenant's own names, for commands that can be run as they are printed.

use crate::snapshot::Facts;

/// Names for remedies and commands. What is not known stands as a placeholder in angle brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The Active Directory domain, such as `contoso.com`.
    pub domain: String,
    /// The domain's distinguished name, such as `DC=contoso,DC=com`.
    pub domain_dn: String,
    /// The active Entra Connect server.
    pub server: String,
    /// The connector account, such as `CONTOSO\MSOL_0123456789ab`.
    pub connector_account: String,
    /// The tenant's id or initial domain.
    pub tenant: String,
    /// The group that may reset, by name.
    pub group: String,
    /// The group that may reset, by id.
    pub group_id: String,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            domain: "<domain>".into(),
            domain_dn: "<domain's distinguished name>".into(),
            server: "<Entra Connect server>".into(),
            connector_account: "<connector account>".into(),
            tenant: "<tenant>".into(),
            group: "<group>".into(),
            group_id: "<group id>".into(),
        }
    }
}

impl Names {
    /// The names that the evidence tells.
    pub fn of(facts: &Facts) -> Self {
        let mut names = Self::default();
        if let Some(domain) = facts.domains.values().find_map(|d| d.name.value()) {
            names.domain.clone_from(domain);
        } else if let Some(domain) = facts.domains.keys().next() {
            names.domain.clone_from(domain);
        }
        if names.domain.contains('.') {
            let parts: Vec<_> = names
                .domain
                .split('.')
                .map(|part| format!("DC={part}"))
                .collect();
            names.domain_dn = parts.join(",");
        }
        let active = facts
            .servers
            .iter()
            .find(|(_, server)| server.staging.value() != Some(&true));
        if let Some((key, server)) = active {
            names.server = server.host.value().cloned().unwrap_or_else(|| key.clone());
            let account = server
                .connectors
                .value()
                .and_then(|connectors| connectors.iter().find_map(|c| c.account.clone()));
            if let Some(account) = account {
                names.connector_account = account;
            }
        }
        if let Some(domain) = facts.tenant.initial_domain.value() {
            names.tenant.clone_from(domain);
        } else if let Some(id) = facts.tenant.id.value() {
            names.tenant = id.to_string();
        }
        if let Some(crate::policy::ResetScope::Selected {
            group_id,
            group_name,
        }) = facts.sspr.scope.value()
        {
            if let Some(name) = group_name {
                names.group.clone_from(name);
            }
            if let Some(id) = group_id {
                names.group_id = id.to_string();
            }
        }
        names
    }
}

/// A text between single quotes, as PowerShell reads it.
pub fn quoted(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    // PowerShell takes typographic quotes for plain ones, so each is doubled.
    let doubled: String = text
        .chars()
        .flat_map(|c| {
            let quote = matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}');
            std::iter::repeat_n(c, if quote { 2 } else { 1 })
        })
        .collect();
    format!("'{doubled}'")
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        assert_eq!(quoted("O'Brien"), "'O''Brien'");
        assert_eq!(
            quoted("a\u{2019}; Remove-ADUser"),
            "'a\u{2019}\u{2019}; Remove-ADUser'"
        );
        assert_eq!(quoted("a\r\nb"), "'ab'");
    }
}
