//! The actions that IAM knows, by service, with the resource types each can be limited to.

use serde_json::{Map, Value, json};

use super::Error;

/// A line for each service: `{"service": …, "actions": {action: [resource type]}, "resources":
/// {resource type: [ARN pattern]}}`, from the policy specification of cfn-lint. Action names are
/// in lower case, as the source has them; IAM compares them without case.
///
/// # Errors
/// A shape that isn't the one described.
pub fn lines(specification: &Value) -> Result<String, Error> {
    let mut services: Vec<(&String, &Value)> =
        specification.as_object().into_iter().flatten().collect();
    services.sort_by_key(|(name, _)| *name);
    let mut out = String::new();
    for (name, service) in services {
        let (actions, resources) = one(service).ok_or_else(|| {
            Error::new(format!("the IAM actions of {name} have another shape"))
                .hint("see `one` in xtask/src/vendor/iam_actions.rs")
        })?;
        let mut entry = json!({"actions": actions, "resources": resources});
        entry.sort_all_objects();
        let mut line = json!({"service": name});
        if let (Value::Object(line), Value::Object(entry)) = (&mut line, entry) {
            line.extend(entry);
        }
        out.push_str(&line.to_string());
        out.push('\n');
    }
    Ok(out)
}

fn one(service: &Value) -> Option<(Map<String, Value>, Map<String, Value>)> {
    let mut actions = Map::new();
    for (name, action) in service.get("Actions")?.as_object()? {
        let types = action.get("Resources").cloned().unwrap_or(json!([]));
        actions.insert(name.clone(), types);
    }
    let mut resources = Map::new();
    for (name, resource) in service.get("Resources")?.as_object()? {
        resources.insert(name.clone(), resource.get("ARNFormats")?.clone());
    }
    Some((actions, resources))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_keep_the_resource_types_they_can_be_limited_to() {
        let specification = json!({
            "kms": {
                "Actions": {"sign": {"Resources": ["key"]}, "createkey": {}},
                "Resources": {"key": {"ARNFormats": ["arn:x"], "ConditionKeys": ["kms:KeySpec"]}},
            },
            "a2c": {"Actions": {"run": {}}, "Resources": {}},
        });
        assert_eq!(
            lines(&specification).unwrap(),
            "{\"service\":\"a2c\",\"actions\":{\"run\":[]},\"resources\":{}}\n\
             {\"service\":\"kms\",\"actions\":{\"createkey\":[],\"sign\":[\"key\"]},\
             \"resources\":{\"key\":[\"arn:x\"]}}\n"
        );
    }

    #[test]
    fn a_service_of_another_shape_is_named() {
        let error = lines(&json!({"s4": {"Actions": []}})).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("the IAM actions of s4 have another shape"),
            "{error}"
        );
    }
}
