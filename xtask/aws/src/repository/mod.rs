//! The repository on disk, and what each command asks it for.

mod desired;
mod external;
mod stack_sets;

use crate::command_error::CommandError;
use compute_catalog::change::Accounts;
use compute_catalog::environment::{Environment, Organization, Prices};
use compute_catalog::portfolio::Stacks;
use compute_catalog::product::{FargateJob, Key, Machine, Platform};
use compute_catalog::rehearsal::Outside;
use compute_catalog::yaml::choice;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use xtask::built::{BuiltProduct, BuiltProducts};
use xtask::external::ExternalEntry;
use xtask::generated;
use xtask::portfolios::StackInputs;
use xtask::unreleased::unreleased;
use xtask::workspace::Workspace;

/// The repository, read.
pub struct Repository {
    workspace: Workspace,
    catalog: BuiltProducts,
    around: StackInputs,
    stacks: Stacks,
    /// The stacks' templates, by the files under `generated/` that they were reviewed as.
    templates: BTreeMap<String, Arc<str>>,
}

impl Repository {
    /// Reads the repository.
    ///
    /// # Errors
    /// Files that can't be read, and every mistake in them.
    pub fn read(workspace: Workspace) -> Result<Repository, CommandError> {
        let catalog = BuiltProducts::load(&workspace, &[])
            .map_err(|error| CommandError::unreadable(&error))?;
        let unreadable =
            |error: Box<dyn std::error::Error>| CommandError::unreadable(error.as_ref());
        let around = StackInputs::load(&workspace, &catalog).map_err(unreadable)?;
        let stacks = around
            .stacks()
            .map_err(|error| CommandError::input(error.to_string()))?;
        let templates = templates(&workspace, &stacks)?;
        Ok(Repository {
            workspace,
            catalog,
            around,
            stacks,
            templates,
        })
    }

    pub(crate) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    pub(crate) fn root(&self) -> &Path {
        self.workspace.root()
    }

    /// The regions in which products are launched.
    pub(crate) fn regions(&self) -> BTreeSet<String> {
        let all = self.catalog.environments.by_key.values();
        let launched = all.filter(|environment| !environment.local);
        launched.map(|one| one.region.value.clone()).collect()
    }

    /// An environment of AWS's, or any where there is none.
    pub(crate) fn first_environment(&self) -> Result<&Environment, CommandError> {
        let all = &self.catalog.environments.by_key;
        let mut launched = all.values().filter(|environment| !environment.local);
        launched
            .next()
            .or_else(|| all.values().next())
            .ok_or_else(|| {
                CommandError::input("there is no environment")
                    .hint("write one under portfolios/environments")
            })
    }

    /// The prices that stand in the repository; nothing where they can't be read.
    pub(crate) fn prices(&self) -> Option<Prices> {
        self.workspace.prices(&self.catalog.environments).ok()
    }

    /// The types of machines that products offer, by what these run.
    pub(crate) fn machine_types(&self) -> Result<BTreeSet<(Platform, String)>, CommandError> {
        let built = self.catalog.built();
        let built = built.map_err(|error| CommandError::unreadable(&error))?;
        let machines = built
            .iter()
            .flat_map(|(_, one)| Machine::all(&one.template));
        let types = machines.flat_map(|machine| {
            let platform = machine.platform;
            let types = machine.types.into_iter();
            types.map(move |name| (platform, name))
        });
        Ok(types.collect())
    }

    /// Whether a product has a job that runs on Fargate.
    pub(crate) fn has_jobs_on_fargate(&self) -> Result<bool, CommandError> {
        let built = self.catalog.built();
        let built = built.map_err(|error| CommandError::unreadable(&error))?;
        let mut products = built.iter();
        Ok(products.any(|(_, one)| !FargateJob::all(&one.template).is_empty()))
    }

    pub(crate) fn environment(&self, key: &Key) -> Result<&Environment, CommandError> {
        let all = &self.catalog.environments.by_key;
        all.get(key).ok_or_else(|| {
            let hint = choice(key.as_str(), all.keys().map(Key::as_str));
            CommandError::input(format!("there is no environment `{key}`")).hint(hint)
        })
    }

    /// Makes an environment one that a local AWS can stand for: who logs in there is made up where the
    /// file doesn't say it, and nothing was there before.
    pub(crate) fn stand_for(&mut self, key: &Key) -> Result<(), CommandError> {
        self.environment(key)?;
        if let Some(environment) = self.catalog.environments.by_key.get_mut(key) {
            let account = environment.account.value.clone();
            let example = || format!("arn:aws:iam::{account}:role/login-application");
            environment.login_role.get_or_insert_with(example);
            environment.products.clear();
            environment.portfolios.clear();
            environment.promotes_from = None;
            environment.template_bucket = None;
            environment.profile = None;
        }
        Ok(())
    }

