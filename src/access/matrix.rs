//! The answers: who may do what, with whose things.

use super::ask::Ask;
use super::cast::{Cast, Who, Whose};
use super::question::{Question, Questions};
use crate::cfn::IndexMap;
use crate::iam::{Authority, StatementName};
use crate::rehearsal::{Thing, Undecidable};
use std::collections::{BTreeMap, BTreeSet};

/// What somebody may do of a question, with the things of one side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// How many calls were decided: actions times things.
    pub asked: usize,
    /// How many actions the question has.
    pub actions: usize,
    /// The products or stacks that have something of the kind.
    pub things: BTreeSet<String>,
    /// What is allowed: the action, and the products or stacks whose things it is allowed on.
    pub allowed: BTreeMap<String, BTreeSet<String>>,
    /// How many of the calls are allowed.
    pub count: usize,
    /// The statements that allow them.
    pub by: BTreeSet<StatementName>,
}

impl Answer {
    /// In a few words: `no`, `yes`, or what is allowed where.
    pub fn text(&self) -> String {
        match (self.count, self.asked) {
            (_, 0) => "–".to_owned(),
            (0, _) => "no".to_owned(),
            (count, asked) if count == asked => "yes".to_owned(),
            _ => self.partly(),
        }
    }

    /// Actions that are allowed on the same things together; where that is all of them, the things
    /// aren't named, and where it is every action, those aren't.
    fn partly(&self) -> String {
        let mut by_things: BTreeMap<&BTreeSet<String>, Vec<&str>> = BTreeMap::new();
        for (action, on) in &self.allowed {
            let name = action
                .split_once(':')
                .map_or(action.as_str(), |(_, name)| name);
            by_things.entry(on).or_default().push(name);
        }
        let parts = by_things.into_iter().map(|(on, actions)| {
            let actions = match actions.len() == self.actions {
                true => String::new(),
                false => actions.join(", "),
            };
            let on = match *on == self.things {
                true => String::new(),
                false => format!(
                    "on {}",
                    on.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
                ),
            };
            format!("{actions} {on}").trim().to_owned()
        });
        parts.collect::<Vec<_>>().join("; ")
    }
}

/// All answers of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// By who asks, the question, and whose things.
    pub answers: BTreeMap<(String, String, Whose), Answer>,
}

impl Matrix {
    /// Asks everybody everything.
    ///
    /// # Errors
    /// Policies that can't be found or read: nothing is said about an account that isn't understood.
    pub fn new(cast: &Cast<'_>, questions: &Questions) -> Result<Matrix, Undecidable> {
        let mut matrix = Matrix::default();
        for who in &cast.all {
            for question in &questions.questions {
                for (whose, answer) in answered(cast, who, question)? {
                    let at = (who.name.clone(), question.id.clone(), whose);
                    matrix.answers.insert(at, answer);
                }
            }
        }
        Ok(matrix)
    }

    /// The answer to a question, where there was something to ask.
    pub fn of(&self, who: &str, question: &str, whose: Whose) -> Option<&Answer> {
        self.answers
            .get(&(who.to_owned(), question.to_owned(), whose))
    }
}

fn answered(
    cast: &Cast<'_>,
    who: &Who,
    question: &Question,
) -> Result<BTreeMap<Whose, Answer>, Undecidable> {
    let mut answers: BTreeMap<Whose, Answer> = BTreeMap::new();
    let authority = cast.account.authority(cast.world.outside, &who.role)?;
    let spoken_of: Vec<&String> = question
        .actions
        .iter()
        .filter(|action| cast.speaks_of(&authority, action, &question.on))
        .collect();
    let things = cast.account.things.iter();
    for thing in things.filter(|thing| thing.kind == question.on && thing.arn != who.role) {
        let answer = answers.entry(cast.whose(who, thing)).or_default();
        answer.actions = question.actions.len();
        answer.asked += question.actions.len();
        answer.things.insert(cast.belongs_to(thing));
        for action in &spoken_of {
            if let Some(by) = allowed(cast, who, &authority, question, action, thing)? {
                answer.count += 1;
                answer.by.extend(by);
                let on = answer.allowed.entry((*action).clone()).or_default();
                on.insert(cast.belongs_to(thing));
            }
        }
    }
    Ok(answers)
}

/// Whether it is allowed with any keys that may be chosen, and by which statement.
fn allowed(
    cast: &Cast<'_>,
    who: &Who,
    authority: &Authority,
    question: &Question,
    action: &str,
    thing: &Thing,
) -> Result<Option<Option<StatementName>>, Undecidable> {
    let nothing = [IndexMap::default()];
    let choices = match question.choices.as_slice() {
        [] => nothing.as_slice(),
        given => given,
    };
    let resource = question.resource.as_deref().unwrap_or("${Arn}");
    for keys in choices {
        let ask = Ask {
            action,
            thing,
            resource: cast.filled(resource, thing),
            keys,
            without: &[],
        };
        if let Some(allowed) = cast.allows(who, &who.role, authority, &ask)? {
            return Ok(Some(allowed.by));
        }
    }
    Ok(None)
}
