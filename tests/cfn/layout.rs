//! Written YAML is laid out and quoted as `serde-saphyr` would: the writer takes short cuts, and
//! each must lead to the same place.

use crate::yaml::TRICKY;
use compute_catalog::cfn::{Intrinsic, Map, Node, Resource, Template, write};
use serde::{Serialize, Serializer};
use serde_saphyr::{LitStr, Tagged};
use std::collections::BTreeMap;

/// A node as `serde-saphyr` writes it.
struct Plainly<'a>(&'a Node);

impl Serialize for Plainly<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Node::Null => serializer.serialize_unit(),
            Node::Bool(value) => serializer.serialize_bool(*value),
            Node::Integer(value) => serializer.serialize_i64(*value),
            Node::Float(value) => serializer.serialize_f64(*value),
            Node::String(text) if is_script(text) => LitStr(text).serialize(serializer),
            Node::String(text) => serializer.serialize_str(text),
            Node::List(items) => serializer.collect_seq(items.iter().map(Plainly)),
            Node::Map(map) => {
                serializer.collect_map(map.iter().map(|(key, value)| (key, Plainly(value))))
            }
            Node::Intrinsic(function) => {
                let Node::Map(long) = function.to_long_form() else {
                    panic!("no long form")
                };
                let argument = match (function.as_ref(), &long[0]) {
                    (
                        Intrinsic::GetAtt {
                            resource,
                            attribute,
                        },
                        _,
                    ) => Node::String(format!("{resource}.{attribute}")),
                    (_, Node::Intrinsic(inner)) => inner.to_long_form(),
                    (_, argument) => argument.clone(),
                };
                let tag = format!("!{}", function.name());
                Tagged(Plainly(&argument), Some(tag)).serialize(serializer)
            }
        }
    }
}

fn is_script(text: &str) -> bool {
    text.trim_end_matches('\n').contains('\n')
        && !text.starts_with([' ', '\t', '\n'])
        && !text
            .chars()
            .any(|c| (c.is_control() && c != '\n' && c != '\t') || c == '\u{feff}')
}

/// Numbers that look like chance, and are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn text(&mut self) -> String {
        const MORE: [&str; 22] = [
            "word",
            "two words",
            "AWS::S3::Bucket",
            "${AWS::Region}-x: y",
            "https://example.org/a#b",
            "a # comment",
            "a:",
            "/aws/lambda",
            "$",
            "yes sir",
            "infinite",
            "Null",
            "one\ntwo",
            "one\n\n  two\n",
            "one\ntwo\n\n\n",
            "é\nü\n",
            "a\u{2028}b\nc",
            "one\r\ntwo",
            "a\u{7f}",
            "trail \nb",
            "one line\n",
            "a: b\nc # d",
        ];
        let at = self.below(TRICKY.len() + MORE.len());
        let text = TRICKY.get(at).or_else(|| MORE.get(at - TRICKY.len()));
        (*text.unwrap()).to_owned()
    }

    fn node(&mut self, depth: usize) -> Node {
        let kinds = if depth == 0 { 6 } else { 14 };
        match self.below(kinds) {
            0 => Node::Bool(self.below(2) == 0),
            1 => Node::Integer(i64::try_from(self.below(90_000)).unwrap() - 400),
            2 => Node::Float(f64::from(u32::try_from(self.below(1000)).unwrap()) / 8.0),
            3..=5 => Node::String(self.text()),
            6..=7 => (0..self.below(4))
                .map(|_| self.node(depth - 1))
                .collect::<Vec<_>>()
                .into(),
            8..=10 => Node::Map(self.map(depth)),
            _ => Node::from(self.function(depth)),
        }
    }

    fn map(&mut self, depth: usize) -> Map {
        (0..self.below(4))
            .map(|_| (self.text().replace('\n', " "), self.node(depth - 1)))
            .collect()
    }

    fn function(&mut self, depth: usize) -> Intrinsic {
        let mut part = || self.node(depth - 1);
        match (part(), part()) {
            (Node::Bool(_), _) => Intrinsic::Ref(self.text()),
            (Node::Integer(_), _) => Intrinsic::GetAtt {
                resource: "Bucket".to_owned(),
                attribute: "Arn".to_owned(),
            },
            (Node::Float(_), values) => Intrinsic::Join {
                delimiter: self.text(),
                values,
            },
            (Node::String(text), _) => Intrinsic::Sub {
                text,
                variables: self.map(depth),
            },
            (Node::List(list), _) => Intrinsic::And(list),
            (then, otherwise) if self.below(2) == 0 => Intrinsic::If {
                condition: self.text(),
                then,
                otherwise,
            },
            (node, _) if self.below(2) == 0 => Intrinsic::ImportValue(node),
            (node, _) => Intrinsic::Base64(node),
        }
    }
}

#[test]
fn the_layout_is_that_of_the_library() {
    let mut dice = Dice(7);
    let mut lines = 0;
    for round in 0..3000 {
        let value = dice.node(4);
        let mut resource = Resource::new("AWS::SSM::Parameter");
        resource.properties = Map::from_iter([("Value".to_owned(), value.clone())]);
        let mut template = Template::default();
        template.resources.insert("P".to_owned(), resource);
        let written = write(&template, None).unwrap();
        let properties = BTreeMap::from([("Value", Plainly(&value))]);
        let options = serde_saphyr::ser_options! {
            indent_step: 2,
            compact_list_indent: false,
            prefer_block_scalars: false,
        };
        let plainly = serde_saphyr::to_string_with_options(&properties, options).unwrap();
        let mut indented = String::new();
        for line in plainly.lines() {
            // Behind a tag the library gives an empty collection a line of its own.
            let is_empty = matches!(line.trim(), "[]" | "{}");
            if is_empty && line.starts_with(' ') {
                indented.truncate(indented.trim_end().len());
                indented = format!("{indented} {}\n", line.trim());
            } else if line.is_empty() {
                indented.push('\n');
            } else {
                indented.push_str(&format!("      {line}\n"));
            }
        }
        let (_, body) = written.split_once("    Properties:\n").unwrap();
        assert_eq!(body, indented, "round {round}");
        lines += indented.lines().count();
    }
    assert!(lines > 10_000, "{lines}");
}
