//! An update of a running product from one version to another, and what it does.

use super::accounts::{Account, Accounts};
use super::judgement::judged;
use super::legacy::{Legacy, anywhere, compatibility_with};
use super::{
    Break, ChangeKind, Changes, Effect, Impact, Incompatibility, ResourceImpact, compatibility,
    sentence,
};
use crate::cfn::{Scenario, Scenarios, Template};
use crate::product::VersionName;
use crate::release::LegacyVersions;
use serde::Serialize;

/// A version that can be running.
#[derive(Clone, Copy, Debug)]
pub struct Running<'a> {
    /// Its name.
    pub name: VersionName,
    /// What is known of it.
    pub body: Body<'a>,
}

impl<'a> Running<'a> {
    /// What facts tell, where no template is kept.
    fn legacy(&self) -> Option<Legacy<'a>> {
        match self.body {
            Body::Facts(facts) => Legacy::of(facts, self.name),
            Body::Template(_) | Body::Nothing => None,
        }
    }

    /// Whether facts alone are known of both, and the same ones.
    fn is_like(&self, other: &Running<'_>) -> bool {
        let both = self.legacy().zip(other.legacy());
        both.is_some_and(|(one, other)| one.is_like(&other))
    }
}

/// What is known of a version that can be running.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// Its template.
    Template(&'a Template),
    /// Facts about the versions from before this catalog, of which no template is kept.
    Facts(&'a LegacyVersions),
    /// Its name alone.
    Nothing,
}

/// What an update from one version does, in every account.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Update {
    /// The version that is running.
    pub from: VersionName,
    /// What is done to each resource.
    pub impact: Impact,
    /// What it can't carry over.
    pub broken: Vec<Incompatibility>,
    /// Outputs that are gone, or have another name.
    pub outputs: Vec<String>,
    /// Whether its template isn't kept, so that more may change than is told.
    pub is_partly_known: bool,
    /// What is done in each account by its id, where no template is kept.
    #[serde(skip)]
    pub by_account: Vec<(String, Impact)>,
    /// What differs, where its template is kept.
    #[serde(skip)]
    pub changes: Option<Changes>,
}

impl Update {
    /// What an update from a version to a template does.
    pub fn of(running: &Running<'_>, new: &Template, accounts: &Accounts) -> Update {
        Update::with_values(running, new, &Scenarios::of(new).first(), accounts)
    }

    /// The same where the first values of the template's parameters are known.
    fn with_values(
        running: &Running<'_>,
        new: &Template,
        first: &Scenario,
        accounts: &Accounts,
    ) -> Update {
        let from = running.name;
        if let Body::Template(old) = running.body {
            return Update::between(from, old, new, accounts);
        }
        let mut outputs = Vec::new();
        let (mut by_account, mut broken) = (Vec::new(), Vec::new());
        if let Some(legacy) = running.legacy() {
            by_account = legacy.impacts(new, first, accounts);
            broken = compatibility_with(legacy.version, new);
            let gone = legacy.version.outputs.iter();
            let gone = gone.filter(|name| !new.outputs.contains_key(*name));
            outputs.extend(gone.map(|name| format!("the output {name} is gone")));
        }
        Update {
            from,
            impact: anywhere(&by_account, accounts),
            broken,
            outputs,
            is_partly_known: true,
            by_account,
            changes: None,
        }
    }

    fn between(from: VersionName, old: &Template, new: &Template, accounts: &Accounts) -> Update {
        let (changes, impact) = judged(old, new, accounts);
        Update {
            from,
            impact,
            broken: compatibility(&changes),
            outputs: outputs(&changes),
            is_partly_known: false,
            by_account: Vec::new(),
            changes: Some(changes),
        }
    }

    /// What it does in one of the accounts.
    #[must_use]
    pub fn in_account(
        &self,
        running: &Running<'_>,
        new: &Template,
        (accounts, account): (&Accounts, &Account),
    ) -> Update {
        let known = self.by_account.iter().find(|(id, _)| *id == account.id);
        if let Some((_, impact)) = known {
            return Update {
                impact: impact.clone(),
                ..self.clone()
            };
        }
        let changes = self.changes.as_ref();
        match changes.is_some_and(|changes| !changes.depends_on_place()) {
            true => self.clone(),
            false => Update::of(running, new, &accounts.alone(account)),
        }
    }

    /// What it does beyond another update from the same version.
    #[must_use]
    pub fn beyond(&self, known: &Update) -> Update {
        let is_more = |resource: &&ResourceImpact| {
            let other = known
                .impact
                .resources
                .iter()
                .find(|one| one.id == resource.id);
            other.is_none_or(|other| {
                resource.effect > other.effect
                    || resource.data.iter().any(|data| !other.data.contains(data))
            })
        };
        let resources = self
            .impact
            .resources
            .iter()
            .filter(is_more)
            .cloned()
            .collect();
        let broken = self.broken.iter().filter_map(|broken| {
            let same = |other: &&Incompatibility| {
                other.parameter == broken.parameter && other.kind == broken.kind
            };
            let Some(other) = known.broken.iter().find(same) else {
                return Some(broken.clone());
            };
            let values: Vec<String> = broken
                .values
                .iter()
                .filter(|value| !other.values.contains(value) && !is_wider(value, &other.values))
                .cloned()
                .collect();
            (!values.is_empty()).then(|| Incompatibility {
                values,
                ..broken.clone()
            })
        });
        Update {
            impact: Impact { resources },
            broken: broken.collect(),
            outputs: self
                .outputs
                .iter()
                .filter(|output| !known.outputs.contains(output))
                .cloned()
                .collect(),
            ..self.clone()
        }
    }

