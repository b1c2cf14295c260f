//! `check`: every rule over the catalog, or over any templates.

mod files;
mod versions;

pub(crate) use versions::of_external;

use crate::access::reasons;
use crate::built::{BuiltProduct, map_products, wanted};
use crate::cli::{CheckArgs, CheckFormat, ExplainArgs};
use crate::console;
use crate::diagnostic::{self, Part};
use crate::document;
use crate::external::ExternalEntry;
use crate::generated;
use crate::pages::{Pages, guides};
use crate::portfolios::{StackInputs, handlers, portfolios, product_facts};
use crate::price_age;
use crate::rehearse::{outside, programs};
use crate::unreleased::unreleased;
use crate::workspace::{Workspace, WorkspaceError};
use compute_catalog::check::{
    Files, Finding, Severity, Suppressed, check_environments, check_stack, check_stacks,
    check_template, github, input, rules, sarif, unreadable_input,
};
use compute_catalog::environment::{Environments, Prices, RegionPrices, prices_path};
use compute_catalog::portfolio::{CatalogStack, Named};
use compute_catalog::product::{Built, Key, Machine, Product, ProductType};
use compute_catalog::yaml;
use std::error::Error;
use std::process::ExitCode;

/// Whether templates were named rather than products.
pub fn is_of_files(args: &CheckArgs) -> bool {
    args.targets.iter().any(|target| files::is_file(target))
}

/// Checks templates outside of any catalog.
///
/// # Errors
/// Standard output can't be written.
pub fn run_files(args: &CheckArgs) -> Result<ExitCode, Box<dyn Error>> {
    files::run(&args.targets, args.format)
}

/// Runs the rules over the catalog and prints what they find.
///
/// # Errors
/// Files that can't be read, products that can't be built.
pub fn run(workspace: &Workspace, args: &CheckArgs) -> Result<ExitCode, Box<dyn Error>> {
    let keys: Result<Vec<Key>, _> = args.targets.iter().map(|text| text.parse()).collect();
    let checked = match keys
        .map_err(Box::from)
        .and_then(|keys| checked(workspace, &keys))
    {
        Ok(checked) => checked,
        Err(error) => {
            // Other programs get a document too; people read the error.
            if args.format != CheckFormat::Text {
                print(&input_findings(workspace, error.as_ref()), args.format)?;
            }
            return Err(error);
        }
    };
    match args.format {
        CheckFormat::Text => {
            diagnostic::print(&checked.findings)?;
            console::print_text(&sums(&checked))?;
        }
        format => print(&checked.findings, format)?,
    }
    Ok(exit(&checked.findings))
}

/// The findings for other programs.
fn print(findings: &[Finding], format: CheckFormat) -> Result<(), Box<dyn Error>> {
    match format {
        CheckFormat::Text => diagnostic::print(findings)?,
        CheckFormat::Json => document::print("check", &findings)?,
        CheckFormat::Github => console::print(&github(findings))?,
        CheckFormat::Sarif => {
            let sarif = sarif(findings, rules(), env!("CARGO_PKG_VERSION"));
            console::print_json(&sarif)?;
        }
    }
    Ok(())
}

