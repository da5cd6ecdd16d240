//! The other half of `sspr.directory`: SIDs, security descriptors, and who may do what.

use std::collections::HashMap;

use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{Borrowed, type_hint_identifier, type_hint_union};
use sspr::directory::security::{self, ObjectClass, SidAliases, Target, Wanted};
use uuid::Uuid;

use crate::data::{data, words};
use crate::errors::{self, OrRaise};

/// A security identifier.
#[pyclass(frozen, module = "sspr.directory")]
#[derive(Clone)]
pub(crate) struct Sid(security::Sid);

#[pymethods]
impl Sid {
    /// From its text, such as `S-1-5-21-1-2-3-500`.
    #[new]
    fn new(py: Python<'_>, text: &str) -> PyResult<Self> {
        text.parse::<security::Sid>().or_raise(py).map(Self)
    }

    /// From its binary form.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, data: &[u8]) -> PyResult<Self> {
        security::Sid::parse(data).or_raise(py).map(Self)
    }

    /// Its binary form.
    fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// The last number; `None` where there is none.
    #[getter]
    fn rid(&self) -> Option<u32> {
        self.0.rid()
    }

    /// The identifier without its last number.
    #[getter]
    fn domain(&self) -> Self {
        Self(self.0.domain())
    }

    /// Whether it belongs to a domain.
    #[getter]
    fn is_domain_relative(&self) -> bool {
        self.0.is_domain_relative()
    }

    /// What a well-known one is called.
    #[getter]
    fn name(&self) -> Option<&'static str> {
        security::well_known::name(&self.0)
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("Sid('{}')", self.0)
    }

    fn __richcmp__(&self, other: &Self, op: pyo3::basic::CompareOp) -> bool {
        op.matches(self.0.cmp(&other.0))
    }

    fn __hash__(&self) -> u64 {
        crate::data::hash(&self.0)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyAny>, (String,)) {
        (slf.get_type().into_any(), (slf.get().0.to_string(),))
    }
}

/// A SID as an argument: an object or its text.
pub(crate) struct SidArgument(security::Sid);

impl<'py> FromPyObject<'_, 'py> for SidArgument {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_union!(
        type_hint_identifier!("sspr.directory", "Sid"),
        type_hint_identifier!("builtins", "str")
    );

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(sid) = object.cast::<Sid>() {
            return Ok(Self(sid.get().0));
        }
        let text: String = object.extract()?;
        text.parse::<security::Sid>()
            .or_raise(object.py())
            .map(Self)
    }
}

fn class_of(name: &str) -> PyResult<ObjectClass> {
    ObjectClass::named(name).ok_or_else(|| {
        errors::value("a class is a name that is known here, such as user, or a GUID")
    })
}

/// A security descriptor.
#[pyclass(frozen, eq, module = "sspr.directory")]
#[derive(PartialEq)]
pub(crate) struct SecurityDescriptor(security::SecurityDescriptor);

#[pymethods]
impl SecurityDescriptor {
    /// From its binary, self-relative form, as `nTSecurityDescriptor` has it.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, data: &[u8]) -> PyResult<Self> {
        security::SecurityDescriptor::parse(data)
            .or_raise(py)
            .map(Self)
    }

    /// From SDDL, as `Get-Acl` prints it. `domain` and `forest_root` are the SIDs of domains that
    /// aliases such as `DA` and `EA` speak of.
    #[staticmethod]
    #[pyo3(signature = (text, *, domain = None, forest_root = None))]
    fn from_sddl(
        py: Python<'_>,
        text: &str,
        domain: Option<SidArgument>,
        forest_root: Option<SidArgument>,
    ) -> PyResult<Self> {
        let aliases = SidAliases {
            domain: domain.map(|it| it.0),
            forest_root: forest_root.map(|it| it.0),
        };
        security::SecurityDescriptor::from_sddl(text, &aliases)
            .or_raise(py)
            .map(Self)
    }

    /// Its binary form.
    fn to_bytes(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        self.0.to_bytes().or_raise(py)
    }

    /// As SDDL, without aliases.
    fn to_sddl(&self) -> String {
        self.0.to_sddl()
    }

    /// The owner.
    #[getter]
    fn owner(&self) -> Option<Sid> {
        self.0.owner.map(Sid)
    }

    /// The primary group.
    #[getter]
    fn group(&self) -> Option<Sid> {
        self.0.group.map(Sid)
    }

    /// The entries of the access list, in their order; `None` where there is no list, so that
    /// everything is granted.
    #[getter]
    fn aces(&self) -> Option<Vec<Ace>> {
        Some(self.0.access_list()?.iter().cloned().map(Ace).collect())
    }

    /// Whether entries of the container are kept out.
    #[getter]
    fn is_protected(&self) -> bool {
        self.0.is_protected()
    }

    fn __repr__(&self) -> String {
        let entries = self.0.access_list().map_or(0, <[_]>::len);
        let owner = self
            .0
            .owner
            .map_or_else(|| "nobody".to_owned(), |sid| sid.to_string());
        format!("<SecurityDescriptor of {owner}, {entries} entries>")
    }

    fn __hash__(&self) -> u64 {
        crate::data::hash(&self.0)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<crate::data::Reduced<'py>> {
        let from_sddl = slf.as_any().get_type().getattr("from_sddl")?;
        Ok((from_sddl, (slf.get().to_sddl(),)))
    }
}

