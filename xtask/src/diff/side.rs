//! What can be compared: the working tree, a git revision, released versions, what is live.

use super::git;
use crate::built::BuiltProducts;
use crate::portfolios::StackInputs;
use crate::workspace::Workspace;
use compute_catalog::cfn::{self, Template};
use compute_catalog::product::{Key, VersionName};
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// One side of a comparison, as it is written on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// `worktree`: what the models make now.
    Worktree,
    /// `released`: the newest version of ours.
    Released,
    /// `v2.0.0`: this version.
    Version(VersionName),
    /// `live:ENV`: what is live in an environment.
    Live(Key),
    /// Anything else: `generated/` in a git revision.
    Revision(String),
}

impl FromStr for Side {
    type Err = String;

    fn from_str(text: &str) -> Result<Side, String> {
        match (text, text.strip_prefix("live:")) {
            ("", _) => {
                Err("a revision, a version, `released`, `live:ENV` or `worktree`".to_owned())
            }
            ("worktree", _) => Ok(Side::Worktree),
            ("released", _) => Ok(Side::Released),
            (_, Some(environment)) => environment
                .parse()
                .map(Side::Live)
                .map_err(|error| format!("{error}")),
            _ => Ok(text
                .parse()
                .map_or_else(|_| Side::Revision(text.to_owned()), Side::Version)),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Side::Worktree => f.write_str("worktree"),
            Side::Released => f.write_str("released"),
            Side::Version(name) => name.fmt(f),
            Side::Live(environment) => write!(f, "live:{environment}"),
            Side::Revision(revision) => f.write_str(revision),
        }
    }
}

/// What is live in an environment. The publisher reads it; a comparison takes it as a value.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// The newest version that can be launched, by product: its name, and the text of its
    /// template or why that can't be read.
    pub products: BTreeMap<Key, (String, Result<String, String>)>,
    /// The templates of the catalog's stacks, by their files below `generated/`.
    pub stacks: BTreeMap<String, String>,
}

/// A side, read: a template or a reason why there is none, each with the name to show.
#[derive(Debug, Default)]
pub(super) struct Templates {
    pub products: IndexMap<Key, (String, Found)>,
    /// By file below `generated/`; nothing where the side has no stacks at all.
    pub stacks: Option<IndexMap<String, (String, Template)>>,
}

/// A product on a side.
#[derive(Debug)]
pub(super) enum Found {
    /// Its template.
    Template(Box<Template>),
    /// The side doesn't have it, in words.
    Absent(String),
    /// The side has it, and it can't be read, in words.
    Unreadable(String),
}

/// Where stacks stand in a revision.
const STACKS: [&str; 5] = [
    "generated/foundation.yaml",
    "generated/end-users.yaml",
    "generated/launch-roles",
    "generated/portfolios",
    "generated/tag-options.yaml",
];

impl Side {
    /// Reads a side of the comparison for the products of a catalog.
    ///
    /// # Errors
    /// Products that can't be built, a revision that git doesn't know, texts that are no
    /// templates.
    pub(super) fn templates(
        &self,
        workspace: &Workspace,
        catalog: &BuiltProducts,
        live: &BTreeMap<Key, Live>,
    ) -> Result<Templates, Box<dyn std::error::Error>> {
        match self {
            Side::Worktree => worktree(workspace, catalog),
            Side::Released | Side::Version(_) => Ok(self.released(catalog)?),
            Side::Revision(revision) => Ok(at_revision(workspace, catalog, revision)?),
            Side::Live(environment) => {
                let live = live
                    .get(environment)
                    .ok_or_else(|| format!("nothing was read from `{environment}`"))?;
                Ok(of_account(environment, catalog, live)?)
            }
        }
    }

    fn released(&self, catalog: &BuiltProducts) -> Result<Templates, String> {
        let mut templates = Templates::default();
        for entry in &catalog.entries {
            let ledger = &entry.history.ledger;
            let mut versions = ledger.versions.iter();
            let version = match self {
                Side::Version(name) => versions.find(|version| version.name == *name),
                // What runs from before the first release is what that changes.
                _ => ledger.newest_released().or_else(|| ledger.newest_kept()),
            };
            let version = version.filter(|version| version.kept().is_some());
            let found = match version {
                Some(version) => (
                    version.name.to_string(),
                    Found::Template(Box::new(entry.history.template(&entry.key, version.name)?)),
                ),
                None => (self.to_string(), without_release(self, entry)),
            };
            templates.products.insert(entry.key.clone(), found);
        }
        Ok(templates)
    }
}

