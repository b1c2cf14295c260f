//! A portfolio of an account as its data file, and each product's place in it.

use super::held::{HeldConstraint, HeldPortfolio};
use serde_json::Value as Json;

/// The file of a portfolio without products, and what it can't say.
pub fn portfolio(held: &HeldPortfolio, stack: &str) -> (String, Vec<String>) {
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
    if !held.tag_options.is_empty() {
        told.push(format!(
            "its launches offer tag options: write them into portfolios/tag-options.yaml and their keys under `tagOptions`: {}",
            held.tag_options.join(", ")
        ));
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
            "STACKSET" => stack_set(&says["Properties"], &mut lines),
            "LAUNCH" => {
                let role = says["RoleArn"].as_str().or(says["LocalRoleName"].as_str());
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
