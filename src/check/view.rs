//! Resources in the forms that they can take, for the values that parameters can have.

use crate::cfn::{IndexMap, Node, Path, Pseudo, Resource, Scenarios, Template};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The properties of a resource in one form. Forms in which a property is the same share it.
pub type Form<'a> = IndexMap<&'a str, Rc<Node>>;

/// The forms that the resources of a template can take.
pub struct Forms<'a>(IndexMap<&'a str, Vec<Form<'a>>>);

/// A resource in one of the forms that it can take.
#[derive(Clone, Copy)]
pub struct View<'s> {
    /// Its logical id.
    pub id: &'s str,
    /// The resource as it stands in the template.
    pub resource: &'s Resource,
    /// Its properties for some parameter values. What isn't known offline stays a function.
    pub properties: &'s Form<'s>,
}

impl<'a> Forms<'a> {
    /// Evaluates a template.
    pub fn of(template: &'a Template) -> Forms<'a> {
        let scenarios = Scenarios::of(template);
        let pseudo = Pseudo::example();
        let mut all = IndexMap::default();
        for (id, resource) in &template.resources {
            let mut forms: Vec<Form<'_>> = Vec::new();
            let tried = scenarios.over(&scenarios.parameters_of(id));
            // Of each property: the parameters that it asks for, and what it is for their values.
            let mut known: Vec<_> = resource
                .properties
                .values()
                .map(|node| (scenarios.parameters_in(node), BTreeMap::new()))
                .collect();
            for scenario in &tried {
                let evaluation = scenarios.evaluate(scenario, &pseudo);
                if evaluation.creates(resource) == Some(false) {
                    continue;
                }
                let properties = resource.properties.iter().zip(&mut known);
                let form = properties.filter_map(|((name, node), (asked, values))| {
                    let given: Vec<_> = asked.iter().map(|name| scenario.get(*name)).collect();
                    let value = values
                        .entry(given)
                        .or_insert_with(|| evaluation.node(node).value().map(Rc::new));
                    Some((name.as_str(), Rc::clone(value.as_ref()?)))
                });
                let form = form.collect();
                if !forms.contains(&form) {
                    forms.push(form);
                }
            }
            all.insert(id.as_str(), forms);
        }
        Forms(all)
    }

    /// Every form of every resource.
    pub fn views<'s>(&'s self, template: &'s Template) -> impl Iterator<Item = View<'s>> {
        template.resources.iter().flat_map(|(id, resource)| {
            let forms = self.0.get(id.as_str()).map_or(&[][..], Vec::as_slice);
            forms.iter().map(move |properties| View {
                id,
                resource,
                properties,
            })
        })
    }
}

impl View<'_> {
    /// Where a property stands. The segments are those of the evaluated value.
    pub fn path(&self, segments: &[&str]) -> Path {
        segments
            .iter()
            .fold(Path::properties(self.id), |path, segment| {
                path.join(*segment)
            })
    }

    /// Where the resource stands.
    pub fn at(&self) -> Path {
        Path::of(["Resources", self.id])
    }

    /// The value of a property, by its path.
    pub fn get(&self, segments: &[&str]) -> Option<&Node> {
        let (first, rest) = segments.split_first()?;
        let property: &Node = self.properties.get(*first)?;
        rest.iter().try_fold(property, |node, segment| match node {
            Node::List(items) => items.get(segment.parse::<usize>().ok()?),
            other => other.get(segment),
        })
    }

    /// The text of a property: `true`, `8`, `text`.
    pub fn text(&self, segments: &[&str]) -> Option<String> {
        self.get(segments)?.scalar_text()
    }

    /// Whether a property is this text.
    pub fn is(&self, segments: &[&str], text: &str) -> bool {
        self.text(segments).as_deref() == Some(text)
    }
}
