//! What the newest bodies ask of an account and no call of preflight tells: said, so that nobody takes it
//! for looked at.

use super::machine::Place;
use super::{Inspected, Inspection};
use crate::cfn::{self, Evaluation, Map, Node, Scenarios};
use serde_json::Value;
use std::collections::BTreeSet;

/// What begins the names of AWS's own macros, which every account has.
const OF_AWS: &str = "AWS::";

/// The types whose containers are started of images, by registries that nothing here may log in to.
const CONTAINERS: [&str; 2] = ["AWS::Batch::JobDefinition", "AWS::ECS::TaskDefinition"];

impl Inspection<'_> {
    /// What nobody has looked up, in words, sorted.
    pub fn unknown(&self, found: &Inspected) -> BTreeSet<String> {
        let mut unknown = BTreeSet::new();
        // What stands around the local AWS is made up with it.
        if self.environment.local {
            return unknown;
        }
        if let Some(offered) = &found.offered {
            unknown.extend(offered.asked.of_unknown_images());
        }
        let exports = found.exports.clone().unwrap_or_default();
        let place = Place::of(self, &exports);
        for product in &self.desired.products {
            let newest = product.newest();
            let body = newest.and_then(|version| std::str::from_utf8(&version.body).ok());
            let template = body.and_then(|body| cfn::read(body).ok());
            let (Some(newest), Some(template)) = (newest, template) else {
                continue;
            };
            let mut macros: BTreeSet<String> = BTreeSet::new();
            macros.extend(template.transform.iter().map(|one| one.name.clone()));
            collect(&template.to_json(), &mut macros);
            let who = format!("{} {}", product.key, newest.name);
            unknown.extend(macros.iter().filter(|name| !name.starts_with(OF_AWS)).map(
                |name| {
                    format!("{who}: whether the account has the macro {name}, and of which version: CloudFormation tells it only who makes a change set")
                },
            ));
            let scenarios = Scenarios::of(&template);
            for (logical_id, resource) in &template.resources {
                if !CONTAINERS.contains(&resource.kind.as_str()) {
                    continue;
                }
                let mut images = Vec::new();
                collect_images(&resource.properties, &mut images);
                for image in images {
                    let names = scenarios.parameters_in(image);
                    for scenario in scenarios.over(&names) {
                        let evaluation = Evaluation::open(&template, &scenario, &place);
                        let value = evaluation.node(image).value();
                        let text = value.and_then(|value| value.as_str().map(str::to_owned));
                        let text =
                            text.unwrap_or_else(|| "that is chosen at the launch".to_owned());
                        unknown.insert(format!(
                            "{who}: {logical_id}: whether the registry has the image {text}: nobody has asked it"
                        ));
                    }
                }
            }
        }
        unknown
    }
}

/// The macros that parts of a template name.
fn collect(value: &Value, macros: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let name = fields.get("Fn::Transform").map(|one| &one["Name"]);
            macros.extend(name.and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| collect(field, macros));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, macros)),
        _ => {}
    }
}

/// The images of containers.
fn collect_images<'t>(properties: &'t Map, images: &mut Vec<&'t Node>) {
    for (name, node) in properties {
        match node {
            _ if name == "Image" => images.push(node),
            Node::Map(inner) => collect_images(inner, images),
            Node::List(items) => {
                let inner = items.iter().filter_map(Node::as_map);
                inner.for_each(|inner| collect_images(inner, images));
            }
            _ => {}
        }
    }
}
