//! The reviewer's report: what changes for whom, impact first, details after it.

mod details;
mod markdown;
mod text;

pub use markdown::markdown;
pub use text::text;

use super::{
    Accounts, ChangeKind, Changes, Effect, Impact, Incompatibility, NamedChange, PropertyChange,
    Reason, RoleChange, Verdict, compatibility, role_changes,
};
use crate::cfn::{Node, Template};
use serde::Serialize;
use serde_json::{Value as Json, json};

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Topic {
    /// A product: people run it, and it is released.
    Product,
    /// A stack around the products: a portfolio, a launch role, the foundation.
    Stack,
    /// A file with a template, whatever it is of.
    File,
}

/// Everything there is to say about a change of one product or stack.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whether it is a product or a stack.
    pub topic: Topic,
    /// The product's key, or the stack's file below `generated/`.
    pub product: String,
    /// What it is compared with.
    pub base: String,
    /// What differs.
    pub changes: Changes,
    /// What that does.
    pub impact: Impact,
    /// What it grants to roles, and takes from them.
    pub roles: Vec<RoleChange>,
    /// What it requires of a product's release.
    pub verdict: Verdict,
    /// What couldn't be read, so that what the update does isn't known: nothing passes for fine.
    pub unread: Vec<String>,
    /// What changes of what it costs, a line each; nothing where nobody has asked for it.
    pub cost: Vec<String>,
}

impl Report {
    /// The report over two templates of a product.
    ///
    /// ```
    /// use compute_catalog::cfn;
    /// use compute_catalog::change::{Accounts, Effect, Report};
    ///
    /// let bucket = |name: &str| {
    ///     let text = format!("Resources: {{Data: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {name}}}}}}}");
    ///     cfn::read(&text).map_err(|errors| format!("{errors:?}"))
    /// };
    /// let (old, new) = (bucket("before")?, bucket("after")?);
    /// let report = Report::new("bucket", "v1.0.0", &old, &new, &Accounts::default());
    /// assert_eq!(report.worst(), Effect::Replaced);
    /// # Ok::<(), String>(())
    /// ```
    pub fn new(
        product: &str,
        base: &str,
        old: &Template,
        new: &Template,
        accounts: &Accounts,
    ) -> Report {
        let verdict = Verdict::between(old, new, accounts);
        let update = verdict.updates.first();
        let changes = update.and_then(|update| update.changes.clone());
        let changes = changes.unwrap_or_default();
        let impact = update.map_or_else(Impact::default, |update| update.impact.clone());
        let mut unread = super::opaque::unread(&impact);
        if !changes.is_empty() || old.transform != new.transform {
            unread.extend(super::opaque::unknown_macros([old, new], accounts));
        }
        Report {
            unread,
            topic: Topic::Product,
            product: product.to_owned(),
            base: base.to_owned(),
            roles: role_changes(old, new),
            cost: Vec::new(),
            changes,
            impact,
            verdict,
        }
    }

    /// The report over two templates of a stack around the products. One that isn't there is an
    /// empty template.
    pub fn of_stack(
        file: &str,
        base: &str,
        old: &Template,
        new: &Template,
        accounts: &Accounts,
    ) -> Report {
        Report {
            topic: Topic::Stack,
            ..Report::new(file, base, old, new, accounts)
        }
    }

    /// The same with a verdict over every version that can be running.
    #[must_use]
    pub fn with_verdict(self, verdict: Verdict) -> Report {
        Report { verdict, ..self }
    }

    /// The same with what changes of what it costs.
    #[must_use]
    pub fn with_cost(self, cost: Vec<String>) -> Report {
        Report { cost, ..self }
    }

    /// The worst that an update does from any version that can be running.
    pub fn worst(&self) -> Effect {
        let news = self.verdict.news.iter();
        let worst = news.map(|update| update.impact.worst()).max();
        self.impact.worst().max(worst.unwrap_or(Effect::NoEffect))
    }

    /// Whether an update from any version that can be running deletes data.
    pub fn loses_data(&self) -> bool {
        let here = self.impact.resources.iter().flat_map(|one| &one.data);
        here.into_iter().any(|data| data.is_deleted)
            || self.verdict.news.iter().any(super::Update::loses_data)
    }

    /// The report over two files with templates.
    pub fn of_files(old: (&str, &Template), new: (&str, &Template), accounts: &Accounts) -> Report {
        Report {
            topic: Topic::File,
            ..Report::new(new.0, old.0, old.1, new.1, accounts)
        }
    }

    /// Whether any version that can be running has something that it can't carry over.
    pub fn is_incompatible(&self) -> bool {
        let elsewhere = self
            .verdict
            .news
            .iter()
            .any(|update| !update.broken.is_empty());
        elsewhere || !self.incompatibilities().is_empty()
    }

