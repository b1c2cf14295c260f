//! `references`: every name, reference and function holds together.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Target, references};
use crate::resource;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "references",
    severity: Severity::Error,
    what: "Every name, reference and function holds together.",
    why: "CloudFormation refuses the template, or fails in the middle of a launch.",
    fix: "declare what is referred to, or correct the name",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for defect in subject.template.defects() {
        report.at(defect.at, defect.message);
    }
    for reference in references(subject.template) {
        if let Target::Attribute {
            resource,
            attribute,
        } = &reference.target
            && let Some(entry) = subject.template.resources.get(resource)
            && let Some(facts) = resource::facts(&entry.kind)
            && facts.attribute(attribute).is_none()
        {
            let names: Vec<&str> = facts.attributes.iter().map(|one| one.name).collect();
            report.at(
                reference.at.clone(),
                format!(
                    "`{}` has no attribute `{attribute}`: {}",
                    entry.kind,
                    names.join(", ")
                ),
            );
        }
    }
}
