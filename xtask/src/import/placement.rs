//! A portfolio of an account as its data file, and each product's place in it.

use super::held::{HeldConstraint, HeldPortfolio};
use serde_json::Value as Json;

/// The file of a portfolio without products, and what it can't say.
pub fn portfolio(held: &HeldPortfolio, tags: &[String], stack: &str) -> (String, Vec<String>) {
    let quoted = |text: &str| Json::from(text).to_string();
    let mut told = Vec::new();
    let mut text = format!(
        "# yaml-language-server: $schema=../generated/schemas/portfolio.json\nstack: {stack}\nlogicalId: Portfolio\nname: {}\ndescription: {}\n",
        quoted(&held.name),
        quoted(match held.description.as_str() {
            "" => held.name.as_str(),
            description => description,
        }),
    );
    let principals = held.principals.iter().map(|arn| {
        // Without an account it holds in every account that imports the portfolio.
        let kind = match arn.contains(":iam:::") {
            true => "pattern",
            false => "arn",
        };
        format!("{kind}: {}", quoted(arn))
    });
    list(&mut text, "principals", &principals.collect::<Vec<_>>());
    let mut shares = Vec::new();
    for recipient in &held.recipients {
        match recipient.as_str() {
            unit if unit.starts_with("ou-") => {
                shares.push(format!("organizationalUnit: {}", quoted(unit)));
            }
            other if other.starts_with("o-") => told.push(format!(
                "it is shared with the organization {other}: name its units under `shares`"
            )),
            account => shares.push(format!("account: {}", quoted(account))),
        }
    }
    if !shares.is_empty() {
        list(&mut text, "shares", &shares);
    }
    if !tags.is_empty() {
        text.push_str(&format!("tagOptions: {}\n", Json::from(tags)));
    }
    text.push_str("products: []\n");
    (text, told)
}

fn list(text: &mut String, key: &str, items: &[String]) {
    if items.is_empty() {
        text.push_str(&format!("{key}: []\n"));
        return;
    }
    text.push_str(&format!("{key}:\n"));
    for item in items {
        text.push_str(&format!("  - {item}\n"));
    }
}

/// The lines of a product's place in a portfolio, and what they can't say.
pub fn placement(portfolio: &HeldPortfolio, product: &str) -> (Vec<String>, Vec<String>) {
    let mut lines = vec!["tagUpdate: notAllowed".to_owned()];
    let mut told = Vec::new();
    let of_product = portfolio
        .constraints
        .iter()
        .filter(|one| one.product == product);
    for constraint in of_product {
        let HeldConstraint {
            kind, parameters, ..
        } = constraint;
        let says: Json = serde_json::from_str(parameters).unwrap_or_default();
        let taken = match kind.as_str() {
            "RESOURCE_UPDATE" => {
                if says["Properties"]["TagUpdateOnProvisionedProduct"] == "ALLOWED" {
                    lines[0] = "tagUpdate: allowed".to_owned();
                }
                true
            }
            "NOTIFICATION" => {
                let topics = says["NotificationArns"].as_array();
                let topics = topics.filter(|topics| !topics.is_empty());
                lines
                    .extend(topics.map(|topics| format!("notify: {}", Json::from(topics.clone()))));
                topics.is_some()
            }
            "TEMPLATE" => match rules(&says["Rules"]) {
                Some(rules) => {
                    lines.extend(rules);
                    true
                }
                None => false,
            },
            "STACKSET" => stack_set(&says["Properties"], &mut lines),
            "LAUNCH" => {
                let role = says["RoleArn"].as_str().or(says["LocalRoleName"].as_str());
                lines.push(format!(
                    "# Until the first publish it is launched as {}: then as the role compiled from its template.",
                    role.unwrap_or("a role that nobody has named")
                ));
                told.push(format!(
                    "in {} it was launched as {}: from the next publish on as the role that is compiled from its template",
                    portfolio.name,
                    role.unwrap_or("a role that the constraint doesn't name")
                ));
                true
            }
            _ => false,
        };
        if !taken {
            told.push(format!(
                "a constraint of the type {kind} in {} has no line here: {parameters}",
                portfolio.name
            ));
        }
    }
    (lines, told)
}

/// The rules of a launch form, as a portfolio's file says them; nothing where one says more than a file
/// can: that a parameter has one of some values, always or where another has one of some.
fn rules(says: &Json) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    for (name, rule) in says.as_object()? {
        let known = ["RuleCondition", "Assertions"];
        let rule = rule.as_object()?;
        if !rule.keys().all(|key| known.contains(&key.as_str())) {
            return None;
        }
        let when = match rule.get("RuleCondition") {
            Some(condition) => format!("when: {}, ", comparison(condition)?),
            None => String::new(),
        };
        for (index, assertion) in rule.get("Assertions")?.as_array()?.iter().enumerate() {
            let number = if index == 0 {
                String::new()
            } else {
                (index + 1).to_string()
            };
            let asserted = comparison(&assertion["Assert"])?;
            let told = assertion["AssertDescription"].as_str();
            lines.push(format!(
                "  - {{ name: {name}{number}, {when}assert: {asserted}, says: {} }}",
                Json::from(told.unwrap_or("Choose another value.")),
            ));
        }
    }
    if !lines.is_empty() {
        lines.insert(0, "rules:".to_owned());
    }
    Some(lines)
}

/// That a parameter has one of some values: `{ parameter: Size, isOneOf: ["small"] }`.
fn comparison(says: &Json) -> Option<String> {
    let says = says.as_object().filter(|says| says.len() == 1)?;
    let (function, arguments) = says.iter().next()?;
    let [left, right] = arguments.as_array()?.as_slice() else {
        return None;
    };
    let parameter = |side: &Json| {
        let reference = side.as_object().filter(|side| side.len() == 1)?;
        reference.get("Ref")?.as_str().map(str::to_owned)
    };
    let (parameter, values) = match function.as_str() {
        "Fn::Contains" => (parameter(right)?, left.as_array()?.clone()),
        "Fn::Equals" => match (parameter(left), parameter(right)) {
            (Some(name), None) => (name, vec![right.clone()]),
            (None, Some(name)) => (name, vec![left.clone()]),
            _ => return None,
        },
        _ => return None,
    };
    if values.is_empty() || !values.iter().all(Json::is_string) {
        return None;
    }
    let values = Json::from(values);
    Some(format!("{{ parameter: {parameter}, isOneOf: {values} }}"))
}

/// Whether the launches into several accounts are all said.
fn stack_set(says: &Json, lines: &mut Vec<String>) -> bool {
    let (Some(admin), Some(execution)) =
        (says["AdminRole"].as_str(), says["ExecutionRole"].as_str())
    else {
        return false;
    };
    if !says["AccountList"].is_array() || !says["RegionList"].is_array() {
        return false;
    }
    lines.push(format!(
        "stackSet: {{ accounts: {}, regions: {}, adminRole: {}, executionRole: {}, usersChangeStacks: {} }}",
        says["AccountList"],
        says["RegionList"],
        Json::from(admin),
        Json::from(execution),
        says["StackInstanceControl"] == "ALLOWED",
    ));
    true
}
