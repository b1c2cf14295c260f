//! `rehearse`: every product's whole life, offline.

use crate::built::{BuiltProduct, BuiltProducts};
use crate::cli::{Format, RehearseArgs};
use crate::console;
use crate::generated;
use crate::portfolios::{StackInputs, handlers};
use crate::workspace::{Workspace, WorkspaceError};
use compute_catalog::cfn::{self, IndexMap, Template};
use compute_catalog::environment::Environment;
use compute_catalog::iam;
use compute_catalog::portfolio::launch_role::Handlers;
use compute_catalog::portfolio::{CatalogStack, Launch};
use compute_catalog::product::{Built, Key, VersionName};
use compute_catalog::rehearsal::{
    Behaviours, CatalogTemplate, Files, Finding, LaunchRole, Life, Memory, Outside, Programs,
    Report, Running, Setting, Subject, World, findings, legacy_stacks, time_line,
};
use compute_catalog::yaml::{InputError, Location};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeSet;
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

/// Rehearses, and prints what doesn't work.
///
/// # Errors
/// Files that can't be read, products that can't be built.
pub fn run(workspace: &Workspace, args: &RehearseArgs) -> Result<ExitCode, Box<dyn Error>> {
    let rehearsed = rehearse(workspace, &args.keys, &args.environments, args.from)?;
    match args.format {
        Format::Json => console::print_json(&rehearsed)?,
        Format::Text => console::print(&console::painted(&rehearsed.text(args.time_line)))?,
    }
    Ok(match rehearsed.is_well() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// What was rehearsed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rehearsed {
    /// By product.
    pub products: Vec<RehearsedProduct>,
}

/// What was rehearsed of a product.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RehearsedProduct {
    /// Its key.
    pub product: String,
    /// The environments.
    pub environments: Vec<String>,
    /// How many steps, in all of them.
    pub steps: usize,
    /// How many sets of values of the form.
    pub scenarios: usize,
    /// What doesn't work.
    pub findings: Vec<Finding>,
    /// The time line of the first launch, or of the first step that fails.
    #[serde(skip)]
    shown: String,
}

impl Rehearsed {
    /// Whether everything works.
    pub fn is_well(&self) -> bool {
        self.products.iter().all(|one| one.findings.is_empty())
    }

    fn text(&self, time_line: bool) -> String {
        let mut out = String::new();
        for one in &self.products {
            for finding in &one.findings {
                out.push_str(&format!("{}\n\n", finding.text()));
            }
            if time_line || !one.findings.is_empty() {
                out.push_str(&one.shown);
            }
            let found = match one.findings.len() {
                0 => "everything works".to_owned(),
                1 => "1 finding".to_owned(),
                count => format!("{count} findings"),
            };
            out.push_str(&format!(
                "{}: {} steps in {} with {} kinds of values: {found}\n",
                one.product,
                one.steps,
                one.environments.join(", "),
                one.scenarios
            ));
        }
        out
    }
}

/// What is read once for all products.
struct Given {
    behaviours: &'static Behaviours,
    handlers: Handlers,
    outside: Outside,
    environments: Vec<(Key, Environment)>,
}

/// What is read of one product.
struct Read<'a> {
    entry: &'a BuiltProduct,
    subject: Subject,
    programs: Programs,
    nested: IndexMap<String, Arc<Template>>,
    stacks: Vec<CatalogTemplate>,
    launch_roles: Vec<LaunchRole>,
    memory: Memory,
}

