//! What an update does to the product that a reader runs: for each version, and for each combination of
//! the values that make a difference. The page's script looks up what stands here, and decides nothing.

use super::SiteProduct;
use crate::cfn::{IndexSet, Node, Scenario, Scenarios, Template};
use crate::change::{Accounts, Body, Break, Effect, Incompatibility, Kept, Running, Update};
use crate::product::VersionName;
use serde::Serialize;

/// A version that a reader can be running.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfVersion {
    /// Its name.
    name: String,
    /// What an update does to products of it, where no value makes a difference.
    told: Told,
    /// The parameters whose values make a difference.
    asks: Vec<Ask>,
    /// What an update does to a product with each combination of their values.
    answers: Vec<Answer>,
}

/// What an update does to a product with some values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    /// The class of each parameter's value, in the order in which they are asked: `0-2`.
    of: String,
    /// The values in words.
    with: String,
    told: Told,
}

/// A parameter whose values make a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Ask {
    /// Its name.
    name: String,
    /// Its label on the launch form.
    label: String,
    /// Each value.
    values: Vec<OfValue>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct OfValue {
    /// Values of one class are told nothing different.
    class: usize,
    value: String,
    /// As people read it.
    shown: String,
}

/// What an update does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    /// In a sentence.
    sentence: String,
    /// What is lost, and so to be copied first.
    lost: Vec<String>,
    /// What the form will ask anew.
    asked: Vec<String>,
    /// How bad it is.
    #[serde(skip)]
    rank: (bool, Effect, bool),
}

impl Told {
    /// What it does to a product with these values; they are known where a reader has said them.
    fn of(update: &Update, given: &Scenario) -> Told {
        let mut lost: Vec<String> = Vec::new();
        let data = update.impact.resources.iter().flat_map(|one| &one.data);
        for data in data.filter(|data| data.is_deleted) {
            let line = format!("{}: {}", data.what, data.message);
            if !lost.contains(&line) {
                lost.push(line);
            }
        }
        Told {
            sentence: update.sentence(),
            lost,
            asked: update.broken.iter().map(|one| asked(one, given)).collect(),
            rank: update.rank(),
        }
    }
}

/// What the form will ask anew. A value that the reader has just chosen isn't named again: all that are
/// refused are answered by one sentence.
fn asked(broken: &Incompatibility, given: &Scenario) -> String {
    match broken.kind {
        Break::Narrowed if given.contains_key(&broken.parameter) => format!(
            "{} no longer takes this value: choose another one when you update",
            broken.parameter
        ),
        _ => broken.to_string(),
    }
}

/// The versions of a product from which an update to the newest leads, newest first.
pub(super) fn my_update(
    product: &SiteProduct<'_>,
    (to, template): (VersionName, &Template),
) -> Vec<OfVersion> {
    let accounts = Accounts::of(product.page.environments).keeping(product.page.kept);
    let mut found: Vec<OfVersion> = product
        .running
        .iter()
        .filter(|running| running.name < to)
        .filter_map(|running| {
            let update = product
                .page
                .updates
                .iter()
                .find(|one| one.from == running.name)?;
            let (asks, answers) = asks(running, template, update, &accounts);
            Some(OfVersion {
                name: running.name.to_string(),
                told: Told::of(update, &Scenario::default()),
                asks,
                answers,
            })
        })
        .collect();
    found.reverse();
    found
}

/// What a reader can have: of each question the classes of values that are told apart, one after the other.
struct Question {
    /// The parameter.
    name: String,
    /// Values that no answer tells apart.
    classes: Vec<Vec<String>>,
}

/// The most combinations of values that are answered for each; beyond them the worst of the rest is told.
const MOST: usize = 256;

/// What stands for a text that nobody foresaw.
const ANOTHER: &str = "another value";

/// The questions of a version, and the answer to every combination of answers to them.
fn asks(
    running: &Running<'_>,
    new: &Template,
    update: &Update,
    accounts: &Accounts,
) -> (Vec<Ask>, Vec<Answer>) {
    let engine = Engine {
        running,
        new,
        update,
        accounts,
    };
    let (mut questions, rest) = engine.questions();
    let mut told = engine.answers(&questions, &rest);
    shorten(&mut questions, &mut told);
    if questions.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let asks = questions.iter().map(|question| Ask {
        name: question.name.clone(),
        label: label(new, &question.name),
        values: question
            .classes
            .iter()
            .enumerate()
            .flat_map(|(class, values)| {
                values.iter().map(move |value| OfValue {
                    class,
                    value: value.clone(),
                    shown: match value.as_str() {
                        "" => "nothing".to_owned(),
                        value => value.to_owned(),
                    },
                })
            })
            .collect(),
    });
    let asks: Vec<Ask> = asks.collect();
    let answers = told.into_iter().map(|(key, told)| Answer {
        of: key
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("-"),
        with: asks
            .iter()
            .zip(&key)
            .map(|(ask, class)| format!("{} {}", ask.label, ask.words(*class)))
            .collect::<Vec<_>>()
            .join(", "),
        told,
    });
    let answers = answers.collect();
    (asks, answers)
}

