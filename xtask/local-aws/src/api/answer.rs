//! Answers as the protocols write them, by their models.

use super::model::{Model, Shape};
use crate::clock;
use quick_xml::escape::escape;
use serde_json::{Map, Value};

/// The body of an answer in JSON: times are seconds.
pub(crate) fn json(model: &Model, operation: &str, answer: Value) -> Value {
    match model.output(operation) {
        Some(shape) => seconds(model, shape, answer),
        None => Value::Object(Map::new()),
    }
}

fn seconds(model: &Model, shape: &Shape, value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let of = |name: &str| match shape.kind.as_str() {
                "map" => shape.value.as_ref(),
                _ => shape.members.get(name),
            };
            let fields = fields.into_iter().map(|(name, field)| {
                let shape = of(&name).and_then(|target| model.shape(target));
                let field = match shape {
                    Some(shape) => seconds(model, shape, field),
                    None => field,
                };
                (name, field)
            });
            fields.collect()
        }
        Value::Array(items) => {
            let of_item = shape.member.as_ref().and_then(|target| model.shape(target));
            match of_item {
                Some(shape) => items
                    .into_iter()
                    .map(|item| seconds(model, shape, item))
                    .collect(),
                None => Value::Array(items),
            }
        }
        Value::Number(number) if shape.kind == "timestamp" => {
            clock::epoch(number.as_i64().unwrap_or_default())
        }
        other => other,
    }
}

/// The body of an answer of the query protocol.
pub(crate) fn xml(model: &Model, operation: &str, answer: &Value) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{operation}Response xmlns=\"{}\">",
        model.metadata.xml_namespace
    );
    if let Some(shape) = model.output(operation) {
        match model.wrapper(operation) {
            Some(wrapper) => element(&mut text, model, wrapper, shape, answer),
            None => content(&mut text, model, shape, answer),
        }
    }
    text.push_str(&format!("</{operation}Response>"));
    text
}

fn element(text: &mut String, model: &Model, name: &str, shape: &Shape, value: &Value) {
    text.push_str(&format!("<{name}>"));
    content(text, model, shape, value);
    text.push_str(&format!("</{name}>"));
}

fn content(text: &mut String, model: &Model, shape: &Shape, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => text.push_str(&flag.to_string()),
        Value::Number(number) if shape.kind == "timestamp" => {
            text.push_str(&clock::iso(number.as_i64().unwrap_or_default()));
        }
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(string) => text.push_str(&escape(string.as_str())),
        Value::Array(items) => {
            let Some(target) = &shape.member else { return };
            let name = target.location_name.as_deref().unwrap_or("member");
            if let Some(shape) = model.shape(target) {
                for item in items {
                    element(text, model, name, shape, item);
                }
            }
        }
        Value::Object(entries) if shape.kind == "map" => {
            let of_value = shape.value.as_ref().and_then(|target| model.shape(target));
            let Some(of_value) = of_value else { return };
            for (key, entry) in entries {
                text.push_str(&format!("<entry><key>{}</key>", escape(key.as_str())));
                element(text, model, "value", of_value, entry);
                text.push_str("</entry>");
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let Some(target) = shape.members.get(name) else {
                    continue;
                };
                let Some(shape) = model.shape(target) else {
                    continue;
                };
                let name = target.location_name.as_deref().unwrap_or(name);
                match field {
                    // No service here answers such a list, but those that do repeat the element.
                    Value::Array(items) if shape.flattened => {
                        let of_item = shape.member.as_ref().and_then(|one| model.shape(one));
                        for item in items {
                            if let Some(shape) = of_item {
                                element(text, model, name, shape, item);
                            }
                        }
                    }
                    field => element(text, model, name, shape, field),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Shape, Time, cloudformation, iam, servicecatalog};
    use super::*;

    #[test]
    fn lists_maps_and_times_are_written_as_each_protocol_has_them() {
        let tag = cloudformation::Tag {
            key: "a&b".to_owned(),
            value: "c".to_owned(),
        };
        let stack = cloudformation::Stack {
            stack_name: "s".to_owned(),
            creation_time: Time(1_738_324_800_123),
            stack_status: "CREATE_COMPLETE".to_owned(),
            tags: vec![tag],
            ..Default::default()
        };
        let output = cloudformation::DescribeStacksOutput {
            stacks: vec![stack],
            next_token: None,
        };
        let text = xml(&cloudformation::MODEL, "DescribeStacks", &output.give());
        for part in [
            "<DescribeStacksResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><DescribeStacksResult><Stacks><member>",
            "<Tags><member><Key>a&amp;b</Key><Value>c</Value></member></Tags>",
            "<CreationTime>2025-01-31T12:00:00.123Z</CreationTime>",
        ] {
            assert!(text.contains(part), "{text}");
        }
        let output = iam::GetAccountSummaryResponse {
            summary_map: [("Roles".to_owned(), 2)].into(),
        };
        let text = xml(&iam::MODEL, "GetAccountSummary", &output.give());
        let entry = "<SummaryMap><entry><key>Roles</key><value>2</value></entry></SummaryMap>";
        assert!(text.contains(entry), "{text}");
        let detail = servicecatalog::PortfolioDetail {
            created_time: Some(Time(1_500)),
            ..Default::default()
        };
        let output = servicecatalog::CreatePortfolioOutput {
            portfolio_detail: Some(detail),
            ..Default::default()
        };
        let value = json(&servicecatalog::MODEL, "CreatePortfolio", output.give());
        assert_eq!(value["PortfolioDetail"]["CreatedTime"], 1.5);
    }
}
