//! `fixed-name`: what keeps its name beyond its stack can be made again.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::text::is_left_out;
use crate::cfn::{DeletionPolicy, Intrinsic, Node, Path, Resource};
use crate::resource;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "fixed-name",
    severity: Severity::Error,
    what: "What is kept and has a fixed name goes when its creation is rolled back.",
    why: "An operation that is rolled back leaves it, and every further try finds that its name is taken.",
    fix: "set DeletionPolicy to RetainExceptOnCreate, or let CloudFormation make the name",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (id, resource) in &subject.template.resources {
        if resource.deletion_policy == Some(DeletionPolicy::Retain)
            && let Some(name) = name_of(resource)
        {
            report.of(
                subject.of_house(),
                Path::of(["Resources", id, "DeletionPolicy"]),
                format!("it is kept after a rollback, and {name} gives it the same name again"),
            );
        }
    }
}

/// The property that names the resource, where it is set: what identifies a resource and can't change
/// once it is there.
fn name_of(resource: &Resource) -> Option<&'static str> {
    let facts = resource::facts(&resource.kind)?;
    facts.primary_identifier.iter().find_map(|path| {
        let [name] = path else { return None };
        let node = resource.properties.get(*name)?;
        facts.property(name)?;
        (!may_be_left_out(node)).then_some(*name)
    })
}

/// A person who names a thing on the launch form can choose another name.
fn may_be_left_out(node: &Node) -> bool {
    match node.as_intrinsic() {
        Some(Intrinsic::If {
            then, otherwise, ..
        }) => may_be_left_out(then) || may_be_left_out(otherwise),
        _ => is_left_out(node),
    }
}
