//! `parameter-bounds`: allowed values and bounds are literals that fit the parameter's type and each other.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Node, ParameterType, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "parameter-bounds",
    severity: Severity::Error,
    what: "Allowed values and bounds are literals that fit the parameter's type and each other.",
    why: "CloudFormation refuses the template, or no value at all fits.",
    fix: "write literals, the least below the greatest",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (name, parameter) in &subject.template.parameters {
        let at = |field: &str| Path::of(["Parameters", name, field]);
        for (index, value) in parameter.allowed_values.iter().enumerate() {
            let text = value.scalar_text();
            let is_number = text
                .as_ref()
                .is_some_and(|text| text.parse::<f64>().is_ok());
            if text.is_none() || parameter.kind == ParameterType::Number && !is_number {
                let at = at("AllowedValues").join(index.to_string());
                report.at(at, format!("it is no literal of type {}", parameter.kind));
            }
        }
        if parameter
            .default
            .as_ref()
            .is_some_and(|node| node.scalar_text().is_none())
        {
            report.at(at("Default"), "a default is a literal");
        }
        let number = |node: &Option<Node>| {
            node.as_ref()
                .map(|node| node.scalar_text()?.parse::<f64>().ok())
        };
        let bounds = [
            ("MinValue", &parameter.min_value),
            ("MaxValue", &parameter.max_value),
        ];
        for (field, bound) in bounds {
            if number(bound) == Some(None) {
                report.at(at(field), "a bound is a number");
            }
            if bound.is_some() && parameter.kind != ParameterType::Number {
                report.at(at(field), "only numbers have bounds of value");
            }
        }
        let least = number(&parameter.min_value).flatten();
        let greatest = number(&parameter.max_value).flatten();
        if least.is_some() != greatest.is_some() {
            // CloudFormation takes one of them; a form is clearer with both.
            let message = "a number has a least and a greatest value, or neither";
            report.of(subject.of_house(), at("MinValue"), message);
        }
        if least
            .zip(greatest)
            .is_some_and(|(least, greatest)| least > greatest)
            || parameter
                .min_length
                .zip(parameter.max_length)
                .is_some_and(|(least, greatest)| least > greatest)
        {
            report.at(at("MinValue"), "no value lies between the bounds");
        }
    }
}
