//! The names of services as principals of policies have them. AWS publishes no list: the conditions of
//! its managed policies name those to which roles are passed and those that have roles of their own,
//! and most others are called as their actions are.

use serde_json::Value;
use std::collections::BTreeSet;

/// What follows a service's name in a principal.
const END: &str = ".amazonaws.com";

/// The names before `.amazonaws.com`, sorted: those in the conditions of these policies, and the
/// prefixes of actions.
pub fn select(policies: &Value, specification: &Value) -> Value {
    let mut names = BTreeSet::new();
    principals(policies, &mut names);
    let prefixes = specification.as_object().into_iter().flatten();
    names.extend(prefixes.map(|(prefix, _)| prefix.clone()));
    names.into_iter().map(Value::from).collect()
}

fn principals(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let name = text.strip_suffix(END).unwrap_or_default();
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
            if !name.is_empty() && name.bytes().all(is_plain) {
                names.insert(name.to_owned());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| principals(item, names)),
        Value::Object(entries) => entries.values().for_each(|entry| principals(entry, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn services_are_named_by_conditions_and_by_actions() {
        let policies = json!({"One": {"Document": {"Statement": [{"Condition": {"StringEquals": {
            "iam:PassedToService": ["ecs-tasks.amazonaws.com", "*.amazonaws.com"],
        }}}]}}});
        let names = select(&policies, &json!({"sqs": {}}));
        assert_eq!(names, json!(["ecs-tasks", "sqs"]));
    }
}
