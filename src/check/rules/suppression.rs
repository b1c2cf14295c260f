//! `suppression`: findings that a model declares as meant to be.
//!
//! A suppression stands at one resource, names one rule and gives a reason. One without a reason,
//! one of a rule that isn't there, and one that suppresses nothing any more, is a finding itself.

use super::super::{Check, Finding, Rule, Severity};
use super::RULES;
use crate::cfn::{Path, Suppression, Template};
use crate::yaml::nearest;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "suppression",
    severity: Severity::Error,
    what: "A suppression has a reason, and something to suppress.",
    why: "A suppression without use hides the next finding.",
    fix: "say why the finding is meant to be, or remove the suppression",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-metadata.html",
    check: Check::Own,
};

/// Every suppression of a template with the logical id it stands at, those of cfn-lint with them.
pub fn suppressions(template: &Template) -> Vec<(String, Suppression)> {
    template
        .resources
        .iter()
        .flat_map(|(id, resource)| {
            let found = Suppression::of(resource).into_iter();
            found.map(move |suppression| (id.clone(), suppression))
        })
        .collect()
}

/// The findings without those that are suppressed.
pub(in crate::check) fn apply(
    product: &str,
    template: &Template,
    mut findings: Vec<Finding>,
) -> Vec<Finding> {
    let mut faults = Vec::new();
    for (id, resource) in &template.resources {
        let place = Path::of(["Resources", id]);
        let at = place.to_string();
        let inside = format!("{at}.");
        let fault = |message: String| RULE.finding(product, place.clone(), message);
        for Suppression { rule, reason } in Suppression::of(resource) {
            if reason.trim().is_empty() {
                faults.push(fault(format!("`{rule}` is suppressed without a reason")));
            }
            if reason == Suppression::UNFILLED {
                let mut finding = fault(format!(
                    "`{rule}` is suppressed, and nobody has said why yet"
                ));
                finding.severity = Severity::Note;
                finding.hint =
                    "write the reason in the model, or mend what the rule finds".to_owned();
                faults.push(finding);
            }
            // Only cfn-lint itself knows whether its own rule would find something.
            if rule.starts_with(Suppression::CFN_LINT) {
                continue;
            }
            if !RULES.iter().any(|known| known.id == rule) {
                let mut finding = fault(format!("there is no rule `{rule}` to suppress"));
                let known = RULES.iter().map(|known| known.id);
                if let Some(near) = nearest(&rule, known) {
                    finding.hint = format!("did you mean `{near}`?");
                }
                faults.push(finding);
                continue;
            }
            let before = findings.len();
            findings.retain(|finding| {
                finding.rule != rule || !(finding.path == at || finding.path.starts_with(&inside))
            });
            if findings.len() == before {
                faults.push(fault(format!(
                    "`{rule}` is suppressed, and finds nothing here"
                )));
            }
        }
    }
    findings.extend(faults);
    findings
}

#[cfg(test)]
mod tests {
    use super::super::super::check_template;
    use super::*;
    use crate::cfn::Builder;

    crate::resource_type! {
        struct Unknown = "AWS::S3::Object";
    }

    fn checked(rule: &str, reason: &str) -> Vec<Finding> {
        let mut builder = Builder::new("a file");
        builder.resource("File", Unknown::bare().suppress(rule, reason));
        builder.resource("Other", Unknown::bare());
        let template = builder.build().unwrap();
        assert_eq!(suppressions(&template).len(), 1);
        let key: crate::product::Key = "files".parse().unwrap();
        check_template(&key, &template, "")
    }

    fn findings(rule: &str, reason: &str) -> Vec<(String, &'static str)> {
        checked(rule, reason)
            .into_iter()
            .map(|finding| (finding.path, finding.rule))
            .collect()
    }

    #[test]
    fn leaves_out_the_rule_at_that_resource_only() {
        assert_eq!(
            findings("schema", "a macro makes it"),
            [("Resources.Other.Type".to_owned(), "schema")]
        );
    }

    #[test]
    fn a_reason_that_nobody_has_filled_in_is_told_and_keeps_nobody_waiting() {
        let found = checked("schema", Suppression::UNFILLED);
        let own = found.iter().find(|one| one.rule == RULE.id).unwrap();
        assert_eq!(own.severity, Severity::Note);
        assert!(
            own.message.contains("nobody has said why yet"),
            "{}",
            own.message
        );
    }

    #[test]
    fn a_rule_that_is_not_there_is_answered_with_the_nearest() {
        let found = checked("encryptoin", "it is meant to be");
        let fault = found.iter().find(|one| one.rule == RULE.id).unwrap();
        assert_eq!(fault.message, "there is no rule `encryptoin` to suppress");
        assert_eq!(fault.hint, "did you mean `encryption`?");
    }

    #[test]
    fn a_suppression_without_use_or_reason_is_found() {
        let found = findings("limits", " ");
        assert_eq!(
            found.iter().filter(|(_, rule)| *rule == RULE.id).count(),
            2,
            "{found:?}"
        );
        assert_eq!(
            found.iter().filter(|(_, rule)| *rule == "schema").count(),
            2
        );
    }
}
