//! What AWS's managed policies say, of those that roles of products have.

use serde_json::{Map, Value};

use super::Error;

/// `{policy: document}` for `policies`, from the list that moto carries.
///
/// # Errors
/// A policy that the list lacks, or a shape that isn't the one described.
pub fn select(list: &Value, policies: &[String]) -> Result<Value, Error> {
    let mut selected = Map::new();
    let mut unknown = Vec::new();
    for name in policies {
        match list.get(name).and_then(|policy| policy.get("Document")) {
            Some(document) => {
                selected.insert(name.clone(), document.clone());
            }
            None => unknown.push(name.as_str()),
        }
    }
    if unknown.is_empty() {
        Ok(Value::Object(selected))
    } else {
        Err(Error::new(format!(
            "policies.txt: AWS has no managed policy {}",
            unknown.join(", ")
        ))
        .hint("the name without the path, such as AmazonSSMManagedInstanceCore"))
    }
}

/// The names of all policies in the list, after their paths, sorted: `service-role/AWSBatchServiceRole`.
pub fn names(list: &Value) -> Value {
    let policies = list.as_object().into_iter().flatten();
    let mut names: Vec<String> = policies
        .map(|(name, policy)| {
            let path = policy.get("Path").and_then(Value::as_str).unwrap_or("/");
            format!("{}{name}", path.trim_start_matches('/'))
        })
        .collect();
    names.sort();
    names.into_iter().map(Value::from).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_policy_is_taken_by_name_and_a_missing_one_is_told() {
        let list = json!({"One": {"Document": {"Statement": []}, "Path": "/"}});
        assert_eq!(names(&list), json!(["One"]));
        let one = ["One".to_owned()];
        assert_eq!(
            select(&list, &one).unwrap(),
            json!({"One": {"Statement": []}})
        );
        let error = select(&list, &["Two".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("no managed policy Two"), "{error}");
    }
}
