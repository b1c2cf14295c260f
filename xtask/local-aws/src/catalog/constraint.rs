//! Constraints on the use of a product in a portfolio. They bind all versions at once.
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateConstraint.html>

use super::{catalog, duplicate, invalid, not_found, page, portfolio, product, quota, token};
use crate::api::servicecatalog as api;
use crate::context::Context;
use crate::state::catalog::Constraint;
use crate::wire::ApiError;
use compute_catalog::product::ProductType;
use serde_json::Value;

pub(super) fn create(
    context: &mut Context<'_>,
    input: api::CreateConstraintInput,
) -> Result<api::CreateConstraintOutput, ApiError> {
    portfolio::look(context, &input.portfolio_id)?;
    product::look(context, &input.product_id)?;
    let constraint = Constraint {
        id: String::new(),
        kind: input.r#type,
        product: input.product_id,
        portfolio: input.portfolio_id,
        description: input.description,
        parameters: input.parameters,
    };
    let id = add(context, constraint)?;
    let one = find(context, &id)?;
    Ok(api::CreateConstraintOutput {
        constraint_detail: Some(detail(context, one)),
        constraint_parameters: Some(one.parameters.clone()),
        status: Some("AVAILABLE".to_owned()),
    })
}

/// Makes a constraint and returns its id.
pub(crate) fn add(
    context: &mut Context<'_>,
    mut constraint: Constraint,
) -> Result<String, ApiError> {
    check(&constraint.kind, &constraint.parameters)?;
    check_description(constraint.description.as_deref())?;
    let (portfolio, product) = (&constraint.portfolio, &constraint.product);
    // An engine has neither templates nor stacks. AWS says of template constraints that Terraform's products
    // take none; that it refuses them and stack sets for every EXTERNAL product is unproved.
    // <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/catalogs_constraints_template-constraints.html>
    let of_stacks = ["TEMPLATE", "STACKSET"].contains(&constraint.kind.as_str());
    if product::find(context, product)?.kind == ProductType::External && of_stacks {
        return Err(invalid(format!(
            "product {product} is of the type EXTERNAL, which takes no {} constraint",
            constraint.kind
        )));
    }
    if !portfolio::find(context, portfolio)?
        .products
        .contains(product)
    {
        return Err(not_found(format!(
            "Product {product} isn't associated with portfolio {portfolio}."
        )));
    }
    let of_pair: Vec<&Constraint> = context
        .here()
        .into_iter()
        .flat_map(|here| here.catalog.constraints.values())
        .filter(|other| other.portfolio == *portfolio && other.product == *product)
        .collect();
    for other in &of_pair {
        let both = [other.kind.as_str(), constraint.kind.as_str()];
        match both {
            ["LAUNCH", "STACKSET"] | ["STACKSET", "LAUNCH"] => {
                return Err(invalid(format!(
                    "a {} constraint and a {} constraint exclude each other",
                    both[0], both[1]
                )));
            }
            ["LAUNCH", "LAUNCH"]
            | ["STACKSET", "STACKSET"]
            | ["RESOURCE_UPDATE", "RESOURCE_UPDATE"] => {
                return Err(duplicate(format!(
                    "product {product} in portfolio {portfolio} has a {} constraint",
                    other.kind
                )));
            }
            _ => {}
        }
    }
    quota::check(
        "constraints of a pair",
        of_pair.len(),
        quota::CONSTRAINTS_OF_PAIR,
    )?;
    constraint.id = context.change().mint("cons-");
    let id = constraint.id.clone();
    catalog(context).constraints.insert(id.clone(), constraint);
    Ok(id)
}

fn check_description(text: Option<&str>) -> Result<(), ApiError> {
    if text.is_some_and(|text| text.chars().count() > 2000) {
        return Err(invalid("Description takes 2000 characters"));
    }
    Ok(())
}

