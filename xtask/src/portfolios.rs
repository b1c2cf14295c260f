//! What stands around the products, read from disk: portfolios, launch roles, end users, tag
//! options, and the stacks of all these.

use crate::built::{BuiltProduct, BuiltProducts};
use crate::running::RunningVersions;
use crate::workspace::{Workspace, WorkspaceError, all};
use compute_catalog::cfn::read;
use compute_catalog::check::{CatalogFault, CheckContext, check_catalog};
use compute_catalog::environment::Environments;
use compute_catalog::iam;
use compute_catalog::portfolio::launch_role::{Handlers, LaunchRole};
use compute_catalog::portfolio::{
    self, CatalogSources, CatalogStack, ProductFacts, RESERVED, StackBuilder, StackSpec, Stacks,
};
use compute_catalog::product::{Built, Key, SourceFile};
use compute_catalog::yaml::{InputError, Location};
use indexmap::IndexMap;
use rayon::prelude::*;
use std::borrow::Cow;

/// What stands around the products.
pub struct StackInputs {
    /// The files.
    pub catalog: portfolio::CatalogFiles,
    organization_name: String,
    products: IndexMap<Key, ProductFacts>,
    handlers: Handlers,
}

impl StackInputs {
    /// Reads the files, for products in memory.
    ///
    /// # Errors
    /// Files that can't be read, every mistake in their form, products that can't be built.
    pub fn load(
        workspace: &Workspace,
        products: &BuiltProducts,
    ) -> Result<StackInputs, Box<dyn std::error::Error>> {
        let catalog = portfolios(workspace)?;
        let handlers = handlers()?;
        let built = products.built()?;
        let facts: Vec<_> = built
            .par_iter()
            .map(|(product, built)| {
                let key = product.key.clone();
                (key, product_facts(product, built, &handlers, None))
            })
            .collect();
        let external = products.external.iter();
        let external = external.map(|one| (one.key.clone(), Ok(one.facts())));
        let facts: Vec<_> = facts.into_iter().chain(external).collect();
        let organization_name = products.environments.organization.name.clone();
        Ok(StackInputs::of(
            organization_name,
            catalog,
            facts,
            handlers,
        )?)
    }

    /// The files, and the facts of the products.
    ///
    /// # Errors
    /// What keeps anything from being known of a product.
    pub fn of(
        organization_name: String,
        catalog: portfolio::CatalogFiles,
        facts: impl IntoIterator<Item = (Key, Result<ProductFacts, WorkspaceError>)>,
        handlers: Handlers,
    ) -> Result<StackInputs, WorkspaceError> {
        let facts = facts.into_iter();
        Ok(StackInputs {
            organization_name,
            catalog,
            products: all(facts.map(|(key, facts)| Ok((key, facts?))))?,
            handlers,
        })
    }

    /// What is wrong with the files, sorted. `names_in` are the names in a folder of the repository.
    pub fn faults(
        &self,
        environments: &Environments,
        names_in: &dyn Fn(&str) -> Vec<String>,
    ) -> Vec<CatalogFault> {
        let context = CheckContext {
            products: &self.products,
            environments,
            names_in,
        };
        check_catalog(&self.catalog, &context)
    }

    /// The stacks.
    ///
    /// # Errors
    /// Everything that keeps a stack from being made.
    pub fn stacks(&self) -> Result<Stacks, WorkspaceError> {
        self.catalog
            .stacks(
                &self.organization_name,
                &self.products,
                &self.handlers,
                iam::actions(),
            )
            .map_err(WorkspaceError::Input)
    }

