//! `constant-condition`: each condition can hold, and can fail.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::reference::each_target;
use crate::cfn::{IndexSet, Intrinsic, Node, Path, Pseudo, Scenario, Scenarios, Target, Trail};
use crate::cfn::{ParameterType, reference::walk};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "constant-condition",
    severity: Severity::Warning,
    what: "Each condition holds for some values of the form, and fails for others.",
    why: "What it decides is never made, or always: a value is misspelt, or nobody needs to ask.",
    fix: "compare with a value that the parameter takes, or take the condition out",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html",
    check: Check::Template(check),
};

/// More combinations of values aren't tried: then nothing is said.
const MOST: usize = 4096;

fn check(subject: &Subject<'_>, report: &mut Report) {
    let template = subject.template;
    if template.conditions.is_empty() {
        return;
    }
    let scenarios = Scenarios::of(template);
    let pseudo = Pseudo::example();
    for name in template.conditions.keys() {
        if asks_for_place(subject, name, &mut IndexSet::default()) {
            continue;
        }
        let parameters: Vec<&str> = scenarios.parameters_of_condition(name).collect();
        // Two literals are compared: another rule tells.
        if parameters.is_empty() {
            continue;
        }
        let Some(all) = all_values(subject, &scenarios, &parameters) else {
            continue;
        };
        let mut outcomes = all
            .iter()
            .map(|scenario| scenarios.evaluate(scenario, &pseudo).condition(name));
        let Some(Some(first)) = outcomes.next() else {
            continue;
        };
        if outcomes.all(|outcome| outcome == Some(first)) {
            let always = match first {
                true => "always holds",
                false => "never holds",
            };
            let message = format!(
                "`{name}` {always}, whatever values `{}` takes",
                parameters.join("`, `")
            );
            report.at(Path::of(["Conditions", name]), message);
        }
    }
}

/// Whether a condition asks where its stack is, itself or through others, or what isn't known here.
fn asks_for_place<'t>(subject: &Subject<'t>, name: &'t str, seen: &mut IndexSet<&'t str>) -> bool {
    if !seen.insert(name) {
        return false;
    }
    let Some(node) = subject.template.conditions.get(name) else {
        return true;
    };
    let mut asks = false;
    let mut others = Vec::new();
    walk(&Trail::top(name), node, &mut |_, function| {
        asks |= matches!(
            function,
            Intrinsic::ImportValue(_) | Intrinsic::Transform(_) | Intrinsic::GetAzs(_)
        );
        each_target(function, &mut |target| match target {
            Target::Name(name) => asks |= !subject.template.parameters.contains_key(name),
            Target::Condition(other) => others.push(other),
            _ => {}
        });
    });
    asks || others
        .into_iter()
        .any(|other| asks_for_place(subject, other, seen))
}

/// Every combination of the values of parameters that make a difference; none where these are too many,
/// or not all known.
fn all_values(
    subject: &Subject<'_>,
    scenarios: &Scenarios<'_>,
    parameters: &[&str],
) -> Option<Vec<Scenario>> {
    let mut all = vec![Scenario::default()];
    for name in parameters {
        let parameter = subject.template.parameters.get(*name)?;
        // What a list holds, and what is looked up, isn't known here.
        if !matches!(
            parameter.kind,
            ParameterType::String | ParameterType::Number
        ) {
            return None;
        }
        let pattern = subject.pattern(name).ok()?;
        let default = parameter.default.as_ref().and_then(Node::scalar_text);
        let can_be = |value: &&Option<String>| match value {
            Some(text) if *value != &default => {
                pattern.is_none_or(|pattern| pattern.is_match(text))
            }
            _ => true,
        };
        let values: Vec<&Option<String>> = scenarios.values(name).iter().filter(can_be).collect();
        if all.len().saturating_mul(values.len()) > MOST {
            return None;
        }
        let with = |scenario: &Scenario, value: &Option<String>| {
            let mut scenario = scenario.clone();
            if let Some(text) = value {
                scenario.insert((*name).to_owned(), text.clone());
            }
            scenario
        };
        all = all
            .iter()
            .flat_map(|scenario| values.iter().map(move |value| with(scenario, value)))
            .collect();
    }
    Some(all)
}
