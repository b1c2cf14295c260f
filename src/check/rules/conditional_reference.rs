//! `conditional-reference`: what is referred to is there whenever the reference is.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::reference::each_target;
use crate::cfn::{
    IndexMap, IndexSet, Intrinsic, Node, Path, Pseudo, Scenarios, Step, Target, Template, Trail,
};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "conditional-reference",
    severity: Severity::Error,
    what: "A resource that a condition can leave out is referred to only where it is there.",
    why: "CloudFormation refuses the template for the values that leave it out.",
    fix: "give what refers to it the same condition, or choose with Fn::If",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html",
    check: Check::Template(check),
};

/// A use of a resource with what must hold there: names of conditions, and whether they hold.
struct Use<'t> {
    at: Path,
    resource: &'t str,
    holds: Vec<(&'t str, bool)>,
}

fn check(subject: &Subject<'_>, report: &mut Report) {
    let template = subject.template;
    let conditional = |name: &str| {
        let resource = template.resources.get(name);
        resource.is_some_and(|resource| resource.condition.is_some())
    };
    if !template.resources.keys().any(|name| conditional(name)) {
        return;
    }
    let mut uses = Vec::new();
    for (id, resource) in &template.resources {
        let mut holds: Vec<(&str, bool)> = resource
            .condition
            .iter()
            .map(|name| (name.as_str(), true))
            .collect();
        let resources = Trail::top("Resources");
        let properties = resources.key(id);
        let at = properties.key("Properties");
        for (name, node) in &resource.properties {
            collect(&at.key(name), node, &mut holds, &mut uses);
        }
    }
    for (name, output) in &template.outputs {
        let mut holds: Vec<(&str, bool)> = output
            .condition
            .iter()
            .map(|name| (name.as_str(), true))
            .collect();
        let outputs = Trail::top("Outputs");
        collect(
            &outputs.key(name).key("Value"),
            &output.value,
            &mut holds,
            &mut uses,
        );
    }
    let scenarios = Scenarios::of(template);
    let pseudo = Pseudo::example();
    // Many references to one resource hold under the same conditions.
    let mut decided: IndexMap<_, bool> = IndexMap::default();
    for one in uses.into_iter().filter(|one| conditional(one.resource)) {
        let key = (one.holds.clone(), one.resource);
        let fails = *decided
            .entry(key)
            .or_insert_with(|| may_be_missing(template, &scenarios, &pseudo, &one));
        if fails {
            let message = format!("`{}` may not be there, and this is", one.resource);
            report.at(one.at, message);
        }
    }
}

fn collect<'t>(
    at: &Trail<'_>,
    node: &'t Node,
    holds: &mut Vec<(&'t str, bool)>,
    uses: &mut Vec<Use<'t>>,
) {
    match node {
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(&at.down(Step::Index(index)), item, holds, uses);
            }
        }
        Node::Map(map) => {
            for (key, value) in map {
                collect(&at.key(key), value, holds, uses);
            }
        }
        Node::Intrinsic(function) => match &**function {
            Intrinsic::If {
                condition,
                then,
                otherwise,
            } => {
                for (value, node) in [(true, then), (false, otherwise)] {
                    holds.push((condition, value));
                    collect(&at.key("If"), node, holds, uses);
                    holds.pop();
                }
            }
            function => {
                each_target(function, &mut |target| {
                    if let Target::Name(resource) | Target::Attribute { resource, .. } = target {
                        let holds = holds.clone();
                        uses.push(Use {
                            at: at.path(),
                            resource,
                            holds,
                        });
                    }
                });
                for (step, part) in function.parts() {
                    collect(&at.down(step), part, holds, uses);
                }
            }
        },
        _ => {}
    }
}

/// Whether some values of the form bring the use without the resource.
fn may_be_missing(
    template: &Template,
    scenarios: &Scenarios<'_>,
    pseudo: &Pseudo,
    one: &Use<'_>,
) -> bool {
    let Some(condition) = template
        .resources
        .get(one.resource)
        .and_then(|r| r.condition.as_deref())
    else {
        return false;
    };
    // The same condition decides, without regard to what it asks.
    if one.holds.contains(&(condition, true)) {
        return false;
    }
    let names = one.holds.iter().map(|(name, _)| *name).chain([condition]);
    let parameters: IndexSet<&str> = names
        .flat_map(|name| scenarios.parameters_of_condition(name))
        .collect();
    scenarios.over(&parameters).iter().any(|scenario| {
        let evaluation = scenarios.evaluate(scenario, pseudo);
        let there = one
            .holds
            .iter()
            .all(|(name, value)| evaluation.condition(name) == Some(*value));
        there && evaluation.condition(condition) == Some(false)
    })
}
