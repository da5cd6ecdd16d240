//! One right, asked for in every container where synced people live.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use crate::directory::security::{Granted, ObjectClass};
use crate::evidence::{Provenance, Strength, Unknown};
use crate::readiness::predicates::directory::{add, counted, listed};
use crate::readiness::{Context, Judgement, Names, Outcome, Subjects};
use crate::snapshot::facts::DescriptorId;
use crate::tenant::PersonRef;

use super::{
    Access, Answer, Asker, Place, Right, USER, assumed, because_of_askers, descriptor_of,
    grant_where, nobody_synced, people, places,
};

/// How a right stands in one container.
#[derive(Debug, Clone)]
pub(crate) struct Standing<'a> {
    pub(crate) place: Place<'a>,
    /// What the list says, where that is what decided.
    pub(crate) answer: Option<Rc<Answer>>,
    /// The number of the connector account.
    pub(crate) asker: usize,
    /// The evidence.
    pub(crate) from: Option<Provenance>,
}

/// How a right stands where synced people live.
#[derive(Debug, Default)]
pub(crate) struct Survey<'a> {
    pub(crate) held: Vec<Standing<'a>>,
    pub(crate) lacking: Vec<Standing<'a>>,
    pub(crate) missing: Option<Unknown>,
}

/// Asks for a right on people of a class in every container where synced people live.
pub(crate) fn survey<'a>(
    cx: &Context<'a>,
    access: &Access<'a>,
    right: Right,
    class: ObjectClass,
) -> Survey<'a> {
    let (places, unknown) = places(cx);
    let mut survey = Survey {
        missing: unknown,
        ..Survey::default()
    };
    let mut lists = None;
    for place in places {
        let asker = match access.asker(place.dn) {
            Ok(asker) => asker,
            Err(unknown) => {
                add(&mut survey.missing, unknown);
                continue;
            }
        };
        let mut standing = Standing {
            place,
            answer: None,
            asker: asker.0,
            from: None,
        };
        let answer = match descriptor_of(cx, place.dn) {
            Ok((id, object)) => {
                standing.from = Some(object.from.clone());
                access.below(asker, id, class, right.wanted()).ok_or(None)
            }
            Err(unknown) => lists
                .get_or_insert_with(|| lists_of(cx, class))
                .get(place.dn)
                .and_then(Option::as_ref)
                .and_then(|lists| by_people(cx, access, asker, lists, (right, class)))
                .ok_or(Some(unknown)),
        };
        match answer {
            Ok(answer) => {
                standing.answer = Some(Rc::clone(&answer));
                match answer.granted {
                    Granted::Yes => survey.held.push(standing),
                    Granted::No => survey.lacking.push(standing),
                    Granted::Unknown => {
                        let unknown = access.open(asker.1, &answer, place.dn);
                        add(&mut survey.missing, unknown);
                    }
                }
            }
            Err(unknown) => {
                let unknown = unknown.unwrap_or_else(|| Unknown::of(super::DESCRIPTORS));
                add(&mut survey.missing, unknown);
            }
        }
    }
    survey
}

/// The distinct lists of people of a class, by container; nothing where one is not known.
type Lists<'a> = HashMap<&'a str, Option<BTreeSet<DescriptorId>>>;

fn lists_of<'a>(cx: &Context<'a>, class: ObjectClass) -> Lists<'a> {
    let mut lists = Lists::new();
    for person in people(cx) {
        let Some(container) = person.container() else {
            continue;
        };
        let here = lists
            .entry(container)
            .or_insert_with(|| Some(BTreeSet::new()));
        match (person.class(), person.descriptor()) {
            (Some(other), _) if other != class => {}
            (Some(_), Some(list)) => {
                if let Some(here) = here {
                    here.insert(list);
                }
            }
            _ => *here = None,
        }
    }
    lists
}

/// What the people's own lists say of a container whose list is not known: an answer where all of
/// those who inherit have one and the same.
fn by_people<'a>(
    cx: &Context<'a>,
    access: &Access<'a>,
    asker: (usize, &Asker<'a>),
    lists: &BTreeSet<DescriptorId>,
    question: (Right, ObjectClass),
) -> Option<Rc<Answer>> {
    let (right, class) = question;
    let mut answers = lists
        .iter()
        .filter(|id| {
            let list = cx.facts.permissions.descriptors.get(**id);
            list.is_some_and(|list| !list.is_protected())
        })
        .map(|id| access.on(asker, *id, class, right.wanted()));
    let first = answers.next()??;
    answers
        .all(|other| other.is_some_and(|other| other.granted == first.granted))
        .then_some(first)
}

