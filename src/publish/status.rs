//! What is live, how it differs from what should be, and who has what.

use super::changed_by_hand::PUT_BACK;
use super::{
    Desired, Evidence, Guidance, LiveProduct, LiveStackSet, LiveVersion, Observed, Options,
    Ownership, Product, evidence, is_known, ownership, plan,
};
use crate::environment::AccountId;
use crate::product::{Key, VersionName};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What is live in one environment. As JSON, the form that `status --format json` prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The environment.
    pub environment: Key,
    /// Its account.
    pub account: AccountId,
    /// Its products.
    pub products: Vec<ProductStatus>,
    /// Its stacks.
    pub stacks: Vec<StackStatus>,
    /// Its stack sets.
    pub stack_sets: Vec<StackSetStatus>,
    /// What isn't as it should be: the steps that a publish would take, and what blocks it.
    pub drift: Vec<String>,
}

/// A product.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductStatus {
    /// Its key.
    pub key: Key,
    /// Its id, where the account has it.
    pub id: Option<String>,
    /// Its versions, in the order of their names.
    pub versions: Vec<VersionLine>,
}

/// A live version.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionLine {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Whether it can be launched.
    pub guidance: Guidance,
    /// Whether it can be seen.
    pub active: bool,
    /// Provisioned products on it, where they were counted.
    pub in_use: Option<u64>,
    /// `released` with a proven body, `released, unread`, `legacy`, or `not ours`.
    pub origin: &'static str,
    /// Why nobody should get it any more, where it is withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<String>,
    /// Its service actions.
    pub actions: usize,
}

/// A stack.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StackStatus {
    /// Its name.
    pub name: String,
    /// CloudFormation's word; absent when there is no such stack.
    pub status: Option<String>,
    /// Resources that were changed behind the stack's back, by CloudFormation's own detection.
    pub drifted: Vec<String>,
}

/// A stack set.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StackSetStatus {
    /// Its name.
    pub name: String,
    /// CloudFormation's word for its stack in each account; absent when there is no such stack set.
    pub instances: Option<BTreeMap<String, String>>,
}

impl Status {
    /// What is live. `drifted` names changed resources by stack.
    pub fn of(
        desired: &Desired,
        observed: &Observed,
        drifted: &BTreeMap<String, Vec<String>>,
    ) -> Status {
        let plan = plan(desired, observed, Options::default());
        let mut drift: Vec<String> = plan
            .steps
            .iter()
            .map(|step| format!("{}: {}", step.what, step.reason))
            .collect();
        drift.extend(
            plan.blockers
                .iter()
                .map(|one| format!("{}: {}", one.on, one.message)),
        );
        drift.extend(plan.left);
        for (stack, resources) in drifted {
            drift.extend(resources.iter().map(|one| format!("stack {stack}: {one}")));
        }
        Status {
            environment: desired.environment.clone(),
            account: desired.account.clone(),
            products: desired
                .products
                .iter()
                .map(|product| product_status(desired, product, observed))
                .collect(),
            stacks: desired
                .stacks
                .iter()
                .map(|stack| StackStatus {
                    name: stack.name.clone(),
                    status: observed
                        .stacks
                        .get(&stack.name)
                        .map(|live| live.status.clone()),
                    drifted: drifted.get(&stack.name).cloned().unwrap_or_default(),
                })
                .collect(),
            stack_sets: desired
                .stack_sets
                .iter()
                .map(|set| StackSetStatus {
                    name: set.name.clone(),
                    instances: observed.stack_sets.get(&set.name).map(instances),
                })
                .collect(),
            drift,
        }
    }

    /// Of these products alone.
    #[must_use]
    pub fn only(mut self, keys: &BTreeSet<Key>) -> Status {
        self.products.retain(|product| keys.contains(&product.key));
        self
    }

    /// The names of a product's live versions.
    fn names(&self, key: &Key) -> BTreeSet<&str> {
        self.products
            .iter()
            .filter(|product| product.key == *key)
            .flat_map(|product| &product.versions)
            .map(|version| version.name.as_str())
            .collect()
    }
}

