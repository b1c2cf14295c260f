//! `intrinsic-type`: every function yields what the place it stands at takes.
//!
//! One value, a list or an object: that much is known of every function without an account. What
//! a function yields is held against AWS's schema of the property, and what its arguments yield
//! against the function.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::reference::walk;
use crate::cfn::{Intrinsic, Node, Parameter, Piece, Step, Target, Template, Trail, pieces};
use crate::resource::{self, Kind};
use std::fmt::Display;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "intrinsic-type",
    severity: Severity::Error,
    what: "Every function yields what the place it stands at takes: one value, a list or an object.",
    why: "CloudFormation refuses a list where one value is wanted, and one value where a list is, in the middle of a launch.",
    fix: "join a list with Join, cut a text with Split, pick one with Select, or correct the type of the parameter",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html",
    check: Check::Template(check),
};

/// What a value is, as far as functions are concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    One,
    List,
    Object,
}

impl Shape {
    fn words(self) -> &'static str {
        match self {
            Shape::One => "one value",
            Shape::List => "a list",
            Shape::Object => "an object",
        }
    }
}

fn check(subject: &Subject<'_>, report: &mut Report) {
    let mut places = Places {
        template: subject.template,
        refers_to_lists: false,
        report,
    };
    places.refers_to_lists = subject.targets.iter().any(|target| match target {
        Target::Name(name) => places.named(name) == Some(Shape::List),
        _ => false,
    });
    places.look();
}

struct Places<'t, 'r> {
    template: &'t Template,
    /// Nearly no template does: then no text needs to be looked through for them.
    refers_to_lists: bool,
    report: &'r mut Report,
}

impl Places<'_, '_> {
    fn look(mut self) {
        for (id, resource) in &self.template.resources {
            let Some(facts) = resource::facts(&resource.kind) else {
                continue;
            };
            for (name, node) in &resource.properties {
                if let Some(property) = facts.property(name) {
                    let resources = Trail::top("Resources");
                    let at = resources.key(id);
                    self.property(&at.key("Properties").key(name), node, property.kind);
                }
            }
        }
        for (name, output) in &self.template.outputs {
            let outputs = Trail::top("Outputs");
            let at = outputs.key(name);
            self.expect(&at.key("Value"), &output.value, Shape::One, "an output");
            if let Some(export) = &output.export {
                let at = at.key("Export");
                self.expect(&at.key("Name"), export, Shape::One, "an export's name");
            }
        }
        self.template.each_value(&mut |at, node| {
            walk(at, node, &mut |at, function| self.arguments(at, function));
        });
    }

    /// A value against what AWS's schema says of its property.
    fn property(&mut self, at: &Trail<'_>, node: &Node, kind: Kind) {
        match (node, kind) {
            (Node::Intrinsic(function), _) => match &**function {
                Intrinsic::If {
                    then, otherwise, ..
                } => {
                    self.property(&at.key("If").down(Step::Index(1)), then, kind);
                    self.property(&at.key("If").down(Step::Index(2)), otherwise, kind);
                }
                _ => {
                    if let Some(wanted) = wanted(kind) {
                        self.expect(at, node, wanted, "the property");
                    }
                }
            },
            (Node::List(items), Kind::List { items: kind, .. }) => {
                for (index, item) in items.iter().enumerate() {
                    self.property(&at.down(Step::Index(index)), item, *kind);
                }
            }
            (Node::Map(map), Kind::Map(kind)) => {
                for (key, value) in map {
                    self.property(&at.key(key), value, *kind);
                }
            }
            (Node::Map(map), Kind::Object(object)) => {
                for (key, value) in map {
                    if let Some(property) = object.property(key) {
                        self.property(&at.key(key), value, property.kind);
                    }
                }
            }
            // A literal of another shape is the schema's own affair.
            _ => {}
        }
    }

    /// The arguments of a function against what it takes.
    fn arguments(&mut self, at: &Trail<'_>, function: &Intrinsic) {
        let name = format_args!("`{}`", function.name());
        let inner = at.key(function.name());
        match function {
            Intrinsic::Join { values, .. } => {
                let at = inner.down(Step::Index(1));
                self.expect(&at, values, Shape::List, name);
                for (index, item) in values.as_list().into_iter().flatten().enumerate() {
                    self.expect(&at.down(Step::Index(index)), item, Shape::One, name);
                }
            }
            Intrinsic::Select { index, values } => {
                self.expect(&inner.down(Step::Index(0)), index, Shape::One, name);
                self.expect(&inner.down(Step::Index(1)), values, Shape::List, name);
                let place = index.scalar_text().map(|text| text.parse::<usize>().ok());
                let length = values.as_list().map(<[Node]>::len);
                match (place, length) {
                    (Some(None), _) => {
                        self.report.at(
                            inner.down(Step::Index(0)).path(),
                            "`Select` counts from 0, in whole numbers",
                        );
                    }
                    (Some(Some(place)), Some(length)) if place >= length => {
                        let message = format!("the list has {length} items, counted from 0");
                        self.report.at(inner.down(Step::Index(0)).path(), message);
                    }
                    _ => {}
                }
            }
            Intrinsic::Sub { text, variables } => {
                for (key, value) in variables {
                    self.expect(&inner.key(key), value, Shape::One, name);
                }
                let pieces = self.refers_to_lists.then(|| pieces(text).ok()).flatten();
                for piece in pieces.unwrap_or_default() {
                    if let Piece::Variable(variable) = piece
                        && !variables.contains_key(variable)
                        && self.named(variable) == Some(Shape::List)
                    {
                        let message = format!("`{variable}` is a list, and `Sub` takes one value");
                        self.report.at(at.path(), message);
                    }
                }
            }
            Intrinsic::Split { .. }
            | Intrinsic::ImportValue(_)
            | Intrinsic::Base64(_)
            | Intrinsic::GetAzs(_)
            | Intrinsic::Cidr { .. }
            | Intrinsic::Equals(..) => {
                for (step, part) in function.parts() {
                    self.expect(&inner.down(step), part, Shape::One, name);
                }
                if let Intrinsic::Cidr { block, count, .. } = function {
                    self.blocks(at, block, count);
                }
            }
            Intrinsic::FindInMap {
                mapping,
                top,
                second,
                ..
            } => {
                for (step, part) in [mapping, top, second].into_iter().enumerate() {
                    self.expect(&inner.down(Step::Index(step)), part, Shape::One, name);
                }
            }
            Intrinsic::Length(list) => self.expect(&inner, list, Shape::List, name),
            _ => {}
        }
    }

