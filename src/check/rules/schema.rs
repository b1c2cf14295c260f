//! `schema`: every resource is what AWS's schema of its type says.
//!
//! Schemas know nothing of functions. So each resource is looked at in every form that it can
//! take; what stays unknown offline is taken for right.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Node, map_to_json};
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value as Json;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "schema",
    severity: Severity::Error,
    what: "Every resource is what AWS's schema of its type says.",
    why: "CloudFormation refuses it in the middle of a launch.",
    fix: "the resource type's page in the CloudFormation reference says what it takes",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.views() {
        let kind = view.resource.kind.as_str();
        if is_custom(kind) {
            let token = view.properties.get("ServiceToken");
            let is_token = |token: &Node| match token.as_str() {
                Some(text) => text.starts_with("arn:"),
                None => token.as_intrinsic().is_some(),
            };
            if !token.is_some_and(is_token) {
                report.at(
                    view.path(&["ServiceToken"]),
                    "a custom resource names in ServiceToken the ARN of what makes it",
                );
            }
            continue;
        }
        let properties = map_to_json(view.properties);
        let Some(errors) = resource_schemas::errors(kind, &properties) else {
            report.at(
                view.at().join("Type"),
                format!("`{kind}` is no known resource type"),
            );
            continue;
        };
        for error in errors {
            if is_about_unknown(&error) || is_number_as_text(&error) {
                continue;
            }
            let pointer = error.instance_path().as_str();
            let at = pointer
                .split('/')
                .skip(1)
                .map(|segment| segment.replace("~1", "/").replace("~0", "~"))
                .fold(view.path(&[]), |path, segment| path.join(segment));
            report.at(at, error.to_string());
        }
    }
}

/// Types whose properties only their own handler knows.
fn is_custom(kind: &str) -> bool {
    kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource"
}

/// Whether an error speaks of a value that isn't known offline: a function that remained, or a
/// choice between shapes that holds one.
fn is_about_unknown(error: &ValidationError<'_>) -> bool {
    let value = error.instance();
    match error.kind() {
        ValidationErrorKind::Required { .. } | ValidationErrorKind::AdditionalProperties { .. } => {
            is_function(value)
        }
        _ => holds_function(value),
    }
}

/// Whether a number stands where text is wanted: CloudFormation writes it as text.
fn is_number_as_text(error: &ValidationError<'_>) -> bool {
    let ValidationErrorKind::Type { kind } = error.kind() else {
        return false;
    };
    let takes_text = match kind {
        TypeKind::Single(wanted) => *wanted == JsonType::String,
        TypeKind::Multiple(wanted) => wanted.contains(JsonType::String),
    };
    takes_text && error.instance().is_number()
}

fn is_function(value: &Json) -> bool {
    value.as_object().is_some_and(|map| {
        map.len() == 1
            && map
                .keys()
                .all(|key| key == "Ref" || key.starts_with("Fn::"))
    })
}

fn holds_function(value: &Json) -> bool {
    match value {
        Json::Object(map) => is_function(value) || map.values().any(holds_function),
        Json::Array(items) => items.iter().any(holds_function),
        _ => false,
    }
}
