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
                // A macro gives the text before anything is filled in: nothing is known of either.
                Node::Intrinsic(given) if matches!(*given, Intrinsic::Transform(_)) => Ok(*given),
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
                let expected = "a mapping and two keys, and {DefaultValue: …} at most";
                let mut argument = argument;
                let default = default_value(&mut argument);
                let [mapping, top, second] = items(argument).ok_or_else(|| shape(expected))?;
                Ok(Intrinsic::FindInMap {
                    mapping,
                    top,
                    second,
                    default,
                })
            }
            "Length" => Ok(Intrinsic::Length(argument)),
            "ToJsonString" => Ok(Intrinsic::ToJsonString(argument)),
            "GetStackOutput" => match (argument.get("StackName"), argument.get("OutputName")) {
                (Some(_), Some(_)) => Ok(Intrinsic::GetStackOutput(argument)),
                _ => Err(shape("the StackName and OutputName of an output")),
            },
            "Transform" => match (argument.get("Name"), argument.as_list()) {
                (Some(_), _) | (None, Some(_)) => Ok(Intrinsic::Transform(argument)),
                (None, None) => Err(shape("the Name of a macro and its Parameters")),
            },
            "ImportValue" => Ok(Intrinsic::ImportValue(argument)),
            "Base64" => Ok(Intrinsic::Base64(argument)),
            "GetAZs" => Ok(Intrinsic::GetAzs(argument)),
            "Cidr" => {
                let mut argument = argument;
                // Without a number of bits it is that of an IPv4 subnet of 256 addresses.
                if let Node::List(items) = &mut argument
                    && items.len() == 2
                {
                    items.push(Node::Integer(8));
                }
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

/// The value of `{DefaultValue: …}`, taken from the fourth place of the arguments.
fn default_value(argument: &mut Node) -> Option<Node> {
    let Node::List(items) = argument else {
        return None;
    };
    let default = match items.as_mut_slice() {
        [_, _, _, Node::Map(last)] if last.len() == 1 => last.shift_remove("DefaultValue")?,
        _ => return None,
    };
    items.pop();
    Some(default)
}

fn items<const N: usize>(node: Node) -> Option<[Node; N]> {
    match node {
        Node::List(items) => items.try_into().ok(),
        _ => None,
    }
}

fn get_att(argument: &Node) -> Option<Intrinsic> {
    let (resource, attribute) = match argument {
        Node::String(text) => {
            let (resource, attribute) = text.split_once('.')?;
            (resource.to_owned(), attribute.to_owned())
        }
        Node::List(items) => match items.as_slice() {
            [resource, attribute] => (plain_text(resource)?, attribute_name(attribute)?),
            _ => return None,
        },
        _ => return None,
    };
    Some(Intrinsic::GetAtt {
        resource,
        attribute,
    })
}

/// The name of an attribute; `${Parameter}` where a parameter gives it.
fn attribute_name(node: &Node) -> Option<String> {
    match node.as_intrinsic() {
        Some(Intrinsic::Ref(name)) => Some(format!("${{{name}}}")),
        _ => plain_text(node),
    }
}

/// A text, also as a `Fn::Sub` that fills in nothing: a loop may have done so.
fn plain_text(node: &Node) -> Option<String> {
    match node.as_intrinsic() {
        Some(Intrinsic::Sub { text, variables })
            if variables.is_empty() && !text.contains("${") =>
        {
            Some(text.clone())
        }
        _ => node.as_str().map(str::to_owned),
    }
}
