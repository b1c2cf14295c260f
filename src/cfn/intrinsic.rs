//! The intrinsic functions.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use super::part::Part;
use super::{Map, Node, Step};

/// A function that CloudFormation evaluates when it creates or updates a stack.
#[derive(Clone, Debug, PartialEq)]
pub enum Intrinsic {
    /// `Ref`: a parameter's value, a resource's physical id, or a pseudo-parameter.
    Ref(String),
    /// `Fn::GetAtt`: an attribute of a resource.
    GetAtt {
        /// Logical id.
        resource: String,
        /// Attribute, with dots for nested ones; `${Parameter}` where a parameter names it.
        attribute: String,
    },
    /// `Fn::Sub`.
    Sub {
        /// Text with `${…}`.
        text: String,
        /// Variables beyond those that are references.
        variables: Map,
    },
    /// `Fn::Join`.
    Join {
        /// What stands between the values.
        delimiter: String,
        /// A list.
        values: Node,
    },
    /// `Fn::Split`.
    Split {
        /// Where to cut.
        delimiter: String,
        /// The text to cut.
        source: Node,
    },
    /// `Fn::Select`.
    Select {
        /// Position from 0.
        index: Node,
        /// A list.
        values: Node,
    },
    /// `Fn::If`.
    If {
        /// The condition's name.
        condition: String,
        /// Value where it holds.
        then: Node,
        /// Value where it doesn't.
        otherwise: Node,
    },
    /// `Fn::FindInMap`.
    FindInMap {
        /// The mapping's name; a function with the language extensions.
        mapping: Node,
        /// Top-level key.
        top: Node,
        /// Second-level key.
        second: Node,
        /// With the language extensions: the value where a key isn't there.
        default: Option<Node>,
    },
    /// `Fn::ImportValue`: an export of another stack.
    ImportValue(Node),
    /// `Fn::Base64`.
    Base64(Node),
    /// `Fn::Cidr`.
    Cidr {
        /// The block to divide.
        block: Node,
        /// How many.
        count: Node,
        /// Bits of each.
        bits: Node,
    },
    /// `Fn::GetAZs`; an empty text means the stack's region.
    GetAzs(Node),
    /// `Fn::Equals`.
    Equals(Node, Node),
    /// `Fn::And`: 2 to 10 conditions.
    And(Vec<Node>),
    /// `Fn::Or`: 2 to 10 conditions.
    Or(Vec<Node>),
    /// `Fn::Not`.
    Not(Node),
    /// `Condition`: the value of a named condition, inside conditions.
    Condition(String),
    /// `Fn::Length`: the number of a list's items. Of the language extensions.
    Length(Node),
    /// `Fn::ToJsonString`: a value as the text of its JSON. Of the language extensions.
    ToJsonString(Node),
    /// `Fn::GetStackOutput`: an output of a stack, of another account or region too.
    GetStackOutput(Node),
    /// `Fn::Transform`: what a macro makes of its name and parameters.
    Transform(Node),
    /// A function of the `Rules` section.
    Rule(RuleFunction, Vec<Node>),
}

/// Functions that only the `Rules` section takes.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/intrinsic-function-reference-rules.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleFunction {
    /// `Fn::Contains`.
    Contains,
    /// `Fn::EachMemberEquals`.
    EachMemberEquals,
    /// `Fn::EachMemberIn`.
    EachMemberIn,
    /// `Fn::RefAll`.
    RefAll,
    /// `Fn::ValueOf`.
    ValueOf,
    /// `Fn::ValueOfAll`.
    ValueOfAll,
}

impl RuleFunction {
    pub(super) const ALL: [RuleFunction; 6] = [
        RuleFunction::Contains,
        RuleFunction::EachMemberEquals,
        RuleFunction::EachMemberIn,
        RuleFunction::RefAll,
        RuleFunction::ValueOf,
        RuleFunction::ValueOfAll,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            RuleFunction::Contains => "Contains",
            RuleFunction::EachMemberEquals => "EachMemberEquals",
            RuleFunction::EachMemberIn => "EachMemberIn",
            RuleFunction::RefAll => "RefAll",
            RuleFunction::ValueOf => "ValueOf",
            RuleFunction::ValueOfAll => "ValueOfAll",
        }
    }
}