/// Rehearses products in environments: all of either where none is named; from one version, or from
/// each that may be running.
///
/// # Errors
/// Files that can't be read, products that can't be built, names that nothing has.
pub fn rehearse(
    workspace: &Workspace,
    keys: &[Key],
    environments: &[Key],
    from: Option<VersionName>,
) -> Result<Rehearsed, Box<dyn Error>> {
    // A key that no product has is told before anything is built.
    crate::built::wanted(workspace, keys)?;
    let catalog = BuiltProducts::load(workspace, &[])?;
    let built = catalog.built()?;
    let around = StackInputs::load(workspace, &catalog)?;
    let stacks = around.stacks()?;
    let given = Given {
        behaviours: Behaviours::known().map_err(WorkspaceError::Input)?,
        handlers: handlers()?,
        outside: outside(workspace)?,
        environments: chosen(&catalog, environments)?,
    };
    let mut read = Vec::new();
    for (entry, built) in built {
        if keys.is_empty() || keys.contains(&entry.key) {
            read.push(read_product(
                workspace,
                &around,
                &stacks.all,
                entry,
                built,
                from,
            )?);
        }
    }
    let pairs: Vec<(&Read<'_>, &(Key, Environment))> = read
        .iter()
        .flat_map(|one| {
            given
                .environments
                .iter()
                .map(move |environment| (one, environment))
        })
        .collect();
    let organization = &catalog.environments.organization;
    let reports: Vec<_> = pairs
        .par_iter()
        .map(|(one, (name, environment))| {
            let world = World {
                behaviours: given.behaviours,
                handlers: &given.handlers,
                actions: iam::actions(),
                outside: &given.outside,
                programs: &one.programs,
                nested: &one.nested,
                memory: &one.memory,
            };
            let mut reports = Vec::new();
            for launch_role in &one.launch_roles {
                let name = name.as_str();
                match Setting::new(
                    world,
                    name,
                    environment,
                    organization,
                    &one.stacks,
                    launch_role,
                ) {
                    Ok(setting) => reports.push(Life::rehearse(world, &one.subject, &setting)),
                    Err(failures) => reports.push(Report::of_failures(name, failures)),
                }
            }
            (one.entry.key.clone(), reports)
        })
        .collect();
    let text = |path: &str| workspace.read(path).ok();
    let mut products = Vec::new();
    for one in &read {
        let key = &one.entry.key;
        let of_product = reports.iter().filter(|(product, _)| product == key);
        let reports: Vec<Report> = of_product
            .flat_map(|(_, reports)| reports.clone())
            .collect();
        let mut files = Files::new(&text);
        let steps = || reports.iter().flat_map(|report| &report.steps);
        let shown = steps()
            .find(|step| !step.well && !step.events.is_empty())
            .or_else(|| steps().next());
        products.push(RehearsedProduct {
            product: key.to_string(),
            environments: given
                .environments
                .iter()
                .map(|(key, _)| key.to_string())
                .collect(),
            steps: steps().count(),
            scenarios: reports
                .iter()
                .map(|report| report.scenarios)
                .max()
                .unwrap_or(0),
            findings: findings(key.as_str(), &reports, &mut files),
            shown: shown.map_or_else(String::new, |step| {
                format!(
                    "  {} in {}:\n{}\n",
                    step.name,
                    step.environment,
                    time_line(&step.events)
                )
            }),
        });
    }
    Ok(Rehearsed { products })
}

/// The environments in which products are launched.
fn chosen(
    catalog: &BuiltProducts,
    wanted: &[Key],
) -> Result<Vec<(Key, Environment)>, Box<dyn Error>> {
    let all = &catalog.environments.by_key;
    for key in wanted {
        match all.get(key) {
            None => {
                let known: Vec<&str> = all.keys().map(Key::as_str).collect();
                let known = known.join(", ");
                return Err(
                    format!("there is no environment `{key}`\n  hint: one of: {known}").into(),
                );
            }
            Some(environment) if environment.local => {
                return Err(format!(
                    "`{key}` takes no launches: no template knows its account\n  hint: name another environment, or none for all"
                )
                .into());
            }
            Some(_) => {}
        }
    }
    Ok(all
        .iter()
        .filter(|(key, one)| !one.local && (wanted.is_empty() || wanted.contains(key)))
        .map(|(key, one)| (key.clone(), one.clone()))
        .collect())
}

/// What the catalog meets in accounts.
fn outside(workspace: &Workspace) -> Result<Outside, WorkspaceError> {
    const PATH: &str = "portfolios/outside.yaml";
    match workspace.root().join(PATH).is_file() {
        true => Outside::read(PATH, &workspace.read(PATH)?).map_err(WorkspaceError::Input),
        false => Ok(Outside::of_aws()),
    }
}

fn read_product<'a>(
    workspace: &Workspace,
    around: &StackInputs,
    stacks: &[CatalogStack],
    entry: &'a BuiltProduct,
    built: &Built,
    from: Option<VersionName>,
) -> Result<Read<'a>, Box<dyn Error>> {
    let key = &entry.key;
    let path = format!("products/{key}/calls.yaml");
    let programs = match workspace.root().join(&path).is_file() {
        true => Programs::read(&path, &workspace.read(&path)?).map_err(WorkspaceError::Input)?,
        false => Programs::default(),
    };
    let mut nested = IndexMap::default();
    let mut running = Vec::new();
    let folder = format!("products/{key}/legacy");
    for file in workspace.files_below(&folder)? {
        let template = Arc::new(template(workspace, &file)?);
        let name = file.rsplit('/').next().unwrap_or_default().to_owned();
        match name.as_str() {
            "template.yaml" => {
                let facts = workspace.legacy_versions(key)?.unwrap_or_default();
                running.extend(legacy_stacks(&facts, &template, &file).map_err(|found| {
                    let lines: Vec<String> = found
                        .iter()
                        .map(|one| {
                            format!("{file}: {} ({}): {}", one.logical_id, one.kind, one.cause)
                        })
                        .collect();
                    lines.join("\n")
                })?);
            }
            _ => {
                nested.insert(name, template);
            }
        }
    }
    for version in entry.history.ledger.released() {
        // What can't be launched runs nowhere.
        if entry.history.ledger.barred(version.name).is_some() {
            continue;
        }
        let template = entry.history.template(key, version.name)?;
        running.push(Running {
            versions: vec![version.name],
            template: Arc::new(template),
            file: format!("products/{key}/history/{}.yaml", version.name),
            is_ours: true,
            no_update: None,
        });
    }
    if let Some(from) = from {
        running.retain(|one| one.versions.contains(&from));
        if running.is_empty() {
            let known: Vec<String> = entry
                .history
                .ledger
                .versions
                .iter()
                .map(|version| version.name.to_string())
                .collect();
            return Err(format!(
                "no stacks of {key} {from} may be running\n  hint: one of: {}",
                known.join(", ")
            )
            .into());
        }
    }
    let actions = around.catalog.service_actions(key);
    Ok(Read {
        entry,
        subject: Subject {
            product: key.to_string(),
            template: Arc::new(built.template.clone()),
            file: generated::template_path(key),
            running,
            service_actions: actions
                .map(|action| (action.document.clone(), action.calls.clone()))
                .collect(),
        },
        programs,
        nested,
        stacks: stacks
            .iter()
            .filter(|stack| concerns(stack, key))
            .map(|stack| CatalogTemplate {
                name: stack.name.clone(),
                file: format!("generated/{}", stack.file),
                template: Arc::new(stack.template.clone()),
            })
            .collect(),
        launch_roles: launch_roles(around, key),
        memory: Memory::default(),
    })
}

