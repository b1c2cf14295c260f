//! What refers to what: every reference of a template, and the cycles among resources.

use super::sub::{Piece, pieces};
use super::trail::{Step, Trail};
use super::{Intrinsic, Node, Path, Template};
use indexmap::{IndexMap, IndexSet};

/// What a reference points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// A parameter, resource or pseudo-parameter by its name (`Ref`, `${Name}`).
    Name(&'a str),
    /// An attribute of a resource (`GetAtt`, `${Name.Attribute}`).
    Attribute {
        /// Logical id.
        resource: &'a str,
        /// Attribute.
        attribute: &'a str,
    },
    /// A mapping.
    Mapping(&'a str),
    /// A condition.
    Condition(&'a str),
}

/// One reference and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference<'a> {
    /// Where it stands.
    pub at: Path,
    /// What it points at.
    pub target: Target<'a>,
}

impl<'a> Reference<'a> {
    /// The parameter or resource it needs, where it needs one.
    pub fn name(&self) -> Option<&'a str> {
        match self.target {
            Target::Name(name) => Some(name),
            Target::Attribute { resource, .. } => Some(resource),
            Target::Mapping(_) | Target::Condition(_) => None,
        }
    }
}

/// Every reference of a template, in the order of the file. `Fn::Sub` text that doesn't parse
/// has none; the template's integrity check reports it.
pub fn references(template: &Template) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    for (id, resource) in &template.resources {
        let base = Path::of(["Resources", id]);
        if let Some(condition) = &resource.condition {
            found.push(Reference {
                at: base.join("Condition"),
                target: Target::Condition(condition),
            });
        }
        for name in &resource.depends_on {
            found.push(Reference {
                at: base.join("DependsOn"),
                target: Target::Name(name),
            });
        }
    }
    for (name, output) in &template.outputs {
        if let Some(condition) = &output.condition {
            found.push(Reference {
                at: Path::of(["Outputs", name, "Condition"]),
                target: Target::Condition(condition),
            });
        }
    }
    template.each_value(&mut |trail, node| {
        walk(trail, node, &mut |trail, intrinsic| {
            each_target(intrinsic, &mut |target| {
                found.push(Reference {
                    at: trail.path(),
                    target,
                });
            });
        });
    });
    found
}

/// Visits every function at or below a node, outermost first.
pub(crate) fn walk<'t>(
    trail: &Trail<'_>,
    node: &'t Node,
    visit: &mut impl FnMut(&Trail<'_>, &'t Intrinsic),
) {
    match node {
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(&trail.down(Step::Index(index)), item, visit);
            }
        }
        Node::Map(map) => {
            for (key, value) in map {
                walk(&trail.key(key), value, visit);
            }
        }
        Node::Intrinsic(intrinsic) => {
            visit(trail, intrinsic);
            let inner = trail.key(intrinsic.name());
            for (step, part) in intrinsic.parts() {
                walk(&inner.down(step), part, visit);
            }
        }
        Node::Null | Node::Bool(_) | Node::Integer(_) | Node::Float(_) | Node::String(_) => {}
    }
}

/// Visits what a function itself points at, its parts left out.
pub(crate) fn each_target<'t>(intrinsic: &'t Intrinsic, visit: &mut impl FnMut(Target<'t>)) {
    match intrinsic {
        Intrinsic::Ref(name) => visit(Target::Name(name)),
        Intrinsic::GetAtt {
            resource,
            attribute,
        } => visit(Target::Attribute {
            resource,
            attribute,
        }),
        Intrinsic::FindInMap { mapping, .. } => visit(Target::Mapping(mapping)),
        Intrinsic::If { condition, .. } | Intrinsic::Condition(condition) => {
            visit(Target::Condition(condition));
        }
        Intrinsic::Sub { text, variables } => {
            for piece in pieces(text).unwrap_or_default() {
                match piece {
                    Piece::Variable(name) if !variables.contains_key(name) => {
                        visit(variable(name));
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn variable(name: &str) -> Target<'_> {
    match name.split_once('.') {
        Some((resource, attribute)) => Target::Attribute {
            resource,
            attribute,
        },
        None => Target::Name(name),
    }
}

/// The resources that wait for each other in a circle, in order, when there are such.
pub fn cycle(template: &Template) -> Option<Vec<String>> {
    cycle_among(template, &references(template))
}

/// As [`cycle`], with the template's references.
pub(super) fn cycle_among(
    template: &Template,
    references: &[Reference<'_>],
) -> Option<Vec<String>> {
    let mut needs: IndexMap<&str, IndexSet<&str>> = IndexMap::new();
    for reference in references {
        let (Some(from), Some(to)) = (reference.at.logical_id(), reference.name()) else {
            continue;
        };
        // cfn-init metadata is read by the machine, not waited for; CloudFormation still counts it.
        if template.resources.contains_key(to) {
            needs.entry(from).or_default().insert(to);
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

fn visit<'a>(
    at: &'a str,
    needs: &IndexMap<&'a str, IndexSet<&'a str>>,
    trail: &mut Vec<&'a str>,
    done: &mut IndexSet<&'a str>,
) -> Option<Vec<String>> {
    if let Some(start) = trail.iter().position(|seen| *seen == at) {
        return Some(trail[start..].iter().map(|id| (*id).to_owned()).collect());
    }
    if done.contains(at) {
        return None;
    }
    trail.push(at);
    for next in needs.get(at).into_iter().flatten() {
        if let Some(found) = visit(next, needs, trail, done) {
            return Some(found);
        }
    }
    trail.pop();
    done.insert(at);
    None
}
