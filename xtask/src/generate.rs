//! `generate`: everything that is made from the models, written or compared.

use crate::catalog::Catalog;
use crate::cli::{Format, GenerateArgs};
use crate::codegen;
use crate::console;
use crate::generated::{COMMAND, Files, template_path};
use crate::parallel::{both, each};
use crate::surroundings::AroundProducts;
use crate::workspace::{Workspace, WorkspaceError};
use compute_catalog::cfn::{Header, write};
use compute_catalog::environment::{Communities, Environment, Organization};
use compute_catalog::page::Guide;
use compute_catalog::portfolio::end_user::EndUsers;
use compute_catalog::portfolio::foundation::Foundation;
use compute_catalog::portfolio::{Portfolio, TagOptions};
use compute_catalog::release::Ledger;
use serde::Serialize;
use similar::TextDiff;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

/// The folder that holds nothing but generated files.
const FOLDER: &str = "generated";

/// Writes what is generated, or only says what would be written.
///
/// # Errors
/// A catalog that can't be built, files that can't be read or written.
pub fn run(
    workspace: &Workspace,
    args: &GenerateArgs,
) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let (tampered, files) = both(
        || crate::vendor::verify(&workspace.root().join("vendor")),
        || files(workspace),
    );
    let tampered = tampered?;
    if !tampered.is_empty() {
        for finding in &tampered {
            console::error(&format!(
                "vendor/{}: {}\n  hint: restore it from git, or run `cargo xtask vendor refresh --pinned`",
                finding.path, finding.problem
            ));
        }
        return Ok(ExitCode::FAILURE);
    }
    let files = files?;
    let difference = compare(workspace, &files)?;
    if !args.check {
        apply(workspace, &files, &difference)?;
    }
    match (args.format, args.check) {
        (Format::Json, _) => console::print_json(&difference)?,
        (Format::Text, true) => console::print(&difference.report(files.len()))?,
        (Format::Text, false) => console::print(&difference.done(files.len()))?,
    }
    if args.check && !difference.is_empty() {
        console::error(&format!(
            "generated files are not what the models make\n  hint: run `{COMMAND}`"
        ));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// A group of generated files, made apart from the others.
type Group = fn(&Workspace, &Catalog) -> Result<Files, Box<dyn std::error::Error>>;

/// Makes every generated file.
///
/// # Errors
/// A catalog that can't be built, vendored data that can't be read.
pub fn files(workspace: &Workspace) -> Result<Files, Box<dyn std::error::Error>> {
    let catalog = Catalog::load(workspace, &[])?;
    // What takes longest comes first.
    let groups: [Group; 4] = [
        crate::pages::files,
        around_products,
        resource_types,
        beside_products,
    ];
    let made = each(&groups, |make| {
        make(workspace, &catalog).map_err(|error| error.to_string())
    });
    let mut files = Files::new();
    for group in made {
        files.extend(group?);
    }
    for (entry, _) in catalog.built()? {
        files.insert(template_path(&entry.key), entry.text.clone());
    }
    Ok(files)
}

/// The schemas of the files of products, the rules, the workflow.
fn beside_products(
    workspace: &Workspace,
    catalog: &Catalog,
) -> Result<Files, Box<dyn std::error::Error>> {
    let mut files = Files::new();
    for product in workspace.products() {
        schema(
            &mut files,
            product.key().as_str(),
            &product.settings_schema(),
        );
    }
    schema(
        &mut files,
        "organization",
        &schemars::schema_for!(Organization),
    );
    schema(
        &mut files,
        "environment",
        &schemars::schema_for!(Environment),
    );
    schema(&mut files, "versions", &schemars::schema_for!(Ledger));
    schema(
        &mut files,
        "communities",
        &schemars::schema_for!(Communities),
    );
    schema(&mut files, "guide", &schemars::schema_for!(Guide));
    files.insert(
        "generated/rules.md".to_owned(),
        compute_catalog::check::page(compute_catalog::check::rules(), &catalog.suppressed()?),
    );
    let workflow = crate::workflow::workflow(&catalog.environments);
    files.insert(crate::workflow::PATH.to_owned(), workflow);
    Ok(files)
}

/// The resource types.
fn resource_types(workspace: &Workspace, _: &Catalog) -> Result<Files, Box<dyn std::error::Error>> {
    Ok(match codegen::fresh_files(workspace.root()) {
        Some(fresh) => fresh,
        None => codegen::resource_files(&workspace.root().join("vendor"))?,
    })
}

/// The stacks around the products, the schemas of their files, and the page of what their launch roles grant.
fn around_products(
    workspace: &Workspace,
    catalog: &Catalog,
) -> Result<Files, Box<dyn std::error::Error>> {
    let mut files = Files::new();
    schema(&mut files, "portfolio", &schemars::schema_for!(Portfolio));
    schema(
        &mut files,
        "tag-options",
        &schemars::schema_for!(TagOptions),
    );
    schema(&mut files, "end-users", &schemars::schema_for!(EndUsers));
    schema(&mut files, "foundation", &schemars::schema_for!(Foundation));
    let around = AroundProducts::load(workspace, catalog)?;
    let stacks = around.stacks(catalog)?;
    let texts = each(&stacks.all, |stack| {
        let header = Header {
            source: &stack.source,
            command: COMMAND,
        };
        write(&stack.template, Some(&header))
    });
    for (stack, text) in stacks.all.iter().zip(texts) {
        files.insert(format!("{FOLDER}/{}", stack.file), text?);
    }
    let page = around.catalog.granted_actions_page(&stacks);
    files.insert(format!("{FOLDER}/launch-roles.md"), page);
    Ok(files)
}

fn schema(files: &mut Files, name: &str, schema: &schemars::Schema) {
    let json = serde_json::to_string_pretty(schema.as_value()).unwrap_or_default();
    files.insert(
        format!("generated/schemas/{name}.json"),
        format!("{json}\n"),
    );
}

/// What `generate` changed, or what `generate --check` found to change.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Files whose contents differ, with the difference.
    pub stale: BTreeMap<String, String>,
    /// Files that aren't there.
    pub missing: Vec<String>,
    /// Files that nothing generates.
    pub orphaned: Vec<String>,
}

