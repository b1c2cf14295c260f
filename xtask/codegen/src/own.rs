//! The resource types that an organisation vendors in its own repository, beside its products.
//!
//! A service of which it adds a type stands there whole, with the types that the library has of it, under
//! the names that they have there. What belongs to an added type carries its resource's name, unless the
//! library has the same: models that name it compile after further types are added, too.

use super::service::Service;
use super::shape::Shape;
use super::types::{self, Home};
use super::vendored::{Error, schema_path};
use super::{HEADER, by_service, camel, facts, rustfmt};
use crate::vendored::Patches;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Where the generated files go, from the root of the organisation's repository.
pub const OWN_FOLDER: &str = "products/resource";

/// The names of all of AWS's types.
const TYPE_NAMES: &str = include_str!("../../../vendor/type-names.json");

/// A type's name and its schema, as JSON.
pub type Named<'a> = (&'a str, &'a str);

/// The services of an organisation's own types, each with those that the library has of it.
///
/// # Errors
/// A schema that is no JSON, or of a form that the generator doesn't know; a patch that doesn't fit.
pub fn own_services<'a>(
    own: &[Named<'a>],
    library: impl IntoIterator<Item = Named<'a>>,
    patches: &str,
) -> Result<Vec<Service>, Error> {
    let service = |name: &str| name.split("::").nth(1).map(str::to_owned);
    let services: BTreeSet<Option<String>> = own.iter().map(|(name, _)| service(name)).collect();
    let of_library = library
        .into_iter()
        .filter(|(name, _)| services.contains(&service(name)));
    let mut all: BTreeMap<&str, &str> = of_library.collect();
    all.extend(own.iter().copied());
    let patches = Patches::parse(patches)?;
    let read = |(name, text): (&'a str, &'a str)| {
        let schema: Value = serde_json::from_str(text)
            .map_err(|cause| Error::new(format!("the schema of {name} isn't JSON")).cause(cause))?;
        Ok((name, schema))
    };
    let schemas = all.into_iter().map(read).collect::<Result<_, _>>()?;
    let mut resources: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for name in TYPE_NAMES.split('"') {
        if let ["AWS", service, resource] = name.split("::").collect::<Vec<_>>().as_slice() {
            resources
                .entry(service)
                .or_default()
                .insert(camel(resource));
        }
    }
    by_service(schemas, &patches)?
        .into_iter()
        .map(|(name, shapes)| {
            let mut resources = resources.remove(name.as_str()).unwrap_or_default();
            resources.extend(shapes.iter().map(|shape| camel(shape.resource())));
            let is_own = |shape: &Shape| own.iter().any(|(name, _)| *name == shape.type_name);
            let (added, library) = shapes.into_iter().partition(is_own);
            Service::with(&name, library, added, &resources)
        })
        .collect()
}

/// The generated files, by path from the root of the organisation's repository.
///
/// # Errors
/// As [`own_services`]; no `rustfmt`.
pub fn own_files<'a>(
    own: &[Named<'a>],
    library: impl IntoIterator<Item = Named<'a>>,
    patches: &str,
) -> Result<BTreeMap<String, String>, Error> {
    let services = own_services(own, library, patches)?;
    let is_own = |shape: &&Shape| own.iter().any(|(name, _)| *name == shape.type_name);
    let mut files = BTreeMap::new();
    files.insert(format!("{OWN_FOLDER}/mod.rs"), root(&services, &is_own));
    for service in &services {
        let module = service.module();
        let text = elsewhere(&types::write(service, Home::Organization));
        files.insert(format!("{OWN_FOLDER}/{module}.rs"), text);
        // Of the library's types the facts are known.
        let text = elsewhere(&facts::write(&service.of(is_own)));
        files.insert(format!("{OWN_FOLDER}/facts/{module}.rs"), text);
    }
    if !services.is_empty() {
        let modules = services.iter();
        let modules = modules.map(|service| format!("pub(super) mod {};\n", service.module()));
        let text = format!(
            "{HEADER}//!\n//! What AWS's schemas say of these types.\n\n{}",
            modules.collect::<String>()
        );
        files.insert(format!("{OWN_FOLDER}/facts/mod.rs"), text);
    }
    let mut formatted = BTreeMap::new();
    for (path, text) in files {
        let text = rustfmt::one(&path, &text, None)?;
        formatted.insert(path, text);
    }
    Ok(formatted)
}

