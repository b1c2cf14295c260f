//! The parameter values worth trying: what a part of a template can turn out to be.
//!
//! A template has more combinations of values than anyone can try. But a part of it depends on few
//! parameters, and of those only some decide anything: allowed values, defaults, bounds, the
//! literals that conditions compare with, and the rows of mappings that it chooses among. A parameter
//! without any of these stays open.

use super::deciding::{asked_by_conditions, chosen_keys, compared, each_target_in};
use super::place::{ACCOUNT, REGION};
use super::reference::Target;
use super::{
    Evaluation, IndexMap, IndexSet, Node, Parameter, ParameterType, Places, Pseudo, Template,
};

/// Values of parameters, by name, and of the pseudo-parameters that name a place. A parameter that
/// isn't here is open.
pub type Scenario = IndexMap<String, String>;

/// At most so many combinations of the parameters that conditions ask about; beyond that, one
/// parameter at a time leaves its first value.
const COMBINATIONS: usize = 64;
/// No more scenarios than these are looked at, however many values a form offers: the largest form
/// that AWS's own types fill, all instance types, stays far below.
const MOST: usize = 4096;
/// Above so many scenarios, parameters that no condition asks about vary over the defaults only.
const SCENARIOS: usize = 256;

/// What can be tried on a template.
pub struct Scenarios<'a> {
    template: &'a Template,
    /// The values of each parameter worth trying, the default first; none stands for open.
    values: IndexMap<&'a str, Vec<Option<String>>>,
    /// The literals that conditions compare each parameter with.
    compared: IndexMap<&'a str, IndexSet<String>>,
    /// The keys of mappings that each parameter chooses among.
    chosen: IndexMap<&'a str, IndexSet<String>>,
    /// The parameters that each condition asks about, also through others.
    conditions: IndexMap<&'a str, IndexSet<&'a str>>,
    /// The parameters that any of them asks about.
    decisive: IndexSet<&'a str>,
    /// The accounts and regions in which it is tried, where it is tried in several.
    places: Option<&'a Places>,
}

impl<'a> Scenarios<'a> {
    /// What can be tried on this template.
    pub fn of(template: &'a Template) -> Scenarios<'a> {
        let parameters = template.parameters.keys().map(String::as_str);
        let conditions = asked_by_conditions(template, parameters);
        let compared = compared(template);
        let chosen = chosen_keys(template);
        let none = IndexSet::default();
        let values = template
            .parameters
            .iter()
            .map(|(name, parameter)| {
                let compared = compared.get(name.as_str()).unwrap_or(&none);
                let keys = chosen.get(name.as_str()).unwrap_or(&none);
                (name.as_str(), worth_trying(parameter, compared, keys))
            })
            .collect();
        Scenarios {
            template,
            values,
            compared,
            chosen,
            decisive: conditions.values().flatten().copied().collect(),
            conditions,
            places: None,
        }
    }

    /// The same in each of these accounts and regions, where what is asked for differs by them.
    pub fn in_places(template: &'a Template, places: &'a Places) -> Scenarios<'a> {
        let mut scenarios = Scenarios::of(template);
        for name in [ACCOUNT, REGION] {
            let values = places.values(name).into_iter().map(Some).collect();
            scenarios.values.insert(name, values);
        }
        for (name, asked) in asked_by_conditions(template, [ACCOUNT, REGION]) {
            scenarios.decisive.extend(asked.iter().copied());
            scenarios.conditions.entry(name).or_default().extend(asked);
        }
        scenarios.places = Some(places);
        scenarios
    }