    /// Data that it deletes.
    pub fn loses_data(&self) -> bool {
        let data = self.impact.resources.iter().flat_map(|one| &one.data);
        data.into_iter().any(|data| data.is_deleted)
    }

    /// One sentence for the people whose products run this version.
    pub fn sentence(&self) -> String {
        match self.is_partly_known && self.impact.resources.is_empty() && self.broken.is_empty() {
            true => "What else changes can't be told: save what matters first.".to_owned(),
            false => sentence(&self.impact, &self.broken),
        }
    }

    /// How bad it is: the worst effect, and whether data goes.
    pub fn rank(&self) -> (bool, Effect, bool) {
        (
            self.loses_data(),
            self.impact.worst(),
            !self.broken.is_empty(),
        )
    }

    /// What people notice, worst first, one line each.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for resource in &self.impact.resources {
            if resource.effect.is_disruptive() {
                let why = resource.reasons.first();
                let path = why.map_or_else(String::new, |why| match why.path.is_empty() {
                    true => String::new(),
                    false => format!(" by {}", why.path),
                });
                let when = why.filter(|why| !why.when.is_always());
                let when = when.map_or_else(String::new, |why| format!(" where {}", why.when));
                lines.push(format!("{}: {}{path}{when}", resource.id, resource.effect));
            }
            for data in &resource.data {
                lines.push(format!("{}: {}: {}", resource.id, data.what, data.message));
            }
        }
        lines.extend(self.broken.iter().map(ToString::to_string));
        lines.extend(self.outputs.iter().cloned());
        lines
    }
}

/// Whether one of these texts refuses all that another one does: `anything but` a longer list
/// refuses less than `anything but` a shorter one.
fn is_wider(value: &str, known: &[String]) -> bool {
    let list = |text: &str| -> Option<Vec<String>> {
        let listed = text.strip_prefix(Break::BUT)?;
        Some(listed.split(", ").map(str::to_owned).collect())
    };
    let Some(offered) = list(value) else {
        return false;
    };
    known
        .iter()
        .filter_map(|text| list(text))
        .any(|before| before.iter().all(|one| offered.contains(one)))
}

fn outputs(changes: &Changes) -> Vec<String> {
    let gone = changes
        .outputs
        .iter()
        .filter_map(|output| match &output.fate {
            ChangeKind::Renamed { from } => {
                Some(format!("the output {from} is now called {}", output.name))
            }
            ChangeKind::Removed => Some(format!("the output {} is gone", output.name)),
            _ => None,
        });
    gone.collect()
}

/// What each version that can be running meets in an update to a template, oldest first.
pub fn updates(running: &[Running<'_>], new: &Template, accounts: &Accounts) -> Vec<Update> {
    let first = Scenarios::of(new).first();
    let mut updates: Vec<Update> = Vec::new();
    for (position, one) in running.iter().enumerate() {
        let like = running[..position]
            .iter()
            .position(|other| one.is_like(other));
        updates.push(match like {
            Some(like) => Update {
                from: one.name,
                ..updates[like].clone()
            },
            None => Update::with_values(one, new, &first, accounts),
        });
    }
    updates.sort_by_key(|update| update.from);
    updates
}

/// What each version before one of them meets in an update to it, oldest first; none where its template
/// isn't kept.
pub(super) fn updates_to(
    target: &Running<'_>,
    running: &[Running<'_>],
    accounts: &Accounts,
) -> Option<Vec<Update>> {
    let Body::Template(template) = target.body else {
        return None;
    };
    let before = running.iter().filter(|one| one.name < target.name);
    let before: Vec<Running<'_>> = before.copied().collect();
    Some(updates(&before, template, accounts))
}

/// What updates do, for people: each sentence with the versions from which it holds, worst first.
pub fn told(updates: &[Update]) -> Vec<(String, String)> {
    let mut groups: Vec<(String, Vec<&Update>)> = Vec::new();
    for update in updates {
        let sentence = update.sentence();
        match groups.iter_mut().find(|(known, _)| *known == sentence) {
            Some((_, group)) => group.push(update),
            None => groups.push((sentence, vec![update])),
        }
    }
    groups.sort_by_key(|(_, group)| {
        let worst = group.iter().map(|update| update.rank()).max();
        std::cmp::Reverse(worst)
    });
    let all: Vec<VersionName> = updates.iter().map(|update| update.from).collect();
    groups
        .into_iter()
        .map(|(sentence, group)| {
            let versions: Vec<VersionName> = group.iter().map(|update| update.from).collect();
            (from_versions(&versions, &all), sentence)
        })
        .collect()
}

/// Some of all versions, both oldest first, in words; nothing where they are all of them.
pub fn from_versions(some: &[VersionName], all: &[VersionName]) -> String {
    match some {
        _ if some.len() == all.len() => String::new(),
        [] => String::new(),
        [one] => one.to_string(),
        [.., last] if all.starts_with(some) => format!("{last} and before"),
        [first, ..] if all.ends_with(some) => format!("{first} and after"),
        [first, .., last] if is_run(some, all) => format!("{first} to {last}"),
        [all @ .., last] if some.len() <= 4 => {
            let names: Vec<String> = all.iter().map(ToString::to_string).collect();
            format!("{} and {last}", names.join(", "))
        }
        [first, .., last] => format!("{} versions between {first} and {last}", some.len()),
    }
}

fn is_run(some: &[VersionName], all: &[VersionName]) -> bool {
    all.windows(some.len()).any(|window| window == some)
}