impl Intrinsic {
    /// `!Ref AWS::NoValue`: removes the property it is given to.
    pub fn no_value() -> Intrinsic {
        Intrinsic::Ref("AWS::NoValue".to_owned())
    }

    /// The short name, as in a YAML tag: `Ref`, `GetAtt`, `Sub`.
    pub fn name(&self) -> &'static str {
        match self {
            Intrinsic::Ref(_) => "Ref",
            Intrinsic::GetAtt { .. } => "GetAtt",
            Intrinsic::Sub { .. } => "Sub",
            Intrinsic::Join { .. } => "Join",
            Intrinsic::Split { .. } => "Split",
            Intrinsic::Select { .. } => "Select",
            Intrinsic::If { .. } => "If",
            Intrinsic::FindInMap { .. } => "FindInMap",
            Intrinsic::ImportValue(_) => "ImportValue",
            Intrinsic::Base64(_) => "Base64",
            Intrinsic::Cidr { .. } => "Cidr",
            Intrinsic::GetAzs(_) => "GetAZs",
            Intrinsic::Equals(..) => "Equals",
            Intrinsic::And(_) => "And",
            Intrinsic::Or(_) => "Or",
            Intrinsic::Not(_) => "Not",
            Intrinsic::Condition(_) => "Condition",
            Intrinsic::Length(_) => "Length",
            Intrinsic::ToJsonString(_) => "ToJsonString",
            Intrinsic::GetStackOutput(_) => "GetStackOutput",
            Intrinsic::Transform(_) => "Transform",
            Intrinsic::Rule(function, _) => function.name(),
        }
    }

    /// Whether it yields a condition's truth, which only the places for conditions take.
    pub fn is_condition(&self) -> bool {
        matches!(
            self,
            Intrinsic::Equals(..)
                | Intrinsic::And(_)
                | Intrinsic::Or(_)
                | Intrinsic::Not(_)
                | Intrinsic::Condition(_)
        )
    }

    /// What stands behind the tag: `X` in `!Ref X`, `[a, b]` in `!Equals [a, b]`.
    pub(super) fn argument(&self) -> Part<'_> {
        match self {
            Intrinsic::Ref(name) | Intrinsic::Condition(name) => Part::text(name),
            Intrinsic::GetAtt {
                resource,
                attribute,
            } if parameter_of(attribute).is_some() => {
                Part::Items(vec![Part::text(resource), attribute_part(attribute)])
            }
            Intrinsic::GetAtt {
                resource,
                attribute,
            } => Part::Text(format!("{resource}.{attribute}").into()),
            Intrinsic::Sub { text, variables } if variables.is_empty() => Part::text(text),
            Intrinsic::Sub { text, variables } => {
                Part::Items(vec![Part::text(text), Part::Map(variables)])
            }
            Intrinsic::Join { delimiter, values } => {
                Part::Items(vec![Part::text(delimiter), Part::Node(values)])
            }
            Intrinsic::Split { delimiter, source } => {
                Part::Items(vec![Part::text(delimiter), Part::Node(source)])
            }
            Intrinsic::Select { index, values } => nodes([index, values]),
            Intrinsic::If {
                condition,
                then,
                otherwise,
            } => Part::Items(vec![
                Part::text(condition),
                Part::Node(then),
                Part::Node(otherwise),
            ]),
            Intrinsic::FindInMap {
                mapping,
                top,
                second,
                default,
            } => {
                let mut items = vec![Part::Node(mapping), Part::Node(top), Part::Node(second)];
                let default = default.as_ref().map(Part::Node);
                items.extend(default.map(|node| Part::Entries(vec![("DefaultValue", node)])));
                Part::Items(items)
            }
            Intrinsic::ImportValue(node)
            | Intrinsic::Base64(node)
            | Intrinsic::GetAzs(node)
            | Intrinsic::Length(node)
            | Intrinsic::ToJsonString(node)
            | Intrinsic::GetStackOutput(node)
            | Intrinsic::Transform(node) => Part::Node(node),
            Intrinsic::Cidr { block, count, bits } => nodes([block, count, bits]),
            Intrinsic::Equals(left, right) => nodes([left, right]),
            Intrinsic::Not(condition) => nodes([condition]),
            Intrinsic::And(list) | Intrinsic::Or(list) | Intrinsic::Rule(_, list) => {
                Part::Nodes(list)
            }
        }
    }

    /// The name of the long form: `Ref`, `Fn::Sub`.
    pub(super) fn long_name(&self) -> String {
        let name = self.name();
        match self {
            Intrinsic::Ref(_) | Intrinsic::Condition(_) => name.to_owned(),
            _ => format!("Fn::{name}"),
        }
    }

    /// What stands at the name of the long form.
    pub(super) fn long_argument(&self) -> Part<'_> {
        match self {
            Intrinsic::GetAtt {
                resource,
                attribute,
            } => Part::Items(vec![Part::text(resource), attribute_part(attribute)]),
            _ => self.argument(),
        }
    }

    /// The long form: a map of one key, such as `Fn::Sub`.
    pub fn to_long_form(&self) -> Node {
        let argument = self.long_argument().to_node();
        Node::Map([(self.long_name(), argument)].into_iter().collect())
    }

    /// Whether there are such as [`Intrinsic::parts`] gives; most functions have none.
    pub(super) fn has_parts(&self) -> bool {
        match self {
            Intrinsic::Ref(_) | Intrinsic::GetAtt { .. } | Intrinsic::Condition(_) => false,
            Intrinsic::Sub { variables, .. } => !variables.is_empty(),
            _ => true,
        }
    }

    /// The direct parts that are values themselves, with the step to each.
    pub fn parts(&self) -> impl Iterator<Item = (Step<'_>, &Node)> {
        const NONE: [Option<(usize, &Node)>; 4] = [None; 4];
        let (few, list, variables): (_, &[Node], Option<&Map>) = match self {
            Intrinsic::Ref(_) | Intrinsic::GetAtt { .. } | Intrinsic::Condition(_) => {
                (NONE, &[], None)
            }
            Intrinsic::Sub { variables, .. } => (NONE, &[], Some(variables)),
            Intrinsic::And(nodes) | Intrinsic::Or(nodes) | Intrinsic::Rule(_, nodes) => {
                (NONE, nodes, None)
            }
            Intrinsic::Join { values: one, .. } | Intrinsic::Split { source: one, .. } => {
                ([Some((1, one)), None, None, None], &[], None)
            }
            Intrinsic::ImportValue(one)
            | Intrinsic::Base64(one)
            | Intrinsic::GetAzs(one)
            | Intrinsic::Length(one)
            | Intrinsic::ToJsonString(one)
            | Intrinsic::GetStackOutput(one)
            | Intrinsic::Transform(one)
            | Intrinsic::Not(one) => ([Some((0, one)), None, None, None], &[], None),
            Intrinsic::Select {
                index: first,
                values: second,
            }
            | Intrinsic::Equals(first, second) => {
                ([Some((0, first)), Some((1, second)), None, None], &[], None)
            }
            Intrinsic::If {
                then: first,
                otherwise: second,
                ..
            } => ([Some((1, first)), Some((2, second)), None, None], &[], None),
            Intrinsic::FindInMap {
                mapping,
                top,
                second,
                default,
            } => {
                let default = default.as_ref().map(|node| (3, node));
                let few = [
                    Some((0, mapping)),
                    Some((1, top)),
                    Some((2, second)),
                    default,
                ];
                (few, &[], None)
            }
            Intrinsic::Cidr { block, count, bits } => {
                let few = [Some((0, block)), Some((1, count)), Some((2, bits)), None];
                (few, &[], None)
            }
        };
        let listed = list.iter().enumerate();
        let indexed = few.into_iter().flatten().chain(listed);
        let named = variables.into_iter().flatten();
        indexed
            .map(|(index, node)| (Step::Index(index), node))
            .chain(named.map(|(name, node)| (Step::Key(name), node)))
    }
}

/// The parameter that gives an attribute its name: `${Parameter}`.
pub(super) fn parameter_of(attribute: &str) -> Option<&str> {
    attribute.strip_prefix("${")?.strip_suffix('}')
}

fn attribute_part(attribute: &str) -> Part<'_> {
    match parameter_of(attribute) {
        Some(parameter) => Part::Entries(vec![("Ref", Part::text(parameter))]),
        None => Part::text(attribute),
    }
}

fn nodes<'t, const N: usize>(nodes: [&'t Node; N]) -> Part<'t> {
    Part::Items(nodes.map(Part::Node).into())
}
