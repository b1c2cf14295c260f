//! What a release must be called, and what it tells the people whose products are running.

use super::{Changes, Effect, Impact, Incompatibility, compatibility, diff, impact};
use crate::cfn::Template;
use crate::product::{Bump, VersionName};
use crate::release::{LegacyVersions, Loss};
use indexmap::IndexMap;
use serde::Serialize;

/// What a new version is measured against.
#[derive(Clone, Debug)]
pub enum Base<'a> {
    /// Nothing: it is the first.
    None,
    /// The template of the newest version.
    Template(&'a Template),
    /// A version that was published before this catalog, of which no template is kept.
    LegacyVersions {
        /// Its name.
        version: VersionName,
        /// What is known of it and the versions before it, where something is.
        facts: Option<&'a LegacyVersions>,
    },
}

/// What a change requires of its release.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The least bump.
    pub bump: Bump,
    /// Why, worst first: the lines of the ledger.
    pub reasons: Vec<String>,
    /// One sentence for the people whose products are running.
    pub sentence: String,
}

impl Verdict {
    /// The verdict over an update from `base` to `new`. `elsewhere` is what products of other
    /// active versions can't carry over, by the version's name.
    pub fn of(
        base: &Base<'_>,
        new: &Template,
        elsewhere: &[(String, Vec<Incompatibility>)],
    ) -> Verdict {
        match base {
            Base::None => Verdict {
                bump: Bump::Patch,
                reasons: Vec::new(),
                sentence: "The first version.".to_owned(),
            },
            Base::Template(old) => {
                let changes = diff(old, new);
                let impact = impact(old, new, &changes);
                Verdict::measured(&changes, &impact, elsewhere)
            }
            Base::LegacyVersions { version, facts } => published(*version, *facts, new, elsewhere),
        }
    }

    /// The verdict over a change whose impact is known.
    pub fn measured(
        changes: &Changes,
        impact: &Impact,
        elsewhere: &[(String, Vec<Incompatibility>)],
    ) -> Verdict {
        let broken = compatibility(changes);
        let mut reasons = Vec::new();
        for resource in &impact.resources {
            if resource.effect.is_disruptive() {
                let why = resource.reasons.first();
                let path = why.map_or_else(String::new, |why| match why.path.is_empty() {
                    true => String::new(),
                    false => format!(" by {}", why.path),
                });
                let when = why.filter(|why| !why.when.is_always());
                let when = when.map_or_else(String::new, |why| format!(" where {}", why.when));
                reasons.push(format!("{}: {}{path}{when}", resource.id, resource.effect));
            }
            for data in &resource.data {
                reasons.push(format!("{}: {}: {}", resource.id, data.what, data.message));
            }
        }
        reasons.extend(broken.iter().map(ToString::to_string));
        let removed = changes.outputs.iter().filter(|output| {
            use super::ChangeKind::{Removed, Renamed};
            matches!(output.fate, Removed | Renamed { .. })
        });
        reasons.extend(removed.map(|output| match &output.fate {
            super::ChangeKind::Renamed { from } => {
                format!("the output {from} is now called {}", output.name)
            }
            _ => format!("the output {} is gone", output.name),
        }));
        reasons.extend(other_versions(elsewhere));
        let bump = match (reasons.is_empty(), is_addition(changes)) {
            (false, _) => Bump::Major,
            (true, true) => Bump::Minor,
            (true, false) => Bump::Patch,
        };
        Verdict {
            bump,
            reasons,
            sentence: sentence(impact, &broken),
        }
    }
}

/// The verdict over an update from a version whose template isn't kept.
fn published(
    version: VersionName,
    facts: Option<&LegacyVersions>,
    new: &Template,
    elsewhere: &[(String, Vec<Incompatibility>)],
) -> Verdict {
    let mut reasons = Vec::new();
    let mut loses_data = false;
    if let Some(newest) = facts.and_then(|facts| facts.newest.as_ref()) {
        for (line, loss) in super::legacy::replaced(newest, new) {
            loses_data |= loss == Loss::Data;
            reasons.push(line);
        }
    }
    if let Some(old) = facts.and_then(|facts| facts.versions.get(&version)) {
        reasons.extend(super::legacy::removed(old, new));
        let broken = super::legacy::compatibility_with(old, new);
        reasons.extend(broken.iter().map(ToString::to_string));
    }
    reasons.push(format!(
        "{version} was published before this catalog, and its template isn't kept: what else an update from it changes can't be told"
    ));
    reasons.extend(other_versions(elsewhere));
    let is_known = facts.is_some_and(|facts| facts.newest.is_some());
    let sentence = match (loses_data, is_known) {
        (true, _) => "Replaces what holds your files: save them first.",
        (false, true) => {
            "Replaces parts of the product and keeps your files; save what matters first."
        }
        (false, false) => "Can replace what you have: save your files first.",
    };
    Verdict {
        bump: Bump::Major,
        reasons,
        sentence: sentence.to_owned(),
    }
}

