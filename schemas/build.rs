//! Writes a validator for each vendored schema.
//!
//! Their patterns become a keyword of ours, since the library makes each ready for all of Unicode
//! at its first use.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

const VENDOR: &str = "../vendor";

fn main() -> Result<(), Box<dyn Error>> {
    let types = format!("{VENDOR}/types.txt");
    println!("cargo::rerun-if-changed={types}");
    let mut code = String::new();
    let mut arms = String::new();
    for kind in fs::read_to_string(types)?.lines() {
        let Some(name) = kind.strip_prefix("AWS::") else {
            continue;
        };
        let path = format!("{VENDOR}/schemas/AWS-{}.json", name.replace("::", "-"));
        println!("cargo::rerun-if-changed={path}");
        let schema = fs::read_to_string(&path).map_err(|cause| format!("{path}: {cause}"))?;
        // A property of this name is no text, and inside a text the quotes are escaped.
        let schema = schema.replace("\"pattern\": \"", "\"textPattern\": \"");
        // Both match any name; for this one the library needs no engine.
        let schema = schema.replace("\".*\": {", "\"^\": {");
        let name = name.replace("::", "");
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
