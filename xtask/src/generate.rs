//! `generate`: everything that is made from the models, written or compared.

use crate::built::{BuiltProduct, each_product, wanted};
use crate::cli::{Format, GenerateArgs};
use crate::console;
use crate::difference::{Compared, Comparison, ExistingFiles};
use crate::generated::{COMMAND, template_path};
use crate::pages::{self, Pages, guide, page_path, product_page};
use crate::portfolios::{StackInputs, handlers, known, portfolios};
use crate::vendor;
use crate::workspace::{Workspace, WorkspaceError, all};
use compute_catalog::cfn::{Header, write};
use compute_catalog::check::Suppressed;
use compute_catalog::environment::{Communities, Environment, Environments, Organization};
use compute_catalog::page::{Guide, IndexLine, PageError};
use compute_catalog::portfolio::end_user::EndUsers;
use compute_catalog::portfolio::foundation::Foundation;
use compute_catalog::portfolio::launch_role::{Handlers, LaunchRole, TableRow, table};
use compute_catalog::portfolio::{
    CatalogFiles, CatalogStack, Portfolio, ProductFacts, StackSpec, TagOptions,
};
use compute_catalog::product::{Built, Key};
use compute_catalog::release::Ledger;
use compute_catalog::yaml::{self, InputError};
use schemars::Schema;
use std::error::Error;
use std::process::ExitCode;

/// Writes what is generated, or only says what would be written.
///
/// # Errors
/// A catalog that can't be built, files that can't be read or written.
pub fn run(workspace: &Workspace, args: &GenerateArgs) -> Result<ExitCode, Box<dyn Error>> {
    let comparison = Comparison {
        workspace,
        is_written: !args.check,
    };
    let beside = || Apart::of(comparison);
    let make = |given: &Given, entry: &BuiltProduct, built: &Built| {
        Made::of(comparison, given, entry, built)
    };
    let products = wanted(workspace, &[])?;
    let given = || Given::read(workspace);
    let (done, apart) = each_product(workspace, &products, given, make, beside);
    let tampered = apart.tampered?;
    if !tampered.is_empty() {
        for finding in &tampered {
            console::error(&format!(
                "vendor/{}: {}\n  hint: restore it from git, or run `cargo xtask vendor refresh --pinned`",
                finding.path, finding.problem
            ));
        }
        return Ok(ExitCode::FAILURE);
    }
    let (given, products) = done?;
    let mut made = of_products(comparison, given, products)?;
    made.extend(apart.schemas?);
    made.extend(apart.types?);
    made.find_orphaned(workspace, apart.existing?)?;
    if !args.check {
        made.apply(workspace)?;
    }
    let (difference, count) = (&made.difference, made.paths.len());
    match (args.format, args.check) {
        (Format::Json, _) => console::print_json(difference)?,
        (Format::Text, true) => console::print(&difference.report(count))?,
        (Format::Text, false) => console::print(&difference.done(count))?,
    }
    if args.check && !difference.is_empty() {
        console::error(&format!(
            "generated files are not what the models make\n  hint: run `{COMMAND}`"
        ));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// What is made, or looked at, apart from the products.
struct Apart {
    tampered: Result<Vec<vendor::Finding>, vendor::Error>,
    types: Result<Compared, String>,
    schemas: Result<Compared, WorkspaceError>,
    existing: Result<ExistingFiles, WorkspaceError>,
}

impl Apart {
    fn of(comparison: Comparison<'_>) -> Apart {
        let workspace = comparison.workspace;
        Apart {
            tampered: vendor::verify(&workspace.root().join("vendor")),
            types: resource_types(comparison).map_err(|error| error.to_string()),
            schemas: schemas(comparison),
            existing: ExistingFiles::of(workspace),
        }
    }
}

/// What is read before the first product.
struct Given {
    environments: Environments,
    portfolios: CatalogFiles,
    pages: Pages,
    handlers: Handlers,
}

impl Given {
    fn read(workspace: &Workspace) -> Result<Given, WorkspaceError> {
        let environments = workspace.environments()?;
        let portfolios = portfolios(workspace)?;
        Ok(Given {
            pages: Pages::read(workspace, &environments, &portfolios)?,
            environments,
            portfolios,
            handlers: handlers()?,
        })
    }
}

impl AsRef<Environments> for Given {
    fn as_ref(&self) -> &Environments {
        &self.environments
    }
}

/// The resource types.
fn resource_types(comparison: Comparison<'_>) -> Result<Compared, Box<dyn Error>> {
    let root = comparison.workspace.root();
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
        schema("organization", &yaml::schema::<Organization>()),
        schema("environment", &yaml::schema::<Environment>()),
        schema("versions", &yaml::schema::<Ledger>()),
        schema("communities", &yaml::schema::<Communities>()),
        schema("guide", &yaml::schema::<Guide>()),
    ])?;
    let products = comparison.workspace.products().iter();
    made.extend(
        comparison.of(
            products.map(|product| schema(product.key().as_str(), &product.settings_schema()))
        )?,
    );
    Ok(made)
}

