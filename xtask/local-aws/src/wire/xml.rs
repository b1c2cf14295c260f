//! XML answers out of JSON values. The two XML protocols differ in their lists:
//! the query protocol wraps each item in `<member>`, S3 repeats the element.

use quick_xml::escape::escape;
use serde_json::Value;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lists {
    /// `<Tags><member>…</member></Tags>`
    Members,
    /// `<Tag>…</Tag><Tag>…</Tag>`
    Repeated,
}

/// A document with one root element. Null fields are left out.
pub(crate) fn document(root: &str, namespace: &str, lists: Lists, value: &Value) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.push_str(&format!("<{root} xmlns=\"{namespace}\">"));
    content(&mut text, lists, value);
    text.push_str(&format!("</{root}>"));
    text
}

fn element(text: &mut String, name: &str, lists: Lists, value: &Value) {
    match value {
        Value::Null => {}
        // The query protocol writes each entry of a map so.
        Value::Array(items) if lists == Lists::Repeated || name == "entry" => {
            for item in items {
                element(text, name, lists, item);
            }
        }
        value => {
            text.push_str(&format!("<{name}>"));
            content(text, lists, value);
            text.push_str(&format!("</{name}>"));
        }
    }
}

fn content(text: &mut String, lists: Lists, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => text.push_str(&flag.to_string()),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(string) => text.push_str(&escape(string.as_str())),
        Value::Array(items) => {
            for item in items {
                element(text, "member", lists, item);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                element(text, name, lists, field);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_differ_by_protocol() {
        let value = json!({"Tag": [{"Key": "a&b"}, {"Key": "c"}], "None": null});
        assert!(
            document("T", "n", Lists::Repeated, &value).ends_with(
                "<T xmlns=\"n\"><Tag><Key>a&amp;b</Key></Tag><Tag><Key>c</Key></Tag></T>"
            )
        );
        assert!(document("T", "n", Lists::Members, &value).ends_with(
            "<T xmlns=\"n\"><Tag><member><Key>a&amp;b</Key></member><member><Key>c</Key></member></Tag></T>"
        ));
    }
}
