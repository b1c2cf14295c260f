//! Portfolios, associations, tag options, service actions and shares.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ServiceCatalog.html>

use super::{CreatedResource, read};
use crate::catalog::{
    action, action_association, portfolio, principal, share, tag_option, tag_option_association,
};
use crate::context::Context;
use crate::state::tag::Tag;
use crate::wire::ApiError;
use crate::wire::field;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const TYPES: [&str; 8] = [
    "AWS::ServiceCatalog::Portfolio",
    "AWS::ServiceCatalog::PortfolioPrincipalAssociation",
    "AWS::ServiceCatalog::PortfolioProductAssociation",
    "AWS::ServiceCatalog::PortfolioShare",
    "AWS::ServiceCatalog::ServiceAction",
    "AWS::ServiceCatalog::ServiceActionAssociation",
    "AWS::ServiceCatalog::TagOption",
    "AWS::ServiceCatalog::TagOptionAssociation",
];

pub(super) fn has(kind: &str) -> bool {
    TYPES.contains(&kind)
}

fn short(kind: &str) -> &str {
    kind.trim_start_matches("AWS::ServiceCatalog::")
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Portfolio {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    display_name: String,
    provider_name: String,
    description: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Principal {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    portfolio_id: String,
    #[serde(rename = "PrincipalARN")]
    principal: String,
    principal_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ProductInPortfolio {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    portfolio_id: String,
    product_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct PortfolioShare {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    portfolio_id: String,
    account_id: String,
    #[serde(default, deserialize_with = "field::flag")]
    share_tag_options: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ServiceAction {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    name: String,
    definition_type: String,
    definition: Vec<Tag>,
    description: Option<String>,
}

impl ServiceAction {
    fn definition(&self) -> BTreeMap<String, String> {
        let entries = self.definition.iter();
        entries
            .map(|entry| (entry.key.clone(), entry.value.clone()))
            .collect()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ActionOfVersion {
    product_id: String,
    provisioning_artifact_id: String,
    service_action_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct TagOption {
    key: String,
    value: String,
    #[serde(default, deserialize_with = "field::flag")]
    active: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct OptionOfResource {
    resource_id: String,
    tag_option_id: String,
}

pub(super) fn create(
    context: &mut Context<'_>,
    kind: &str,
    properties: &Value,
) -> Result<CreatedResource, ApiError> {
    match short(kind) {
        "Portfolio" => {
            let one: Portfolio = read(kind, properties)?;
            let name = one.display_name.clone();
            let id = portfolio::add(
                context,
                one.display_name,
                one.description,
                one.provider_name,
                one.tags,
            )?;
            // Nobody says that a stack waits until everybody sees what it makes.
            context.settle(&id);
            Ok(CreatedResource::new(id, &[("PortfolioName", name)]))
        }
        "PortfolioPrincipalAssociation" => {
            let one: Principal = read(kind, properties)?;
            principal::add(
                context,
                &one.portfolio_id,
                &one.principal,
                &one.principal_type,
            )?;
            Ok(CreatedResource::new(
                format!("{}|{}", one.principal, one.portfolio_id),
                &[],
            ))
        }
        "PortfolioProductAssociation" => {
            let one: ProductInPortfolio = read(kind, properties)?;
            portfolio::add_product(context, &one.portfolio_id, &one.product_id)?;
            Ok(CreatedResource::new(
                format!("{}|{}", one.portfolio_id, one.product_id),
                &[],
            ))
        }
        "PortfolioShare" => {
            let one: PortfolioShare = read(kind, properties)?;
            let options = one.share_tag_options.unwrap_or(false);
            share::with_account(context, &one.portfolio_id, &one.account_id, options)?;
            Ok(CreatedResource::new(
                format!("{}|{}", one.portfolio_id, one.account_id),
                &[],
            ))
        }
        "ServiceAction" => {
            let one: ServiceAction = read(kind, properties)?;
            if one.definition_type != "SSM_AUTOMATION" {
                return Err(super::super::invalid("DefinitionType is SSM_AUTOMATION"));
            }
            let definition = one.definition();
            let id = action::add(context, one.name, definition, one.description)?;
            context.settle(&id);
            Ok(CreatedResource::new(id.clone(), &[("Id", id)]))
        }
        "ServiceActionAssociation" => {
            let one: ActionOfVersion = read(kind, properties)?;
            let (version, action) = (one.provisioning_artifact_id, one.service_action_id);
            action_association::add(context, &one.product_id, &version, &action)?;
            Ok(CreatedResource::new(
                format!("{}|{version}|{action}", one.product_id),
                &[],
            ))
        }
        "TagOption" => {
            let one: TagOption = read(kind, properties)?;
            let active = one.active.unwrap_or(true);
            let id = tag_option::add(context, one.key, one.value, active)?;
            Ok(CreatedResource::new(id, &[]))
        }
        _ => {
            let one: OptionOfResource = read(kind, properties)?;
            tag_option_association::attach(context, &one.resource_id, &one.tag_option_id)?;
            Ok(CreatedResource::new(
                format!("{}|{}", one.tag_option_id, one.resource_id),
                &[],
            ))
        }
    }
}

pub(super) fn update(
    context: &mut Context<'_>,
    kind: &str,
    physical: &str,
    properties: &Value,
) -> Result<CreatedResource, ApiError> {
    match short(kind) {
        "Portfolio" => {
            let one: Portfolio = read(kind, properties)?;
            let portfolio = portfolio::find_mut(context, physical)?;
            portfolio.name.clone_from(&one.display_name);
            portfolio.provider = one.provider_name;
            portfolio.description = one.description;
            portfolio.tags = one.tags;
            Ok(CreatedResource::new(
                physical,
                &[("PortfolioName", one.display_name)],
            ))
        }
        "PortfolioShare" => {
            let one: PortfolioShare = read(kind, properties)?;
            let options = one.share_tag_options.unwrap_or(false);
            share::with_account(context, &one.portfolio_id, &one.account_id, options)?;
            Ok(CreatedResource::new(physical, &[]))
        }
        "ServiceAction" => {
            let one: ServiceAction = read(kind, properties)?;
            let definition = Some(one.definition());
            action::change(
                context,
                physical,
                Some(one.name),
                definition,
                one.description,
            )?;
            Ok(CreatedResource::new(
                physical,
                &[("Id", physical.to_owned())],
            ))
        }
        "TagOption" => {
            let one: TagOption = read(kind, properties)?;
            tag_option::set_active(context, physical, one.active.unwrap_or(true))?;
            Ok(CreatedResource::new(physical, &[]))
        }
        // An association has nothing that could change.
        _ => Ok(CreatedResource::new(physical, &[])),
    }
}

pub(super) fn delete(
    context: &mut Context<'_>,
    kind: &str,
    physical: &str,
    properties: &Value,
) -> Result<(), ApiError> {
    match short(kind) {
        "Portfolio" => portfolio::remove(context, physical),
        "PortfolioPrincipalAssociation" => {
            let one: Principal = read(kind, properties)?;
            principal::remove(
                context,
                &one.portfolio_id,
                &one.principal,
                &one.principal_type,
            )
        }
        "PortfolioProductAssociation" => {
            let one: ProductInPortfolio = read(kind, properties)?;
            portfolio::remove_product(context, &one.portfolio_id, &one.product_id)
        }
        "PortfolioShare" => {
            let one: PortfolioShare = read(kind, properties)?;
            share::end(context, &one.portfolio_id, &one.account_id)
        }
        "ServiceAction" => action::remove(context, physical),
        "ServiceActionAssociation" => {
            let one: ActionOfVersion = read(kind, properties)?;
            action_association::remove(
                context,
                &one.product_id,
                &one.provisioning_artifact_id,
                &one.service_action_id,
            )
        }
        "TagOption" => tag_option::remove(context, physical),
        _ => {
            let one: OptionOfResource = read(kind, properties)?;
            tag_option_association::detach(context, &one.resource_id, &one.tag_option_id)
        }
    }
}

pub(super) fn actual(
    context: &Context<'_>,
    kind: &str,
    physical: &str,
    properties: &Value,
) -> Option<Value> {
    let catalog = &context.here()?.catalog;
    let portfolio = |id: &str| catalog.portfolios.get(id);
    let there = |is: bool| is.then(|| properties.clone());
    match short(kind) {
        "Portfolio" => {
            let one = portfolio(physical)?;
            Some(json!({
                "DisplayName": one.name,
                "ProviderName": one.provider,
                "Description": one.description,
                "Tags": one.tags,
            }))
        }
        "PortfolioPrincipalAssociation" => {
            let one: Principal = read(kind, properties).ok()?;
            let entry = (one.principal, one.principal_type);
            there(portfolio(&one.portfolio_id)?.principals.contains(&entry))
        }
        "PortfolioProductAssociation" => {
            let one: ProductInPortfolio = read(kind, properties).ok()?;
            there(
                portfolio(&one.portfolio_id)?
                    .products
                    .contains(&one.product_id),
            )
        }
        "PortfolioShare" => {
            let one: PortfolioShare = read(kind, properties).ok()?;
            let mut shares = portfolio(&one.portfolio_id)?.shares.iter();
            let share = shares.find(|share| share.principal == one.account_id)?;
            Some(json!({ "ShareTagOptions": share.tag_options }))
        }
        "ServiceAction" => {
            let one = catalog.actions.get(physical)?;
            Some(json!({ "Name": one.name, "Description": one.description }))
        }
        "ServiceActionAssociation" => {
            let one: ActionOfVersion = read(kind, properties).ok()?;
            let product = catalog.products.get(&one.product_id)?;
            let version = product.artifacts.get(&one.provisioning_artifact_id)?;
            there(version.actions.contains(&one.service_action_id))
        }
        "TagOption" => {
            let one = catalog.tag_options.get(physical)?;
            Some(json!({ "Key": one.key, "Value": one.value, "Active": one.active }))
        }
        _ => {
            let one: OptionOfResource = read(kind, properties).ok()?;
            let of_portfolio = portfolio(&one.resource_id).map(|one| &one.tag_options);
            let of_product = catalog
                .products
                .get(&one.resource_id)
                .map(|one| &one.tag_options);
            there(of_portfolio.or(of_product)?.contains(&one.tag_option_id))
        }
    }
}
