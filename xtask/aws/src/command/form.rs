//! The launch form of a product, as whoever launches it meets it.

use super::offered::Offered;
use super::visitor::Visitor;
use crate::call::Named;
use crate::command_error::CommandError;
use aws_sdk_servicecatalog::types::{ProvisioningArtifactParameter, Tag, TagOptionSummary};
use std::collections::BTreeMap;

/// A list of ids for a parameter that has no default.
const SAMPLE: &str = "1111111";

/// What a launch form asks for.
pub(super) struct Form {
    pub parameters: Vec<ProvisioningArtifactParameter>,
    pub tags: Vec<Tag>,
}

impl Form {
    /// The parameters of the form, and the tags that it lets people choose: of each the first value.
    pub async fn read(who: &Visitor, offered: &Offered) -> Result<Form, CommandError> {
        let Offered {
            product, version, ..
        } = offered;
        let described = who
            .catalog
            .describe_provisioning_parameters()
            .product_id(product)
            .provisioning_artifact_id(version)
            .send()
            .await
            .named("servicecatalog DescribeProvisioningParameters", product)?;
        let chosen = |one: &TagOptionSummary| {
            let tag = Tag::builder().key(one.key()?).value(one.values().first()?);
            tag.build().ok()
        };
        Ok(Form {
            tags: described.tag_options().iter().filter_map(chosen).collect(),
            parameters: described
                .provisioning_artifact_parameters
                .unwrap_or_default(),
        })
    }

    /// The values of the form; what has neither a default nor a value that fits is asked for.
    pub fn values(
        &self,
        given: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, CommandError> {
        let names: Vec<&str> = self
            .parameters
            .iter()
            .filter_map(|one| one.parameter_key())
            .collect();
        if let Some(name) = given.keys().find(|name| !names.contains(&name.as_str())) {
            return Err(
                CommandError::input(format!("the form has no parameter {name}"))
                    .hint(format!("its parameters are {}", names.join(", "))),
            );
        }
        let mut values = given.clone();
        let mut missing = Vec::new();
        for one in &self.parameters {
            let name = one.parameter_key().unwrap_or_default();
            if values.contains_key(name) || one.default_value().is_some() {
                continue;
            }
            let constraints = one.parameter_constraints();
            let allowed = constraints.and_then(|all| all.allowed_values().first().cloned());
            let kind = one.parameter_type().unwrap_or_default();
            let is_list = kind == "CommaDelimitedList";
            match allowed.or_else(|| is_list.then(|| SAMPLE.to_owned())) {
                Some(value) => {
                    values.insert(name.to_owned(), value);
                }
                None => missing.push(format!("{name}: {}", one.description().unwrap_or_default())),
            }
        }
        if missing.is_empty() {
            return Ok(values);
        }
        Err(CommandError::input("the launch form needs values")
            .because(missing.join("; "))
            .hint("give each by `--set NAME=VALUE`"))
    }
}