    /// Builds the stacks on every core and does the work with each; of a launch role, with what it
    /// grants. Nothing is kept of a stack but what the work gives.
    ///
    /// # Errors
    /// Everything that keeps a stack from being built, sorted.
    pub fn build_each<R: Send>(
        &self,
        work: impl Fn(StackSpec<'_>, &CatalogStack, Option<&LaunchRole>) -> R + Sync,
    ) -> Result<Vec<R>, Vec<InputError>> {
        let builder = StackBuilder::new(
            &self.organization_name,
            &self.catalog,
            &self.products,
            &self.handlers,
            iam::actions(),
        );
        let done: Vec<Result<R, Vec<InputError>>> = self
            .catalog
            .stack_specs()
            .par_iter()
            .map(|spec| {
                let (stack, role) = builder.build(*spec)?;
                Ok(work(*spec, &stack, role.as_ref()))
            })
            .collect();
        let (mut all, mut errors) = (Vec::new(), Vec::new());
        for done in done {
            match done {
                Ok(result) => all.push(result),
                Err(found) => errors.extend(found),
            }
        }
        errors.sort();
        if errors.is_empty() {
            Ok(all)
        } else {
            Err(errors)
        }
    }
}

/// What is known of CloudFormation's handlers.
///
/// # Errors
/// Mistakes in the file.
pub fn handlers() -> Result<Handlers, WorkspaceError> {
    Handlers::reviewed().map_err(WorkspaceError::Input)
}

/// Portfolios, and everything around the products, as their files say it.
///
/// # Errors
/// Files that can't be read, every mistake in their form.
pub fn portfolios(workspace: &Workspace) -> Result<portfolio::CatalogFiles, WorkspaceError> {
    portfolio::CatalogFiles::read(&files(workspace)?).map_err(WorkspaceError::Input)
}

/// What the files and the launch role ask of a product: of what it is now, and of each version of
/// ours. Versions whose templates were read already needn't be read again.
///
/// # Errors
/// Versions whose bodies are no templates.
pub fn product_facts(
    product: &BuiltProduct,
    built: &Built,
    handlers: &Handlers,
    versions: Option<&RunningVersions>,
) -> Result<ProductFacts, WorkspaceError> {
    let mut facts = ProductFacts::default();
    facts.add(&built.template, handlers);
    let mut errors = Vec::new();
    let ledger = &product.history.ledger;
    // What was made before this catalog follows none of its rules.
    let ends = ledger
        .versions
        .iter()
        .filter(|version| version.digest().is_none() || ledger.barred(version.name).is_some());
    let ends: Vec<String> = ends
        .map(|version| format!("{}.yaml", version.name))
        .collect();
    for (name, body) in &product.history.bodies {
        // Most products are as they were released: the same bytes are the same template.
        if body == product.text.as_bytes() {
            continue;
        }
        let version = name
            .strip_suffix(".yaml")
            .and_then(|name| name.parse().ok());
        let known = versions.zip(version);
        if let Some(template) = known.and_then(|(known, version)| known.template(version)) {
            match ends.contains(name) {
                true => facts.add_ending(template, handlers),
                false => facts.add(template, handlers),
            }
            continue;
        }
        let text = str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::from);
        match read(&text) {
            Ok(template) if ends.contains(name) => facts.add_ending(&template, handlers),
            Ok(template) => facts.add(&template, handlers),
            Err(found) => errors.extend(found.into_iter().map(|error| InputError {
                file: format!("products/{}/history/{name}", product.key),
                at: error.at,
                message: error.message,
                hint: Some("restore the file from git".to_owned()),
            })),
        }
    }
    if errors.is_empty() {
        Ok(facts)
    } else {
        Err(WorkspaceError::Input(errors))
    }
}

/// The files below `portfolios/`, by what they hold.
///
/// # Errors
/// Files that can't be read, portfolios whose name is no key.
fn files(workspace: &Workspace) -> Result<CatalogSources, WorkspaceError> {
    let file = |path: String| -> Result<SourceFile, WorkspaceError> {
        let text = workspace.read(&path)?;
        Ok(SourceFile { path, text })
    };
    let mut files = CatalogSources {
        foundation: file("portfolios/foundation.yaml".to_owned())?,
        end_users: file("portfolios/end-users.yaml".to_owned())?,
        ..CatalogSources::default()
    };
    for path in workspace.files_below("portfolios")? {
        let stem = path
            .strip_prefix("portfolios/")
            .and_then(|name| name.strip_suffix(".yaml"));
        match stem {
            Some("tag-options") => files.tag_options = Some(file(path)?),
            Some(stem) if !stem.contains('/') && !RESERVED.contains(&stem) => {
                let key = stem.parse::<Key>().map_err(|error| {
                    WorkspaceError::Input(vec![InputError {
                        file: path.clone(),
                        at: Location::default(),
                        message: error.to_string(),
                        hint: Some("rename the file".to_owned()),
                    }])
                })?;
                files.portfolios.push((key, file(path)?));
            }
            _ => {}
        }
    }
    Ok(files)
}
