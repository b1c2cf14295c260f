//! The names that stand in a model, and those that a product's key becomes beside them.

use compute_catalog::product::Key;

/// What a model may import of `iam`.
pub const IAM: [&str; 3] = ["PolicyDocument", "Principal", "Statement"];

/// What a model calls IAM's condition, beside that of CloudFormation.
pub const POLICY_CONDITION: &str = "PolicyCondition";

/// What a model may import of `cfn`.
pub const CFN: [&str; 36] = [
    "Builder",
    "Condition",
    "CreationPolicy",
    "CustomAttribute",
    "DeletionPolicy",
    "Json",
    "List",
    "MapOf",
    "Mapping",
    "Number",
    "Output",
    "ParameterDeclaration",
    "Sub",
    "Suppression",
    "Template",
    "Transform",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "Value",
    "and",
    "base64",
    "cidr",
    "equals",
    "find_in_map",
    "function",
    "get_azs",
    "if_else",
    "import_value",
    "join",
    "json",
    "not",
    "or",
    "pseudo",
    "select",
    "split",
    "untyped",
];

/// What else stands in the module of a model: what it declares and brings in, and Rust's prelude.
/// <https://doc.rust-lang.org/std/prelude/index.html>
const STANDING: [&str; 46] = [
    "AsMut",
    "AsRef",
    "Box",
    "CatalogEntry",
    "Clone",
    "Context",
    "Copy",
    "Debug",
    "Default",
    "Defaults",
    "Deserialize",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Handle",
    "Into",
    "IntoIterator",
    "Iterator",
    "JsonSchema",
    "Key",
    "Model",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "ProductError",
    "Result",
    "Self",
    "Send",
    "Settings",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToString",
    "Vec",
];

/// Whether a type of a model must not take this name.
pub fn is_taken(name: &str) -> bool {
    let mut names = STANDING.iter().chain(&CFN).chain(&IAM);
    name == POLICY_CONDITION || names.any(|taken| *taken == name)
}

/// The words of a key, each with a capital.
fn words(key: &str) -> impl Iterator<Item = String> {
    key.split('-').map(|word| {
        let mut chars = word.chars();
        let first = chars.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(chars).collect()
    })
}

/// The words in one, each with a capital: `TeamBucket`.
pub fn camel(key: &str) -> String {
    words(key).collect()
}

/// The name of a key's product: `Team Bucket`.
pub fn title(key: &str) -> String {
    words(key).collect::<Vec<_>>().join(" ")
}

/// The name of a key's type: `TeamBucket`, or another where that is taken.
pub fn model(key: &Key) -> String {
    let mut name = camel(key.as_str());
    if is_taken(&name) {
        name.push_str("Product");
    }
    name
}

/// The name of a key's module among the products: `team_bucket`.
pub fn module(key: &Key) -> String {
    let name = key.as_str().replace('-', "_");
    match name.as_str() {
        // Names of paths, of the module of added types, and of the crate that all is from.
        "crate" | "self" | "super" | "resource" | "compute_catalog" | "core" | "std" => {
            format!("{name}_product")
        }
        _ => codegen::raw(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_becomes_names_that_stand_beside_all_others() {
        for (key, of_model, of_module) in [
            ("team-log", "TeamLog", "team_log"),
            ("template", "TemplateProduct", "template"),
            (
                "policy-document",
                "PolicyDocumentProduct",
                "policy_document",
            ),
            ("settings", "SettingsProduct", "settings"),
            ("type", "Type", "r#type"),
            ("self", "SelfProduct", "self_product"),
            ("resource", "Resource", "resource_product"),
            ("team-1-2", "Team12", "team_1_2"),
        ] {
            let key: Key = key.parse().unwrap();
            assert_eq!(
                (model(&key).as_str(), module(&key).as_str()),
                (of_model, of_module)
            );
        }
    }
}
