//! `function-package`: a function whose code is a file archive says how it is started.

use super::super::{Check, Report, Rule, Severity, Subject};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "function-package",
    severity: Severity::Error,
    what: "A function whose code is a file archive says how it is started.",
    why: "Lambda refuses the function in the middle of a launch; AWS's schema knows no such condition.",
    fix: "name the Handler and the Runtime, or give an image",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::Lambda::Function") {
        let is_image =
            view.is(&["PackageType"], "Image") || view.get(&["Code", "ImageUri"]).is_some();
        for name in ["Handler", "Runtime"] {
            if !is_image && view.get(&[name]).is_none() {
                report.at(view.path(&[name]), format!("the function has no {name}"));
            }
        }
    }
}