    /// Tries what another template makes a difference for as well, of what people may have written
    /// here; and, where it only looks values up that this one doesn't, one that nobody foresaw.
    pub fn tell_apart(&mut self, other: &Scenarios<'_>) {
        for name in other.chosen.keys().chain(other.compared.keys()).copied() {
            let Some(parameter) = self.template.parameters.get(name) else {
                continue;
            };
            let Some(values) = self.values.get_mut(name) else {
                continue;
            };
            if !parameter.allowed_values.is_empty() {
                continue;
            }
            let chosen = other.chosen.get(name).into_iter().flatten();
            let texts = chosen.chain(other.compared.get(name).into_iter().flatten());
            let looks_up_anew = other.chosen.contains_key(name) && !self.chosen.contains_key(name);
            let unforeseen = looks_up_anew.then_some(None);
            for value in texts.cloned().map(Some).chain(unforeseen) {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
    }

    /// Lets a parameter have another value than those that make a difference in this template:
    /// another template makes one of it.
    pub fn open(&mut self, parameter: &str) {
        if let Some(values) = self.values.get_mut(parameter)
            && !values.contains(&None)
            && self
                .template
                .parameters
                .get(parameter)
                .is_some_and(|parameter| parameter.allowed_values.is_empty())
        {
            values.push(None);
        }
    }

    /// The values of one parameter worth trying; none stands for open.
    pub fn values(&self, parameter: &str) -> &[Option<String>] {
        self.values.get(parameter).map_or(&[], Vec::as_slice)
    }

    /// The parameters that conditions ask about, each with the literals that it is compared with.
    pub fn deciding(&self) -> impl Iterator<Item = (&'a str, Vec<String>)> {
        self.decisive.iter().map(|name| {
            let literals = self.compared.get(name).into_iter().flatten();
            (*name, literals.cloned().collect())
        })
    }

    /// The first value of each parameter: its default, where it has one.
    pub fn first(&self) -> Scenario {
        let names = self.template.parameters.keys();
        let first = |name: &String| {
            let value = self.values(name).first()?.clone()?;
            Some((name.clone(), value))
        };
        names.filter_map(first).collect()
    }

    /// The parameters on which a value depends.
    pub fn parameters_in(&self, node: &'a Node) -> IndexSet<&'a str> {
        let mut names = IndexSet::default();
        each_target_in(node, &mut |target| match target {
            Target::Name(name) if self.template.parameters.contains_key(name) => {
                names.insert(name);
            }
            Target::Condition(name) => names.extend(self.parameters_of_condition(name)),
            _ => {}
        });
        names.extend(
            self.places
                .into_iter()
                .flat_map(|places| places.asked_in(node)),
        );
        names
    }

    /// The parameters on which a resource depends: through its properties, metadata and condition.
    pub fn parameters_of(&self, logical_id: &str) -> IndexSet<&'a str> {
        let mut names = IndexSet::default();
        let Some(resource) = self.template.resources.get(logical_id) else {
            return names;
        };
        for node in resource
            .properties
            .values()
            .chain(resource.metadata.values())
        {
            names.extend(self.parameters_in(node));
        }
        if let Some(condition) = &resource.condition {
            names.extend(self.parameters_of_condition(condition));
        }
        names
    }

    /// The parameters on which a condition depends, by its name.
    pub fn parameters_of_condition(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let names = self.conditions.get(name);
        names.into_iter().flatten().copied()
    }

    /// The scenarios of these parameters: every combination of those that conditions ask about,
    /// and one after the other the values of the rest. The first is that of the defaults.
    pub fn over(&self, parameters: &IndexSet<&str>) -> Vec<Scenario> {
        let (decisive, others): (Vec<&str>, Vec<&str>) = parameters
            .iter()
            .copied()
            .filter(|name| self.values.contains_key(name))
            .partition(|name| self.decisive.contains(name));
        let first: Scenario = parameters
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), self.values(name).first()?.clone()?)))
            .collect();
        let mut bases = vec![first];
        let combinations: usize = decisive
            .iter()
            .map(|name| self.values(name).len())
            .fold(1, usize::saturating_mul);
        for name in &decisive {
            let starts = match combinations <= COMBINATIONS {
                true => bases.clone(),
                false => vec![bases[0].clone()],
            };
            bases.extend(self.variants(&starts, name));
        }
        let further: usize = others.iter().map(|name| self.values(name).len()).sum();
        let starts = match further.saturating_mul(bases.len()) <= SCENARIOS {
            true => bases.as_slice(),
            false => &bases[..1],
        };
        let more: Vec<Scenario> = others
            .iter()
            .flat_map(|name| self.variants(starts, name))
            .take(MOST)
            .collect();
        // Each differs from all others: a parameter's values do, and each takes one after the other.
        bases.extend(more);
        bases.truncate(MOST);
        for scenario in &mut bases {
            scenario.sort_unstable_keys();
        }
        bases
    }

    /// Whether a form offers more values than are looked at.
    pub fn is_cut(&self) -> bool {
        let values = self.values.values().map(Vec::len);
        values.sum::<usize>() > MOST
    }

    /// Each of these scenarios with every further value of one parameter.
    fn variants(&self, starts: &[Scenario], name: &str) -> Vec<Scenario> {
        let further = self.values(name).iter().skip(1);
        further
            .flat_map(|value| {
                starts.iter().map(move |start| {
                    let mut scenario = start.clone();
                    match value {
                        Some(text) => {
                            scenario.insert(name.to_owned(), text.clone());
                        }
                        None => {
                            scenario.shift_remove(name);
                        }
                    }
                    scenario
                })
            })
            .collect()
    }

    /// The template evaluated for one scenario, nothing else known but these pseudo-parameters.
    pub fn evaluate<'e>(&'e self, scenario: &Scenario, pseudo: &'e Pseudo) -> Evaluation<'e, Pseudo>
    where
        'a: 'e,
    {
        Evaluation::open(self.template, scenario, pseudo)
    }
}

impl Places {
    /// The pseudo-parameters in the place of a scenario, the first place where it names none.
    pub fn pseudo(&self, scenario: &Scenario) -> Pseudo {
        let example = Pseudo::example();
        let first = |name: &str, other: String| {
            let named = scenario.get(name).cloned();
            named
                .or_else(|| self.values(name).first().cloned())
                .unwrap_or(other)
        };
        let account = first(ACCOUNT, example.account_id.clone());
        let region = first(REGION, example.region.clone());
        example.at(&account, &region)
    }
}

fn worth_trying(
    parameter: &Parameter,
    compared: &IndexSet<String>,
    keys: &IndexSet<String>,
) -> Vec<Option<String>> {
    let mut values = IndexSet::default();
    let default = parameter.default.as_ref().and_then(Node::scalar_text);
    values.extend(default.map(Some));
    let is_list = !matches!(
        parameter.kind,
        ParameterType::String | ParameterType::Number | ParameterType::Aws(_)
    );
    if parameter.allowed_values.is_empty() || is_list {
        values.extend(compared.iter().cloned().map(Some));
        for bound in [&parameter.min_value, &parameter.max_value] {
            values.extend(bound.as_ref().and_then(Node::scalar_text).map(Some));
        }
        values.extend(keys.iter().cloned().map(Some));
        if values.is_empty() || !compared.is_empty() {
            values.insert(None);
        }
    } else {
        let allowed = parameter.allowed_values.iter();
        values.extend(allowed.filter_map(Node::scalar_text).map(Some));
    }
    values.into_iter().collect()
}
