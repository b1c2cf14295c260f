//! `limits`: the sizes and numbers that CloudFormation takes.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Node, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "limits",
    severity: Severity::Error,
    what: "The template keeps to CloudFormation's sizes and numbers, and has a description.",
    why: "CloudFormation refuses what is larger, and people know a stack by its description.",
    fix: "make it smaller, or split the product; say what the stack is",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html",
    check: Check::Template(check),
};

/// Bytes of a template that is given inline: the body of every stack's own change set.
const BODY_BYTES: usize = 51_200;
/// Bytes of a template that is read from S3.
const BODY_BYTES_OF_S3: usize = 1_000_000;
const DESCRIPTION_BYTES: usize = 1_024;
const PARAMETERS: usize = 200;
const MAPPINGS: usize = 200;
const MAPPING_ATTRIBUTES: usize = 200;
const RESOURCES: usize = 500;
const OUTPUTS: usize = 200;
const PARAMETER_VALUE_BYTES: usize = 4_096;
/// Tags of a resource of EC2.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions>
const TAGS: usize = 50;
/// Characters of a function's code that stands in the template.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html>
const INLINE_CODE_CHARACTERS: usize = 4_096;

fn check(subject: &Subject<'_>, report: &mut Report) {
    let template = subject.template;
    let mut limit = |path: &str, what: &str, is: usize, at_most: usize| {
        if is > at_most {
            let path = Path::of(path.split('.'));
            report.at(path, format!("{is} {what}; CloudFormation takes {at_most}"));
        }
    };
    if subject.is_of_catalog {
        limit("Template", "bytes", subject.body.len(), BODY_BYTES);
    } else {
        limit("Template", "bytes", subject.body.len(), BODY_BYTES_OF_S3);
    }
    let description = template.description.as_deref().unwrap_or_default();
    limit("Description", "bytes", description.len(), DESCRIPTION_BYTES);
    limit(
        "Parameters",
        "parameters",
        template.parameters.len(),
        PARAMETERS,
    );
    limit("Mappings", "mappings", template.mappings.len(), MAPPINGS);
    limit(
        "Resources",
        "resources",
        template.resources.len(),
        RESOURCES,
    );
    limit("Outputs", "outputs", template.outputs.len(), OUTPUTS);
    for (name, rows) in &template.mappings {
        limit(
            &format!("Mappings.{name}"),
            "keys",
            rows.len(),
            MAPPING_ATTRIBUTES,
        );
        for (top, row) in rows {
            limit(
                &format!("Mappings.{name}.{top}"),
                "keys",
                row.len(),
                MAPPING_ATTRIBUTES,
            );
        }
    }
    for (name, parameter) in &template.parameters {
        let default = parameter
            .default
            .as_ref()
            .and_then(|node| node.scalar_text());
        let bytes = default.map_or(0, |text| text.len());
        limit(
            &format!("Parameters.{name}.Default"),
            "bytes",
            bytes,
            PARAMETER_VALUE_BYTES,
        );
    }
    for (id, resource) in &template.resources {
        let code = resource.properties.get("Code").and_then(Node::as_map);
        let inline = code
            .and_then(|code| code.get("ZipFile"))
            .and_then(Node::as_str);
        // CloudFormation takes more by now; what keeps to the older limit is taken everywhere.
        let is_function = resource.kind == "AWS::Lambda::Function";
        if let Some(code) = inline.filter(|_| is_function && subject.is_of_catalog) {
            limit(
                &format!("Resources.{id}.Properties.Code.ZipFile"),
                "characters of inline code",
                code.chars().count(),
                INLINE_CODE_CHARACTERS,
            );
        }
    }
    for (id, resource) in &template.resources {
        let tags = resource.properties.get("Tags").and_then(Node::as_list);
        let count = tags.map_or(0, <[Node]>::len);
        if resource.kind.starts_with("AWS::EC2::") && count > TAGS {
            let at = Path::properties(id).join("Tags");
            report.at(at, format!("{count} tags; EC2 takes {TAGS} for a resource"));
        }
    }
    if subject.is_cut() {
        report.of(
            Severity::Note,
            Path::of(["Parameters"]),
            "its form offers more values than are tried one by one: only the first were looked at",
        );
    }
}