/// What products of other versions can't carry over, each once with the versions it holds for.
fn other_versions(elsewhere: &[(String, Vec<Incompatibility>)]) -> Vec<String> {
    let mut lines: IndexMap<String, Vec<&str>> = IndexMap::new();
    for (version, broken) in elsewhere {
        for one in broken {
            lines.entry(one.to_string()).or_default().push(version);
        }
    }
    lines
        .into_iter()
        .map(|(line, versions)| match versions.as_slice() {
            [first, .., last] if versions.len() > 3 => {
                format!(
                    "from {} versions between {first} and {last}: {line}",
                    versions.len()
                )
            }
            _ => format!("from {}: {line}", versions.join(", ")),
        })
        .collect()
}

/// Whether people can do something that they couldn't.
fn is_addition(changes: &Changes) -> bool {
    use super::ChangeKind::Added;
    let parameter = changes.parameters.iter().any(|change| {
        let choices = |parameter: &Option<crate::cfn::Parameter>| {
            parameter
                .as_ref()
                .map(|parameter| (parameter.default.clone(), parameter.allowed_values.clone()))
        };
        change.fate == Added || choices(&change.old) != choices(&change.new)
    });
    let resource = changes
        .resources
        .iter()
        .any(|change| change.fate == Added || change.appears.is_some());
    parameter || resource || changes.outputs.iter().any(|change| change.fate == Added)
}

/// What scientists call a resource.
fn noun(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "AWS::EC2::Instance" => "the machine",
        "AWS::S3::Bucket" => "the bucket",
        "AWS::KMS::Key" => "the encryption key",
        "AWS::SecretsManager::Secret" => "the secret",
        "AWS::Logs::LogGroup" => "the logs",
        "AWS::Batch::ComputeEnvironment" | "AWS::Batch::JobQueue" | "AWS::Batch::JobDefinition" => {
            "the job"
        }
        _ => return None,
    })
}

/// What an update does, in one sentence that a scientist understands.
pub fn sentence(impact: &Impact, broken: &[Incompatibility]) -> String {
    let named = |effect: Effect| {
        let mut named = impact.resources.iter().filter(|one| one.effect == effect);
        named.find_map(|one| Some((one, noun(&one.kind)?)))
    };
    let has = |effect: Effect| impact.resources.iter().any(|one| one.effect == effect);
    let lost = |one: &super::ResourceImpact| one.data.iter().any(|data| data.is_deleted);
    if has(Effect::Fails) {
        return "Running products can't update to this version: launch a new one.".to_owned();
    }
    if let Some((one, noun)) = named(Effect::Replaced) {
        return match (one.kind.as_str(), lost(one)) {
            ("AWS::EC2::Instance", true) => {
                "Replaces the machine: files on it are lost. Save them first.".to_owned()
            }
            ("AWS::EC2::Instance", false) => {
                "Replaces the machine: the new one starts without your files. Save them first.".to_owned()
            }
            ("AWS::S3::Bucket", _) => {
                "Makes a new, empty bucket: your files stay in the old one, which you no longer manage here.".to_owned()
            }
            (_, true) => format!("Replaces {noun}: what it holds is lost. Save it first."),
            (_, false) => format!("Replaces {noun}."),
        };
    }
    if let Some((one, noun)) = named(Effect::Removed) {
        return match lost(one) {
            true => format!("Removes {noun}: what it holds is lost. Save it first."),
            false => format!(
                "No longer has {noun}: it stays as it is, and you no longer manage it here."
            ),
        };
    }
    if let Some((_, noun)) = named(Effect::Unknown) {
        return format!("May replace {noun}: save your files first.");
    }
    if let Some((one, noun)) = named(Effect::Interrupted) {
        return match one.kind.as_str() {
            "AWS::EC2::Instance" => {
                "Restarts the machine: files stay, what runs on it stops. Finish your work first."
                    .to_owned()
            }
            _ => format!("Interrupts {noun}: let what is running finish first."),
        };
    }
    let deleted = impact.resources.iter().flat_map(|one| &one.data);
    if let Some(data) = deleted.clone().find(|data| data.is_deleted) {
        return format!("Deletes data ({}): save what you need first.", data.what);
    }
    if !broken.is_empty() {
        let names: Vec<&str> = broken.iter().map(|one| one.parameter.as_str()).collect();
        return format!("The update form asks anew: check {}.", names.join(", "));
    }
    match impact.worst() {
        Effect::Replaced | Effect::Removed | Effect::Unknown => {
            "Replaces parts of the product; your files stay.".to_owned()
        }
        Effect::Interrupted => {
            "Interrupts parts of the product for a short time; your files stay.".to_owned()
        }
        Effect::InPlace => "Updates what is running without an interruption.".to_owned(),
        Effect::NotApplied => {
            "What is running stays as it is; what you start later gets the change.".to_owned()
        }
        _ => "What is running stays as it is.".to_owned(),
    }
}
