//! XML out of JSON values as S3 writes it, which repeats the element for each item of a list, and
//! the refusals of the query protocol, which have no lists.

use quick_xml::escape::escape;
use serde_json::Value;

/// A document with one root element. Null fields are left out.
pub(crate) fn document(root: &str, namespace: &str, value: &Value) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.push_str(&format!("<{root} xmlns=\"{namespace}\">"));
    content(&mut text, value);
    text.push_str(&format!("</{root}>"));
    text
}

fn element(text: &mut String, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            for item in items {
                element(text, name, item);
            }
        }
        value => {
            text.push_str(&format!("<{name}>"));
            content(text, value);
            text.push_str(&format!("</{name}>"));
        }
    }
}

fn content(text: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => text.push_str(&flag.to_string()),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(string) => text.push_str(&escape(string.as_str())),
        Value::Array(items) => {
            for item in items {
                element(text, "member", item);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                element(text, name, field);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_element_is_repeated_for_each_item() {
        let value = json!({"Tag": [{"Key": "a&b"}, {"Key": "c"}], "None": null});
        assert!(
            document("T", "n", &value).ends_with(
                "<T xmlns=\"n\"><Tag><Key>a&amp;b</Key></Tag><Tag><Key>c</Key></Tag></T>"
            )
        );
    }
}
