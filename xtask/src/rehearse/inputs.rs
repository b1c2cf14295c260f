//! What a rehearsal reads: products with what runs of them, the catalog's stacks, what accounts hold.

use crate::built::{BuiltProduct, BuiltProducts};
use crate::generated;
use crate::portfolios::{StackInputs, handlers};
use crate::workspace::{Workspace, WorkspaceError};
use compute_catalog::cfn::{IndexMap, Template};
use compute_catalog::environment::{Environment, Organization};
use compute_catalog::iam;
use compute_catalog::portfolio::launch_role::Handlers;
use compute_catalog::portfolio::{CatalogStack, Launch};
use compute_catalog::product::{Built, Key, VersionName};
use compute_catalog::rehearsal::{
    Account, Behaviours, CatalogTemplate, Decisions, LaunchRole, Memory, Outside, Programs,
    Running, Subject, World, legacy_stacks,
};
use std::collections::BTreeSet;
use std::error::Error;
use std::sync::Arc;

/// What is read once for all products.
pub struct Common {
    /// What AWS's schemas don't say.
    pub behaviours: &'static Behaviours,
    /// Which property brings which action.
    pub handlers: Handlers,
    /// What the catalog meets in accounts.
    pub outside: Outside,
    /// The environments in which products are launched.
    pub environments: Vec<(Key, Environment)>,
    /// Where decisions are written down, if they are to be.
    pub decisions: Option<Decisions>,
}

impl Common {
    /// Reads it; all environments where none is named. On `is_noted` each decision is written down.
    ///
    /// # Errors
    /// Files that can't be read, environments that aren't there or take no launches.
    pub fn read(
        workspace: &Workspace,
        catalog: &BuiltProducts,
        environments: &[Key],
        is_noted: bool,
    ) -> Result<Common, Box<dyn Error>> {
        Ok(Common {
            behaviours: Behaviours::known().map_err(WorkspaceError::Input)?,
            handlers: handlers()?,
            outside: outside(workspace, &catalog.environments.organization)?,
            environments: chosen(catalog, environments)?,
            decisions: is_noted.then(Decisions::default),
        })
    }
}

/// What is read of one product.
pub struct ReadProduct<'a> {
    /// The product.
    pub entry: &'a BuiltProduct,
    /// What is rehearsed.
    pub subject: Subject,
    programs: Programs,
    nested: IndexMap<String, Arc<Template>>,
    /// The catalog's stacks that its launch stands on.
    pub stacks: Vec<CatalogTemplate>,
    /// As whom the portfolios launch it.
    pub launch_roles: Vec<LaunchRole>,
    memory: Memory,
}

impl<'a> ReadProduct<'a> {
    /// What is known while it is rehearsed.
    pub fn world<'w>(&'w self, common: &'w Common) -> World<'w> {
        World {
            behaviours: common.behaviours,
            handlers: &common.handlers,
            actions: iam::actions(),
            outside: &common.outside,
            programs: &self.programs,
            nested: &self.nested,
            memory: &self.memory,
            decisions: common.decisions.as_ref(),
        }
    }

    /// As whom it is launched in an account, by ARN: the first of those that the portfolios name.
    pub fn launch_role(&self, account: &Account) -> Option<String> {
        self.launch_roles.iter().find_map(|role| role.arn(account))
    }

    /// Rehearses its newest release in place of what its model makes; false where it has none that can
    /// be launched.
    ///
    /// # Errors
    /// A frozen body that isn't a template.
    pub fn take_newest_release(&mut self) -> Result<bool, String> {
        let (key, history) = (&self.entry.key, &self.entry.history);
        let mut released: Vec<_> = history.ledger.released().collect();
        released.retain(|version| history.ledger.barred(version.name).is_none());
        let Some(newest) = released.iter().max_by_key(|version| version.name) else {
            return Ok(false);
        };
        self.subject.template = Arc::new(history.template(key, newest.name)?);
        self.subject.file = format!("products/{key}/history/{}.yaml", newest.name);
        Ok(true)
    }

    /// Reads it, with what may be running of it; from one version only, where that is named.
    ///
    /// # Errors
    /// Files that can't be read, a version of which nothing may be running.
    pub fn read(
        workspace: &Workspace,
        around: &StackInputs,
        stacks: &[CatalogStack],
        entry: &'a BuiltProduct,
        built: &Built,
        from: Option<VersionName>,
    ) -> Result<ReadProduct<'a>, Box<dyn Error>> {
        let key = &entry.key;
        let programs = programs(workspace, key)?;
        let mut nested = IndexMap::default();
        let mut running = Vec::new();
        let folder = format!("products/{key}/legacy");
        for file in workspace.files_below(&folder)? {
            let template = Arc::new(workspace.template(&file)?);
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
        // What can't be launched runs nowhere.
        for version in entry.history.ledger.living() {
            if version.kept().is_none() {
                continue;
            }
            let template = entry.history.template(key, version.name)?;
            running.push(Running {
                versions: vec![version.name],
                template: Arc::new(template),
                file: format!("products/{key}/history/{}.yaml", version.name),
                is_ours: version.digest().is_some(),
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
        Ok(ReadProduct {
            entry,
            subject: Subject {
                product: key.to_string(),
                template: Arc::new(built.template.clone()),
                file: generated::template_path(key),
                running,
                service_actions: actions
                    .map(|action| {
                        let calls = action.calls.iter().map(|call| call.value.clone());
                        (action.document.value.clone(), calls.collect())
                    })
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
}

/// The environments in which products are launched.
fn chosen(
    catalog: &BuiltProducts,
    wanted: &[Key],
) -> Result<Vec<(Key, Environment)>, Box<dyn Error>> {
    let all = &catalog.environments.by_key;
    for key in wanted {
        match all.get(key) {
            None => return Err(catalog.environments.unknown(key).into()),
            Some(environment) if environment.local => {
                return Err(format!(
                    "no template knows the account of `{key}`: nothing to rehearse there\n  hint: name another environment, or none for all"
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

/// What the programs of a product call.
///
/// # Errors
/// `calls.yaml` of the product isn't as it should be.
pub fn programs(workspace: &Workspace, product: &Key) -> Result<Programs, WorkspaceError> {
    let path = format!("products/{product}/calls.yaml");
    match workspace.root().join(&path).is_file() {
        true => Programs::read(&path, &workspace.read(&path)?).map_err(WorkspaceError::Input),
        false => Ok(Programs::default()),
    }
}

/// What the catalog meets in accounts.
///
/// # Errors
/// `portfolios/outside.yaml` isn't as it should be.
pub fn outside(
    workspace: &Workspace,
    organization: &Organization,
) -> Result<Outside, WorkspaceError> {
    const PATH: &str = "portfolios/outside.yaml";
    match workspace.root().join(PATH).is_file() {
        true => {
            Outside::read(PATH, &workspace.read(PATH)?, organization).map_err(WorkspaceError::Input)
        }
        false => Ok(Outside::of_aws()),
    }
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