/// What keeps the catalog from being checked, as findings.
fn input_findings(workspace: &Workspace, error: &(dyn Error + 'static)) -> Vec<Finding> {
    let finding = |part: &Part| match part {
        Part::Mistake(mistake) => {
            input(mistake, &diagnostic::text(workspace.root(), &mistake.file))
        }
        Part::Other(message) => unreadable_input(message),
    };
    diagnostic::parts(error).iter().map(finding).collect()
}

/// What is found in the whole catalog, or what keeps it from being checked, as other programs get it.
pub fn findings(workspace: &Workspace) -> Vec<Finding> {
    match checked(workspace, &[]) {
        Ok(checked) => checked.findings,
        Err(error) => input_findings(workspace, error.as_ref()),
    }
}

/// Explains a rule.
///
/// # Errors
/// There is no such rule.
pub fn explain(args: &ExplainArgs) -> Result<ExitCode, Box<dyn Error>> {
    let Some(rule) = rules().iter().find(|rule| rule.id == args.rule) else {
        let known = rules().iter().map(|rule| rule.id);
        let hint = yaml::hint(&args.rule, known, || {
            "generated/rules.md lists them".to_owned()
        });
        return Err(format!("there is no rule `{}`\n  hint: {hint}", args.rule).into());
    };
    console::print(&format!(
        "{} ({})\n\n{}\n\nwhy: {}\nwhat to do: {}\nsource: {}\n",
        rule.id, rule.severity, rule.what, rule.why, rule.fix, rule.source
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// The same, silent where there is nothing to say: before publishing.
///
/// # Errors
/// As [`run`].
pub fn before_publishing(workspace: &Workspace) -> Result<ExitCode, Box<dyn Error>> {
    let findings = checked(workspace, &[])?.findings;
    diagnostic::say(&findings);
    Ok(exit(&findings))
}

fn exit(findings: &[Finding]) -> ExitCode {
    // A note says what wasn't looked at; nothing is wrong.
    match findings
        .iter()
        .all(|finding| finding.severity == Severity::Note)
    {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// What was found.
#[derive(Default)]
struct Checked {
    findings: Vec<Finding>,
    suppressed: Vec<Suppressed>,
    /// What no version holds: no finding, but worth a word.
    unreleased: Vec<String>,
    /// What pages can't tell the price of, though prices of its region are there, and prices that are old.
    unpriced: Vec<String>,
    /// How many products were looked at.
    products: usize,
    /// Those of them that an engine makes: no rule looks into what it reads.
    opaque: Vec<Key>,
}

/// The findings of the products of these keys; without keys of every product, and of what stands
/// around them.
fn checked(workspace: &Workspace, keys: &[Key]) -> Result<Checked, Box<dyn Error>> {
    let _waiting = console::waiting("Applying every rule to every version of a template.");
    let wanted = wanted(workspace, keys)?;
    let environments = workspace.environments()?;
    let handlers = handlers()?;
    let check = |product: &BuiltProduct, built: &Built| {
        let findings = of_product(workspace, &environments, product, built);
        let facts = product_facts(product, built, &handlers, None).and_then(|mut facts| {
            let legacy = workspace.legacy_versions(&product.key)?;
            if let Some(legacy) = legacy {
                facts.legacy_types = legacy.types();
                facts.legacy_macros = legacy.macros;
            }
            facts.named = Some(named(workspace, product, built));
            Ok(facts)
        });
        let key = product.key.clone();
        (
            findings,
            product.suppressed(),
            (key, facts),
            (unreleased(product), Machine::all(&built.template)),
        )
    };
    let (products, portfolios) = rayon::join(
        || map_products(workspace, &environments, &wanted, check),
        || keys.is_empty().then(|| portfolios(workspace)),
    );
    let mut checked = Checked::default();
    let (mut all_facts, mut machines) = (Vec::new(), Vec::new());
    // Of files that can't be read, all are told.
    let mut unreadable = Vec::new();
    for (findings, suppressed, facts, (unreleased, of_product)) in products? {
        machines.extend(of_product);
        checked.unreleased.extend(unreleased);
        match findings {
            Ok(findings) => checked.findings.extend(findings),
            Err(error) => match error.downcast::<WorkspaceError>().map(|error| *error) {
                Ok(WorkspaceError::Input(found)) => unreadable.extend(found),
                Ok(error) => return Err(error.into()),
                Err(error) => return Err(error),
            },
        }
        checked.suppressed.extend(suppressed);
        checked.products += 1;
        all_facts.push(facts);
    }
    if !unreadable.is_empty() {
        return Err(WorkspaceError::Input(unreadable).into());
    }
    let external = ExternalEntry::load(workspace, keys)?;
    if !external.is_empty() {
        let foundation = crate::portfolios::portfolios(workspace)?.foundation;
        let reads = foundation.engine_reads();
        for entry in &external {
            checked
                .findings
                .extend(of_external(workspace, entry, &reads));
            checked.unreleased.extend(entry.unreleased());
            checked.products += 1;
            all_facts.push((entry.key.clone(), Ok(entry.facts())));
        }
    }
    checked.opaque = external.into_iter().map(|entry| entry.key).collect();
    checked.findings.sort();
    if let Some(portfolios) = portfolios {
        let portfolios = portfolios?;
        let pages = Pages::read(workspace, &environments, &portfolios)?;
        checked.unpriced = unpriced(&pages.prices, &machines);
        checked.unpriced.extend(price_age::told(&pages.prices));
        guides(workspace)?;
        read_others(workspace, &wanted)?;
        let organization = &environments.organization;
        outside(workspace, organization)?;
        let name = organization.name.clone();
        let inputs = StackInputs::of(name, portfolios, all_facts, handlers)?;
        let found = of_portfolios(workspace, &inputs, &environments);
        checked.findings.extend(found);
    }
    Ok(checked)
}

/// Reads what no rule looks at, and other commands trip over: what programs call and machines keep, why
/// somebody may do something.
fn read_others(workspace: &Workspace, wanted: &[&dyn Product]) -> Result<(), WorkspaceError> {
    let mut errors = Vec::new();
    let mut note = |read: Result<(), WorkspaceError>| match read {
        Err(WorkspaceError::Input(found)) => {
            errors.extend(found);
            Ok(())
        }
        other => other,
    };
    for product in wanted {
        note(programs(workspace, product.key()).map(drop))?;
        note(workspace.kept(product.key()).map(drop))?;
    }
    note(reasons(workspace).map(drop))?;
    match errors.is_empty() {
        true => Ok(()),
        false => Err(WorkspaceError::Input(errors)),
    }
}

/// The types of machines that are offered and have no price, by the file that would have it.
fn unpriced(prices: &Prices, machines: &[Machine]) -> Vec<String> {
    let of_region = |(region, prices): (&String, &RegionPrices)| {
        let missing = prices.missing(machines.iter().flat_map(Machine::each_type));
        let file = prices_path(region);
        (!missing.is_empty()).then(|| {
            format!(
                "no price: {file} has none of {}\n  hint: `cargo xtask vendor prices` asks AWS",
                missing.join(", ")
            )
        })
    };
    prices.by_region.iter().filter_map(of_region).collect()
}

/// What is wrong with portfolios, launch roles, end users and tag options.
fn of_portfolios(
    workspace: &Workspace,
    inputs: &StackInputs,
    environments: &Environments,
) -> Vec<Finding> {
    // A file that can't be read again only leaves its line out.
    let text = |path: &str| workspace.read(path).unwrap_or_default();
    let (made, faults) = rayon::join(
        || inputs.build_each(|_, stack, _| of_stack(workspace, stack)),
        || inputs.faults(environments, &|folder| workspace.names_in(folder)),
    );
    let found = faults
        .iter()
        .map(|fault| fault.finding(&text(&fault.error.file)));
    let mut findings: Vec<Finding> = found.collect();
    match made {
        Ok(found) => findings.extend(found.into_iter().flatten()),
        Err(errors) => findings.extend(check_stacks(&errors, text)),
    }
    findings
}

/// What is wrong with a stack around the products, by the rules for any template.
fn of_stack(workspace: &Workspace, stack: &CatalogStack) -> Vec<Finding> {
    let path = format!("generated/{}", stack.file);
    // What was never generated has no lines yet.
    let mut body = workspace.read(&path).unwrap_or_default();
    let mut found = check_stack(&path, &stack.template, &body);
    // Suppressions and parameters stand in this program, for whatever the files may ask for: nobody
    // who edits them can take away one that isn't needed.
    found.retain(|finding| !["parameter-unused", "suppression"].contains(&finding.rule));
    if found.is_empty() {
        return found;
    }
    // The lines are those of the stack as it is now, whatever was generated before.
    if let Ok((_, text)) = generated::stack(stack) {
        body = text;
    }
    let source = workspace.read(&stack.source).unwrap_or_default();
    let files = Files {
        template: (&path, &body),
        settings: Some((&stack.source, &source)),
        sources: &[],
    };
    match yaml::read(&body) {
        Ok(tree) => {
            let found = found.into_iter();
            found.map(|finding| finding.placed(&files, &tree)).collect()
        }
        Err(_) => found,
    }
}

/// A product's name with its line in the settings.
fn named(workspace: &Workspace, product: &BuiltProduct, built: &Built) -> Named {
    let file = format!("products/{}/settings.yaml", product.key);
    // Settings that can't be read again only leave the line out.
    let tree = yaml::read(&workspace.read(&file).unwrap_or_default());
    let path = ["catalog".to_owned(), "name".to_owned()];
    Named {
        name: built.entry.name.clone(),
        at: tree
            .map(|tree| tree.locate(&path, false))
            .unwrap_or_default(),
        file,
    }
}

fn of_product(
    workspace: &Workspace,
    environments: &Environments,
    entry: &BuiltProduct,
    built: &Built,
) -> Result<Vec<Finding>, Box<dyn Error + Send + Sync>> {
    let mut found = check_template(&entry.key, &built.template, &entry.text);
    found.extend(check_environments(
        &entry.key,
        &built.template,
        environments,
    ));
    let mut findings = placed(workspace, entry, &entry.text, found)?;
    let of_template = ProductType::CloudFormationTemplate;
    findings.extend(versions::of_ledger(
        workspace,
        &entry.key,
        &entry.history,
        of_template,
    ));
    findings.extend(versions::of_contract(
        workspace,
        &entry.key,
        &built.template,
    )?);
    findings.extend(versions::in_environments(
        workspace,
        &entry.key,
        &entry.history,
        environments,
    ));
    Ok(findings)
}

/// The findings of a template with the lines that they speak of.
fn placed(
    workspace: &Workspace,
    entry: &BuiltProduct,
    body: &str,
    findings: Vec<Finding>,
) -> Result<Vec<Finding>, Box<dyn Error + Send + Sync>> {
    if findings.is_empty() {
        return Ok(findings);
    }
    let tree = yaml::read(body)?;
    let template = generated::template_path(&entry.key);
    let settings = format!("products/{}/settings.yaml", entry.key);
    let text = workspace.read(&settings)?;
    let sources = sources(workspace, entry)?;
    let files = Files {
        template: (&template, body),
        settings: Some((&settings, &text)),
        sources: &sources,
    };
    Ok(findings
        .into_iter()
        .map(|finding| finding.placed(&files, &tree))
        .collect())
}

/// The files that a product is made from: its own, those it shares, and the building blocks.
fn sources(
    workspace: &Workspace,
    entry: &BuiltProduct,
) -> Result<Vec<(String, String)>, WorkspaceError> {
    let mut sources = Vec::new();
    for folder in [
        format!("products/{}", entry.key),
        "products/shared".to_owned(),
        "products/part".to_owned(),
    ] {
        for path in workspace.files_below(&folder)? {
            let is_history = path.contains("/history/") || path.ends_with("settings.yaml");
            if !is_history && let Ok(text) = workspace.read(&path) {
                sources.push((path, text));
            }
        }
    }
    // What is written in Rust first: it names what the other files are for.
    sources.sort_by_key(|(path, _)| !path.ends_with(".rs"));
    Ok(sources)
}

/// What stands below the findings: suppressions with their reasons to those who want more, and sums.
fn sums(checked: &Checked) -> String {
    let mut out = String::new();
    let told = checked.suppressed.iter().filter(|_| console::is_verbose());
    for (product, id, suppression) in told {
        out.push_str(&format!(
            "suppressed: {product}: {id}: {}: {}\n",
            suppression.rule, suppression.reason
        ));
    }
    for line in checked.unreleased.iter().chain(&checked.unpriced) {
        out.push_str(&format!("{line}\n"));
    }
    for key in &checked.opaque {
        out.push_str(&format!(
            "not looked into: {key}: no rule knows what its engine makes of its files\n"
        ));
    }
    let count = checked.suppressed.len();
    out.push_str(&summary(
        checked.products,
        "product",
        checked.findings.len(),
        count,
    ));
    out.push('\n');
    out
}

fn summary(looked_at: usize, what: &str, findings: usize, suppressed: usize) -> String {
    let plural = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    };
    let found = match findings {
        0 => "nothing found".to_owned(),
        _ => plural(findings, "finding"),
    };
    let suppressed = match suppressed {
        0 => String::new(),
        _ => format!(", {}", plural(suppressed, "suppression")),
    };
    format!(
        "{} checked by {}, {found}{suppressed}",
        plural(looked_at, what),
        plural(rules().len(), "rule")
    )
}
