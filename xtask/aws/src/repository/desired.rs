//! What an environment should have, as the repository says it.

use super::Repository;
use crate::command_error::CommandError;
use compute_catalog::change::VersionUpdates;
use compute_catalog::environment::{Environment, environment_path};
use compute_catalog::portfolio::foundation::TEMPLATE_BUCKET;
use compute_catalog::portfolio::{CatalogStack, StackParameter};
use compute_catalog::product::{Key, ProductType};
use compute_catalog::publish::{
    Blocker, Bucket, Desired, Layer, Reference, ReleasedProduct, Stack, Subject,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use xtask::description::described;
use xtask::running::RunningVersions;

impl Repository {
    /// The catalog as an environment should have it.
    ///
    /// # Errors
    /// No such environment, products that can't be built, ledgers that don't hold.
    pub fn desired(&self, key: &Key) -> Result<Desired, CommandError> {
        let environment = self.environment(key)?;
        let built = self
            .catalog
            .built()
            .map_err(|error| CommandError::unreadable(&error))?;
        let mut products = Vec::new();
        let mut faults = Vec::new();
        for one in &self.catalog.external {
            match self.external_product(one, key, environment) {
                Ok(product) => products.push(product),
                Err(error) => faults.push(error),
            }
        }
        for (entry, built) in built {
            let ledger = &entry.history.ledger;
            let mistyped = ledger.type_fault(&entry.key, ProductType::default());
            faults.extend(mistyped.map(|fault| fault.to_string()));
            let accounts = self.accounts(&entry.key)?;
            let facts = self
                .workspace
                .legacy_versions(&entry.key)
                .map_err(|error| CommandError::unreadable(&error))?;
            // A ledger that doesn't hold is refused below, with every fault.
            let history = &entry.history;
            let ledger = match history
                .ledger
                .faults(&entry.key, &history.bodies)
                .is_empty()
            {
                true => RunningVersions::read(&entry.key, history, facts)
                    .map(|versions| {
                        let running = versions.running();
                        described(
                            &history.ledger,
                            &mut VersionUpdates::of(&running, &accounts),
                        )
                        .ledger
                    })
                    .map_err(CommandError::input)?,
                false => history.ledger.clone(),
            };
            let offer = ReleasedProduct {
                key: &entry.key,
                entry: &built.entry,
                ledger: &ledger,
                bodies: &entry.history.bodies,
                actions: self.actions(&entry.key),
            };
            let organization = &self.catalog.environments.organization;
            match Desired::product(&offer, key, environment, organization) {
                Ok(product) => products.push(product),
                Err(error) => faults.push(error.to_string()),
            }
        }
        if !faults.is_empty() {
            return Err(CommandError::input(faults.join("\n")));
        }
        products.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Desired {
            environment: key.clone(),
            account: environment.account.value.clone(),
            region: environment.region.value.clone(),
            bucket: self.bucket(environment),
            products,
            stacks: self.stacks(environment)?,
            stack_sets: self.stack_sets(environment)?,
            shares: self.shares(),
            promotion: None,
            lacks: self.lacks(key, environment),
        })
    }

    /// The stacks of the catalog, each as it was reviewed below `generated/`.
    fn stacks(&self, environment: &Environment) -> Result<Vec<Stack>, CommandError> {
        let mut stacks = Vec::new();
        let mut layer = Layer::Foundation;
        for stack in self
            .stacks
            .all
            .iter()
            .filter(|one| one.recipients_of.is_none())
        {
            if stack.needs_products {
                // Whatever comes after the first portfolio may import from it.
                layer = Layer::Portfolio;
            }
            let file = format!("generated/{}", stack.file);
            let template = self.reviewed(&file)?;
            let mut parameters = BTreeMap::new();
            for (name, source) in &stack.parameters {
                let value = match source {
                    StackParameter::ProductId(product) => Reference::ProductId(product.clone()),
                    StackParameter::LegacyExports => {
                        Reference::Value(environment.legacy_exports.to_string())
                    }
                    // Where it isn't named, the stack waits; `lacks` says for what.
                    StackParameter::LoginRole => {
                        Reference::Value(environment.login_role.clone().unwrap_or_default())
                    }
                };
                parameters.insert(name.clone(), value);
            }
            stacks.push(Stack {
                name: stack.name.clone(),
                file,
                template,
                parameters,
                layer,
                recorded_portfolio: self.recorded_portfolio(&stack.name, environment),
                launch_role_of: stack.launch_role_of.clone(),
            });
        }
        Ok(stacks)
    }

    /// The portfolio of before that a stack should hold.
    fn recorded_portfolio(&self, stack: &str, environment: &Environment) -> Option<String> {
        let portfolios = self.around.catalog.portfolios.iter();
        let mut of_stack = portfolios.filter(|(_, file)| file.body.stack.to_string() == stack);
        let (key, _) = of_stack.next()?;
        environment
            .portfolios
            .get(key)
            .map(|one| one.id.value.clone())
    }

    /// What stacks need and only the account's owner knows, where the environment's file doesn't say it.
    fn lacks(&self, key: &Key, environment: &Environment) -> Vec<Blocker> {
        if environment.login_role.is_some() {
            return Vec::new();
        }
        let needs_role = |stack: &&CatalogStack| {
            let mut sources = stack.parameters.values();
            sources.any(|source| matches!(source, StackParameter::LoginRole))
        };
        let stacks = self.stacks.all.iter().filter(needs_role);
        stacks
            .map(|stack| Blocker {
                on: Subject::Stack(stack.name.clone()),
                message: format!("it needs `loginRole`, which `{key}` doesn't name"),
                hint: format!(
                    "write the ARN of the role by which people log in into {}: `loginRole: arn:aws:iam::{}:role/NAME`",
                    environment_path(key),
                    environment.account.value
                ),
            })
            .collect()
    }

    /// The template that was reviewed as a file below `generated/`.
    pub(super) fn reviewed(&self, file: &str) -> Result<Arc<str>, CommandError> {
        self.templates.get(file).cloned().ok_or_else(|| {
            CommandError::input(format!("nothing makes {file}")).hint("run `cargo xtask generate`")
        })
    }

    /// The service actions of a product: the foundation stack puts their ids out.
    pub(super) fn actions(&self, product: &Key) -> Vec<Reference> {
        let catalog = &self.around.catalog;
        catalog
            .service_actions(product)
            .map(|action| Reference::StackOutput {
                stack: catalog.foundation.stack.to_string(),
                output: format!("{}Id", action.logical_id),
            })
            .collect()
    }

    fn bucket(&self, environment: &Environment) -> Bucket {
        match &environment.template_bucket {
            Some(name) => Bucket::Named(name.clone()),
            None => Bucket::Output {
                stack: self.around.catalog.foundation.stack.to_string(),
                output: TEMPLATE_BUCKET.to_owned(),
            },
        }
    }
}
