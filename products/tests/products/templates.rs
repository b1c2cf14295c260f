//! The templates at a glance, as snapshots: what a review of a change has to see first. What stands
//! between the lines, byte for byte, is `generated/products`, which a test of its own compares.
//!
//! For each resource: its type, when it exists, what becomes of it and what it waits for, which of
//! its properties replace it when they change, and the names of the others.

use crate::catalog;
use compute_catalog::cfn::{Node, Resource, Template};
use compute_catalog::resource::{OnChange, facts};
use std::fmt::Write;

/// The template without its long texts.
fn outline(template: &Template) -> String {
    let mut text = String::new();
    if let Some(description) = &template.description {
        writeln!(text, "{description}").unwrap();
    }
    if !template.transform.is_empty() {
        let names = template.transform.iter().map(|one| one.name.as_str());
        let names: Vec<&str> = names.collect();
        writeln!(text, "transform: {}", names.join(", ")).unwrap();
    }
    let list = |names: Vec<&String>| {
        names
            .into_iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
    for (what, names) in [
        ("mappings", list(template.mappings.keys().collect())),
        ("parameters", list(template.parameters.keys().collect())),
    ] {
        if !names.is_empty() {
            writeln!(text, "{what}: {names}").unwrap();
        }
    }
    for (name, condition) in &template.conditions {
        writeln!(text, "condition {name}: {}", short(condition)).unwrap();
    }
    for (id, resource) in &template.resources {
        text.push('\n');
        text.push_str(&resource_outline(id, resource));
    }
    text.push_str("\nOutputs\n");
    for (name, output) in &template.outputs {
        writeln!(text, "  {name}: {}", short(&output.value)).unwrap();
    }
    text
}

fn resource_outline(id: &str, resource: &Resource) -> String {
    let mut text = format!("{id} ({})\n", resource.kind);
    let mut line = |what: &str, value: String| writeln!(text, "  {what}: {value}").unwrap();
    if let Some(condition) = &resource.condition {
        line("exists if", condition.clone());
    }
    if !resource.depends_on.is_empty() {
        line("waits for", resource.depends_on.join(", "));
    }
    if let Some(policy) = &resource.deletion_policy {
        line("when its stack goes", format!("{policy:?}"));
    }
    if let Some(policy) = &resource.update_replace_policy {
        line("when it is replaced", format!("{policy:?}"));
    }
    if let Some(policy) = &resource.creation_policy {
        line("created", short(policy));
    }
    if !resource.metadata.is_empty() {
        let keys: Vec<&str> = resource.metadata.keys().map(String::as_str).collect();
        line("metadata", keys.join(", "));
    }
    let (mut perhaps, mut in_place) = (Vec::new(), Vec::new());
    for (name, value) in &resource.properties {
        match facts(&resource.kind).map(|facts| facts.on_change(&[name])) {
            Some(OnChange::Replaces | OnChange::Fails) => {
                line(&format!("fixed {name}"), short(value))
            }
            Some(OnChange::MayReplace) => perhaps.push(name.as_str()),
            _ => in_place.push(name.as_str()),
        }
    }
    for (what, names) in [("may replace it", perhaps), ("changes in place", in_place)] {
        if !names.is_empty() {
            line(what, names.join(", "));
        }
    }
    text
}

/// On one line; longer than a line is cut.
fn short(node: &Node) -> String {
    let text = node.to_json().to_string();
    match text.char_indices().nth(160) {
        Some((end, _)) => format!("{} ...", &text[..end]),
        None => text,
    }
}

/// A template above this can't stand in a request of its own.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const REQUEST_BYTES: usize = 51_200;

#[test]
fn every_template_is_smaller_than_a_request() {
    for product in products::all() {
        let path = format!("generated/products/{}.yaml", product.key());
        let size = catalog::read(&path).len();
        assert!(size < REQUEST_BYTES, "{path}: {size} bytes");
    }
}

macro_rules! outlines {
    ($($name:ident: $key:literal),* $(,)?) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(outline(&catalog::template($key)));
        }
    )*

        #[test]
        fn every_product_has_its_outline() {
            let keys: Vec<String> =
                products::all().iter().map(|product| product.key().to_string()).collect();
            assert_eq!(keys, [$($key),*]);
        }
    };
}

outlines! {
    linux_docker: "linux-docker",
    notebook: "notebook",
    s3_private: "s3-private",
    s3_synapse: "s3-synapse",
    scheduled_job: "scheduled-job",
    windows: "windows",
}
