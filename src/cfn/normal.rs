//! One form for things that mean the same to CloudFormation.
//!
//! `true` and `"true"`, `!Join` of texts and `!Sub`, short and long functions, a policy's one
//! action and a list of one: what differs only in spelling is equal after [`normal`].

use super::sub::{Piece, pieces};
use super::{Intrinsic, Map, Node};

/// The node in its one form.
pub fn normal(node: &Node) -> Node {
    match node {
        Node::Null => Node::Null,
        Node::List(items) => Node::List(items.iter().map(normal).collect()),
        Node::Map(map) if is_policy(map) => policy(map),
        Node::Map(map) => Node::Map(map_of(map)),
        Node::Intrinsic(function) => match text_of(function) {
            Some(text) => Intrinsic::Sub {
                text,
                variables: Map::default(),
            }
            .into(),
            None => match function.as_ref() {
                Intrinsic::Sub { text, variables } => substitution(text, variables)
                    .unwrap_or_else(|| normal(&function.to_long_form())),
                other => normal(&other.to_long_form()),
            },
        },
        scalar => scalar.scalar_text().map_or(Node::Null, Node::String),
    }
}

/// One text for every spelling of a value, to look it up by.
pub fn normal_text(node: &Node) -> String {
    normal(node).to_json().to_string()
}

/// Whether a map is a policy document. Of any other map, the one form is that of what it holds.
pub fn is_policy(map: &Map) -> bool {
    map.contains_key("Statement")
}

fn map_of(map: &Map) -> Map {
    map.iter()
        .map(|(key, value)| (key.clone(), normal(value)))
        .collect()
}

/// A function that yields text, as the text of one `Fn::Sub`.
fn text_of(function: &Intrinsic) -> Option<String> {
    match function {
        Intrinsic::Ref(name) => Some(format!("${{{name}}}")),
        Intrinsic::GetAtt {
            resource,
            attribute,
        } => Some(format!("${{{resource}.{attribute}}}")),
        Intrinsic::Sub { text, variables } => {
            let mut result = String::with_capacity(text.len());
            for piece in pieces(text).ok()? {
                match piece {
                    Piece::Text(literal) => result.push_str(literal),
                    Piece::Escaped(name) => result.extend(["${!", name, "}"]),
                    Piece::Variable(name) => match variables.get(name) {
                        Some(node) => result.push_str(&piece_of(node)?),
                        None => result.extend(["${", name, "}"]),
                    },
                }
            }
            Some(result)
        }
        Intrinsic::Join { delimiter, values } => {
            let parts = values.as_list()?.iter().map(piece_of);
            let parts: Option<Vec<String>> = parts.collect();
            Some(parts?.join(delimiter))
        }
        _ => None,
    }
}

/// A substitution of which not all is text: what is stands in the text, and the rest among the
/// variables. As it is where a name would then mean two things.
fn substitution(text: &str, variables: &Map) -> Option<Node> {
    let mut rest = Map::default();
    let mut result = String::with_capacity(text.len());
    let mut inlined = String::new();
    for piece in pieces(text).ok()? {
        match piece {
            Piece::Text(literal) => result.push_str(literal),
            Piece::Escaped(name) => result.extend(["${!", name, "}"]),
            Piece::Variable(name) => match variables.get(name).map(|node| (node, piece_of(node))) {
                Some((_, Some(text))) => {
                    inlined.push_str(&text);
                    result.push_str(&text);
                }
                Some((node, None)) => {
                    rest.insert(name.to_owned(), normal(node));
                    result.extend(["${", name, "}"]);
                }
                None => result.extend(["${", name, "}"]),
            },
        }
    }
    let is_twofold = |name: &String| inlined.contains(&format!("${{{name}}}"));
    let function = Intrinsic::Sub {
        text: result,
        variables: rest,
    };
    match &function {
        Intrinsic::Sub { variables, .. } if variables.keys().any(is_twofold) => None,
        function => Some(function.to_long_form()),
    }
}

