//! `metadata-service`: machines answer to version 2 of the instance metadata service only.

use super::super::{Check, Report, Rule, Severity, Subject};

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

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::EC2::Instance") {
        let is_off = view.is(&["MetadataOptions", "HttpEndpoint"], "disabled");
        let is_launch_template = view.get(&["LaunchTemplate"]).is_some();
        if !is_off
            && !is_launch_template
            && !view.is(&["MetadataOptions", "HttpTokens"], "required")
        {
            let at = view.path(&["MetadataOptions", "HttpTokens"]);
            report.at(at, "version 1 of the metadata service answers");
        }
    }
    for view in subject.of_type("AWS::EC2::LaunchTemplate") {
        let path = ["LaunchTemplateData", "MetadataOptions", "HttpTokens"];
        if !view.is(&path, "required") {
            report.at(
                view.path(&path),
                "version 1 of the metadata service answers",
            );
        }
    }
}
