//! What an import says when it is done.

use super::model::Model;
use super::original::Original;
use super::versions::Versions;
use crate::generated;
use crate::start::names;
use compute_catalog::product::Key;

/// What stands in the model that nobody checks, what is missing, and what to do next.
pub fn report(key: &Key, original: &Original, versions: &Versions, model: &Model) -> String {
    let mut report: String = original.resolved().collect();
    for name in &model.not_vendored {
        report.push_str(&format!(
            "{name} is declared in the model: nothing checks its properties, and no launch role can be compiled for it\n  hint: `cargo xtask vendor add {name}` where compute-catalog stands, then import again\n"
        ));
    }
    for note in &model.told {
        report.push_str(&format!("{}: {}\n", original.at(note), note.what));
    }
    let untyped = model.code.matches("untyped(json!(").count();
    if untyped > 0 {
        report.push_str(&format!(
            "{untyped} {} no generated type can say: look for `untyped` in the model\n",
            match untyped {
                1 => "value is of a form that",
                _ => "values are of forms that",
            }
        ));
    }
    report.push_str(&versions.told());
    let release = match versions.is_empty() {
        true => "--bump major --note \"First version\"",
        false => "--bump major --note \"The first version of this catalog\"",
    };
    report.push_str(&format!(
        "\nNext: review products/{key}/mod.rs, then\n  cargo test {}\n  {}\n  cargo xtask check {key}\n  cargo xtask release {key} {release}\n",
        names::module(key).trim_start_matches("r#"),
        generated::COMMAND,
    ));
    report
}
