//! `sspr.directory`: password policies of Active Directory and the forms in which they are exported.
//! Who may do what stands in [`crate::security`], and is in the same module of Python.

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use sspr::carrier::inf::Inf;
use sspr::directory::{AccountNames, AccountState, Applied, PasswordOperation, Resultant};

use crate::data::{data, words};
use crate::errors::{self, Fault, OrRaise};
use crate::input::When;
use crate::policy::{number, tag};
use crate::span::Span;

/// The policy that holds for an account, of **all** fine-grained policies of its domain.
///
/// Policies applied to the account itself come first, whatever their precedence; only without any
/// do those of its groups count. Who may not read the policies must not conclude that there are none.
#[pyfunction]
pub(crate) fn resultant_policy(
    policies: Vec<PyRef<'_, FineGrainedPolicy>>,
    subject: &PolicySubject,
) -> ResultantPolicy {
    let policies: Vec<_> = policies.iter().map(|it| it.0.clone()).collect();
    let mut found = ResultantPolicy {
        decided: "domain",
        policy: None,
        through_group: None,
        among: Vec::new(),
        or_domain: true,
    };
    match sspr::directory::FineGrainedPolicy::resultant(&policies, &subject.0) {
        Resultant::Domain => {}
        Resultant::FineGrained(policy, applied) => {
            found.decided = "fineGrained";
            found.policy = Some(policy.clone());
            found.or_domain = false;
            if let Applied::ThroughGroup(group) = applied {
                found.through_group = Some(group);
            }
        }
        Resultant::Undecided { among, or_domain } => {
            found.decided = "undecided";
            found.among = among.into_iter().cloned().collect();
            found.or_domain = or_domain;
        }
    }
    found
}

/// The policy that holds for an account.
#[pyclass(frozen, eq, module = "sspr.directory")]
#[derive(PartialEq)]
pub(crate) struct ResultantPolicy {
    decided: &'static str,
    policy: Option<sspr::directory::FineGrainedPolicy>,
    through_group: Option<String>,
    among: Vec<sspr::directory::FineGrainedPolicy>,
    or_domain: bool,
}

#[pymethods]
impl ResultantPolicy {
    /// `domain`, `fineGrained` or `undecided`.
    #[getter]
    fn decided(&self) -> &str {
        self.decided
    }

    /// The fine-grained policy, where one holds.
    #[getter]
    fn policy(&self) -> Option<FineGrainedPolicy> {
        self.policy.clone().map(FineGrainedPolicy)
    }

    /// The group that it applies to, where it does not apply to the account itself.
    #[getter]
    fn through_group(&self) -> Option<&str> {
        self.through_group.as_deref()
    }

    /// Where it is undecided, the policies of which one may hold.
    #[getter]
    fn among(&self) -> Vec<FineGrainedPolicy> {
        self.among.iter().cloned().map(FineGrainedPolicy).collect()
    }

    /// Whether the domain's own policy holds or may hold.
    #[getter]
    fn or_domain(&self) -> bool {
        self.or_domain
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let fields = ["decided", "policy", "through_group"];
        crate::data::repr(slf.as_any(), "ResultantPolicy", &fields)
    }
}

/// Reads the output of `net accounts`, with or without a prompt before it.
#[pyfunction]
pub(crate) fn parse_net_accounts(py: Python<'_>, text: &str) -> PyResult<NetAccounts> {
    sspr::directory::parse_net_accounts(text)
        .or_raise(py)
        .map(NetAccounts)
}

/// What `net accounts` prints. Complexity is not printed.
#[pyclass(frozen, eq, module = "sspr.directory")]
#[derive(PartialEq)]
pub(crate) struct NetAccounts(sspr::directory::NetAccounts);

#[pymethods]
impl NetAccounts {
    /// The policy.
    #[getter]
    fn policy(&self) -> PolicyReadings {
        PolicyReadings(self.0.policy.clone())
    }

    /// The role of the machine that answered, when it is printed in a word that is known.
    #[getter]
    fn role(&self) -> Option<ComputerRole> {
        self.0.role.map(ComputerRole)
    }

    /// Whether a domain controller answered, so that the policy is the domain's; `None` when that
    /// cannot be told.
    #[getter]
    fn is_controller(&self) -> Option<bool> {
        self.0
            .role
            .map(sspr::directory::ComputerRole::is_controller)
    }
}