fn piece_of(node: &Node) -> Option<String> {
    match node {
        Node::Intrinsic(function) => text_of(function),
        other => Some(other.scalar_text()?.replace("${", "${!")),
    }
}

/// A policy document: lists whose order means nothing are sorted, and one value is a list of one.
fn policy(map: &Map) -> Node {
    let mut normal_map = map_of(map);
    let statements = match normal_map.shift_remove("Statement") {
        Some(Node::List(items)) => items,
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let mut statements: Vec<Node> = statements.into_iter().map(statement).collect();
    sort(&mut statements);
    normal_map.insert("Statement".to_owned(), Node::List(statements));
    Node::Map(normal_map)
}

fn statement(node: Node) -> Node {
    let Node::Map(map) = node else { return node };
    let spread = |key: &str, value: Node| match (key, value) {
        ("Action" | "NotAction" | "Resource" | "NotResource", value) => sorted(value),
        ("Principal" | "NotPrincipal", Node::Map(principals)) => Node::Map(
            principals
                .into_iter()
                .map(|(kind, names)| (kind, sorted(names)))
                .collect(),
        ),
        ("Condition", Node::Map(operators)) => Node::Map(
            operators
                .into_iter()
                .map(|(operator, keys)| match keys {
                    Node::Map(keys) => {
                        let keys = keys.into_iter().map(|(key, value)| (key, sorted(value)));
                        (operator, Node::Map(keys.collect()))
                    }
                    other => (operator, other),
                })
                .collect(),
        ),
        (_, value) => value,
    };
    Node::Map(
        map.into_iter()
            .map(|(key, value)| {
                let value = spread(&key, value);
                (key, value)
            })
            .collect(),
    )
}

fn sorted(node: Node) -> Node {
    let mut items = match node {
        Node::List(items) => items,
        one => vec![one],
    };
    sort(&mut items);
    items.dedup();
    Node::List(items)
}

/// Sorts nodes by their JSON: any order will do, as long as it is always the same.
pub fn sort(nodes: &mut [Node]) {
    nodes.sort_by_cached_key(|node| node.to_json().to_string());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfn::read;

    fn value(yaml: &str) -> Node {
        let text = format!(
            "Resources:\n  A:\n    Type: AWS::SSM::Parameter\n    Properties:\n      Value: {yaml}\n"
        );
        let template = read(&text).unwrap();
        template.resources["A"].properties["Value"].clone()
    }

    #[test]
    fn spellings_of_one_thing_are_equal() {
        for (one, other) in [
            ("true", "'true'"),
            ("!Ref B", "!Sub '${B}'"),
            ("!Join ['', [a-, !Ref B]]", "!Sub 'a-${B}'"),
            ("!Sub ['a${x}', {x: !GetAtt B.Arn}]", "!Sub 'a${B.Arn}'"),
            ("{Fn::GetAtt: [B, Arn]}", "!GetAtt B.Arn"),
            ("!Base64 {Ref: B}", "{Fn::Base64: !Ref B}"),
            (
                "!Sub ['${x}-${B}', {x: !ImportValue y, B: !Ref B}]",
                "!Sub ['${x}-${B}', {x: {Fn::ImportValue: y}}]",
            ),
            (
                "{Statement: {Effect: Allow, Action: [b, a], Resource: '*'}}",
                "{Statement: [{Action: [a, b], Effect: Allow, Resource: ['*']}]}",
            ),
        ] {
            assert_eq!(normal(&value(one)), normal(&value(other)), "{one} {other}");
        }
        for (one, other) in [
            ("!Ref B", "B"),
            (
                "!Sub ['${x}${y}', {x: !ImportValue z, y: !Sub '${x}'}]",
                "!Sub ['${x}${x}', {x: !ImportValue z}]",
            ),
        ] {
            assert_ne!(normal(&value(one)), normal(&value(other)), "{one} {other}");
        }
    }
}