    /// The environment that products are tried in where none is named: the first that takes launches
    /// and no versions from another.
    pub(crate) fn first_to_try(&self) -> Result<Key, CommandError> {
        let all = &self.catalog.environments.by_key;
        let mut taking = all.iter().filter(|(_, one)| !one.local);
        let first = taking.clone().find(|(_, one)| one.promotes_from.is_none());
        let first = first.or_else(|| taking.next()).or_else(|| all.first());
        let first = first.map(|(key, _)| key.clone());
        first.ok_or_else(|| {
            CommandError::input("there is no environment")
                .hint("describe an account in a file under portfolios/environments/")
        })
    }

    /// Products by their keys, as a command names them.
    ///
    /// # Errors
    /// No such product.
    pub(crate) fn keys(&self, keys: &[Key]) -> Result<BTreeSet<Key>, CommandError> {
        let models = self.workspace.products().iter();
        let external = self.catalog.external.iter().map(|one| one.key.as_str());
        let known: Vec<&str> = models
            .map(|product| product.key().as_str())
            .chain(external)
            .collect();
        for key in keys {
            if !known.contains(&key.as_str()) {
                let hint = choice(key.as_str(), known.iter().copied());
                return Err(CommandError::input(format!("there is no product `{key}`")).hint(hint));
            }
        }
        Ok(keys.iter().cloned().collect())
    }

    /// What products have changed that no version holds.
    pub(crate) fn unreleased(&self) -> Vec<String> {
        let external = self.catalog.external.iter();
        let external = external.filter_map(ExternalEntry::unreleased);
        let built = self.catalog.entries.iter().filter_map(unreleased);
        built.chain(external).collect()
    }

    /// A product of the catalog.
    pub(crate) fn entry(&self, key: &Key) -> Option<&BuiltProduct> {
        self.catalog.entries.iter().find(|entry| entry.key == *key)
    }

    /// The accounts in which a product runs, with what its machines keep there.
    ///
    /// # Errors
    /// A file that can't be read.
    pub(crate) fn accounts(&self, product: &Key) -> Result<Accounts, CommandError> {
        let kept = self.workspace.kept(product);
        let kept = kept.map_err(|error| CommandError::unreadable(&error))?;
        Ok(Accounts::of(&self.catalog.environments).keeping(&kept))
    }

    /// Functions, macros and policies that the catalog meets in accounts.
    pub(crate) fn outside(&self) -> Result<Outside, CommandError> {
        let organization = &self.catalog.environments.organization;
        xtask::rehearse::outside(&self.workspace, organization)
            .map_err(|error| CommandError::unreadable(&error))
    }

    pub(crate) fn organization(&self) -> &Organization {
        &self.catalog.environments.organization
    }

    /// Portfolios, and everything around the products.
    pub(crate) fn around(&self) -> &compute_catalog::portfolio::CatalogFiles {
        &self.around.catalog
    }

    /// The names, as they are written, under which the catalog's own stacks export.
    pub(crate) fn own_exports(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for stack in &self.stacks.all {
            let template = stack.template.to_json();
            let outputs = template["Outputs"].as_object().into_iter().flatten();
            for (_, output) in outputs {
                let name = &output["Export"]["Name"];
                let text = name.as_str().or_else(|| name["Fn::Sub"].as_str());
                names.extend(text.map(str::to_owned));
            }
        }
        names
    }
}

/// The templates of the stacks, by their files. Nothing is deployed but what was reviewed: a file that
/// isn't what the models make is refused.
fn templates(
    workspace: &Workspace,
    stacks: &Stacks,
) -> Result<BTreeMap<String, Arc<str>>, CommandError> {
    let mut templates = BTreeMap::new();
    let mut stale = Vec::new();
    for stack in &stacks.all {
        let (file, text) =
            generated::stack(stack).map_err(|error| CommandError::input(error.to_string()))?;
        if workspace.read(&file).ok().as_ref() != Some(&text) {
            stale.push(file.clone());
        }
        templates.insert(file, Arc::from(text));
    }
    if stale.is_empty() {
        return Ok(templates);
    }
    let failure = CommandError::input("the stacks under generated/ are not what the models make")
        .hint("run `cargo xtask generate`, and review what it changes");
    Err(stale.into_iter().fold(failure, CommandError::because))
}
