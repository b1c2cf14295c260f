//! What a recorded portfolio holds by hand that its stack, which doesn't exist yet, would make.
//!
//! CloudFormation makes nothing that is there: of constraints Service Catalog takes one of these kinds for a
//! product in a portfolio, and not a launch role beside a stack set. That the handlers of associations refuse
//! one that exists is unproved: handlers have to, and the calls behind these don't. Imported with the
//! portfolio, all of them keep their ids, and nobody loses sight of anything meanwhile.
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateConstraint.html>
//! <https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html>
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-manually.html>

use super::declared::{of_type, value};
use super::plan_input::PlanInput;
use super::stack_template::json;
use super::{LivePortfolio, LiveStack, Stack};
use crate::environment::environment_path;
use serde_json::{Value, json as object};

/// The kinds of constraints of which a product has one at most, by the end of the resource's type; and those
/// beside which none of the kind can be made.
const KINDS: [(&str, &str, &[&str]); 3] = [
    ("LaunchRoleConstraint", "LAUNCH", &["LAUNCH", "STACKSET"]),
    ("StackSetConstraint", "STACKSET", &["LAUNCH", "STACKSET"]),
    (
        "ResourceUpdateConstraint",
        "RESOURCE_UPDATE",
        &["RESOURCE_UPDATE"],
    ),
];

/// Something that is there already.
struct Held {
    logical_id: String,
    what: String,
    /// As CloudFormation imports it: type and identifier; nothing where it can't become the stack's own.
    import: Option<(&'static str, Value)>,
    /// The call that takes it off.
    take_off: String,
}

/// What is in the way: what, and the way out. First the portfolio itself.
pub(super) fn in_the_way(known: &PlanInput<'_>, stack: &Stack, id: &str) -> Vec<(String, String)> {
    let template = json(&stack.template);
    let file = environment_path(&known.desired.environment);
    let Some((logical_id, _)) = of_type(&template, "Portfolio").next() else {
        return Vec::new();
    };
    let Some(Some(portfolio)) = known.observed.in_the_way.recorded.get(id) else {
        return vec![(
            format!("{id} is recorded for it in {file}, and the account has no such portfolio"),
            format!(
                "correct the id in {file}, or take it out: the stack then makes a portfolio of its own"
            ),
        )];
    };
    let held = held(known, stack, &template, portfolio);
    let identifier = object!({ "Id": id });
    let mut imports = vec![import("Portfolio", logical_id, &identifier)];
    imports.extend(held.iter().filter_map(|one| {
        let (kind, identifier) = one.import.as_ref()?;
        Some(import(kind, &one.logical_id, identifier))
    }));
    let mut found = vec![(
        format!("{id} is recorded for it in {file}, and a new stack makes a second portfolio"),
        format!(
            "import it: `aws cloudformation create-change-set --change-set-type IMPORT --stack-name {} --change-set-name import --template-body file://TEMPLATE --resources-to-import '{}'` with a TEMPLATE of those resources as {} has them, each with `DeletionPolicy: Retain`, and what they refer to written out; execute it, publish again; where CloudFormation takes no import of a type, take the record out, and the people off the old portfolio once the new one stands",
            stack.name,
            Value::Array(imports),
            stack.file
        ),
    )];
    found.extend(held.into_iter().map(|one| {
        let hint = match one.import {
            Some(_) => format!("imported with the portfolio, it is the stack's own; otherwise {}, which people notice until the stack has made its own", one.take_off),
            None => format!("{}; people notice until the stack has made its own", one.take_off),
        };
        let logical_id = &one.logical_id;
        (format!("the portfolio {id} has {} already, and {logical_id} can't be made beside it", one.what), hint)
    }));
    found
}

fn import(kind: &str, logical_id: &str, identifier: &Value) -> Value {
    object!({
        "ResourceType": format!("AWS::ServiceCatalog::{kind}"),
        "LogicalResourceId": logical_id,
        "ResourceIdentifier": identifier,
    })
}

fn held(
    known: &PlanInput<'_>,
    stack: &Stack,
    template: &Value,
    portfolio: &LivePortfolio,
) -> Vec<Held> {
    let id = &portfolio.id;
    // The stack as it would be given its parameters.
    let parameters = stack.parameters.iter();
    let given = LiveStack {
        parameters: parameters
            .filter_map(|(name, reference)| Some((name.clone(), known.value(reference)?)))
            .collect(),
        ..LiveStack::default()
    };
    let text = |property: &Value| value(known.desired, known.observed, &given, property);
    let mut held = Vec::new();
    for (logical_id, properties) in of_type(template, "PortfolioProductAssociation") {
        let product = text(&properties["ProductId"]);
        if let Some(product) = product.filter(|product| portfolio.products.contains(product)) {
            held.push(Held {
                logical_id: logical_id.clone(),
                what: format!("the product {product}"),
                import: Some((
                    "PortfolioProductAssociation",
                    object!({ "PortfolioId": id, "ProductId": product }),
                )),
                take_off: format!("`aws servicecatalog disassociate-product-from-portfolio --portfolio-id {id} --product-id {product}`"),
            });
        }
    }
    for (logical_id, properties) in of_type(template, "PortfolioPrincipalAssociation") {
        let arn = text(&properties["PrincipalARN"]);
        if let Some(arn) = arn.filter(|arn| portfolio.principals.contains(arn)) {
            held.push(Held {
                logical_id: logical_id.clone(),
                what: format!("the principal {arn}"),
                import: Some((
                    "PortfolioPrincipalAssociation",
                    object!({ "PortfolioId": id, "PrincipalARN": arn }),
                )),
                take_off: format!("`aws servicecatalog disassociate-principal-from-portfolio --portfolio-id {id} --principal-arn {arn}`"),
            });
        }
    }
    for (kind, own, excluded) in KINDS {
        for (logical_id, properties) in of_type(template, kind) {
            let product = text(&properties["ProductId"]);
            let all = portfolio.constraints.iter();
            let all = all.filter(|(_, one)| {
                Some(&one.product) == product.as_ref() && excluded.contains(&one.kind.as_str())
            });
            held.extend(all.map(|(constraint, one)| Held {
                logical_id: logical_id.clone(),
                what: format!(
                    "the constraint {constraint} ({} of {})",
                    one.kind, one.product
                ),
                import: (one.kind == own).then(|| (kind, object!({ "Id": constraint }))),
                take_off: format!("`aws servicecatalog delete-constraint --id {constraint}`"),
            }));
        }
    }
    held
}
