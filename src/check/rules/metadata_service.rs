//! `metadata-service`: machines answer to version 2 of the instance metadata service only.

use super::super::{Check, Report, Rule, Severity, Subject, View};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "metadata-service",
    severity: Severity::Error,
    what: "Machines answer to version 2 of the instance metadata service only.",
    why: "Version 1 hands the machine's credentials to whatever can make it fetch a URL.",
    fix: "set MetadataOptions.HttpTokens to required",
    source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
    check: Check::Template(check),
};

const ANSWERS: &str = "version 1 of the metadata service answers";

/// Where nobody says which versions answer, the image or the account does.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html>
fn severity(subject: &Subject<'_>, view: View<'_>, path: &[&str]) -> Severity {
    subject.of_house_unless(view.get(path).is_some())
}

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::EC2::Instance") {
        let is_off = view.is(&["MetadataOptions", "HttpEndpoint"], "disabled");
        let is_launch_template = view.get(&["LaunchTemplate"]).is_some();
        if !is_off
            && !is_launch_template
            && !view.is(&["MetadataOptions", "HttpTokens"], "required")
        {
            let path = ["MetadataOptions", "HttpTokens"];
            let severity = severity(subject, view, &path);
            report.of(severity, view.path(&path), ANSWERS);
        }
    }
    for view in subject.of_type("AWS::EC2::LaunchTemplate") {
        let path = ["LaunchTemplateData", "MetadataOptions", "HttpTokens"];
        if !view.is(&path, "required") {
            report.of(severity(subject, view, &path), view.path(&path), ANSWERS);
        }
    }
}