/// What the parameters of each type have to hold.
fn check(kind: &str, parameters: &str) -> Result<(), ApiError> {
    let value: Value = serde_json::from_str(parameters)
        .map_err(|error| invalid(format!("Parameters isn't JSON: {error}")))?;
    let fields = value
        .as_object()
        .ok_or_else(|| invalid("Parameters isn't a JSON object"))?;
    let allowed: &[&str] = match kind {
        "LAUNCH" => &["RoleArn", "LocalRoleName"],
        "NOTIFICATION" => &["NotificationArns"],
        "RESOURCE_UPDATE" => &["Version", "Properties"],
        "STACKSET" => &["Version", "Properties"],
        "TEMPLATE" => &["Rules"],
        other => return Err(invalid(format!("constraint Type {other:?}"))),
    };
    if let Some(name) = fields.keys().find(|name| !allowed.contains(&name.as_str())) {
        return Err(invalid(format!(
            "a {kind} constraint has no parameter {name}"
        )));
    }
    let complete = match kind {
        "LAUNCH" => {
            fields.len() == 1
                && fields
                    .values()
                    .all(|role| role.as_str().is_some_and(|text| !text.is_empty()))
        }
        "NOTIFICATION" => value["NotificationArns"]
            .as_array()
            .is_some_and(|arns| !arns.is_empty()),
        "RESOURCE_UPDATE" => matches!(
            value["Properties"]["TagUpdateOnProvisionedProduct"].as_str(),
            Some("ALLOWED" | "NOT_ALLOWED")
        ),
        "STACKSET" => ["AccountList", "RegionList"].iter().all(|list| {
            value["Properties"][list]
                .as_array()
                .is_some_and(|some| !some.is_empty())
        }),
        _ => value["Rules"]
            .as_object()
            .is_some_and(|rules| !rules.is_empty()),
    };
    if complete {
        Ok(())
    } else {
        Err(invalid(format!(
            "the parameters of the {kind} constraint: {parameters}"
        )))
    }
}

fn missing(id: &str) -> ApiError {
    not_found(format!("Constraint {id} not found."))
}

fn find<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a Constraint, ApiError> {
    context
        .here()
        .and_then(|here| here.catalog.constraints.get(id))
        .ok_or_else(|| missing(id))
}

fn detail(context: &Context<'_>, constraint: &Constraint) -> api::ConstraintDetail {
    api::ConstraintDetail {
        constraint_id: Some(constraint.id.clone()),
        r#type: Some(constraint.kind.clone()),
        description: constraint.description.clone(),
        owner: Some(context.account().to_owned()),
        product_id: Some(constraint.product.clone()),
        portfolio_id: Some(constraint.portfolio.clone()),
    }
}

pub(super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribeConstraintInput,
) -> Result<api::DescribeConstraintOutput, ApiError> {
    let one = find(context, &input.id)?;
    Ok(api::DescribeConstraintOutput {
        constraint_detail: Some(detail(context, one)),
        constraint_parameters: Some(one.parameters.clone()),
        status: Some("AVAILABLE".to_owned()),
    })
}

pub(super) fn update(
    context: &mut Context<'_>,
    input: api::UpdateConstraintInput,
) -> Result<api::UpdateConstraintOutput, ApiError> {
    change(context, &input.id, input.description, input.parameters)?;
    let one = find(context, &input.id)?;
    Ok(api::UpdateConstraintOutput {
        constraint_detail: Some(detail(context, one)),
        constraint_parameters: Some(one.parameters.clone()),
        status: Some("AVAILABLE".to_owned()),
    })
}

pub(crate) fn change(
    context: &mut Context<'_>,
    id: &str,
    description: Option<String>,
    parameters: Option<String>,
) -> Result<(), ApiError> {
    check_description(description.as_deref())?;
    let kind = find(context, id)?.kind.clone();
    if let Some(parameters) = &parameters {
        check(&kind, parameters)?;
    }
    let constraints = &mut catalog(context).constraints;
    let constraint = constraints.get_mut(id).ok_or_else(|| missing(id))?;
    if description.is_some() {
        constraint.description = description;
    }
    if let Some(parameters) = parameters {
        constraint.parameters = parameters;
    }
    Ok(())
}

pub(super) fn delete(
    context: &mut Context<'_>,
    input: api::DeleteConstraintInput,
) -> Result<api::DeleteConstraintOutput, ApiError> {
    remove(context, &input.id)?;
    Ok(api::DeleteConstraintOutput {})
}

pub(crate) fn remove(context: &mut Context<'_>, id: &str) -> Result<(), ApiError> {
    let catalog = catalog(context);
    catalog.constraints.remove(id).ok_or_else(|| missing(id))?;
    token::forget(catalog, id);
    Ok(())
}

pub(super) fn list(
    context: &mut Context<'_>,
    input: api::ListConstraintsForPortfolioInput,
) -> Result<api::ListConstraintsForPortfolioOutput, ApiError> {
    portfolio::look(context, &input.portfolio_id)?;
    let details = context
        .here()
        .into_iter()
        .flat_map(|here| here.catalog.constraints.values())
        .filter(|one| one.portfolio == input.portfolio_id)
        .filter(|one| {
            input
                .product_id
                .as_ref()
                .is_none_or(|id| one.product == *id)
        })
        .map(|one| detail(context, one))
        .collect();
    let token = input.page_token.as_deref();
    let (some, next) = page::page(details, input.page_size, 20, token)?;
    Ok(api::ListConstraintsForPortfolioOutput {
        constraint_details: some,
        next_page_token: next,
    })
}