fn without_release(side: &Side, entry: &crate::built::BuiltProduct) -> Found {
    let what = match (side, entry.history.ledger.newest()) {
        (Side::Version(name), _) => format!("no version {name} of it is kept here"),
        (_, Some(version)) => format!(
            "{} was published before this catalog and its template isn't kept",
            version.name
        ),
        (_, None) => "never released".to_owned(),
    };
    let line =
        format!("{what}: nothing to compare with; `--base REV` compares with a git revision");
    match (side, entry.history.ledger.newest()) {
        (Side::Version(_), _) | (_, None) => Found::Absent(line),
        (_, Some(_)) => Found::Unreadable(line),
    }
}

fn worktree(
    workspace: &Workspace,
    catalog: &BuiltProducts,
) -> Result<Templates, Box<dyn std::error::Error>> {
    let label = "the working tree".to_owned();
    let mut templates = Templates::default();
    for (entry, built) in catalog.built()? {
        let found = (
            label.clone(),
            Found::Template(Box::new(built.template.clone())),
        );
        templates.products.insert(entry.key.clone(), found);
    }
    // Launch roles come from all products, whichever are asked for.
    let whole = BuiltProducts::load(workspace, &[])?;
    let stacks = StackInputs::load(workspace, &whole)?.stacks()?;
    let stacks = stacks.all.into_iter();
    templates.stacks = Some(
        stacks
            .map(|stack| (stack.file, (label.clone(), stack.template)))
            .collect(),
    );
    Ok(templates)
}

fn at_revision(
    workspace: &Workspace,
    catalog: &BuiltProducts,
    revision: &str,
) -> Result<Templates, String> {
    git::known_revision(workspace, revision)?;
    let mut paths = STACKS.to_vec();
    paths.push("generated/products");
    let files: BTreeMap<String, String> = git::files(workspace, revision, &paths)?
        .into_iter()
        .collect();
    let label = || revision.to_owned();
    let mut templates = Templates::default();
    let mut stacks = IndexMap::new();
    for entry in &catalog.entries {
        let path = crate::generated::template_path(&entry.key);
        let template = match files.get(&path) {
            Some(text) => Found::Template(Box::new(parsed(&format!("{revision}:{path}"), text)?)),
            None => Found::Absent(format!("not in {revision}")),
        };
        let found = (label(), template);
        templates.products.insert(entry.key.clone(), found);
    }
    for (path, text) in &files {
        let file = path.trim_start_matches("generated/");
        if !file.starts_with("products/") {
            let template = parsed(&format!("{revision}:{path}"), text)?;
            stacks.insert(file.to_owned(), (label(), template));
        }
    }
    templates.stacks = Some(stacks);
    Ok(templates)
}

fn of_account(
    environment: &Key,
    catalog: &BuiltProducts,
    live: &Live,
) -> Result<Templates, String> {
    let mut templates = Templates::default();
    for entry in &catalog.entries {
        let found = match live.products.get(&entry.key) {
            Some((version, text)) => {
                let label = format!("{version}, live in {environment}");
                let template = match text {
                    Ok(text) => match parsed(&label, text) {
                        Ok(template) => Found::Template(Box::new(template)),
                        Err(why) => Found::Unreadable(why),
                    },
                    Err(why) => Found::Unreadable(format!("{label}: {why}")),
                };
                (label, template)
            }
            None => {
                let label = format!("live in {environment}");
                (
                    label,
                    Found::Absent(format!("no version of it is live in {environment}")),
                )
            }
        };
        templates.products.insert(entry.key.clone(), found);
    }
    let mut stacks = IndexMap::new();
    for (file, text) in &live.stacks {
        let label = format!("live in {environment}");
        let template = parsed(&format!("{file}, {label}"), text)?;
        stacks.insert(file.clone(), (label, template));
    }
    templates.stacks = Some(stacks);
    Ok(templates)
}

fn parsed(place: &str, text: &str) -> Result<Template, String> {
    cfn::read(text).map_err(|errors| {
        let lines: Vec<String> = errors
            .iter()
            .map(|error| format!("{place}:{error}"))
            .collect();
        lines.join("\n")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_is_read_as_it_is_written() {
        for text in [
            "worktree",
            "released",
            "v2.0.0",
            "live:develop",
            "origin/main",
        ] {
            let side: Side = text.parse().unwrap();
            assert_eq!(side.to_string(), text);
        }
        assert!(matches!("v2.0.0".parse(), Ok(Side::Version(_))));
        assert!(matches!("v2.0".parse(), Ok(Side::Revision(_))));
        assert!("live:Not A Key".parse::<Side>().is_err());
    }
}