/// Reads the password policy of a security template, such as `GptTmpl.inf` or the output of
/// `secedit /export`. A key that is not there is not defined by the template, and is `None`.
#[pyfunction]
pub(crate) fn parse_template(text: &str) -> PolicyReadings {
    PolicyReadings(sspr::directory::parse_template(&Inf::parse(text)))
}

/// A password policy as an export has it.
#[pyclass(frozen, eq, module = "sspr.directory")]
#[derive(PartialEq)]
pub(crate) struct PolicyReadings(sspr::directory::PolicyReadings);

#[pymethods]
impl PolicyReadings {
    /// What it says, as far as it could be read.
    #[getter]
    fn draft(&self) -> PasswordPolicyDraft {
        PasswordPolicyDraft(self.0.draft())
    }

    /// The fields that are there and cannot be read, each with its place.
    #[getter]
    fn faults(&self) -> Vec<Fault> {
        self.0.faults().cloned().map(Fault).collect()
    }
}

/// A policy that a domain can have in force.
#[pyclass(frozen, eq, module = "sspr.directory")]
#[derive(PartialEq)]
pub(crate) struct PasswordPolicy(sspr::directory::PasswordPolicy);

#[pymethods]
impl PasswordPolicy {
    /// Takes a draft, or raises a `PolicyError` with all its faults.
    #[new]
    fn new(py: Python<'_>, draft: &PasswordPolicyDraft) -> PyResult<Self> {
        sspr::directory::PasswordPolicy::try_from(draft.0)
            .map(Self)
            .map_err(|faults| {
                let text = faults.to_string();
                errors::faults(py, text, faults.0.into_iter().map(PolicyFault))
            })
    }

    /// Its settings.
    #[getter]
    fn settings(&self) -> PasswordPolicyDraft {
        PasswordPolicyDraft(*self.0.settings())
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        crate::data::repr(slf.as_any(), "PasswordPolicy", &["settings"])
    }

    fn __hash__(&self) -> u64 {
        crate::data::hash(self.0.settings())
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyAny>, (PasswordPolicyDraft,)) {
        (slf.get_type().into_any(), (slf.get().settings(),))
    }
}

/// "Password must meet complexity requirements", for a candidate that is not kept, and the names of
/// its account.
#[pyfunction]
#[pyo3(signature = (candidate, account, *, display = None))]
pub(crate) fn complexity(candidate: &str, account: &str, display: Option<&str>) -> Complexity {
    let names = AccountNames { account, display };
    Complexity(sspr::directory::Complexity::of(candidate, names))
}

/// The classes of passwords that the cloud takes and a domain with this policy refuses.
#[pyfunction]
pub(crate) fn password_gap(policy: &PasswordPolicyDraft) -> Vec<PasswordGap> {
    sspr::directory::PasswordGap::of(&policy.0)
        .into_iter()
        .map(PasswordGap)
        .collect()
}

/// What a domain with this policy would answer to a candidate, which is not kept.
///
/// `operation` is `change`, or `reset` as password writeback does it. The names and states of the
/// account are taken as not known where they are not given.
#[pyfunction]
#[pyo3(signature = (
    candidate, policy, *, as_of, operation = "reset", account = None, display = None,
    password_set = None, must_change = None, disabled = None, cannot_change = None,
    locked = None, password_not_required = None,
))]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub(crate) fn predict(
    candidate: &str,
    policy: &PasswordPolicyDraft,
    as_of: When,
    operation: &str,
    account: Option<&str>,
    display: Option<&str>,
    password_set: Option<When>,
    must_change: Option<bool>,
    disabled: Option<bool>,
    cannot_change: Option<bool>,
    locked: Option<bool>,
    password_not_required: Option<bool>,
) -> PyResult<DomainAnswer> {
    let operation = match operation {
        "change" => PasswordOperation::Change,
        "reset" => PasswordOperation::WRITEBACK_RESET,
        _ => return Err(errors::value("an operation is change or reset")),
    };
    let state = AccountState {
        names: account.map(|account| AccountNames { account, display }),
        password_set: password_set.map(|it| it.0),
        must_change,
        disabled,
        cannot_change,
        locked,
        password_not_required,
    };
    let answer =
        sspr::directory::DomainAnswer::of(candidate, &policy.0, &state, operation, as_of.0);
    Ok(DomainAnswer(answer))
}

