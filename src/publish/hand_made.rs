//! What somebody has made by hand and a stack that doesn't exist yet would make a second time, or fail
//! to make: settled before anything is changed.

use super::declared::{of_type, value};
use super::plan_input::PlanInput;
use super::stack_template::json;
use super::{LiveStack, Stack, recorded_portfolio};
use crate::environment::environment_path;
use serde_json::Value;

/// What is in a new stack's way: what, and the way out.
pub(super) fn in_the_way(known: &PlanInput<'_>, stack: &Stack) -> Vec<(String, String)> {
    let template = json(&stack.template);
    let observed = known.observed;
    let environment = &known.desired.environment;
    let file = environment_path(environment);
    let mut found = Vec::new();
    let text = |property: &Value| value(known.desired, observed, &LiveStack::default(), property);
    if let Some(id) = &stack.recorded_portfolio {
        found.extend(recorded_portfolio::in_the_way(known, stack, id));
    }
    let new = of_type(&template, "Portfolio").filter(|_| stack.recorded_portfolio.is_none());
    for (_, properties) in new {
        let name = text(&properties["DisplayName"]);
        let same = observed.in_the_way.portfolios.iter();
        for (id, _) in same.filter(|(_, other)| Some(*other) == name.as_ref()) {
            found.push((
                format!("somebody has made a portfolio of its name, {id}: people would see two"),
                format!(
                    "to take it over, write `portfolios: {{ KEY: {{ id: {id} }} }}` with the portfolio's key into {file}; otherwise rename it in the console (`aws servicecatalog update-portfolio --id {id} --display-name NAME`)"
                ),
            ));
        }
    }
    for (_, properties) in of_type(&template, "TagOption") {
        let pair = text(&properties["Key"]).zip(text(&properties["Value"]));
        let Some((key, value)) = pair else { continue };
        if let Some(id) = observed
            .in_the_way
            .tag_options
            .get(&format!("{key}={value}"))
        {
            found.push((
                format!("the tag option {key}={value} exists already, {id}, and Service Catalog takes none twice"),
                format!(
                    "delete it where nothing uses it (`aws servicecatalog list-resources-for-tag-option --tag-option-id {id}`, `aws servicecatalog delete-tag-option --id {id}`); otherwise take the value out of portfolios/tag-options.yaml"
                ),
            ));
        }
    }
    let resources = template["Resources"].as_object().into_iter().flatten();
    for (_, resource) in resources.filter(|(_, one)| one["Type"] == "AWS::IAM::Role") {
        let name = text(&resource["Properties"]["RoleName"]);
        if let Some(name) = name.filter(|name| observed.in_the_way.roles.contains(name)) {
            found.push((
                format!("somebody has made a role of a name that it makes, {name}"),
                format!(
                    "rename or delete that role where nothing uses it (`aws iam get-role --role-name {name}` says when it was used last), or import it into the stack"
                ),
            ));
        }
    }
    found
}
