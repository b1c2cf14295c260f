//! The settings that every product has.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What Service Catalog shows of a product.
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateProduct.html>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CatalogEntry {
    /// The product's name in the catalog, at most 100 characters.
    #[schemars(length(min = 1, max = 100), regex(pattern = r"^[^\n\r\t]+$"), extend("patternErrorMessage" = "is no name that stands on one line of a page"))]
    pub name: String,
    /// What the product is, in the catalog and as the template's description.
    #[schemars(length(min = 1, max = 1024))]
    pub description: String,
    /// The page that explains the product; an output of every stack.
    #[schemars(
        url,
        length(max = 2083),
        regex(
            pattern = r"^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?([/?#][!-~]*)?$"
        ), extend("patternErrorMessage" = "is no address of a page: `https://` or `http://`, a host, and no blanks"))]
    pub documentation: String,
}
