//! The settings of the Password reset blade: a draft, and the policy it makes.

use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{Borrowed, type_hint_identifier, type_hint_union};

use crate::data::data;
use crate::errors;
use crate::json;
use crate::policy::{
    ConvergedMethod, IntegrationSettings, LegacyMethod, MigrationState, PolicyFault,
    QuestionSettings, UsableMethods,
};

data! {
    wire
    /// For whom self-service password reset is enabled.
    ResetScope in "sspr.policy" is sspr::policy::ResetScope {
        /// `none`, `selected` or `all`.
        kind: &'static str = |it| kind(it),
        /// The id of the group, where it is one and known.
        group_id: Option<String> = |it| group(it).0,
        /// The name of the group, where it is one and known.
        group_name: Option<String> = |it| group(it).1,
    }

    /// `none`, `all`, or `selected` with the group, nested groups included.
    #[new]
    #[pyo3(signature = (kind, *, group_id = None, group_name = None))]
    fn new(kind: &str, group_id: Option<&str>, group_name: Option<String>) -> PyResult<Self> {
        let id = group_id.map(str::parse).transpose();
        let id = id.map_err(|_| errors::value("a group's id is a GUID"))?;
        match (kind, id.is_some() || group_name.is_some()) {
            ("none", false) => Ok(Self(sspr::policy::ResetScope::None)),
            ("all", false) => Ok(Self(sspr::policy::ResetScope::All)),
            ("selected", _) => Ok(Self(sspr::policy::ResetScope::Selected {
                group_id: id,
                group_name,
            })),
            ("none" | "all", true) => Err(errors::value("only `selected` has a group")),
            _ => Err(errors::value("a scope is none, selected or all")),
        }
    }
}

fn kind(scope: &sspr::policy::ResetScope) -> &'static str {
    match scope {
        sspr::policy::ResetScope::None => "none",
        sspr::policy::ResetScope::Selected { .. } => "selected",
        sspr::policy::ResetScope::All => "all",
    }
}

fn group(scope: &sspr::policy::ResetScope) -> (Option<String>, Option<String>) {
    match scope {
        sspr::policy::ResetScope::Selected {
            group_id,
            group_name,
        } => (group_id.map(|id| id.to_string()), group_name.clone()),
        _ => (None, None),
    }
}

/// A scope, or its kind as a word.
struct ScopeArgument(sspr::policy::ResetScope);

impl<'py> FromPyObject<'_, 'py> for ScopeArgument {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_union!(
        type_hint_identifier!("sspr.policy", "ResetScope"),
        type_hint_identifier!("builtins", "str")
    );

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(scope) = object.cast::<ResetScope>() {
            return Ok(Self(scope.get().0.clone()));
        }
        let word: String = object.extract()?;
        ResetScope::new(&word, None, None).map(|scope| Self(scope.0))
    }
}