/// The module of all of them, and what the program is told of them.
fn root(services: &[Service], is_own: &dyn Fn(&&Shape) -> bool) -> String {
    let mut out = format!(
        "{HEADER}//!\n//! AWS's resource types that compute-catalog doesn't have: `cargo xtask vendor add TYPE` writes them\n//! here, by the schemas in `vendor/schemas`.\n\nuse compute_catalog::resource::VendoredType;\n\n"
    );
    if !services.is_empty() {
        out.push_str("mod facts;\n");
    }
    let mut all = Vec::new();
    for service in services {
        let module = service.module();
        out.push_str(&format!("pub mod {module};\n"));
        for shape in service.shapes.iter().filter(is_own) {
            all.push(format!(
                "VendoredType {{ facts: &facts::{module}::{}, schema: include_str!(\"../../vendor/{}\") }}",
                facts::static_name(shape),
                schema_path(&shape.type_name)
            ));
        }
    }
    out.push_str(&format!(
        "\n/// Each of them.\npub static ALL: &[VendoredType] = &[{}];\n",
        all.join(", ")
    ));
    out
}

/// Code of the library as it stands in another crate.
fn elsewhere(code: &str) -> String {
    code.replace("use crate::cfn::", "use compute_catalog::cfn::")
        .replace(
            "use crate::resource::fact::",
            "use compute_catalog::resource::",
        )
        .replace("crate::resource_type!", "compute_catalog::resource_type!")
        .replace(
            "use super::Literal;",
            "use compute_catalog::resource::Literal;",
        )
        // The facts are read from the module above.
        .replace("pub(super) static", "pub(crate) static")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = r##"{"typeName": "AWS::X::Table", "properties": {"Name": {"type": "string"},
        "Arn": {"type": "string"}, "Tags": {"type": "array", "items": {"$ref": "#/definitions/Tag"}}},
        "definitions": {"Tag": {"type": "object", "additionalProperties": false,
        "properties": {"Key": {"type": "string"}}}},
        "readOnlyProperties": ["/properties/Arn"], "additionalProperties": false}"##;

    #[test]
    fn a_service_stands_whole_and_only_what_is_added_is_told() {
        let index = TABLE.replace("Table", "Index");
        let own = [("AWS::X::Table", TABLE)];
        let library = [("AWS::X::Index", index.as_str()), ("AWS::Y::Index", "{}")];
        let files = own_files(&own, library, "[]").unwrap();
        let paths: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            paths,
            [
                "products/resource/facts/mod.rs",
                "products/resource/facts/x.rs",
                "products/resource/mod.rs",
                "products/resource/x.rs",
            ]
        );
        let types = &files["products/resource/x.rs"];
        for written in [
            "compute_catalog::resource_type! {",
            "pub struct Table = \"AWS::X::Table\";",
            "pub struct Index = \"AWS::X::Index\";",
            "pub const ARN: CustomAttribute<Table, String> = CustomAttribute::new(\"Arn\");",
        ] {
            assert!(types.contains(written), "{written} is missing:\n{types}");
        }
        assert!(
            !types.contains("crate::cfn") && !types.contains("Handle<"),
            "{types}"
        );
        let told = &files["products/resource/mod.rs"];
        assert!(
            told.contains("&facts::x::AWS_TABLE") && !told.contains("INDEX"),
            "{told}"
        );
        let none = own_files(&[], library, "[]").unwrap();
        assert_eq!(none.len(), 1);
    }
}
