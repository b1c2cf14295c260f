//! The versions of a product that can be running: what people launched yesterday or years ago.

use crate::history::History;
use compute_catalog::cfn::Template;
use compute_catalog::change::{Accounts, Body, Running, Verdict};
use compute_catalog::product::{Key, VersionName};
use compute_catalog::release::LegacyVersions;
use std::collections::BTreeSet;

/// The versions of a product, with what is known of each.
#[derive(Debug)]
pub struct RunningVersions {
    versions: Vec<RunningVersion>,
    facts: Option<LegacyVersions>,
}

#[derive(Debug)]
struct RunningVersion {
    name: VersionName,
    template: Option<Template>,
    /// Every launch of it fails, so that nothing is said of updates from it: it runs only where an
    /// account tells that it does.
    is_barred: bool,
}

impl RunningVersions {
    /// Every version of the ledger, and every one that the facts speak of.
    ///
    /// # Errors
    /// A frozen body that isn't a template.
    pub fn read(
        key: &Key,
        history: &History,
        facts: Option<LegacyVersions>,
    ) -> Result<RunningVersions, String> {
        let mut versions = Vec::new();
        for version in &history.ledger.versions {
            let template = match version.kept() {
                Some(_) => Some(history.template(key, version.name)?),
                None => None,
            };
            versions.push(RunningVersion {
                name: version.name,
                template,
                is_barred: history.ledger.barred(version.name).is_some(),
            });
        }
        let known: BTreeSet<VersionName> = versions.iter().map(|one| one.name).collect();
        let further = facts.iter().flat_map(|facts| facts.versions.keys());
        let further: Vec<VersionName> = further
            .filter(|name| !known.contains(name))
            .copied()
            .collect();
        versions.extend(further.into_iter().map(|name| RunningVersion {
            name,
            template: None,
            is_barred: false,
        }));
        versions.sort_by_key(|one| one.name);
        Ok(RunningVersions { versions, facts })
    }

    /// Those before a version.
    #[must_use]
    pub fn before(mut self, newest: VersionName) -> RunningVersions {
        self.versions.retain(|one| one.name < newest);
        self
    }

    /// Each version that can be running, as the change room asks for it, oldest first.
    pub fn running(&self) -> Vec<Running<'_>> {
        let living = self.versions.iter().filter(|one| !one.is_barred);
        living.map(|one| self.body(one)).collect()
    }

    /// The same with those that are barred: what an account tells is running may be any of them.
    pub fn all(&self) -> Vec<Running<'_>> {
        self.versions.iter().map(|one| self.body(one)).collect()
    }

    fn body<'a>(&'a self, one: &'a RunningVersion) -> Running<'a> {
        Running {
            name: one.name,
            body: match (&one.template, &self.facts) {
                (Some(template), _) => Body::Template(template),
                (None, Some(facts)) => Body::Facts(facts),
                (None, None) => Body::Nothing,
            },
        }
    }

    /// What a new version requires: by what an update does to products of every version that can
    /// be running. What those of older ones lose by an update to the newest version already, that
    /// version's own step has told.
    pub fn verdict(&self, new: &Template, accounts: &Accounts) -> Verdict {
        Verdict::of(&self.running(), new, accounts)
    }

    /// The template of a version, where it is kept.
    pub fn template(&self, name: VersionName) -> Option<&Template> {
        let found = self.versions.iter().find(|one| one.name == name);
        found.and_then(|one| one.template.as_ref())
    }
}
