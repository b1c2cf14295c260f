//! The stack of one portfolio.
//!
//! Products come by their ids as parameters: the publisher makes them through the API, which alone
//! keeps the ids of their versions.

use super::rule::rules_text;
use super::{CatalogFiles, Launch, LogicalId, Placement, Portfolio, Principal, Share, TagUpdate};
use crate::cfn::{
    BuildError, Builder, Handle, Output, ParameterDeclaration, ParameterHandle, Sub, Template,
    Value, import_value,
};
use crate::product::Key;
use crate::resource::servicecatalog as sc;

/// The template of a portfolio.
///
/// # Errors
/// Everything in the files that keeps the template from holding together, such as two products
/// with one logical id.
pub fn portfolio_template(
    organization_name: &str,
    catalog: &CatalogFiles,
    portfolio: &Portfolio,
) -> Result<Template, BuildError> {
    let mut builder = Builder::new(portfolio.description.as_str());
    let parameters: Vec<ParameterHandle<String>> = portfolio
        .products
        .iter()
        .map(|placement| product_id_parameter(&mut builder, &placement.product))
        .collect();
    let handle = builder.resource(
        portfolio.logical_id.as_str(),
        sc::Portfolio::new(portfolio.name.as_str(), organization_name)
            .description(portfolio.description.as_str()),
    );
    for principal in &portfolio.principals {
        associate_principal(&mut builder, catalog, portfolio, &handle, principal);
    }
    for (placement, product) in portfolio.products.iter().zip(&parameters) {
        place(&mut builder, catalog, &handle, placement, product);
    }
    for share in &portfolio.shares {
        if let Share::Account(account) = &share.value {
            let share = sc::PortfolioShare::new(account.as_str(), &handle).share_tag_options(true);
            builder.resource(&format!("ShareWith{account}"), share);
        }
    }
    builder.output(
        &format!("{}Id", portfolio.logical_id.value),
        Output::new(&handle, "Id of the portfolio").export(super::export_name(
            &portfolio.stack,
            &format!("{}Id", portfolio.logical_id.value),
        )),
    );
    builder.build()
}

fn product_id_parameter(builder: &mut Builder, product: &Key) -> ParameterHandle<String> {
    builder.parameter(
        super::product_parameter(product).as_str(),
        ParameterDeclaration::string()
            .description(format!("Id of the product {product}"))
            .allowed_pattern("^prod-[a-z0-9]{13}$", "prod- and 13 letters or digits"),
    )
}

fn associate_principal(
    builder: &mut Builder,
    catalog: &CatalogFiles,
    file: &Portfolio,
    portfolio: &Handle<sc::Portfolio>,
    principal: &Principal,
) {
    let (kind, arn): (&str, Value<String>) = match principal {
        Principal::EndUserRole(key) => ("IAM", import_value(catalog.end_user_role_export(key))),
        Principal::Import(name) => ("IAM", import_value(Sub::new(name.as_str()))),
        Principal::RoleName(name) => (
            "IAM",
            Sub::new("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${name}")
                .with::<String>("name", name.as_str())
                .into(),
        ),
        Principal::Arn(arn) => ("IAM", arn.into()),
        Principal::Pattern(arn) => ("IAM_PATTERN", arn.into()),
    };
    builder.resource(
        file.principal_id(principal).as_str(),
        sc::PortfolioPrincipalAssociation::new(kind)
            .portfolio_id(portfolio)
            .principal_arn(arn),
    );
}

fn place(
    builder: &mut Builder,
    catalog: &CatalogFiles,
    portfolio: &Handle<sc::Portfolio>,
    placement: &Placement,
    product: &ParameterHandle<String>,
) {
    let association = builder.resource(
        placement.association_id().as_str(),
        sc::PortfolioProductAssociation::new()
            .portfolio_id(portfolio)
            .product_id(product),
    );
    if let Some(constraint) = launch_constraint(catalog, portfolio, placement, product) {
        builder.resource(
            placement.launch_id().as_str(),
            constraint.depends_on(&association),
        );
    }
    let tag_update = match placement.tag_update {
        TagUpdate::Allowed => "ALLOWED",
        TagUpdate::NotAllowed => "NOT_ALLOWED",
    };
    builder.resource(
        placement.tag_update_id().as_str(),
        sc::ResourceUpdateConstraint::new(portfolio, product, tag_update).depends_on(&association),
    );
    let id = |suffix: &str| LogicalId::of_key(&placement.product, suffix);
    if !placement.rules.is_empty() {
        builder.resource(
            id("TemplateConstraint").as_str(),
            sc::LaunchTemplateConstraint::new(portfolio, product, rules_text(&placement.rules))
                .depends_on(&association),
        );
    }
    if !placement.notify.is_empty() {
        let topics: Vec<Sub> = placement
            .notify
            .iter()
            .map(|arn| Sub::new(arn.as_str()))
            .collect();
        builder.resource(
            id("NotificationConstraint").as_str(),
            sc::LaunchNotificationConstraint::new(topics, portfolio, product)
                .depends_on(&association),
        );
    }
    if let Some(stack_set) = &placement.stack_set {
        let accounts: Vec<&str> = stack_set
            .accounts
            .iter()
            .map(|account| account.as_str())
            .collect();
        let regions: Vec<&str> = stack_set.regions.iter().map(String::as_str).collect();
        let control = if stack_set.users_change_stacks {
            "ALLOWED"
        } else {
            "NOT_ALLOWED"
        };
        let constraint = sc::StackSetConstraint::new(
            accounts,
            Sub::new(stack_set.admin_role.as_str()),
            "Launches into several accounts",
            stack_set.execution_role.as_str(),
            portfolio,
            product,
            regions,
            control,
        );
        builder.resource(
            id("StackSetConstraint").as_str(),
            constraint.depends_on(&association),
        );
    }
}

fn launch_constraint(
    catalog: &CatalogFiles,
    portfolio: &Handle<sc::Portfolio>,
    placement: &Placement,
    product: &ParameterHandle<String>,
) -> Option<sc::LaunchRoleConstraint> {
    let constraint = sc::LaunchRoleConstraint::new(portfolio, product);
    match placement.launch.as_ref().map(|launch| &launch.value) {
        Some(Launch::AsUser) => None,
        Some(Launch::Import(name)) => {
            Some(constraint.role_arn(import_value(Sub::new(name.as_str()))))
        }
        Some(Launch::LocalRoleName(name)) => Some(constraint.local_role_name(name.as_str())),
        None if placement.stack_set.is_some() => None,
        None => {
            let role = catalog.launch_role_export(&placement.product)?;
            Some(constraint.role_arn(import_value(role)))
        }
    }
}