/// The verdict on a right that writeback needs on people, by the containers they live in.
pub(crate) fn judge_on_people(cx: &Context<'_>, right: Right) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let access = Access::of(cx);
    let mut survey = survey(cx, &access, right, USER);
    let proved = (right == Right::ResetPassword)
        .then(|| proof(cx, &mut survey))
        .flatten();
    let askers = access.askers().unwrap_or_default();
    let (lacking, held) = (people_of(&survey.lacking), people_of(&survey.held));
    let outcome = if let Some(first) = survey.lacking.first() {
        let name = askers.get(first.asker).map_or("", |asker| &asker.name);
        let reasons: Vec<_> = survey.lacking.iter().map(|s| told(&access, s)).collect();
        Outcome::fail(format!(
            "{name} does not hold {} where {} {}: {}.{}",
            right.name(),
            counted(lacking, "synced person", "synced people"),
            if lacking == 1 { "lives" } else { "live" },
            listed(reasons.iter().map(String::as_str)),
            assumed(askers),
        ))
        .about(Subjects::people(cx, people_in(cx, &survey.lacking)))
        .with("containers", names(&survey.lacking))
        .mend(grant_where(
            &Names::of(cx.facts),
            &names(&survey.lacking),
            survey.lacking.iter().any(|standing| {
                standing
                    .answer
                    .as_ref()
                    .is_some_and(|answer| answer.is_denied())
            }),
        ))
    } else if let Some(unknown) = survey.missing {
        return Err(unknown);
    } else {
        let example = survey
            .held
            .iter()
            .find(|standing| standing.answer.is_some());
        let name = example
            .and_then(|standing| askers.get(standing.asker))
            .map_or("The connector account", |asker| &asker.name);
        let example = example.map(|standing| told(&access, standing));
        Outcome::pass(format!(
            "{name} holds {} where all {} live{}.{}",
            right.name(),
            counted(held, "synced person", "synced people"),
            example.map(|text| format!(": {text}")).unwrap_or_default(),
            assumed(askers),
        ))
        .with("containers", names(&survey.held))
    };
    let decided = if survey.lacking.is_empty() {
        &survey.held
    } else {
        &survey.lacking
    };
    let entries: BTreeMap<&str, String> = decided
        .iter()
        .filter_map(|standing| {
            let answer = standing.answer.as_ref()?;
            Some((standing.place.dn, access.reason(answer, standing.place.dn)))
        })
        .take(20)
        .collect();
    let outcome = outcome
        .with("right", right.name())
        .with("entries", entries)
        .because_all(decided.iter().filter_map(|standing| standing.from.as_ref()))
        .because_all(&proved);
    Ok(because_of_askers(outcome, askers))
}

/// A reset that went through shows that the right is held where that person lives.
fn proof<'a>(cx: &Context<'a>, survey: &mut Survey<'a>) -> Option<Provenance> {
    let reset = cx.facts.events.last_reset()?;
    let person = cx.facts.people.people.by_upn(reset.user.as_deref()?)?;
    let container = person.container()?;
    let from = Provenance {
        strength: Strength::Inferred,
        ..reset.from.clone()
    };
    let at = survey.lacking.iter().position(|standing| {
        standing.place.dn == container
            && standing
                .from
                .as_ref()
                .is_none_or(|from| from.observed_at.is_none_or(|time| reset.at >= time))
    });
    if let Some(at) = at {
        let standing = survey.lacking.remove(at);
        survey.held.push(Standing {
            answer: None,
            from: Some(from.clone()),
            ..standing
        });
        return Some(from);
    }
    let known = |list: &[Standing<'_>]| list.iter().any(|s| s.place.dn == container);
    if known(&survey.held) || known(&survey.lacking) {
        return None;
    }
    // The list is not known: the reset settles what was missing about this container alone.
    let missing = survey.missing.take()?;
    let left: Vec<_> = missing
        .missing
        .into_iter()
        .filter(|missing| missing.subject.as_deref() != Some(container))
        .collect();
    survey.missing = (!left.is_empty()).then_some(Unknown { missing: left });
    let (places, _) = places(cx);
    let place = places.into_iter().find(|place| place.dn == container)?;
    survey.held.push(Standing {
        place,
        answer: None,
        asker: 0,
        from: Some(from.clone()),
    });
    Some(from)
}

/// `below OU=Sales,DC=contoso,DC=com no entry grants it`.
fn told(access: &Access<'_>, standing: &Standing<'_>) -> String {
    let dn = standing.place.dn;
    match &standing.answer {
        Some(answer) => format!("below {dn}, {}", access.reason(answer, dn)),
        None => format!("below {dn}, a reset went through"),
    }
}

fn people_of(standings: &[Standing<'_>]) -> u64 {
    standings.iter().map(|standing| standing.place.people).sum()
}

fn names<'a>(standings: &[Standing<'a>]) -> Vec<&'a str> {
    standings.iter().map(|standing| standing.place.dn).collect()
}

/// The synced people of some containers.
pub(crate) fn people_in<'a>(
    cx: &Context<'a>,
    standings: &[Standing<'a>],
) -> impl Iterator<Item = PersonRef<'a>> + use<'a> {
    let places: BTreeSet<&str> = names(standings).into_iter().collect();
    people(cx).filter(move |person| {
        let container = person.container();
        container.is_some_and(|container| places.contains(container))
    })
}
