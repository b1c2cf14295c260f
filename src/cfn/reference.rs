//! What refers to what: every reference of a template, and the cycles among resources.

use super::sub::{Piece, pieces};
use super::{Intrinsic, Node, Path, Template};
use indexmap::{IndexMap, IndexSet};

/// What a reference points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A parameter, resource or pseudo-parameter by its name (`Ref`, `${Name}`).
    Name(String),
    /// An attribute of a resource (`GetAtt`, `${Name.Attribute}`).
    Attribute {
        /// Logical id.
        resource: String,
        /// Attribute.
        attribute: String,
    },
    /// A mapping.
    Mapping(String),
    /// A condition.
    Condition(String),
}

/// One reference and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Where it stands.
    pub at: Path,
    /// What it points at.
    pub target: Target,
}

impl Reference {
    /// The parameter or resource it needs, where it needs one.
    pub fn name(&self) -> Option<&str> {
        match &self.target {
            Target::Name(name) => Some(name),
            Target::Attribute { resource, .. } => Some(resource),
            Target::Mapping(_) | Target::Condition(_) => None,
        }
    }
}

/// Every reference of a template, in the order of the file. `Fn::Sub` text that doesn't parse
/// has none; the template's integrity check reports it.
pub fn references(template: &Template) -> Vec<Reference> {
    let mut found = Vec::new();
    for (id, resource) in &template.resources {
        let base = Path::of(["Resources", id]);
        if let Some(condition) = &resource.condition {
            found.push(Reference {
                at: base.join("Condition"),
                target: Target::Condition(condition.clone()),
            });
        }
        for name in &resource.depends_on {
            found.push(Reference {
                at: base.join("DependsOn"),
                target: Target::Name(name.clone()),
            });
        }
    }
    for (name, output) in &template.outputs {
        if let Some(condition) = &output.condition {
            found.push(Reference {
                at: Path::of(["Outputs", name, "Condition"]),
                target: Target::Condition(condition.clone()),
            });
        }
    }
    for (path, node) in template.values() {
        walk(&path, node, &mut |path, intrinsic| {
            for target in targets(intrinsic) {
                found.push(Reference {
                    at: path.clone(),
                    target,
                });
            }
        });
    }
    found
}

/// Visits every function at or below a node, outermost first.
pub(crate) fn walk(path: &Path, node: &Node, visit: &mut impl FnMut(&Path, &Intrinsic)) {
    match node {
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(&path.join(index.to_string()), item, visit);
            }
        }
        Node::Map(map) => {
            for (key, value) in map {
                walk(&path.join(key), value, visit);
            }
        }
        Node::Intrinsic(intrinsic) => {
            visit(path, intrinsic);
            let inner = path.join(intrinsic.name());
            for (segment, part) in intrinsic.parts() {
                walk(&inner.join(segment), part, visit);
            }
        }
        Node::Null | Node::Bool(_) | Node::Integer(_) | Node::Float(_) | Node::String(_) => {}
    }
}

pub(crate) fn targets(intrinsic: &Intrinsic) -> Vec<Target> {
    match intrinsic {
        Intrinsic::Ref(name) => vec![Target::Name(name.clone())],
        Intrinsic::GetAtt {
            resource,
            attribute,
        } => vec![Target::Attribute {
            resource: resource.clone(),
            attribute: attribute.clone(),
        }],
        Intrinsic::FindInMap { mapping, .. } => vec![Target::Mapping(mapping.clone())],
        Intrinsic::If { condition, .. } | Intrinsic::Condition(condition) => {
            vec![Target::Condition(condition.clone())]
        }
        Intrinsic::Sub { text, variables } => pieces(text)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Variable(name) if !variables.contains_key(name) => Some(variable(name)),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn variable(name: &str) -> Target {
    match name.split_once('.') {
        Some((resource, attribute)) => Target::Attribute {
            resource: resource.to_owned(),
            attribute: attribute.to_owned(),
        },
        None => Target::Name(name.to_owned()),
    }
}

/// The resources that wait for each other in a circle, in order, when there are such.
pub fn cycle(template: &Template) -> Option<Vec<String>> {
    let mut needs: IndexMap<String, IndexSet<String>> = IndexMap::new();
    for reference in references(template) {
        let (Some(from), Some(to)) = (reference.at.logical_id(), reference.name()) else {
            continue;
        };
        // cfn-init metadata is read by the machine, not waited for; CloudFormation still counts it.
        if template.resources.contains_key(to) {
            needs
                .entry(from.to_owned())
                .or_default()
                .insert(to.to_owned());
        }
    }
    let mut done = IndexSet::new();
    for start in needs.keys() {
        let mut trail = Vec::new();
        if let Some(found) = visit(start, &needs, &mut trail, &mut done) {
            return Some(found);
        }
    }
    None
}

fn visit(
    at: &str,
    needs: &IndexMap<String, IndexSet<String>>,
    trail: &mut Vec<String>,
    done: &mut IndexSet<String>,
) -> Option<Vec<String>> {
    if let Some(start) = trail.iter().position(|seen| seen == at) {
        return Some(trail[start..].to_vec());
    }
    if done.contains(at) {
        return None;
    }
    trail.push(at.to_owned());
    for next in needs.get(at).into_iter().flatten() {
        if let Some(found) = visit(next, needs, trail, done) {
            return Some(found);
        }
    }
    trail.pop();
    done.insert(at.to_owned());
    None
}
