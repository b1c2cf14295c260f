//! What another value of one parameter does to a running product of the same version.

use super::{Effect, Impact, Imports, Kept, bound, diff, impact_in};
use crate::cfn::{
    IndexMap, IndexSet, Parameter, ParameterType, Places, Pseudo, Reference, Scenario, Scenarios,
    Target, Template, references,
};

/// What an update does that changes one parameter and leaves the others at their defaults.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParameterImpact {
    /// The resources it touches, worst first.
    pub touched: Vec<Touched>,
}

/// A resource that another value of a parameter touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Its logical id.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// What is done to it, at worst.
    pub effect: Effect,
    /// Whether every other value does that.
    pub always: bool,
    /// What happens instead, where it stays as it is by a script of its own.
    pub instead: Option<String>,
    /// The data that it loses.
    pub lost: Vec<String>,
    /// The data that stays where it was, outside the product.
    pub left: Vec<String>,
}

impl ParameterImpact {
    /// The worst that happens to any resource.
    pub fn worst(&self) -> Effect {
        let effects = self.touched.iter().map(|touched| touched.effect);
        effects.max().unwrap_or(Effect::NoEffect)
    }
}

/// What a change of each parameter does, tried on the values that make a difference: from the first
/// of them to each other one. Values that are only passed on need no more than two.
///
/// `kept` is what the machines of the product keep.
pub fn parameter_impacts(template: &Template, kept: &Kept) -> IndexMap<String, ParameterImpact> {
    let scenarios = Scenarios::of(template);
    let references = references(template);
    let pseudo = Pseudo::example();
    let of_parameter = |(name, parameter): (&String, &Parameter)| {
        let mut values = tried(parameter, scenarios.values(name));
        let is_deciding = references.iter().any(|reference| match &reference.target {
            Target::Condition(condition) => scenarios
                .parameters_of_condition(condition)
                .any(|asked| asked == name),
            _ => reference.name() == Some(name) && decides(reference),
        });
        if !is_deciding {
            values.truncate(2);
        }
        let mut stacks = values.iter().map(|value| {
            let given = Scenario::from_iter([(name.clone(), value.clone())]);
            bound(template, &given, &pseudo)
        });
        let Some(before) = stacks.next() else {
            return (name.clone(), ParameterImpact::default());
        };
        let impacts: Vec<Impact> = stacks
            .map(|after| {
                let changes = diff(&before, &after);
                let (places, imports) = (Places::anywhere(), Imports::default());
                impact_in(&before, &after, &changes, &places, kept, &imports)
            })
            .collect();
        (name.clone(), summed(&impacts, kept))
    };
    template.parameters.iter().map(of_parameter).collect()
}

/// Whether a use of a parameter makes of it more than the value itself: only then can a third value
/// do what the second doesn't.
fn decides(reference: &Reference) -> bool {
    let deciding = ["FindInMap", "Select", "Split", "Cidr", "ImportValue"];
    let is_deciding = |segment: &String| deciding.contains(&segment.as_str());
    reference.at.segments().iter().any(is_deciding)
}

/// The values to try, from the first to each other one: at least two, where there are two.
fn tried(parameter: &Parameter, worth: &[Option<String>]) -> Vec<String> {
    let mut values: IndexSet<String> = worth.iter().flatten().cloned().collect();
    if parameter.allowed_values.is_empty() {
        let made = match parameter.kind {
            ParameterType::Number | ParameterType::NumberList => ["1", "2"],
            _ => ["one", "another"],
        };
        values.extend(made.map(str::to_owned));
    }
    values.into_iter().collect()
}

fn summed(impacts: &[Impact], kept: &Kept) -> ParameterImpact {
    let mut touched: IndexMap<&str, Touched> = IndexMap::default();
    for resource in impacts.iter().flat_map(|impact| &impact.resources) {
        let entry = touched.entry(&resource.id).or_insert_with(|| Touched {
            id: resource.id.clone(),
            kind: resource.kind.clone(),
            effect: resource.effect,
            always: true,
            instead: None,
            lost: Vec::new(),
            left: Vec::new(),
        });
        entry.effect = entry.effect.max(resource.effect);
        entry.instead = entry.instead.take().or_else(|| {
            let mut reasons = resource.reasons.iter();
            let reason = reasons.find(|reason| kept.tells(&reason.why))?;
            Some(reason.why.clone())
        });
        for data in &resource.data {
            let told = match data.is_deleted {
                true => &mut entry.lost,
                false => &mut entry.left,
            };
            if !told.contains(&data.what) {
                told.push(data.what.clone());
            }
        }
    }
    let mut touched: Vec<Touched> = touched.into_values().collect();
    for one in &mut touched {
        let does = |impact: &Impact| impact.effect(&one.id) == one.effect;
        one.always = impacts.iter().all(does);
    }
    touched.retain(|one| one.effect > Effect::NoEffect);
    touched.sort_by_key(|one| std::cmp::Reverse(one.effect));
    ParameterImpact { touched }
}
