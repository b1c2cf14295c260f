//! The parts, one at a time: `cargo bench --package benchmarks`.

use compute_catalog::cfn::{self, Template};
use compute_catalog::change::{Accounts, Report};
use compute_catalog::check::check_template;
use compute_catalog::product::Key;
use compute_catalog::publish::{Bucket, Desired, Observed, Options, ReleasedProduct, plan};
use divan::{Bencher, black_box};
use std::path::Path;
use xtask::built::BuiltProducts;
use xtask::generated;
use xtask::workspace::Workspace;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The products that differ most: the smallest template, the greatest, and the one with most types.
const KEYS: [&str; 3] = ["s3-private", "notebook", "scheduled-job"];

fn main() {
    divan::main();
}

fn catalog() -> Result<BuiltProducts> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(BuiltProducts::load(&Workspace::containing(root)?, &[])?)
}

/// A product's key, template and file.
fn product(key: &str) -> Result<(Key, Template, String)> {
    let catalog = catalog()?;
    let built = catalog.built()?;
    let (entry, built) = built
        .into_iter()
        .find(|(entry, _)| entry.key.as_str() == key)
        .ok_or("no such product")?;
    let body = generated::template(&entry.key, &built.template)?;
    Ok((entry.key.clone(), built.template.clone(), body))
}

/// What an account should have with this many products, and nothing else.
fn desired(count: usize) -> Result<Desired> {
    let catalog = catalog()?;
    let account: Key = "local".parse()?;
    let environment = &catalog.environments.by_key[&account];
    let organization = &catalog.environments.organization;
    let mut originals = Vec::new();
    for (entry, built) in catalog.built()? {
        let released = ReleasedProduct {
            key: &entry.key,
            entry: &built.entry,
            ledger: &entry.history.ledger,
            bodies: &entry.history.bodies,
            actions: Vec::new(),
        };
        originals.push(Desired::product(
            &released,
            &account,
            environment,
            organization,
        )?);
    }
    let products = originals.iter().cycle().take(count).enumerate();
    let products: Result<Vec<_>> = products
        .map(|(number, original)| {
            let mut product = original.clone();
            product.key = format!("product-{number}").parse()?;
            product.texts.name = format!("Product {number}");
            Ok(product)
        })
        .collect();
    Ok(Desired {
        environment: account,
        account: environment.account.value.clone(),
        region: environment.region.value.clone(),
        bucket: Bucket::Named("templates".to_owned()),
        products: products?,
        stacks: Vec::new(),
        stack_sets: Vec::new(),
        shares: Vec::new(),
        promotion: None,
        lacks: Vec::new(),
    })
}

/// Measures what runs on a premise; without the premise there is nothing to measure.
fn measure<T, R>(bencher: Bencher<'_, '_>, premise: Result<T>, run: impl Fn(&T) -> R + Sync)
where
    T: Sync,
{
    match premise {
        Ok(premise) => bencher.bench(|| run(black_box(&premise))),
        Err(error) => {
            eprintln!("error: {error}");
            std::process::exit(2);
        }
    }
}

#[divan::bench(args = KEYS)]
fn parse(bencher: Bencher<'_, '_>, key: &str) {
    measure(bencher, product(key), |(_, _, body)| cfn::read(body));
}

#[divan::bench(args = KEYS)]
fn emit(bencher: Bencher<'_, '_>, key: &str) {
    measure(bencher, product(key), |(key, template, _)| {
        generated::template(key, template)
    });
}

#[divan::bench(args = KEYS)]
fn check(bencher: Bencher<'_, '_>, key: &str) {
    measure(bencher, product(key), |(key, template, body)| {
        check_template(key, template, body)
    });
}

/// With a template of the same product whose resources lost their tags and conditions.
#[divan::bench(args = KEYS)]
fn diff(bencher: Bencher<'_, '_>, key: &str) {
    let premise = product(key).map(|(key, template, _)| {
        let mut changed = template.clone();
        for resource in changed.resources.values_mut() {
            resource.properties.shift_remove("Tags");
            resource.condition = None;
        }
        (key, template, changed)
    });
    measure(bencher, premise, |(key, old, new)| {
        Report::new(key.as_str(), "before", old, new, &Accounts::default())
    });
}

#[divan::bench(args = [6, 60, 600, 6000])]
fn plan_for_an_empty_account(bencher: Bencher<'_, '_>, products: usize) {
    let observed = Observed::default();
    measure(bencher, desired(products), |desired| {
        plan(desired, &observed, Options::default())
    });
}
