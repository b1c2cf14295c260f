//! `parameter-pattern`: a pattern is one that CloudFormation's dialect, Java's, reads.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Path;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "parameter-pattern",
    severity: Severity::Error,
    what: "A pattern is one that CloudFormation's dialect, Java's, reads.",
    why: "The launch form refuses every value, or the template itself is refused.",
    fix: "write the pattern as java.util.regex reads it",
    source: "https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/regex/Pattern.html",
    check: Check::Template(check),
};

/// What other dialects take, and Java's doesn't or takes for something else.
const FOREIGN: [(&str, &str); 4] = [
    ("(?P<", "a named group is written (?<name>…)"),
    ("(?P=", "a named group is repeated with \\k<name>"),
    ("[[:", "a character class is written \\p{Alpha}"),
    ("(?#", "a pattern can't hold a comment"),
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (name, parameter) in &subject.template.parameters {
        let Some(pattern) = &parameter.allowed_pattern else {
            continue;
        };
        let at = Path::of(["Parameters", name, "AllowedPattern"]);
        if let Err(error) = subject.pattern(name) {
            report.at(at.clone(), format!("the pattern can't be read: {error}"));
        }
        for (foreign, what) in FOREIGN {
            if pattern.contains(foreign) {
                report.at(
                    at.clone(),
                    format!("Java's dialect has no `{foreign}`: {what}"),
                );
            }
        }
    }
}
