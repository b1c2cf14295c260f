//! A launch form as text: what people see.

#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

use compute_catalog::cfn::{Node, Parameter, Template};
use std::fmt::Write;

/// The form as people see it: groups, fields, explanations.
pub fn form(template: &Template) -> String {
    let interface = template.metadata["AWS::CloudFormation::Interface"].to_json();
    let mut text = String::new();
    let mut shown = Vec::new();
    for group in interface["ParameterGroups"].as_array().unwrap() {
        writeln!(text, "# {}", group["Label"]["default"].as_str().unwrap()).unwrap();
        for name in group["Parameters"].as_array().unwrap() {
            let name = name.as_str().unwrap();
            shown.push(name.to_owned());
            let label = interface["ParameterLabels"][name]["default"].as_str();
            field(&mut text, name, label.unwrap(), &template.parameters[name]);
        }
    }
    let all: Vec<&String> = template.parameters.keys().collect();
    assert_eq!(shown.len(), all.len(), "{shown:?} of {all:?}");
    text
}

fn field(text: &mut String, name: &str, label: &str, parameter: &Parameter) {
    let literal = |node: &Node| node.scalar_text().unwrap();
    writeln!(text, "\n{label} ({name}, {})", parameter.kind).unwrap();
    writeln!(text, "  {}", parameter.description.as_deref().unwrap()).unwrap();
    if let Some(default) = &parameter.default {
        writeln!(text, "  at first: {:?}", literal(default)).unwrap();
    }
    if !parameter.allowed_values.is_empty() {
        let values: Vec<String> = parameter.allowed_values.iter().map(literal).collect();
        writeln!(text, "  one of: {}", values.join(", ")).unwrap();
    }
    if let (Some(least), Some(most)) = (&parameter.min_value, &parameter.max_value) {
        writeln!(text, "  from {} to {}", literal(least), literal(most)).unwrap();
    }
    if let Some(says) = &parameter.constraint_description {
        writeln!(text, "  otherwise: {says}").unwrap();
    }
    if parameter.no_echo {
        text.push_str("  never shown\n");
    }
}