    /// `Fn::Cidr` cuts 1 to 256 blocks from one.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html>
    fn blocks(&mut self, at: &Trail<'_>, block: &Node, count: &Node) {
        let is_count = |text: String| text.parse::<u16>().is_ok_and(|n| (1..=256).contains(&n));
        if count.scalar_text().is_some_and(|text| !is_count(text)) {
            self.report.at(at.path(), "`Cidr` makes 1 to 256 blocks");
        }
        let Some(text) = block.as_str() else { return };
        let is_start = |start: &str| match start.contains(':') {
            true => start.split(':').all(|part| part.len() <= 4),
            false => {
                let parts = start.split('.').map(str::parse::<u8>);
                parts.clone().count() == 4 && parts.clone().all(|part| part.is_ok())
            }
        };
        let parts = text.split_once('/');
        let is_block = parts.is_some_and(|(start, bits)| {
            is_start(start) && bits.parse::<u8>().is_ok_and(|bits| bits <= 128)
        });
        if !is_block {
            let message = format!("`{text}` is no block of addresses, such as `10.0.0.0/16`");
            self.report.at(at.path(), message);
        }
    }

    fn expect(&mut self, at: &Trail<'_>, node: &Node, wanted: Shape, who: impl Display) {
        if let Some(shape) = self.shape(node)
            && shape != wanted
        {
            let message = format!(
                "it is {}, and {who} takes {}",
                shape.words(),
                wanted.words()
            );
            self.report.at(at.path(), message);
        }
    }

    /// What a value is; nothing where that isn't known.
    fn shape(&self, node: &Node) -> Option<Shape> {
        let Node::Intrinsic(function) = node else {
            return match node {
                Node::List(_) => Some(Shape::List),
                Node::Map(_) => Some(Shape::Object),
                Node::Null => None,
                _ => Some(Shape::One),
            };
        };
        match &**function {
            Intrinsic::Ref(name) => self.named(name),
            Intrinsic::GetAtt {
                resource,
                attribute,
            } => {
                let entry = self.template.resources.get(resource)?;
                wanted(resource::facts(&entry.kind)?.attribute(attribute)?.kind)
            }
            Intrinsic::Sub { .. }
            | Intrinsic::Join { .. }
            | Intrinsic::ImportValue(_)
            | Intrinsic::Base64(_) => Some(Shape::One),
            Intrinsic::Split { .. } | Intrinsic::Cidr { .. } | Intrinsic::GetAzs(_) => {
                Some(Shape::List)
            }
            Intrinsic::Select { values, .. } => match values {
                Node::List(items) => self.same(items),
                _ => Some(Shape::One),
            },
            Intrinsic::If {
                then, otherwise, ..
            } => self.same([then, otherwise]),
            Intrinsic::FindInMap {
                mapping, default, ..
            } => {
                let rows = self.template.mappings.get(mapping.as_str()?)?;
                let values = rows.values().flat_map(|row| row.values());
                self.same(values.chain(default))
            }
            Intrinsic::Length(_) | Intrinsic::ToJsonString(_) => Some(Shape::One),
            _ => None,
        }
    }

    /// What all of these are, where they are one.
    fn same<'n>(&self, nodes: impl IntoIterator<Item = &'n Node>) -> Option<Shape> {
        let mut shapes = nodes.into_iter().map(|node| self.shape(node));
        let first = shapes.next()??;
        shapes.all(|shape| shape == Some(first)).then_some(first)
    }

    /// What a name refers to: a parameter, a resource or a pseudo-parameter.
    fn named(&self, name: &str) -> Option<Shape> {
        match (self.template.parameters.get(name), name) {
            (Some(parameter), _) => Some(of_parameter(parameter)),
            (None, "AWS::NoValue") => None,
            (None, "AWS::NotificationARNs") => Some(Shape::List),
            (None, _) => Some(Shape::One),
        }
    }
}

fn of_parameter(parameter: &Parameter) -> Shape {
    let name = parameter.kind.to_string();
    match name.contains("List<") || name.contains("CommaDelimitedList") {
        true => Shape::List,
        false => Shape::One,
    }
}

fn wanted(kind: Kind) -> Option<Shape> {
    match kind {
        Kind::Text | Kind::Integer | Kind::Number | Kind::Boolean | Kind::Choice(_) => {
            Some(Shape::One)
        }
        Kind::List { .. } => Some(Shape::List),
        Kind::Map(_) | Kind::Object(_) => Some(Shape::Object),
        Kind::Json => None,
    }
}
