//! Files that a template includes: `AWS::Include` names them, and CloudFormation puts them in place.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html>

use super::{IndexMap, Intrinsic, Map, Node, Template};

/// The macro that includes a file.
const INCLUDE: &str = "AWS::Include";
/// The key that asks for a macro where the rest of a part comes from it.
pub(super) const TRANSFORM: &str = "Fn::Transform";

/// Puts files in the place of the parts that include them: of mappings, and of values that stand in
/// no other function. `files` holds each by its location. What isn't there stays as it is.
pub fn expand(template: &mut Template, files: &IndexMap<String, Node>) {
    for rows in template.mappings.values_mut() {
        let Some(row) = rows.get(TRANSFORM) else {
            continue;
        };
        let location = row.get("Parameters").and_then(|all| all.get("Location"));
        let is_include = row.get("Name").and_then(Node::as_str) == Some(INCLUDE);
        let file = location.and_then(|location| files.get(location.as_str()?));
        if let (true, Some(Node::Map(file))) = (is_include, file) {
            rows.shift_remove(TRANSFORM);
            for (top, row) in file {
                if let Node::Map(row) = row {
                    rows.insert(top.clone(), row.clone());
                }
            }
        }
    }
    for resource in template.resources.values_mut() {
        each(&mut resource.properties, files);
        each(&mut resource.metadata, files);
    }
    template
        .conditions
        .values_mut()
        .for_each(|node| value(node, files));
    template
        .outputs
        .values_mut()
        .for_each(|output| value(&mut output.value, files));
}

fn each(map: &mut Map, files: &IndexMap<String, Node>) {
    map.values_mut().for_each(|node| value(node, files));
    // Beside other keys the macro adds to them.
    let Some(transform) = map.get(TRANSFORM) else {
        return;
    };
    let location = transform
        .get("Parameters")
        .and_then(|parameters| parameters.get("Location")?.as_str());
    let is_include = transform.get("Name").and_then(Node::as_str) == Some(INCLUDE);
    if let (true, Some(Node::Map(file))) = (is_include, location.and_then(|text| files.get(text))) {
        let file = file.clone();
        map.shift_remove(TRANSFORM);
        map.extend(file);
    }
}

fn value(node: &mut Node, files: &IndexMap<String, Node>) {
    let file = match node {
        Node::List(items) => return items.iter_mut().for_each(|item| value(item, files)),
        Node::Map(map) => return each(map, files),
        Node::Intrinsic(function) => match &**function {
            Intrinsic::Transform(what)
                if what.get("Name").and_then(Node::as_str) == Some(INCLUDE) =>
            {
                let location = what.get("Parameters").and_then(|all| all.get("Location"));
                location.and_then(|location| files.get(location.as_str()?))
            }
            _ => None,
        },
        _ => None,
    };
    if let Some(file) = file {
        *node = file.clone();
    }
}