impl Difference {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.stale.is_empty() && self.missing.is_empty() && self.orphaned.is_empty()
    }

    /// What was done about it, for people; `count` is how many files are generated.
    fn done(&self, count: usize) -> String {
        let mut text = String::new();
        for path in self.missing.iter().chain(self.stale.keys()) {
            let _ = writeln!(text, "wrote {path}");
        }
        for path in &self.orphaned {
            let _ = writeln!(text, "removed {path}");
        }
        if self.is_empty() {
            let _ = writeln!(text, "{count} generated files, nothing changed");
        }
        text
    }

    /// The difference for people, worst detail last; `count` is how many files are generated.
    fn report(&self, count: usize) -> String {
        let mut text = String::new();
        if self.is_empty() {
            let _ = writeln!(text, "{count} generated files are as they should be");
        }
        for path in &self.missing {
            let _ = writeln!(text, "missing: {path}");
        }
        for path in &self.orphaned {
            let _ = writeln!(text, "orphaned: {path} (nothing generates it)");
        }
        for (path, difference) in &self.stale {
            let _ = writeln!(text, "stale: {path}\n{}", difference.trim_end());
        }
        text
    }
}

/// Compares what stands on disk with what it should be.
///
/// # Errors
/// Folders that can't be read.
pub fn compare(workspace: &Workspace, files: &Files) -> Result<Difference, WorkspaceError> {
    let mut difference = Difference::default();
    let wanted: Vec<(&String, &String)> = files.iter().collect();
    let stale = each(&wanted, |(path, wanted)| stale(workspace, path, wanted));
    for ((path, _), stale) in wanted.into_iter().zip(stale) {
        match stale? {
            None => difference.missing.push(path.clone()),
            Some(diff) if diff.is_empty() => {}
            Some(diff) => {
                difference.stale.insert(path.clone(), diff);
            }
        }
    }
    for path in workspace.files_below(FOLDER)? {
        if !files.contains_key(&path) {
            difference.orphaned.push(path);
        }
    }
    // Beside the generated resource types stand files written by hand, without the header.
    for path in workspace.files_below(codegen::FOLDER)? {
        if !files.contains_key(&path) && workspace.read(&path)?.starts_with(codegen::HEADER) {
            difference.orphaned.push(path);
        }
    }
    Ok(difference)
}

/// How a file differs from what it should be, empty where it doesn't; none where there is no file.
fn stale(
    workspace: &Workspace,
    path: &str,
    wanted: &str,
) -> Result<Option<String>, WorkspaceError> {
    if !workspace.root().join(path).is_file() {
        return Ok(None);
    }
    let there = workspace.read(path)?;
    if there == wanted {
        return Ok(Some(String::new()));
    }
    let diff = TextDiff::from_lines(there.as_str(), wanted)
        .unified_diff()
        .header(path, "as it should be")
        .to_string();
    Ok(Some(diff))
}

/// Makes the disk what it should be.
///
/// # Errors
/// Files that can't be written or removed.
pub fn apply(
    workspace: &Workspace,
    files: &Files,
    difference: &Difference,
) -> Result<(), WorkspaceError> {
    for path in difference.missing.iter().chain(difference.stale.keys()) {
        if let Some(contents) = files.get(path) {
            workspace.write(path, contents.as_bytes())?;
        }
    }
    for path in &difference.orphaned {
        workspace.remove(path)?;
    }
    Ok(())
}