data! {
    wire
    /// The settings of the Password reset blade as somebody wrote them down, with or without sense.
    /// Absent settings are unknown.
    PolicyDraft in "sspr.policy" is sspr::policy::PolicyDraft {
        /// For whom the reset is enabled.
        scope: Option<ResetScope> = |it| it.scope.clone().map(ResetScope),
        /// How many methods a reset takes.
        methods_required: Option<u32> = |it| it.methods_required,
        /// Methods of the legacy policy.
        methods: Option<Vec<LegacyMethod>> = |it| it.methods.as_ref().map(|all| {
            all.iter().copied().map(LegacyMethod).collect()
        }),
        /// Methods of the authentication methods policy.
        converged: Option<Vec<ConvergedMethod>> = |it| it.converged.as_ref().map(|all| {
            all.iter().cloned().map(ConvergedMethod).collect()
        }),
        /// How far the migration between both has come.
        migration: Option<MigrationState> = |it| it.migration.map(MigrationState),
        /// The numbers of security questions.
        questions: Option<QuestionSettings> = |it| it.questions.map(QuestionSettings),
        /// Whether users must register when they sign in.
        registration_required: Option<bool> = |it| it.registration_required,
        /// Days before users are asked to reconfirm, 0 for never.
        reconfirm_days: Option<u32> = |it| it.reconfirm_days,
        /// Whether users are notified of their reset.
        notify_users: Option<bool> = |it| it.notify_users,
        /// Whether administrators are notified of other administrators' resets.
        notify_admins: Option<bool> = |it| it.notify_admins,
        /// Whether the helpdesk link is customised.
        helpdesk_customised: Option<bool> = |it| it.helpdesk_customised,
        /// The helpdesk's address, mail or web.
        helpdesk_link: Option<&str> = |it| it.helpdesk_link.as_deref(),
        /// The on-premises integration.
        integration: IntegrationSettings = |it| IntegrationSettings(it.integration),
    }

    #[new]
    #[pyo3(signature = (
        *, scope = None, methods_required = None, methods = None, converged = None,
        migration = None, questions = None, registration_required = None, reconfirm_days = None,
        notify_users = None, notify_admins = None, helpdesk_customised = None,
        helpdesk_link = None, integration = None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        scope: Option<ScopeArgument>,
        methods_required: Option<u32>,
        methods: Option<Vec<LegacyMethod>>,
        converged: Option<Vec<PyRef<'_, ConvergedMethod>>>,
        migration: Option<MigrationState>,
        questions: Option<PyRef<'_, QuestionSettings>>,
        registration_required: Option<bool>,
        reconfirm_days: Option<u32>,
        notify_users: Option<bool>,
        notify_admins: Option<bool>,
        helpdesk_customised: Option<bool>,
        helpdesk_link: Option<String>,
        integration: Option<PyRef<'_, IntegrationSettings>>,
    ) -> Self {
        Self(sspr::policy::PolicyDraft {
            scope: scope.map(|it| it.0),
            methods_required,
            methods: methods.map(|all| all.into_iter().map(|it| it.0).collect()),
            converged: converged.map(|all| all.iter().map(|it| it.0.clone()).collect()),
            migration: migration.map(|it| it.0),
            questions: questions.map(|it| it.0),
            registration_required,
            reconfirm_days,
            notify_users,
            notify_admins,
            helpdesk_customised,
            helpdesk_link,
            integration: integration.map(|it| it.0).unwrap_or_default(),
        })
    }
}

/// A policy in force: settings that make sense together.
#[pyclass(frozen, eq, module = "sspr.policy")]
#[derive(Clone, PartialEq)]
pub(crate) struct SsprPolicy(sspr::policy::SsprPolicy);

#[pymethods]
impl SsprPolicy {
    /// Takes a draft, or raises a `PolicyError` with all its faults.
    #[new]
    fn new(py: Python<'_>, draft: &PolicyDraft) -> PyResult<Self> {
        sspr::policy::SsprPolicy::try_from(draft.0.clone())
            .map(Self)
            .map_err(|faults| {
                let each = faults.iter().cloned().map(PolicyFault);
                errors::faults(py, faults.to_string(), each)
            })
    }

    /// For whom the reset is enabled.
    #[getter]
    fn scope(&self) -> ResetScope {
        ResetScope(self.0.scope().clone())
    }

    /// How many methods a reset takes.
    #[getter]
    fn methods_required(&self) -> u32 {
        self.0.methods_required().count()
    }

    /// All settings.
    #[getter]
    fn settings(&self) -> PolicyDraft {
        PolicyDraft(self.0.settings().clone())
    }

    /// The methods that a reset can use; `None` where the migration state is not known.
    fn usable_methods(&self) -> Option<UsableMethods> {
        self.0.usable_methods().map(UsableMethods)
    }

    /// As indented JSON, with a line feed at its end.
    fn to_json(&self) -> String {
        json::text(&self.0)
    }

    /// As plain data, with the names of the JSON form.
    fn to_dict(&self) -> json::Json {
        json::Json::of(&self.0)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let fields = ["scope", "methods_required"];
        crate::data::repr(slf.as_any(), "SsprPolicy", &fields)
    }

    fn __hash__(&self) -> u64 {
        crate::data::hash(&self.0)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyAny>, (PolicyDraft,)) {
        (slf.get_type().into_any(), (slf.get().settings(),))
    }
}
