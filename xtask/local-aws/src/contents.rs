//! What an account holds before anybody calls, as a file says: an account of years, for a rehearsal of
//! what this catalog would do to it. Ids that are given are kept; those that aren't are made.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// What an account holds in a region. In the file: JSON, names in camel case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Contents {
    /// Products with their versions.
    pub products: Vec<HeldProduct>,
    /// Portfolios with what is in them.
    pub portfolios: Vec<HeldPortfolio>,
    /// Constraints.
    pub constraints: Vec<HeldConstraint>,
    /// Stacks, which hold nothing: they count, are listed and export.
    pub stacks: Vec<HeldStack>,
    /// Images that the account may start.
    pub images: Vec<HeldImage>,
    /// Subnets.
    pub subnets: Vec<HeldSubnet>,
    /// Images of containers, in the registries that their names say.
    pub containers: Vec<HeldContainer>,
    /// Products that run: each is launched when the server starts, by the administrator.
    pub provisioned_products: Vec<HeldProvisionedProduct>,
}

/// A product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldProduct {
    /// `prod-…`
    pub id: String,
    /// What people see; two products may have the same.
    pub name: String,
    /// What people see.
    pub owner: String,
    /// What people see.
    pub description: Option<String>,
    /// What people see.
    pub distributor: Option<String>,
    /// Its tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Its versions, oldest first; at least one.
    pub versions: Vec<HeldVersion>,
}

/// A version of a product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldVersion {
    /// `pa-…`; made where there is none.
    pub id: Option<String>,
    /// Without blanks.
    pub name: String,
    /// What people see.
    pub description: Option<String>,
    /// The template's text.
    pub template: Option<String>,
    /// Or the file that it stands in, by its path from the file of the account.
    pub template_file: Option<String>,
    /// It can't be launched or updated to.
    #[serde(default)]
    pub hidden: bool,
    /// It can't be launched.
    #[serde(default)]
    pub deprecated: bool,
}

/// A portfolio.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldPortfolio {
    /// `port-…`
    pub id: String,
    /// What people see.
    pub name: String,
    /// What people see.
    pub provider: String,
    /// What people see.
    pub description: Option<String>,
    /// Ids of products.
    #[serde(default)]
    pub products: Vec<String>,
    /// ARNs, or patterns of ARNs, of who may use it.
    #[serde(default)]
    pub principals: Vec<String>,
    /// Accounts that it is shared with, twelve digits each.
    #[serde(default)]
    pub shared_with: Vec<String>,
}

/// A constraint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldConstraint {
    /// `LAUNCH`, `NOTIFICATION`, `RESOURCE_UPDATE`, `STACKSET` or `TEMPLATE`.
    pub r#type: String,
    /// The id of a portfolio.
    pub portfolio: String,
    /// The id of a product of it.
    pub product: String,
    /// As Service Catalog's API takes them: JSON.
    pub parameters: serde_json::Value,
}

/// A stack.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldStack {
    /// Its name.
    pub name: String,
    /// It was deleted, and is listed still.
    #[serde(default)]
    pub deleted: bool,
    /// Name to value.
    #[serde(default)]
    pub exports: BTreeMap<String, String>,
}

/// An image.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldImage {
    /// `ami-…`
    pub id: String,
    /// `x86_64` or `arm64`.
    pub architecture: String,
    /// Where it isn't `available`, in EC2's words.
    pub state: Option<String>,
}

/// An image of containers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldContainer {
    /// Its name, such as `ghcr.io/lab/tool:1`.
    pub image: String,
    /// Such as `linux/amd64`.
    pub platforms: Vec<String>,
    /// Whether its registry shows it to who is logged in only.
    #[serde(default)]
    pub is_private: bool,
}

/// A subnet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldSubnet {
    /// `subnet-…`
    pub id: String,
    /// Its availability zone, such as `us-east-1a`.
    pub zone: String,
    /// Addresses that are free.
    pub free_addresses: i64,
    /// Instance types of the region that its zone doesn't offer.
    #[serde(default)]
    pub without_instance_types: Vec<String>,
}

/// A product that runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldProvisionedProduct {
    /// `pp-…`; made where there is none.
    pub id: Option<String>,
    /// No two of an account have the same.
    pub name: String,
    /// The id of a product.
    pub product: String,
    /// The name of a version of it.
    pub version: String,
    /// The id of the portfolio that it came through.
    pub portfolio: String,
    /// The form's values.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// The ARN of who launched it; the account's root where there is none.
    pub user: Option<String>,
}

impl Contents {
    /// Reads the file of an account, and the templates that it names.
    ///
    /// # Errors
    /// A file that can't be read, or isn't of this form: which, and where in it.
    pub fn read(path: &Path) -> Result<Contents, String> {
        let told =
            |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let text = std::fs::read_to_string(path).map_err(|error| told(path, &error))?;
        let mut contents: Contents =
            serde_json::from_str(&text).map_err(|error| told(path, &error))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for version in contents
            .products
            .iter_mut()
            .flat_map(|one| &mut one.versions)
        {
            if let Some(file) = &version.template_file {
                let file = folder.join(file);
                let text = std::fs::read_to_string(&file).map_err(|error| told(&file, &error))?;
                version.template = Some(text);
            }
        }
        Ok(contents)
    }
}
