//! Documents of any form, as `json!`: on one line where that can be read, an entry a line otherwise.

use super::expression::text;
use super::scope::Scope;
use compute_catalog::cfn::Node;

/// Longer than this, a list or an object stands on several lines: what stands around it needs room too.
const LINE: usize = 72;

/// How far each level stands in.
const INDENT: usize = 4;

impl Scope {
    /// A value as a `json!` document.
    pub fn document(&self, node: &Node) -> String {
        let depth = self.documents.get();
        self.documents.set(depth + 1);
        let document = self.part(node, 0, 0);
        self.documents.set(depth);
        format!("json!({document})")
    }

    /// A part of a document, so deep in it, behind a key of so many characters.
    fn part(&self, node: &Node, depth: usize, key: usize) -> String {
        match node {
            Node::Null => "null".to_owned(),
            Node::Bool(value) => value.to_string(),
            Node::Integer(number) => match i32::try_from(*number) {
                Ok(number) => number.to_string(),
                Err(_) => format!("{number}i64"),
            },
            Node::Float(number) => format!("{number:?}"),
            Node::String(value) => self.literal(value),
            Node::List(items) => {
                let items: Vec<String> = items
                    .iter()
                    .map(|item| self.part(item, depth + 1, 0))
                    .collect();
                block('[', &items, ']', depth, key)
            }
            Node::Map(map) => {
                let entries = map.iter();
                let entries: Vec<String> = entries
                    .map(|(key, value)| {
                        let quoted = text(key);
                        let part = || self.part(value, depth + 1, quoted.len() + 2);
                        let value = self.within(key, part);
                        format!("{quoted}: {value}")
                    })
                    .collect();
                block('{', &entries, '}', depth, key)
            }
            Node::Intrinsic(function) => self.function(function).in_document(),
        }
    }
}

/// Entries between brackets.
fn block(open: char, entries: &[String], close: char, depth: usize, key: usize) -> String {
    let flat = entries.join(", ");
    if flat.len() + depth * INDENT + key <= LINE && !flat.contains('\n') {
        return format!("{open}{flat}{close}");
    }
    let lines: String = entries
        .iter()
        .map(|entry| format!("    {},\n", entry.replace('\n', "\n    ")))
        .collect();
    format!("{open}\n{lines}{close}")
}

#[cfg(test)]
mod tests {
    use super::block;

    #[test]
    fn what_is_long_stands_an_entry_a_line() {
        let entries = ["\"a\": 1".to_owned(), "\"b\": 2".to_owned()];
        assert_eq!(block('{', &entries, '}', 0, 0), "{\"a\": 1, \"b\": 2}");
        assert!(block('{', &entries, '}', 0, 60).contains('\n'));
        let long = format!("\"c\": {:?}", "x".repeat(68));
        let inner = format!(
            "\"in\": {}",
            block('{', std::slice::from_ref(&long), '}', 1, 6)
        );
        assert_eq!(
            block('[', &[inner], ']', 0, 0),
            format!("[\n    \"in\": {{\n        {long},\n    }},\n]")
        );
    }
}
