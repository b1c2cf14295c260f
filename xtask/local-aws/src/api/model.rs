//! AWS's model of a service, as botocore publishes it.

use fancy_regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The operations of a service and the shapes that they speak in.
#[derive(Debug, Deserialize)]
pub(crate) struct Model {
    pub metadata: Metadata,
    operations: BTreeMap<String, Operation>,
    shapes: BTreeMap<String, Shape>,
}

/// How a service speaks.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    /// In front of the operation's name in `X-Amz-Target`.
    #[serde(default)]
    pub target_prefix: String,
    /// Of answers in XML.
    #[serde(default)]
    pub xml_namespace: String,
    /// The protocols that the service speaks.
    #[serde(default)]
    protocols: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Operation {
    http: Http,
    input: Option<Target>,
    output: Option<Target>,
}

/// Method and path of an operation.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Http {
    pub method: String,
    /// With names of members in braces.
    pub request_uri: String,
}

/// A shape where it is used.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Target {
    pub shape: String,
    /// The element around an answer of the query protocol.
    pub result_wrapper: Option<String>,
    /// The name on the wire, where it is another one.
    pub location_name: Option<String>,
    #[serde(default)]
    pub idempotency_token: bool,
}

/// A shape.
#[derive(Debug, Deserialize)]
pub(crate) struct Shape {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub members: BTreeMap<String, Target>,
    #[serde(default)]
    pub required: Vec<String>,
    #[serde(default, rename = "enum")]
    pub values: Vec<String>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub pattern: Option<String>,
    /// Of a list.
    pub member: Option<Target>,
    /// Of a map.
    pub value: Option<Target>,
    /// A list without an element around it.
    #[serde(default)]
    pub flattened: bool,
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

impl Model {
    /// Reads a model that this program was built with.
    pub(crate) fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|error| {
            unreachable!("the build has read this model and made types of it: {error}")
        })
    }

    pub(crate) fn has(&self, operation: &str) -> bool {
        self.operations.contains_key(operation)
    }

    #[cfg(test)]
    pub(crate) fn shapes(&self) -> impl Iterator<Item = (&String, &Shape)> {
        self.shapes.iter()
    }

    /// The operation that a method and a path name, and the members in the path, still encoded.
    pub(crate) fn route<'a>(
        &'a self,
        method: &str,
        path: &'a str,
    ) -> Option<(&'a str, Vec<(&'a str, &'a str)>)> {
        let path: Vec<&str> = path.split('/').collect();
        self.operations.iter().find_map(|(name, operation)| {
            let Http {
                method: wanted,
                request_uri,
            } = &operation.http;
            let parts: Vec<&str> = request_uri.split('/').collect();
            if wanted != method || parts.len() != path.len() {
                return None;
            }
            let mut members = Vec::new();
            for (part, given) in parts.into_iter().zip(&path) {
                match part
                    .strip_prefix('{')
                    .and_then(|part| part.strip_suffix('}'))
                {
                    Some(member) => members.push((member, *given)),
                    None if part == *given => {}
                    None => return None,
                }
            }
            Some((name.as_str(), members))
        })
    }

    pub(crate) fn input(&self, operation: &str) -> Option<&Shape> {
        let target = self.operations.get(operation)?.input.as_ref()?;
        self.shapes.get(&target.shape)
    }

    pub(crate) fn output(&self, operation: &str) -> Option<&Shape> {
        let target = self.operations.get(operation)?.output.as_ref()?;
        self.shapes.get(&target.shape)
    }

    /// The element around the answer of an operation; EC2 has none.
    pub(crate) fn wrapper(&self, operation: &str) -> Option<&str> {
        if self.metadata.protocols.iter().any(|one| one == "ec2") {
            return None;
        }
        let target = self.operations.get(operation)?.output.as_ref()?;
        Some(target.result_wrapper.as_deref().unwrap_or("Result"))
    }

    /// The member in which an operation takes its idempotency token.
    pub(crate) fn token(&self, operation: &str) -> Option<&str> {
        let shape = self.input(operation)?;
        let mut tokens = shape
            .members
            .iter()
            .filter(|(_, one)| one.idempotency_token);
        tokens.next().map(|(name, _)| name.as_str())
    }

    pub(crate) fn shape(&self, target: &Target) -> Option<&Shape> {
        self.shapes.get(&target.shape)
    }
}

impl Shape {
    /// Whether a text matches the pattern as a whole, as AWS matches it.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| {
            let pattern = self.pattern.as_deref()?;
            Regex::new(&format!("^(?:{pattern})$")).ok()
        });
        compiled
            .as_ref()
            .is_none_or(|regex| regex.is_match(text).unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{cloudformation, ec2, iam, lambda, secretsmanager, servicecatalog, sts};
    use super::*;

    #[test]
    fn every_pattern_of_aws_can_be_decided() {
        for model in [
            &cloudformation::MODEL,
            &ec2::MODEL,
            &iam::MODEL,
            &lambda::MODEL,
            &secretsmanager::MODEL,
            &servicecatalog::MODEL,
            &sts::MODEL,
        ] {
            for (name, shape) in model.shapes() {
                if let Some(pattern) = &shape.pattern {
                    assert!(
                        Regex::new(&format!("^(?:{pattern})$")).is_ok(),
                        "{name}: {pattern}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_path_names_an_operation_and_its_members() {
        let path = "/2015-03-31/functions/f/configuration";
        let found = lambda::MODEL.route("GET", path);
        assert_eq!(
            found,
            Some(("GetFunctionConfiguration", vec![("FunctionName", "f")]))
        );
        assert_eq!(lambda::MODEL.route("PUT", path), None);
    }
}