    /// What the update does from each version that can be running, where there are several.
    pub fn from_versions(&self) -> Vec<(String, String)> {
        match self.verdict.updates.len() {
            0 | 1 => Vec::new(),
            _ => super::told(&self.verdict.updates),
        }
    }

    /// What running products can't carry over.
    pub fn incompatibilities(&self) -> Vec<Incompatibility> {
        compatibility(&self.changes)
    }

    /// The report for programs. The format is stable: fields are added, never changed.
    pub fn json(&self) -> Json {
        let property = |change: &PropertyChange| {
            let cases: Vec<Json> = change
                .cases
                .iter()
                .map(|case| {
                    json!({
                        "old": case.old.as_ref().map(Node::to_json),
                        "new": case.new.as_ref().map(Node::to_json),
                        "when": case.when,
                    })
                })
                .collect();
            json!({ "path": change.path.join("."), "cases": cases })
        };
        let resources: Vec<Json> = self
            .changes
            .resources
            .iter()
            .map(|change| {
                json!({
                    "id": change.id,
                    "type": change.kind,
                    "fate": fate(&change.fate),
                    "properties": change.properties.iter().map(property).collect::<Vec<_>>(),
                    "metadata": change.metadata.iter().map(property).collect::<Vec<_>>(),
                    "attributes": change.attributes.iter().map(|one| one.name).collect::<Vec<_>>(),
                })
            })
            .collect();
        let named = |changes: &[NamedChange]| -> Vec<Json> {
            let one =
                |change: &NamedChange| json!({ "name": change.name, "fate": fate(&change.fate) });
            changes.iter().map(one).collect()
        };
        let parameters: Vec<Json> = self
            .changes
            .parameters
            .iter()
            .map(|change| json!({ "name": change.name, "fate": fate(&change.fate) }))
            .collect();
        // A stack has no versions and no people who run it.
        let verdict = Some(&self.verdict).filter(|_| self.topic == Topic::Product);
        let from: Vec<Json> = self
            .from_versions()
            .into_iter()
            .map(|(versions, sentence)| json!({ "from": versions, "sentence": sentence }))
            .collect();
        let updates: Vec<Json> = verdict
            .into_iter()
            .flat_map(|verdict| &verdict.updates)
            .map(|update| {
                json!({
                    "from": update.from,
                    "worst": update.impact.worst(),
                    "losesData": update.loses_data(),
                    "lines": update.lines(),
                })
            })
            .collect();
        json!({
            "topic": self.topic,
            "product": self.product,
            "base": self.base,
            "bump": verdict.map(|verdict| verdict.bump),
            "sentence": verdict.map(|verdict| &verdict.sentence),
            "worst": self.worst(),
            "from": from,
            "updates": updates,
            "unread": self.unread,
            "edits": super::edits(&self.changes),
            "reasons": self.verdict.reasons,
            "impact": self.impact.resources,
            "incompatibilities": self.incompatibilities(),
            "roles": self.roles,
            "cost": self.cost,
            "changes": {
                "parameters": parameters,
                "resources": resources,
                "outputs": named(&self.changes.outputs),
                "conditions": named(&self.changes.conditions),
                "mappings": named(&self.changes.mappings),
            },
        })
    }
}

/// The fate as one word, with the old name where there is one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Word<'a> {
    Added,
    Removed,
    Changed,
    RenamedFrom(&'a str),
}

fn fate(fate: &ChangeKind) -> Word<'_> {
    match fate {
        ChangeKind::Added => Word::Added,
        ChangeKind::Removed => Word::Removed,
        ChangeKind::Changed => Word::Changed,
        ChangeKind::Renamed { from } => Word::RenamedFrom(from),
    }
}

fn words(fate: &ChangeKind) -> String {
    match fate {
        ChangeKind::Added => "added".to_owned(),
        ChangeKind::Removed => "removed".to_owned(),
        ChangeKind::Changed => "changed".to_owned(),
        ChangeKind::Renamed { from } => format!("renamed from {from}"),
    }
}

/// A reason on one line.
fn line(reason: &Reason) -> String {
    let path = match reason.path.is_empty() {
        true => String::new(),
        false => format!("{}: ", reason.path),
    };
    let when = match reason.when.is_always() {
        true => String::new(),
        false => format!(" (where {})", reason.when),
    };
    format!("{path}{}{when}", reason.why)
}

/// What each role may do from now on, and no longer, one line each.
fn role_lines(roles: &[RoleChange]) -> Vec<String> {
    let mut lines = Vec::new();
    for role in roles {
        let granted = role.granted.iter().map(|grant| format!("now {grant}"));
        let removed = role
            .removed
            .iter()
            .map(|grant| format!("no longer {grant}"));
        lines.extend(
            granted
                .chain(removed)
                .map(|line| format!("{}: {line}", role.id)),
        );
    }
    lines
}
