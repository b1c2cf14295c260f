//! A stack: a template with the values of its parameters, in an account and region.

use crate::cfn::{
    Evaluation, IndexMap, Map, Node, Places, Pseudo, Reference, Resource, Scenario, Scenarios,
    Template, references,
};

/// The properties of a resource, by name.
pub(super) type Properties<'p> = dyn Fn(&str) -> Option<&'p Node> + 'p;

/// The template as CloudFormation sees it with these parameter values in this account: every
/// function evaluated that can be, resources left out that its conditions leave out. A parameter
/// without a value here has its default; one without either stays a reference.
pub fn bound(template: &Template, values: &Scenario, pseudo: &Pseudo) -> Template {
    let mut given: Scenario = template
        .parameters
        .iter()
        .filter_map(|(name, parameter)| {
            let default = parameter.default.as_ref().and_then(Node::scalar_text);
            Some((name.clone(), default?))
        })
        .collect();
    given.extend(
        values
            .iter()
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    let evaluation = Evaluation::open(template, &given, pseudo);
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
        mappings: template.mappings.clone(),
        ..Template::default()
    }
}

/// A side of an update, as judging asks for it: every resource, its properties at the defaults.
pub(super) struct Stack<'t> {
    pub(super) template: &'t Template,
    references: Vec<Reference<'t>>,
    properties: IndexMap<&'t str, Map>,
    places: &'t Places,
}

impl<'t> Stack<'t> {
    /// The stack of this template.
    pub fn of(template: &'t Template, places: &'t Places) -> Stack<'t> {
        let scenarios = Scenarios::in_places(template, places);
        let first = |name: &String| {
            let value = scenarios.values(name).first()?.clone()?;
            Some((name.clone(), value))
        };
        let defaults: Scenario = template.parameters.keys().filter_map(first).collect();
        let pseudo = places.pseudo(&defaults);
        let evaluation = scenarios.evaluate(&defaults, &pseudo);
        let properties = template
            .resources
            .iter()
            .map(|(id, resource)| (id.as_str(), evaluation.properties(resource)))
            .collect();
        Stack {
            template,
            references: references(template),
            properties,
            places,
        }
    }

    /// A resource as its template declares it; none where the stack has none.
    pub fn resource(&self, id: &str) -> Option<&'t Resource> {
        self.template.resources.get(id)
    }

    /// A property of a resource, evaluated.
    pub fn property(&self, id: &str, name: &str) -> Option<&Node> {
        self.properties.get(id)?.get(name)
    }

    /// The properties of a resource with these values of the parameters.
    pub fn properties_at(&self, id: &str, values: &Scenario) -> Map {
        let pseudo = self.places.pseudo(values);
        let evaluation = Evaluation::open(self.template, values, &pseudo);
        self.resource(id)
            .map(|resource| evaluation.properties(resource))
            .unwrap_or_default()
    }

    /// Metadata of a resource.
    pub fn metadata(&self, id: &str, name: &str) -> Option<&'t Node> {
        self.resource(id)?.metadata.get(name)
    }

    /// The references to a resource.
    pub fn references_to(&self, cause: &str) -> impl Iterator<Item = &Reference<'t>> {
        let is_meant = move |reference: &&Reference<'t>| reference.name() == Some(cause);
        self.references.iter().filter(is_meant)
    }

    /// Every reference.
    pub fn references(&self) -> &[Reference<'t>] {
        &self.references
    }
}
