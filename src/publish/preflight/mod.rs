//! What has to be true of an account before the catalog can work in it. Everything that is wrong is
//! told at once; what can't be seen is told too.

mod container;
mod engine;
mod export;
mod machine;
mod quota;
mod role;
mod rows;
mod unknown;

pub use container::{ContainerImage, ImageName, Platform};
pub use machine::{Image, Machines, Offered, Subnet};
pub use quota::{Counted, Quota};

use super::{Blocker, Desired, Observed, Subject};
use crate::environment::{Environment, Organization};
use crate::portfolio::CatalogFiles;
use container::Containers;
use std::collections::{BTreeMap, BTreeSet};

/// What an account is held against.
pub struct Inspection<'a> {
    /// What the account should have.
    pub desired: &'a Desired,
    /// Its file.
    pub environment: &'a Environment,
    /// What is the same in every account.
    pub organization: &'a Organization,
    /// Portfolios, and everything around the products.
    pub catalog: &'a CatalogFiles,
    /// Exports of the catalog's own stacks, as they are written there.
    pub own_exports: &'a BTreeSet<String>,
}

/// What was found in the account.
#[derive(Clone, Debug, Default)]
pub struct Inspected {
    /// What publishing goes by; nothing where it can't be seen.
    pub observed: Option<Observed>,
    /// Exports by name; nothing where they can't be seen.
    pub exports: Option<BTreeMap<String, String>>,
    /// Whether each function is there, by ARN. What can't be seen is left out.
    pub functions: BTreeMap<String, bool>,
    /// Whether each role is there, by name. What can't be seen is left out.
    pub roles: BTreeMap<String, bool>,
    /// What EC2 has of what launches ask for; nothing where it can't be seen.
    pub offered: Option<Offered>,
    /// What registries have of the images that containers are started of, by name.
    pub containers: BTreeMap<String, ContainerImage>,
    /// How much of each quota is used.
    pub quotas: Vec<Quota>,
    /// What this identity may not look at.
    pub denied_calls: BTreeSet<DeniedCall>,
}

/// Something that an identity may not look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeniedCall {
    /// What was called on what.
    pub call: String,
    /// Why not, as AWS says.
    pub why: String,
}

impl Inspection<'_> {
    /// The ARNs of the functions that have to be there.
    pub fn functions(&self, exports: &BTreeMap<String, String>) -> BTreeSet<String> {
        let mut functions = export::functions(self, exports);
        functions.extend(engine::parser(self));
        functions
    }

    /// The images that containers are started of.
    pub fn container_images(&self, exports: &BTreeMap<String, String>) -> BTreeSet<String> {
        Containers::of(self, exports).images()
    }

    /// What launches ask of EC2.
    pub fn machines(&self, exports: &BTreeMap<String, String>) -> Machines {
        machine::machines(self, exports)
    }

    /// The names of the roles to look for, where this was seen of the account.
    pub fn roles(&self, observed: Option<&Observed>) -> BTreeSet<String> {
        let expected = role::expected(self).into_iter().map(|role| role.name);
        let made = observed
            .into_iter()
            .flat_map(|observed| role::made(self, observed));
        expected.chain(made.map(|made| made.role)).collect()
    }

    /// Everything that is wrong, sorted: what a plan would be blocked by, and the rest.
    pub fn findings(&self, found: &Inspected) -> Vec<Blocker> {
        let mut findings = self.beside_the_plan(found);
        if let Some(observed) = &found.observed {
            let plan = super::plan(self.desired, observed, super::Options::default());
            findings.extend(plan.blockers);
        }
        findings.sort();
        findings.dedup();
        findings
    }

    /// What is wrong and no plan is blocked by, sorted.
    pub fn beside_the_plan(&self, found: &Inspected) -> Vec<Blocker> {
        let mut findings = Vec::new();
        // What stands around the local AWS is made up with it.
        if !self.environment.local {
            engine::check(self, found, &mut findings);
            export::check(self, found, &mut findings);
            self.check_tag_options(&mut findings);
            rows::check(self, &mut findings);
            machine::check(self, found, &mut findings);
            container::check(self, found, &mut findings);
        }
        role::check(self, found, &mut findings);
        quota::check(self, found, &mut findings);
        findings.extend(found.denied_calls.iter().map(|refusal| Blocker {
            on: Subject::Account(refusal.call.clone()),
            message: format!("this identity may not look: {}", refusal.why),
            hint: "give it the permission: what it can't see, it can't publish or check".to_owned(),
        }));
        findings.sort();
        findings.dedup();
        findings
    }

    /// A key without values of its own is meant to be filled.
    fn check_tag_options(&self, findings: &mut Vec<Blocker>) {
        let Some((path, options)) = &self.catalog.tag_options else {
            return;
        };
        for list in options
            .tag_options
            .iter()
            .filter(|list| list.values.is_empty())
        {
            let others: Vec<String> = list
                .all_values()
                .map(|one| format!("`{}`", **one))
                .collect();
            findings.push(Blocker {
                on: Subject::Account(format!("tag option {}", *list.key)),
                message: match others.is_empty() {
                    true => "launches offer no value".to_owned(),
                    false => format!("launches offer no value but {}", others.join(" and ")),
                },
                hint: format!("list the organisation's values in {path}"),
            });
        }
    }

    /// A text with the account's own values in place of `${AWS::…}`.
    fn plain(&self, text: &str) -> String {
        text.replace("${AWS::Region}", &self.desired.region)
            .replace("${AWS::AccountId}", self.desired.account.as_str())
            .replace("${AWS::Partition}", "aws")
    }
}
