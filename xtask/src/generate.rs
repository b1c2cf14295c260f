//! `generate`: everything that is made from the models, written or compared.

use crate::built::{BuiltProduct, map_products, wanted};
use crate::cli::{Format, GenerateArgs};
use crate::console;
use crate::difference::{Compared, Comparison, ExistingFiles};
use crate::document;
use crate::external::ExternalEntry;
use crate::generated::{self, COMMAND, template_path};
use crate::github;
use crate::pages::{self, Pages, Updates, guide, page_path, product_page};
use crate::portfolios::{StackInputs, handlers, portfolios, product_facts};
use crate::vendor;
use crate::workspace::{Workspace, WorkspaceError, all};
use compute_catalog::access::AccessFile;
use compute_catalog::check::Suppressed;
use compute_catalog::environment::{
    Communities, Environment, Environments, Organization, RegionPrices,
};
use compute_catalog::page::{
    ExternalSource, Guide, IndexLine, PageError, UpdateTable, external_page, update_page,
};
use compute_catalog::portfolio::end_user::EndUsers;
use compute_catalog::portfolio::foundation::Foundation;
use compute_catalog::portfolio::launch_role::{Handlers, TableRow, table};
use compute_catalog::portfolio::{Portfolio, ProductFacts, StackSpec, TagOptions};
use compute_catalog::product::{Built, ExternalProduct, Key};
use compute_catalog::rehearsal::{Behaviours, OutsideFile, Programs, facts_page};
use compute_catalog::release::Ledger;
use compute_catalog::yaml;
use schemars::Schema;
use std::error::Error;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether what is left out was told.
static IS_TOLD: AtomicBool = AtomicBool::new(false);

