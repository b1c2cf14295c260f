//! `launch-form`: every parameter has a group and a label on the launch form.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Node, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "launch-form",
    severity: Severity::Warning,
    what: "Every parameter has a group and a label on the launch form.",
    why: "Service Catalog shows what has none at the end, under its bare name.",
    fix: "declare it with a group and a label",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-interface.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    let interface = subject
        .template
        .metadata
        .get("AWS::CloudFormation::Interface");
    let section = |key: &str| interface.and_then(|interface| interface.get(key));
    let grouped: Vec<&str> = section("ParameterGroups")
        .and_then(Node::as_list)
        .into_iter()
        .flatten()
        .filter_map(|group| group.get("Parameters")?.as_list())
        .flatten()
        .filter_map(Node::as_str)
        .collect();
    let groups = section("ParameterGroups").and_then(Node::as_list);
    for (index, group) in groups.into_iter().flatten().enumerate() {
        let label = group.get("Label").and_then(|label| label.get("default"));
        if label.and_then(Node::as_str).is_none() {
            let at = Path::of([
                "Metadata",
                "AWS::CloudFormation::Interface",
                "ParameterGroups",
            ]);
            report.at(at.join(index.to_string()), "the group has no label");
        }
    }
    for name in subject.template.parameters.keys() {
        let at = || Path::of(["Parameters", name]);
        if !grouped.contains(&name.as_str()) {
            report.at(
                at(),
                format!("`{name}` stands in no group of the launch form"),
            );
        }
        if section("ParameterLabels")
            .and_then(|labels| labels.get(name)?.get("default")?.as_str())
            .is_none()
        {
            report.at(at(), format!("`{name}` has no label on the launch form"));
        }
    }
    for name in grouped {
        if !subject.template.parameters.contains_key(name) {
            let at = Path::of([
                "Metadata",
                "AWS::CloudFormation::Interface",
                "ParameterGroups",
            ]);
            report.at(at, format!("a group names `{name}`, which is no parameter"));
        }
    }
}
