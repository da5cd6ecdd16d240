//! One search, and how it is shown to people.

use std::borrow::Cow;

use super::filter::Filter;

/// How far below its base a search looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// The base alone.
    Base,
    /// The base and everything below it.
    Subtree,
}

/// A search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Search {
    pub(super) base: String,
    pub(super) scope: Scope,
    pub(super) filter: Filter,
    pub(super) attributes: Vec<Cow<'static, str>>,
    /// Whether it asks for owner, group and access list of descriptors.
    pub(super) descriptors: bool,
}

/// The attribute that holds an object's descriptor.
pub(super) const DESCRIPTOR: &str = "nTSecurityDescriptor";

impl Search {
    /// Reads one object.
    pub(super) fn object(base: impl Into<String>, attributes: &[&'static str]) -> Self {
        Self::new(base, Scope::Base, Filter::all(), attributes)
    }

    /// Reads what a filter finds below a base.
    pub(super) fn below(
        base: impl Into<String>,
        filter: Filter,
        attributes: &[&'static str],
    ) -> Self {
        Self::new(base, Scope::Subtree, filter, attributes)
    }

    fn new(
        base: impl Into<String>,
        scope: Scope,
        filter: Filter,
        attributes: &[&'static str],
    ) -> Self {
        Self {
            base: base.into(),
            scope,
            filter,
            attributes: attributes.iter().map(|name| Cow::Borrowed(*name)).collect(),
            descriptors: attributes.contains(&DESCRIPTOR),
        }
    }

    /// Whether the answer comes in pages.
    pub(super) fn is_paged(&self) -> bool {
        self.scope == Scope::Subtree
    }

    /// The name of the scope.
    pub(super) fn scope_name(&self) -> &'static str {
        match self.scope {
            Scope::Base => "base",
            Scope::Subtree => "sub",
        }
    }

    /// The same search as a command of OpenLDAP, which a reader of the evidence can repeat.
    pub(super) fn command(&self) -> String {
        let flags = if self.descriptors {
            " -E '!1.2.840.113556.1.4.801=::MAMCAQc='"
        } else {
            ""
        };
        format!(
            "ldapsearch{flags} -b {} -s {} {} {}",
            quoted(&self.base),
            self.scope_name(),
            quoted(&self.filter.to_string()),
            self.attributes.join(" "),
        )
    }
}

/// A word of a shell's command line.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
