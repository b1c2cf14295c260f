//! Texts of the behaviours with the values of the resource at hand in them.

use crate::cfn::{Map, Node};

/// What a text of the behaviours can ask for.
pub(super) trait Values {
    /// The value of a name such as `Account` or `Arn`; none where there is none.
    fn value(&self, name: &str) -> Option<String>;
    /// The properties of the resource.
    fn properties(&self) -> &Map;
    /// The ARN of what the account has of a type under a name, an id or an ARN.
    fn the(&self, kind: &str, name: &str) -> Option<String>;
}

/// The texts that a text of the behaviours stands for: one, unless it holds a path with `*`; none
/// where something that it asks for isn't there.
pub(super) fn fill(text: &str, values: &dyn Values) -> Vec<String> {
    if let Some(rest) = text.strip_prefix("the ")
        && let Some((kind, name)) = rest.split_once(' ')
    {
        let names = fill(name, values).into_iter();
        return names.filter_map(|name| values.the(kind, &name)).collect();
    }
    let mut filled = vec![String::new()];
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, tail)) = after.split_once('}') else {
            break;
        };
        let found = match name.strip_prefix("Properties.") {
            Some(path) => at(values.properties(), path),
            None => values.value(name).into_iter().collect(),
        };
        filled = filled
            .iter()
            .flat_map(|begun| {
                let found = found.iter();
                found.map(move |value| format!("{begun}{before}{value}"))
            })
            .collect();
        rest = tail;
    }
    for text in &mut filled {
        text.push_str(rest);
    }
    filled
}

/// The texts at a path of properties, such as `Targets.*.RoleArn`. A map or list counts as text
/// where it ends there, so that one can ask whether a property is set.
pub(super) fn at(properties: &Map, path: &str) -> Vec<String> {
    let mut segments = path.split('.');
    let first = segments.next().unwrap_or_default();
    let mut nodes: Vec<&Node> = properties.get(first).into_iter().collect();
    for segment in segments {
        nodes = nodes
            .into_iter()
            .flat_map(|node| -> Vec<&Node> {
                match (node, segment) {
                    (Node::List(items), "*") => items.iter().collect(),
                    (Node::Map(map), "*") => map.values().collect(),
                    (one, "*") => vec![one],
                    (node, key) => node.get(key).into_iter().collect(),
                }
            })
            .collect();
    }
    let text = |node: &Node| {
        let scalar = node.scalar_text();
        scalar.unwrap_or_else(|| node.to_json().to_string())
    };
    nodes.into_iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Example(Map);

    impl Values for Example {
        fn value(&self, name: &str) -> Option<String> {
            (name == "Account").then(|| "1".to_owned())
        }

        fn properties(&self) -> &Map {
            &self.0
        }

        fn the(&self, kind: &str, name: &str) -> Option<String> {
            (kind == "AWS::IAM::Role").then(|| format!("arn:{name}"))
        }
    }

    #[test]
    fn a_text_stands_for_each_value_and_for_none_without_one() {
        let roles = ["a", "b"].map(Node::from).to_vec();
        let map = [("Roles".to_owned(), Node::List(roles))]
            .into_iter()
            .collect();
        let values = Example(map);
        assert_eq!(fill("x:${Account}", &values), ["x:1"]);
        assert_eq!(
            fill("x/${Properties.Roles.*}/${Account}", &values),
            ["x/a/1", "x/b/1"]
        );
        assert_eq!(
            fill("the AWS::IAM::Role ${Properties.Roles.*}", &values),
            ["arn:a", "arn:b"]
        );
        assert!(fill("${Properties.Other}", &values).is_empty());
        assert!(fill("${Missing}", &values).is_empty());
    }
}
