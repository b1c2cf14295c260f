//! The whole of `mod.rs` around a model's statements.

use super::defaults::Defaults;
use super::source::Source;
use super::types::Types;
use crate::start::names::{CFN, IAM, POLICY_CONDITION, model};
use std::collections::BTreeSet;

/// The whole of `mod.rs`.
pub fn module(
    source: &Source<'_>,
    declared: &Types<'_>,
    defaults: &Defaults,
    files: &[(String, String)],
    body: &str,
) -> String {
    let key = source.key;
    let name = model(key);
    let mut types = String::new();
    for (kind, name) in declared.all_declared() {
        types.push_str(&format!(
            "\ncompute_catalog::resource_type! {{
    /// `{kind}`.
    struct {name} = {kind:?};
}}\n"
        ));
    }
    let field = match defaults.is_empty() {
        true => "",
        false => {
            "/// What the launch form offers where nothing is chosen.\npub defaults: Defaults,\n"
        }
    };
    let bind = match defaults.is_empty() {
        true => "",
        false => "let settings = context.settings;\n",
    };
    let included: Vec<String> = files
        .iter()
        .map(|(path, _)| format!("({path:?}, include_str!({path:?}))"))
        .collect();
    let rest = format!(
        "{types}
/// The model.
pub struct {name};

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = \"camelCase\")]
pub struct Settings {{
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    {field}
}}
{}
impl Model for {name} {{
    const KEY: Key = Key::constant({:?});

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {{
        &settings.catalog
    }}

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {{
        {bind}{body}
        context.finish(builder)
    }}
}}

#[cfg(test)]
mod tests {{
    use super::{name};
    use compute_catalog::product::imported_differences;

    #[test]
    fn the_template_means_what_the_imported_one_does() {{
        let settings = include_str!(\"settings.yaml\");
        let original = include_str!(\"imported.yaml\");
        let files = [{}];
        let differences = imported_differences::<{name}>(settings, original, &files);
        assert!(differences.is_empty(), \"{{differences:#?}}\");
    }}
}}
",
        defaults.code(),
        key.as_str(),
        included.join(", "),
    );
    let mut out = format!("//! `{key}`: imported from a hand-written template.\n");
    for line in source.comments.get("").into_iter().flatten() {
        out.push_str(&format!("//! {line}\n"));
    }
    out.push('\n');
    let words = without_texts(&rest);
    // Two rooms have a condition.
    let is_taken = !codegen::used(&["Condition"], &words).is_empty();
    let rest = match is_taken {
        true => rest,
        false => rest.replace(&format!("{POLICY_CONDITION}::"), "Condition::"),
    };
    let cfn = codegen::used(&CFN, &words);
    out.push_str(&format!("use compute_catalog::cfn::{{{cfn}}};\n"));
    let mut iam = Vec::new();
    if !codegen::used(&[POLICY_CONDITION], &words).is_empty() {
        iam.push(match is_taken {
            true => format!("Condition as {POLICY_CONDITION}"),
            false => "Condition".to_owned(),
        });
    }
    let others = IAM
        .iter()
        .filter(|name| !codegen::used(&[**name], &words).is_empty());
    iam.extend(others.map(|name| (*name).to_owned()));
    if !iam.is_empty() {
        out.push_str(&format!(
            "use compute_catalog::iam::{{{}}};\n",
            iam.join(", ")
        ));
    }
    out.push_str(
        "use compute_catalog::product::{CatalogEntry, Context, Key, Model, ProductError};\n",
    );
    let services = source
        .template
        .resources
        .iter()
        .filter_map(|(id, resource)| declared.shape(id, resource))
        .map(|(service, _)| (declared.is_own(service), service.module()))
        .filter(|(_, module)| rest.contains(&format!("{module}::")));
    let services: BTreeSet<(bool, String)> = services.collect();
    for (is_own, path) in [
        (false, "compute_catalog::resource"),
        (true, "crate::resource"),
    ] {
        let modules = services.iter().filter(|(own, _)| *own == is_own);
        let modules: Vec<&str> = modules.map(|(_, module)| module.as_str()).collect();
        if !modules.is_empty() {
            out.push_str(&format!("use {path}::{{{}}};\n", modules.join(", ")));
        }
    }
    out.push_str("use schemars::JsonSchema;\nuse serde::Deserialize;\n");
    out.push_str(&rest);
    out
}

/// Code without its comments and the literals of text in it: their words are no names.
fn without_texts(code: &str) -> String {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code: String = without_literals(code)
        .lines()
        .filter(is_code)
        .map(|line| format!("{line}\n"))
        .collect();
    code
}

fn without_literals(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find('"') {
        let (before, from) = rest.split_at(at);
        let hashes = before.len() - before.trim_end_matches('#').len();
        let is_raw = before.trim_end_matches('#').ends_with('r');
        out.push_str(before);
        let body = &from[1..];
        let end = if is_raw {
            let close = format!("\"{}", "#".repeat(hashes));
            body.find(&close).map(|end| end + close.len())
        } else {
            let mut escaped = false;
            let close = body.char_indices().find(|(_, c)| {
                let ends = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                ends
            });
            close.map(|(end, _)| end + 1)
        };
        rest = end.and_then(|end| body.get(end..)).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::without_texts;

    #[test]
    fn the_words_of_texts_are_no_names() {
        let code = "// h\na(\"b\\\"c\", r#\"d \"e\" \"#, r\"f\", g)";
        assert_eq!(without_texts(code), "a(, r#, r, g)\n");
    }
}
