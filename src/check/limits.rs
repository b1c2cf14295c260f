//! `limits`: the sizes and numbers that CloudFormation takes.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>

use super::Finding;
use crate::cfn::{Node, Template};
use crate::product::Key;

/// Bytes of a template that is given inline: the body of every stack's own change set.
const BODY_BYTES: usize = 51_200;
const DESCRIPTION_BYTES: usize = 1_024;
const PARAMETERS: usize = 200;
const MAPPINGS: usize = 200;
const MAPPING_ATTRIBUTES: usize = 200;
const RESOURCES: usize = 500;
const OUTPUTS: usize = 200;
const PARAMETER_VALUE_BYTES: usize = 4_096;
/// Characters of a function's code that stands in the template.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html>
const INLINE_CODE_CHARACTERS: usize = 4_096;

pub(super) fn check(product: &Key, template: &Template, body: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut limit = |path: &str, what: &str, is: usize, at_most: usize| {
        if is > at_most {
            findings.push(Finding {
                product: product.to_string(),
                path: path.to_owned(),
                rule: "limits",
                message: format!("{is} {what}; CloudFormation takes {at_most}"),
                hint: "make it smaller, or split the product".to_owned(),
            });
        }
    };
    limit("the template", "bytes", body.len(), BODY_BYTES);
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
        if let Some(code) = inline.filter(|_| resource.kind == "AWS::Lambda::Function") {
            limit(
                &format!("Resources.{id}.Properties.Code.ZipFile"),
                "characters of inline code",
                code.chars().count(),
                INLINE_CODE_CHARACTERS,
            );
        }
    }
    if description.is_empty() {
        findings.push(Finding {
            product: product.to_string(),
            path: "Description".to_owned(),
            rule: "limits",
            message: "the template has no description".to_owned(),
            hint: "say what the stack is: people and clean-up jobs read it".to_owned(),
        });
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfn::Builder;
    use crate::resource::lambda;

    #[test]
    fn inline_code_has_a_limit() {
        let paths = |characters| {
            let mut builder = Builder::new("a function");
            let code = lambda::Code::new().zip_file("x".repeat(characters));
            builder.resource("Function", lambda::Function::new(code, "role"));
            let key: Key = "functions".parse().unwrap();
            let findings = check(&key, &builder.build().unwrap(), "");
            findings
                .into_iter()
                .map(|finding| finding.path)
                .collect::<Vec<_>>()
        };
        assert!(paths(4_096).is_empty());
        assert_eq!(paths(4_097), ["Resources.Function.Properties.Code.ZipFile"]);
    }
}
