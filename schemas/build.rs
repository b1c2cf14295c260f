//! Puts what is vendored into the program: each schema without what says nothing of a value, on one
//! line, so that little is read when it is asked for.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

const VENDOR: &str = "../vendor";
/// What a resource type's schema says beside how its properties look.
const FACTS: [&str; 13] = [
    "handlers",
    "tagging",
    "primaryIdentifier",
    "additionalIdentifiers",
    "writeOnlyProperties",
    "createOnlyProperties",
    "conditionalCreateOnlyProperties",
    "propertyTransform",
    "typeName",
    "taggable",
    "insertionOrder",
    "relationshipRef",
    "default",
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut code = String::new();
    let tables: [(&str, &[&str]); 3] = [
        ("TYPES", &["schemas", "checked"]),
        ("EXTENSIONS", &["extensions"]),
        // What services document and no schema of AWS says: ours, a file for each type.
        ("SERVICES", &["../schemas/services"]),
    ];
    for (table, folders) in tables {
        let mut schemas = BTreeMap::new();
        for folder in folders {
            let folder = Path::new(VENDOR).join(folder);
            println!("cargo::rerun-if-changed={}", folder.display());
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                let mut schema: Value = serde_json::from_str(&fs::read_to_string(&path)?)?;
                trim(&mut schema, true);
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                // Such as `AWS-S3-Bucket`.
                let name = match table {
                    "EXTENSIONS" => stem.into_owned(),
                    _ => stem.replace('-', "::"),
                };
                schemas.insert(name, schema.to_string());
            }
        }
        // The program looks names up: they stand in their order.
        writeln!(code, "pub(crate) static {table}: &[(&str, &str)] = &[")?;
        for (name, schema) in schemas {
            writeln!(code, "({name:?}, {schema:?}),")?;
        }
        writeln!(code, "];")?;
    }
    code.push_str(&on_change()?);
    code.push_str(&checked()?);
    for list in ["extensions.txt", "type-names.json"] {
        println!("cargo::rerun-if-changed={VENDOR}/{list}");
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("vendored.rs"), code)?;
    Ok(())
}

/// What updates do to resources of each type: what AWS's schema lists, and what AWS's pages said.
fn on_change() -> Result<String, Box<dyn Error>> {
    let read = |path: &str| -> Result<BTreeMap<String, Value>, Box<dyn Error>> {
        println!("cargo::rerun-if-changed={path}");
        Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
    };
    let (listed, documented) = (
        read("../vendor/updates.json")?,
        read("documented-updates.json")?,
    );
    let names: BTreeSet<&String> = listed.keys().chain(documented.keys()).collect();
    let mut code = "pub(crate) static ON_CHANGE: &[(&str, &str)] = &[".to_owned();
    for name in names {
        let paths = |all: &BTreeMap<String, Value>, key: &str| -> Vec<Value> {
            let list = all.get(name).and_then(|lists| lists.get(key));
            list.and_then(Value::as_array).cloned().unwrap_or_default()
        };
        let is_listed = ["replaces", "mayReplace"]
            .iter()
            .any(|key| !paths(&listed, key).is_empty());
        let list = json!({
            "isListed": is_listed,
            "identifier": paths(&listed, "identifier"),
            "replaces": paths(&listed, "replaces"),
            "mayReplace": paths(&listed, "mayReplace"),
            "replaced": paths(&documented, "replaces"),
            "interrupts": paths(&documented, "interrupts"),
            "fails": paths(&documented, "fails"),
            "updates": paths(&documented, "updates"),
        });
        write!(code, "({name:?}, {:?}),", list.to_string())?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// The types whose schemas are vendored for `check` alone.
fn checked() -> Result<String, Box<dyn Error>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(Path::new(VENDOR).join("checked"))? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        names.insert(stem.replace('-', "::"));
    }
    Ok(format!(
        "pub(crate) static CHECKED: &[&str] = &{:?};\n",
        names.into_iter().collect::<Vec<_>>()
    ))
}

/// Removes what says nothing of a value. `is_schema`: its keys are keywords, not names.
fn trim(value: &mut Value, is_schema: bool) {
    match value {
        Value::Object(entries) => {
            if is_schema {
                entries.retain(|key, _| !FACTS.contains(&key.as_str()));
            }
            for (key, entry) in entries {
                let names = ["properties", "patternProperties", "definitions"];
                trim(entry, !(is_schema && names.contains(&key.as_str())));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| trim(item, true)),
        _ => {}
    }
}
