//! The actions that IAM knows, by service, with the resource types each can be limited to.

use serde_json::{Map, Value, json};

use super::Error;

/// `{service: {actions: {action: [resource type]}, resources: {resource type: [ARN pattern]}}}`
/// for `services`, from the policy specification of cfn-lint. Action names are in lower case,
/// as the source has them; IAM compares them without case.
///
/// # Errors
/// A service that the specification lacks, or a shape that isn't the one described.
pub fn select(specification: &Value, services: &[String]) -> Result<Value, Error> {
    let mut selected = Map::new();
    let mut unknown = Vec::new();
    for service in services {
        match specification.get(service) {
            Some(found) => {
                let entry = one(found).ok_or_else(|| {
                    Error::new(format!("the IAM actions of {service} have another shape"))
                        .hint("see `service` in xtask/src/vendor/iam_actions.rs")
                })?;
                selected.insert(service.clone(), entry);
            }
            None => unknown.push(service.as_str()),
        }
    }
    if unknown.is_empty() {
        Ok(Value::Object(selected))
    } else {
        Err(Error::new(format!(
            "services.txt: no IAM service has the prefix {}",
            unknown.join(", ")
        )))
    }
}

fn one(service: &Value) -> Option<Value> {
    let mut actions = Map::new();
    for (name, action) in service.get("Actions")?.as_object()? {
        let types = action.get("Resources").cloned().unwrap_or(json!([]));
        actions.insert(name.clone(), types);
    }
    let mut resources = Map::new();
    for (name, resource) in service.get("Resources")?.as_object()? {
        resources.insert(name.clone(), resource.get("ARNFormats")?.clone());
    }
    Some(json!({"actions": actions, "resources": resources}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_keep_the_resource_types_they_can_be_limited_to() {
        let specification = json!({
            "kms": {
                "Actions": {"createkey": {}, "sign": {"Resources": ["key"]}},
                "Resources": {"key": {"ARNFormats": ["arn:x"], "ConditionKeys": ["kms:KeySpec"]}},
            },
            "a2c": {},
        });
        assert_eq!(
            select(&specification, &["kms".to_owned()]).unwrap(),
            json!({"kms": {
                "actions": {"createkey": [], "sign": ["key"]},
                "resources": {"key": ["arn:x"]},
            }})
        );
    }

    #[test]
    fn a_service_that_iam_lacks_is_named() {
        let error = select(&json!({}), &["s4".to_owned(), "s5".to_owned()]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "services.txt: no IAM service has the prefix s4, s5"
        );
    }
}
