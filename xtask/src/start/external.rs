//! `new product --kind external`: files for an engine of the organisation's own, with their place in the
//! portfolio, their launch role, and the engine where none is declared yet.

use super::addition::item_under;
use super::kind::PLACEMENT;
use super::names::title;
use super::product::{FOUNDATION, free, item};
use crate::generated;
use crate::workspace::Workspace;
use compute_catalog::product::Key;
use std::error::Error;

/// The engine that AWS gives for Terraform, by the names that its roles have.
/// <https://github.com/aws-samples/service-catalog-engine-for-terraform-os>
const ENGINE: &str = "
# What makes products of the type EXTERNAL, by the roles of its parser and of what carries its work out:
# these are the names that AWS's own engine for Terraform gives them.
externalEngine:
  roles:
    - TerraformEngine/TerraformExecutionRole*
    - TerraformEngine/ServiceCatalogExternalParameterParserRole*
";

/// Makes the product; what is told of that. Nothing where it is there already, or it is open which
/// portfolio offers it, which is told.
///
/// # Errors
/// Files that can't be read or written, lists that only a person can add to.
pub fn run(
    workspace: &Workspace,
    key: &Key,
    portfolio: Option<&Key>,
) -> Result<Option<String>, Box<dyn Error>> {
    let Some(portfolio) = free(workspace, key, portfolio)? else {
        return Ok(None);
    };
    let mut text = String::new();
    for (path, contents) in &files(workspace, key, &portfolio)? {
        workspace.write(path, contents.as_bytes())?;
        text.push_str(&format!("wrote {path}\n"));
    }
    text.push_str(&format!(
        "\nNext: put what the engine reads into products/{key}/artifact, what its launch form asks into \
         products/{key}/external.yaml, and what the files need under `grants` of {FOUNDATION}, then\n  \
         {}\n  cargo xtask check {key}\n  \
         cargo xtask release {key} --bump major --note \"First version\"\n  \
         cargo xtask publish\n",
        generated::COMMAND
    ));
    Ok(Some(text))
}

fn files(
    workspace: &Workspace,
    key: &Key,
    portfolio: &str,
) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let fill = |text: &str| {
        text.replace("{{key}}", key.as_str())
            .replace("{{title}}", &title(key.as_str()))
    };
    let documentation = workspace.environments()?.organization.support.url;
    let description = fill(include_str!("files/external.yaml.txt"));
    let description = description.replace("{{url}}", &documentation);
    let mut files = vec![
        (workspace.external_path(key), description),
        (
            format!("{}/main.tf", workspace.artifact_path(key)),
            fill(include_str!("files/main.tf.txt")),
        ),
    ];
    let in_file = |path: &str, changed: Result<String, String>| {
        changed.map_err(|cause| format!("{path}: {cause}\n  hint: add the product by hand"))
    };
    let all = crate::portfolios::portfolios(workspace)?.foundation;
    let stack = all.stack.value;
    let role = fill(include_str!("files/external-role.yaml.txt"));
    let role = role.replace("{{stack}}", stack.as_str());
    let foundation = workspace.read(FOUNDATION)?;
    let mut foundation = in_file(
        FOUNDATION,
        item_under(&foundation, "launchRoles", role.trim_end()),
    )?;
    if all.external_engine.is_none() {
        foundation.push_str(ENGINE);
    }
    files.push((FOUNDATION.to_owned(), foundation));
    let place = format!("portfolios/{portfolio}.yaml");
    let placement = PLACEMENT.map(str::to_owned);
    let text = item_under(&workspace.read(&place)?, "products", &item(key, &placement));
    files.push((place.clone(), in_file(&place, text)?));
    Ok(files)
}
