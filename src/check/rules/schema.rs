//! `schema`: every resource is what AWS's schema of its type says.
//!
//! Schemas know nothing of functions. So each resource is looked at in every form that it can
//! take; what stays unknown offline is taken for right.

use super::super::{Check, Report, Rule, Severity, Subject, View};
use super::given::{gives, is_other};
use crate::cfn::{IndexMap, IndexSet, Node, Path};
use crate::yaml::nearest;
use serde_json::{Map, Value as Json};
use std::rc::Rc;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "schema",
    severity: Severity::Error,
    what: "Every resource is what AWS's schema of its type says.",
    why: "CloudFormation refuses it in the middle of a launch.",
    fix: "the resource type's page in the CloudFormation reference says what it takes",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html",
    check: Check::Template(check),
};

/// The keywords that say which properties there are, and of which type: macros take texts of their own in
/// place of numbers, lists and maps.
const STRUCTURE: [&str; 10] = [
    "additionalProperties",
    "anyOf",
    "dependentRequired",
    "oneOf",
    "properties",
    "propertyNames",
    "required",
    "requiredOr",
    "requiredXor",
    "type",
];

/// More than so many further messages on one place say nothing more.
const FEW: usize = 3;

/// The properties of a view as JSON. What the next view of the resource shares isn't written again.
#[derive(Default)]
struct Written<'s> {
    of: Option<View<'s>>,
    json: Json,
}

impl<'s> Written<'s> {
    fn json(&mut self, view: View<'s>) -> &Json {
        let before = self.of.replace(view).filter(|before| before.id == view.id);
        if before.is_none() {
            self.json = Json::Object(Map::new());
        }
        if let Json::Object(json) = &mut self.json {
            json.retain(|name, _| view.properties.contains_key(name.as_str()));
            for (name, node) in view.properties {
                let old = before.and_then(|before| before.properties.get(name));
                if !old.is_some_and(|old| Rc::ptr_eq(old, node)) {
                    json.insert((*name).to_owned(), node.to_json());
                }
            }
        }
        &self.json
    }
}

fn check(subject: &Subject<'_>, report: &mut Report) {
    let mut unseen = IndexSet::default();
    // A macro of somebody's own may make something else of it.
    let mut macros = subject.template.macros();
    let severity = match macros.any(|name| !name.starts_with("AWS::")) {
        true => Severity::Warning,
        false => Severity::Error,
    };
    let mut written = Written::default();
    let mut found: IndexMap<(Path, &str), Vec<(Severity, String)>> = IndexMap::default();
    let mut last = None;
    for view in subject.views() {
        // The first is what the form opens with.
        let is_first = last.replace(view.id) != Some(view.id);
        let kind = view.resource.kind.as_str();
        if is_custom(kind) {
            let token = view.properties.get("ServiceToken");
            let is_token = |token: &Rc<Node>| match token.as_str() {
                Some(text) => text.starts_with("arn:"),
                None => token.as_intrinsic().is_some(),
            };
            if !token.is_some_and(is_token) {
                report.at(
                    view.path(&["ServiceToken"]),
                    "a custom resource names in ServiceToken the ARN of what makes it",
                );
            }
            continue;
        }
        let Some(faults) = resource_schemas::faults(kind, written.json(view)) else {
            if !is_known(subject, kind) {
                let message = match kind.starts_with("AWS::Serverless::") {
                    true => format!(
                        "`{kind}` is of a macro: the template needs `Transform: AWS::Serverless-2016-10-31`"
                    ),
                    false => {
                        let near = nearest(kind, resource_schemas::types());
                        let near = near.map(|near| format!("; did you mean `{near}`?"));
                        format!(
                            "`{kind}` is no known resource type{}",
                            near.unwrap_or_default()
                        )
                    }
                };
                report.of(severity, view.at().join("Type"), message);
            } else if resource_schemas::is_type(kind) {
                unseen.insert(kind);
            }
            continue;
        };
        given_things(subject, &view, &written.json, report);
        for fault in faults {
            // Two numbers that people choose may be at odds where nothing is wrong with either.
            if !is_first && ["notAbove", "productAtMost"].contains(&fault.keyword) {
                continue;
            }
            // A macro adds what is missing and takes words of its own; a value that its property can't
            // have is rarely meant for one.
            let severity = match STRUCTURE.contains(&fault.keyword) {
                true => severity,
                false => Severity::Error,
            };
            let place = (view.path(&[]).join_all(fault.path), fault.keyword);
            let told = found.entry(place).or_default();
            if !told.iter().any(|(_, message)| *message == fault.message) {
                told.push((severity, fault.message));
            }
        }
    }
    for ((at, _), told) in found {
        // What a form offers may be wrong many times over, each time for the same reason.
        let further = told.len().saturating_sub(1);
        for (severity, message) in told {
            match further > FEW {
                true => {
                    let message = format!("{message}; {further} further values are no better");
                    report.of(severity, at, message);
                    break;
                }
                false => report.of(severity, at.clone(), message),
            }
        }
    }
    if !unseen.is_empty() {
        let names = Vec::from_iter(unseen).join(" ");
        let message = format!(
            "the properties of these types aren't looked at: `cargo xtask vendor add {names}` brings their schemas"
        );
        report.of(Severity::Note, Path::of(["Resources"]), message);
    }
}

/// References that give another thing of a resource than their place takes, or that of another resource.
fn given_things(subject: &Subject<'_>, view: &View<'_>, json: &Json, report: &mut Report) {
    for (path, wanted) in resource_schemas::formats(&view.resource.kind, json) {
        let at = path.iter().try_fold(json, |at, key| match at {
            Json::Array(items) => items.get(key.parse::<usize>().ok()?),
            other => other.get(key),
        });
        let Some(given) = at.and_then(|function| gives(subject.template, function)) else {
            continue;
        };
        if is_other(&given, wanted) {
            let message = format!("it gives `{given}`, and the place takes `{wanted}`");
            report.at(view.path(&[]).join_all(path), message);
        }
    }
}

/// Whether there is such a type, or may be: AWS's, those of others, and what macros make.
fn is_known(subject: &Subject<'_>, kind: &str) -> bool {
    let is_of_aws = kind.starts_with("AWS::");
    let is_serverless = kind.starts_with("AWS::Serverless::");
    let mut macros = subject.template.macros();
    resource_schemas::is_type(kind)
        || is_serverless && macros.any(|name| name.starts_with("AWS::Serverless"))
        || !is_of_aws && kind.split("::").count() >= 3
}

/// Types whose properties only their own handler knows.
fn is_custom(kind: &str) -> bool {
    kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource"
}