/// The file of a schema.
fn schema(name: &str, schema: &Schema) -> (String, String) {
    let mut json = serde_json::to_string_pretty(schema.as_value()).unwrap_or_default();
    json.push('\n');
    (format!("generated/schemas/{name}.json"), json)
}

/// What was made of the products, and is made of what stands around them.
fn of_products(
    comparison: Comparison<'_>,
    given: Given,
    products: Vec<Result<Made, WorkspaceError>>,
) -> Result<Compared, Box<dyn Error>> {
    let Given {
        environments,
        portfolios,
        pages,
        handlers,
    } = given;
    let mut compared = Compared::default();
    let (mut all_known, mut lines, mut suppressed) = (Vec::new(), Vec::new(), Vec::new());
    for made in all::<_, Vec<_>>(products)? {
        compared.extend(made.compared);
        lines.push(made.line?);
        suppressed.extend(made.suppressed);
        all_known.push((made.key, made.known));
    }
    let organization_name = environments.organization.name.clone();
    let around = StackInputs::of(organization_name, portfolios, all_known, handlers)?;
    let beside = || {
        let mut files = pages::beside_products(&pages, &lines, &environments)?;
        files.insert(
            "generated/rules.md".to_owned(),
            compute_catalog::check::page(compute_catalog::check::rules(), &suppressed),
        );
        let workflow = crate::workflow::workflow(&environments);
        files.insert(crate::workflow::PATH.to_owned(), workflow);
        Ok::<_, PageError>(comparison.of(files))
    };
    let (stacks, beside) = stacks(comparison, &around, beside);
    compared.extend(stacks?);
    compared.extend(beside??);
    around.leave();
    Ok(compared)
}

/// What was made of a product, and is left of it.
struct Made {
    key: Key,
    known: Result<ProductFacts, WorkspaceError>,
    compared: Compared,
    suppressed: Vec<Suppressed>,
    /// What the index tells of it, or why it has no page.
    line: Result<IndexLine, PageError>,
}

impl Made {
    fn of(
        comparison: Comparison<'_>,
        given: &Given,
        entry: &BuiltProduct,
        built: &Built,
    ) -> Result<Made, WorkspaceError> {
        let key = &entry.key;
        let guide = guide(comparison.workspace, key)?;
        let mut compared = comparison.of([(template_path(key), entry.text.as_str())])?;
        let (pages, environments) = (&given.pages, &given.environments);
        let page = product_page(&pages.source(environments, entry, built, &guide));
        let line = match page {
            Ok((text, line)) => {
                compared.extend(comparison.of([(page_path(key), text)])?);
                Ok(line)
            }
            Err(error) => Err(error),
        };
        Ok(Made {
            known: known(entry, built, &given.handlers),
            key: key.clone(),
            compared,
            suppressed: entry.suppressed(),
            line,
        })
    }
}

/// The stacks around the products, the page of what their launch roles grant, and what is done
/// beside.
fn stacks<B: Send>(
    comparison: Comparison<'_>,
    around: &StackInputs,
    beside: impl FnOnce() -> B + Send,
) -> (Result<Compared, Box<dyn Error>>, B) {
    let work = |of: StackSpec<'_>, stack: &CatalogStack, role: Option<&LaunchRole>| {
        let header = Header {
            source: &stack.source,
            command: COMMAND,
        };
        let row = match (of, role) {
            (StackSpec::LaunchRole(file), Some(role)) => Some(TableRow::of(file, role)),
            _ => None,
        };
        let text = write(&stack.template, Some(&header)).map_err(|error| error.to_string())?;
        let compared = comparison.of([(format!("generated/{}", stack.file), text)]);
        Ok::<_, String>((compared.map_err(|error| error.to_string())?, row))
    };
    let (made, beside) = around.each_stack(work, beside);
    (with_roles_page(comparison, made), beside)
}

/// What was made of a stack, and what its launch role grants.
type MadeStack = Result<(Compared, Option<TableRow>), String>;

/// The stacks that were made, and the page of what the launch roles among them grant.
fn with_roles_page(
    comparison: Comparison<'_>,
    made: Result<Vec<MadeStack>, Vec<InputError>>,
) -> Result<Compared, Box<dyn Error>> {
    let mut compared = Compared::default();
    let mut rows = Vec::new();
    for made in made.map_err(WorkspaceError::Input)? {
        let (stack, row) = made?;
        compared.extend(stack);
        rows.extend(row);
    }
    let page = ("generated/launch-roles.md".to_owned(), table(&rows));
    compared.extend(comparison.of([page])?);
    Ok(compared)
}
