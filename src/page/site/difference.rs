//! What one version's template has that another's has not, line by line.

use super::SiteProduct;
use crate::cfn::read;
use crate::change::{Accounts, Report};
use serde::Serialize;
use similar::{ChangeTag, TextDiff};

/// The difference between two templates.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Difference {
    from: String,
    to: String,
    /// What an update from the one to the other does, in one sentence; empty where one of them
    /// can't be read.
    sentence: String,
    /// What it does to each resource, worst first.
    effects: Vec<EffectLine>,
    added: usize,
    removed: usize,
    lines: Vec<Line>,
}

/// What an update does to one resource.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EffectLine {
    effect: String,
    id: String,
    kind: String,
    /// Why, with the page of AWS's documentation that says so.
    reasons: Vec<ReasonLine>,
    /// What it means for data.
    data: Vec<String>,
}

/// Why an update does something.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReasonLine {
    text: String,
    source: String,
}

/// One line of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    /// `added`, `removed`, `same` or `gap`: its class on the page.
    class: &'static str,
    /// What a reader who can't see colour is told: `+`, `-` or nothing.
    sign: &'static str,
    text: String,
}

/// What the catalog holds now, as a name beside those of versions.
pub(super) const NOW: &str = "the next release";

/// The differences between neighbours, newest first: what is not released yet among them.
pub(super) fn differences(product: &SiteProduct<'_>) -> Vec<Difference> {
    let mut bodies: Vec<(String, String)> = Vec::new();
    let mut released: Vec<_> = product.page.ledger.released().collect();
    released.sort_by_key(|version| version.name);
    for version in released {
        if let Some(body) = product.bodies.get(&format!("{}.yaml", version.name)) {
            let text = String::from_utf8_lossy(body).into_owned();
            bodies.push((version.name.to_string(), text));
        }
    }
    if bodies
        .last()
        .is_none_or(|(_, newest)| *newest != product.body)
    {
        bodies.push((NOW.to_owned(), product.body.clone()));
    }
    let accounts = Accounts::of(product.page.environments).keeping(product.page.kept);
    let neighbours = bodies.windows(2).rev();
    neighbours
        .map(|pair| {
            difference(
                product.page.key.as_str(),
                (&pair[0].0, &pair[0].1),
                (&pair[1].0, &pair[1].1),
                &accounts,
            )
        })
        .collect()
}

fn effects(
    product: &str,
    old: (&str, &str),
    new: (&str, &str),
    accounts: &Accounts,
) -> (String, Vec<EffectLine>) {
    let (Ok(before), Ok(after)) = (read(old.1), read(new.1)) else {
        return (String::new(), Vec::new());
    };
    let report = Report::new(product, old.0, &before, &after, accounts);
    let lines = report.impact.resources.iter().map(|resource| EffectLine {
        effect: resource.effect.to_string(),
        id: resource.id.clone(),
        kind: resource.kind.clone(),
        reasons: resource
            .reasons
            .iter()
            .map(|reason| ReasonLine {
                text: match reason.path.as_str() {
                    "" => reason.why.clone(),
                    path => format!("{path}: {}", reason.why),
                },
                source: reason.source.clone(),
            })
            .collect(),
        data: resource
            .data
            .iter()
            .map(|data| format!("{}: {}", data.what, data.message))
            .collect(),
    });
    (report.verdict.sentence.clone(), lines.collect())
}

fn difference(
    product: &str,
    old: (&str, &str),
    new: (&str, &str),
    accounts: &Accounts,
) -> Difference {
    let diff = TextDiff::from_lines(old.1, new.1);
    let mut lines = Vec::new();
    for (index, group) in diff.grouped_ops(3).iter().enumerate() {
        if index > 0 {
            lines.push(Line {
                class: "gap",
                sign: "",
                text: "⋯".to_owned(),
            });
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (class, sign) = match change.tag() {
                ChangeTag::Insert => ("added", "+"),
                ChangeTag::Delete => ("removed", "-"),
                ChangeTag::Equal => ("same", ""),
            };
            let text = change.value().trim_end_matches('\n').to_owned();
            lines.push(Line { class, sign, text });
        }
    }
    let (sentence, effects) = effects(product, old, new, accounts);
    let count = |class: &str| lines.iter().filter(|line| line.class == class).count();
    Difference {
        from: old.0.to_owned(),
        to: new.0.to_owned(),
        sentence,
        effects,
        added: count("added"),
        removed: count("removed"),
        lines,
    }
}