data! {
    /// One entry of an access control list.
    Ace in "sspr.directory" is security::Ace {
        /// Whether it allows or denies.
        kind: AceKind = |it| AceKind(it.ace_type.kind()),
        /// Its flags, as they are stored.
        flags: u8 = |it| it.flags,
        /// The rights, as a mask of bits.
        mask: u32 = |it| it.mask.0,
        /// For whom; `None` for kinds that are not read here.
        sid: Option<Sid> = |it| it.sid.map(Sid),
        /// The GUID of the right, attribute, property set or class that it is limited to.
        object: Option<String> = |it| it.types.and_then(|it| it.object).map(|id| id.to_string()),
        /// What that GUID is called, where it is known.
        object_name: Option<&'static str> = |it| name(it.types.and_then(|it| it.object)),
        /// The GUID of the class of objects that inherit it.
        inherited_object: Option<String> = |it| {
            it.types.and_then(|it| it.inherited).map(|id| id.to_string())
        },
        /// Whether it was inherited.
        inherited: bool = |it| it.has(security::Ace::INHERITED),
        /// Whether it only serves inheritance, and decides nothing itself.
        inherit_only: bool = |it| it.has(security::Ace::INHERIT_ONLY),
    }
}

fn name(id: Option<Uuid>) -> Option<&'static str> {
    security::guids::guid_name(id?).map(|known| known.name)
}

/// Who asks: an account with all the groups that count for it.
#[pyclass(frozen, eq, module = "sspr.directory")]
#[derive(PartialEq)]
pub(crate) struct Token(security::Token);

#[pymethods]
impl Token {
    /// From an account's own `tokenGroups`: all groups are known.
    #[staticmethod]
    fn exact(account: SidArgument, groups: Vec<SidArgument>) -> Self {
        let groups = groups.into_iter().map(|it| it.0);
        Self(security::Token::exact(account.0, groups))
    }

    /// From the memberships of accounts and groups, followed through groups of groups: for each SID
    /// the groups that it is in.
    #[staticmethod]
    #[pyo3(signature = (account, memberships, *, primary_group = None, sid_history = Vec::new()))]
    fn from_memberships(
        account: SidArgument,
        memberships: HashMap<Sided, Vec<SidArgument>>,
        primary_group: Option<SidArgument>,
        sid_history: Vec<SidArgument>,
    ) -> Self {
        let memberships = memberships
            .into_iter()
            .map(|(of, groups)| (of.0, groups.into_iter().map(|it| it.0).collect()))
            .collect();
        Self(security::Token::from_memberships(
            account.0,
            primary_group.map(|it| it.0),
            sid_history.into_iter().map(|it| it.0),
            &memberships,
        ))
    }

    /// The same, with SIDs that only count where they deny.
    fn with_deny_only(&self, sids: Vec<SidArgument>) -> Self {
        let sids = sids.into_iter().map(|it| it.0);
        Self(self.0.clone().with_deny_only(sids))
    }

    /// The account.
    #[getter]
    fn account(&self) -> Sid {
        Sid(self.0.account())
    }

    /// All SIDs that count, the account's own among them.
    #[getter]
    fn sids(&self) -> Vec<Sid> {
        self.0.sids().copied().map(Sid).collect()
    }

    fn __repr__(&self) -> String {
        format!(
            "<Token of {}, {} SIDs>",
            self.0.account(),
            self.0.sids().count()
        )
    }
}

/// A SID as a key.
#[derive(PartialEq, Eq, Hash)]
struct Sided(security::Sid);

impl<'py> FromPyObject<'_, 'py> for Sided {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = SidArgument::INPUT_TYPE;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        SidArgument::extract(object).map(|sid| Self(sid.0))
    }
}

