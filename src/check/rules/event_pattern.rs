//! `event-pattern`: an event pattern is one, and asks for what events have.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Node, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "event-pattern",
    severity: Severity::Error,
    what: "An event pattern is one, and asks for what events have.",
    why: "EventBridge refuses a pattern of another form, and a key that no event has matches none: nothing is ever called.",
    fix: "each field has a list of values or matchers; the keys of events are written with hyphens",
    source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html",
    check: Check::Template(check),
};

/// The fields of every event.
/// <https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html>
const FIELDS: [&str; 11] = [
    "$or",
    "account",
    "detail",
    "detail-type",
    "id",
    "region",
    "replay-name",
    "resources",
    "source",
    "time",
    "version",
];

/// What compares otherwise than by being the same.
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>
const MATCHERS: [&str; 8] = [
    "anything-but",
    "cidr",
    "equals-ignore-case",
    "exists",
    "numeric",
    "prefix",
    "suffix",
    "wildcard",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::Events::Rule") {
        let at = view.path(&["EventPattern"]);
        let Some(Node::Map(fields)) = view.get(&["EventPattern"]) else {
            continue;
        };
        for name in fields
            .keys()
            .filter(|name| !FIELDS.contains(&name.as_str()))
        {
            if name.starts_with("Fn::") {
                continue;
            }
            let near = crate::yaml::nearest(name, FIELDS);
            let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            report.at(
                at.join(name),
                format!("no event has a field `{name}`{near}"),
            );
        }
        let sources = fields.get("source").and_then(Node::as_list);
        for source in sources.into_iter().flatten().filter_map(Node::as_str) {
            if source.ends_with(".amazonaws.com") {
                let message =
                    format!("no event is of the source `{source}`: AWS's begin with `aws.`");
                report.at(at.join("source"), message);
            }
        }
        pattern(
            &at,
            view.get(&["EventPattern"]).unwrap_or(&Node::Null),
            report,
        );
    }
}

/// A field: further fields, or the list of what it may be.
fn pattern(at: &Path, node: &Node, report: &mut Report) {
    match node {
        Node::Map(fields) if fields.is_empty() => {
            report.at(at.clone(), "an empty pattern: it needs a field at least");
        }
        Node::Map(fields) => {
            for (name, field) in fields {
                let at = at.join(name);
                match (name.as_str(), field) {
                    ("$or", Node::List(all)) => {
                        for (index, one) in all.iter().enumerate() {
                            pattern(&at.join(index.to_string()), one, report);
                        }
                    }
                    _ => pattern(&at, field, report),
                }
            }
        }
        Node::List(values) if values.is_empty() => {
            report.at(at.clone(), "an empty list: nothing would match");
        }
        Node::List(values) => {
            for (index, value) in values.iter().enumerate() {
                let at = at.join(index.to_string());
                match value {
                    Node::Map(matcher) => {
                        let unknown = |name: &&String| !MATCHERS.contains(&name.as_str());
                        if let Some(name) = matcher.keys().find(unknown) {
                            let known = MATCHERS.join(", ");
                            report.at(at, format!("`{name}` is no matcher: there are {known}"));
                        }
                    }
                    Node::List(_) => report.at(at, "a list within the list of values"),
                    _ => {}
                }
            }
        }
        // What isn't known offline may be a list.
        Node::Intrinsic(_) => {}
        _ => report.at(
            at.clone(),
            "one value: a pattern has a list of values, `[value]`",
        ),
    }
}
