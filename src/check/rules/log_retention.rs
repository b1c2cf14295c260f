//! `log-retention`: logs are kept for a time that somebody chose.

use super::super::{Check, Report, Rule, Severity, Subject};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "log-retention",
    severity: Severity::Warning,
    what: "Logs are kept for a time that somebody chose.",
    why: "Without one they are kept for ever, and paid for.",
    fix: "set RetentionInDays",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::Logs::LogGroup") {
        if view.get(&["RetentionInDays"]).is_none() {
            report.at(view.path(&["RetentionInDays"]), "logs are kept for ever");
        }
    }
}
