//! Writes a validator for each vendored schema.
//!
//! Their patterns become a keyword of ours, since the library makes each ready for all of Unicode
//! at its first use.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

const SCHEMAS: &str = "../vendor/schemas";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={SCHEMAS}");
    let mut paths = Vec::<PathBuf>::new();
    for entry in fs::read_dir(SCHEMAS)? {
        paths.push(entry?.path());
    }
    paths.sort();
    let mut code = String::new();
    let mut arms = String::new();
    for path in paths {
        let schema = fs::read_to_string(&path)?;
        // A property of this name is no text, and inside a text the quotes are escaped.
        let schema = schema.replace("\"pattern\": \"", "\"textPattern\": \"");
        // Both match any name; for this one the library needs no engine.
        let schema = schema.replace("\".*\": {", "\"^\": {");
        // Such as `AWS-S3-Bucket`.
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let kind = stem.replace('-', "::");
        let name = stem.replace('-', "");
        writeln!(
            code,
            "#[jsonschema::validator(
                schema = {schema:?},
                keywords = {{ \"textPattern\" => crate::pattern::keyword }},
                methods = {{ is_valid = false, validate = false }}
            )]
            struct {name};"
        )?;
        writeln!(arms, "{kind:?} => {name}::iter_errors(properties),")?;
    }
    writeln!(
        code,
        "fn errors_of<'a>(type_name: &str, properties: &'a Value) -> Option<ErrorIterator<'a>> {{
            Some(match type_name {{ {arms} _ => return None }})
        }}"
    )?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("validators.rs"), code)?;
    Ok(())
}
