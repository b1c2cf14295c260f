//! A resource as a statement of a model.

use super::place::Place;
use super::scope::shape_of;
use super::writer::Writer;
use codegen::{camel, resource_setter};
use compute_catalog::cfn::{CreationPolicy, Node, Resource};
use std::collections::BTreeMap;

impl Writer<'_> {
    /// The resource.
    pub fn resource(&self, id: &str, custom: &BTreeMap<String, String>, out: &mut String) {
        let Some(resource) = self.source.template.resources.get(id) else {
            return;
        };
        let mut code = match shape_of(self.source.services, &resource.kind) {
            Some((service, shape)) => self.vendored(resource, Place { service, shape }),
            None => None,
        }
        .unwrap_or_else(|| {
            let name = custom.get(&resource.kind).map_or("", String::as_str);
            let mut code = format!("{name}::bare()");
            for (property, value) in &resource.properties {
                let value = self.scope.document(value);
                code.push_str(&format!(".with({property:?}, untyped::<Json>({value}))"));
            }
            code
        });
        self.attributes(resource, &mut code);
        self.comment(id, out);
        let variable = self.scope.variable(id);
        self.declare(
            id,
            variable,
            &format!("builder.resource({id:?}, {code})"),
            out,
        );
    }

    /// A resource of a vendored type; none where a property is one that the type lacks, or a
    /// required one is missing.
    fn vendored(&self, resource: &Resource, place: Place<'_>) -> Option<String> {
        let properties = &place.shape.properties;
        let settable = |name: &String| {
            let mut settable = properties.iter().filter(|property| !property.read_only);
            settable.find(|property| property.name == *name)
        };
        let mut arguments = Vec::new();
        for property in properties.iter().filter(|property| property.is_argument()) {
            let value = match resource.properties.get(&property.name) {
                Some(value) => self.scope.value(value, &property.kind, place),
                // What AWS's schema asks for, a macro or a default may give.
                None => {
                    self.scope.note(format!(
                        "a {} without its required property `{}`",
                        resource.kind, property.name
                    ));
                    return Some(String::new());
                }
            };
            arguments.push(value);
        }
        let name = format!(
            "{}::{}",
            place.service.module(),
            camel(place.shape.resource())
        );
        let mut code = format!("{name}::new({})", arguments.join(", "));
        for (name, value) in &resource.properties {
            let Some(property) = settable(name) else {
                self.scope.note(format!(
                    "the property `{name}` of {}, which AWS's schema doesn't know",
                    resource.kind
                ));
                return Some(String::new());
            };
            if !property.is_argument() {
                let value = self.scope.value(value, &property.kind, place);
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
