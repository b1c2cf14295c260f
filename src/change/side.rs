//! The stack before an update, or after it: what judging the update asks of each.

use crate::cfn::{
    IndexMap, Map, Node, Path, Pseudo, Reference, Resource, Scenario, Scenarios, Template,
    references,
};
use std::cell::OnceCell;

/// The properties of a resource, by name.
pub(super) type Properties<'p> = dyn Fn(&str) -> Option<&'p Node> + 'p;

/// A stack as judging asks for it.
pub(super) trait Side {
    /// A resource as its template declares it; none where the stack has none.
    fn resource(&self, id: &str) -> Option<&Resource>;

    /// A property of a resource, evaluated.
    fn property(&self, id: &str, name: &str) -> Option<&Node>;

    /// Metadata of a resource.
    fn metadata(&self, id: &str, name: &str) -> Option<&Node>;

    /// The places in properties and metadata that refer to a resource.
    fn references_to(&self, cause: &str) -> Vec<Path>;
}

/// A template's stack, with the defaults of its parameters.
pub(super) struct AtDefaults<'t> {
    template: &'t Template,
    references: OnceCell<Vec<Reference<'t>>>,
    properties: IndexMap<&'t str, OnceCell<Map>>,
    defaults: Scenario,
    scenarios: Scenarios<'t>,
    pseudo: Pseudo,
}

impl<'t> AtDefaults<'t> {
    /// The stack of this template.
    pub fn of(template: &'t Template) -> AtDefaults<'t> {
        let scenarios = Scenarios::of(template);
        let first = |name: &String| {
            let value = scenarios.values(name).first()?.clone()?;
            Some((name.clone(), value))
        };
        let ids = template.resources.keys().map(String::as_str);
        AtDefaults {
            template,
            references: OnceCell::new(),
            properties: ids.map(|id| (id, OnceCell::new())).collect(),
            defaults: template.parameters.keys().filter_map(first).collect(),
            scenarios,
            pseudo: Pseudo::example(),
        }
    }
}

impl Side for AtDefaults<'_> {
    fn resource(&self, id: &str) -> Option<&Resource> {
        self.template.resources.get(id)
    }

    fn property(&self, id: &str, name: &str) -> Option<&Node> {
        let resource = self.resource(id)?;
        let evaluate = || {
            let evaluation = self.scenarios.evaluate(&self.defaults, &self.pseudo);
            evaluation.properties(resource)
        };
        self.properties.get(id)?.get_or_init(evaluate).get(name)
    }

    fn metadata(&self, id: &str, name: &str) -> Option<&Node> {
        self.resource(id)?.metadata.get(name)
    }

    fn references_to(&self, cause: &str) -> Vec<Path> {
        let references = self.references.get_or_init(|| references(self.template));
        let to_cause = |reference: &&Reference<'_>| reference.name() == Some(cause);
        let found = references.iter().filter(to_cause);
        found.map(|reference| reference.at.clone()).collect()
    }
}
