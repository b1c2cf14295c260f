//! What stacks of published versions have, and a template doesn't take over.

use compute_catalog::cfn::{Node, Parameter, Template};
use compute_catalog::product::VersionName;
use compute_catalog::release::{LegacyParameter, LegacyVersions};

/// Something that a stack has and the template doesn't take over.
#[derive(Debug)]
pub(super) struct Departure<'a> {
    #[allow(dead_code, reason = "told when it fails")]
    version: VersionName,
    pub at: String,
    pub kind: Option<&'a str>,
    pub is_newest: bool,
}

/// What a template doesn't take over of what stacks of each version have.
pub(super) fn departures<'a>(
    template: &Template,
    published: &'a LegacyVersions,
) -> Vec<Departure<'a>> {
    let last = published.versions.keys().next_back();
    let mut found = Vec::new();
    for (name, version) in &published.versions {
        let mut add = |at: String, kind: Option<&'a str>| {
            found.push(Departure {
                version: *name,
                at,
                kind,
                is_newest: Some(name) == last,
            });
        };
        for (name, asked) in &version.parameters {
            match template.parameters.get(name) {
                Some(parameter) => {
                    for attribute in refused(asked, parameter) {
                        add(format!("Parameters.{name}.{attribute}"), None);
                    }
                }
                None => add(format!("Parameters.{name}"), None),
            }
        }
        for (name, parameter) in &template.parameters {
            if !version.parameters.contains_key(name) && parameter.default.is_none() {
                add(format!("Parameters.{name}"), None);
            }
        }
        for (id, kind) in &version.resources {
            if template
                .resources
                .get(id)
                .is_none_or(|resource| resource.kind != *kind)
            {
                add(format!("Resources.{id}"), Some(kind));
            }
        }
        for name in version
            .outputs
            .iter()
            .filter(|name| !template.outputs.contains_key(*name))
        {
            add(format!("Outputs.{name}"), None);
        }
    }
    found
}

/// What of a parameter's earlier values is no longer taken.
fn refused(asked: &LegacyParameter, parameter: &Parameter) -> Vec<String> {
    let mut found = Vec::new();
    if parameter.kind.to_string() != asked.r#type {
        found.push("Type".to_owned());
    }
    let bound = |node: &Option<Node>| match node {
        Some(Node::Integer(bound)) => Some(*bound),
        _ => None,
    };
    if bound(&parameter.min_value)
        .is_some_and(|least| asked.least.is_none_or(|before| before < least))
    {
        found.push("MinValue".to_owned());
    }
    if bound(&parameter.max_value).is_some_and(|most| asked.most.is_none_or(|before| before > most))
    {
        found.push("MaxValue".to_owned());
    }
    let offered: Vec<String> = parameter
        .allowed_values
        .iter()
        .filter_map(Node::scalar_text)
        .collect();
    let gone = asked
        .allowed_values
        .iter()
        .filter(|value| !offered.is_empty() && !offered.contains(value));
    found.extend(gone.map(|value| format!("AllowedValues.{value}")));
    found
}
