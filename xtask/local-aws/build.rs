//! Writes the types of requests and answers out of AWS's own models in `vendor/api`: a structure
//! a shape, and a marker an operation. The macros that they go through are in `src/api/shape.rs`.

use serde_json::{Map, Value};
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

const MODELS: &str = "../../vendor/api";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={MODELS}");
    println!("cargo::rerun-if-changed=build.rs");
    let mut paths = Vec::<PathBuf>::new();
    for entry in fs::read_dir(MODELS)? {
        paths.push(entry?.path());
    }
    paths.sort();
    let mut code = String::new();
    for path in paths {
        let service = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(&path)?;
        let model = serde_json::from_str(&text)?;
        let module = module(&model).map_err(|cause| format!("{}: {cause}", path.display()))?;
        writeln!(
            code,
            "/// Shapes and operations of {service}.\npub(crate) mod {service} {{
                #[allow(unused_imports, reason = \"not every service has maps, or times\")]
                use {{super::Time, std::collections::BTreeMap}};
                pub(crate) static MODEL: std::sync::LazyLock<super::Model> =
                    std::sync::LazyLock::new(|| super::Model::read({text:?}));
                {module}
            }}"
        )?;
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("api.rs"), code)?;
    Ok(())
}

/// The shapes and operations of one service.
fn module(model: &Value) -> Result<String, Box<dyn Error>> {
    let shapes = object(&model["shapes"])?;
    let mut code = String::new();
    for (name, shape) in shapes {
        if shape["type"] != "structure" {
            continue;
        }
        if shape["exception"] == true {
            continue;
        }
        writeln!(code, "super::shape! {{ {name}")?;
        for (member, target) in shape["members"].as_object().into_iter().flatten() {
            let required = shape["required"]
                .as_array()
                .is_some_and(|names| names.iter().any(|one| one == member));
            let field = field(member);
            let kind = kind(shapes, text(&target["shape"])?, required)?;
            writeln!(code, "    {field}: {kind} = {member:?};")?;
        }
        writeln!(code, "}}")?;
    }
    writeln!(
        code,
        "/// Operations by name.\npub(crate) mod op {{ use super::*;"
    )?;
    for (name, operation) in object(&model["operations"])? {
        let shape = |end: &str| operation[end]["shape"].as_str().unwrap_or("()");
        let (input, output) = (shape("input"), shape("output"));
        writeln!(
            code,
            "super::super::operation! {{ {name}({input}) -> {output} }}"
        )?;
    }
    writeln!(code, "}}")?;
    Ok(code)
}

/// The type of a member; lists and maps are empty where they are absent.
fn kind(shapes: &Map<String, Value>, name: &str, required: bool) -> Result<String, Box<dyn Error>> {
    let shape = shapes.get(name).ok_or_else(|| format!("no shape {name}"))?;
    let kind = match text(&shape["type"])? {
        "structure" => name.to_owned(),
        // In JSON a blob is text in base64.
        "string" | "blob" => "String".to_owned(),
        "boolean" => "bool".to_owned(),
        "integer" | "long" => "i64".to_owned(),
        "float" | "double" => "f64".to_owned(),
        "timestamp" => "Time".to_owned(),
        "list" => {
            let item = kind(shapes, text(&shape["member"]["shape"])?, true)?;
            return Ok(format!("Vec<{item}>"));
        }
        "map" => {
            let value = kind(shapes, text(&shape["value"]["shape"])?, true)?;
            return Ok(format!("BTreeMap<String, {value}>"));
        }
        other => return Err(format!("{name}: nothing is known of the type {other}").into()),
    };
    Ok(if required {
        kind
    } else {
        format!("Option<{kind}>")
    })
}

/// `TemplateURL` becomes `template_url`.
fn field(member: &str) -> String {
    let letters: Vec<char> = member.chars().collect();
    let mut name = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let after = letters.get(index + 1);
        let starts = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            });
        if starts {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    match name.as_str() {
        "type" | "match" | "static" | "default" | "final" => format!("r#{name}"),
        _ => name,
    }
}

fn object(value: &Value) -> Result<&Map<String, Value>, Box<dyn Error>> {
    value.as_object().ok_or_else(|| "not a model".into())
}

fn text(value: &Value) -> Result<&str, Box<dyn Error>> {
    value.as_str().ok_or_else(|| "not a model".into())
}
