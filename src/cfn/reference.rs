//! What refers to what: every reference of a template, and the cycles among resources.

use super::intrinsic::parameter_of;
use super::sub::{Piece, pieces};
use super::trail::{Step, Trail};
use super::{IndexMap, IndexSet, Intrinsic, Map, Node, Path, Template};

/// What a reference points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

impl<'a> Target<'a> {
    /// The parameter or resource it is, where it is one.
    pub fn name(self) -> Option<&'a str> {
        match self {
            Target::Name(name) => Some(name),
            Target::Attribute { resource, .. } => Some(resource),
            Target::Mapping(_) | Target::Condition(_) => None,
        }
    }
}

impl<'a> Reference<'a> {
    /// The parameter or resource it needs, where it needs one.
    pub fn name(&self) -> Option<&'a str> {
        self.target.name()
    }
}

/// Every reference of a template, in the order of the file. `Fn::Sub` text that doesn't parse
/// has none; the template's integrity check reports it.
pub fn references(template: &Template) -> Vec<Reference<'_>> {
    references_to(template, |_| true)
}

/// As [`references`], those alone that point at what is wanted.
pub fn references_to<'t>(
    template: &'t Template,
    is_wanted: impl Fn(Target<'t>) -> bool,
) -> Vec<Reference<'t>> {
    let mut found = Vec::new();
    let mut keep = |at: &Trail<'_>, target| {
        if is_wanted(target) {
            found.push(Reference {
                at: at.path(),
                target,
            });
        }
    };
    each_beside_values(template, &mut keep);
    template.each_value(&mut |trail, node| {
        walk(trail, node, &mut |at, function| {
            each_target(function, &mut |target| keep(at, target));
        });
    });
    found
}

/// Visits the references that stand in no value: conditions and `DependsOn` of resources, and
/// conditions of outputs.
pub(super) fn each_beside_values<'t>(
    template: &'t Template,
    visit: &mut impl FnMut(&Trail<'_>, Target<'t>),
) {
    let (resources, outputs) = (Trail::top("Resources"), Trail::top("Outputs"));
    for (id, resource) in &template.resources {
        let at = resources.key(id);
        if let Some(condition) = &resource.condition {
            visit(&at.key("Condition"), Target::Condition(condition));
        }
        for name in &resource.depends_on {
            visit(&at.key("DependsOn"), Target::Name(name));
        }
    }
    for (name, output) in &template.outputs {
        if let Some(condition) = &output.condition {
            let at = outputs.key(name);
            visit(&at.key("Condition"), Target::Condition(condition));
        }
    }
}

/// Visits every function at or below a node, outermost first.
pub fn walk<'t>(
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
            if intrinsic.has_parts() {
                let inner = trail.key(intrinsic.name());
                for (step, part) in intrinsic.parts() {
                    walk(&inner.down(step), part, visit);
                }
            }
        }
        Node::Null | Node::Bool(_) | Node::Integer(_) | Node::Float(_) | Node::String(_) => {}
    }
}

/// Visits what a function itself points at, its parts left out.
pub fn each_target<'t>(intrinsic: &'t Intrinsic, visit: &mut impl FnMut(Target<'t>)) {
    match intrinsic {
        Intrinsic::Ref(name) => visit(Target::Name(name)),
        Intrinsic::GetAtt {
            resource,
            attribute,
        } => {
            visit(Target::Attribute {
                resource,
                attribute,
            });
            if let Some(parameter) = parameter_of(attribute) {
                visit(Target::Name(parameter));
            }
        }
        Intrinsic::FindInMap { mapping, .. } => {
            if let Some(mapping) = mapping.as_str() {
                visit(Target::Mapping(mapping));
            }
        }
        Intrinsic::If { condition, .. } | Intrinsic::Condition(condition) => {
            visit(Target::Condition(condition));
        }
        Intrinsic::Sub { text, variables } => {
            each_variable(&pieces(text).unwrap_or_default(), variables, visit);
        }
        _ => {}
    }
}

/// Visits what `Fn::Sub` text points at: the variables that aren't of its own map.
pub(super) fn each_variable<'t>(
    pieces: &[Piece<'t>],
    own: &Map,
    visit: &mut impl FnMut(Target<'t>),
) {
    for piece in pieces {
        if let Piece::Variable(name) = *piece
            && !own.contains_key(name)
        {
            visit(variable(name));
        }
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

/// Which resource waits for which others, each in the order of the references.
#[derive(Default)]
pub(super) struct Needs<'t>(IndexMap<&'t str, IndexSet<&'t str>>);

impl<'t> Needs<'t> {
    /// Notes a reference to a resource, where it stands in another. cfn-init metadata is read
    /// by the machine, not waited for; CloudFormation still counts it.
    pub(super) fn add(&mut self, template: &'t Template, at: &Trail<'_>, resource: &'t str) {
        let from = at
            .logical_id()
            .and_then(|id| template.resources.get_key_value(id));
        // A resource of a macro of AWS becomes several, and only one of them refers to what it names.
        // https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
        let from = from.filter(|(_, from)| !from.kind.starts_with("AWS::Serverless::"));
        if let Some((from, _)) = from {
            self.0.entry(from).or_default().insert(resource);
        }
    }

    /// Notes that one thing needs another.
    pub(super) fn between(&mut self, from: &'t str, to: &'t str) {
        self.0.entry(from).or_default().insert(to);
    }

    /// The resources that wait for each other in a circle, in order, when there are such.
    pub(super) fn circle(&self) -> Option<Vec<String>> {
        let mut done = IndexSet::default();
        let mut starts = self.0.keys();
        starts.find_map(|start| match done.contains(start) {
            true => None,
            false => self.circle_from(start, &mut done),
        })
    }

    /// The first circle on the way from one. What stands waiting is kept here rather than on the
    /// stack: a chain may be as long as the file.
    fn circle_from(&self, start: &'t str, done: &mut IndexSet<&'t str>) -> Option<Vec<String>> {
        let next = |at: &str| self.0.get(at).into_iter().flatten().copied();
        let mut trail = IndexSet::default();
        let mut waiting = vec![(start, next(start))];
        trail.insert(start);
        while let Some((at, needed)) = waiting.last_mut() {
            let Some(other) = needed.next() else {
                done.insert(*at);
                trail.pop();
                waiting.pop();
                continue;
            };
            if let Some(first) = trail.get_index_of(other) {
                let circle = trail.iter().skip(first);
                return Some(circle.map(|id| (*id).to_owned()).collect());
            }
            if !done.contains(other) {
                trail.insert(other);
                waiting.push((other, next(other)));
            }
        }
        None
    }
}
