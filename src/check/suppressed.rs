//! `suppression`: findings that a model declares as meant to be.
//!
//! A suppression stands at one resource, names one rule and gives a reason. One without a reason,
//! and one that suppresses nothing any more, is a finding itself.

use super::Finding;
use crate::cfn::{Path, Suppression, Template};
use crate::product::Key;

const RULE: &str = "suppression";

/// How many findings a template's models declare as meant to be, those of cfn-lint with them.
pub fn suppressions(template: &Template) -> usize {
    template
        .resources
        .values()
        .map(|resource| Suppression::of(resource).len())
        .sum()
}

/// The findings without those that are suppressed.
pub(super) fn apply(
    product: &Key,
    template: &Template,
    mut findings: Vec<Finding>,
) -> Vec<Finding> {
    let mut faults = Vec::new();
    for (id, resource) in &template.resources {
        let at = Path::of(["Resources", id]).to_string();
        let inside = format!("{at}.");
        let mut fault = |message: String, hint: &str| {
            faults.push(Finding {
                product: product.to_string(),
                path: at.clone(),
                rule: RULE,
                message,
                hint: hint.to_owned(),
            });
        };
        for Suppression { rule, reason } in Suppression::of(resource) {
            if reason.trim().is_empty() {
                fault(
                    format!("`{rule}` is suppressed without a reason"),
                    "say why the finding is meant to be",
                );
            }
            // Only cfn-lint itself knows whether its own rule would find something.
            if rule.starts_with(Suppression::CFN_LINT) {
                continue;
            }
            let before = findings.len();
            findings.retain(|finding| {
                finding.rule != rule || !(finding.path == at || finding.path.starts_with(&inside))
            });
            if findings.len() == before {
                fault(
                    format!("`{rule}` is suppressed, and finds nothing here"),
                    "remove the suppression",
                );
            }
        }
    }
    findings.extend(faults);
    findings
}

#[cfg(test)]
mod tests {
    use super::super::check_template;
    use super::*;
    use crate::cfn::{Builder, Properties, ResourceType};

    struct Unknown;

    impl ResourceType for Unknown {
        const TYPE: &'static str = "AWS::S3::Object";

        fn into_properties(self) -> Properties {
            Properties::new()
        }
    }

    fn findings(rule: &str, reason: &str) -> Vec<(String, &'static str)> {
        let mut builder = Builder::new("a file");
        builder.resource("File", Unknown.declare().suppress(rule, reason));
        builder.resource("Other", Unknown);
        let template = builder.build().unwrap();
        assert_eq!(suppressions(&template), 1);
        let key: Key = "files".parse().unwrap();
        check_template(&key, &template, "")
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
    fn a_suppression_without_use_or_reason_is_found() {
        let found = findings("limits", " ");
        assert_eq!(
            found.iter().filter(|(_, rule)| *rule == RULE).count(),
            2,
            "{found:?}"
        );
        assert_eq!(
            found.iter().filter(|(_, rule)| *rule == "schema").count(),
            2
        );
    }
}
