//! Template constraints: rules on the values of a launch form.
//! <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/reference-template_constraint_rules.html>

use crate::context::Context;
use crate::wire::ApiError;
use compute_catalog::cfn::Template;
use serde_json::Value;
use std::collections::BTreeMap;

/// Refuses values that a rule on the path forbids, or that can't be decided.
pub(super) fn check(
    context: &Context<'_>,
    path: &str,
    product: &str,
    template: &Template,
    values: &BTreeMap<String, String>,
) -> Result<(), ApiError> {
    let constraints = context
        .here()
        .into_iter()
        .flat_map(|here| here.catalog.constraints.values());
    for one in constraints {
        if one.kind != "TEMPLATE" || one.portfolio != path || one.product != product {
            continue;
        }
        let rules: Value = serde_json::from_str(&one.parameters).map_err(ApiError::internal)?;
        for (name, rule) in rules["Rules"].as_object().into_iter().flatten() {
            obey(name, rule, template, values)
                .map_err(|message| ApiError::new(400, "ValidationError", message))?;
        }
    }
    Ok(())
}

fn obey(
    name: &str,
    rule: &Value,
    template: &Template,
    values: &BTreeMap<String, String>,
) -> Result<(), String> {
    let holds = |test: &Value| {
        decide(test, template, values).map_err(|error| format!("rule {name}: {error}"))
    };
    let condition = rule.get("RuleCondition").or_else(|| rule.get("Condition"));
    if let Some(condition) = condition
        && !holds(condition)?
    {
        return Ok(());
    }
    for assertion in rule["Assertions"].as_array().into_iter().flatten() {
        if !holds(&assertion["Assert"])? {
            let text = assertion["AssertDescription"]
                .as_str()
                .unwrap_or("an assertion fails");
            return Err(format!("Template constraint {name}: {text}"));
        }
    }
    Ok(())
}

fn decide(
    test: &Value,
    template: &Template,
    values: &BTreeMap<String, String>,
) -> Result<bool, String> {
    let (function, arguments) = test
        .as_object()
        .filter(|map| map.len() == 1)
        .and_then(|map| map.iter().next())
        .ok_or_else(|| format!("{test} is no rule function"))?;
    let arguments = arguments
        .as_array()
        .ok_or_else(|| format!("{function} takes a list"))?;
    let each = || arguments.iter().map(|one| decide(one, template, values));
    let list = |index: usize| -> Result<Vec<String>, String> {
        let given = arguments
            .get(index)
            .ok_or_else(|| format!("{function} lacks an argument"))?;
        texts(given, template, values)
    };
    match function.as_str() {
        "Fn::And" => each()
            .collect::<Result<Vec<_>, _>>()
            .map(|all| all.into_iter().all(|one| one)),
        "Fn::Or" => each()
            .collect::<Result<Vec<_>, _>>()
            .map(|all| all.into_iter().any(|one| one)),
        "Fn::Not" => each()
            .next()
            .unwrap_or(Err("Fn::Not takes a condition".to_owned()))
            .map(|one| !one),
        "Fn::Equals" => Ok(list(0)? == list(1)?),
        "Fn::Contains" | "Fn::EachMemberIn" => {
            let (first, second) = (list(0)?, list(1)?);
            let (among, wanted) = if function == "Fn::Contains" {
                (first, second)
            } else {
                (second, first)
            };
            Ok(wanted.iter().all(|one| among.contains(one)))
        }
        "Fn::EachMemberEquals" => {
            let wanted = list(1)?;
            Ok(list(0)?.iter().all(|one| wanted.first() == Some(one)))
        }
        other => Err(format!("the local AWS doesn't decide {other}")),
    }
}

/// A text, a list of texts, or the value of a parameter, which is a list where its type is one.
fn texts(
    value: &Value,
    template: &Template,
    values: &BTreeMap<String, String>,
) -> Result<Vec<String>, String> {
    match value {
        Value::Array(items) => {
            let each = items.iter().map(|item| texts(item, template, values));
            Ok(each.collect::<Result<Vec<_>, _>>()?.concat())
        }
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Bool(_) | Value::Number(_) => Ok(vec![value.to_string()]),
        Value::Object(map) => {
            let name = map
                .get("Ref")
                .and_then(Value::as_str)
                .filter(|_| map.len() == 1);
            let name = name.ok_or_else(|| format!("the local AWS doesn't decide {value}"))?;
            let given = values
                .get(name)
                .ok_or_else(|| format!("no parameter {name}"))?;
            let kind = template
                .parameters
                .get(name)
                .map(|one| one.kind.to_string());
            let is_list =
                kind.is_some_and(|kind| kind.starts_with("List<") || kind == "CommaDelimitedList");
            Ok(if is_list {
                given
                    .split(',')
                    .map(|item| item.trim().to_owned())
                    .collect()
            } else {
                vec![given.clone()]
            })
        }
        Value::Null => Err("null in a rule".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn obeyed(rule: Value, size: &str) -> Result<(), String> {
        let body =
            "Parameters:\n  Size:\n    Type: String\nResources:\n  A:\n    Type: AWS::SNS::Topic\n";
        let template = crate::template::read(body.as_bytes()).unwrap();
        let values = BTreeMap::from([("Size".to_owned(), size.to_owned())]);
        obey("Sizes", &rule, &template, &values)
    }

    #[test]
    fn a_value_that_a_rule_forbids_is_refused_with_its_words() {
        let small = json!({ "Assertions": [{
            "Assert": { "Fn::Contains": [["small", "medium"], { "Ref": "Size" }] },
            "AssertDescription": "Take a small one.",
        }] });
        assert_eq!(obeyed(small.clone(), "small"), Ok(()));
        let error = obeyed(small, "large").unwrap_err();
        assert_eq!(error, "Template constraint Sizes: Take a small one.");
    }

    #[test]
    fn a_rule_whose_condition_fails_is_not_asked_and_one_that_nobody_can_decide_is_refused() {
        let rule = json!({
            "RuleCondition": { "Fn::Equals": [{ "Ref": "Size" }, "large"] },
            "Assertions": [{ "Assert": { "Fn::ValueOf": ["Size", "Name"] } }],
        });
        assert_eq!(obeyed(rule.clone(), "small"), Ok(()));
        let error = obeyed(rule, "large").unwrap_err();
        assert_eq!(
            error,
            "rule Sizes: the local AWS doesn't decide Fn::ValueOf"
        );
    }
}
