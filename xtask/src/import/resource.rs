//! A resource as a statement of a model.

use super::place::Place;
use super::types::Types;
use super::writer::Writer;
use codegen::{camel, resource_setter};
use compute_catalog::cfn::{CreationPolicy, Node, Resource};

impl Writer<'_> {
    /// The resource.
    pub fn resource(&self, id: &str, types: &Types<'_>, out: &mut String) {
        let Some(resource) = self.source.template.resources.get(id) else {
            return;
        };
        self.scope.enter("Resources", id);
        for (_, why) in types.all_beyond().filter(|(other, _)| *other == id) {
            self.scope.tell(format!(
                "{why}: it is declared in the model, and its properties are untyped"
            ));
        }
        let vendored = types.shape(id, resource);
        let vendored =
            vendored.and_then(|(service, shape)| self.vendored(resource, Place { service, shape }));
        let mut code = vendored.unwrap_or_else(|| {
            let mut code = format!("{}::bare()", types.declared(resource));
            for (property, value) in &resource.properties {
                let value = self.scope.within(property, || self.scope.any(value));
                code.push_str(&format!(".with({property:?}, {value})"));
            }
            code
        });
        self.attributes(resource, &mut code);
        for rule in self.source.suppressed.get(id).into_iter().flatten() {
            code.push_str(&format!(".suppress({rule:?}, Suppression::UNFILLED)"));
        }
        self.comment(id, out);
        let variable = self.scope.variable(id);
        let code = format!("builder.resource({id:?}, {code})");
        let further = self.further(resource);
        match further.is_empty() {
            true => self.declare(id, variable, &code, out),
            false => out.push_str(&format!("let {variable} = {code};\n")),
        }
        for (name, value) in further {
            out.push_str(&format!(
                "builder.attribute(&{variable}, {name:?}, {value});\n"
            ));
        }
    }

    /// The attributes that types have no methods for.
    fn further(&self, resource: &Resource) -> Vec<(String, String)> {
        let description = resource.description.as_deref();
        let description =
            description.map(|text| ("Description".to_owned(), super::expression::text(text)));
        let version = resource.version.as_ref();
        let version = version.map(|version| ("Version".to_owned(), self.scope.document(version)));
        let computed = resource.computed.iter();
        let computed = computed.map(|(name, value)| (name.clone(), self.scope.document(value)));
        description
            .into_iter()
            .chain(version)
            .chain(computed)
            .collect()
    }

    /// A resource of a vendored type.
    fn vendored(&self, resource: &Resource, place: Place<'_>) -> Option<String> {
        let properties = &place.shape.properties;
        let mut arguments = Vec::new();
        for property in properties.iter().filter(|property| property.is_argument()) {
            let value = resource.properties.get(&property.name)?;
            let argument = || self.scope.value(value, &property.kind, place);
            arguments.push(self.scope.within(&property.name, argument));
        }
        let name = format!(
            "{}::{}",
            place.service.module(),
            camel(place.shape.resource())
        );
        let mut code = format!("{name}::new({})", arguments.join(", "));
        for (name, value) in &resource.properties {
            let property = properties.iter().find(|property| property.name == *name)?;
            if !property.is_argument() {
                let set = || self.scope.value(value, &property.kind, place);
                let value = self.scope.within(name, set);
                code.push_str(&format!(".{}({value})", resource_setter(name)));
            }
        }
        Some(code)
    }

    fn attributes(&self, resource: &Resource, code: &mut String) {
        for id in &resource.depends_on {
            code.push_str(&format!(".depends_on(&{})", self.scope.variable(id)));
        }
        if let Some(condition) = &resource.condition {
            let condition = self.scope.condition_name(condition);
            code.push_str(&format!(".condition(&{condition})"));
        }
        if let Some(policy) = resource.deletion_policy {
            code.push_str(&format!(".deletion_policy(DeletionPolicy::{policy})"));
        }
        if let Some(policy) = resource.update_replace_policy {
            code.push_str(&format!(
                ".update_replace_policy(UpdateReplacePolicy::{policy})"
            ));
        }
        if let Some(policy) = &resource.creation_policy {
            code.push_str(&match minutes_of_one_signal(policy) {
                Some(minutes) => format!(
                    ".creation_policy(CreationPolicy::one_signal_within_minutes({minutes}))"
                ),
                None => format!(
                    ".creation_policy(CreationPolicy::of({}))",
                    self.scope.document(policy)
                ),
            });
        }
        if let Some(policy) = &resource.update_policy {
            let policy = self.scope.document(policy);
            code.push_str(&format!(".update_policy(UpdatePolicy::of({policy}))"));
        }
        for (key, value) in &resource.metadata {
            let value = self.scope.document(value);
            code.push_str(&format!(".metadata({key:?}, {value})"));
        }
    }
}

/// The minutes of a policy that waits for one signal, where it is no more than that.
fn minutes_of_one_signal(policy: &Node) -> Option<u32> {
    let minutes = policy.get("ResourceSignal")?.get("Timeout")?.as_str()?;
    let minutes = minutes
        .strip_prefix("PT")?
        .strip_suffix('M')?
        .parse()
        .ok()?;
    let written: Node = CreationPolicy::one_signal_within_minutes(minutes).into();
    (written == *policy).then_some(minutes)
}
