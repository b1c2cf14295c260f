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
const FOREIGN: [(&str, &str); 9] = [
    ("(?P<", "a named group is written (?<name>…)"),
    ("(?P=", "a named group is repeated with \\k<name>"),
    ("(?P>", "a pattern can't call its own groups"),
    ("(?R", "a pattern can't call itself"),
    ("(?(", "a pattern can't branch on a group"),
    ("[[:", "a character class is written \\p{Alpha}"),
    ("(?#", "a pattern can't hold a comment"),
    ("\\K", "a match can't be cut"),
    ("\\u{", "a character is written \\x{…}"),
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (name, parameter) in &subject.template.parameters {
        let Some(pattern) = &parameter.allowed_pattern else {
            continue;
        };
        let mut found = Vec::new();
        // Java lets a look ahead be repeated, to no effect.
        let mut is_java = false;
        if let Err(error) = subject.pattern(name) {
            is_java = error.contains("repeat operator") && pattern.contains(")?");
            found.push(format!("the pattern can't be read: {error}"));
        }
        // What stands after an escaped backslash is no escape.
        let plain = pattern.replace("\\\\", "  ");
        for (foreign, what) in FOREIGN {
            if plain.contains(foreign) {
                found.push(format!("Java's dialect has no `{foreign}`: {what}"));
            }
        }
        for (start, closes, what) in [
            ("(?<", '>', "a group's name is made of letters and digits"),
            ("\\k<", '>', "a group's name is made of letters and digits"),
        ] {
            let names = plain.match_indices(start).map(|(at, _)| {
                let rest = &plain[at + start.len()..];
                rest.split(closes).next().unwrap_or_default()
            });
            let is_name = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric());
            for name in names.filter(|name| !name.starts_with(['=', '!']) && !is_name(name)) {
                found.push(format!("`{name}` names no group: {what}"));
            }
        }
        if plain.contains("(?<=") || plain.contains("(?<!") {
            found.extend(looks_back_without_end(&plain));
        }
        // One place, one finding: what can't be read is often foreign as well.
        if !found.is_empty() {
            let at = Path::of(["Parameters", name, "AllowedPattern"]);
            let severity = match is_java && found.len() == 1 {
                true => Severity::Warning,
                false => Severity::Error,
            };
            report.of(severity, at, found.join("; "));
        }
    }
}

/// A look behind without an end: Java wants to know how far back it goes.
fn looks_back_without_end(pattern: &str) -> Option<String> {
    let unbounded = |group: &str| group.contains(['*', '+']) || group.contains(",}");
    let mut starts = pattern
        .match_indices("(?<=")
        .chain(pattern.match_indices("(?<!"));
    starts
        .any(|(at, start)| {
            let rest = &pattern[at + start.len()..];
            unbounded(rest.split(')').next().unwrap_or_default())
        })
        .then(|| "a look behind has no greatest length".to_owned())
}
