//! `import --env`: the catalog that an account holds becomes models and data files.
//!
//! What this catalog has no file for is told and left in the account: nothing is taken away there. All of
//! it is written, or nothing: what can't be imported is named to be left out.

use super::actions;
use super::held::{HeldCatalog, HeldPortfolio, HeldProduct};
use super::original::Original;
use super::placement::{placement, portfolio as file_of};
use super::product::{Product, place};
use super::tags::HeldTags;
use super::versions::{Imported, Versions};
use crate::cli::ImportArgs;
use crate::console;
use crate::portfolios::portfolios;
use crate::workspace::Workspace;
use compute_catalog::environment::environment_path;
use compute_catalog::product::{Key, VersionName};
use compute_catalog::publish::Adoption;
use compute_catalog::yaml;
use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

/// What is made of an account.
struct Taken<'a> {
    products: BTreeMap<String, Key>,
    portfolios: BTreeMap<String, Key>,
    /// Names that a person leaves out.
    left_out: &'a [String],
    is_offline: bool,
    is_suppressed: bool,
    is_whole: bool,
    /// By its id, the products that have a service action.
    actions: BTreeMap<String, Vec<Key>>,
    /// What was made, a line each.
    told: String,
}

/// Makes models and data files of what an account holds and this catalog doesn't know: all of it, but
/// what a person leaves out, or nothing.
///
/// # Errors
/// Files that can't be read or written, and lists that only a person can add to.
pub fn account(
    workspace: &Workspace,
    environment: &Key,
    held: &HeldCatalog,
    args: &ImportArgs,
) -> Result<ExitCode, Box<dyn Error>> {
    let names = held.products.iter().map(|one| one.name.as_str());
    let names: Vec<&str> = names
        .chain(held.portfolios.iter().map(|one| one.name.as_str()))
        .collect();
    for name in &args.left_out {
        if !names.contains(&name.as_str()) {
            let hint = yaml::hint(name, names.iter().copied(), || {
                "`cargo xtask status` lists what the account holds".to_owned()
            });
            return Err(
                format!("the account holds nothing of the name `{name}`\n  hint: {hint}").into(),
            );
        }
    }
    let made = workspace.all_or_nothing(|| everything(workspace, environment, held, args))?;
    let Some(told) = made else {
        console::error(
            &"nothing was written\n  hint: mend what is named above in the account, or go on without it: `--leave-out NAME` for each",
        );
        return Ok(ExitCode::FAILURE);
    };
    console::print(&told)?;
    Ok(ExitCode::SUCCESS)
}

/// Makes everything that isn't left out, and tells of it; nothing where not all of it could be made.
fn everything(
    workspace: &Workspace,
    environment: &Key,
    held: &HeldCatalog,
    args: &ImportArgs,
) -> Result<Option<String>, Box<dyn Error>> {
    let environments = workspace.environments()?;
    let Some(recorded) = environments.by_key.get(environment) else {
        return Err(environments.unknown(environment).into());
    };
    let known = |id: &str| {
        let mut ids = recorded
            .products
            .values()
            .chain(recorded.portfolios.values());
        ids.any(|one| one.id.value == id)
    };
    let mut taken = Taken {
        products: BTreeMap::new(),
        portfolios: BTreeMap::new(),
        left_out: &args.left_out,
        is_offline: args.offline,
        is_suppressed: args.suppress,
        is_whole: true,
        actions: BTreeMap::new(),
        told: String::new(),
    };
    let all = portfolios(workspace)?;
    let new = held.portfolios.iter();
    let new = new.filter(|one| !known(&one.id) && !taken.is_left_out(&one.name));
    let mut tags = HeldTags::of(&new.collect::<Vec<_>>());
    for portfolio in held.portfolios.iter().filter(|one| !known(&one.id)) {
        if taken.is_left_out(&portfolio.name) {
            continue;
        }
        let Some(key) = key_of(&portfolio.name) else {
            taken.fails(&portfolio.name, "no key can be made of its name");
            continue;
        };
        let path = format!("portfolios/{key}.yaml");
        if workspace.has(&path) {
            taken.fails(&portfolio.name, &format!("{path} is there already"));
            continue;
        }
        let stack = &all.foundation.stack.value;
        let offered = tags.offered(portfolio);
        let (text, told) = file_of(portfolio, &offered, &format!("{stack}-portfolio-{key}"));
        workspace.write(&path, text.as_bytes())?;
        taken.tell(&format!("wrote {path}"));
        for line in told {
            taken.tell(&format!("{}: {line}", portfolio.name));
        }
        taken.portfolios.insert(portfolio.id.clone(), key);
    }
    for product in held.products.iter().filter(|one| !known(&one.id)) {
        if !taken.is_left_out(&product.name) {
            one_product(workspace, environment, held, product, &mut taken)?;
        }
    }
    let lists = all
        .tag_options
        .iter()
        .flat_map(|(_, file)| &file.tag_options);
    let lists = lists.map(|list| list.key.value.clone()).collect();
    let written = tags.write(workspace, &lists, &all.foundation.stack.value.to_string())?;
    let actions = &all.foundation.service_actions;
    let actions = actions::write(workspace, actions, &held.actions, &taken.actions)?;
    for line in written.into_iter().chain(tags.told).chain(actions) {
        taken.tell(&line);
    }
    record(workspace, environment, &mut taken)?;
    Ok(taken.is_whole.then_some(taken.told))
}

