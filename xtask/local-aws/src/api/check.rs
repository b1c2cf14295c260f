//! The constraints of a model on a value: required members, lengths, numbers, patterns and
//! enumerations. All that is violated is told at once, in AWS's own words.

use super::model::{Model, Shape};
use serde_json::Value;

/// The error lists every violation.
pub(super) fn check(model: &Model, shape: &Shape, value: &Value) -> Result<(), String> {
    violations(model, shape, value, false)
}

/// The same for an answer, in which lists may be empty.
pub(super) fn check_answer(model: &Model, shape: &Shape, value: &Value) -> Result<(), String> {
    violations(model, shape, value, true)
}

fn violations(model: &Model, shape: &Shape, value: &Value, answer: bool) -> Result<(), String> {
    let mut checker = Checker {
        model,
        answer,
        violations: Vec::new(),
    };
    checker.walk(shape, value, "");
    let found = checker.violations;
    match found.len() {
        0 => Ok(()),
        1 => Err(format!("1 validation error detected: {}", found.concat())),
        many => Err(format!(
            "{many} validation errors detected: {}",
            found.join("; ")
        )),
    }
}

struct Checker<'m> {
    model: &'m Model,
    answer: bool,
    violations: Vec<String>,
}

impl Checker<'_> {
    fn add(&mut self, value: &str, path: &str, constraint: &str) {
        self.violations.push(format!(
            "{value} at '{path}' failed to satisfy constraint: Member must {constraint}"
        ));
    }

    fn walk(&mut self, shape: &Shape, value: &Value, path: &str) {
        match value {
            Value::Object(fields) if shape.kind == "structure" => {
                for name in &shape.required {
                    if !fields.contains_key(name) {
                        self.add("Value null", &below(path, name), "not be null");
                    }
                }
                for (name, field) in fields {
                    let target = shape.members.get(name);
                    match target.and_then(|target| self.model.shape(target)) {
                        Some(shape) => self.walk(shape, field, &below(path, name)),
                        None => self.add("Value", &below(path, name), "be known to the model"),
                    }
                }
            }
            Value::Object(entries) => {
                self.size(shape, entries.len() as f64, path);
                let of_value = shape.value.as_ref();
                if let Some(shape) = of_value.and_then(|target| self.model.shape(target)) {
                    for (key, entry) in entries {
                        self.walk(shape, entry, &format!("{path}.{key}"));
                    }
                }
            }
            Value::Array(items) => {
                self.size(shape, items.len() as f64, path);
                let of_item = shape.member.as_ref();
                if let Some(shape) = of_item.and_then(|target| self.model.shape(target)) {
                    for (index, item) in items.iter().enumerate() {
                        self.walk(shape, item, &format!("{path}.{}.member", index + 1));
                    }
                }
            }
            Value::String(text) => self.text(shape, text, path),
            Value::Number(number) => {
                let number = number.as_f64().unwrap_or_default();
                let given = format!("Value '{number}'");
                if let Some(min) = shape.min.filter(|min| number < *min) {
                    let constraint = format!("have value greater than or equal to {min}");
                    self.add(&given, path, &constraint);
                }
                if let Some(max) = shape.max.filter(|max| number > *max) {
                    let constraint = format!("have value less than or equal to {max}");
                    self.add(&given, path, &constraint);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Of a list or a map.
    fn size(&mut self, shape: &Shape, size: f64, path: &str) {
        if let Some(min) = shape.min.filter(|min| size < *min && !self.answer) {
            let constraint = format!("have length greater than or equal to {min}");
            self.add("Value", path, &constraint);
        }
        if let Some(max) = shape.max.filter(|max| size > *max) {
            self.add(
                "Value",
                path,
                &format!("have length less than or equal to {max}"),
            );
        }
    }

    fn text(&mut self, shape: &Shape, text: &str, path: &str) {
        let length = text.chars().count() as f64;
        // AWS says what was given, but not the text of a template.
        let given = if length > 200.0 {
            "Value".to_owned()
        } else {
            format!("Value '{text}'")
        };
        if let Some(min) = shape.min.filter(|min| length < *min) {
            let constraint = format!("have length greater than or equal to {min}");
            self.add(&given, path, &constraint);
        }
        if let Some(max) = shape.max.filter(|max| length > *max) {
            self.add(
                &given,
                path,
                &format!("have length less than or equal to {max}"),
            );
        }
        let listed = |text: &str| shape.values.iter().any(|value| value == text);
        // AWS answers CREATED for products, though its model doesn't list it: Terraform's provider
        // waits for either, https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/servicecatalog/wait.go
        let beyond = self.answer && text == "CREATED" && listed("CREATING");
        if !shape.values.is_empty() && !listed(text) && !beyond {
            let values = shape.values.join(", ");
            self.add(&given, path, &format!("satisfy enum value set: [{values}]"));
        }
        if let Some(pattern) = &shape.pattern
            && !shape.matches(text)
        {
            let constraint = format!("satisfy regular expression pattern: {pattern}");
            self.add(&given, path, &constraint);
        }
    }
}

/// `stackName` for `StackName`, as AWS spells paths.
fn below(path: &str, name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    let name: String = first.into_iter().chain(letters).collect();
    if path.is_empty() {
        name
    } else {
        format!("{path}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Spelling, read, servicecatalog};
    use serde_json::{Value, json};

    fn refused(operation: &str, input: Value) -> String {
        let model = &servicecatalog::MODEL;
        let refusal = read(
            model,
            operation,
            input,
            Spelling::Json,
            "ValidationException",
        );
        refusal.unwrap_err().message
    }

    #[test]
    fn everything_that_is_violated_is_told_at_once_as_aws_tells_it() {
        let message = refused(
            "CreatePortfolio",
            json!({ "DisplayName": "", "Tags": [{ "Key": "a*", "Value": "v" }], "IdempotencyToken": "-" }),
        );
        for part in [
            "4 validation errors detected: ",
            "Value null at 'providerName' failed to satisfy constraint: Member must not be null",
            "Value '' at 'displayName' failed to satisfy constraint: Member must have length greater than or equal to 1",
            "Value 'a*' at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: ",
            "Value '-' at 'idempotencyToken' failed",
        ] {
            assert!(message.contains(part), "{part}\n{message}");
        }
    }

    #[test]
    fn enumerations_and_numbers_are_held() {
        let id = "prod-1";
        let update = json!({ "ProductId": id, "ProvisioningArtifactId": "pa-1", "Guidance": "NO" });
        let message = refused("UpdateProvisioningArtifact", update);
        assert!(
            message.contains("satisfy enum value set: [DEFAULT, DEPRECATED]"),
            "{message}"
        );
        let message = refused("ListServiceActions", json!({ "PageSize": 21 }));
        assert!(
            message.contains("have value less than or equal to 20"),
            "{message}"
        );
    }
}
