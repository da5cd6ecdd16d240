//! `sspr.forecast`: what will become of one password of one person.

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use sspr::forecast::Candidate;

use crate::data::{data, words};
use crate::directory::PasswordPolicyDraft;
use crate::input::When;
use crate::snapshot::Snapshot;
use crate::work;

/// Says what will become of `candidate` if the person `upn` chooses it, in the cloud and in the
/// domain, with every reason. `banned` are the tenant's own banned terms.
///
/// The library wipes its copy of the candidate; Python's own string stays where it is until Python
/// reuses its memory.
#[pyfunction]
#[pyo3(signature = (snapshot, upn, candidate, *, banned = Vec::new(), as_of))]
pub(crate) fn predict(
    py: Python<'_>,
    snapshot: &Snapshot,
    upn: &str,
    candidate: String,
    banned: Vec<String>,
    as_of: When,
) -> PyResult<Prediction> {
    let candidate = Candidate::new(candidate);
    let facts = &*snapshot.0;
    work::quietly(py, || {
        Prediction(sspr::forecast::predict(
            facts, upn, &candidate, &banned, as_of.0,
        ))
    })
}

data! {
    /// What will become of one password of one person. The password is not in it.
    Prediction in "sspr.forecast" is sspr::forecast::Prediction {
        /// The user principal name that was asked for.
        user: &str = |it| &it.user,
        /// Whether the evidence knows the person.
        known: bool = |it| it.known,
        /// The time that the answer is for.
        as_of: DateTime<Utc> = |it| it.as_of,
        /// Where the password is managed.
        managed: Managed = |it| Managed(it.managed),
        /// The domain's policy that the answer rests on; none for a person of the cloud.
        policy: Option<PolicyUsed> = |it| it.policy.clone().map(PolicyUsed),
        /// A reset of a forgotten password.
        reset: OperationForecast = |it| OperationForecast(it.reset.clone()),
        /// A change of a password that is known.
        change: OperationForecast = |it| OperationForecast(it.change.clone()),
        /// What else is worth knowing of this account.
        notes: Vec<&'static str> = |it| it.notes.clone(),
    }    /// As text for a terminal.
    #[pyo3(signature = (*, width = 80, color = false))]
    fn to_text(&self, width: usize, color: bool) -> String {
        sspr::render::prediction_text(&self.0, width, color)
    }

    /// As indented JSON, with a line feed at its end.
    fn to_json(&self) -> String {
        sspr::render::prediction_json(&self.0)
    }

    fn __str__(&self) -> String {
        sspr::render::prediction_text(&self.0, 80, false)
    }
}

data! {
    /// The policy that an answer rests on.
    PolicyUsed in "sspr.forecast" is sspr::forecast::PolicyUsed {
        /// Its name: of the domain, or of the fine-grained policy.
        name: &str = |it| &it.name,
        /// Whether it is certain that it holds.
        certain: bool = |it| it.certain,
        /// Why it holds, or why that is not certain, in a sentence.
        why: &str = |it| &it.why,
        /// Its settings, as far as they are known.
        settings: PasswordPolicyDraft = |it| PasswordPolicyDraft(it.settings),
    }
}

data! {
    /// What will become of it in one operation.
    OperationForecast in "sspr.forecast" is sspr::forecast::OperationForecast {
        /// The answer of both sides together.
        answer: Answer = |it| Answer(it.answer),
        /// The reason that would be given: the cloud looks first, then the domain in its own order.
        first: Option<Reason> = |it| it.first.clone().map(Reason),
        /// The cloud's answer.
        cloud: SideForecast = |it| SideForecast(it.cloud.clone()),
        /// The domain's answer; none for a person of the cloud.
        domain: Option<SideForecast> = |it| it.domain.clone().map(SideForecast),
    }
}

data! {
    /// The answer of one side.
    SideForecast in "sspr.forecast" is sspr::forecast::SideForecast {
        /// The answer.
        answer: Answer = |it| Answer(it.answer),
        /// Every reason to refuse, in the order in which that side looks.
        reasons: Vec<Reason> = |it| it.reasons.iter().cloned().map(Reason).collect(),
        /// What is not known and could still refuse it.
        unknown: Vec<Open> = |it| it.unknown.iter().cloned().map(Open).collect(),
        /// What no evidence can tell.
        untold: Vec<&'static str> = |it| it.untold.clone(),
    }
}

data! {
    /// One reason for a refusal. The candidate is not in it.
    Reason in "sspr.forecast" is sspr::forecast::Reason {
        /// A short name, such as `tooShort`.
        code: &str = |it| it.code,
        /// What stands against the password, in a sentence.
        message: &str = |it| &it.message,
        /// The event of the writeback service to expect, where the domain refuses.
        event: Option<u32> = |it| it.event,
        /// The result code to expect with it, where one is known.
        hresult: Option<String> = |it| it.hresult.map(|it| it.to_string()),
        /// The text that Windows logs with the result code, where one is known.
        logged: Option<&str> = |it| it.logged,
        /// What the person is told, in substance; Microsoft changes the words.
        user_sees: &str = |it| it.user_sees,
    }
}

data! {
    /// Something that is not known and could still refuse the password.
    Open in "sspr.forecast" is sspr::forecast::Open {
        /// The fact that is missing, such as `domain.minimumPasswordAge`.
        fact: &str = |it| it.fact,
        /// What is not known, in a sentence.
        message: &str = |it| &it.message,
    }
}

words! {
    Answer in "sspr.forecast" is sspr::forecast::Answer { Accepted, Unknown, Refused };
    Managed in "sspr.forecast" is sspr::forecast::Managed { OnPremises, Cloud, Unknown };
}