data! {
    /// The outcome of the complexity rule.
    Complexity in "sspr.directory" is sspr::directory::Complexity {
        /// What stands against the candidate, none when it is complex enough.
        faults: Vec<ComplexityFault> = |it| it.faults.iter().copied().map(ComplexityFault).collect(),
        /// Whether the answer hangs on the space counting as a special character, which no
        /// documentation says.
        hangs_on_space: bool = |it| it.hangs_on_space,
    }
}

data! {
    /// What stands against a candidate. The candidate itself is not in it.
    ComplexityFault in "sspr.directory" is sspr::directory::ComplexityFault {
        /// `containsAccountName`, `containsNamePart` or `tooFewClasses`.
        rule: String = |it| tag(it, "rule"),
        /// How many of the five classes of characters occur, where they are too few.
        found: Option<u64> = |it| number(it, "found"),
    }
}

data! {
    /// One reason of the domain to refuse.
    DomainRefusal in "sspr.directory" is sspr::directory::DomainRefusal {
        /// `disabled`, `cannotChange`, `lockedOut`, `tooYoung`, `tooShort`, `tooLong` or `complexity`.
        reason: String = |it| tag(it, "reason"),
        /// Where it is too young: until when, if that is known.
        until: Option<DateTime<Utc>> = |it| until(it),
        /// Where it is too short: fewest characters.
        minimum: Option<u64> = |it| number(it, "minimum"),
        /// Where it is not complex enough: why.
        fault: Option<ComplexityFault> = |it| fault(it),
        /// The event of the writeback service to expect.
        event: u32 = |it| it.event(),
        /// The result code to expect with it, where one is known.
        hresult: Option<u32> = |it| it.hresult(),
    }
}

fn until(refusal: &sspr::directory::DomainRefusal) -> Option<DateTime<Utc>> {
    match refusal {
        sspr::directory::DomainRefusal::TooYoung { until } => *until,
        _ => None,
    }
}

fn fault(refusal: &sspr::directory::DomainRefusal) -> Option<ComplexityFault> {
    match refusal {
        sspr::directory::DomainRefusal::Complexity { fault } => Some(ComplexityFault(*fault)),
        _ => None,
    }
}

data! {
    wire
    /// A fine-grained password policy (`msDS-PasswordSettings`). It replaces all settings of the
    /// domain's policy, not some.
    FineGrainedPolicy in "sspr.directory" is sspr::directory::FineGrainedPolicy {
        /// Its name.
        name: &str = |it| &it.name,
        /// Its distinguished name.
        dn: &str = |it| &it.dn,
        /// Its `objectGUID`, which decides between policies of the same precedence.
        guid: Option<String> = |it| it.guid.map(|it| it.to_string()),
        /// Its precedence; the lowest number wins.
        precedence: u32 = |it| it.precedence,
        /// Distinguished names of the users and global groups it applies to, when all are known.
        applies_to: Option<Vec<String>> = |it| it.applies_to.clone(),
        /// Its settings.
        policy: PasswordPolicyDraft = |it| PasswordPolicyDraft(it.policy),
    }
    #[new]
    #[pyo3(signature = (name, *, dn, precedence, policy, guid = None, applies_to = None))]
    fn new(
        name: String,
        dn: String,
        precedence: u32,
        policy: &PasswordPolicyDraft,
        guid: Option<&str>,
        applies_to: Option<Vec<String>>,
    ) -> PyResult<Self> {
        let guid = guid.map(str::parse).transpose();
        Ok(Self(sspr::directory::FineGrainedPolicy {
            name,
            dn,
            guid: guid.map_err(|_| errors::value("an objectGUID is a GUID"))?,
            precedence,
            applies_to,
            policy: policy.0,
        }))
    }
}

data! {
    wire
    /// What decides which policy holds for an account.
    PolicySubject in "sspr.directory" is sspr::directory::PolicySubject {
        /// The account's distinguished name.
        dn: &str = |it| &it.dn,
        /// Distinguished names of all global groups it is in, directly or through other groups, when
        /// all are known.
        groups: Option<Vec<String>> = |it| it.groups.clone(),
        /// Whether it is an ordinary account (`NORMAL_ACCOUNT`); no policy applies to others.
        normal: bool = |it| it.normal,
    }
    #[new]
    #[pyo3(signature = (dn, *, groups = None, normal = true))]
    fn new(dn: String, groups: Option<Vec<String>>, normal: bool) -> Self {
        Self(sspr::directory::PolicySubject { dn, groups, normal })
    }
}

