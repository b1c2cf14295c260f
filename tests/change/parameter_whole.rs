//! What another value of a parameter does is computed from what reads the parameter alone. Here
//! it is computed once more from the whole template, evaluated for each value, and must be the same.

use compute_catalog::cfn::{
    Evaluation, ParameterType, Pseudo, Resource, Scenario, Scenarios, Template, read,
};
use compute_catalog::change::{Impact, Touched, diff, impact, parameter_impacts};
use indexmap::IndexSet;
use std::path::Path;

/// The template with this value, and the defaults of the other parameters: every function
/// evaluated that can be.
fn bound(template: &Template, name: &str, value: &str) -> Template {
    let default = |parameter: &compute_catalog::cfn::Parameter| {
        let default = parameter.default.as_ref()?;
        default.scalar_text()
    };
    let parameters = template.parameters.iter();
    let mut given: Scenario = parameters
        .filter_map(|(name, parameter)| Some((name.clone(), default(parameter)?)))
        .collect();
    given.insert(name.to_owned(), value.to_owned());
    let pseudo = Pseudo::example();
    let evaluation = Evaluation::open(template, &given, &pseudo);
    let resources = template.resources.iter();
    let there = resources.filter(|(_, resource)| evaluation.creates(resource) != Some(false));
    let evaluated = there.map(|(id, resource)| {
        let bound = Resource {
            condition: None,
            properties: evaluation.map(&resource.properties),
            metadata: evaluation.map(&resource.metadata),
            ..resource.clone()
        };
        (id.clone(), bound)
    });
    Template {
        resources: evaluated.collect(),
        ..Template::default()
    }
}

/// The values worth trying.
fn values(template: &Template, name: &str) -> Vec<String> {
    let scenarios = Scenarios::of(template);
    let mut values: IndexSet<String> = scenarios.values(name).iter().flatten().cloned().collect();
    let parameter = &template.parameters[name];
    if parameter.allowed_values.is_empty() {
        let made = match parameter.kind {
            ParameterType::Number | ParameterType::NumberList => ["1", "2"],
            _ => ["one", "another"],
        };
        values.extend(made.map(str::to_owned));
    }
    values.into_iter().collect()
}

/// For each resource that any value touches: its worst effect, whether every value has that, and
/// the data that is lost and left.
fn whole(template: &Template, name: &str, values: &[String]) -> Vec<Touched> {
    let Some((first, others)) = values.split_first() else {
        return Vec::new();
    };
    let before = bound(template, name, first);
    let impacts: Vec<Impact> = others
        .iter()
        .map(|value| {
            let after = bound(template, name, value);
            impact(&before, &after, &diff(&before, &after))
        })
        .collect();
    let ids: IndexSet<&str> = impacts
        .iter()
        .flat_map(|impact| &impact.resources)
        .map(|resource| resource.id.as_str())
        .collect();
    let touched = ids.into_iter().filter_map(|id| {
        let effect = impacts.iter().map(|impact| impact.effect(id)).max()?;
        let of_it = impacts.iter().flat_map(|impact| &impact.resources);
        let data: IndexSet<_> = of_it
            .filter(|resource| resource.id == id)
            .flat_map(|resource| &resource.data)
            .map(|data| (data.is_deleted, data.what.clone()))
            .collect();
        let told = |is_deleted: bool| {
            let data = data.iter().filter(|(deleted, _)| *deleted == is_deleted);
            data.map(|(_, what)| what.clone()).collect()
        };
        Some(Touched {
            id: id.to_owned(),
            kind: template.resources[id].kind.clone(),
            effect,
            always: impacts.iter().all(|impact| impact.effect(id) == effect),
            lost: told(true),
            left: told(false),
        })
    });
    let mut touched: Vec<Touched> = touched
        .filter(|one| one.effect > compute_catalog::change::Effect::NoEffect)
        .collect();
    touched.sort_by(|one, other| one.id.cmp(&other.id));
    touched
}

#[test]
fn the_part_that_reads_a_parameter_tells_what_the_whole_template_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated/products");
    let mut compared = 0;
    let mut told = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let template = read(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for (name, quick) in parameter_impacts(&template) {
            let values = values(&template, &name);
            let mut touched = quick.touched;
            touched.sort_by(|one, other| one.id.cmp(&other.id));
            let whole = whole(&template, &name, &values);
            assert_eq!(touched, whole, "{name} of {}", path.display());
            told += whole.len();
            compared += 1;
        }
    }
    assert!(
        compared > 20 && told > 40,
        "{compared} parameters, {told} effects"
    );
}
