//! Generated files: where they stand, and what makes them.

use compute_catalog::cfn::{Header, Template, write};
use compute_catalog::portfolio::CatalogStack;
use compute_catalog::product::Key;
use compute_catalog::yaml::WriteError;
use std::collections::BTreeMap;

/// The command that makes every generated file.
pub const COMMAND: &str = "cargo xtask generate";

/// The page of who may do what, which `cargo xtask access` makes.
pub const ACCESS_PAGE: &str = "generated/access.md";

/// Generated files by their paths from the root.
pub type Files = BTreeMap<String, String>;

/// A stack's template as its file, with where that stands.
///
/// # Errors
/// Text that no YAML scalar can hold.
pub fn stack(stack: &CatalogStack) -> Result<(String, String), WriteError> {
    let header = Header {
        source: &stack.source,
        command: COMMAND,
    };
    let text = write(&stack.template, Some(&header))?;
    Ok((format!("generated/{}", stack.file), text))
}

/// Where a product's template stands.
pub fn template_path(key: &Key) -> String {
    format!("generated/products/{key}.yaml")
}

/// A product's template as its file.
///
/// # Errors
/// Text that no YAML scalar can hold.
pub fn template(key: &Key, template: &Template) -> Result<String, WriteError> {
    let source = format!("products/{key}");
    write(
        template,
        Some(&Header {
            source: &source,
            command: COMMAND,
        }),
    )
}
