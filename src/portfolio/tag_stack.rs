//! The stack of the tag options and of their associations with portfolios.

use super::{CatalogFiles, LogicalId, TagOptions, export_name};
use crate::cfn::{BuildError, Builder, Template, import_value};
use crate::resource::servicecatalog as sc;

/// The template of the tag options.
///
/// # Errors
/// Everything in the files that keeps the template from holding together, such as two values with
/// one logical id.
pub fn tag_option_template(
    catalog: &CatalogFiles,
    options: &TagOptions,
) -> Result<Template, BuildError> {
    let mut builder =
        Builder::new("Tags that launches ask for, and the portfolios that offer them");
    for list in &options.tag_options {
        let offering: Vec<_> = catalog
            .portfolios
            .values()
            .map(|portfolio| &portfolio.body)
            .filter(|portfolio| {
                portfolio
                    .tag_options
                    .iter()
                    .any(|key| key.value == *list.key)
            })
            .collect();
        for value in list.all_values() {
            let id = list.logical_id(value);
            let option = builder.resource(
                id.as_str(),
                sc::TagOption::new(list.key.as_str(), value.as_str()).active(true),
            );
            for portfolio in &offering {
                let association = LogicalId::from_text(&format!(
                    "{id}TagAssociationProd{}",
                    portfolio.logical_id.value
                ));
                // Portfolios of two stacks may have one logical id: the stack tells them apart.
                let is_shared = offering
                    .iter()
                    .filter(|other| other.logical_id == portfolio.logical_id)
                    .count()
                    > 1;
                let association = if is_shared {
                    LogicalId::from_text(&format!("{association}{}", portfolio.stack.value))
                } else {
                    association
                };
                let portfolio_id = import_value(export_name(
                    &portfolio.stack,
                    &format!("{}Id", portfolio.logical_id.value),
                ));
                builder.resource(
                    association.as_str(),
                    sc::TagOptionAssociation::new()
                        .resource_id(portfolio_id)
                        .tag_option_id(&option),
                );
            }
        }
    }
    builder.build()
}