data! {
    /// One class, with an example that was made up.
    PasswordGap in "sspr.directory" is sspr::directory::PasswordGap {
        /// The class.
        kind: PasswordClass = |it| PasswordClass(it.class),
        /// What is in it, as a noun phrase.
        description: &str = |it| &it.description,
        /// An example, always the same for the same policy. It is nobody's password.
        example: &str = |it| &it.example,
    }
}

data! {
    /// One thing that is wrong with a policy.
    PolicyFault in "sspr.directory" is sspr::directory::PolicyFault {
        /// The field, such as `minimumAge`.
        field: &str = |it| it.field,
        /// What is wrong with it.
        message: &str = |it| it.message,
    }
}

data! {
    wire
    /// The settings of a password policy, as far as they are known, with or without sense.
    ///
    /// Absent fields are unknown, never zero. `PasswordPolicy` takes only settings that a domain can
    /// have in force; `PasswordPolicyDraft::faults` lists all that stands against it. Spans are
    /// `timedelta`, `timedelta.max` for "never"; whole seconds or `"never"` when written as JSON.
    PasswordPolicyDraft in "sspr.directory" is sspr::directory::PasswordPolicyDraft {
        /// How long a password must be kept.
        minimum_age: Option<Span> = |it| it.minimum_age.map(Span),
        /// How long a password may be kept.
        maximum_age: Option<Span> = |it| it.maximum_age.map(Span),
        /// Least length in characters.
        minimum_length: Option<u32> = |it| it.minimum_length,
        /// How many old passwords are remembered.
        history: Option<u32> = |it| it.history,
        /// Whether complexity is required.
        complexity: Option<bool> = |it| it.complexity,
        /// Whether passwords are stored reversibly.
        reversible: Option<bool> = |it| it.reversible,
        /// Failed sign-ins before a lockout; 0 is never.
        lockout_threshold: Option<u32> = |it| it.lockout_threshold,
        /// How long a lockout lasts; `Never` means until an administrator unlocks.
        lockout_duration: Option<Span> = |it| it.lockout_duration.map(Span),
        /// How long failed sign-ins are counted.
        lockout_window: Option<Span> = |it| it.lockout_window.map(Span),
    }
    #[new]
    #[pyo3(signature = (
        *, minimum_age = None, maximum_age = None, minimum_length = None, history = None,
        complexity = None, reversible = None, lockout_threshold = None, lockout_duration = None,
        lockout_window = None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        minimum_age: Option<Span>,
        maximum_age: Option<Span>,
        minimum_length: Option<u32>,
        history: Option<u32>,
        complexity: Option<bool>,
        reversible: Option<bool>,
        lockout_threshold: Option<u32>,
        lockout_duration: Option<Span>,
        lockout_window: Option<Span>,
    ) -> Self {
        let span = |span: Option<Span>| span.map(|it| it.0);
        Self(sspr::directory::PasswordPolicyDraft {
            minimum_age: span(minimum_age),
            maximum_age: span(maximum_age),
            minimum_length,
            history,
            complexity,
            reversible,
            lockout_threshold,
            lockout_duration: span(lockout_duration),
            lockout_window: span(lockout_window),
        })
    }

    /// Everything that a domain would refuse.
    fn faults(&self) -> Vec<PolicyFault> {
        self.0.faults().into_iter().map(PolicyFault).collect()
    }
}

data! {
    /// The domain's answer.
    DomainAnswer in "sspr.directory" is sspr::directory::DomainAnswer {
        /// Every reason to refuse, in the order in which the domain looks: the first is the one it
        /// would give.
        refusals: Vec<DomainRefusal> = |it| it.refusals.iter().copied().map(DomainRefusal).collect(),
        /// What is not known and could still refuse it.
        unknown: Vec<&'static str> = |it| it.unknown.clone(),
        /// Whether the policy keeps old passwords, or may: no evidence tells whether a candidate is
        /// one of them.
        may_be_in_history: bool = |it| it.may_be_in_history,
    }
}

words! {
    PasswordClass in "sspr.directory" is sspr::directory::PasswordClass { TooShort, HoldsName, UsedBefore, TooSoon };
    ComputerRole in "sspr.directory" is sspr::directory::ComputerRole { Primary, Backup, Workstation, Server };
}