impl Ask {
    /// The values of a class in words.
    fn words(&self, class: usize) -> String {
        let all: Vec<&str> = self
            .values
            .iter()
            .filter(|value| value.class == class)
            .map(|value| value.shown.as_str())
            .collect();
        match all.as_slice() {
            [first, rest @ ..] if rest.len() > 3 => format!("{first} and {} others", rest.len()),
            _ => all.join(" or "),
        }
    }
}

/// Asks the engine what an update does with values.
struct Engine<'a> {
    running: &'a Running<'a>,
    new: &'a Template,
    update: &'a Update,
    accounts: &'a Accounts,
}

impl Engine<'_> {
    /// With these values, in the account where it does the worst: a reader's isn't asked for.
    fn told(&self, given: &Scenario) -> Told {
        let of = |account| {
            let mut update =
                self.update
                    .at(self.running, self.new, given, (self.accounts, account));
            // A text that stands for any is refused by forms, and says nothing of theirs.
            update
                .broken
                .retain(|one| given.get(&one.parameter).is_none_or(|text| text != ANOTHER));
            update
        };
        let changes = self.update.changes.as_ref();
        let is_everywhere = match self.running.body {
            Body::Template(_) => changes.is_some_and(|changes| !changes.depends_on_place()),
            _ => false,
        };
        let most = if is_everywhere { 1 } else { usize::MAX };
        let worst = self.accounts.iter().take(most).map(of);
        let worst = worst.max_by_key(Update::rank);
        Told::of(worst.as_ref().unwrap_or(self.update), given)
    }

    /// What is asked, and what makes a difference and isn't asked, since it would be too much.
    ///
    /// What conditions ask about can matter together, so that each of its values is tried with each of
    /// the others. Any other value matters for what refers to it: it is tried at each of these.
    fn questions(&self) -> (Vec<Question>, Vec<Question>) {
        let mut deciding: Vec<(String, Vec<String>)> = Vec::new();
        let listed = offered(self.running);
        if let Body::Template(old) = self.running.body {
            let (before, after) = (Scenarios::of(old), Scenarios::of(self.new));
            for (name, literals) in before.deciding().chain(after.deciding()) {
                let Some(parameter) = old.parameters.get(name) else {
                    continue;
                };
                let listed = listed.iter().find(|(listed, _)| listed == name);
                let values = match listed {
                    Some((_, values)) => values.clone(),
                    None if parameter.allowed_values.is_empty() => {
                        let default = parameter.default.as_ref().and_then(Node::scalar_text);
                        let texts = literals.into_iter().chain(default);
                        texts.chain([ANOTHER.to_owned()]).collect()
                    }
                    None => continue,
                };
                match deciding.iter_mut().find(|(known, _)| known == name) {
                    Some((_, known)) => known.extend(values),
                    None => deciding.push((name.to_owned(), values)),
                }
            }
            for (_, values) in &mut deciding {
                let each: IndexSet<String> = values.drain(..).collect();
                // What stands for all others comes last.
                values.extend(each.iter().filter(|one| *one != ANOTHER).cloned());
                values.extend(each.into_iter().filter(|one| one == ANOTHER));
            }
        }
        let is_deciding = |name: &str| deciding.iter().any(|(known, _)| known == name);
        let others: Vec<_> = listed
            .into_iter()
            .filter(|(name, _)| !is_deciding(name))
            .collect();
        let mut bases = vec![Scenario::default()];
        let (mut asked, mut rest) = (Vec::new(), Vec::new());
        let all = deciding.iter().map(|one| (one, true));
        for ((name, values), decides) in all.chain(others.iter().map(|one| (one, false))) {
            let question = self.question(name, values, &bases);
            if question.classes.len() < 2 && !decides {
                continue;
            }
            let asks: usize = asked
                .iter()
                .map(|one: &Question| one.classes.len())
                .product();
            if asks.saturating_mul(question.classes.len()) > MOST {
                rest.push(question);
                continue;
            }
            if decides {
                bases = with_each(&bases, &question);
            }
            asked.push(question);
        }
        (asked, rest)
    }

    /// The values of a parameter, those together that do the same at each base.
    fn question(&self, name: &str, values: &[String], bases: &[Scenario]) -> Question {
        let mut classes: Vec<(Vec<Told>, Vec<String>)> = Vec::new();
        // One that decides with few values is taken apart: what it does may show with others alone.
        for value in values {
            let at = |base: &Scenario| {
                let mut given = base.clone();
                given.insert(name.to_owned(), value.clone());
                self.told(&given)
            };
            let told: Vec<Told> = bases.iter().map(at).collect();
            match classes.iter_mut().find(|(known, _)| *known == told) {
                Some((_, values)) => values.push(value.clone()),
                None => classes.push((told, vec![value.clone()])),
            }
        }
        Question {
            name: name.to_owned(),
            classes: classes.into_iter().map(|(_, values)| values).collect(),
        }
    }

    /// The answer to each combination, by the class of each question.
    fn answers(&self, asked: &[Question], rest: &[Question]) -> Vec<(Vec<usize>, Told)> {
        let mut keys: Vec<Vec<usize>> = vec![Vec::new()];
        for question in asked {
            let longer = keys.iter().flat_map(|key| {
                (0..question.classes.len()).map(|class| {
                    let mut key = key.clone();
                    key.push(class);
                    key
                })
            });
            keys = longer.collect();
        }
        let answer = |key: Vec<usize>| {
            let chosen = asked.iter().zip(&key);
            let given: Scenario = chosen
                .filter_map(|(question, class)| {
                    let value = question.classes.get(*class)?.first()?;
                    Some((question.name.clone(), value.clone()))
                })
                .collect();
            let mut all = vec![given.clone()];
            all.extend(
                rest.iter()
                    .flat_map(|one| with_each(std::slice::from_ref(&given), one)),
            );
            let worst = all.iter().map(|given| self.told(given));
            let worst = worst.max_by_key(|told| told.rank);
            (key, worst.unwrap_or_else(|| Told::of(self.update, &given)))
        };
        keys.into_iter().map(answer).collect()
    }
}