/// Writes what is generated, or only says what would be written.
///
/// # Errors
/// A catalog that can't be built, files that can't be read or written.
pub fn run(workspace: &Workspace, args: &GenerateArgs) -> Result<ExitCode, Box<dyn Error>> {
    let comparison = Comparison {
        workspace,
        is_written: !args.check,
    };
    let waiting =
        console::waiting("Building every product, with everything that is written of it.");
    let (side, products) = rayon::join(|| SideOutputs::of(comparison), || of_catalog(comparison));
    let tampered = side.tampered?;
    if !tampered.is_empty() {
        for finding in &tampered {
            console::error(&format!(
                "vendor/{}: {}\n  hint: restore it from git, or run `cargo xtask vendor refresh --pinned`",
                finding.path, finding.problem
            ));
        }
        return Ok(ExitCode::FAILURE);
    }
    let mut made = products.map_err(|error| -> Box<dyn Error> { error })?;
    made.extend(side.schemas?);
    made.extend(side.types?);
    made.find_orphaned(workspace, side.existing?)?;
    if !args.check {
        made.apply(workspace)?;
    }
    drop(waiting);
    let (difference, count) = (&made.difference, made.paths.len());
    match (args.format, args.check) {
        (Format::Json, _) => document::print("generate", difference)?,
        (Format::Text, true) => console::print(&difference.report(count))?,
        (Format::Text, false) => console::print(&difference.done(count))?,
    }
    if args.format == Format::Text && !args.check {
        let organization = workspace.environments()?.organization;
        let left_out = github::left_out(&organization);
        // A command that writes several times says it once.
        if let Some(line) = left_out
            && !IS_TOLD.swap(true, Ordering::Relaxed)
        {
            console::progress(&line);
        }
    }
    if args.check && !difference.is_empty() {
        console::error(&format!(
            "generated files are not what the models make\n  hint: run `{COMMAND}`"
        ));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// What is made, or looked at, without the products.
struct SideOutputs {
    tampered: Result<Vec<vendor::Finding>, vendor::Error>,
    types: Result<Compared, String>,
    schemas: Result<Compared, WorkspaceError>,
    existing: Result<ExistingFiles, WorkspaceError>,
}

impl SideOutputs {
    fn of(comparison: Comparison<'_>) -> SideOutputs {
        let workspace = comparison.workspace;
        SideOutputs {
            tampered: match workspace.has_vendored_data() {
                true => vendor::verify(&workspace.root().join("vendor")),
                false => Ok(Vec::new()),
            },
            types: resource_types(comparison).map_err(|error| error.to_string()),
            schemas: schemas(comparison),
            existing: ExistingFiles::of(workspace),
        }
    }
}

/// The resource types.
fn resource_types(comparison: Comparison<'_>) -> Result<Compared, Box<dyn Error>> {
    let root = comparison.workspace.root();
    if !comparison.workspace.has_vendored_data() {
        return Ok(Compared::unchanged(Vec::new()));
    }
    Ok(match codegen::fresh_files(root) {
        Some(fresh) => Compared::unchanged(fresh),
        None => comparison.of(codegen::resource_files(&root.join("vendor"))?)?,
    })
}

/// The schemas of files that people write.
fn schemas(comparison: Comparison<'_>) -> Result<Compared, WorkspaceError> {
    let mut made = comparison.of([
        schema("portfolio", &yaml::schema::<Portfolio>()),
        schema("tag-options", &yaml::schema::<TagOptions>()),
        schema("end-users", &yaml::schema::<EndUsers>()),
        schema("foundation", &yaml::schema::<Foundation>()),
        schema("external", &yaml::schema::<ExternalProduct>()),
        schema("organization", &yaml::schema::<Organization>()),
        schema("environment", &yaml::schema::<Environment>()),
        schema("prices", &yaml::schema::<RegionPrices>()),
        schema("versions", &yaml::schema::<Ledger>()),
        schema("communities", &yaml::schema::<Communities>()),
        schema("guide", &yaml::schema::<Guide>()),
        schema("access", &yaml::schema::<AccessFile>()),
        schema("outside", &yaml::schema::<OutsideFile>()),
        schema("calls", &yaml::schema::<Programs>()),
        schema("behaviours", &yaml::schema::<Behaviours>()),
    ])?;
    made.extend(comparison.of(documents()?)?);
    let products = comparison.workspace.products().iter();
    made.extend(
        comparison.of(
            products.map(|product| schema(product.key().as_str(), &product.settings_schema()))
        )?,
    );
    Ok(made)
}

/// The schemas of what `--format json` prints.
fn documents() -> Result<Vec<(String, String)>, WorkspaceError> {
    let schemas = document::schemas().map_err(|cause| WorkspaceError::Io {
        what: "read",
        path: "xtask/src/document/results.json".into(),
        cause: cause.into(),
    })?;
    let file = |(name, schema): (String, serde_json::Value)| {
        (
            format!("{}/{name}.json", document::FOLDER),
            format!("{schema:#}\n"),
        )
    };
    Ok(schemas.into_iter().map(file).collect())
}

/// The file of a schema.
fn schema(name: &str, schema: &Schema) -> (String, String) {
    let mut json = serde_json::to_string_pretty(schema.as_value()).unwrap_or_default();
    json.push('\n');
    (format!("generated/schemas/{name}.json"), json)
}

/// What is made of the products, and of what stands around them.
fn of_catalog(comparison: Comparison<'_>) -> Result<Compared, Box<dyn Error + Send + Sync>> {
    let workspace = comparison.workspace;
    let wanted = wanted(workspace, &[])?;
    let environments = workspace.environments()?;
    let portfolios = portfolios(workspace)?;
    let pages = Pages::read(workspace, &environments, &portfolios)?;
    let handlers = handlers()?;
    let behaviours = Behaviours::known().map_err(WorkspaceError::Input)?;
    let shared = SharedInputs {
        comparison,
        environments: &environments,
        pages: &pages,
        handlers: &handlers,
    };
    let products = map_products(workspace, &environments, &wanted, |product, built| {
        GeneratedProduct::of(shared, product, built)
    })?;
    let mut compared = Compared::default();
    let (mut all_facts, mut lines, mut suppressed) = (Vec::new(), Vec::new(), Vec::new());
    let mut updates = Vec::new();
    for product in all::<_, Vec<_>>(products)? {
        compared.extend(product.compared);
        lines.push(product.line?);
        suppressed.extend(product.suppressed);
        updates.extend(product.updates);
        all_facts.push((product.key, product.facts));
    }
    for entry in ExternalEntry::load(workspace, &[])? {
        let source = ExternalSource {
            key: &entry.key,
            product: &entry.product,
            ledger: &entry.history.ledger,
            offerings: &pages.offerings,
        };
        let (text, line) = external_page(&source, COMMAND)?;
        compared.extend(comparison.of([(page_path(&entry.key), text)])?);
        lines.push(line);
        all_facts.push((entry.key.clone(), Ok(entry.facts())));
    }
    let name = environments.organization.name.clone();
    let inputs = StackInputs::of(name, portfolios, all_facts, handlers)?;
    let (stacks, files) = rayon::join(
        || of_stacks(comparison, &inputs),
        || {
            let mut files = pages::beside_products(&pages, &lines, &environments)?;
            files.insert(
                "generated/rules.md".to_owned(),
                compute_catalog::check::page(compute_catalog::check::rules(), &suppressed),
            );
            files.insert("generated/facts.md".to_owned(), facts_page(behaviours));
            let page = update_page(&updates, COMMAND);
            files.insert("generated/updates.md".to_owned(), page);
            let workflow = crate::workflow::workflow(&environments);
            files.insert(crate::workflow::PATH.to_owned(), workflow);
            files.extend(github::files(&environments.organization));
            Ok::<_, PageError>(comparison.of(files))
        },
    );
    compared.extend(stacks?);
    compared.extend(files??);
    Ok(compared)
}

/// What every product is made with.
#[derive(Clone, Copy)]
struct SharedInputs<'a> {
    comparison: Comparison<'a>,
    environments: &'a Environments,
    pages: &'a Pages,
    handlers: &'a Handlers,
}

/// What was made of a product, and is left of it.
struct GeneratedProduct {
    key: Key,
    facts: Result<ProductFacts, WorkspaceError>,
    compared: Compared,
    suppressed: Vec<Suppressed>,
    /// What the index tells of it, or why it has no page.
    line: Result<IndexLine, PageError>,
    /// What updates to its newest version do.
    updates: Option<UpdateTable>,
}

impl GeneratedProduct {
    fn of(
        shared: SharedInputs<'_>,
        product: &BuiltProduct,
        built: &Built,
    ) -> Result<GeneratedProduct, WorkspaceError> {
        let comparison = shared.comparison;
        let key = &product.key;
        let guide = guide(comparison.workspace, key)?;
        let mut compared = comparison.of([(template_path(key), product.text.as_str())])?;
        let (pages, environments) = (shared.pages, shared.environments);
        let updates = Updates::of(
            comparison.workspace,
            environments,
            product,
            &built.entry.name,
        )?;
        let page = product_page(&pages.source(environments, product, built, &guide, &updates));
        let line = match page {
            Ok((text, line)) => {
                compared.extend(comparison.of([(page_path(key), text)])?);
                Ok(line)
            }
            Err(error) => Err(error),
        };
        Ok(GeneratedProduct {
            facts: product_facts(product, built, shared.handlers, updates.versions.as_ref()),
            key: key.clone(),
            compared,
            suppressed: product.suppressed(),
            line,
            updates: updates.table,
        })
    }
}

/// The stacks around the products, and the page of what their launch roles grant.
fn of_stacks(
    comparison: Comparison<'_>,
    inputs: &StackInputs,
) -> Result<Compared, Box<dyn Error + Send + Sync>> {
    let stacks = inputs.build_each(|spec, stack, role| {
        let row = match (spec, role) {
            (StackSpec::LaunchRole(file), Some(role)) => Some(TableRow::of(file, role)),
            _ => None,
        };
        let compared = comparison.of([generated::stack(stack)?])?;
        Ok::<_, Box<dyn Error + Send + Sync>>((compared, row))
    });
    let mut compared = Compared::default();
    let mut rows = Vec::new();
    for stack in stacks.map_err(WorkspaceError::Input)? {
        let (stack, row) = stack?;
        compared.extend(stack);
        rows.extend(row);
    }
    let page = ("generated/launch-roles.md".to_owned(), table(&rows));
    compared.extend(comparison.of([page])?);
    Ok(compared)
}
