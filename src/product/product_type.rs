//! By what Service Catalog makes a product: CloudFormation, or an engine of the organisation's own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The type of a product and of all its versions: it never changes.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/productmgmt-update.html>
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProductType {
    /// A template, which CloudFormation makes a stack of.
    #[default]
    CloudFormationTemplate,
    /// Files for an engine of the organisation's own, such as one that runs Terraform.
    /// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/external-engine.html>
    External,
}

impl ProductType {
    /// Its name in the API: `CLOUD_FORMATION_TEMPLATE`, `EXTERNAL`.
    pub fn as_str(self) -> &'static str {
        match self {
            ProductType::CloudFormationTemplate => "CLOUD_FORMATION_TEMPLATE",
            ProductType::External => "EXTERNAL",
        }
    }

    /// What the names of its frozen bodies end with, without the dot. The engine that AWS publishes
    /// takes archives of this name only.
    /// <https://github.com/aws-samples/service-catalog-engine-for-terraform-os#artifact-file-types>
    pub fn file_ending(self) -> &'static str {
        match self {
            ProductType::CloudFormationTemplate => "yaml",
            ProductType::External => "tar.gz",
        }
    }

    /// What HTTP calls its bodies.
    pub fn content_type(self) -> &'static str {
        match self {
            ProductType::CloudFormationTemplate => "application/yaml",
            ProductType::External => "application/gzip",
        }
    }

    /// What people call a body of it.
    pub fn body(self) -> &'static str {
        match self {
            ProductType::CloudFormationTemplate => "template",
            ProductType::External => "archive",
        }
    }

    /// Whether it goes without saying.
    pub fn is_default(&self) -> bool {
        *self == ProductType::default()
    }
}

impl fmt::Display for ProductType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_name_a_type_as_the_api_does() {
        for one in [ProductType::CloudFormationTemplate, ProductType::External] {
            assert_eq!(serde_json::json!(one), one.as_str());
        }
    }
}