fn instances(live: &LiveStackSet) -> BTreeMap<String, String> {
    let each = live.instances.iter();
    each.map(|(account, one)| (account.clone(), one.status.clone()))
        .collect()
}

fn product_status(desired: &Desired, product: &Product, observed: &Observed) -> ProductStatus {
    let live = match ownership(desired, product, observed) {
        Ownership::Ours(live) => Some(live),
        _ => None,
    };
    let mut versions: Vec<VersionLine> = live
        .into_iter()
        .flat_map(|live| {
            live.versions
                .iter()
                .map(|version| line(product, live, version))
        })
        .collect();
    versions.sort_by(|a, b| {
        let order = |line: &VersionLine| (line.name.parse::<VersionName>().ok(), line.name.clone());
        order(a).cmp(&order(b))
    });
    ProductStatus {
        key: product.key.clone(),
        id: live.map(|live| live.id.clone()),
        versions,
    }
}

fn line(product: &Product, live: &LiveProduct, version: &LiveVersion) -> VersionLine {
    let name = is_known(product, live, version);
    let released = name.and_then(|name| product.version(name));
    let origin = match released.map(|released| evidence(&released.digest, version)) {
        Some(Evidence::Body) => "released",
        Some(Evidence::Description) => "released, body unread",
        Some(_) => "not ours",
        None if name.is_some() => "legacy",
        None => "not ours",
    };
    VersionLine {
        name: version.name.clone(),
        id: version.id.clone(),
        guidance: version.guidance,
        active: version.active,
        in_use: version.in_use,
        origin,
        withdrawn: name.and_then(|name| live.withdrawn().remove(&name)),
        actions: version.actions.len(),
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} (account {})", self.environment, self.account)?;
        for product in &self.products {
            let id = product.id.as_deref().unwrap_or("not published");
            writeln!(f, "\n  {} ({id})", product.key)?;
            for version in &product.versions {
                let shown = if version.active { "" } else { ", hidden" };
                let withdrawn = version
                    .withdrawn
                    .as_ref()
                    .map_or_else(String::new, |reason| format!(", withdrawn ({reason})"));
                let users = version
                    .in_use
                    .map_or_else(String::new, |count| format!(", {count} in use"));
                writeln!(
                    f,
                    "    {:<10} {}{shown}{withdrawn}, {}{users}",
                    version.name, version.guidance, version.origin
                )?;
            }
        }
        if !self.stacks.is_empty() {
            writeln!(f, "\n  Stacks")?;
        }
        for stack in &self.stacks {
            let status = stack.status.as_deref().unwrap_or("not there");
            writeln!(f, "    {} {status}", stack.name)?;
        }
        for set in &self.stack_sets {
            let instances = set.instances.iter().flatten();
            let words: Vec<String> = instances
                .map(|(account, status)| format!("{account} {status}"))
                .collect();
            let words = if words.is_empty() {
                "nowhere".to_owned()
            } else {
                words.join(", ")
            };
            writeln!(f, "    {} in {words}", set.name)?;
        }
        if self.drift.is_empty() {
            return write!(f, "\n  No drift: everything is as it should be.");
        }
        write!(f, "\n  Drift")?;
        for line in &self.drift {
            write!(f, "\n    {line}")?;
        }
        write!(
            f,
            "\n  hint: `cargo xtask plan` tells what publishing mends; of the rest, {PUT_BACK}"
        )
    }
}

/// Which versions an environment lacks that another has: `(who lacks, product, version, who has)`.
pub fn lacks(statuses: &[Status]) -> Vec<(Key, Key, String, Key)> {
    let mut lines = Vec::new();
    for one in statuses {
        for other in statuses
            .iter()
            .filter(|other| other.environment != one.environment)
        {
            for product in &other.products {
                let have = one.names(&product.key);
                for name in other.names(&product.key) {
                    if !have.contains(name) {
                        lines.push((
                            one.environment.clone(),
                            product.key.clone(),
                            name.to_owned(),
                            other.environment.clone(),
                        ));
                    }
                }
            }
        }
    }
    lines.sort();
    lines
}
