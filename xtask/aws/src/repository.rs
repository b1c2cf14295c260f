//! What the repository on disk says an environment should have.

use crate::command_error::CommandError;
use crate::pace::Pace;
use crate::session::Destination;
use compute_catalog::change::{Accounts, VersionUpdates};
use compute_catalog::environment::{Environment, Organization, Prices};
use compute_catalog::portfolio::{
    CatalogStack, Principal, Share, StackParameter, Stacks, foundation::TEMPLATE_BUCKET,
};
use compute_catalog::product::{Key, Machine, Platform};
use compute_catalog::publish::{
    self, Blocker, Bucket, Desired, Layer, Reference, ReleasedProduct, Stack, StackSet, Subject,
    Targets,
};
use compute_catalog::rehearsal::Outside;
use compute_catalog::yaml::{Located, nearest};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use xtask::built::{BuiltProduct, BuiltProducts};
use xtask::description::described;
use xtask::generated;
use xtask::portfolios::StackInputs;
use xtask::running::RunningVersions;
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

    pub(crate) fn environment(&self, key: &Key) -> Result<&Environment, CommandError> {
        let all = &self.catalog.environments.by_key;
        all.get(key).ok_or_else(|| {
            let known: Vec<&str> = all.keys().map(Key::as_str).collect();
            let hint = nearest(key.as_str(), known.iter().copied()).map_or_else(
                || format!("one of: {}", known.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
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
        let known: Vec<&str> = self
            .workspace
            .products()
            .iter()
            .map(|product| product.key().as_str())
            .collect();
        for key in keys {
            if !known.contains(&key.as_str()) {
                let near = nearest(key.as_str(), known.iter().copied());
                let hint = near.map_or_else(
                    || format!("one of: {}", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(CommandError::input(format!("there is no product `{key}`")).hint(hint));
            }
        }
        Ok(keys.iter().cloned().collect())
    }

    /// What products have changed that no version holds.
    pub(crate) fn unreleased(&self) -> Vec<String> {
        self.catalog.entries.iter().filter_map(unreleased).collect()
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
        for (entry, built) in built {
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
                    "write the ARN of the role by which people log in into portfolios/environments/{key}.yaml: `loginRole: arn:aws:iam::{}:role/NAME`",
                    environment.account.value
                ),
            })
            .collect()
    }

    /// The template that was reviewed as a file below `generated/`.
    fn reviewed(&self, file: &str) -> Result<Arc<str>, CommandError> {
        self.templates.get(file).cloned().ok_or_else(|| {
            CommandError::input(format!("nothing makes {file}")).hint("run `cargo xtask generate`")
        })
    }

    /// What the accounts get with which portfolios are shared: the foundation first, where they lack
    /// it, then the roles.
    fn stack_sets(&self, environment: &Environment) -> Result<Vec<StackSet>, CommandError> {
        let mut foundations: Vec<StackSet> = Vec::new();
        let mut roles = Vec::new();
        let template_of = |name: &str| format!("generated/{name}");
        for (key, file) in &self.around.catalog.portfolios {
            let Some(recipients) = &file.body.recipients else {
                continue;
            };
            let (mut accounts, mut units) = (BTreeSet::new(), BTreeSet::new());
            for share in &file.body.shares {
                match &share.value {
                    Share::Account(account) => accounts.insert(account.to_string()),
                    Share::OrganizationalUnit(unit) => units.insert(unit.clone().into()),
                };
            }
            let of =
                |name: &str, path: String, targets: Targets| -> Result<StackSet, CommandError> {
                    Ok(StackSet {
                        // A stack set reaches accounts or units: with both there are two.
                        name: match targets {
                            Targets::Accounts(_) if !units.is_empty() => format!("{name}-accounts"),
                            _ => name.to_owned(),
                        },
                        template: self.reviewed(&path)?,
                        file: path,
                        targets,
                        region: environment.region.value.clone(),
                        administrator: recipients.administrator,
                    })
                };
            for targets in [Targets::Units(units.clone()), Targets::Accounts(accounts)] {
                if targets.ids().is_empty() {
                    continue;
                }
                if let Some(name) = &recipients.foundation_stack_set {
                    let path = template_of("foundation.yaml");
                    merge(&mut foundations, of(name.as_str(), path, targets.clone())?);
                }
                let path = template_of(&format!("recipients/{key}.yaml"));
                roles.push(of(recipients.stack_set.as_str(), path, targets)?);
            }
        }
        foundations.extend(roles);
        Ok(foundations)
    }

    /// Shares with organisational units, for which CloudFormation has no resource; those with accounts
    /// stand in the portfolios' stacks.
    fn shares(&self) -> Vec<publish::Share> {
        let mut shares = Vec::new();
        for (key, file) in &self.around.catalog.portfolios {
            for share in &file.body.shares {
                if let Share::OrganizationalUnit(unit) = &share.value {
                    let is_pattern =
                        |one: &Located<Principal>| matches!(one.value, Principal::Pattern(_));
                    shares.push(publish::Share {
                        portfolio: key.clone(),
                        id: Reference::StackOutput {
                            stack: file.body.stack.to_string(),
                            output: format!("{}Id", *file.body.logical_id),
                        },
                        recipient: unit.clone().into(),
                        // As the stack says it of the shares with accounts.
                        tag_options: true,
                        principals: file.body.principals.iter().any(is_pattern),
                    });
                }
            }
        }
        shares
    }

    /// The service actions of a product: the foundation stack puts their ids out.
    fn actions(&self, product: &Key) -> Vec<Reference> {
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

/// Adds a stack set to others: several portfolios may share one foundation.
fn merge(sets: &mut Vec<StackSet>, more: StackSet) {
    match (sets.iter_mut().find(|set| set.name == more.name), more) {
        (Some(set), more) => match (&mut set.targets, more.targets) {
            (Targets::Accounts(have), Targets::Accounts(more))
            | (Targets::Units(have), Targets::Units(more)) => have.extend(more),
            // Their names differ.
            _ => {}
        },
        (None, more) => sets.push(more),
    }
}

/// Where an environment is published. One of several has to be reached by the profile that its file
/// names, since `AWS_PROFILE` can't be right for all.
pub(crate) fn destination(
    key: &Key,
    environment: &Environment,
    endpoint: Option<String>,
    is_one_of_several: bool,
) -> Result<Destination, CommandError> {
    let asked = std::env::var("AWS_REGION").or_else(|_| std::env::var("AWS_DEFAULT_REGION"));
    if let Ok(region) = asked.as_ref()
        && !environment.local
        && *region != environment.region.value
    {
        return Err(CommandError::input(format!(
            "AWS_REGION is {region}, the region of `{key}` is {}",
            environment.region.value
        ))
        .hint(format!(
            "unset AWS_REGION, or correct portfolios/environments/{key}.yaml"
        )));
    }
    let names_credentials = ["AWS_PROFILE", "AWS_ACCESS_KEY_ID"]
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    // The built-in server never sees real credentials.
    let is_built_in = environment.local && endpoint.as_deref().is_none_or(is_this_machine);
    Ok(Destination {
        account: environment.account.value.clone(),
        region: environment.region.value.clone(),
        profile: environment
            .profile
            .clone()
            .filter(|_| is_one_of_several || std::env::var_os("AWS_PROFILE").is_none()),
        dummy_credentials: environment.local && (is_built_in || !names_credentials),
        pace: if is_built_in || endpoint.as_deref().is_some_and(is_this_machine) {
            Pace::LOCAL
        } else {
            Pace::AWS
        },
        endpoint,
    })
}

/// Whether a server runs on this machine.
pub(crate) fn is_this_machine(endpoint: &str) -> bool {
    let host = endpoint.split("://").nth(1).unwrap_or(endpoint);
    host.starts_with("127.0.0.1") || host.starts_with("localhost")
}
