//! Functions from their names and arguments, as a reader meets them.

use super::{Intrinsic, Map, Node, RuleFunction};

impl Intrinsic {
    /// Reads a function from its short name and its argument.
    ///
    /// # Errors
    /// A name CloudFormation doesn't know, or an argument of another shape than the function's.
    pub fn from_argument(name: &str, argument: Node) -> Result<Intrinsic, String> {
        let shape = |expected: &str| format!("`{name}` takes {expected}");
        let words = |node: &Node, expected: &str| {
            node.as_str()
                .map(str::to_owned)
                .ok_or_else(|| shape(expected))
        };
        match name {
            "Ref" => words(&argument, "the name of a parameter or resource").map(Intrinsic::Ref),
            "Condition" => words(&argument, "the name of a condition").map(Intrinsic::Condition),
            "GetAtt" => get_att(&argument).ok_or_else(|| shape("a logical id and an attribute")),
            "Sub" => match argument {
                Node::String(text) => Ok(Intrinsic::Sub {
                    text,
                    variables: Map::default(),
                }),
                other => {
                    let [text, variables] =
                        items(other).ok_or_else(|| shape("text, or text and a map"))?;
                    match (text, variables) {
                        (Node::String(text), Node::Map(variables)) => {
                            Ok(Intrinsic::Sub { text, variables })
                        }
                        _ => Err(shape("text, or text and a map")),
                    }
                }
            },
            "Join" | "Split" => {
                let expected = if name == "Join" {
                    "a delimiter and a list"
                } else {
                    "a delimiter and text"
                };
                let [delimiter, rest] = items(argument).ok_or_else(|| shape(expected))?;
                let delimiter = words(&delimiter, expected)?;
                Ok(if name == "Join" {
                    Intrinsic::Join {
                        delimiter,
                        values: rest,
                    }
                } else {
                    Intrinsic::Split {
                        delimiter,
                        source: rest,
                    }
                })
            }
            "Select" => {
                let [index, values] =
                    items(argument).ok_or_else(|| shape("an index and a list"))?;
                Ok(Intrinsic::Select { index, values })
            }
            "If" => {
                let expected = "a condition and two values";
                let [condition, then, otherwise] =
                    items(argument).ok_or_else(|| shape(expected))?;
                Ok(Intrinsic::If {
                    condition: words(&condition, expected)?,
                    then,
                    otherwise,
                })
            }
            "FindInMap" => {
                let expected = "a mapping and two keys";
                let [mapping, top, second] = items(argument).ok_or_else(|| shape(expected))?;
                Ok(Intrinsic::FindInMap {
                    mapping: words(&mapping, expected)?,
                    top,
                    second,
                })
            }
            "ImportValue" => Ok(Intrinsic::ImportValue(argument)),
            "Base64" => Ok(Intrinsic::Base64(argument)),
            "GetAZs" => Ok(Intrinsic::GetAzs(argument)),
            "Cidr" => {
                let [block, count, bits] = items(argument)
                    .ok_or_else(|| shape("a block, a count and a number of bits"))?;
                Ok(Intrinsic::Cidr { block, count, bits })
            }
            "Equals" => {
                let [left, right] = items(argument).ok_or_else(|| shape("two values"))?;
                Ok(Intrinsic::Equals(left, right))
            }
            "And" | "Or" => match argument {
                Node::List(conditions) if (2..=10).contains(&conditions.len()) => {
                    Ok(if name == "And" {
                        Intrinsic::And(conditions)
                    } else {
                        Intrinsic::Or(conditions)
                    })
                }
                _ => Err(shape("2 to 10 conditions")),
            },
            "Not" => {
                let [condition] = items(argument).ok_or_else(|| shape("one condition"))?;
                Ok(Intrinsic::Not(condition))
            }
            _ => {
                let function = RuleFunction::ALL
                    .into_iter()
                    .find(|function| function.name() == name)
                    .ok_or_else(|| format!("`{name}` is not an intrinsic function"))?;
                Ok(match argument {
                    Node::List(arguments) => Intrinsic::Rule(function, arguments),
                    one => Intrinsic::Rule(function, vec![one]),
                })
            }
        }
    }
}

fn items<const N: usize>(node: Node) -> Option<[Node; N]> {
    match node {
        Node::List(items) => items.try_into().ok(),
        _ => None,
    }
}

fn get_att(argument: &Node) -> Option<Intrinsic> {
    let (resource, attribute) = match argument {
        Node::String(text) => text.split_once('.')?,
        Node::List(items) => match items.as_slice() {
            [resource, attribute] => (resource.as_str()?, attribute.as_str()?),
            _ => return None,
        },
        _ => return None,
    };
    Some(Intrinsic::GetAtt {
        resource: resource.to_owned(),
        attribute: attribute.to_owned(),
    })
}