/// Each of these with one value of each class.
fn with_each(bases: &[Scenario], question: &Question) -> Vec<Scenario> {
    let values = question.classes.iter().filter_map(|class| class.first());
    values
        .flat_map(|value| {
            bases.iter().map(|base| {
                let mut given = base.clone();
                given.insert(question.name.clone(), value.clone());
                given
            })
        })
        .collect()
}

/// Leaves out what no answer goes by: classes with the same answers are one, and a question of one class
/// is none.
fn shorten(questions: &mut Vec<Question>, told: &mut Vec<(Vec<usize>, Told)>) {
    for place in (0..questions.len()).rev() {
        let Some(question) = questions.get(place) else {
            continue;
        };
        let answers = |class: usize| -> Vec<&Told> {
            let of_it = told
                .iter()
                .filter(|(key, _)| key.get(place) == Some(&class));
            of_it.map(|(_, told)| told).collect()
        };
        // For each class the first one with the same answers.
        let mut same: Vec<usize> = Vec::new();
        for class in 0..question.classes.len() {
            let first = (0..class).find(|other| answers(*other) == answers(class));
            same.push(first.unwrap_or(class));
        }
        let kept: Vec<usize> = (0..same.len())
            .filter(|class| same[*class] == *class)
            .collect();
        let mut classes: Vec<Vec<String>> = kept.iter().map(|_| Vec::new()).collect();
        for (class, values) in question.classes.iter().enumerate() {
            let to = kept.iter().position(|one| *one == same[class]);
            if let Some(class) = to.and_then(|to| classes.get_mut(to)) {
                class.extend(values.iter().cloned());
            }
        }
        told.retain(|(key, _)| key.get(place).is_some_and(|class| kept.contains(class)));
        let is_asked = classes.len() > 1;
        for (key, _) in told.iter_mut() {
            let class = key.remove(place);
            if is_asked {
                let class = kept
                    .iter()
                    .position(|one| *one == class)
                    .unwrap_or_default();
                key.insert(place, class);
            }
        }
        match is_asked {
            true => questions[place].classes = classes,
            false => {
                questions.remove(place);
            }
        }
    }
}

/// The parameters of a version that offered a list, with what it offered.
fn offered(running: &Running<'_>) -> Vec<(String, Vec<String>)> {
    let listed =
        |(name, values): (String, Vec<String>)| (values.len() > 1).then_some((name, values));
    match running.body {
        Body::Template(template) => template
            .parameters
            .iter()
            .map(|(name, one)| {
                let values = one.allowed_values.iter().filter_map(Node::scalar_text);
                (name.clone(), values.collect())
            })
            .filter_map(listed)
            .collect(),
        Body::Facts(facts) => facts
            .versions
            .get(&running.name)
            .into_iter()
            .flat_map(|version| &version.parameters)
            .map(|(name, one)| (name.clone(), one.allowed_values.clone()))
            .filter_map(listed)
            .collect(),
        Body::Nothing => Vec::new(),
    }
}

/// The label of a parameter on the form; its name where the form has no other.
fn label(template: &Template, name: &str) -> String {
    let form = crate::page::LaunchForm::of(template, &Kept::default());
    form.field(name)
        .map_or_else(|| name.to_owned(), |field| field.label.clone())
}