/// Whether a token holds a right on an object, by the object's descriptor.
///
/// `right` is an extended right or an attribute to write, by its name or GUID, such as
/// `Reset Password` or `lockoutTime`. `object_class` is the object's class, and `sid` its own SID, for
/// entries that speak of SELF.
#[pyfunction]
#[pyo3(signature = (descriptor, token, right, *, object_class = "user", sid = None))]
pub(crate) fn check(
    descriptor: Bound<'_, SecurityDescriptor>,
    token: &Token,
    right: &str,
    object_class: &str,
    sid: Option<SidArgument>,
) -> PyResult<Decision> {
    let wanted = Wanted::named(right).ok_or_else(|| {
        errors::value("a right is a name that is known here, such as Reset Password, or its GUID")
    })?;
    let decision = Target {
        descriptor: &descriptor.get().0,
        class: class_of(object_class)?,
        sid: sid.map(|it| it.0),
    }
    .check(&token.0, wanted);
    Ok(Decision {
        answer: decision,
        wanted,
        descriptor: descriptor.unbind(),
    })
}

/// The answer of the access check, with what decided it.
#[pyclass(frozen, module = "sspr.directory")]
pub(crate) struct Decision {
    answer: security::Decision,
    wanted: Wanted,
    descriptor: Py<SecurityDescriptor>,
}

#[pymethods]
impl Decision {
    /// Whether the right is held.
    #[getter]
    fn granted(&self) -> Granted {
        Granted(self.answer.granted)
    }

    /// The place in the access list of the entry that decided, counted from 0; `None` when no entry
    /// did.
    #[getter]
    fn entry(&self) -> Option<usize> {
        self.answer.entry
    }

    /// The entry that decided.
    #[getter]
    fn ace(&self) -> Option<Ace> {
        let entries = self.descriptor.get().0.access_list()?;
        entries.get(self.answer.entry?).cloned().map(Ace)
    }

    /// What decided.
    #[getter]
    fn because(&self) -> Because {
        Because(self.answer.because)
    }

    /// The answer with its reason, in a sentence.
    #[getter]
    fn reason(&self) -> String {
        self.answer.reason(&self.descriptor.get().0, self.wanted)
    }

    fn __bool__(&self) -> bool {
        self.answer.granted == security::Granted::Yes
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        crate::data::repr(slf.as_any(), "Decision", &["granted", "entry", "because"])
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.answer == other.answer
    }

    fn __hash__(&self) -> u64 {
        crate::data::hash(&self.answer)
    }

    /// As plain data, with the names of the JSON form.
    fn to_dict(&self) -> crate::json::Json {
        crate::json::Json::of(&self.answer)
    }
}

/// The entries that an object of a class inherits from the entries of its container.
#[pyfunction]
#[pyo3(signature = (parent, *, object_class = "user", owner = None, group = None))]
pub(crate) fn inherit_into(
    parent: Vec<PyRef<'_, Ace>>,
    object_class: &str,
    owner: Option<SidArgument>,
    group: Option<SidArgument>,
) -> PyResult<Vec<Ace>> {
    let parent: Vec<_> = parent.iter().map(|it| it.0.clone()).collect();
    let class = class_of(object_class)?;
    let (owner, group) = (owner.map(|it| it.0), group.map(|it| it.0));
    let inherited = security::inherit_into(&parent, class, owner, group);
    Ok(inherited.into_iter().map(Ace).collect())
}

/// The rights, attributes, property sets and classes that are known here.
#[pyfunction]
pub(crate) fn known_guids() -> Vec<KnownGuid> {
    security::guids::known_guids()
        .iter()
        .copied()
        .map(KnownGuid)
        .collect()
}

data! {
    /// A GUID with its name.
    KnownGuid in "sspr.directory" is sspr::directory::security::guids::KnownGuid {
        /// The GUID.
        id: String = |it| it.id.to_string(),
        /// Its name in the schema or among the extended rights.
        name: &str = |it| it.name,
        /// What it names.
        kind: KnownKind = |it| KnownKind(it.kind),
        /// The property set an attribute belongs to.
        property_set: Option<String> = |it| it.property_set.map(|it| it.to_string()),
        /// What it has to do with writeback.
        about: &str = |it| it.about,
    }
}

words! {
    AceKind in "sspr.directory" is sspr::directory::security::AceKind { Allow, Deny, ConditionalAllow, ConditionalDeny, Other };
    Granted in "sspr.directory" is sspr::directory::security::Granted { Yes, No, Unknown };
    Because in "sspr.directory" is sspr::directory::security::Because { Entry, NoList, Owner, NoEntry };
    KnownKind in "sspr.directory" is sspr::directory::security::guids::KnownKind { Right, Attribute, PropertySet, Class };
}