/// Whether a product's launch stands on a stack of the catalog: it makes roles and policies.
fn concerns(stack: &CatalogStack, product: &Key) -> bool {
    match &stack.launch_role_of {
        Some(of) => of == product,
        None => {
            let mut resources = stack.template.resources.values();
            stack.recipients_of.is_none()
                && resources.any(|resource| resource.kind.starts_with("AWS::IAM::"))
        }
    }
}

/// As whom the portfolios launch a product, each once.
fn launch_roles(around: &StackInputs, product: &Key) -> Vec<LaunchRole> {
    let portfolios = around.catalog.portfolios.values();
    let placements = portfolios.flat_map(|file| &file.body.products);
    let own = around.catalog.launch_role(product);
    let own = own.map(|role| {
        let stack = role.stack.as_str();
        LaunchRole::Export(format!("${{AWS::Region}}-{stack}-LaunchRoleArn"))
    });
    let mut names = BTreeSet::new();
    let mut roles: Vec<LaunchRole> = own.into_iter().collect();
    for placement in placements.filter(|one| one.product.value == *product) {
        match placement.launch.as_ref().map(|launch| &launch.value) {
            Some(Launch::LocalRoleName(name)) if names.insert(name.clone()) => {
                roles.push(LaunchRole::Name(name.clone()));
            }
            Some(Launch::Import(export)) if names.insert(export.clone()) => {
                roles.push(LaunchRole::Export(export.clone()));
            }
            _ => {}
        }
    }
    roles
}

fn template(workspace: &Workspace, path: &str) -> Result<Template, WorkspaceError> {
    cfn::read(&workspace.read(path)?).map_err(|errors| {
        let faults = errors.into_iter().map(|error| InputError {
            file: path.to_owned(),
            at: Location::default(),
            message: error.to_string(),
            hint: Some("write it as CloudFormation reads it".to_owned()),
        });
        WorkspaceError::Input(faults.collect())
    })
}
