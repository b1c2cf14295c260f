//! A stack: a template with the values of its parameters, in an account and region.

use crate::cfn::{
    Evaluation, IndexMap, Map, Node, Places, Pseudo, Reference, Resource, Scenario, Scenarios,
    Template, references,
};
use std::cell::OnceCell;

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
/// Most of what a template holds nobody asks for, so that each is worked out when it is asked for.
pub(super) struct Stack<'t> {
    pub(super) template: &'t Template,
    places: &'t Places,
    references: OnceCell<Vec<Reference<'t>>>,
    defaults: OnceCell<Scenario>,
    resources: IndexMap<&'t str, OnceCell<Evaluated<'t>>>,
}

impl<'t> Stack<'t> {
    /// The stack of this template.
    pub fn of(template: &'t Template, places: &'t Places) -> Stack<'t> {
        let ids = template.resources.keys();
        Stack {
            template,
            places,
            references: OnceCell::new(),
            defaults: OnceCell::new(),
            resources: ids.map(|id| (id.as_str(), OnceCell::new())).collect(),
        }
    }

    /// A resource as its template declares it; none where the stack has none.
    pub fn resource(&self, id: &str) -> Option<&'t Resource> {
        self.template.resources.get(id)
    }

    /// A property of a resource, evaluated.
    pub fn property(&self, id: &str, name: &str) -> Option<&Node> {
        let defaults = || {
            self.defaults
                .get_or_init(|| Scenarios::in_places(self.template, self.places).first())
        };
        let resource = self.resource(id)?;
        let evaluated = self.resources.get(id)?;
        evaluated
            .get_or_init(|| self.evaluated(resource, defaults()))
            .get(name)
    }

    /// The properties of a resource with these values of the parameters; none where the stack has
    /// no such resource.
    pub fn properties_at(&self, id: &str, values: &Scenario) -> Option<Evaluated<'t>> {
        Some(self.evaluated(self.resource(id)?, values))
    }

    fn evaluated(&self, resource: &'t Resource, values: &Scenario) -> Evaluated<'t> {
        Evaluated {
            template: self.template,
            pseudo: self.places.pseudo(values),
            values: values.clone(),
            properties: LazyProperties::of(resource),
        }
    }

    /// Metadata of a resource.
    pub fn metadata(&self, id: &str, name: &str) -> Option<&'t Node> {
        self.resource(id)?.metadata.get(name)
    }

    /// The references to a resource.
    pub fn references_to(&self, cause: &str) -> impl Iterator<Item = &Reference<'t>> {
        let is_meant = move |reference: &&Reference<'t>| reference.name() == Some(cause);
        self.references().iter().filter(is_meant)
    }

    /// Every reference.
    pub fn references(&self) -> &[Reference<'t>] {
        self.references.get_or_init(|| references(self.template))
    }
}

/// The properties of a resource with given values of the parameters.
pub(super) struct Evaluated<'t> {
    template: &'t Template,
    values: Scenario,
    pseudo: Pseudo,
    properties: LazyProperties<'t>,
}

impl Evaluated<'_> {
    /// A property; none where it isn't there, or is left out with these values.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.properties.get(name, |node| {
            let evaluation = Evaluation::open(self.template, &self.values, &self.pseudo);
            evaluation.node(node).value()
        })
    }
}

/// The properties of a resource, each evaluated when it is asked for.
pub(super) struct LazyProperties<'t> {
    properties: &'t Map,
    /// In the order of the properties.
    known: Vec<OnceCell<Option<Node>>>,
}

impl<'t> LazyProperties<'t> {
    /// Those of a resource.
    pub fn of(resource: &'t Resource) -> LazyProperties<'t> {
        let properties = &resource.properties;
        LazyProperties {
            properties,
            known: properties.keys().map(|_| OnceCell::new()).collect(),
        }
    }

    /// A property, evaluated where it is asked for the first time; none where it isn't there, or
    /// is left out.
    pub fn get(&self, name: &str, evaluate: impl FnOnce(&Node) -> Option<Node>) -> Option<&Node> {
        let (index, _, node) = self.properties.get_full(name)?;
        let known = self.known.get(index)?;
        known.get_or_init(|| evaluate(node)).as_ref()
    }
}
