//! Service Catalog: products and their versions, portfolios and what hangs on
//! them, service actions, tag options, shares, provisioned products.
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_Reference.html>

pub(crate) mod action;
pub(crate) mod action_association;
mod action_execution;
mod artifact;
pub(crate) mod constraint;
mod page;
mod path;
mod plan;
pub(crate) mod portfolio;
pub(crate) mod principal;
mod product;
mod product_creation;
mod product_search;
mod provisioned;
mod provisioned_search;
mod quota;
mod record;
pub(crate) mod share;
pub(crate) mod tag_option;
pub(crate) mod tag_option_association;
mod template;
mod token;

use crate::api::operations;
use crate::context::{Context, Reply};
use crate::state::catalog::Catalog;
use crate::wire::ApiError;
use serde_json::Value;

pub(crate) fn call(context: &mut Context<'_>, operation: &str, input: Value) -> Reply {
    token::once(context, operation, input, carry_out)
}

fn carry_out(context: &mut Context<'_>, operation: &str, input: Value) -> Reply {
    operations! { servicecatalog, context, operation, input;
        CreateProduct => product_creation::create,
        DescribeProductAsAdmin => product::describe,
        UpdateProduct => product::update,
        DeleteProduct => product::delete,
        SearchProductsAsAdmin => product_search::search,
        CreateProvisioningArtifact => artifact::create,
        DescribeProvisioningArtifact => artifact::describe,
        UpdateProvisioningArtifact => artifact::update,
        DeleteProvisioningArtifact => artifact::delete,
        ListProvisioningArtifacts => artifact::list,
        CreateServiceAction => action::create,
        DescribeServiceAction => action::describe,
        UpdateServiceAction => action::update,
        DeleteServiceAction => action::delete,
        ListServiceActions => action::list,
        AssociateServiceActionWithProvisioningArtifact => action_association::associate,
        DisassociateServiceActionFromProvisioningArtifact => action_association::disassociate,
        BatchAssociateServiceActionWithProvisioningArtifact => action_association::batch_associate,
        BatchDisassociateServiceActionFromProvisioningArtifact => action_association::batch_disassociate,
        ListServiceActionsForProvisioningArtifact => action_association::list,
        CreatePortfolio => portfolio::create,
        DescribePortfolio => portfolio::describe,
        UpdatePortfolio => portfolio::update,
        DeletePortfolio => portfolio::delete,
        ListPortfolios => portfolio::list,
        ListPortfoliosForProduct => portfolio::list_of_product,
        AssociateProductWithPortfolio => portfolio::associate,
        DisassociateProductFromPortfolio => portfolio::disassociate,
        AssociatePrincipalWithPortfolio => principal::associate,
        DisassociatePrincipalFromPortfolio => principal::disassociate,
        ListPrincipalsForPortfolio => principal::list,
        CreateConstraint => constraint::create,
        DescribeConstraint => constraint::describe,
        UpdateConstraint => constraint::update,
        DeleteConstraint => constraint::delete,
        ListConstraintsForPortfolio => constraint::list,
        CreateTagOption => tag_option::create,
        DescribeTagOption => tag_option::describe,
        UpdateTagOption => tag_option::update,
        DeleteTagOption => tag_option::delete,
        ListTagOptions => tag_option::list,
        AssociateTagOptionWithResource => tag_option_association::associate,
        DisassociateTagOptionFromResource => tag_option_association::disassociate,
        ListResourcesForTagOption => tag_option_association::resources,
        CreatePortfolioShare => share::create,
        UpdatePortfolioShare => share::update,
        DeletePortfolioShare => share::delete,
        DescribePortfolioShares => share::describe,
        DescribePortfolioShareStatus => share::status,
        AcceptPortfolioShare => share::accept,
        ListAcceptedPortfolioShares => share::list_accepted,
        ProvisionProduct => provisioned::provision,
        UpdateProvisionedProduct => provisioned::update,
        TerminateProvisionedProduct => provisioned::terminate,
        DescribeRecord => record::describe,
        GetProvisionedProductOutputs => provisioned::outputs,
        ListLaunchPaths => path::list,
        DescribeProvisioningParameters => path::parameters,
        CreateProvisionedProductPlan => plan::create,
        DescribeProvisionedProductPlan => plan::describe,
        ListProvisionedProductPlans => plan::list,
        ExecuteProvisionedProductPlan => plan::execute,
        DeleteProvisionedProductPlan => plan::delete,
        DescribeServiceActionExecutionParameters => action_execution::parameters,
        ExecuteProvisionedProductServiceAction => action_execution::execute,
        DescribeProvisionedProduct => provisioned_search::describe,
        ScanProvisionedProducts => provisioned_search::scan,
        SearchProvisionedProducts => provisioned_search::search,
    }
}

/// The role behind the caller's session, or the user.
pub(crate) fn principal_of(context: &Context<'_>) -> String {
    path::principal(context)
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