impl Taken<'_> {
    fn is_left_out(&self, name: &str) -> bool {
        self.left_out.iter().any(|one| one == name)
    }

    fn tell(&mut self, line: &str) {
        self.told.push_str(line);
        self.told.push('\n');
    }

    fn fails(&mut self, name: &str, why: &str) {
        console::error(&format!("{name} can't be imported: {why}"));
        self.is_whole = false;
    }
}

fn one_product(
    workspace: &Workspace,
    environment: &Key,
    held: &HeldCatalog,
    product: &HeldProduct,
    taken: &mut Taken<'_>,
) -> Result<(), Box<dyn Error>> {
    let Some(key) = key_of(&product.name) else {
        taken.fails(&product.name, "no key can be made of its name");
        return Ok(());
    };
    if product.is_of_engine {
        let why = format!(
            "an engine makes it, and not CloudFormation: leave it out, begin it with `cargo xtask new product {key} --kind external`, put its files there and write its id under `products` of {}",
            environment_path(environment)
        );
        taken.fails(&product.name, &why);
        return Ok(());
    }
    let offers = held.portfolios.iter().filter_map(|portfolio| {
        let key = taken.portfolios.get(&portfolio.id)?;
        portfolio
            .products
            .contains(&product.id)
            .then_some((portfolio, key.clone()))
    });
    let offers: Vec<(&HeldPortfolio, Key)> = offers.collect();
    let Some((first, rest)) = offers.split_first() else {
        taken.fails(&product.name, "no portfolio that is imported offers it");
        return Ok(());
    };
    let mut versions = Vec::new();
    for version in &product.versions {
        let Some(name) = VersionName::completed(&version.name) else {
            taken.tell(&format!(
                "{}: the version `{}` stays in the account alone: its name is none of `v1.2.0`",
                product.name, version.name
            ));
            continue;
        };
        match &version.body {
            Ok(text) => versions.push(Imported {
                name,
                shown: format!("{} {}", product.name, version.name),
                text: text.clone(),
                description: Some(version.description.clone()).filter(|text| !text.is_empty()),
            }),
            Err(why) => taken.tell(&format!(
                "{}: {}: {why}: the ledger lacks it",
                product.name, version.name
            )),
        }
    }
    versions.sort_by_key(|version| version.name);
    let Some(newest) = versions.last() else {
        taken.fails(&product.name, "none of its versions can be read");
        return Ok(());
    };
    let original = Original::read(&newest.shown, newest.text.clone());
    let versions = Versions::of(versions, std::slice::from_ref(environment));
    let (Some(original), Some(versions)) = (original, versions) else {
        taken.fails(&product.name, "its versions are no templates");
        return Ok(());
    };
    let (lines, told) = placement(first.0, &product.id);
    let made = Product {
        key: &key,
        portfolio: Some(&first.1),
        name: Some(&product.name),
        placement: lines,
        is_offline: taken.is_offline,
        is_suppressed: taken.is_suppressed,
    };
    let Some(placed) = place(workspace, &made, &original, &versions)? else {
        taken.is_whole = false;
        return Ok(());
    };
    taken.told.push_str(&placed);
    let mut told = told;
    for (portfolio, offering) in rest {
        let (lines, further) = placement(portfolio, &product.id);
        told.extend(further);
        crate::start::offer(workspace, &key, offering, &lines)?;
    }
    for action in &product.actions {
        let products = taken.actions.entry(action.clone()).or_default();
        products.push(key.clone());
    }
    for line in told {
        taken.tell(&format!("{}: {line}", product.name));
    }
    taken.products.insert(product.id.clone(), key);
    Ok(())
}

/// Writes the ids into the environment's file.
fn record(
    workspace: &Workspace,
    environment: &Key,
    taken: &mut Taken<'_>,
) -> Result<(), Box<dyn Error>> {
    if taken.products.is_empty() && taken.portfolios.is_empty() {
        taken.tell("Nothing of this account is new to this catalog.");
        return Ok(());
    }
    let by_key = |ids: &BTreeMap<String, Key>| {
        let ids = ids.iter().map(|(id, key)| (key.clone(), id.clone()));
        ids.collect()
    };
    let adoption = Adoption {
        products: by_key(&taken.products),
        portfolios: by_key(&taken.portfolios),
        unclear: Vec::new(),
    };
    let path = environment_path(environment);
    let file = adoption
        .recorded(&workspace.read(&path)?)
        .map_err(|why| format!("{path} is left as it is: {why}"))?;
    workspace.write(&path, file.as_bytes())?;
    taken.tell(&format!("wrote {path}"));
    Ok(())
}

/// The key of a name: `Team Database (EU)` as `team-database-eu`.
fn key_of(name: &str) -> Option<Key> {
    let lower = name.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let key: String = words.join("-").chars().take(40).collect();
    key.trim_end_matches('-').parse().ok()
}
