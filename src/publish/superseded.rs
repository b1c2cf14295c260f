//! What is in the way of the constraints that a stack makes: Service Catalog has one of these kinds at
//! most for a product in a portfolio, and CloudFormation makes a new one before it deletes an old one.
//! Accounts from before this catalog have theirs in other stacks; those are deleted first. In the stack
//! itself they have to keep their logical ids.
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateConstraint.html>

use super::declared::{of_type, value};
use super::plan_input::PlanInput;
use super::stack_template::json;
use super::{LiveStack, Reference, Stack};
use crate::product::Key;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A constraint that has to go before a stack can make its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Superseded {
    /// `cons-…`
    pub constraint: String,
    /// `LAUNCH` or `RESOURCE_UPDATE`: what it says about is the same in the stack's own.
    pub kind: String,
    /// The logical id of the stack's own.
    pub by: String,
    /// The product's key.
    pub product: Key,
    /// `prod-…`
    pub product_id: String,
    /// `port-…`
    pub portfolio: String,
}

/// The kinds of which a product has one at most in a portfolio, by the end of the resource's type.
const KINDS: [(&str, &str); 2] = [
    ("LaunchRoleConstraint", "LAUNCH"),
    ("ResourceUpdateConstraint", "RESOURCE_UPDATE"),
];

/// What is in the way of a stack that is there already.
pub(super) fn superseded(
    known: &PlanInput<'_>,
    stack: &Stack,
    live: &LiveStack,
) -> Vec<Superseded> {
    let Some(portfolio) = known.observed.portfolios.get(&stack.name) else {
        return Vec::new();
    };
    let template = json(&stack.template);
    let mut found = Vec::new();
    for (of_type_name, kind) in KINDS {
        for (logical_id, properties) in of_type(&template, of_type_name) {
            let own = portfolio.declared_constraints.get(logical_id);
            let is_there = own.is_some_and(|id| portfolio.constraints.contains_key(id));
            let Some((key, product)) = product(known, stack, properties).filter(|_| !is_there)
            else {
                continue;
            };
            let of = value(
                known.desired,
                known.observed,
                live,
                &properties["PortfolioId"],
            );
            if of.as_ref() != Some(&portfolio.id) {
                continue;
            }
            let others = portfolio.constraints.iter();
            let others = others.filter(|(_, one)| one.kind == kind && one.product == product);
            found.extend(others.map(|(id, _)| Superseded {
                constraint: id.clone(),
                kind: kind.to_owned(),
                by: logical_id.clone(),
                product: key.clone(),
                product_id: product.clone(),
                portfolio: portfolio.id.clone(),
            }));
        }
    }
    found.sort();
    found
}

/// Who sees a portfolio, and what tells them apart.
const PRINCIPAL: (&str, &str) = ("PortfolioPrincipalAssociation", "PrincipalARN");

/// What a product has in a portfolio's stack, by the end of the resource's type, and what the portfolio's
/// file calls its logical id.
const PARTS: [(&str, &str); 3] = [
    ("PortfolioProductAssociation", "association"),
    ("LaunchRoleConstraint", "launch"),
    ("ResourceUpdateConstraint", "tagUpdate"),
];

/// What has another logical id in the live stack: why that can't be deployed, and the way out.
pub(super) fn renamed(
    known: &PlanInput<'_>,
    stack: &Stack,
    live: &LiveStack,
) -> Option<(String, String)> {
    let (before, after) = (live.template.json(), json(&stack.template));
    let text = |property: &Value| value(known.desired, known.observed, live, property);
    let (kind, property) = PRINCIPAL;
    for (former, properties) in of_type(before, kind) {
        let arn = text(&properties[property]);
        let mut same = of_type(&after, kind)
            .filter(|(_, properties)| arn.is_some() && text(&properties[property]) == arn);
        let is_kept = after["Resources"].get(former).is_some();
        if let Some((logical_id, _)) = same.next().filter(|_| !is_kept) {
            return Some((
                format!(
                    "{former}, which lets {} see the portfolio, would be made a second time as {logical_id} and then deleted: what is deleted is the only one",
                    arn.unwrap_or_default()
                ),
                format!(
                    "in the portfolio's file, write `principalIds: {{ PRINCIPAL: {former} }}` with what names the principal there, generate, publish"
                ),
            ));
        }
    }
    PARTS.into_iter().find_map(|(kind, field)| {
        let ids: BTreeMap<String, &String> = of_type(before, kind)
            .filter_map(|(logical_id, properties)| {
                Some((text(&properties["ProductId"])?, logical_id))
            })
            .collect();
        of_type(&after, kind).find_map(|(logical_id, properties)| {
            let (key, product) = product(known, stack, properties)?;
            let former = ids.get(&product)?;
            let is_kept = after["Resources"].get(former.as_str()).is_some();
            (*former != logical_id && !is_kept).then(|| {
                (
                    format!("{former}, of the product {key}, would be made a second time as {logical_id} and then deleted: {}", match field {
                        "association" => "what is deleted is the only association, and the product is gone from the portfolio",
                        _ => "Service Catalog takes no second constraint of its kind",
                    }),
                    format!("in the portfolio's file, give the product `logicalIds: {{ {field}: {former} }}`, generate, publish"),
                )
            })
        })
    })
}

/// The product that a resource of a stack is about: its key and its id.
fn product(known: &PlanInput<'_>, stack: &Stack, properties: &Value) -> Option<(Key, String)> {
    let parameter = properties["ProductId"]["Ref"].as_str()?;
    let reference = stack.parameters.get(parameter)?;
    match reference {
        Reference::ProductId(key) => Some((key.clone(), known.value(reference)?)),
        _ => None,
    }
}

impl Superseded {
    /// What it means for people.
    pub(super) fn impact(&self) -> String {
        let Superseded {
            constraint,
            by,
            product,
            ..
        } = self;
        match self.kind.as_str() {
            "LAUNCH" => format!(
                "the launch role of {product} comes from {constraint}, which is deleted so that {by} can be made: nobody can launch, change or end {product} from there until the stack is done"
            ),
            _ => format!("{constraint} is deleted so that {by} can be made for {product}"),
        }
    }
}
