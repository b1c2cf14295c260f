//! Service Catalog: products and their versions, portfolios and what hangs on
//! them, service actions, tag options, shares, provisioned products.
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_Reference.html>

pub(crate) mod action;
pub(crate) mod action_association;
mod artifact;
pub(crate) mod constraint;
mod page;
pub(crate) mod portfolio;
pub(crate) mod principal;
mod product;
mod product_creation;
mod product_search;
mod provisioned;
mod provisioned_search;
mod quota;
pub(crate) mod share;
pub(crate) mod tag_option;
pub(crate) mod tag_option_association;
mod template;
mod token;

use crate::context::{Context, Reply, run};
use crate::state::catalog::Catalog;
use crate::wire::ApiError;
use serde_json::Value;

const BAD_INPUT: &str = "ValidationException";

pub(crate) fn call(context: &mut Context<'_>, operation: &str, input: Value) -> Reply {
    token::once(context, operation, input, carry_out)
}

fn carry_out(c: &mut Context<'_>, operation: &str, input: Value) -> Reply {
    match operation {
        "CreateProduct" => run(c, input, BAD_INPUT, product_creation::create),
        "DescribeProductAsAdmin" => run(c, input, BAD_INPUT, product::describe),
        "UpdateProduct" => run(c, input, BAD_INPUT, product::update),
        "DeleteProduct" => run(c, input, BAD_INPUT, product::delete),
        "SearchProductsAsAdmin" => run(c, input, BAD_INPUT, product_search::search),
        "CreateProvisioningArtifact" => run(c, input, BAD_INPUT, artifact::create),
        "DescribeProvisioningArtifact" => run(c, input, BAD_INPUT, artifact::describe),
        "UpdateProvisioningArtifact" => run(c, input, BAD_INPUT, artifact::update),
        "DeleteProvisioningArtifact" => run(c, input, BAD_INPUT, artifact::delete),
        "ListProvisioningArtifacts" => run(c, input, BAD_INPUT, artifact::list),
        "CreateServiceAction" => run(c, input, BAD_INPUT, action::create),
        "DescribeServiceAction" => run(c, input, BAD_INPUT, action::describe),
        "UpdateServiceAction" => run(c, input, BAD_INPUT, action::update),
        "DeleteServiceAction" => run(c, input, BAD_INPUT, action::delete),
        "ListServiceActions" => run(c, input, BAD_INPUT, action::list),
        "AssociateServiceActionWithProvisioningArtifact" => {
            run(c, input, BAD_INPUT, action_association::associate)
        }
        "DisassociateServiceActionFromProvisioningArtifact" => {
            run(c, input, BAD_INPUT, action_association::disassociate)
        }
        "BatchAssociateServiceActionWithProvisioningArtifact" => {
            run(c, input, BAD_INPUT, action_association::batch_associate)
        }
        "BatchDisassociateServiceActionFromProvisioningArtifact" => {
            run(c, input, BAD_INPUT, action_association::batch_disassociate)
        }
        "ListServiceActionsForProvisioningArtifact" => {
            run(c, input, BAD_INPUT, action_association::list)
        }
        _ => of_portfolios(c, operation, input),
    }
}

fn of_portfolios(c: &mut Context<'_>, operation: &str, input: Value) -> Reply {
    match operation {
        "CreatePortfolio" => run(c, input, BAD_INPUT, portfolio::create),
        "DescribePortfolio" => run(c, input, BAD_INPUT, portfolio::describe),
        "UpdatePortfolio" => run(c, input, BAD_INPUT, portfolio::update),
        "DeletePortfolio" => run(c, input, BAD_INPUT, portfolio::delete),
        "ListPortfolios" => run(c, input, BAD_INPUT, portfolio::list),
        "ListPortfoliosForProduct" => run(c, input, BAD_INPUT, portfolio::list_of_product),
        "AssociateProductWithPortfolio" => run(c, input, BAD_INPUT, portfolio::associate),
        "DisassociateProductFromPortfolio" => run(c, input, BAD_INPUT, portfolio::disassociate),
        "AssociatePrincipalWithPortfolio" => run(c, input, BAD_INPUT, principal::associate),
        "DisassociatePrincipalFromPortfolio" => run(c, input, BAD_INPUT, principal::disassociate),
        "ListPrincipalsForPortfolio" => run(c, input, BAD_INPUT, principal::list),
        "CreateConstraint" => run(c, input, BAD_INPUT, constraint::create),
        "DescribeConstraint" => run(c, input, BAD_INPUT, constraint::describe),
        "UpdateConstraint" => run(c, input, BAD_INPUT, constraint::update),
        "DeleteConstraint" => run(c, input, BAD_INPUT, constraint::delete),
        "ListConstraintsForPortfolio" => run(c, input, BAD_INPUT, constraint::list),
        "CreateTagOption" => run(c, input, BAD_INPUT, tag_option::create),
        "DescribeTagOption" => run(c, input, BAD_INPUT, tag_option::describe),
        "UpdateTagOption" => run(c, input, BAD_INPUT, tag_option::update),
        "DeleteTagOption" => run(c, input, BAD_INPUT, tag_option::delete),
        "ListTagOptions" => run(c, input, BAD_INPUT, tag_option::list),
        "AssociateTagOptionWithResource" => {
            run(c, input, BAD_INPUT, tag_option_association::associate)
        }
        "DisassociateTagOptionFromResource" => {
            run(c, input, BAD_INPUT, tag_option_association::disassociate)
        }
        "ListResourcesForTagOption" => run(c, input, BAD_INPUT, tag_option_association::resources),
        "CreatePortfolioShare" => run(c, input, BAD_INPUT, share::create),
        "UpdatePortfolioShare" => run(c, input, BAD_INPUT, share::update),
        "DeletePortfolioShare" => run(c, input, BAD_INPUT, share::delete),
        "DescribePortfolioShares" => run(c, input, BAD_INPUT, share::describe),
        "DescribePortfolioShareStatus" => run(c, input, BAD_INPUT, share::status),
        "AcceptPortfolioShare" => run(c, input, BAD_INPUT, share::accept),
        "ListAcceptedPortfolioShares" => run(c, input, BAD_INPUT, share::list_accepted),
        "ProvisionProduct" => run(c, input, BAD_INPUT, provisioned::provision),
        "UpdateProvisionedProduct" => run(c, input, BAD_INPUT, provisioned::update),
        "TerminateProvisionedProduct" => run(c, input, BAD_INPUT, provisioned::terminate),
        "DescribeRecord" => run(c, input, BAD_INPUT, provisioned::describe_record),
        "DescribeProvisionedProduct" => run(c, input, BAD_INPUT, provisioned_search::describe),
        "ScanProvisionedProducts" => run(c, input, BAD_INPUT, provisioned_search::scan),
        "SearchProvisionedProducts" => run(c, input, BAD_INPUT, provisioned_search::search),
        _ => Err(ApiError::new(
            400,
            "UnknownOperationException",
            format!("the local AWS has no servicecatalog operation {operation}"),
        )),
    }
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(400, "InvalidParametersException", message)
}

fn not_found(message: impl Into<String>) -> ApiError {
    ApiError::new(400, "ResourceNotFoundException", message)
}

fn in_use(message: impl Into<String>) -> ApiError {
    ApiError::new(400, "ResourceInUseException", message)
}

fn duplicate(message: impl Into<String>) -> ApiError {
    ApiError::new(400, "DuplicateResourceException", message)
}

fn catalog<'a>(context: &'a mut Context<'_>) -> &'a mut Catalog {
    &mut context.here_mut().catalog
}
