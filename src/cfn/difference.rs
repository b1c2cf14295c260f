//! Whether two templates mean the same to CloudFormation, entry by entry.

use super::normal::normal;
use super::{IndexMap, Map, Node, Parameter, Resource, Template, TemplateOutput};
use std::fmt::Debug;

/// What differs between two templates in meaning, a path each, in the order of the sections; none
/// where they mean the same. Order and the spelling of functions and scalars make no difference.
pub fn differences(one: &Template, other: &Template) -> Vec<String> {
    let mut found = Vec::new();
    let text = |description: &Option<String>| description.clone();
    if text(&one.description) != text(&other.description) {
        found.push("Description".to_owned());
    }
    if one.transform != other.transform {
        found.push("Transform".to_owned());
    }
    if one.open != other.open {
        found.push("Fn::Transform".to_owned());
    }
    compare(
        "Metadata",
        &one.metadata,
        &other.metadata,
        normal,
        &mut found,
    );
    compare(
        "Parameters",
        &one.parameters,
        &other.parameters,
        parameter,
        &mut found,
    );
    compare("Rules", &one.rules, &other.rules, normal, &mut found);
    let rows = |rows: &IndexMap<String, IndexMap<String, Node>>| {
        let map = |row: &IndexMap<String, Node>| normal(&Node::Map(row.clone()));
        let rows: Map = rows
            .iter()
            .map(|(key, row)| (key.clone(), map(row)))
            .collect();
        rows
    };
    compare("Mappings", &one.mappings, &other.mappings, rows, &mut found);
    compare(
        "Conditions",
        &one.conditions,
        &other.conditions,
        normal,
        &mut found,
    );
    compare("Outputs", &one.outputs, &other.outputs, output, &mut found);
    let ids = one.resources.keys();
    let added = other
        .resources
        .keys()
        .filter(|id| !one.resources.contains_key(*id));
    for id in ids.chain(added) {
        match (one.resources.get(id), other.resources.get(id)) {
            (Some(old), Some(new)) => resource(id, old, new, &mut found),
            _ => found.push(format!("Resources.{id}")),
        }
    }
    found
}

fn compare<T, N: PartialEq + Debug>(
    section: &str,
    one: &IndexMap<String, T>,
    other: &IndexMap<String, T>,
    meaning: impl Fn(&T) -> N,
    found: &mut Vec<String>,
) {
    let added = other.keys().filter(|name| !one.contains_key(*name));
    for name in one.keys().chain(added) {
        let both = [one.get(name), other.get(name)].map(|entry| entry.map(&meaning));
        if both[0] != both[1] {
            found.push(format!("{section}.{name}"));
        }
    }
}

fn resource(id: &str, old: &Resource, new: &Resource, found: &mut Vec<String>) {
    let mut add = |what: &str| found.push(format!("Resources.{id}.{what}"));
    if old.kind != new.kind {
        add("Type");
    }
    if old.condition != new.condition {
        add("Condition");
    }
    let sorted = |resource: &Resource| {
        let mut ids = resource.depends_on.clone();
        ids.sort();
        ids
    };
    if sorted(old) != sorted(new) {
        add("DependsOn");
    }
    if old.deletion_policy != new.deletion_policy {
        add("DeletionPolicy");
    }
    if old.update_replace_policy != new.update_replace_policy {
        add("UpdateReplacePolicy");
    }
    let meaning = |node: &Option<Node>| node.as_ref().map(normal);
    if meaning(&old.creation_policy) != meaning(&new.creation_policy) {
        add("CreationPolicy");
    }
    if meaning(&old.update_policy) != meaning(&new.update_policy) {
        add("UpdatePolicy");
    }
    if old.description != new.description {
        add("Description");
    }
    if meaning(&old.version) != meaning(&new.version) {
        add("Version");
    }
    compare(
        &format!("Resources.{id}"),
        &old.computed,
        &new.computed,
        normal,
        found,
    );
    let section = format!("Resources.{id}.Metadata");
    compare(&section, &old.metadata, &new.metadata, normal, found);
    let section = format!("Resources.{id}.Properties");
    compare(&section, &old.properties, &new.properties, normal, found);
}

/// A parameter whose literals are texts: CloudFormation reads them so.
fn parameter(parameter: &Parameter) -> Parameter {
    let text = |node: &Node| normal(node);
    Parameter {
        default: parameter.default.as_ref().map(text),
        allowed_values: parameter.allowed_values.iter().map(text).collect(),
        min_value: parameter.min_value.as_ref().map(text),
        max_value: parameter.max_value.as_ref().map(text),
        ..parameter.clone()
    }
}

fn output(output: &TemplateOutput) -> TemplateOutput {
    TemplateOutput {
        value: normal(&output.value),
        export: output.export.as_ref().map(normal),
        ..output.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::differences;
    use crate::cfn::read;

    const ONE: &str = "
Parameters:
  Days: {Type: Number, Default: 5}
Resources:
  Log:
    Type: AWS::Logs::LogGroup
    DependsOn: [B, A]
    Properties: {RetentionInDays: !Ref Days, LogGroupName: !Sub 'a-${Days}'}
  A: {Type: AWS::Logs::LogGroup}
  B: {Type: AWS::Logs::LogGroup}
";

    #[test]
    fn order_and_spelling_make_no_difference() {
        let other = "
Resources:
  A: {Type: AWS::Logs::LogGroup}
  B: {Type: AWS::Logs::LogGroup}
  Log:
    Type: AWS::Logs::LogGroup
    DependsOn: [A, B]
    Properties: {LogGroupName: !Join ['-', [a, !Ref Days]], RetentionInDays: {Ref: Days}}
Parameters:
  Days: {Type: Number, Default: '5'}
";
        let found = differences(&read(ONE).unwrap(), &read(other).unwrap());
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn each_difference_is_told_with_its_place() {
        for (from, to, place) in [
            ("Default: 5", "Default: 6", "Parameters.Days"),
            ("[B, A]", "[B]", "Resources.Log.DependsOn"),
            ("a-$", "b-$", "Resources.Log.Properties.LogGroupName"),
            ("  A: {Type: AWS::Logs::LogGroup}\n", "", "Resources.A"),
            (
                "  B: {Type: AWS::Logs::LogGroup}",
                "  B: {Type: AWS::SNS::Topic}",
                "Resources.B.Type",
            ),
        ] {
            let other = ONE.replace(from, to);
            let found = differences(&read(ONE).unwrap(), &read(&other).unwrap());
            assert_eq!(found, [place], "{to}");
        }
    }
}
