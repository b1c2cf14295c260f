//! Values that CloudFormation, or the service behind it, refuses; and the way out.

use super::opaque::included;
use super::stack::Properties;
use super::{Case, Effect, Reason};
use crate::cfn::normal::normal;
use crate::cfn::reference::walk;
use crate::cfn::{Intrinsic, Node, Parameter, Template, Trail};
use crate::product::instance_type;

const ROWS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html";
const RESIZE: &str = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resize-limitations.html";

/// A value for which a mapping lost its row, or never had one. Without an old template nobody knows
/// what people may have written.
pub(super) fn row(old: Option<&Template>, new: &Template, case: &Case) -> Option<Reason> {
    let mut lost = None;
    // What people may have written for a parameter that is looked up only from now on.
    let is_written = |node: &Node| {
        let name = match node.as_intrinsic() {
            Some(Intrinsic::Ref(name)) => name,
            _ => return false,
        };
        let is_free = |parameter: &Parameter| parameter.allowed_values.is_empty();
        old.is_some_and(|old| old.parameters.contains_key(name))
            && new.parameters.get(name).is_some_and(is_free)
    };
    let was_looked_up = looks_up(case.old.as_ref());
    walk(&Trail::top(""), case.new.as_ref()?, &mut |_, function| {
        let Intrinsic::FindInMap {
            mapping,
            top,
            second,
            default: None,
        } = function
        else {
            return;
        };
        let known = mapping.as_str().and_then(|name| new.mappings.get(name));
        if let Some(rows) = known
            && !was_looked_up
            && included(rows).is_none()
            && (is_written(top) || is_written(second))
        {
            let name = mapping.as_str().unwrap_or_default();
            lost = Some(format!(
                "people may have written any value, and the mapping {name} has rows for some: the update is refused for others. Give FindInMap a DefaultValue"
            ));
        }
        let (Some(mapping), Some(top), Some(second)) =
            (mapping.as_str(), top.scalar_text(), second.scalar_text())
        else {
            return;
        };
        let rows = new.mappings.get(mapping);
        let is_outside = rows.and_then(included).is_some();
        let is_there =
            rows.is_some_and(|rows| rows.get(&top).is_some_and(|row| row.contains_key(&second)));
        if !is_outside && !is_there {
            lost = Some(format!(
                "the mapping {mapping} has no row `{top}`, `{second}`: the update is refused. Add the row, or take the value from the form"
            ));
        }
    });
    lost.map(|why| Reason {
        when: case.when.clone(),
        ..Reason::whole(Effect::Fails, why, ROWS)
    })
}

/// Whether a value is looked up in a mapping.
fn looks_up(node: Option<&Node>) -> bool {
    let mut found = false;
    if let Some(node) = node {
        walk(&Trail::top(""), node, &mut |_, function| {
            found |= matches!(function, Intrinsic::FindInMap { .. });
        });
    }
    found
}

/// A machine that keeps its image can't become one of another architecture.
pub(super) fn architecture(
    kind: &str,
    path: &[String],
    case: &Case,
    old: &Properties<'_>,
    new: &Properties<'_>,
) -> Option<Reason> {
    let is_type = kind == "AWS::EC2::Instance" && path == ["InstanceType"];
    if !is_type || old("ImageId").map(normal) != new("ImageId").map(normal) {
        return None;
    }
    let runs = |node: &Option<Node>| {
        let known = instance_type::instance_type(node.as_ref()?.as_str()?)?;
        Some(known.architectures().collect::<Vec<_>>())
    };
    let (before, after) = (runs(&case.old)?, runs(&case.new)?);
    if before.is_empty() || after.is_empty() || before.iter().any(|one| after.contains(one)) {
        return None;
    }
    let [from, to] = [before, after].map(|all| all.first().map_or("", |one| one.name()).to_owned());
    Some(Reason {
        path: "Properties.InstanceType".to_owned(),
        when: case.when.clone(),
        ..Reason::whole(
            Effect::Fails,
            format!(
                "its image is one of {from}, and the type runs {to}: EC2 refuses it. Change the image with the type"
            ),
            RESIZE,
        )
    })
}
